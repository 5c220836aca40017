"""`metaflash build --watch`, running while a teacher writes: what it tells, and what it leaves alone."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from conftest import DECK, Write
from metaflash import package
from metaflash.cli import main
from previews import IN_FRONT

FACTS = "topic: Sites\ncards:\n  - fact: The ==liver==\n    id: liver\n"
BROKEN = FACTS.replace("liver==", "liver")
PROBLEM = "cards/deck/01.yaml:3:15: error: == without its partner [unclosed-blank]\n"

_PATIENCE = 20.0
"""Seconds in which a save must have been built, on the slowest machine."""

_TIME = re.compile(r"^\d\d:\d\d:\d\d  ", re.MULTILINE)


class Running:
    """A build that goes on, and what it told so far, with `…` for the time of day."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        self.process = process
        self._output = output

    @property
    def told(self) -> str:
        return _TIME.sub("…  ", self._output.read_text("utf-8"))

    def comes_to(self, expected: str) -> bool:
        """Whether exactly this is told after a while."""
        end = time.monotonic() + _PATIENCE
        while self.told != expected and time.monotonic() < end:
            assert self.process.poll() is None, self.told
            time.sleep(0.05)
        assert self.told == expected
        return True


@contextmanager
def watching(folder: Path, *options: str) -> Iterator[Running]:
    """A build of `cards` in a folder that goes on until Ctrl-C, and then ends well."""
    command = [sys.executable, "-c", IN_FRONT, "build", "--watch", *options]
    output = folder / "told.txt"
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    with (
        output.open("wb") as file,
        subprocess.Popen(
            command, cwd=folder, stdout=file, stderr=subprocess.PIPE, env=environment
        ) as process,
    ):
        try:
            yield Running(process, output)
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0
            assert process.stderr
            assert process.stderr.read() == b""
        finally:
            process.kill()


def save(file: Path, text: str) -> None:
    """Save as most editors do: write another file, then rename it."""
    new = file.with_name(f"{file.name}~")
    new.write_text(text, "utf-8")
    new.replace(file)


def words(target: Path) -> str:
    """What the package says of the liver."""
    release = package.read(target.read_bytes())
    assert release
    return release.notes["liver"].words["Text"]


BEGUN = "Watching cards; what is built counts as given to learners. Ctrl-C ends it.\n…  dist/deck.apkg: Metastasis, 1 note, 1 card"
FIRST = f"{BEGUN}, all new\n  cards/deck/metaflash.lock is new: commit it with the facts.\n"
EDITED = "…  dist/deck.apkg: Metastasis, 1 note, 1 card, 0 new, 1 edited, 0 retired\n"
UNCHANGED = "…  dist/deck.apkg: Metastasis, 1 note, 1 card, no note changed\n"


def test_every_save_is_built_and_told_in_a_line(write: Write, tmp_path: Path) -> None:
    facts = write({"01.yaml": FACTS}) / "01.yaml"
    with watching(tmp_path) as running:
        assert running.comes_to(FIRST)
        save(facts, FACTS.replace("The", "A"))
        assert running.comes_to(FIRST + EDITED)
        assert words(tmp_path / "dist/deck.apkg").startswith("A ")
        facts.write_text(FACTS.replace("The", "One"), "utf-8")
        assert running.comes_to(FIRST + EDITED * 2)
        assert words(tmp_path / "dist/deck.apkg").startswith("One ")


def test_a_mistake_is_shown_and_leaves_the_last_package_and_lock(
    write: Write, tmp_path: Path
) -> None:
    facts = write({"01.yaml": FACTS}) / "01.yaml"
    with watching(tmp_path) as running:
        assert running.comes_to(FIRST)
        files = [tmp_path / "dist/deck.apkg", facts.with_name("metaflash.lock")]
        before = [(file.read_bytes(), file.stat().st_mtime_ns) for file in files]
        save(facts, BROKEN)
        told = FIRST + (
            f"\n{PROBLEM}"
            "    3 |   - fact: The ==liver\n"
            "      |               ^^\n"
            "  A blank is ==answer==, with no space inside the marks. To show the signs themselves,"
            " put spaces around them or write \\=\\=.\n"
            "\n…  1 error; nothing was written.\n"
        )
        assert running.comes_to(told)
        save(facts, BROKEN + "# still thinking\n")
        assert running.comes_to(told + "…  the same 1 error; nothing was written.\n")
        assert [(file.read_bytes(), file.stat().st_mtime_ns) for file in files] == before
        save(facts, FACTS)
        told += "…  the same 1 error; nothing was written.\n" + UNCHANGED
        assert running.comes_to(told)
        assert [(file.read_bytes(), file.stat().st_mtime_ns) for file in files] == before


def test_a_save_that_changes_nothing_is_passed_over(write: Write, tmp_path: Path) -> None:
    facts = write({"01.yaml": FACTS}) / "01.yaml"
    with watching(tmp_path) as running:
        assert running.comes_to(FIRST)
        (lock,) = tmp_path.rglob("metaflash.lock")
        written = lock.stat().st_mtime_ns
        for text in (FACTS, FACTS + "# a remark\n", FACTS):
            save(facts, text)
            time.sleep(0.5)  # so that it is seen by itself
        assert lock.stat().st_mtime_ns == written
        save(facts, FACTS.replace("The", "A"))
        assert running.comes_to(FIRST + EDITED)


