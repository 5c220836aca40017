"""A term and its meaning: two cards, one each way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from metaflash.kinds.kind import Fact, Leaf, Prompt, div, from_whole, ours, whole
from metaflash.markup import Sentence
from metaflash.note import Draft, Item
from metaflash.readers import sentence
from metaflash.record import key

EXAMPLE = """\
- term: Angiogenesis
  means: The development of new blood vessels within the tumor
  id: angiogenesis
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Fact):
    """A term and what it means, asked both ways: the term from its meaning, the meaning from
    the term."""

    kind: ClassVar[str] = "term"

    term: Sentence = key(sentence, "the term", required=True)
    means: Sentence = key(
        sentence,
        "what it means, without naming it",
        required=True,
        said=("definition", "meaning"),
    )

    def drafts(self) -> Iterator[tuple[Draft, Leaf]]:
        """One note with two blanks, of which each card shows the other."""
        text = (
            *div("term", *whole(self.term, 0, ours("which term?"))),
            *div("meaning", *whole(self.means, 1, ours("what does it mean?"))),
        )
        items = (Item("term", self.term.html), Item("means", self.means.html))
        yield Draft("", items, {"Text": text}), self

    def prompts(self) -> Iterator[Prompt]:
        """One each way."""
        yield from_whole(self, "term", self.means, self.term)
        yield from_whole(self, "means", self.term, self.means)
