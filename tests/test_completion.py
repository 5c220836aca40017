"""Tab, pressed in the real shells; zsh and fish where they are installed."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from metaflash.cli import main

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX terminal")

_PATIENCE = 20.0
"""Seconds in which a shell must have answered, on the slowest machine."""

_PROMPT = "ready> "
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>()][B0]?|\x07|\r")


class Shell:
    """A shell at a terminal, in a folder with decks and packages."""

    def __init__(self, name: str, folder: Path) -> None:
        import pty

        start = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}[name]
        script = CliRunner().invoke(main, ["completion", name]).stdout
        (folder / start).parent.mkdir(parents=True, exist_ok=True)
        prompt = "" if name == "fish" else f"PS1='{_PROMPT}'; bind 'set bell-style none' 2>&-\n"
        (folder / start).write_text(prompt + script, "utf-8")
        arguments = {"bash": ["--rcfile", start, "-i"], "zsh": ["-i"], "fish": []}[name]
        environment = {
            "HOME": str(folder),
            "ZDOTDIR": str(folder),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "TERM": "dumb",
            "COLUMNS": "200",
        }
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:
            os.chdir(folder)
            os.execvpe(name, [name, *arguments], environment)  # noqa: S606 - the shell itself
        self._read_until(_PROMPT)

    def completes(self, line: str, *expected: str) -> str:
        """What the terminal shows after a line and two Tabs, once all that is expected is there."""
        os.write(self._terminal, b"\x15" + line.encode() + b"\t\t")
        shown = self._read_until(*expected)
        os.write(self._terminal, b"\x15\x0c\n")
        self._read_until(_PROMPT)
        return shown

    def _read_until(self, *expected: str) -> str:
        shown, end = "", time.monotonic() + _PATIENCE
        while not all(text in shown for text in expected) and time.monotonic() < end:
            if select.select([self._terminal], [], [], 0.1)[0]:
                shown += _CONTROL.sub(
                    "", os.read(self._terminal, 10_000).decode("utf-8", "replace")
                )
        assert all(text in shown for text in expected), shown
        return shown

    def close(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._terminal)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A teacher's folder."""
    for folder in ("cards/metastasis", "cards/my deck", "dist"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("cards/deck.yaml", "dist/metastasis.apkg", "notes.txt", "old.apkg"):
        (tmp_path / file).touch()
    return tmp_path


@pytest.fixture(params=["bash", "zsh"])
def shell(request: pytest.FixtureRequest, desk: Path) -> Iterator[Shell]:
    if not shutil.which(request.param):
        pytest.skip(f"{request.param} is not installed")
    running = Shell(request.param, desk)
    yield running
    running.close()


def test_tab_in_a_shell(shell: Shell) -> None:
    shown = shell.completes("metaflash ", "build", "check", "rehearse")
    assert shown.index("build") < shown.index("check") < shown.index("diff")
    shell.completes("metaflash reh", "metaflash rehearse ")
    shell.completes("metaflash build --str", "--strict ")
    shell.completes("metaflash build --", "--format", "--locked", "--watch")
    shell.completes("metaflash build --format ", "github", "json", "short", "text")
    shell.completes("metaflash build -o x --format sh", "-o x --format short ")
    shell.completes("metaflash completion z", "completion zsh ")
    shell.completes(f"{Path(sys.executable).parent}/metaflash reh", "/metaflash rehearse ")


def test_tab_in_a_shell_knows_folders_and_packages(shell: Shell) -> None:
    shell.completes("metaflash build ca", "build cards/")
    shell.completes("metaflash build cards/my", "build cards/my\\ deck/")
    shell.completes("metaflash build cards/my\\ deck --loc", "deck --locked ")
    assert "notes" not in shell.completes("metaflash check ", "cards", "dist")
    shell.completes("metaflash diff --against o", "--against old.apkg ")
    shell.completes("metaflash diff --against di", "--against dist/")
    shown = shell.completes("metaflash rehearse --from ", "cards/", "old.apkg")
    assert "notes" not in shown


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
def test_tab_in_fish(desk: Path) -> None:
    script = CliRunner().invoke(main, ["completion", "fish"]).stdout
    (desk / "metaflash.fish").write_text(script, "utf-8")
    environment = {
        **os.environ,
        "HOME": str(desk),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }

    def offered(line: str) -> list[str]:
        done = subprocess.run(
            ["fish", "-c", f"source metaflash.fish; complete -C '{line}'"],
            cwd=desk,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == ""
        return [item.partition("\t")[0] for item in done.stdout.splitlines()]

    assert offered("metaflash ") == sorted(main.commands)
    assert offered("metaflash reh") == ["rehearse"]
    assert offered(f"{Path(sys.executable).parent}/metaflash reh") == ["rehearse"]
    assert "--strict" in offered("metaflash build --")
    assert offered("metaflash build --format s") == ["short"]
    assert offered("metaflash build cards/m") == ["cards/metastasis/", "cards/my deck/"]
    assert offered("metaflash build cards/my\\ deck --loc") == ["--locked"]
    assert offered("metaflash diff --against ") == ["cards/", "dist/", "old.apkg"]


def test_what_is_offered_is_told_as_click_tells_it(desk: Path) -> None:
    def offered(*words: str) -> list[str]:
        environment = {
            **os.environ,
            "_METAFLASH_COMPLETE": "bash_complete",
            "COMP_WORDS": " ".join(["metaflash", *words]),
            "COMP_CWORD": str(len(words)),
        }
        command = [sys.executable, "-m", "metaflash"]
        done = subprocess.run(
            command, cwd=desk, env=environment, capture_output=True, text=True, check=True
        )
        assert done.stderr == ""
        return done.stdout.splitlines()

    assert offered("") == [f"plain,{name}" for name in main.commands]
    assert offered("build", "") == ["dir,"]
    assert offered("build", "-o", "d") == ["apkg,d"]
    assert offered("rehearse", "--from", "") == ["apkg,"]
    assert offered("rehearse", "--format", "j") == ["plain,json"]
    assert offered("preview", "--static", "") == ["file,"]


def test_an_answer_to_tab_loads_nothing_that_a_command_needs(desk: Path) -> None:
    needed = {"anki", "genanki", "json", "sqlite3", "watchfiles", "werkzeug", "yaml"}
    code = (
        "import atexit, sys; from metaflash.cli import main;"
        f" atexit.register(lambda: print(sorted({needed} & set(sys.modules)), file=sys.stderr));"
        " main(prog_name='metaflash')"
    )
    for shell in ("bash", "zsh", "fish"):
        environment = {
            **os.environ,
            "_METAFLASH_COMPLETE": f"{shell}_complete",
            "COMP_WORDS": "metaflash diff --against ",
            "COMP_CWORD": "" if shell == "fish" else "3",
        }
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command, cwd=desk, env=environment, capture_output=True, text=True, check=True
        )
        assert "apkg" in done.stdout
        assert done.stderr == "[]\n"


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_every_script_is_read_without_a_complaint(name: str, tmp_path: Path) -> None:
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    (tmp_path / "script").write_text(CliRunner().invoke(main, ["completion", name]).stdout, "utf-8")
    done = subprocess.run(
        [name, "-n", str(tmp_path / "script")], capture_output=True, text=True, check=True
    )
    assert done.stdout + done.stderr == ""


def test_without_metaflash_tab_offers_nothing(desk: Path) -> None:
    script = CliRunner().invoke(main, ["completion", "bash"]).stdout
    line = "COMP_WORDS=(metaflash b); COMP_CWORD=1; _metaflash metaflash b; echo ${#COMPREPLY[@]}"
    done = subprocess.run(
        ["bash", "-c", f"{script}\n{line}"],
        env={"PATH": "/usr/bin:/bin", "HOME": str(desk)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("0\n", "")
