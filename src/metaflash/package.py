"""Notes to the bytes of an ``.apkg``, and back: the only module that knows genanki, SQLite, zip.

genanki gives the collection's schema and the JSON of note type and deck. Its writer is not used:
it empties the user's file before it reads anything, leaves its database behind, works out other
cards than Anki, stores without compression, and stamps the time on everything.
"""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from hashlib import blake2b
from typing import Any

import genanki

from metaflash import notetype
from metaflash.deck import Deck
from metaflash.note import Note, Stored

_COLLECTION = "collection.anki2"
_MEDIA = "media"
_SEPARATOR = "\x1f"
_UNSYNCED = -1

_INSERT_NOTE = "insert into notes values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_CARD = "insert into cards values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def encode(deck: Deck, notes: Sequence[Note], *, styled: int) -> bytes:
    """The package of a deck: the same arguments give the same bytes.

    ``styled`` is the time of the note type's templates in seconds since the epoch.
    """
    package = genanki.Package([_Deck(deck, notes, styled)])
    with closing(sqlite3.connect(":memory:")) as database:
        package.write_to_db(database.cursor(), 0, iter(()))
        database.commit()
        collection = database.serialize()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for entry, content in ((_COLLECTION, collection), (_MEDIA, b"{}")):
            file.writestr(_entry(entry), content, zipfile.ZIP_DEFLATED, compresslevel=6)
    return archive.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry without a trace of when, where or by whom it was written."""
    entry = zipfile.ZipInfo(name)  # dated 1980-01-01, the first day a zip file knows
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry


def read(package: bytes) -> dict[str, Stored] | None:
    """The notes of a package by guid, for comparing; None where the bytes are no package."""
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as file:
            collection = file.read(_COLLECTION)
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(collection)
            cards: dict[int, list[int]] = {}
            for note, order in database.execute("select nid, ord from cards order by nid, ord"):
                cards.setdefault(note, []).append(order + 1)
            return {
                guid: Stored(
                    tuple(fields.split(_SEPARATOR)), tuple(tags.split()), tuple(cards.get(note, ()))
                )
                for note, guid, fields, tags in database.execute(
                    "select id, guid, flds, tags from notes"
                )
            }
    except Exception:  # noqa: BLE001 - a damaged file fails zip and SQLite in a dozen ways
        return None


class _NoteType(genanki.Model):  # type: ignore[misc] # genanki has no types
    """The frozen note type, with a time of its own."""

    def __init__(self, styled: int) -> None:
        super().__init__(
            model_id=notetype.ID,
            name=notetype.NAME,
            fields=[{"name": name, "id": number} for name, number in notetype.FIELDS.items()],
            templates=[
                {
                    "name": notetype.TEMPLATE_NAME,
                    "id": notetype.TEMPLATE_ID,
                    "qfmt": notetype.front(),
                    "afmt": notetype.back(),
                }
            ],
            css=notetype.style(),
            model_type=genanki.Model.CLOZE,
        )
        self.styled = styled

    _req: tuple[object, ...] = ()  # means nothing for a cloze type

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        content: dict[str, Any] = super().to_json(timestamp, deck_id)
        return content | {"mod": self.styled}


class _Deck(genanki.Deck):  # type: ignore[misc] # genanki has no types
    """A deck that writes its notes and cards as whole tables."""

    def __init__(self, deck: Deck, notes: Sequence[Note], styled: int) -> None:
        super().__init__(_deck_number(deck.id), deck.deck, deck.about.html if deck.about else "")
        self.add_model(_NoteType(styled))
        self.rows = notes

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, id_gen: Iterable[int]) -> None:
        super().write_to_db(cursor, timestamp, id_gen)  # note type and deck; it knows no notes
        cursor.executemany(_INSERT_NOTE, self._notes())
        cursor.executemany(_INSERT_CARD, self._cards())

    def _notes(self) -> Iterator[tuple[object, ...]]:
        for note in self.rows:
            tags = f" {' '.join(note.tags)} "
            fields = _SEPARATOR.join(note.fields)
            first = note.fields[0]
            checksum, flags, data = 0, 0, ""  # Anki works the checksum out as it imports
            yield (
                *(note.id, note.guid, notetype.ID, note.modified, _UNSYNCED),
                *(tags, fields, first, checksum, flags, data),
            )

    def _cards(self) -> Iterator[tuple[object, ...]]:
        new = (0, 0)  # type and queue
        schedule = (0,) * 8  # interval, factor, repetitions, …: the learner's, never ours
        for note in self.rows:
            for card in note.cards:
                yield (
                    *(card.id, note.id, self.deck_id, card.number - 1, note.modified, _UNSYNCED),
                    *(*new, card.due, *schedule, ""),
                )

    def to_json(self) -> dict[str, Any]:
        content: dict[str, Any] = super().to_json()
        # genanki's numbers of a day long past: nothing has been learned today
        return content | {f"{kind}Today": [0, 0] for kind in ("new", "rev", "lrn", "time")}


def _deck_number(deck: str) -> int:
    """A number for the deck inside the package; Anki knows decks by name and gives its own."""
    return 2**30 + int.from_bytes(blake2b(deck.encode(), digest_size=4).digest()) % 2**30
