"""Ids written into a teacher's files: the right ones, in the right place, and nothing else."""

from __future__ import annotations

import errno
import json
import os
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import DECK, Write, compiled
from metaflash.build import Build, Read, Sources, compile_deck
from metaflash.characters import decode
from metaflash.cli import main
from metaflash.deck import read_deck
from metaflash.diagnostics import Source
from metaflash.insertion import Outcome, Text, with_ids
from metaflash.lock import Asked, Entry, Lock, Style
from metaflash.slug import MAX_LENGTH, free, is_slug
from metaflash.times import Clock
from slips import SLIP, TEXTS, slipped

SHIPPED = [text for text in TEXTS if "\n    id: " in text]
BARE = [re.sub(r"\n +id: .*", "", text) for text in SHIPPED]
"""The shipped deck's files without the ids of the cards."""

posix = pytest.mark.skipif(os.name != "posix", reason="the system has no such files")


def outcomes(*files: bytes, before: Lock | None = None) -> list[Outcome]:
    """What becomes of the fact files of a deck."""
    texts = [Text(decode(f"{n:02}.yaml", data)[0], data) for n, data in enumerate(files, 1)]
    return with_ids(texts, before)


def given_out(*names: str) -> Lock:
    """A lock with notes of these ids, of which no file has the words."""
    note = Entry(1, "", (1,), "fact", (Asked(1, "blank", "x"),), {"Text": "Gone {{c1::x}}"}, ())
    return Lock("deck-1", "Deck", Style("", 1), dict.fromkeys(names, note))


def built(*files: bytes) -> Lock:
    """The lock of a deck with these fact files."""
    found = compiled({f"{n:02}.yaml": data.decode() for n, data in enumerate(files, 1)})
    assert not found.diagnostics
    assert found.lock
    return found.lock


def _build(reads: list[Read]) -> Build:
    return compile_deck(Sources((Source("deck.yaml", DECK), []), reads), clock=Clock(1))


def codes(*files: bytes) -> list[str]:
    """What a build has to say."""
    reads: list[Read] = [decode(f"{n:02}.yaml", data) for n, data in enumerate(files, 1)]
    found = _build(reads).diagnostics
    return [problem.code for problem in found]


# --- Before and after -------------------------------------------------------------------------

