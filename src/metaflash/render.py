"""A card's two sides as HTML, byte for byte as Anki's engine makes them.

    (note, cloze number) -> (front, back)

The style sheet and the page around are not part of a side: Anki's windows add them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import NamedTuple

from metaflash import cloze, notetype, template
from metaflash.note import Note
from metaflash.template import Template


class Sides(NamedTuple):
    """The HTML of a card's two sides, without the style sheet."""

    front: str
    back: str


FILTERS = ("cloze",)
"""The filters that a template may use; of Anki's others metaflash needs none."""

SPECIAL = ("Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag")
"""The fields that every note has in Anki. Its ``CardID`` is left out: up to 25.2.7 it breaks a
card."""


def sides(note: Note, number: int, *, deck: str) -> Sides:
    """Both sides of the card of a note with a cloze number, which is one of its blanks; ``deck``
    is the full name in Anki of the deck that the card is in."""
    front, back = _templates()
    return rendered(front, back, fields(note, deck=deck), number)


@cache
def _templates() -> tuple[Template, Template]:
    known = (*SPECIAL, *notetype.FIELDS)
    front, back = (
        template.parse(text, fields=known, filters=FILTERS)
        for text in (notetype.front(), notetype.back())
    )
    return front, back


def fields(note: Note, *, deck: str) -> dict[str, str]:
    """The content of a note's fields, and of those that every note has in Anki, as they are for a
    card without a flag in a deck of that full name."""
    special = (
        " ".join(sorted(note.tags, key=str.casefold)),  # as Anki stores them
        notetype.NAME,
        deck,
        deck.rpartition("::")[2],
        notetype.TEMPLATE_NAME,
        "flag0",
    )
    own = dict(zip(SPECIAL, special, strict=True))
    own |= zip(notetype.FIELDS, note.fields, strict=True)
    return own


def rendered(front: Template, back: Template, content: Mapping[str, str], number: int) -> Sides:
    """Both sides of a card of any cloze note type; ``content`` has all fields that the templates
    were parsed for, and ``number`` is that of a blank in one of them."""
    own = {**content, f"c{number}": "1"}

    def side(parts: Template, front_side: str, *, hide: bool) -> str:
        filters = {"cloze": partial(cloze.reveal, number=number, hide=hide)}
        return template.render(parts, {**own, template.FRONT_SIDE: front_side}, filters)

    question = side(front, "", hide=True)
    return Sides(question, side(back, question, hide=False))
