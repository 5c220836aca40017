"""Boxes with arrows between them, drawn by metaflash: one card for every box."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from metaflash.diagnostics import nearest
from metaflash.drawing import svg
from metaflash.drawing.layers import Graph
from metaflash.kinds.arrows import EXAMPLE as ARROWS
from metaflash.kinds.arrows import Label, arrows, label, refuse_to_itself, refuse_twice
from metaflash.kinds.kind import HIDDEN, Answer, Fact, Leaf, Prompt, div, ours
from metaflash.kinds.listed import Form, is_bare, named_texts, written
from metaflash.lines import scalar
from metaflash.markup import Sentence, shown
from metaflash.note import Cloze, Draft, Item
from metaflash.readers import Name, items, sentence
from metaflash.record import decode, key
from metaflash.shape import list_of, shaped
from metaflash.slug import ended, slugify
from metaflash.tree import Node, Reading, Scalar
from metaflash.words import plain, seen, stands_in

EXAMPLE = """\
- picture: Portal drainage
  id: portal-map
  arrows:
    - GI tract -> portal vein
    - spleen -> portal vein
    - portal vein -> liver
"""

MAX_BOXES = 30
"""Boxes of one picture; more are no picture that a learner can take in."""

_ROUNDS = 3
"""Rounds of introduction over which the boxes are spread: each card shows all boxes but its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box(Leaf):
    """A box of a picture: `- its-id: Its label`, or a label that an arrow names."""

    id: Name
    label: Label


_FORM = Form("box", "- its-id: Its label", "not-a-box", "box-without-id")


class Boxes(NamedTuple):
    """The boxes of a list that can be read, and whether that is all of them."""

    listed: tuple[Box, ...] = ()
    sound: bool = True


@shaped(
    list_of(named_texts(Box, "box", label.shape), "- portal-vein: Hepatic portal vein", least=1)
)
def boxes(node: Node, reading: Reading) -> Boxes:
    """Boxes with ids or keys of their own."""
    before = len(reading.problems)
    listed = items(node, reading, "boxes", "boxes:\n  - portal-vein: Hepatic portal vein")
    if listed is None:
        return Boxes(sound=False)
    for bare in (item for item in listed if is_bare(item)):
        text = " ".join(bare.text.split()) if isinstance(bare, Scalar) else ""
        name = slugify(text, words=8) or "its-id"
        hint = f"Write:  - {name}: {scalar(text)}\nA box without keys of its own need not be listed here."
        reading.error(bare.start, bare.end, "box-without-id", "a box without an id", hint)
    found = (
        decode(Box, one.keys, reading, what="a box", span=one.id.span, id=one.id, label=one.text)
        for one in written(listed, reading, _FORM, label.read)
    )
    sound = tuple(box for box in found if box is not None)
    return Boxes(sound, sound=len(reading.problems) == before)


