"""Every slip gives one message, at the right place, and the line that it says to write is right."""

from __future__ import annotations

import pytest

from slip_lab import cases, decks, judge
from slip_table import KINDS, Page, page

PLACES = 6
"""As many places of each kind are tried, spread over all decks; ``python tests/slip_lab.py`` tries all."""

UNSURE = {
    "no answer before the hint": "a text may hold ::",
    "second line below | deeper": "a text below | keeps its columns, as the teacher may want it",
    "first line below | deeper": "the same: the line that is offered keeps the text's own columns",
    "< for >-": "a text may start with <-",
    "- > for >-": "a text may start with ->",
    "step with a key for its sentence": "`step` is an id as any other",
    "step with a sentence as its id": "the sentence is no id, and the id no sentence: two are wrong",
    "a colon for an arrow": "no telling that an arrow was meant; the line keeps the text",
    "two spaces too many, key": "below >- a key so deep is part of the text; the card lacks it",
    "two spaces too few, key": "in the column of the card's or the file's keys it is one of them",
    "key in column 1": "`tags` and `source` in column 1 are the file's own",
    "two lines joined": "an id with a word and a colon behind it is two mistakes to YAML",
    "JSON keys and commas": "a key in quotes is right, and so is no comma; both lines are offered",
    "line above a list forgotten": "boxes without `arrows`, and arrows in the column of the keys",
    "key in stars": "a list whose key is not there is told at its first item",
    "sign >- forgotten": "the colon in the sentence is told at the line after it",
}
"""Kinds in which a case may fall short, and why."""


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    return {name: page(text) for name, text in decks().items()}


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - UNSURE.keys()))
def test_a_slip_gives_one_message_and_the_right_line(kind: str, pages: dict[str, Page]) -> None:
    found = list(cases(kind, pages))
    assert found
    for deck, slip in found[:: max(1, len(found) // PLACES)]:
        verdict = judge(slip)
        lines = slip.text.split("\n")
        shown = "\n".join(
            lines[max(0, min(slip.lines, default=1) - 3) : max(slip.lines, default=1)]
        )
        told = [f"{p.place[0]}: {p.message}\n{p.hint}" for p in verdict.problems]
        assert not verdict.fault, "\n".join([deck, shown, *told])


@pytest.mark.parametrize("kind", sorted(UNSURE))
def test_where_nobody_can_be_sure_nothing_is_lost(kind: str, pages: dict[str, Page]) -> None:
    """Such a slip is told, or what was typed is in the notes, word for word."""
    found = list(cases(kind, pages))
    for _, slip in found[:: max(1, len(found) // PLACES)]:
        verdict = judge(slip)
        assert len(verdict.problems) < 3
