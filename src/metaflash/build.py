"""The story, read first: the sources of a deck become notes.

    Source --parse--> tree --decode--> Fact --drafts--> Draft --identify--> Note

Every arrow is a pure function. Each stage works on what the one before could make sense of, and
adds its problems to the list, so that one run finds them all. Nothing here reads a file, asks
the time, or prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias, TypeVar

from metaflash import identity, naming
from metaflash.blanks import MAX_NUMBER
from metaflash.deck import Deck, FactFile, read_deck, read_facts
from metaflash.diagnostics import Diagnostic, Source
from metaflash.kinds.kind import Fact, Leaf
from metaflash.markup import shown
from metaflash.note import Card, Draft, Note, html
from metaflash.notetype import FIELDS
from metaflash.record import Name, tag

DUE_STEP = 1000
"""The distance of two notes in the queue of new cards: leaves room for what is added later."""


class Build(NamedTuple):
    """A deck compiled. With an error among the diagnostics the notes are not all there."""

    deck: Deck | None
    notes: tuple[Note, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def cards(self) -> int:
        """How many cards the notes have."""
        return sum(len(note.cards) for note in self.notes)


Read: TypeAlias = tuple[Source | None, list[Diagnostic]]
"""A file as it was read, None if it could not be, and what is wrong with it."""


def compile_deck(settings: Read, sources: Iterable[Read], *, clock: int) -> Build:
    """The notes of a deck from its ``deck.yaml`` and its fact files in order.

    ``clock`` is the time of the build in seconds since the epoch.
    """
    problems: list[Diagnostic] = []
    order: dict[str, int] = {}

    def decoded(
        read: Read, decode: Callable[[Source], tuple[R | None, list[Diagnostic]]]
    ) -> R | None:
        """What a file says, None if that is nothing; its problems join the others."""
        source, found = read
        problems.extend(found)
        order[source.path if source else found[0].span.source.path] = len(order)
        result = None
        if source is not None:
            result, found = decode(source)
            problems.extend(found)
        return result

    deck = decoded(settings, read_deck)
    reads = list(sources)
    read = [decoded(source, read_facts) for source in reads]
    files = [file for file in read if file is not None]
    texts = (source.text for source, _ in reads if source)
    problems += naming.ask(read, texts)
    notes: tuple[Note, ...] = ()
    named = list(_with_ids(files, problems))
    if deck is not None:
        notes = tuple(_notes(deck, named, clock))
        problems += _without_source(notes)
        problems += _check_numbers(notes)
        problems += _check_collisions(notes)
        if not notes and not problems:
            problems.append(_no_facts(deck))
    problems.sort(key=lambda problem: (order[problem.span.source.path], problem.place))
    return Build(deck, notes, tuple(problems))


R = TypeVar("R")


# --- From facts to notes -------------------------------------------------------------------


def _with_ids(
    files: Sequence[FactFile], problems: list[Diagnostic]
) -> Iterator[tuple[FactFile, Fact]]:
    """The facts that can be named; a second one of a name is a problem."""
    first: dict[str, Name] = {}
    for file in files:
        for name in file.cards.names:
            if other := first.get(name):
                hint = f"The id at {other.span} is the same. Give this card another."
                message = f"id `{name}` twice"
                problems.append(Diagnostic(name.span, "error", "repeated-id", message, hint))
            first.setdefault(name, name)
        for fact in file.cards.facts:
            if fact.id is not None and first.setdefault(fact.id, fact.id).span == fact.id.span:
                yield file, fact


class _Descent(NamedTuple):
    """What a note comes from, from the top down; ``leaf`` is the fact itself or one of its steps."""

    deck: Deck
    file: FactFile
    fact: Fact
    leaf: Leaf

    @property
    def source(self) -> str:
        """The nearest source with the nearest section of *that* source, as HTML."""
        source = section = None
        for level in self:
            if level.source:
                source, section = level.source, None
            section = level.section or section
        return ", ".join(part.html for part in (source, section) if part)

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of all levels and one for the topic, sorted; Anki takes no tag twice."""
        root, topic = tag(self.deck.deck), self.file.topic
        found = [f"{root}::{tag(topic.replace('::', ':'))}" if topic else root]
        found += [name for level in self for name in level.tags or ()]
        return tuple(sorted({name.casefold(): name for name in reversed(found)}.values()))


