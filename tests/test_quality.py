"""The rules of quality: what they hold their tongue on, what `allow` silences, and where they run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from conftest import Write, compiled
from metaflash import project
from metaflash.allow import RULES
from metaflash.build import Build
from metaflash.cli import main
from metaflash.cli.preview import after_save
from metaflash.diagnostics import Diagnostic, render
from metaflash.preview.catalog import Catalog
from metaflash.quality import examine
from metaflash.times import Clock
from metaflash.workspace import compile_folders, examined

PROMPTS = Path(__file__).parent.parent / "benchmarks" / "prompts"

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
        The charge on a proton is ==1.602 \u00d7 10⁻¹⁹ C==, and the electron has the opposite one.
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
        The RGB value of white is ==255, 255, 255==.
        Lincoln was born in ==Hodgenville, Kentucky, United States==.
        What counts for a house is ==location, location, location==, agents say.
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
        His Dark Materials was written by ==Philip Pullman==.
        She Stoops to Conquer was written by ==Oliver Goldsmith==.
        *It* was written by ==Stephen King==.
        This Side of Paradise is the first novel of ==F. Scott Fitzgerald==.
        They Might Be Giants come from ==Brooklyn==.
        That the Earth goes around the Sun was argued by ==Copernicus==.
        These days, the speed of light defines the ==meter==.
        """,
    "words that come back for a reason": """
        The sum of two even numbers is ==even==.
        The product of two odd numbers is ==odd==.
        A negative number times a positive one is ==negative==.
        When demand rises and supply stays, the price ==rises==.
        Like dissolves ==like==.
        A queue is first in, ==first out==.
        Garbage in, ==garbage out==.
        An eye for an ==eye==, a tooth for a tooth.
        Ashes to ==ashes==, dust to dust.
        Carpe ==diem==.
        Starboard is ==right==.
        """,
    "hints that leave more than two answers": """
        The noun “Arbeit” has the article ==die::der, die or das?== in German.
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
    "What does `list(range(3))` return?": "[0, 1, 2]",
    "Which vector is the sum of (1, 0, 2) and (0, 1, 1)?": "(1, 1, 3)",
    "What kind of vessel is a capillary?": "A thin, short, narrow vessel",
    "What kind of climate has Sicily?": "A warm, dry and rather windy climate",
    "Where was Lincoln born?": "Hodgenville, Kentucky, United States",
    "What did Caesar report after the battle of Zela?": "Veni, vidi, vici",
    "How do you count to three in Spanish?": "Uno, dos, tres",
    "What does RICE stand for in first aid?": "Rest, ice, compression, elevation",
    "What are the parts of RICE in first aid?": "Rest, ice, compression, elevation",
    "What is the chemical symbol of nobelium?": "No",
    "Which side of the heart pumps blood into the lungs?": "Right",
    "On which side of the body does the appendix lie?": "Right",
    "Which particle marks possession in Japanese?": "no",
    "Does a virus count as a cell, and why?": "It does not: it has no metabolism",
    "May Day is on which date?": "The first of May",
    "Will Rogers was known for what kind of work?": "Humor",
    "Must is made from which fruit?": "Grapes",
    "Can openers were invented how long after cans?": "About fifty years",
    "Had Napoleon won at Leipzig, which state would live on?": "The Confederation of the Rhine",
    "Who followed Pope John Paul I?": "Pope John Paul II",
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


# --- What is allowed -----------------------------------------------------------------------

BINARY = """\
cards:
  - ask: Is the whale a fish?
    answer: No
    id: whale
"""

STEPS = """\
cards:
  - process: How a delta grows
    id: delta
    steps:
      - slow: The river becomes ==slow== near the sea
      - drop: Then the water drops its ==mud==
