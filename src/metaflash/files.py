"""Files, read so that nothing hangs and written so that nothing is left half done.

What the world refuses (a full disk, no permission to write) is a ``WorldError``: one sentence that
says what to do.
"""

from __future__ import annotations

import errno
import os
import signal
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath

from metaflash.diagnostics import visible


class WorldError(Exception):
    """The machine refused something; the message is for a person."""


def shown(path: Path) -> str:
    """A path as it can be printed."""
    return visible(path.as_posix())


def reason(error: OSError) -> str:
    """Why the system refused something, to stand behind a colon."""
    text = error.strerror or type(error).__name__
    return text[0].lower() + text[1:]


_REMEDIES = {
    errno.ENOENT: "Look whether the name is right.",
    errno.EACCES: "Change its permissions, or use another place.",
    errno.EPERM: "Change its permissions, or use another place.",
    errno.EROFS: "Use another place.",
    errno.ENOSPC: "Make room on the disk, and run the command again.",
    errno.EISDIR: "Rename the folder, or use another place.",
}


def told(error: OSError) -> str:
    """Why the system refused something and, where that can be said, what to do: to stand behind a
    colon."""
    return f"{reason(error)}. {_REMEDIES.get(error.errno or 0, '')}".rstrip()


# --- Reading -------------------------------------------------------------------------------


_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read(path: Path, limit: int | None) -> bytes:
    """The content of an ordinary file, up to a limit."""
    return _content(os.open(path, _READING), limit)


def read_below(folder: Path, name: PurePath, limit: int) -> bytes:
    """The content of an ordinary file below a folder, up to a limit; ``name`` has no ``..`` in it.

    No link on the way is followed, not even one that another program puts there meanwhile (Windows
    cannot tell). Raises OSError, and ValueError for what is no ordinary file.
    """
    if os.open not in os.supports_dir_fd:
        return read(folder / name, limit)
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in name.parent.parts:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
            os.close(at)
            at = inner
        return _content(os.open(name.name, _READING | os.O_NOFOLLOW, dir_fd=at), limit)
    finally:
        os.close(at)


def _content(descriptor: int, limit: int | None) -> bytes:
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            message = "a pipe, device or folder with the name of a file"
            raise ValueError(message)
        return file.read(limit)


def previous(path: Path) -> bytes | None:
    """The package that a build is about to replace, None if there is none that can be read."""
    try:
        return read(path, None)
    except (OSError, ValueError):
        return None


def given(path: Path) -> bytes:
    """The bytes of a file that a command was given; WorldError where there are none."""
    try:
        return read(path, None)
    except OSError as error:
        message = f"Cannot read {shown(path)}: {told(error)}"
        raise WorldError(message) from error
    except ValueError as error:
        message = f"Cannot read {shown(path)}: {error}. Give an ordinary file."
        raise WorldError(message) from error


# --- Writing -------------------------------------------------------------------------------


def save(files: Sequence[tuple[Path, bytes]]) -> None:
    """Put files in place as wholes: after a failure at any moment each is the old one or the new.

    All are written beside their targets before the first is moved, so that a full disk or a
    missing permission leaves every old one; Ctrl-C is heeded when all are in place. Raises WorldError.
    """
    with _undisturbed():
        _save(files)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits until what is done here is done."""
    pressed: list[int] = []
    try:
        heed = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    except ValueError:  # another thread than the main one, which no signal reaches
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, heed)
        if pressed:
            signal.raise_signal(signal.SIGINT)


def _save(files: Sequence[tuple[Path, bytes]]) -> None:
    staged: list[tuple[Path, Path]] = []
    try:
        for path, content in files:
            try:
                target_path = Path(os.path.realpath(path))  # through a link, to the file meant
                staged.append((_staged(target_path, content), target_path))
            except OSError as error:
                raise _not_written(path, error) from error
        for new, path in staged:
            try:
                new.replace(path)
            except OSError as error:
                raise _not_written(path, error) from error
    finally:
        for new, _ in staged:
            with suppress(OSError):
                new.unlink()
    for folder in {path.parent for _, path in staged}:
        _sync_folder(folder)


def create(files: Sequence[tuple[Path, bytes]]) -> None:
    """Put files where there are none: all of them or, after a failure, none, and no new folder.

    Raises WorldError, also where something of one of the names is there.
    """
    for path, _ in files:
        if os.path.lexists(path):
            message = f"{shown(path)} is there already; nothing was written."
            raise WorldError(message)
    above = {folder for path, _ in files for folder in path.parents}
    new = [folder for folder in above if not os.path.lexists(folder)]
    try:
        save(files)
    except BaseException:
        with suppress(OSError):
            for path, _ in files:
                path.unlink(missing_ok=True)
        for folder in sorted(new, key=lambda folder: len(folder.parts), reverse=True):
            with suppress(OSError):
                folder.rmdir()
        raise


def _staged(path: Path, content: bytes) -> Path:
    """The content in a file beside its target, flushed to the disk."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "a folder of this name is in the way")
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".metaflash-", suffix=".new", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _open_to_readers(new, path)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise
    return new


def _open_to_readers(new: Path, old: Path) -> None:
    """Give the new file the old one's permissions, or those of any new file."""
    try:
        mode = stat.S_IMODE(old.stat().st_mode)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    with suppress(OSError):  # some file systems know no permissions
        new.chmod(mode)


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system has a way to say so."""
    if os.name != "posix":
        return
    with suppress(OSError):  # the file is in place already, and some file systems refuse this
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _not_written(path: Path, error: OSError) -> WorldError:
    kept = ""
    with suppress(OSError):
        kept = " The file that was there is untouched." if path.exists() else ""
    return WorldError(f"Cannot write {shown(path)}: {told(error)}{kept}")
