"""Rows with their places: where each box stands, and which way each arrow takes.

Arrows are curved only between the rows; past a box they go straight, in a place of their own. So
none can run through a box.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import ceil
from typing import NamedTuple, TypeAlias

from metaflash.drawing.layers import Graph, Rows, Segment, in_rows, parts
from metaflash.drawing.letters import pieces, width, wrapped

ROOM = 340
"""Units that a drawing should not be wider than: on a phone its letters are then as large as text."""

LEADING = 20
"""Units from one line of a label to the next."""

PADDING = 8, 9
"""Units between a label and its box, beside and above."""

_WIDEST = 170
"""Units of a line in a box."""

_LEAST = 80
"""Units of the narrowest line, so that most words do not change the size of the boxes."""

_STEP = 10
"""Widths of boxes differ by so many units: a label that is a little longer moves nothing."""

_USUAL = 96, 38
"""The size of a box with a label of a word or two."""

_MARGIN = 4
_SPACE = 12
"""Units between a box and what stands beside it."""

_BESIDE = 12
"""Units between two arrows that go side by side."""

_GAP = 34, 3, 70
"""Units between two rows: at least, for each arrow more, and at most."""

HEAD = 11
"""Units that the head of an arrow is long."""

_PARTED = 26
"""Units between two parts of a drawing that no arrow ties."""

_SWEEPS = 16

Point: TypeAlias = tuple[int, int]

Path: TypeAlias = tuple[Point, ...]
"""A straight line (two points) or a curve (four, as a cubic Bézier curve has them)."""


class Plan(NamedTuple):
    """A drawing, in units from its upper left corner.

    ``boxes`` are their upper left corners, ``paths`` the lines of the arrows, ``heads`` their
    points, each with the direction it shows in.
    """

    width: int
    height: int
    box: tuple[int, int]
    boxes: tuple[Point, ...]
    paths: tuple[Path, ...]
    heads: tuple[tuple[Point, Point], ...]


@lru_cache(maxsize=64)
def plan(graph: Graph, labels: tuple[str, ...]) -> Plan:
    """The best drawing of a graph: narrow enough for a phone if any is, and then the smallest.

    All boxes have one size, so that none of them tells how long its label is. Whether the rows go
    down or across is settled by the graph alone, so that a drawing does not turn with a label.
    """
    every = graph.boxes
    ways = (_Way(every), _Way(every, across=True), _Way(3), _Way(2))
    way = min(ways, key=lambda way: _cost(_placed(graph, _USUAL, way)))
    return min((_placed(graph, size, way) for size in _sizes(labels)), key=_cost)


class _Way(NamedTuple):
    """How many boxes a row may have, and whether the rows go from left to right."""

    most: int
    across: bool = False


def _cost(one: Plan) -> tuple[int, int]:
    """How much a drawing is too wide, then how much room it takes."""
    return max(0, one.width - ROOM), one.height + one.width // 3


def _sizes(labels: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Sizes of boxes that hold any of the labels, from the widest to the narrowest."""
    wide = min(_WIDEST, max(width(label) for label in labels))
    longest = max(width(piece.rstrip()) for label in labels for piece in pieces(label))
    narrow = min(wide, longest)
    found: dict[int, int] = {}
    for step in range(7):
        lines = [wrapped(label, wide - (wide - narrow) * step / 6) for label in labels]
        most = max(map(len, lines))
        needed = max(_LEAST, *(width(line) for label in lines for line in label))
        found[most] = min(ceil(needed / _STEP) * _STEP, found.get(most, 2 * _WIDEST))
    for most, needed in found.items():
        yield needed + 2 * PADDING[0], most * LEADING + 2 * PADDING[1]


