"""`metaflash preview`, run as a teacher runs it, and asked over HTTP what it shows."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

_PATIENCE = 20.0
"""Seconds in which a save must have been seen, on the slowest machine."""

IN_FRONT = """
import signal
from metaflash.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""
"""metaflash, heeding Ctrl-C even if the tests run in the background, where nobody does."""


class Shown:
    """What a running preview shows."""

    def __init__(self, address: str) -> None:
        self.address = address

    def comes_to(self, *words: str, problems: tuple[str, ...] = ()) -> bool:
        """Whether the words of the notes and the codes of the problems are these, in a while."""
        end = time.monotonic() + _PATIENCE
        while (now := self._now()) != (words, problems) and time.monotonic() < end:
            time.sleep(0.05)
        return now == (words, problems)

    def _now(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        with urlopen(f"{self.address}list", timeout=10) as answer:  # noqa: S310 - it is ours
            found = json.load(answer)
        notes, problems = found["notes"], found["problems"]
        return tuple(note[8] for note in notes), tuple(problem["code"] for problem in problems)


@contextmanager
def preview(folder: Path, *options: str, before: str = "") -> Iterator[str]:
    """The address of a running preview, which must last until it is ended by Ctrl-C; ``before`` is
    Python to run first."""
    command = [sys.executable, "-c", before + IN_FRONT, "preview", str(folder), "--no-browser"]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        try:
            yield running.stdout.readline().strip()
        finally:
            running.send_signal(signal.SIGINT)
            try:
                ended = running.wait(30)
            finally:
                running.kill()
    assert ended == 0
