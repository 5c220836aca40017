"""In which order new cards come: their places, and what the options of a deck in Anki do to them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import compiled
from engines import ENGINES, Action, play
from metaflash import positions
from metaflash.build import Build
from metaflash.kinds.process import turns
from metaflash.lock import Lock
from metaflash.package import encode, read

SHIPPED = {
    path.name: path.read_text("utf-8")
    for path in Path(__file__).parents[1].joinpath("cards", "metastasis").glob("*.yaml")
}
FACTS = """\
cards:
- fact: The ==liver==, the ==lung== and ==bone== are common sites.
  id: sites
- ask: Why must a new tumor establish a blood supply?
  answer: To continue to grow
  id: why
- process: The cascade
  id: cascade
  steps:
  - shed: A cell is ==shed==
  - invade: It ==invades== the ==matrix==
  - reach: It reaches a ==vessel==
  - survive: It ==survives==
  - emerge: It ==emerges==
- term: Angiogenesis
  means: New blood vessels
  id: angiogenesis
- fact: Cells travel in ==1|blood== or ==1|lymph== to ==other sites==.
  id: channels
"""


def introduced(build: Build) -> list[str]:
    """The cards of the live notes as `note number`, in the order of their places."""
    cards = {card.due: (note, card) for note in build.live for card in note.cards}
    assert len(cards) == build.cards
    return [
        f"{note.guid.partition('/')[2]} {card.number}" for _, (note, card) in sorted(cards.items())
    ]


def due(lock: Lock | None) -> dict[str, tuple[int, ...]]:
    assert lock
    return {key: entry.due for key, entry in lock.notes.items()}


# --- Rounds ---------------------------------------------------------------------------------------


def test_new_cards_go_through_the_deck_in_rounds() -> None:
    assert introduced(compiled({"01.yaml": FACTS})) == [
        *("sites 1", "why 1"),
        *("cascade/shed 1", "cascade/invade 1", "cascade/reach 1"),
        *("cascade/survive 1", "cascade/emerge 1", "angiogenesis 1", "channels 1"),
        "sites 2",
        *("cascade/reach 2", "cascade/emerge 2", "cascade/invade 2"),
        *("cascade/survive 2", "cascade/shed 2", "angiogenesis 2", "channels 2"),
        "sites 3",
        *("cascade/reach 3", "cascade/shed 3", "cascade/survive 3"),
        *("cascade/invade 3", "cascade/emerge 3"),
    ]


def test_a_long_sentence_takes_more_than_three_rounds() -> None:
    facts = "cards:\n" + "".join(
        f"- fact: ==a==, ==b==, ==c==, ==d== and ==e==\n  id: {name}\n" for name in ("one", "two")
    )
    assert introduced(compiled({"01.yaml": facts})) == [
        f"{name} {number}" for number in range(1, 6) for name in ("one", "two")
    ]


def test_the_last_note_does_not_follow_itself_into_the_next_round() -> None:
    names = ("one", "two", "three")
    facts = "cards:\n" + "".join(f"- fact: ==a== and ==b==\n  id: {name}\n" for name in names)
    facts += "- fact: ==a==, ==b== and ==c==\n  id: last\n"
    assert introduced(compiled({"01.yaml": facts})) == [
        *("one 1", "two 1", "three 1", "last 1"),
        *("one 2", "two 2", "last 2", "three 2"),
        "last 3",
    ]


def test_a_blank_that_is_added_takes_no_other_card_out_of_its_round() -> None:
    before = compiled({"01.yaml": FACTS})
    edited = FACTS.replace("The ==liver==", "The ==brain==, the ==liver==")
    after = compiled({"01.yaml": edited}, before.lock)
    assert introduced(after) == [*introduced(before), "sites 4"]
    sites = due(before.lock)["sites"]
    assert due(after.lock)["sites"][:3] == sites


def test_a_blank_that_is_taken_out_lets_the_next_one_come_first() -> None:
    before = compiled({"01.yaml": FACTS})
    edited = FACTS.replace("The ==liver==, the", "The liver, the")
    after = introduced(compiled({"01.yaml": edited}, before.lock))
    assert (after[0], after.index("sites 3")) == ("sites 2", 9)


def test_a_step_that_becomes_a_fact_keeps_its_number_and_comes_in_the_first_round() -> None:
    before = compiled({"01.yaml": "cards:\n- process: P\n  id: p\n  steps:\n  - a: An ==x==\n"})
    facts = "cards:\n- fact: An ==x==\n  id: a\n  was: p/a\n- fact: A ==y==\n  id: b\n"
    after = compiled({"01.yaml": facts}, before.lock)
    assert introduced(after) == ["p/a 1", "b 1"]


def test_a_retired_note_has_one_card_behind_all_others() -> None:
    before = compiled({"01.yaml": FACTS})
    rest = FACTS.split("- ask:")[1]
    after = compiled({"01.yaml": f"cards:\n- ask:{rest}"}, before.lock)
    (gone,) = (note for note in after.notes if note.retired)
    (card,) = gone.cards
    assert card.due > max(card.due for note in after.live for card in note.cards)
    assert due(after.lock)["sites"] == due(before.lock)["sites"]
    back = compiled({"01.yaml": FACTS}, after.lock)
    assert due(back.lock) == due(before.lock)


def test_a_package_is_read_with_the_places_that_it_was_made_of() -> None:
    build = compiled({"01.yaml": FACTS})
    assert build.deck
    release = read(encode(build.deck, build.notes, styled=1))
    assert release
    assert {key: entry.due for key, entry in release.notes.items()} == due(build.lock)


# --- Steps ----------------------------------------------------------------------------------------


def test_the_turns_of_eight_steps() -> None:
    forwards, backwards = turns(8)
    assert [k + 1 for k in forwards] == [3, 5, 7, 2, 4, 6, 8, 1]
    assert [k + 1 for k in backwards] == [6, 4, 2, 7, 5, 3, 1, 8]


@pytest.mark.parametrize("count", range(1, 101))
def test_every_step_has_its_turn_and_never_follows_itself(count: int) -> None:
    places = tuple(range(count))
    forwards, backwards = turns(count)
    assert sorted(forwards) == sorted(backwards) == list(places)
    whole = [*places, *forwards, *backwards]
    assert all(one != other for one, other in pairwise(whole)) or count == 1


@pytest.mark.parametrize("count", range(4, 101))
def test_steps_side_by_side_do_not_prompt_each_other(count: int) -> None:
    for order in turns(count):
        assert min(abs(one - other) for one, other in pairwise(order)) > 1


# --- Places ---------------------------------------------------------------------------------------


def test_a_fact_put_between_two_gets_a_place_between_them() -> None:
    known = {"a": 1000, "b": 2000, "c": 3000}
    assert positions.allot([["a", "x", "y", "b", "c", "z"]], known) == {
        "a": 1000,
        "x": 1333,
        "y": 1666,
        "b": 2000,
        "c": 3000,
        "z": 4000,
    }
    assert positions.allot([["x", "a"]], known) == {"x": 500, "a": 1000}


def test_a_moved_fact_moves_alone() -> None:
    known = {"a": 1000, "b": 2000, "c": 3000, "d": 4000}
    assert positions.allot([["d", "a", "b", "c"]], known) == {
        "d": 500,
        "a": 1000,
        "b": 2000,
        "c": 3000,
    }


def test_where_no_room_is_left_all_of_the_round_are_spread_anew() -> None:
    known = {"a": 7, "b": 8, "c": 300_007}
    assert positions.allot([["a", "x", "b"], ["c"]], known) == {
        "a": 1000,
        "x": 2000,
        "b": 3000,
        "c": 300_007,
    }


def test_facts_at_the_end_of_the_first_round_leave_the_second_alone() -> None:
    old = [f"a{i}" for i in range(100)]
    known = positions.allot([old, ["b"]], {})
    longer = positions.allot([[*old, *(f"x{i}" for i in range(150))], ["b"]], known)
    assert {key: longer[key] for key in known} == known


@pytest.mark.parametrize("shares", [(1, 1, 1), (1, 0, 0), (0, 0, 1), (6, 3, 1), (2, 1, 1, 1, 1)])
@pytest.mark.parametrize("count", [40_000, 150_000, 900_000])
def test_a_long_deck_stays_within_what_anki_leaves_alone(
    count: int, shares: tuple[int, ...]
) -> None:
    rounds = [range(at, count, sum(shares)) for at in range(sum(shares))]
    ends = [sum(shares[: i + 1]) for i in range(len(shares))]
    parts = [
        [key for some in rounds[end - share : end] for key in some]
        for end, share in zip(ends, shares, strict=True)
    ]
    places = positions.allot(parts, {})
    assert list(places) == [key for part in parts for key in part]
    assert _rises(list(places.values()))
    longer = positions.allot([[*parts[0], *range(count, count + 10_000)], *parts[1:]], places)
    assert _rises(list(longer.values()))


def _rises(places: list[int]) -> bool:
    return all(0 < one < other <= positions.LAST for one, other in pairwise([*places, 10**6 - 1]))


ROUNDS = st.lists(st.integers(0, 99), unique=True).flatmap(
    lambda keys: st.lists(st.integers(0, 4), min_size=len(keys), max_size=len(keys)).map(
        lambda turns: [[k for k, t in zip(keys, turns, strict=True) if t == i] for i in range(5)]
    )
)
"""Cards dealt out to five rounds."""


@given(ROUNDS, st.dictionaries(st.integers(0, 99), st.integers()))
def test_places_always_rise(rounds: list[list[int]], known: dict[int, int]) -> None:
    places = positions.allot(rounds, known)
    assert list(places) == [key for part in rounds for key in part]
    assert all(one < other for one, other in pairwise(places.values()))
    assert all(0 < place <= positions.LAST for place in places.values())


@given(ROUNDS, st.sets(st.integers(0, 99)), st.lists(st.integers(100, 110), unique=True), st.data())
def test_cards_that_stay_in_their_order_keep_their_places(
    rounds: list[list[int]], gone: set[int], new: list[int], data: st.DataObject
) -> None:
    before = positions.allot(rounds, {})
    edited = [[key for key in part if key not in gone] for part in rounds]
    for key in new:
        part = edited[data.draw(st.integers(0, 4))]
        part.insert(data.draw(st.integers(0, len(part))), key)
    after = positions.allot(edited, before)
    assert {key: after[key] for key in before if key in after} == {
        key: place for key, place in before.items() if key not in gone
    }


@given(ROUNDS, st.data())
def test_a_card_that_moves_to_another_round_moves_alone(
    rounds: list[list[int]], data: st.DataObject
) -> None:
    before = positions.allot(rounds, {})
    edited = [list(part) for part in rounds]
    full = [at for at in (0, 1) if edited[at]]
    if not full:
        return
    moved = edited[data.draw(st.sampled_from(full))].pop(0)
    edited[2].append(moved)
    after = positions.allot(edited, before)
    assert {key: after[key] for key in before if key != moved} == {
        key: place for key, place in before.items() if key != moved
    }


# --- In Anki: what docs/releasing.md and docs/updating.md say of the options ----------------------


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The interpreter of an engine."""
    found: str = request.param
    return found


