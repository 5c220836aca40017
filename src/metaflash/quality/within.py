"""Which questions are in which others, all but a word or two, without looking at all pairs of them.

A question that has more words than another becomes that one when they are taken out. So words are taken
out, and what is left is looked for among the others: by the sum of its words' hashes, from which a word is
subtracted instead of making a new row of words each time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple, TypeAlias

from metaflash.quality.cores import Core

Gaps: TypeAlias = tuple[int, ...] | None
"""How many words of a question stand before each of its blanks; None where it has none."""

_MOST = 2
"""So many words more can one of two questions have."""

_MUCH = 100
"""Words of a question in which others are looked for; a longer one is a page, which ``long-text`` says."""

_DRILL = 8
"""Where more questions than this differ in one word only, that word is what they are about."""

_LONG = 6
"""Letters of the longer of two spellings of a word; shorter words that are alike are different words."""


class Form(NamedTuple):
    """A question without some of its words: ``words`` without ``more``, which stood at ``places``."""

    words: tuple[str, ...]
    more: tuple[str, ...]
    places: tuple[int, ...]

    def moved(self, gaps: Gaps) -> Gaps:
        """Where the blanks of the question are in this form of it."""
        if gaps is None:
            return None
        return tuple(gap - sum(place < gap for place in self.places) for gap in gaps)


def shorter(cores: Collection[Core], share: float) -> dict[Core, tuple[Form, ...]]:
    """Those of some questions in which others of them are, each with these: at least ``share`` of
    its words, in their order, and all that are not plain."""
    known = {core.words for core in cores}
    sums = {sum(map(hash, words)) for words in known}
    found = {}
    for core in cores:
        forms = tuple(form for form in _forms(core, sums, share) if form.words in known)
        if forms:
            found[core] = forms
    return found


def _forms(core: Core, sums: Collection[int], share: float) -> Iterator[Form]:
    length = len(core.words)
    most = min(_MOST, int(length * (1 - share) + 1e-9))
    if most < 1 or not core.plain or length > _MUCH:
        return
    hashes = [hash(word) for word in core.words]
    whole = sum(hashes)
    for count in range(1, most + 1):
        for places in combinations(core.plain, count):
            if whole - sum(hashes[place] for place in places) in sums:
                left = tuple(w for at, w in enumerate(core.words) if at not in places)
                yield Form(left, tuple(core.words[place] for place in places), places)


def respelled(cores: Collection[Core]) -> Mapping[tuple[str, ...], tuple[Form, ...]]:
    """Those of some questions that are another one but for the spelling of a word, by their words, each with
    the others; ``more`` holds both spellings."""
    alike: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = {}
    for words, plain in cores:
        for place in plain if len(words) <= _MUCH else ():
            if len(words[place]) >= _LONG - 1 and words[place].isalpha():
                rest = (*words[:place], "", *words[place + 1 :])
                alike.setdefault(rest, {})[words[place]] = words
    found: dict[tuple[str, ...], tuple[Form, ...]] = {}
    for rest, spellings in alike.items():
        if 1 < len(spellings) <= _DRILL:
            for one, other in combinations(sorted(spellings), 2):
                if _is_respelled(one, other):
                    for a, b in ((one, other), (other, one)):
                        form = Form(spellings[b], (a, b), (rest.index(""),))
                        found[spellings[a]] = (*found.get(spellings[a], ()), form)
    return found


def _is_respelled(one: str, other: str) -> bool:
    """Whether two words differ by a letter left out or by two that changed places: "tumour", "captial".

    Another letter makes another word ("nitrite"), and so does one in front ("atypical").
    """
    from rapidfuzz.distance import OSA

    if max(len(one), len(other)) < _LONG:
        return False
    if OSA.distance(one, other, score_cutoff=1) != 1 or one.endswith(other) or other.endswith(one):
        return False
    return len(one) != len(other) or sorted(one) == sorted(other)
