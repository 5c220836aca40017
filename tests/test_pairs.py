"""Pairs of cards that get in each other's way, and those that only look so."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import DECK, compiled
from metaflash.build import Build
from metaflash.quality import examine
from metaflash.quality.pairs import Pair, pairs
from metaflash.quality.view import Setting


def found(*cards: str, deck: str = DECK) -> list[str]:
    """The codes of the pairs in a file of cards: `front -> answer`, a sentence with blanks, or YAML."""
    return [pair.code for pair in pairs_of(_built(cards, deck))]


def _built(cards: tuple[str, ...], deck: str = DECK) -> Build:
    lines = []
    for at, card in enumerate(cards):
        if " -> " in card:
            asked, answer = card.split(" -> ")
            card = f"ask: '{asked}'\n    answer: '{answer}'"
        elif " = " in card:
            term, means = card.split(" = ")
            card = f"term: '{term}'\n    means: '{means}'"
        elif not card.startswith(("fact:", "ask:", "process:", "picture:")):
            card = f"fact: >-\n      {card}"
        lines.append(f"  - {card}\n    id: card-{at}\n")
    built = compiled({"deck.yaml": deck, "01.yaml": "cards:\n" + "".join(lines)})
    assert not [one for one in built.diagnostics if one.severity == "error"], built.diagnostics
    return built


def pairs_of(built: Build) -> list[Pair]:
    assert built.deck
    english = (built.deck.language or "en") == "en"
    return list(
        pairs(
            (prompt, Setting(english, file.topic or ""))
            for file, fact in built.contents.facts
            for prompt in fact.prompts()
        )
    )


@pytest.mark.parametrize(
    "cards",
    [
        (
            "What does the pancreas release? -> Insulin",
            "What does the pancreas release? -> Glucagon",
        ),
        (
            "What is the capital of Australia? -> Canberra",
            "The capital of Australia is ==Sydney==.",
        ),
        ("What is the function of the liver? -> Bile", "What is a role of the liver? -> Storage"),
        ("The war began in ==1914==.", "The war started in ==1915==."),
        ("What is one function of bone? -> Support", "What is another function of bone? -> Marrow"),
        ("Cell = The smallest unit of life", "Cell = A small room in a prison"),
        ("anfangen = to begin", "beginnen = to begin"),
        ("The war began in ==1914::year==.", "The war began in ==Sarajevo==."),
        (
            "Blood from the stomach, spleen and pancreas flows to the liver through the ==portal vein==.",
            "Venous blood from the stomach, spleen and pancreas flows to the liver through the ==aorta==.",
        ),
    ],
)
def test_one_question_with_two_answers(cards: tuple[str, str]) -> None:
    assert "interference" in found(*cards)


@pytest.mark.parametrize(
    "cards",
    [
        ("What is the capital of France? -> Paris", "The capital of France is ==Paris==."),
        (
            "Which city is the capital of France? -> Paris",
            "What is the capital of France? -> Paris",
        ),
        (
            "The first president of the USA was ==Washington==.",
            "==Washington== was the first president of the USA.",
        ),
        (
            "Mitochondria are the ==powerhouse== of the cell.",
            "Mitochondria are known as the ==powerhouse== of a cell.",
        ),
        ("In which year did the war begin? -> 1914", "The war started in ==1914==."),
        (
            "The colour of copper sulfate is ==blue-green==.",
            "The color of copper sulfate is ==blue-green==.",
        ),
        (
            "Leaves take up ==carbon dioxide== from the air.",
            "Green leaves take up ==carbon dioxide== from the air.",
        ),
    ],
)
def test_one_memory_asked_for_twice(cards: tuple[str, str]) -> None:
    assert found(*cards) == ["redundant"]
