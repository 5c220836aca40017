r"""Where the blanks of a sentence are: ``==answer::hint==``, ``==2|answer==``, ``{{c1::answer}}``.

This module finds the marks and says what is wrong with them; what stands between them it leaves
to its caller. Escapes (``\=``), code and formulas hide marks.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple, TypeAlias

MAX_NUMBER = 500
"""The highest blank number for which Anki makes a card."""

UNHINTED = '<i class="blank">blank</i>'
"""What stands on the card for a blank that has no hint: Anki's own three dots would say nothing to
those who hear the card. The style sheet hides the word."""

UNHINTED_IN_TEX = r"\text&#123;blank&#125;"
"""The same in a formula."""

Place: TypeAlias = tuple[int, int]
"""Start and end in a text."""


class Slip(NamedTuple):
    """A mistake in a sentence: its place in the sentence as typed, and what to say."""

    start: int
    end: int
    code: str
    message: str
    hint: str


class Passage(NamedTuple):
    """A stretch of a sentence: its text, where that begins in the sentence as typed, and the list
    that takes its slips."""

    text: str
    base: int
    slips: list[Slip]

    @property
    def place(self) -> Place:
        """Where it stands in the sentence as typed."""
        return self.base, self.base + len(self.text)

    def part(self, place: Place) -> Passage:
        """A stretch of this one, without the white space at its ends."""
        text = self.text[slice(*place)]
        lead = len(text) - len(text.lstrip())
        return Passage(text.strip(), self.base + place[0] + lead, self.slips)

    def slip(self, place: Place, code: str, message: str, hint: str) -> None:
        """Add a mistake at a place of this passage."""
        self.slips.append(Slip(self.base + place[0], self.base + place[1], code, message, hint))


class Found(NamedTuple):
    """A blank as found: the places of the whole, of its answer and of its hint, if it has one;
    and its number, None if the teacher gave none."""

    place: Place
    answer: Place
    hint: Place | None
    number: int | None


MATH = re.compile(
    r"\$\$(?P<shown>(?:\\[^()\[\]]|[^\\$`])+?)\$\$"
    r"|\$(?!\s)(?P<dollars>(?:\\[^()\[\]]|[^\\$`])+?)(?<!\s)\$(?!\d)"
    r"|\\\((?P<round>.{1,1000}?)\\\)"
    r"|\\\[(?P<square>.{1,1000}?)\\\]",
    re.DOTALL,
)
"""``$x$`` and ``$$x$$`` as teachers type it (not ``$5 and $10``), ``\\(x\\)`` as pasted from Anki."""

_CODE_OR_ESCAPE = re.compile(r"\\.|(`+)(?:(?!`)[\s\S])*?[^`]\1(?!`)", re.DOTALL)
_RUN = re.compile(r"=+")
_EMPTY = re.compile(r"(?:====|==\s+==)(?!=)")
_PIN = re.compile(r"([0-9]+) *\|")
_CLOZE = re.compile(r"\{\{c([0-9]+)::")
_CLOZE_LIKE = re.compile(r"\{\{\s*[cC]\s*-?[\d,]")
_BRACE = re.compile(r"\\.|\{|\}")
_LONGEST_CLOZE = 2000
"""Characters that the end of a pasted cloze is looked for in."""

_BRACED = re.compile(r"\{\{[^{}]*\}{0,2}|\}\}")

_COLON_HINT = re.compile(r"(?P<answer>[^:\n]*[^:\s\\]): *(?P<hint>(?!\d)[^:\s][^:\n]*)")
"""An answer, one colon, and perhaps a hint."""

_ASKS = re.compile(r"(?:which|what|how|who|where|when)\b|.*\?$", re.IGNORECASE)

_UNCLOSED_HINT = (
    "A blank is ==answer==, with no space inside the marks. To show the signs themselves, put"
    " spaces around them or write \\=\\=."
)
_UNCLOSED = "unclosed-blank", "== without its partner", _UNCLOSED_HINT
NESTED = (
    "nested-blank",
    "a blank in a blank",
    "Anki would ask for both at once. Give each its marks, one after the other:  ==one== ==other==",
)
_NOTHING = (
    "empty-blank",
    "a blank with nothing in it",
    "Write the answer between the marks:  ==answer==",
)


def opens_at(text: str, at: int) -> bool:
    """Whether signs stand here that ``blank_at`` has to look at."""
    return text.startswith(("=", "{{", "}}"), at)


def blank_at(passage: Passage, start: int) -> tuple[Found | None, int]:
    """The blank that opens at ``start``, None where the signs are only text or wrong (which then
    is among the slips); and where the reading goes on."""
    return (_signs if passage.text[start] == "=" else _braces)(passage, start)


def _signs(passage: Passage, start: int) -> tuple[Found | None, int]:
    """A blank in signs: ``==answer==``."""
    text = passage.text
    run = _RUN.match(text, start)
    if run is None or len(run[0]) == 1:
        return None, start + 1
    end = run.end()
    if empty := _EMPTY.match(text, start):
        passage.slip(empty.span(), *_NOTHING)
        return None, empty.end()
    before, after = text[start - 1 : start], text[end : end + 1]
    if (not before or before.isspace()) and (not after or after.isspace()):
        return None, end  # a == b
    if len(run[0]) != 2:
        hint = "To show a sign, write \\=. A blank has two on each side:  ==answer=="
        passage.slip(run.span(), "blank-marks", f"{len(run[0])} signs = in a row", hint)
        partner = text.find(run[0], end)
        return None, partner + len(run[0]) if partner > 0 else end
    close, closes = _next_signs(text, end)
    if not closes:
        if not any(slip.code == "unclosed-blank" for slip in passage.slips):
            passage.slip(run.span(), *_UNCLOSED)
        return None, close
    pin = _PIN.match(text, end, close)
    inner = pin.end() if pin else end, close
    return _found(passage, (start, close + 2), inner, _number(pin[1]) if pin else None), close + 2


def _next_signs(text: str, at: int) -> tuple[int, bool]:
    """Where the next signs stand behind the start of an answer (at the end of the text if there
    are none), and whether they end the answer; else they begin another blank."""
    first = at
    if text[at : at + 1].isspace():
        return at, False
    while at < len(text):
        if skipped := _skipped(text, at, len(text)):
            at = skipped
        elif run := _RUN.match(text, at):
            if len(run[0]) == 2 and at > first:
                if not text[at - 1].isspace():
                    return at, True
                if not text[run.end() : run.end() + 1].isspace():
                    return at, False
            at = run.end()
        else:
            at += 1
    return at, False


def _braces(passage: Passage, start: int) -> tuple[Found | None, int]:
    """A blank in Anki's form: ``{{c1::answer}}``; doubled braces of any other kind are a slip."""
    text = passage.text
    opening = _CLOZE.match(text, start)
    close = _closing_braces(text, opening.end()) if opening else None
    if opening and close is not None:
        inner = opening.end(), close
        return _found(passage, (start, close + 2), inner, _number(opening[1])), close + 2
    found = _BRACED.match(text, start)
    end = found.end() if found else start + 2
    if _CLOZE_LIKE.match(text, start):
        hint = "Anki's form is {{c1::answer}}; simpler is ==answer=="
        passage.slip((start, end), "cloze-form", "a blank that Anki would not read", hint)
    else:
        shown = text[start:end] if text[end - 2 : end] == "}}" and end - start > 2 else "{{x}}"
        hint = f"Anki keeps doubled braces for itself. To show them, put them in backquotes:  `{shown}`"
        passage.slip((start, end), "braces", f"{text[start : start + 2]} in a text", hint)
    return None, end


