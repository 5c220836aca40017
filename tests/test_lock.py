"""The lock: what it holds, how it is read back, and what is said of one that cannot be used."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import compiled
from metaflash import lock as locks
from metaflash import notetype
from metaflash.diagnostics import Source, render
from metaflash.lock import Asked, Entry, Lock, Style
from metaflash.times import Clock, time_of_build

FACTS = """\
topic: Where it spreads
cards:
  - fact: The ==liver== and the ==lung== are common sites.
    id: sites
    extra: "A backslash: \\\\(x\\\\)"
  - ask: Why must a new tumor establish a blood supply?
    answer: To continue to grow
    id: why-blood
"""
NEW_YEAR = 1_767_225_600
"""2026-01-01, midnight."""


def built(facts: str = FACTS, lock: Lock | str | None = None, clock: int = NEW_YEAR) -> Lock:
    """The lock after a build of one file, which has no errors."""
    build = compiled({"01.yaml": facts}, lock, clock)
    assert not [problem for problem in build.diagnostics if problem.severity == "error"]
    assert build.lock
    return build.lock


def test_a_person_can_read_it() -> None:
    text = locks.write(built())
    assert text.startswith("metaflash lock, version 1\n# What learners have.")
    assert (
        """
deck: Metastasis
id: metastasis-k3f9
"""
        in text
    )
    assert (
        """
note sites
  built: 2026-01-01T00:00:00Z
  content: """
        in text
    )
    assert (
        """
  due: 1000 301000
  kind: fact
  asks: 1 blank liver
  asks: 2 blank lung
  tags: Metastasis::Where_it_spreads
  Text: The {{c1::liver::<i class="blank">blank</i>}} and the {{c2::lung::<i class="blank">blank</i>}} are common sites.
  Topic: Where it spreads
  Extra: A backslash: \\\\(x\\\\)
  Source: Study notes

note why-blood
"""
        in text
    )
    assert text.endswith("\n\nend of lock\n")


def test_an_edit_changes_its_own_record_only() -> None:
    before = locks.write(built()).splitlines()
    edited = FACTS.replace("are common", "are the most common")
    after = locks.write(built(edited, built(), NEW_YEAR + 60)).splitlines()
    changed = [line for line in after if line not in before]
    assert [line.split(":")[0].strip() for line in changed] == ["built", "content", "Text"]
    assert len(before) == len(after)


def test_records_are_sorted_whatever_the_order_of_the_facts() -> None:
    one, other = FACTS.split("cards:\n")[1].split("  - ask:")
    swapped = f"topic: Where it spreads\ncards:\n  - ask:{other}{one}"
    lines = locks.write(built(swapped, built())).splitlines()
    assert [line for line in lines if line.startswith("note")] == ["note sites", "note why-blood"]
    assert lines != locks.write(built()).splitlines()  # the places in the queue


def test_nothing_changed_nothing_written() -> None:
    lock = built()
    assert built(FACTS, lock, NEW_YEAR + 1_000_000) == lock


TEXT = st.text("a \n\\:=#é肝<", max_size=8)
WORD = st.text("abc-", min_size=1, max_size=3)
MOMENT = st.integers(NEW_YEAR, NEW_YEAR * 2)
ASKED = st.builds(Asked, st.integers(1, 500), WORD, TEXT, st.booleans())
ENTRY = st.builds(
    Entry,
    modified=MOMENT,
    content=WORD,
    due=st.just(()),
    kind=WORD,
    asked=st.lists(ASKED, min_size=1, max_size=3)
    .map(tuple)
    .filter(lambda asked: any(one.live for one in asked)),
    words=st.dictionaries(st.sampled_from(["Text", "Extra", "Back picture"]), TEXT.filter(bool)),
    tags=st.lists(WORD, max_size=3).map(tuple),
    name=st.just("") | WORD,
    retired=st.just(0) | MOMENT,
    forgotten=st.booleans(),
).flatmap(
    lambda entry: st.lists(
        st.integers(1, 10**7), min_size=len(entry.live), max_size=len(entry.live), unique=True
    ).map(lambda due: entry._replace(due=tuple(due)))
)
LOCK = st.builds(
    Lock,
    id=WORD,
    deck=TEXT.filter(lambda text: text.strip() == text and text and "\n" not in text),
    style=st.builds(Style, WORD, MOMENT),
    notes=st.dictionaries(st.tuples(WORD, WORD).map("/".join) | WORD, ENTRY, max_size=3),
)


@given(LOCK)
def test_it_is_read_as_it_was_written(lock: Lock) -> None:
    text = locks.write(lock)
    assert locks.parse(Source("metaflash.lock", text)) == (lock, [])


@given(LOCK, st.data())
def test_a_cut_lock_is_never_taken_for_a_whole_one(lock: Lock, data: st.DataObject) -> None:
    text = locks.write(lock)
    cut = data.draw(st.integers(0, len(text) - 2))
    read, problems = locks.parse(Source("metaflash.lock", text[:cut]))
    assert read is None
    assert [problem.severity for problem in problems] == ["error"]


SMALL = """\
metaflash lock, version 1

