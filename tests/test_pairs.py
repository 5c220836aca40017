"""Pairs of cards that get in each other's way, and those that only look so."""

from __future__ import annotations

import re
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import DECK, compiled
from image_files import SAMPLES
from metaflash.kinds.kind import Prompt
from metaflash.quality import examine
from metaflash.quality.alike import alike
from metaflash.quality.pairs import pairs
from metaflash.quality.view import Setting


def found(*cards: str, deck: str = DECK) -> list[str]:
    """The codes of the pairs among cards: `question? -> answer`, `term = meaning`, a sentence with
    blanks, or YAML."""
    return [pair.code for pair in pairs(asked(*cards, deck=deck))]


def asked(*cards: str, deck: str = DECK) -> list[tuple[Prompt, Setting]]:
    """What cards ask, each with what stands around it."""
    text = "topic: A topic\ncards:\n" + "".join(map(_yaml, range(len(cards)), cards))
    built = compiled({"deck.yaml": deck, "01.yaml": text})
    assert built.deck
    assert not [one for one in built.diagnostics if one.severity == "error"], built.diagnostics
    english = (built.deck.language or "en") == "en"
    return [
        (prompt, Setting(english, file.topic or ""))
        for file, fact in built.contents.facts
        for prompt in fact.prompts()
    ]


def _yaml(at: int, card: str) -> str:
    identity = f"\n    id: card-{at}\n"
    if " -> " in card:
        front, answer = card.split(" -> ")
        return f"  - ask: >-\n      {front}\n    answer: >-\n      {answer}{identity}"
    if " = " in card:
        term, means = card.split(" = ")
        return f"  - term: >-\n      {term}\n    means: >-\n      {means}{identity}"
    if card.startswith("process:"):
        return f"  - {card}{identity}"
    return f"  - fact: >-\n      {card}{identity}"


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


@pytest.mark.parametrize(
    "cards",
    [
        # geography
        ("The capital of France is ==Paris==.", "The capital of Spain is ==Madrid==."),
        ("The Rhine rises in ==Switzerland==.", "The Rhône rises in ==Switzerland==."),
        # biology
        (
            "The heart of a fish has ==two== chambers.",
            "The heart of a frog has ==three== chambers.",
        ),
        ("The heart of a fish has ==two== chambers.", "The heart of a shark has ==two== chambers."),
        (
            "In the liver, glycogen is turned into ==glucose==.",
            "In the liver, ==glucose== is turned into glycogen.",
        ),
        (
            "The ==right== heart pumps blood to the lungs.",
            "The heart pumps ==deoxygenated== blood to the lungs.",
        ),
        # medicine
        (
            "Afferent nerve fibers carry signals ==to== the brain.",
            "Efferent nerve fibers carry signals ==from== the brain.",
        ),
        (
            "What does a lack of insulin do to the level of sugar in blood? -> It rises",
            "What does an excess of insulin do to the level of sugar in blood? -> It falls",
        ),
        (
            "A patient with fever is given ==paracetamol==.",
            "A patient without fever is given ==nothing==.",
        ),
        # history
        ("In 1914 war broke out in ==Europe==.", "In 1918 war ended in ==Europe==."),
        ("World War I began in ==1914==.", "World War II began in ==1939==."),
        (
            "When did Columbus reach America? -> In 1492",
            "Where did Columbus reach America? -> In the Bahamas",
        ),
        # chemistry
        (
            "What is the chemical symbol of sodium? -> Na",
            "What is the chemical symbol of potassium? -> K",
        ),
        (
            "Sodium nitrate is used as ==fertilizer== in fields.",
            "Sodium nitrite is used as ==preservative== in meat.",
        ),
        (
            "The salt of nitrous acid is found in ==cured meat==.",
            "The salt of nitric acid is found in ==cured meat==.",
        ),
        # mathematics
        (
            "The derivative of $\\sin x$ is ==$\\cos x$==.",
            "The derivative of $\\cos x$ is ==$-\\sin x$==.",
        ),
        ("What is $2^4$? -> 16", "What is $4^2$? -> 16"),
        ("What is 7 * 8? -> 56", "What is 8 * 7? -> 56"),
        # music
        ("The scale of D major has ==two== sharps.", "The scale of D minor has ==no== sharps."),
        (
            "The seventh degree of the minor scale is ==B flat==.",
            "The seventh degree of the harmonic minor scale is ==B==.",
        ),
        ("The key of F has ==one flat==.", "The key of F# has ==six sharps==."),
        # programming
        ("What does `x = []` make? -> A list", "What does `x = {}` make? -> A dictionary"),
        (
            "`a == b` compares ==values== of objects.",
            "`a is b` compares ==identities== of objects.",
        ),
        (
            "In C, integers are divided ==towards zero==.",
            "In C++, integers are divided ==like in its older brother==",
        ),
        # languages
        ("I ==am== at home.", "You ==are== at home."),
        ("The dog ==barks== at night.", "The dogs ==bark== at night."),
        ("to look at = mirar", "to look for = buscar"),
        (
            "What is the French for “they are”? -> ils sont",
            "What is the French for “they were”? -> ils étaient",
        ),
        ("She ==is::to be== in the garden.", "She ==sleeps::to sleep== in the garden."),
        ("beginnen = to begin", "anfangen = to start"),
        # law, sport, traffic
        (
            "A contract can be made by a person who is not ==a minor==.",
            "A contract can be made by a person who is ==of age==.",
        ),
        (
            "Before the whistle, the ball is ==out of play==.",
            "After the whistle, the ball is ==in play==.",
        ),
        ("Drivers on the left must ==wait==.", "Drivers on the right must ==drive on==."),
        # two blanks of one sentence, in two facts
        (
            "Blood from the stomach, spleen and pancreas flows to the liver through the portal ==vein==.",
            "Blood from the stomach, spleen and pancreas flows to the liver through the ==portal vein==.",
        ),
    ],
)
def test_near_misses(cards: tuple[str, str]) -> None:
    assert found(*cards) == []


