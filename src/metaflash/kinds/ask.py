"""A question and its answer: one card."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from metaflash.kinds.kind import Fact, Leaf, Prompt, div, from_whole, whole
from metaflash.markup import Sentence
from metaflash.note import Draft, Item
from metaflash.readers import sentence
from metaflash.record import key

EXAMPLE = """\
- ask: Why must a new tumor establish a blood supply?
  answer: To continue to grow
  id: why-blood-supply
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Fact):
    """A question with one short answer, for what a blank cannot ask: why, how, what for."""

    kind: ClassVar[str] = "ask"

    ask: Sentence = key(sentence, "the question", required=True, said=("question", "front"))
    answer: Sentence = key(
        sentence, "its answer, as short as it can be", required=True, said=("back",)
    )

    def drafts(self) -> Iterator[tuple[Draft, Leaf]]:
        """One note with the answer as its blank."""
        text = (*div("question", self.ask.html), *div("reply", *whole(self.answer, 0)))
        yield Draft("", (Item("answer", self.answer.html),), {"Text": text}), self

    def prompts(self) -> Iterator[Prompt]:
        """One, for the answer."""
        yield from_whole(self, "answer", self.ask, self.answer)
