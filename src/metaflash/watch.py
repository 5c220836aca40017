"""When something in a folder was saved, seen at once.

The system tells when to look (``watchfiles``), and a look says whether there is something new. A system
does not tell everything: nothing of a file behind a link, of a folder that was deleted and made anew,
of a name that is no text, and nothing at all once it has no watch left to give. So there is a look
every now and then, too, and a watch that missed something is set up anew.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISDIR
from typing import TypeAlias

from watchfiles import Change, watch

from metaflash.project import MAX_FOLDERS

_TOGETHER = 50
"""Milliseconds in which changes count as one save: editors write, rename and delete."""

_LOOK = 500
"""Milliseconds after which it is looked whether there is something that was not told, at the soonest."""

Sight: TypeAlias = dict[Path, tuple[int, ...]]
"""All that a compiler could find below a folder, by path: mode, inode, and of a file its size and times;
nothing of what cannot be seen, or is not followed."""


def saves(folder: Path) -> Iterator[None]:
    """One None at the start, to compile; then one for every save below the folder since, for ever.

    The folder may go and come back, or be replaced by another one, as git does.
    """
    begun = time.monotonic()
    seen = look(folder)
    pause = max(_LOOK, round(20_000 * (time.monotonic() - begun)))  # 5 % of the time, to look
    yield None
    while True:
        for told in _wakings(_folders(seen), pause):
            now = look(folder)
            before, seen = seen, now
            if told or now != before:
                yield None
            blind = not told and now != before
            if blind or _folders(now) != _folders(before):
                break


def _wakings(folders: list[Path], pause: int) -> Iterator[bool]:
    """When to look: True where the system told of a change in one of the folders, else False, after
    ``pause`` milliseconds; it ends where the watch does, and there may be none to be had."""
    try:
        if folders:
            for changes in watch(
                *folders,
                watch_filter=_is_visible,
                debounce=_TOGETHER,
                step=10,
                rust_timeout=pause,
                yield_on_timeout=True,
                recursive=False,  # it would follow links to folders, even to the whole disk
                ignore_permission_denied=True,
            ):
                yield bool(changes)
    except (OSError, RuntimeError):  # RuntimeError: what watchfiles cannot do, such as other names
        pass
    time.sleep(pause / 1000)
    yield False


def _is_visible(_: Change, path: str) -> bool:
    """Whether a change matters: metaflash leaves hidden files out, as where editors keep their own."""
    return not Path(path).name.startswith(".")


# --- A look ------------------------------------------------------------------------------------


def look(folder: Path) -> Sight:
    """What is below a folder, hidden files and folders left out; links to folders are not followed,
    as the compiler does not follow them."""
    sight: Sight = {}
    _look(folder, 0, sight)
    return sight


def _look(path: Path, depth: int, sight: Sight) -> None:
    """A file or folder, and what is in it, put into ``sight``."""
    try:
        found = path.stat()
        sight[path] = (found.st_mode, found.st_ino)
        if not S_ISDIR(found.st_mode):
            sight[path] += (found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        elif depth > MAX_FOLDERS or (depth and path.is_symlink()):
            sight[path] = ()
        else:
            for entry in path.iterdir():
                if not entry.name.startswith("."):
                    _look(entry, depth + 1, sight)
    except OSError:
        sight.setdefault(path, ())


def _folders(sight: Sight) -> list[Path]:
    """The folders that can be watched; a name that is no text cannot be told."""
    return sorted(
        path for path, found in sight.items() if found and S_ISDIR(found[0]) and _is_text(path)
    )


def _is_text(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True
