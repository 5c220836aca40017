"""``metaflash build`` and ``metaflash check``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from metaflash.cli.shared import (
    EXPLAIN,
    FORMAT,
    NEW_LOCK,
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


@click.command()
@PATH
@OUT_OPTION
@click.option(
    "--locked",
    is_flag=True,
    help="Fail if metaflash.lock would change: for a machine that makes releases.",
)
@click.option(
    "--forget-retired",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help="Leave out of the packages, from now on, what was retired more than DAYS days ago.",
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
) -> None:
    """Compile every deck at PATH (default: cards) into an .apkg.

    PATH is a deck's folder, the one with its deck.yaml, or a folder that holds several. All
    problems of all files are shown in one run; while there is an error nothing is written, and
    the packages of the last build stay as they are.

    What learners have is remembered in metaflash.lock in the deck's folder: commit it with the
    facts. The same sources and the same lock give the same bytes. The clock, which dates what
    changed, is SOURCE_DATE_EPOCH where that is set.

    Exit status: 0 built, 1 problems, 2 wrong usage.
    """
    from metaflash import files, lock, locks, project, workspace

    with world_failures():
        clock = project.clock(os.environ)
        forget = 0 if forget_retired is None else clock.seconds - forget_retired * _DAY
        compiled = _compiled(path, out, clock, new_lock=new_lock, forget=forget)
        problems = [*compiled.problems, *(locks.outdated(compiled) if locked else ())]
        packages = []
        if not fails(problems, strict=strict):
            with progress(
                sum(len(folder.facts) for folder, _ in compiled.decks), "Packing"
            ) as tick:
                packages = list(workspace.pack(compiled, tick=tick))
        report(problems, form, strict=strict, consequence="nothing was written")
        files.save(
            [(project.target(out, folder), content) for folder, _, content in packages]
            + [
                (folder.lock, lock.write(built.lock).encode())
                for folder, built, _ in packages
                if built.lock and built.lock != built.before
            ]
        )
        for folder, built, _ in packages:
            say(f"{files.shown(project.target(out, folder))}: {_outcome(folder, built)}", form)


@click.command()
@PATH
@OUT_OPTION
@NEW_LOCK
@FORMAT
@STRICT
@EXPLAIN
def check(path: Path, out: Path, form: str, *, new_lock: bool, strict: bool) -> None:
    """Show all problems of the decks at PATH (default: cards).

    Nothing is written. Beside what a build would say, warns of cards that are hard to learn or too
    easy to guess; `allow: [the-rule]` on a card, or in deck.yaml, silences a warning. Says what the
    next build would change, too.

    Exit status: 0 if a build with the same options would succeed, 1 if not, 2 wrong usage.
    """
    from metaflash import files, project

    with world_failures():
        clock = project.clock(os.environ)
        compiled = _compiled(path, out, clock, new_lock=new_lock, examine=True)
        report(compiled.problems, form, strict=strict, consequence="a build would stop here")
        for folder, built in compiled.decks:
            say(f"{files.shown(folder.path)}: {size(built)}, no errors{_since(built)}", form)


def _compiled(
    path: Path, out: Path, clock: Clock, *, new_lock: bool, forget: int = 0, examine: bool = False
) -> Compiled:
    """The decks at a path, compiled to be packed; among the problems are those of the folders and
    of the packages' names and locks and, with ``examine``, what the rules of quality find."""
    from metaflash import locks, project, workspace

    folders, problems = project.find(path)
    _check_out(out, len(folders))
    problems += project.same_targets(folders, out)
    with progress(sum(len(folder.facts) for folder in folders)) as tick:
        compiled = workspace.compile_folders(folders, clock=clock, forget=forget, tick=tick)
    compiled = workspace.examined(compiled) if examine else compiled
    problems += compiled.problems
    problems += () if new_lock else locks.missing(compiled, out)
    problems += locks.older(compiled, out)
    return compiled._replace(problems=tuple(problems))


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
    forgotten = [
        entry.name or key
        for key, entry in built.lock.notes.items()
        if entry.forgotten and not built.before.notes[key].forgotten
    ]
    if forgotten:
        lines.append(f"  Forgotten: {few(forgotten)}")
    return "\n".join(lines)
