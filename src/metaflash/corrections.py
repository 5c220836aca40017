"""A line of a file as it should be: what a message offers to be written instead."""

from __future__ import annotations

import re

from metaflash.lines import Page, scalar
from metaflash.markup import Sentence
from metaflash.tree import Reading, Scalar

_SHORT = 100
"""Characters of a line that a message can repeat."""


def instead(word: Scalar, meant: str, reading: Reading) -> str:
    """The question whether another word was meant, and the line with it where that is short."""
    line = Page(reading.source.text).line(word.start)
    start, end = word.start - line.start, word.end - line.start
    right = f"{line.text[:start]}{meant}{line.text[end:]}".strip()
    is_short = end <= len(line.text) and len(right) <= _SHORT
    return f"Did you mean `{meant}`?" + (f" Write:  {right}" if is_short else "")


def rest_of_line(word: Scalar, reading: Reading) -> str:
    """A key with what stands behind it on its line, where that is short."""
    line = Page(reading.source.text).line(word.start)
    rest = line.text[word.start - line.start :].rstrip()
    return rest if len(rest) <= _SHORT else f"{word.text}: …"


_BLANK = re.compile(
    r"==(?:[0-9]+ *\|)?(?P<signs>.*?)(?:::.*)?==|\{\{c[0-9]+::(?P<braces>.*?)(?:::.*)?\}\}",
    re.DOTALL,
)


def without_marks(text: str, read: Sentence) -> str:
    """A text, as typed and as read, with its blanks filled in; empty if it is too long to repeat."""
    if len(text) > 10 * _SHORT:
        return ""
    for blank in reversed(read.blanks):
        if found := _BLANK.fullmatch(text[blank.start : blank.end]):
            answer = found["signs"] or found["braces"]
            text = f"{text[: blank.start]}{answer}{text[blank.end :]}"
    line = " ".join(text.split())
    return scalar(line) if len(line) <= _SHORT else ""
