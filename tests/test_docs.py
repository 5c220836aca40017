"""The documentation's examples build, and what it says of the shipped deck is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import DECK, shelf
from image_files import SAMPLES
from metaflash import project
from metaflash.build import Sources, compile_deck
from metaflash.cli import main
from metaflash.diagnostics import Source, render
from metaflash.kinds import KINDS
from metaflash.times import Clock
from metaflash.workspace import compile_folders

CLOCK = 1_900_000_000

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_IMAGE = re.compile(r"^ +image: (.*)$", re.MULTILINE)
_YAML = re.compile(r"^```yaml ?(.*)\n([\s\S]*?)^```$", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_example_builds(page: Path) -> None:
    text = page.read_text("utf-8")
    examples = _YAML.findall(text)
    assert bool(examples) == (page.name in ("README.md", "format.md", "releasing.md"))
    settings = [Source("deck.yaml", body) for name, body in examples if name == "deck.yaml"]
    for deck in settings or [Source("deck.yaml", DECK)]:
        for name, body in examples:
            if name != "deck.yaml":
                pictures = shelf({f"media/{i}": SAMPLES["png"] for i in _IMAGE.findall(body)})
                sources = Sources((deck, []), [(Source(name, body), [])], media=pictures)
                built = compile_deck(sources, clock=Clock(1))
                assert not built.diagnostics, render(built.diagnostics, "text")
                assert built.notes


def test_the_readme_counts_the_shipped_deck_right() -> None:
    folders, _ = project.find(ROOT / "cards")
    ((_, built),) = compile_folders(folders, clock=Clock(1)).decks
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert f"in {len(built.notes)} notes and {built.cards} cards" in text


def test_the_shipped_deck_is_built_from_its_lock() -> None:
    folders, _ = project.find(ROOT / "cards")
    for _, built in compile_folders(folders, clock=Clock(CLOCK)).decks:
        assert built.before is not None
        assert built.lock == built.before, "build the deck, and commit its lock"


def test_every_module_is_in_the_plan_of_the_house() -> None:
    plan = (ROOT / "docs" / "how-it-works.md").read_text("utf-8")
    for path in (ROOT / "src" / "metaflash").glob("[!_]*"):
        if path.is_dir() or path.suffix == ".py":
            assert f"`{path.name}{'/' if path.is_dir() else ''}`" in plan


def test_every_command_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for name, command in main.commands.items():
        argument = "SHELL" if name == "completion" else "["
        assert f"\nmetaflash {name} {argument}" in text
        assert command.help
        assert len(command.get_short_help_str(200).split(". ")[0]) < 70


def test_every_kind_is_documented() -> None:
    for page in (ROOT / "README.md", ROOT / "docs" / "format.md"):
        text = page.read_text("utf-8")
        for kind in KINDS:
            assert f"`{kind}`" in text
