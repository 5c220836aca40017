"""Which blank of an edited sentence is which of those it had: by words, roles, and surroundings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from metaflash.lock import Asked
from metaflash.note import Cloze, Item, Pieces
from metaflash.words import CLOZE, nearness, plain, spelling, stands_in, tokens

BLANK = "blank"
"""The role of a blank in a sentence; a note can have several. All other roles are there once."""

_ANSWERS = (BLANK, "answer", "term", "place", "box")
"""The roles that can turn into each other with other words, where a fact changes its kind."""

_FIXED = ("next", "before")
"""The roles whose words say nothing: they are never taken for another."""

_LIKELY = 0.6
"""A likeness (of 2: words and surroundings) above which two blanks are taken for one, reworded."""

_SAME_WORDS, _SAME_PLACE = 0.6, 0.9
"""Likenesses (of 1) of the words or of the surroundings alone that leave no doubt."""

_CLEAR = 0.25
"""The lead over the next best pairing that leaves no doubt."""

_NEAR = 4
"""How many words on either side are a blank's surroundings."""

_WINDOW = 25
"""Of very many blanks, those are compared that stand about as far behind the first."""


class Guess(NamedTuple):
    """What was assumed of blanks of which several changed at once: which old one is which new one,
    and another way to see it, as the numbers and words that a teacher would write."""

    pairs: tuple[tuple[Asked, Item], ...]
    otherwise: tuple[tuple[int, str], ...]


