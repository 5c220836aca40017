"""Ids put into a file's text where they are missing, and not one byte touched beside them.

Nothing is taken on trust: the new text is read again, and is good only if it says what the old one
said and these ids.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Mapping_
from typing import NamedTuple, TypeAlias

from metaflash.characters import decode
from metaflash.deck import Entry, FactFile, parse_facts, read_facts
from metaflash.diagnostics import Diagnostic, Source, Span
from metaflash.lines import Line, Page, Words
from metaflash.naming import Named, allot
from metaflash.source import MAX_BYTES
from metaflash.tree import Mapping, Node, Reading, Scalar
from metaflash.tree import Sequence as Items


class Text(NamedTuple):
    """A fact file: its bytes, and what was read from them."""

    source: Source
    data: bytes


class Outcome(NamedTuple):
    """A file with its ids, those that are new, and the problems that were in the way of others."""

    data: bytes
    names: tuple[str, ...]
    problems: tuple[Diagnostic, ...]


def with_ids(texts: Sequence[Text], reserved: frozenset[str] = frozenset()) -> list[Outcome]:
    """The fact files of a deck with an id for each card and step that had none.

    ``reserved`` are names never to be given: ``card`` or ``process/step``.
    """
    read = [read_facts(text.source) for text in texts]
    named = allot([file for file, _ in read], (text.source.text for text in texts), reserved)
    return [
        _with_ids(text, file, problems, new)
        for text, (file, problems), new in zip(texts, read, named, strict=True)
    ]


def _with_ids(
    text: Text, file: FactFile | None, problems: list[Diagnostic], named: list[Named]
) -> Outcome:
    if file is None or file.span.source is not text.source:  # a slip was mended, the places moved
        return Outcome(text.data, (), tuple(problems))
    left = _in_the_way(file, problems)
    raw = Raw(text)
    edits: list[Edit] = []
    placed: list[Named] = []
    for one in named:
        if one.part is None and one.entry.text is None:
            continue
        found = [raw.edit(edit) for edit in _edits(raw.page, one)]
        if None in found:
            left.append(_unplaced(one, text.source))
            continue
        edits += [edit for edit in found if edit]
        placed.append(one)
    data = raw.edited(edits)
    if placed and not _adds_only(text, data, placed):
        return Outcome(text.data, (), (*left, _unwritten(placed[0], text.source)))
    return Outcome(data, tuple(one.name for one in placed), tuple(left))


def _in_the_way(file: FactFile, problems: list[Diagnostic]) -> list[Diagnostic]:
    """The problems for which some card or step gets no id."""
    cards = file.cards
    nodes = [*cards.wrong, *(node for entry in cards.entries for node in entry.parts.wrong)]
    nodes += [entry.card for entry in cards.entries if not entry.name and entry.text is None]
    if not nodes:
        return []
    line = file.span.source.position
    lines = {n for node in nodes for n in range(line(node.start)[0], line(node.end)[0] + 1)}
    return [problem for problem in problems if problem.place[0] in lines] or problems


def _unplaced(named: Named, source: Source) -> Diagnostic:
    at = named.part or named.entry.kind
    hint = f"No id can be put here without touching the text. Write it by hand:  {named.name}"
    span = Span(source, at.start, at.end)
    return Diagnostic(span, "error", "id-not-written", "an id that was not written", hint)


def _unwritten(named: Named, source: Source) -> Diagnostic:
    at = named.part or named.entry.kind
    hint = (
        "The file would not say the same with them in it, so it was left as it is. Write the ids by"
        " hand; `metaflash check` has one for each."
    )
    span = Span(source, at.start, at.end)
    return Diagnostic(span, "error", "ids-not-written", "ids that were not written", hint)


# --- Where an id goes ------------------------------------------------------------------------


class Edit(NamedTuple):
    """Something to be put into a text before the character at an offset."""

    at: int
    text: str


def _edits(page: Page, named: Named) -> Iterator[Edit]:
    if named.part is None:
        return _card(page, named.entry, named.name)
    return _step(page, named.part, named.name)


def _card(page: Page, entry: Entry, name: str) -> Iterator[Edit]:
    """A line below the kind's text; between braces, a key behind the last one."""
    card = entry.card
    end = max(value.end for _, value in card.entries)
    if page.text.startswith("{", card.start):
        yield Edit(end, f", id: {name}")
    elif _in_brackets(page, card.start):
        yield Edit(card.start, "{")
        yield Edit(end, f", id: {name}}}")
    elif entry.text is not None:
        column = _column(page, entry.kind.start)
        line = f"{' ' * column}id: {name}"
        last = _behind_comments(page, _last_line(page, entry.text, column), column)
        end = last.start + len(last.text)
        yield Edit(end + 1, f"{line}\n") if end < len(page.text) else Edit(end, f"\n{line}")


def _step(page: Page, text: Scalar, name: str) -> Iterator[Edit]:
    """The id before the text, and the lines below it deeper than the id."""
    yield Edit(text.start, f"{name}: ")
    if _in_brackets(page, text.start):
        return
    column = _column(page, text.start)
    if text.style in ("|", ">"):
        dash = _column(page, page.text.rfind("-", 0, text.start))
        block = _block(page, text, dash)
        lines = [line for line in block.lines if len(line.text) > block.indent or line.body]
        # a depth that is written down counts from the dash, and from then on from the id
        shift = column - dash if block.depth else _missing(block.indent, column)
    else:
        lines = [line for line in _going_on(page, text) if line.body]
        shift = _missing(min((line.indent for line in lines), default=column + 1), column)
    if shift:
        yield from (Edit(line.start, " " * shift) for line in lines)


