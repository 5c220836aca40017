"""YAML text to a located tree: every key and value with its place, every scalar as typed.

This module knows shapes, not meanings. It reads the parser's *events*, never its
constructors, so ``no`` stays "no", ``1.10`` stays "1.10", a repeated key is seen, and a
file of 100,000 brackets is answered instead of overflowing the stack. What YAML would
drop or rewrite in silence (comments that cut a sentence, anchors, tags, merge keys,
further documents) is a problem with a place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Protocol

import yaml

from metaflash.diagnostics import Diagnostic, Source, Span
from metaflash.mistakes import explain, quoted
from metaflash.tree import Broken, Mapping, Node, Reading, Scalar, Sequence, offset_in_file

MAX_BYTES = 10_000_000
"""A larger file is refused: no person writes one, and the pure parser would take minutes."""

MAX_TEXT = 100_000
"""Characters in one value; Anki becomes unusable far earlier."""

MAX_DEPTH = 20
"""Collections inside each other; a fact file needs five."""

MAX_MENDED = 50
"""How many slips of one file are mended and read past before the reading stops."""


# --- From bytes to text --------------------------------------------------------------


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
        source = Source(path, _unix(data.decode("cp1252", errors="replace")))
        # the guess may be of another length before the place, so the place gets a text of its own
        source = Source(path, good + _unix(data[error.start :].decode("cp1252", errors="replace")))
        byte = data[error.start]
        guess = bytes([byte]).decode("cp1252", errors="replace")
        hint = (
            f"Save the file as UTF-8. Byte 0x{byte:02x} is {guess!r} in Windows-1252, which this"
            " file may have been saved in."
        )
        span = Span(source, len(good), len(good) + 1)
        return source, [Diagnostic(span, "error", "encoding", "not UTF-8", hint)]
    return Source(path, _unix(text)), []


def _unix(text: str) -> str:
    """The text with Unix line ends, and composed (NFC), as Anki will store it."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


# --- From text to tree ---------------------------------------------------------------


def parse(source: Source) -> tuple[Node | None, Reading]:
    """The tree of a source (None if there is none), and the reading with its problems.

    A syntax error does not end the reading where the slip can be mended: the mended text is
    read on, under the teacher's own line numbers, so that one run finds the problems of the
    whole file.
    """
    reading = _check_characters(Reading(source, []))
    while True:
        known = len(reading.problems)
        try:
            return _tree(reading), reading
        except yaml.MarkedYAMLError as error:
            del reading.problems[known:]  # the next attempt finds them again
            mended = _mend(reading, error)
        if mended is None:
            return None, reading
        reading = mended


def _mend(reading: Reading, error: yaml.MarkedYAMLError) -> Reading | None:
    """Report a syntax error; a reading of the mended text, or None if it ends here."""
    mistake = explain(reading.source.text, error)
    line = reading.source.position(mistake.start)[0]
    goes_on = mistake.mended is not None and len(reading.deaf) < MAX_MENDED
    hint = mistake.hint
    if not goes_on:
        hint = f"{hint}\nThe rest of this file is checked once this is mended.".lstrip()
    reading.error(mistake.start, mistake.end, mistake.code, mistake.message, hint)
    if mistake.mended is None or not goes_on or line in reading.deaf:
        return None
    source = Source(reading.source.path, mistake.mended, reading.source.shown)
    return Reading(source, reading.problems, reading.deaf | {line})


_FORBIDDEN = re.compile(
    "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_LEADING_TABS = re.compile(r"^[ \t]+", re.MULTILINE)


def _check_characters(reading: Reading) -> Reading:
    """Report tabs and control characters, and read on with spaces in their place."""
    text = reading.source.text
    if not _FORBIDDEN.search(text):
        return reading
    lines: dict[int, re.Match[str]] = {}
    for found in _FORBIDDEN.finditer(text):
        lines.setdefault(reading.source.position(found.start())[0], found)
    indented = [found for found in lines.values() if _leads(text, found)]
    for found in lines.values():
        if found in indented[1:]:
            continue
        start, end = found.span()
        if found in indented:
            hint = "YAML is indented with spaces only. Write two spaces instead of each tab."
            if len(indented) > 1:
                hint += f" ({len(indented)} lines of this file start with a tab.)"
            reading.error(start, end, "tab", "a tab in the indentation", hint)
        elif found[0] == "\t":
            reading.error(start, end, "tab", "a tab", "Write a space instead of it.")
        else:
            hint = "Delete it; it cannot be seen, and Anki would drop it or break on it."
            message = f"a control character, {_character_name(found[0])}"
            reading.error(start, end, "control-character", message, hint)
    text = _LEADING_TABS.sub(lambda tabs: tabs[0].replace("\t", "  "), text)
    source = Source(reading.source.path, _FORBIDDEN.sub(" ", text), reading.source.shown)
    return Reading(source, reading.problems, frozenset(lines))


def _leads(text: str, found: re.Match[str]) -> bool:
    """Whether a character is a tab in the indentation of its line."""
    return (
        found[0] == "\t"
        and not text[text.rfind("\n", 0, found.start()) + 1 : found.start()].strip()
    )


def _character_name(character: str) -> str:
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}" + (f" ({name.lower()})" if name else "")