class Matching:
    """The items of a note held against what was asked before; ``numbers`` fills up.

    The rules are called one after the other, from the surest to the most doubtful.
    """

    def __init__(
        self,
        items: Sequence[Item],
        before: Sequence[Asked],
        numbers: dict[int, int],
        now: Sentence,
        then: Sentence,
    ) -> None:
        self.items, self.numbers, self.now, self.then = items, numbers, now, then
        self.doubts: list[tuple[Asked, int, int]] = []
        self.refused: set[tuple[int, int]] = set()
        # in the order of the old sentence, what is not in it behind
        self.before = sorted(before, key=lambda old: then.order.get(old.number, len(before)))

    def free(self) -> list[Asked]:
        """What was asked for and has no item yet; what is still asked for comes first."""
        given = set(self.numbers.values())
        return sorted(
            (old for old in self.before if old.number not in given), key=lambda old: not old.live
        )

    def open(self) -> list[int]:
        """The items without a number."""
        return [at for at in range(len(self.items)) if at not in self.numbers]

    def by_words(self, alike: Callable[[str, str], bool], *, live_only: bool = False) -> None:
        """Numbers for the items whose words were there before, with the same role first.

        Of several with the same words, those get their numbers first that have no choice; a number of
        one's own comes before one that was shared, and the same surroundings before others. ``live_only`` leaves out what was not asked of late, and
        alone, in another role.
        """
        for one_role in (True, False):
            pairs = [
                (at, rank)
                for rank, old in enumerate(self.before)
                for at in self.open()
                if old.number not in self.numbers.values()
                and (at, rank) not in self.refused
                and (old.role == self.items[at].role) == one_role
                and (one_role or self.may_change(old, at, live_only=live_only))
                and alike(old.words, self.items[at].words)
            ]
            choices = Counter(at for at, _ in pairs)
            together = Counter(old.number for old in self.before)
            ranked = sorted(
                pairs,
                key=lambda pair: (
                    choices[pair[0]],
                    together[self.before[pair[1]].number],
                    not self.before[pair[1]].live,
                    -self.place(self.before[pair[1]], pair[0]),
                    pair,
                ),
            )
            for at, rank in ranked:
                old = self.before[rank]
                if at not in self.numbers and old.number not in self.numbers.values():
                    rivals = [
                        self.before[r].number
                        for a, r in pairs
                        if a == at and r != rank and together[self.before[r].number] == 1
                    ]
                    choice = rivals or [old.number for a, r in pairs if r == rank and a != at]
                    if choice and not self.is_clear(old, at, pairs):
                        if not old.live:  # better a new number than the reviews of another place
                            self.refused.add((at, rank))
                            continue
                        self.doubts.append((old, at, choice[0]))
                    self.numbers[at] = old.number

    def is_clear(self, old: Asked, at: int, pairs: Sequence[tuple[int, int]]) -> bool:
        """Whether, of blanks with the same words, the surroundings tell which one this is."""
        place = self.place(old, at)
        others = [
            self.place(self.before[rank], other)
            for other, rank in pairs
            if (other == at) != (self.before[rank].number == old.number)
        ]
        return place >= _SAME_PLACE or place - max(others, default=0) >= _CLEAR

    def may_change(self, old: Asked, at: int, *, live_only: bool) -> bool:
        """Whether an item may take over what was asked in another role."""
        changing = {old.role, self.items[at].role}.isdisjoint(_FIXED)
        alone = sum(other.number == old.number for other in self.before) == 1
        return changing and ((old.live and alone) or not live_only)

    def by_role(self) -> None:
        """Numbers for the items whose role is the only one of its name, before and now."""
        roles = Counter(item.role for item in self.items)
        for at in self.open():
            role = self.items[at].role
            if role != BLANK and roles[role] == 1:
                free = (old for old in self.free() if old.live and old.role == role)
                old = next(free, None)
                if old:
                    self.numbers[at] = old.number

    def doubt(self) -> Guess | None:
        """What was assumed of blanks with the same words, if their surroundings left doubt."""
        if not self.doubts:
            return None
        self.doubts.sort(key=lambda doubt: doubt[1])
        pairs = tuple((old, self.items[at]) for old, at, _ in self.doubts)
        unused = max(old.number for old in self.before) + 1
        old, at, rival = self.doubts[0]
        number = rival if rival != old.number else unused
        return Guess(pairs, ((number, self.items[at].words),))

    def place(self, old: Asked, at: int) -> float:
        """How alike the surroundings of a blank are, then and now."""
        then, now = self.then.around.get(old.number), self.now.around.get(at)
        if then is None or now is None:
            return 0.0
        sides = [pair for pair in zip(then, now, strict=True) if any(pair)]
        return sum(nearness(*pair) for pair in sides) / len(sides) if sides else 1.0

    def by_likeness(self) -> Guess | None:
        """Numbers for reworded blanks, the most alike first; a guess where that leaves doubt.

        An answer that still stands in the sentence, with a blank around it or not, was not
        reworded. The only answer of a note stays the only one, whatever its words.
        """
        still = {plain(item.words).casefold() for item in self.items}
        gone = list(
            {
                old.number: old
                for old in self.free()
                if old.live
                and old.role in _ANSWERS
                and plain(old.words).casefold() not in still
                and not stands_in(plain(old.words), self.now.visible)
            }.values()
        )
        added = [
            at
            for at in self.open()
            if self.items[at].role in _ANSWERS
            and not stands_in(plain(self.items[at].words), self.then.visible)
        ]
        if not gone or not added:
            return None
        if self.is_only(gone[0], added[0]):
            self.numbers[added[0]] = gone[0].number
            return None
        return self.pair(gone, added)

    def is_only(self, old: Asked, at: int) -> bool:
        """Whether a note asks for one answer only, before and now."""
        then = {a.number for a in self.before if a.live and a.role in _ANSWERS}
        now = [i for i, item in enumerate(self.items) if item.role in _ANSWERS]
        return then == {old.number} and now == [at]

    def pair(self, gone: Sequence[Asked], added: Sequence[int]) -> Guess | None:
        """Numbers for the likely pairs, and a guess unless all of them are clear."""
        alike = {
            (rank, at): (self.words(old, at), self.place(old, at))
            for rank, old in enumerate(gone)
            for place, at in enumerate(added)
            if max(len(gone), len(added)) <= _WINDOW or abs(rank - place) <= _WINDOW
        }
        scores = {pair: sum(found) for pair, found in alike.items()}
        pairs: list[tuple[int, int]] = []
        clear = True
        for pair in sorted(scores, key=lambda pair: (-scores[pair], pair)):
            rank, at = pair
            if scores[pair] < _LIKELY or any(r == rank or a == at for r, a in pairs):
                continue
            rivals = [
                scores[other]
                for other in scores
                if other != pair and (other[0] == rank or other[1] == at)
                and not any(r == other[0] or a == other[1] for r, a in pairs)
            ]  # fmt: skip
            words, place = alike[pair]
            clear &= words >= _SAME_WORDS or place >= _SAME_PLACE
            clear &= scores[pair] - max(rivals, default=0) >= _CLEAR
            clear &= all(at != item for item, _ in self.refused)
            pairs.append(pair)
        pairs.sort(key=lambda pair: pair[1])
        for rank, at in pairs:
            self.numbers[at] = gone[rank].number
        left_gone = [old for rank, old in enumerate(gone) if rank not in {r for r, _ in pairs}]
        left_added = [at for at in added if at not in {a for _, a in pairs}]
        if clear and not (left_gone and left_added):
            return None
        return self.guess([(gone[rank], at) for rank, at in pairs], left_gone, left_added)

    def words(self, old: Asked, at: int) -> float:
        """How alike the words of a blank are, then and now; a step asks for several together."""
        then, now = plain(old.words), plain(self.items[at].words)
        if "place" in (old.role, self.items[at].role) and (
            stands_in(then, now) or stands_in(now, then)
        ):
            return 1.0
        return spelling(then, now)

    def guess(
        self, pairs: Sequence[tuple[Asked, int]], gone: Sequence[Asked], added: Sequence[int]
    ) -> Guess:
        """A pairing in words, with the one that would be next."""
        worded = tuple((old, self.items[at]) for old, at in pairs)
        if gone and added:
            otherwise = [(gone[0].number, self.items[added[0]].words)]
        elif len(pairs) > 1:
            (one, first), (other, second) = worded[:2]
            otherwise = [(other.number, first.words), (one.number, second.words)]
        elif gone:
            otherwise = [(gone[0].number, worded[0][1].words)]
        elif added:
            otherwise = [(worded[0][0].number, self.items[added[0]].words)]
        else:
            unused = max(old.number for old in self.before) + 1
            otherwise = [(unused, worded[0][1].words)]
        return Guess(worded, tuple(otherwise))


