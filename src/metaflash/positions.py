"""Places in the queue of new cards: sparse, so that what comes later fits between."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

LAST = 999_999
"""The last place: Anki's check of the database speaks of a million, and gives new cards from two
million on other places."""

_STEP = 1000
"""The distance of two neighbours in a deck that was built at once, if there is room for it."""


def allot(keys: Sequence[str], known: Mapping[str, int]) -> dict[str, int]:
    """A rising place for each key in order, for as many as possible the one that is known.

    A new key gets a place between its neighbours'; one that was moved gets a new one. Only when
    there is no room left between two, or at the end, all are spread anew.
    """
    step = max(1, min(_STEP, LAST // (2 * len(keys) + 1)))  # room for as many again
    places: dict[str, int] = {}
    lower, waiting = 0, []
    kept = _longest_rise([(key, known[key]) for key in keys if known.get(key, 0) > 0])
    for key in keys:
        if key not in kept:
            waiting.append(key)
            continue
        if kept[key] - lower <= len(waiting):
            return _anew(keys, step)
        places |= _between(waiting, lower, kept[key])
        lower, waiting = places.setdefault(key, kept[key]), []
    upper = lower + step * (len(waiting) + 1)
    return places | _between(waiting, lower, upper) if upper <= LAST + step else _anew(keys, step)


def _anew(keys: Sequence[str], step: int) -> dict[str, int]:
    return {key: step * (i + 1) for i, key in enumerate(keys)}


def _between(keys: Sequence[str], lower: int, upper: int) -> dict[str, int]:
    """The keys spread evenly between two places."""
    gap = upper - lower
    return {key: lower + gap * (i + 1) // (len(keys) + 1) for i, key in enumerate(keys)}


def _longest_rise(pairs: Sequence[tuple[str, int]]) -> dict[str, int]:
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
