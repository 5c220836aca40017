"""A graph in rows: every arrow leads from a row to a later one, and few cross."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

_SWEEPS = 12
"""Times the rows are put in order, down and up; more changes nothing for thirty boxes."""


class Graph(NamedTuple):
    """Boxes, numbered from 0, and arrows from one to another; none to itself, none twice."""

    boxes: int
    arrows: tuple[tuple[int, int], ...]


class Segment(NamedTuple):
    """A piece of an arrow, from a node of a row to one of the next; ``down`` says that a head is at
    its lower end, ``up`` at its upper end."""

    upper: int
    lower: int
    down: bool
    up: bool


class Rows(NamedTuple):
    """The nodes of each row, in order, and the segments between the rows.

    A node is a box by its number or, with a higher number, a bend of an arrow that passes a row.
    """

    rows: tuple[tuple[int, ...], ...]
    segments: tuple[Segment, ...]


class _Edge(NamedTuple):
    """Two boxes that are tied, the upper one first, with the heads of the arrow or arrows."""

    upper: int
    lower: int
    down: bool
    up: bool


def parts(graph: Graph) -> list[list[int]]:
    """The boxes of a graph that hang together, part by part, in order."""
    part = list(range(graph.boxes))
    for _ in range(graph.boxes):
        for a, b in graph.arrows:
            part[a] = part[b] = min(part[a], part[b])
    return [[box for box in range(graph.boxes) if part[box] == p] for p in sorted(set(part))]


@lru_cache(maxsize=512)
def in_rows(graph: Graph, most: int) -> Rows:
    """A graph in rows of at most so many boxes."""
    edges = _downward(graph)
    row = _rows(graph.boxes, edges, most)
    segments: list[Segment] = []
    rows: list[list[int]] = [[] for _ in range(max(row.values()) + 1)]
    for box in range(graph.boxes):
        rows[row[box]].append(box)
    bends: dict[tuple[int, ...], int] = {}
    for edge in edges:
        nodes = [edge.upper]
        for passed in range(row[edge.upper] + 1, row[edge.lower]):
            # arrows to one box share their way, unless one of them points up
            key = (edge.upper, edge.lower, passed) if edge.up else (edge.lower, passed)
            if key not in bends:
                bends[key] = graph.boxes + len(bends)
                rows[passed].append(bends[key])
            nodes.append(bends[key])
        nodes.append(edge.lower)
        for upper, lower in pairwise(nodes):
            down, up = edge.down and lower == edge.lower, edge.up and upper == edge.upper
            segments.append(Segment(upper, lower, down, up))
    unique = tuple(dict.fromkeys(segments))
    return Rows(_ordered(rows, unique), unique)


def _downward(graph: Graph) -> list[_Edge]:
    """The arrows as edges that lead round no circle. In a circle, an arrow points up if it leads
    to a box that was named before: a feedback is drawn as one."""
    reached = [{b for a, b in graph.arrows if a == box} for box in range(graph.boxes)]
    for through in range(graph.boxes):
        for boxes in reached:
            if through in boxes:
                boxes.update(reached[through])
    heads: dict[tuple[int, int], set[str]] = {}
    for a, b in graph.arrows:
        if b < a and a in reached[b]:
            heads.setdefault((b, a), set()).add("up")
        else:
            heads.setdefault((a, b), set()).add("down")
    return [_Edge(a, b, "down" in found, "up" in found) for (a, b), found in heads.items()]


def _rows(boxes: int, edges: Sequence[_Edge], most: int) -> dict[int, int]:
    """The row of each box: below all that lead to it, where there is room."""
    above: dict[int, list[int]] = {box: [] for box in range(boxes)}
    below: dict[int, list[int]] = {box: [] for box in range(boxes)}
    for edge in edges:
        above[edge.lower].append(edge.upper)
        below[edge.upper].append(edge.lower)
    row: dict[int, int] = {}
    filled: dict[int, int] = {}
    while len(row) < boxes:
        ready = (b for b in range(boxes) if b not in row and all(a in row for a in above[b]))
        box = next(ready)
        at = max((row[other] + 1 for other in above[box]), default=0)
        while filled.get(at, 0) >= most:
            at += 1
        row[box] = at
        filled[at] = filled.get(at, 0) + 1
    for box in reversed(range(boxes)):  # what nothing leads to moves near to where it leads
        near = min((row[other] for other in below[box]), default=0) - 1
        while not above[box] and near > row[box] and filled.get(near, 0) >= most:
            near -= 1
        if not above[box] and near > row[box]:
            filled[row[box]] -= 1
            filled[near] = filled.get(near, 0) + 1
            row[box] = near
    used = sorted(set(row.values()))
    return {box: used.index(at) for box, at in row.items()}


# --- Few crossings -------------------------------------------------------------------------


def _ordered(rows: list[list[int]], segments: Sequence[Segment]) -> tuple[tuple[int, ...], ...]:
    """The rows in an order in which few segments cross: each node near the middle of those it is
    tied to, row by row, down and up; the best of all tries."""
    above: dict[int, list[int]] = {}
    below: dict[int, list[int]] = {}
    for segment in segments:
        above.setdefault(segment.lower, []).append(segment.upper)
        below.setdefault(segment.upper, []).append(segment.lower)
    best = [list(row) for row in rows]
    fewest = _crossings(rows, below)
    for sweep in range(_SWEEPS):
        tied, order = (above, rows[1:]) if sweep % 2 == 0 else (below, rows[-2::-1])
        place = {node: at for row in rows for at, node in enumerate(row)}
        for row in order:
            row.sort(key=lambda node: _mean((place[n] for n in tied.get(node, ())), place[node]))
            place |= {node: at for at, node in enumerate(row)}
        crossings = _crossings(rows, below)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    return tuple(map(tuple, best))


def _mean(values: Iterable[int], otherwise: float) -> float:
    found = list(values)
    return sum(found) / len(found) if found else otherwise


def _crossings(rows: Sequence[Sequence[int]], below: dict[int, list[int]]) -> int:
    """How many pairs of segments cross."""
    place = {node: at for row in rows for at, node in enumerate(row)}
    count = 0
    for row in rows:
        ends: list[int] = []
        for node in row:
            lower = sorted(place[other] for other in below.get(node, ()))
            count += sum(end > at for at in lower for end in ends)
            ends += lower
    return count
