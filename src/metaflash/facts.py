"""A fact file: the cards of its list, as far as they can be read, and what is wrong with the others."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from metaflash.corrections import instead, rest_of_line
from metaflash.diagnostics import Diagnostic, Source, nearest
from metaflash.kinds import KINDS
from metaflash.kinds.kind import Fact, Leaf, Origin, Parts
from metaflash.lines import Page, Words
from metaflash.readers import Name, items, line, named
from metaflash.record import Record, decode, decode_file, key
from metaflash.shape import list_of, shaped
from metaflash.slug import is_slug
from metaflash.source import checked, parse, parse_reading
from metaflash.straighten import SYMPTOMS, VAGUE, Straightened, straighten
from metaflash.tree import Broken, Mapping, Node, Reading, Scalar, with_ids


class Entry(NamedTuple):
    """A card as far as ids go: its kind's key, what stands there (None if that cannot be read), its
    own id and its first one (empty if it has none) and those of its parts."""

    card: Mapping
    kind: Scalar
    text: Scalar | None
    name: str
    was: str
    parts: Parts


class Cards(NamedTuple):
    """The facts of a file that are without a problem; the ids of all, to find one twice; all cards
    of which can be said whether they have ids; and the others."""

    facts: tuple[Fact, ...]
    names: tuple[Name, ...]
    entries: tuple[Entry, ...]
    wrong: tuple[Node, ...]


_CARDS = (
    "cards:\n  - fact: Leaves are green because they hold ==chlorophyll==.\n    id: green-leaves"
)


@shaped(list_of({}, "- fact: The ==liver== …", least=1))
def cards(node: Node, reading: Reading) -> Cards | None:
    """The facts of a list of cards; those with problems are reported and left out."""
    listed = items(node, reading, "cards", _CARDS)
    if listed is None:
        return None
    read = [_fact(item, reading) for item in listed]
    _forget_repeats(listed, reading)
    entries = [_entry(item, reading) for item in listed]
    ids = [value for value in map(_id, listed) if isinstance(value, Scalar) and is_slug(value.text)]
    return Cards(
        tuple(fact for fact in read if fact is not None),
        tuple(named(value, reading) for value in ids),
        tuple(entry for entry in entries if entry is not None),
        tuple(card for card, entry in zip(listed, entries, strict=True) if entry is None),
    )


def _entry(card: Node, reading: Reading) -> Entry | None:
    """A card as far as ids go; None where a mistake is in the way."""
    found = _kinds(card)
    if len(found) != 1 or not isinstance(card, Mapping) or not reading.hears(found[0][0].start):
        return None
    (key_, text), kind = found[0], KINDS[found[0][0].text]
    name = _id(card)
    if name is None and any(_is_meant_as_id(word.text, kind) for word, _ in card.entries):
        return None
    if name is not None and not _is_text(name):
        return None
    parts = kind.parts(card)
    parts = parts._replace(bare=tuple(bare for bare in parts.bare if reading.hears(bare.start)))
    readable = text if isinstance(text, Scalar) and _is_text(text) else None
    was = _value(card, "was")
    return Entry(card, key_, readable, _text(name), _text(was), parts)


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _is_text(node: Node) -> bool:
    return isinstance(node, Scalar) and bool(node.text.strip())


def _kinds(card: Node) -> list[tuple[Scalar, Node]]:
    """The entries of a card whose keys name kinds."""
    entries = card.entries if isinstance(card, Mapping) else ()
    return [(name, value) for name, value in entries if name.text in KINDS]


def _id(card: Node) -> Node | None:
    """The value of a card's id, None if it has none."""
    return _value(card, "id")


def _value(card: Node, key: str) -> Node | None:
    """The value of a card's key, None if it has none."""
    if not isinstance(card, Mapping):
        return None
    return next((value for name, value in card.entries if name.text == key), None)


def _fact(node: Node, reading: Reading) -> Fact | None:
    """One card of the list, read as the kind that one of its keys names."""
    if isinstance(node, Broken):
        return None
    if not isinstance(node, Mapping) or not node.entries:
        _refuse_card(node, reading)
        return None
    kinds = [name for name, _ in _kinds(node)]
    if not kinds:
        _refuse_kind(node, reading)
        return None
    if len(kinds) > 1:
        _refuse_two(kinds[0], kinds[1], reading)
        return None
    kind = KINDS[kinds[0].text]
    span = reading.span(kinds[0].start, kinds[0].end)
    return decode(kind, node.entries, reading, what=f"`{kind.kind}`", span=span)


def _is_meant_as_id(word: str, kind: type[Fact]) -> bool:
    return word == "id" or (word not in kind.grammar() and nearest(word, kind.grammar()) == "id")


def _refuse_kind(card: Mapping, reading: Reading) -> None:
    """A card without a key that names its kind."""
    first = card.entries[0][0]
    names = {name.text for name, _ in card.entries}
    said = (kind for kind in KINDS if first.text.lower() in KINDS[kind].grammar()[kind].said)
    meant = next(said, "") or nearest(first.text, KINDS)
    if not meant:
        others = {kind: _needed(KINDS[kind]) - {kind} for kind in KINDS}
        meant = next((kind for kind, keys in others.items() if keys and keys <= names), "")
    hint = f"The first key of a card names its kind: {', '.join(KINDS)}."
    hint = instead(first, meant, reading) if meant else hint
    message = f"`{first.text}` is no kind of card"
    reading.error(first.start, first.end, "unknown-kind", message, hint)


def _needed(kind: type[Fact]) -> set[str]:
    return {name for name, rule in kind.grammar().items() if rule.required}


