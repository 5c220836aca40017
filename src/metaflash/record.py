"""A YAML mapping as a frozen dataclass: its keys are declared once, the rest is derived.

A record class lists its keys with ``key(reader, "what it is for")``. A reader is a function
from a node of the tree to a value; it reports what it cannot read and then returns None.
Unknown keys, missing keys and near misses are answered here, the same way for every record.
"""

from __future__ import annotations

from collections.abc import Mapping as Mapping_
from collections.abc import Sequence as Sequence_
from dataclasses import dataclass, field, fields
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, TypeAlias, TypeVar

from metaflash import shape
from metaflash.corrections import instead
from metaflash.diagnostics import Diagnostic, Span, nearest
from metaflash.shape import Shape, Shaped
from metaflash.tree import Mapping, Node, Reading, Scalar, Sequence

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
            hint = instead(name, meant, reading) if meant else f"Its keys: {', '.join(known)}."
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


def decode_file(
    record: type[R], tree: Node | None, reading: Reading, *, what: str, start: str
) -> tuple[R | None, list[Diagnostic]]:
    """The record that the tree of a whole file spells (None if it cannot be used), and the problems.

    ``what`` is what messages call the file, ``start`` how they say that it begins.
    """
    if tree is None:
        if not reading.problems:
            reading.error(0, 0, "empty-file", "an empty file", start)
        return None, reading.problems
    if not isinstance(tree, Mapping):
        message = f"this is not how {what} begins"
        hint = start
        if isinstance(tree, Sequence) and "cards" in record.grammar():
            hint = "Write `cards:` on a line above, and indent the list below it by two spaces."
        reading.error(tree.start, tree.start + 1, "not-a-map", message, hint)
        return None, reading.problems
    first = tree.entries[0][0] if tree.entries else None
    span = reading.span(first.start, first.end) if first else reading.span(0, 0)
    return decode(record, tree.entries, reading, what=what, span=span), reading.problems