class Sentence(NamedTuple):
    """A sentence taken apart: what stands outside of its blanks, and for each blank (its number
    or its item) the words on its left and on its right, the nearest first, and its place among the
    blanks."""

    visible: str
    around: dict[int, tuple[list[str], list[str]]]
    order: dict[int, int]

    @classmethod
    def of(cls, parts: Sequence[str | tuple[int, str]]) -> Sentence:
        """A sentence of plain texts and blanks."""
        texts = (part if isinstance(part, str) else part[1] for part in parts)
        words = [[word for word in tokens(text) if word.isalnum()] for text in texts]
        around: dict[int, tuple[list[str], list[str]]] = {}
        order: dict[int, int] = {}
        for at, part in enumerate(parts):
            if not isinstance(part, str) and part[0] not in around:
                left = [word for few in words[max(0, at - _NEAR) : at] for word in few[-_NEAR:]]
                right = [word for few in words[at + 1 : at + 1 + _NEAR] for word in few[:_NEAR]]
                around[part[0]] = left[::-1][:_NEAR], right[:_NEAR]
                order[part[0]] = len(order)
        visible = " ; ".join(part for part in parts if isinstance(part, str))
        return cls(visible, around, order)

    @classmethod
    def new(cls, pieces: Pieces) -> Sentence:
        """A sentence as it is drafted."""
        return cls.of(
            [(p.item, plain(p.answer)) if isinstance(p, Cloze) else plain(p) for p in pieces]
        )

    @classmethod
    def old(cls, html: str) -> Sentence:
        """A sentence as Anki has it."""
        parts: list[str | tuple[int, str]] = []
        at = 0
        for found in CLOZE.finditer(html):
            parts += [plain(html[at : found.start()]), (int(found[1]), plain(found[2]))]
            at = found.end()
        return cls.of([*parts, plain(html[at:])])
