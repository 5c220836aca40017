"""Every slip gives one message, at the right place, and the line that it says to write is right."""

from __future__ import annotations

import pytest

from slip_lab import cases, judge, lasting
from slip_table import KINDS, Page, page

PLACES = 6
"""As many places of each kind are tried, spread over three files; ``python tests/slip_lab.py`` tries all
places of all decks."""

TWO, SILENT, LINE, ELSEWHERE = "2 messages", "silent", "wrong line", "elsewhere"

UNSURE = {
    "second line below | deeper": (SILENT, "a text below | keeps its columns, as may be meant"),
    "first line below | deeper": (LINE, "the same: the text's own columns are kept"),
    "< for >-": (SILENT + TWO, "a text may start with <-"),
    "- > for >-": (SILENT + TWO, "a text may start with ->"),
    "step with a key for its sentence": (SILENT, "`step` is an id as any other"),
    "step with a sentence as its id": (TWO, "the id is no id, and the sentence has no blank"),
    "step with id and text as keys": (LINE, "read as a sentence with a colon"),
    "step without an id": (LINE, "an id made of the words is another one than it had"),
    "step without its colon": (LINE, "an id of one word may be the first of the sentence"),
    "a colon for an arrow": (LINE, "no telling that an arrow was meant; the text is kept"),
    "only a point": (LINE, "only the first of several is made an arrow"),
    "two spaces too many, key": (ELSEWHERE, "below >- such a key is text; the card lacks it"),
    "two spaces too few, key": (SILENT, "in the column of other keys it is one of them"),
    "key in column 1": (SILENT, "`tags` and `source` in column 1 are the file's own"),
    "two lines joined": (TWO + LINE, "an id behind a text is not read, and told as missing, too"),
    "line above a list forgotten": (TWO + LINE + ELSEWHERE, "items may belong to the list above"),
    "colon forgotten before a list": (ELSEWHERE, "told at the list's first item"),
    "plain heading": (LINE, "right below a list it may go on with the last text"),
    "plain heading, indented": (LINE, "the same"),
    "web bullets": (TWO + LINE, "the same"),
    "a table from Word": (TWO, "its tab is told beside its first line"),
    "cards again": (TWO, "what stands between the two lines is told, too"),
    "JSON keys and commas": (LINE, "a comma at the end is kept as text"),
    "key in stars": (TWO + LINE + ELSEWHERE + "many messages", "a key in stars is no word"),
    "sign >- forgotten": (ELSEWHERE, "the sentence's colon is told at the line below it"),
}
"""Kinds in which some cases may fall short: in what, and why."""


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    return {name: page(text) for name, text in lasting().items()}


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
def test_a_slip_of_which_nobody_can_be_sure(kind: str, pages: dict[str, Page]) -> None:
    allowed, reason = UNSURE[kind]
    found = list(cases(kind, pages))
    for deck, slip in found[:: max(1, len(found) // PLACES)]:
        assert judge(slip).fault in allowed, (deck, reason)
