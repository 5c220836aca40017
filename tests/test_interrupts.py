"""Ctrl-C, at any moment of any command: one line, exit status 130, and files that are whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from click.testing import CliRunner

import metaflash.files
from conftest import Write
from metaflash.cli import main
from previews import IN_FRONT

FACTS = "topic: Sites\ncards:\n  - fact: The ==liver==\n    id: liver\n"


class Keyboard:
    """Ctrl-C, pressed when a number of lines of `files.py` have run."""

    def __init__(self, moment: int) -> None:
        self.moment = moment

    @contextmanager
    def watching(self) -> Iterator[None]:
        before = sys.gettrace()
        sys.settrace(self._called)
        try:
            yield
        finally:
            sys.settrace(before)

    def _called(self, frame: FrameType, _event: str, _argument: Any) -> Any:  # noqa: ANN401 - as Python calls it
        return self._line if frame.f_code.co_filename == metaflash.files.__file__ else None

    def _line(self, _frame: FrameType, event: str, _argument: Any) -> Any:  # noqa: ANN401 - as Python calls it
        self.moment -= event == "line"
        if self.moment == 0:
            signal.raise_signal(signal.SIGINT)
        return self._line


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # a file may just have been opened
def test_at_any_moment_package_and_lock_are_both_old_or_both_new(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    monkeypatch.setattr(os, "fsync", lambda _: None)  # hundreds of builds
    folder = write({"01.yaml": FACTS})
    files = [tmp_path / "dist" / "deck.apkg", folder / "metaflash.lock"]
    command = ["build", str(folder), "-o", str(tmp_path / "dist")]
    heeding = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert CliRunner().invoke(main, command).exit_code == 0
        old = [file.read_bytes() for file in files]
        write({"01.yaml": FACTS.replace("The", "A")})
        assert CliRunner().invoke(main, command).exit_code == 0
        new = [file.read_bytes() for file in files]
        seen = set()
        for moment in count(1):
            for file, content in zip(files, old, strict=True):
                file.write_bytes(content)
            keyboard = Keyboard(moment)
            with keyboard.watching():
                result = CliRunner().invoke(main, command)
            now = [file.read_bytes() for file in files]
            assert now in (old, new)
            assert not list(tmp_path.rglob(".metaflash-*"))
            if keyboard.moment > 0:
                break
            assert (result.exit_code, result.stderr) == (130, "Interrupted.\n")
            seen.add(now == new)
        assert result.exit_code == 0
        assert seen == {False, True}
    finally:
        signal.signal(signal.SIGINT, heeding)


SLOW = """
import os, signal, metaflash.project
def pressed(*_):
    os.kill(os.getpid(), signal.SIGINT)
    signal.pause()
metaflash.project.find = pressed
"""
"""Ctrl-C as soon as a command looks for decks."""


@pytest.mark.skipif(os.name != "posix", reason="needs a signal that can be waited for")
@pytest.mark.parametrize(
    "command", [["build"], ["check"], ["diff"], ["ids"], ["preview", "--static", "x.html"]]
)
def test_every_command_ends_with_a_line(command: list[str], write: Write, tmp_path: Path) -> None:
    write({"01.yaml": FACTS})
    done = subprocess.run(
        [sys.executable, "-c", SLOW + IN_FRONT, *command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Interrupted.\n")


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX terminal")
def test_on_a_terminal_the_line_stands_below_its_own_mark(write: Write, tmp_path: Path) -> None:
    import pty

    write({"01.yaml": FACTS})
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", SLOW + IN_FRONT, "check"]
    done = subprocess.run(command, cwd=tmp_path, stderr=theirs, check=False)
    os.close(theirs)
    assert done.returncode == 130
    assert os.read(ours, 1000) == b"\r\nInterrupted.\r\n"
    os.close(ours)


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX pipe")
@pytest.mark.parametrize("arguments", ["--help", "build --help", "--version", "check", "diff"])
def test_a_reader_that_is_gone_is_no_error(arguments: str, write: Write, tmp_path: Path) -> None:
    write({"01.yaml": FACTS.replace("liver==", "liver")})
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "metaflash", *arguments.split()]
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            command, cwd=tmp_path, stdout=pipe, stderr=subprocess.PIPE, check=False
        )
    assert done.stderr == b""
