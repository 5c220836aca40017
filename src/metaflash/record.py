"""A YAML mapping as a frozen dataclass: its keys are declared once, the rest is derived.

A record class lists its keys with ``key(reader, "what it is for")``. A reader is a function
from a node of the tree to a value; it reports what it cannot read and then returns None.
Unknown keys, missing keys and near misses are answered here, the same way for every record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, NamedTuple, TypeVar

from metaflash import markup
from metaflash.diagnostics import Span, nearest
from metaflash.markup import Sentence
from metaflash.mistakes import quoted
from metaflash.slug import is_slug, slugify
from metaflash.tree import Broken, Node, Reading, Scalar, Sequence, offset_in_file

Reader = Callable[[Node, Reading], Any]


class Key(NamedTuple):
    """A key of a record: how its value is read, what it is for, whether it must be there."""

    read: Reader
    doc: str
    required: bool


def key(read: Reader, doc: str, *, required: bool = False) -> Any:  # noqa: ANN401 - like dataclasses.field
    """Declare a key of a record; without the key in the file the value is None."""
    return field(default=None, metadata={"key": Key(read, doc, required)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A mapping of the file. ``span`` is where it stands, and no part of what it says."""

    span: Span = field(compare=False, repr=False)

    @classmethod
    @cache
    def grammar(cls) -> dict[str, Key]:
        """The keys the record may have, in the order they are declared."""
        return {f.name: f.metadata["key"] for f in fields(cls) if "key" in f.metadata}


R = TypeVar("R", bound=Record)


def decode(
    record: type[R],
    entries: Iterable[tuple[Scalar, Node]],
    reading: Reading,
    *,
    what: str,
    span: Span,
    **given: object,
) -> R | None:
    """The record that the entries spell, or None where something it needs is missing or wrong.

    ``what`` names the record in messages ("an `ask` card"); ``given`` are values that come from
    elsewhere than a key.
    """
    grammar = record.grammar()
    values: dict[str, Any] = {}
    seen = set()
    for name, value in entries:
        if rule := grammar.get(name.text):
            seen.add(name.text)
            values[name.text] = rule.read(value, reading)
        else:
            meant = nearest(name.text, grammar.keys() - seen)
            seen.add(meant)  # so that it is not reported as missing too
            hint = f"did you mean `{meant}`?" if meant else f"Its keys: {', '.join(grammar)}."
            message = f"`{name.text}` is no key of {what}"
            reading.error(name.start, name.end, "unknown-key", message, hint)
    complete = True
    for name_, rule in grammar.items():
        if not rule.required:
            continue
        if name_ not in seen:
            hint = f"Add a line:  {name_}: …   ({rule.doc})"
            reading.error(span.start, span.end, "missing-key", f"{what} without `{name_}`", hint)
        complete = complete and values.get(name_) is not None
    return record(span=span, **given, **values) if complete else None


# --- Readers -----------------------------------------------------------------------------


def _scalar(node: Node, reading: Reading) -> Scalar | None:
    """The node as a text that is not empty."""
    if isinstance(node, Broken):
        return None
    if isinstance(node, Scalar):
        if node.text.strip():
            return node
        hint = "Write the text after the colon, or take the key out."
        end = max(node.end, node.start)
        reading.error(node.start, end, "empty", "a key without its text", hint)
        return None
    what = "list" if isinstance(node, Sequence) else "map"
    raw = reading.source.text[node.start : node.end].rstrip()
    if raw[:1] in "[{":
        hint = f"YAML takes a {raw[0]} at the start for a {what}."
        hint += f" If it is text, write:  {quoted(raw)}"
        reading.error(node.start, node.end, "not-text", f"a {what} where a text belongs", hint)
    else:
        hint = "Write one text after the colon. A long one may go on in deeper lines."
        end = min(node.end, node.start + len(raw.split("\n", 1)[0]))
        reading.error(node.start, end, "not-text", f"a {what} where a text belongs", hint)
    return None


def line(node: Node, reading: Reading) -> str | None:
    """A text without any marks, white space folded."""
    scalar = _scalar(node, reading)
    return " ".join(scalar.text.split()) if scalar else None


