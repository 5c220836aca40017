"""What a value may look like, said to editors: pieces of JSON Schema, and readers that carry one.

A reader cannot be asked what it takes, so it says so: ``@shaped(text())``. A shape takes whatever its
reader takes, and refuses what can be told without the rest of the deck. It is draft-07, with what
the language servers of editors add to it: their own words for a mistake, Markdown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from metaflash.slug import MAX_LENGTH
from metaflash.tree import Node, Reading

Shape: TypeAlias = Mapping[str, Any]
"""A JSON Schema, or a piece of one."""

T_co = TypeVar("T_co", covariant=True)


class Shaped(NamedTuple, Generic[T_co]):
    """A reader, a function from a node of the tree to a value, with the shape of what it takes."""

    read: Callable[[Node, Reading], T_co]
    shape: Shape

    def __call__(self, node: Node, reading: Reading) -> T_co:
        """The value of a node, as the reader makes it."""
        return self.read(node, reading)


def shaped(shape: Shape) -> Callable[[Callable[[Node, Reading], T_co]], Shaped[T_co]]:
    """A decorator that gives a reader its shape."""
    return lambda read: Shaped(read, shape)


# --- Shapes --------------------------------------------------------------------------------

TEXT = ("string", "number", "boolean")
"""What YAML makes of words: metaflash takes each as it was typed. ``null`` is not among them, as a key
without its text is null, too; the word itself needs quotes in the eyes of an editor."""

SLUG = rf"(?=.{{1,{MAX_LENGTH}}}$)[a-z0-9]+(?:-[a-z0-9]+)*"
"""An id, as a piece of a pattern up to the end."""

_PART = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_NO_TEXT = "Write one text here. It needs quotes if it begins with [ or {, or is the word null."


def text(pattern: str = r"\S", message: str = _NO_TEXT, **more: object) -> Shape:
    """One text, which a pattern finds something in."""
    return {"type": [*TEXT], "pattern": pattern, "errorMessage": message, **more}


def marked(pattern: str, message: str) -> Shape:
    """One text with a sign in it that no number has."""
    return {**text(pattern, message), "type": "string"}


def slug(*, steps: bool = False) -> Shape:
    """An id; with ``steps`` perhaps one of a step behind that of its process."""
    names = rf"^{_PART}(?:/{_PART})?$" if steps else f"^{SLUG}$"
    message = "An id has small letters a-z, digits, and single dashes between them."
    return {
        "type": ["string", "integer", "boolean"],
        "minimum": 0,
        "pattern": names,
        "errorMessage": message,
    }


def one_of(words: Mapping[str, str] | Iterable[str]) -> Shape:
    """One of a few words, perhaps each with what it means."""
    shape: dict[str, object] = {"enum": [*words]}
    if isinstance(words, Mapping):
        shape["markdownEnumDescriptions"] = [*words.values()]
    return shape


def list_of(item: Shape, example: str, *, least: int = 0, most: int | None = None) -> Shape:
    """A list of items; ``example`` is shown where there is none."""
    shape: dict[str, object] = {"type": "array", "items": item}
    shape |= {"minItems": least} if least else {}
    shape |= {"maxItems": most} if most else {}
    return shape | {"errorMessage": f"Write it as a list, for instance: {example}"}


def mapping(
    properties: Mapping[str, Shape], required: Iterable[str], needs: Mapping[str, str]
) -> Shape:
    """A mapping with no other keys than these; ``needs`` names for a key another that it needs."""
    shape: dict[str, object] = {
        "type": "object",
        "properties": properties,
        "required": [*required],
        "additionalProperties": False,
    }
    return shape | (
        {"dependencies": {key: [other] for key, other in needs.items()}} if needs else {}
    )


def described(shape: Shape, doc: str, *, required: bool = False) -> Shape:
    """A shape with what it is for, one phrase, made a sentence."""
    said = f"{doc[0].upper()}{doc[1:]}.{' Needed.' if required else ''}"
    return {**shape, "description": said}
