"""Lists that are asked for as one answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from metaflash.kinds.kind import Answer
from metaflash.lines import scalar
from metaflash.quality.english import tokens
from metaflash.quality.view import Finding, View, place, typed

_JOINT = re.compile(
    r"\s*(?:[,;、،]\s*(?:and|or|und|oder|et|ou|y|e|o|en|och|og|&)?(?=\s)|、|\s(?:and|or|und|oder|et|ou|&)(?=\s))\s*",
)
_CLAUSE = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|can|could|may|might|will|would|do|does|did|must"
    r"|which|who|whose|where|when|while|because|since|so|if|although|but|however|then|thus|not"
    r"|they|it|he|she|we|this|that|such|for example|namely|especially|i\.e|e\.g)\b",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(
    r"^(?:please )?(?:list|enumerate)\b|^(?:name|give|state|mention|what are|which are)\b(?: the| all)?"
    r" (?:three|four|five|six|seven|eight|nine|ten|[3-9]|1\d)\b",
    re.IGNORECASE,
)
_ONE_THING = re.compile(
    r"\b(?:novel|book|film|movie|song|album|band|play|opera|poem|painting|title|proverb|saying|motto"
    r"|slogan|phrase|idiom|quot\w+|words|sentence|firm|company|trio|address|date|code|rule|oath|mnemonic)\b",
    re.IGNORECASE,
)
"""What is asked for as one thing, however many commas it has."""

_COUNTED = 3
"""Things that make a list; two are often one thing, such as salt and pepper."""


def hidden_list(view: View) -> Iterator[Finding]:
    """A list as one answer: what is forgotten is always the same part of it."""
    role = view.prompt.role
    if role not in ("blank", "place", "answer"):
        return
    for answer in view.prompt.answers:
        found = _items(answer.text)
        if len(found) < _COUNTED or _is_one_thing(view, answer, found):
            continue
        message = f"a list of {len(found)} as one answer"
        hint = "A list is recalled in part, always the same part, and graded as a whole. "
        hint += _apart(view, answer, found)
        yield view.found("hidden-list", answer.span, message, hint)
        return
    if role == "answer" and view.english and (asks := _ASKED_FOR.search(view.prompt.front)):
        hint = (
            "A list is recalled in part, always the same part. Ask for each on a card of its own."
        )
        span = place(asks[0], view.prompt)
        yield view.found("hidden-list", span, "a question that asks for a list", hint)


def _apart(view: View, answer: Answer, items: list[str]) -> str:
    """How to ask for the items one by one; with a line to write where that loses nothing that was typed,
    such as the number of a blank."""
    if len(items) > _COUNTED:
        return "Ask for each on a card of its own, from what sets it apart."
    blanks = ", ".join(f"=={item}==" for item in items[:-1]) + f" and =={items[-1]}=="
    whole = typed(answer.span) == answer.text
    if view.prompt.role == "answer":
        question = typed(view.prompt.front_span)
        fits = question.endswith("?") and len(tokens(answer.text)) <= len(view.front)
        if not (whole and fits):
            return "Make a sentence of the question, with a blank for each."
        return f"Give each a blank of its own:\n- fact: {scalar(f'{question} {blanks}')}"
    numbered = answer.span.source.text[answer.span.start - 1] != "="
    if numbered or answer.hint or not whole:
        return "Give each a blank of its own."
    return f"Give each a blank of its own:  {blanks}"


_SAID = re.compile(
    r"^\W*(?:how|where)\b|\b(?:report|sa(?:y|id)|cr(?:y|ied)|call(?:ed)? out|exclaim|count|shout|chant|address"
    r"|born|located|situated)\w*\b|\b(?:in|at|from|near|to|of|is)(?: the)? …",
    re.IGNORECASE,
)
"""What has words or a place for its answer, in which commas may stand."""

_SHORT_FOR = re.compile(r"\b(?:stands?|short) for\b|\babbreviat|\bacronym", re.IGNORECASE)
_AND = re.compile(r"\b(?:and|or|und|oder|et|ou|y|e|o|en|och|og)\b|&", re.IGNORECASE)


def _is_one_thing(view: View, answer: Answer, items: list[str]) -> bool:
    """Whether what looks like a list is one thing: a title, an acronym, an address, a vector, something
    with several adjectives."""
    front = view.prompt.front
    letters = "".join(item[:1] for item in items).upper()
    if _ONE_THING.search(front) or _SHORT_FOR.search(front):
        return True
    if letters in (answer.hint, *tokens(front)) or len(set(items)) < len(items):
        return True
    if all(re.fullmatch(r"[\d\W]+", item) for item in items):
        return True
    if _are_adjectives(items, joined=bool(_AND.search(answer.text))):
        return True
    if _AND.search(answer.text) or not _SAID.search(front):
        return False
    return view.prompt.role == "answer" or all(item[0].isupper() for item in items)


def _are_adjectives(items: list[str], *, joined: bool) -> bool:
    """Whether all items but the last are words that go with its noun: a thin, short, narrow vessel."""
    first, *between, last = (item.split() for item in items)
    article = first[0].casefold() in ("a", "an", "the")
    if len(first) - article != 1 or any(len(item) > 1 for item in between) or len(last) < _NOUN:
        return False
    bare = last[0].casefold() not in ("a", "an", "the", "of")
    return bare and (article or (not joined and first[0].islower()))


_NOUN = 2
"""Words of an adjective with its noun."""

_MASKED = re.compile(
    r"`[^`]*`|\\\(.{0,999}?\\\)|\\\[.{0,999}?\\\]|\([^()]{0,999}\)|\[[^\[\]]{0,999}\]|\{[^{}]{0,999}\}",
    re.DOTALL,
)
_MASK = "\ue000"
"""What stands for code, formulas and brackets, in which a comma parts no list."""


def _items(text: str) -> list[str]:
    """The things that an answer lists, if it is a list; at least two signs part them."""
    masked = (found[0] for found in _MASKED.finditer(text))
    parts = _parts(_MASKED.sub(_MASK, text))
    items = [re.sub(_MASK, lambda _: next(masked, ""), part) for part in parts]
    return items if all(item.strip() for item in items) else []


_NUMBERED = re.compile(r"(?:^|\s)\d[.)]\s")


def _parts(text: str) -> list[str]:
    """The same of a text without code and formulas."""
    if re.match(r"[\"“«„]", text):
        return []
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) >= _COUNTED:
        return [re.sub(r"^(?:[-•*–]|\d+[.)])\s*", "", line) for line in lines]
    text = " ".join(text.split()).rstrip(".;")
    if len(numbered := _NUMBERED.split(text)[1:]) >= _COUNTED:
        return [item.strip(" ,;") for item in numbered]
    if re.search(r"[()\[\]{}]", text):
        return []
    items = [item.strip() for item in _JOINT.split(text)]
    if len(items) < _COUNTED or not all(items):
        return []
    if not re.search("[,;、]", text):
        return items if all(len(item.split()) <= 2 for item in items) else []
    longest = 4 if len(items) == _COUNTED else 6
    if any(len(item.split()) > longest for item in items[1:]) or len(items[0].split()) > 6:
        return []
    if any(map(_CLAUSE.search, items)) or _is_place_or_date(items):
        return []
    return items


def _is_place_or_date(items: list[str]) -> bool:
    """Whether commas part what is one thing: London, Ontario, Canada; Monday, 4 July, 1776; Wu, Li et al."""
    names = all(item[0].isupper() for item in items)
    return any(item.isdecimal() and len(item) == 4 for item in items) or (
        names and items[-1].split()[-1].rstrip(".") in ("al", "Inc", "USA", "UK", "Co", "Ltd", "Jr")
    )
