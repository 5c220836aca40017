"""What a fact becomes: first a draft, then a note with its numbers, as Anki will hold it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from metaflash.blanks import UNHINTED
from metaflash.diagnostics import Span


class Item(NamedTuple):
    """One thing a note asks for: its role in its kind, and its words as HTML. ``number`` is the
    cloze number that the teacher pinned, None where one is to be allotted.

    ``round`` says in which round of the deck its card is introduced (0 is the first), None that the
    note's numbers take turns: the lowest in the first round, the next in the second. Within a
    round the cards of one fact stand together, by ``rank``, then in the order of its notes.
    """

    role: str
    words: str
    number: int | None = None
    round: int | None = None
    rank: int = 0


class Cloze(NamedTuple):
    """A blank in a field: which of the note's items it hides, and its HTML."""

    item: int
    answer: str
    hint: str = ""


Pieces: TypeAlias = tuple[str | Cloze, ...]
"""A field's content: HTML, and the blanks between."""


class Draft(NamedTuple):
    """A note that a fact asks for, before its items have numbers.

    ``step`` is the second part of its identity, the id of a step or box, where one fact makes several notes;
    ``fields`` holds the fields of the note type that the kind itself fills.
    """

    step: str
    items: tuple[Item, ...]
    fields: Mapping[str, Pieces]


class Card(NamedTuple):
    """A card: its id, its cloze number (1 to 500), and its place in the queue of new cards."""

    id: int
    number: int
    due: int


class Note(NamedTuple):
    """A note as the package holds it.

    ``fields`` are in the note type's order; ``modified`` is in seconds since the epoch;
    ``span`` is where the teacher wrote it. A ``retired`` note is in no file any more.
    """

    guid: str
    id: int
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    cards: tuple[Card, ...]
    modified: int
    span: Span
    retired: bool = False


def html(pieces: Pieces, numbers: tuple[int, ...]) -> str:
    """A field's HTML with its blanks in Anki's form, each under the number of its item."""
    return "".join(
        piece if isinstance(piece, str) else _cloze(piece, numbers[piece.item]) for piece in pieces
    )


def _cloze(cloze: Cloze, number: int) -> str:
    hint = _no_hint_marks(_no_bracket_marks(cloze.hint)) if cloze.hint else UNHINTED
    return f"{{{{c{number}::{_no_hint_marks(cloze.answer)}::{hint}}}}}"


_SHAPE = "image-occlusion:"

_BRACKETED = re.compile(r"(?:sound|anki):|/?latex\]|/?\$\$?\]", re.IGNORECASE)


def _no_bracket_marks(hint: str) -> str:
    """A hint that makes none of Anki's marks, such as ``[sound:a.mp3]``, with the brackets that Anki
    puts around it."""
    return f"&#{ord(hint[0])};{hint[1:]}" if _BRACKETED.match(hint) else hint


def _no_hint_marks(html: str) -> str:
    """HTML in which no colons stand where Anki would take them for the start of a hint, nor words
    that, with the colons of the hint behind them, are a shape on a picture."""
    if f"{html}:".startswith(_SHAPE):
        html = f"&#{ord(html[0])};{html[1:]}"
    if ":" not in html:
        return html
    html = html.replace("::", "&#58;&#58;")
    if html.startswith(":"):
        html = "&#58;" + html[1:]
    return html[:-1] + "&#58;" if html.endswith(":") else html
