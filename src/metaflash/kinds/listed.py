"""What a card lists as `- its-id: Its text`, perhaps with keys of its own: the steps of a process,
the boxes of a picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Generic, NamedTuple, TypeVar

from metaflash.kinds.kind import Leaf
from metaflash.readers import Name, checked_slug
from metaflash.shape import SLUG, TEXT, Shape
from metaflash.tree import Broken, Mapping, Node, Reading, Scalar

T = TypeVar("T")


class Form(NamedTuple):
    """What messages call such a thing, and how it is written; then the codes of what can be wrong:
    that it is none, and that it has no id."""

    what: str
    example: str
    not_one: str
    without_id: str


class Written(NamedTuple, Generic[T]):
    """One of the list: its id, its text as a reader made it, and the keys that follow."""

    id: Name
    text: T
    keys: tuple[tuple[Scalar, Node], ...]


def written(
    listed: tuple[Node, ...],
    reading: Reading,
    form: Form,
    read: Callable[[Node, Reading], T | None],
) -> Iterator[Written[T]]:
    """Those of a list that can be read, each id once; the others are reported.

    A text without an id is passed over: what becomes of it is for the caller to say.
    """
    first: dict[str, Name] = {}
    for node in listed:
        one = _one(node, reading, form, read)
        if one is None:
            continue
        if (same := first.setdefault(one.id, one.id)) is not one.id:
            hint = f"The {form.what} at {same.span} has this id already. Each {form.what} needs its own."
            span, message = one.id.span, f"{form.what} id `{one.id}` twice"
            reading.error(span.start, span.end, "repeated-id", message, hint)
            continue
        yield one


def _one(
    node: Node, reading: Reading, form: Form, read: Callable[[Node, Reading], T | None]
) -> Written[T] | None:
    if isinstance(node, Broken) or is_bare(node):
        return None
    if isinstance(node, Scalar) and (tight := _TIGHT.fullmatch(node.text)):
        hint = f"Write:  - {tight[1]}: {tight[2]}"
        message = "no space after the colon"
        reading.error(node.start, node.end, "missing-space", message, hint)
        return None
    if not isinstance(node, Mapping) or not node.entries:
        hint = f"A {form.what} is written:  {form.example}"
        reading.error(node.start, node.end, form.not_one, f"this is no {form.what}", hint)
        return None
    (name, value), *keys = node.entries
    if name.text in no_names():
        hint = f"`{name.text}` is no id. A {form.what} begins:  {form.example}"
        message = f"a {form.what} without an id"
        reading.error(name.start, name.end, form.without_id, message, hint)
        return None
    identity = checked_slug(name, reading)
    text = read(value, reading)
    if identity is None or text is None:
        return None
    return Written(identity, text, tuple(keys))


_TIGHT = re.compile(r"([\w-]+):(\S[\s\S]*)")


def is_bare(node: Node) -> bool:
    """Whether there is a text without an id."""
    return isinstance(node, Scalar) and bool(node.text.strip()) and not _TIGHT.fullmatch(node.text)


def no_names() -> set[str]:
    """Words that cannot be ids here, because they are keys."""
    return {"id", *Leaf.grammar()}


def named_texts(record: type[Leaf], what: str, text: Shape, *, bare: bool = False) -> Shape:
    """The shape of one of the list: an id with its text, then the keys of its record.

    With ``bare`` it may be a text without an id, which ``metaflash ids`` gives it.
    """
    keys = "|".join(sorted(no_names()))
    begin = {"required": ["its-id"], "errorMessage": f"A {what} begins with its id: - its-id: …"}
    return {
        **record.shape(),
        "type": ["object", *TEXT] if bare else "object",
        "patternProperties": {
            rf"^(?!(?:{keys})$){SLUG}$": {**text, "description": f"The {what}, behind its id."}
        },
        "if": {"type": "object", "propertyNames": {"enum": sorted(no_names())}},
        "then": begin,
    }
