"""Steps in their order: three cards for every step."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass
from typing import Any, ClassVar

from metaflash.kinds.kind import Fact, Leaf, Parts, Prompt, div, from_blanks, ours, whole
from metaflash.kinds.listed import Form, is_bare, named_texts, no_names, written
from metaflash.markup import Sentence
from metaflash.note import Cloze, Draft, Item, Pieces
from metaflash.readers import Name, cloze, items, place, sentence
from metaflash.record import decode, key
from metaflash.shape import list_of, shaped
from metaflash.tree import Mapping, Node, Reading, Scalar, Sequence
from metaflash.words import seen

EXAMPLE = """\
- process: The metastatic cascade
  id: cascade
  about: one cancer cell, from the primary tumor to a new tumor
  steps:
    - shed: A cancer cell is ==shed== from the primary tumor
    - reach-vessel: The cell gains access to a ==blood vessel==
      note: The source names only blood here.
"""

_HERE = '<li class="here" aria-current="step">'

MAX_STEPS = 100
"""Steps of one process; every step's card shows them all."""

CONTEXT = 3
"""How many earlier steps lead up to the one that is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Leaf):
    """A step of a process: `- its-id: Its sentence with a ==blank==`."""

    id: Name
    sentence: Sentence


_STEPS = "steps:\n  - its-id: Its sentence with a ==blank=="


@shaped(
    list_of(
        named_texts(Step, "step", cloze.shape, bare=True),
        "- shed: A cancer cell is ==shed== from the tumor",
        least=1,
        most=MAX_STEPS,
    )
)
def steps(node: Node, reading: Reading) -> tuple[Step, ...] | None:
    """The steps of a process, in order; None where there is not one."""
    listed = items(node, reading, "steps", _STEPS)
    if listed is None:
        return None
    if len(listed) > MAX_STEPS:
        extra = listed[MAX_STEPS]
        hint = f"The limit is {MAX_STEPS}. Split it into processes of a few steps each."
        message = f"a process of {len(listed)} steps"
        reading.error(extra.start, extra.start + 1, "too-many-steps", message, hint)
        return None
    found = (
        decode(
            Step, one.keys, reading, what="a step", span=one.id.span, id=one.id, sentence=one.text
        )
        for one in written(listed, reading, _FORM, _sentence)
    )
    return tuple(step for step in found if step is not None) or None


_FORM = Form("step", "- its-id: Its sentence with a ==blank==", "not-a-step", "step-without-id")


def _sentence(node: Node, reading: Reading) -> Sentence | None:
    """The sentence of a step. All its blanks are asked on its one *place* card, so none can have its
    own number."""
    words = cloze(node, reading)
    for blank in words.blanks if words and isinstance(node, Scalar) else ():
        if blank.number not in (None, 1) and isinstance(node, Scalar):
            start, end = place(node, reading, blank.start, blank.end)
            hint = "The blanks of a step are asked together on one card. Write:  ==answer=="
            reading.error(start, end, "blank-number", "a numbered blank in a step", hint)
    return words


def _name(node: Node) -> str:
    """What a step begins with as its id, right or wrong; empty if there is none."""
    name = node.entries[0][0].text if isinstance(node, Mapping) and node.entries else ""
    return "" if name in no_names() else name


def _steps_of(card: Mapping) -> Node | None:
    """The list of a process's steps, also under a key that is not quite `steps`."""
    entries = {name.text: value for name, value in card.entries}
    others = (v for name, v in entries.items() if name not in Process.grammar())
    return entries.get("steps") or next((v for v in others if isinstance(v, Sequence)), None)


