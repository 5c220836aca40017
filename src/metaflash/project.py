"""The folder on disk: finding decks, reading their files, where packages go, the clock.

What a teacher can mend in a file or folder is a diagnostic.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from metaflash import files, lock
from metaflash.build import Read
from metaflash.characters import decode
from metaflash.diagnostics import Diagnostic, Severity, Source, Span, has_errors, visible
from metaflash.files import WorldError, shown, told
from metaflash.source import MAX_BYTES
from metaflash.times import Clock

SETTINGS = "deck.yaml"
_DECK_HINT = f"""\
A deck is a folder with a {SETTINGS}. `metaflash init` starts one; or write it:
deck: Its name in Anki
id: its-name-for-ever
source: Where its facts come from"""
_FACTS = (".yaml", ".yml")
MAX_FOLDERS = 20
"""Folders inside each other; a deeper tree is not a deck but an accident."""

_MAX_LOCK_BYTES = 500_000_000

_EARLIEST = 946_684_800
_DAY = 86_400
_METAFLASH_BEGINS = 1_790_000_000
"""September 2026: a computer whose clock says less has lost the time."""


class Folder(NamedTuple):
    """A deck on disk: its folder, and the paths of its files in the order of introduction."""

    path: Path
    settings: Path
    facts: tuple[Path, ...]

    @property
    def lock(self) -> Path:
        """Where the deck's lock is, or will be."""
        return self.path / lock.NAME

    @property
    def name(self) -> str:
        """The folder's own name, also for ``.`` and ``..``."""
        return self.path.resolve().name


# --- Finding decks ---------------------------------------------------------------------------


def find(path: Path) -> tuple[list[Folder], list[Diagnostic]]:
    """The decks at or below a folder, in path order, and what is wrong with the folders."""
    problems: list[Diagnostic] = []
    found = sorted(_files(path, path, 0, problems), key=lambda file: file.parts)
    roots = [file.parent for file in found if file.name == SETTINGS]
    facts: dict[Path, list[Path]] = {root: [] for root in roots}
    astray: dict[Path, Path] = {}
    for file in found:
        if file.name == SETTINGS or _is_like_settings(file):
            continue
        root = next((folder for folder in file.parents if folder in facts), None)
        if root is None:
            astray.setdefault(file.parent, file)
        else:
            facts[root].append(file)
    for file in [file for file in found if _is_like_settings(file)]:
        message = f"`{shown(Path(file.name))}` is not the name of a deck's settings"
        problems.append(problem(file, "settings-name", message, f"Rename it to {SETTINGS}."))
        astray.pop(file.parent, None)
    for file in astray.values():
        message = f"a file of no deck: there is no {SETTINGS} beside it or above"
        problems.append(problem(file, "no-deck", message, _DECK_HINT))
    if not found and not has_errors(problems):
        problems.append(problem(path, "no-deck", "a folder without a deck", _DECK_HINT))
    return [Folder(root, root / SETTINGS, tuple(facts[root])) for root in roots], problems


def _files(folder: Path, top: Path, depth: int, problems: list[Diagnostic]) -> Iterator[Path]:
    """All YAML files below a folder, hidden ones left out, links out of ``top`` refused."""
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        hint = f"The system says: {told(error)}"
        problems.append(problem(folder, "unreadable", "a folder that cannot be read", hint))
        return
    for entry in entries:
        file = folder / entry.name
        if entry.name.startswith("."):
            continue
        if entry.is_symlink() and not _is_harmless(file, top, problems):
            continue
        if entry.is_dir():
            if depth == MAX_FOLDERS:
                hint = f"metaflash looks {MAX_FOLDERS} folders deep."
                problems.append(problem(file, "too-deep", "too many folders in folders", hint))
                continue
            yield from _files(file, top, depth + 1, problems)
        elif file.suffix.lower() in _FACTS or _is_like_settings(file):
            yield file
        elif file.suffix.lower() == ".txt" and Path(file.stem).suffix.lower() in _FACTS:
            hint = f"Rename it to {shown(Path(file.stem))}; as it is, its facts are left out."
            message = "a fact file with .txt at the end of its name"
            problems.append(problem(file, "file-name", message, hint, "warning"))


def _is_like_settings(file: Path) -> bool:
    """Whether a file was probably meant to be the deck's settings."""
    name = file.name.lower().removesuffix(".txt")
    return name in ("deck.yaml", "deck.yml") and file.name != SETTINGS