@pytest.mark.parametrize(
    "card",
    [
        "The ==heart== pumps ==blood== to the ==lungs==.",
        "Cell = The smallest unit of life",
        "process: Cooking rice\n    steps:\n      - one: Wait for ==a minute==\n      - two: Wait for ==an hour==",
    ],
)
def test_cards_of_one_fact_are_no_pair(card: str) -> None:
    assert found(card) == []


def test_each_card_is_told_of_once_for_each_rule() -> None:
    fronts = [f"What lies behind the hills? -> Town {at % 3}" for at in range(9)]
    codes = found(*fronts)
    assert codes.count("interference") == 8
    assert codes.count("redundant") == 6


def test_in_other_languages_only_the_same_words_are_alike() -> None:
    german = DECK + "language: de\n"
    same = "Die Hauptstadt von Peru ist ==Lima==.", "Die Hauptstadt von PERU ist ==Lima==!"
    assert found(*same, deck=german) == ["redundant"]
    near = "Das Pferd ist am ==Haus==.", "Das Pferd ist an ==Haus==."
    assert found(*near, deck=german) == []
    chinese = DECK + "language: zh\n"
    assert found("法国的首都是==巴黎==。", "法国的首都是==里昂==", deck=chinese) == ["interference"]
    assert found("鱼的心脏有==两==个腔", "心脏有==两==个腔", deck=chinese) == []


@pytest.mark.parametrize("silent", ["contrast-ok", "interference"])
@pytest.mark.parametrize("which", [0, 1])
def test_a_contrast_is_allowed_on_either_card(silent: str, which: int) -> None:
    cards = [
        f"  - ask: What does bone do?\n    answer: {answer}\n    id: card-{at}\n"
        for at, answer in enumerate(["It supports", "It makes blood"])
    ]
    cards[which] += f"    allow: [{silent}]\n"
    built = compiled({"01.yaml": "cards:\n" + "".join(cards)})
    assert [one.code for one in examine(built)] == []


def test_where_heading_or_picture_differ_so_does_the_question() -> None:
    cards = "cards:\n  - ask: How many sharps are there?\n    answer: {}\n    id: {}\n"
    first, second = cards.format("One", "one"), cards.format("Two", "two")
    one = compiled({"01.yaml": f"topic: G major\n{first}", "02.yaml": f"topic: D major\n{second}"})
    assert [problem.code for problem in examine(one)] == []
    same = compiled({"01.yaml": f"topic: G major\n{first}", "02.yaml": f"topic: G major\n{second}"})
    assert [problem.code for problem in examine(same)] == ["interference"]
    shown = "    image: {}\n    alt: A staff\n"
    with_pictures = compiled(
        {
            "01.yaml": first + shown.format("a.png"),
            "02.yaml": second + shown.format("b.gif"),
            "media/a.png": SAMPLES["png"],
            "media/b.gif": SAMPLES["gif"],
        }
    )
    assert [problem.code for problem in examine(with_pictures)] == []


