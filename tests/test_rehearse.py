"""Upgrades played in the real engine: what was released, what is about to be, what becomes of it."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from anki.collection import Collection
from click.testing import CliRunner, Result
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conftest import DECK, Write, compiled, on_a_terminal
from metaflash import learner, notetype, package, verdict
from metaflash.build import Build
from metaflash.cli import main
from metaflash.rehearse import Rehearsal, learners, rehearse
from metaflash.verdict import Card, Note, Snapshot
from metaflash.ways import CONDITIONS, WAYS, Way, described
from metaflash.workspace import Upgrade

RELEASED = 1_795_000_000
"""When learners got the old package, in seconds since the epoch."""

NOW = RELEASED + 86_400

FEW = tuple(Way(notes=condition) for condition in CONDITIONS)
"""Enough to tell one fact from another; all ways take their time."""

SITES = """\
topic: Where it spreads
cards:
  - fact: The ==liver== and the ==lung== are common sites.
    id: sites
"""
BONE = """\
  - fact: Prostate cancer can spread to ==bone::which tissue?==.
    id: bone
"""
BLOOD = """\
  - ask: Why must a new tumor establish a blood supply?
    answer: To continue to grow
    id: why-blood
"""
TERM = """\
  - term: Angiogenesis
    means: New blood vessels
    id: angiogenesis
"""
CASCADE = """\
  - process: The cascade
    id: cascade
    steps:
      - shed: A cell is ==shed== from the tumor
      - reach: The cell gains access to a ==blood vessel==
      - emerge: The cell emerges at a ==distant site==
