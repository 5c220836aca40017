"""All decks at a path, compiled together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from metaflash import checks, diff, files, lock, project
from metaflash.build import Build, Read, Sources, compile_deck
from metaflash.characters import decode
from metaflash.deck import Deck, read_deck
from metaflash.diagnostics import Diagnostic, Source
from metaflash.insertion import Text, with_ids
from metaflash.lock import Lock
from metaflash.project import Folder
from metaflash.shelf import shelf
from metaflash.times import Clock

if TYPE_CHECKING:
    from metaflash.package import Release


class Compiled(NamedTuple):
    """Some decks, each with its folder, and every problem found in them."""

    decks: tuple[tuple[Folder, Build], ...]
    problems: tuple[Diagnostic, ...]


def compile_folders(
    folders: Sequence[Folder],
    *,
    clock: Clock,
    forget: int | None = None,
    lend_ids: bool = False,
    instead: Mapping[str, Source | None] = MappingProxyType({}),
    tick: Callable[[int], None] = lambda _: None,
) -> Compiled:
    """Compile the decks of some folders, given their locks; ``tick`` is called after each fact file.

    ``forget`` and ``lend_ids`` are those of ``compile_deck``; ``instead`` are the texts to take in the place of some
    fact files, by their paths, None to leave a file out.
    """

    def reads(folder: Folder) -> Iterator[Read]:
        for path in folder.facts:
            if path.as_posix() not in instead:
                yield project.read(path)
            elif source := instead[path.as_posix()]:
                yield source, []
            tick(1)

    def compiled(folder: Folder) -> Build:
        settings, lock = project.read(folder.settings), project.read_lock(folder)
        sources = Sources(settings, reads(folder), lock, shelf(folder))
        return compile_deck(sources, clock=clock, forget=forget, lend_ids=lend_ids)

    return _together(folders, [compiled(folder) for folder in folders])


def examined(compiled: Compiled) -> Compiled:
    """Some decks with what can be said of the quality of their cards among the problems."""
    from metaflash import quality  # a build has no use for it

    folders = [folder for folder, _ in compiled.decks]
    return _together(folders, [build.told(quality.examine(build)) for _, build in compiled.decks])


def _together(folders: Sequence[Folder], builds: Sequence[Build]) -> Compiled:
    decks = [build.deck for build in builds if build.deck is not None]
    found = chain(*(build.diagnostics for build in builds), checks.together(decks))
    return Compiled(tuple(zip(folders, builds, strict=True)), tuple(found))


def pack(
    compiled: Compiled, *, tick: Callable[[int], None] = lambda _: None
) -> Iterator[tuple[Folder, Build, bytes]]:
    """The package of each deck; ``tick`` is told after each how many fact files went into it."""
    from metaflash import package  # brings genanki, which a check has no use for

    for folder, build in compiled.decks:
        if build.deck is not None and build.lock is not None:
            styled = build.lock.style.modified
            yield (
                folder,
                build,
                package.encode(build.deck, build.notes, styled=styled, media=build.media),
            )
            tick(len(folder.facts))


class Update(NamedTuple):
    """What learners see of a deck change; ``before`` is its name until now, empty if it is new."""

    deck: Deck
    before: str
    changes: tuple[diff.Change, ...]


def updates(compiled: Compiled, against: Path | None) -> list[Update]:
    """What learners who have the last build see change in each deck.

    With a package given, what those see who have that one; only its deck is compared. Raises
    WorldError where it is no package, or of no deck at hand.
    """
    built = [(b.deck, b.before, b.lock) for _, b in compiled.decks if b.deck and b.lock]
    if against is None:
        return [
            Update(deck, old.deck if old else "", diff.compare(old.notes if old else {}, new.notes))
            for deck, old, new in built
        ]
    release = read_release(against)
    _, deck, now = _of(release, compiled, against)
    return [Update(deck, release.deck, diff.compare(release.notes, now.notes))]


class Upgrade(NamedTuple):
    """A deck with the package that learners have, and the one that the sources make of it now;
    ``then`` and ``now`` are what the two hold."""

    deck: Deck
    then: Release
    now: Lock
    old: bytes
    new: bytes


def upgrade(compiled: Compiled, path: Path) -> Upgrade:
    """The deck of an old package, in both states. Raises WorldError as ``updates`` does."""
    from metaflash import package

    release = read_release(path)
    build, deck, now = _of(release, compiled, path)
    new = package.encode(deck, build.notes, styled=now.style.modified, media=build.media)
    return Upgrade(deck, release, now, files.given(path), new)


def _of(release: Release, compiled: Compiled, path: Path) -> tuple[Build, Deck, Lock]:
    """The deck that a package is a release of; WorldError where it is not at hand."""
    for _, build in compiled.decks:
        if build.deck and build.lock and build.deck.id == release.id:
            return build, build.deck, build.lock
    here = ", ".join(build.deck.id for _, build in compiled.decks if build.deck) or "none"
    message = (
        f"{files.shown(path)} holds the deck with the id {release.id}, which is not here (here:"
        f" {here}). Give the folder of that deck, or another package."
    )
    raise files.WorldError(message)


def read_release(path: Path) -> Release:
    """A package that was released before; WorldError where it is none."""
    from metaflash import package

    release = package.read(files.given(path))
    if release is None:
        message = (
            f"{files.shown(path)} is no package that metaflash made. Give the .apkg of a release."
        )
        raise files.WorldError(message)
    return release


# --- Ids that are missing ------------------------------------------------------------------


class Naming(NamedTuple):
    """The files that get ids, each with its new bytes and the ids; the decks in which nothing is
    missing; and the problems in the way of further ids."""

    files: tuple[tuple[Path, bytes, tuple[str, ...]], ...]
    complete: tuple[Folder, ...]
    problems: tuple[Diagnostic, ...]


def name_cards(folders: Sequence[Folder]) -> Naming:
    """The fact files of some decks with the ids that are missing in them."""
    named: dict[Path, tuple[Path, bytes, tuple[str, ...]]] = {}
    complete: list[Folder] = []
    problems: list[Diagnostic] = []
    for folder in folders:
        texts, unread = _texts(folder, {real: data for real, (_, data, _) in named.items()})
        before, damaged = _before(folder)
        unread += damaged
        nameless = _without_id(folder)
        problems += [*unread, *nameless]
        # the ids of a file that cannot be read may be any, so none is given beside it
        outcomes = [] if unread else with_ids(list(texts.values()), before)
        for real, outcome in zip(texts, outcomes, strict=False):
            problems += outcome.problems
            if outcome.names:
                names = (*named[real][2], *outcome.names) if real in named else outcome.names
                named[real] = (Path(texts[real].source.path), outcome.data, names)
        if (
            not unread
            and not nameless
            and not any(outcome.names or outcome.problems for outcome in outcomes)
        ):
            complete.append(folder)
    return Naming(tuple(named.values()), tuple(complete), tuple(problems))


def _without_id(folder: Folder) -> list[Diagnostic]:
    """That the deck itself has no name or id, with which the ids of all notes begin; whatever else is
    wrong with its settings is not in the way of ids."""
    source, _ = project.read(folder.settings)
    _, problems = read_deck(source) if source else (None, [])
    return [problem for problem in problems if problem.code in {"missing-key", "bad-id"}]


def _texts(
    folder: Folder, changed: Mapping[Path, bytes]
) -> tuple[dict[Path, Text], list[Diagnostic]]:
    """The fact files of a deck, one that is reached twice by a link only once, under their real
    paths; and what is wrong with those that cannot be read."""
    texts: dict[Path, Text] = {}
    problems: list[Diagnostic] = []
    for path in folder.facts:
        real = path.resolve()
        if real in texts:
            continue
        data, found = project.content(path)
        if data is not None:
            data = changed.get(real, data)
            source, found = decode(path.as_posix(), data)
            texts[real] = Text(source, data)
        problems += found
    return texts, problems


def _before(folder: Folder) -> tuple[Lock | None, list[Diagnostic]]:
    """The lock of a deck, whose ids a new card cannot get; and what is wrong with it."""
    source, problems = project.read_lock(folder) or (None, [])
    before, found = lock.parse(source) if source else (None, [])
    return before, [*problems, *found]
