"""Drawings: nothing overlaps, no arrow runs through a box, and no front tells its answer."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import compiled
from metaflash import notetype, release, words
from metaflash.diff import compare
from metaflash.drawing import svg
from metaflash.drawing.layers import Graph, in_rows
from metaflash.drawing.letters import wrapped
from metaflash.drawing.places import ROOM, Plan, Point, plan
from metaflash.lock import Entry, Lock, write
from metaflash.note import Note
from metaflash.package import encode, read

PORTAL = """\
cards:
- picture: The path of blood
  id: path
  arrows:
  - GI tract -> portal vein
  - spleen -> portal vein
  - pancreas -> portal vein
  - portal vein -> liver
"""


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Arrows between up to twelve boxes, each of which has at least one."""
    boxes = draw(st.integers(2, 12))
    ends = st.integers(0, boxes - 1)
    pairs = draw(st.lists(st.tuples(ends, ends).filter(lambda p: p[0] != p[1]), min_size=1))
    named = {box: at for at, box in enumerate(dict.fromkeys(box for p in pairs for box in p))}
    return Graph(len(named), tuple(dict.fromkeys((named[a], named[b]) for a, b in pairs)))


LABELS = st.lists(
    st.text(
        st.characters(categories=("L", "N", "P", "Zs"), include_characters="<&\"'{}"), min_size=1
    )
    .map(lambda text: " ".join(text.split())[:80])
    .filter(bool),
    min_size=12,
    max_size=12,
    unique=True,
)


def points(drawn: Plan) -> list[Point]:
    """Points all along the arrows, close to each other."""
    found = []
    for path in drawn.paths:
        for step in range(61):
            t, u = step / 60, 1 - step / 60
            if len(path) == 2:
                shares: tuple[float, ...] = u, t
            else:
                shares = u**3, 3 * u * u * t, 3 * u * t * t, t**3
            x = sum(share * point[0] for share, point in zip(shares, path, strict=True))
            y = sum(share * point[1] for share, point in zip(shares, path, strict=True))
            found.append((round(x), round(y)))
    return found


@settings(deadline=None)
@given(graphs(), LABELS)
def test_boxes_stand_apart_and_no_arrow_runs_through_one(graph: Graph, labels: list[str]) -> None:
    drawn = plan(graph, tuple(labels[: graph.boxes]))
    boxes = list(zip(drawn.boxes, drawn.sizes, strict=True))
    assert len(boxes) == graph.boxes
    for (x, y), (wide, high) in boxes:
        assert x >= 3
        assert y >= 3
        assert x + wide <= drawn.width - 3
        assert y + high <= drawn.height - 3
    for ((x, y), (wide, high)), ((a, b), (broad, tall)) in combinations(boxes, 2):
        beside = x >= a + broad + 10 or a >= x + wide + 10
        assert beside or y >= b + tall + 10 or b >= y + high + 10
    for x, y in points(drawn):
        assert 0 <= x <= drawn.width
        assert 0 <= y <= drawn.height
        for (a, b), (wide, high) in boxes:
            assert not (a < x < a + wide and b < y < b + high)


@settings(deadline=None)
@given(graphs())
def test_every_arrow_begins_and_ends_at_its_boxes(graph: Graph) -> None:
    drawn = plan(graph, ("x",) * graph.boxes)
    tips = {tip for tip, _ in drawn.heads}
    ends = {end for path in drawn.paths for end in (path[0], path[-1])}
    for start, target in graph.arrows:
        assert any(on_the_edge(drawn, target, tip) for tip in tips)
        assert any(on_the_edge(drawn, start, end) for end in ends | tips)
    for tip in tips:
        assert any(on_the_edge(drawn, target, tip) for _, target in graph.arrows)


def on_the_edge(drawn: Plan, box: int, point: Point) -> bool:
    """Whether a point touches a box from outside."""
    (x, y), (wide, high) = drawn.boxes[box], drawn.sizes[box]
    a, b = point
    return (y in (b, b - high) and x <= a <= x + wide) or (
        x in (a, a - wide) and y <= b <= y + high
    )


