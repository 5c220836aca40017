"""The slips of someone who has never seen YAML, as functions from a sound file to slipped ones.

A kind of slip is a function from a ``Page`` to all places where it can be made. Each place gives a
``Slip``: the slipped text, the sound text that was meant (the file as it was, unless the slip is to
write a sentence that needs quotes without them), and the lines where a person would look for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

TEXT_KEYS = {"fact", "ask", "answer", "term", "means", "extra", "note", "about", "process", "topic"}
NOT_STEPS = {
    "cards",
    "steps",
    "arrows",
    "boxes",
    "id",
    "tags",
    "section",
    "source",
    "picture",
    "was",
}


class Slip(NamedTuple):
    """A slipped text, what was meant, and the lines (from 1) that a message may point to."""

    text: str
    meant: str
    lines: frozenset[int]


class Row(NamedTuple):
    """A line of a sound file: where it stands (from 0), and ``indent - key: value`` in its parts.

    ``more`` are the lines below that go on with its value; ``list_of`` is the key of the list that
    it is an item of, or a key of such an item.
    """

    at: int
    text: str
    indent: str
    dash: str
    key: str
    value: str
    more: tuple[str, ...]
    list_of: str

    @property
    def lead(self) -> str:
        return self.indent + self.dash

    @property
    def deeper(self) -> str:
        return " " * (len(self.lead) + 2)

    @property
    def is_plain(self) -> bool:
        """Whether it is a text on one line, without quotes."""
        return bool(self.value) and not self.more and self.value[0] not in "'\"[{>|"

    @property
    def is_step(self) -> bool:
        return bool(self.dash) and self.list_of in ("steps", "boxes")

    @property
    def is_text(self) -> bool:
        """Whether it is a plain text of more than a word, that Markdown is read in."""
        return self.is_plain and " " in self.value and (self.key in TEXT_KEYS or self.is_step)


_ROW = re.compile(r"( *)((?:- )?)([A-Za-z][\w-]*):(?: (.*)|)$")
_ARROW = re.compile(r"( *)(- )()(.*)$")


class Page(NamedTuple):
    """A sound file and its rows; blank lines, comments, and lines that go on are no rows."""

    lines: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    def cards(self) -> list[tuple[Row, ...]]:
        """The rows of each card."""
        found: list[list[Row]] = []
        for row in self.rows:
            if row.list_of == "cards" and row.dash:
                found.append([])
            if found:
                found[-1].append(row)
        return [tuple(card) for card in found]

    def put(self, row: Row, *lines: str, looked: tuple[int, ...] = (0,), meant: str = "") -> Slip:
        """A slip that writes other lines in place of a row (and those that go on with it).

        ``looked`` are the lines where it may be found, counted from the row's.
        """
        text = self.with_(row, *lines)
        return Slip(text, meant or self.text, frozenset(row.at + 1 + n for n in looked))

    def with_(self, row: Row, *lines: str) -> str:
        end = row.at + 1 + len(row.more)
        return "\n".join((*self.lines[: row.at], *lines, *self.lines[end:])) + "\n"

    def value(self, row: Row, value: str, meant: str = "") -> Slip:
        """A slip in a value; ``meant`` is the text that was meant, if not what stood there."""
        right = self.with_(row, f"{row.lead}{row.key}: {quoted(meant)}") if meant else ""
        return self.put(row, f"{row.lead}{row.key}: {value}", meant=right)


def page(text: str) -> Page:
    """A sound file in its rows."""
    lines = tuple(text.rstrip("\n").split("\n"))
    rows: list[Row] = []
    lists: list[tuple[int, str]] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        found = _ROW.match(line) or _ARROW.match(line)
        if not line.strip() or line.lstrip().startswith("#") or not found:
            at += 1
            continue
        indent, dash, key, value = found[1], found[2], found[3], found[4] or ""
        column = len(indent) + len(dash)
        while lists and lists[-1][0] >= column:
            lists.pop()
        end = at + 1
        if value or not key or key not in ("cards", "steps", "arrows", "boxes"):
            while end < len(lines) and re.match(" " * (column + 1), lines[end]):
                end += 1
        more = lines[at + 1 : end]
        rows.append(Row(at, line, indent, dash, key, value, more, lists[-1][1] if lists else ""))
        if not value and not more:
            lists.append((column, key))
        at = end
    return Page(lines, tuple(rows))


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


Kind = Callable[[Page], Iterator[Slip]]
KINDS: dict[str, Kind] = {}


def kind(name: str) -> Callable[[Kind], Kind]:
    def add(function: Kind) -> Kind:
        assert name not in KINDS
        KINDS[name] = function
        return function

    return add


def middle(text: str) -> int:
    """A space near the middle of a text that stands in no blank; -1 if there is none."""
    outside = re.sub(r"==.*?==|`.*?`|\$.*?\$", lambda m: "x" * len(m[0]), text)
    spaces = [at for at, c in enumerate(outside) if c == " " and outside[at - 1] not in ".,:;->"]
    return min(spaces, key=lambda at: abs(at - len(text) / 2), default=-1)


def each_text(name: str, slip: Callable[[str], tuple[str, str] | None]) -> None:
    """A kind that changes plain texts: what is typed, and what was meant (if not what stood there)."""

    def function(page: Page) -> Iterator[Slip]:
        for row in page.rows:
            if "quote" in name and re.search("[\"']", row.value):
                continue  # with further quotes in it, nobody can say which are meant
            if row.is_text and (found := slip(row.value)):
                yield page.value(row, *found)

    KINDS[name] = function


def each_row(
    name: str,
    slip: Callable[[Row], list[str] | str | None],
    looked: tuple[int, ...] = (0,),
) -> None:
    """A kind that writes other lines in place of a row."""

    def function(page: Page) -> Iterator[Slip]:
        for row in page.rows:
            found = slip(row)
            if found is not None and found != row.text:
                lines = [found, *row.more] if isinstance(found, str) else found
                yield page.put(row, *lines, looked=looked)

    KINDS[name] = function


# --- In a sentence ------------------------------------------------------------------------


def _at_middle(insert: str) -> Callable[[str], tuple[str, str] | None]:
    def slip(value: str) -> tuple[str, str] | None:
        at = middle(value)
        new = value[:at] + insert + value[at:]
        return (new, new) if at > 0 else None

    return slip


def _before(sign: str) -> Callable[[str], tuple[str, str]]:
    return lambda value: (sign + value, sign + value)


def _around_first(left: str, right: str) -> Callable[[str], tuple[str, str] | None]:
    def slip(value: str) -> tuple[str, str] | None:
        first, _, rest = value.partition(" ")
        new = f"{left}{first}{right} {rest}"
        return (new, new) if "=" not in first and first.isalnum() else None

    return slip


each_text("colon in a sentence", _at_middle(":"))
each_text("two colons in a sentence", _at_middle(": so:"))
each_text("hash in a sentence", _at_middle(" #1"))
each_text("hash and a space in a sentence", _at_middle(" # of"))
each_text("colon and hash in a sentence", _at_middle(": the #1"))
each_text("double quotes around the first word", _around_first('"', '"'))
each_text("single quotes around the first word", _around_first("'", "'"))
each_text("double quote not closed", lambda v: (f'"{v}', ""))
each_text("single quote not closed", lambda v: (f"'{v}", ""))
each_text("curly quote closes a straight one", lambda v: (f'"{v}”', ""))
each_text("apostrophe at the start", _before("'Tis "))
each_text("curly quotes around the text", lambda v: (f"“{v}”", f"“{v}”"))
each_text(
    "single quotes with an apostrophe inside", lambda v: (f"'{v}, it's said'", f"{v}, it's said")
)
each_text(
    "double quotes with double quotes inside",
    lambda v: (f'"{v}, the "seed" said"', f'{v}, the "seed" said'),
)
each_text("formula in double quotes", lambda v: (f'"{v} $\\alpha$"', f"{v} $\\alpha$"))
each_text("quotes and a full stop behind", lambda v: (f'"{v}".', f"{v}."))
each_text("quotes and a comma behind", lambda v: (f'"{v}",', ""))
for _sign, _start in {
    "@": "@home ", "`": "`x` ", "%": "%5 of ", "&": "&co ", "!": "!Note ", "*": "*Breast* ",
    "**": "**Breast** ", "?": "? ", "|": "| ", ">": "> 5 cm ", ">5": ">5 cm ", "[": "[sic] ",
    "]": "] ", "{": "{so} ", "}": "} ", ",": ", and ", "-": "- ", "#": "#1 ", "# ": "# 1 ", ":": ": ",
}.items():  # fmt: skip
    each_text(f"{_sign} at the start", _before(_start))
each_text("text in brackets", lambda v: (f"[{v}]", f"[{v}]"))
each_text("text in braces", lambda v: (f"{{{v}}}", f"{{{v}}}"))
each_text("tab in a sentence", lambda v: (v.replace(" ", "\t", 1), ""))
each_text(
    "no-break space in a sentence", lambda v: (v.replace(" ", "\xa0", 1), v.replace(" ", "\xa0", 1))
)
each_text("trailing spaces", lambda v: (v + "   ", ""))
each_text("trailing tab", lambda v: (v + "\t", ""))
each_text("comment with one space", lambda v: (f"{v} # to do", ""))
each_text("comment without spaces", lambda v: (f"{v} #todo", ""))
each_text("slashes as a comment", lambda v: (f"{v}  // so", f"{v}  // so"))


# --- Blanks -------------------------------------------------------------------------------


def each_blank(name: str, slip: Callable[[str], str], *, keep_first: bool = False) -> None:
    """A kind that changes a blank of a sentence."""

    def function(page: Page) -> Iterator[Slip]:
        for row in page.rows:
            text = "\n".join((row.text, *row.more))
            for found in re.finditer(r"==(?=\S)([^=\n|]+?)(?<=\S)==", text):
                if "::" in found[1] or (keep_first and text.count("==") > 2):
                    continue
                new = text[: found.start()] + slip(found[1]) + text[found.end() :]
                line = text.count("\n", 0, found.start())
                yield page.put(row, *new.split("\n"), looked=(line,))

    KINDS[name] = function


each_blank("blank not closed", lambda a: f"=={a}")
each_blank("blank not opened", lambda a: f"{a}==")
each_blank("spaces in the marks", lambda a: f"== {a} ==", keep_first=True)
each_blank("space after the mark", lambda a: f"== {a}==")
each_blank("space before the mark", lambda a: f"=={a} ==")
each_blank("three equals signs", lambda a: f"==={a}===")
each_blank("single equals signs", lambda a: f"={a}=", keep_first=True)
each_blank("closed by one sign", lambda a: f"=={a}=")
each_blank("no answer before the hint", lambda _: "==::hint==")
each_blank("no hint", lambda a: f"=={a}::==")
each_blank("two hints", lambda a: f"=={a}::one::two==")
each_blank("empty blank", lambda _: "====")
each_blank("underscores", lambda _: "____", keep_first=True)
each_blank("Anki mark not closed", lambda a: f"{{{{c1::{a}}}")
each_blank("blank in a blank", lambda a: f"=={a} ==in== it==")


@kind("Anki mark at the start")
def _cloze_first(page: Page) -> Iterator[Slip]:
    for row in page.rows:
        if row.is_text and (found := re.match(r"==([^=:|]+)==", row.value)) and row.key == "fact":
            yield page.value(row, f"{{{{c1::{found[1]}}}}}{row.value[found.end() :]}")


# --- Keys ---------------------------------------------------------------------------------

_KNOWN = {*TEXT_KEYS, "cards", "steps", "arrows", "boxes", "id", "tags", "section", "picture"}


def each_key(name: str, slip: Callable[[Row], str | None], looked: tuple[int, ...] = (0,)) -> None:
    """A kind that writes a known key, and what is around it, in another way."""
    each_row(name, lambda row: slip(row) if row.key in _KNOWN and not row.is_step else None, looked)


def _valued(form: str) -> Callable[[Row], str | None]:
    def slip(row: Row) -> str | None:
        return row.lead + form.format(k=row.key, v=row.value) if row.value else None

    return slip


each_key("no space after the colon", _valued("{k}:{v}"))
each_key("colon forgotten", _valued("{k} {v}"))
each_row(
    "comma for a needed colon",
    lambda r: (
        f"{r.lead}{r.key}, {r.value}"
        if r.key in ("answer", "means") and r.value[:1].isalnum() and not r.more
        else None
    ),
)
each_key("full-width colon", _valued("{k}：{v}"))
each_key("full-width colon and a space", _valued("{k}： {v}"))
each_key("semicolon for a colon", _valued("{k}; {v}"))
each_key("equals sign for a colon", _valued("{k} = {v}"))
each_key("space before the colon", _valued("{k} : {v}"))
each_key("space on the wrong side of the colon", _valued("{k} :{v}"))
each_key("colon twice", _valued("{k}:: {v}"))
each_key("tab after the colon", _valued("{k}:\t{v}"))
each_key("no-break space after the colon", _valued("{k}:\xa0{v}"))
each_key(
    "colon forgotten before a list", lambda r: None if r.value or r.more else f"{r.lead}{r.key}"
)
each_key(
    "key capitalised", lambda r: f"{r.lead}{r.key.capitalize()}:{' ' * bool(r.value)}{r.value}"
)
each_key("key in capitals", lambda r: f"{r.lead}{r.key.upper()}:{' ' * bool(r.value)}{r.value}")
each_key("key in quotes", lambda r: f'{r.lead}"{r.key}":{" " * bool(r.value)}{r.value}')
each_key("key in stars", lambda r: f"{r.lead}**{r.key}**:{' ' * bool(r.value)}{r.value}")
each_key(
    "key misspelt",
    lambda r: (
        f"{r.lead}{r.key[:-2]}{r.key[-1]}{r.key[-2]}:{' ' * bool(r.value)}{r.value}"
        if len(r.key) > 2
        else None
    ),
)
each_key("key misspelt by a letter", lambda r: f"{r.lead}{r.key}s:{' ' * bool(r.value)}{r.value}")
_GERMAN = {
    "fact": "Fakt", "ask": "Frage", "answer": "Antwort", "term": "Begriff", "means": "bedeutet",
    "process": "Ablauf", "steps": "Schritte", "cards": "Karten", "note": "Notiz", "arrows": "Pfeile",
}  # fmt: skip
each_key(
    "key in another language",
    lambda r: (
        f"{r.lead}{_GERMAN[r.key]}:{' ' * bool(r.value)}{r.value}" if r.key in _GERMAN else None
    ),
)
each_row(
    "key twice",
    lambda r: (
        [r.text, *r.more, " " * len(r.lead) + r.text[len(r.lead) :], *r.more]
        if r.value and r.key
        else None
    ),
    looked=(0, 1, 2, 3),
)
each_row(
    "text forgotten",
    lambda r: [f"{r.lead}{r.key}:"] if r.value and r.key and not r.is_step else None,
    (0, 1),
)
each_row(
    "needed key forgotten",
    lambda r: (
        []
        if r.key in ("answer", "means", "id", "steps", "cards", "arrows") and not r.dash
        else None
    ),
    tuple(range(-9, 3)),
)
KINDS.pop("needed key forgotten")


@kind("needed key forgotten")
def _forgotten(page: Page) -> Iterator[Slip]:
    for card in page.cards():
        for row in card[1:]:
            if row.key in ("answer", "means", "id"):
                start = card[0].at - row.at
                yield page.put(row, looked=tuple(range(start, 1)))


@kind("line above a list forgotten")
def _list_forgotten(page: Page) -> Iterator[Slip]:
    for row in page.rows:
        if row.key in ("cards", "steps", "arrows"):
            yield page.put(row, looked=(-2, -1, 0, 1, 2))


@kind("two lines joined")
def _joined(page: Page) -> Iterator[Slip]:
    for row, below in pairwise(page.rows):
        is_one_line = row.value and not row.more and below.at == row.at + 1
        if is_one_line and below.key and below.value and not (below.more or below.dash):
            lines = list(page.lines)
            lines[row.at : below.at + 1] = [f"{row.text} {below.key}: {below.value}"]
            yield Slip("\n".join(lines) + "\n", page.text, frozenset({row.at + 1}))


# --- Lines that go on ---------------------------------------------------------------------


def _split(row: Row) -> tuple[str, str] | None:
    at = middle(row.value) if row.is_text else -1
    return (row.value[:at], row.value[at + 1 :]) if at > 0 else None


def each_split(
    name: str, form: Callable[[Row, str, str], list[str]], looked: tuple[int, ...] = (0, 1)
) -> None:
    """A kind that goes on with a text on a further line."""
    each_row(name, lambda row: form(row, *found) if (found := _split(row)) else None, looked)


each_split("goes on in column 1", lambda r, a, b: [f"{r.lead}{r.key}: {a}", b])
each_split(
    "goes on in the key's column",
    lambda r, a, b: [f"{r.lead}{r.key}: {a}", f"{' ' * len(r.lead)}{b}"],
)
each_split(
    "goes on in the dash's column", lambda r, a, b: [f"{r.lead}{r.key}: {a}", f"{r.indent}{b}"]
)


@kind("goes on, and a colon in it")
def _colon_goes_on(page: Page) -> Iterator[Slip]:
    for row in page.rows:
        if found := _split(row):
            first, rest = found
            meant = page.with_(row, f"{row.lead}{row.key}: {quoted(f'{first}: {rest}')}")
            yield page.put(
                row, f"{row.lead}{row.key}: {first}:", row.deeper + rest, looked=(0, 1), meant=meant
            )


each_split("text below the key, in column 1", lambda r, a, b: [f"{r.lead}{r.key}:", f"{a} {b}"])
each_split(
    "text below the key, in its column",
    lambda r, a, b: [f"{r.lead}{r.key}:", f"{' ' * len(r.lead)}{a} {b}"],
)
each_split("text below >-, in column 1", lambda r, a, b: [f"{r.lead}{r.key}: >-", f"{a} {b}"])
each_split(
    "text below >-, in the key's column",
    lambda r, a, b: [f"{r.lead}{r.key}: >-", f"{' ' * len(r.lead)}{a}", f"{' ' * len(r.lead)}{b}"],
    (0, 1, 2),
)
each_split(
    "second line below >- in column 1",
    lambda r, a, b: [f"{r.lead}{r.key}: >-", r.deeper + a, b],
    (0, 1, 2),
)
each_split(
    "second line below >- in the key's column",
    lambda r, a, b: [f"{r.lead}{r.key}: >-", r.deeper + a, " " * len(r.lead) + b],
    (0, 1, 2),
)
each_split("text behind >-", lambda r, a, b: [f"{r.lead}{r.key}: >- {a} {b}"])
each_split("text behind >- and below", lambda r, a, b: [f"{r.lead}{r.key}: >- {a}", r.deeper + b])
each_split("text behind > and below", lambda r, a, b: [f"{r.lead}{r.key}: > {a}", r.deeper + b])
each_split(
    "second line below | deeper",
    lambda r, a, b: [f"{r.lead}{r.key}: |", r.deeper + a, f"{r.deeper}  {b}"],
)
each_split(
    "first line below >- deeper",
    lambda r, a, b: [f"{r.lead}{r.key}: >-", f"{r.deeper}  {a}", r.deeper + b],
    (0, 1, 2),
)
each_split(
    "first line below | deeper",
    lambda r, a, b: [f"{r.lead}{r.key}: |", f"{r.deeper}  {a}", r.deeper + b],
    (0, 1, 2),
)
each_split("quoted text goes on in column 1", lambda r, a, b: [f'{r.lead}{r.key}: "{a}', f'{b}"'])
each_row("sign >- forgotten", lambda r: [f"{r.lead}{r.key}:", *r.more] if r.value == ">-" else None)
each_row("> for >-", lambda r: [f"{r.lead}{r.key}: >", *r.more] if r.value == ">-" else None)
each_row("< for >-", lambda r: [f"{r.lead}{r.key}: <-", *r.more] if r.value == ">-" else None)
each_row("- > for >-", lambda r: [f"{r.lead}{r.key}: ->", *r.more] if r.value == ">-" else None)


# --- Indentation --------------------------------------------------------------------------


def _moved(by: int) -> Callable[[Row], list[str] | None]:
    def slip(row: Row) -> list[str] | None:
        if len(row.indent) + by < 0:
            return None
        return [" " * (len(row.indent) + by) + row.text.lstrip(), *row.more]

    return slip


_NEAR = (-1, 0, 1)


def each_moved(name: str, by: int) -> None:
    """Two kinds that move a key, or an item."""
    moved = _moved(by)
    each_row(
        f"{name}, key", lambda r: moved(r) if not r.dash and r.key and r.indent else None, _NEAR
    )
    each_row(f"{name}, item", lambda r: moved(r) if r.dash else None, _NEAR)


each_moved("a space too many", 1)
each_moved("two spaces too many", 2)
each_moved("a space too few", -1)
each_moved("two spaces too few", -2)
each_row(
    "key in column 1", lambda r: [r.text.lstrip(), *r.more] if r.indent and not r.dash else None
)
each_row("item in column 1", lambda r: [r.text.lstrip(), *r.more] if r.indent and r.dash else None)
each_row(
    "first key a space too many", lambda r: [" " + r.text, *r.more] if not r.indent else None, _NEAR
)
each_row(
    "two spaces after the dash",
    lambda r: [r.indent + "-  " + r.text[len(r.lead) :], *r.more] if r.dash else None,
    _NEAR,
)
each_row("tab as indentation", lambda r: ["\t" + r.text.lstrip(), *r.more] if r.indent else None)
each_row(
    "tab after the dash",
    lambda r: [r.indent + "-\t" + r.text[len(r.lead) :], *r.more] if r.dash else None,
)
each_row(
    "no-break spaces as indentation",
    lambda r: ["\xa0" * len(r.indent) + r.text.lstrip(), *r.more] if r.indent else None,
)
each_row(
    "no-break space after the dash",
    lambda r: [r.indent + "-\xa0" + r.text[len(r.lead) :], *r.more] if r.dash else None,
)


@kind("tabs everywhere")
def _tabs(page: Page) -> Iterator[Slip]:
    text = re.sub("^ +", lambda m: "\t" * (len(m[0]) // 2), page.text, flags=re.MULTILINE)
    if text != page.text:
        yield Slip(text, page.text, frozenset(range(1, len(page.lines) + 1)))


def _shifted(page: Page, rows: tuple[Row, ...], by: int) -> Slip | None:
    first, last = rows[0].at, rows[-1].at + len(rows[-1].more)
    if any(
        len(line) - len(line.lstrip()) + by < 0 for line in page.lines[first : last + 1] if line
    ):
        return None
    lines = list(page.lines)
    for at in range(first, last + 1):
        if lines[at].strip():
            lines[at] = " " * (len(lines[at]) - len(lines[at].lstrip()) + by) + lines[at].lstrip()
    looked = frozenset({*range(first, last + 2), last + 2})
    return Slip("\n".join(lines) + "\n", page.text, looked)


@kind("a whole card a space too deep")
def _card_deep(page: Page) -> Iterator[Slip]:
    yield from filter(None, (_shifted(page, card, 1) for card in page.cards()))


@kind("a whole card two spaces too deep")
def _card_deeper(page: Page) -> Iterator[Slip]:
    yield from filter(None, (_shifted(page, card, 2) for card in page.cards()))


@kind("a whole card too far left")
def _card_left(page: Page) -> Iterator[Slip]:
    yield from filter(None, (_shifted(page, card, -2) for card in page.cards()))


@kind("all cards not indented")
def _cards_left(page: Page) -> Iterator[Slip]:
    cards = page.cards()
    yield from filter(None, [_shifted(page, tuple(row for card in cards for row in card), -2)])


@kind("list not indented")
def _list_left(page: Page) -> Iterator[Slip]:
    for row in page.rows:
        if row.key in ("steps", "arrows"):
            inside = []
            for below in page.rows[page.rows.index(row) + 1 :]:
                if len(below.indent) <= len(row.lead):
                    break
                inside.append(below)
            for by in (-2, -4):
                if inside and (slip := _shifted(page, tuple(inside), by)):
                    yield slip._replace(lines=slip.lines | {row.at + 1})


# --- Dashes -------------------------------------------------------------------------------


def each_dash(name: str, mark: str, looked: tuple[int, ...] = (0,)) -> None:
    """A kind that writes another mark for the dash."""

    def slip(row: Row) -> list[str] | None:
        return [row.indent + mark + row.text[len(row.lead) :], *row.more] if row.dash else None

    each_row(name, slip, looked)


each_dash("dash forgotten", "  ")
each_dash("dash and its column forgotten", "")
each_dash("no space after the dash", "-")
each_dash("en dash", "– ")
each_dash("em dash", "— ")
each_dash("bullet", "• ")
each_dash("asterisk", "* ")
each_dash("plus", "+ ")
each_dash("number", "1. ")
each_dash("number in brackets", "1) ")
each_dash("two dashes", "-- ")
each_dash("dash twice", "- - ")


@kind("dash before every key")
def _dashes(page: Page) -> Iterator[Slip]:
    for card in page.cards():
        lines = list(page.lines)
        rows = [row for row in card[1:] if len(row.indent) == len(card[0].lead) and not row.dash]
        for row in rows:
            lines[row.at] = card[0].lead + row.text[len(row.indent) :]
        if rows:
            yield Slip(
                "\n".join(lines) + "\n",
                page.text,
                frozenset(range(card[0].at + 1, card[-1].at + 2)),
            )


@kind("dash before one key")
def _one_dash(page: Page) -> Iterator[Slip]:
    for card in page.cards():
        for row in card[1:]:
            if len(row.indent) == len(card[0].lead) and not row.dash:
                yield page.put(
                    row, card[0].lead + row.text[len(row.indent) :], *row.more, looked=(0,)
                )


@kind("no dash in a whole list")
def _no_dashes(page: Page) -> Iterator[Slip]:
    for row in page.rows:
        if row.key in ("steps", "arrows", "cards"):
            lines = list(page.lines)
            items = [
                below
                for below in page.rows
                if below.list_of == row.key and below.dash and below.at > row.at
            ]
            for item in items:
                lines[item.at] = (
                    item.indent + "  " * (row.key == "cards") + item.text[len(item.lead) :]
                )
            looked = frozenset(range(row.at + 1, row.at + 20))
            yield Slip("\n".join(lines) + "\n", page.text, looked)


# --- Ids, tags, steps, arrows ---------------------------------------------------------------


def each_id(name: str, slip: Callable[[str], str]) -> None:
    """A kind that writes an id in a wrong way."""

    def function(page: Page) -> Iterator[Slip]:
        for row in page.rows:
            if row.key == "id" and row.list_of == "cards" and slip(row.value) != row.value:
                yield page.value(row, slip(row.value))
            elif row.is_step and slip(row.key) != row.key:
                yield page.put(row, f"{row.lead}{slip(row.key)}: {row.value}", *row.more)

    KINDS[name] = function


each_id("id with a capital", str.capitalize)
each_id("id with spaces", lambda i: i.replace("-", " "))
each_id("id with an underscore", lambda i: i.replace("-", "_"))
each_id("id with an umlaut", lambda i: i.replace("o", "ö", 1))
each_id("id with a dot behind", lambda i: i + ".")
each_id("id with an en dash", lambda i: i.replace("-", "–"))
each_id("id in brackets", lambda i: f"[{i}]")


@kind("id twice")
def _id_twice(page: Page) -> Iterator[Slip]:
    ids = [row for row in page.rows if row.key == "id" and row.list_of == "cards"]
    for first, second in pairwise(ids):
        yield page.value(second, first.value)


def each_card(name: str, key: str, value: str, meant: str) -> None:
    """A kind that writes a key behind a card's last, in a wrong way."""

    def function(page: Page) -> Iterator[Slip]:
        for card in page.cards():
            row = next(
                (r for r in card if r.key == "id" and len(r.indent) == len(card[0].lead)), None
            )
            if row and not any(r.key == key for r in card):
                yield page.put(
                    row, row.text, f"{row.indent}{key}: {value}",
                    looked=(1,), meant=page.with_(row, row.text, f"{row.indent}{key}: {meant}"),
                )  # fmt: skip

    KINDS[name] = function


