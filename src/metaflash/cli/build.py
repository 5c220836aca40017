"""``metaflash build`` and ``metaflash check``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from metaflash.cli.console import typed
from metaflash.cli.explain import EXPLAIN
from metaflash.cli.manual import CLOCK, Manual
from metaflash.cli.rebuild import Made, MadeDeck, follow
from metaflash.cli.shared import (
    FORMAT,
    NEW_LOCK,
    OUT,
    OUT_OPTION,
    PATH,
    STRICT,
    fails,
    few,
    progress,
    report,
    say,
    size,
    world_failures,
)

if TYPE_CHECKING:
    from metaflash.build import Build
    from metaflash.project import Folder
    from metaflash.times import Clock
    from metaflash.workspace import Compiled

_DAY = 86_400


@click.command(
    cls=Manual,
    examples=(
        ("metaflash build", "all decks, into dist/"),
        ("metaflash build cards/metastasis -o onco.apkg", "one deck, into one file"),
        ("metaflash build --watch", "again after every save"),
        ("metaflash build --locked --strict", "where releases are made"),
    ),
    status=(
        ("0", "built; with --watch, ended by Ctrl-C"),
        ("1", "problems, and nothing was written"),
    ),
    environment=CLOCK,
)
@PATH
@OUT_OPTION
@click.option(
    "--watch",
    is_flag=True,
    help="Go on, and build anew after every save below PATH, until Ctrl-C.",
)
@click.option(
    "--locked",
    is_flag=True,
    help="Fail if metaflash.lock would change: for a machine that makes releases.",
)
@click.option(
    "--forget-retired",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help="Leave out of the packages, from now on, what was retired at least DAYS days ago; with 0"
    " also what this build retires, for cards that no learner has yet.",
)
@NEW_LOCK
@FORMAT
@STRICT
def build(  # noqa: PLR0913 - an argument for every option
    path: Path,
    out: Path,
    form: str,
    *,
    locked: bool,
    forget_retired: int | None,
    new_lock: bool,
    strict: bool,
    watch: bool,
) -> None:
    """Compile every deck at PATH (default: cards) into an .apkg.

    PATH is a deck's folder, the one with its deck.yaml, or a folder that holds several. All
    problems of all files are shown in one run; while there is an error nothing is written, and
    the packages of the last build stay as they are.

    What learners have is remembered in metaflash.lock in the deck's folder: commit it with the
    facts. The same sources and the same lock give the same bytes.

    With --watch a save after which nothing changed is passed over in silence, and a mistake is
    shown. Every save that builds counts as given to learners: while you still try things out, use
    metaflash preview, which writes nothing.
    """
    if watch and (locked or new_lock or forget_retired is not None):
        message = (
            "--watch builds what you write, save by save; --locked, --new-lock and --forget-retired"
            " are for a single build. Leave the one or the others out."
        )
        raise click.UsageError(message)
    order = _Order(path, out, new_lock=new_lock, forget_days=forget_retired, bar=not watch)
    if watch:
        follow(path, lambda: _make(order, locked=False, strict=strict), form, strict=strict)
        return
    from metaflash import files

    with world_failures():
        made = _make(order, locked=locked, strict=strict)
        report(made.problems, form, strict=strict, consequence="nothing was written")
        files.save([file for deck in made.decks for file in deck.files])
        for deck in made.decks:
            say(deck.outcome, form)


@click.command(
    cls=Manual,
    examples=(
        ("metaflash check", "every deck below cards/"),
        ("metaflash check cards/metastasis", "one deck"),
        ("metaflash check --format github --strict", "in a workflow of GitHub"),
    ),
    status=(
        ("0", "a build with the same options would succeed"),
        ("1", "problems that would stop it"),
    ),
    environment=CLOCK,
)
@PATH
@OUT_OPTION
@NEW_LOCK
@FORMAT
@STRICT
@EXPLAIN
def check(path: Path, out: Path, form: str, *, new_lock: bool, strict: bool) -> None:
    """Show all problems of the decks at PATH (default: cards).

    Each with its place, and what to write instead. Nothing is written. Says what the next build
    would change, too, and warns of cards that are hard to learn or too easy to guess;
    `allow: [the-rule]` on a card, or in deck.yaml, silences such a warning.
    """
    from metaflash import files, project

    with world_failures():
        order = _Order(path, out, new_lock=new_lock)
        compiled = _compiled(order, project.clock(os.environ), examine=True)
        report(compiled.problems, form, strict=strict, consequence="a build would stop here")
        for folder, built in compiled.decks:
            say(f"{files.shown(folder.path)}: {size(built)}, no errors{_since(built)}", form)


class _Order(NamedTuple):
    """What to build, where to, and how; ``bar`` is whether a bar may show how far it is."""

    path: Path
    out: Path
    new_lock: bool = False
    forget_days: int | None = None
    bar: bool = True


def _make(order: _Order, *, locked: bool, strict: bool) -> Made:
    """What a build would write, nothing while there is a problem that it fails of."""
    from metaflash import files, lock, locks, project, workspace

    clock = project.clock(os.environ)
    compiled = _compiled(order, clock)
    problems = (*compiled.problems, *(locks.outdated(compiled) if locked else ()))
    if fails(problems, strict=strict):
        return Made(problems, ())
    pieces = sum(len(folder.facts) for folder, _ in compiled.decks)
    with progress(pieces, "Packing", bar_wanted=order.bar) as tick:
        packages = list(workspace.pack(compiled, tick=tick))
    decks = []
    for folder, built, content in packages:
        target = project.target(order.out, folder)
        written = [(target, content)]
        if built.lock and built.lock != built.before:
            written.append((folder.lock, lock.write(built.lock).encode()))
        decks.append(MadeDeck(f"{files.shown(target)}: {_outcome(folder, built)}", tuple(written)))
    return Made(problems, tuple(decks))


def _compiled(order: _Order, clock: Clock, *, examine: bool = False) -> Compiled:
    """The decks at a path, compiled to be packed; among the problems are those of the folders and
    of the packages' names and locks and, with ``examine``, what the rules of quality find."""
    from metaflash import locks, project, workspace

    forget = None if order.forget_days is None else order.forget_days * _DAY
    folders, problems = project.find(order.path)
    _check_out(order.out, len(folders))
    problems += project.same_targets(folders, order.out)
    pieces = sum(len(folder.facts) for folder in folders)
    with progress(pieces, bar_wanted=order.bar) as tick:
        compiled = workspace.compile_folders(folders, clock=clock, forget=forget, tick=tick)
    compiled = workspace.examined(compiled) if examine else compiled
    problems += compiled.problems
    problems += () if order.new_lock else locks.missing(compiled, order.out)
    problems += locks.older(compiled, order.out)
    return compiled._replace(problems=tuple(problems))


