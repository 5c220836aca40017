"""The lines of a fact file that stand where they do not belong, and the file with them put right.

What is asked of ``outline`` is where each line belongs; here the others are gathered into as many
mistakes as were made, each with the lines as they should be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from metaflash.lines import Mistake, Page, scalar
from metaflash.outline import RULED, Outline, Place, Row, rows_of

SYMPTOMS = frozenset(
    {
        "alias",
        "bad-id",
        "dash-in-text",
        "indentation",
        "key-not-text",
        "missing-colon",
        "missing-dash",
        "missing-key",
        "missing-space",
        "no-blank",
        "not-a-box",
        "not-an-arrow",
        "not-a-card",
        "not-a-list",
        "not-a-map",
        "not-a-step",
        "not-text",
        "repeated-key",
        "several-documents",
        "step-without-id",
        "two-kinds",
        "unknown-key",
        "unknown-kind",
        "wrong-dash",
        "yaml-syntax",
        "colon-in-text",
        "cut-by-hash",
        "reserved-character",
        "tab",
        "wrong-space",
        "unclosed-quote",
    }
)
"""Codes of problems that a line in a wrong column, or without its dash, may be behind."""

VAGUE = SYMPTOMS - {
    "bad-id",
    "unknown-key",
    "unknown-kind",
    "repeated-key",
    "missing-key",
    "no-blank",
}
"""Those among them that say less than what is known of the outline."""

MAX_LINES = 20_000
"""A longer file is not looked at: what is wrong with it is told as YAML sees it."""

_SHOWN = 14
"""As many lines of a corrected place are shown."""


class Straightened(NamedTuple):
    """The slips in a file's outline, and its text without them; None if a line would have to be put in.
    ``lines`` are those (from 1) that were changed."""

    mistakes: tuple[Mistake, ...]
    text: str | None
    lines: frozenset[int]


def straighten(page: Page) -> Straightened | None:
    """The slips in the outline of a fact file, None if there are none that can be told."""
    if page.text.count("\n") > MAX_LINES:
        return None
    rows = list(rows_of(page))
    head = next((n for n, row in enumerate(rows) if row.key == "cards" and not row.value), None)
    if head is None:
        return _without_head(page, rows)
    outline = Outline(page, rows, head)
    if outline.headless:
        return Straightened((outline.headless,), None, frozenset())
    return _told(page, rows, outline.places)


def _without_head(page: Page, rows: list[Row]) -> Straightened | None:
    """``cards:`` is not there: the first card shows where it should be."""
    for row in rows:
        if row.key and not (row.mark or row.value or row.more):
            return None  # it is there, and misspelt
        if row.key in page.words.kinds and row.mark:
            if row is rows[0]:
                return None
            start, end = row.line.place
            text = "\n".join(line.text for line in (row.line, *row.more))
            hint = f"The list of cards needs its name above it. Write:\ncards:\n{text}"
            mistake = Mistake(start, end, "missing-key", "a list without its `cards`", hint, None)
            return Straightened((mistake,), None, frozenset())
        if not row.key and (row.mark or "cards" in row.value):
            return None
    return None


# --- What is to be told -----------------------------------------------------------------------


class _Wrong(NamedTuple):
    """A row that is not as it should be, or (no place) a line that is no row at all."""

    row: Row
    place: Place | None
    code: str
    right: tuple[str, ...]


def _told(page: Page, rows: list[Row], places: list[Place | None]) -> Straightened | None:
    lines = page.text.split("\n")
    wrong = [
        found
        for number, (row, place) in enumerate(zip(rows, places, strict=True))
        if (found := _wrong(row, place) if place else _stray(page, rows, places, number))
    ]
    if not wrong:
        return None
    changed: set[int] = set()
    for one in wrong:
        lines[one.row.number - 1 : one.row.number - 1 + len(one.right)] = one.right
        changed.update(range(one.row.number, one.row.number + len(one.right)))
    cards = [place for place in places if place and place.what == "cards"]
    all_wrong = sum(one.place in cards for one in wrong) == len(cards) > 1
    mistakes = [_mistake(lines, group) for group in _groups(wrong, as_one=all_wrong)]
    return Straightened(tuple(mistakes), "\n".join(lines), frozenset(changed))


def _wrong(row: Row, place: Place) -> _Wrong | None:
    rest = row.rest
    if place.mark and not (row.key or row.mark or " #" in rest):
        rest = scalar(rest)
    right = " " * place.column + place.mark + rest
    if right == row.line.text:
        return None
    if place.mark and not row.mark:
        code = "missing-dash"
    elif row.mark and (not place.mark or row.mark.count("-") > 1):
        code = "extra-dash"
    elif row.mark == "-":
        code = "missing-space"
    elif row.mark and not row.is_proper:
        code = "wrong-dash"
    else:
        code = "indentation"
    by = place.column + len(place.mark) - row.column
    indents = [line.indent for line in row.more if line.body]
    if by > 0 and indents and min(indents) <= place.column + len(place.mark):
        more = [" " * by + line.text if line.body else line.text for line in row.more]
        return _Wrong(row, place, code, (right, *more))
    return _Wrong(row, place, code, (right,))


def _stray(page: Page, rows: list[Row], places: list[Place | None], number: int) -> _Wrong | None:
    """A line between cards that is neither a key nor part of a text: a heading, a rule, a table."""
    row = rows[number]
    first = re.match(r"[\w-]*", row.line.body)
    if (
        row.key
        or row.mark[:1] == "-"
        or row.value == "-"
        or not number
        or (first and first[0] in page.words.keys)
    ):
        return None
    above = rows[number - 1]
    adjacent = row.number == above.number + len(above.more) + 1
    apart = not adjacent or places[number - 1] is None or above.key in ("id", "cards")
    if not RULED.fullmatch(row.line.text) and not (apart and row.line.indent <= 2):
        return None
    right = [f"{' ' * line.indent}# {line.body}" for line in (row.line, *row.more) if line.body]
    if len(right) != 1 + len(row.more):
        return None
    return _Wrong(row, None, "missing-colon", tuple(right))


def _groups(wrong: list[_Wrong], *, as_one: bool) -> Iterator[list[_Wrong]]:
    """The rows that one slip made wrong: of one card and one kind, and moved by as much. ``as_one``:
    whether all cards are wrong, which is then one slip, too."""
    group: list[_Wrong] = []
    for one in wrong:
        if group and not _is_one(group[-1], one, as_one=as_one):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _is_one(above: _Wrong, below: _Wrong, *, as_one: bool) -> bool:
    if above.code != below.code:
        return False
    if above.place is None or below.place is None:
        return below.row.number - above.row.number <= 1 + len(above.row.more)
    if above.place.card != below.place.card and not as_one:
        return False
    if above.code == "indentation":
        return _by(above) == _by(below)
    return above.place.what == below.place.what


def _by(one: _Wrong) -> int:
    return one.place.column - one.row.line.indent if one.place else 0


def _mistake(lines: list[str], group: list[_Wrong]) -> Mistake:
    """What a person is told of some rows; ``lines`` are those of the file as it should be."""
    first, last = group[0], group[-1]
    start, end = first.row.line.place
    right = lines[first.row.number - 1 : last.row.number - 1 + len(last.right)]
    message, hint = _words(first, len(group))
    if first.place is not None and first.code in (
        "missing-space",
        "wrong-dash",
        "missing-dash",
        "extra-dash",
    ):
        end = start + max(1, len(first.row.mark.rstrip()))
    if len(right) > _SHOWN:
        hint += " The first of them:"
        right = right[:1]
    else:
        hint += " Write:"
    return Mistake(start, end, first.code, message, "\n".join([hint.strip(), *right]), None)


def _words(one: _Wrong, count: int) -> tuple[str, str]:
    """The message for some rows, and the start of the hint."""
    if one.place is None:
        message = "a line that is no `key: text`" if count == 1 else "lines that are no `key: text`"
        return message, "Make it part of a card, or a comment, which no learner sees."
    here, there = one.row.line.indent + 1, one.place.column + 1
    match one.code:
        case "missing-dash":
            what = "Every card" if one.place.what == "cards" else "Every item of a list"
            message = "a dash is missing" if count == 1 else "dashes are missing"
            return message, f"{what} begins with a dash and a space."
        case "extra-dash":
            message = "a dash too many" if count == 1 else "dashes too many"
            return message, "One dash begins a card or a step; its other keys have none."
        case "missing-space":
            return "no space after the dash", "YAML knows a dash by the space after it."
        case "wrong-dash":
            message = "a list item that begins with another sign than -"
            return message, "Every item of a list begins with a dash and a space."
    hint = f"It starts in column {here}, the {one.place.what} in column {there}."
    if count > 1:
        side = "right" if _by(one) < 0 else "left"
        columns = "1 column" if abs(_by(one)) == 1 else f"{abs(_by(one))} columns"
        hint = f"These {count} lines stand {columns} too far {side}."
    return "the indentation is off", hint