def turns(count: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The order in which the *next* cards of so many steps are introduced, and that of the *before*
    cards, as indexes of steps.

    A *next* card shows the step before the one it asks, a *before* card the step after. So that no card
    prompts another, steps side by side do not follow each other: first every second one, then those
    between; for *before* the mirror image. Nor does a step follow itself where one round goes over into
    the next. For four steps the mirror image would break that, and fewer have no such order at all:
    these have orders of their own.
    """
    if count in _FEW:
        return _FEW[count], _FEW[count]
    forwards = (*range(2, count, 2), *range(1, count, 2), 0)
    return forwards, tuple(count - 1 - k for k in forwards)


_FEW = {1: (0,), 2: (0, 1), 3: (0, 2, 1), 4: (1, 3, 0, 2)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Process(Fact):
    """Steps in order, each with an id of its own: a note for every step, and on it three cards.

    *Place* shows up to three steps before it and asks the step's blanks; *next* asks what
    happens right after the step before; *before* what happens just before the step after. The
    first step's *next* asks how it begins, the last step's *before* how it ends. Steps can be reworded,
    moved, added and taken out without touching what a learner knows of the others.
    """

    kind: ClassVar[str] = "process"
    lists: ClassVar[tuple[str, ...]] = ("steps",)

    process: Sentence = key(sentence, "the title", required=True)
    about: Sentence | None = key(sentence, "what goes through the steps, from where to where")
    steps: tuple[Step, ...] = key(steps, "the steps, a list", required=True)

    @classmethod
    def to_add(cls, name: str, _values: Mapping_[str, Any], _text: str) -> str:
        """For the steps the beginning of their list."""
        return _STEPS if name == "steps" else f"{name}: …"

    @classmethod
    def parts(cls, card: Mapping) -> Parts:
        """The steps."""
        listed = _steps_of(card)
        if not isinstance(listed, Sequence) or len(listed.items) > MAX_STEPS:
            return Parts(wrong=(listed,) if listed else ())
        names = [_name(item) for item in listed.items]
        bare = tuple(i for i in listed.items if isinstance(i, Scalar) and is_bare(i))
        wrong = (i for i, name in zip(listed.items, names, strict=True) if not (name or is_bare(i)))
        return Parts(bare, frozenset({*names, *no_names()}), tuple(wrong))

    def leaves(self) -> tuple[Leaf, ...]:
        """The process and its steps."""
        return (self, *self.steps)

    def drafts(self) -> Iterator[tuple[Draft, Leaf]]:
        """One note a step."""
        forwards, backwards = turns(len(self.steps))
        for k, step in enumerate(self.steps):
            items = (
                Item("place", ", ".join(b.answer for b in step.sentence.blanks), round=0),
                Item("next", "what happens next", round=1, rank=forwards.index(k)),
                Item("before", "what happened before", round=2, rank=backwards.index(k)),
            )
            fields: dict[str, Pieces] = {
                "Text": self._place(k),
                "Text 2": self._asked(
                    k, k - 1, 1, "right after", "With which step does this process begin?"
                ),
                "Text 3": self._asked(
                    k, k + 1, 2, "just before", "With which step does this process end?"
                ),
                "Strip": self._strip(k),
            }
            yield Draft(step.id, items, fields), step

    def prompts(self) -> Iterator[Prompt]:
        """One for each step, of its *place*; what comes next and what came before is asked in words
        of our own, and answered by whole steps."""
        title = ": ".join(seen(part.html) for part in (self.process, self.about) if part)
        for step in self.steps:
            yield from_blanks(step, "place", step.sentence, step.sentence.blanks, title)

    def _place(self, k: int) -> Pieces:
        """Up to three steps that lead here, then this one with its blanks."""
        before = [f"<li>{step.sentence.html}</li>" for step in self.steps[max(0, k - CONTEXT) : k]]
        if k > CONTEXT:
            before.insert(0, '<li aria-hidden="true">…</li>')
        lead = ('<ul class="earlier">', *before, "</ul>") if before else ()
        parts = self.steps[k].sentence.parts
        asked = (p if isinstance(p, str) else Cloze(0, p.answer, p.hint) for p in parts)
        return (*self._title(), *lead, *div("step", *asked))

    def _asked(self, k: int, shown: int, item: int, relation: str, at_the_edge: str) -> Pieces:
        """The question for step k that shows one neighbour, or none at an end of the process."""
        reply = div("reply", *whole(self.steps[k].sentence, item))
        if not 0 <= shown < len(self.steps):
            return (*self._title(), *div("question", ours(at_the_edge)), *reply)
        question = div("question", ours(f"What happens {relation} this?"))
        given = div("given", self.steps[shown].sentence.html)
        in_time = (*given, *reply) if shown < k else (*reply, *given)
        return (*self._title(), *question, *in_time)

    def _title(self) -> Pieces:
        about = div("about", self.about.html) if self.about else ()
        return (*div("title", self.process.html), *about)

    def _strip(self, k: int) -> Pieces:
        """All steps, with this one marked."""
        lines = (
            f"{_HERE if i == k else '<li>'}{step.sentence.html}</li>"
            for i, step in enumerate(self.steps)
        )
        return ('<ol class="strip">', *lines, "</ol>")
