"""The story, read first: the sources of a deck and its lock become notes and a new lock.

    Source --parse--> tree --decode--> Fact --drafts--> Drafted --settle--> Note
                                                          lock --^      '--> lock

Every arrow is a pure function. Each stage works on what the one before could make sense of, and
adds its problems to the list, so that one run finds them all. Nothing here reads a file, asks
the time, or prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeAlias, TypeVar

from metaflash import (
    checks,
    doubts,
    example,
    history,
    identity,
    illustration,
    lineage,
    lock,
    media,
    naming,
    recovery,
)
from metaflash.deck import Deck, read_deck
from metaflash.diagnostics import Diagnostic, Source, has_errors
from metaflash.facts import FactFile, read_facts
from metaflash.history import Drafted
from metaflash.kinds.kind import Fact, Leaf
from metaflash.lock import Lock
from metaflash.markup import shown
from metaflash.media import NO_SHELF, Album, Shelf
from metaflash.naming import Named
from metaflash.note import Draft, Note
from metaflash.readers import Name, tag
from metaflash.times import Clock, time_of_build


class Contents(NamedTuple):
    """What the files of a deck say: their paths in order, the facts that are without a problem, each
    with its file, and the text of the lock, if there is one."""

    paths: tuple[str, ...] = ()
    facts: tuple[tuple[FactFile, Fact], ...] = ()
    lock: Source | None = None


class Build(NamedTuple):
    """A deck compiled. With an error among the diagnostics the notes are not all there.

    ``notes`` holds the retired ones too; ``before`` is the lock that was read, ``lock`` the one to
    write. ``media`` are the files that the notes show, by the names they have in Anki; ``contents``
    is what the sources say.
    """

    deck: Deck | None
    notes: tuple[Note, ...]
    diagnostics: tuple[Diagnostic, ...]
    before: Lock | None = None
    lock: Lock | None = None
    media: Mapping[str, bytes] = MappingProxyType({})
    contents: Contents = Contents()

    def told(self, more: Iterable[Diagnostic]) -> Build:
        """The deck with further problems in their places among the others."""
        return self._replace(diagnostics=_in_order([*self.diagnostics, *more], self.contents.paths))

    @property
    def live(self) -> tuple[Note, ...]:
        """The notes that are not retired."""
        return tuple(note for note in self.notes if not note.retired)

    @property
    def cards(self) -> int:
        """How many cards the notes have that are not retired."""
        return sum(len(note.cards) for note in self.live)


Read: TypeAlias = tuple[Source | None, list[Diagnostic]]
"""A file as it was read, None if it could not be, and what is wrong with it."""


class Sources(NamedTuple):
    """The files of a deck: its ``deck.yaml``, its lock if it has one, its fact files in order, and
    the folder with its pictures."""

    settings: Read
    facts: Iterable[Read]
    lock: Read | None = None
    media: Shelf = NO_SHELF


def compile_deck(
    sources: Sources, *, clock: Clock, forget: int | None = None, lend_ids: bool = False
) -> Build:
    """The notes of a deck, and its new lock.

    ``clock`` is the time of the build; notes that were retired at least ``forget`` seconds ago are
    left out from now on, with 0 those too that this build retires. With ``lend_ids`` cards and steps without an
    id get the one that ``metaflash ids`` would write, and are only warned of: for looking at, not
    for a release.
    """
    problems: list[Diagnostic] = []
    paths: list[str] = []

    def told(read: Read, decoded: tuple[R | None, list[Diagnostic]]) -> R | None:
        """What a file says, None if that is nothing; its problems join the others."""
        source, found = read
        result, more = decoded
        problems.extend([*found, *more])
        paths.append(source.path if source else found[0].span.source.path)
        return result

    deck = told(sources.settings, _decoded(sources.settings, read_deck))
    before = told(sources.lock, _decoded(sources.lock, lock.parse)) if sources.lock else None
    reads = list(sources.facts)
    found = [_decoded(read, read_facts) for read in reads]
    nameless = recovery.allot([source for source, _ in reads], [file for file, _ in found], before)
    if lend_ids:
        found = list(map(_with_lent, reads, found, nameless))
    read = list(map(told, reads, found))
    files = [file for file in read if file is not None]
    problems += naming.ask(read, nameless, lent=lend_ids)
    named = list(_with_ids(files, problems))
    album = media.collect(illustration.named(fact for _, fact in named), sources.media)
    problems += album.problems
    notes: tuple[Note, ...] = ()
    after = None
    packed: Mapping[str, bytes] = {}
    if deck is not None:
        problems += [*checks.of_deck(deck, before), *example.left(deck)]
        before = before if before and before.id == deck.id else None
        drafted = list(_drafted(deck, named, album))
        known = before.notes if before else None
        problems += lineage.check(drafted, known)
        if known and not has_errors(problems):
            problems += doubts.suspect(drafted, known)  # what an error left out is not gone
        path = sources.lock[0].path if before and sources.lock and sources.lock[0] else ""
        now, wrong = time_of_build(clock, before, path)
        settled = history.settle(
            deck, list(lineage.distinct(drafted)), before, now=now, forget=forget
        )
        notes, after = settled.notes, settled.lock
        problems += settled.problems
        problems += [wrong] if wrong and after.newest == now else []
        problems += checks.of_notes(notes)
        if not drafted and not problems:
            problems.append(checks.no_facts(deck))
        problems += illustration.telling(drafted)
        packed, left = illustration.packed(notes, album, sources.media)
        if not has_errors(problems):
            problems += left  # what an error left out may have a picture

    contents = Contents(tuple(paths), tuple(named), sources.lock[0] if sources.lock else None)
    return Build(deck, notes, _in_order(problems, paths), before, after, packed, contents)


def _in_order(problems: Iterable[Diagnostic], paths: Sequence[str]) -> tuple[Diagnostic, ...]:
    """Problems of the deck's files come in the order of the files, then those of its pictures."""
    order = {path: at for at, path in enumerate(paths)}

    def rank(problem: Diagnostic) -> tuple[int, str, tuple[int, ...]]:
        path = problem.span.source.path
        return order.get(path, len(order)), path, problem.place

    return tuple(sorted(problems, key=rank))