def _events(text: str) -> Iterator[yaml.Event]:
    """The parser's events: from libyaml where PyYAML was built with it, else the pure parser."""
    if not yaml.__with_libyaml__:
        yield from yaml.parse(text, Loader=yaml.SafeLoader)
        return
    parser = yaml.CLoader(text)
    while (event := parser.get_event()) is not None:
        yield event


class _Mark(Protocol):
    @property
    def index(self) -> int: ...


def _index(mark: _Mark | None) -> int:
    """The character offset of a mark; the parser's own events always have one."""
    return mark.index if mark else 0


_CUT_FORMULA = re.compile(r"\$[^$\n]*\n")
_INLINE_COMMENT = re.compile(r"\S +#")
_HASH_AFTER_TEXT = re.compile(r" +#.*")


def _tree(reading: Reading) -> Node | None:
    """The tree of the reading's text; raises yaml.MarkedYAMLError at a syntax error."""
    has_comments = _INLINE_COMMENT.search(reading.source.text) is not None
    document: list[Node] = []
    level = document  # the collection being filled: items, or keys and values in turn
    above: list[tuple[list[Node], int]] = []
    for event in _events(reading.source.text):
        match event:
            case yaml.ScalarEvent():
                level.append(_scalar(reading, event, has_comments=has_comments))
            case yaml.CollectionStartEvent():
                above.append((level, _opened(reading, event)))
                level = []
                if len(above) > MAX_DEPTH:
                    start = above[-1][1]
                    hint = "A fact file needs no more than five levels."
                    reading.error(start, start + 1, "too-deep", "too many levels of nesting", hint)
                    return None
            case yaml.MappingEndEvent():
                children, (level, start) = level, above.pop()
                level.append(_mapping(reading, children, start, _index(event.end_mark)))
            case yaml.SequenceEndEvent():
                children, (level, start) = level, above.pop()
                level.append(Sequence(tuple(children), start, _index(event.end_mark)))
            case yaml.AliasEvent():
                level.append(_alias(reading, event))
            case yaml.DocumentStartEvent() if not _is_first_document(reading, event, document):
                break
    return document[0] if document and not isinstance(document[0], Broken) else None


def _opened(reading: Reading, event: yaml.CollectionStartEvent) -> int:
    """Where a collection starts; it can have neither a name nor a type."""
    start = _index(event.start_mark)
    if event.anchor is not None or event.tag is not None:
        _refuse_name(reading, start, event.anchor)
    return start


def _alias(reading: Reading, event: yaml.AliasEvent) -> Broken:
    start, end = _index(event.start_mark), _index(event.end_mark)
    if reading.source.text[:start].rstrip().endswith("<<:"):
        reading.error(start, end, *_MERGE_KEY)
    else:
        hint = "YAML takes a * at the start of a value for an alias. Put the text in quotes."
        reading.error(start, end, "alias", "a value that starts with *", hint)
    return Broken(start, end)


def _is_first_document(
    reading: Reading, event: yaml.DocumentStartEvent, document: list[Node]
) -> bool:
    """Whether the file's only document begins here; whatever else begins is reported."""
    start, end = _index(event.start_mark), _index(event.end_mark)
    if document:
        hint = "Everything after this line would be lost. Put it in a file of its own."
        reading.error(start, end, "several-documents", "a second document", hint)
        return False
    if event.version or event.tags:
        start = reading.source.text.index("%")
        hint = "Delete the line; metaflash reads every value as the text you typed."
        reading.error(start, start + 1, "directive", "a YAML directive", hint)
    return True


