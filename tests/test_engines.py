"""The learner of tests/learner.py does in every engine what it is told, and tells what is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import Write
from engines import ENGINES, Action, play
from metaflash import notetype, project
from metaflash.build import Build
from metaflash.note import Note
from metaflash.package import encode
from metaflash.times import Clock
from metaflash.workspace import compile_folders

CLOCK = 1_700_000_000
DECK = "Metastasis"
TWO, ONE = "metastasis-k3f9/two", "metastasis-k3f9/one"
FACTS = """\
cards:
- fact: The ==liver== and ==bone==
  id: two
- fact: The ==lung==
  id: one
"""
LEARN: Action = {"do": "study", "plan": {ONE: {"1": [1, 2]}, TWO: {"2": [3, 3, 4]}}}
LOOK: Action = {"do": "snapshot", "faces": True}
CHECK: Action = {"do": "check"}
CLEAN = {"ok": True, "message": ""}
FLAGS, DUE, KIND, QUEUE, INTERVAL, REPETITIONS, HOME = 16, 8, 6, 7, 9, 11, 2
"""Columns of Anki's table of cards."""

Live = Callable[..., list[Any]]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each of the engines."""
    python: str = request.param
    return python


@pytest.fixture
def live(engine: str, tmp_path: Path) -> Live:
    """The results of actions in a learner's collection, the same at every call."""

    def results(*actions: Action) -> list[Any]:
        (found,) = play(engine, [{"collection": tmp_path / "learner", "actions": actions}])
        return found

    return results


@pytest.fixture
def built(write: Write) -> Build:
    """A deck of two notes with three cards."""
    folders, _ = project.find(write({"01.yaml": FACTS}))
    ((_, built),) = compile_folders(folders, clock=Clock(CLOCK)).decks
    return built


@pytest.fixture
def release(built: Build, tmp_path: Path) -> Action:
    """The import of the deck."""
    return package(built, tmp_path / "deck.apkg")


def package(built: Build, path: Path) -> Action:
    """The import of a build, whose package is written to a file."""
    assert built.deck
    path.write_bytes(encode(built.deck, built.notes, styled=CLOCK))
    return {"do": "import", "package": str(path)}


def with_first(note: Note, built: Build) -> Build:
    """The build with another first note."""
    return built._replace(notes=(note, *built.notes[1:]))


def says(text: str, note: Note) -> Note:
    """The note with another text, as of a second later."""
    fields = (note.fields[0], text, *note.fields[2:])
    return note._replace(fields=fields, modified=CLOCK + 1)


def went(log: Action) -> list[list[str]]:
    """The notes of an import that were new, updated, as before, and in conflict."""
    return [log[way] for way in ("new", "updated", "duplicate", "conflicting")]


def test_a_second_import_leaves_all_that_was_learned(live: Live, release: Action) -> None:
    first, answers, before, again, after, check = live(release, LEARN, LOOK, release, LOOK, CHECK)
    assert went(first) == [[ONE, TWO], [], [], []]
    assert went(again) == [[], [], [ONE, TWO], []]
    assert answers == len(before["revlog"]) == 5
    assert after == before
    assert check == CLEAN


def test_a_snapshot_holds_cards_notes_and_faces(live: Live, release: Action) -> None:
    _, found, brief = live(release, LOOK, {"do": "snapshot"})
    assert {guid: list(cards) for guid, cards in found["cards"].items()} == {
        TWO: ["1", "2"],
        ONE: ["1"],
    }
    assert found["revlog"] == found["empty"] == []
    assert notetype.NAME in found["notetypes"]
    assert DECK in found["decks"]
    assert found["notes"][ONE]["fields"][:2] == [
        ONE,
        'The {{c1::lung::<i class="blank">blank</i>}}',
    ]
    assert found["notes"][ONE]["tags"] == [DECK]
    assert (found["notes"][ONE]["mod"], found["notes"][ONE]["mid"]) == (CLOCK, notetype.ID)
    question, answer = found["faces"][TWO]["2"]
    assert (
        '<span class="cloze" data-cloze="bone" data-ordinal="2">[<i class="blank">blank</i>]</span>'
        in question
    )
    assert '<span class="cloze" data-ordinal="2">bone</span>' in answer
    assert "faces" not in brief
    assert brief == {name: found[name] for name in brief}


def test_answers_go_to_the_cards_they_are_meant_for(live: Live, release: Action) -> None:
    plan = {"do": "study", "days": {TWO: {"1": 21}}, "plan": {ONE: {"1": [1]}, TWO: {"2": [4]}}}
    _, before, answers, after = live(release, LOOK, plan, LOOK)
    assert answers == 2
    assert before["cards"][TWO]["1"][KIND] == 0
    (waiting, easy), failed = after["cards"][TWO].values(), after["cards"][ONE]["1"]
    assert (waiting[KIND], waiting[INTERVAL]) == (2, 21)
    assert (easy[KIND], easy[REPETITIONS]) == (2, 1)
    assert easy[INTERVAL] > 1
    assert (failed[KIND], failed[REPETITIONS]) == (1, 1)
    assert [(row[1], row[3]) for row in after["revlog"][1:]] == [(failed[0], 1), (easy[0], 4)]