"""


def test_a_card_is_excused_from_a_rule() -> None:
    assert codes(quality({"01.yaml": BINARY})) == ["yes-no"]
    assert codes(quality({"01.yaml": f"{BINARY}    allow: [yes-no]\n"})) == []


def test_a_process_is_excused_with_its_steps_and_a_step_alone() -> None:
    assert codes(quality({"01.yaml": STEPS})) == ["ordinal-step"]
    assert codes(quality({"01.yaml": f"{STEPS}        allow: [ordinal-step]\n"})) == []
    assert codes(quality({"01.yaml": f"{STEPS}    allow: [ordinal-step]\n"})) == []


def test_a_deck_is_excused() -> None:
    deck = "deck: Deck\nid: deck-1\nsource: s\nallow: [yes-no, id-gone]\n"
    assert codes(quality({"deck.yaml": deck, "01.yaml": BINARY})) == []


def test_a_name_that_silences_nothing_is_told_where_it_stands() -> None:
    text = f"{BINARY}    allow: [leak, yes-no]\n"
    (found,) = quality({"01.yaml": text})
    assert found.code == "idle-allow"
    assert said([found]) == ["idle-allow: leak"]
    deck = "deck: Deck\nid: deck-1\nsource: s\nallow: [leak]\n"
    idle = quality({"deck.yaml": deck, "01.yaml": f"{BINARY}    allow: [yes-no]\n"})
    assert [str(problem.span) for problem in idle] == ["deck.yaml:4:9"]


def test_nothing_is_said_of_idle_names_beside_an_error() -> None:
    text = f"{BINARY}    allow: [leak, yes-no]\n  - ask: Why?\n    id: b\n"
    built = compiled({"01.yaml": text})
    assert [problem.code for problem in built.diagnostics] == ["missing-key"]
    assert examine(built) == []


def test_an_unknown_rule_is_an_error_and_counts_as_the_one_that_was_meant() -> None:
    built = compiled({"01.yaml": f"{BINARY}    allow: [yesno]\n"})
    assert [(p.code, p.hint) for p in built.diagnostics] == [
        ("unknown-rule", "Did you mean `yes-no`?")
    ]
    assert examine(built) == []
    for wrong in ("[42x]", "[[leak]]"):
        built = compiled({"01.yaml": f"{BINARY}    allow: {wrong}\n"})
        assert "unknown-rule" in codes(list(built.diagnostics))
    built = compiled({"01.yaml": f"{BINARY}    allow: yes-no\n"})
    assert [p.hint for p in built.diagnostics] == ["Write it as a list:\nallow: [yes-no]"]


@pytest.mark.parametrize(
    "allow",
    ["{yes-no: true}", "\n      yes-no: because", "\n      yesno: it is so\n", "{yes-no: [a, b]}"],
)
def test_rules_with_words_behind_them_are_told_once_with_the_right_line(allow: str) -> None:
    built = compiled({"01.yaml": f"{BINARY}    allow: {allow}\n"})
    (found,) = built.diagnostics
    assert found.code == "not-a-list"
    assert found.hint.endswith("\nallow: [yes-no]")
    assert examine(built) == []


def test_a_rule_with_its_reason_in_a_list_is_told_to_stand_alone() -> None:
    built = compiled({"01.yaml": f"{BINARY}    allow:\n      - yes-no: because\n"})
    (found,) = built.diagnostics
    assert found.code == "unknown-rule"
    assert found.hint == "A rule stands alone; the reason can be a comment behind it:\n- yes-no"


def test_a_name_that_is_given_twice_silences_nothing_more() -> None:
    again = "The deck or this list names that rule already. Take the name out."
    found = quality({"01.yaml": f"{BINARY}    allow: [yes-no, yes-no]\n"})
    assert [(p.code, str(p.span), p.hint) for p in found] == [("idle-allow", "01.yaml:5:21", again)]
    deck = "deck: Deck\nid: deck-1\nsource: s\nallow: [yes-no]\n"
    found = quality({"deck.yaml": deck, "01.yaml": f"{BINARY}    allow: [yes-no]\n"})
    assert [(p.code, str(p.span), p.hint) for p in found] == [("idle-allow", "01.yaml:5:13", again)]


def test_a_contrast_that_is_meant_has_a_name_of_its_own() -> None:
    built = compiled({"01.yaml": f"{BINARY}    allow: [yes-no, contrast-ok]\n"})
    assert not built.diagnostics
    assert [name for _, fact in built.contents.facts for name in fact.allow or ()] == [
        "yes-no",
        "contrast-ok",
    ]


def test_allow_changes_no_note() -> None:
    before = compiled({"01.yaml": BINARY})
    after = compiled({"01.yaml": f"{BINARY}    allow: [yes-no]\n"}, before.lock, 1_800_000_000)
    assert after.lock == before.lock


# --- What is gone, and other languages -----------------------------------------------------


def test_what_is_gone_is_told_once_for_a_process() -> None:
    lock = compiled({"01.yaml": BINARY + STEPS.removeprefix("cards:\n")}).lock
    built = compiled({"01.yaml": BINARY}, lock, 1_800_000_000)
    found = [p for p in examine(built) if p.code == "id-gone"]
    assert said(found) == ["id-gone: delta/drop"]
    again = compiled({"01.yaml": BINARY}, built.lock, 1_900_000_000)
    assert "id-gone" not in codes(examine(again))


def test_what_was_renamed_is_not_told_to_be_gone() -> None:
    lock = compiled({"01.yaml": facts("Ice floats because it is ==lighter== than water.")}).lock
    text = facts("Ice floats because it is ==lighter== than water.").replace("f0", "ice")
    built = compiled({"01.yaml": text}, lock, 1_800_000_000)
    assert codes(list(built.diagnostics)) == ["renamed"]
    assert examine(built) == []


def test_lists_of_english_words_say_nothing_of_other_languages() -> None:
    deck = "deck: Deck\nid: deck-1\nsource: s\nlanguage: de\n"
    text = facts("Do re mi fa ==so== la.", "She ==hat== is what a Swabian says.")
    assert quality({"deck.yaml": deck, "01.yaml": text}) == []


def test_where_words_have_no_spaces_none_are_counted() -> None:
    deck = "deck: Deck\nid: deck-1\nsource: s\nlanguage: ja\n"
    text = facts("東京は==日本の首都であり最も大きい都市で政治と経済の中心地==です。")
    assert quality({"deck.yaml": deck, "01.yaml": text}) == []


def test_the_place_is_exact_in_every_way_to_write_yaml() -> None:
    for written in (
        "The ==coral== of a coral reef grows",
        "'The ==coral== of a coral reef grows'",
        '"The ==coral== of a coral reef\\u0020grows"',
        ">-\n      The ==coral== of a\n      coral reef grows",
        "The ==coral==\n      of a coral reef grows",
    ):
        (found,) = quality({"01.yaml": f"cards:\n  - fact: {written}\n    id: a\n"})
        text = found.span.source.text
        assert text[found.span.start :].startswith("coral reef")
        assert found.span.end - found.span.start == len("coral")


# --- Where they run ------------------------------------------------------------------------


def test_check_tells_and_strict_fails_and_build_is_silent(write: Write) -> None:
    folder = write({"01.yaml": BINARY})
    run = CliRunner().invoke
    result = run(main, ["check", str(folder), "--format", "short"])
    assert result.exit_code == 0
    assert "01.yaml:2:10: warning: a question with two answers [yes-no]" in result.stdout
    assert run(main, ["check", str(folder), "--strict"]).exit_code == 1
    assert '"code": "yes-no"' in run(main, ["check", str(folder), "--format", "json"]).stdout
    assert "title=yes-no" in run(main, ["check", str(folder), "--format", "github"]).stdout
    built = run(main, ["build", str(folder), "-o", str(folder.parent / "out"), "--strict"])
    assert built.exit_code == 0
    assert "yes-no" not in built.stdout


def test_a_preview_tells_them(write: Write) -> None:
    folder = write({"01.yaml": BINARY})
    catalog = after_save(folder, Catalog())
    assert [problem.code for problem in catalog.problems] == ["yes-no"]
    assert not catalog.exhibits[0].stale


def test_a_build_does_not_load_the_rules(write: Write) -> None:
    folder = write({"01.yaml": BINARY})
    code = (
        "import sys; from metaflash.cli import main\n"
        f"main(['build', {str(folder)!r}, '-o', {str(folder)!r}], standalone_mode=False)\n"
        "assert 'metaflash.quality' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_findings_stand_in_order_among_other_problems() -> None:
    built = compiled(
        {"01.yaml": "cards:\n  - ask: Why?\n    id: a\n" + BINARY.removeprefix("cards:\n")}
    )
    assert codes(list(built.told(examine(built)).diagnostics)) == ["missing-key", "yes-no"]
    built = compiled({"01.yaml": BINARY + "  - ask: Why?\n    id: a\n"})
    assert codes(list(built.told(examine(built)).diagnostics)) == ["yes-no", "missing-key"]


def test_every_rule_is_documented() -> None:
    text = (Path(__file__).parent.parent / "docs" / "format.md").read_text("utf-8")
    for name, what in RULES.items():
        assert f"| `{name}` | {what} |" in text


def test_nothing_is_said_of_the_good_prompts_of_the_benchmark() -> None:
    folders, problems = project.find(PROMPTS / "good")
    read = examined(compile_folders(folders, clock=Clock(1)))
    assert render([*problems, *read.problems], "short") == ""
    assert sum(len(build.contents.facts) for _, build in read.decks) > 400


# --- What no rule can judge, and what takes too long -----------------------------------------


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("sign", [".-.", "+", "?", "→", "%", "…", "😀", "a"])
def test_a_rule_is_silent_where_there_are_no_words(language: str, sign: str) -> None:
    deck = f"deck: Deck\nid: deck-1\nsource: s\nlanguage: {language}\n"
    cards = f"""\
