"""What a preview shows: the cards of the last good save, and the problems of the last one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from zlib import crc32

from metaflash import diff, identity
from metaflash.build import Build
from metaflash.diagnostics import Diagnostic, Source, as_json, excerpt, has_errors
from metaflash.diff import Change
from metaflash.lock import Asked, Entry
from metaflash.note import Note
from metaflash.notetype import FIELDS
from metaflash.preview.formulas import has_formula, spoken, typeset
from metaflash.project import Folder
from metaflash.render import sides
from metaflash.words import CAPTION, CLOZE, TERM, TITLE, heart, plain
from metaflash.workspace import Compiled

GRAVE = frozenset(
    {"guessed-blanks", "lock-older", "renamed", "reused-id", "swapped-words", "taken-number"}
)
"""Codes of warnings behind which learners' reviews may be lost."""

Json = dict[str, Any]
"""An object for the page, as ``json.dumps`` takes it."""


class Exhibit(NamedTuple):
    """A deck to be shown: its folder, its last good build, and whether that is an earlier save's.

    Of a deck with errors in some fact files the rest may be fresh: ``kept`` are then the files of
    which an earlier save is shown, and ``left`` those that are left out.
    """

    path: Path
    build: Build
    stale: bool = False
    kept: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def sources(self) -> dict[str, Source]:
        """The fact files that it is made of, by their paths."""
        written = (note.span.source for note in self.build.live)
        return {source.path: source for source in written}


class Catalog(NamedTuple):
    """All that a preview shows: decks by their last good build, and the problems of the last save."""

    exhibits: tuple[Exhibit, ...] = ()
    problems: tuple[Diagnostic, ...] = ()

    @property
    def errors(self) -> int:
        """How many of the problems are errors."""
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def media(self) -> Mapping[str, bytes]:
        """The pictures of all decks, by their names in Anki."""
        return {
            name: data for exhibit in self.exhibits for name, data in exhibit.build.media.items()
        }


def instead(before: Catalog, compiled: Compiled) -> dict[str, Source | None]:
    """What to take in the place of fact files with errors, so that the others of their decks can be
    shown: their last good save, None where there was none."""
    last = {exhibit.path: exhibit.sources for exhibit in before.exhibits}
    found: dict[str, Source | None] = {}
    for folder, build in compiled.decks:
        wrong = {p.span.source.path for p in build.diagnostics if p.severity == "error"}
        if wrong <= {path.as_posix() for path in folder.facts}:
            found |= {path: last.get(folder.path, {}).get(path) for path in wrong}
    return found


def renewed(
    before: Catalog,
    compiled: Compiled,
    spared: Compiled | None = None,
    instead: Mapping[str, Source | None] = MappingProxyType({}),
) -> Catalog:
    """The catalog after a save.

    A deck with errors is shown as ``spared`` has it, compiled with other texts ``instead`` of those
    with errors; if that is no good either, it goes on being shown as it was. So does a deck that is
    not found any more, while there are errors that may be the reason.
    """
    last = {exhibit.path: exhibit for exhibit in before.exhibits}
    rest = {folder.path: build for folder, build in spared.decks} if spared else {}
    exhibits: dict[Path, Exhibit] = {}
    for folder, build in compiled.decks:
        if _is_good(build):
            exhibits[folder.path] = Exhibit(folder.path, build)
        elif part := _part(folder, rest.get(folder.path), instead):
            exhibits[folder.path] = part
        elif folder.path in last:
            exhibits[folder.path] = last[folder.path]._replace(stale=True)
    known = {folder.path for folder, _ in compiled.decks}
    if has_errors(compiled.problems):
        gone = {path: s._replace(stale=True) for path, s in last.items() if path not in known}
        exhibits = dict(sorted((gone | exhibits).items()))
    return Catalog(tuple(exhibits.values()), compiled.problems)


def _part(
    folder: Folder, build: Build | None, instead: Mapping[str, Source | None]
) -> Exhibit | None:
    """A deck without what is wrong in it; None where that would seem to retire cards."""
    if build is None or not _is_good(build):
        return None
    files = [path.as_posix() for path in folder.facts if path.as_posix() in instead]
    kept = tuple(file for file in files if instead[file])
    left = tuple(file for file in files if not instead[file])
    if left and any(change.status == "retired" for change in _changes(build).values()):
        return None
    return Exhibit(folder.path, build, stale=True, kept=kept, left=left)


def broken(before: Catalog, problem: Diagnostic) -> Catalog:
    """The catalog after a save that could not even be compiled."""
    return Catalog(tuple(exhibit._replace(stale=True) for exhibit in before.exhibits), (problem,))


def _is_good(build: Build) -> bool:
    return build.lock is not None and not has_errors(build.diagnostics)


# --- The list ------------------------------------------------------------------------------


def listed(catalog: Catalog) -> Json:
    """What the page's list, filters and problems are made of.

    A note is an array, to keep 10,000 of them small: deck, guid, kind, topic, tags, file, line, what
    became of it since the last build, its words, its title, a hash of what it says, and its cards,
    each with number, role, what it asks, and where that stands in the words (from, up to; nowhere
    if these are equal). Deck, topic, tags, file and title are places in the lists beside.
    """
    index = _Index()
    decks = [
        {
            "name": exhibit.build.deck.deck,
            "built": exhibit.build.before is not None,
            "stale": exhibit.stale,
            "kept": [Path(file).name for file in exhibit.kept],
            "left": [Path(file).name for file in exhibit.left],
        }
        for exhibit in catalog.exhibits
        if exhibit.build.deck
    ]
    notes = [
        _row(at, exhibit.build, note, changes.get(note.guid), index)
        for at, exhibit in enumerate(catalog.exhibits)
        for changes in [_changes(exhibit.build)]
        for note in exhibit.build.notes
    ]
    problems = [
        {**as_json(p), "excerpt": excerpt(p), "grave": p.code in GRAVE} for p in catalog.problems
    ]
    return {"decks": decks, "notes": notes, "problems": problems, **index.lists}


