"""The ways to import a package: every combination of the options in Anki's import window."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import product
from typing import Literal, NamedTuple, TypeAlias

Condition: TypeAlias = Literal["if newer", "always", "never"]
"""When Anki takes the package's version of what a learner has."""

CONDITIONS: tuple[Condition, ...] = ("if newer", "always", "never")


class Way(NamedTuple):
    """The options of one import; those of a fresh profile where nothing is said."""

    merge: bool = False
    progress: bool = False
    presets: bool = False
    notes: Condition = "if newer"
    types: Condition = "if newer"


_SWITCH = (False, True)
WAYS = tuple(
    Way(merge, progress, presets, notes, types)
    for merge, progress, presets, notes, types in product(
        _SWITCH, _SWITCH, _SWITCH, CONDITIONS, CONDITIONS
    )
)
"""All ways, that of a fresh profile first."""

_LABELS = (
    "Merge note types",
    "Import any learning progress",
    "Import any deck presets",
    "Update notes",
    "Update note types",
)
"""What Anki calls the options."""


def described(found: Collection[Way], tried: Collection[Way] = WAYS) -> str:
    """Those ways of the ones tried to which something applies, in the words of the window."""
    if set(found) == set(tried):
        return "with any options"
    if set(found) == {Way()}:
        return "with Anki’s own options"
    parts = [
        f"{label}: {' or '.join(_VALUES[value] for value in _VALUES if value in here)}"
        for label, here, everywhere in zip(_LABELS, _seen(found), _seen(tried), strict=True)
        if here != everywhere
    ]
    spanned = {way for way in tried if all(v in s for v, s in zip(way, _seen(found), strict=True))}
    if spanned == set(found):
        return f"with {', '.join(parts)}"
    if Way() in found:
        return f"with Anki’s own options and in {len(found) - 1} other ways"
    return f"in {len(found)} of {len(tried)} ways"


def _seen(ways: Iterable[Way]) -> list[set[object]]:
    """The values that each option has in some ways."""
    return [set(values) for values in zip(*ways, strict=True)]


_VALUES: Mapping[object, str] = {
    "if newer": "If newer",
    "always": "Always",
    "never": "Never",
    False: "off",
    True: "on",
}
"""What the values of options are called."""
