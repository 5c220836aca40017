"""A learner in whichever version of the Anki engine runs this script.

It needs nothing but the ``anki`` wheel, reads scenarios as JSON from its input, and writes what
came of them to its output: for every scenario a list with one result for each action. A scenario
is ``{"collection": folder, "actions": [{"do": "import", "package": path}, ...]}``. A note goes by
its guid, a card by its guid and its number, which is Anki's ``ord`` plus one.

The syntax is that of Python 3.9, which the oldest engines still run on.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import anki.collection  # noqa: F401 - first: modules of old engines import each other in a circle
from anki import deck_config_pb2, import_export_pb2
from anki.buildinfo import version
from anki.cards import Card, CardId
from anki.collection import Collection
from anki.decks import DeckId
from anki.models import ModelManager
from anki.notes import Note, NoteId
from anki.scheduler.v3 import Scheduler

Action = dict[str, Any]
Row = list[Any]

_OPTIONS = getattr(import_export_pb2, "ImportAnkiPackageOptions", None)  # none before 23.10
_CONDITION = "IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_"
_SIDES = ("qfmt", "afmt")
_WAYS = ("new", "updated", "duplicate")


def _import(opened: Collection, action: Action) -> object:
    """The guids that went each way, and whether the engine has all the options given.

    Without options the import is that of a fresh profile. With ``at``, a time, it takes place then:
    that is the time of all notes to which Anki gives the time of the import.
    """
    started = int(time.time())
    options: Action = action.get("options", {})
    known = set(_OPTIONS.DESCRIPTOR.fields_by_name) if _OPTIONS else set()
    request = action["package"]  # all that an import could be given once
    if _OPTIONS:
        request = import_export_pb2.ImportAnkiPackageRequest(
            package_path=request,
            options=_OPTIONS(**{name: _option(options[name]) for name in options.keys() & known}),
        )
    log = opened.import_anki_package(request).log
    if "at" in action:
        _rows(opened, "update notes set mod = ? where mod >= ?", action["at"], started)
    guids = dict(_rows(opened, "select id, guid from notes"))
    found: Action = {way: sorted(guids[note.id.nid] for note in getattr(log, way)) for way in _WAYS}
    sent = _sent(action["package"]) if log.conflicting else {}
    found["conflicting"] = sorted(sent[note.id.nid] for note in log.conflicting)
    return {**found, "options": bool(known) and options.keys() <= known}


def _sent(package: str) -> dict[int, str]:
    """The guids of a package's notes by their ids there, which is how Anki names conflicts."""
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(package) as file:
            collection = file.extract("collection.anki2", folder)
        with closing(sqlite3.connect(collection)) as database:
            return dict(database.execute("select id, guid from notes"))


def _option(value: object) -> object:
    """A switch as it is, a condition under the engine's long name."""
    return _CONDITION + value.upper() if isinstance(value, str) else value


def _study(opened: Collection, action: Action) -> object:
    """The number of answers given, after the cards under ``days`` have become reviews.

    The scheduler takes an answer to any card, as long as nobody has asked it for its queue.
    """
    for card, days in _planned(opened, action.get("days", {})):
        opened.sched.set_due_date([card.id], f"{days}!")  # "!": with that interval, too
    given = 0
    for card, ratings in _planned(opened, action.get("plan", {})):
        for rating in ratings:
            card.start_timer()
            opened.sched.answerCard(card, rating)
            given += 1
    return given


def _planned(opened: Collection, plan: dict[str, dict[str, Any]]) -> Iterator[tuple[Card, Any]]:
    """The cards of a plan in its order, each with what is planned for it."""
    for guid, cards in plan.items():
        for number, planned in cards.items():
            yield opened.get_card(_card(opened, {"guid": guid, "number": number})), planned


def _edit(opened: Collection, action: Action) -> None:
    note = _note(opened, action)
    note[action["field"]] = action["text"]
    _save(opened, note, action)


