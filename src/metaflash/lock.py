"""The lock: what learners have been given, as a text file that stands beside the facts.

It is the only memory from one build to the next: which number each blank got, when a note last
changed, what a fact said that is no longer in the sources. One record a note, sorted by first
id, a line for each thing, so that people and git can read, compare and merge it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from metaflash.blanks import MAX_NUMBER
from metaflash.diagnostics import CONFLICT, Diagnostic, Source, Span
from metaflash.words import CLOZE

NAME = "metaflash.lock"
"""The file's name in the deck's folder."""

VERSION = 1

_MAX_DUE = 2**31
"""Places that Anki can hold."""


class Asked(NamedTuple):
    """What a cloze number asks for or, where it is not ``live`` any more, asked for.

    ``role`` is what the words are in their kind: a blank, an answer, a term …
    """

    number: int
    role: str
    words: str
    live: bool = True


class Entry(NamedTuple):
    """A note as it was last built.

    ``modified`` is its time in seconds since the epoch, ``content`` a hash of all that a learner
    sees of it, ``due`` the places of its cards in the queue of new cards, by rising number, and
    ``asked`` every number it ever had.
    ``words`` are its own fields by name, as HTML; what a step shows of its neighbours counts in the
    hash only. ``name`` is its id in the files where that is not its first one; ``retired`` the
    time since which it is in no file (0 if it is), ``forgotten`` says that packages lack it too.
    """

    modified: int
    content: str
    due: tuple[int, ...]
    kind: str
    asked: tuple[Asked, ...]
    words: Mapping[str, str]
    tags: tuple[str, ...]
    name: str = ""
    retired: int = 0
    forgotten: bool = False

    @property
    def live(self) -> tuple[int, ...]:
        """The numbers that have cards, rising; of a retired note those that had."""
        return tuple(sorted({asked.number for asked in self.asked if asked.live}))


class Style(NamedTuple):
    """The look of the note type: a hash of its templates, and its time in seconds."""

    content: str
    modified: int


class Lock(NamedTuple):
    """The deck as it was last built: its id, its name in Anki, and its notes by their first ids."""

    id: str
    deck: str
    style: Style
    notes: Mapping[str, Entry]

    @property
    def ids(self) -> frozenset[str]:
        """All ids that notes have or had, ``fact`` or ``process/step``; the steps of a process that
        was renamed under each of its names."""
        renamed = {
            key.split("/")[0]: entry.name.split("/")[0]
            for key, entry in self.notes.items()
            if "/" in key and "/" in entry.name
        }
        found = {name for key, entry in self.notes.items() for name in (key, entry.name) if name}
        for key in self.notes:
            process, slash, step = key.partition("/")
            if slash and process in renamed:
                found.add(f"{renamed[process]}/{step}")
        return frozenset(found)

    @property
    def newest(self) -> int:
        """The time of the latest change, in seconds since the epoch; 0 if there is none."""
        return max((entry.modified for entry in self.notes.values()), default=0)


# --- Writing -------------------------------------------------------------------------------

_HEAD = f"metaflash lock, version {VERSION}"
_ABOUT = """\
# What learners have. `metaflash build` reads and writes it: commit it with the facts.
# If two branches changed a note, keep the record that was built later, then build again."""
_END = "end of lock"


def write(lock: Lock) -> str:
    """The lock as text."""
    style = f"style: {lock.style.content} {moment(lock.style.modified)}"
    head = [_HEAD, _ABOUT, "", f"deck: {lock.deck}", f"id: {lock.id}", style]
    records = (line for key in sorted(lock.notes) for line in _record(key, lock.notes[key]))
    return "\n".join([*head, *records, "", _END, ""])


