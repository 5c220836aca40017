"""What the tests share: a teacher's folder to write into, and golden files."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from metaflash import lock as locks
from metaflash.build import Build, Sources, compile_deck
from metaflash.characters import decode
from metaflash.lock import Lock
from metaflash.media import NO_SHELF, Shelf
from metaflash.times import Clock

DECK = """\
deck: Metastasis
id: metastasis-k3f9
source: Study notes
"""

Write = Callable[[Mapping[str, str | bytes]], Path]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the golden files")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files into a deck's folder, with a deck.yaml unless one is given; gives the folder."""

    def write_files(files: Mapping[str, str | bytes]) -> Path:
        folder = tmp_path / "cards" / "deck"
        for name, content in {"deck.yaml": DECK, **files}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return write_files


def shelf(files: Mapping[str, str | bytes]) -> Shelf:
    """The media folder of a deck's files."""
    held = {
        name.removeprefix("media/"): content if isinstance(content, bytes) else content.encode()
        for name, content in files.items()
        if name.startswith("media/")
    }
    return Shelf("media", frozenset(held), held.__getitem__, lambda _: "") if held else NO_SHELF


def compiled(
    files: Mapping[str, str | bytes],
    lock: Lock | str | None = None,
    clock: int = 1_700_000_000,
    forget: int | None = None,
) -> Build:
    """A deck's files compiled, with a deck.yaml unless one is given; the others in path order, and
    those in ``media/`` as its pictures."""
    reads = {
        name: decode(name, text.encode())
        for name, text in ({"deck.yaml": DECK} | dict(files)).items()
        if isinstance(text, str) and not name.startswith("media/")
    }
    settings = reads.pop("deck.yaml")
    text = locks.write(lock) if isinstance(lock, Lock) else lock
    locked = None if text is None else decode("metaflash.lock", text.encode())
    sources = Sources(settings, [reads[name] for name in sorted(reads)], locked, shelf(files))
    return compile_deck(sources, clock=Clock(clock), forget=forget)


def on_a_terminal(command: list[str]) -> tuple[subprocess.CompletedProcess[bytes], bytes]:
    """A command that succeeds, run with its errors going to a terminal; and what was shown there."""
    import pty

    ours, theirs = pty.openpty()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, check=True)
    os.close(theirs)
    shown = b""
    while not shown.endswith(b"\n"):
        shown += os.read(ours, 1000)
    os.close(ours)
    return done, shown
