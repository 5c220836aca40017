"""What changes for a learner from one release to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from metaflash.note import Note, Stored


class Changes(NamedTuple):
    """How many notes are new, edited, and gone from the sources."""

    new: int
    edited: int
    gone: int


def changes(before: Mapping[str, Stored], after: Iterable[Note]) -> Changes:
    """The notes of a package (by guid) held against those of a build."""
    new = edited = same = 0
    for note in after:
        old = before.get(note.guid)
        if old is None:
            new += 1
        elif old == note.stored:
            same += 1
        else:
            edited += 1
    return Changes(new, edited, len(before) - same - edited)
