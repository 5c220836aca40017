"""A page of the docs walked through as its reader would: files written, commands typed, outputs compared.

- A block ``yaml FILE`` with a folder in its name is a file that the reader writes.
- A block ``diff FILE`` is an edit: what is taken out and put in, with the lines around it.
- A block ``yaml now FILE`` is what the file holds at that point.
- A block ``console`` has commands behind ``$``, each with its whole output; a line ``…`` stands for any
  lines. ``console fails`` is for commands that are to end with 1.
- A block ``sh`` has commands without their output. ``sh not-run`` is run by nobody, and a comment above it,
  ``<!-- not run: … -->``, says why.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

BLOCK = re.compile(
    r"^(?P<above>.*)\n```(?P<info>[a-z]+ ?.*)\n(?P<text>[\s\S]*?)^```$", re.MULTILINE
)

NOW = 1_700_000_000
"""Seconds since the epoch of the first command; each further one is a minute later."""


class Block(NamedTuple):
    """A block of a page: its language, the rest of its first line, the line above it, its text."""

    language: str
    about: str
    above: str
    text: str


def blocks(page: str) -> Iterator[Block]:
    """The blocks of a page in order."""
    for found in BLOCK.finditer(page):
        language, _, about = found["info"].partition(" ")
        yield Block(language, about, found["above"], found["text"])


def walk(page: str, folder: Path, clock: int = NOW) -> None:
    """Do in a folder what a page says; AssertionError where something else comes of it.

    ``clock`` is the time before the first command, in seconds since the epoch.
    """
    for block in blocks(page):
        if block.about == "not-run":
            assert block.above.startswith("<!-- not run: "), block
        elif block.language == "yaml" and block.about.startswith("now "):
            file = folder / block.about.removeprefix("now ")
            assert file.read_text("utf-8") == block.text
        elif block.language == "yaml" and "/" in block.about:
            _write(folder / block.about, block.text)
        elif block.language == "diff":
            _edit(folder / block.about, block.text)
        elif block.language == "console":
            for command, output in _typed(block.text):
                clock += 60
                status, said = _run(command, folder, clock)
                assert _matches(said, output), f"$ {command}\n{said}"
                assert status == (1 if block.about == "fails" else 0), f"$ {command}\n{said}"
        elif block.language == "sh":
            clock += 60
            status, said = _run(block.text, folder, clock)
            assert status == 0, f"{block.text}\n{said}"


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def _edit(file: Path, change: str) -> None:
    lines = change.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if line[0] in " -")
    new = "".join(line[1:] for line in lines if line[0] in " +")
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"{file.name} has this {text.count(old)} times:\n{old}"
    file.write_text(text.replace(old, new), "utf-8")


def _typed(text: str) -> Iterator[tuple[str, str]]:
    """The commands of a block, each with the output that is shown below it."""
    _, *parts = re.split(r"^\$ ", text, flags=re.MULTILINE)
    for part in parts:
        command, _, output = part.partition("\n")
        yield command, output


def _run(command: str, folder: Path, clock: int) -> tuple[int, str]:
    environment = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "SOURCE_DATE_EPOCH": str(clock),
        **{f"GIT_{who}_NAME": "A teacher" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "teacher@example.org" for who in ("AUTHOR", "COMMITTER")},
    }
    done = subprocess.run(
        ["bash", "-euc", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def _matches(said: str, shown: str) -> bool:
    """Whether an output is the one that is shown, in which a line ``…`` stands for any lines."""
    parts = re.split(r"^…\n", shown, flags=re.MULTILINE)
    return re.fullmatch(r"(?:.*\n)*?".join(map(re.escape, parts)), said) is not None
