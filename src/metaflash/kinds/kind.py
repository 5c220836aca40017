"""What all kinds of facts have in common.

A kind is a frozen dataclass: its docstring is its documentation, its keys (see ``record``) are
its grammar, ``EXAMPLE`` in its module shows it, and ``drafts`` says which notes it makes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, NamedTuple

from metaflash.allow import allowed
from metaflash.diagnostics import Span
from metaflash.markup import Blank, Sentence
from metaflash.media import picture_name
from metaflash.note import Cloze, Draft, Pieces
from metaflash.readers import Name, first_name, placed_line, sentence, slug, tags, word
from metaflash.record import Record, key
from metaflash.tree import Mapping, Node, Reading, Scalar
from metaflash.words import seen


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
    allow: tuple[Name, ...] | None = key(allowed, "rules of quality that do not count here, a list")
    was: Name | None = key(first_name, "the id it had first, if it was given another one since")

    needs: ClassVar[Mapping_[str, str]] = MappingProxyType(
        {"image": "alt", "alt": "image", "image-on": "image"}
    )

    @classmethod
    def check_keys(cls, given: Mapping_[str, Scalar], reading: Reading) -> None:
        """Report a picture without words for who cannot see it, words and side without a picture."""
        lone = {key: at for key, at in given.items() if cls.needs.get(key, key) not in given}
        if "image" in lone:
            hint = (
                "Some learners hear their cards. Say what there is to see, and not the answer,"
                " for instance:  alt: A tumor with an arrow to the nearest of three lymph nodes"
            )
            at = lone["image"]
            message = "a picture without `alt`"
            reading.error(at.start, at.end, "missing-alt", message, hint)
        for name in ("alt", "image-on"):
            if name in lone:
                hint = "Add the picture, a file in the deck's media folder:  image: name.png"
                message = f"`{name}` without `image`"
                reading.error(lone[name].start, lone[name].end, "missing-image", message, hint)


class Answer(NamedTuple):
    """One thing that a card asks for: its plain words and those of its hint, and where each stands."""

    text: str
    span: Span
    hint: str = ""
    hint_span: Span | None = None


class Prompt(NamedTuple):
    """What a card asks, in plain words as ``words.seen`` gives them.

    ``leaf`` is the fact, step or box that it belongs to, ``role`` what is asked for: ``blank``,
    ``answer``, ``term``, ``means``, ``place`` or ``box``. ``front`` is what is seen of the sentence or
    question, with ``…`` for what is hidden, ``answer`` the words for that, several joined by commas;
    ``hint`` and the ``title`` above it are empty where there is none. ``answers`` are the same one by
    one. The spans are those of the whole front and of the first answer.
    """

    leaf: Leaf
    role: str
    front: str
    answer: str
    hint: str
    title: str
    front_span: Span
    answer_span: Span
    answers: tuple[Answer, ...] = ()


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

    @abstractmethod
    def prompts(self) -> Iterator[Prompt]:
        """What its cards ask, one by one."""


HIDDEN = "…"
"""What stands for a blank in the plain words of a front."""


def from_blanks(
    leaf: Leaf, role: str, sentence: Sentence, hidden: Collection[Blank], title: str = ""
) -> Prompt:
    """The prompt of a sentence in which some of its blanks are asked for, at least one."""
    front = "".join(
        HIDDEN if part in hidden else seen(part if isinstance(part, str) else part.answer)
        for part in sentence.parts
    )
    span = sentence.typed.span
    answers = tuple(
        Answer(
            seen(blank.answer),
            span(*blank.asked),
            seen(blank.hint),
            span(*blank.told) if blank.told else None,
        )
        for blank in hidden
    )
    answer = ", ".join(answer.text for answer in answers)
    hint = ", ".join(answer.hint for answer in answers if answer.hint)
    return Prompt(leaf, role, front, answer, hint, title, sentence.span, answers[0].span, answers)


def from_whole(leaf: Leaf, role: str, front: Sentence, answer: Sentence) -> Prompt:
    """The prompt that shows one sentence and asks for another."""
    words, span = seen(answer.html), answer.span
    answers = (Answer(words, span),)
    return Prompt(leaf, role, seen(front.html), words, "", "", front.span, span, answers)


def whole(answer: Sentence, item: int, hint: str = "") -> Pieces:
    """A sentence that is as a whole what a card asks for."""
    return (Cloze(item, answer.html, hint),)


def div(name: str, *pieces: str | Cloze) -> Pieces:
    """Pieces in an element of a class that the style sheet knows."""
    return (f'<div class="{name}">', *pieces, "</div>")


def ours(words: str) -> str:
    """Words of metaflash's own among the teacher's, said to be English to those who hear the card."""
    return f'<bdi lang="en">{words}</bdi>'