def test_a_later_answer_is_given_to_the_interval_that_was_set(live: Live, release: Action) -> None:
    plan = {"do": "study", "days": {TWO: {"1": 21}}, "plan": {TWO: {"1": [3]}}}
    *_, found = live(release, plan, LOOK)
    assert found["cards"][TWO]["1"][INTERVAL] > 21
    assert found["revlog"][-1][5] == 21  # the interval before the answer


def test_a_learner_changes_notes_and_cards(live: Live, release: Action) -> None:
    card = {"guid": TWO, "number": 2}
    *_, found, check = live(
        release,
        {"do": "edit", "guid": ONE, "field": "Extra", "text": "mine", "at": 1_600_000_000},
        {"do": "tag", "guid": TWO, "tag": "hard"},
        {"do": "flag", **card, "flag": 3},
        {"do": "suspend", **card},
        {"do": "bury", "guid": ONE, "number": 1},
        {"do": "move", "guid": TWO, "number": 1, "deck": "Mine"},
        {"do": "rename_deck", "from": DECK, "to": "Theirs"},
        LOOK,
        CHECK,
    )
    one, two = found["notes"][ONE], found["notes"][TWO]
    assert (one["fields"][list(notetype.FIELDS).index("Extra")], one["mod"]) == (
        "mine",
        1_600_000_000,
    )
    assert sorted(two["tags"]) == [DECK, "hard"]
    assert two["mod"] > CLOCK
    assert [found["cards"][TWO]["2"][column] for column in (FLAGS, QUEUE)] == [3, -1]
    assert found["cards"][ONE]["1"][QUEUE] == -3
    assert {"Mine", "Theirs"} <= set(found["decks"])
    assert DECK not in found["decks"]
    assert found["cards"][TWO]["1"][HOME] != found["cards"][TWO]["2"][HOME]
    assert check == CLEAN


def test_a_note_is_deleted_with_its_cards(live: Live, release: Action) -> None:
    _, _, found, again = live(release, {"do": "delete", "guid": TWO}, LOOK, release)
    assert list(found["notes"]) == list(found["cards"]) == [ONE]
    assert went(again) == [[TWO], [], [ONE], []]


def test_the_ways_of_an_import(
    live: Live, built: Build, release: Action, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = says("New {{c1::x}}{{c2::y}}", built.notes[0])
    update = package(with_first(new, built), tmp_path / "update.apkg")
    monkeypatch.setattr(notetype, "ID", notetype.ID + 1)
    other = new._replace(id=new.id + 1, modified=CLOCK + 2**31)
    conflict = package(with_first(other, built), tmp_path / "conflict.apkg")
    _, updated, found, conflicting = live(release, update, LOOK, conflict)
    assert went(updated) == [[], [TWO], [ONE], []]
    assert found["notes"][TWO]["fields"] == list(new.fields)
    assert TWO in conflicting["conflicting"]
    assert conflicting["new"] == conflicting["updated"] == []


def test_options_reach_the_engines_that_have_them(
    engine: str, live: Live, built: Build, release: Action, tmp_path: Path
) -> None:
    first = built.notes[0]
    newer = package(with_first(says("{{c1::x}}{{c2::y}}", first), built), tmp_path / "newer.apkg")
    never, always = ({"options": {"update_notes": word}} for word in ("never", "always"))
    _, kept, _, back = live(release, {**newer, **never}, newer, {**release, **always})
    obeyed = kept["options"]
    assert obeyed or engine != ENGINES[0]
    assert went(kept) == [[], [] if obeyed else [TWO], [ONE, TWO] if obeyed else [ONE], []]
    assert back["updated"] == ([TWO] if obeyed else [])


def test_what_the_checks_of_anki_find_is_told(
    live: Live, built: Build, release: Action, tmp_path: Path
) -> None:
    first = built.notes[0]
    less = package(with_first(says("Only {{c1::one}}", first), built), tmp_path / "less.apkg")
    *_, found = live(release, less, LOOK)
    assert found["empty"] == [[TWO, 2]]
    wild = first._replace(cards=(first.cards[0]._replace(number=30_500),))
    broken = package(with_first(wild, built), tmp_path / "broken.apkg")
    *_, check = live({"do": "delete", "guid": TWO}, broken, CHECK)
    assert not check["ok"]
    assert len(check["message"].splitlines()) == 1


def test_many_scenarios_share_one_run(engine: str, release: Action, tmp_path: Path) -> None:
    actions = [release, {"do": "version"}]
    first, *rest = play(engine, [{"collection": tmp_path / c, "actions": actions} for c in "abc"])
    assert rest == [first] * 2
    assert went(first[0])[0] == [ONE, TWO]


def test_a_failure_shows_what_the_engine_said(live: Live) -> None:
    with pytest.raises(AssertionError, match="no deck Nowhere"):
        live({"do": "rename_deck", "from": "Nowhere", "to": "Anywhere"})
