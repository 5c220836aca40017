"""How the lines of a fact file hang together, told from their words alone.

Where columns or dashes are wrong, YAML sees other cards than a person does, or none, and every line
after the slip looks wrong. So this module reads no YAML: it knows which words begin a card, a key, a
list, takes the columns that most lines have for the right ones, and says where each line belongs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from metaflash.diagnostics import nearest
from metaflash.lines import Line, Mistake, Page


class Row(NamedTuple):
    """A line that begins something: its dash (or what stands for it) and its key, "" if it has none.

    ``more`` are the lines that go on with its value, ``number`` is its own, from 1.
    """

    line: Line
    number: int
    mark: str
    key: str
    value: str
    more: tuple[Line, ...]

    @property
    def column(self) -> int:
        """Where the key or text starts, from 0."""
        return self.line.indent + len(self.mark)

    @property
    def rest(self) -> str:
        """All from the key on."""
        return self.line.text[self.column :]

    @property
    def is_proper(self) -> bool:
        """Whether it begins with a dash as it should be."""
        return bool(re.fullmatch("- +", self.mark))


class Place(NamedTuple):
    """Where a row belongs: its column, its dash or "", the number of its card, and what it is."""

    column: int
    mark: str
    card: int
    what: str


_MARK = r"(?:-+(?!>) *(?:- +)*|[–—−•·+‣◦▪] *|\*(?: +|(?=[A-Za-z]))|\d{1,2}[.)] +)"
_KEYED = re.compile(rf" *({_MARK})?([A-Za-z][\w-]*):(?= |$) *(.*)")
_MARKED = re.compile(rf" *({_MARK})(?=\S)()(.*)")
_POINTS = re.compile("->|→")

RULED = re.compile(r" *(?://.*|[^\w\s]+) *")
"""A line of signs alone, as people draw them between cards, or a comment of another language."""


# --- Rows -----------------------------------------------------------------------------------


def rows_of(page: Page) -> Iterator[Row]:
    """The rows of a file. Blank lines and comments are none."""
    lines, start = [], 0
    for text in page.text.split("\n"):
        lines.append(Line(text, start))
        start += len(text) + 1
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not line.body or line.body.startswith("#"):
            continue
        is_ruled = RULED.fullmatch(line.text)
        found = None if is_ruled else _KEYED.fullmatch(line.text) or _MARKED.fullmatch(line.text)
        mark, key, value = (found[1] or "", found[2], found[3]) if found else ("", "", line.body)
        first = at
        if value or key not in {"cards", *page.words.lists}:
            at = _end(page, lines, at, line.indent + len(mark) * bool(key), value)
        yield Row(line, first, mark, key, value, tuple(lines[first:at]))


def _end(page: Page, lines: list[Line], at: int, column: int, value: str) -> int:
    """The number of the line (from 0) where a value that stands behind a key at a column is over."""
    if value[:1] in ("'", '"') and value.count(value[0]) == 1 and not value.startswith("'s "):
        for end in range(at, min(at + 30, len(lines))):
            if value[0] in lines[end].text:
                return end + 1 if lines[end].body.endswith(value[0]) else at
            if page.has_known_key(lines[end]):
                break
    is_block = bool(re.match(r"[>|][-+\d]*(?: +#.*)?$", value))
    end = at
    block = 0
    for number in range(at, len(lines)):
        line = lines[number]
        if not line.body:
            continue
        block = block or line.indent
        in_block = is_block and line.indent >= block
        if line.indent <= column or not (in_block or _is_text(page, line)):
            break
        end = number + 1
    return end


def _is_text(page: Page, line: Line) -> bool:
    """Whether a line deeper than a key may go on with its text."""
    found = _KEYED.fullmatch(line.text)
    if found and (found[2] in page.words.keys or found[1]):
        return False
    return not line.is_item and not re.match("#|//", line.body) and not _POINTS.search(line.body)


# --- Where they belong ------------------------------------------------------------------------


class Outline:
    """The rows of a file on their way from the first to the last: in which card, in which list."""

    def __init__(self, page: Page, rows: list[Row], head: int) -> None:
        self.words = page.words
        self.rows = rows
        self.places: list[Place | None] = [None] * len(rows)
        self.headless: Mistake | None = None
        inside = rows[head + 1 :]
        starts = [row for row in inside if row.is_proper and row.key in self.words.kinds]
        self.width = _most([len(row.mark) for row in starts[1:]]) or 2
        keys = [row.line.indent - self.width for row in inside if row.key == "id" and not row.mark]
        self.dash = max(0, _most([row.line.indent for row in starts] + keys) or 0)
        self.key = self.dash + self.width
        self.card = 0
        self.kind = ""
        self.list = ""
        self.items = 0
        self.item = 0
        for number, row in enumerate(rows[: head + 1]):
            if row.key and (row.key in self.words.keys or not row.mark):
                self.places[number] = Place(0, "", 0, "keys of the file")
        for number in range(head + 1, len(rows)):
            self.places[number] = self._place(number)
            if self.headless:
                break

    def _place(self, number: int) -> Place | None:
        row = self.rows[number]
        if row.key in self.words.kinds and not (self._in_list(row) and self._goes_on(number)):
            if not row.mark and row.rest == self.rows[number - 1].rest:
                return None  # a key written twice
            self.card += 1
            self.kind, self.list = row.key, ""
            return self._start(number)
        if not self.card or row.key in ("topic", "cards"):
            return None
        return self._keyed(number) if row.key else self._keyless(row)

    def _in_list(self, row: Row) -> bool:
        """Whether a row stands where the items of the list above do."""
        return bool(self.list) and row.is_proper and row.line.indent == self.items

    def _keyed(self, number: int) -> Place | None:
        row, above = self.rows[number], self.rows[number - 1]
        in_list = self._in_list(row)
        if self.words.lists.get(row.key) == self.kind and not in_list:
            return self._head(number)
        if row.key in self.words.keys:
            if in_list and (row.key not in self.words.leaf or not self.item):
                return None  # an item without its id
            return self._key_of(row)
        if not self.list:
            return self._without_list(number) if row.mark else self._key()
        if not row.mark and self.item and nearest(row.key, self.words.leaf):
            return None  # a key misspelt
        if not row.mark and row.line.indent == self.item and "==" not in row.value:
            return None  # an unknown key, as far as anybody can tell
        if row.mark or abs(row.line.indent - self.items) <= abs(row.line.indent - self.key):
            is_twice = not row.mark and above.mark and row.key == above.key
            return None if is_twice else self._item(row)
        return self._key()

    def _keyless(self, row: Row) -> Place | None:
        points = _POINTS.search(row.value)
        if not row.mark:
            return self._item(row) if self.list and points else None
        is_card = self.items != self.dash or re.match(r"[a-z]+ *:", row.value)
        if row.line.indent == self.dash and is_card and not points:
            self.kind = self.list = ""  # a card of no telling which kind
            return None
        if not row.is_proper and row.line.indent < self.key - 2:
            return None
        return self._item(row) if self.list else None

    def _item(self, row: Row) -> Place:
        self.item = row.column
        return Place(self.items, "- ", self.card, "items of its list")

    def _head(self, number: int) -> Place:
        """Where the key above a list stands; its items come next."""
        if self.rows[number].value:
            self.kind = ""  # no list, but its name
            return self._key()
        self.list, self.item = self.rows[number].key, 0
        self.items = self._column_of_items(number)
        return self._key()

    def _goes_on(self, number: int) -> bool:
        """Whether the word that names a kind is the id of a step here, as it stands among them."""
        below = self.rows[number + 1] if number + 1 < len(self.rows) else None
        begins_card = below and not below.mark and below.line.indent == self.dash + self.width
        return self.items != self.dash and not begins_card

    def _start(self, number: int) -> Place:
        """Where a card begins; its keys may all stand behind a wider dash."""
        row = self.rows[number]
        below = next((r for r in self.rows[number + 1 : number + 2] if not r.mark and r.key), None)
        own = row.is_proper and row.line.indent == self.dash and below
        self.key = (
            row.column
            if own and below and below.line.indent == row.column
            else self.dash + self.width
        )
        mark = (
            row.mark
            if row.is_proper and self.dash + len(row.mark) == self.key
            else "-" + " " * (self.width - 1)
        )
        return Place(self.dash, mark, self.card, "cards")

    def _key(self) -> Place:
        return Place(self.key, "", self.card, "keys of its card")

    def _key_of(self, row: Row) -> Place:
        """Where a key belongs: to the card, or to the item above."""
        if self.list and row.key in self.words.leaf:
            of_item = row.line.indent == self.item != self.items + 2 or row.mark
            if of_item or abs(row.line.indent - self.key) > 1:
                return Place(self.items + 2, "", self.card, "keys of its item")
        if self.list and row.key not in self.words.leaf:
            self.list = ""
        return self._key()

    def _column_of_items(self, number: int) -> int:
        """The column of the dashes in the list that begins at a row."""
        columns: list[int] = []
        bare: list[int] = []
        for row in self.rows[number + 1 :]:
            if row.key in self.words.leaf and not row.mark and row.line.indent > self.key:
                columns.append(row.line.indent - 2)
            elif row.key in self.words.keys and (not row.mark or row.line.indent == self.dash):
                break
            else:
                (columns if row.mark else bare).append(row.line.indent)
        column = _most(columns or bare)
        return self.key + 2 if column is None or column < self.key else column

    def _without_list(self, number: int) -> Place | None:
        row, above = self.rows[number], self.rows[number - 1]
        name = next((name for name, kind in self.words.lists.items() if kind == self.kind), "")
        if (
            not name
            or row.line.indent < self.key
            or not (above.key and (above.mark or above.value or above.more))
        ):
            return None  # the name of the list is there, and misspelt
        start, end = row.line.place
        right = f"{' ' * self.key}{name}:\n{' ' * (self.key + 2)}- {row.rest}"
        hint = f"The line `{name}:` stands above the list. Write:\n{right}"
        message = f"a list without its `{name}`"
        self.headless = Mistake(start, end, "missing-key", message, hint, None)
        return None


def _most(columns: list[int]) -> int | None:
    """The column that most have, of several the usual one or the first; None if there is none."""
    counted = Counter(columns)
    return max(counted, key=lambda column: (counted[column], column in (0, 2)), default=None)