def _refuse_two(first: Scalar, second: Scalar, reading: Reading) -> None:
    line = rest_of_line(second, reading)
    hint = f"One card has one kind. A new card begins with a dash:  - {line}"
    message = f"a card that is both `{first.text}` and `{second.text}`"
    reading.error(second.start, second.end, "two-kinds", message, hint)


def _forget_repeats(cards: tuple[Node, ...], reading: Reading) -> None:
    """Where a card was found to be two, a dash was forgotten: keys that are there twice follow."""
    twofold = [problem.span.start for problem in reading.problems if problem.code == "two-kinds"]
    if not twofold:
        return
    starts = [card.start for card in cards]
    wrong = {bisect_right(starts, start) for start in twofold}
    reading.problems[:] = [
        problem
        for problem in reading.problems
        if problem.code != "repeated-key" or bisect_right(starts, problem.span.start) not in wrong
    ]


def _refuse_card(node: Node, reading: Reading) -> None:
    if isinstance(node, Scalar) and (found := re.fullmatch(r"(\w+):(\S.*)", node.text)):
        hint = f"Write:  - {found[1]}: {found[2]}"
        message = "no space after the colon"
        reading.error(node.start, node.end, "missing-space", message, hint)
        return
    hint = "A card begins with its kind:  - fact: A sentence with a ==blank==."
    reading.error(node.start, node.end, "not-a-card", "this is no card", hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactFile(Origin):
    """A file with facts."""

    topic: str | None = key(line, "the heading of the file's cards, and a tag")
    cards: Cards = key(cards, "the facts, as a list", required=True)

    @classmethod
    def to_add(cls, _name: str, _values: Mapping_[str, Any], _text: str) -> str:
        """The beginning of the list."""
        return _CARDS


# --- Reading them --------------------------------------------------------------------------

_RECORDS: tuple[type[Record], ...] = (*KINDS.values(), FactFile, Leaf)
_WORDS = Words(
    frozenset(word for r in _RECORDS for word in r.grammar()),
    frozenset(KINDS),
    {name: kind.kind for kind in KINDS.values() for name in kind.lists},
    frozenset(Leaf.grammar()),
    {
        name: {word: rule.required for word, rule in kind.grammar().items()}
        for name, kind in KINDS.items()
    },
)


_Decoded: TypeAlias = tuple[FactFile | None, list[Diagnostic]]
"""The facts of a file, None if it cannot be used, and the problems."""


def read_facts(source: Source, ids: Mapping_[int, str] = MappingProxyType({})) -> _Decoded:
    """The facts of a file that are without a problem, and the problems of the others.

    ``ids`` are read as if they were written, each in the card or step that starts at its offset.
    """
    file, problems, text = _read(checked(source), ids)
    is_suspect = any(problem.code in SYMPTOMS for problem in problems)
    straight = straighten(Page(text, _WORDS)) if is_suspect else None
    if straight is None:
        return file, problems
    again = _straightened(source, straight, ids)
    return again if _is_better(straight, again, (file, problems)) else (file, problems)


def _is_better(straight: Straightened, again: _Decoded, first: _Decoded) -> bool:
    """Whether a file is better read ``again``, with its lines put right, than at ``first``: more of it is
    read, or fewer messages say as much, or as many say more."""
    (file, problems), (file_again, problems_again) = first, again
    codes = {problem.code for problem in problems}
    if file is None and file_again is not None:
        return True
    if file is not None and file_again is None and not codes <= SYMPTOMS:
        return False  # what else is wrong would not be told
    told = {slip.code for slip in straight.mistakes}
    says_more = codes & VAGUE or told & {"extra-dash", "indentation", "wrong-dash"}
    is_step = codes == {"unknown-key"} and told == {"missing-dash"}
    limit = len(problems) if says_more or is_step else len(problems) - 1
    return len(problems_again) <= limit


def _read(
    reading: Reading, ids: Mapping_[int, str]
) -> tuple[FactFile | None, list[Diagnostic], str]:
    """The facts of a source, their problems, and the text in which YAML began to read them."""
    text = reading.source.text
    tree, reading = parse_reading(reading, _WORDS)
    if tree is not None and ids:
        tree = with_ids(tree, ids)
    start = f"Begin with:\ntopic: What the file is about\n{_CARDS}"
    file, problems = decode_file(FactFile, tree, reading, what="a fact file", start=start)
    return file, problems, text


def _straightened(source: Source, straight: Straightened, ids: Mapping_[int, str]) -> _Decoded:
    """The facts of a source without the slips in its outline, and those slips before all others."""
    reading = checked(source)
    strays = {slip.start for slip in straight.mistakes if slip.code == "missing-colon"}
    told = [
        p
        for p in reading.problems
        if not (strays and p.code == "tab" and p.place[0] in straight.lines)
    ]
    known = {problem.place[0] for problem in told}  # where a tab or the like was told, that is all
    position = reading.source.position
    for slip in straight.mistakes:
        if position(slip.start)[0] not in known:
            span = reading.span(slip.start, slip.end)
            told.append(Diagnostic(span, "error", slip.code, slip.message, slip.hint))
    reading = Reading(reading.source, told, reading.deaf)
    if straight.text is None:
        return None, reading.problems
    mended = Source(source.path, straight.text, reading.source.shown)
    deaf = reading.deaf | straight.lines
    file, problems, _ = _read(Reading(mended, reading.problems, deaf), ids)
    return file, problems


def parse_facts(source: Source) -> tuple[Node | None, Reading]:
    """The tree of a fact file, and the reading with its problems."""
    return parse(source, _WORDS)
