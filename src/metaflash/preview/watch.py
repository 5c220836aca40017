"""When something in a folder was saved, seen at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from watchfiles import Change, watch

_TOGETHER = 50
"""Milliseconds in which changes count as one save: editors write, rename and delete."""

_LOOK = 500
"""Milliseconds after which it is looked whether the folder is still the same one."""


def saves(folder: Path) -> Iterator[None]:
    """One None for every save below a folder, for ever; one at the start, too, for what was saved
    before the watch stood.

    The folder may go and come back, or be replaced by another one, as git does.
    """
    while True:
        here = _identity(folder)
        if here is None:
            time.sleep(_LOOK / 1000)
            continue
        begun = False
        try:
            for changes in watch(
                folder,
                watch_filter=_Visible(folder),
                debounce=_TOGETHER,
                step=10,
                rust_timeout=_LOOK,
                yield_on_timeout=True,
                ignore_permission_denied=True,
            ):
                same = _identity(folder) == here
                if changes or not (same and begun):
                    begun = True
                    yield None
                if not same:
                    break
        except FileNotFoundError:
            yield None  # gone between two looks


def _identity(folder: Path) -> tuple[int, int] | None:
    """Which folder has this name now, None if there is none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


class _Visible:
    """Whether a change matters: metaflash leaves hidden files and folders out, as where editors
    keep their own."""

    def __init__(self, folder: Path) -> None:
        self._above = len(folder.resolve().parts)

    def __call__(self, _: Change, path: str) -> bool:
        """Whether no part of the path below the folder is hidden."""
        return not any(part.startswith(".") for part in Path(path).parts[self._above :])