def learned(
    engine: str, build: Build, folder: Path, *before: Action, **options: int
) -> list[list[str]]:
    """The new cards of each day, for a learner with these deck options, as `note number`."""
    assert build.deck
    folder.mkdir(exist_ok=True)
    package = folder / "deck.apkg"
    package.write_bytes(encode(build.deck, build.notes, styled=1))
    introduce = {"do": "introduce", "deck": "Metastasis", "options": options}
    actions = [{"do": "import", "package": package}, *before, introduce]
    ((*_, days),) = play(engine, [{"collection": folder / "learner", "actions": actions}])
    return [[f"{guid.partition('/')[2]} {number}" for guid, number in day] for day in days]


def by_number(day: list[str]) -> list[str]:
    """The cards of a day as Anki sorts them by default: by number, else in the order it took them."""
    return sorted(day, key=lambda card: int(card.split()[1]))


def siblings(cards: list[str]) -> list[tuple[str, str]]:
    """Cards of one note that come one after the other."""
    return [pair for pair in pairwise(cards) if len({card.split()[0] for card in pair}) == 1]


ASCENDING, RANDOM_NOTES, RANDOM_CARDS = 1, 3, 4
"""New card gather order: "Ascending position", "Random notes", "Random cards"."""

AS_GATHERED, ALL_RANDOM = 1, 4
"""New card sort order: "Order gathered" and "Random"."""