CASES = {
    "a line below the kind's text": """\
cards:
  - ask: Why so?  # asked often
«    id: why-so
»    answer: Because

  # the last one
  - fact: The ==liver==
«    id: liver
»""",
    "a text that goes on in deeper lines": """\
cards:
- fact: The ==liver== is

    a site
«  id: liver-site
»  note: n
""",
    "a text below its key": """\
cards:
  -
    fact:
      The ==liver==
«    id: liver
»""",
    "a text in quotes over several lines": """\
cards:
  - term: "Blood
      vessel"  # c
«    id: blood-vessel
»    means: A tube
""",
    "blocks, with blank lines and comments below": """\
cards:
  - fact: >-

      The ==liver==
        is #1
«    id: liver-1
»

    # c
    note: n
  - fact: |  # c
      The ==bone==
«    id: bone
»

  # c
  - fact: |1
       The ==lung==
     here
«    id: lung-here
»    note: n
""",
    "a block that keeps its blank lines": """\
cards:
  - fact: |+
      The ==liver==


«    id: liver
»    note: n
""",
    "a block at the end of a file without a line end": """\
cards:
  - fact: |
      The ==liver==«
    id: liver»""",
    "a comment that stands deeper than the keys": """\
cards:
  - fact: "The ==liver=="

      # deep
«    id: liver
»    # flat
""",
    "keys in another order": """\
cards:
  - means: A tube
    term: Vessel
«    id: vessel
»  - answer: a
    note: n
    ask: Why?«
    id: why»""",
    "keys in quotes": """\
cards:
  - 'fact': The ==liver==
«    id: liver
»""",
    "Windows line ends, a byte order mark, no line end at the end": """\
\ufeffcards:\r
  - fact: The ==liver==\r
«    id: liver\r
»  - fact: The ==bone==«\r
    id: bone»""",
    "the line ends of an old Mac": "cards:\r  - fact: The ==liver==\r«    id: liver\r»    note: n",
    "braces": """\
cards:
  - {fact: The ==liver==, note: n«, id: liver»}
  - {fact: The ==bone==, tags: [a]«, id: bone», }  # c
  - { fact: The ==lung==,
      note: n«, id: lung»  # c
    }
""",
    "braces round everything, and cards that have none": """\
{cards: [«{»fact: The ==liver==«, id: liver}», {fact: The ==bone==«, id: bone»}]}""",
    "letters in two parts": """\
cards:
  - {fact: Cafe\u0301 ==e\u0301te\u0301==, note: a\u0301«, id: cafe-ete»}
  - process: e\u0301
«    id: e
»    steps: [«step: »\u1112\u1161\u11ab ==\u1100\u1161==, «e-e: »e\u0301 ==e\u0301==, «e: »==e\u0301==]
""",
    "no Latin letter": """\
cards:
  - fact: ==肝臓==
«    id: fact
»  - fact: ==骨==
«    id: fact-2
»  - process: 転移
«    id: process
»    steps:
      - «step: »==骨==
""",
    "the words that a learner sees": """\
cards:
  - fact: '**Big** & <b> ==liver::which organ?== [here](https://example.org)'
«    id: big-b-liver
»""",
    "steps": """\
cards:
  - process: Spread
    id: spread
    steps:
      - «cell-shed-2: »A cell is ==shed==
      - cell-shed: x ==y==
      - «cell-shed-3: »a cell is ==shed==  # again
      - «source-2: »The ==source==
      - «id-2: »The ==id==
""",
    "steps over several lines": """\
cards:
- process: P
«  id: p
»  steps:
  - «one-more: »one
  «  »  ==a==

  «  »  more
  «  »   of it
  - «two-b: »two
     ==b==
  - «three-c: »"three

   «  » ==c=="
  - «four-d: »'four
   «   »==d=='
  -
    «five-e: »five ==e==
  -   «six-f: »six
    «    »==f==
""",
    "steps in blocks": """\
cards:
- process: P
  steps:
  - «b: »>-
   «  » ==a==

   «  »  ==b==

  # c
  - «d: »|2  # c
  «  »   ==d==
  - «e: »|
        ==e==
  - «f: »|+
  «  »  ==f==

  id: p
""",
    "steps in brackets": """\
cards:
  - process: P
«    id: p
»    steps: [«one-x: »One ==x==, «two-b: »"two ==b==", c: x ==y==,
      «three-d: »three
      ==d==]
  - {process: Q, steps: [«b: »A ==b==]«, id: q»}
""",
}
"""What a command makes of a file: all that stands in « » is new."""


def before(case: str) -> bytes:
    return re.sub("«[^»]*»", "", case).encode()


def after(case: str) -> bytes:
    return re.sub("[«»]", "", case).encode()


@pytest.mark.parametrize("libyaml", [True, False])
@pytest.mark.parametrize("case", CASES)
def test_before_and_after(case: str, monkeypatch: pytest.MonkeyPatch, *, libyaml: bool) -> None:
    monkeypatch.setattr(yaml, "__with_libyaml__", libyaml and yaml.__with_libyaml__)
    (written,) = outcomes(before(CASES[case]))
    assert written.data.decode() == after(CASES[case]).decode()
    assert written.problems == ()
    assert not {"missing-id", "step-without-id"} & set(codes(written.data))
    (again,) = outcomes(written.data)
    assert again == (written.data, (), ())


# --- Which ids --------------------------------------------------------------------------------


def test_ids_are_unique_in_the_deck() -> None:
    one = b"cards:\n  - fact: The ==liver==\n  - fact: The ==liver==\n"
    other = b"cards:\n  - fact: A ==liver==\n  - fact: The ==bone==\n    id: liver\n"
    assert [o.names for o in outcomes(one, other)] == [("liver-2", "liver-3"), ("liver-4",)]