def _missing(indent: int, column: int) -> int:
    """How many spaces bring lines deeper than a column."""
    return 0 if indent > column else column + 2 - indent


def _in_brackets(page: Page, offset: int) -> bool:
    """Whether a list item stands in a list such as ``[a, b]``."""
    return page.text[max(0, offset - 200) : offset].rstrip()[-1:] in ("[", ",")


def _column(page: Page, offset: int) -> int:
    return offset - page.text.rfind("\n", 0, offset) - 1


class _Block(NamedTuple):
    """The lines below a ``|`` or ``>``, their indentation, and the depth if one is written down."""

    lines: list[Line]
    indent: int
    depth: int


def _block(page: Page, text: Scalar, column: int) -> _Block:
    """The lines of a block scalar whose key or dash stands at a column."""
    header = re.compile(r"[|>][-+\d]*").match(page.text, text.start)
    signs = header[0] if header else ""
    depth = int("".join(re.findall(r"\d", signs)) or 0)
    indent = column + depth if depth else 0
    lines: list[Line] = []
    line = page.below(page.line(text.start))
    while line and (not line.body or line.indent >= (indent or 1)):
        indent = indent or (line.indent if line.body else 0)
        lines.append(line)
        line = page.below(line)
    while lines and "+" not in signs and not lines[-1].body and len(lines[-1].text) <= indent:
        lines.pop()
    return _Block(lines, indent, depth)


def _going_on(page: Page, text: Scalar) -> Iterator[Line]:
    """The lines on which a text goes on, plain or in quotes."""
    line = page.below(page.line(text.start))
    while line and line.start < text.end:
        yield line
        line = page.below(line)


def _last_line(page: Page, text: Scalar, column: int) -> Line:
    if text.style in ("|", ">"):
        return _block(page, text, column).lines[-1]
    return page.line(text.end - 1)


def _behind_comments(page: Page, line: Line, column: int) -> Line:
    """The line, or the last comment below that stands deeper than the keys: under an id it would
    seem to be cut off from it."""
    below = page.below(line)
    while below and (not below.body or (below.body.startswith("#") and below.indent > column)):
        line = below if below.body else line
        below = page.below(below)
    return line


# --- From the text that was read to the bytes -------------------------------------------------

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_BOM = b"\xef\xbb\xbf"


class Raw:
    """A file's text as it is on disk, with its own line ends and spelling of letters."""

    def __init__(self, text: Text) -> None:
        self._source = text.source
        self._bom = _BOM if text.data.startswith(_BOM) else b""
        self._lines = _LINE.findall(text.data.removeprefix(_BOM).decode())
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))
        self.page = Page(text.source.text, Words())

    def edit(self, edit: Edit) -> Edit | None:
        """An edit of the text that was read as one of this text; None if it has no such place."""
        number, column = self._source.position(edit.at)
        at = self._raw_column(number, column - 1)
        if at is None:
            return None
        above = self._lines[number - 2] if number > 1 else ""
        end = above[len(above.rstrip("\r\n")) :] or "\n"
        return Edit(self._starts[number - 1] + at, edit.text.replace("\n", end))

    def _raw_column(self, number: int, column: int) -> int | None:
        """A column where the letters of a line may be spelled as several characters (NFC)."""
        line = self._lines[number - 1] if number <= len(self._lines) else ""
        if not column or line.isascii():
            return column
        line = line.rstrip("\r\n")
        whole = unicodedata.normalize("NFC", line)
        lengths = range(len(line) + 1)
        at = bisect_right(lengths, column, key=lambda n: len(_composed(line[:n]))) - 1
        same = _composed(line[:at]) == whole[:column] and _composed(line[at:]) == whole[column:]
        return at if same else None

    def edited(self, edits: Sequence[Edit]) -> bytes:
        """The file's bytes with some edits made."""
        text = "".join(self._lines)
        pieces: list[str] = []
        done = 0
        for at, new in sorted(edits, key=lambda edit: edit.at):
            pieces += [text[done:at], new]
            done = at
        return self._bom + "".join([*pieces, text[done:]]).encode()


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


# --- Whether it is right -------------------------------------------------------------------

_Said: TypeAlias = "str | dict[str, _Said] | list[_Said] | None"


def _adds_only(text: Text, data: bytes, named: Sequence[Named]) -> bool:
    """Whether the new bytes say what the old ones said, and the ids."""
    if len(data) > MAX_BYTES:
        return False
    source, problems = decode(text.source.path, data)
    tree, reading = parse_facts(source)
    old_tree, old = parse_facts(text.source)
    if problems or reading.source is not source or _codes(reading) != _codes(old):
        return False
    ids = {(one.part or one.entry.card).start: one.name for one in named}
    return tree is not None and old_tree is not None and _said(tree, {}) == _said(old_tree, ids)


def _codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def _said(node: Node, ids: Mapping_[int, str]) -> _Said:
    """What a tree says wherever it is written, with ids for the nodes that start at some places."""
    name = ids.get(node.start)
    match node:
        case Scalar():
            # the last line end of a block is there or not as the file goes on or ends
            text = node.text.rstrip("\n") if node.style in ("|", ">") else node.text
            return {name: text} if name else text
        case Mapping():
            said = {key.text: _said(value, ids) for key, value in node.entries}
            return said | {"id": name} if name else said
        case Items():
            return [_said(item, ids) for item in node.items]
    return None
