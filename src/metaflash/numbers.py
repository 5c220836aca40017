"""Which cloze number each blank of a note has: a learner's history belongs to the number.

A number is given out once. A blank keeps its own when it is moved or reworded, a new one takes a
number that was never used in its note, and the number of one that is gone waits for its return.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations
from typing import NamedTuple

from metaflash.lock import Asked
from metaflash.note import Cloze, Item, Pieces
from metaflash.words import CLOZE, likeness, plain, same, spelling

BLANK = "blank"
"""The role of a blank in a sentence; a note can have several. All other roles are there once."""

_SURE = 0.6
"""A likeness (of 2: words and surroundings) above which two blanks are taken for one, reworded."""

_CLEAR = 0.25
"""The lead over the second-best pairing above which a pairing needs no explanation."""

_NEAR = 4
"""How many words on either side are a blank's surroundings."""

_MOST = 5
"""Up to so many reworded blanks every pairing is compared; of more, those in order."""


class Allotment(NamedTuple):
    """A number for every item; every number the note ever had; and what had to be guessed:
    pairs of the old words and the new, with the number."""

    numbers: tuple[int, ...]
    asked: tuple[Asked, ...]
    guessed: tuple[tuple[Asked, Item], ...] = ()


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
    blanks) are the sentences, which tell a reworded blank from another one.
    """
    numbers: list[int | None] = [item.number for item in items]
    _by_words(items, numbers, before, same_role=True)
    _by_words(items, numbers, [old for old in before if old.live], same_role=False)
    _by_role(items, numbers, before)
    _by_words(items, numbers, before, same_role=False)
    pairing = _reworded(items, numbers, before, _Sentence.new(text), _Sentence.old(text_before))
    for old, at in pairing.pairs:
        numbers[at] = old.number
    _new(numbers, before)
    given = [number for number in numbers if number is not None]
    guessed = tuple((old, items[at]) for old, at in pairing.pairs) if pairing.unsure else ()
    return Allotment(tuple(given), _history(items, given, before), guessed)


def _history(
    items: Sequence[Item], numbers: Sequence[int], before: Sequence[Asked]
) -> tuple[Asked, ...]:
    """Everything the note asks for and ever asked for, in the order of the numbers."""
    live = [Asked(n, i.role, i.words) for i, n in zip(items, numbers, strict=True)]
    gone = [old._replace(live=False) for old in before if old.number not in numbers]
    return tuple(sorted([*live, *gone], key=lambda asked: asked.number))


# --- The rules -------------------------------------------------------------------------------


def _free(numbers: Sequence[int | None], before: Iterable[Asked]) -> list[Asked]:
    """What was asked for and has no item yet; what is still asked for comes first."""
    free = (old for old in before if old.number not in numbers)
    return sorted(free, key=lambda old: not old.live)


def _by_words(
    items: Sequence[Item], numbers: list[int | None], before: Sequence[Asked], *, same_role: bool
) -> None:
    """Numbers for the items whose words were there before, in the same role or in another.

    Items with a choice come last: a blank that was asked together with another goes back to the
    number of its own, and leaves the common one to the other.
    """
    choice = Counter(plain(old.words).casefold() for old in before)
    order = sorted(range(len(items)), key=lambda at: choice[plain(items[at].words).casefold()])
    for at in order:
        item = items[at]
        if numbers[at] is not None:
            continue
        for old in _free(numbers, before):
            if (old.role == item.role) == same_role and same(old.words, item.words):
                numbers[at] = old.number
                break


def _by_role(items: Sequence[Item], numbers: list[int | None], before: Sequence[Asked]) -> None:
    """Numbers for the items whose role is the only one of its name, before and now."""
    roles = Counter(item.role for item in items)
    for at, item in enumerate(items):
        if numbers[at] is None and item.role != BLANK and roles[item.role] == 1:
            old = next((old for old in _free(numbers, before) if old.role == item.role), None)
            numbers[at] = old.number if old else None


def _new(numbers: list[int | None], before: Sequence[Asked]) -> None:
    """The lowest numbers that were never used, for all that have none."""
    used = {old.number for old in before} | {number for number in numbers if number is not None}
    free = 1
    for at, number in enumerate(numbers):
        if number is None:
            while free in used:
                free += 1
            numbers[at] = free
            used.add(free)


# --- Reworded blanks ---------------------------------------------------------------------------


class _Pairing(NamedTuple):
    """Which of the old blanks are which of the new, and whether that had to be guessed."""

    pairs: Sequence[tuple[Asked, int]]
    unsure: bool


def _reworded(
    items: Sequence[Item],
    numbers: Sequence[int | None],
    before: Sequence[Asked],
    now: _Sentence,
    then: _Sentence,
) -> _Pairing:
    """The most likely pairing of the blanks that are in only one of the two sentences.

    An answer that still stands in the sentence, with no blank around it, was not reworded.
    """
    free = {a.number: a for a in _free(numbers, before) if a.live}
    old = [a for a in free.values() if not now.shows(a.words)]
    new = [at for at, n in enumerate(numbers) if n is None and not then.shows(items[at].words)]
    if not old or not new:
        return _Pairing([], unsure=False)
    if len(old) == len(new) == 1:
        return _Pairing([(old[0], new[0])], unsure=False)
    scores = {
        (a, at): spelling(plain(a.words), plain(items[at].words))
        + likeness(then.around(a.number), now.around(at))
        for a in old
        for at in new
    }
    ranked = sorted(
        ((sum(scores[pair] for pair in pairs), pairs) for pairs in _pairings(old, new)),
        key=lambda found: -found[0],
    )
    best = ranked[0][1]
    likely = [pair for pair in best if scores[pair] >= _SURE]
    clear = len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= _CLEAR
    pairs = best if len(old) == len(new) else likely
    return _Pairing(pairs, unsure=not clear or len(likely) < len(best))


def _pairings(old: Sequence[Asked], new: Sequence[int]) -> Iterator[list[tuple[Asked, int]]]:
    """All ways to pair as many as possible; of long lists only the one in order."""
    if max(len(old), len(new)) > _MOST:
        yield list(zip(old, new, strict=False))
    elif len(old) <= len(new):
        for chosen in permutations(new, len(old)):
            yield list(zip(old, chosen, strict=True))
    else:
        for kept in permutations(old, len(new)):
            yield list(zip(kept, new, strict=True))


class _Sentence(NamedTuple):
    """A sentence as plain text and blanks; a blank is (its number or its item, its words)."""

    parts: Sequence[str | tuple[int, str]]

    @classmethod
    def new(cls, pieces: Pieces) -> _Sentence:
        """A sentence as it is drafted."""
        return cls(
            [(p.item, plain(p.answer)) if isinstance(p, Cloze) else plain(p) for p in pieces]
        )

    @classmethod
    def old(cls, html: str) -> _Sentence:
        """A sentence as Anki has it."""
        parts: list[str | tuple[int, str]] = []
        at = 0
        for found in CLOZE.finditer(html):
            parts += [plain(html[at : found.start()]), (int(found[1]), plain(found[2]))]
            at = found.end()
        return cls([*parts, plain(html[at:])])

    def shows(self, words: str) -> bool:
        """Whether the words stand in the sentence outside of its blanks."""
        visible = " ; ".join(part for part in self.parts if isinstance(part, str))
        return bool(words) and bool(
            re.search(rf"\b{re.escape(plain(words))}\b", visible, re.IGNORECASE)
        )

    def around(self, blank: int) -> str:
        """The words on both sides of a blank."""
        texts = [part if isinstance(part, str) else part[1] for part in self.parts]
        for at, part in enumerate(self.parts):
            if not isinstance(part, str) and part[0] == blank:
                left = " ".join(texts[:at]).split()[-_NEAR:]
                right = " ".join(texts[at + 1 :]).split()[:_NEAR]
                return " ".join([*left, *right])
        return ""
