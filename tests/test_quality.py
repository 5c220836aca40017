"""The rules of quality: what they hold their tongue on, what `allow` silences, and where they run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping

import pytest
from click.testing import CliRunner

from conftest import Write, compiled
from metaflash.allow import RULES
from metaflash.build import Build
from metaflash.cli import main
from metaflash.diagnostics import Diagnostic
from metaflash.quality import examine

SOUND = {
    "long blanks": """
        The novel in which a doctor becomes his own monster is ==The Strange Case of Dr Jekyll and Mr Hyde==.
        Descartes' first certainty is ==“I think, therefore I am, and nothing else”==.
        A binary search halves ==the part of the list== that is left.
        A reflex is fast because little lies ==between the stimulus and the response== in it.
        Meiosis reduces the number of ==sets of chromosomes== to one.
        The treaty that ended the Thirty Years' War was the ==Peace of Westphalia==.
        The roots of a quadratic equation are $x = $ ==$\\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}$==, by the usual formula.
        In Python, a squared list is written ==`[x * x for x in numbers if x > 0]`== with a comprehension.
        The UN organ that can impose sanctions is the ==United Nations Security Council==.
        A defendant is ==presumed innocent until proven guilty== in a criminal trial.
        The charge on a proton is ==1.602 × 10⁻¹⁹ C==, and the electron has the opposite one.
        """,
    "several blanks": """
        Water consists of ==hydrogen== and ==oxygen==.
        ==1|Red==, ==1|green== and ==1|blue== are the primary colours of light.
        The Benelux states are ==Belgium==, the ==Netherlands== and ==Luxembourg==.
        In the key of D major, ==F sharp== and ==C sharp== are raised.
        Article ==5== of the treaty obliges allies to ==assist== a member under ==attack==.
        """,
    "words that are shared fairly": """
        The first lymph node to which a tumor drains is the ==sentinel node==.
        Cells that divide without contact to a surface show ==anchorage-independent== growth.
        The capital of Mexico is ==Mexico City==.
        The Battle of Hastings was won by ==William of Normandy==.
        The adverb of “beautiful” is ==beautifully==.
        The plural of “sheep” is ==sheep==.
        Of mitosis and meiosis, the one that makes gametes is ==meiosis==.
        A nucleoside with a phosphate group is called a ==nucleotide==.
        The gland below the hypothalamus is not the thyroid: it is the ==pituitary==.
        The relative minor of C major is ==A minor==.
        In Python, `list.append` adds an item and ==`list.pop`== takes one off.
        A group in which every element commutes with every other is an ==abelian group==.
        The propanal that is oxidized from an alcohol comes from ==propanol==.
        ==Thermodynamics== is older than the digital thermometer.
        Photosynthesis begins in ==photosystem II==.
        The opposite of a strong acid is a ==weak acid==.
        The President of the United States lives in the ==White House==.
        If $x + 2 = 4$, then $x$ is ==2==.
        The derivative of $\\sin x$ is ==$\\cos x$==.
        She is good ==at== chess and bad at losing.
        A tort is a civil wrong, a ==crime== is a public one.
        The inflation rate of 1923 made prices double every ==few days==.
        Voltage is measured in ==volts==.
        The Ohm is named after ==Georg Ohm==.
        """,
    "short sentences": """
        Metastasis is a ==multistep== process.
        ==Paris== is the capital of France.
        $F = $ ==$ma$==
        Water boils at ==100 °C==.
        HTTP uses port ==80==.
        π ≈ ==3.14==
        $E = ==mc^2==$
        The Nile: ==Africa==.
        ==Bonjour::a greeting== means hello.
        Pepsin digests ==proteins==.
        Au: ==gold==
        """,
    "names that are most of a sentence": """
        ==The Treaty of Tordesillas== divided the Americas.
        ==Johann Sebastian Bach== wrote the Mass in B minor.
        """,
    "lists that are none": """
        Hamburg, ==Germany==, lies on the Elbe.
        The seasoning of plain popcorn is ==salt and butter==.
        Cancers of the ==head and neck== are often caused by smoking.
        The American Declaration of Independence was adopted on ==Thursday, July 4, 1776==.
        A function of three numbers is called as ==`f(a, b, c)`== in most languages.
        The point above the origin is ==$(0, 0, 1)$== in space.
        The speed of light is about ==300,000 km/s==.
        Caesar reported his victory with ==“Veni, vidi, vici”==.
        """,
    "openings that look like it": """
        It is thought that ==dopamine== drives the wish for a reward.
        It takes ==eight== minutes for light to reach the Earth.
        It was Newton who ==explained== the tides.
        It is the ==left ventricle== that pumps blood into the aorta.
        He ==goes== to school by bus.
        They ==have lived::to live== here for years.
        “It is raining” is in the ==present continuous== tense.
        These are ==demonstrative== pronouns: this and that, these and those.
        Is-a relations are modelled by ==inheritance==.
        """,
}
"""Good sentences with blanks, by what a rule could take them for."""

SOUND_QUESTIONS = {
    "Can you name the bone that joins the arm to the trunk?": "The clavicle",
    "Which is longer: the femur or the tibia?": "The femur",
    "What are metastases?": "Tumors that grow from cells of another one",
    "Which two kinds of pathways are involved?": "Molecular and cellular",
    "Why does ice float?": "Because water expands when it freezes, so that the same mass takes more room than before",
    "How many moons has Mars? Name no more than the number.": "Two",
    "May 8, 1945: what ended on that day in Europe?": "The Second World War",
    "What does `bool([])` return in Python?": "False",
    "What is the French word for yes?": "Oui",
    "What is the English for “ja”?": "Yes",
    "How do day and night winds differ at the coast?": "By day the wind blows inland, by night out to sea",
    "Name the process by which plants make sugar.": "Photosynthesis",
    "Give the note that is a fifth above C.": "G",
    "Under which condition is a contract void from its beginning?": "If its purpose is illegal",
    "What happens to demand when a price rises?": "It falls",
    "Who wrote *The Lion, the Witch and the Wardrobe*?": "C. S. Lewis",
    "Which novel opens the Narnia books as first published?": "The Lion, the Witch and the Wardrobe",
    "Where do the Rhine and the Main meet?": "At Mainz",
    "Do you know the term for a word that sounds like its meaning? Say it.": "Onomatopoeia",
    "“He goes to school.” Which tense is it?": "The simple present",
}

SOUND_TERMS = {
    "Angiogenesis": "The development of new blood vessels within the tumor",
    "Sentinel node": "The first lymph node to which the primary tumor drains",
    "Habeas corpus": "A writ by which a detained person must be brought before a judge",
    "Recursion": "A function that calls itself, or a definition that uses what it defines",
    "Cadence": "A progression of chords that ends a phrase, section, or piece",
    "der Hund": "the dog",
}

SOUND_HINTS = """
    The past of “go” is ==went::go==.
    Yesterday she ==wrote::to write== a letter.
    Blood leaves the heart through the ==aorta::which artery?==.
    Berlin lies on the ==Spree::river or lake?==.
    The Danube ends in the ==Black Sea::which sea?==.
    The heart has ==four::number of chambers==.
