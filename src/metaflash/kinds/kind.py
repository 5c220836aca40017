"""What all kinds of facts have in common.

A kind is a frozen dataclass: its docstring is its documentation, its keys (see ``record``) are
its grammar, ``EXAMPLE`` in its module shows it, and ``drafts`` says which notes it makes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from metaflash.markup import Sentence
from metaflash.media import picture_name
from metaflash.note import Cloze, Draft, Pieces
from metaflash.record import Name, Record, first_name, key, placed_line, sentence, slug, tags, word
from metaflash.tree import Mapping, Node, Reading, Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin(Record):
    """Where knowledge comes from, at any level: these keys come down to what is below."""

    source: Sentence | None = key(sentence, "where the fact comes from")
    section: Sentence | None = key(sentence, "the place in the source")
    tags: tuple[str, ...] | None = key(tags, "tags in Anki, a list")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf(Origin):
    """What ends up on a note of its own: a fact, or a step or box of one."""

    extra: Sentence | None = key(sentence, "an explanation from the source, shown on the back")
    note: Sentence | None = key(sentence, "the teacher's own remark, shown as such on the back")
    image: Name | None = key(
        picture_name, "a picture on the card, a file in the deck's media folder"
    )
    alt: Name | None = key(placed_line, "what the picture shows, for who cannot see it")
    image_on: str | None = key(word("front", "back"), "back, for a picture that shows the answer")
    was: Name | None = key(first_name, "the id it had first, if it was given another one since")

    @classmethod
    def check_keys(cls, given: Mapping_[str, Scalar], reading: Reading) -> None:
        """A picture needs words for who cannot see it; words and side need a picture."""
        if "image" in given and "alt" not in given:
            hint = (
                "Some learners hear their cards. Say what there is to see, and not the answer,"
                " for instance:  alt: A tumor with an arrow to the nearest of three lymph nodes"
            )
            at = given["image"]
            message = "a picture without `alt`"
            reading.error(at.start, at.end, "missing-alt", message, hint)
        for name in ("alt", "image-on"):
            if name in given and "image" not in given:
                hint = "Add the picture, a file in the deck's media folder:  image: name.png"
                message = f"`{name}` without `image`"
                reading.error(given[name].start, given[name].end, "missing-image", message, hint)


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
    """A fact of any kind: the values its keys have in the file. ``lists`` are the keys among them
    that stand above a list of steps, arrows or the like."""

    kind: ClassVar[str]
    lists: ClassVar[tuple[str, ...]] = ()

    id: Name | None = key(slug, "names the fact for ever; its words may change, the id may not")

    @classmethod
    def parts(cls, _card: Mapping) -> Parts:
        """What in a card of this kind needs an id beside the card itself."""
        return Parts()

    def leaves(self) -> tuple[Leaf, ...]:
        """The fact itself and its steps or boxes, where it has some."""
        return (self,)

    @abstractmethod
    def drafts(self) -> Iterator[tuple[Draft, Leaf]]:
        """The notes the fact makes, in the order of their first cards, each with what it belongs to:
        the fact itself, or one of its steps or boxes."""


def whole(answer: Sentence, item: int, hint: str = "") -> Pieces:
    """A sentence that is as a whole what a card asks for."""
    return (Cloze(item, answer.html, hint),)


def div(name: str, *pieces: str | Cloze) -> Pieces:
    """Pieces in an element of a class that the style sheet knows."""
    return (f'<div class="{name}">', *pieces, "</div>")


def ours(words: str) -> str:
    """Words of metaflash's own among the teacher's, said to be English to those who hear the card."""
    return f'<bdi lang="en">{words}</bdi>'
