"""Blank numbers over many releases: a history never moves to another blank."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metaflash.lock import Asked
from metaflash.note import Cloze, Item, Pieces
from metaflash.numbers import allot

WORDS = ["liver", "lung", "bone", "brain", "blood", "lymph", "portal vein", "lymph node"]


def blanks(*words: str) -> list[Item]:
    return [Item("blank", word) for word in words]


def sentence(*words: str) -> Pieces:
    """A sentence in which the blanks stand one behind the other."""
    return tuple(piece for i, word in enumerate(words) for piece in (" and ", Cloze(i, word)))


@pytest.mark.parametrize(
    ("pins", "numbers"),
    [
        ([None, None, None], (1, 2, 3)),
        ([None, 1, None], (2, 1, 3)),
        ([2, None, 2, None], (2, 1, 2, 3)),
        ([500, None], (500, 1)),
        ([], ()),
    ],
)
def test_in_a_new_note_blanks_get_the_lowest_free_number(
    pins: list[int | None], numbers: tuple[int, ...]
) -> None:
    assert allot([Item("blank", str(i), pin) for i, pin in enumerate(pins)]).numbers == numbers


RELEASES = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, unique=True), min_size=2)


@given(RELEASES)
def test_a_word_that_stays_keeps_its_number_and_none_is_given_twice(
    releases: list[list[str]],
) -> None:
    """What may happen to a blank that is gone and one that is new is a guess; all else is not."""
    asked: tuple[Asked, ...] = ()
    text = ""
    for words in releases:
        before = {a.words: a.number for a in asked if a.live}
        allotment = allot(blanks(*words), asked, text=sentence(*words), text_before=text)
        now = dict(zip(words, allotment.numbers, strict=True))
        assert len(set(now.values())) == len(words)
        assert all(now[word] == before[word] for word in now.keys() & before.keys())
        assert {a.number for a in asked} <= {a.number for a in allotment.asked}
        live = {a.words: a.number for a in allotment.asked if a.live}
        assert live == now
        owners = {a.number: a.words for a in asked if not a.live}
        reused = {owners[number] for word, number in now.items() if number in owners}
        assert reused <= set(words)  # a retired number only comes back with its words
        asked = allotment.asked
        text = " and ".join(f"{{{{c{n}::{word}}}}}" for word, n in now.items())


@given(st.permutations(WORDS))
def test_blanks_may_stand_in_any_order(order: list[str]) -> None:
    first = allot(blanks(*WORDS))
    then = allot(blanks(*order), first.asked)
    assert dict(zip(order, then.numbers, strict=True)) == dict(
        zip(WORDS, first.numbers, strict=True)
    )
    assert then.asked == first.asked
    assert then.guess is None


def test_the_number_a_teacher_pins_is_the_number_it_gets() -> None:
    first = allot(blanks("liver", "lung"))
    pinned = [Item("blank", "liver", 2), Item("blank", "lung", 1)]
    assert allot(pinned, first.asked).numbers == (2, 1)


def test_one_of_two_equal_words_that_goes_leaves_the_other_its_number() -> None:
    first = allot(blanks("cell", "cell", "blood"))
    then = allot(blanks("cell", "blood"), first.asked)
    assert then.numbers == (1, 3)
    assert [(a.number, a.live) for a in then.asked] == [(1, True), (2, False), (3, True)]


def test_a_blank_goes_back_to_a_number_of_its_own() -> None:
    first = allot(blanks("liver", "lung"))
    together = allot([Item("blank", "liver", 1), Item("blank", "lung", 1)], first.asked)
    assert allot(blanks("liver", "lung"), together.asked).numbers == (1, 2)
    assert allot(blanks("lung", "liver"), together.asked).numbers == (2, 1)
    assert allot([Item("answer", "lung")], together.asked).numbers == (2,)


def test_markup_and_case_make_no_other_word() -> None:
    first = allot(blanks("liver", "<em>bone</em> marrow"))
    assert allot(blanks("Bone marrow", "the liver"), first.asked).numbers == (2, 1)


def test_more_reworded_blanks_than_can_be_compared_are_taken_in_order() -> None:
    old, new = [f"old{i}" for i in range(8)], [f"new{i}" for i in range(8)]
    first = allot(blanks(*old))
    text = "".join(f" and {{{{c{n}::{w}}}}}" for n, w in enumerate(old, 1))
    then = allot(blanks(*new), first.asked, text=sentence(*new), text_before=text)
    assert then.numbers == first.numbers
