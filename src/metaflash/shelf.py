"""The media folder on disk: which files are in it, and what they hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from metaflash import files
from metaflash.files import reason, shown
from metaflash.media import FOLDER, Shelf
from metaflash.pictures import MAX_BYTES, Flaw, too_heavy
from metaflash.project import MAX_FOLDERS, Folder

_LITTER = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"}
"""What Windows and macOS leave in folders with pictures."""


def shelf(folder: Folder) -> Shelf:
    """The media folder of a deck; its files are read only when they are asked for."""
    top = folder.path / FOLDER
    found = {unicodedata.normalize("NFC", _name(file, top)): file for file in _files(top)}

    def read(name: str) -> bytes | Flaw:
        return _read(found[name], folder.path)

    def elsewhere(name: str) -> str:
        return _elsewhere(name, folder)

    names = frozenset(found) if top.is_dir() else None
    return Shelf(top.as_posix(), names, read, elsewhere)


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
    if path.is_symlink():
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):
            hint = "It leads nowhere, or back to itself. Put the file itself here."
            return Flaw("broken-link", "a link without a file", hint)
        if not target.is_relative_to(deck.resolve()):
            hint = "A deck is made of the files in its own folder. Put the file itself here."
            return Flaw("link-out", "a link out of the folder", hint)
    try:
        data = files.read(path, MAX_BYTES + 1)
    except OSError as error:
        return Flaw("unreadable", "a file that cannot be read", f"{reason(error)}.")
    except ValueError as error:
        return Flaw("unreadable", str(error), "Put an ordinary file here.")
    return data if len(data) <= MAX_BYTES else too_heavy()


def _elsewhere(name: str, folder: Folder) -> str:
    """A file of a name in the deck's folder or beside a fact file, empty if there is none."""
    for place in dict.fromkeys([folder.path, *(facts.parent for facts in folder.facts)]):
        try:
            if (place / name).is_file():
                return shown(place / name)
        except (OSError, ValueError):  # a name that the system does not take
            continue
    return ""
