"""What the commands share: their arguments, the progress bar, the report of problems."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from metaflash.cli.completion import folders, packages
from metaflash.cli.console import can_redraw, page, typed, width

if TYPE_CHECKING:
    from metaflash.build import Build
    from metaflash.diagnostics import Diagnostic, Source
    from metaflash.workspace import Compiled

OUT = Path("dist")
"""Where packages go if nothing else is said."""

PATIENCE = 1.0
"""Seconds of work before a progress bar appears."""

_ROOM_FOR_BAR = 60
"""Columns that a progress bar of the usual length needs with its words."""

COLOURS = MappingProxyType(
    {
        "error": "red",
        "warning": "yellow",
        "place": "cyan",
        "quiet": "bright_black",
        "new": "green",
        "edited": "yellow",
        "retired": "red",
        "restored": "green",
        "missing": "red",
        "around": "bright_black",
        "+": "green",
        "-": "red",
    }
)


# --- Arguments and options -----------------------------------------------------------------


def _folder(_context: click.Context, _parameter: click.Parameter, path: Path) -> Path:
    """PATH as given, if it is a folder."""
    try:
        if path.is_dir():
            return path
        what = "is a file" if path.exists() else "does not exist"
    except OSError as error:
        message = f"'{path}': {error.strerror or error}."
        raise click.BadParameter(message) from error
    hint = "Give a deck's folder, or the folder that holds the decks."
    if path.is_file() and (path.parent / "deck.yaml").is_file():
        hint = f"Give the deck's folder:  {typed(str(path.parent))}"
    elif Path("deck.yaml").is_file():
        hint = "Here is a deck; for this folder, give a dot:  ."
    elif not path.exists():
        hint += " A new deck begins with:  metaflash init"
    message = f"'{path}' {what}. {hint}"
    raise click.BadParameter(message)


PATH = click.argument(
    "path",
    type=click.Path(path_type=Path),
    default=Path("cards"),
    callback=_folder,
    shell_complete=folders,
)
OUT_OPTION = click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=OUT,
    show_default=True,
    shell_complete=packages,
    help="Write the packages into this folder; or, for one deck, into this file, ending in .apkg.",
)
NEW_LOCK = click.option(
    "--new-lock",
    is_flag=True,
    help="Do without a metaflash.lock that is lost, and begin a new one.",
)
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "short", "json", "github"]),
    default="text",
    show_default=True,
    help="Show problems in this form; json is a list of objects, github makes annotations.",
)
STRICT = click.option("--strict", is_flag=True, help="Let warnings fail as errors do.")


# --- Work and its report -------------------------------------------------------------------


@contextmanager
def world_failures() -> Iterator[None]:
    """Turn what the machine refuses into one sentence and exit status 1."""
    from metaflash.files import WorldError

    try:
        yield
    except WorldError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def progress(
    length: int, label: str = "Compiling", *, bar_wanted: bool = True
) -> Iterator[Callable[[int], None]]:
    """A function to call after so many pieces of work; on a terminal, a bar if it takes long."""
    start = time.monotonic()
    bar = click.progressbar(
        length=length,
        file=sys.stderr,
        label=label,
        show_eta=False,
        width=0 if width() < _ROOM_FOR_BAR else 36,
    )
    bar_wanted = bar_wanted and can_redraw(sys.stderr)
    done = shown = 0

    def tick(pieces: int = 1) -> None:
        nonlocal done, shown
        done += pieces
        if bar_wanted and (shown or time.monotonic() - start > PATIENCE):
            if not shown:
                bar.render_progress()
            bar.update(done - shown)
            shown = done

    try:
        yield tick
    finally:
        if shown:
            bar.render_finish()


def compile_path(
    path: Path,
    *,
    lend_ids: bool = False,
    examine: bool = False,
    instead: Mapping[str, Source | None] = MappingProxyType({}),
) -> Compiled:
    """The decks at a path, compiled without a word of where packages go; among the problems are
    those of the folders and, with ``examine``, what the rules of quality find. ``lend_ids`` and
    ``instead`` are those of ``compile_folders``."""
    from metaflash import locks, project, workspace

    folders, problems = project.find(path)
    clock = project.clock(os.environ)
    with progress(sum(len(folder.facts) for folder in folders)) as tick:
        compiled = workspace.compile_folders(
            folders, clock=clock, lend_ids=lend_ids, instead=instead, tick=tick
        )
    compiled = workspace.examined(compiled) if examine else compiled
    missing = locks.missing(compiled, OUT, "warning")
    return compiled._replace(problems=(*problems, *compiled.problems, *missing))


def fails(problems: Sequence[Diagnostic], *, strict: bool) -> bool:
    """Whether nothing may be written with these problems."""
    return any(strict or problem.severity == "error" for problem in problems)


def report(
    problems: Sequence[Diagnostic],
    form: str,
    *,
    consequence: str,
    strict: bool = False,
    err: bool = False,
) -> None:
    """Print the problems; with a fatal one among them say what follows, and exit with 1.

    ``err`` sends all of it to the error stream.
    """
    if problems or form == "json":
        show(problems, form, err=err)
    if not problems:
        return
    if form == "text":
        click.echo(err=err)
    failed = fails(problems, strict=strict)
    say(
        f"{summary(problems)}; {consequence}." if failed else f"{summary(problems)}.", form, err=err
    )
    if form == "text":
        first = next((p for p in problems if p.severity == "error"), problems[0])
        which = "" if len(problems) == 1 else f" on the first {first.severity}"
        more = f"More{which}:  metaflash --explain {first.code}"
        click.echo(paint(more, "quiet"), err=err)
    if failed:
        sys.exit(1)


def show(problems: Sequence[Diagnostic], form: str, *, err: bool = False) -> None:
    """Print the problems themselves."""
    from metaflash.diagnostics import render

    stream = sys.stderr if err else sys.stdout
    click.echo(render(problems, form, paint, page(stream)), err=err)


def summary(problems: Sequence[Diagnostic]) -> str:
    """How many errors and warnings there are."""
    counts = (
        plural(sum(problem.severity == severity for problem in problems), severity)
        for severity in ("error", "warning")
    )
    return " and ".join(count for count in counts if not count.startswith("0"))


def paint(text: str, role: str) -> str:
    """Colour for a role; ``click.echo`` takes it out again where it is not wanted."""
    return click.style(text, fg=COLOURS.get(role), bold=True if role == "error" else None)


def say(text: str, form: str, *, err: bool = False) -> None:
    """Print a line for a person: beside JSON, on the error stream."""
    click.echo(text, err=err or form == "json")


def time_of_day() -> str:
    """The time on the wall, to stand before a line."""
    return time.strftime("%H:%M:%S")


def few(names: Sequence[str]) -> str:
    """The first few of some names."""
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")


def plural(count: int, noun: str) -> str:
    """A count with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def size(built: Build) -> str:
    """The name of a deck, and how much there is of it."""
    name = built.deck.deck if built.deck else ""
    parts = [name, plural(len(built.live), "note"), plural(built.cards, "card")]
    parts += [plural(len(built.media), "picture")] if built.media else []
    return ", ".join(parts)