def _check_out(out: Path, decks: int) -> None:
    """Refuse a file for several decks, and a file that Anki would not take for a package."""
    suffix = out.suffix.lower()
    if suffix in (".zip", ".txt", ".colpkg", ".anki2", ".anki21"):
        message = f"'{out}': a package's name ends in .apkg. Write:  -o {typed(str(out.with_suffix('.apkg')))}"
    elif suffix == ".apkg" and decks > 1:
        message = f"'{out}' is one file, but there are {decks} decks. Name a folder:  -o {OUT}"
    else:
        return
    raise click.BadParameter(message, param_hint="'-o'")


def _since(built: Build) -> str:
    """How the notes differ from those of the last build, if there was one."""
    from metaflash import diff, release

    if built.before is None or built.lock is None:
        return ""
    return f"; {release.summary(diff.compare(built.before.notes, built.lock.notes))}"


def _outcome(folder: Folder, built: Build) -> str:
    """What was built, and how it differs from what was there before."""
    from metaflash import diff, files, release

    if built.before is None or built.lock is None:
        commit = f"\n  {files.shown(folder.lock)} is new: commit it with the facts."
        return f"{size(built)}, all new{commit}"
    changes = diff.compare(built.before.notes, built.lock.notes)
    lines = [f"{size(built)}, {release.summary(changes)}"]
    for status in ("retired", "restored"):
        names = [change.name for change in changes if change.status == status]
        if names:
            lines.append(f"  {status.capitalize()}: {few(names)}")
        if names and status == "retired":
            lines.append(f"    {release.untaken(len(names))}")
    forgotten = [
        entry.name or key
        for key, entry in built.lock.notes.items()
        if entry.forgotten and not built.before.notes[key].forgotten
    ]
    if forgotten:
        lines.append(f"  Forgotten: {few(forgotten)}")
    return "\n".join(lines)
