"""Slips between the texts: indentation, dashes, colons after keys."""

from __future__ import annotations

import re

from metaflash import wrapped
from metaflash.lines import Line, Mistake, Page, scalar
from metaflash.quoting import hash_above

_TIGHT_KEY = re.compile(r"(?P<lead> *(?:- +)*)(?P<key>[A-Za-z][\w-]*):(?P<value>[^\s/].*)$")
_TIGHT_DASH = re.compile(r"(?P<indent> *)-(?P<key>[a-z][\w-]*):(?: |$)")
_OTHER_DASH = re.compile(r"(?P<indent> *)[–—−•·*] *(?P<key>[a-z][\w-]*):(?: |$)")
_OTHER_COLON = re.compile(
    r"(?P<lead> *(?:- +)*)(?P<key>[a-z][\w-]*)(?: *(?:[：;]|=(?!=)) *| +:(?=\S)| +)(?P<value>\S.*)$"
)
_BARE_KEY = re.compile(r"(?P<lead> *(?:- +)*)(?P<key>[a-z][\w-]*)$")


def typing_slip(page: Page, line: Line) -> Mistake | None:
    """A slip at a key or a dash, on the line where the parser gave up or up to five above it."""
    candidate: Line | None = line
    for _ in range(6):
        if candidate is None:
            return None
        if mistake := _dash(page, candidate) or _colon(page, candidate):
            return mistake
        if mistake := _quoted_item(page, candidate):
            return mistake
        candidate = page.above(candidate)
    return None


def _quoted_item(page: Page, line: Line) -> Mistake | None:
    """``- "shed: A cell is ==shed=="``: an item with its key inside of the quotes."""
    found = re.fullmatch(r"( *- )([\"'])([a-z0-9-]+: .*)\2", line.text.rstrip())
    if not found:
        return None
    message = "quotes around a key and its text"
    place = line.place
    right = found[1] + found[3]
    return _rewritten(page, line, right, place=place, code="key-not-text", message=message)


def _dash(page: Page, line: Line) -> Mistake | None:
    """``-fact: …``, ``– fact: …``: a dash without its space, or no dash at all."""
    start, _ = line.place
    tight = _TIGHT_DASH.match(line.text)
    if tight and (tight["key"] in page.words.keys or line.indent in _list_columns(page, line)):
        right = f"{tight['indent']}- {line.body[1:]}"
        message = "no space after the dash"
        place = start, start + 1
        return _rewritten(page, line, right, place=place, code="missing-space", message=message)
    if (other := _OTHER_DASH.match(line.text)) and other["key"] in page.words.keys:
        right = f"{other['indent']}- {line.text[other.start('key') :]}"
        message = "a list item that begins with another sign than -"
        place = start, start + 1
        return _rewritten(page, line, right, place=place, code="wrong-dash", message=message)
    keyed = line.keyed
    if keyed and not line.is_item and keyed.key in page.words.kinds:
        indent = " " * line.indent
        above = page.above(line)
        begins_list = above and above.keyed and above.indent < line.indent and not above.keyed.value
        if begins_list or re.search(rf"^{indent}- ", page.text, re.MULTILINE):
            right = f"{indent}- {line.body}"
            place = start, start + 1
            message = "a dash is missing"
            return _rewritten(page, line, right, place=place, code="missing-dash", message=message)
    return None


def _colon(page: Page, line: Line) -> Mistake | None:
    """``id leaf``, ``id:leaf``, ``cards``: a key without its colon, or without the space after."""
    if (tight := _TIGHT_KEY.match(line.text)) and tight["key"] in page.words.keys:
        return tight_key(page, line)
    for form in (_OTHER_COLON, _BARE_KEY):
        bare = form.match(line.text)
        if bare and bare["key"] in page.words.keys and not _is_sentence(page, line):
            if wrapped.goes_on(page, line, bare["key"], bare.groupdict().get("value") or ""):
                return wrapped.indented(page, line)
            value = re.sub("^[-–—]+ +", "", bare.groupdict().get("value") or "")
            right = f"{bare['lead']}{bare['key']}:{f' {value}' if value else ''}"
            message = f"`{bare['key']}` without its colon"
            return _rewritten(
                page, line, right, place=line.place, code="missing-colon", message=message
            )
    return None


def _is_sentence(page: Page, line: Line) -> bool:
    """Whether a line goes on with the text above it: it stands deeper than that text's key."""
    above = page.keyed_above(line)
    if line.is_item or above is None or above.keyed is None:
        return False
    return bool(above.keyed.value) and line.indent > above.keyed.column


def tight_key(page: Page, line: Line) -> Mistake | None:
    """``id:leaf``: no space after the colon of a key."""
    tight = _TIGHT_KEY.match(line.text)
    if tight is None:
        return None
    at = line.start + tight.end("key")
    right = f"{tight['lead']}{tight['key']}: {tight['value']}"
    message = "no space after the colon"
    return _rewritten(page, line, right, place=(at, at + 1), code="missing-space", message=message)