def _is_harmless(link: Path, top: Path, problems: list[Diagnostic]) -> bool:
    """Whether a link leads to a file inside the project; YAML behind any other is reported."""
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        hint = "It leads nowhere, or back to itself. Delete it, or put the file itself here."
        if link.suffix.lower() in _FACTS:
            problems.append(problem(link, "broken-link", "a link without a file", hint))
        return False
    if target.is_dir():
        hint = "metaflash does not follow links to folders. Put the folder itself here."
        problems.append(problem(link, "linked-folder", "a link to a folder", hint))
        return False
    if link.suffix.lower() in _FACTS and not target.is_relative_to(top.resolve()):
        hint = "A deck is made of the files in its own folder. Put the file itself here."
        problems.append(problem(link, "link-out", "a link out of the folder", hint))
        return False
    return True


# --- Reading -----------------------------------------------------------------------------------


def read(path: Path, limit: int = MAX_BYTES) -> Read:
    """A file as text, None where there is none to use; ``limit`` is in bytes.

    Never raises: what is wrong with the file is among the problems.
    """
    data, problems = content(path, limit)
    if data is None:
        return None, problems
    source, problems = decode(path.as_posix(), data)
    return (None if problems else source), problems


def content(path: Path, limit: int = MAX_BYTES) -> tuple[bytes | None, list[Diagnostic]]:
    """A file's bytes, None with a problem where there are none to use; pipes and devices are never
    opened to wait."""
    try:
        data = files.read(path, limit + 1)
    except FileNotFoundError:
        hint = "It was there a moment ago. Run the command again."
        return None, [problem(path, "unreadable", "a file that is gone", hint)]
    except OSError as error:
        hint = f"The system says: {told(error)}"
        return None, [problem(path, "unreadable", "a file that cannot be read", hint)]
    except ValueError as error:
        return None, [problem(path, "unreadable", str(error), "Put an ordinary file here.")]
    if len(data) > limit:
        hint = f"The limit is {limit // 1_000_000} MB. Facts can be split into several files."
        return None, [problem(path, "too-large", "a file too large to read", hint)]
    return data, []


def read_lock(folder: Folder) -> Read | None:
    """A deck's lock as text, None if it has none yet."""
    return read(folder.lock, _MAX_LOCK_BYTES) if has_lock(folder) else None


def has_lock(folder: Folder) -> bool:
    """Whether there is something with the lock's name, whatever it is."""
    return os.path.lexists(folder.lock)


def problem(
    path: Path, code: str, message: str, hint: str, severity: Severity = "error"
) -> Diagnostic:
    """A problem with a file or folder as a whole."""
    return Diagnostic(Span(Source(path.as_posix(), ""), 0, 0), severity, code, message, hint)


# --- Packages and locks ---------------------------------------------------------------------


def target(out: Path, folder: Folder) -> Path:
    """Where a deck's package goes: ``out`` itself if it names a package, else a file inside."""
    return out if out.suffix.lower() == ".apkg" else out / f"{folder.name}.apkg"


def same_targets(folders: Iterable[Folder], out: Path) -> Iterator[Diagnostic]:
    """Decks whose packages would overwrite each other, on any system's rules for names."""
    owners: dict[str, Folder] = {}
    for folder in folders:
        path = target(out, folder)
        owner = owners.setdefault(str(path).casefold(), folder)
        if owner != folder:
            message = f"two decks for one package, {shown(path)}"
            hint = (
                f"The package is named after the folder. Rename this one, or {shown(owner.path)}."
            )
            yield problem(folder.settings, "same-output", message, hint)


# --- The clock ---------------------------------------------------------------------------------


def clock(environment: Mapping[str, str]) -> Clock:
    """The time of the build: ``SOURCE_DATE_EPOCH`` where it is set.

    The time decides whether learners get an edit, so an absurd one is refused with WorldError
    (the variable: https://reproducible-builds.org/specs/source-date-epoch/).
    """
    now = int(time.time())
    text = environment.get("SOURCE_DATE_EPOCH", "")
    if not text:
        if now < _METAFLASH_BEGINS:
            message = f"The computer's clock says {lock.moment(now)}. Set it right, then try again."
            raise WorldError(message)
        return Clock(now)
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        message = (
            f"SOURCE_DATE_EPOCH is {visible(text[:40])!r}; it must be a number of seconds since 1970."
            " Unset it, and the clock counts."
        )
        raise WorldError(message)
    if not _EARLIEST <= int(text) <= now + _DAY:
        message = (
            f"SOURCE_DATE_EPOCH={text[:20]} is before the year 2000 or after tomorrow. Anki takes an"
            " edit only if it is newer than what the learner has; unset it or set a real time."
        )
        raise WorldError(message)
    return Clock(int(text), stated=True)