def _notes(deck: Deck, facts: Iterable[tuple[FactFile, Fact]], clock: int) -> Iterator[Note]:
    due = 0
    for file, fact in facts:
        for draft, leaf in fact.drafts():
            due += DUE_STEP
            yield _note(_Descent(deck, file, fact, leaf), draft, due, clock)


def _note(descent: _Descent, draft: Draft, due: int, clock: int) -> Note:
    """A draft with its identity, its numbers, and what comes down from above."""
    deck, file, fact, leaf = descent
    guid = identity.guid(deck.id, fact.id or "", draft.step)
    note_id = identity.note_id(guid)
    numbers = identity.allot(draft.items)
    extra, note = leaf.extra or fact.extra, leaf.note or fact.note
    fields = dict.fromkeys(FIELDS, "") | {
        "Id": guid,
        "Kind": fact.kind,
        "Language": deck.language or "en",
        "Topic": shown(file.topic or ""),
        "Extra": extra.html if extra else "",
        "Note": note.html if note else "",
        "Source": descent.source,
    }
    for name, pieces in draft.fields.items():
        fields[name] = html(pieces, numbers)
    cards = tuple(Card(identity.card_id(note_id, n), n, due) for n in sorted(set(numbers)))
    return Note(guid, note_id, tuple(fields.values()), descent.tags, cards, clock, leaf.span)


# --- Checks that need the whole deck ---------------------------------------------------------


def _without_source(notes: Iterable[Note]) -> Iterator[Diagnostic]:
    """One problem a file for cards that say nowhere where they come from."""
    at = list(FIELDS).index("Source")
    bare: dict[str, list[Note]] = {}
    for note in notes:
        if not note.fields[at]:
            bare.setdefault(note.span.source.path, []).append(note)
    for found in bare.values():
        more = f" ({len(found)} notes of this file have none.)" if len(found) > 1 else ""
        hint = f"Add `source: …` to the card, to its file or to deck.yaml.{more}"
        yield Diagnostic(found[0].span, "error", "no-source", "a card without a source", hint)


def _check_numbers(notes: Iterable[Note]) -> Iterator[Diagnostic]:
    for note in notes:
        if note.cards[-1].number > MAX_NUMBER:
            hint = f"Anki makes {MAX_NUMBER} cards of a note at most. Split the sentence."
            yield Diagnostic(note.span, "error", "too-many-blanks", "too many blanks", hint)


def _check_collisions(notes: Sequence[Note]) -> Iterator[Diagnostic]:
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


def _no_facts(deck: Deck) -> Diagnostic:
    hint = "Put a file beside deck.yaml, such as 01-first.yaml, with `topic:` and `cards:`."
    return Diagnostic(deck.span, "error", "no-facts", "a deck without facts", hint)


def check_together(decks: Sequence[Deck]) -> Iterator[Diagnostic]:
    """Problems between decks that are built together: learners must be able to have them all."""
    by_id: dict[str, Deck] = {}
    by_name: dict[str, Deck] = {}
    for deck in decks:
        if other := by_id.get(deck.id):
            hint = f"The deck at {other.span} has this id. Learners could have only one of them."
            message = f"deck id `{deck.id}` twice"
            yield Diagnostic(deck.id.span, "error", "repeated-deck-id", message, hint)
        if other := by_name.get(deck.deck.casefold()):
            hint = f"The deck at {other.span} has this name, and Anki would put both into one."
            message = f"deck name `{deck.deck}` twice"
            yield Diagnostic(deck.span, "error", "repeated-deck-name", message, hint)
        by_id.setdefault(deck.id, deck)
        by_name.setdefault(deck.deck.casefold(), deck)