@lru_cache(maxsize=1024)
def _placed(graph: Graph, size: tuple[int, int], way: _Way) -> Plan:
    """A graph in boxes of a size. The parts that no arrow ties stand below each other."""
    most, across = way
    drawn = [_part(graph, part, size[::-1] if across else size, most) for part in parts(graph)]
    turned = [_turned(one) if across else one for one in drawn]
    wide = max(one.width for one in turned)
    top = 0
    boxes: dict[int, Point] = {}
    paths: list[Path] = []
    heads: list[tuple[Point, Point]] = []
    for members, one in zip(parts(graph), turned, strict=True):
        x, y = (wide - one.width) // 2, top
        boxes |= {b: (x + p[0], y + p[1]) for b, p in zip(members, one.boxes, strict=True)}
        paths += [tuple((x + a, y + b) for a, b in path) for path in one.paths]
        heads += [((x + a, y + b), to) for (a, b), to in one.heads]
        top += one.height + _PARTED - 2 * _MARGIN
    placed = tuple(boxes[box] for box in range(graph.boxes))
    height = top - _PARTED + 2 * _MARGIN
    return Plan(wide, height, size, placed, tuple(paths), tuple(heads))


def _turned(one: Plan) -> Plan:
    """A plan with its rows from left to right."""
    return Plan(
        one.height,
        one.width,
        one.box[::-1],
        tuple(point[::-1] for point in one.boxes),
        tuple(tuple(point[::-1] for point in path) for path in one.paths),
        tuple((tip[::-1], to[::-1]) for tip, to in one.heads),
    )


