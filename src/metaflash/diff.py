"""What changes for a learner from one release to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from metaflash.note import Note, Stored


class Changes(NamedTuple):
    """The guids of the notes that are new, edited, and gone from the sources."""

    new: list[str]
    edited: list[str]
    gone: list[str]


def changes(before: Mapping[str, Stored], after: Iterable[Note]) -> Changes:
    """The notes of a package (by guid) held against those of a build."""
    stored = {note.guid: note.stored for note in after}
    return Changes(
        new=[guid for guid in stored if guid not in before],
        edited=[guid for guid, note in stored.items() if before.get(guid, note) != note],
        gone=[guid for guid in before if guid not in stored],
    )