def arrow_without_dash(page: Page, line: Line) -> Mistake | None:
    """``sugar -> starch`` among the arrows of a picture."""
    above = page.keyed_above(line)
    if line.is_item or not re.search("->|→", line.body) or above is None or above.keyed is None:
        return None
    columns = _list_columns(page, line)
    if above.keyed.key != "arrows" or not columns or columns[0] < above.keyed.column:
        return None
    start, _ = line.place
    body = line.body if " #" in line.body else scalar(line.body)  # it may end with a comment
    right = f"{' ' * columns[0]}- {body}"
    message = "a dash is missing"
    place = start, start + 1
    return _rewritten(page, line, right, place=place, code="missing-dash", message=message)


def no_key(page: Page, line: Line) -> Mistake:
    """A line that is neither a key nor part of the text above."""
    if mistake := tight_key(page, line) or hash_above(page, line):
        return mistake
    if line.is_item:
        hint = f"After the dash comes a word, a colon and a space:  - its-id: {line.body[2:]}"
        message = "a list item without its key"
        return Mistake(*line.place, "missing-colon", message, hint, None)
    if mistake := wrapped.key_meant(page, line) or wrapped.indented(page, line):
        return mistake
    message = "a line that is no `key: text`"
    hint = "If the text above goes on here, indent it deeper than that text's key."
    return Mistake(*line.place, "missing-colon", message, hint, None)


def is_stray(page: Page, line: Line) -> bool:
    """Whether a line without a key does not go on with the text of the key above it."""
    if line.is_item:
        return True
    above = page.keyed_above(line)
    return above is None or above.keyed is None or line.indent <= above.keyed.column


def indentation(page: Page, line: Line) -> Mistake | None:
    """A line that stands a little left or right of where the lines above say it should."""
    if not line.body:
        return None
    if mistake := _missing_dash(page, line):
        return mistake
    if not line.keyed and (mistake := hash_above(page, line)):
        return mistake
    if not page.has_known_key(line) and (mistake := _below_deeper(page, line)):
        return mistake
    above = page.keyed_above(line)
    if above is None or above.keyed is None:
        return _first_line(page, line)
    columns = _list_columns(page, line) if line.is_item else [above.keyed.column]
    column = min(columns, key=lambda c: abs(c - line.indent), default=line.indent)
    if column == line.indent:
        return None
    right = " " * column + line.body
    hint = (
        f"It starts in column {line.indent + 1}; the lines it belongs to start in column"
        f" {column + 1}. Write:\n{above.text}\n{right}"
    )
    message = "the indentation is off"
    mended = page.with_line(line, right)
    return Mistake(*line.place, "indentation", message, hint, mended)


def _below_deeper(page: Page, line: Line) -> Mistake | None:
    """A text below ``>-`` whose first line stands deeper than one after it."""
    first = page.above(line, comments=True)
    while first and first.indent > line.indent and (above := page.above(first, comments=True)):
        keyed = above.keyed
        if keyed and re.match(r"[>|][-+]?$", keyed.value) and keyed.column < line.indent:
            right = " " * line.indent + first.body
            hint = f"The first line below {keyed.value} sets the column of the text. Write:\n"
            hint += f"{above.text}\n{right}"
            message = "the first line of a text stands deeper than the others"
            mended = page.with_line(first, right)
            return Mistake(*first.place, "indentation", message, hint, mended)
        first = above
    return None


def unknown_indentation(line: Line) -> Mistake:
    """A line in a wrong column, and no telling which is the right one."""
    hint = "Let it start in the same column as the other keys of its card."
    return Mistake(*line.place, "indentation", "the indentation is off", hint, None)


def first_line_indented(page: Page) -> Mistake | None:
    """The file's first key stands further right than its second."""
    first = page.line(len(page.text) - len(page.text.lstrip()))
    return _first_line(page, first) if first.indent else None


def _first_line(page: Page, line: Line) -> Mistake | None:
    if not line.indent:
        return None
    hint = f"The keys of a file start in column 1. Write:  {line.body}"
    mended = page.with_line(line, line.body)
    message = "the indentation is off"
    return Mistake(*line.place, "indentation", message, hint, mended)


def _missing_dash(page: Page, line: Line) -> Mistake | None:
    """``fact: …`` in the column of the dashes, or at a step's dash: a new item without its dash."""
    keyed = line.keyed
    if not keyed or line.is_item:
        return None
    for column in _list_columns(page, line):
        at_the_dash = keyed.column == column and keyed.key not in page.words.keys
        if at_the_dash or (keyed.key in page.words.kinds and column <= keyed.column <= column + 1):
            right = f"{' ' * column}- {line.body}"
            start, _ = line.place
            return _rewritten(
                page,
                line,
                right,
                place=(start, start + 1),
                code="missing-dash",
                message="a dash is missing",
            )
    return None


def _list_columns(page: Page, line: Line) -> list[int]:
    """The columns (from 0) of the list items above the line, the nearest first."""
    columns: list[int] = []
    above = page.above(line)
    while above and len(columns) < 50:
        if above.is_item:
            columns.append(above.indent)
        above = page.above(above)
    return columns


def _rewritten(
    page: Page, line: Line, right: str, *, place: tuple[int, int], code: str, message: str
) -> Mistake:
    """A mistake that another line in its place mends."""
    mended = page.with_line(line, right)
    return Mistake(*place, code, message, f"Write:  {right.strip()}", mended)