"""
DECK_OF_ALL = SITES + BONE + BLOOD + TERM + CASCADE


def packed(build: Build) -> bytes:
    assert build.deck
    assert build.lock
    return package.encode(build.deck, build.notes, styled=build.lock.style.modified)


def rehearsed(
    old: str, new: str, *, lock: bool = True, now: int = NOW, ways: Sequence[Way] = FEW
) -> Rehearsal:
    """The upgrade from one fact file to another, the second built with the lock of the first."""
    before = compiled({"01.yaml": old}, clock=RELEASED)
    after = compiled({"01.yaml": new}, before.lock if lock else None, clock=now)
    for build in (before, after):
        assert not [problem for problem in build.diagnostics if problem.severity == "error"]
    assert after.deck
    assert after.lock
    release = package.read(packed(before))
    assert release
    return rehearse(
        Upgrade(after.deck, release, after.lock, packed(before), packed(after)), ways=ways
    )


def became(found: Rehearsal) -> dict[str, str]:
    return {outcome.name: outcome.status for outcome in found.outcomes}


def why(found: Rehearsal, name: str) -> list[str]:
    (outcome,) = (outcome for outcome in found.outcomes if outcome.name == name)
    return [f"{reason.message} ({reason.ways})" for reason in outcome.reasons]


# --- What becomes of facts -----------------------------------------------------------------

KEPT: dict[str, tuple[str, str, dict[str, str]]] = {
    "nothing changed": (DECK_OF_ALL, DECK_OF_ALL, {}),
    "a typing slip": (
        SITES,
        SITES.replace("are common", "are the commonest"),
        {"sites": "changed"},
    ),
    "an answer in other words": (SITES, SITES.replace("lung", "lungs"), {"sites": "changed"}),
    "blanks change places": (
        SITES,
        SITES.replace("==liver== and the ==lung==", "==lung== and the ==liver=="),
        {"sites": "changed"},
    ),
    "a new first blank": (
        SITES,
        SITES.replace("The ==liver==", "The ==bone==, the ==liver=="),
        {"sites": "changed"},
    ),
    "a blank is taken out": (
        SITES,
        SITES.replace("==liver==", "liver"),
        {"sites": "changed"},
    ),
    "a fact is taken out": (SITES + BONE, SITES, {"bone": "retired"}),
    "a fact is added": (SITES, SITES + BONE, {"bone": "new"}),
    "another order": (SITES + BONE + BLOOD, SITES + BLOOD + BONE, {}),
    "another name, tied to the first one": (
        BONE.join(["cards:\n", ""]),
        "cards:\n" + BONE.replace("id: bone", "id: prostate\n    was: bone"),
        {},
    ),
    "the same answer twice": (
        SITES,
        SITES.replace("lung", "liver"),
        {"sites": "changed"},
    ),
    "another kind": (
        "cards:\n" + BLOOD,
        "cards:\n  - fact: A tumor needs blood ==to continue to grow==.\n    id: why-blood\n",
        {"why-blood": "changed"},
    ),
    "a term becomes a sentence": (
        "cards:\n" + TERM,
        "cards:\n  - fact: ==Angiogenesis== makes ==new blood vessels==.\n    id: angiogenesis\n",
        {"angiogenesis": "changed"},
    ),
    "steps change places": (
        "cards:\n" + CASCADE,
        "cards:\n"
        + CASCADE.replace("- shed: A cell is ==shed== from the tumor\n      ", "")
        + "      - shed: A cell is ==shed== from the tumor\n",
        {f"cascade/{step}": "changed" for step in ("reach", "emerge", "shed")},
    ),
    "a step comes between": (
        "cards:\n" + CASCADE,
        "cards:\n"
        + CASCADE.replace("      - emerge", "      - survive: It ==lives==\n      - emerge"),
        {f"cascade/{step}": "changed" for step in ("shed", "reach", "emerge")}
        | {"cascade/survive": "new"},
    ),
}


@pytest.mark.parametrize("case", KEPT)
def test_no_review_is_lost(case: str) -> None:
    old, new, outcome = KEPT[case]
    found = rehearsed(old, new)
    assert became(found) == outcome
    assert not found.failed
    assert found.troubles == ()
    assert found.ways == len(FEW)


LOST: dict[str, tuple[str, str, dict[str, str], list[str]]] = {
    "blanks change places": (
        SITES,
        SITES.replace("==liver== and the ==lung==", "==lung== and the ==liver=="),
        {"sites": "lost"},
        [
            "card 1 asks for “lung”, with the reviews of “liver”",
            "card 2 asks for “liver”, with the reviews of “lung”",
        ],
    ),
    "a new first blank": (
        SITES,
        SITES.replace("The ==liver==", "The ==bone==, the ==liver=="),
        {"sites": "lost"},
        [
            "card 1 asks for “bone”, with the reviews of “liver”",
            "card 2 asks for “liver”, with the reviews of “lung”",
        ],
    ),
    "a blank is taken out": (
        SITES,
        SITES.replace("==liver==", "liver"),
        {"sites": "lost"},
        [
            "card 2 shows no question any more",
            "card 1 asks for “lung”, with the reviews of “liver”",
        ],
    ),
    "a term becomes a sentence, the other way round": (
        "cards:\n" + TERM,
        "cards:\n  - fact: ==New blood vessels== need ==angiogenesis==.\n    id: angiogenesis\n",
        {"angiogenesis": "lost"},
        [
            "card 1 asks for “New blood vessels”, with the reviews of “Angiogenesis”",
            "card 2 asks for “angiogenesis”, with the reviews of “New blood vessels”",
        ],
    ),
}


@pytest.mark.parametrize("case", LOST)
def test_without_the_lock_reviews_come_under_other_words(case: str) -> None:
    old, new, outcome, reasons = LOST[case]
    found = rehearsed(old, new, lock=False)
    assert found.failed
    assert became(found) == outcome
    assert why(found, next(iter(outcome))) == [
        f"{reason} (with Update notes: If newer or Always)" for reason in reasons
    ]


@pytest.mark.parametrize("lock", [True, False])
def test_another_name_without_the_first_one_begins_anew(*, lock: bool) -> None:
    renamed = DECK_OF_ALL.replace("id: bone", "id: prostate").replace("id: cascade", "id: steps")
    found = rehearsed(DECK_OF_ALL, renamed, lock=lock)
    gone = ("bone", "cascade/shed", "cascade/reach", "cascade/emerge")
    assert {name for name, status in became(found).items() if status == "lost"} == set(gone)
    assert why(found, "bone") == [
        "begins anew as `prostate`, without its reviews (with any options)"
    ]
    hints = {o.name: o.reasons[0].hint for o in found.outcomes if o.reasons}
    assert hints["bone"] == "If only the id changed, add to `prostate`:  was: bone"
    assert hints["cascade/reach"] == "If only the id changed, add to `steps`:  was: cascade"
    assert became(found)["prostate"] == became(found)["steps/shed"] == "new"


def test_without_the_lock_a_fact_that_is_taken_out_is_left_behind() -> None:
    found = rehearsed(SITES + BONE, SITES, lock=False)
    assert became(found) == {"bone": "left-behind"}
    assert not found.failed


def test_a_fact_comes_back_with_its_reviews() -> None:
    first = compiled({"01.yaml": SITES + BONE}, clock=RELEASED)
    second = compiled({"01.yaml": SITES}, first.lock, clock=NOW)
    third = compiled({"01.yaml": SITES + BONE}, second.lock, clock=NOW + 60)
    release = package.read(packed(second))
    assert release
    assert third.deck
    assert third.lock
    upgrade = Upgrade(third.deck, release, third.lock, packed(second), packed(third))
    found = rehearse(upgrade, ways=FEW)
    assert became(found) == {"bone": "restored"}
    assert not found.failed


@pytest.mark.parametrize("now", [RELEASED, RELEASED - 60])
def test_an_edit_that_is_not_newer_would_not_arrive(now: int) -> None:
    edited = SITES.replace("are common", "are the commonest")
    found = rehearsed(SITES + BONE, edited + BONE, lock=False, now=now)
    assert found.failed
    assert became(found) == {"sites": "not-updated"}
    ((reason,),) = (outcome.reasons for outcome in found.outcomes)
    assert reason.message.startswith("learners’ note is dated 2026-11-18T11:06:40Z, the new one")
    assert reason.ways == "with Anki’s own options"
    with_lock = rehearsed(SITES + BONE, edited + BONE, now=now)
    assert became(with_lock) == {"sites": "changed"}


def test_another_fact_under_an_old_id_is_doubted() -> None:
    found = rehearsed(SITES, "cards:\n  - fact: Angiogenesis needs ==oxygen==\n    id: sites\n")
    assert became(found) == {"sites": "changed"}
    ((reason,),) = (outcome.reasons for outcome in found.outcomes)
    assert reason.message == "hardly a word is left of what it said"
    assert "The liver and the lung are common sites." in reason.hint


DRAWN = """\
cards:
  - picture: What is made
    id: made
    arrows:
      - Calvin cycle -> sugar
      - sugar -> starch
