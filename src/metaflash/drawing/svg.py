"""A drawing as inline SVG, for a card by day and by night.

Lines and letters have the colour of the text around them, and the drawing grows with its letters.
What matters stands in attributes, so that it reads where no style sheet of ours is, as in Anki's
editor; ``.flow-chart`` in the style sheet adds only colour. (The class is not ``drawing``: Anki has
one of that name, which it shows at half its size.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from metaflash.drawing.layers import Graph
from metaflash.drawing.letters import SIZE, is_rtl, wrapped
from metaflash.drawing.places import HEAD, LEADING, PADDING, Path, Plan, Point, plan
from metaflash.markup import attribute, shown

_SCALE = 0.9
"""The size of the letters, as a share of that of the card's text, where there is room."""

_LEAST = 0.58
"""The same, where there is little: then the drawing can be moved to and fro."""

HIDDEN = "?"
"""What stands in the box that is asked for."""


def front(graph: Graph, labels: Sequence[str], asked: int) -> str:
    """The drawing with one box hidden: the same whatever its label is."""
    masked = tuple(HIDDEN if box == asked else label for box, label in enumerate(labels))
    return _svg(graph, masked, asked, words(graph, labels, hidden=asked))


def back(graph: Graph, labels: Sequence[str], asked: int) -> str:
    """The whole drawing, with one box lit."""
    return _svg(graph, tuple(labels), asked, words(graph, labels))


def words(graph: Graph, labels: Sequence[str], hidden: int = -1) -> str:
    """The drawing in words: which boxes lead to which."""
    named = ["the hidden box" if box == hidden else label for box, label in enumerate(labels)]
    leads: dict[tuple[int, ...], list[int]] = {}
    for box in range(graph.boxes):
        if to := tuple(b for a, b in graph.arrows if a == box):
            leads.setdefault(to, []).append(box)
    told = "; ".join(
        f"{_listed(named[box] for box in boxes)} {'leads' if len(boxes) == 1 else 'lead'} to"
        f" {_listed(named[box] for box in to)}"
        for to, boxes in leads.items()
    )
    return f"Flow chart{' with one box hidden' if hidden >= 0 else ''}: {told}."


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _svg(graph: Graph, labels: tuple[str, ...], asked: int, description: str) -> str:
    drawn = plan(graph, labels)
    wide = drawn.width / SIZE
    lines = "".join(map(_path, drawn.paths))
    heads = "".join(_head(tip, to) for tip, to in drawn.heads)
    boxes = "".join(_box(drawn, labels, box, asked) for box in range(graph.boxes))
    return (
        f'<svg class="flow-chart" role="img" aria-label="{attribute(description)}"'
        f' viewBox="0 0 {drawn.width} {drawn.height}" width="{wide * _SCALE:.4g}em"'
        f' style="min-width:{wide * _LEAST:.4g}em;max-width:100%;height:auto">'
        f'<g font-size="{SIZE}" text-anchor="middle" direction="ltr" fill="none"'
        f' stroke="currentColor" stroke-width="2" stroke-linecap="round"><path d="{lines}"/>'
        f'<path d="{heads}" fill="currentColor" stroke="none"/>{boxes}</g></svg>'
    )


def _path(path: Path) -> str:
    (x, y), *rest = path
    points = " ".join(f"{a} {b}" for a, b in rest)
    return f"M{x} {y}{'L' if len(rest) == 1 else 'C'}{points}"


def _head(tip: Point, to: Point) -> str:
    """A triangle whose tip touches the box."""
    (x, y), (a, b) = tip, to
    x, y = x - a, y - b
    left = x - HEAD * a + 5 * b, y - HEAD * b + 5 * a
    right = x - HEAD * a - 5 * b, y - HEAD * b - 5 * a
    return f"M{x} {y}L{left[0]} {left[1]} {right[0]} {right[1]}Z"


def _box(drawn: Plan, labels: Sequence[str], box: int, asked: int) -> str:
    label, (x, y), (wide, high) = labels[box], drawn.boxes[box], drawn.sizes[box]
    place = f'x="{x}" y="{y}" width="{wide}" height="{high}" rx="7"'
    if box == asked:
        dashes = ' stroke-dasharray="7 5"' if label == HIDDEN else ""
        place += f' class="asked" stroke-width="3" fill="currentColor" fill-opacity=".1"{dashes}'
    weight = ' font-weight="700"' if label == HIDDEN else ""
    direction = ' direction="rtl"' if is_rtl(label) else ""
    text = "".join(_lines(label, x + wide // 2, y, (wide, high)))
    return (
        f'<rect {place}/><text fill="currentColor" stroke="none"{weight}{direction}>{text}</text>'
    )


def _lines(label: str, x: int, y: int, size: tuple[int, int]) -> Iterator[str]:
    """The lines of a label, in the middle of its box."""
    wide, high = size
    lines = wrapped(label, wide - 2 * PADDING[0] + 1)
    first = y + (high - LEADING * (len(lines) - 1)) // 2 + 6
    for at, line in enumerate(lines):
        yield f'<tspan x="{x}" y="{first + LEADING * at}">{shown(line)}</tspan>'
