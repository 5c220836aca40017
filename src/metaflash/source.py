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
from dataclasses import replace
from typing import Protocol

import yaml

from metaflash.characters import FORBIDDEN, check_characters
from metaflash.comments import HASH, check_list, is_cut
from metaflash.diagnostics import CONFLICT, Source
from metaflash.lines import Page, Words
from metaflash.mistakes import explain
from metaflash.quoting import rewritten, single_quotes
from metaflash.tree import Broken, Mapping, Node, Reading, Scalar, Sequence, offset_in_file

MAX_BYTES = 10_000_000
"""A larger file is refused: no person writes one, and the pure parser would take minutes."""

MAX_TEXT = 100_000
"""Characters in one value; Anki becomes unusable far earlier."""

MAX_DEPTH = 20
"""Collections inside each other; a fact file needs five."""

_NO_WORDS = Words()

MAX_MENDED = 50
"""How many slips of one file are mended and read past before the reading stops."""


# --- From text to tree ---------------------------------------------------------------


def parse(source: Source, words: Words = _NO_WORDS) -> tuple[Node | None, Reading]:
    """The tree of a source (None if there is none), and the reading with its problems.

    A syntax error does not end the reading where the slip can be mended: the mended text is
    read on, under the teacher's own line numbers, so that one run finds the problems of the
    whole file. ``words`` are the words of the format, which help to tell a slip from a sentence.
    """
    reading = checked(source)
    return parse_reading(reading, words)


def checked(source: Source) -> Reading:
    """A source in which YAML sees what a person sees; what is wrong with its characters is told."""
    return check_characters(Reading(source, []))


def parse_reading(reading: Reading, words: Words) -> tuple[Node | None, Reading]:
    """The tree of a source that is being read, and the reading with its problems."""
    if found := CONFLICT.search(reading.source.text):
        hint = "Keep what is right of both sides, and take out the three lines with git's marks."
        reading.error(*found.span(), "merge-conflict", "a merge left unfinished", hint)
        return None, reading
    attempts = 0
    while True:
        known = len(reading.problems)
        try:
            return _tree(reading, words), reading
        except yaml.MarkedYAMLError as error:
            del reading.problems[known:]  # the next attempt finds them again
            mended = _mend(reading, error, words)
            attempts += 1
        # every attempt reads the whole file again, so a huge one gets few of them
        if mended is None or attempts > min(
            MAX_MENDED, MAX_BYTES // (len(reading.source.text) + 1)
        ):
            _rest_is_unchecked(reading)
            return None, reading
        reading = mended


def _mend(reading: Reading, error: yaml.MarkedYAMLError, words: Words) -> Reading | None:
    """Report a syntax error; a reading of the mended text, or None if it ends here."""
    mistake = explain(reading.source.text, error, words)
    line = reading.source.position(mistake.start)[0]
    reading.error(mistake.start, mistake.end, mistake.code, mistake.message, mistake.hint)
    if mistake.mended is None or mistake.mended == reading.source.text:
        return None
    source = Source(reading.source.path, mistake.mended, reading.source.shown)
    return Reading(source, reading.problems, reading.deaf | {line})


def _rest_is_unchecked(reading: Reading) -> None:
    """Say at the last problem that there may be more behind it."""
    last = reading.problems.pop()
    hint = f"{last.hint}\nThe rest of this file is checked once this is mended."
    reading.problems.append(replace(last, hint=hint))


_NO_CHARACTER = re.compile(r"\\U(?!000|0010)")


def _events(text: str) -> Iterator[yaml.Event]:
    """The parser's events: from libyaml where PyYAML was built with it, else the pure parser."""
    if not yaml.__with_libyaml__:
        try:
            yield from yaml.parse(text, Loader=yaml.SafeLoader)
        except ValueError as error:  # what this parser makes of an escape for no character
            found = _NO_CHARACTER.search(text)
            mark = yaml.Mark("", found.start() if found else 0, 0, 0, None, 0)
            message = "while scanning a quoted scalar", mark, "unknown escape", mark
            raise yaml.scanner.ScannerError(*message) from error
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


def _tree(reading: Reading, words: Words) -> Node | None:
    """The tree of the reading's text; raises yaml.MarkedYAMLError at a syntax error."""
    hashes = HASH.search(reading.source.text) is not None
    document: list[Node] = []
    level = document  # the collection being filled: items, or keys and values in turn
    above: list[tuple[list[Node], int]] = []
    for event in _events(reading.source.text):
        match event:
            case yaml.ScalarEvent():
                level.append(_scalar(reading, event, words, hashes=hashes))
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
                end = _index(event.end_mark)
                if hashes and reading.source.text[start] == "[":
                    check_list(reading, start, end)
                level.append(Sequence(tuple(children), start, end))
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
        hint = "YAML keeps * at the start of a text for itself. Put the text in quotes."
        reading.error(start, end, "alias", "a text that starts with *", hint)
    return Broken(start, end)


_DIRECTIVE = re.compile(r"(?:[ \t]*(?:#.*)?\n)*%")