def test_an_id_is_free_also_beside_a_file_that_is_no_yaml() -> None:
    broken = b'cards:\n  - fact: "The ==liver==\n    id: liver\n'
    one, other = outcomes(b"cards:\n  - fact: The ==liver==\n", broken)
    assert one.names == ("liver-2",)
    assert other.data == broken
    assert [problem.code for problem in other.problems] == ["unclosed-quote"]


def test_reserved_names_are_never_given() -> None:
    text = b"cards:\n  - fact: ==Shed==\n  - process: Cascade\n    steps:\n      - ==Shed==\n      - ==go==\n"
    (plain,) = outcomes(text)
    assert plain.names == ("shed", "cascade", "shed", "go")
    (kept,) = outcomes(text, before=given_out("shed", "cascade", "cascade-2/go"))
    assert kept.names == ("shed-2", "cascade-3", "shed", "go")
    text = text.replace(b"Cascade\n", b"Cascade\n    id: mine\n")
    (kept,) = outcomes(text, before=given_out("mine/go"))
    assert kept.names == ("shed", "shed", "go-2")


THREE = b"""\
cards:
  - term: Second Estate
    means: The nobility
    id: nobles
  - fact: The ==Bastille== fell in ==1789==.
    id: prison
  - process: The flight of the king
    id: flight
    steps:
      - leave: The king ==leaves== Paris by night
      - seen: A postmaster ==knows== his face
      - back: He is brought ==back== to Paris
"""
LOST = {
    "a card's": (b"    id: nobles\n", "nobles"),
    "another card's": (b"    id: prison\n", "prison"),
    "a process'": (b"    id: flight\n", "flight"),
    "a step's": (b"seen: ", "seen"),
}


@pytest.mark.parametrize("what", LOST)
def test_an_id_that_was_deleted_is_given_back(what: str) -> None:
    line, name = LOST[what]
    (outcome,) = outcomes(THREE.replace(line, b""), before=built(THREE))
    assert outcome.names == (name,)
    found = compiled({"01.yaml": THREE.replace(line, b"").decode()}, built(THREE))
    (problem,) = found.diagnostics
    assert f"It was `{name}` in the last build; put it back." in problem.hint
    again = compiled({"01.yaml": outcome.data.decode()}, built(THREE))
    assert (again.lock, again.diagnostics) == (built(THREE), ())


def test_all_ids_that_were_deleted_are_given_back() -> None:
    bare = re.sub(rb"\n    id: .*|(?<=- )(leave|seen|back): ", b"", THREE)
    (outcome,) = outcomes(bare, before=built(THREE))
    assert set(outcome.names) == {"nobles", "prison", "flight", "leave", "seen", "back"}
    again = compiled({"01.yaml": outcome.data.decode()}, built(THREE))
    assert (again.lock, again.diagnostics) == (built(THREE), ())


@pytest.mark.parametrize(
    "text",
    [
        THREE.replace(b"    id: nobles\n", b"").replace(b"The nobility", b"All nobles"),
        THREE + b"  - term: Second Estate\n    means: The nobility\n",
        THREE.replace(b"    id: nobles\n", b"")
        + b"  - ask: What fell?\n    answer: The Bastille\n    id: nobles\n",
        THREE.replace(b"    id: nobles\n", b"")
        + b"  - term: Estates\n    means: Three\n    id: states\n    was: nobles\n",
    ],
    ids=["other words", "a copy", "given to another", "another was it"],
)
def test_an_id_is_given_back_to_nothing_else(text: bytes) -> None:
    (outcome,) = outcomes(text, before=built(THREE))
    assert outcome.names == ("second-estate",)


def test_a_step_that_lost_its_colon_gets_it_back() -> None:
    text = THREE.replace(b"seen: A postmaster", b"seen A postmaster")
    (problem,) = compiled({"01.yaml": text.decode()}, built(THREE)).diagnostics
    assert problem.hint.startswith("The id ties learners' progress to the step, wherever it moves.")
    assert "It was `seen` in the last build; put it back." in problem.hint
    assert "  - seen: A postmaster ==knows== his face\n" in problem.hint
    (outcome,) = outcomes(text, before=built(THREE))
    assert (outcome.data, outcome.names) == (text, ())
    assert [problem.code for problem in outcome.problems] == ["id-not-written"]


