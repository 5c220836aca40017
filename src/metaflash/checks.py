"""What can be wrong with a deck as a whole: with its id and name, and with its notes among each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from metaflash import identity, lock
from metaflash.blanks import MAX_NUMBER
from metaflash.deck import Deck
from metaflash.diagnostics import Diagnostic
from metaflash.lines import scalar
from metaflash.lock import Lock
from metaflash.note import Note
from metaflash.notetype import FIELDS


def of_deck(deck: Deck, before: Lock | None) -> Iterator[Diagnostic]:
    """A deck whose id or name is not the one that learners have."""
    if before is None:
        return
    if before.id != deck.id:
        message = f"the deck beside this lock was `{before.id}`, not `{deck.id}`"
        hint = (
            "Under another id every fact would be a new one for learners, beside the old ones with"
            f" their history. Put it back:  id: {before.id}\nIf this is a new deck made from a"
            f" copy, delete its {lock.NAME}."
        )
        yield Diagnostic(deck.id.span, "error", "deck-id-changed", message, hint)
    elif before.deck.casefold() != deck.deck.casefold() and deck.was != before.deck:
        message = f"the deck was called `{before.deck}`"
        hint = (
            "Learners' cards stay in the deck of that name, and only new cards come to the new one,"
            f" until the learners move them; every note changes its tags.\nIf you mean it, add:"
            f"  was: {scalar(before.deck)}\nElse put it back:  deck: {scalar(before.deck)}"
        )
        yield Diagnostic(deck.span, "error", "deck-renamed", message, hint)


def no_facts(deck: Deck) -> Diagnostic:
    """What is to be said of a deck without a fact."""
    hint = (
        "Put a file beside deck.yaml, such as 01-first.yaml, and in it:\n"
        "cards:\n  - fact: A sentence with a ==blank==.\n    id: its-id"
    )
    return Diagnostic(deck.span, "error", "no-facts", "a deck without facts", hint)


def together(decks: Sequence[Deck]) -> Iterator[Diagnostic]:
    """Problems between decks that are built together: learners must be able to have them all."""
    by_id: dict[str, Deck] = {}
    by_name: dict[str, Deck] = {}
    for deck in decks:
        if other := by_id.get(deck.id):
            hint = (
                f"The deck at {other.span} has this id, and Anki would mix the notes of both. Give the"
                " one that no learner has yet another id."
            )
            message = f"deck id `{deck.id}` twice"
            yield Diagnostic(deck.id.span, "error", "repeated-deck-id", message, hint)
        if other := by_name.get(deck.deck.casefold()):
            hint = (
                f"The deck at {other.span} has this name, and Anki would put both into one. Give this"
                " one another name, or a level of its own with `::`."
            )
            message = f"deck name `{deck.deck}` twice"
            yield Diagnostic(deck.span, "error", "repeated-deck-name", message, hint)
        by_id.setdefault(deck.id, deck)
        by_name.setdefault(deck.deck.casefold(), deck)


def of_notes(notes: Sequence[Note]) -> Iterator[Diagnostic]:
    """Notes that learners could not have, or should not."""
    yield from _without_source(notes)
    yield from _numbers(notes)
    yield from _collisions(notes)


def _without_source(notes: Iterable[Note]) -> Iterator[Diagnostic]:
    """One problem a file for cards that say nowhere where they come from."""
    at = list(FIELDS).index("Source")
    bare: dict[str, list[Note]] = {}
    for note in notes:
        if not note.retired and not note.fields[at]:
            bare.setdefault(note.span.source.path, []).append(note)
    for found in bare.values():
        more = f"\n{len(found)} notes of this file have none." if len(found) > 1 else ""
        hint = (
            "Say where the fact comes from, in the card, at the top of its file, or for all cards in"
            f" deck.yaml:  source: …{more}"
        )
        yield Diagnostic(found[0].span, "error", "no-source", "a card without a source", hint)


def _numbers(notes: Iterable[Note]) -> Iterator[Diagnostic]:
    for note in notes:
        if note.cards[-1].number > MAX_NUMBER:
            hint = (
                f"Anki makes {MAX_NUMBER} cards of a note at most, and a blank that is gone keeps its"
                " number. Split the sentence into several facts."
            )
            yield Diagnostic(note.span, "error", "too-many-blanks", "too many blanks", hint)


def _collisions(notes: Sequence[Note]) -> Iterator[Diagnostic]:
    """Two guids that give one number: once in many large decks, but never to be let through."""
    spans = {note.guid: note.span for note in notes}
    ids = [(note.guid, note.id) for note in notes]
    cards = [(note.guid, card.id) for note in notes for card in note.cards]
    for first, second in dict.fromkeys(identity.collisions(ids) + identity.collisions(cards)):
        hint = (
            f"By chance it gets the same number in Anki as `{first}` ({spans[first]})."
            " Change the id of the one that no learner has yet."
        )
        message = f"`{second}` cannot have this id"
        yield Diagnostic(spans[second], "error", "id-collision", message, hint)