"""


def test_a_box_in_other_words_under_its_id_is_not_doubted() -> None:
    renamed = DRAWN.replace("sugar", "triose phosphate")
    found = rehearsed(DRAWN, f"{renamed}    boxes:\n      - sugar: triose phosphate\n")
    assert became(found)["made/sugar"] == "changed"
    assert not any(outcome.reasons for outcome in found.outcomes)


# --- What becomes of learners' own changes -------------------------------------------------

MANY = "cards:\n" + "".join(
    f"  - fact: Tumor number {i} spreads to ==site {i}==\n    id: n{i}\n" for i in range(9)
)


def test_what_learners_changed_stays_unless_the_teacher_did_too() -> None:
    # of nine notes learners change three sooner than the teacher and three later, and delete three
    assert rehearsed(MANY, MANY).edits == (6, 0, 0, 0)
    assert rehearsed(MANY, MANY.replace("Tumor", "Cancer")).edits == (6, 3, 0, 3)


def test_without_the_lock_what_learners_changed_is_replaced_for_nothing() -> None:
    assert rehearsed(MANY, MANY, lock=False).edits == (6, 3, 3, 0)


def test_the_options_under_which_edits_do_not_arrive_are_told() -> None:
    found = rehearsed(MANY, MANY.replace("Tumor", "Cancer"))
    assert found.skipping == "with Update notes: Never"
    assert not found.failed
    assert rehearsed(MANY, MANY).skipping == ""


# --- The learner ---------------------------------------------------------------------------


def test_the_learner_brings_cards_into_every_state(tmp_path: Path) -> None:
    many = "".join(MANY.replace("cards:\n", "").replace("n", f"n{i}") for i in range(3))
    path = tmp_path / "old.apkg"
    path.write_bytes(packed(compiled({"01.yaml": MANY.replace("cards:\n", f"cards:\n{many}")})))
    with learner.collection(tmp_path / "a.anki2", "testing") as opened:
        learner.take(opened, path, Way())
        learner.study(opened, shift=0, all_of_it=True)
        assert opened.db
        states = {tuple(row) for row in opened.db.all("select type, queue from cards")}
        # being learned, in review, suspended, buried; being learned again, and suspended
        assert states == {(1, 1), (2, 2), (2, -1), (2, -3), (3, 1), (3, -1)}
        assert set(opened.db.list("select flags from cards")) == {0, 1, 7}
        assert opened.db.scalar("select count() from cards where odid != 0") > 0
        assert opened.db.scalar("select count(distinct did) from cards") == 3
        assert opened.db.scalar("select min(reps) from cards") > 0
        assert opened.db.scalar("select max(ivl) from cards") > 20
        assert learner.check(opened) == ()


def test_the_check_of_the_database_minds_all_but_the_length_of_a_deck(tmp_path: Path) -> None:
    path = tmp_path / "old.apkg"
    path.write_bytes(packed(compiled({"01.yaml": MANY})))
    with learner.collection(tmp_path / "a.anki2", "testing") as opened:
        learner.take(opened, path, Way())
        assert opened.db
        opened.db.execute("update cards set due = 2000000")
        assert learner.check(opened) == ()
        opened.db.execute("update cards set ord = 30500, due = 2000000")
        assert learner.check(opened) == ("Fixed 9 invalid card properties",)


@pytest.mark.parametrize(("facts", "count"), [(1, 4), (2, 3), (3, 2), (45, 2)])
def test_of_few_facts_more_learners_see_to_it_that_each_has_every_role(
    facts: int, count: int
) -> None:
    notes = dict.fromkeys(map(str, range(facts)))
    assert learners(package.Release("d", "D", notes)) == count  # type: ignore[arg-type]


def test_ways_are_described_in_the_words_of_the_window() -> None:
    assert len(WAYS) == len(set(WAYS)) == 72
    assert WAYS[0] == Way()
    assert described(WAYS) == "with any options"
    assert described([Way()]) == "with Anki’s own options"
    never = [way for way in WAYS if way.notes == "never"]
    assert described(never) == "with Update notes: Never"
    merged = [way for way in WAYS if way.merge and way.types != "never"]
    assert described(merged) == "with Merge note types: on, Update note types: If newer or Always"
    assert described(WAYS[:2] + WAYS[-1:]) == "with Anki’s own options and in 2 other ways"
    assert described([WAYS[3], WAYS[40]]) == "in 2 of 72 ways"


# --- The verdict, of what the engine does not do ---------------------------------------------

GUID = "d/a"
STUDIED = Card(GUID, 1, (7, 20))


def snapshot(text: str = "{{c1::x}}", *, at: int = NOW, number: int = notetype.ID) -> Snapshot:
    fields = tuple(dict(dict.fromkeys(notetype.FIELDS, ""), Text=text).values())
    note = Note(number, at, fields, ("a",))
    return Snapshot({GUID: note}, {7: STUDIED}, {7: [(1, 7), (2, 7)]}, ((1, "Metaflash"),), 5)


def lost(after: Snapshot, *silent: int, before: Snapshot | None = None) -> list[str]:
    found = before or snapshot()
    return [loss.message for loss in verdict.losses(found, found, after, silent)]


def test_every_way_to_lose_a_review_is_seen() -> None:
    fine = snapshot()
    assert lost(fine) == []
    assert lost(fine._replace(cards={})) == ["card 1 is gone"]
    later = STUDIED._replace(row=(7, 21))
    assert lost(fine._replace(cards={7: later})) == ["the schedule of card 1 is another one"]
    assert lost(fine, 7) == ["card 1 shows no question any more"]
    for reviews in ({}, {7: [(1, 7)]}, {7: [(1, 7), (3, 7)]}):
        gone = fine._replace(reviews=reviews)
        assert lost(gone) == ["reviews of card 1 are gone from the log"]


def test_a_card_that_was_never_studied_has_nothing_to_lose() -> None:
    new = snapshot()._replace(cards={7: Card(GUID, 1, ())}, reviews={})
    assert lost(new._replace(cards={}), before=new) == []
    swapped = snapshot("{{c2::x}} {{c1::y}}")._replace(cards=new.cards, reviews={})
    assert lost(swapped, before=new) == []


def test_a_number_that_waited_is_not_for_other_words() -> None:
    fields = [*snapshot().notes[GUID].fields]
    fields[list(notetype.FIELDS).index("Text")] = "{{c2::y}}"
    fields[list(notetype.FIELDS).index("Retired")] = "{{c1::x::retired}}"
    note = snapshot().notes[GUID]._replace(fields=tuple(fields))
    before = snapshot()._replace(notes={GUID: note})
    assert lost(snapshot("{{c1::x}} {{c2::y}}"), before=before) == []
    message = "card 1 asks for “z”, with the reviews of “x”"
    assert lost(snapshot("{{c1::z}} {{c2::y}}"), before=before) == [message]


def test_what_concerns_the_whole_collection_is_told() -> None:
    fine = snapshot()
    assert list(verdict.troubles(fine, fine, [])) == []
    second = fine._replace(types=(*fine.types, (2, "Metaflash+")))
    assert list(verdict.troubles(fine, second, [])) == [
        "Anki makes a second note type, “Metaflash+”"
    ]
    assert list(verdict.troubles(fine, fine._replace(schema=6), [])) == [
        "Anki asks for a full sync"
    ]


def unarrived(given: Snapshot, after: Snapshot, sent: Snapshot) -> list[str]:
    return [finding.message for finding in verdict.unarrived(given, after, sent)]


def test_what_did_not_arrive_is_told_with_its_reason() -> None:
    old, sent, late = snapshot(), snapshot("{{c1::y}}", at=NOW + 1), snapshot(at=NOW + 1)
    assert unarrived(old, sent, sent) == []
    assert unarrived(old, old, sent) == ["does not reach learners"]
    (reason,) = unarrived(late, late, sent)
    assert reason.startswith("learners’ note is dated ")
    more = sent._replace(cards={**sent.cards, 8: Card(GUID, 2, ()), 9: Card(GUID, 3, ())})
    assert unarrived(old, sent, more) == ["card 2 does not reach learners"]


SENTENCE = st.lists(
    st.tuples(st.sampled_from(["liver", "lung", "bone", "skin"]), st.booleans()),
    min_size=1,
    max_size=5,
)


_TWICE = [("liver", True), ("liver", True)]


@settings(max_examples=60, deadline=None)
@given(st.lists(SENTENCE, min_size=2, max_size=3))
@example([_TWICE, [("liver", True), ("lung", True)], _TWICE])
def test_whatever_is_edited_the_lock_puts_no_review_under_other_words(
    sentences: list[list[tuple[str, bool]]],
) -> None:
    builds: list[Build] = []
    for words in sentences:
        text = " and ".join(f"=={word}==" if blank else word for word, blank in words)
        facts = f"cards:\n  - fact: The ==first== and {text}\n    id: a\n"
        lock = builds[-1].lock if builds else None
        builds.append(compiled({"01.yaml": facts}, lock, RELEASED + len(builds)))
    for build, later in pairwise(builds):
        told = {problem.code for problem in later.diagnostics}
        losses = verdict.losses(held(build), held(build), held(later), ())
        moved = [loss for loss in losses if "asks for" in loss.message]
        assert moved == [] or "guessed-blanks" in told


def held(build: Build) -> Snapshot:
    """What a learner would have who studied every card of a build."""
    notes = {
        note.guid: Note(notetype.ID, note.modified, note.fields, note.tags) for note in build.notes
    }
    cards = {c.id: Card(note.guid, c.number, (c.id,)) for note in build.notes for c in note.cards}
    return Snapshot(notes, cards, {}, (), 0)


WORSE = {
    "delete from cards where ord = 1": "card 2 is gone",
    "update cards set ivl = ivl + 1": "the schedule of card 1 is another one",
    "delete from revlog where cid in (select id from cards where ord = 0)": (
        "reviews of card 1 are gone from the log"
    ),
}


@pytest.mark.parametrize("statement", WORSE)
def test_an_engine_that_takes_reviews_away_is_found_out(
    statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = learner.take

    def worse(opened: Collection, path: Path, way: Way) -> None:
        real(opened, path, way)
        if way.notes == "always" and opened.db:
            opened.db.execute(statement)

    monkeypatch.setattr(learner, "take", worse)
    found = rehearsed(SITES, SITES)
    assert found.failed
    assert became(found) == {"sites": "lost"}
    assert f"{WORSE[statement]} (with Update notes: Always)" in why(found, "sites")


def test_an_engine_that_forces_a_full_sync_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    real = learner.take

    def worse(opened: Collection, path: Path, way: Way) -> None:
        real(opened, path, way)
        if way.notes == "always" and opened.db:
            opened.db.execute("update col set scm = scm + 1")

    monkeypatch.setattr(learner, "take", worse)
    found = rehearsed(SITES, SITES)
    assert found.failed
    assert [reason[::2] for reason in found.troubles] == [
        ("Anki asks for a full sync", "with Update notes: Always")
    ]


# --- The command ---------------------------------------------------------------------------


def run(*args: object, now: int = NOW) -> Result:
    environment = {"SOURCE_DATE_EPOCH": str(now)}
    return CliRunner(env=environment).invoke(main, [str(arg) for arg in args])


@pytest.fixture
def folder(write: Write) -> Path:
    return write({"01.yaml": SITES + BONE + BLOOD})


@pytest.fixture
def old(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package that learners have, with its lock beside the facts; only a few ways to import."""
    monkeypatch.setattr("metaflash.rehearse.WAYS", FEW)
    assert run("build", folder, "-o", tmp_path / "old", now=RELEASED).exit_code == 0
    return tmp_path / "old" / "deck.apkg"


