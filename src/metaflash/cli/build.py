"""``metaflash build`` and ``metaflash check``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from metaflash.cli.shared import (
    FORMAT,
    OUT,
    PATH,
    STRICT,
    compile_path,
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

_DAY = 86_400


@click.command()
@PATH
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=OUT,
    show_default=True,
    help="A folder for the packages; or, for one deck, a file name ending in .apkg.",
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
    help="Leave out of the packages, from now on, what was retired more than DAYS days ago.",
)
@click.option(
    "--new-lock",
    is_flag=True,
    help="Build a deck whose metaflash.lock is lost, and begin a new one.",
)
@FORMAT
@STRICT
def build(path: Path, out: Path, form: str, *, strict: bool, **options: int | None) -> None:
    """Compile every deck at PATH (default: cards) into an .apkg.

    PATH is a deck's folder, the one with its deck.yaml, or a folder that holds several. All
    problems of all files are shown in one run; while there is an error nothing is written, and
    the packages of the last build stay as they are.

    What learners have is remembered in metaflash.lock in the deck's folder: commit it with the
    facts. The same sources and the same lock give the same bytes. The clock, which dates what
    changed, is SOURCE_DATE_EPOCH where that is set.

    Exit status: 0 built, 1 problems, 2 wrong usage.
    """
    from metaflash import files, lock, project, workspace

    with world_failures():
        clock = project.clock(os.environ)
        folders, problems = project.find(path)
        _check_out(out, len(folders))
        problems += project.same_targets(folders, out)
        count = sum(len(folder.facts) for folder in folders)
        days = options["forget_retired"]
        forget = 0 if days is None else clock.seconds - days * _DAY
        with progress(2 * count) as tick:  # half the time goes into reading, half into packing
            compiled = workspace.compile_folders(folders, clock=clock, forget=forget, tick=tick)
            problems += compiled.problems
            problems += [] if options["new_lock"] else workspace.missing_locks(compiled, out)
            problems += workspace.older_locks(compiled, out)
            problems += workspace.outdated_locks(compiled) if options["locked"] else []
            failed = fails(problems, strict=strict)
            packages = [] if failed else list(workspace.pack(compiled, tick=tick))
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
@FORMAT
@STRICT
def check(path: Path, form: str, *, strict: bool) -> None:
    """Show all problems of the decks at PATH (default: cards).

    Nothing is written. Says what the next build would change, too.

    Exit status: 0 if a build would succeed, 1 if not, 2 wrong usage.
    """
    from metaflash import files

    with world_failures():
        compiled = compile_path(path)
        report(compiled.problems, form, strict=strict, consequence="a build would stop here")
        for folder, built in compiled.decks:
            say(f"{files.shown(folder.path)}: {size(built)}, no errors{_since(built)}", form)


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
