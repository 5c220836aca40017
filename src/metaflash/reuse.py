"""How much a drawing grows where its parts are drawn again: a few lines can ask for a billion shapes.

elements, and which parts of the drawing they refer to -> how many a browser has to draw
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from metaflash import css

MAX_DRAWN = 100_000
"""Elements that may be drawn again. An element counts twice for each reference on the way to it:
references inside references take browsers far longer (Chromium 10 s for 100,000 elements)."""

_HOLDS = {"use", "feimage", "pattern"}
"""Elements that draw what their ``href`` names."""

_COLORS = {"lineargradient", "radialgradient"}
"""Parts that can be named by thousands of shapes and draw nothing."""


class Parts:
    """The elements of a drawing as they come, and the parts that they refer to."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._within: list[list[int]] = []
        self._open: list[int] = []
        self._ids: dict[str, int] = {}
        self._classes: dict[str, list[int]] = {}
        self._refers: list[tuple[int, str]] = []
        self._sheets: list[str] = []

    def start(self, name: str, part: str, classes: str) -> None:
        """An element begins: its name in small letters, its id, and its classes."""
        this = len(self._names)
        if self._open:
            self._within[self._open[-1]].append(this)
        self._open.append(this)
        self._names.append(name)
        self._within.append([])
        self._ids.setdefault(part, this)
        for each in classes.split():
            self._classes.setdefault(each, []).append(this)

    def end(self) -> None:
        """The innermost element ends."""
        self._open.pop()

    def link(self, part: str) -> None:
        """The part that the ``href`` of the innermost element names."""
        if self._names[self._open[-1]] in _HOLDS:
            self._refers.append((self._open[-1], part))

    def style(self, style: str) -> None:
        """A style of the innermost element."""
        self._refers += ((self._open[-1], part) for part in css.parts(style))

    def sheet(self, sheet: str) -> None:
        """A style sheet."""
        self._sheets.append(sheet)

    def drawn_again(self) -> int | None:
        """How many elements are drawn again, at most one more than ``MAX_DRAWN``; None if one is to
        be drawn inside itself."""
        also: dict[int, list[int]] = {}
        for count, (element, part) in enumerate(self._all_that_refer()):
            if count > MAX_DRAWN:
                return count
            also.setdefault(element, []).append(part)
        return _drawn_again(self._within, also) if also else 0

    def _all_that_refer(self) -> Iterator[tuple[int, int]]:
        """Elements, each with one that is drawn for it."""
        drawings = {
            part: at for part, at in self._ids.items() if self._names[at] not in _COLORS and part
        }
        yield from ((at, drawings[part]) for at, part in self._refers if part in drawings)
        demands = [demand for sheet in self._sheets for demand in css.demands(sheet)]
        named: dict[str, list[int]] = {}
        for at, name in enumerate(self._names if demands else ()):
            named.setdefault(name, []).append(at)
        for wanted, selectors in demands:
            targets = [drawings[part] for part in wanted & drawings.keys()]
            for whom in selectors if targets else ():
                elements: Sequence[int] = range(len(self._names))
                if whom.of_class:
                    elements = self._classes.get(whom.of_class, ())
                elif whom.of_name:
                    elements = named.get(whom.of_name, ())
                yield from ((at, target) for at in elements for target in targets)


def _drawn_again(within: Sequence[Sequence[int]], also: dict[int, list[int]]) -> int | None:
    """As ``Parts.drawn_again``, of elements by number: those within each, and those also drawn for it.

    Each element is looked at once, however often it is drawn.
    """
    enough = len(within) + MAX_DRAWN + 1
    drawn: dict[int, int] = {}
    under_way: set[int] = set()
    to_do = [0]
    while to_do:
        this = to_do[-1]
        if this in under_way or this in drawn:
            to_do.pop()
        if this in under_way:
            inside = sum(drawn[one] for one in within[this])
            beside = sum(drawn[one] for one in also.get(this, ()))
            drawn[this] = min(1 + inside + 2 * beside, enough)
            under_way.remove(this)
        elif this not in drawn:
            under_way.add(this)
            for one in (*within[this], *also.get(this, ())):
                if one in under_way:
                    return None
                if one not in drawn:
                    to_do.append(one)
    return drawn[0] - len(within)