each_card("tags without a list", "tags", "exam", "[exam]")
each_card("tags with commas", "tags", "exam, hard", "[exam, hard]")
each_card("tags with spaces", "tags", "exam hard", "[exam, hard]")
each_card("tag with a space", "tags", "[exam one]", "[exam_one]")
each_card("tags not closed", "tags", "[exam, hard", "[exam, hard]")
each_card("tags with hashes", "tags", "[#exam, #hard]", '["#exam", "#hard"]')
each_card("hash tags without a list", "tags", "#exam #hard", "[exam, hard]")
each_card("tags in round brackets", "tags", "(exam, hard)", "[exam, hard]")


def each_step(name: str, form: str, looked: tuple[int, ...] = (0,)) -> None:
    """A kind that writes a step in a wrong way."""

    def slip(row: Row) -> list[str] | None:
        return [row.lead + form.format(k=row.key, v=row.value), *row.more] if row.is_step else None

    each_row(name, slip, looked)


each_step("step in quotes", '"{k}: {v}"')
each_step("step without an id", "{v}")
each_step("step with a sentence as its id", "{v}: {k}")
each_step("step without the space", "{k}:{v}")
each_step("step without its colon", "{k} {v}")
each_step("step with a key for its sentence", "step: {v}")
each_step("step with id and text as keys", "id: {k}, text: {v}")


