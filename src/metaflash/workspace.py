"""All decks at a path, compiled together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from metaflash import project
from metaflash.build import Build, Read, check_together, compile_deck
from metaflash.characters import decode
from metaflash.diagnostics import Diagnostic
from metaflash.insertion import Text, with_ids
from metaflash.project import Folder


class Compiled(NamedTuple):
    """Some decks, each with its folder, and every problem found in them."""

    decks: tuple[tuple[Folder, Build], ...]
    problems: tuple[Diagnostic, ...]


def compile_folders(
    folders: Sequence[Folder], *, clock: int, tick: Callable[[int], None]
) -> Compiled:
    """Compile the decks of some folders; ``tick`` is called after each fact file.

    ``clock`` is the time of the build in seconds since the epoch.
    """

    def read(path: Path) -> Read:
        result = project.read(path)
        tick(1)
        return result

    builds = [
        compile_deck(project.read(folder.settings), map(read, folder.facts), clock=clock)
        for folder in folders
    ]
    decks = [build.deck for build in builds if build.deck is not None]
    found = chain(*(build.diagnostics for build in builds), check_together(decks))
    return Compiled(tuple(zip(folders, builds, strict=True)), tuple(found))


def pack(
    compiled: Compiled, *, clock: int, tick: Callable[[int], None]
) -> Iterator[tuple[Folder, Build, bytes]]:
    """The package of each deck; ``tick`` is told after each how many fact files went into it."""
    from metaflash import package  # brings genanki, which a check has no use for

    for folder, build in compiled.decks:
        if build.deck is not None:
            yield folder, build, package.encode(build.deck, build.notes, styled=clock)
            tick(len(folder.facts))


class Naming(NamedTuple):
    """The files that get ids, each with its new bytes and the ids; the decks in which nothing is
    missing; and the problems in the way of further ids."""

    files: tuple[tuple[Path, bytes, tuple[str, ...]], ...]
    complete: tuple[Folder, ...]
    problems: tuple[Diagnostic, ...]


def name_cards(folders: Sequence[Folder]) -> Naming:
    """The fact files of some decks with the ids that are missing in them."""
    files: dict[Path, tuple[Path, bytes, tuple[str, ...]]] = {}
    complete: list[Folder] = []
    problems: list[Diagnostic] = []
    for folder in folders:
        texts, unread = _texts(folder, {real: data for real, (_, data, _) in files.items()})
        problems += unread
        # the ids of a file that cannot be read may be any, so none is given beside it
        outcomes = [] if unread else with_ids(list(texts.values()))
        for real, outcome in zip(texts, outcomes, strict=False):
            problems += outcome.problems
            if outcome.names:
                names = (*files[real][2], *outcome.names) if real in files else outcome.names
                files[real] = (Path(texts[real].source.path), outcome.data, names)
        if not unread and not any(outcome.names or outcome.problems for outcome in outcomes):
            complete.append(folder)
    return Naming(tuple(files.values()), tuple(complete), tuple(problems))


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