def test_the_shipped_deck_against_an_edited_copy(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parent.parent / "cards" / "metastasis", tmp_path / "metastasis")
    deck = tmp_path / "metastasis"
    (deck / "metaflash.lock").unlink()  # its times may be later than this test's
    assert run("build", deck, "-o", tmp_path, now=RELEASED).exit_code == 0
    cascade = deck / "03-cascade.yaml"
    cascade.write_text(
        cascade.read_text("utf-8").replace("must ==survive==", "has to ==survive=="), "utf-8"
    )
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    result = run("rehearse", deck, "--from", tmp_path / "metastasis.apkg")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "Metastasis: 50 facts, 76 cards studied, 72 ways to import: no review lost."
    assert lines[1].startswith("42 kept, 8 changed.")
    assert "Update notes: Never" in lines[3]
    assert result.stderr == ""
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_only_what_has_something_to_tell_is_listed(write: Write, folder: Path, old: Path) -> None:
    write({"01.yaml": SITES.replace("are common", "are usual") + BLOOD})
    result = run("rehearse", folder, "--from", old)
    assert result.exit_code == 0
    assert (
        result.stdout
        == """\
Metastasis: 3 facts, 4 cards studied, 3 ways to import: no review lost.
1 kept, 1 changed, 1 retired.
Of 2 notes that learners wrote into or tagged: 1 stays as they made it, 1 gets your words instead.
Your new words do not reach learners who import with Update notes: Never; with Anki's own settings they do.

changed      sites
             The ==liver== and the ==lung== are usual sites.

retired      bone
             Prostate cancer can spread to ==bone::which tissue?==.
"""
    )