def sentence(node: Node, reading: Reading) -> Sentence | None:
    """A text with inline Markdown, but no blank."""
    scalar = _scalar(node, reading)
    if scalar is None:
        return None
    read = _marked(scalar, reading)
    if read is not None and read.blanks:
        start, end = _place(scalar, reading, read.blanks[0].start, read.blanks[0].end)
        hint = "Only `fact` and the steps of a `process` have blanks. Take the marks out."
        reading.error(start, end, "blank-not-here", "a blank where none is asked for", hint)
        return None
    return read


def cloze(node: Node, reading: Reading) -> Sentence | None:
    """A text with inline Markdown and at least one blank."""
    scalar = _scalar(node, reading)
    if scalar is None:
        return None
    read = _marked(scalar, reading)
    if read is not None and not read.blanks:
        hint = "Mark what the learner has to recall with two equals signs on each side:  ==answer=="
        start, end = _place(scalar, reading, 0, len(scalar.text))
        reading.error(start, end, "no-blank", "a sentence without a blank", hint)
        return None
    return read


def _marked(scalar: Scalar, reading: Reading) -> Sentence | None:
    read, slips = markup.parse(scalar.text.rstrip())
    for slip in slips:
        place = _place(scalar, reading, slip.start, slip.end)
        reading.error(*place, slip.code, slip.message, slip.hint)
    return None if slips else read


def _place(scalar: Scalar, reading: Reading, start: int, end: int) -> tuple[int, int]:
    """A place in a scalar's value as a place in the file."""
    first = offset_in_file(reading.source.text, scalar, start)
    last = offset_in_file(reading.source.text, scalar, max(start, end - 1))
    return first, last + 1


def slug(node: Node, reading: Reading) -> str | None:
    """An id."""
    scalar = _scalar(node, reading)
    if scalar is None:
        return None
    return checked_slug(scalar, reading)


def checked_slug(scalar: Scalar, reading: Reading) -> str | None:
    """The scalar's text if it is an id; else it is reported."""
    if is_slug(scalar.text):
        return scalar.text
    hint = "An id has small letters a-z, digits, and single dashes between them"
    better = slugify(scalar.text, words=8)
    hint += f":  {better}" if better else "."
    message = f"`{scalar.text}` is no id" if len(scalar.text) < 80 else "this is no id"
    reading.error(scalar.start, scalar.end, "bad-id", message, hint)
    return None


def tags(node: Node, reading: Reading) -> tuple[str, ...] | None:
    """A list of tags that Anki keeps as they are."""
    if isinstance(node, Broken):
        return None
    if not isinstance(node, Sequence):
        hint = "Tags are a list, also if there is one:  tags: [one, two]"
        start, end = node.start, max(node.end, node.start)
        reading.error(start, end, "not-a-list", "`tags` without a list", hint)
        return None
    found = []
    for item in node.items:
        scalar = _scalar(item, reading)
        if scalar is None:
            continue
        if problem := _tag_problem(scalar.text):
            hint = f"{problem} Write for example:  {tag(scalar.text)}"
            message = f"`{scalar.text}` is no tag"
            reading.error(scalar.start, scalar.end, "bad-tag", message, hint)
        else:
            found.append(scalar.text)
    return tuple(found)


_NOT_IN_TAGS = re.compile(r'[\s"\u3000]+')
_RESERVED_TAGS = {"marked", "leech"}


def _tag_problem(text: str) -> str:
    if _NOT_IN_TAGS.search(text):
        return "Anki splits or cuts tags at spaces and quotes."
    if "" in text.split("::"):
        return "Every part between :: needs a name."
    if text.lower() in _RESERVED_TAGS or text.lower().split("::")[0] == "metaflash":
        return "This tag is Anki's or metaflash's own."
    return ""


def tag(text: str) -> str:
    """A tag for a text: its levels (``::``) kept, white space and quotes as ``_``."""
    levels = (_NOT_IN_TAGS.sub("_", level.strip()).strip("_:") for level in text.split("::"))
    first, *rest = [level for level in levels if level] or ["untitled"]
    return "::".join([f"{first}_" if _tag_problem(first) else first, *rest])