cards:
  - fact: The sign that is shown here and there is =={sign}== in this book.
    id: a
  - fact: The mark that stands in many a book is =={sign}::{sign}?== at times.
    id: b
  - ask: "Which sign follows behind {sign} as a rule?"
    answer: "{sign}"
    id: c
  - term: "{sign}"
    means: "{sign}"
    id: d
  - process: "{sign}"
    id: e
    steps:
      - one: "{sign} comes before =={sign}=="
      - two: "=={sign}=="
"""
    assert {*codes(quality({"deck.yaml": deck, "01.yaml": cards}))} <= {*RULES}


@pytest.mark.parametrize(
    "sentence",
    [
        "The letters are ==" + 39 * "a" + "::" + "_a" * 12 + "_b_==.",
        "The letters are ==alpha::" + 30_000 * "_" + "==.",
        "The ==organ== is " + 8_000 * "liver, " + "again.",
        "The ==organ== is " + 5_000 * "liver of the dog " + "again.",
        "The ==organ== is " + 15_000 * "both " + "again.",
        "The ==organ== is " + 15_000 * r"\\(" + "again.",
    ],
    ids=["spelled", "underscores", "commas", "words", "both", "brackets"],
)
def test_a_card_that_goes_on_and_on_is_judged_all_the_same(sentence: str) -> None:
    text = facts(sentence, "The ==organ== is the liver again.")
    assert {*codes(quality({"01.yaml": text}))} <= {
        "long-text",
        "thin-cue",
        "long-hint",
        "many-blanks",
    }


# --- Lines to write ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("Finally $x^2$ is **very** ==big::hint==", "$x^2$ is **very** ==big::hint=="),
        ("'Then: the ==wort== is boiled'", "'The ==wort== is boiled'"),
        ('"Finally, *yeast* is added: it makes ==gas=="', '"*yeast* is added: it makes ==gas=="'),
        ('"First, add the ==hops== # now"', '"Add the ==hops== # now"'),
        ("Then *hops* are ==added==", '"*hops* are ==added=="'),
        (">-\n          Then the ==wort== is boiled", ""),
    ],
)
def test_a_step_keeps_all_but_its_place(typed: str, better: str) -> None:
    text = "cards:\n  - process: Beer\n    id: beer\n    steps:\n"
    text += f"      - one: {typed}\n      - two: All of it is ==cooled==\n"
    (found,) = quality({"01.yaml": text})
    assert found.code == "ordinal-step"
    assert found.hint.partition("Write:  ")[2] == (f"- one: {better}" if better else "")
    if better:
        assert quality({"01.yaml": text.replace(typed, better)}) == []


def _hint(card: str) -> str:
    """The advice of the only finding about a card."""
    (found,) = quality({"01.yaml": f"cards:\n{card}    id: a\n"})
    return found.hint


def test_blanks_for_a_list_lose_nothing_that_was_typed() -> None:
    front = "  - fact: The primary colors of all light are"
    assert "  ==red==, ==green== and ==blue==" in _hint(f"{front} ==red, green and blue==.\n")
    for blank in (
        "==1|red, green and blue==",
        "==red, green and blue::which?==",
        "==*red*, green and blue==",
    ):
        assert _hint(f"{front} {blank}.\n").endswith("Give each a blank of its own.")


def test_lines_that_say_nothing_make_no_list() -> None:
    card = "  - ask: What stands on the lines?\n    answer: |\n      1.\n      -\n      2) a\n    id: a\n"
    assert quality({"01.yaml": f"cards:\n{card}"}) == []


def test_a_question_for_a_list_becomes_a_fact_that_asks_the_same() -> None:
    card = """\
  - ask: 'Look at a rainbow: what are the *primary* colors of light?'
    answer: Red, green and blue
