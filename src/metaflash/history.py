"""What the sources ask for, joined with what learners have: notes with numbers and times.

    (drafts, lock) -> (notes, new lock, problems)

A note that changed gets the time of the build, any other keeps its own. A note that is in no file
any more is retired: it goes on in the package, so that learners who have it are told. A package
holds no cards for what is not asked any more, because it would bring them to those who never had
them; but a note without any is broken in Anki's browser, so a retired note has one, after all others.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from metaflash import identity, matching, notetype, numbers, positions, words
from metaflash.deck import Deck
from metaflash.diagnostics import Diagnostic, Span
from metaflash.lock import Asked, Entry, Lock, Style
from metaflash.note import Card, Cloze, Draft, Note, html
from metaflash.numbers import Allotment
from metaflash.readers import Name

REMEMBERED = ("Text", "Topic", "Extra", "Note", "Source", "Picture", "Back picture")
"""The fields that the lock keeps, to show what changed and to go on showing what was retired."""

_BANNER = "Retired: this is no longer part of the deck. You may suspend it."
_GONE = "This is no longer asked. You may suspend this card."

_FEW = 4
"""Blanks that a message names."""


class Drafted(NamedTuple):
    """A note that the sources ask for, as far as they tell.

    ``key`` is its first id, which its guid is made of, and ``name`` its id now; ``fields`` are
    those that the kind does not fill; in one that it does fill, they follow. ``was`` is where the
    first id is written, if it is, and ``alt`` the words for its picture, if it has one.
    """

    key: str
    name: str
    draft: Draft
    kind: str
    fields: Mapping[str, str]
    tags: tuple[str, ...]
    span: Span
    was: Name | None
    alt: Name | None


class Settled(NamedTuple):
    """The notes of a deck, and what is to be remembered of them."""

    notes: tuple[Note, ...]
    lock: Lock
    problems: tuple[Diagnostic, ...]


def settle(
    deck: Deck,
    drafted: Sequence[Drafted],
    lock: Lock | None,
    *,
    now: int,
    forget: int | None = None,
) -> Settled:
    """The notes that the drafts become, given what learners have.

    ``now`` is the time of the build in seconds since the epoch; notes that were retired at least
    ``forget`` seconds ago are left out, with 0 those too that this build retires, with None none.
    No two drafts have one key.
    """
    known = lock.notes if lock else {}
    allotments = [_allot(one, known.get(one.key)) for one in drafted]
    places = positions.allot(_rounds(drafted, allotments), _places(known))
    notes: list[Note] = []
    entries: dict[str, Entry] = {}
    problems: list[Diagnostic] = []
    for one, allotted in zip(drafted, allotments, strict=True):
        problems += _doubts(one, allotted)
        note = _note(deck, one, allotted, places, now)
        note = _timed(note, known.get(one.key))
        notes.append(note)
        entries[one.key] = entry(note, allotted.asked, one.name if one.name != one.key else "")
    last = max(places.values(), default=0)
    for key in sorted(known.keys() - entries.keys()):
        gone = known[key]._replace(retired=known[key].retired or now)
        due = forget is not None and gone.retired <= now - forget
        gone = gone._replace(forgotten=gone.forgotten or due)
        entries[key] = gone
        if not gone.forgotten:
            last = min(last + 1, positions.LAST)
            note = _retired(deck, key, gone, last, now)
            notes.append(note)
            entries[key] = gone._replace(content=fingerprint(note), modified=note.modified)
    style = _style(lock.style if lock else None)
    return Settled(tuple(notes), Lock(deck.id, deck.deck, style, entries), tuple(problems))


def _style(before: Style | None) -> Style:
    """The look of the note type and its time, which rises with every change."""
    content, modified = notetype.fingerprint(), notetype.MODIFIED
    if before and before.content == content:
        return before
    return Style(content, max(modified, before.modified + 1) if before else modified)


def entry(note: Note, asked: tuple[Asked, ...], name: str = "") -> Entry:
    """What the lock remembers of a note."""
    fields = dict(zip(notetype.FIELDS, note.fields, strict=True))
    remembered = {field: _kept(words.own(fields[field])) for field in REMEMBERED if fields[field]}
    return Entry(
        modified=note.modified,
        content=fingerprint(note),
        due=tuple(card.due for card in note.cards),
        kind=fields["Kind"],
        asked=tuple(a._replace(words=_kept(a.words)) for a in asked),
        words=remembered,
        tags=note.tags,
        name=name,
    )


def _kept(text: str) -> str:
    """A text as it is after the lock was written and read: composed (NFC), as every file is."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fingerprint(note: Note) -> str:
    """A hash of all that a learner sees of a note."""
    content = "\x1f".join([*note.fields, *note.tags])
    return blake2b(content.encode(), digest_size=8).hexdigest()


# --- The order of introduction -------------------------------------------------------------

_CardKey: TypeAlias = tuple[str, int]
"""A card: the first id of its note, and its number."""

_ROOM = 2
"""Cards of a round of which none can go elsewhere without coming beside the round before."""


def _places(known: Mapping[str, Entry]) -> dict[_CardKey, int]:
    """The place that each card had."""
    return {
        (key, number): due
        for key, entry in known.items()
        for number, due in zip(entry.live, entry.due, strict=True)
    }


