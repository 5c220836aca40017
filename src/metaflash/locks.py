"""What can be wrong with a lock beside its deck and its package, however well it reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from metaflash import files, lock, project
from metaflash.deck import Deck
from metaflash.diagnostics import Diagnostic, Severity
from metaflash.workspace import Compiled


def missing(compiled: Compiled, out: Path, severity: Severity = "error") -> Iterator[Diagnostic]:
    """Decks that were built before, as far as one can tell, and have no lock."""
    for folder, build in compiled.decks:
        if build.deck is None or build.lock is None or project.has_lock(folder):
            continue
        target = project.target(out, folder)
        if _latest(target, build.deck):
            sign = f"{files.shown(target)} was built with one"
        elif any(entry.name for entry in build.lock.notes.values()):
            sign = "a fact has a `was`, so there was a build, and it wrote one"
        else:
            continue
        hint = (
            f"Restore it from git, or from a backup: {sign}.\n"
            "Without it guids and ids are the same, but blank numbers are counted anew, so that\n"
            "reviews may come under other blanks; retired facts are dropped; and every note counts\n"
            "as changed, which replaces what learners edited.\n"
            "To go on without it all the same:  metaflash build --new-lock"
        )
        message = f"{folder.lock.name} is missing, and with it what learners have"
        yield project.problem(folder.lock, "lock-missing", message, hint, severity)


def older(compiled: Compiled, out: Path) -> Iterator[Diagnostic]:
    """Decks whose package was built with a newer lock than the one that is there."""
    for folder, build in compiled.decks:
        target = project.target(out, folder)
        newest = _latest(target, build.deck) if build.deck and build.before else 0
        if build.before and newest > build.before.newest:
            hint = (
                f"{files.shown(target)} has changes built at {lock.moment(newest)}, this lock none after"
                f" {lock.moment(build.before.newest)}. If learners have that package, restore the newer"
                " lock, or blank numbers may be given out twice. If it was never released, all is well."
            )
            message = "the lock is older than the package"
            yield project.problem(folder.lock, "lock-older", message, hint, "warning")


def _latest(target: Path, deck: Deck) -> int:
    """The time of the latest change in the package of a deck (seconds), 0 if there is none."""
    old = files.previous(target)
    if old is None:
        return 0
    from metaflash import package

    found = package.latest(old)
    return found[1] if found and found[0] == deck.id else 0


def outdated(compiled: Compiled) -> Iterator[Diagnostic]:
    """Decks whose lock does not hold what the sources say."""
    for folder, build in compiled.decks:
        if build.lock != build.before:
            hint = "Look at `metaflash diff`, build without --locked, and commit the lock."
            message = "the lock is older than the sources" if build.before else "there is no lock"
            yield project.problem(folder.lock, "lock-outdated", message, hint)