def each_arrow(name: str, arrow: str) -> None:
    """A kind that writes an arrow in another way."""

    def slip(row: Row) -> str | None:
        return row.text.replace(" -> ", arrow) if row.list_of == "arrows" and row.dash else None

    each_row(name, slip)


each_arrow("arrow without spaces", "->")


@kind("arrow the wrong way")
def _other_way(page: Page) -> Iterator[Slip]:
    for row in page.rows:
        if row.list_of == "arrows" and row.value.count(" -> ") == 1:
            left, right = row.value.split(" -> ")
            meant = page.with_(row, f"{row.lead}{right} -> {left}")
            yield page.put(row, row.text.replace(" -> ", " <- "), meant=meant)


each_arrow("long arrow", " --> ")
each_arrow("double arrow", " => ")
each_arrow("only a point", " > ")
each_arrow("only a dash", " - ")
each_arrow("a real arrow", " → ")
each_arrow("a comma for an arrow", ", ")
each_arrow("a colon for an arrow", ": ")


# --- Whole files ----------------------------------------------------------------------------


@kind("line ends of Windows")
def _crlf(page: Page) -> Iterator[Slip]:
    yield Slip(page.text.replace("\n", "\r\n"), page.text, frozenset())


@kind("line ends mixed")
def _mixed(page: Page) -> Iterator[Slip]:
    yield Slip(re.sub("(\n[^\n]*)\n", "\\1\r\n", page.text), page.text, frozenset())


