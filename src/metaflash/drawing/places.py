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

    ``boxes`` are their upper left corners, ``sizes`` their widths and heights, ``paths`` the lines
    of the arrows, ``heads`` their points, each with the direction it shows in.
    """

    width: int
    height: int
    boxes: tuple[Point, ...]
    sizes: tuple[tuple[int, int], ...]
    paths: tuple[Path, ...]
    heads: tuple[tuple[Point, Point], ...]


@lru_cache(maxsize=64)
def plan(graph: Graph, labels: tuple[str, ...]) -> Plan:
    """The best drawing of a graph: narrow enough for a phone if any is, and then the smallest.

    All boxes have one width, and those of a row that goes across one height: as much as the longest
    label there needs, so that it makes no others tall. Whether the rows go down or across is settled
    by the graph alone, so that a drawing does not turn with a label.
    """
    every = graph.boxes
    ways = (_Way(every), _Way(every, across=True), _Way(3), _Way(2))
    usual = _Sizes(_USUAL[0], (_USUAL[1],) * graph.boxes)
    way = min(ways, key=lambda way: _cost(_placed(graph, usual, way)))
    return min((_placed(graph, size, way) for size in _sizes(labels)), key=_cost)


class _Way(NamedTuple):
    """How many boxes a row may have, and whether the rows go from left to right."""

    most: int
    across: bool = False


class _Sizes(NamedTuple):
    """The width of all boxes, and the height of each."""

    width: int
    heights: tuple[int, ...]


def _cost(one: Plan) -> tuple[int, int]:
    """How much a drawing is too wide, then how much room it takes."""
    return max(0, one.width - ROOM), one.height + one.width // 3


def _sizes(labels: Sequence[str]) -> Iterator[_Sizes]:
    """Sizes of boxes that hold their labels, from the widest to the narrowest."""
    wide = min(_WIDEST, max(width(label) for label in labels))
    longest = max(width(piece.rstrip()) for label in labels for piece in pieces(label))
    narrow = min(wide, longest)
    found: dict[tuple[int, ...], int] = {}
    for step in range(7):
        lines = [wrapped(label, wide - (wide - narrow) * step / 6) for label in labels]
        heights = tuple(len(label) * LEADING + 2 * PADDING[1] for label in lines)
        needed = max(_LEAST, *(width(line) for label in lines for line in label))
        found[heights] = min(ceil(needed / _STEP) * _STEP, found.get(heights, 2 * _WIDEST))
    for heights, needed in found.items():
        yield _Sizes(needed + 2 * PADDING[0], heights)


@lru_cache(maxsize=1024)
def _placed(graph: Graph, sizes: _Sizes, way: _Way) -> Plan:
    """A graph in boxes of some sizes. The parts that no arrow ties stand below each other."""
    most, across = way
    given = [(sizes.width, high) for high in sizes.heights]
    given = [size[::-1] for size in given] if across else given
    drawn = [_part(graph, part, [given[box] for box in part], most) for part in parts(graph)]
    turned = [_turned(one) if across else one for one in drawn]
    wide = max(one.width for one in turned)
    top = 0
    boxes: dict[int, tuple[Point, tuple[int, int]]] = {}
    paths: list[Path] = []
    heads: list[tuple[Point, Point]] = []
    for members, one in zip(parts(graph), turned, strict=True):
        x, y = (wide - one.width) // 2, top
        moved = ((x + a, y + b) for a, b in one.boxes)
        boxes |= dict(zip(members, zip(moved, one.sizes, strict=True), strict=True))
        paths += [tuple((x + a, y + b) for a, b in path) for path in one.paths]
        heads += [((x + a, y + b), to) for (a, b), to in one.heads]
        top += one.height + _PARTED - 2 * _MARGIN
    placed, sized = zip(*(boxes[box] for box in range(graph.boxes)), strict=True)
    height = top - _PARTED + 2 * _MARGIN
    return Plan(wide, height, placed, sized, tuple(paths), tuple(heads))


def _turned(one: Plan) -> Plan:
    """A plan with its rows from left to right."""
    return Plan(
        one.height,
        one.width,
        tuple(point[::-1] for point in one.boxes),
        tuple(size[::-1] for size in one.sizes),
        tuple(tuple(point[::-1] for point in path) for path in one.paths),
        tuple((tip[::-1], to[::-1]) for tip, to in one.heads),
    )


def _part(
    graph: Graph, members: Sequence[int], sizes: Sequence[tuple[int, int]], most: int
) -> Plan:
    """The plan of the boxes that hang together; those of a row get the height of its highest."""
    number = {box: at for at, box in enumerate(members)}
    arrows = tuple((number[a], number[b]) for a, b in graph.arrows if a in number)
    own = in_rows(Graph(len(members), arrows), most)
    wides = [wide for wide, _ in sizes]
    highs = [max(sizes[node][1] for node in row if node < len(members)) for row in own.rows]
    centers = _centers(own, wides)
    tops = _tops(own, highs)
    row_of = {node: at for at, row in enumerate(own.rows) for node in row}
    boxes = tuple(
        (round(centers[box]) - wide // 2, tops[row_of[box]]) for box, wide in enumerate(wides)
    )
    paths: list[Path] = []
    heads: list[tuple[Point, Point]] = []
    ports = _Ports(own, centers, wides)
    for segment in own.segments:
        above = row_of[segment.upper]
        start = ports.x(segment, segment.upper), tops[above] + highs[above]
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
    for row, top, high in zip(own.rows, tops, highs, strict=True):
        bends = (round(centers[node]) for node in row if node >= len(members))
        paths += [((x, top), (x, top + high)) for x in bends]
    right = max(
        *(x + wide for (x, _), wide in zip(boxes, wides, strict=True)),
        *(round(center) for center in centers.values()),
    )
    return Plan(
        right + _MARGIN,
        tops[-1] + highs[-1] + _MARGIN,
        boxes,
        tuple((wide, highs[row_of[box]]) for box, wide in enumerate(wides)),
        tuple(paths),
        tuple(dict.fromkeys(heads)),
    )


def _tops(own: Rows, highs: Sequence[int]) -> list[int]:
    """Where each row begins: farther from the one above, the more arrows lead there."""
    upper = {node: at for at, row in enumerate(own.rows) for node in row}
    least, more, most = _GAP
    tops = [_MARGIN]
    for at in range(len(own.rows) - 1):
        arrows = sum(upper[segment.upper] == at for segment in own.segments)
        tops.append(tops[-1] + highs[at] + min(most, least + more * arrows))
    return tops


class _Ports:
    """Where arrows touch their boxes: in the middle of a side, but side by side where some come and
    others go."""

    def __init__(self, own: Rows, centers: dict[int, float], wides: Sequence[int]) -> None:
        self._centers = centers
        self._moved: dict[tuple[Segment, int], int] = {}
        for box, wide in enumerate(wides):
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


def _centers(own: Rows, wides: Sequence[int]) -> dict[int, float]:
    """The middle of each node: near to the nodes it is tied to, as far as there is room."""
    above: _Tied = {node: [] for row in own.rows for node in row}
    below: _Tied = {node: [] for row in own.rows for node in row}
    for segment in own.segments:
        # long arrows are to be straight
        weight = 1 + 3 * (segment.upper >= len(wides)) + 3 * (segment.lower >= len(wides))
        above[segment.lower].append((segment.upper, weight))
        below[segment.upper].append((segment.lower, weight))
    offsets = [_offsets(row, wides) for row in own.rows]
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
    left = min(place - _half(node, wides) for node, place in found.items())
    return {node: place - left + _MARGIN for node, place in found.items()}


def _half(node: int, wides: Sequence[int]) -> float:
    """Half of the room that a box or a bend takes."""
    return wides[node] / 2 if node < len(wides) else 1


def _offsets(row: Sequence[int], wides: Sequence[int]) -> list[float]:
    """How far the middle of each node of a row is from that of the first, if they are close."""
    offsets = [0.0]
    for one, other in pairwise(row):
        space = _BESIDE if min(one, other) >= len(wides) else _SPACE
        offsets.append(offsets[-1] + _half(one, wides) + space + _half(other, wides))
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
