"""Ids written into a teacher's files: the right ones, in the right place, and nothing else."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import DECK, Write
from metaflash.build import compile_deck
from metaflash.characters import decode
from metaflash.cli import main
from metaflash.diagnostics import Source
from metaflash.insertion import Outcome, Text, with_ids
from metaflash.slug import MAX_LENGTH, free, is_slug

posix = pytest.mark.skipif(os.name != "posix", reason="the system has no such files")


def outcomes(*files: bytes, reserved: frozenset[str] = frozenset()) -> list[Outcome]:
    """What becomes of the fact files of a deck."""
    texts = [Text(decode(f"{n:02}.yaml", data)[0], data) for n, data in enumerate(files, 1)]
    return with_ids(texts, reserved)


def codes(*files: bytes) -> list[str]:
    """What a build has to say."""
    reads = [decode(f"{n:02}.yaml", data) for n, data in enumerate(files, 1)]
    found = compile_deck((Source("deck.yaml", DECK), []), reads, clock=1).diagnostics
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
    (kept,) = outcomes(text, reserved=frozenset({"shed", "cascade", "cascade-2/go"}))
    assert kept.names == ("shed-2", "cascade-3", "shed", "go")
    text = text.replace(b"Cascade\n", b"Cascade\n    id: mine\n")
    (kept,) = outcomes(text, reserved=frozenset({"mine/go"}))
    assert kept.names == ("shed", "shed", "go-2")


def test_a_long_id_has_room_for_its_number() -> None:
    taken: dict[str, int] = {}
    names = [free("a" * MAX_LENGTH, taken) for _ in range(12)]
    assert len(set(names)) == 12
    assert all(map(is_slug, names))


def test_the_hint_and_the_command_agree() -> None:
    files = (
        b"cards:\n  - fact: The ==liver==\n  - process: P\n    steps:\n      - A ==b==\n      - a ==b==\n",
        b"cards:\n  - term: Liver\n    means: x\n  - fact: x ==y==\n    id: liver-2\n",
    )
    reads = [decode(f"{n}.yaml", data) for n, data in enumerate(files)]
    found = compile_deck((Source("deck.yaml", DECK), []), reads, clock=1).diagnostics
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
