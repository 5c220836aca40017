"""Notes to the bytes of an ``.apkg``, and back: the only module that knows genanki, SQLite, zip.

genanki gives the collection's schema and the JSON of note type and deck. Its writer is not used:
it empties the user's file before it reads anything, leaves its database behind, works out other
cards than Anki, stores without compression, and stamps the time on everything.
"""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, NamedTuple

import genanki

from metaflash import notetype
from metaflash.deck import Deck
from metaflash.diagnostics import Source, Span
from metaflash.history import entry
from metaflash.lock import Asked, Entry
from metaflash.matching import BLANK
from metaflash.note import Note
from metaflash.words import CLOZE

_COLLECTION = "collection.anki2"
_MEDIA = "media"
_TEXT = ".svg"
"""The end of the names of pictures that compression makes smaller."""

_SEPARATOR = "\x1f"
_UNSYNCED = -1
_DEFAULT_DECK = "1"
_MAX_COLLECTION = 2_000_000_000
"""Bytes; a larger collection is not unpacked."""

_NOWHERE = Span(Source("", ""), 0, 0)

_SELECT = """\
select guid, flds, id, tags, mod, (
    select group_concat(due, ' ') from (select due from cards where nid = notes.id order by ord)
) from notes where mid = ? order by guid"""
_LATEST = "select guid, mod from notes where mid = ? order by mod desc limit 1"
_INSERT_NOTE = "insert into notes values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_CARD = "insert into cards values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def encode(
    deck: Deck,
    notes: Sequence[Note],
    *,
    styled: int,
    media: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    """The package of a deck: the same arguments give the same bytes.

    ``styled`` is the time of the note type's templates in seconds since the epoch; ``media`` are
    files by the names they get in Anki.
    """
    package = genanki.Package([_Deck(deck, notes, styled)])
    with closing(sqlite3.connect(":memory:")) as database:
        package.write_to_db(database.cursor(), 0, iter(()))
        database.commit()
        collection = database.serialize()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        names = dict(enumerate(sorted(media)))  # the members are numbered, their names stand apart
        for member, content in ((_COLLECTION, collection), (_MEDIA, json.dumps(names).encode())):
            file.writestr(_member(member), content, zipfile.ZIP_DEFLATED, compresslevel=6)
        for number, name in names.items():
            packs = zipfile.ZIP_DEFLATED if name.endswith(_TEXT) else zipfile.ZIP_STORED
            file.writestr(_member(str(number)), media[name], packs, compresslevel=6)
    return archive.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    """A member without a trace of when, where or by whom it was written."""
    member = zipfile.ZipInfo(name)  # dated 1980-01-01, the first day a zip file knows
    member.create_system = 3
    member.external_attr = 0o644 << 16
    return member


class Release(NamedTuple):
    """What a package gives learners: the deck's id and name, and its notes as a lock has them but
    for the roles of what they ask, which nobody needs there."""

    id: str
    deck: str
    notes: Mapping[str, Entry]


def read(package: bytes) -> Release | None:
    """The notes of a package that metaflash made; None where the bytes are anything else."""
    try:
        with _collection(package) as database:
            rows = database.execute(_SELECT, [notetype.ID]).fetchall()
            decks = json.loads(database.execute("select decks from col").fetchone()[0])
        name = next(deck["name"] for number, deck in decks.items() if number != _DEFAULT_DECK)
        notes = {guid: _remembered(fields.split(_SEPARATOR), row) for guid, fields, *row in rows}
    except Exception:  # noqa: BLE001 - a damaged file fails zip and SQLite in a dozen ways
        return None
    names = [guid.partition("/") for guid in notes]
    if len({deck for deck, _, _ in names}) != 1 or not all(key for _, _, key in names):
        return None
    found = {key: entry for (_, _, key), entry in zip(names, notes.values(), strict=True)}
    return Release(names[0][0], name, found)


def latest(package: bytes) -> tuple[str, int] | None:
    """The deck's id and the time of the latest change (seconds) in a package that metaflash made;
    None where the bytes are anything else."""
    try:
        with _collection(package) as database:
            guid, modified = database.execute(_LATEST, [notetype.ID]).fetchone()
            return str(guid).partition("/")[0], int(modified)
    except Exception:  # noqa: BLE001 - as above
        return None


@contextmanager
def _collection(package: bytes) -> Iterator[sqlite3.Connection]:
    """The database in a package; any exception where there is none to be had."""
    with zipfile.ZipFile(io.BytesIO(package)) as file:
        if file.getinfo(_COLLECTION).file_size > _MAX_COLLECTION:
            raise ValueError
        collection = file.read(_COLLECTION)
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(collection)
        yield database


def _remembered(fields: Sequence[str], row: Sequence[Any]) -> Entry:
    """What the lock would remember of a note in a package."""
    note_id, tags, modified, places = row
    found = tuple(tags.split())
    named = dict(zip(notetype.FIELDS, fields, strict=True))
    note = Note(named["Id"], note_id, tuple(fields), found, (), modified, _NOWHERE)
    retired = modified if notetype.RETIRED_TAG in found else 0
    kept = tuple(tag for tag in found if tag != notetype.RETIRED_TAG)
    asked = tuple(_asked(named, live=not retired))
    due = tuple(int(place) for place in (places or "").split())
    return entry(note, asked)._replace(tags=kept, retired=retired, due=due)


def _asked(fields: Mapping[str, str], *, live: bool) -> Iterator[Asked]:
    """The numbers of a note, those of one number together."""
    for name in notetype.CLOZE_FIELDS:
        words: dict[int, list[str]] = {}
        for found in CLOZE.finditer(fields[name]):
            words.setdefault(int(found[1]), []).append(found[2])
        for number, texts in words.items():
            yield Asked(number, BLANK, ", ".join(texts), live and name != "Retired")


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