"""
    better = _hint(card).rpartition("\n- ")[2]
    assert better == (
        'fact: "Look at a rainbow: what are the *primary* colors of light?'
        ' ==Red==, ==green== and ==blue=="'
    )
    assert quality({"01.yaml": f"cards:\n  - {better}\n    id: a\n"}) == []


@pytest.mark.parametrize(
    ("ask", "answer", "better"),
    [
        ("Are *whales* mammals?", "Yes", "ask: Why are *whales* mammals?"),
        (
            "Does ice float?",
            '"Yes, because: it is light"',
            "- ask: Why does ice float?\n  answer: It is light",
        ),
        (
            "Does ice float?",
            '"Yes, because it is light: it has air in it"',
            '- ask: Why does ice float?\n  answer: "It is light: it has air in it"',
        ),
        ('"Is this so: does ice float?"', "Yes", ""),
        ("Is DNA a double helix? Explain.", "Yes", ""),
        ("Isn't a whale a fish?", "Yes", ""),
        ("'Is the dog''s nose wet?'", "Yes", ""),
        (">-\n      Is a whale\n      a mammal?", "Yes", ""),
        ("Is a whale a fish?", "No", ""),
    ],
)
def test_a_question_is_turned_round_as_it_was_typed_or_not_at_all(
    ask: str, answer: str, better: str
) -> None:
    hint = _hint(f"  - ask: {ask}\n    answer: {answer}\n")
    assert hint.partition("\n")[2] == better


def test_a_choice_is_called_one() -> None:
    card = "  - ask: Is a clarinet a brass or a woodwind instrument?\n    answer: A woodwind\n    id: a\n"
    (found,) = quality({"01.yaml": f"cards:\n{card}"})
    assert found.message == "a choice between two answers"


def test_a_hint_is_cut_to_the_kind_of_thing_that_it_asks_for() -> None:
    blank = "==liver::the largest organ of the body in which bile is made=="
    assert _hint(f"  - fact: Bile comes from the {blank} of a mammal.\n").endswith(
        "::which organ?=="
    )


def test_what_gives_an_answer_away_is_shown_where_it_is_read() -> None:
    fact = "See [here](https://liver.org/liver) why the liver of dogs is no $liver$ but a ==liver=="
    (found,) = quality({"01.yaml": f"cards:\n  - fact: {fact}\n    id: a\n"})
    assert found.code == "leak"
    assert found.span.source.text[found.span.start :].startswith("liver of dogs")


@pytest.mark.parametrize(
    "sentence",
    [
        "Second the ==motion== as it was moved",
        "In the end zone the ball is ==touched== down",
        "Then-president ==Nixon== resigned",
        "Last the ship's ==anchor== down",
        "After that war the ==treaty== is signed",
    ],
)
def test_words_that_only_look_like_a_place_are_left_alone(sentence: str) -> None:
    text = "cards:\n  - process: Events\n    id: events\n    steps:\n"
    text += f"      - one: {sentence}\n      - two: All of it is ==noted== down\n"
    assert said(quality({"01.yaml": text})) == []
