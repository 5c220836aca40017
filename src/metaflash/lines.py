"""The lines of a YAML file as a person sees them, for telling what went wrong on one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Words(NamedTuple):
    """The words of the format: all keys, and among them those that begin a card, those that stand
    above a list in a card (each with the kind of that card), those that an item of one may have, and
    for each kind its keys, with whether a card needs them."""

    keys: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    lists: Mapping[str, str] = MappingProxyType({})
    leaf: frozenset[str] = frozenset()
    grammar: Mapping[str, Mapping[str, bool]] = MappingProxyType({})


class Mistake(NamedTuple):
    """What is wrong and where (character offsets).

    ``mended`` is the whole text, with as many lines as before, in a form that can be read on;
    None where there is no telling what was meant.
    """

    start: int
    end: int
    code: str
    message: str
    hint: str
    mended: str | None


class Keyed(NamedTuple):
    """A line ``  - key: value  # comment`` in its parts; ``at`` is where the value starts."""

    lead: str
    key: str
    value: str
    comment: str
    at: int

    @property
    def column(self) -> int:
        """How many characters stand before the key."""
        return len(self.lead)

    @property
    def head(self) -> str:
        """All that stands before the value."""
        return f"{self.lead}{self.key}: "


class Line(NamedTuple):
    """A line without its end; ``start`` is the offset of its first character."""

    text: str
    start: int

    @property
    def indent(self) -> int:
        """How many spaces the line starts with."""
        return len(self.text) - len(self.text.lstrip(" "))

    @property
    def body(self) -> str:
        """The line without the spaces around it."""
        return self.text.strip(" ")

    @property
    def is_item(self) -> bool:
        """Whether the line begins an item of a list."""
        return self.body.startswith("- ")

    @property
    def place(self) -> tuple[int, int]:
        """The offsets of the body."""
        return self.start + self.indent, self.start + len(self.text.rstrip())

    @property
    def keyed(self) -> Keyed | None:
        """The parts of a line with a key, None for any other."""
        if not (found := _HEAD.match(self.text)):
            return None
        rest = self.text[found.end() :]
        comment = _COMMENT.search(rest)
        text = rest[: comment.start()].rstrip(" ") if comment else rest.rstrip(" ")
        at = len(self.text) - len(rest) + len(text) - len(text.lstrip(" "))
        return Keyed(found[1], found[2], text.lstrip(" "), rest[len(text) :].rstrip(" "), at)


_HEAD = re.compile(r"( *(?:- +)*)([A-Za-z][\w-]*):(?= |$)")
_COMMENT = re.compile(r"(?:^ |  )#(?:[ #]|$)")


_SPECIAL = re.compile(r"""^[\s*&!@`%>|{[,}\]#'"]|^[-?:](?:\s|$)|:(?:\s|$)|\s\#|[\n\t]|\s$|^$""")


class Page(NamedTuple):
    """A file's text, and the words to expect in it; none where only its lines are asked for."""

    text: str
    words: Words = Words()

    def line(self, offset: int) -> Line:
        """The line that holds an offset; at the end of the text, the last one with content."""
        text = self.text
        if offset >= len(text):
            offset = max(0, len(text.rstrip("\n")) - 1)
        start = text.rfind("\n", 0, offset) + 1
        end = text.find("\n", offset)
        return Line(text[start : end if end >= 0 else len(text)], start)

    def above(self, line: Line, *, comments: bool = False) -> Line | None:
        """The nearest line above with content; comments count as content only if asked for."""
        end = line.start - 1
        while end >= 0:
            start = self.text.rfind("\n", 0, end) + 1
            content = self.text[start:end]
            if content.strip() and (comments or not content.lstrip().startswith("#")):
                return Line(content, start)
            end = start - 1
        return None

    def keyed_above(self, line: Line) -> Line | None:
        """The nearest line above that has a key."""
        above = self.above(line)
        while above and not above.keyed:
            above = self.above(above)
        return above

    def below(self, line: Line) -> Line | None:
        """The next line, whatever it holds."""
        start = line.start + len(line.text) + 1
        return self.line(start) if start < len(self.text) else None

    def going_on(self, line: Line, column: int) -> list[Line]:
        """The lines below that go on with the text of a key at a column."""
        found = []
        below = self.below(line)
        while below and below.indent > column and not self.has_known_key(below):
            found.append(below)
            below = self.below(below)
        return found

    def has_known_key(self, line: Line) -> bool:
        """Whether a line begins with a key of the format."""
        return line.keyed is not None and line.keyed.key in self.words.keys

    def with_line(self, line: Line, right: str) -> str:
        """The text with another line in place of this one."""
        return self.text[: line.start] + right + self.text[line.start + len(line.text) :]

    def with_character(self, at: int, character: str) -> str:
        """The text with another character at a place."""
        return self.text[:at] + character + self.text[at + 1 :]


def scalar(text: str) -> str:
    """The text as it can stand after a colon or a dash: in quotes where YAML would read it otherwise."""
    return quoted(text) if _SPECIAL.search(text) else text


def quoted(text: str) -> str:
    """The text in double quotes, or in single ones where it holds double quotes or backslashes."""
    text = text.strip()
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'
