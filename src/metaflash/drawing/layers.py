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
    """The arrows as edges that lead round no circle: in one, the arrow that was written last points
    up, a feedback drawn as one. Twins are treated alike."""
    above, below = _neighbours(graph.boxes, graph.arrows)
    ties = list(zip(above, below, strict=True))
    twin = [ties.index(one) for one in ties]  # the first box that has the same
    reached: list[set[int]] = [{box} for box in range(graph.boxes)]
    heads: dict[tuple[int, int], set[str]] = {}
    for a, b in graph.arrows:
        if twin[a] in reached[twin[b]]:
            heads.setdefault((b, a), set()).add("up")
            continue
        heads.setdefault((a, b), set()).add("down")
        for boxes in reached:
            if twin[a] in boxes:
                boxes.update(reached[twin[b]])
    return [_Edge(a, b, "down" in found, "up" in found) for (a, b), found in heads.items()]


def _neighbours(
    boxes: int, arrows: Iterable[tuple[int, int]]
) -> tuple[list[set[int]], list[set[int]]]:
    """For each box, those that lead to it and those that it leads to."""
    above: list[set[int]] = [set() for _ in range(boxes)]
    below: list[set[int]] = [set() for _ in range(boxes)]
    for a, b in arrows:
        above[b].add(a)
        below[a].add(b)
    return above, below


def _rows(boxes: int, edges: Sequence[_Edge], most: int) -> dict[int, int]:
    """The row of each box: below all that lead to it, where there is room.

    Boxes that lead to the same and are led to from the same stand in one row. Where a row is full,
    what has the longest way below it goes first, so that what ends there makes room.
    """
    above, below = _neighbours(boxes, ((edge.upper, edge.lower) for edge in edges))
    twins: dict[tuple[frozenset[int], frozenset[int]], list[int]] = {}
    for box in range(boxes):
        twins.setdefault((frozenset(above[box]), frozenset(below[box])), []).append(box)
    groups = [same[at : at + most] for same in twins.values() for at in range(0, len(same), most)]
    ways = [0] * boxes
    for _ in range(boxes):
        ways = [max((ways[b] + 1 for b in below[box]), default=0) for box in range(boxes)]
    row: dict[int, int] = {}
    filled: dict[int, int] = {}
    at = 0
    waiting = sorted(groups, key=lambda group: (-ways[group[0]], group[0]))
    while waiting:
        for group in list(waiting):
            ready = all(row.get(other, at) < at for other in above[group[0]])
            if ready and filled.get(at, 0) + len(group) <= most:
                row |= dict.fromkeys(group, at)
                filled[at] = filled.get(at, 0) + len(group)
                waiting.remove(group)
        at += 1
    for group in reversed(groups):  # what nothing leads to moves near to where it leads
        now = row[group[0]]
        near = min((row[other] for other in below[group[0]]), default=0) - 1
        while near > now and filled[near] + len(group) > most:
            near -= 1
        if not above[group[0]] and near > now:
            filled[now] -= len(group)
            filled[near] += len(group)
            row |= dict.fromkeys(group, near)
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
