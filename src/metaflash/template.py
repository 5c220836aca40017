"""Anki's template language: text with fields and sections in double braces, and what it shows.

What a template means was learned from the engine, and a test holds both side by side. Where Anki
would put a message of its own on the card, because a template is wrong, this module raises: the
only templates it reads are those of metaflash.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple, TypeAlias


class TemplateError(ValueError):
    """A template that is wrong, with what is wrong in it."""


class Value(NamedTuple):
    """A field's content, sent through filters, the first one first: ``{{filter:Field}}``."""

    field: str
    filters: tuple[str, ...]


class Section(NamedTuple):
    """What is shown only if a field is filled (``{{#Field}}…{{/Field}}``), or only if it is not
    (``{{^Field}}…{{/Field}}``)."""

    field: str
    if_filled: bool
    inner: Template


Template: TypeAlias = tuple[str | Value | Section, ...]
"""A template as its parts; a ``str`` is shown as it is."""

Filter: TypeAlias = Callable[[str], str]
"""What a filter makes of a field's HTML."""

FRONT_SIDE = "FrontSide"
"""The field that holds the whole front; there is none on a front, and none for sections."""

_TOKEN = re.compile(r"<!--.*?-->|\{\{(?P<tag>.*?)\}\}", re.DOTALL)
"""A comment hides what is in it from Anki, but not from the page."""

_CARD = re.compile(r"c[0-9]+")
"""The name of a card in sections: ``{{#c2}}`` is for card 2 only."""

_NOTHING = re.compile(r"(?:[ \t\n\v\f\r]|</?(?:br|div) ?/?>)*", re.IGNORECASE)
"""What a field may hold and still be empty; a space that does not break is something."""


def parse(text: str, *, fields: Collection[str], filters: Collection[str]) -> Template:
    """The parts of a template for a note type with these fields, special ones included.

    Raises TemplateError for a section that is not closed in its turn, and for a field or a filter
    that there is not, be it in a part that no card shows.
    """
    top: list[str | Value | Section] = []
    outer: list[tuple[str, bool, list[str | Value | Section]]] = []
    here = top
    for plain, tag in _tokens(text):
        here.append(plain)
        if tag is None:
            continue
        name = tag[1:].strip()
        match tag[:1]:
            case "#" | "^" as mark:
                if name not in fields and not _CARD.fullmatch(name):
                    raise _wrong(tag, "there is no such field")
                outer.append((name, mark == "#", here))
                here = []
            case "/":
                if not outer or outer[-1][0] != name:
                    raise _wrong(tag, "that is not the section that is open")
                _, if_filled, before = outer.pop()
                before.append(Section(name, if_filled, tuple(here)))
                here = before
            case _:
                here.append(_value(tag, fields, filters))
    if outer:
        raise _wrong("/" + outer[-1][0], "it is missing")
    return tuple(top)


def _tokens(text: str) -> Iterator[tuple[str, str | None]]:
    """Each tag without its braces, after the text before it; at the end a text without a tag."""
    at = 0
    for found in _TOKEN.finditer(text):
        if found["tag"] is not None:
            yield text[at : found.start()], found["tag"].lstrip("{").strip()
            at = found.end()
    yield text[at:], None


def _wrong(tag: str, why: str) -> TemplateError:
    return TemplateError(f"{{{{{tag}}}}}: {why}")


def _value(tag: str, fields: Collection[str], filters: Collection[str]) -> Value:
    field, *names = reversed(tag.split(":"))
    if field == FRONT_SIDE:
        return Value(field, ())  # Anki takes no notice of filters here
    if field not in fields:
        raise _wrong(tag, "there is no such field")
    names = [name for name in names if name]
    if unknown := next((name for name in names if name not in filters), None):
        raise _wrong(tag, f"there is no filter `{unknown}`")
    return Value(field, tuple(names))


def render(template: Template, fields: Mapping[str, str], filters: Mapping[str, Filter]) -> str:
    """The HTML that a template shows of a note: of all fields and filters that it was parsed for,
    of ``FrontSide`` if it asks for that, and of ``c`` with the card's number, which is filled."""
    return "".join(_parts(template, fields, filters))


def _parts(
    template: Template, fields: Mapping[str, str], filters: Mapping[str, Filter]
) -> Iterator[str]:
    for part in template:
        match part:
            case str():
                yield part
            case Value(field, names):
                html = fields[field]
                for name in names:
                    html = filters[name](html)
                yield html
            case Section(field, if_filled, inner):
                if (not _NOTHING.fullmatch(fields.get(field, ""))) == if_filled:
                    yield from _parts(inner, fields, filters)
