"""The media folder on disk: which files are in it, and what they hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from metaflash import files
from metaflash.files import shown, told
from metaflash.media import FOLDER, USUAL, Shelf
from metaflash.pictures import MAX_BYTES, Flaw, too_heavy
from metaflash.project import MAX_FOLDERS, Folder

_LITTER = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"}
"""What Windows and macOS leave in folders with pictures."""


def shelf(folder: Folder) -> Shelf:
    """The media folder of a deck; its files are read only when they are asked for."""
    top = folder.path / FOLDER
    found: dict[str, list[Path]] = {}
    for file in _files(top):
        found.setdefault(unicodedata.normalize("NFC", _name(file, top)), []).append(file)

    def read(name: str) -> bytes | Flaw:
        return _read(found[name][0], folder.path) if len(found[name]) == 1 else _TWINS

    def elsewhere(name: str) -> str:
        return _elsewhere(name, folder)

    names = frozenset(found) if top.is_dir() else None
    return Shelf(top.as_posix(), names, read, elsewhere)


_TWINS = Flaw(
    "twin-pictures",
    "two files of one name",
    "Their names differ only in how an accented letter is stored, which nobody can see, and on some"
    " computers they are one file. Delete one of them.",
)


def _name(file: Path, top: Path) -> str:
    return file.relative_to(top).as_posix()


def _files(folder: Path, depth: int = 0) -> Iterator[Path]:
    """All files below a folder, without hidden ones and links to folders; a folder that cannot be
    read or that is a link has been reported by who looked for fact files."""
    if folder.is_symlink() or depth > MAX_FOLDERS:
        return
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name.lower() in _LITTER:
            continue
        if not entry.is_dir():
            yield entry
        elif not entry.is_symlink():
            yield from _files(entry, depth + 1)


def _read(path: Path, deck: Path) -> bytes | Flaw:
    """The bytes of a file, or what is in the way; a link out of the deck's folder is not followed,
    and pipes and devices are never opened to wait."""
    home = deck.resolve()
    try:
        target = path.resolve(strict=True)
    except PermissionError as error:
        return _unreadable(error)
    except (OSError, RuntimeError):
        hint = "It leads nowhere, or back to itself. Delete it, or put the file itself here."
        return Flaw("broken-link", "a link without a file", hint)
    if not target.is_relative_to(home):
        hint = "A deck is made of the files in its own folder. Put the file itself here."
        return Flaw("link-out", "a link out of the folder", hint)
    try:
        data = files.read_below(home, target.relative_to(home), MAX_BYTES + 1)
    except OSError as error:
        return _unreadable(error)
    except ValueError as error:
        return Flaw("unreadable", str(error), "Put an ordinary file here.")
    return data if len(data) <= MAX_BYTES else too_heavy()


def _unreadable(error: OSError) -> Flaw:
    return Flaw("unreadable", "a file that cannot be read", f"The system says: {told(error)}")


def _elsewhere(name: str, folder: Folder) -> str:
    """A file of a name in the deck's folder, beside a fact file, or in a folder that may have been
    meant for pictures; empty if there is none."""
    places = [folder.path, *(facts.parent for facts in folder.facts), *_like_media(folder.path)]
    for place in dict.fromkeys(places):
        try:
            if (place / name).is_file():
                return shown(place / name)
        except (OSError, ValueError):  # a name that the system does not take
            continue
    return ""


def _like_media(folder: Path) -> list[Path]:
    """The folders beside the media folder that have another of its usual names."""
    try:
        return sorted(each for each in folder.iterdir() if each.name.casefold() in USUAL)
    except OSError:
        return []