def _tag(opened: Collection, action: Action) -> None:
    note = _note(opened, action)
    note.add_tag(action["tag"])
    _save(opened, note, action)


def _save(opened: Collection, note: Note, action: Action) -> None:
    """Save a learner's change to a note, as of a time if one is given."""
    opened.update_note(note)
    if "at" in action:
        _rows(opened, "update notes set mod = ? where id = ?", action["at"], note.id)


def _flag(opened: Collection, action: Action) -> None:
    opened.set_user_flag_for_cards(action["flag"], [_card(opened, action)])


def _suspend(opened: Collection, action: Action) -> None:
    opened.sched.suspend_cards([_card(opened, action)])


def _bury(opened: Collection, action: Action) -> None:
    opened.sched.bury_cards([_card(opened, action)])


def _move(opened: Collection, action: Action) -> None:
    """Move a card to a deck, which is made if there is none."""
    opened.set_deck([_card(opened, action)], cast("DeckId", opened.decks.id(action["deck"])))


def _delete(opened: Collection, action: Action) -> None:
    opened.remove_notes([_note(opened, action).id])


def _rename_deck(opened: Collection, action: Action) -> None:
    deck = opened.decks.by_name(action["from"])
    assert deck, f"no deck {action['from']}"
    opened.decks.rename(deck, action["to"])


def _add_field(opened: Collection, action: Action) -> None:
    """Give the deck's note type a field of the learner's own."""
    notetype = opened.models.by_name("Metaflash")
    assert notetype
    opened.models.add_field(notetype, opened.models.new_field(action["name"]))
    opened.models.update_dict(notetype)


def _snapshot(opened: Collection, action: Action) -> object:
    """All that a learner could lose; what the cards show if ``faces`` are asked for."""
    cards = {row[0]: row for row in _rows(opened, "select * from cards order by nid, ord")}
    found = {
        "cards": _by_card(opened, cards),
        "revlog": _rows(opened, "select * from revlog order by id"),
        "notes": {guid: _content(opened, note) for guid, note in _guids(opened).items()},
        "notetypes": [named.name for named in opened.models.all_names_and_ids()],
        "looks": _looks(opened),
        "schema": _rows(opened, "select scm from col")[0][0],
        "decks": [named.name for named in opened.decks.all_names_and_ids()],
        "empty": _empty(opened),
    }
    if action.get("faces"):
        found["faces"] = _by_card(opened, {card: _face(opened, card) for card in cards})
    return found


def _looks(opened: Collection) -> dict[str, Row]:
    """The style sheet of every note type, and both sides of its templates."""
    fresh = ModelManager(opened)  # the collection's own still knows what was there before an import
    return {
        notetype["name"]: [
            notetype["css"],
            *(t[side] for t in notetype["tmpls"] for side in _SIDES),
        ]
        for notetype in fresh.all()
    }


def _by_card(opened: Collection, values: dict[CardId, Row]) -> dict[str, dict[str, Row]]:
    """What is known of each card, by guid and number."""
    found: dict[str, dict[str, Row]] = {}
    for card, guid, number in _numbered(opened):
        found.setdefault(guid, {})[str(number)] = values[card]
    return found


def _numbered(opened: Collection) -> list[Row]:
    """Every card's id, guid and number, in order."""
    return _rows(
        opened,
        "select cards.id, guid, ord + 1 from cards join notes on nid = notes.id order by nid, ord",
    )


def _content(opened: Collection, note_id: NoteId) -> Action:
    note = opened.get_note(note_id)
    return {
        "id": note.id,
        "fields": note.fields,
        "tags": note.tags,
        "mod": note.mod,
        "mid": note.mid,
    }


def _face(opened: Collection, card: CardId) -> Row:
    """The HTML of question and answer."""
    rendered = opened.get_card(card).render_output()
    return [rendered.question_text, rendered.answer_text]


def _empty(opened: Collection) -> list[Row]:
    """The cards that Anki's own report of empty cards would delete."""
    doomed = {card for note in opened.get_empty_cards().notes for card in note.card_ids}
    return [[guid, number] for card, guid, number in _numbered(opened) if card in doomed]