@pytest.mark.parametrize(
    ("options", "per_day"),
    [
        ({}, 20),
        ({"perDay": 7}, 7),
        ({"perDay": 999}, 76),
        ({"newSortOrder": AS_GATHERED}, 20),
        ({"newGatherPriority": ASCENDING}, 20),
    ],
)
def test_the_shipped_deck_comes_round_by_round(
    engine: str, tmp_path: Path, options: Action, per_day: int
) -> None:
    build = compiled(SHIPPED)
    order = introduced(build)
    days = learned(engine, build, tmp_path, **options)
    taken = [order[at : at + per_day] for at in range(0, len(order), per_day)]
    if options.get("newSortOrder") != AS_GATHERED:
        taken = [by_number(day) for day in taken]
    assert days == taken
    assert siblings(order) == []
    notes = [note.guid.partition("/")[2] for note in build.notes]
    later = [card.split()[0] for card in order if card.startswith("portal-map/")][2:]
    assert len(later) == 3
    firsts = [card.split()[0] for card in order[: len(notes) - len(later)]]
    assert firsts == [name for name in notes if name not in later]


def test_the_sort_by_number_moves_nothing_but_boxes_in_the_shipped_deck() -> None:
    order = [card for card in introduced(compiled(SHIPPED)) if not card.startswith("portal-map/")]
    assert by_number(order) == order


