"""The documentation's examples build, and what it says of the shipped deck is so."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import DECK, shelf
from image_files import SAMPLES
from metaflash import explanations, project, schema
from metaflash.allow import RULES
from metaflash.build import Sources, compile_deck
from metaflash.cli import main
from metaflash.deck import Deck
from metaflash.diagnostics import Source, render
from metaflash.facts import FactFile
from metaflash.kinds import KINDS
from metaflash.quality import examine
from metaflash.record import Record
from metaflash.times import Clock
from metaflash.workspace import compile_folders
from walk import NOW, blocks, walk

CLOCK = 1_900_000_000

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
TUTORIAL = DOCS / "tutorial.md"
HOW_TO = sorted((DOCS / "how-to").glob("*.md"))
_IMAGE = re.compile(r"^ +image: (.*)$", re.MULTILINE)
_YAML = re.compile(r"^```yaml ?(.*)\n([\s\S]*?)^```$", re.MULTILINE)


@pytest.mark.parametrize("page", [p for p in PAGES if p != TUTORIAL], ids=lambda page: page.name)
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
                problems = [*built.diagnostics, *examine(built)]
                assert not problems, render(problems, "text")
                assert built.notes


@pytest.fixture(scope="module")
def after_the_tutorial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a reader of the tutorial has at its end."""
    folder = tmp_path_factory.mktemp("tutorial")
    walk(TUTORIAL.read_text("utf-8"), folder)
    return folder


def test_the_tutorial_can_be_followed(after_the_tutorial: Path) -> None:
    assert (after_the_tutorial / "dist" / "volcanoes.apkg").is_file()


@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.stem)
def test_a_how_to_can_be_followed_after_the_tutorial(
    page: Path, after_the_tutorial: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(after_the_tutorial, folder)
    walk(page.read_text("utf-8"), folder, NOW + 86_400)


def test_every_block_of_a_page_is_tried() -> None:
    for page in [*PAGES, *HOW_TO]:
        walked = page in [TUTORIAL, *HOW_TO]
        for block in blocks(page.read_text("utf-8")):
            by_ci = page.name == "README.md" and block.above in ("<!-- build -->", "<!-- test -->")
            assert block.language in ("yaml", "diff", "console", "sh"), block
            assert walked or block.language == "yaml" or by_ci, block
            assert not walked or block.language != "yaml" or block.about, block


_FENCED = re.compile(r"^```.*\n([\s\S]*?)^```$", re.MULTILINE)
_INLINE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_TYPED = re.compile(r"^(?:\$ )?(?:\S*bin/)?metaflash(?![\w.-])([^|>#\n]*)", re.MULTILINE)
_OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")


@pytest.mark.parametrize("page", [*PAGES, *HOW_TO], ids=lambda page: page.name)
def test_every_command_that_a_page_speaks_of_has_this_name_and_these_options(page: Path) -> None:
    text = page.read_text("utf-8")
    codes = [*_FENCED.findall(text), *_INLINE.findall(_FENCED.sub("", text))]
    for typed in (typed for code in codes for typed in _TYPED.findall(code)):
        name = typed.split()[0] if typed.strip() else ""
        assert not name[:1].isalpha() or name in main.commands, typed
        command = main.commands.get(name, main)
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(_OPTION.findall(typed)) <= {*known, "--help"}, typed


def test_the_line_for_editors_is_the_one_that_init_writes() -> None:
    assert f"\n{schema.modeline('facts')}```" in (DOCS / "editors.md").read_text("utf-8")


def test_every_rule_is_in_the_format_with_its_own_words() -> None:
    text = (DOCS / "format.md").read_text("utf-8")
    for name, about in RULES.items():
        assert f"| `{name}` | {about} |\n" in text


_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")


@pytest.mark.parametrize("page", [*PAGES, *HOW_TO], ids=lambda page: page.name)
def test_every_link_leads_somewhere_in_a_copy_of_the_repository(page: Path) -> None:
    for path, heading in _LINK.findall(page.read_text("utf-8")):
        target = page.parent / path if path else page
        assert target.is_file(), path
        if heading:
            titles = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), re.MULTILINE)
            assert heading in [re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles]


def test_every_page_is_listed_on_the_first() -> None:
    index = (DOCS / "index.md").read_text("utf-8")
    for page in DOCS.rglob("*.md"):
        assert page.name == "index.md" or f"({page.relative_to(DOCS).as_posix()})" in index


def test_the_site_is_built_without_a_warning_and_loads_nothing_from_elsewhere(
    tmp_path: Path,
) -> None:
    pytest.importorskip("sphinx")
    command = [sys.executable, "-m", "sphinx", "-W", "-n", "-q", str(DOCS), str(tmp_path)]
    subprocess.run(command, check=True)
    for page in tmp_path.rglob("*.html"):
        html = page.read_text("utf-8")
        assert not re.search(r"<(?:script|img|iframe)[^>]* src=.(?:https?:)?//", html)
        assert not re.search(r"<link[^>]* rel=.stylesheet[^>]* href=.(?:https?:)?//", html)
        assert "made: " not in html
        assert "<pre>" not in html, "keys cannot move what takes no focus"
        assert 'role="heading">' not in html, "a heading of no level"
    assert not re.search(r"@import|url\([\"']?(?:https?:)?//", _styles(tmp_path))
    kinds = (tmp_path / "kinds.html").read_text("utf-8")
    assert all(f"<h2>{kind}<" in kinds for kind in KINDS)
    messages = (tmp_path / "messages.html").read_text("utf-8")
    assert all(f'id="{code}"' in messages for code in explanations.codes())


def _styles(site: Path) -> str:
    """All style sheets of the site."""
    return "".join(sheet.read_text("utf-8") for sheet in site.rglob("*.css"))


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


def test_every_key_is_in_the_format_that_is_read_without_the_site() -> None:
    text = (DOCS / "format.md").read_text("utf-8")
    records: tuple[type[Record], ...] = (*KINDS.values(), Deck, FactFile)
    for record in records:
        for key in record.grammar():
            assert f"`{key}`" in text, key