def test_a_loss_is_exit_code_1_with_what_to_do(write: Write, folder: Path, old: Path) -> None:
    write({"01.yaml": SITES + BONE.replace("id: bone", "id: prostate") + BLOOD})
    (folder / "metaflash.lock").unlink()
    result = run("rehearse", folder, "--from", old)
    assert result.exit_code == 1
    assert "3 ways to import: 1 fact would lose reviews.\n2 kept, 1 lost, 1 new." in result.stdout
    assert (
        """
lost         bone
             Prostate cancer can spread to ==bone::which tissue?==.
             begins anew as `prostate`, without its reviews (with any options)
             If only the id changed, add to `prostate`:  was: bone
"""
        in result.stdout
    )
    assert not (folder / "metaflash.lock").exists()


def test_an_edit_that_would_not_arrive_is_exit_code_1(
    write: Write, folder: Path, old: Path
) -> None:
    write({"01.yaml": SITES.replace("are common", "are usual") + BONE + BLOOD})
    (folder / "metaflash.lock").unlink()
    result = run("rehearse", folder, "--from", old, now=RELEASED - 60)
    assert result.exit_code == 1
    assert "1 edit would not arrive.\n2 kept, 1 not updated.\n" in result.stdout


def test_json_is_an_object(write: Write, folder: Path, old: Path) -> None:
    write({"01.yaml": SITES + BONE.replace("id: bone", "id: prostate") + BLOOD})
    result = run("rehearse", folder, "--from", old, "--format", "json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert {name: value for name, value in found.items() if name != "outcomes"} == {
        "deck": "Metastasis",
        "id": "metastasis-k3f9",
        "facts": 3,
        "cards": 4,
        "ways": 3,
        "kept": 2,
        "edits": {"made": 2, "replaced": 1, "needless": 0, "instead": 0},
        "skipping": "with Update notes: Never",
        "troubles": [],
        "failed": True,
    }
    lost, new = found["outcomes"]
    assert lost == {
        "id": "bone",
        "first_id": "bone",
        "status": "lost",
        "text": "Prostate cancer can spread to ==bone::which tissue?==.",
        "reasons": [
            {
                "message": "begins anew as `prostate`, without its reviews",
                "hint": "If only the id changed, add to `prostate`:  was: bone",
                "ways": "with any options",
            }
        ],
    }
    assert (new["id"], new["status"]) == ("prostate", "new")
    assert "renamed" in result.stderr  # what the build warns of


