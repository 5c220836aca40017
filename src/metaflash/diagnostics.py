"""A problem in a teacher's file, where it stands, and the four ways to show it.

Everything above this module only *describes* problems; nothing but the command
line prints them. Places are kept as character offsets into the text that was read;
lines and columns (1-based, counted in characters) are worked out when asked for.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from textwrap import wrap
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]

EXCERPT_WIDTH = 100
"""A longer source line is shown as this many columns around the place, where no terminal says how
many there are."""

_NARROWEST = 16
"""Columns that an excerpt has at least, whatever the terminal says."""

CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)
"""A line that git puts into a file where two branches changed the same."""


class Source:
    """A text file as it was read: ``path`` as the user would write it, Unix line ends.

    ``shown`` is the text for excerpts where it differs from the text that was parsed:
    after a slip has been mended for the rest of the reading, the teacher still sees
    what the file says.
    """

    __slots__ = ("_lines", "_starts", "path", "shown", "text")

    def __init__(self, path: str, text: str, shown: str | None = None) -> None:
        self.path = path
        self.text = text
        self.shown = text if shown is None else shown
        self._starts: list[int] | None = None
        self._lines: list[str] | None = None

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column of a character offset."""
        if self._starts is None:
            self._starts = [0, *(m.end() for m in re.finditer("\n", self.text))]
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line (1-based) as the file has it, without its end."""
        if self._lines is None:
            self._lines = self.shown.split("\n")
        return self._lines[number - 1] if number <= len(self._lines) else ""


class Span(NamedTuple):
    """A stretch of a source: from ``start`` up to, not including, ``end``."""

    source: Source
    start: int
    end: int

    def __str__(self) -> str:
        line, column = self.source.position(self.start)
        return f"{self.source.path}:{line}:{column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem. ``message`` is the one phrase to show where only one can be shown;
    ``hint`` says why, or what to write instead, and may have several lines."""

    span: Span
    severity: Severity
    code: str
    message: str
    hint: str = ""

    @property
    def place(self) -> tuple[int, int, int, int]:
        """Line, column, end line and end column, 1-based; the end is exclusive."""
        position = self.span.source.position
        return position(self.span.start) + position(max(self.span.start, self.span.end))


def has_errors(problems: Iterable[Diagnostic]) -> bool:
    """Whether one of the problems is more than a warning."""
    return any(problem.severity == "error" for problem in problems)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, empty if none is near.

    Letters in common are not enough, as `description` and `section` have them: less than half of
    the letters may have to change, unless one of the two stands in the other.
    """
    from rapidfuzz.distance import OSA

    typed = word.lower()
    by_lower = {name.lower(): name for name in sorted(known)}
    for near in get_close_matches(typed, by_lower, n=3, cutoff=0.6):
        changes = OSA.distance(typed, near)
        if near in typed or typed in near or changes <= 0.44 * max(len(typed), len(near)):
            return by_lower[near]
    return ""


# --- Showing -----------------------------------------------------------------------

Paint = Callable[[str, str], str]
"""Colours a piece of text for its role: ``error``, ``warning``, ``place`` or ``quiet``."""


def plain(text: str, _role: str) -> str:
    """The paint that leaves every text as it is."""
    return text


class Page(NamedTuple):
    """What problems are shown on: how many ``columns`` a terminal has, 0 where lines may have any
    length, and ``letters``, which gives a text as it will come out there."""

    columns: int = 0
    letters: Callable[[str], str] = str


PAPER = Page()
"""A file, a pipe: lines of any length, all letters."""


def render(
    diagnostics: Iterable[Diagnostic], form: str, paint: Paint = plain, page: Page = PAPER
) -> str:
    """All diagnostics in one of the formats ``text``, ``short``, ``json``, ``github``.

    Diagnostics keep the order they are given in. The result ends without a line end, and
    is empty (``[]`` for JSON) where there is nothing to show. Of the page only ``text`` takes note.
    """
    if form == "json":
        return json.dumps([as_json(d) for d in diagnostics], indent=2)
    if form == "github":
        return "\n".join(_as_github(d) for d in diagnostics)
    if form == "short":
        return "\n".join(_headline(d, paint, always=True) for d in diagnostics)
    return "\n\n".join(_as_text(d, paint, page) for d in diagnostics)


def fitted(lines: Sequence[str], columns: int, paint: Paint = plain) -> Iterator[str]:
    """The lines of a hint, prose indented and wrapped at words. What a teacher is to write is never
    wrapped: it stands behind a colon and two spaces, or below a line that ends with a colon; there it
    has the margin of the excerpt, so that its columns can be held against those in the file."""
    sample = False
    for line in lines:
        prose, colon, behind = line.partition(":  ")
        is_prose = line[:1].isupper() and (bool(colon) or line.endswith((".", "?", "!", ":")))
        sample = sample and not is_prose
        if sample:
            yield f"{paint(_MARGIN, 'quiet')} {line}"
        elif columns <= 0 or not is_prose or _width(line) + 2 <= columns:
            yield f"  {line}" if line else ""
        else:
            words = prose + colon.rstrip()
            wrapped = wrap(
                words, max(columns - 2, 1), break_long_words=False, break_on_hyphens=False
            )
            yield from (f"  {row}" for row in wrapped)
            if behind:
                yield f"    {behind}"
        sample = sample or line.endswith(":")


_MARGIN = " " * 5 + " |"
"""What stands before a line that is not in the file yet, where others have their number."""


def visible(text: str) -> str:
    """The text with every control or direction-changing character spelled out, so that
    a file's content or name cannot command the terminal that shows it."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_spelled(c) if unicodedata.category(c) in _UNSHOWABLE else c for c in text)


_UNSHOWABLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _spelled(character: str) -> str:
    return "\\t" if character == "\t" else f"\\u{{{ord(character):x}}}"


def _headline(problem: Diagnostic, paint: Paint, *, always: bool = False) -> str:
    line, column, _, _ = problem.place
    source = problem.span.source
    at = (
        f":{line}:{column}" if source.text or always else ""
    )  # of a file as a whole there is no line
    place = paint(visible(f"{source.path}{at}"), "place")
    severity = paint(f"{problem.severity}:", problem.severity)
    return f"{place}: {severity} {visible(problem.message)} {paint(f'[{problem.code}]', 'quiet')}"


def _as_text(problem: Diagnostic, paint: Paint, page: Page) -> str:
    parts = [_headline(problem, paint), *excerpt(problem, paint, page)]
    if problem.hint:
        lines = [page.letters(visible(line)) for line in problem.hint.rstrip().split("\n")]
        parts += fitted(lines, page.columns, paint)
    return "\n".join(parts)


def excerpt(problem: Diagnostic, paint: Paint = plain, page: Page = PAPER) -> list[str]:
    """The source line with its number, and carets under the exact place; nothing of an empty line."""
    line, column, end_line, end_column = problem.place
    content = problem.span.source.line(line)
    if not content.strip():
        return []
    stop = end_column - 1 if end_line == line else len(content)
    begin = min(column - 1, len(content))
    stop = max(begin + 1, min(stop, len(content)))
    number = f"{line:>5} |"
    cells = [page.letters(visible(character)) for character in content]
    before_cut, after_cut = page.letters("… "), page.letters(" …")
    room = EXCERPT_WIDTH
    if page.columns:
        room = max(_NARROWEST, page.columns - len(number) - 1)
        if _width("".join(cells)) > room:
            room -= _width(before_cut + after_cut)
    left, right = _window([_width(cell) for cell in cells], begin, room)
    before = (before_cut if left else "") + "".join(cells[left:begin])
    marked = "".join(cells[begin : min(stop, right)])
    after = "".join(cells[stop:right]) + (after_cut if right < len(cells) else "")
    carets = " " * _width(before) + "^" * max(1, _width(marked))
    return [
        f"{paint(number, 'quiet')} {before}{marked}{after}",
        f"{paint(' ' * (len(number) - 1) + '|', 'quiet')} {paint(carets, problem.severity)}",
    ]


def _window(widths: Sequence[int], begin: int, room: int) -> tuple[int, int]:
    """From where to where cells of some widths are shown, so that they fit into the room, the one
    at ``begin`` about in the middle."""
    if sum(widths) <= room:
        return 0, len(widths)
    left, used = begin, 0
    while left and used + widths[left - 1] <= room // 2:
        left -= 1
        used += widths[left]
    right = begin
    while right < len(widths) and used + widths[right] <= room:
        used += widths[right]
        right += 1
    while left and used + widths[left - 1] <= room:
        left -= 1
        used += widths[left]
    return left, right


def _width(text: str) -> int:
    """How many terminal columns a text takes: wide characters two, combining ones none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def as_json(problem: Diagnostic) -> dict[str, str | int]:
    """A problem as an object of the JSON format; lines and columns are 1-based."""
    line, column, end_line, end_column = problem.place
    return {
        "path": problem.span.source.path,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
    }


def _as_github(problem: Diagnostic) -> str:
    """A workflow command, as GitHub's documentation has it under "Workflow commands"."""
    line, column, end_line, end_column = problem.place
    where = {"file": problem.span.source.path, "line": line, "endLine": end_line, "col": column}
    if end_line == line:  # GitHub ignores the columns of a place of several lines
        where["endColumn"] = end_column
    where["title"] = problem.code
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in where.items())
    body = problem.message + (f"\n{problem.hint}" if problem.hint else "")
    return f"::{problem.severity} {properties}::{_data(body)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