# --- The kind -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture(Fact):
    """Boxes and arrows, drawn from their words: a note for every box, with one card.

    The front shows the drawing with that box hidden, the back the whole of it with this box lit.
    A box has the id that its label makes, or one from ``boxes``, under which its label may change.
    """

    kind: ClassVar[str] = "picture"
    lists: ClassVar[tuple[str, ...]] = ("arrows", "boxes")

    picture: Sentence = key(sentence, "the title", required=True)
    arrows: tuple[tuple[Label, Label], ...] = key(
        arrows, "the arrows between its boxes, a list", required=True
    )
    boxes: Boxes | None = key(boxes, "boxes with ids or keys of their own, a list")

    @classmethod
    def to_add(cls, name: str, _values: Mapping[str, Any], _text: str) -> str:
        """For the arrows the beginning of their list."""
        return ARROWS if name == "arrows" else f"{name}: …"

    def agrees(self, reading: Reading) -> bool:
        """Whether boxes and arrows fit together; what does not is reported."""
        before = len(reading.problems)
        self._check_listed(reading)
        if self.boxes and not self.boxes.sound:
            return False
        count = len(self._drawn)
        if count > MAX_BOXES:
            hint = f"The limit is {MAX_BOXES}. Split it into pictures of a few boxes each."
            message = f"a picture of {count} boxes"
            span = self.span
            reading.error(span.start, span.end, "too-many-boxes", message, hint)
            return False
        self._check_ids(reading)
        self._check_arrows(reading)
        if len(reading.problems) > before:
            return False
        self._check_spelling(reading)
        self._check_title(reading)
        return True

    def _check_listed(self, reading: Reading) -> None:
        """Boxes with one label, and those that no arrow names."""
        named = {found.text for pair in self.arrows for found in pair}
        first: dict[str, Box] = {}
        for box in self._listed:
            text, start, end = box.label
            if (other := first.setdefault(text, box)) is not box:
                hint = (
                    f"The box at {other.id.span} has this label already, and nobody could tell the"
                    " two apart. Say in the label how this one differs, or list the box once."
                )
                reading.error(start, end, "repeated-label", f"label `{text}` twice", hint)
            elif text not in named and box.id not in named:
                meant = nearest(text, named - {b.label.text for b in self._listed})
                hint = f"Did you mean `{meant}`? " if meant else ""
                hint += "A box is drawn where an arrow names it by its label or its id."
                message = f"no arrow names `{text}`"
                reading.error(start, end, "box-without-arrow", message, hint)

    def _check_ids(self, reading: Reading) -> None:
        """Labels that make no id, or that of another box."""
        first: dict[str, Box] = {}
        for box in self._drawn.values():
            text, start, end = box.label
            other = first.setdefault(box.id, box)
            if not box.id:
                hint = f"Its letters make none. Give it one:\nboxes:\n  - its-id: {scalar(text)}"
                reading.error(start, end, "box-without-id", "a box without an id", hint)
            elif other is not box:
                hint = (
                    f"Labels are compared letter by letter: write `{other.label.text}` for the same"
                    f" box. If it is another one, give it an id:\nboxes:\n"
                    f"  - {ended(box.id, '2')}: {scalar(text)}"
                )
                message = f"`{text}` makes the id `{box.id}`, too"
                reading.error(start, end, "repeated-id", message, hint)

    def _check_arrows(self, reading: Reading) -> None:
        """Arrows that come to the same because one names a box by its label and one by its id."""
        found = set()
        for (first, second), boxes in zip(self.arrows, self._ties, strict=True):
            pair = boxes[0].id, boxes[1].id
            if pair[0] == pair[1] != "":
                refuse_to_itself(first, second, reading)
            elif pair in found and "" not in pair:
                refuse_twice(first, second, reading)
            found.add(pair)

    def _check_spelling(self, reading: Reading) -> None:
        """Labels that are probably meant to be one. Those under ``boxes`` are meant as they are."""
        listed = {box.label.text for box in self._listed}
        seen: list[Label] = []
        for text, box in self._drawn.items():
            other = next((one for one in seen if _is_slip(text, one.text)), None)
            if other and text not in listed:
                hint = (
                    f"Labels are compared letter by letter: write `{other.text}` for the same box."
                    f" If it is another one, say so:\nboxes:\n  - {box.id}: {scalar(text)}"
                )
                message = f"`{text}` beside `{other.text}`"
                reading.warn(box.label.start, box.label.end, "similar-labels", message, hint)
            seen.append(box.label)
            if plainer := _MARKS.sub(r"\2\3\4", text) if _MARKS.search(text) else "":
                hint = f"The words in a drawing are shown as typed. Take the marks out:  {plainer}"
                message = "Markdown in a box"
                reading.warn(box.label.start, box.label.end, "marks-in-box", message, hint)

    def _check_title(self, reading: Reading) -> None:
        """A title that stands above the drawing and names what is hidden in it."""
        title = plain(self.picture.html)
        names = (text for text in self._drawn if len(text) > 1)
        if told := next((text for text in names if stands_in(text, title)), None):
            hint = "The title stands above the drawing on every card. Choose one that names no box."
            message = f"the title gives the box `{told}` away"
            reading.warn(self.span.start, self.span.end, "telling-title", message, hint)

    @property
    def _listed(self) -> tuple[Box, ...]:
        return self.boxes.listed if self.boxes else ()

    @property
    def _ties(self) -> tuple[tuple[Box, Box], ...]:
        """The arrows as the boxes that they name: by label or, where a box is listed, by its id."""
        listed = {str(box.id): box for box in self._listed}
        listed |= {box.label.text: box for box in self._listed}

        def named(found: Label) -> Box:
            return listed.get(found.text) or self._unlisted(found)

        return tuple((named(first), named(second)) for first, second in self.arrows)

    def _unlisted(self, found: Label) -> Box:
        """A box that is nothing but its label."""
        name = Name(slugify(found.text, words=8))
        name.span = self.span._replace(start=found.start, end=found.end)
        return Box(span=name.span, id=name, label=found)

    @property
    def _drawn(self) -> Mapping[str, Box]:
        """The boxes by their labels, in the order in which the arrows name them."""
        found: dict[str, Box] = {}
        for pair in self._ties:
            for box in pair:
                found.setdefault(box.label.text, box)
        return found

    def leaves(self) -> tuple[Leaf, ...]:
        """The picture and its boxes."""
        return (self, *self._drawn.values())

    def drafts(self) -> Iterator[tuple[Draft, Leaf]]:
        """One note a box."""
        drawn = self._drawn
        labels = tuple(drawn)
        number = {text: at for at, text in enumerate(labels)}
        ties = tuple((number[a.label.text], number[b.label.text]) for a, b in self._ties)
        graph = Graph(len(labels), ties)
        title = f'<figcaption class="title">{self.picture.html}</figcaption>'
        for at, box in enumerate(drawn.values()):
            text = shown(box.label.text)
            fields = {
                "Text": (
                    *div("question which", ours("What belongs in the box with the question mark?")),
                    *div("reply", Cloze(0, text)),
                ),
                "Picture": (title, svg.front(graph, labels, at)),
                "Back picture": (title, svg.back(graph, labels, at)),
            }
            item = Item("box", text, round=at % _ROUNDS)
            yield Draft(box.id, (item,), fields), box

    def prompts(self) -> Iterator[Prompt]:
        """One for each box; what is seen are the arrows at it."""
        title = seen(self.picture.html)
        ties = [(one.label.text, other.label.text) for one, other in self._ties]
        for text, box in self._drawn.items():
            here = ((HIDDEN if end == text else end for end in tie) for tie in ties if text in tie)
            span = self.span._replace(start=box.label.start, end=box.label.end)
            front = "; ".join(map(" → ".join, here))
            answers = (Answer(text, span),)
            yield Prompt(box, "box", front, text, "", title, self.picture.span, span, answers)


_MARKS = re.compile(
    r"(?<!\w)(\*{1,3})(?=\S)([^*]+?)(?<=\S)\1(?!\w)|`([^`]+)`|\[([^\]]+)\]\([^)]+\)"
)
"""Markdown that a label can be meant to have."""


def _is_slip(one: str, other: str) -> bool:
    """Whether two labels differ by capitals, spaces or signs only, or by a letter too many in a long
    word, such as the s of a plural."""
    first, second = (re.findall(r"\w+", text.casefold()) for text in (one, other))
    if "".join(first) == "".join(second):
        return True
    differ = [pair for pair in zip(first, second, strict=False) if pair[0] != pair[1]]
    if len(first) != len(second) or len(differ) != 1:
        return False
    short, long = sorted(differ[0], key=len)
    letters = short.isalpha() and long.isalpha() and len(short) >= 4
    lost = any(long[:at] + long[at + 1 :] == short for at in range(len(long) - 1))
    lost = lost or long == f"{short}s"
    return letters and len(long) == len(short) + 1 and lost
