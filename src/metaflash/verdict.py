"""What an import did to a learner: which reviews are lost, and which edits did not come through.

A review counts for the words that were asked. So it is lost with its card, and just as well if
its card's number comes to ask for what another one asked, or if its fact begins anew under
another id. Nothing here knows the engine: values go in, sentences come out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from metaflash import doubts, notetype
from metaflash.lock import Entry, moment
from metaflash.words import CLOZE, heart, plain, same


class Note(NamedTuple):
    """A note as a learner has it: its note type's id, its time, its fields and sorted tags."""

    type: int
    modified: int
    fields: tuple[str, ...]
    tags: tuple[str, ...]

    @property
    def content(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What a learner sees of it; Anki keeps the case of a tag that it knows."""
        return self.fields, tuple(sorted(tag.casefold() for tag in self.tags))


class Card(NamedTuple):
    """A card: its note's guid, its number, and all its columns if it was studied."""

    guid: str
    number: int
    row: tuple[Any, ...]


class Snapshot(NamedTuple):
    """A learner's collection: notes by guid, cards by id, the review log by card, the ids and names
    of the note types, and the time since which only a full sync would do."""

    notes: Mapping[str, Note]
    cards: Mapping[int, Card]
    reviews: Mapping[int, list[tuple[Any, ...]]]
    types: tuple[tuple[int, str], ...]
    schema: int


class Finding(NamedTuple):
    """What is wrong with a note, and what the teacher can do."""

    guid: str
    message: str
    hint: str = ""


_LOCK = "Build with the metaflash.lock of the last release"


# --- Cards -----------------------------------------------------------------------------------


def losses(
    given: Snapshot, before: Snapshot, after: Snapshot, silent: Collection[int]
) -> Iterator[Finding]:
    """The reviews that are lost by an import.

    ``given`` is what the old package brought, ``before`` and ``after`` what the learner had around
    the import of the new one; ``silent`` are the cards that ask nothing any more.
    """
    for at, card in before.cards.items():
        if card.row:
            yield from _card(at, card, after, silent)
    for at, rows in before.reviews.items():
        if after.reviews.get(at) != rows:
            card = given.cards[at]
            yield Finding(card.guid, f"reviews of card {card.number} are gone from the log")
    studied = {(card.guid, card.number) for card in before.cards.values() if card.row}
    for guid, then in given.notes.items():
        now = after.notes.get(guid)
        if now and then.type == now.type == notetype.ID:
            yield from (loss for n, loss in _misplaced(guid, then, now) if (guid, n) in studied)


def _card(at: int, card: Card, after: Snapshot, silent: Collection[int]) -> Iterator[Finding]:
    now = after.cards.get(at)
    if now is None:
        yield Finding(card.guid, f"card {card.number} is gone")
    elif now.row != card.row:
        yield Finding(card.guid, f"the schedule of card {card.number} is another one")
    elif at in silent:
        hint = f"{_LOCK}, which keeps a card for what is not asked any more."
        yield Finding(card.guid, f"card {card.number} shows no question any more", hint)


class _Asked(NamedTuple):
    """What a number asks for, in which of the cloze fields."""

    field: str
    words: str


def _misplaced(guid: str, then: Note, now: Note) -> Iterator[tuple[int, Finding]]:
    """The numbers that ask for what another one asked, or whose own words another one took.

    Between fields only what changed its kind is compared: the step that comes next may well be the
    one that came before.
    """
    old, new = _asked(then), _asked(now)
    alike = _named(then)["Kind"] == _named(now)["Kind"]
    retired = notetype.RETIRED_TAG in then.tags
    moved = {at for at in old.keys() & new.keys() if not same(old[at].words, new[at].words)}
    left = [old[at] for at in old if at in moved or at not in new or new[at].field == "Retired"]
    taken = [new[at] for at in new if at in moved or at not in old]
    for number in sorted(moved):
        before, after = old[number], new[number]
        if after.field == "Retired":
            continue
        again = before.field == "Retired" and not retired
        others = [asked for asked in left if asked.field in (after.field, "Retired") or not alike]
        takers = [asked for asked in taken if asked.field == after.field or not alike]
        if (
            again
            or any(same(other.words, after.words) for other in others)
            or any(same(taker.words, before.words) for taker in takers)
        ):
            had, has = plain(before.words), plain(after.words)
            message = f"card {number} asks for “{has}”, with the reviews of “{had}”"
            hint = f"{_LOCK}, or say which number it is:  =={number}|{had}=="
            yield number, Finding(guid, message, hint)


def _asked(note: Note) -> dict[int, _Asked]:
    """What a note asks for, by number; a number that stands several times asks for all of it."""
    found: dict[int, _Asked] = {}
    fields = _named(note)
    for name in notetype.CLOZE_FIELDS:
        for blank in CLOZE.finditer(fields[name]):
            number, words = int(blank[1]), blank[2]
            before = found.get(number)
            if before is None:
                found[number] = _Asked(name, words)
            elif before.field == name:
                found[number] = _Asked(name, f"{before.words}, {words}")
    return found


def _named(note: Note) -> dict[str, str]:
    return dict(zip(notetype.FIELDS, note.fields, strict=False))


def troubles(before: Snapshot, after: Snapshot, said: Iterable[str]) -> Iterator[str]:
    """What else an import must not do to a collection; ``said`` is what Anki's own check of the
    database found after it."""
    for number, name in after.types:
        if number not in dict(before.types):
            yield f"Anki makes a second note type, “{name}”"
    if before.schema != after.schema:
        yield "Anki asks for a full sync"
    for finding in said:
        yield f"Anki’s check of the database says “{finding}”"


# --- Facts -----------------------------------------------------------------------------------


def anew(old: Mapping[str, Entry], new: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """The notes that are gone while a new one has nearly their words: the first id of each, what
    that means, and what the teacher can do."""
    gone = {
        key: heart(entry.words.get("Text", ""))
        for key, entry in old.items()
        if not entry.retired and (key not in new or new[key].retired)
    }
    come = {
        key: heart(entry.words.get("Text", ""))
        for key, entry in new.items()
        if key not in old and not entry.retired
    }
    for key, first in doubts.twins(come, gone):
        name = new[key].name or key
        to, was = _renamed(first, name)
        hint = f"If only the id changed, add to `{to}`:  was: {was}"
        yield first, f"begins anew as `{name}`, without its reviews", hint


def shuffled(old: Mapping[str, Entry], new: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """The notes whose words another one says now, while they say something else: the first id of
    each, what that means, and what the teacher can do."""
    says = {
        heart(entry.words.get("Text", "")).casefold(): key
        for key, entry in new.items()
        if not entry.retired
    }
    for key, entry in old.items():
        words = heart(entry.words.get("Text", "")).casefold()
        other = says.get(words, key)
        if entry.retired or other == key or key not in new or new[key].retired:
            continue
        if heart(new[key].words.get("Text", "")).casefold() != words:
            name = new[other].name or other
            hint = f"Let the id go with its words: give `{new[key].name or key}` back to `{name}`"
            yield key, f"its reviews would count for other words; `{name}` says its own now", hint


def _renamed(first: str, name: str) -> tuple[str, str]:
    """Where ``was:`` has to be added, and what it says: for a step, perhaps its whole process."""
    (then, _, step), (now, _, same_step) = first.partition("/"), name.partition("/")
    return (now, then) if step and step == same_step else (name, first)


# --- Edits -----------------------------------------------------------------------------------


def unarrived(given: Snapshot, after: Snapshot, sent: Snapshot) -> Iterator[Finding]:
    """The notes of which a learner did not get what the new package holds; ``sent`` is what it
    brings to a learner who has nothing."""
    there = {(card.guid, card.number) for card in after.cards.values()}
    missing = {(card.guid, card.number) for card in sent.cards.values()} - there
    numbers = dict(sorted(missing, reverse=True))  # the lowest of each note
    for guid, note in sent.notes.items():
        now, before = after.notes.get(guid), given.notes.get(guid)
        if now is not None and now.content == note.content:
            if guid in numbers:
                yield Finding(guid, f"card {numbers[guid]} does not reach learners")
        elif before is not None and before.modified >= note.modified:
            yield Finding(guid, _dated(before, note), f"{_LOCK}: it dates edits later.")
        else:
            yield Finding(guid, "does not reach learners")


def _dated(given: Note, note: Note) -> str:
    return (
        f"learners’ note is dated {moment(given.modified)}, the new one {moment(note.modified)}, and"
        " Anki takes only what is newer"
    )