def _scalar(reading: Reading, event: yaml.ScalarEvent, *, has_comments: bool) -> Scalar | Broken:
    start, end, value = _index(event.start_mark), _index(event.end_mark), event.value
    if event.anchor is not None or event.tag is not None:
        _refuse_name(reading, start, event.anchor)
        return Broken(start, end)
    if len(value) > MAX_TEXT:
        message = f"a text of {len(value):,} characters"
        hint = f"No card can hold it; the limit is {MAX_TEXT:,}. Split it into small facts."
        reading.error(start, start + 1, "too-long", message, hint)
        return Broken(start, end)
    style = event.style or ""
    if not style and has_comments:
        cut = _HASH_AFTER_TEXT.match(reading.source.text, end)
        if cut and not _is_comment(cut[0]):
            hint = (
                "YAML drops everything after a space and a #.\n"
                f"If it is part of the text, write:  {quoted(value + cut[0])}\n"
                "If it is a comment, put two spaces before the # and one after it."
            )
            reading.error(*cut.span(), "cut-by-hash", "a # cuts this text off", hint)
            return Broken(start, end)
    scalar = Scalar(value, start, end, style)
    if style == '"' and (bad := _FORBIDDEN.search(value) or _CUT_FORMULA.search(value)):
        _refuse_escape(reading, scalar, bad.end() - 1)
        return Broken(start, end)
    return scalar


def _refuse_escape(reading: Reading, scalar: Scalar, offset: int) -> None:
    r"""What ``\alpha`` or ``$\nu$`` becomes in double quotes: a bell, a line end."""
    character = scalar.text[offset]
    at = offset_in_file(reading.source.text, scalar, offset)
    if character.isspace():  # white space is not counted: the escape stands before what is next
        at = reading.source.text.rindex("\\", scalar.start, at)
    message = f"a backslash in double quotes, which YAML reads as {_character_name(character)}"
    hint = "Put the text in single quotes, or in none."
    reading.error(at, at + 2, "escape", message, hint)


def _is_comment(text: str) -> bool:
    """Whether `` # …`` after a value is surely a comment: two spaces before, one after the #."""
    return text.startswith("  ") and text.lstrip(" ")[1:2] in ("", " ", "#")


def _mapping(reading: Reading, children: list[Node], start: int, end: int) -> Mapping | Broken:
    """Keys and values, without those that YAML would overwrite or merge in silence."""
    entries: dict[str, tuple[Scalar, Node]] = {}
    for key, value in zip(children[::2], children[1::2], strict=True):
        if isinstance(key, Broken):
            continue
        if not isinstance(key, Scalar):
            _refuse_key(reading, key, start, end)
            return Broken(start, end)
        if key.text == "<<" and not key.style:
            if not isinstance(value, Broken):  # else the alias behind it has been reported
                reading.error(key.start, key.end, *_MERGE_KEY)
        elif key.text in entries:
            _refuse_repeat(reading, entries[key.text][0], key)
            break  # with a dash forgotten, all that follows belongs to the next card
        else:
            entries[key.text] = (key, value)
    return Mapping(tuple(entries.values()), start, end)


def _refuse_repeat(reading: Reading, first: Scalar, again: Scalar) -> None:
    place = reading.span(first.start, first.end)
    hint = (
        f"It stands at {place} already, and YAML would keep only one of them.\n"
        f"If something new begins here, a dash is missing:  - {again.text}: …"
    )
    reading.error(again.start, again.end, "repeated-key", f"`{again.text}` twice", hint)


_MERGE_KEY = (
    "merge-key",
    "merge keys are not used here",
    "Write the keys out; `source` and `tags` come down from the file and the deck.",
)


def _refuse_key(reading: Reading, key: Node, start: int, end: int) -> None:
    """A map or a list as a key, which is what YAML makes of an unquoted ``{{c1::answer}}``."""
    text = reading.source.text
    if text.startswith("{{", start):
        hint = "YAML keeps { at the start of a value for a map."
        hint += f" Write it in quotes:  {quoted(text[start:end])}"
        reading.error(start, end, "reserved-character", "a value that starts with {", hint)
        return
    hint = "A key is one word before a colon. To start a text with [ or {, put it in quotes."
    reading.error(key.start, key.start + 1, "key-not-text", "a key that is no word", hint)


def _refuse_name(reading: Reading, start: int, anchor: str | None) -> None:
    """A text that starts with ``&`` or ``!``, which YAML takes for a name or type of the value."""
    sign, what = ("&", "anchor") if anchor is not None else ("!", "tag")
    text = reading.source.text
    end = text.find("\n", start)
    line = text[start : end if end >= 0 else len(text)]
    hint = (
        f"YAML takes a {sign} at the start of a value for its own and drops the word after it.\n"
        f"If it is text, write:  {quoted(line)}"
    )
    reading.error(start, start + 1, what, f"a value that starts with {sign}", hint)
