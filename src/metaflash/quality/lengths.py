"""How much is asked, and how much is shown: rules that count words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from metaflash.kinds.kind import HIDDEN, Answer
from metaflash.quality.english import STOP, content, is_spaced, tokens
from metaflash.quality.view import Finding, View, first_line, is_name
from metaflash.words import short

LONG_BLANK, VERY_LONG_BLANK = 5, 12
MANY_BLANKS, TOO_MANY_BLANKS = 3, 5
LONG_SENTENCE, VERY_LONG_SENTENCE = 25, 40
LONG_QUESTION, VERY_LONG_QUESTION = 20, 30
LONG_ANSWER, VERY_LONG_ANSWER = 15, 30
THIN = 4
"""Words that have to be seen around a blank."""

LONG_HINT = 5

_LEADING = frozenset({"a", "an", "the", "to", "by", "in", "on", "at", "from", "of", "into"})
_HEAD = re.compile(
    r"(.+?)\s+(?:of|in|that|which|who|for|from|to|between|within|with|by|through|on|at)\s",
    re.DOTALL,
)
_EXPLAINS = re.compile(r"(?:why|how|explain|in what way|what happens)\b", re.IGNORECASE)


def long_blank(view: View) -> Iterator[Finding]:
    """A blank of many words: nobody recalls a clause word for word, and nobody can say when it is
    right."""
    if view.prompt.role not in ("blank", "place") or not view.spaced:
        return
    for answer, words in zip(view.prompt.answers, view.answers, strict=True):
        if _is_long(answer, words, english=view.english) and not _is_mostly_hidden(view):
            message = f"a blank of {len(words)} words"
            reason = "A long answer is seldom recalled word for word, so that it is hard to grade."
            if len(words) > VERY_LONG_BLANK:
                reason = (
                    "This is a sentence, not a blank. Ask for it with `ask` and a short `answer`."
                )
            elif head := _head(answer.text):
                reason += f" Hide what it hangs on, for instance:  {head}"
            else:
                reason += " Hide the one or two words that matter."
            yield view.found("long-blank", answer.span, message, reason)


def _is_long(answer: Answer, words: list[str], *, english: bool) -> bool:
    if len(words) <= LONG_BLANK or is_name(answer, words):
        return False
    bare = words[1:] if words[0].casefold() in _LEADING else words
    telling = content(words) if english else words
    return len(bare) > LONG_BLANK and len(telling) > 2


def _head(text: str) -> str:
    """The answer cut to its head: ``the ==development== of new vessels``."""
    found = _HEAD.match(" ".join(text.split()))
    if not found:
        return ""
    lead, head = re.fullmatch(r"((?:(?:the|an?|its|their)\s+)?)(.*)", found[1]).groups()  # type: ignore[union-attr]
    rest = " ".join(text.split())[found.end(1) :]
    return f"{lead}=={head}=={rest}" if 0 < len(head.split()) <= 3 else ""


def many_blanks(views: Sequence[View]) -> Iterator[Finding]:
    """Many blanks in a sentence: each card shows the answers of the others."""
    asked = [answer for view in views for answer in view.prompt.answers]
    first = views[0]
    if first.prompt.role == "place":
        numbers = len(asked)
    elif first.prompt.role == "blank":
        numbers = max(len(views), *(len(view.prompt.answers) for view in views))
    else:
        return
    if numbers <= MANY_BLANKS:
        return
    asked.sort(key=lambda answer: answer.span.start)
    reason = "Each card shows the answers of the others, and too little is left to tell them from."
    if len(views) == 1:
        reason = "They are asked together, and one that is missed makes the whole card wrong."
    better = " Keep the one or two that matter, or split the sentence."
    if numbers > TOO_MANY_BLANKS:
        better = " Split the sentence: one idea, and one or two blanks, for each."
    yield first.found(
        "many-blanks", asked[MANY_BLANKS].span, f"{numbers} blanks in one sentence", reason + better
    )


def covered(view: View) -> Iterator[Finding]:
    """Too little that is seen of a sentence: more is hidden, or hardly anything says what is asked."""
    if view.prompt.role == "answer":
        yield from _bare_question(view)
    if view.prompt.role != "blank" or not view.spaced:
        return
    seen, hidden = len(view.front), sum(map(len, view.answers))
    if _is_mostly_hidden(view):
        message = f"{hidden} of {hidden + seen} words are hidden"
        hint = "What is left does not tell the learner what to recall. Hide less"
        hint += ", or ask for it with `ask` and a short `answer`."
        yield view.found("mostly-hidden", view.prompt.answer_span, message, hint)
    elif seen < THIN and not view.prompt.hint and not _is_telling(view):
        there = f"only “{short(view.prompt.front.rstrip(' .!'))}”" if seen else "nothing"
        message = f"{there} is seen"
        hint = "Many answers would fit. Say more, or give a hint, such as:  "
        hint += f"=={short(view.prompt.answers[0].text, 30)}::which …?=="
        yield view.found("thin-cue", first_line(view.prompt.front_span), message, hint)


def _is_mostly_hidden(view: View) -> bool:
    """Whether more of a sentence is asked for than seen, and it is no name; what is longer than any
    blank is told to be so, instead."""
    hidden = sum(map(len, view.answers))
    named = all(map(is_name, view.prompt.answers, view.answers))
    asked = view.prompt.role == "blank" and not named
    return asked and len(view.front) < hidden and 2 < hidden <= VERY_LONG_BLANK


def _bare_question(view: View) -> Iterator[Finding]:
    """A question of a word or two that asks nothing in particular."""
    front = view.prompt.front.strip()
    bare = front.endswith("?") and len(view.front) < 3 and not _ASKS.search(front)
    if bare and view.english and view.spaced and not _EXACT.search(front):
        hint = "Many answers would fit. Say what is asked of it: what it is, does, causes, consists of …"
        yield view.found(
            "thin-cue", view.prompt.front_span, f"“{front}” asks nothing in particular", hint
        )


_EXACT = re.compile(r"[=≈<>→:$\\`\d²³₀-₉^]|\b\w*[A-Z]\w*[A-Z]|\w [A-Z]\w")


_COMMON = """\
affect affects cause causes contain contains consist consists get gets give gives include includes
involve involves make makes need needs produce produces show shows use uses"""
_GENERIC = frozenset(_COMMON.split())
"""Verbs that fit so much that they tell nothing of it."""

_ASKS = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)


_SIDES = frozenset(
    [
        "left",
        "right",
        "north",
        "south",
        "east",
        "west",
        "up",
        "down",
        "true",
        "false",
        "even",
        "odd",
    ]
)


def _is_saying(view: View) -> bool:
    """Whether a few words leave only one answer as they are a saying, “Carpe diem”, or as there are only
    two answers at all."""
    asked = [word.casefold() for words in view.answers for word in words]
    seen = [word.casefold() for word in view.front]
    if len(asked) == 1 and (asked[0] in _SIDES or len(seen) == 1):
        return view.prompt.front.rstrip(" .!").endswith(HIDDEN) and not _GENERIC & {*seen}
    return not STOP.issuperset(asked) and bool({*asked} & {*seen} - STOP)


def _is_telling(view: View) -> bool:
    """Whether the few words that are seen leave only one answer: a formula, a sign, a name, or a
    subject with its verb."""
    front = view.prompt.front
    if _EXACT.search(front):
        return True
    if not view.english:
        return len(view.front) > 1
    telling = [word for word in content(view.front) if word not in _GENERIC]
    if _is_saying(view):
        return True
    return len(telling) > 1 and not front.lstrip('*_“" ').startswith(HIDDEN)


def long_text(view: View) -> Iterator[Finding]:
    """A long sentence or question: it is recognized by its look, not read."""
    role = view.prompt.role
    if role not in ("blank", "place", "answer") or not view.spaced:
        return
    question = role == "answer"
    # words of a blank that is told to be long do not make the sentence long, too
    hidden = 0 if question else sum(min(len(words), LONG_BLANK) for words in view.answers)
    count = len(view.front) + hidden
    limit, hard = (
        (LONG_QUESTION, VERY_LONG_QUESTION) if question else (LONG_SENTENCE, VERY_LONG_SENTENCE)
    )
    if count <= limit:
        return
    what = "question" if question else "sentence"
    hint = "Learners come to know a long text by its look and answer without reading it."
    if count > hard:
        hint = "This is a paragraph. " + hint
    hint += _split(view) or f" Shorten it, or make two {what}s of it."
    yield view.found(
        "long-text", first_line(view.prompt.front_span), f"a {what} of {count} words", hint
    )


_SEAM = re.compile(r"(?<=\w)([;.]) |(?<=\w), (?:and|but|whereas|while|so|because|which|where) ")


def _split(view: View) -> str:
    """Where a long sentence could end, nearest its middle."""
    text = " ".join(view.prompt.front.replace(HIDDEN, view.prompt.answer, 1).split())
    if HIDDEN in text:
        return ""
    middle = len(text) / 2
    seams = [s for s in _SEAM.finditer(text) if 0.25 < s.start() / len(text) < 0.75]
    if not seams:
        return ""
    seam = min(seams, key=lambda seam: abs(seam.start() - middle))
    before = " ".join(text[: seam.start()].split()[-3:])
    return f" Split it: the first could end with “… {before}.”"


def long_answer(view: View) -> Iterator[Finding]:
    """A long answer: it is recalled in part, and graded by mood."""
    role = view.prompt.role
    if role not in ("answer", "means") or not view.spaced:
        return
    words = view.answers[0]
    explains = role == "means" or _EXPLAINS.match(view.prompt.front)
    limit = LONG_ANSWER + 5 if explains else LONG_ANSWER
    if len(words) <= limit or is_name(view.prompt.answers[0], words):
        return
    what = "a meaning" if role == "means" else "an answer"
    hint = "A long answer is recalled in part, and then hard to grade. Keep its core"
    if len(words) > VERY_LONG_ANSWER:
        hint = "This is more than one fact. Make a card of each"
    if core := _core(view.prompt.answer):
        hint += f", for instance:  {core}\nThe rest can stand in `extra`."
    else:
        hint += "; the rest can stand in `extra`."
    span = first_line(view.prompt.answer_span)
    yield view.found("long-answer", span, f"{what} of {len(words)} words", hint)


def _core(text: str) -> str:
    """The first clause of a long answer, if it is short enough to be one."""
    text = " ".join(text.split())
    seam = re.search(
        r"(?<=\w)(?:[;.:] |, (?:and|but|whereas|while|so|which|where|because) | \()", text
    )
    core = text[: seam.start()] if seam else ""
    return core if 3 <= len(core.split()) <= 12 else ""


def long_hint(view: View) -> Iterator[Finding]:
    """A hint that is a sentence of its own."""
    for answer in view.prompt.answers:
        words = tokens(answer.hint)
        if answer.hint_span is None or len(words) <= LONG_HINT or not is_spaced(answer.hint):
            continue
        hint = "A hint stands in the blank and says what kind of thing is asked; the sentence says the rest."
        if better := _shortened(answer.hint) if view.english else "":
            hint += f" Write:  =={short(answer.text, 40)}::{better}=="
        message = f"a hint of {len(words)} words"
        yield view.found("long-hint", answer.hint_span, message, hint)


_KIND = re.compile(
    r"(?:(?:which|what|the|an?|it is|it's)\s+)*((?:[\w-]+\s+){0,1}?[\w-]+)\s+"
    r"(?:of|in|that|which|who|where|for|to|used|by|with|is|are|does|do|from)\s",
    re.IGNORECASE,
)


def _shortened(hint: str) -> str:
    """A hint cut to the kind of thing that it asks for: ``which organ?``."""
    found = _KIND.match(" ".join(hint.split()))
    kind = (
        re.sub(r"^(?:\w+est|most|first|last|only|same|main|one)\s+", "", found[1].lower())
        if found
        else ""
    )
    return f"which {kind}?" if kind else ""
