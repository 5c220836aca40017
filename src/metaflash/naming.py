"""Ids for cards and steps that have none: one way to choose them, for those who write them by hand
and for the command that writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from types import MappingProxyType
from typing import NamedTuple

from metaflash import markup
from metaflash.diagnostics import Diagnostic, Severity, Source, Span
from metaflash.facts import Entry, FactFile
from metaflash.lines import scalar
from metaflash.slug import free, slugify
from metaflash.tree import Scalar

_WRITTEN = re.compile(r"\bid: *[\"']?([a-z0-9]+(?:-[a-z0-9]+)*)")
"""An id where a mistake may hide the card that it belongs to."""


class Named(NamedTuple):
    """The id that a card is to have, or with ``part`` a part of it; ``again`` if it had it in the last
    build, ``glued`` if it stands before the sentence already and only its colon is missing."""

    name: str
    entry: Entry
    part: Scalar | None = None
    again: bool = False
    glued: bool = False


class Had(NamedTuple):
    """An id to be given back, and whether it is ``glued``."""

    name: str
    glued: bool = False


def allot(
    files: Sequence[FactFile | None],
    texts: Iterable[str],
    reserved: frozenset[str] = frozenset(),
    again: Mapping[tuple[int, int], Had] = MappingProxyType({}),
) -> list[list[Named]]:
    """An id for all that have none, file by file, unique in the deck.

    ``files`` are all of the deck, None where one says nothing, and ``texts`` what is written in
    them. ``reserved`` are names never to be given: ``card`` or ``process/step``; except those to
    be given ``again``, by the index of a file and the offset in it of the card or step.
    """
    taken = dict.fromkeys(reserved, 1)
    taken |= {name.split("/")[0]: 1 for name in reserved}
    for text in texts:
        taken |= dict.fromkeys(_WRITTEN.findall(text), 1)
    taken |= {name: 1 for file in files if file for name in file.cards.names}
    known: list[dict[int, Had]] = [{} for _ in files]
    for (at, start), had in again.items():
        known[at][start] = had
    return [
        list(_named(file, taken, own)) if file else []
        for file, own in zip(files, known, strict=True)
    ]


def _named(file: FactFile, taken: dict[str, int], again: Mapping[int, Had]) -> Iterator[Named]:
    for entry in file.cards.entries:
        had = again.get(entry.card.start, _NEVER)
        name = entry.name or had.name or free(_words(entry.text) or entry.kind.text, taken)
        if not entry.name:
            yield Named(name, entry, again=bool(had.name))
        if entry.parts.bare:
            taken |= {f"{name}/{part}": 1 for part in entry.parts.taken}
            taken |= {f"{name}/{step}": 1 for step in _steps_of(entry.was, taken)}
        for part in entry.parts.bare:
            had = again.get(part.start, _NEVER)
            chosen = had.name or free(_words(part, 2) or "step", taken, f"{name}/")
            yield Named(chosen, entry, part, bool(had.name), had.glued)


_NEVER = Had("")


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
    """An error for each card and step of a deck without an id, with the id that it could have; for many
    cards or steps of one file a single one.

    With ``lent`` a warning: it is shown under that id, as if it were written already.
    """
    for file, found in zip(files, named, strict=True):
        cards = [one for one in found if one.part is None]
        steps = [one for one in found if one.part is not None]
        for some in (cards, steps):
            if file is not None and len(some) > _FEW:
                yield _gathered(some, file.span.source, lent=lent)
            elif file is not None:
                yield from (_asked(one, file.span.source, lent=lent) for one in some)


_FEW = 2
"""Cards or steps of a file that are told one by one."""

_SHOWN = 12
"""Lines that a message lists."""

_LENT = "shown under one that its words make. The build asks for an id in the file."


def _gathered(some: Sequence[Named], source: Source, *, lent: bool) -> Diagnostic:
    """One problem for many cards or steps of a file."""
    first = some[0].part or some[0].entry.kind
    code, what = ("step-without-id", "steps") if some[0].part else ("missing-id", "cards")
    starts = [(one.part or one.entry.kind).start for one in some]
    lines = [str(source.position(start)[0]) for start in starts[:_SHOWN]]
    lines += ["…"] if len(starts) > _SHOWN else []
    hint = f"Each is {_LENT}" if lent else "The id ties learners' progress to the fact, for ever."
    hint += f" They begin in lines {', '.join(lines)}."
    if had := sum(one.again for one in some):
        hint += f" {had} of them had an id in the last build, and get it back."
    hint += "\n`metaflash ids` writes them all."
    severity: Severity = "warning" if lent else "error"
    span = Span(source, first.start, first.end)
    return Diagnostic(span, severity, code, f"{len(some)} {what} without an id", hint)


_OWN_ID = re.compile(
    r"(?:([a-z0-9]+(?:-[a-z0-9]+)*): +)(\S.*)|([a-z0-9]+(?:-[a-z0-9]+)+) +([A-Z].*)", re.DOTALL
)
"""An id that YAML takes for a part of the sentence: in quotes with it, or without its colon."""


def _put(named: Named, what: str) -> str:
    """What to do with the id that follows."""
    if not named.again:
        return what
    return f"It was `{named.name}` in the last build; put it back. {what}"


def _asked(named: Named, source: Source, *, lent: bool) -> Diagnostic:
    kind, part = named.entry.kind, named.part
    code, message = "missing-id", f"`{kind.text}` without an id"
    if part is not None:
        code, message = "step-without-id", "a step without an id"
    if lent:
        hint = f"It is {_LENT}"
    elif part is not None:
        own = _OWN_ID.match(part.text)
        name, words = [part for part in own.groups() if part] if own else (named.name, part.text)
        words = words.removeprefix(f"{name} ") if named.glued else words
        hint = f"The id ties learners' progress to the step, wherever it moves. {_put(named, 'Write:')}"
        hint += f"  - {name}: {scalar(words)}"
    else:
        hint = "The id ties learners' progress to the fact, whatever becomes of its words."
        hint += f" {_put(named, 'Add a line:')}  id: {named.name}"
    at = part or kind
    hint = f"{hint.rstrip()}\n`metaflash ids` writes all that are missing."
    severity: Severity = "warning" if lent else "error"
    return Diagnostic(Span(source, at.start, at.end), severity, code, message, hint)
