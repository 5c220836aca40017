"""Which cloze number each blank of a note has: a learner's history belongs to the number.

A number is given out once. A blank keeps its own when it is moved or reworded, a new one takes a
number that was never used in its note, and the number of one that is gone waits for its return.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from metaflash.lock import Asked
from metaflash.matching import Guess, Matching, Sentence
from metaflash.note import Item, Pieces
from metaflash.words import plain, same


class Allotment(NamedTuple):
    """A number for every item; every number the note ever had; what had to be guessed; and numbers
    that were pinned although the words that had them are still asked without a pin."""

    numbers: tuple[int, ...]
    asked: tuple[Asked, ...]
    guess: Guess | None = None
    taken: tuple[Asked, ...] = ()


def allot(
    items: Sequence[Item],
    before: Sequence[Asked] = (),
    *,
    text: Pieces = (),
    text_before: str = "",
) -> Allotment:
    """The numbers of a note's items, given those that were given out ``before``.

    The first rule that fits an item decides: the number that the teacher pinned; the one that had
    the same words; the one of the same role; the one whose words and surroundings are most alike.
    All others get the lowest numbers never used. ``text`` and ``text_before`` (HTML with Anki's
    blanks) are the sentences, which tell blanks with the same words, and reworded ones, apart.
    """
    numbers: dict[int, int] = {at: i.number for at, i in enumerate(items) if i.number is not None}
    guess = None
    if before:
        matching = Matching(items, before, numbers, Sentence.new(text), Sentence.old(text_before))
        for alike in (_exactly, same):
            matching.by_words(alike, live_only=True)
        matching.by_role()
        for alike in (_exactly, same):
            matching.by_words(alike)
        guess = matching.by_likeness() or matching.doubt()
    _new(len(items), numbers, before)
    given = tuple(numbers[at] for at in range(len(items)))
    return Allotment(given, _history(items, given, before), guess, _taken(items, before))


def _exactly(one: str, other: str) -> bool:
    return plain(one) == plain(other)


def _new(count: int, numbers: dict[int, int], before: Iterable[Asked]) -> None:
    """The lowest numbers that were never used, for all that have none."""
    used = {old.number for old in before} | set(numbers.values())
    free = 1
    for at in range(count):
        if at not in numbers:
            while free in used:
                free += 1
            numbers[at] = free
            used.add(free)


def _history(
    items: Sequence[Item], numbers: Sequence[int], before: Sequence[Asked]
) -> tuple[Asked, ...]:
    """Everything the note asks for and ever asked for, in the order of the numbers."""
    live = [Asked(n, i.role, i.words) for i, n in zip(items, numbers, strict=True)]
    gone = [old._replace(live=False) for old in before if old.number not in numbers]
    return tuple(sorted([*live, *gone], key=lambda asked: asked.number))


def _taken(items: Sequence[Item], before: Sequence[Asked]) -> tuple[Asked, ...]:
    """What a pinned number asked for before, if that is still asked without a pin of its own."""
    pinned: dict[int, set[str]] = {}
    for item in items:
        if item.number is not None:
            pinned.setdefault(item.number, set()).add(plain(item.words))
    unpinned = {plain(item.words) for item in items if item.number is None}
    return tuple(
        old
        for old in before
        if old.number in pinned
        and plain(old.words) not in pinned[old.number]
        and plain(old.words) in unpinned
    )
