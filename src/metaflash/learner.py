"""A learner in the real Anki engine, who studies, edits and imports; the only module that knows it.

What an import leaves alone was measured on the newest engine, in all ways to import: every column of
the cards a learner has, also of suspended, buried and moved ones and of those in a filtered deck, and
every row of the review log. So nothing is excused: a card is compared whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

import anki.collection  # noqa: F401 - first: modules of the engine import each other in a circle
from anki.cards import CardId
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.decks import DeckId
from anki.errors import AnkiException
from anki.import_export_pb2 import ImportAnkiPackageUpdateCondition
from anki.notes import NoteId

from metaflash.diagnostics import visible
from metaflash.files import WorldError
from metaflash.verdict import Card, Note, Snapshot
from metaflash.ways import Condition, Way

OWN_TAG = "mine"
OWN_WORDS = "<p>My own words.</p>"

_OWN_DECK = "A deck of my own"
_RED, _FILTERED = 1, 7
"""Flags: a learner's, and what the filtered deck is made of."""

_AGAIN: Literal[1] = 1
_GOOD: Literal[3] = 3


# --- Collections -----------------------------------------------------------------------------


@contextmanager
def collection(path: Path, doing: str) -> Iterator[Collection]:
    """A learner's collection, empty if it is not there yet; a WorldError says that the engine gave
    up ``doing`` something with it."""
    try:
        opened = Collection(str(path))
        try:
            yield opened
        finally:
            opened.close()
    except BaseException as error:
        if not isinstance(error, AnkiException) and type(error).__name__ != _PANIC:
            raise
        first = error.__context__ or error  # closing what is broken says less
        message = (
            f"The Anki engine gave up {doing}: {_sentence(str(first))} Look whether Anki itself imports"
            " the package; if it does, please report this."
        )
        raise WorldError(message) from error


_PANIC = "PanicException"
"""What Rust raises when it has lost its way; Python cannot import the class."""


def _sentence(said: str) -> str:
    """What the engine says, on one line, without its marks around numbers."""
    words = visible(" ".join(said.translate({0x2068: None, 0x2069: None}).split()))
    return f"{words[:300].rstrip('.')}."


_CONDITIONS: Mapping[Condition, ImportAnkiPackageUpdateCondition.ValueType] = {
    "if newer": ImportAnkiPackageUpdateCondition.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER,
    "always": ImportAnkiPackageUpdateCondition.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS,
    "never": ImportAnkiPackageUpdateCondition.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_NEVER,
}


def take(opened: Collection, package: Path, way: Way) -> None:
    """Import a package in one of the ways."""
    options = ImportAnkiPackageOptions(
        merge_notetypes=way.merge,
        with_scheduling=way.progress,
        with_deck_configs=way.presets,
        update_notes=_CONDITIONS[way.notes],
        update_notetypes=_CONDITIONS[way.types],
    )
    opened.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options))


# --- Looking ---------------------------------------------------------------------------------


def look(opened: Collection) -> Snapshot:
    """All that a learner could lose."""
    notes = {
        guid: Note(kind, modified, tuple(fields.split("\x1f")), tuple(sorted(tags.split())))
        for guid, kind, modified, fields, tags in _rows(
            opened, "select guid, mid, mod, flds, tags from notes"
        )
    }
    cards = {
        card: Card(guid, number, tuple(row) if studied else ())
        for card, guid, number, studied, *row in _rows(
            opened,
            "select cards.id, guid, ord + 1, reps > 0, cards.* from cards join notes on nid = notes.id"
            " order by nid, ord",
        )
    }
    reviews: dict[int, list[tuple[Any, ...]]] = {}
    for card, *row in _rows(opened, "select cid, revlog.* from revlog order by id"):
        reviews.setdefault(card, []).append(tuple(row))
    types = tuple(sorted((found.id, found.name) for found in opened.models.all_names_and_ids()))
    ((schema,),) = _rows(opened, "select scm from col")
    return Snapshot(notes, cards, reviews, types, schema)


def silent(opened: Collection, cards: Mapping[int, Card]) -> frozenset[int]:
    """The studied ones among some cards that do not ask for their number."""
    return frozenset(
        at
        for at, card in cards.items()
        if card.row
        and f'data-ordinal="{card.number}"'
        not in opened.get_card(CardId(at)).render_output().question_text
    )


def check(opened: Collection) -> tuple[str, ...]:
    """What Anki's own check of the database finds: best nothing."""
    said, _ = opened.fix_integrity()
    harmless = opened.tr.database_check_rebuilt()
    return tuple(
        _sentence(line).rstrip(".")
        for line in said.splitlines()
        if line != harmless and line != _far_off(opened, line)
    )


def _far_off(opened: Collection, line: str) -> str:
    """What the check says where it moves new cards from beyond place 2,000,000, if a line is that:
    of a long deck, the order of new cards, and no review."""
    count = re.search(r"\d+", line)
    return opened.tr.database_check_new_card_high_due(count=int(count[0])) if count else ""


def _rows(opened: Collection, sql: str) -> Sequence[Sequence[Any]]:
    return opened.db.all(sql) if opened.db else []


# --- Studying --------------------------------------------------------------------------------