@kind("no line end at the end")
def _no_end(page: Page) -> Iterator[Slip]:
    yield Slip(page.text.rstrip("\n"), page.text, frozenset())


@kind("spaces on blank lines")
def _blank(page: Page) -> Iterator[Slip]:
    text = re.sub("^$", "      ", page.text.rstrip("\n"), flags=re.MULTILINE) + "\n"
    yield Slip(text, page.text, frozenset())


@kind("byte order mark")
def _mark(page: Page) -> Iterator[Slip]:
    yield Slip("\ufeff" + page.text, page.text, frozenset())


@kind("zero-width space before a key")
def _zero_width(page: Page) -> Iterator[Slip]:
    for row in page.rows:
        if row.key:
            yield page.put(row, f"{row.lead}\u200b{row.text[len(row.lead) :]}", *row.more)


def each_gap(name: str, *lines: str, looked: tuple[int, ...] = (0,)) -> None:
    """A kind that puts lines before a card."""

    def function(page: Page) -> Iterator[Slip]:
        for card in page.cards():
            at = card[0].at
            new = [line.replace("  - ", f"{card[0].indent}- ") for line in lines]
            text = "\n".join((*page.lines[:at], *new, *page.lines[at:])) + "\n"
            yield Slip(text, page.text, frozenset(at + 1 + n for n in looked))

    KINDS[name] = function