def test_its_own_files_in_the_watched_folder_start_no_build(write: Write, tmp_path: Path) -> None:
    facts = write({"01.yaml": FACTS}) / "01.yaml"
    with watching(tmp_path, "-o", "cards/out") as running:
        first = FIRST.replace("dist/", "cards/out/")
        assert running.comes_to(first)
        time.sleep(0.5)  # in which it could build again
        for number in (1, 2):
            save(facts, FACTS.replace("The", "The " * (number + 1)))
            assert running.comes_to(first + EDITED.replace("dist/", "cards/out/") * number)


def test_folders_that_go_and_come_back(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": FACTS})
    with watching(tmp_path) as running:
        assert running.comes_to(FIRST)
        shutil.move(folder.parent, tmp_path / "away")
        gone = (
            "\ncards: error: a folder that cannot be read [unreadable]\n"
            "  The system says: no such file or directory. Look whether the name is right.\n\n…  1 error; nothing was written.\n"
        )
        assert running.comes_to(FIRST + gone)
        shutil.move(tmp_path / "away", folder.parent)
        assert running.comes_to(FIRST + gone + UNCHANGED)
        save(folder / "01.yaml", FACTS.replace("The", "A"))
        assert running.comes_to(FIRST + gone + UNCHANGED + EDITED)


def test_decks_that_come_and_go(write: Write, tmp_path: Path) -> None:
    write({"01.yaml": FACTS})
    with watching(tmp_path) as running:
        assert running.comes_to(FIRST)
        other = tmp_path / "cards" / "other"
        other.mkdir()
        (other / "01.yaml").write_text(FACTS, "utf-8")
        (other / "deck.yaml").write_text(
            DECK.replace("Metastasis", "Other").replace("k3f9", "x"), "utf-8"
        )
        end = (
            "…  dist/other.apkg: Other, 1 note, 1 card, all new\n"
            "  cards/other/metaflash.lock is new: commit it with the facts.\n"
        )
        deadline = time.monotonic() + _PATIENCE
        while not running.told.endswith(end) and time.monotonic() < deadline:
            time.sleep(0.05)  # a folder without its deck.yaml may have been seen, too
        assert running.told.endswith(end)
        told = running.told
        (other / "deck.yaml").unlink()
        lost = "cards/other/01.yaml: error: a file of no deck: there is no deck.yaml beside it"
        while lost not in running.told and time.monotonic() < deadline:
            time.sleep(0.05)
        assert lost in running.told.removeprefix(told)
        assert (tmp_path / "dist" / "other.apkg").is_file()


def test_what_the_disk_refuses_is_told_once_and_tried_again(write: Write, tmp_path: Path) -> None:
    facts = write({"01.yaml": FACTS}) / "01.yaml"
    (tmp_path / "dist" / "deck.apkg").mkdir(parents=True)
    refused = (
        "…  Error: Cannot write dist/deck.apkg: a folder of this name is in the way."
        " Rename the folder, or use another place. The file that was there is untouched."
    )
    begun = (
        f"Watching cards; what is built counts as given to learners. Ctrl-C ends it.\n{refused}\n"
    )
    with watching(tmp_path) as running:
        assert running.comes_to(begun)
        (tmp_path / "dist" / "deck.apkg").rmdir()
        save(facts, FACTS + "\n")
        end = "  cards/deck/metaflash.lock is new: commit it with the facts.\n"
        made = FIRST.removeprefix(
            "Watching cards; what is built counts as given to learners. Ctrl-C ends it.\n"
        )
        assert end in made
        assert running.comes_to(begun + made)


def test_problems_for_programs(write: Write, tmp_path: Path) -> None:
    facts = write({"01.yaml": BROKEN}) / "01.yaml"
    command = [sys.executable, "-c", IN_FRONT, "build", "--watch", "--format", "json"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        decoder = json.JSONDecoder()
        text = ""
        while not text.endswith("]\n"):
            text += process.stdout.readline()
        ((problem,), _) = decoder.raw_decode(text)
        assert problem["code"] == "unclosed-blank"
        save(facts, FACTS)
        assert process.stdout.readline() == "[]\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert "1 error; nothing was written.\n" in process.stderr.read()


def test_warnings_are_shown_once_and_fail_where_they_are_to(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": FACTS, "02.yaml.txt": FACTS})
    with watching(tmp_path, "--format", "short") as running:
        warning = (
            "cards/deck/02.yaml.txt:1:1: warning: a fact file with .txt at the end of its name"
            " [file-name]\n"
        )
        begun = "Watching cards; what is built counts as given to learners. Ctrl-C ends it.\n"
        first = f"{begun}{warning}…  1 warning.\n{FIRST.removeprefix(begun)}"
        assert running.comes_to(first)
        save(folder / "01.yaml", FACTS.replace("The", "A"))
        assert running.comes_to(f"{first}…  the same 1 warning.\n{EDITED}")
    with watching(tmp_path, "--format", "short", "--strict") as running:
        assert running.comes_to(f"{begun}{warning}…  1 warning; nothing was written.\n")


def test_options_of_a_single_build_are_refused(write: Write) -> None:
    folder = write({"01.yaml": FACTS})
    for option in ("--locked", "--new-lock", "--forget-retired=30"):
        result = CliRunner().invoke(main, ["build", str(folder), "--watch", option])
        assert result.exit_code == 2
        assert "--watch builds what you write" in result.stderr


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX pipe")
def test_it_ends_when_nobody_reads_any_more(write: Write, tmp_path: Path) -> None:
    facts = write({"01.yaml": FACTS}) / "01.yaml"
    command = [sys.executable, "-c", IN_FRONT, "build", "--watch"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        for _ in range(3):
            process.stdout.readline()
        process.stdout.close()
        save(facts, BROKEN)
        assert process.wait(30) == 1
        assert process.stderr.read() == b""
