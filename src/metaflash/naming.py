"""Ids for cards and steps that have none: one way to choose them, for those who write them by hand
and for the command that writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from typing import NamedTuple

from metaflash import markup
from metaflash.deck import Entry, FactFile
from metaflash.diagnostics import Diagnostic, Severity, Source, Span
from metaflash.lines import scalar
from metaflash.slug import free, slugify
from metaflash.tree import Scalar

_WRITTEN = re.compile(r"\bid: *[\"']?([a-z0-9]+(?:-[a-z0-9]+)*)")
"""An id where a mistake may hide the card that it belongs to."""


class Named(NamedTuple):
    """The id that a card is to have, or with ``part`` a part of it."""

    name: str
    entry: Entry
    part: Scalar | None = None


def allot(
    files: Sequence[FactFile | None], texts: Iterable[str], reserved: frozenset[str] = frozenset()
) -> list[list[Named]]:
    """An id for all that have none, file by file, unique in the deck.

    ``files`` are all of the deck, None where one says nothing, and ``texts`` what is written in
    them. ``reserved`` are names never to be given (again): ``card`` or ``process/step``.
    """
    taken = dict.fromkeys(reserved, 1)
    taken |= {name.split("/")[0]: 1 for name in reserved}
    for text in texts:
        taken |= dict.fromkeys(_WRITTEN.findall(text), 1)
    taken |= {name: 1 for file in files if file for name in file.cards.names}
    return [list(_named(file, taken)) if file else [] for file in files]


def _named(file: FactFile, taken: dict[str, int]) -> Iterator[Named]:
    for entry in file.cards.entries:
        name = entry.name or free(_words(entry.text) or entry.kind.text, taken)
        if not entry.name:
            yield Named(name, entry)
        if entry.parts.bare:
            taken |= {f"{name}/{part}": 1 for part in entry.parts.taken}
            taken |= {f"{name}/{step}": 1 for step in _steps_of(entry.was, taken)}
        for part in entry.parts.bare:
            yield Named(free(_words(part, 2) or "step", taken, f"{name}/"), entry, part)


def _steps_of(process: str, taken: Iterable[str]) -> list[str]:
    """The ids of the steps that are taken in a process."""
    return [name.partition("/")[2] for name in taken if process and name.startswith(f"{process}/")]


def _words(text: Scalar | None, words: int = 3) -> str:
    """An id from the words that a learner sees of a text; empty if there are none."""
    html = markup.parse(text.text)[0].html.replace("<br>", " ") if text else ""
    return slugify(unescape(re.sub("<.*?>", "", html)), words)


def places(named: Iterable[Named]) -> dict[int, str]:
    """The ids of a file's cards and steps by the offsets at which these start."""
    return {(one.part or one.entry.card).start: one.name for one in named}


def ask(
    files: Sequence[FactFile | None], named: Iterable[Iterable[Named]], *, lent: bool = False
) -> Iterator[Diagnostic]:
    """An error for each card and step of a deck without an id, with the id that it could have.

    With ``lent`` a warning: it is shown under that id, as if it were written already.
    """
    for file, found in zip(files, named, strict=True):
        if file is not None:
            yield from (_asked(one, file.span.source, lent=lent) for one in found)


_OWN_ID = re.compile(
    r"(?:([a-z0-9]+(?:-[a-z0-9]+)*): +)(\S.*)|([a-z0-9]+(?:-[a-z0-9]+)+) +([A-Z].*)", re.DOTALL
)
"""An id that YAML takes for a part of the sentence: in quotes with it, or without its colon."""


def _asked(named: Named, source: Source, *, lent: bool) -> Diagnostic:
    kind, part = named.entry.kind, named.part
    code, message = "missing-id", f"`{kind.text}` without an id"
    if part is not None:
        code, message = "step-without-id", "a step without an id"
    if lent:
        hint = "It is shown under one that its words make. The build asks for an id in the file."
    elif part is not None:
        hint = "The id ties learners' progress to the step, wherever it moves."
        own = _OWN_ID.match(part.text)
        name, words = [part for part in own.groups() if part] if own else (named.name, part.text)
        hint += f" Write:  - {name}: {scalar(words)}"
    else:
        hint = "The id ties learners' progress to the fact, whatever becomes of its words."
        hint += f" Add a line:  id: {named.name}"
    at = part or kind
    hint = f"{hint.rstrip()}\n`metaflash ids` writes all that are missing."
    severity: Severity = "warning" if lent else "error"
    return Diagnostic(Span(source, at.start, at.end), severity, code, message, hint)