R = TypeVar("R")


def _decoded(
    read: Read, decode: Callable[[Source], tuple[R | None, list[Diagnostic]]]
) -> tuple[R | None, list[Diagnostic]]:
    source, _ = read
    return (None, []) if source is None else decode(source)


def _with_lent(
    read: Read, decoded: tuple[FactFile | None, list[Diagnostic]], named: Sequence[Named]
) -> tuple[FactFile | None, list[Diagnostic]]:
    """A fact file as it would be with the ids that are missing in it."""
    return _decoded(read, lambda s: read_facts(s, naming.places(named))) if named else decoded


# --- From facts to notes -------------------------------------------------------------------


def _with_ids(
    files: Sequence[FactFile], problems: list[Diagnostic]
) -> Iterator[tuple[FactFile, Fact]]:
    """The facts that can be named; a second one of a name is a problem."""
    first: dict[str, Name] = {}
    for file in files:
        for name in file.cards.names:
            if other := first.get(name):
                hint = (
                    f"The card at {other.span} has this id already, and Anki would take both for one"
                    " note. Give this one another; without any, `metaflash ids` makes one."
                )
                message = f"id `{name}` twice"
                problems.append(Diagnostic(name.span, "error", "repeated-id", message, hint))
            first.setdefault(name, name)
        for fact in file.cards.facts:
            if fact.id is not None and first.setdefault(fact.id, fact.id).span == fact.id.span:
                yield file, fact


class _Descent(NamedTuple):
    """What a note comes from, from the top down; ``leaf`` is the fact itself, or a step
    or box of it."""

    deck: Deck
    file: FactFile
    fact: Fact
    leaf: Leaf

    @property
    def source(self) -> str:
        """The nearest source with the nearest section of *that* source, as HTML."""
        source = section = None
        for level in self:
            if level.source:
                source, section = level.source, None
            section = level.section or section
        return ", ".join(part.html for part in (source, section) if part)

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of all levels and one for the topic, sorted; Anki takes no tag twice."""
        root, topic = tag(self.deck.deck), self.file.topic
        found = [f"{root}::{tag(topic.replace('::', ':'))}" if topic else root]
        found += [name for level in self for name in level.tags or ()]
        return tuple(sorted({name.casefold(): name for name in reversed(found)}.values()))


def _drafted(deck: Deck, facts: Iterable[tuple[FactFile, Fact]], album: Album) -> Iterator[Drafted]:
    for file, fact in facts:
        for draft, leaf in fact.drafts():
            yield _one(_Descent(deck, file, fact, leaf), draft, album)


def _one(descent: _Descent, draft: Draft, album: Album) -> Drafted:
    """A draft with its name, and with what comes down from above."""
    _, file, fact, leaf = descent
    name = fact.id or ""
    first = leaf.was if leaf is not fact else None
    pictured = leaf if leaf.image else fact
    extra, note = leaf.extra or fact.extra, leaf.note or fact.note
    fields = {
        "Topic": shown(file.topic or ""),
        "Extra": extra.html if extra else "",
        "Note": note.html if note else "",
        "Source": descent.source,
        **illustration.fields(pictured, album),
    }
    return Drafted(
        key=first or identity.key(fact.was or name, draft.step),
        name=identity.key(name, draft.step),
        draft=draft,
        kind=fact.kind,
        fields=fields,
        tags=descent.tags,
        span=leaf.span,
        was=leaf.was or fact.was,
        alt=pictured.alt,
    )