each_gap("three dashes between cards", "---")
each_gap("three dots between cards", "...", looked=(0, 1))
each_gap("three stars between cards", "***")
each_gap("a line of equals signs", "==========")
each_gap("comment without a space", "#to do")
each_gap("comment in column 1", "# to do")
each_gap("comment with slashes", "  // to do")
each_gap("Markdown heading", "## The second part")
each_gap("plain heading", "The second part")
each_gap("plain heading, indented", "  The second part")
each_gap("cards again", "cards:")
each_gap("a topic between cards", "topic: Another topic", looked=(0, 1))
each_gap(
    "a table from Word", "Metastasis\tspread of a tumor", "Angiogenesis\tnew vessels", looked=(0, 1)
)
each_gap("web bullets", "• The liver is a site", "• The bone is a site", looked=(0, 1))
each_gap("pasted sentence", "  - The ==liver== is a common site.")
each_gap("JSON card, closed by a comma", '  - {"fact": "The ==liver== is one", "id": "x-y-z"},')


@kind("directive at the top")
def _directive(page: Page) -> Iterator[Slip]:
    for line in ("%YAML 1.2", "%5 of all"):
        yield Slip(f"{line}\n{page.text}", page.text, frozenset({1, 2}))
        yield Slip(f"{line}\n---\n{page.text}", page.text, frozenset({1, 2}))


@kind("fence of Markdown around it")
def _fence(page: Page) -> Iterator[Slip]:
    yield Slip(f"```yaml\n{page.text}```\n", page.text, frozenset({1, len(page.lines) + 2}))


@kind("JSON keys and commas")
def _json(page: Page) -> Iterator[Slip]:
    for row in page.rows:
        if row.is_text and row.list_of == "cards" and '"' not in row.value:
            yield page.put(row, f'{row.lead}"{row.key}": "{row.value}",')