def test_what_was_retired_stays_retired() -> None:
    gone = THREE.replace(b"  - fact: The ==Bastille== fell in ==1789==.\n    id: prison\n", b"")
    lock = compiled({"01.yaml": gone.decode()}, built(THREE)).lock
    (outcome,) = outcomes(THREE.replace(b"    id: prison\n", b""), before=lock)
    assert outcome.names == ("bastille-fell-1789",)


def test_many_ids_that_are_missing_are_one_message_a_file() -> None:
    bare = re.sub(r"\n    id: .*|(?<=- )(leave|seen|back): ", "", THREE.decode())
    cards, steps = compiled({"01.yaml": bare}).diagnostics
    assert (cards.code, cards.message) == ("missing-id", "3 cards without an id")
    assert "They begin in lines 2, 4, 5." in cards.hint
    assert (steps.code, steps.message) == ("step-without-id", "3 steps without an id")
    assert "They begin in lines 7, 8, 9." in steps.hint
    cards, _ = compiled({"01.yaml": bare}, built(THREE)).diagnostics
    assert "3 of them had an id in the last build, and get it back." in cards.hint
    two = bare.replace("    steps", "    id: flight\n    steps")
    assert [p.code for p in compiled({"01.yaml": two}).diagnostics] == [
        "missing-id",
        "missing-id",
        "step-without-id",
    ]


def test_a_long_id_has_room_for_its_number() -> None:
    taken: dict[str, int] = {}
    names = [free("a" * MAX_LENGTH, taken) for _ in range(12)]
    assert len(set(names)) == 12
    assert all(map(is_slug, names))


def test_the_id_that_is_offered_for_a_deck_is_one_however_long_its_name_is() -> None:
    for name in ("Metastasis", "日本", f"{'a' * 50} {'b' * 50}"):
        _, (problem,) = read_deck(Source("deck.yaml", f"deck: {name}\nsource: x\n"))
        assert is_slug(problem.hint.partition("  id: ")[2])


def test_the_hint_and_the_command_agree() -> None:
    files = (
        b"cards:\n  - fact: The ==liver==\n  - process: P\n    steps:\n      - A ==b==\n      - a ==b==\n",
        b"cards:\n  - term: Liver\n    means: x\n  - fact: x ==y==\n    id: liver-2\n",
    )
    reads: list[Read] = [decode(f"{n}.yaml", data) for n, data in enumerate(files)]
    found = _build(reads).diagnostics
    hints = [re.search(r"  (?:id: ([\w-]+)|- ([\w-]+): )", problem.hint) for problem in found]
    hinted = [hint[1] or hint[2] for hint in hints if hint]
    assert hinted == [name for outcome in outcomes(*files) for name in outcome.names]
    assert hinted == ["liver", "p", "b", "b-2", "liver-3"]


# --- What is in the way -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ("fact: The ==liver== #1", "cut-by-hash"),
        ("fcat: The ==liver==", "unknown-kind"),
        ("fact: ''", "empty"),
        ("ID: liver\n    fact: The ==liver==", "unknown-key"),
        ("id:\n    fact: The ==liver==", "empty"),
        ("The liver", "not-a-card"),
        ("process: P\n    id: p\n    steps:\n      - [a]\n      - a: b ==c==", "not-a-step"),
        ("process: P\n    id: p\n    steps:\n      - note: b ==c==", "step-without-id"),
        ("process: P\n    id: p\n    steps: x", "not-a-list"),
    ],
)
def test_a_card_with_a_mistake_waits_and_the_others_get_their_ids(card: str, code: str) -> None:
    text = f"cards:\n  - {card}\n  - fact: The ==bone\n".encode()
    (written,) = outcomes(text)
    assert written.data == text + b"    id: bone\n"
    assert [problem.code for problem in written.problems] == [code]


