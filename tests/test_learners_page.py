"""What docs/updating.md tells learners, seen in every engine at hand."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import compiled
from engines import ENGINES, Action, play
from metaflash.notetype import FIELDS
from metaflash.package import encode

DAY = 86_400
NOW = int(time.time())
DECK = "Metastasis"
LIVER, BONE = "metastasis-k3f9/liver", "metastasis-k3f9/bone"
FIRST = """\
cards:
- fact: Many cancers spread to the ==liver== or the ==lung==.
  id: liver
- fact: Prostate cancer can spread to ==bone==.
  id: bone
"""
SECOND = FIRST.replace("Many cancers", "Cancers of the GI tract")
THIRD = SECOND.replace("can spread", "may spread").replace("spread to the", "mostly spread to the")
GONE = SECOND.split("- fact: Prostate")[0] + "- fact: A ==new== one.\n  id: new\n"

LOOK: Action = {"do": "snapshot", "faces": True}
STUDY: Action = {
    "do": "study",
    "days": {LIVER: {"1": 21}, BONE: {"1": 9}},
    "plan": {LIVER: {"1": [3], "2": [1, 3]}, BONE: {"1": [4]}},
}
TEXT = list(FIELDS).index("Text")

Learn = Callable[..., list[Any]]


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Action]:
    """Imports of four releases, built 20, 15, 10 and 5 days ago."""
    folder = tmp_path_factory.mktemp("releases")
    lock = None
    imports = {}
    for days, (name, facts) in zip(
        (20, 15, 10, 5), {"first": FIRST, "second": SECOND, "third": THIRD, "gone": GONE}.items(),
        strict=True,
    ):  # fmt: skip
        built = compiled({"01.yaml": facts}, lock, NOW - days * DAY)
        lock = built.lock
        assert built.deck
        path = folder / f"{name}.apkg"
        path.write_bytes(encode(built.deck, built.notes, styled=NOW - 30 * DAY))
        imports[name] = {"do": "import", "package": path}
    return imports


@pytest.fixture(params=ENGINES)
def learn(request: pytest.FixtureRequest, tmp_path: Path) -> Learn:
    """What comes of a learner's actions."""

    def results(*actions: Action) -> list[Any]:
        (found,) = play(request.param, [{"collection": tmp_path / "learner", "actions": actions}])
        return found

    return results


def text(look: Action, guid: str) -> str:
    found: str = look["notes"][guid]["fields"][TEXT]
    return found


def edit(guid: str, days: int, words: str = "My own {{c1::words}}") -> Action:
    """A learner's own words in a note, so many days ago."""
    return {"do": "edit", "guid": guid, "field": "Text", "text": words, "at": NOW - days * DAY}


def everything(release: Action) -> Action:
    """The import with every option on that could do harm."""
    options = {
        "merge_notetypes": True,
        "with_scheduling": True,
        "with_deck_configs": True,
        "update_notes": "always",
        "update_notetypes": "always",
    }
    return release | {"options": options}


def test_reviews_intervals_and_due_dates_stay(learn: Learn, releases: dict[str, Action]) -> None:
    _, _, before, log, after, _, again = learn(
        *(releases["first"], STUDY, LOOK, releases["second"], LOOK),
        *(everything(releases["gone"]), LOOK),
    )
    assert log["updated"] == [LIVER]
    for look in (after, again):
        assert {guid: look["cards"][guid] for guid in before["cards"]} == before["cards"]
        assert look["revlog"] == before["revlog"]
        assert [name for name in look["notetypes"] if "Metaflash" in name] == ["Metaflash"]
    assert after["schema"] == before["schema"]


def test_flags_suspended_cards_and_decks_stay(learn: Learn, releases: dict[str, Action]) -> None:
    _, _, _, _, _, before, _, after = learn(
        *(releases["first"], STUDY),
        {"do": "flag", "guid": LIVER, "number": 1, "flag": 3},
        {"do": "suspend", "guid": LIVER, "number": 2},
        {"do": "move", "guid": LIVER, "number": 1, "deck": "My own"},
        *(LOOK, releases["second"], LOOK),
    )
    assert after["cards"] == before["cards"]
    assert "My own" in after["decks"]


def test_own_words_and_tags_stay_while_the_teacher_leaves_the_note_alone(
    learn: Learn, releases: dict[str, Action]
) -> None:
    tag = {"do": "tag", "guid": BONE, "tag": "mine", "at": NOW - 18 * DAY}
    *_, log, after = learn(releases["first"], edit(BONE, 18), tag, releases["second"], LOOK)
    assert log["duplicate"] == [BONE]
    assert text(after, BONE) == "My own {{c1::words}}"
    assert "mine" in after["notes"][BONE]["tags"]


