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

    told = None
    with suppress(KeyboardInterrupt):
        say(f"Watching {files.shown(path)}. Ctrl-C ends it.", form)
        for _ in saves(path):
            told = _build(make, told, form, strict=strict)


def _build(make: Callable[[], Made], before: str | None, form: str, *, strict: bool) -> str:
    """One build: gives the problems as they were told, and takes those of the build before, None if
    there was none."""
    from metaflash import files
    from metaflash.diagnostics import render

    try:
        with world_failures():
            made = make()
            changed = [deck for deck in made.decks if not all(map(_is_there, deck.files))]
            files.save([file for deck in changed for file in deck.files])
    except click.ClickException as error:
        refusal = f"Error: {error.format_message()}"
        if refusal != before:
            say(f"{time_of_day()}  {refusal}", form)
        return refusal
    told = render(made.problems, "text")
    failed = fails(made.problems, strict=strict)
    if changed or failed or told != before:
        if form == "json":
            show(made.problems, form)
        elif told and told != before:
            show(made.problems, form)
            if form == "text":
                click.echo()
        if told:
            known = "the same " if told == before else ""
            consequence = "; nothing was written" if failed else ""
            say(f"{time_of_day()}  {known}{summary(made.problems)}{consequence}.", form)
        for deck in changed or made.decks:
            say(f"{time_of_day()}  {deck.outcome}", form)
    return told


def _is_there(file: tuple[Path, bytes]) -> bool:
    """Whether a file is on the disk as it should be."""
    from metaflash import files

    path, content = file
    return files.previous(path) == content