@pytest.mark.parametrize(
    "text",
    [
        "cards:\n  - fact: Angiogenesis: the ==vessels==\n  - fact: The ==bone==\n",
        "cards:\n\t- fact: The ==bone==\n",
        "- fact: The ==bone==\n",
        "topic: x\ncards:\n",
        "",
        "cards:\n  - fact: The ==bone==\n---\ncards: []\n...\n---\n",
    ],
)
def test_a_file_that_is_not_understood_stays_as_it_is(text: str) -> None:
    (written,) = outcomes(text.encode())
    assert written.data == text.encode() or "---" in text
    assert written.problems or "---" in text


@pytest.mark.parametrize(
    "card", ["? fact\n    : The ==liver==", "{fact: The ==liver==, tags: [a] # b\n    }"]
)
def test_what_would_change_the_file_is_not_written(card: str) -> None:
    text = f"cards:\n  - fact: The ==bone==\n  - {card}\n  - fact: The ==lung==\n".encode()
    (written,) = outcomes(text)
    assert written.data == text
    ((problem),) = written.problems
    assert problem.code == "id-not-written"
    assert problem.place[0] == 3
    assert problem.hint.endswith("id: liver")


# --- Any deck ---------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        "The ==liver==",
        "==肝臓==",
        "Cafe\u0301 ==e\u0301te\u0301==",
        "==\u1112\u1161\u11ab==, 骨",
        "The ==source::which?==",
        "A ==b== & *c*",
        f"{'long' * 20} ==word==",
    ]
)
COMMENTS = st.sampled_from(["", "", "  # c", "  # id: é"])
GAPS = st.sampled_from(["", "", "\n", "\n\n", "{0}# c\n", "\n{0}# é: [\n", "{0} \n"])
"""What may stand between two cards or keys; {0} is their indentation."""


@st.composite
def values(draw: st.DrawFn, column: int, deep: int, mark: str) -> str:
    """A text in any form, its further lines at least at ``deep``; marked where it has to move
    for a key of its own at a column."""
    text, more = draw(WORDS), draw(WORDS)
    indent = draw(st.integers(deep, deep + 3))
    shift = f"«{' ' * (column + 2 - indent)}»" if mark and indent <= column else ""
    lead = f"{' ' * indent}{shift}"
    gap = draw(st.sampled_from(["\n", "\n\n"]))
    forms = ["", "", "plain", "'", '"', "|", ">", ">-", "|-"]
    form = draw(st.sampled_from([*forms, "|+"] if mark else forms))
    if form == "":
        return f"{mark}{text}{draw(COMMENTS)}\n"
    if form == "plain":
        return f"{mark}{text}{gap}{lead}{more}{draw(COMMENTS)}\n"
    if form in ("'", '"'):
        return f"{mark}{form}{text}{gap}{lead}#1: {more}{form}{draw(COMMENTS)}\n"
    end = "\n" if form == "|+" else ""
    return f"{mark}{form}{draw(COMMENTS)}\n{lead}{text}{gap}{lead} #1: {more}\n{end}"


@st.composite
def block_cards(draw: st.DrawFn, number: int) -> str:
    """A card of a line for each key, with an id or without."""
    dash = draw(st.sampled_from(["  - ", "  -   "]))
    column = len(dash)
    lead = " " * column
    kind = draw(st.sampled_from(["fact", "term", "ask", "process"]))
    text = draw(values(column, column + 1, ""))
    own_id = draw(st.integers(0, 3)) == 0
    keys = [f"{kind}: {text}" + (f"{lead}id: own-{number}\n" if own_id else f"«{lead}id: @\n»")]
    if kind == "process":
        step_dash = column + draw(st.integers(0, 2))
        wide = draw(st.sampled_from([2, 2, 4]))
        steps = [
            f"{' ' * step_dash}-{' ' * (wide - 1)}"
            + draw(values(step_dash + wide, step_dash + 1, "«@: »"))
            for _ in range(draw(st.integers(1, 4)))
        ]
        keys.append(f"steps:\n{''.join(steps)}")
    else:
        other = {"fact": "note", "term": "means", "ask": "answer"}[kind]
        keys.insert(draw(st.integers(0, 1)), f"{other}: x\n")
    return dash + (draw(GAPS).format(lead) + lead).join(keys)


