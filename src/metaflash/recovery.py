"""Ids that were deleted, and are given back: the words in the files are still those that the lock has
under an id that is in no file any more. Words that differ in anything get a new one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from metaflash import naming
from metaflash.diagnostics import Source
from metaflash.facts import FactFile, read_facts
from metaflash.kinds.kind import Fact
from metaflash.lock import Lock
from metaflash.naming import Had, Named
from metaflash.note import Cloze, Draft
from metaflash.words import heart

_NAMES = re.compile(r"\b(?:id|was): *[\"']?([a-z0-9]+(?:[-/][a-z0-9]+)*)")
"""An id, or a first one, wherever it is written."""


def allot(
    sources: Sequence[Source | None], files: Sequence[FactFile | None], before: Lock | None
) -> list[list[Named]]:
    """An id for all that have none, file by file: the one that it had in the last build, or a new one
    that is unique in the deck. ``sources`` and ``files`` are all of the deck, None where one cannot
    be read or says nothing."""
    texts = [source.text for source in sources if source]
    reserved = before.ids if before else frozenset[str]()
    named = naming.allot(files, texts, reserved)
    if before is None or not any(named):
        return named
    gone = _gone(before, files, texts)
    again = dict(_again(sources, named, gone)) if gone else {}
    return naming.allot(files, texts, reserved, again) if again else named


def spoken(draft: Draft) -> str:
    """The words that a drafted note stands for, as plain text."""
    pieces = draft.fields.get("Text", ())
    return heart("".join(p.answer if isinstance(p, Cloze) else p for p in pieces))


class _Gone(NamedTuple):
    """A note of the last build that no file names any more: its id then, its kind and its words."""

    name: str
    kind: str
    words: str

    @property
    def glued(self) -> str:
        """Its words behind its id, as they are where a step has lost its colon."""
        return f"{self.name.rpartition('/')[2]} {self.words}"

    @property
    def whole(self) -> str:
        """The id of the card, of which the note may be a step or box."""
        return self.name.partition("/")[0]


def _gone(
    before: Lock, files: Sequence[FactFile | None], texts: Iterable[str]
) -> tuple[_Gone, ...]:
    """The notes of the last build that are in no file; what a mistake may hide counts as there."""
    entries = [entry for file in files if file for entry in file.cards.entries]
    written = {name for text in texts for name in _NAMES.findall(text)}
    parts = {entry.name: entry.parts for entry in entries if entry.name}
    found: list[_Gone] = []
    for key, entry in before.notes.items():
        name = entry.name or key
        whole, _, part = name.partition("/")
        if entry.retired or key in written or name in written:
            continue
        there = parts.get(whole)
        if (there is None and not {whole, key.partition("/")[0]} & written) or (
            there is not None and part and part not in there.taken and not there.wrong
        ):
            found.append(_Gone(name, entry.kind, heart(entry.words.get("Text", ""))))
    return tuple(found)


def _again(
    sources: Sequence[Source | None], named: Iterable[Sequence[Named]], gone: Iterable[_Gone]
) -> Iterator[tuple[tuple[int, int], Had]]:
    """The ids to be given back, each to one place: the index of a file, and an offset in it."""
    left = list(gone)
    for at, (source, new) in enumerate(zip(sources, named, strict=True)):
        if source is None or not new:
            continue
        lent, _ = read_facts(source, naming.places(new))
        facts = {str(fact.id): fact for fact in lent.cards.facts} if lent else {}
        cards: dict[int, list[Named]] = {}
        for one in new:
            cards.setdefault(one.entry.card.start, []).append(one)
        for ones in cards.values():
            fact = facts.get(ones[0].entry.name or ones[0].name)
            if fact is not None:
                yield from (((at, start), had) for start, had in _of_card(ones, fact, left))


def _of_card(ones: Sequence[Named], fact: Fact, left: list[_Gone]) -> Iterator[tuple[int, Had]]:
    """The ids of a card and its steps, by their offsets; what is given back is no longer ``left``."""
    said = {draft.step: spoken(draft) for draft, _ in fact.drafts()}
    texts = set(said.values())
    same = [one for one in left if one.kind == fact.kind and texts & {one.words, one.glued}]
    whole = ones[0].entry.name
    if not whole:
        votes = Counter(one.whole for one in same)
        whole, count = votes.most_common(1)[0] if votes else ("", 0)
        if not whole or 2 * count < len(said):
            return
        yield ones[0].entry.card.start, Had(whole)
    for one in (one for one in same if one.whole == whole):
        left.remove(one)
        _, _, step = one.name.partition("/")
        for new in ones:
            if new.part and said.get(new.name) in (one.words, one.glued):
                glued = said.pop(new.name) == one.glued
                yield new.part.start, Had(step, glued)
                break
