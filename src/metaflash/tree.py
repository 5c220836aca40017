"""The located tree of a YAML file: its nodes, and the places of everything in them."""

from __future__ import annotations

import re
from collections.abc import Mapping as Mapping_
from typing import NamedTuple, TypeAlias

from metaflash.diagnostics import Diagnostic, Source, Span


class Scalar(NamedTuple):
    """A text: ``text`` is what YAML makes of it, ``start``/``end`` its place in the source.

    ``style`` is how it was written: "" plain, or the character that opened it.
    """

    text: str
    start: int
    end: int
    style: str


class Mapping(NamedTuple):
    """Keys and values in the order they were written, no key twice."""

    entries: tuple[tuple[Scalar, Node], ...]
    start: int
    end: int


class Sequence(NamedTuple):
    """The items of a list."""

    items: tuple[Node, ...]
    start: int
    end: int


class Broken(NamedTuple):
    """A value whose problem has been reported; readers pass over it in silence."""

    start: int
    end: int


Node: TypeAlias = Scalar | Mapping | Sequence | Broken


def with_ids(node: Node, ids: Mapping_[int, str]) -> Node:
    """A tree as it would be with some ids written: ``ids`` are those of the nodes that start at some
    offsets, cards and texts of a list. They stand where the node does, as they are in no file yet."""
    name = ids.get(node.start)
    match node:
        case Scalar() if name:
            return Mapping(((node._replace(text=name, style=""), node),), node.start, node.end)
        case Mapping():
            entries = [(key, with_ids(value, ids)) for key, value in node.entries]
            if name:
                kind = entries[0][0]
                entries.append((kind._replace(text="id"), kind._replace(text=name)))
            return Mapping(tuple(entries), node.start, node.end)
        case Sequence():
            return Sequence(tuple(with_ids(item, ids) for item in node.items), node.start, node.end)
    return node


class Typed(NamedTuple):
    """A text where it was written: its file, and the scalar that holds it."""

    source: Source
    scalar: Scalar

    def span(self, start: int, end: int) -> Span:
        """A stretch of the text as a place in the file."""
        text = self.source.text
        first = offset_in_file(text, self.scalar, start)
        last = offset_in_file(text, self.scalar, max(start, end - 1))
        return Span(self.source, first, last + 1)


NOWHERE = Typed(Source("", ""), Scalar("", 0, 0, ""))
"""Where a text stands that is in no file."""


class Reading:
    """A source being read, and the problems found so far.

    ``deaf`` are lines (1-based) on which nothing more is said: a slip there was reported,
    then mended to read on, and one mistake gives one message.
    """

    __slots__ = ("deaf", "problems", "source")

    def __init__(
        self, source: Source, problems: list[Diagnostic], deaf: frozenset[int] = frozenset()
    ) -> None:
        self.source = source
        self.problems = problems
        self.deaf = deaf

    def span(self, start: int, end: int) -> Span:
        """The place from one character offset up to another."""
        return Span(self.source, start, end)

    def hears(self, offset: int) -> bool:
        """Whether anything is still said about the line of an offset."""
        return not self.deaf or self.source.position(offset)[0] not in self.deaf

    def error(self, start: int, end: int, code: str, message: str, hint: str = "") -> None:
        """Report a mistake that no deck can be built with."""
        if self.hears(start):
            span = Span(self.source, start, max(start, end))
            self.problems.append(Diagnostic(span, "error", code, message, hint))

    def warn(self, start: int, end: int, code: str, message: str, hint: str = "") -> None:
        """Report what is probably a mistake."""
        if self.hears(start):
            span = Span(self.source, start, max(start, end))
            self.problems.append(Diagnostic(span, "warning", code, message, hint))


def _is_white(escaped: str) -> bool:
    """Whether what follows a backslash in double quotes stands for white space or nothing."""
    if len(escaped) > 1:
        return chr(int(escaped[1:], 16)).isspace()
    return escaped in "n\n trvf_NLP"


_SHOWN = re.compile(r"\S+")
_ESCAPE = re.compile(r"\\(?:x..|u....|U........|\n|.)")


def offset_in_file(text: str, scalar: Scalar, offset: int) -> int:
    """Where in ``text`` the character at ``offset`` of the scalar's value was written.

    Folding, indentation, quotes and escapes change white space and spelling but neither
    number nor order of the visible characters, so those are counted off.
    """
    if text.startswith(scalar.text, scalar.start):
        return scalar.start + offset
    left = len("".join(scalar.text[:offset].split()))
    if scalar.style in ("'", '"'):
        return _offset_in_quotes(text, scalar, left)
    start = text.find("\n", scalar.start) + 1 if scalar.style else scalar.start
    for word in _SHOWN.finditer(text, start, scalar.end):
        length = word.end() - word.start()
        if left < length:
            return word.start() + left
        left -= length
    return max(scalar.start, scalar.end - 1)


def _offset_in_quotes(text: str, scalar: Scalar, left: int) -> int:
    """Where the visible character stands that has so many ``left`` of it."""
    at = scalar.start + 1
    while at < scalar.end:
        length, shows = 1, not text[at].isspace()
        if scalar.style == '"' and (escape := _ESCAPE.match(text, at)):
            length, shows = len(escape[0]), not _is_white(escape[0][1:])
        elif scalar.style == "'" and text.startswith("''", at):
            length = 2
        if shows:
            if not left:
                return at
            left -= 1
        at += length
    return min(at, max(scalar.start, scalar.end - 1))