@settings(deadline=None)
@given(graphs(), LABELS, st.data())
def test_the_front_is_the_same_whatever_the_hidden_label_is(
    graph: Graph, labels: list[str], data: st.DataObject
) -> None:
    labels = labels[: graph.boxes]
    asked = data.draw(st.integers(0, graph.boxes - 1))
    other = [*labels[:asked], data.draw(st.text(min_size=1)), *labels[asked + 1 :]]
    assert svg.front(graph, labels, asked) == svg.front(graph, other, asked)


@settings(deadline=None)
@given(graphs(), LABELS)
def test_a_drawing_is_well_formed_and_says_all_labels(graph: Graph, labels: list[str]) -> None:
    labels = labels[: graph.boxes]
    drawn = svg.back(graph, labels, 0)
    tree = ET.fromstring(drawn)  # noqa: S314 - our own
    assert "{" not in drawn
    texts = ["".join(text.itertext()) for text in tree.iter("text")]
    for label, text in zip(labels, texts, strict=True):
        assert text.replace(" ", "") == label.replace(" ", "")
        assert label in tree.attrib["aria-label"]
    assert not list(tree.iter("marker"))
    assert "id" not in {name for element in tree.iter() for name in element.attrib}


@settings(deadline=None)
@given(graphs(), st.integers(2, 12))
def test_an_arrow_points_up_only_where_it_closes_a_circle(graph: Graph, most: int) -> None:
    row = rows_of(graph, most)
    up = {(a, b) for a, b in graph.arrows if row[b] < row[a]}
    assert all(row[a] != row[b] for a, b in graph.arrows)
    for a, b in up:
        reached = {b}
        for _ in range(graph.boxes):
            reached |= {to for start, to in graph.arrows if start in reached}
        assert a in reached


@settings(deadline=None)
@given(graphs())
def test_boxes_that_are_tied_to_the_same_stand_in_one_row(graph: Graph) -> None:
    row = rows_of(graph, graph.boxes)
    for one, other in combinations(range(graph.boxes), 2):
        if all(((one, b) in graph.arrows) == ((other, b) in graph.arrows) for b in row) and all(
            ((a, one) in graph.arrows) == ((a, other) in graph.arrows) for a in row
        ):
            assert row[one] == row[other]


def rows_of(graph: Graph, most: int) -> dict[int, int]:
    """The row of each box, if rows may have so many."""
    rows = in_rows(graph, most).rows
    return {box: at for at, row in enumerate(rows) for box in row if box < graph.boxes}


PHOTOSYNTHESIS = (
    *("sunlight -> light reactions", "water -> light reactions -> oxygen"),
    *("light reactions -> ATP -> Calvin cycle", "light reactions -> NADPH -> Calvin cycle"),
    *("Calvin cycle -> ADP -> light reactions", "carbon dioxide -> Calvin cycle -> sugar"),
    *("sugar -> starch", "sugar -> sucrose"),
)


def graph_of(arrows: Iterable[str]) -> tuple[Graph, tuple[str, ...]]:
    """The graph of arrows as they are written, with its labels."""
    pairs = [pair for line in arrows for pair in pairwise(line.split(" -> "))]
    labels = tuple(dict.fromkeys(label for pair in pairs for label in pair))
    return Graph(len(labels), tuple((labels.index(a), labels.index(b)) for a, b in pairs)), labels


def test_of_a_cycle_the_arrow_written_last_points_up() -> None:
    graph, labels = graph_of(PHOTOSYNTHESIS)
    drawn = plan(graph, labels)
    top = {label: y for label, (_, y) in zip(labels, drawn.boxes, strict=True)}
    up = [
        f"{labels[a]} -> {labels[b]}" for a, b in graph.arrows if top[labels[b]] <= top[labels[a]]
    ]
    assert up == ["ADP -> light reactions"]
    assert top["ATP"] == top["NADPH"]
    assert top["sunlight"] == top["water"]
    assert top["starch"] == top["sucrose"]


def test_a_long_label_makes_its_own_row_tall_and_no_other() -> None:
    graph, labels = graph_of(PHOTOSYNTHESIS)
    usual = plan(graph, labels)
    long = "sucrose, which travels in the phloem to roots and fruits"
    drawn = plan(graph, (*labels[:-1], long))
    taller = [
        label
        for label, (_, before), (_, now) in zip(labels, usual.sizes, drawn.sizes, strict=True)
        if now > before
    ]
    assert taller == ["starch", "sucrose"]