def _record(key: str, entry: Entry) -> Iterator[str]:
    yield ""
    yield f"note {key}"
    if entry.name:
        yield f"  now: {entry.name}"
    yield f"  built: {moment(entry.modified)}"
    yield f"  content: {entry.content}"
    yield f"  due: {' '.join(map(str, entry.due))}"
    if entry.retired:
        yield f"  retired: {moment(entry.retired)}"
    if entry.forgotten:
        yield "  forgotten: yes"
    yield f"  kind: {entry.kind}"
    for number, role, words, live in entry.asked:
        yield f"  {'asks' if live else 'asked'}: {number} {role} {_escaped(words)}"
    if entry.tags:
        yield f"  tags: {' '.join(entry.tags)}"
    for name, html in entry.words.items():
        yield f"  {name}: {_escaped(html)}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def moment(seconds: int) -> str:
    """A time as it is shown: UTC, to the second."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# --- Reading -------------------------------------------------------------------------------

_KEY = re.compile(r"[a-z0-9-]+(?:/[a-z0-9-]+)?")
_OTHER_VERSION = re.compile(r"metaflash lock, version (\d+)")
_RESTORE = "Restore it from git, or from a backup; learners' progress depends on it."


def parse(source: Source) -> tuple[Lock | None, list[Diagnostic]]:
    """The lock that a text holds, None if it cannot be relied on, and why."""
    text = source.text
    if found := CONFLICT.search(text):
        hint = (
            "Keep all records; of a note that both sides have, the one that was built later. Take out"
            " the lines with git's marks. The next build brings the lock up to date."
        )
        problem = _problem(source, found.start(), "lock-conflict", "a merge left unfinished", hint)
        return None, [problem]
    lines = text.rstrip().split("\n")
    if lines[0] != _HEAD:
        return None, [_foreign(source, lines[0])]
    if lines[-1] != _END:
        what = "the end of the lock is missing"
        return None, [_problem(source, len(text.rstrip()), "lock-truncated", what, _RESTORE)]
    reader = _Reader(lines)
    try:
        return reader.read(), []
    except (ValueError, KeyError, OverflowError):
        start = sum(len(line) + 1 for line in lines[: reader.at])
        what = reader.reason or "a line that no build has written"
        return None, [_problem(source, start, "lock-damaged", what, _RESTORE)]


def _foreign(source: Source, first: str) -> Diagnostic:
    if found := _OTHER_VERSION.fullmatch(first):
        hint = f"This metaflash knows version {VERSION}. Use the one that wrote it, or a newer one."
        return _problem(source, 0, "lock-version", f"a lock of version {found[1]}", hint)
    if not source.text.strip():
        return _problem(source, 0, "lock-truncated", "an empty lock", _RESTORE)
    hint = f"It does not begin with `{_HEAD}`. {_RESTORE}"
    return _problem(source, 0, "lock-foreign", "this is no lock of metaflash", hint)


def _problem(source: Source, start: int, code: str, message: str, hint: str) -> Diagnostic:
    end = source.text.find("\n", start)
    end = len(source.text) if end < 0 else end
    return Diagnostic(Span(source, start, end), "error", code, message, hint)


class _Reader:
    """Reads the lines of a lock one by one; ``at`` is the line being read."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0
        self.reason = ""

    def read(self) -> Lock:
        """The lock; ValueError or KeyError where a line is not as it was written."""
        head: dict[str, str] = {}
        notes: dict[str, Entry] = {}
        at = 1
        while at < len(self.lines) - 1:
            self.at, line = at, self.lines[at]
            at += 1
            if line.startswith("note "):
                key = line.removeprefix("note ")
                if not _KEY.fullmatch(key):
                    raise ValueError
                if key in notes:
                    self.reason = f"note `{key}` is here twice; keep the record built later"
                    raise ValueError
                notes[key], at = self._entry(at)
            elif line and not line.startswith("#"):
                name, value = _pair(line)
                if notes or name in head or name not in _HEADINGS:
                    raise ValueError
                head[name] = value
        self.at = len(self.lines) - 1
        style, styled = head["style"].split(" ")
        return Lock(head["id"], head["deck"], Style(style, _seconds(styled)), notes)

    def _entry(self, start: int) -> tuple[Entry, int]:
        """The record whose lines begin at a line, and the line behind it."""
        values: dict[str, Any] = {}
        asked: list[Asked] = []
        words: dict[str, str] = {}
        at = start
        while self.lines[at].startswith("  "):
            self.at = at
            name, value = _pair(self.lines[at][2:])
            at += 1
            if name in ("asks", "asked"):
                number, role, text = (*value.split(" ", 2), "")[:3]
                asked.append(Asked(_number(number), role, _unescaped(text), name == "asks"))
                continue
            field, read = (name, _unescaped) if name[0].isupper() else _LINES[name]
            kept = words if name[0].isupper() else values
            if field in kept:
                self.reason = f"a second `{name}` in one record; keep the record built later"
                raise ValueError
            kept[field] = read(value)
        numbers = {int(found[1]) for found in CLOZE.finditer(words.get("Text", ""))}
        complete = values.keys() >= {"modified", "content", "due", "kind"}
        if not asked or not complete or not numbers <= {a.number for a in asked}:
            self.at = start - 1
            self.reason = "this record lacks a line"
            raise ValueError
        entry = Entry(asked=tuple(asked), words=words, **{"tags": (), **values})
        if len(entry.due) != len(entry.live):
            self.at = start - 1
            self.reason = "`due` needs one place for each number that is asked"
            raise ValueError
        return entry, at


_HEADINGS = ("deck", "id", "style")


def _seconds(text: str) -> int:
    if not text.endswith("Z"):
        raise ValueError
    return int(datetime.fromisoformat(text).timestamp())


def _number(text: str) -> int:
    number = _digits(text)
    if not 0 < number <= MAX_NUMBER:
        raise ValueError
    return number


def _places(text: str) -> tuple[int, ...]:
    places = tuple(map(_digits, text.split(" ")))
    if not all(place < _MAX_DUE for place in places) or len(set(places)) < len(places):
        raise ValueError
    return places


def _digits(text: str) -> int:
    """A number as a lock writes it; ``int`` takes ``1_000`` and Arabic digits, too."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError
    return int(text)


def _tags(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_LINES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "now": ("name", str),
    "built": ("modified", _seconds),
    "content": ("content", str),
    "due": ("due", _places),
    "retired": ("retired", _seconds),
    "forgotten": ("forgotten", "yes".__eq__),
    "kind": ("kind", str),
    "tags": ("tags", _tags),
}
"""What the lines of a record are, by name: a field of the entry, and how its value is read."""


def _pair(line: str) -> tuple[str, str]:
    """The name and the value of ``name: value``."""
    name, colon, value = line.partition(": ")
    if not (name and colon):
        raise ValueError
    return name, value


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text)
