"""A field's blanks in Anki's form, ``{{c1::answer::hint}}``, as a card shows them.

A card hides the blanks of its own number on the front and marks them on the back; all others are
plain text in a span of another class. The rules were learned from the engine, and a test holds
both side by side. Two forms are left out, which metaflash never writes: ``{{c1,2::…}}``, new in
Anki 26.05, and ``{{c1::image-occlusion:…}}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, TypeAlias


class _Blank(NamedTuple):
    """A blank with what is in it; ``hint`` is None where there is none, not even an empty one."""

    number: int
    inner: _Nodes
    hint: str | None


_Nodes: TypeAlias = tuple[str | _Blank, ...]

_MARK = re.compile(r"\{\{c([0-9]+)::|\}\}")
_MAX = 65_535
"""Anki reads no higher number; what has one is text."""

_NO_HINT = "..."


def reveal(html: str, number: int, *, hide: bool) -> str:
    """The HTML of a field on the card of a number, empty if the field has no blank of it.

    With ``hide`` its blanks show their hints or three dots, as on a front. Formulas lose all tags,
    those around their blanks too, because MathJax cannot read them.
    """
    nodes = _parsed(html)
    return _without_tags_in_formulas(_shown(nodes, number, hide)) if _has(nodes, number) else ""


@lru_cache(maxsize=1024)
def _parsed(html: str) -> _Nodes:
    """The field as text and blanks. What comes after a blank that is not closed is left out with
    it, and ``}}`` that closes none is text."""
    top: list[str | _Blank] = []
    outer: list[tuple[int, list[str | _Blank]]] = []
    here = top
    at = 0
    for found in _MARK.finditer(html):
        number = int(found[1]) if found[1] else None
        is_text = not outer if number is None else number > _MAX
        if is_text:
            continue
        here.append(html[at : found.start()])
        at = found.end()
        if number is None:
            opened, before = outer.pop()
            before.append(_blank(opened, here))
            here = before
        else:
            outer.append((number, here))
            here = []
    here.append(html[at:])
    return tuple(top)


def _blank(number: int, inside: Iterable[str | _Blank]) -> _Blank:
    """A blank; the first two colons in a text of its own begin the hint, to the end of that text."""
    inner: list[str | _Blank] = []
    hint = None
    for node in inside:
        if isinstance(node, str) and "::" in node:
            text, _, hint = node.partition("::")
            inner.append(text)
        else:
            inner.append(node)
    return _Blank(number, tuple(inner), hint)


def _has(nodes: _Nodes, number: int) -> bool:
    return any(
        node.number == number or _has(node.inner, number)
        for node in nodes
        if isinstance(node, _Blank)
    )


def _shown(nodes: _Nodes, number: int, hide: bool) -> str:  # noqa: FBT001 - passed down
    return "".join(node if isinstance(node, str) else _span(node, number, hide) for node in nodes)


def _span(blank: _Blank, number: int, hide: bool) -> str:  # noqa: FBT001 - passed down
    inner = _shown(blank.inner, number, hide)
    if blank.number != number:
        return f'<span class="cloze-inactive" data-ordinal="{blank.number}">{inner}</span>'
    if not hide:
        return f'<span class="cloze" data-ordinal="{number}">{inner}</span>'
    hint = _NO_HINT if blank.hint is None else blank.hint
    answer = _TO_ESCAPE.sub(_escaped, inner)
    return f'<span class="cloze" data-cloze="{answer}" data-ordinal="{number}">[{hint}]</span>'


# --- The answer as an attribute --------------------------------------------------------------

_TO_ESCAPE = re.compile(r"[^0-9A-Za-z\u0100-\U0010ffff]")
_NAMED = {'"': "&quot;", "&": "&amp;", "<": "&lt;", ">": "&gt;"}


def _escaped(found: re.Match[str]) -> str:
    return _NAMED.get(found[0]) or f"&#x{ord(found[0]):02X};"


# --- Formulas --------------------------------------------------------------------------------

_FORMULA = re.compile(r"\\[(\[].*?\\[)\]]", re.DOTALL)
"""What Anki takes for a formula: either mark ends what either mark began."""

_TAG = re.compile(
    r"<!--.*?-->|<style.*?>.*?</style>|<script.*?>.*?</script>|<.*?>", re.DOTALL | re.IGNORECASE
)


def _without_tags_in_formulas(html: str) -> str:
    return _FORMULA.sub(lambda found: _TAG.sub("", found[0]), html) if "\\" in html else html