@given(st.text(min_size=1), st.integers(20, 300))
def test_wrapping_loses_nothing(text: str, room: int) -> None:
    assert "".join("".join(wrapped(text, room)).split()) == "".join(text.split())


def test_the_same_words_give_the_same_bytes_in_any_process() -> None:
    program = "from metaflash.drawing import svg, layers; print(svg.back(layers.Graph(6, ((0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (3, 5))), tuple('abcdef'), 1))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


@pytest.mark.parametrize(
    "arrows",
    [
        ["GI tract -> portal vein", "spleen -> portal vein", "pancreas -> portal vein -> liver"],
        [f"organ {n} -> vena cava" for n in range(12)],
        [" -> ".join(f"station {n}" for n in range(20))],
        [f"cause {n} -> effect {n}" for n in range(15)],
        ["kidney -> renin -> angiotensin II -> blood pressure", "blood pressure -> kidney"],
    ],
    ids=["three sources", "many sources", "long chain", "pairs", "loop"],
)
def test_a_drawing_fits_a_phone(arrows: list[str]) -> None:
    lines = "".join(f"  - {arrow}\n" for arrow in arrows)
    built = compiled({"01.yaml": f"cards:\n- picture: P\n  id: p\n  arrows:\n{lines}"})
    assert not built.diagnostics
    for note in built.notes:
        for side in ("Picture", "Back picture"):
            width = re.search(r'viewBox="0 0 (\d+) ', fields(note)[side])
            assert width
            assert int(width[1]) <= ROOM
            assert len(fields(note)[side]) < 6000


def fields(note: Note) -> dict[str, str]:
    """A note's fields by name."""
    return dict(zip(notetype.FIELDS, note.fields, strict=True))


def test_no_front_carries_its_answer_anywhere() -> None:
    for note in compiled({"01.yaml": PORTAL}).notes:
        found = fields(note)
        answer = words.heart(found["Text"])
        slug = note.guid.rpartition("/")[2]
        assert answer in found["Back picture"]
        assert answer not in found["Picture"]
        assert slug not in found["Picture"].replace("portal vein", "")


# --- What the lock remembers -------------------------------------------------------------------


def test_the_lock_keeps_a_drawing_in_words() -> None:
    built = compiled({"01.yaml": PORTAL})
    assert built.lock
    text = write(built.lock)
    assert "<svg" not in text
    assert "Flow chart: GI tract, spleen and pancreas lead to portal vein" in text


def test_the_hash_covers_the_drawing_and_not_its_words_alone() -> None:
    built = compiled({"01.yaml": PORTAL})
    turned = compiled({"01.yaml": PORTAL.replace("GI tract ->", "gi tract ->")}, built.lock)
    changes = compare(notes(built.lock), notes(turned.lock))
    assert Counter(change.status for change in changes) == {"edited": 1, "around": 4}
    assert {change.drawing for change in changes} == {
        "The path of blood: “GI tract” is now “gi tract”"
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(svg, "_SCALE", 0.8)
        redrawn = compiled({"01.yaml": PORTAL}, built.lock, 1_700_100_000)
    assert all(note.modified == 1_700_100_000 for note in redrawn.notes)


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        ((), "looks different"),
        (
            (("- portal vein -> liver", "- portal vein -> liver\n  - liver -> spleen"),),
            "new arrow: liver -> spleen",
        ),
        (
            (("spleen -> portal vein", "portal vein -> spleen"),),
            "new arrow: portal vein -> spleen; no arrow any more: spleen -> portal vein",
        ),
        ((("The path of blood", "Where blood goes"),), "was called “The path of blood”"),
        (
            (("GI tract", "gut, and its wall"), ("spleen", "spleen and pulp")),
            "“gut, and its wall” is new; “spleen and pulp” is new; “GI tract” is gone; “spleen” is gone",
        ),
    ],
)
def test_what_changed_in_a_drawing_is_told_in_a_few_words(
    edits: Sequence[tuple[str, str]], told: str
) -> None:
    text = PORTAL
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    first = compiled({"01.yaml": PORTAL})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(svg, "_SCALE", 0.9 if edits else 0.8)
        second = compiled({"01.yaml": text}, first.lock, 1_700_100_000)
    changes = compare(notes(first.lock), notes(second.lock))
    title = "Where blood goes" if "Where" in text else "The path of blood"
    assert {change.drawing for change in changes if change.drawing} == {f"{title}: {told}"}
    about = release.markdown("Blood", changes)
    assert about.count("is gone") == told.count("is gone")
    assert "hidden box" not in about + release.text(changes, lambda text, _: text)


