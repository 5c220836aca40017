"""What all kinds of facts have in common.

A kind is a frozen dataclass: its docstring is its documentation, its keys (see ``record``) are
its grammar, ``EXAMPLE`` in its module shows it, and ``drafts`` says which notes it makes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from metaflash.markup import Sentence
from metaflash.note import Cloze, Draft, Pieces
from metaflash.record import Name, Record, first_name, key, sentence, slug, tags
from metaflash.tree import Mapping, Node, Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin(Record):
    """Where knowledge comes from, at any level: these keys come down to what is below."""

    source: Sentence | None = key(sentence, "where the fact comes from")
    section: Sentence | None = key(sentence, "the place in the source")
    tags: tuple[str, ...] | None = key(tags, "tags in Anki, a list")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf(Origin):
    """What ends up on a note of its own: a fact, or a step of one."""

    extra: Sentence | None = key(sentence, "an explanation from the source, shown on the back")
    note: Sentence | None = key(sentence, "the teacher's own remark, shown as such on the back")
    was: Name | None = key(first_name, "the id it had first, if it was given another one since")


class Parts(NamedTuple):
    """What in a card needs an id of its own.

    ``bare`` are the texts that have none, ``taken`` the ids that they cannot get, and ``wrong``
    what is no such text, so that nothing can be said of its id.
    """

    bare: tuple[Scalar, ...] = ()
    taken: frozenset[str] = frozenset()
    wrong: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Leaf, ABC):
    """A fact of any kind: the values its keys have in the file."""

    kind: ClassVar[str]

    id: Name | None = key(slug, "names the fact for ever; its words may change, the id may not")

    @classmethod
    def parts(cls, _card: Mapping) -> Parts:
        """What in a card of this kind needs an id beside the card itself."""
        return Parts()

    @abstractmethod
    def drafts(self) -> Iterator[tuple[Draft, Leaf]]:
        """The notes the fact makes, in the order of their first cards, each with what it belongs to:
        the fact itself, or one of its steps."""


def whole(answer: Sentence, item: int, hint: str = "") -> Pieces:
    """A sentence that is as a whole what a card asks for."""
    return (Cloze(item, answer.html, hint),)


def div(name: str, *pieces: str | Cloze) -> Pieces:
    """Pieces in an element of a class that the style sheet knows."""
    return (f'<div class="{name}">', *pieces, "</div>")


def ours(words: str) -> str:
    """Words of metaflash's own among the teacher's, said to be English to those who hear the card."""
    return f'<bdi lang="en">{words}</bdi>'
