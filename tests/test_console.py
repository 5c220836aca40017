"""What is printed, on consoles of any code page, colour and width."""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Write
from metaflash.diagnostics import Diagnostic, Page, Source, Span, excerpt, render

METAFLASH = [sys.executable, "-m", "metaflash"]

# a path, an excerpt and a hint with signs and letters that most code pages lack some of
TYPED = "Die “Leber” – 肝臓 → Körper … ==Blut"
FACTS = f"topic: Sites\ncards:\n  - fact: {TYPED}\n    id: liver\n"

SOUND = "cards:\n  - fact: Blood from the gut goes to the ==liver== first\n    id: liver\n"

SHOWN = {
    "utf-8": TYPED,
    "cp437": 'Die "Leber" - \\u809d\\u81d3 -> Körper ... ==Blut',
    "cp850": 'Die "Leber" - \\u809d\\u81d3 -> Körper ... ==Blut',
    "cp1252": "Die “Leber” – \\u809d\\u81d3 -> Körper … ==Blut",
    "cp932": "Die “Leber” - 肝臓 → K\\xf6rper … ==Blut",
    "ascii": 'Die "Leber" - \\u809d\\u81d3 -> K\\xf6rper ... ==Blut',
}


def run(
    *arguments: str, cwd: Path, code: int, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """A command that ends with this code and never with a traceback."""
    done = subprocess.run(
        [*METAFLASH, *arguments],
        cwd=cwd,
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
    )
    assert b"Traceback" not in done.stderr
    assert done.returncode == code, done.stderr
    return done


# --- Letters ---------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", SHOWN)
def test_any_code_page_shows_problems_readably(encoding: str, write: Write) -> None:
    folder = write({"01.yaml": FACTS})
    done = run("check", ".", cwd=folder, code=1, PYTHONIOENCODING=encoding)
    assert done.stderr == b""
    _, line, carets, *_ = done.stdout.decode(encoding).splitlines()
    assert line == f"    3 |   - fact: {SHOWN[encoding]}"
    found = Span(Source("x", line), line.rindex("=="), line.rindex("==") + 2)
    wide = sum(2 if letter in "肝臓" else 1 for letter in line[: found.start])
    assert carets.rstrip() == "      |".ljust(wide) + "^^"


@pytest.mark.parametrize("encoding", SHOWN)
def test_json_is_ascii_whatever_the_code_page(encoding: str, write: Write) -> None:
    folder = write({"01.yaml": FACTS})
    done = run("check", ".", "--format", "json", cwd=folder, code=1, PYTHONIOENCODING=encoding)
    assert done.stdout.isascii()
    assert json.loads(done.stdout)[0]["code"] == "unclosed-blank"
    write({"01.yaml": FACTS.replace("Blut", "Blut==")})
    done = run("diff", ".", "--format", "json", cwd=folder, code=0, PYTHONIOENCODING=encoding)
    assert done.stdout.isascii()
    (change,) = json.loads(done.stdout)[0]["changes"]
    assert TYPED in json.dumps(change, ensure_ascii=False)


@pytest.mark.parametrize("encoding", SHOWN)
def test_a_release_note_is_a_file_in_utf8(encoding: str, write: Write) -> None:
    folder = write({"01.yaml": FACTS.replace("Blut", "Blut==")})
    done = run("diff", ".", "--format", "markdown", cwd=folder, code=0, PYTHONIOENCODING=encoding)
    assert "Die “Leber” – 肝臓 → Körper … **Blut**" in done.stdout.decode("utf-8")


@pytest.mark.parametrize("encoding", SHOWN)
def test_no_command_fails_for_a_letter(encoding: str, write: Write) -> None:
    folder = write({"01.yaml": FACTS.replace("Blut", "Blut==")})
    for arguments in (["build", "."], ["check", "."], ["diff", "."], ["ids", "."], ["--help"]):
        done = run(*arguments, cwd=folder, code=0, PYTHONIOENCODING=encoding)
        done.stdout.decode(encoding)
    done = run("check", "肝臓", cwd=folder, code=2, PYTHONIOENCODING=encoding)
    assert "does not exist" in done.stderr.decode(encoding)


# --- Colours ---------------------------------------------------------------------------------


def on_a_terminal(folder: Path, columns: int, **environment: str) -> str:
    """What `metaflash check` shows on a terminal of so many columns."""
    import fcntl
    import pty
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    unset = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"}
    inherited = {name: value for name, value in os.environ.items() if name not in unset}
    with subprocess.Popen(
        [*METAFLASH, "check", "."],
        cwd=folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**inherited, "TERM": "xterm", "PYTHONIOENCODING": "utf-8", **environment},
    ):
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 10_000)
            except OSError:  # Linux says so where it ends
                break
        os.close(ours)
    return shown.decode().replace("\r\n", "\n")


RED = "\x1b[31m\x1b[1merror:"


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX terminal")
def test_colour_is_for_terminals_that_know_it(write: Write) -> None:
    folder = write({"01.yaml": FACTS})
    assert RED in on_a_terminal(folder, 80)
    assert "\x1b" not in on_a_terminal(folder, 80, NO_COLOR="1")
    assert "\x1b" not in on_a_terminal(folder, 80, NO_COLOR="1", FORCE_COLOR="1")
    assert "\x1b" not in on_a_terminal(folder, 80, TERM="dumb")
    assert RED in on_a_terminal(folder, 80, TERM="dumb", FORCE_COLOR="1")
    assert RED in on_a_terminal(folder, 80, NO_COLOR="")