@st.composite
def brace_cards(draw: st.DrawFn) -> str:
    """A card in braces."""
    text = f'"{draw(WORDS)}"'
    end = draw(st.sampled_from(["", " ", ", ", ",\n    ", "  # c\n    ", ",  # c\n    "]))
    middle = draw(st.sampled_from([", ", ",\n      ", " ,  # c\n    "]))
    return f"  - {{fact: {text}{middle}note: é«, id: @»{end}}}{draw(COMMENTS)}\n"


@st.composite
def fact_files(draw: st.DrawFn, number: int) -> str:
    """A fact file, with marks around what is new."""
    cards = [
        draw(block_cards(10 * number + n) if draw(st.integers(0, 4)) else brace_cards())
        for n in range(draw(st.integers(1, 4)))
    ]
    text = "topic: é\ncards:\n" + "".join(draw(GAPS).format("  ") + card for card in cards)
    if draw(st.booleans()) and (last := re.search(r"(?<=[^\s])\n(?:«(.*)\n»)?$", text)):
        text = text[: last.start()] + (f"«\n{last[1]}»" if last[1] else "")
    text = draw(st.sampled_from(["", "\ufeff"])) + text
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))


@settings(max_examples=300, deadline=None)
@given(deck=st.tuples(fact_files(1), fact_files(2)), libyaml=st.booleans())
def test_nothing_but_ids_is_written_into_any_deck(deck: tuple[str, str], *, libyaml: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "__with_libyaml__", libyaml and yaml.__with_libyaml__)
        found = outcomes(*(before(text) for text in deck))
        for text, outcome in zip(deck, found, strict=True):
            names = iter(outcome.names)
            filled = "".join(next(names) if c == "@" else c for c in text)
            assert outcome.data.decode() == after(filled).decode()
            assert list(names) == []
            assert outcome.problems == ()
        written = [outcome.data for outcome in found]
        assert not {"missing-id", "step-without-id", "repeated-id", "bad-id"} & set(codes(*written))
        assert [(again.data, again.names) for again in outcomes(*written)] == [
            (data, ()) for data in written
        ]


@settings(max_examples=200, deadline=None)
@given(text=st.sampled_from(BARE), slips=st.lists(SLIP, min_size=1, max_size=3))
def test_a_slip_loses_nothing(text: str, slips: list[tuple[int, int, str]]) -> None:
    data = slipped(text, slips).encode()
    (written,) = outcomes(data)
    assert len(written.data) >= len(data)
    assert bool(written.names) == (written.data != data)
    (again,) = outcomes(written.data)
    assert (again.data, again.names) == (written.data, ())
    assert len(codes(written.data)) <= len(codes(data))


# --- The command ------------------------------------------------------------------------------

BARE_CARD = "cards:\n  - fact: The ==liver==\n"
NAMED_CARD = BARE_CARD + "    id: liver\n"


def run(*args: object) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args])


def test_the_command_writes_and_says_what(write: Write) -> None:
    steps = "cards:\n  - process: P\n    steps:\n      - A ==b==\n      - a ==c==\n"
    folder = write({"01.yaml": BARE_CARD, "sub/02.yaml": steps, "03.yaml": NAMED_CARD[:-6] + "x\n"})
    result = run("ids", folder.parent)
    assert result.exit_code == 0
    assert result.stdout == (
        f"{folder}/01.yaml: 1 id written (liver)\n{folder}/sub/02.yaml: 3 ids written (p, b, c)\n"
    )
    assert (folder / "01.yaml").read_text() == NAMED_CARD
    assert run("check", folder).exit_code == 0
    before = {path: path.stat() for path in folder.rglob("*")}
    result = run("ids", folder)
    assert (result.exit_code, result.stdout) == (0, f"{folder}: every card has its id\n")
    assert {path: path.stat() for path in folder.rglob("*")} == before


