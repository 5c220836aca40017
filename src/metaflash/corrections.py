"""A line of a file as it should be: what a message offers to be written instead."""

from __future__ import annotations

import re

from metaflash.lines import scalar
from metaflash.markup import Sentence
from metaflash.tree import Reading, Scalar

_SHORT = 100
"""Characters of a line that a message can repeat."""


def instead(word: Scalar, meant: str, reading: Reading) -> str:
    """The question whether another word was meant, and the line with it where that is short."""
    text = reading.source.text
    line = (
        f"{text[_start(text, word) : word.start]}{meant}{text[word.end : _end(text, word)]}".strip()
    )
    return f"Did you mean `{meant}`?" + (f" Write:  {line}" if len(line) <= _SHORT else "")


def rest_of_line(word: Scalar, reading: Reading) -> str:
    """A key with what stands behind it on its line, where that is short."""
    text = reading.source.text
    line = text[word.start : _end(text, word)].rstrip()
    return line if len(line) <= _SHORT else f"{word.text}: …"


def _start(text: str, word: Scalar) -> int:
    return text.rfind("\n", 0, word.start) + 1


def _end(text: str, word: Scalar) -> int:
    end = text.find("\n", word.end)
    return end if end >= 0 else len(text)


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
