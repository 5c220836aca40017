"""Stub: the two sides of a card, until the exact renderer is merged."""

from __future__ import annotations

import re
from typing import NamedTuple

from metaflash import notetype
from metaflash.note import Note
from metaflash.words import CLOZE


class Sides(NamedTuple):
    """The HTML of a card's two sides, without the style sheet."""

    front: str
    back: str


def sides(note: Note, number: int, *, deck: str) -> Sides:
    """The two sides of a card; ``deck`` is the deck's full name in Anki."""
    del deck
    fields = dict(zip(notetype.FIELDS, note.fields, strict=True))
    return Sides(
        _filled(notetype.front(), fields, number, reveal=False),
        _filled(notetype.back(), fields, number, reveal=True),
    )


def _filled(template: str, fields: dict[str, str], number: int, *, reveal: bool) -> str:
    template = re.sub(
        r"\{\{#(.*?)\}\}(.*?)\{\{/\1\}\}",
        lambda found: found[2] if fields.get(found[1]) else "",
        template,
    )

    def one(found: re.Match[str]) -> str:
        _, _, name = found[1].rpartition(":")
        text = fields.get(name, "")
        if "cloze:" not in found[1]:
            return text
        if not any(int(c[1]) == number for c in CLOZE.finditer(text)):
            return ""

        def blank(c: re.Match[str]) -> str:
            if int(c[1]) != number:
                return f'<span class="cloze-inactive" data-ordinal="{c[1]}">{c[2]}</span>'
            inside = c[2] if reveal else f"[{c[3] or '...'}]"
            return f'<span class="cloze" data-ordinal="{c[1]}">{inside}</span>'

        return CLOZE.sub(blank, text)

    return re.sub(r"\{\{([^{}#/^]+)\}\}", one, template)