def test_by_default_a_days_cards_are_sorted_by_number(engine: str, tmp_path: Path) -> None:
    first = compiled({"01.yaml": FACTS})
    edited = FACTS.replace("The ==liver==, the", "The liver, the")
    build = compiled({"01.yaml": edited}, first.lock)
    order = introduced(build)
    assert order[0] == "sites 2"
    days = learned(engine, build, tmp_path, perDay=12)
    assert days == [by_number(order[:12]), by_number(order[12:])]
    assert days[0][0] == "why 1"
    exact = learned(engine, build, tmp_path / "exact", perDay=12, newSortOrder=AS_GATHERED)
    assert exact == [order[:12], order[12:]]


def test_bury_new_siblings_keeps_the_cards_of_a_note_on_days_apart(
    engine: str, tmp_path: Path
) -> None:
    days = learned(engine, compiled(SHIPPED), tmp_path, bury=True)
    for day in days:
        assert len({card.split()[0] for card in day}) == len(day)
    (usual,) = learned(engine, compiled({"01.yaml": FACTS}), tmp_path / "small", perDay=99)
    assert len({card.split()[0] for card in usual}) < len(usual)


@pytest.mark.parametrize(
    "options",
    [
        {"newGatherPriority": RANDOM_NOTES},
        {"newGatherPriority": RANDOM_CARDS},
        {"newSortOrder": ALL_RANDOM},
    ],
)
def test_random_orders_do_not_follow_the_deck(engine: str, tmp_path: Path, options: Action) -> None:
    build = compiled(SHIPPED)
    order = introduced(build)
    days = learned(engine, build, tmp_path, **options)
    assert [card for day in days for card in day] != order
    if "newSortOrder" in options:
        assert [sorted(day) for day in days] == [
            sorted(order[at : at + 20]) for at in range(0, 71, 20)
        ]


def test_insertion_order_random_cannot_be_taken_back(engine: str, tmp_path: Path) -> None:
    build = compiled(SHIPPED)
    insert = [{"do": "insert", "deck": "Metastasis", "order": name} for name in ("random", "due")]
    days = learned(engine, build, tmp_path, *insert, newSortOrder=AS_GATHERED)
    cards = [card for day in days for card in day]
    assert cards != introduced(build)
    assert siblings(cards)


def test_an_import_moves_no_card_that_a_learner_has(engine: str, tmp_path: Path) -> None:
    before = compiled({"01.yaml": FACTS}, clock=1_700_000_000)
    asked, rest = FACTS.removeprefix("cards:\n").split("- ask:")
    edited = f"cards:\n- ask:{rest.replace('a new tumor', 'any new tumor')}{asked}- fact: A ==b==\n  id: b\n"
    after = compiled({"01.yaml": edited}, before.lock, 1_700_000_100)
    order = introduced(after)
    assert order[0] == "why 1"
    actions: list[Action] = []
    for name, build in (("before", before), ("after", after)):
        assert build.deck
        (tmp_path / name).write_bytes(encode(build.deck, build.notes, styled=1))
        actions.append({"do": "import", "package": tmp_path / name})
    actions.append({"do": "introduce", "deck": "Metastasis", "options": {"perDay": 99}})
    ((_, log, (day,)),) = play(engine, [{"collection": tmp_path / "learner", "actions": actions}])
    assert log["updated"] == ["metastasis-k3f9/why"]
    cards = [f"{guid.partition('/')[2]} {number}" for guid, number in day]
    assert [card for card in cards if card != "b 1"] == introduced(before)
    assert cards[cards.index("b 1") - 1] == "channels 1"
