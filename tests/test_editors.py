"""What the YAML language server makes of the schemas: its verdicts, completions and explanations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import compiled
from language_server import MISSING, LanguageServer
from metaflash import schema, starter
from metaflash.kinds import KINDS
from schema_cases import CASES, ONLY_CHECK, UNSEEN, Case

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)
FACTS = schema.modeline("facts")


@pytest.fixture(scope="module")
def server() -> Iterator[LanguageServer]:
    running = LanguageServer()
    yield running
    running.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A deck's folder with its schemas."""
    for name, content in schema.files().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_its_verdict_is_that_of_check(server: LanguageServer, folder: Path, case: Case) -> None:
    said = []
    for name, text in case.texts.items():
        line = schema.modeline("deck" if name == "deck.yaml" else "facts")
        said += server.complaints(folder / name, line + text)
    codes = {p.code for p in compiled(case.files).diagnostics if p.severity == "error"}
    if said:
        assert codes, f"check accepts what the server refuses: {said}"
    else:
        assert codes <= set(ONLY_CHECK) | set(UNSEEN)


def test_a_new_deck_is_accepted(server: LanguageServer, folder: Path) -> None:
    for path, content in starter.files("My deck", "my-deck-k3f9").items():
        if path.suffix == ".yaml":
            assert not server.complaints(folder / path, content.decode())


def test_an_empty_card_is_offered_the_kinds(server: LanguageServer, folder: Path) -> None:
    offered = server.completions(folder / "a.yaml", f"{FACTS}cards:\n  - ")
    assert {*KINDS, *(f"{kind} …" for kind in KINDS)} == set(offered)
    assert offered["ask …"].startswith("ask: ${1:")
    assert "\n  answer: ${2:" in offered["ask …"]


def test_a_card_is_offered_the_keys_of_its_kind(server: LanguageServer, folder: Path) -> None:
    offered = server.completions(folder / "a.yaml", f"{FACTS}cards:\n  - ask: Why?\n    ")
    assert {"answer", "id", "extra", "image", "tags"} <= set(offered)
    assert not {*KINDS, "means", "steps"} & set(offered)


@pytest.mark.parametrize(
    ("key", "words"), [("image-on", {"front", "back"}), ("allow", {"leak", "contrast-ok"})]
)
def test_words_are_offered(server: LanguageServer, folder: Path, key: str, words: set[str]) -> None:
    start = "[" if key == "allow" else ""
    text = f"{FACTS}cards:\n  - ask: Why?\n    answer: So\n    {key}: {start}"
    assert words <= set(server.completions(folder / "a.yaml", text))


def test_keys_are_explained(server: LanguageServer, folder: Path) -> None:
    text = f"{FACTS}cards:\n  - ask: Why?\n    answer: So\n"
    assert "A question and its answer: one card." in server.hover(folder / "a.yaml", text, "ask:")
    assert "Its answer, as short as it can be." in server.hover(folder / "a.yaml", text, "answer:")


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ("qusetion: Why?", "The first key of a card names its kind: "),
        ("ask: Why?", 'Missing property "answer".'),
        ("{ask: Why?, anser: So}", "Property anser is not allowed."),
        ("fact: The liver", "two equals signs"),
        ("{ask: Why?, answer: [So]}", "Write one text here."),
        ("{ask: Why?, answer: So, id: The Liver}", "An id has small letters"),
    ],
)
def test_mistakes_are_said_in_our_words(
    server: LanguageServer, folder: Path, card: str, said: str
) -> None:
    complaints = server.complaints(folder / "a.yaml", f"{FACTS}cards:\n  - {card}\n")
    assert any(said in complaint for complaint in complaints), complaints