def _check(opened: Collection, _action: Action) -> object:
    """What Anki's own check of the database has to say beside that it ran: best nothing."""
    said, fine = opened.fix_integrity()
    lines = said.splitlines()
    if lines[-1:] == [opened.tr.database_check_rebuilt()]:
        lines.pop()
    return {"ok": fine, "message": "\n".join(lines)}


def _introduce(opened: Collection, action: Action) -> object:
    """The new cards of a deck day by day, as they come with these changes to the deck's options.

    What came on a day is given a due date far off, so that the next day has new ones.
    """
    deck = DeckId(opened.decks.id_for_name(action["deck"]) or 0)
    options = opened.decks.config_dict_for_deck_id(deck)
    for name, value in action.get("options", {}).items():
        of_new_cards = name in options["new"]
        assert of_new_cards or name in options, f"no option {name}"
        (options["new"] if of_new_cards else options)[name] = value
    opened.decks.update_config(options)
    opened.decks.select(deck)
    names = {card: name for card, *name in _numbered(opened)}
    days = []
    scheduler = opened.sched
    assert isinstance(scheduler, Scheduler)
    while queued := scheduler.get_queued_cards(fetch_limit=10_000).cards:
        cards = [CardId(one.card.id) for one in queued]
        days.append([names[card] for card in cards])
        scheduler.set_due_date(cards, "100")
    return days


def _insert(opened: Collection, action: Action) -> None:
    """Choose an insertion order of new cards for a deck in its options: "random" or "due"."""
    deck = DeckId(opened.decks.id_for_name(action["deck"]) or 0)
    now = opened.decks.get_deck_configs_for_update(deck)
    options = now.all_config[0].config
    options.config.new_card_insert_order = {"due": 0, "random": 1}[action["order"]]
    request = deck_config_pb2.UpdateDeckConfigsRequest(
        target_deck_id=deck, configs=[options], limits=now.current_deck.limits
    )
    opened.decks.update_deck_configs(request)


def _version(_opened: Collection, _action: Action) -> object:
    return version


def _note(opened: Collection, action: Action) -> Note:
    return opened.get_note(_guids(opened)[action["guid"]])


def _guids(opened: Collection) -> dict[str, NoteId]:
    """The id of every note by its guid."""
    return {guid: NoteId(note) for guid, note in _rows(opened, "select guid, id from notes")}


def _card(opened: Collection, action: Action) -> CardId:
    wanted = [action["guid"], int(action["number"])]
    (found,) = (CardId(card) for card, *name in _numbered(opened) if name == wanted)
    return found


def _rows(opened: Collection, sql: str, *values: int) -> list[Row]:
    assert opened.db
    return [list(row) for row in opened.db.all(sql, *values)]


_ACTIONS: dict[str, Callable[[Collection, Action], object]] = {
    "import": _import,
    "study": _study,
    "edit": _edit,
    "tag": _tag,
    "flag": _flag,
    "suspend": _suspend,
    "bury": _bury,
    "move": _move,
    "delete": _delete,
    "rename_deck": _rename_deck,
    "add_field": _add_field,
    "snapshot": _snapshot,
    "introduce": _introduce,
    "insert": _insert,
    "check": _check,
    "version": _version,
}


def play(scenario: Action) -> list[Any]:
    """The result of each action of a scenario, in a collection of its own."""
    folder = Path(scenario["collection"])
    folder.mkdir(parents=True, exist_ok=True)
    with closing(Collection(str(folder / "collection.anki2"))) as opened:
        return [_ACTIONS[action["do"]](opened, action) for action in scenario["actions"]]


def main() -> None:
    """Play the scenarios of standard input; all that Anki prints goes to standard error."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as output:
        os.dup2(2, 1)
        json.dump([play(scenario) for scenario in json.load(sys.stdin)], output)


if __name__ == "__main__":
    main()
