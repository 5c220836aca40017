"""Identity: values that learners have imported, and so can never change again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import compiled
from metaflash import identity
from metaflash import notetype as nt

ANKI_BEGINS = 1_160_000_000_000
"""Milliseconds: October 2006, the month of Anki's first release."""


def test_guids_are_made_of_ids() -> None:
    assert identity.guid("metastasis-k3f9", "prostate-bone") == "metastasis-k3f9/prostate-bone"
    assert (
        identity.guid("metastasis-k3f9", identity.key("cascade", "shed"))
        == "metastasis-k3f9/cascade/shed"
    )


def test_ids_of_notes_and_cards_are_frozen() -> None:
    note = identity.note_id("metastasis-k3f9/cascade/shed")
    assert note == FROZEN_NOTE
    assert [identity.card_id(note, number) for number in (1, 2, 3, 500)] == FROZEN_CARDS


FROZEN_NOTE = 360_824_256_516
FROZEN_CARDS = [1_039_696_204_511, 620_130_266_554, 200_564_328_597, 379_491_494_848]


def test_the_note_type_is_frozen() -> None:
    assert (nt.NAME, nt.ID, nt.TEMPLATE_NAME, nt.TEMPLATE_ID) == FROZEN_TYPE
    assert list(nt.FIELDS.items()) == FROZEN_FIELDS


def test_a_new_look_has_a_new_time() -> None:
    """After a change to templates or style, raise ``MODIFIED`` to the day's date, and write both
    values here: learners get the new look only if its time is later."""
    assert (nt.fingerprint(), nt.MODIFIED) == ("e6518cd74bda47df", 1_795_474_800)


FROZEN_TYPE = ("Metaflash", 1_731_283_440_917, "Card", 2_921_146_893_625_019_848)
FROZEN_FIELDS = [
    ("Id", 1_441_905_234_290_943_325),
    ("Text", 2_252_948_366_425_277_861),
    ("Text 2", 3_468_671_972_106_833_582),
    ("Text 3", 1_608_482_118_180_319_323),
    ("Topic", 1_468_919_343_538_280_400),
    ("Extra", 4_218_269_326_213_865_177),
    ("Note", 1_420_711_506_829_599_599),
    ("Source", 1_662_896_133_276_824_694),
    ("Picture", 3_579_891_463_994_686_323),
    ("Back picture", 2_310_327_657_573_733_771),
    ("Strip", 3_701_242_360_352_301_492),
    ("Retired", 2_953_524_647_533_474_972),
    ("Banner", 4_306_262_352_428_777_598),
    ("Kind", 4_098_507_940_199_900_494),
    ("Language", 2_599_542_491_303_293_360),
    ("Spare 1", 4_409_666_204_433_982_028),
    ("Spare 2", 1_172_017_459_641_567_903),
    ("Spare 3", 3_561_013_090_789_645_020),
    ("Spare 4", 2_355_999_351_962_800_072),
    ("Spare 5", 3_773_516_015_875_411_525),
    ("Spare 6", 2_887_652_857_093_760_037),
]


@given(st.text(), st.integers(1, 500))
def test_ids_are_in_the_past_and_before_any_of_ankis_own(guid: str, number: int) -> None:
    note = identity.note_id(guid)
    card = identity.card_id(note, number)
    assert 0 < note < ANKI_BEGINS
    assert 0 < card < ANKI_BEGINS


def test_the_cards_of_a_note_never_share_an_id() -> None:
    note = identity.note_id("x")
    assert len({identity.card_id(note, number) for number in range(1, 501)}) == 500


def test_notes_of_a_large_deck_spread_over_the_whole_range() -> None:
    ids = {identity.note_id(f"deck/fact-{i}") for i in range(20_000)}
    assert len(ids) == 20_000
    assert max(ids) - min(ids) > 2**39


def test_collisions_name_both_owners() -> None:
    pairs = [("a", 1), ("b", 2), ("c", 1), ("a", 3), ("c", 3)]
    assert identity.collisions(pairs) == [("a", "c"), ("a", "c")]


def test_a_collision_in_a_deck_is_an_error_at_the_second_fact(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(identity, "note_id", lambda guid: 2**30 + len(guid))
    facts = "cards:\n- fact: A ==b==\n  id: one\n- fact: C ==d==\n  id: two\n"
    built = compiled({"01.yaml": facts})
    (problem,) = built.diagnostics
    assert problem.code == "id-collision"
    assert str(problem.span) == "01.yaml:4:3"
    assert "01.yaml:2:3" in problem.hint


def test_more_blanks_than_anki_makes_cards_for_is_an_error() -> None:
    blanks = " ".join(f"=={i}==" for i in range(501))
    facts = f"cards:\n- fact: {blanks}\n  id: one\n"
    built = compiled({"01.yaml": facts})
    assert [problem.code for problem in built.diagnostics] == ["too-many-blanks"]


def test_a_process_has_an_end() -> None:
    steps = "".join(f"  - s{i}: Step ==number== {i}\n" for i in range(101))
    facts = f"cards:\n- process: P\n  id: p\n  steps:\n{steps}"
    built = compiled({"01.yaml": facts})
    assert [problem.code for problem in built.diagnostics] == ["too-many-steps"]