class _Habit(NamedTuple):
    """What a learner does with a card: whether it has long been in review, how it is answered, and
    what is done with it after that."""

    reviewed: bool
    answers: tuple[Literal[1, 2, 3, 4], ...]
    then: Callable[[Collection, Sequence[CardId]], object] | None = None


def _flag(opened: Collection, cards: Sequence[CardId]) -> None:
    opened.set_user_flag_for_cards(_RED, cards)


def _move(opened: Collection, cards: Sequence[CardId]) -> None:
    deck = opened.decks.id(_OWN_DECK)
    if deck is not None:
        opened.set_deck(cards, deck)


def _filter(opened: Collection, cards: Sequence[CardId]) -> None:
    opened.set_user_flag_for_cards(_FILTERED, cards)
    deck = opened.sched.get_or_create_filtered_deck(DeckId(0))
    deck.config.search_terms[0].search = f"flag:{_FILTERED}"
    deck.config.search_terms[0].limit = len(cards)
    opened.sched.add_or_update_filtered_deck(deck)


def _suspend(opened: Collection, cards: Sequence[CardId]) -> None:
    opened.sched.suspend_cards(cards)


def _bury(opened: Collection, cards: Sequence[CardId]) -> None:
    opened.sched.bury_cards(cards)


_STUDIED = (
    _Habit(reviewed=True, answers=(_GOOD,)),
    _Habit(reviewed=False, answers=(_AGAIN, _GOOD)),  # is being learned
    _Habit(reviewed=True, answers=(_AGAIN,)),  # is being learned again
    _Habit(reviewed=False, answers=(_GOOD, _GOOD)),  # was learned just now
    _Habit(reviewed=True, answers=(_GOOD,), then=_flag),
    _Habit(reviewed=True, answers=(_GOOD,), then=_move),
    _Habit(reviewed=True, answers=(_GOOD,), then=_filter),
    _Habit(reviewed=True, answers=(_GOOD,), then=_suspend),
    _Habit(reviewed=True, answers=(_AGAIN,), then=_suspend),  # as Anki does with leeches
    _Habit(reviewed=True, answers=(_GOOD,), then=_bury),
)
_NEW = _Habit(reviewed=False, answers=())

_LONGEST = 90
"""Days of the longest interval."""


def study(opened: Collection, *, shift: int, all_of_it: bool) -> None:
    """Bring the cards into every state there is, in turns that begin ``shift`` states later.

    One state is new, unless the learner studies ``all_of_it``. The scheduler takes an answer to any
    card, as long as nobody has asked it for its queue.
    """
    habits = _STUDIED if all_of_it else (*_STUDIED, _NEW)
    turns: dict[_Habit, list[CardId]] = {habit: [] for habit in habits}
    days: dict[int, list[CardId]] = {}
    for at, (card,) in enumerate(_rows(opened, "select id from cards order by nid, ord")):
        habit = habits[(at + shift) % len(habits)]
        turns[habit].append(CardId(card))
        if habit.reviewed:
            days.setdefault(at % _LONGEST + 1, []).append(CardId(card))
    for interval, cards in days.items():
        opened.sched.set_due_date(cards, f"{interval}!")  # "!": with that interval, too
    for habit, cards in turns.items():
        for found in cards:
            _answer(opened, found, habit.answers)
        if habit.then and cards:
            habit.then(opened, cards)
    check(opened)  # adds what set_due_date leaves out, which the check after the import would find


def _answer(opened: Collection, found: CardId, answers: tuple[Literal[1, 2, 3, 4], ...]) -> None:
    for rating in answers:
        card = opened.get_card(found)
        card.start_timer()
        opened.sched.answerCard(card, rating)


# --- Editing ---------------------------------------------------------------------------------

Role: TypeAlias = Literal["soon", "late", "deleted"]
"""What a learner did with a note: a change before the new release or after it, or away with it."""

ROLES: tuple[Role, ...] = ("soon", "late", "deleted")


def edit(opened: Collection, released: Mapping[str, int], *, shift: int) -> dict[str, Role]:
    """Change the notes, in turns that begin ``shift`` roles later; what was done with each.

    ``released`` are the times of the notes in the new package: Anki decides by the newer time.
    """
    roles: dict[str, Role] = {}
    for at, (note, guid, modified) in enumerate(
        _rows(opened, "select id, guid, mod from notes order by id")
    ):
        roles[guid] = role = ROLES[(at + shift) % len(ROLES)]
        if role == "deleted":
            opened.remove_notes([NoteId(note)])
            continue
        _change(opened, NoteId(note), at // len(ROLES))
        newest = modified if role == "soon" else max(modified, released.get(guid, 0))
        if opened.db:
            opened.db.execute("update notes set mod = ? where id = ?", newest + 1, note)
    return roles


def _change(opened: Collection, found: NoteId, turn: int) -> None:
    """A tag, other words or Anki's own mark, in turns."""
    note = opened.get_note(found)
    if turn % 3 == 1:
        note.fields[min(1, len(note.fields) - 1)] += OWN_WORDS
    else:
        note.add_tag("marked" if turn % 3 else OWN_TAG)
    opened.update_note(note)
