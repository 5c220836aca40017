"""A YAML mapping as a frozen dataclass: its keys are declared once, the rest is derived.

A record class lists its keys with ``key(reader, "what it is for")``. A reader is a function
from a node of the tree to a value; it reports what it cannot read and then returns None.
Unknown keys, missing keys and near misses are answered here, the same way for every record.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping as Mapping_
from collections.abc import Sequence as Sequence_
from dataclasses import dataclass, field, fields
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, TypeAlias, TypeVar

from metaflash import markup, shape
from metaflash.corrections import instead, rest_of_line, without_marks
from metaflash.diagnostics import Span, nearest
from metaflash.lines import Page, Words, quoted, scalar
from metaflash.markup import Sentence
from metaflash.quoting import rewritten
from metaflash.shape import Shape, Shaped, shaped
from metaflash.slug import is_slug, slugify
from metaflash.tree import Broken, Mapping, Node, Reading, Scalar, Sequence, Typed

Reader: TypeAlias = Shaped[Any]


class Key(NamedTuple):
    """A key of a record: how its value is read, what it is for, whether it must be there; ``said`` are
    words that other programs have for it, none of which is near to it in its letters."""

    read: Reader
    doc: str
    required: bool
    said: tuple[str, ...] = ()


def key(read: Reader, doc: str, *, required: bool = False, said: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 - like dataclasses.field
    """Declare a key of a record; without the key in the file the value is None."""
    return field(default=None, metadata={"key": Key(read, doc, required, said)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A mapping of the file. ``span`` is where it stands, and no part of what it says."""

    span: Span = field(compare=False, repr=False)

    needs: ClassVar[Mapping_[str, str]] = MappingProxyType({})
    """Keys that cannot be there without another one."""

    @classmethod
    @cache
    def grammar(cls) -> dict[str, Key]:
        """The keys the record may have, in the order they are declared; ``_`` is written ``-``."""
        return {_spelled(f.name): f.metadata["key"] for f in fields(cls) if "key" in f.metadata}

    @classmethod
    def shape(cls) -> Shape:
        """The mappings that spell such a record, said to editors."""
        grammar = cls.grammar()
        properties = {
            name: shape.described(rule.read.shape, rule.doc, required=rule.required)
            for name, rule in grammar.items()
        }
        required = (name for name, rule in grammar.items() if rule.required)
        return shape.mapping(properties, required, cls.needs)

    @classmethod
    def check_keys(cls, given: Mapping_[str, Scalar], reading: Reading) -> None:
        """Report keys that do not go together; ``given`` are those that are there, by the names
        that were meant."""

    @classmethod
    def to_add(cls, name: str, _values: Mapping_[str, Any], _text: str) -> str:
        """What to write for a key that is missing, given the values of the others and the text of the
        file."""
        return f"{name}: …"

    def agrees(self, _reading: Reading) -> bool:
        """Whether the values of the keys fit together; what does not is reported."""
        return True


def _spelled(attribute: str) -> str:
    """The key of a file that fills an attribute."""
    return attribute.replace("_", "-")


R = TypeVar("R", bound=Record)


