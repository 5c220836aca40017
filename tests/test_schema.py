"""The JSON Schema agrees with ``metaflash check``, but for what a schema cannot know."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from conftest import compiled
from metaflash import schema, starter
from metaflash.deck import Deck
from metaflash.diagnostics import Source
from metaflash.facts import FactFile, parse_facts
from metaflash.kinds import KINDS
from metaflash.kinds.kind import Leaf
from metaflash.record import Record
from metaflash.shape import Shaped
from metaflash.tree import Mapping, Node, Scalar, Sequence
from schema_cases import CASES, ONLY_CHECK, Case

VALIDATORS = {name: Draft7Validator(json.loads(make())) for name, make in schema.SCHEMAS.items()}
_CORE = (
    (re.compile(r"(?:null|Null|NULL|~|)"), lambda _: None),
    (re.compile(r"true|True|TRUE|false|False|FALSE"), lambda text: text.lower() == "true"),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"), float),
)


def value(node: Node) -> Any:  # noqa: ANN401 - JSON
    """What YAML 1.2 makes of a node, as editors read it."""
    match node:
        case Mapping(entries=entries):
            return {key.text: value(item) for key, item in entries}
        case Sequence(items=items):
            return [value(item) for item in items]
        case Scalar(text=text, style=""):
            return next((make(text) for form, make in _CORE if form.fullmatch(text)), text)
        case Scalar(text=text):
            return text
    return None


def complaints(name: str, text: str) -> list[str]:
    tree, reading = parse_facts(Source(name, text))
    if tree is None or reading.problems:
        return ["YAML"]
    validator = VALIDATORS["deck" if name == "deck.yaml" else "facts"]
    return [error.message for error in validator.iter_errors(value(tree))]


def test_the_schemas_are_draft_7_and_the_same_every_time() -> None:
    for name, make in schema.SCHEMAS.items():
        Draft7Validator.check_schema(json.loads(make()))
        assert make() == make()
        assert schema.files()[f".schema/{name}.json"].decode() == make()


def test_every_reader_says_what_it_takes_and_every_key_what_it_is_for() -> None:
    records: tuple[type[Record], ...] = (Deck, FactFile, Leaf, *KINDS.values())
    for record in records:
        for name, key in record.grammar().items():
            assert isinstance(key.read, Shaped), f"{record.__name__}: {name}"
            assert record.shape()["properties"][name]["description"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_the_schema_agrees_with_check(case: Case) -> None:
    said = [text for name, text in case.texts.items() for text in complaints(name, text)]
    codes = {p.code for p in compiled(case.files).diagnostics if p.severity == "error"}
    if said:
        assert codes, f"check accepts what the schema refuses: {said}"
    else:
        assert codes <= set(ONLY_CHECK), "the schema could know this"


def test_a_new_deck_is_accepted() -> None:
    for path, content in starter.files("A: deck", "a-deck-k3f9").items():
        if path.suffix == ".yaml":
            assert not complaints(path.name, content.decode())


@pytest.mark.parametrize(
    "text", ["No", "1.10", "12", "true", "2024-01-02", "12:30", "'null'", ">-\n      long"]
)
def test_what_yaml_takes_for_something_else_is_text(text: str) -> None:
    facts = f"cards:\n  - ask: {text}\n    answer: {text}\n    id: a\n"
    assert not complaints("facts.yaml", facts)
    assert not compiled({"facts.yaml": facts}).diagnostics


def test_the_word_null_needs_quotes_in_editors_only() -> None:
    facts = "cards:\n  - ask: What is nothing?\n    answer: null\n    id: a\n"
    assert complaints("facts.yaml", facts)
    assert not compiled({"facts.yaml": facts}).diagnostics


def test_every_code_that_is_listed_is_one() -> None:
    root = Path(schema.__file__).parent
    code = "".join(path.read_text("utf-8") for path in root.rglob("*.py"))
    assert all(f'"{name}"' in code for name in ONLY_CHECK)