def _rounds(drafted: Sequence[Drafted], allotments: Sequence[Allotment]) -> list[list[_CardKey]]:
    """The cards of a deck in the rounds of their introduction, each in order.

    Turns that go by number fit what Anki does with the cards it took for a day: by default it sorts
    them by number. And a blank that is added takes none of the others out of its round.
    """
    facts: dict[str, int] = {}
    turns: list[tuple[tuple[int, int, int, int], _CardKey]] = []
    for at, (one, allotted) in enumerate(zip(drafted, allotments, strict=True)):
        fact = facts.setdefault(one.name.partition("/")[0], len(facts))
        by_number = {number: turn for turn, number in enumerate(sorted(set(allotted.numbers)))}
        found: dict[int, tuple[int, int]] = {}
        for item, number in zip(one.draft.items, allotted.numbers, strict=True):
            turn = by_number[number] if item.round is None else item.round
            found[number] = min(found.get(number, (turn, item.rank)), (turn, item.rank))
        turns += [
            ((turn, fact, rank, at), (one.key, number)) for number, (turn, rank) in found.items()
        ]
    rounds: dict[int, list[_CardKey]] = {turn: [] for turn in range(positions.REGIONS)}
    for (turn, *_), card in sorted(turns):
        rounds.setdefault(turn, []).append(card)
    for one_round, following in pairwise(list(rounds.values())[1:]):
        if len(one_round) > _ROOM and following and one_round[-1][0] == following[0][0]:
            one_round[-2:] = reversed(one_round[-2:])  # another card between two of one note
    return list(rounds.values())


# --- Notes that are in the sources ---------------------------------------------------------


def _allot(one: Drafted, before: Entry | None) -> Allotment:
    if before is None:
        return numbers.allot(one.draft.items)
    text, text_before = one.draft.fields.get("Text", ()), before.words.get("Text", "")
    return numbers.allot(one.draft.items, before.asked, text=text, text_before=text_before)


def _note(
    deck: Deck, one: Drafted, allotted: Allotment, places: Mapping[_CardKey, int], now: int
) -> Note:
    guid = identity.guid(deck.id, one.key)
    note_id = identity.note_id(guid)
    fields = dict.fromkeys(notetype.FIELDS, "") | dict(one.fields)
    fields |= {"Id": guid, "Kind": one.kind, "Language": _language(deck)}
    own = {name: html(p, allotted.numbers) for name, p in one.draft.fields.items()}
    fields |= {name: text + fields[name] for name, text in own.items()}
    fields["Retired"] = _no_longer(_GONE, (a for a in allotted.asked if not a.live))
    cards = tuple(
        Card(identity.card_id(note_id, number), number, places[one.key, number])
        for number in sorted(set(allotted.numbers))
    )
    return Note(guid, note_id, tuple(fields.values()), one.tags, cards, now, one.span)


def _language(deck: Deck) -> str:
    return deck.language or "en"


def _timed(note: Note, before: Entry | None) -> Note:
    """The note with its old time if it has not changed."""
    if before and before.content == fingerprint(note):
        return note._replace(modified=before.modified)
    return note


def _doubts(one: Drafted, allotted: Allotment) -> Iterable[Diagnostic]:
    """What was assumed of blanks of which several changed at once, and pins that take a number
    from a blank that is still there."""
    for old in allotted.taken:
        asked = next(a for a in allotted.asked if a.number == old.number and a.live)
        hint = (
            f"The reviews of “{words.plain(old.words)}” count for “{words.plain(asked.words)}” now, and"
            f" “{words.plain(old.words)}” starts anew. If that is not meant, take the number out:  =={words.plain(asked.words)}=="
        )
        message = f"number {old.number} is that of another blank"
        yield Diagnostic(one.span, "warning", "taken-number", message, hint)
    if allotted.guess is None:
        return
    pairs = [
        f"“{words.plain(item.words)}”"
        + ("" if words.same(item.words, old.words) else f" for “{words.plain(old.words)}”")
        + f" (number {old.number})"
        for old, item in allotted.guess.pairs
    ]
    pairs[_FEW:] = ["…"] if len(pairs) > _FEW else []
    hint = (
        f"Taken for the same, in the order of the sentence: {', '.join(pairs) or 'none of them'}."
    )
    if any(item.role == matching.BLANK for item in one.draft.items):
        lines = [f"=={number}|{words.plain(text)}==" for number, text in allotted.guess.otherwise]
        hint += f" If it is otherwise, give the numbers by hand, such as  {' and '.join(lines)}"
    message = "several blanks changed at once"
    yield Diagnostic(one.span, "warning", "guessed-blanks", message, hint)


# --- Notes and blanks that are not ---------------------------------------------------------


def _no_longer(heading: str, gone: Iterable[Asked]) -> str:
    """The field that takes over the numbers of what is no longer asked; a card whose number is
    not in it shows nothing of it."""
    words_of = {asked.number: asked.words or asked.role for asked in gone}
    if not words_of:
        return ""
    clozes = (Cloze(at, text, "retired") for at, text in enumerate(words_of.values()))
    return f'<div class="gone">{heading}</div>{html(tuple(clozes), tuple(words_of))}'


def _retired(deck: Deck, key: str, gone: Entry, due: int, now: int) -> Note:
    """The note of an entry that no source asks for any more."""
    text = gone.words.get("Text", "")
    asked_in_text = {int(found[1]) for found in words.CLOZE.finditer(text)}
    fields = dict.fromkeys(notetype.FIELDS, "") | dict(gone.words)
    fields |= {"Id": identity.guid(deck.id, key), "Kind": gone.kind, "Language": _language(deck)}
    fields["Text"] = words.in_words(text)
    fields["Banner"] = _BANNER
    others = (asked for asked in gone.asked if asked.number not in asked_in_text)
    fields["Retired"] = _no_longer(words.untitled(text), others)
    guid = fields["Id"]
    tags = tuple(sorted({*gone.tags, notetype.RETIRED_TAG}))
    note_id = identity.note_id(guid)
    first = min(asked.number for asked in gone.asked)
    card = Card(identity.card_id(note_id, first), first, due)
    note = Note(guid, note_id, tuple(fields.values()), tags, (card,), now, deck.span, retired=True)
    return _timed(note, gone)