deck: Metastasis
id: metastasis-k3f9
style: 0123 2026-01-01T00:00:00Z

note liver
  built: 2026-01-01T00:00:00Z
  content: 0123
  due: 1000
  kind: fact
  asks: 1 blank liver

end of lock
"""
CONFLICT = """\
<<<<<<< HEAD
  built: 2026-01-02T00:00:00Z
=======
  built: 2026-01-03T00:00:00Z
>>>>>>> other
"""


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("", "1:1", "lock-truncated"),
        ("\n", "1:1", "lock-truncated"),
        (SMALL.replace("end of lock\n", ""), "12:22", "lock-truncated"),
        (SMALL[:60], "4:17", "lock-truncated"),
        (SMALL.replace("  built: 2026-01-01T00:00:00Z\n", CONFLICT), "8:1", "lock-conflict"),
        ("{}", "1:1", "lock-foreign"),
        ("# This file is automatically @generated by Cargo.\n", "1:1", "lock-foreign"),
        (SMALL.replace("version 1", "version 2"), "1:1", "lock-version"),
        (SMALL.replace("due: 1000", "due: soon"), "10:1", "lock-damaged"),
        (SMALL.replace("  due: 1000\n", ""), "7:1", "lock-damaged"),
        (SMALL.replace("due: 1000", "due: 1000 2000"), "7:1", "lock-damaged"),
        (SMALL.replace("built: 2026-01-01T00:00:00Z", "built: 2026-01-01"), "8:1", "lock-damaged"),
        (SMALL.replace("built: 2026-01", "built: 2026-13"), "8:1", "lock-damaged"),
        (SMALL.replace("  kind:", "  kin:"), "11:1", "lock-damaged"),
        (SMALL.replace("liver\n\n", "liver\n  Text: {{c2::x}}\n\n"), "7:1", "lock-damaged"),
        (SMALL.replace("  kind: fact", "kind: fact"), "7:1", "lock-damaged"),
        (SMALL.replace("asks: 1", "asks: one"), "12:1", "lock-damaged"),
        (SMALL.replace("asks: 1", "asks: 0"), "12:1", "lock-damaged"),
        (SMALL.replace("asks: 1", "asks: 501"), "12:1", "lock-damaged"),
        (SMALL.replace("due: 1000", "due: 99999999999999999999"), "10:1", "lock-damaged"),
        (SMALL.replace("note liver", "note ../liver"), "7:1", "lock-damaged"),
        (SMALL.replace("deck: Metastasis\n", ""), "13:1", "lock-damaged"),
        (SMALL.replace("deck: Metastasis", "deck Metastasis"), "3:1", "lock-damaged"),
        (
            SMALL.replace("\nend of", SMALL[SMALL.index("\nnote") : -12] + "end of"),
            "14:1",
            "lock-damaged",
        ),
        (SMALL.replace("  due: 1000\n", "  due: 1000\n" * 2), "11:1", "lock-damaged"),
    ],
)
def test_a_lock_that_cannot_be_relied_on_is_an_error(text: str, place: str, code: str) -> None:
    build = compiled({"01.yaml": FACTS}, text)
    assert [problem.code for problem in build.diagnostics] == [code]
    (problem,) = build.diagnostics
    assert render([problem], "short").startswith(f"metaflash.lock:{place}: error: ")
    assert problem.hint
    assert build.before is None


LINES = SMALL.splitlines(keepends=True)


@pytest.mark.parametrize("at", range(1, len(LINES)))
def test_a_line_lost_or_put_in_between_is_no_other_lock(at: int) -> None:
    """A blank line and a comment between records are the only ones that do no harm."""
    whole, _ = locks.parse(Source("metaflash.lock", SMALL))
    lost = "".join([*LINES[:at], *LINES[at + 1 :]])
    blank = "".join([*LINES[:at], "\n", *LINES[at:]])
    strange = "".join([*LINES[:at], "foo: bar\n", *LINES[at:]])
    for text in (lost, blank):
        assert locks.parse(Source("metaflash.lock", text))[0] in (None, whole)
    assert locks.parse(Source("metaflash.lock", strange))[0] is None


def test_a_lock_with_windows_line_ends_or_without_the_last_one_is_fine() -> None:
    for text in (SMALL, SMALL.replace("\n", "\r\n"), SMALL.rstrip("\n"), SMALL + "\n\n"):
        assert compiled({"01.yaml": FACTS}, text).before is not None


@pytest.mark.parametrize("later", [True, False])
def test_a_merge_that_keeps_the_later_record_gives_every_learner_the_edit(*, later: bool) -> None:
    base = built()
    ours = built(FACTS.replace("common", "usual"), base, NEW_YEAR + (200 if later else 100))
    theirs = built(FACTS.replace("common", "frequent"), base, NEW_YEAR + (100 if later else 200))
    kept = ours if later else theirs
    merged = locks.write(kept._replace(notes={**theirs.notes, "sites": kept.notes["sites"]}))
    for word in ("common", "usual", "frequent", "usual and frequent"):
        after = built(FACTS.replace("common", word), merged, NEW_YEAR + 300).notes["sites"]
        for branch in (ours, theirs):
            there = branch.notes["sites"]
            assert after.modified > there.modified or after.content == there.content


def test_letters_in_two_parts_are_as_stable_as_others() -> None:
    for text in (r'"caf\u0065\u0301 ==x=="', "'`x`\u0338 ==y=='"):
        facts = f"cards:\n  - fact: {text}\n    id: a\n"
        first = compiled({"01.yaml": facts})
        assert first.lock
        again = compiled({"01.yaml": facts}, first.lock)
        assert again.lock == again.before


# --- What it is for -------------------------------------------------------------------------------


def test_a_note_keeps_its_time_as_long_as_it_stays_the_same() -> None:
    lock = built()
    edited = FACTS.replace("common sites", "common sites of spread")
    after = built(edited, lock, NEW_YEAR + 500)
    assert after.notes["sites"].modified == NEW_YEAR + 500
    assert after.notes["why-blood"].modified == NEW_YEAR
    back = built(FACTS, after, NEW_YEAR + 900)
    assert back.notes["sites"].modified == NEW_YEAR + 900
    assert back.notes["sites"].content == lock.notes["sites"].content


@pytest.mark.parametrize(
    "edit",
    [
        ("common", "frequent"),
        ("==lung==", "==lung::an organ=="),
        ("topic: Where it spreads", "topic: Sites"),
        ("    id: sites", "    id: sites\n    tags: [exam]"),
        ("    id: sites", "    id: sites\n    source: Another book"),
        ("    id: sites", "    id: sites\n    note: My own remark"),
    ],
)
def test_whatever_a_learner_sees_of_a_note_counts(edit: tuple[str, str]) -> None:
    after = built(FACTS.replace(*edit), built(), NEW_YEAR + 1)
    assert after.notes["sites"].modified == NEW_YEAR + 1


def test_a_place_file_or_layout_does_not_count() -> None:
    lock = built()
    files = {"sub/a.yaml": FACTS.replace("    id: sites", "    id:   'sites'  # the same")}
    assert compiled(files, lock, NEW_YEAR + 1).lock == lock


def test_times_rise_even_where_the_clock_does_not() -> None:
    lock = built()
    for clock in (NEW_YEAR, NEW_YEAR - 10, NEW_YEAR - 100, NEW_YEAR - 10**8):
        build = compiled({"01.yaml": FACTS.replace("common", "usual")}, lock, clock)
        assert build.lock
        assert build.lock.notes["sites"].modified == NEW_YEAR + 1
        codes = [problem.code for problem in build.diagnostics]
        assert codes == (["clock-behind"] if clock < NEW_YEAR - 60 else [])
        lines = render(build.diagnostics, "text")
        assert ("restore the lock" in lines) == (clock < NEW_YEAR - 10**7)


def test_a_clock_behind_is_nobodys_business_while_nothing_changed() -> None:
    assert compiled({"01.yaml": FACTS}, built(), NEW_YEAR - 1000).diagnostics == ()


def test_a_clock_years_ahead_has_to_be_confirmed() -> None:
    lock = built()
    later = NEW_YEAR + 6 * 365 * 86_400
    assert compiled({"01.yaml": FACTS}, lock, later).diagnostics == ()
    build = compiled({"01.yaml": FACTS.replace("common", "usual")}, lock, later)
    (problem,) = build.diagnostics
    assert (problem.code, problem.severity) == ("clock-ahead", "error")
    assert f"SOURCE_DATE_EPOCH={later}" in problem.hint
    assert time_of_build(Clock(later, stated=True), lock, "") == (later, None)


def test_the_note_types_time_rises_with_its_look(monkeypatch: pytest.MonkeyPatch) -> None:
    lock = built()
    assert lock.style == Style(notetype.fingerprint(), notetype.MODIFIED)
    assert built(FACTS, lock, NEW_YEAR + 10**6).style == lock.style
    monkeypatch.setattr(notetype, "style", lambda: ".card { color: red }")
    assert built(FACTS, lock).style.modified == notetype.MODIFIED + 1
    monkeypatch.setattr(notetype, "MODIFIED", notetype.MODIFIED + 86_400)
    assert built(FACTS, lock).style.modified == notetype.MODIFIED
