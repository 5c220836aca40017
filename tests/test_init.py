"""A new deck builds at once, and nothing that was there is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from metaflash.cli import main
from metaflash.kinds import KINDS


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def files() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def test_a_new_deck_works_with_every_command() -> None:
    made = run("init")
    assert made.exit_code == 0, made.output
    assert "metaflash build cards/my-deck" in made.output
    assert sorted(files()) == [
        "cards/my-deck/.schema/deck.json",
        "cards/my-deck/.schema/facts.json",
        "cards/my-deck/01-first.yaml",
        "cards/my-deck/deck.yaml",
    ]
    facts = Path("cards/my-deck/01-first.yaml").read_text("utf-8")
    assert all(f"- {kind}: " in facts for kind in KINDS)
    settings = Path("cards/my-deck/deck.yaml")
    assert f"Say in {settings.as_posix()} where your facts come from." in made.output
    check = run("check", "cards/my-deck")
    assert check.exit_code == 0, check.output
    assert check.output.count(" warning: ") == 1
    assert "the source is still that of the examples [example-left]" in check.output
    assert run("build", "cards/my-deck", "--strict").exit_code == 1
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("The example cards of metaflash", "A book"), "utf-8")
    check = run("check", "cards/my-deck", "--strict")
    assert check.exit_code == 0, check.output
    build = run("build", "cards/my-deck", "--strict")
    assert build.exit_code == 0, build.output
    assert "My deck, 9 notes" in build.output
    assert run("preview", "cards/my-deck", "--static", "all.html").exit_code == 0
    assert "every card has its id" in run("ids").output


def test_two_new_decks_of_one_name_have_two_ids() -> None:
    run("init", "a", "--deck", "Same")
    run("init", "b", "--deck", "Same")
    ids = [
        line
        for folder in "ab"
        for line in Path(folder, "deck.yaml").read_text("utf-8").splitlines()
        if line.startswith("id: same-")
    ]
    assert len(set(ids)) == 2


@pytest.mark.parametrize("name", ["日本語", "A: B", "Latin::Verbs", "no", '#1 "best" deck', "1.10"])
def test_a_name_is_the_name_that_was_given(name: str) -> None:
    assert run("init", "a", "--deck", name).exit_code == 0
    assert f"\ndist/a.apkg: {name}, " in run("build", "a").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["日本"], "No id can be made"),
        (["a", "--deck", "Default"], "cannot be called “Default”"),
        (["a", "--deck", "A:: B"], "Write:  deck: A::B"),
        (["a", "--deck", " "], "needs a name"),
        (["notes.txt"], "is a file"),
        (["cards/bio/deck.yaml"], "is the name of a file. Give that of the deck's folder:"),
        (["x" * 300], "Cannot look at "),
        (["notes.txt/deck"], "Cannot write notes.txt/deck"),
        (["old"], "is a deck already"),
        (["old/sub"], "is inside the deck"),
        (["."], "holds old/deck.yaml already"),
        (["loose"], "holds loose/a.yaml already"),
        (["blocked"], "Cannot write blocked/.schema/facts.json"),
        (["new", "--deck", "A\udcff"], "cannot be called"),
        (["locked"], "locked/.schema/facts.json is there already"),
    ],
)
def test_where_there_can_be_no_new_deck_nothing_is_written(arguments: list[str], said: str) -> None:
    for name in (
        "notes.txt",
        "old/deck.yaml",
        "loose/a.yaml",
        "blocked/.schema",
        "locked/.schema/facts.json",
    ):
        Path(name).parent.mkdir(exist_ok=True, parents=True)
        Path(name).write_text("x", "utf-8")
    before, folders = files(), sorted(Path().rglob("*"))
    made = run("init", *arguments)
    assert made.exit_code == 1
    assert said in made.output
    assert made.output.count("\n") == 1
    assert files() == before
    assert sorted(Path().rglob("*")) == folders


def test_schemas_are_written_into_a_deck_only() -> None:
    run("init", "a")
    Path("a/.schema/facts.json").write_text("old", "utf-8")
    assert run("schema", "--write", "a").exit_code == 0
    assert Path("a/.schema/facts.json").read_text("utf-8") == run("schema").output
    assert Path("a/.schema/deck.json").read_text("utf-8") == run("schema", "deck").output
    assert run("schema", "--write", "nowhere").exit_code == 2
