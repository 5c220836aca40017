"""JSON Schema of the two kinds of files, for editors: made of the kinds and the readers of their keys.

An editor with it completes keys, shows what they are for, and marks mistakes while they are typed.
What needs more than one file, or a look into the texts, only ``metaflash check`` can tell.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from inspect import cleandoc
from itertools import count
from types import MappingProxyType
from typing import Any

from metaflash.deck import Deck
from metaflash.diagnostics import Source
from metaflash.facts import FactFile, parse_facts
from metaflash.kinds import KINDS
from metaflash.kinds.kind import Fact
from metaflash.shape import Shape
from metaflash.tree import Mapping, Node, Scalar, Sequence

FOLDER = ".schema"
"""The folder beside ``deck.yaml`` for a deck's schemas; hidden, so that it is no part of the deck."""


def facts() -> str:
    """The schema of fact files, as JSON text."""
    shape = dict(FactFile.shape())
    cards = shape["properties"]["cards"]
    shape["properties"] = {**shape["properties"], "cards": {**cards, "items": _card()}}
    return _text("A fact file of metaflash.", shape)


def deck() -> str:
    """The schema of ``deck.yaml``, as JSON text."""
    return _text("The settings of a metaflash deck.", Deck.shape())


SCHEMAS = MappingProxyType({"facts": facts, "deck": deck})
"""What makes each schema, by its name."""


def files() -> dict[str, bytes]:
    """The schemas as files of a deck's folder, by their paths in it."""
    return {f"{FOLDER}/{name}.json": make().encode() for name, make in SCHEMAS.items()}


def modeline(name: str) -> str:
    """The line that tells the YAML language server which schema a file has."""
    return f"# yaml-language-server: $schema={FOLDER}/{name}.json\n"


def _text(title: str, shape: Shape) -> str:
    schema = {"$schema": "http://json-schema.org/draft-07/schema#", "description": title, **shape}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


# --- Cards ---------------------------------------------------------------------------------


def _card() -> Shape:
    """A card of the kind that one of its keys names.

    A chain of conditions and no ``oneOf``: so an editor says what is wrong with a card of this kind,
    and not that it is none of five.
    """
    shape: Shape = _unnamed()
    for kind in reversed(KINDS.values()):
        named = {"type": "object", "required": [kind.kind]}
        shape = {"if": named, "then": _of_kind(kind), "else": shape}
    return {"type": "object", **shape}


def _unnamed() -> Shape:
    """A card of which only the kind is still open."""
    properties = {
        name: {
            "type": "string",
            "description": about(kind),
            "markdownDescription": _page(kind),
            "errorMessage": f"Write the text after the colon: {name}: …",
        }
        for name, kind in KINDS.items()
    }
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "minProperties": 1,
        "errorMessage": f"The first key of a card names its kind: {', '.join(KINDS)}.",
        "defaultSnippets": [
            {"label": f"{name} …", "description": about(kind), "body": _snippet(kind)}
            for name, kind in KINDS.items()
        ],
    }


def _of_kind(kind: type[Fact]) -> Shape:
    """A card of one kind."""
    shape = dict(kind.shape())
    examples = {name: value.text for name, value in _example(kind) if isinstance(value, Scalar)}
    examples.pop("id")  # editors write an example into the file, and an id is there to stay
    needed = sorted(
        shape["properties"], key=lambda name: (name not in shape["required"], name != "id")
    )
    properties = {
        name: shape["properties"][name]
        | ({"examples": [examples[name]]} if name in examples else {})
        for name in needed
    }
    properties[kind.kind] = {**properties[kind.kind], "markdownDescription": _page(kind)}
    return {"title": f"{kind.kind} card", **shape, "properties": properties}


def about(kind: type[Fact]) -> str:
    """What a kind is and which cards it makes, in a line: the first of its module."""
    return (sys.modules[kind.__module__].__doc__ or "").strip().split("\n\n")[0]


def example(kind: type[Fact]) -> str:
    """A card of a kind, as it stands in the list of a fact file."""
    return str(sys.modules[kind.__module__].EXAMPLE)


def _page(kind: type[Fact]) -> str:
    """What an editor shows of a kind, as Markdown."""
    return f"{about(kind)}\n\n{cleandoc(kind.__doc__ or '')}\n\n```yaml\n{example(kind)}```"


def _example(kind: type[Fact]) -> Iterator[tuple[str, Node]]:
    """The keys of the example of a kind."""
    tree, _ = parse_facts(Source("", f"cards:\n{example(kind)}"))
    match tree:
        case Mapping(entries=((_, Sequence(items=(Mapping(entries=entries), *_))),)):
            yield from ((name.text, value) for name, value in entries)


# --- Templates of cards ----------------------------------------------------------------------


def _snippet(kind: type[Fact]) -> dict[str, Any]:
    """The example of a kind with its words to be typed over: the keys that it needs.

    It has no ids: those of an example would be left in, and ``metaflash ids`` makes better ones.
    """
    grammar, numbers = kind.grammar(), count(1)
    return {
        name: _places(value, numbers) for name, value in _example(kind) if grammar[name].required
    }


def _places(node: Node, numbers: Iterator[int]) -> str | list[Any]:
    """A text of an example as a place to type; of a list all, and of a step or box its text."""
    match node:
        case Sequence(items=items):
            return [_places(item, numbers) for item in items]
        case Mapping(entries=((_, value), *_)):
            return _places(value, numbers)
        case Scalar(text=text):
            escaped = text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")
            return f"${{{next(numbers)}:{escaped}}}"
    return ""
