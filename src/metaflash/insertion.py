"""Ids put into a file's text where they are missing, and not one byte touched beside them.

Nothing is taken on trust: the new text is read again, and is good only if it says what the old one
said and these ids.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Mapping_
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from metaflash.characters import decode
from metaflash.diagnostics import Diagnostic, Source, Span
from metaflash.facts import Entry, FactFile, parse_facts, read_facts
from metaflash.lines import Line, Page
from metaflash.lock import Lock
from metaflash.naming import Named, places
from metaflash.recovery import allot
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


def with_ids(texts: Sequence[Text], before: Lock | None = None) -> list[Outcome]:
    """The fact files of a deck with an id for each card and step that had none: the one that it had
    in the last build, as the lock knows it, or one that nothing ever had."""
    read = [read_facts(text.source) for text in texts]
    named = allot([text.source for text in texts], [file for file, _ in read], before)
    return [
        _with_ids(text, file, problems, new)
        for text, (file, problems), new in zip(texts, read, named, strict=True)
    ]


def _with_ids(
    text: Text, file: FactFile | None, problems: list[Diagnostic], named: list[Named]
) -> Outcome:
    problems = sorted(problems, key=lambda problem: problem.place)
    if file is None or file.span.source is not text.source:  # a slip was mended, the places moved
        return Outcome(text.data, (), tuple(problems))
    left = _in_the_way(file, problems)
    left += [_unwritten(one, text.source) for one in named if one.glued]
    named = [one for one in named if (one.part or one.entry.text) and not one.glued]
    data = _edited(text, named)
    if not named or _adds_only(text, data, named):
        return Outcome(data, tuple(one.name for one in named), tuple(left))

    def is_wrong(index: int) -> int:
        some = named[: index + 1]
        return 0 if _adds_only(text, _edited(text, some), some) else 1

    first = bisect_left(range(len(named)), 1, key=is_wrong)
    return Outcome(text.data, (), (*left, _unwritten(named[first], text.source)))


def _in_the_way(file: FactFile, problems: list[Diagnostic]) -> list[Diagnostic]:
    """The problems for which some card or step gets no id."""
    cards = file.cards
    nodes = [*cards.wrong, *(node for entry in cards.entries for node in entry.parts.wrong)]
    nodes += [entry.card for entry in cards.entries if not entry.name and entry.text is None]
    if not nodes:
        return []
    lines = {line for node in nodes for line in _lines(node, file.span.source)}
    return [problem for problem in problems if problem.place[0] in lines] or problems


def _lines(node: Node, source: Source) -> range:
    """The numbers of the lines that a node stands on."""
    end = node.start + len(source.text[node.start : node.end].rstrip())
    return range(source.position(node.start)[0], source.position(end)[0] + 1)


def _unwritten(named: Named, source: Source) -> Diagnostic:
    at = named.part or named.entry.kind
    what = f"- {named.name}: …" if named.part else f"id: {named.name}"
    hint = (
        "With an id put in here the file would say something else, so it was left as it is. Write"
        f" it by hand:  {what}"
    )
    span = Span(source, at.start, at.end)
    return Diagnostic(span, "error", "id-not-written", "an id that cannot be put in", hint)


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


def _edited(text: Text, named: Sequence[Named]) -> bytes:
    """The file's bytes with some ids, its own line ends and spelling of letters kept."""
    bom = _BOM if text.data.startswith(_BOM) else b""
    lines = _LINE.findall(text.data.removeprefix(_BOM).decode())
    starts = [0, *accumulate(map(len, lines))]
    page = Page(text.source.text)
    raw = "".join(lines)
    pieces: list[str] = []
    done = 0
    for edit in sorted((e for one in named for e in _edits(page, one)), key=lambda e: e.at):
        number, column = text.source.position(edit.at)
        here = lines[number - 1] if number <= len(lines) else ""
        at = starts[number - 1] + _raw_column(here, column - 1)
        above = lines[number - 2] if number > 1 else ""
        end = above[len(above.rstrip("\r\n")) :] or "\n"
        pieces += [raw[done:at], edit.text.replace("\n", end)]
        done = at
    return bom + "".join([*pieces, raw[done:]]).encode()


def _raw_column(line: str, column: int) -> int:
    """A column of a line as it was read, in the line as it is written: there a letter may be
    spelled as several characters (NFC)."""
    if not column or line.isascii():
        return column
    pieces, raw, read = _pieces(line)
    at = bisect_left(read, column) - 1
    piece, rest = pieces[at], column - read[at]
    lengths = range(len(piece) + 1)
    return raw[at] + bisect_right(lengths, rest, key=lambda n: len(_composed(piece[:n]))) - 1


@lru_cache(maxsize=1)
def _pieces(line: str) -> tuple[list[str], list[int], list[int]]:
    """A line in pieces that are spelled each on its own, as nothing is joined with an ASCII letter
    behind it; and where they start as written, and as read."""
    pieces = re.findall(r"[\x00-\x7f]?[^\x00-\x7f]*", line)
    read = accumulate((len(_composed(piece)) for piece in pieces), initial=0)
    return pieces, [*accumulate(map(len, pieces), initial=0)], [*read]


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
    ids = places(named)
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