"""


def quality(files: Mapping[str, str], built: Build | None = None) -> list[Diagnostic]:
    """What the rules find in a deck."""
    built = built or compiled(files)
    assert not built.diagnostics
    return examine(built)


def facts(*sentences: str, more: str = "") -> str:
    """A fact file with a card for each sentence."""
    cards = (f"  - fact: >-\n      {s}\n    id: f{at}\n{more}" for at, s in enumerate(sentences))
    return "cards:\n" + "".join(cards)


def codes(found: list[Diagnostic]) -> list[str]:
    return [problem.code for problem in found]


def said(found: list[Diagnostic]) -> list[str]:
    return [f"{p.code}: {p.span.source.text[p.span.start : p.span.end]}" for p in found]


@pytest.mark.parametrize("kind", SOUND)
def test_good_sentences_are_left_alone(kind: str) -> None:
    sentences = [line.strip() for line in SOUND[kind].strip().splitlines()]
    assert said(quality({"01.yaml": facts(*sentences)})) == []


def test_good_questions_are_left_alone() -> None:
    cards = (
        f"  - ask: >-\n      {ask}\n    answer: >-\n      {answer}\n    id: a{at}\n"
        for at, (ask, answer) in enumerate(SOUND_QUESTIONS.items())
    )
    assert said(quality({"01.yaml": "cards:\n" + "".join(cards)})) == []


def test_good_terms_are_left_alone() -> None:
    cards = (
        f"  - term: {term}\n    means: {means}\n    id: t{at}\n"
        for at, (term, means) in enumerate(SOUND_TERMS.items())
    )
    assert said(quality({"01.yaml": "cards:\n" + "".join(cards)})) == []


def test_good_hints_are_left_alone() -> None:
    sentences = [line.strip() for line in SOUND_HINTS.strip().splitlines()]
    assert said(quality({"01.yaml": facts(*sentences)})) == []
