"""No edit of the teacher's costs a learner anything: the table of edits, in every engine.

Three learners take each case: one has every release, one leaves out all between the first and the
last, one comes with the last. They study, and change cards and notes of their own, after each.

About time: up to 24.11, Anki gives a note that it updates the time of the import, and takes no release
that was built before that. So releases are a day apart, all in the past, and the learner of
tests/learner.py imports each an hour after it was built and works on it half a day after.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest

from conftest import DECK, compiled
from edits import CASES, Case, Release
from engines import ENGINES, Action, faults, play
from metaflash import notetype
from metaflash.build import Build
from metaflash.lock import Entry, Lock
from metaflash.package import encode

DAY = 86_400
HOUR = 3600
LOOK: Action = {"do": "snapshot", "faces": True}
CHECK: Action = {"do": "check"}
ID = "metastasis-k3f9"

Card: TypeAlias = tuple[str, int]
"""A note's key in the lock, and a number."""


def clock(release: int) -> int:
    """When a release is built, by its place in the chain."""
    return 1_700_000_000 + release * DAY


class Released(NamedTuple):
    """A release that was built, with its package and its lock."""

    build: Build
    lock: Lock
    path: Path
    look: list[str]

    @property
    def cards(self) -> set[Card]:
        """The cards in the package."""
        return {(key(note.guid), card.number) for note in self.build.notes for card in note.cards}

    @property
    def sent(self) -> set[str]:
        """The notes in the package."""
        return {key(note.guid) for note in self.build.notes}

    @property
    def retired(self) -> set[str]:
        """The notes in it that are in no file any more."""
        return {name for name in self.sent if self.lock.notes[name].retired}


def key(guid: str) -> str:
    """What the lock calls a note."""
    return guid.removeprefix(f"{ID}/")


# --- What a learner does -------------------------------------------------------------------


class Round(NamedTuple):
    """A learner's import of a release: what came of it, and what there is after their own work."""

    log: Action
    found: Action
    left: Action


class Story(NamedTuple):
    """What a learner of some releases of a case had to go through, and what Anki says of it."""

    path: tuple[int, ...]
    rounds: list[Round]
    check: Action
    last: Action


def paths(case: Case) -> list[tuple[int, ...]]:
    """Which releases learners have: all of them, the first and the last, the last."""
    last = len(case.releases) - 1
    return list(dict.fromkeys([(*range(last + 1),), (0, last), (last,)]))


def actions(path: Sequence[int], released: Sequence[Released], shift: int) -> list[Action]:
    """All that a learner does; with another ``shift``, other things to other cards."""
    found: list[Action] = []
    cards: set[Card] = set()
    for at in path:
        fresh = released[at].cards - cards
        cards |= fresh
        package = str(released[at].path)
        found += [{"do": "import", "package": package, "at": clock(at) + HOUR}, LOOK]
        found += studied(sorted(cards), fresh, shift + at)
        found += changed(cards, clock(at) + DAY // 2, shift)
        found.append(LOOK)
    return [*found, CHECK, LOOK]


def studied(cards: Sequence[Card], fresh: set[Card], shift: int) -> Iterator[Action]:
    """Every card treated in one of six ways; one of them leaves it as it is. Only a fresh card is
    given an interval, because Anki's check has something to say of one that was answered before."""
    days: dict[str, dict[str, int]] = {}
    plan: dict[str, dict[str, list[int]]] = {}
    more: list[Action] = []
    for at, (name, number) in enumerate(cards, shift):
        guid, way = f"{ID}/{name}", at % 6
        card = {"guid": guid, "number": number}
        if way in (1, 3, 5) and (name, number) in fresh:
            days.setdefault(guid, {})[str(number)] = 10 + at
        if way in (0, 3, 4, 5):
            plan.setdefault(guid, {})[str(number)] = [[3, 3], [], [], [1, 2], [4], [3]][way]
        if way == 3:
            more.append({"do": "flag", **card, "flag": 1 + at % 7})
        if way == 4:
            more.append({"do": "suspend", **card})
        if way == 5:
            more.append({"do": "move", **card, "deck": "Mine"})
    yield {"do": "study", "days": days, "plan": plan}
    yield from more


def changed(cards: set[Card], at: int, shift: int) -> Iterator[Action]:
    """A note with the learner's own words, one with their own tag, one left alone, and so on."""
    for place, name in enumerate(sorted({name for name, _ in cards}), shift):
        change: Action = {"guid": f"{ID}/{name}", "at": at}
        if place % 3 == 0:
            yield {"do": "edit", **change, "field": "Extra", "text": "my own words"}
        if place % 3 == 1:
            yield {"do": "tag", **change, "tag": "my-own-tag"}


def story(path: tuple[int, ...], done: Sequence[Action], results: Sequence[Any]) -> Story:
    """The results of a learner's actions in the order of the releases."""
    logs = [found for act, found in zip(done, results, strict=True) if act["do"] == "import"]
    looks = [found for act, found in zip(done, results, strict=True) if act["do"] == "snapshot"]
    rounds = list(map(Round, logs, looks[:-1:2], looks[1:-1:2]))
    return Story(path, rounds, results[-2], looks[-1])


# --- The table, built once and played once in each engine --------------------------------------


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Released]]:
    """All releases of all cases."""
    folder = tmp_path_factory.mktemp("table")
    return {case.title: list(built(case, folder)) for case in CASES}


