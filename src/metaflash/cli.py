"""The command line: arguments in, one call, what to print, which exit code."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from metaflash import __version__

if TYPE_CHECKING:
    from metaflash.build import Build
    from metaflash.diagnostics import Diagnostic

_PATIENCE = 1.0
"""Seconds of work before a progress bar appears."""

_COLOURS = {"error": "red", "warning": "yellow", "place": "cyan", "quiet": "bright_black"}


class _Commands(click.Group):
    """The commands, none of which ends in a traceback because its output cannot be written."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command of the arguments."""
        try:
            return super().main(*args, **kwargs)
        except OSError as error:
            # All else that touches the disk has its own words, so this is the output, full perhaps.
            # What is still in its buffer goes nowhere, or Python would try it again at the exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            click.echo(f"Error: Cannot print the result: {error.strerror or error}.", err=True)
            sys.exit(1)


@click.group(
    name="metaflash",
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with:  metaflash build cards",
)
@click.version_option(__version__, message="metaflash %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """Compile YAML fact files into Anki decks.

    A teacher writes facts in plain files; metaflash makes an .apkg of them for learners to import
    into Anki. Every fact keeps its identity through all edits.
    """
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        context.color = False
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console without some letter must not fail
            stream.reconfigure(errors="backslashreplace")


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
        hint = f"Give the deck's folder:  {path.parent}"
    elif Path("deck.yaml").is_file():
        hint = "Here is a deck; for this folder, give a dot:  ."
    message = f"'{path}' {what}. {hint}"
    raise click.BadParameter(message)


_PATH = click.argument(
    "path", type=click.Path(path_type=Path), default=Path("cards"), callback=_folder
)
_FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "short", "json", "github"]),
    default="text",
    show_default=True,
    help="How problems are shown; json is a list of objects, github makes annotations.",
)
_STRICT = click.option("--strict", is_flag=True, help="Let warnings fail as errors do.")


@main.command()
@_PATH
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=Path("dist"),
    show_default=True,
    help="A folder for the packages; or, for one deck, a file name ending in .apkg.",
)
@_FORMAT
@_STRICT
def build(path: Path, out: Path, form: str, *, strict: bool) -> None:
    """Compile every deck at PATH (default: cards) into an .apkg.

    PATH is a deck's folder, the one with its deck.yaml, or a folder that holds several. All
    problems of all files are shown in one run; while there is an error nothing is written, and
    the packages of the last build stay as they are.

    The clock is SOURCE_DATE_EPOCH where that is set; the same sources then give the same bytes.

    Exit status: 0 built, 1 problems, 2 wrong usage.
    """
    from metaflash import project, workspace

    with _world_failures():
        now = project.clock(os.environ)
        folders, problems = project.find(path)
        _check_out(out, len(folders))
        problems += project.same_targets(folders, out)
        files = sum(len(folder.facts) for folder in folders)
        with _progress(2 * files) as tick:  # half the time goes into reading, half into packing
            compiled = workspace.compile_folders(folders, clock=now, tick=tick)
            problems += compiled.problems
            fails = _fails(problems, strict=strict)
            packages = [] if fails else list(workspace.pack(compiled, clock=now, tick=tick))
        _report(problems, form, strict=strict, consequence="nothing was written")
        targets = [project.target(out, folder) for folder, _, _ in packages]
        before = [project.previous(target) for target in targets]
        project.save([(t, content) for t, (_, _, content) in zip(targets, packages, strict=True)])
        for target, old, (_, built, _) in zip(targets, before, packages, strict=True):
            _say(f"{project.shown(target)}: {_size(built)}, {_changes(old, built)}", form)


@main.command()
@_PATH
@_FORMAT
@_STRICT
def check(path: Path, form: str, *, strict: bool) -> None:
    """Show all problems of every deck at PATH (default: cards), and write nothing.

    Exit status: 0 if a build would succeed, 1 if not, 2 wrong usage.
    """
    from metaflash import project, workspace

    with _world_failures():
        folders, problems = project.find(path)
        with _progress(sum(len(folder.facts) for folder in folders)) as tick:
            compiled = workspace.compile_folders(
                folders, clock=project.clock(os.environ), tick=tick
            )
        problems += compiled.problems
        _report(problems, form, strict=strict, consequence="a build would stop here")
        for folder, built in compiled.decks:
            _say(f"{project.shown(folder.path)}: {_size(built)}, no errors", form)


@main.command()
@_PATH
@_FORMAT
def ids(path: Path, form: str) -> None:
    """Write the ids that are missing into the files of every deck at PATH (default: cards).

    A card gets a line `id: …` below its first text, a step `its-id: ` before its sentence: made
    from the words, and unique in the deck. Nothing else in a file is touched. Change an id that
    you do not like before the first learner has it.

    Exit status: 0 every card has its id now, 1 problems are in the way of some, 2 wrong usage.
    """
    from metaflash import project, workspace

    with _world_failures():
        folders, problems = project.find(path)
        naming = workspace.name_cards(folders)
        project.save([(file, data) for file, data, _ in naming.files])
        for file, _, names in naming.files:
            _say(
                f"{project.shown(file)}: {_plural(len(names), 'id')} written ({_list(names)})", form
            )
        for folder in naming.complete:
            _say(f"{project.shown(folder.path)}: every card has its id", form)
        problems += naming.problems
        _report(problems, form, strict=False, consequence="ids may still be missing")


def _check_out(out: Path, decks: int) -> None:
    """Refuse a file for several decks, and a file that Anki would not take for a package."""
    suffix = out.suffix.lower()
    if suffix in (".zip", ".txt", ".colpkg", ".anki2", ".anki21"):
        message = f"'{out}': a package's name ends in .apkg."
    elif suffix == ".apkg" and decks > 1:
        message = f"'{out}' is one file, but there are {decks} decks. Name a folder."
    else:
        return
    raise click.BadParameter(message, param_hint="'-o'")


# --- What the commands share -----------------------------------------------------------------


@contextmanager
def _world_failures() -> Iterator[None]:
    """Turn what the machine refuses into one sentence and exit status 1."""
    from metaflash.project import WorldError

    try:
        yield
    except WorldError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _progress(length: int) -> Iterator[Callable[[int], None]]:
    """A function to call after so many pieces of work; on a terminal, a bar if it takes long."""
    start = time.monotonic()
    bar = click.progressbar(length=length, file=sys.stderr, label="Compiling", show_eta=False)
    done = shown = 0

    def tick(pieces: int = 1) -> None:
        nonlocal done, shown
        done += pieces
        if sys.stderr.isatty() and (shown or time.monotonic() - start > _PATIENCE):
            if not shown:
                bar.render_progress()
            bar.update(done - shown)
            shown = done

    try:
        yield tick
    finally:
        if shown:
            bar.render_finish()


def _fails(problems: Sequence[Diagnostic], *, strict: bool) -> bool:
    return any(strict or problem.severity == "error" for problem in problems)


def _report(problems: Sequence[Diagnostic], form: str, *, strict: bool, consequence: str) -> None:
    """Print the problems; with a fatal one among them say what follows, and exit with 1."""
    from metaflash.diagnostics import render

    if problems or form == "json":
        click.echo(render(problems, form, _paint))
    if not problems:
        return
    counts = (
        _plural(sum(problem.severity == severity for problem in problems), severity)
        for severity in ("error", "warning")
    )
    summary = " and ".join(count for count in counts if not count.startswith("0"))
    if form == "text":
        click.echo()
    if _fails(problems, strict=strict):
        _say(f"{summary}; {consequence}.", form)
        sys.exit(1)
    _say(f"{summary}.", form)


def _paint(text: str, role: str) -> str:
    """Colour for a role; ``click.echo`` takes it out again where it is not wanted."""
    return click.style(text, fg=_COLOURS[role], bold=True if role == "error" else None)


def _say(text: str, form: str) -> None:
    """Print a line for a person: beside JSON, on the error stream."""
    click.echo(text, err=form == "json")


def _size(built: Build) -> str:
    name = built.deck.deck if built.deck else ""
    return f"{name}, {_plural(len(built.notes), 'note')}, {_plural(built.cards, 'card')}"


def _changes(before: bytes | None, built: Build) -> str:
    """How the notes differ from those of the package that stood there."""
    from metaflash import package
    from metaflash.diff import changes

    if before is None:
        return "all new"
    old = package.read(before)
    if old is None:
        return "all new (what was there before was no package of metaflash)"
    new, edited, gone = changes(old, built.notes)
    if not (new or edited or gone):
        return "no note changed"
    counts = f"{len(new)} new, {len(edited)} edited, {len(gone)} gone"
    if not gone:
        return counts
    return (
        f"{counts}\n  Gone: {_list(gone)}. Learners keep these as they are; a fact whose id was changed"
        " starts anew."
    )


def _list(names: Sequence[str]) -> str:
    """The first few of some names."""
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