def _closing_braces(text: str, at: int) -> int | None:
    """Where the ``}}`` stands that ends the cloze whose answer begins at ``at``: the first one
    outside of braces in the answer, or simply the first where those do not pair up."""
    depth = 0
    end = at + _LONGEST_CLOZE
    for brace in _BRACE.finditer(text, at, end):
        if brace[0] == "{":
            depth += 1
        elif brace[0] == "}" and depth:
            depth -= 1
        elif text.startswith("}}", brace.start()):
            return brace.start()
    first = text.find("}}", at, end)
    return first if first >= 0 else None


def _number(digits: str) -> int:
    """The number; of one beyond all reason, only so much that it is seen to be too large."""
    return int(digits[:9])


def _found(passage: Passage, place: Place, inner: Place, number: int | None) -> Found | None:
    """The blank at a place, its hint parted from its answer."""
    if number is not None and not 1 <= number <= MAX_NUMBER:
        hint = (
            f"A blank's number is from 1 to {MAX_NUMBER}; without one it gets the next that is free:"
            f"  =={passage.part(inner).text}=="
        )
        passage.slip(place, "blank-number", f"a blank numbered {number}", hint)
    pieces, nested = _pieces(passage.text, inner)
    if nested is not None:
        passage.slip((nested, nested + 2), *NESTED)
        return None
    answer, *hints = pieces
    if not hints and (two := hinted(passage.part(answer).text)):
        hint = f"A hint stands behind two colons:  =={two}==\nTo show a colon as it is, write \\:"
        passage.slip(place, "hint-colon", "one colon before a hint", hint)
    if len(hints) > 1:
        at = hints[1][0]
        hint = "The first :: begins the hint. To show a :: as it is, put it in backquotes:  `a::b`"
        passage.slip((at - 2, at), "second-hint", "a second :: in a blank", hint)
    if not passage.part(answer).text:
        passage.slip(place, *_NOTHING)
    if hints and not passage.part(hints[0]).text:
        at = hints[0][0]
        hint = "Write the hint behind the ::, or take the :: out."
        passage.slip((at - 2, at), "empty-hint", "a hint with nothing in it", hint)
    return Found(place, answer, hints[0] if hints else None, number)


def hinted(answer: str) -> str:
    """An answer with two colons before its hint, where there is one and what is behind it asks
    something; else nothing."""
    found = _COLON_HINT.fullmatch(answer)
    asks = found and _ASKS.match(found["hint"])
    return f"{found['answer']}::{found['hint']}" if found and asks else ""


def _pieces(text: str, inner: Place) -> tuple[list[Place], int | None]:
    """Answer, hint and whatever follows a further ``::``; and where another blank begins inside
    this one, which none may."""
    at, end = inner
    cuts = [at]
    while at < end:
        if skipped := _skipped(text, at, end):
            at = skipped
        elif text.startswith("==", at) or _CLOZE.match(text, at, end):
            return [], at
        elif text.startswith("::", at) and at + 2 <= end:
            at += 2
            cuts.append(at)
        else:
            at += 1
    return [(a, b - 2) for a, b in pairwise(cuts)] + [(cuts[-1], end)], None


def _skipped(text: str, at: int, end: int) -> int | None:
    """The end of what begins at ``at`` and hides marks: an escape, code, a formula."""
    if text[at] not in "\\`$":
        return None
    found = MATH.match(text, at, end) or _CODE_OR_ESCAPE.match(text, at, end)
    return found.end() if found else None