def built(case: Case, folder: Path) -> Iterator[Released]:
    """The releases of a case, each built on the lock of the one before."""
    lock: Lock | None = None
    for at, release in enumerate(case.releases):
        with pytest.MonkeyPatch.context() as patch:
            style = notetype.style() + release.style
            patch.setattr(notetype, "style", lambda style=style: style)
            build = compiled(release.files, lock, clock(at), 0 if release.forget else None)
            assert tuple(problem.code for problem in build.diagnostics) == release.warns, case.title
            assert build.deck
            assert build.lock
            lock = build.lock
            path = folder / f"{CASES.index(case)}-{at}.apkg"
            path.write_bytes(packed(build))
            yield Released(build, lock, path, [style, notetype.front(), notetype.back()])


Played: TypeAlias = Mapping[str, Sequence[Story]]
"""The stories of a case by its title."""


@pytest.fixture(scope="module", params=ENGINES, ids=lambda python: Path(python).parts[-3])
def played(
    request: pytest.FixtureRequest,
    table: Mapping[str, list[Released]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Played:
    """What became of all learners of the table in an engine."""
    folder = tmp_path_factory.mktemp("learners")
    keys = [(case, path) for case in CASES for path in paths(case)]
    plans = [actions(path, table[case.title], CASES.index(case)) for case, path in keys]
    scenarios = [{"collection": folder / str(at), "actions": plan} for at, plan in enumerate(plans)]
    found: dict[str, list[Story]] = {case.title: [] for case in CASES}
    results = play(request.param, scenarios)
    for (case, path), plan, result in zip(keys, plans, results, strict=True):
        found[case.title].append(story(path, plan, result))
    return found


class Step(NamedTuple):
    """What an import is judged by: what there was before and after, and the releases."""

    before: Action
    log: Action
    after: Action
    old: Released
    new: Released
    expected: Sequence[Release]


def steps(case: Case, stories: Sequence[Story], releases: Sequence[Released]) -> Iterator[Step]:
    """All imports of a case that followed another one."""
    for told in stories:
        for (i, j), (one, other) in zip(pairwise(told.path), pairwise(told.rounds), strict=True):
            expected = case.releases[i + 1 : j + 1]
            yield Step(one.left, other.log, other.found, releases[i], releases[j], expected)


every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
Table: TypeAlias = Mapping[str, list[Released]]


# --- What must hold ------------------------------------------------------------------------------


@every_case
def test_no_card_and_no_review_is_touched(case: Case, played: Played, table: Table) -> None:
    for step in steps(case, played[case.title], table[case.title]):
        rows = {guid: step.after["cards"][guid] for guid in step.before["cards"]}
        kept = {
            guid: {number: rows[guid][number] for number in cards}
            for guid, cards in step.before["cards"].items()
        }
        assert kept == step.before["cards"]
        assert step.after["revlog"] == step.before["revlog"] != []


@every_case
def test_every_history_stands_under_its_own_answer(
    case: Case, played: Played, table: Table
) -> None:
    for step in steps(case, played[case.title], table[case.title]):
        wanted = answers(step.before)
        for release in step.expected:
            for card, (then, now) in by_card(release.same).items():
                if card in wanted:
                    assert wanted[card] == then
                    wanted[card] = now
        assert {card: found for card, found in answers(step.after).items() if card in wanted} == (
            wanted
        )


@every_case
def test_the_new_cards_are_those_that_were_meant(case: Case, played: Played, table: Table) -> None:
    for step in steps(case, played[case.title], table[case.title]):
        before, found = answers(step.before), answers(step.after)
        assert {card: found[card] for card in found.keys() - before.keys()} == fresh(step)


def fresh(step: Step) -> dict[Card, str]:
    """The cards that come, as the table says: of what is gone already only one for each note."""
    found: dict[Card, str] = {}
    for release in step.expected:
        found |= {card: now for card, (_, now) in by_card(release.same).items() if card in found}
        found |= by_card(release.new)
    gone = set(_each(step.expected[-1].gone))
    kept = {
        (name, min(number for other, number in gone if other == name)) for name in step.new.retired
    }
    return {card: answer for card, answer in found.items() if card not in gone - kept}


@every_case
def test_every_card_asks_or_says_that_it_is_gone(case: Case, played: Played, table: Table) -> None:
    for step in steps(case, played[case.title], table[case.title]):
        gone = set(_each(step.expected[-1].gone))
        before = by_card(step.before["faces"])
        for card, (front, back) in by_card(step.after["faces"]).items():
            assert question(front), card
            if card[0] not in step.new.sent:  # forgotten, and perhaps not told before
                assert before[card] == [front, back]
                continue
            assert ("Retired:" in front or "no longer asked" in front) == (card in gone), card


@every_case
def test_the_log_names_what_the_teacher_changed(case: Case, played: Played, table: Table) -> None:
    for step in steps(case, played[case.title], table[case.title]):
        old, new = step.old.lock.notes, step.new.lock.notes
        known = step.new.sent & old.keys()
        updated = {name for name in known if differs(old[name], new[name], step)}
        went = {
            "new": step.new.sent - known,
            "updated": updated,
            "duplicate": known - updated,
            "conflicting": set(),
        }
        assert {way: {key(guid) for guid in step.log[way]} for way in went} == went


def differs(old: Entry, new: Entry, step: Step) -> bool:
    """Whether the teacher changed a note; to what it is now, or to something else between."""
    if len(step.expected) == 1:
        return old.content != new.content
    return old.modified != new.modified


@every_case
def test_own_words_and_tags_stay_where_the_teacher_changed_nothing(
    case: Case, played: Played, table: Table
) -> None:
    for step in steps(case, played[case.title], table[case.title]):
        sent = {note.guid: note for note in step.new.build.notes}
        for guid, note in step.before["notes"].items():
            found = step.after["notes"][guid]
            if guid in step.log["updated"]:
                assert (found["fields"], found["tags"]) == (
                    list(sent[guid].fields),
                    sorted(sent[guid].tags, key=str.casefold),
                )
            else:
                assert found == note


@every_case
def test_one_note_type_and_no_full_sync(case: Case, played: Played, table: Table) -> None:
    for step in steps(case, played[case.title], table[case.title]):
        names = [name for name in step.after["notetypes"] if notetype.NAME in name]
        assert names == [notetype.NAME]
        assert step.after["looks"][notetype.NAME] == step.new.look
        assert step.after["schema"] == step.before["schema"]


@every_case
def test_anki_finds_nothing_to_mend(case: Case, played: Played) -> None:
    for told in played[case.title]:
        assert faults(told.check) == []
        assert told.rounds[-1].left["empty"] == []
        assert told.last["revlog"] == told.rounds[-1].left["revlog"]
        before, found = by_card(told.rounds[-1].left["cards"]), by_card(told.last["cards"])
        assert {card: found[card][:-1] for card in before} == {
            card: row[:-1] for card, row in before.items()
        }
        # Anki makes cards for numbers that are gone, of notes whose cards were without them
        assert found.keys() - before.keys() <= set(_each(case.releases[-1].gone))


@every_case
def test_a_newcomer_gets_the_deck_as_it_is_now(case: Case, played: Played, table: Table) -> None:
    release = table[case.title][-1]
    (told,) = (told for told in played[case.title] if len(told.path) == 1)
    found = by_card(told.rounds[0].found["faces"])
    asked = {
        (name, asked.number)
        for name, entry in release.lock.notes.items()
        for asked in entry.asked
        if asked.live and not entry.retired
    }
    assert {card for card in found if card[0] not in release.retired} == asked
    assert found.keys() == release.cards
    assert all(question(front) for front, _ in found.values())
    assert {key(guid) for guid in told.rounds[0].log["new"]} == release.sent


# --- Looking at cards ----------------------------------------------------------------------------


def by_card(by_note: Mapping[str, Mapping[Any, Any]]) -> dict[Card, Any]:
    """What is said of cards by note and number, in one mapping."""
    return {
        (key(name), int(number)): value
        for name, numbers in by_note.items()
        for number, value in numbers.items()
    }


def _each(numbers: Mapping[str, tuple[int, ...]]) -> Iterator[Card]:
    return ((name, number) for name, found in numbers.items() for number in found)


_CLOZE = re.compile(r'<span class="cloze"[^>]*>(.*?)</span>')


def visible(markup: str) -> str:
    """What a reader sees of some HTML, white space folded."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split())


def answers(snapshot: Action) -> dict[Card, str]:
    """What each card has for its answer."""
    return {
        card: ", ".join(visible(found) for found in _CLOZE.findall(back))
        for card, (_, back) in by_card(snapshot["faces"]).items()
    }


def question(front: str) -> bool:
    """Whether a card asks something: it has a blank that is not filled in."""
    asked = [visible(found) for found in _CLOZE.findall(front)]
    return bool(asked) and all(re.fullmatch(r"\[.+\]", text) for text in asked)


# --- Beside the table ------------------------------------------------------------------------------

SHIPPED = Path(__file__).parent.parent / "cards" / "metastasis"


def shipped(edit: Mapping[str, str] | None = None) -> dict[str, str]:
    """The files of the deck that comes with metaflash, with some words replaced by others."""
    found = {path.name: path.read_text("utf-8") for path in sorted(SHIPPED.glob("*.yaml"))}
    for old, new in (edit or {}).items():
        assert sum(text.count(old) for text in found.values()) == 1
        found = {name: text.replace(old, new) for name, text in found.items()}
    return found


def packed(build: Build) -> bytes:
    """The package of a build without errors."""
    assert build.deck
    assert build.lock
    assert all(problem.severity != "error" for problem in build.diagnostics)
    return encode(build.deck, build.notes, styled=build.lock.style.modified, media=build.media)


@pytest.mark.parametrize("engine", ENGINES, ids=lambda python: Path(python).parts[-3])
def test_one_fact_edited_is_one_note_updated(engine: str, tmp_path: Path) -> None:
    first = compiled(shipped(), clock=clock(0))
    again = compiled(shipped(), first.lock, clock(1))
    edit = {"Prostate cancer can spread to ==bone": "Prostate cancers spread to ==bone"}
    edited = compiled(shipped(edit), again.lock, clock(2))
    assert packed(again) == packed(first)
    assert again.lock == first.lock
    plan: list[Action] = []
    for name, build in (("first", first), ("again", again), ("edited", edited)):
        (tmp_path / name).write_bytes(packed(build))
        plan.append({"do": "import", "package": str(tmp_path / name)})
    ((_, same, last),) = play(engine, [{"collection": tmp_path / "learner", "actions": plan}])
    assert (same["new"], same["updated"], len(same["duplicate"])) == ([], [], len(first.notes))
    assert (last["new"], len(last["updated"])) == ([], 1)
    assert last["conflicting"] == same["conflicting"] == []


@pytest.mark.parametrize("engine", ENGINES, ids=lambda python: Path(python).parts[-3])
def test_an_edit_of_the_learners_that_is_newer_than_the_release_is_kept(
    engine: str, tmp_path: Path
) -> None:
    facts = ("The ==liver== and the ==lung==.", "Both the ==liver== and the ==lung==.")
    lock, plan = None, []
    for at, fact in enumerate((*facts, "All of ==liver==, ==lung== and ==bone==.")):
        build = compiled({"01.yaml": f"cards:\n- fact: {fact}\n  id: sites\n"}, lock, clock(at))
        lock = build.lock
        path = tmp_path / f"{at}.apkg"
        path.write_bytes(packed(build))
        mine = {"guid": f"{ID}/sites", "field": "Extra", "text": "mine", "at": clock(1) + HOUR}
        plan += [{"do": "import", "package": str(path), "at": clock(at) + 2 * HOUR}, LOOK]
        plan += [{"do": "study", "plan": {f"{ID}/sites": {"1": [3]}}}]
        plan += [{"do": "edit", **mine}, LOOK] if not at else [LOOK]
    ((_, _, _, _, own, log, kept, _, learned, last, new, _, _, check),) = play(
        engine, [{"collection": tmp_path / "learner", "actions": [*plan, CHECK]}]
    )
    assert log["duplicate"] == [f"{ID}/sites"]
    assert kept == own
    assert last["updated"] == [f"{ID}/sites"]
    assert "mine" not in new["notes"][f"{ID}/sites"]["fields"]
    assert {n: new["cards"][f"{ID}/sites"][n] for n in "12"} == learned["cards"][f"{ID}/sites"]
    assert new["revlog"] == learned["revlog"]
    assert faults(check) == []


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (DECK.replace("id: metastasis-k3f9", "id: another-deck"), "deck-id-changed"),
        (DECK.replace("deck: Metastasis", "deck: Spread"), "deck-renamed"),
    ],
)
def test_what_would_part_learners_from_their_deck_is_refused(settings: str, code: str) -> None:
    facts = {"01.yaml": "cards:\n- fact: The ==liver==.\n  id: liver\n"}
    first = compiled(facts)
    (problem,) = compiled({**facts, "deck.yaml": settings}, first.lock).diagnostics
    assert (problem.code, problem.severity) == (code, "error")
