"""How the lines of a fact file hang together, told from their words alone.

Where columns or dashes are wrong, YAML sees other cards than a person does, or none, and every line
after the slip looks wrong. So this module reads no YAML: it knows which words begin a card, a key, a
list, takes the columns that most lines have for the right ones, and says which lines are not as the
others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from metaflash.diagnostics import nearest
from metaflash.lines import Line, Mistake, Page, scalar

SHAPES = frozenset(
    {
        "alias",
        "bad-id",
        "dash-in-text",
        "indentation",
        "key-not-text",
        "missing-colon",
        "missing-dash",
        "missing-key",
        "missing-space",
        "no-blank",
        "not-a-box",
        "not-an-arrow",
        "not-a-card",
        "not-a-list",
        "not-a-map",
        "not-a-step",
        "not-text",
        "repeated-key",
        "several-documents",
        "step-without-id",
        "two-kinds",
        "unknown-key",
        "unknown-kind",
        "wrong-dash",
        "yaml-syntax",
        "colon-in-text",
        "cut-by-hash",
        "reserved-character",
        "tab",
        "wrong-space",
        "unclosed-quote",
    }
)
"""Codes of problems that a line in a wrong column, or without its dash, may be behind."""

SHAPELESS = SHAPES - {
    "bad-id",
    "unknown-key",
    "unknown-kind",
    "repeated-key",
    "missing-key",
    "no-blank",
}
"""Those among them that say less than what is known of the outline."""

MAX_LINES = 20_000
"""A longer file is not looked at: what is wrong with it is told as YAML sees it."""

_SHOWN = 14
"""As many lines of a corrected place are shown."""


class Straightened(NamedTuple):
    """The slips in a file's outline, and its text without them; None if a line would have to be put in.
    ``lines`` are those (from 1) that were changed."""

    mistakes: tuple[Mistake, ...]
    text: str | None
    lines: frozenset[int]


class _Row(NamedTuple):
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


class _Place(NamedTuple):
    """Where a row belongs: its column, its dash or "", the number of its card, and what it is."""

    column: int
    mark: str
    card: int
    what: str


_MARK = r"(?:-+(?!>) *(?:- +)*|[–—−•·+‣◦▪] *|\*(?: +|(?=[A-Za-z]))|\d{1,2}[.)] +)"
_KEYED = re.compile(rf" *({_MARK})?([A-Za-z][\w-]*):(?= |$) *(.*)")
_MARKED = re.compile(rf" *({_MARK})(?=\S)()(.*)")
_RULE = re.compile(r" *(?://.*|[^\w\s]+) *")


_POINTS = re.compile("->|→")


def straighten(page: Page) -> Straightened | None:
    """The slips in the outline of a fact file, None if there are none that can be told."""
    if page.text.count("\n") > MAX_LINES:
        return None
    rows = list(_rows(page))
    head = next((n for n, row in enumerate(rows) if row.key == "cards" and not row.value), None)
    if head is None:
        return _without_head(page, rows)
    outline = _Outline(page, rows, head)
    if outline.headless:
        return Straightened((outline.headless,), None, frozenset())
    return _told(page, rows, outline.places)


# --- Rows -----------------------------------------------------------------------------------


def _rows(page: Page) -> Iterator[_Row]:
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
        is_rule = _RULE.fullmatch(line.text)
        found = None if is_rule else _KEYED.fullmatch(line.text) or _MARKED.fullmatch(line.text)
        mark, key, value = (found[1] or "", found[2], found[3]) if found else ("", "", line.body)
        first = at
        if value or key not in {"cards", *page.words.lists}:
            at = _end(page, lines, at, line.indent + len(mark) * bool(key), value)
        yield _Row(line, first, mark, key, value, tuple(lines[first:at]))


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


class _Outline:
    """The rows of a file on their way from the first to the last: in which card, in which list."""

    def __init__(self, page: Page, rows: list[_Row], head: int) -> None:
        self.words = page.words
        self.rows = rows
        self.places: list[_Place | None] = [None] * len(rows)
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
                self.places[number] = _Place(0, "", 0, "keys of the file")
        for number in range(head + 1, len(rows)):
            self.places[number] = self._place(number)
            if self.headless:
                break

    def _place(self, number: int) -> _Place | None:
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

    def _in_list(self, row: _Row) -> bool:
        """Whether a row stands where the items of the list above do."""
        return bool(self.list) and row.is_proper and row.line.indent == self.items

    def _keyed(self, number: int) -> _Place | None:
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
        if row.mark or abs(row.line.indent - self.items) <= abs(row.line.indent - self.key):
            is_twice = not row.mark and above.mark and row.key == above.key
            return None if is_twice else self._item(row)
        return self._key()

    def _keyless(self, row: _Row) -> _Place | None:
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

    def _item(self, row: _Row) -> _Place:
        self.item = row.column
        return _Place(self.items, "- ", self.card, "items of its list")

    def _head(self, number: int) -> _Place:
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

    def _start(self, number: int) -> _Place:
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
        return _Place(self.dash, mark, self.card, "cards")

    def _key(self) -> _Place:
        return _Place(self.key, "", self.card, "keys of its card")

    def _key_of(self, row: _Row) -> _Place:
        """Where a key belongs: to the card, or to the item above."""
        if self.list and row.key in self.words.leaf:
            of_item = row.line.indent == self.item != self.items + 2 or row.mark
            if of_item or abs(row.line.indent - self.key) > 1:
                return _Place(self.items + 2, "", self.card, "keys of its item")
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

    def _without_list(self, number: int) -> _Place | None:
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


def _without_head(page: Page, rows: list[_Row]) -> Straightened | None:
    """``cards:`` is not there: the first card shows where it should be."""
    for row in rows:
        if row.key and not (row.mark or row.value or row.more):
            return None  # it is there, and misspelt
        if row.key in page.words.kinds and row.mark:
            if row is rows[0]:
                return None
            start, end = row.line.place
            text = "\n".join(line.text for line in (row.line, *row.more))
            hint = f"The list of cards needs its name above it. Write:\ncards:\n{text}"
            mistake = Mistake(start, end, "missing-key", "a list without its `cards`", hint, None)
            return Straightened((mistake,), None, frozenset())
        if not row.key and (row.mark or "cards" in row.value):
            return None
    return None


# --- What is to be told -----------------------------------------------------------------------


class _Wrong(NamedTuple):
    """A row that is not as it should be, or (no place) a line that is no row at all."""

    row: _Row
    place: _Place | None
    code: str
    right: tuple[str, ...]


def _told(page: Page, rows: list[_Row], places: list[_Place | None]) -> Straightened | None:
    lines = page.text.split("\n")
    wrong = [
        found
        for number, (row, place) in enumerate(zip(rows, places, strict=True))
        if (found := _wrong(row, place) if place else _stray(page, rows, places, number))
    ]
    if not wrong:
        return None
    changed: set[int] = set()
    for one in wrong:
        lines[one.row.number - 1 : one.row.number - 1 + len(one.right)] = one.right
        changed.update(range(one.row.number, one.row.number + len(one.right)))
    cards = [place for place in places if place and place.what == "cards"]
    all_wrong = sum(one.place in cards for one in wrong) == len(cards) > 1
    mistakes = [_mistake(lines, group) for group in _groups(wrong, as_one=all_wrong)]
    return Straightened(tuple(mistakes), "\n".join(lines), frozenset(changed))


def _wrong(row: _Row, place: _Place) -> _Wrong | None:
    rest = row.rest
    if place.mark and not (row.key or row.mark or " #" in rest):
        rest = scalar(rest)
    right = " " * place.column + place.mark + rest
    if right == row.line.text:
        return None
    if place.mark and not row.mark:
        code = "missing-dash"
    elif row.mark and (not place.mark or row.mark.count("-") > 1):
        code = "extra-dash"
    elif row.mark == "-":
        code = "missing-space"
    elif row.mark and not row.is_proper:
        code = "wrong-dash"
    else:
        code = "indentation"
    by = place.column + len(place.mark) - row.column
    indents = [line.indent for line in row.more if line.body]
    if by > 0 and indents and min(indents) <= place.column + len(place.mark):
        more = [" " * by + line.text if line.body else line.text for line in row.more]
        return _Wrong(row, place, code, (right, *more))
    return _Wrong(row, place, code, (right,))


def _stray(page: Page, rows: list[_Row], places: list[_Place | None], number: int) -> _Wrong | None:
    """A line between cards that is neither a key nor part of a text: a heading, a rule, a table."""
    row = rows[number]
    first = re.match(r"[\w-]*", row.line.body)
    if (
        row.key
        or row.mark[:1] == "-"
        or row.value == "-"
        or not number
        or (first and first[0] in page.words.keys)
    ):
        return None
    above = rows[number - 1]
    adjacent = row.number == above.number + len(above.more) + 1
    apart = not adjacent or places[number - 1] is None or above.key in ("id", "cards")
    if not _RULE.fullmatch(row.line.text) and not (apart and row.line.indent <= 2):
        return None
    right = [f"{' ' * line.indent}# {line.body}" for line in (row.line, *row.more) if line.body]
    if len(right) != 1 + len(row.more):
        return None
    return _Wrong(row, None, "missing-colon", tuple(right))


def _groups(wrong: list[_Wrong], *, as_one: bool) -> Iterator[list[_Wrong]]:
    """The rows that one slip made wrong: of one card and one kind, and moved by as much. ``as_one``:
    whether all cards are wrong, which is then one slip, too."""
    group: list[_Wrong] = []
    for one in wrong:
        if group and not _is_one(group[-1], one, as_one=as_one):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _is_one(above: _Wrong, below: _Wrong, *, as_one: bool) -> bool:
    if above.code != below.code:
        return False
    if above.place is None or below.place is None:
        return below.row.number - above.row.number <= 1 + len(above.row.more)
    if above.place.card != below.place.card and not as_one:
        return False
    if above.code == "indentation":
        return _by(above) == _by(below)
    return above.place.what == below.place.what


def _by(one: _Wrong) -> int:
    return one.place.column - one.row.line.indent if one.place else 0


def _mistake(lines: list[str], group: list[_Wrong]) -> Mistake:
    """What a person is told of some rows; ``lines`` are those of the file as it should be."""
    first, last = group[0], group[-1]
    start, end = first.row.line.place
    right = lines[first.row.number - 1 : last.row.number - 1 + len(last.right)]
    message, hint = _words(first, len(group))
    if first.place is not None and first.code in (
        "missing-space",
        "wrong-dash",
        "missing-dash",
        "extra-dash",
    ):
        end = start + max(1, len(first.row.mark.rstrip()))
    if len(right) > _SHOWN:
        hint += " The first of them:"
        right = right[:1]
    else:
        hint += " Write:"
    return Mistake(start, end, first.code, message, "\n".join([hint.strip(), *right]), None)


def _words(one: _Wrong, count: int) -> tuple[str, str]:
    """The message for some rows, and the start of the hint."""
    if one.place is None:
        message = "a line that is no `key: text`" if count == 1 else "lines that are no `key: text`"
        return message, "Make it part of a card, or a comment, which no learner sees."
    here, there = one.row.line.indent + 1, one.place.column + 1
    match one.code:
        case "missing-dash":
            what = "Every card" if one.place.what == "cards" else "Every item of a list"
            message = "a dash is missing" if count == 1 else "dashes are missing"
            return message, f"{what} begins with a dash and a space."
        case "extra-dash":
            message = "a dash too many" if count == 1 else "dashes too many"
            return message, "One dash begins a card or a step; its other keys have none."
        case "missing-space":
            return "no space after the dash", "YAML knows a dash by the space after it."
        case "wrong-dash":
            message = "a list item that begins with another sign than -"
            return message, "Every item of a list begins with a dash and a space."
    hint = f"It starts in column {here}, the {one.place.what} in column {there}."
    if count > 1:
        side = "right" if _by(one) < 0 else "left"
        columns = "1 column" if abs(_by(one)) == 1 else f"{abs(_by(one))} columns"
        hint = f"These {count} lines stand {columns} too far {side}."
    return "the indentation is off", hint
