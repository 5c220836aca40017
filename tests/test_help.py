"""`--help`: a golden file for each command, on pages of any width, with examples that work."""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from metaflash.cli import main
from metaflash.cli.manual import Manual

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden" / "help"
COMMANDS = ["", *main.commands]


def page(command: str, width: int) -> str:
    """The help of a command, none for metaflash itself, on a page of so many columns."""
    arguments = [*command.split(), "--help"]
    result = CliRunner().invoke(main, arguments, terminal_width=width - 2, prog_name="metaflash")
    assert result.exit_code == 0
    return result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command(command: str, request: pytest.FixtureRequest) -> None:
    path = GOLDEN / f"{command or 'metaflash'}.txt"
    shown = page(command, 80)
    if request.config.getoption("--update"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown, "utf-8")
    assert shown == path.read_text("utf-8")


def test_no_help_of_a_command_that_is_gone() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == {
        command or "metaflash" for command in COMMANDS
    }


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
@pytest.mark.parametrize("command", COMMANDS)
def test_help_fits_any_page_and_loses_nothing(command: str, width: int) -> None:
    shown = page(command, width)
    found = main.commands[command] if command else main
    assert isinstance(found, Manual)
    examples = {example for example, _ in found.examples}
    for line in shown.splitlines():
        assert len(line) < width or any(example in line for example in examples), line
    for example in examples:
        assert f"  {example}" in shown
    assert "".join(shown.split()) == "".join(page(command, 1000).split())


def test_a_narrow_terminal_is_asked_for_its_width() -> None:
    result = CliRunner(env={"COLUMNS": "40"}).invoke(main, ["build", "--help"])
    assert max(map(len, result.stdout.splitlines())) <= 47  # the longest example
    assert "\n  -o, --out PATH\n      Write the packages" in result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_all_of_its_parts(command: str) -> None:
    shown = page(command, 80)
    for heading in ("Usage: ", "\nOptions:\n", "\nExamples:\n", "\nEnvironment:\n"):
        assert heading in shown
    assert ("\nExit status:\n" in shown) == bool(command)


def _examples() -> list[str]:
    return [
        example
        for command in [main, *main.commands.values()]
        if isinstance(command, Manual)
        for example, _ in command.examples
    ]


@pytest.mark.parametrize("example", _examples())
def test_every_example_works(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "cards", tmp_path / "cards")
    monkeypatch.chdir(tmp_path)
    words = shlex.split(example.partition(" > ")[0].partition(" >> ")[0])
    assert words.pop(0) == "metaflash"
    assert CliRunner().invoke(main, ["build", "-o", "old.apkg"]).exit_code == 0
    goes_on = "--watch" in words or (words[0] == "preview" and "--static" not in words)
    if goes_on or words[0] == "rehearse":  # whether the words are right is all that is tried here
        command = main.commands[words[0]]
        assert isinstance(command.make_context(words[0], words[1:]), click.Context)
    else:
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, result.output


def test_a_bare_metaflash_shows_the_help() -> None:
    result = CliRunner().invoke(main, [], terminal_width=78, prog_name="metaflash")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == page("", 80)


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ("chek", "No such command 'chek'. Did you mean:  metaflash check"),
        ("Build", "No such command 'Build'. Did you mean:  metaflash build"),
        ("explain leak", "No such command 'explain'. It is an option:  metaflash --explain leak"),
        ("explain", "No such command 'explain'. It is an option:  metaflash --explain CODE"),
        ("--strict build", "--strict stands behind the command:  metaflash build --strict"),
        ("-o x build", "-o stands behind the command:  metaflash build -o"),
        (
            "cards/",
            "'cards/' is a folder. First comes what to do with it:  metaflash build cards/",
        ),
        (
            "cards/metastasis/deck.yaml",
            (
                "'cards/metastasis/deck.yaml' is a file. First comes what to do, then the deck's"
                " folder:  metaflash build cards/metastasis"
            ),
        ),
    ],
)
def test_a_slip_in_a_command_is_answered_with_the_right_one(
    arguments: str, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(main, arguments.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == f"Error: {answer}"


@pytest.mark.skipif(os.name != "posix", reason="other shells quote in other ways")
def test_a_folder_with_a_space_is_answered_as_it_is_typed(tmp_path: Path) -> None:
    (tmp_path / "my deck").mkdir()
    result = CliRunner().invoke(main, [f"{tmp_path}/my deck"])
    assert result.stderr.endswith(f":  metaflash build '{tmp_path}/my deck'\n")


def test_a_word_that_is_like_no_command_is_answered_with_all() -> None:
    for word in ("frobnicate", "x" * 300):
        result = CliRunner().invoke(main, [word])
        assert result.exit_code == 2
        assert f"There are {', '.join(main.commands)}." in result.stderr


def test_a_slip_in_an_option_is_answered_with_the_right_one() -> None:
    result = CliRunner().invoke(main, ["build", "--stict"])
    assert result.exit_code == 2
    assert "--strict" in result.stderr
    result = CliRunner().invoke(main, ["check", "--format", "jsn"])
    assert result.exit_code == 2
    assert "'json'" in result.stderr