def test_a_file_with_a_slip_is_left_alone_and_the_others_are_not(write: Write) -> None:
    broken = "cards:\n  - fact: Angiogenesis: ==vessels==\n"
    folder = write({"01.yaml": BARE_CARD, "02.yaml": broken})
    result = run("ids", folder, "--format", "short")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == f"{folder}/01.yaml: 1 id written (liver)"
    assert "02.yaml:2:23: error:" in result.stdout
    assert "1 error; ids may still be missing." in result.stdout
    assert (folder / "02.yaml").read_text() == broken
    result = run("ids", folder, "--format", "json")
    (problem,) = json.loads(result.stdout)
    assert problem["path"] == f"{folder}/02.yaml"


def test_beside_a_file_that_cannot_be_read_nothing_is_written(write: Write) -> None:
    folder = write({"01.yaml": BARE_CARD, "02.yaml": b"\xff\xfec\0"})
    write({"../other/deck.yaml": DECK, "../other/01.yaml": BARE_CARD})
    result = run("ids", folder.parent)
    assert result.exit_code == 1
    assert "[encoding]" in result.stdout
    assert (folder / "01.yaml").read_text() == BARE_CARD
    assert (folder.parent / "other" / "01.yaml").read_text() == NAMED_CARD


def test_mistakes_that_are_not_in_the_way_are_not_told(write: Write) -> None:
    folder = write({"01.yaml": "cards:\n  - fact: The ==liver\n    nite: x\n", "deck.yaml": "x"})
    result = run("ids", folder)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{folder}/01.yaml: 1 id written (liver)\n"


def test_a_deck_without_its_own_id_is_told(write: Write) -> None:
    folder = write({"01.yaml": "cards:\n  - fact: The ==liver==\n", "deck.yaml": "deck: D\n"})
    result = run("ids", folder)
    assert result.exit_code == 1
    assert f"{folder}/01.yaml: 1 id written (liver)\n" in result.stdout
    assert f"{folder}/deck.yaml:1:1: error: deck.yaml without `id` [missing-key]" in result.stdout
    assert "every card has its id" not in result.stdout


def test_a_folder_without_a_deck_has_no_ids_to_write(tmp_path: Path) -> None:
    assert "[no-deck]" in run("ids", tmp_path).stdout
    assert run("ids", tmp_path).exit_code == 1
    assert run("ids", tmp_path / "nowhere").exit_code == 2


@posix
def test_a_file_is_written_through_its_links_and_once(write: Write) -> None:
    folder = write({"shared.txt": BARE_CARD, "../other/deck.yaml": DECK})
    for link in (folder / "01.yaml", folder / "02.yaml", folder.parent / "other" / "01.yaml"):
        link.symlink_to(folder / "shared.txt")
    result = run("ids", folder.parent)
    assert result.exit_code == 0
    assert result.stdout == (
        f"{folder}/01.yaml: 1 id written (liver)\n{folder.parent}/other: every card has its id\n"
    )
    assert (folder / "01.yaml").is_symlink()
    assert (folder / "shared.txt").read_text() == NAMED_CARD


def test_what_the_disk_refuses_is_one_sentence_and_no_file_is_changed(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write({"01.yaml": BARE_CARD, "02.yaml": BARE_CARD})

    def full(_descriptor: int) -> None:
        if len(list(folder.glob(".metaflash-*"))) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    result = run("ids", folder)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: Cannot write {folder}/02.yaml: no space left")
    assert result.stderr.endswith("The file that was there is untouched.\n")
    assert sorted(path.name for path in folder.iterdir()) == ["01.yaml", "02.yaml", "deck.yaml"]
    assert (folder / "01.yaml").read_text() == BARE_CARD


def test_the_shipped_deck_without_its_ids_gets_ids_and_nothing_else() -> None:
    for bare, text in zip(BARE, SHIPPED, strict=True):
        (written,) = outcomes(bare.encode())
        assert written.problems == ()
        assert len(written.data.splitlines()) == len(text.splitlines())
        assert len(written.names) == len(re.findall(r"^ +id: ", text, re.MULTILINE))