def test_arrows_are_found_again_among_labels_that_read_like_words_for_them() -> None:
    odd = PORTAL.replace("GI tract", "gut, stomach and colon").replace("liver", "what leads to x")
    first = compiled({"01.yaml": odd})
    second = compiled({"01.yaml": f"{odd}  - what leads to x -> spleen\n"}, first.lock)
    changes = compare(notes(first.lock), notes(second.lock))
    assert {change.drawing for change in changes} == {
        "The path of blood: new arrow: what leads to x -> spleen"
    }


def notes(lock: Lock | None) -> Mapping[str, Entry]:
    """The notes of a lock, which is there."""
    assert lock is not None
    return lock.notes


def test_a_retired_box_is_still_asked_in_words() -> None:
    first = compiled({"01.yaml": PORTAL})
    other = "cards:\n- fact: The ==liver==.\n  id: liver\n"
    second = compiled({"01.yaml": other}, first.lock, 1_700_100_000)
    retired = [fields(note) for note in second.notes if note.retired]
    assert len(retired) == 5
    for found in retired:
        answer = words.heart(found["Text"])
        assert "<svg" not in found["Picture"] + found["Back picture"]
        assert "Flow chart with one box hidden: " in found["Picture"]
        assert "What belongs in the hidden box?" in found["Text"]
        assert answer not in found["Picture"]
        assert answer in found["Back picture"]
    again = compiled({"01.yaml": PORTAL}, second.lock, 1_700_200_000)
    assert all("<svg" in fields(note)["Picture"] for note in again.live if "path" in note.guid)


def test_a_package_is_read_as_its_lock() -> None:
    built = compiled({"01.yaml": PORTAL})
    assert built.deck
    assert built.lock
    packed = read(encode(built.deck, built.notes, styled=1))
    assert packed
    assert {key: entry.words for key, entry in packed.notes.items()} == {
        key: entry.words for key, entry in built.lock.notes.items()
    }
    assert compare(packed.notes, built.lock.notes) == ()


# --- In a browser ---------------------------------------------------------------------------------

_MEASURE = """() => {
  const found = [];
  for (const text of document.querySelectorAll("text"))
    for (const line of text.querySelectorAll("tspan"))
      found.push([line.textContent, line.getComputedTextLength(),
                  text.previousElementSibling.width.baseVal.value]);
  return found;
}"""

_WORDS = (
    *("mmmmmmmmmm", "illicit filling", "WHO MANAGED AMMONIUM", "pneumonoultramicroscopicsilico"),
    *(
        "the sodium reabsorption in the collecting duct",
        "肝臓から来る門脈の血液の流れる道",
        "כבד וריד",
    ),
    *("Ångström-Größe/Übermaß", "1234567890 % of 5 µmol/l", "Гипоталамус и гипофиз", "الكبد"),
)


@pytest.mark.parametrize("font", ["system-ui, sans-serif", "Verdana, DejaVu Sans", "serif"])
def test_labels_fit_into_their_boxes_in_a_browser(font: str) -> None:
    from browsers import chromium  # skips this test alone where there is none

    graph = Graph(len(_WORDS), tuple((0, box) for box in range(1, len(_WORDS))))
    drawn = "".join(svg.back(graph, _WORDS, box) for box in range(len(_WORDS)))
    drawn += "".join(svg.back(Graph(2, ((0, 1),)), pair, 1) for pair in combinations(_WORDS, 2))
    with chromium() as browser:
        page = browser.new_page()
        page.set_content(f'<body style="font-family: {escape(font)}">{drawn}')
        lines = page.evaluate(_MEASURE)
    assert len(lines) > len(_WORDS)
    assert [(line, length, wide) for line, length, wide in lines if length > wide - 4] == []