def test_a_pipe_has_colours_only_if_they_are_asked_for(write: Write) -> None:
    folder = write({"01.yaml": FACTS})
    assert b"\x1b" not in run("check", ".", cwd=folder, code=1).stdout
    assert b"\x1b[31m" in run("check", ".", cwd=folder, code=1, FORCE_COLOR="1").stdout
    quiet = run("check", ".", cwd=folder, code=1, FORCE_COLOR="1", NO_COLOR="1").stdout
    assert b"\x1b" not in quiet


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
@pytest.mark.parametrize(("closed", "text", "code"), [(">&-", FACTS, 1), ("2>&-", SOUND, 0)])
def test_a_stream_that_is_closed_changes_no_result(
    closed: str, text: str, code: int, write: Write
) -> None:
    folder = write({"01.yaml": text})
    command = f'"{sys.executable}" -m metaflash build . --format short {closed}'
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == code
    assert "Traceback" not in done.stderr + done.stdout
    assert (folder / "dist").exists() == (code == 0)


# --- Width -----------------------------------------------------------------------------------

LONG = (
    "topic: Sites\ncards:\n"
    "  - fact: The liver is a common site for the spread of cancers of the pancreas, ==lung and"
    " breast, since all of their blood goes through it first\n    id: liver\n"
)


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX terminal")
def test_a_narrow_terminal_tears_no_excerpt(write: Write) -> None:
    folder = write({"01.yaml": LONG})
    assert on_a_terminal(folder, 40, NO_COLOR="1") == (
        "01.yaml:3:81: error: == without its partner [unclosed-blank]\n"
        "    3 | … the pancreas, ==lung and bre …\n"
        "      |                 ^^\n"
        "  A blank is ==answer==, with no space\n"
        "  inside the marks. To show the signs\n"
        "  themselves, put spaces around them or\n"
        "  write \\=\\=.\n"
        "\n"
        "1 error; a build would stop here.\n"
        "More:  metaflash --explain unclosed-blank\n"
    )


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX terminal")
def test_a_wide_terminal_shows_the_whole_line(write: Write) -> None:
    folder = write({"01.yaml": LONG})
    assert f"    3 | {LONG.splitlines()[2]}\n" in on_a_terminal(folder, 200, NO_COLOR="1")
    assert " … " not in on_a_terminal(folder, 200, NO_COLOR="1")


def test_a_pipe_has_the_same_width_whatever_the_terminal(write: Write) -> None:
    folder = write({"01.yaml": LONG})
    pages = {run("check", ".", cwd=folder, code=1, COLUMNS=n).stdout for n in ("20", "40", "200")}
    assert len(pages) == 1


@pytest.mark.parametrize("columns", [1, 24, 40, 41, 60, 80, 100, 120, 200])
@pytest.mark.parametrize("letter", ["x", "肝", "e\u0301"])
def test_excerpts_fit_and_show_the_place(columns: int, letter: str) -> None:
    for before in (0, 1, 10, 30, 100, 300):
        for after in (0, 1, 10, 300):
            text = f"{letter * before}=={letter * after}"
            start = len(letter) * before
            span = Span(Source("x", text), start, start + 2)
            line, carets = excerpt(Diagnostic(span, "error", "c", "m"), page=Page(columns))
            assert max(_columns(line), _columns(carets)) <= max(columns, 24)
            assert _columns(line[: line.index("==")]) == carets.index("^")


def _columns(line: str) -> int:
    return sum({"肝": 2, "\u0301": 0}.get(character, 1) for character in line)


def _hint(text: str, columns: int) -> list[str]:
    problem = Diagnostic(Span(Source("x", ""), 0, 0), "error", "c", "m", text)
    return render([problem], "text", page=Page(columns)).splitlines()[1:]


def test_hints_are_wrapped_at_words_and_samples_never() -> None:
    prose = "Learners' cards stay in the deck of that name, and only new cards come to the new one."
    sample = "deck: A name that is longer than the terminal"
    assert _hint(f"{prose}\nIf you mean it, add:  {sample}", 40) == [
        "  Learners' cards stay in the deck of",
        "  that name, and only new cards come to",
        "  the new one.",
        "  If you mean it, add:",
        f"    {sample}",
    ]
    assert _hint("Write:  deck: x", 40) == ["  Write:  deck: x"]
    assert _hint(f"A deck is a folder with a deck.yaml such as:\n{sample}", 40) == [
        "  A deck is a folder with a deck.yaml",
        "  such as:",
        f"      | {sample}",
    ]
    address = "https://example.org/a-long-address-that-is-not-to-be-cut"
    assert _hint(f"It stands at {address} for all.", 40) == [
        "  It stands at",
        f"  {address}",
        "  for all.",
    ]
    assert _hint(prose, 0) == [f"  {prose}"]


def test_words_stay_whole_whatever_the_width() -> None:
    text = "One card has one kind. A new card begins with a dash:  - ask: …"
    for columns in range(1, 90):
        shown = " ".join(" ".join(_hint(text, columns)).split())
        assert shown == re.sub(" +", " ", text)