def test_of_several_decks_the_one_of_the_package_is_played(
    write: Write, folder: Path, old: Path
) -> None:
    other = DECK.replace("deck: Meta", "deck: Mega").replace("k3f9", "x")
    write({"../another/deck.yaml": other, "../another/01.yaml": BONE.join(["cards:\n", ""])})
    result = run("rehearse", folder.parent, "--from", old)
    assert result.exit_code == 0
    assert result.stdout.startswith("Metastasis: 3 facts, 4 cards studied")
    result = run("rehearse", folder.parent / "another", "--from", old)
    assert result.exit_code == 1
    assert result.stderr == (
        f"Error: {old} holds the deck with the id metastasis-k3f9, which is not here (here: "
        "metastasis-x). Give the folder of that deck, or another package.\n"
    )


def test_with_an_error_in_the_sources_nothing_is_played(
    write: Write, folder: Path, old: Path
) -> None:
    write({"01.yaml": SITES.replace("==lung==", "==lung")})
    result = run("rehearse", folder, "--from", old)
    assert result.exit_code == 1
    assert "[unclosed-blank]" in result.stdout
    assert "1 error; nothing was rehearsed." in result.stdout
    result = run("rehearse", folder, "--from", old, "--format", "json")
    assert [problem["code"] for problem in json.loads(result.stdout)] == ["unclosed-blank"]


