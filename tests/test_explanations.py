"""What is said of each code: there is something for all of them, and the examples are true.

Each example is a deck of its own, in a folder, checked by the command that a teacher would use. A
block without a file's name is the first fact file; one that begins with a dash, its list of cards.
``before`` blocks are built first, a second one of a name as the next release. ``files`` are
pictures of ``tests/image_files.py``, ``sh`` is what somebody does in the folder; ``try`` the same, or
with a name a file, where it is nothing to show, and a ``text`` says in its place what there is. ``both`` stands on both sides. ``pytest --update`` writes the messages of the bad examples into the explanations.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from codes import codes
from conftest import DECK
from image_files import SAMPLES
from metaflash import explanations
from metaflash.cli import main
from metaflash.explanations import Example, Explanation

FOLDER = Path(explanations.__file__).parent

TODAY = 1_795_000_000

NOT_TRIED = {
    "id-collision": "two ids that give one number are not to be found in a small deck",
    "id-not-written": "it needs a file that no edit can mend, see test_ids.py",
    "too-many-blanks": "so long a sentence breaks rules of quality, too, see test_identity.py",
    "not-compiled": "it takes a machine that fails while the preview runs, see test_preview.py",
}
"""Codes whose examples are only told, and why."""


_EXPLAINED = [one for group in explanations.groups() for one in group.explanations]


def test_every_code_is_explained_once() -> None:
    assert sorted(one.code for one in _EXPLAINED) == sorted(codes())


def test_every_file_of_explanations_is_read() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} <= set(explanations.ORDER)
    for path in FOLDER.glob("*.md"):
        assert path.read_text("utf-8").startswith("# "), path


def test_what_is_not_tried_could_not_be() -> None:
    told = {one.code for one in _EXPLAINED if {e.language for e in one.examples} == {"text"}}
    assert told == set(NOT_TRIED)


@pytest.mark.parametrize("one", _EXPLAINED, ids=lambda one: one.code)
def test_an_explanation_has_all_its_parts(one: Explanation) -> None:
    assert len(one.paragraphs) >= 2
    for paragraph in one.paragraphs:
        assert paragraph.endswith("."), paragraph
    sides = [example.side for example in one.examples]
    assert "bad" in sides or one.code in NOT_TRIED
    assert {"good", "both"} & set(sides)
    assert set(sides) <= {"before", "both", "bad", "says", "good"}


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, on a certain day."""
    monkeypatch.setattr("metaflash.project.time.time", lambda: TODAY)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    folder = tmp_path / "bad" / "deck"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    "one", [one for one in _EXPLAINED if one.code not in NOT_TRIED], ids=lambda one: one.code
)
@pytest.mark.skipif(sys.platform == "win32", reason="its examples are written for a Unix shell")
def test_the_examples_are_true(
    one: Explanation, deck: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    said = _tried(one, "bad")
    if not any(e.side == "good" and _is_script(e) for e in one.examples):
        fresh = deck.parents[1] / "good" / "deck"
        fresh.mkdir(parents=True)
        monkeypatch.chdir(fresh)
    else:
        one = one._replace(examples=tuple(e for e in one.examples if e.side == "good"))
    assert _codes_in(said) == [one.code], said
    better = _tried(one, "good")
    assert _codes_in(better) == [], better
    if request.config.getoption("--update"):
        _update(one.code, said)
    else:
        assert (
            "".join(e.text for e in explanations.codes()[one.code].examples if e.side == "says")
            == said
        )


def explain(*arguments: str, width: int = 60) -> Result:
    return CliRunner(env={"COLUMNS": str(width)}).invoke(main, arguments)


def test_an_explanation_is_printed_for_a_terminal() -> None:
    result = explain("--explain", "empty-blank")
    assert result.exit_code == 0
    assert (
        result.stdout
        == """\
empty-blank

There is nothing between the marks of a blank.

A learner would be asked for nothing. Write the answer
between the marks; a hint goes behind it:
`==answer::hint==`.

Not like this:

    - fact: Leaves are green because they hold ====.
      id: green-leaves

metaflash says:

    01-first.yaml:2:46: error: a blank with nothing in it [empty-blank]
        2 |   - fact: Leaves are green because they hold ====.
          |                                              ^^^^
      Write the answer between the marks:  ==answer==

But like this:

    - fact: Leaves are green because they hold ==chlorophyll==.
      id: green-leaves
"""
    )


@pytest.mark.parametrize("width", [20, 40, 300])
def test_paragraphs_keep_to_the_width(width: int) -> None:
    said = explain("--explain", "unknown-key", width=width).stdout
    longest = max(len(line) for line in said.splitlines() if line[:1] not in ("", " "))
    assert min(width, 88) - 15 < longest <= min(width, 88)


def test_a_code_is_taken_as_it_is_shown_and_by_check_too() -> None:
    said = explain("--explain", "tab").stdout
    assert explain("check", "--explain", "[tab]").stdout == said
    assert explain("--explain", "Tab").stdout == said
    assert explain("check", "no-such-folder", "--explain", "tab").stdout == said


def test_a_code_that_is_none_is_wrong_usage() -> None:
    near = explain("--explain", "unknown-keys")
    assert near.exit_code == 2
    assert "There is no code `unknown-keys`. Did you mean `unknown-key`?" in near.stderr
    far = explain("check", "--explain", "\x1b[2J")
    assert far.exit_code == 2
    assert "the word in [brackets]" in far.stderr
    assert "\x1b" not in far.stderr


def test_an_explanation_has_colours_where_they_are_wanted() -> None:
    command = ["--explain", "tab"]
    assert "\x1b" not in CliRunner().invoke(main, command).stdout
    assert "\x1b[36mtab" in CliRunner().invoke(main, command, color=True).stdout
    quiet = CliRunner(env={"NO_COLOR": "1"})
    assert "\x1b" not in quiet.invoke(main, command, color=True).stdout


def test_codes_are_completed() -> None:
    environment = {
        "_METAFLASH_COMPLETE": "bash_complete",
        "COMP_WORDS": "metaflash --explain empty",
    }
    completed = CliRunner(env={**environment, "COMP_CWORD": "2"}).invoke(
        main, prog_name="metaflash"
    )
    assert set(completed.stdout.split()) >= {"plain,empty-blank", "plain,empty-hint"}


def test_a_report_says_once_where_there_is_more(deck: Path) -> None:
    (deck / "deck.yaml").write_text(DECK, "utf-8")
    (deck / "a.yaml.txt").touch()
    (deck / "b.yaml").write_text("cards:\n  - fact: x\n    id: x\n    exta: y\n", "utf-8")
    said = explain("check", ".").stdout
    assert said.endswith(
        "2 errors and 1 warning; a build would stop here.\n"
        "More on the first error:  metaflash --explain no-blank\n"
    )
    assert said.count("--explain") == 1
    for form in ("short", "json", "github"):
        assert "--explain" not in explain("check", ".", "--format", form).stdout


def test_the_page_has_all_of_it() -> None:
    page = explanations.page()
    assert page.startswith("## ")
    assert re.findall(r"^### (.*)$", page, re.MULTILINE) == [one.code for one in _EXPLAINED]
    assert set(re.findall(r"^```(\w+)$", page, re.MULTILINE)) == {"yaml", "sh", "text", "xml"}
    for one in _EXPLAINED:
        for paragraph in one.paragraphs:
            assert paragraph in page


def test_the_prose_of_a_message_is_wrapped_as_on_a_terminal_and_its_excerpt_is_not() -> None:
    said = explanations.shown(explanations.codes()["many-blanks"], 60)
    assert "      Each card shows the answers of the others, and too\n      little is left" in said
    assert ", and ==Cologne== on its way to the sea.\n          |   " in said


def _tried(one: Explanation, side: str) -> str:
    """What a check says of one side of the examples, without the summary."""
    examples = [e for e in one.examples if e.side in ("before", "both", side)]
    if not Path("deck.yaml").exists() and not any(e.name.endswith("deck.yaml") for e in examples):
        Path("deck.yaml").write_text(DECK, "utf-8")
    said = ""
    _write(e for e in examples if e.side == "both")
    for example in (e for e in examples if e.side == "before"):
        if _is_script(example):
            _run(example.text)
        elif example.name.endswith("deck.yaml"):
            _write([example])
        else:
            _write([example])
            assert _metaflash("build", ".").startswith("dist/")
    if any(e.side == "before" for e in examples) and not Path("metaflash.lock").exists():
        _metaflash("build", ".")
    _write(e for e in examples if e.side == side and not _is_script(e))
    for example in (e for e in examples if e.side == side and _is_script(e)):
        said = _run(example.text)
    return said or _metaflash("check", ".")


def _is_script(example: Example) -> bool:
    return example.language in {"sh", "try"} and not example.name


def _write(examples: Iterable[Example]) -> None:
    for language, _, name, text in examples:
        if "files" in (language, name):
            for line in text.splitlines():
                path, _, sample = line.partition(": ")
                _put(path, SAMPLES[sample.lower()])
        elif language != "text":
            whole = re.search(r"^(?:cards|topic|deck|%|#)", text, re.MULTILINE) or name
            listed = f"cards:\n{textwrap.indent(text, '  ')}"
            _put(name or "01-first.yaml", (text if whole else listed).encode())


def _put(name: str, content: bytes) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _run(script: str) -> str:
    """What a command of ours says, empty if it is another one."""
    if script.startswith("metaflash "):
        return _metaflash(*shlex.split(script)[1:])
    subprocess.run(["sh", "-e", "-c", script], check=True)
    return ""


def _metaflash(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments)
    assert not result.exception or isinstance(result.exception, SystemExit), result.exception
    said = result.stdout.rpartition("\n\n")[0]
    return f"{said}\n" if _codes_in(said) else result.stdout


def _codes_in(said: str) -> list[str]:
    return re.findall(r"^\S.*: (?:error|warning): .* \[([a-z-]+)\]$", said, re.MULTILINE)


def _update(code: str, said: str) -> None:
    """Put the message of a bad example behind it."""
    for path in FOLDER.glob("*.md"):
        text = path.read_text("utf-8")
        parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)
        for part in parts:
            if part.startswith(f"## {code}\n"):
                bare = re.sub(r"^```text says\n[\s\S]*?^```\n\n?", "", part, flags=re.MULTILINE)
                bad = [
                    found for found in explanations.BLOCK.finditer(bare) if found["side"] == "bad"
                ]
                end = bad[-1].end()
                new = f"{bare[:end]}\n```text says\n{said}```\n{bare[end:]}"
                path.write_text(text.replace(part, new), "utf-8", newline="\n")