def test_a_change_of_the_teachers_takes_the_place_of_words_and_tags(
    learn: Learn, releases: dict[str, Action]
) -> None:
    tag = {"do": "tag", "guid": LIVER, "tag": "marked", "at": NOW - 18 * DAY}
    *_, log, after = learn(releases["first"], edit(LIVER, 18), tag, releases["second"], LOOK)
    assert log["updated"] == [LIVER]
    assert text(after, LIVER).startswith("Cancers of the GI tract")
    assert after["notes"][LIVER]["tags"] == ["Metastasis"]


def test_own_words_that_are_newer_than_the_change_stay_until_the_next_one(
    learn: Learn, releases: dict[str, Action]
) -> None:
    _, _, log, after, later, last = learn(
        *(releases["first"], edit(LIVER, 12), releases["second"], LOOK, releases["third"], LOOK)
    )
    assert log["duplicate"] == [BONE, LIVER]
    assert text(after, LIVER) == "My own {{c1::words}}"
    assert LIVER in later["updated"]
    assert "mostly spread" in text(last, LIVER)


def test_always_replaces_even_newer_words(learn: Learn, releases: dict[str, Action]) -> None:
    always = releases["second"] | {"options": {"update_notes": "always"}}
    _, _, log, after = learn(releases["first"], edit(LIVER, 1), always, LOOK)
    if log["options"]:
        assert text(after, LIVER).startswith("Cancers of the GI tract")
    else:  # an engine without options asks for no harm
        assert text(after, LIVER) == "My own {{c1::words}}"


def test_old_engines_skip_what_was_released_before_the_last_import(
    learn: Learn, releases: dict[str, Action]
) -> None:
    version, _, _, log = learn(
        {"do": "version"}, releases["first"], releases["second"], releases["third"]
    )
    old = tuple(int(part) for part in version.split(".")[:2]) <= (24, 11)
    assert (LIVER in log["updated"]) == (not old)
    assert BONE in log["updated"]  # which the import in between did not update


def test_what_is_no_longer_asked_says_so_and_can_be_found(
    learn: Learn, releases: dict[str, Action]
) -> None:
    _, _, before, log, after, check = learn(
        releases["first"], STUDY, LOOK, releases["gone"], LOOK, {"do": "check"}
    )
    assert BONE in log["updated"]
    assert "metaflash::retired" in after["notes"][BONE]["tags"]
    front, back = after["faces"][BONE]["1"]
    assert "Retired: this is no longer part of the deck." in front
    assert "bone" in back
    assert after["cards"][BONE] == before["cards"][BONE]
    assert after["empty"] == []
    assert check == {"ok": True, "message": ""}


def test_a_note_that_is_deleted_comes_back(learn: Learn, releases: dict[str, Action]) -> None:
    delete = {"do": "delete", "guid": BONE}
    *_, log = learn(releases["first"], delete, releases["second"])
    assert log["new"] == [BONE]


def test_new_facts_come_where_they_belong(learn: Learn, releases: dict[str, Action]) -> None:
    *_, after = learn(releases["first"], releases["gone"], LOOK)
    due = 8
    places = {guid: cards["1"][due] for guid, cards in after["cards"].items()}
    assert places[LIVER] < places["metastasis-k3f9/new"]


def test_in_a_renamed_deck_old_cards_stay_and_new_ones_come_under_the_old_name(
    learn: Learn, releases: dict[str, Action]
) -> None:
    rename = {"do": "rename_deck", "from": DECK, "to": "Renamed"}
    *_, before, _, after = learn(releases["first"], rename, LOOK, releases["gone"], LOOK)
    assert DECK not in before["decks"]
    assert {DECK, "Renamed"} <= set(after["decks"])
    assert after["cards"][LIVER] == before["cards"][LIVER]
    home = 2
    assert after["cards"]["metastasis-k3f9/new"]["1"][home] != after["cards"][LIVER]["1"][home]


def test_a_field_of_ones_own_stops_updates_until_note_types_are_merged(
    learn: Learn, releases: dict[str, Action]
) -> None:
    merged = releases["third"] | {"options": {"merge_notetypes": True, "update_notes": "always"}}
    _, _, _, _, stopped, before, log, after = learn(
        *(releases["first"], STUDY, {"do": "add_field", "name": "Mine"}, LOOK),
        *(releases["second"], LOOK, merged, LOOK),
    )
    assert stopped["updated"] == []
    if log["options"]:
        assert stopped["conflicting"] == [BONE, LIVER]
        assert log["updated"] == [BONE, LIVER]
        assert after["cards"] == before["cards"]
        assert after["revlog"] == before["revlog"]
