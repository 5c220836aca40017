"""From a file's bytes to a text of which YAML sees what a person sees.

The encoding, tabs, control characters, and spaces that are none: whatever cannot be seen in an
editor is found here, before YAML makes something of it.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

from metaflash.diagnostics import Diagnostic, Source, Span
from metaflash.tree import Reading


def decode(path: str, data: bytes) -> tuple[Source, list[Diagnostic]]:
    """The file as text with Unix line ends, and what is wrong with its encoding.

    Where the bytes are not UTF-8 the source holds a best guess, for excerpts only.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        source = Source(path, data.decode("utf-16", errors="replace"))
        hint = "This file is UTF-16. Save it as UTF-8 (every editor has this in its Save As)."
        return source, [Diagnostic(Span(source, 0, 0), "error", "encoding", "not UTF-8", hint)]
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        good = _unix(data[: error.start].decode("utf-8"))
        rest = data[error.start :].decode("cp1252", errors="replace")
        source = Source(path, good + _unix(rest))
        hint = (
            f"Save the file as UTF-8. Byte 0x{data[error.start]:02x} is {rest[0]!r} in"
            " Windows-1252, which this file may have been saved in."
        )
        span = Span(source, len(good), len(good) + 1)
        return source, [Diagnostic(span, "error", "encoding", "not UTF-8", hint)]
    return Source(path, _unix(text)), []


def _unix(text: str) -> str:
    """The text with Unix line ends, and composed (NFC), as Anki will store it."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


# --- Characters ---------------------------------------------------------------------------

FORBIDDEN = re.compile(
    "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""Characters that no card can show."""

_SPACES = "\xa0\u2000-\u200b\u202f\u3000"
_WRONG_SPACE = re.compile(
    rf"^[ \t]*(?:- *)*(?:[A-Za-z][\w-]*:)? *(?P<space>[{_SPACES}]+)", re.MULTILINE
)
"""A space that YAML takes for a letter, where only a space will do: before or right after a key."""

_BLOCK = re.compile(
    r"^( *)(- +)?[\w-]+: *[>|][-+\d]* *\n(?:(?:\1(?(2)  ) .*| *)(?:\n|$))*", re.MULTILINE
)
"""A text on the lines below its key, in which any space is the teacher's own."""

_BLANK_OR_COMMENT = re.compile(r"^[ \t]*(?:#.*)?$", re.MULTILINE)


def check_characters(reading: Reading) -> Reading:
    """Report tabs, control characters and wrong spaces, and read on with spaces in their place."""
    text = reading.source.text
    spaces = [] if text.isascii() else _wrong_spaces(text)
    if not spaces and not FORBIDDEN.search(text):
        return reading
    text = _BLANK_OR_COMMENT.sub(lambda line: line[0].replace("\t", " "), text)
    lines: dict[int, re.Match[str]] = {}
    for found in (*FORBIDDEN.finditer(text), *spaces):
        lines.setdefault(reading.source.position(found.end() - 1)[0], found)
    tabs = [line for line, found in lines.items() if _is_leading_tab(text, found)]
    alike = set(tabs[1:])  # one message for all of them is enough
    for line, found in lines.items():
        if line not in alike:
            _refuse_character(reading, found, len(tabs) if line in tabs[:1] else 0)
    for found in reversed(spaces):
        start, end = found.span("space")
        text = text[:start] + " " * (end - start - found["space"].count("\u200b")) + text[end:]
    text = re.sub("^[ \t]+", lambda lead: lead[0].replace("\t", "  "), text, flags=re.MULTILINE)
    text = FORBIDDEN.sub(" ", text)
    source = Source(reading.source.path, text, reading.source.shown)
    return Reading(source, reading.problems, frozenset(lines))


def _wrong_spaces(text: str) -> list[re.Match[str]]:
    """The places of all wrong spaces, up to a hundred."""
    blocks = [block.span() for block in _BLOCK.finditer(text)]
    found = (
        space
        for space in _WRONG_SPACE.finditer(text)
        if not any(start <= space.start("space") < end for start, end in blocks)
    )
    return list(islice(found, 100))


def _is_leading_tab(text: str, found: re.Match[str]) -> bool:
    """Whether a character is a tab in the indentation of its line."""
    before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
    return found[0] == "\t" and not before.strip()


def _refuse_character(reading: Reading, found: re.Match[str], leading_tabs: int) -> None:
    if leading_tabs:
        hint = "YAML is indented with spaces only. Indent the line as those around it, with spaces."
        if leading_tabs > 1:
            hint += f" ({leading_tabs} lines of this file start with a tab.)"
        reading.error(found.start(), found.end(), "tab", "a tab in the indentation", hint)
    elif found[0] == "\t":
        hint = "Write a space instead of it."
        reading.error(found.start(), found.end(), "tab", "a tab", hint)
    elif "space" in found.groupdict():
        start, end = found.span("space")
        message = f"a space that is none, {_character_name(found['space'][0])}"
        hint = "It looks like a space, but YAML takes it for a letter. Type a space instead."
        reading.error(start, end, "wrong-space", message, hint)
    else:
        hint = "Delete it; it cannot be seen, and Anki would drop it or break on it."
        message = f"a control character, {_character_name(found[0])}"
        reading.error(found.start(), found.end(), "control-character", message, hint)


def _character_name(character: str) -> str:
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}" + (f" ({name.lower()})" if name else "")