class _Index:
    """Texts that many notes share, each kept once."""

    def __init__(self) -> None:
        self._places: dict[str, dict[str, int]] = {
            "topics": {},
            "tags": {},
            "files": {},
            "titles": {},
        }

    def place(self, name: str, text: str) -> int:
        """Where a text stands in the list of that name."""
        known = self._places[name]
        return known.setdefault(text, len(known))

    @property
    def lists(self) -> dict[str, list[str]]:
        """The lists by their names."""
        return {name: list(known) for name, known in self._places.items()}


def _row(deck: int, build: Build, note: Note, change: Change | None, index: _Index) -> list[Any]:
    """A note as the list has it."""
    fields = dict(zip(FIELDS, note.fields, strict=True))
    entry = _entry(build, note)
    asked = {one.number: one for one in entry.asked} if entry else {}
    line, _ = note.span.source.position(note.span.start)
    words, places = _words(fields["Text"])
    title = TITLE.search(fields["Text"]) or CAPTION.search(fields["Picture"])
    return [
        deck,
        note.guid,
        fields["Kind"],
        index.place("topics", plain(fields["Topic"])),
        [index.place("tags", tag) for tag in note.tags],
        -1 if note.retired else index.place("files", note.span.source.path),
        line,
        _became(note, change),
        words,
        index.place("titles", spoken(plain(title[1])) if title else ""),
        _digest(note, entry),
        [
            [card.number, *_asks(asked.get(card.number)), *places.get(card.number, (0, 0))]
            for card in note.cards
        ],
    ]


_MARKED = re.compile("\ue000(\\d+)\ue001([^\ue000-\ue002]*)\ue002")
"""An answer among the words of a note, with its number."""


def _words(html: str) -> tuple[str, dict[int, tuple[int, int]]]:
    """The words of a note, and where in them the first answer of each number stands, counted as
    JavaScript does (UTF-16)."""
    marked = CLOZE.sub("\ue000\\1\ue001\\2\ue002", TERM.sub(r"\1: ", html))
    text = spoken(heart(marked))
    words = ""
    places: dict[int, tuple[int, int]] = {}
    done = 0
    for found in _MARKED.finditer(text):
        words += text[done : found.start()]
        start = _units(words)
        words += found[2]
        places.setdefault(int(found[1]), (start, _units(words)))
        done = found.end()
    return words + text[done:], places


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _digest(note: Note, entry: Entry | None) -> str:
    """A hash of a note's own words, without what a step shows of its neighbours."""
    said = repr((sorted(entry.words.items()) if entry else note.fields, note.tags))
    return f"{crc32(said.encode()):08x}"


def _asks(asked: Asked | None) -> tuple[str, str]:
    return (asked.role, spoken(plain(asked.words))) if asked else ("", "")


def _entry(build: Build, note: Note) -> Entry | None:
    key = note.guid.partition("/")[2]
    return build.lock.notes.get(key) if build.lock else None


def _changes(build: Build) -> dict[str, Change]:
    """What changed since the last build, by guid; nothing for a deck that was never built."""
    if not (build.deck and build.before and build.lock):
        return {}
    found = diff.compare(build.before.notes, build.lock.notes)
    return {identity.guid(build.deck.id, change.key): change for change in found}


def _became(note: Note, change: Change | None) -> str:
    """What became of a note since the last build, in a word; empty if nothing did.

    Of what was retired before, ``gone``: it is no change, and no card that is asked.
    """
    return change.status if change else "gone" if note.retired else ""


# --- A card ----------------------------------------------------------------------------------


def card(catalog: Catalog, deck: int, guid: str, number: int) -> Json | None:
    """A card as the page shows it, None if there is no such card; ``deck`` is its place among the
    decks, for two of them may have one id, by mistake."""
    for exhibit in catalog.exhibits[max(deck, 0) : deck + 1]:
        for note in exhibit.build.notes:
            if note.guid == guid and any(card.number == number for card in note.cards):
                return shown(exhibit.build, note, number)
    return None


def shown(build: Build, note: Note, number: int) -> Json:
    """A card's two sides, and the words of its note that changed since the last build."""
    front, back = sides(note, number, deck=build.deck.deck if build.deck else "")
    words = " ".join(note.fields)
    pictures = [name for name in build.media if name in words]
    return {
        "front": typeset(front),
        "back": typeset(back),
        "pictures": pictures,
        "formulas": has_formula(back),
        "changes": list(_edits(build, note)),
    }


def _edits(build: Build, note: Note) -> Iterator[Json]:
    """The fields that changed, word by word."""
    if not (build.before and build.lock):
        return
    key = note.guid.partition("/")[2]
    then, now = build.before.notes.get(key), build.lock.notes.get(key)
    if then is None or now is None or then.content == now.content:
        return
    before, after = {key: then}, {key: now}
    if now.kind == "picture":  # its boxes tell what changed in it
        whole = key.partition("/")[0] + "/"
        before, after = (
            {name: entry for name, entry in lock.notes.items() if name.startswith(whole)}
            for lock in (build.before, build.lock)
        )
    for change in (change for change in diff.compare(before, after) if change.key == key):
        if change.drawing:
            yield {"field": "Drawing", "words": [diff.Piece("=", change.drawing)]}
        for edit in change.edits:
            yield {"field": edit.field, "words": list(diff.pieces(edit.then, edit.now))}
