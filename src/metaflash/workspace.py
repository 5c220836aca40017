"""All decks at a path, compiled together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from metaflash import project
from metaflash.build import Build, Read, check_together, compile_deck
from metaflash.diagnostics import Diagnostic
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