def told(*cards: str) -> str:
    """What a teacher is told about the last card, without the place of the earlier one."""
    *_, last = alike(asked(*cards))
    return f"{last.message} [{last.rule}]\n" + re.sub(r"01\.yaml:\d+:\d+", "PLACE", last.hint)


def test_a_question_with_two_answers_is_told_with_a_remedy() -> None:
    first = "Which hormone does the pancreas release? -> Insulin"
    assert told(first, "Which hormone does the pancreas release? -> Glucagon") == (
        "the same question with another answer [interference]\n"
        "The card at PLACE asks the same and wants “Insulin”: a learner cannot know which of the two is"
        " meant. If both are right, say so, or what else sets them apart:\n"
        "ask: Which hormone does the pancreas release, besides “Insulin”?\n"
        "If the two are meant as a contrast:  allow: [contrast-ok]"
    )
    blank = told(
        "A comedy by Shakespeare is ==Othello==.", "A comedy by Shakespeare is ==*Macbeth*==."
    )
    assert "or a hint that only one answer fits:\n==*Macbeth*::…==\n" in blank
    term = told("Cell = The smallest unit of life", "Cell = A small room in a prison")
    assert "Add in brackets which one is meant, in both:\nterm: Cell (…)\n" in term
    meaning = told("beginnen = to begin", "anfangen = to begin")
    assert "Add to both meanings what is true of one only, “anfangen” or “beginnen”." in meaning


def test_words_that_set_two_questions_apart_are_told_as_they_are_written() -> None:
    long = "blood from the stomach, spleen and pancreas flows to the liver through"
    assert told(f"The {long} ==a vein==.", f"The deoxygenated {long} ==the aorta==.") == (
        "a question that is easily taken for another one [interference]\n"
        "Only “deoxygenated” tells it from the one at PLACE, which wants “a vein”, and among so many"
        " words that is soon overlooked. Leave out what both say, so that the difference stands out.\n"
        "If the two are meant as a contrast:  allow: [contrast-ok]"
    )


@pytest.mark.parametrize(
    ("cards", "how"),
    [
        (("Bees make ==honey==.", "Bees make ==honey==."), "in the same words"),
        (("Bees make ==honey==.", "What do bees make? -> Honey"), "in nearly the same words"),
        (
            (
                "Leaves take up ==carbon dioxide== from air.",
                "Growing leaves take up ==carbon dioxide== from air.",
            ),
            "where “Growing” makes no other question of it",
        ),
        (
            ("The colour of frogs is ==green==.", "The color of frogs is ==green==."),
            "where “color” is spelled “colour”",
        ),
    ],
)
def test_a_card_that_is_there_twice_is_told_with_its_likeness(
    cards: tuple[str, str], how: str
) -> None:
    message, hint = told(*cards).split("\n", 1)
    assert message.endswith("the same card twice [redundant]")
    assert f"too, {how}: two reviews for one memory. Keep the better one.\n" in hint


# --- Whatever the deck -------------------------------------------------------------------------------

_WORD = st.sampled_from(
    ["liver", "colour", "color", "the", "not", "to", "Paris", "7", "green", "see"]
)
_ANSWER = st.sampled_from(["==bone==", "==bones==", "==nerve::kind==", "==nerve==", "==3=="])


_LONG = ["lymph", "nodes", "near", "vessels", "drain", "large", "parts", "of", "healthy", "limbs"]


@st.composite
def _sentence(draw: st.DrawFn) -> str:
    words = draw(st.lists(_WORD, min_size=1, max_size=4))
    if draw(st.booleans()):
        words += _LONG
        words += draw(st.lists(_WORD, max_size=2))
    words.insert(draw(st.integers(0, len(words))), draw(_ANSWER))
    return " ".join(words)


_DECKS = st.lists(_sentence(), min_size=2, max_size=8).map(lambda cards: asked(*cards))


@given(_DECKS, st.randoms())
def test_the_order_of_the_prompts_does_not_matter(
    deck: list[tuple[Prompt, Setting]], chance: Random
) -> None:
    mixed = deck.copy()
    chance.shuffle(mixed)
    assert list(pairs(mixed)) == list(pairs(deck))


@given(_DECKS)
def test_what_is_found_in_a_deck_is_what_is_found_by_taking_two_at_a_time(
    deck: list[tuple[Prompt, Setting]],
) -> None:
    by_twos = {
        (pair.code, pair.later.front_span) for two in combinations(deck, 2) for pair in pairs(two)
    }
    assert {(pair.code, pair.later.front_span) for pair in pairs(deck)} == by_twos