def test_wrong_usage_is_exit_code_2(folder: Path) -> None:
    assert run("rehearse", folder).exit_code == 2
    assert run("rehearse", folder, "--from", "x.apkg", "--format", "short").exit_code == 2
    assert "Usage: metaflash rehearse" in run("rehearse", "--help").stdout


def doctored(path: Path, *statements: str, media: bytes | None = b"{}") -> bytes:
    """A package with its collection changed by some SQL."""
    with zipfile.ZipFile(path) as file, closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(file.read("collection.anki2"))
        for statement in statements:
            database.execute(statement)
        database.commit()
        collection = database.serialize()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("collection.anki2", collection)
        if media is not None:
            file.writestr("media", media)
    return archive.getvalue()


def test_what_is_no_package_of_metaflash_is_one_sentence(folder: Path, old: Path) -> None:
    bad = old.with_name("bad.apkg")
    message = (
        f"Error: Cannot read {bad}: no such file or directory. Look whether the name is right.\n"
    )
    assert run("rehearse", folder, "--from", bad).stderr == message
    good = old.read_bytes()
    damage = ("delete from notes", "delete from col", "update col set decks = '{}'")
    doctored_ones = [doctored(old, statement) for statement in damage]
    for content in (b"", b"PK", b"<html>", good[:-30], *doctored_ones):
        bad.write_bytes(content)
        result = run("rehearse", folder, "--from", bad)
        assert result.exit_code == 1
        assert (
            result.stderr
            == f"Error: {bad} is no package that metaflash made. Give the .apkg of a release.\n"
        )


