"""Places in the queue of new cards: sparse, so that what comes later fits between.

New cards go through the deck in rounds: first one card of every note, then the second ones, then the
others. Each round has a region of its own, so that what is added at the end of one does not reach into
the next.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Mapping, Sequence
from itertools import chain
from typing import TypeVar

LAST = 999_999
"""The last place: Anki's check of the database speaks of a million, and gives new cards from two
million on other places."""

REGIONS = 3
"""Parts of all places: for the first round, the second, and all others together."""

_REGION = 300_000
"""Places of a region; the last one has those that are left, too."""

_STEP = 1000
"""The distance of two neighbours in a deck that was built at once, if there is room for it."""

K = TypeVar("K", bound=Hashable)


def allot(rounds: Sequence[Sequence[K]], known: Mapping[K, int]) -> dict[K, int]:
    """A rising place for each key, round after round, for as many as possible the one that is known.

    A new key gets a place between its neighbours'; one that was moved, within its round or to
    another, gets a new one. Only when there is no room left between two, or at the end of a
    region, is that region spread anew; and only a deck with more keys in a round than its region
    has places goes without regions.
    """
    last = REGIONS - 1
    parts = [*rounds[:last], list(chain.from_iterable(rounds[last:]))]
    starts = [_REGION * at for at in range(REGIONS)]
    regions = list(zip(parts, starts, [*starts[1:], LAST], strict=False))
    if any(len(part) > end - start for part, start, end in regions):
        regions = [(list(chain.from_iterable(rounds)), 0, LAST)]
    places: dict[K, int] = {}
    for part, start, end in regions:
        places |= _within(part, known, start, end)
    return places


def _within(keys: Sequence[K], known: Mapping[K, int], start: int, end: int) -> dict[K, int]:
    """Rising places for the keys behind ``start`` and up to ``end``."""
    step = max(1, min(_STEP, (end - start) // (2 * len(keys) + 1)))  # room for as many again
    places: dict[K, int] = {}
    lower, waiting = start, []
    kept = _longest_rise([(key, known[key]) for key in keys if start < known.get(key, 0) <= end])
    for key in keys:
        if key not in kept:
            waiting.append(key)
            continue
        if kept[key] - lower <= len(waiting):
            return _anew(keys, start, step)
        places |= _between(waiting, lower, kept[key])
        lower, waiting = places.setdefault(key, kept[key]), []
    upper = lower + step * (len(waiting) + 1)
    if upper > end + step:
        return _anew(keys, start, step)
    return places | _between(waiting, lower, upper)


def _anew(keys: Sequence[K], start: int, step: int) -> dict[K, int]:
    return {key: start + step * (i + 1) for i, key in enumerate(keys)}


def _between(keys: Sequence[K], lower: int, upper: int) -> dict[K, int]:
    """The keys spread evenly between two places."""
    gap = upper - lower
    return {key: lower + gap * (i + 1) // (len(keys) + 1) for i, key in enumerate(keys)}


def _longest_rise(pairs: Sequence[tuple[K, int]]) -> dict[K, int]:
    """The most pairs whose numbers rise: those that need not move."""
    lowest_ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for index, (_, number) in enumerate(pairs):
        length = bisect_left(lowest_ends, number)
        lowest_ends[length : length + 1] = [number]
        at[length : length + 1] = [index]
        before.append(at[length - 1] if length else -1)
    index = at[-1] if at else -1
    rise = []
    while index >= 0:
        rise.append(pairs[index])
        index = before[index]
    return dict(reversed(rise))