def decode(
    record: type[R],
    entries: Sequence_[tuple[Scalar, Node]],
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
    names = {name.text for name, _ in entries}
    missing = [name for name, rule in grammar.items() if rule.required and name not in names]
    values: dict[str, Any] = {}
    there: dict[str, Scalar] = {}
    for name, value in entries:
        meant = name.text if name.text in grammar else _meant(name.text, grammar, names, missing)
        if name.text not in grammar:
            known = sorted(grammar, key=lambda name: not grammar[name].required)
            hint = f"Its keys: {', '.join(known)}."
            hint = instead(name, meant, reading) if meant else hint
            message = f"`{name.text}` is no key of {what}"
            reading.error(name.start, name.end, "unknown-key", message, hint)
        if meant:
            there[meant] = name
            values[meant] = grammar[meant].read(value, reading)
    for needed in missing:
        if needed not in values:
            lines = record.to_add(needed, values, reading.source.text)
            gap = "\n" if "\n" in lines else "  "
            hint = f"Add {grammar[needed].doc}:{gap}{lines}"
            reading.error(span.start, span.end, "missing-key", f"{what} without `{needed}`", hint)
    record.check_keys(there, reading)
    if any(values.get(name) is None for name, rule in grammar.items() if rule.required):
        return None
    attributes = {name.replace("-", "_"): value for name, value in values.items()}
    read = record(span=span, **given, **attributes)
    return read if read.agrees(reading) else None


def _meant(word: str, grammar: dict[str, Key], present: set[str], missing: list[str]) -> str:
    """The key that was probably meant by an unknown one: the one that is called so elsewhere, a
    similar one, or the only one needed."""
    if said := next((name for name, rule in grammar.items() if word.lower() in rule.said), ""):
        return "" if said in present else said
    meant = nearest(word, grammar.keys() - present)
    return meant or (missing[0] if len(missing) == 1 else "")


# --- Readers -----------------------------------------------------------------------------


def _scalar(node: Node, reading: Reading) -> Scalar | None:
    """The node as a text that is not empty."""
    if isinstance(node, Broken):
        return None
    if isinstance(node, Scalar):
        if node.text.strip():
            return node
        hint = "Write the text after the colon."
        if node.style in ("|", ">"):
            hint = f"The text below the {node.style} must be indented deeper than the key."
        reading.error(node.start, node.end, "empty", "a key without its text", hint)
        return None
    what = "a list" if isinstance(node, Sequence) else "`key: value`"
    raw = _raw(node, reading)
    if raw[:1] in "[{":
        page = Page(reading.source.text, Words())
        hint = f"YAML takes {raw[0]} at the start for {what}. If it is text, "
        hint += rewritten(page, node.start, raw)
        reading.error(node.start, node.end, "not-text", f"{what} where a text belongs", hint)
    else:
        hint = "Write one text after the colon. A long one may go on in deeper lines."
        end = min(node.end, node.start + len(raw.split("\n", 1)[0]))
        reading.error(node.start, end, "not-text", f"{what} where a text belongs", hint)
    return None


def _raw(node: Node, reading: Reading) -> str:
    """What stands in the file for a node."""
    return reading.source.text[node.start : node.end].rstrip()


@shaped(shape.text())
def line(node: Node, reading: Reading) -> str | None:
    """A text without any marks, white space folded."""
    scalar = _scalar(node, reading)
    return " ".join(scalar.text.split()) if scalar else None


@shaped(shape.text())
def placed_line(node: Node, reading: Reading) -> Name | None:
    """A text without any marks that knows its place."""
    text = line(node, reading)
    if text is None or not isinstance(node, Scalar):
        return None
    return named(node._replace(text=text), reading)


def word(*words: str) -> Reader:
    """A reader of one of a few words."""

    def read(node: Node, reading: Reading) -> str | None:
        text = line(node, reading)
        if text is None or text in words:
            return text
        meant = nearest(text, words)
        hint = f"Write {' or '.join(words)}."
        hint = instead(node, meant, reading) if meant and isinstance(node, Scalar) else hint
        message = f"`{text}` is not one of: {', '.join(words)}"
        reading.error(node.start, node.end, "unknown-word", message, hint)
        return None

    return Shaped(read, shape.one_of(words))


@shaped(shape.text())
def sentence(node: Node, reading: Reading) -> Sentence | None:
    """A text with inline Markdown, but no blank."""
    scalar = _scalar(node, reading)
    if scalar is None:
        return None
    read = _marked(scalar, reading)
    if read is not None and read.blanks:
        start, end = place(scalar, reading, read.blanks[0].start, read.blanks[0].end)
        hint = "Only `fact` and the steps of a `process` have blanks. Take the marks out."
        if plain := without_marks(scalar.text, read):
            hint = f"{hint[:-1]}:  {plain}"
        reading.error(start, end, "blank-not-here", "a blank where none is asked for", hint)
        return None
    return read


@shaped(
    shape.marked(
        r"==|\{\{c", "Mark what the learner has to recall with two equals signs: ==answer=="
    )
)
def cloze(node: Node, reading: Reading) -> Sentence | None:
    """A text with inline Markdown and at least one blank."""
    scalar = _scalar(node, reading)
    if scalar is None:
        return None
    read = _marked(scalar, reading)
    if read is not None and not read.blanks:
        hint = "Mark what the learner has to recall with two equals signs on each side:  ==answer=="
        if "==" in scalar.text:
            hint = "There is no space inside the marks:  ==answer=="
        start, end = place(scalar, reading, 0, len(scalar.text))
        reading.error(start, end, "no-blank", "a sentence without a blank", hint)
        return None
    return read


def _marked(scalar: Scalar, reading: Reading) -> Sentence | None:
    read, slips = markup.parse(scalar.text.rstrip())
    for slip in slips:
        start, end = place(scalar, reading, slip.start, slip.end)
        reading.error(start, end, slip.code, slip.message, slip.hint)
    return None if slips else read._replace(typed=Typed(reading.source, scalar))


def place(scalar: Scalar, reading: Reading, start: int, end: int) -> tuple[int, int]:
    """A place in a scalar's value as a place in the file."""
    span = Typed(reading.source, scalar).span(start, end)
    return span.start, span.end


class Name(str):
    """An id, the name of a file, or words for a picture, with the place where they were written."""

    __slots__ = ("span",)

    span: Span


def named(scalar: Scalar, reading: Reading) -> Name:
    """The scalar's text with its place."""
    name = Name(scalar.text)
    name.span = reading.span(scalar.start, scalar.end)
    return name


@shaped(shape.slug())
def slug(node: Node, reading: Reading) -> Name | None:
    """An id."""
    raw = _raw(node, reading).strip("[]{} ")
    name = raw if is_slug(raw) else slugify(raw, words=8)
    if isinstance(node, Sequence | Mapping) and name:
        line = Page(reading.source.text, Words()).line(node.start)
        hint = f"An id stands without brackets. Write:  {line.keyed.head.strip() if line.keyed else 'id:'} {name}"
        reading.error(node.start, node.end, "bad-id", "this is no id", hint)
        return None
    scalar = _scalar(node, reading)
    if scalar is None:
        return None
    return checked_slug(scalar, reading)


def checked_slug(scalar: Scalar, reading: Reading) -> Name | None:
    """The scalar's text if it is an id; else it is reported."""
    if is_slug(scalar.text):
        return named(scalar, reading)
    hint = "An id has small letters a-z, digits, and single dashes between them"
    better = slugify(scalar.text, words=8)
    hint += f":  {better}" if better else "."
    message = f"`{scalar.text}` is no id" if len(scalar.text) < 80 else "this is no id"
    reading.error(scalar.start, scalar.end, "bad-id", message, hint)
    return None


@shaped(shape.slug(steps=True))
def first_name(node: Node, reading: Reading) -> Name | None:
    """The id of a fact, or of a step behind that of its process: ``cascade/shed``."""
    scalar = _scalar(node, reading)
    if scalar is None:
        return None
    parts = scalar.text.split("/")
    if len(parts) <= 2 and all(is_slug(part) for part in parts):
        return named(scalar, reading)
    hint = "Write the id it had:  was: old-id  or, for what was a step:  was: process-id/step-id"
    message = f"`{scalar.text}` is no id" if len(scalar.text) < 80 else "this is no id"
    reading.error(scalar.start, scalar.end, "bad-id", message, hint)
    return None


def items(node: Node, reading: Reading, name: str, example: str) -> tuple[Node, ...] | None:
    """The items of the list under a key; None where there is no list, or nothing in it."""
    if isinstance(node, Sequence) and node.items:
        return node.items
    if isinstance(node, Mapping) and node.entries:
        first = node.entries[0][0]
        line = rest_of_line(first, reading).lstrip("-–−—•·* ")
        hint = f"Every item of a list begins with a dash:  - {line}"
        reading.error(first.start, first.end, "missing-dash", "a dash is missing", hint)
    elif not isinstance(node, Broken):
        hint = f"Write it as a list:\n{example}"
        reading.error(node.start, node.end, "not-a-list", f"`{name}` without a list", hint)
    return None


@shaped(
    shape.list_of(
        shape.text(r'^[^\s":]+(?:::?[^\s":]+)*$', "A tag has no spaces, quotes, or empty parts."),
        "[one, two]",
    )
)
def tags(node: Node, reading: Reading) -> tuple[str, ...] | None:
    """A list of tags that Anki keeps as they are."""
    if isinstance(node, Sequence) and not node.items:
        return ()
    words = re.findall(r"[^\s,;\[\]]+", node.text) if isinstance(node, Scalar) else []
    listed = items(node, reading, "tags", f"tags: [{', '.join(words or ['one', 'two'])}]")
    if listed is None:
        return None
    found = []
    for item in listed:
        scalar = _scalar(item, reading)
        if scalar is None:
            continue
        if problem := _tag_problem(scalar.text):
            hint = f"{problem} Write for example:  {_retagged(scalar, reading)}"
            message = f"`{scalar.text}` is no tag"
            reading.error(scalar.start, scalar.end, "bad-tag", message, hint)
        else:
            found.append(scalar.text)
    return tuple(found)


def _retagged(found: Scalar, reading: Reading) -> str:
    """The line with a tag, and in its place one that Anki keeps as it is."""
    better = tag(found.text)
    better = quoted(better) if re.search(r"[,\[\]{}]", better) else scalar(better)
    line = Page(reading.source.text, Words()).line(found.start)
    if found.end > line.start + len(line.text):
        return better
    return (
        line.text[: found.start - line.start] + better + line.text[found.end - line.start :]
    ).strip()


_NOT_IN_TAGS = re.compile(r'[\s"\u3000]+')
_RESERVED_TAGS = {"marked", "leech"}


def _tag_problem(text: str) -> str:
    if any(unicodedata.category(c) == "Cf" for c in text):
        return "It holds a character that cannot be seen."
    if _NOT_IN_TAGS.search(text):
        return "Anki splits or cuts tags at spaces and quotes."
    if any(not level or level != level.strip(":") for level in text.split("::")):
        return "Every part between :: needs a name, without colons around it."
    if text.lower() in _RESERVED_TAGS or text.lower().split("::")[0] == "metaflash":
        return "This tag is Anki's or metaflash's own."
    return ""


def tag(text: str) -> str:
    """A tag for a text: its levels (``::``) kept, white space and quotes as ``_``."""
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    levels = (_NOT_IN_TAGS.sub("_", level.strip()).strip("_:") for level in text.split("::"))
    first, *rest = [level for level in levels if level] or ["untitled"]
    return "::".join([f"{first}_" if _tag_problem(first) else first, *rest])