DAMAGE = {
    "a newer version": "update col set ver = 99",
    "no note types": "update col set models = '{}'",
    "a time in words": "update notes set mod = 'soon'",
    "a number beyond all": "update cards set ord = 70000 where ord = 1",
    "no review log": "drop table revlog",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_the_engine_refuses_is_one_sentence(damage: str, folder: Path, old: Path) -> None:
    old.write_bytes(doctored(old, DAMAGE[damage]))
    result = run("rehearse", folder, "--from", old)
    assert result.exit_code == 1
    assert re.match(
        "Error: The Anki engine gave up (importing|studying) the old package: ", result.stderr
    )
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


def test_media_that_cannot_be_read_is_one_sentence(folder: Path, old: Path) -> None:
    old.write_bytes(doctored(old, media=b"\xff"))
    result = run("rehearse", folder, "--from", old)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: The Anki engine gave up importing the old package: ")


def test_an_engine_that_panics_is_one_sentence(
    folder: Path, old: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    nothing = ["update notes set id = 0 where id = (select min(id) from notes)"]
    nothing += ["update cards set nid = 0 where nid not in (select id from notes)"]
    old.write_bytes(doctored(old, *nothing))
    result = run("rehearse", folder, "--from", old)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: The Anki engine gave up studying the old package: ")
    assert "Traceback" not in capfd.readouterr().err


def test_a_temporary_folder_that_is_missing_is_one_sentence(
    folder: Path, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(old / "nowhere"))
    result = run("rehearse", folder, "--from", old)
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: Cannot rehearse in a temporary folder: not a directory. The environment variable TMPDIR"
        " can name another one.\n"
    )


def test_without_the_engine_one_sentence_says_what_to_install(folder: Path, old: Path) -> None:
    code = "import sys; sys.modules['anki'] = None; from metaflash.cli import main; main()"
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        [*command, "rehearse", str(folder), "--from", str(old)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: A rehearsal needs the Anki engine")
    assert line.endswith('Install it:  pip install "metaflash[rehearse]"')
    subprocess.run([*command, "check", str(folder)], capture_output=True, check=True)


def test_what_an_old_package_says_cannot_command_the_terminal(folder: Path, old: Path) -> None:
    escape = "update notes set flds = replace(flds, 'liver', char(27) || '[31mliver')"
    old.write_bytes(doctored(old, escape))
    assert "\x1b" not in run("rehearse", folder, "--from", old).output


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX terminal")
def test_a_rehearsal_shows_a_bar_on_a_terminal_only(folder: Path, old: Path) -> None:
    code = (
        "from metaflash import cli, rehearse; cli.shared.PATIENCE = 0;"
        "rehearse.WAYS = rehearse.WAYS[:3]; cli.main()"
    )
    command = [sys.executable, "-c", code, "rehearse", str(folder), "--from", str(old)]
    done, shown = on_a_terminal(command)
    assert b"Importing" in shown
    assert b"100%" in shown
    assert done.stdout.count(b"\n") == 3