def _is_first_document(
    reading: Reading, event: yaml.DocumentStartEvent, document: list[Node]
) -> bool:
    """Whether the file's only document begins here; whatever else begins is reported."""
    start, end = _index(event.start_mark), _index(event.end_mark)
    if document:
        hint = "Everything after this line would be lost. Put it in a file of its own."
        reading.error(start, end, "several-documents", "a second document", hint)
        return False
    # the pure parser passes over a directive that it does not know
    if event.version or event.tags or _DIRECTIVE.match(reading.source.text):
        start = reading.source.text.index("%")
        hint = "Delete the line; metaflash reads every value as the text you typed."
        reading.error(start, start + 1, "directive", "a YAML directive", hint)
    return True


def _scalar(
    reading: Reading, event: yaml.ScalarEvent, words: Words, *, hashes: bool
) -> Scalar | Broken:
    """A text, unless something of it is lost. ``hashes``: whether the file has any ``#``."""
    start, end, value = _index(event.start_mark), _index(event.end_mark), event.value
    if event.anchor is not None or event.tag is not None:
        _refuse_name(reading, start, event.anchor)
        return Broken(start, end)
    if len(value) > MAX_TEXT:
        message = f"a text of {len(value):,} characters"
        hint = f"No card can hold it; the limit is {MAX_TEXT:,}. Split it into small facts."
        reading.error(start, start + 1, "too-long", message, hint)
        return Broken(start, end)
    scalar = Scalar(value, start, end, event.style or "")
    if hashes and is_cut(reading, scalar):
        return Broken(start, end)
    if not scalar.style and " " in value and _swallows_key(reading, scalar, words):
        return Broken(start, end)
    if scalar.style == '"' and "\\" in reading.source.text[start:end]:
        bad = FORBIDDEN.search(value) or _CUT_FORMULA.search(value)
        if bad and _refuse_escape(reading, scalar, bad.end() - 1):
            return Broken(start, end)
        return scalar._replace(
            text=unicodedata.normalize("NFC", value)
        )  # as all that is not escaped
    return scalar


def _swallows_key(reading: Reading, scalar: Scalar, words: Words) -> bool:
    """Whether a text over several lines has taken in a key without its space, ``id:leaf``, or
    a list item that stands too deep."""
    raw = reading.source.text[scalar.start : scalar.end]
    for found in re.finditer(r"\n *(?:([a-z][\w-]*):\S|- )", raw) if "\n" in raw else ():
        if found[1] is None:
            at = scalar.start + found.end() - 2
            page = Page(reading.source.text, words)
            first = page.line(scalar.start)
            above = page.above(first)
            if above and above.keyed and above.keyed.key == "arrows" and not first.keyed:
                at, hint = scalar.start, f"Write:  - {first.body}"
                reading.error(at, at + 1, "missing-dash", "a dash is missing", hint)
                return True
            hint = "YAML reads this line as part of the text above. Indent it as the other items."
            reading.error(at, at + 1, "dash-in-text", "a list item inside of a text", hint)
            return True
        if found[1] in words.keys:
            at = scalar.start + found.end(1)
            hint = "Put a space after the colon, and start the line in the column of the keys."
            reading.error(at, at + 1, "missing-space", "no space after the colon", hint)
            return True
    return False


def _refuse_escape(reading: Reading, scalar: Scalar, offset: int) -> bool:
    r"""Report what ``\alpha`` or ``$\nu$`` becomes in double quotes: a bell, a line end. False where
    the character at the offset is no escape, but the end of a line as typed."""
    text, character = reading.source.text, scalar.text[offset]
    at = offset_in_file(text, scalar, offset)
    if character.isspace():  # white space is not counted: the escape stands before what is next
        at = text.rfind("\\", scalar.start, at)
        if at < 0:
            return False
    page = Page(text)
    hint = single_quotes(page, page.line(at))
    reading.error(at, at + 2, "escape", "a backslash in double quotes", hint)
    return True


def _mapping(reading: Reading, children: list[Node], start: int, end: int) -> Mapping | Broken:
    """Keys and values, without those that YAML would overwrite or merge in silence."""
    entries: dict[str, tuple[Scalar, Node]] = {}
    repeated = False
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
            if isinstance(first := entries[key.text][1], Scalar) and not first.text:
                entries[key.text] = (entries[key.text][0], value)
            if not repeated:  # with a dash forgotten, the next card's keys all come again
                _refuse_repeat(reading, entries[key.text][0], key)
            repeated = True
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
        hint = "YAML keeps { at the start of a text for itself.\nIf it is text, "
        hint += rewritten(Page(text, _NO_WORDS), start, text[start:end])
        reading.error(start, end, "reserved-character", "a text that starts with {", hint)
        return
    hint = "A key is one word before a colon. To start a text with [ or {, put it in quotes."
    reading.error(key.start, key.start + 1, "key-not-text", "a key that is no word", hint)


def _refuse_name(reading: Reading, start: int, anchor: str | None) -> None:
    """A text that starts with ``&`` or ``!``, which YAML takes for a name or type of the value."""
    sign, what = ("&", "anchor") if anchor is not None else ("!", "tag")
    text = reading.source.text
    page = Page(text)
    line = page.line(start)
    value = line.text[start - line.start :]
    if line.keyed and line.keyed.comment:
        value = value.removesuffix(line.keyed.comment)
    hint = (
        f"YAML keeps {sign} at the start of a text for itself, and drops the word after it.\n"
        f"If it is text, {rewritten(page, start, value)}"
    )
    reading.error(start, start + 1, what, f"a text that starts with {sign}", hint)
