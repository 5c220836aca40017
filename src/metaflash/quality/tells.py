"""Cards that give their answer away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from metaflash.diagnostics import Span
from metaflash.kinds.kind import HIDDEN
from metaflash.quality.english import ABOUT_WORDS, akin, content, folded, is_word, tokens
from metaflash.quality.view import Finding, View, place
from metaflash.words import short

_CHOICE = re.compile(
    r"\b(?:or|versus|vs\.?)\b|^(?:of|between|among)\b.*\b(?:and|or)\b|\bboth\b.{0,200}\band\b",
    re.IGNORECASE,
)
"""What offers the answer among others; then it has to be chosen, not to be read off."""

_REASON = "A learner reads the answer off instead of recalling it."


def leak(view: View) -> Iterator[Finding]:
    """An answer that can be read on the front, in its words or in another form of them."""
    prompt = view.prompt
    if prompt.role == "means" or not view.spaced:
        return
    if prompt.role != "box":
        for answer, words in zip(prompt.answers, view.answers, strict=True):
            if words and (told := _told(words, view)):
                yield from _leak(view, answer.text, told)
                return
    for what, text in (("title", prompt.title), ("topic", view.setting.topic)):
        if _is_heading(view, what, text):
            message = f"the {what} tells the answer “{short(prompt.answer)}”"
            hint = f"It stands above the card. {_REASON} Choose a {what} that does not name it."
            yield view.found("leak", prompt.answer_span, message, hint)
            return


def _leak(view: View, answer: str, told: str) -> Iterator[Finding]:
    same = answer.casefold() == told.casefold()
    span = place(told, view.prompt)
    message = f"“{short(told)}” " + ("is the answer" if same else f"gives “{short(answer)}” away")
    hint = f"{_REASON} Say it in other words here, or ask for something else."
    if same and view.prompt.role == "blank" and _is_blank(span):
        if span.start < view.prompt.answer_span.start:
            return  # it was told of the other one
        hint = f"{_REASON} Hide both under one number:"
        hint += f"  ==1|{answer}== … ==1|{span.source.text[span.start : span.end]}=="
    yield view.found("leak", span, message, hint)


def _is_blank(span: Span) -> bool:
    """Whether a place is all of the answer of a blank."""
    text = span.source.text
    return text[span.start - 1] in "=|:" and text[span.end : span.end + 2] in ("==", "::", "}}")


def _told(words: list[str], view: View) -> str:
    """The word on the front that tells an answer of some words; empty if there is none."""
    if not all(map(is_word, words)):
        return _same_code(words, view)
    if not view.english:
        told = " ".join(words) if len(words[0]) > 3 and stands(words, view.front) else ""
        return "" if _is_echo(told, view.prompt.front) else told
    telling = _telling(words, view)
    seen = {folded(word): word for word in view.front}
    if len(telling) > 1 and _NUMERAL.fullmatch(telling[-1]) and telling[-1] not in seen:
        return ""
    weighty = any(len(word) > 2 and not word.isdecimal() for word in telling)
    matches = [_match(word, seen, loose=len(telling) < 4) for word in telling] if weighty else []
    front = view.prompt.front
    if len(telling) == 1 and telling[0] in _EITHER and telling[0] in seen:
        return ""
    if (
        not (_enough(matches) or _is_name_seen(words, matches))
        or _CHOICE.search(front)
        or ABOUT_WORDS.search(front)
    ):
        return ""
    told = next((match for match in matches if len(match) > 2), "")
    return "" if _is_echo(told, front) else told


_EITHER = frozenset(
    [
        "even",
        "odd",
        "positive",
        "negative",
        "rational",
        "irrational",
        "real",
        "rise",
        "rises",
        "fall",
        "falls",
        "increase",
        "increases",
        "decrease",
        "decreases",
        "up",
        "down",
        "true",
        "false",
        "dominant",
        "recessive",
        "north",
        "south",
        "east",
        "west",
        "left",
        "right",
    ]
)
"""What a thing can only be or not be; that it stays so is the fact: even and even make even."""


def _is_echo(told: str, front: str) -> bool:
    """Whether a word comes back right behind itself, as in sayings: garbage in, garbage out."""
    echo = rf"\b{re.escape(told)},? (?!(?:is|are|was|were|means|called|named)\b)\w+,? (?:an? |the )?{HIDDEN}"
    return bool(told) and re.search(echo, front, re.IGNORECASE) is not None


_NUMERAL = re.compile(r"[ivxlcdm]+|\d+\w*|\w")
"""What tells John Paul II from John Paul I."""


def _telling(words: list[str], view: View) -> list[str]:
    """The words of an answer that say something; a capital A in a blank is a name, as in A minor."""
    named = view.prompt.role == "blank" and words[0] == "A"
    return [*(["a"] if named else []), *content(words)]


def _match(word: str, seen: dict[str, str], *, loose: bool) -> str:
    """The word that is seen and is the same; or, ``loose``, a form of it."""
    if word in seen:
        return seen[word]
    return next((seen[other] for other in seen if akin(word, other)), "") if loose else ""


def _enough(matches: list[str]) -> bool:
    """Whether so many words of an answer are told that nothing is left to recall. The last one is
    often only what kind of thing it is, which a fair question may name."""
    if all(matches):
        return bool(matches)
    body = matches[:-1]
    return len(matches) > 2 and all(body)


def _is_name_seen(words: list[str], matches: list[str]) -> bool:
    """Whether an answer such as “the pharaoh Khufu” is a name and what kind of thing it is of, and the
    name is seen."""
    names = [word for word in content(words) if word.capitalize() in words]
    return len(matches) == 2 and len(names) == 1 and matches[-1].casefold() == names[0]


def stands(words: list[str], text: list[str]) -> bool:
    """Whether words stand in a text one after the other."""
    folded, texts = _folded(words), _folded(text)
    count = len(folded)
    return any(texts[at : at + count] == folded for at in range(len(texts) - count + 1))


def _same_code(words: list[str], view: View) -> str:
    """A piece of code that is there twice, if it is more than a sign or two."""
    same = len(words) == 1 and words[0][0] == "`" and len(words[0]) > 5 and words[0] in view.front
    return words[0].strip("`") if same and not _CHOICE.search(view.prompt.front) else ""


def _is_heading(view: View, what: str, text: str) -> bool:
    """Whether a heading is nothing but the answer."""
    if not text or (view.prompt.role == "box" and what == "title"):
        return False
    heading = content(tokens(text))
    for answer in view.answers:
        telling = content(answer)
        if not telling or max(map(len, telling)) < 4:
            continue
        if heading == telling or (what == "title" and _is_in(telling, heading)):
            return True
    return False


def _is_in(telling: list[str], title: list[str]) -> bool:
    """Whether an answer of one word stands in the title of its process in another form."""
    word = telling[0]
    return len(telling) == 1 and any(word != other and akin(word, other) for other in title)


_READ = 40
"""Words of a hint that are looked at; more than these are far too many, which ``long-hint`` says."""

_GRAMMAR = re.compile(
    r"^to\s|^\W|\(|\b(?:past|plural|form|tense|imperfect|perfect|not|or)\b", re.IGNORECASE
)


def hint_tells(view: View) -> Iterator[Finding]:
    """A hint that holds the answer."""
    for answer, words in zip(view.prompt.answers, view.answers, strict=True):
        if answer.hint_span is None or _GRAMMAR.search(answer.hint):
            continue
        hint_words = tokens(answer.hint)
        if not words or len(hint_words) > _READ:
            continue
        same = _plain_number(words) == _plain_number(hint_words)
        telling = content(words) if view.english else _folded(words)
        told = bool(telling) and stands(words, hint_words)
        told = told or (len(telling) > 1 and stands(telling, content(hint_words)))
        told = told or (view.english and _is_form(telling, hint_words, view))
        if same or told or _spells(answer.hint, answer.text):
            message = "the hint is the answer" if same else "the hint holds the answer"
            if not (same or told):
                message = "the hint spells the answer"
            hint = f"{_REASON} Say what kind of thing it is, such as:"
            hint += f"  =={short(answer.text, 40)}::which …?=="
            yield view.found("hint-tells", answer.hint_span, message, hint)


def _is_form(telling: list[str], hint: list[str], view: View) -> bool:
    """Whether a hint of one word is a form of the answer; in a drill of forms that is the task."""
    words = content(hint)
    alone = len(telling) == len(words) == 1 and not ABOUT_WORDS.search(view.prompt.front)
    return alone and min(len(telling[0]), len(words[0])) > 4 and akin(telling[0], words[0])


_COUNTING = "zero one two three four five six seven eight nine ten eleven twelve"
_NUMBERS = _COUNTING.split()


def _plain_number(words: list[str]) -> list[str]:
    """Words in small letters, small numbers in digits."""
    return [str(_NUMBERS.index(word)) if word in _NUMBERS else word for word in _folded(words)]


def _folded(words: list[str]) -> list[str]:
    return [word.casefold() for word in words]


_CUT = re.compile(r"(?<!\w)(\w{3,})(?:…|\.\.|-(?!\w)|[\"”’'])")
_GAPS = re.compile(r"_+")


def _spells(hint: str, answer: str) -> bool:
    """Whether a hint has the first three letters of an answer, ``Dan…``, or all but its vowels."""
    words = answer.casefold().split()
    cuts = [cut[1].casefold() for cut in _CUT.finditer(hint)]
    if any(word.startswith(cut) and word != cut for cut in cuts for word in words):
        return True
    letters = sum(letter.isalpha() for letter in hint)
    if "_" not in hint or 3 * letters < len(answer):
        return False
    text, at = answer.casefold(), 0
    for piece in filter(None, _GAPS.split(hint.casefold().strip())):
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True
