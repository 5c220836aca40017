"""``metaflash build --watch``: a build after every save.

It is the same build, so that what is saved counts as given to learners. What it writes below the
watched folder is seen as a save, too; the build after it finds that every file is as it should be,
says nothing, and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from metaflash.cli.shared import fails, say, show, summary, time_of_day, world_failures

if TYPE_CHECKING:
    from metaflash.diagnostics import Diagnostic


class MadeDeck(NamedTuple):
    """A deck that was built: what to tell of it, and the files to write, its package and its lock."""

    outcome: str
    files: tuple[tuple[Path, bytes], ...]


class Made(NamedTuple):
    """What a build found and made; no decks where the problems forbid to write any."""

    problems: tuple[Diagnostic, ...]
    decks: tuple[MadeDeck, ...]


def follow(path: Path, make: Callable[[], Made], form: str, *, strict: bool) -> None:
    """Build at once, and again after every save below the path, until Ctrl-C.

    A save after which every file is as it was is passed over in silence. While there is an error
    nothing is written.
    """
    from metaflash import files
    from metaflash.watch import saves

    told = _Told("", stopped=True)
    with suppress(KeyboardInterrupt):
        say(
            f"Watching {files.shown(path)}; what is built counts as given to learners. Ctrl-C ends it.",
            form,
        )
        for _ in saves(path):
            told = _build(make, told, form, strict=strict)


class _Told(NamedTuple):
    """What was told of a build: its problems, and whether they stopped it."""

    problems: str
    stopped: bool


def _build(make: Callable[[], Made], before: _Told, form: str, *, strict: bool) -> _Told:
    """One build, and what was told of it, given what was told of the one before."""
    from metaflash import files
    from metaflash.diagnostics import render

    try:
        with world_failures():
            made = make()
            changed = [deck for deck in made.decks if not all(map(_is_there, deck.files))]
            files.save([file for deck in changed for file in deck.files])
    except click.ClickException as error:
        refusal = f"Error: {error.format_message()}"
        if refusal != before.problems:
            say(f"{time_of_day()}  {refusal}", form)
        return _Told(refusal, stopped=True)
    told = _Told(render(made.problems, "text"), fails(made.problems, strict=strict))
    new = told.problems not in ("", before.problems)
    if changed or told.stopped or before.stopped or new:
        if form == "json":
            show(made.problems, form)
        elif new:
            if form == "text":
                click.echo()
            show(made.problems, form)
            if form == "text":
                click.echo()
        if told.problems:
            known = "" if new else "the same "
            consequence = "; nothing was written" if told.stopped else ""
            say(f"{time_of_day()}  {known}{summary(made.problems)}{consequence}.", form)
        for deck in changed or made.decks:
            say(f"{time_of_day()}  {deck.outcome}", form)
    return told


def _is_there(file: tuple[Path, bytes]) -> bool:
    """Whether a file is on the disk as it should be."""
    from metaflash import files

    path, content = file
    return files.previous(path) == content