def _part(graph: Graph, members: Sequence[int], size: tuple[int, int], most: int) -> Plan:
    """The plan of the boxes that hang together."""
    number = {box: at for at, box in enumerate(members)}
    arrows = tuple((number[a], number[b]) for a, b in graph.arrows if a in number)
    own = in_rows(Graph(len(members), arrows), most)
    wide, high = size
    centers = _centers(own, len(members), wide)
    tops = _tops(own, high)
    row_of = {node: at for at, row in enumerate(own.rows) for node in row}
    boxes = tuple(
        (round(centers[box]) - wide // 2, tops[row_of[box]]) for box in range(len(members))
    )
    paths: list[Path] = []
    heads: list[tuple[Point, Point]] = []
    ports = _Ports(own, centers, len(members), wide)
    for segment in own.segments:
        start = ports.x(segment, segment.upper), tops[row_of[segment.upper]] + high
        end = ports.x(segment, segment.lower), tops[row_of[segment.lower]]
        if segment.up:
            heads.append((start, (0, -1)))
            start = start[0], start[1] + HEAD - 2
        if segment.down:
            heads.append((end, (0, 1)))
            end = end[0], end[1] - HEAD + 2
        middle = (start[1] + end[1]) // 2
        curve = start, (start[0], middle), (end[0], middle), end
        paths.append((start, end) if start[0] == end[0] else curve)
    for row, top in zip(own.rows, tops, strict=True):
        bends = (round(centers[node]) for node in row if node >= len(members))
        paths += [((x, top), (x, top + high)) for x in bends]
    right = max(
        round(c) + (wide - wide // 2 if n < len(members) else 0) for n, c in centers.items()
    )
    return Plan(
        right + _MARGIN,
        tops[-1] + high + _MARGIN,
        size,
        boxes,
        tuple(paths),
        tuple(dict.fromkeys(heads)),
    )


def _tops(own: Rows, high: int) -> list[int]:
    """Where each row begins: farther from the one above, the more arrows lead there."""
    upper = {node: at for at, row in enumerate(own.rows) for node in row}
    least, more, most = _GAP
    tops = [_MARGIN]
    for at in range(len(own.rows) - 1):
        arrows = sum(upper[segment.upper] == at for segment in own.segments)
        tops.append(tops[-1] + high + min(most, least + more * arrows))
    return tops


class _Ports:
    """Where arrows touch their boxes: in the middle of a side, but side by side where some come and
    others go."""

    def __init__(self, own: Rows, centers: dict[int, float], boxes: int, wide: int) -> None:
        self._centers = centers
        self._moved: dict[tuple[Segment, int], int] = {}
        for box in range(boxes):
            above = [segment for segment in own.segments if segment.lower == box]
            below = [segment for segment in own.segments if segment.upper == box]
            self._part(box, above, [s.down for s in above], [s.upper for s in above], wide)
            self._part(box, below, [s.up for s in below], [s.lower for s in below], wide)

    def _part(
        self, box: int, side: list[Segment], heads: list[bool], others: list[int], wide: int
    ) -> None:
        if len(set(heads)) < 2:
            return
        order = sorted(zip(others, side, strict=True), key=lambda s: (self._centers[s[0]], s[0]))
        step = min(18.0, (wide - 24) / (len(order) - 1))
        for at, (_, segment) in enumerate(order):
            self._moved[segment, box] = round(step * (at - (len(order) - 1) / 2))

    def x(self, segment: Segment, node: int) -> int:
        """Where a segment meets a node."""
        return round(self._centers[node]) + self._moved.get((segment, node), 0)


# --- Side by side ----------------------------------------------------------------------------


_Tied: TypeAlias = dict[int, list[tuple[int, int]]]
"""The nodes that each node is tied to, and how strongly."""


def _centers(own: Rows, boxes: int, wide: int) -> dict[int, float]:
    """The middle of each node: near to the nodes it is tied to, as far as there is room."""
    above: _Tied = {node: [] for row in own.rows for node in row}
    below: _Tied = {node: [] for row in own.rows for node in row}
    for segment in own.segments:
        # long arrows are to be straight
        weight = 1 + 3 * (segment.upper >= boxes) + 3 * (segment.lower >= boxes)
        above[segment.lower].append((segment.upper, weight))
        below[segment.upper].append((segment.lower, weight))
    offsets = [_offsets(row, boxes, wide) for row in own.rows]
    found = {
        node: offset - at[-1] / 2
        for row, at in zip(own.rows, offsets, strict=True)
        for node, offset in zip(row, at, strict=True)
    }
    both = {node: above[node] + below[node] for node in found}
    for tied, down in [(above, True), (below, False)] * _SWEEPS + [(both, True), (both, False)] * 4:
        rows = list(zip(own.rows, offsets, strict=True))
        for row, at in rows if down else rows[::-1]:
            strength = [sum(weight for _, weight in tied[node]) for node in row]
            wanted = [
                sum(found[n] * weight for n, weight in tied[node]) / total if total else found[node]
                for node, total in zip(row, strength, strict=True)
            ]
            placed = _spread(wanted, [total or 1 for total in strength], at)
            found |= dict(zip(row, placed, strict=True))
    left = min(place - _half(node, boxes, wide) for node, place in found.items())
    return {node: place - left + _MARGIN for node, place in found.items()}


def _half(node: int, boxes: int, wide: int) -> float:
    """Half of the room that a box or a bend takes."""
    return wide / 2 if node < boxes else 1


def _offsets(row: Sequence[int], boxes: int, wide: int) -> list[float]:
    """How far the middle of each node of a row is from that of the first, if they are close."""
    offsets = [0.0]
    for one, other in pairwise(row):
        space = _BESIDE if one >= boxes and other >= boxes else _SPACE
        offsets.append(offsets[-1] + _half(one, boxes, wide) + space + _half(other, boxes, wide))
    return offsets


def _spread(wanted: list[float], weights: list[int], offsets: list[float]) -> list[float]:
    """The places nearest to those wanted (least squares) that are as far apart as they must be:
    isotonic regression, by pooling neighbours that would come too close."""
    pools: list[tuple[float, int, int]] = []
    for want, weight, offset in zip(wanted, weights, offsets, strict=True):
        mean, total, count = want - offset, weight, 1
        while pools and pools[-1][0] >= mean:
            other, more, members = pools.pop()
            mean = (mean * total + other * more) / (total + more)
            total, count = total + more, count + members
        pools.append((mean, total, count))
    base = [mean for mean, _, count in pools for _ in range(count)]
    return [place + offset for place, offset in zip(base, offsets, strict=True)]
