"""A sentence with blanks: one card for each blank number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from metaflash.kinds.kind import Fact, Leaf, Prompt, from_blanks
from metaflash.markup import Blank, Sentence
from metaflash.note import Cloze, Draft, Item
from metaflash.readers import cloze
from metaflash.record import key

EXAMPLE = """\
- fact: Prostate cancer can spread to ==bone::which tissue?==.
  id: prostate-bone
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainFact(Fact):
    """A sentence with one blank or a few: `==answer==`, `==answer::hint==`.

    Every blank is asked on a card of its own, the others stay visible. Blanks pinned under one
    number, `==2|answer==`, are asked together.
    """

    kind: ClassVar[str] = "fact"

    fact: Sentence = key(cloze, "the sentence, with its ==blanks==", required=True)

    def drafts(self) -> Iterator[tuple[Draft, Leaf]]:
        """One note: its items are the blanks."""
        items = tuple(Item("blank", blank.answer, blank.number) for blank in self.fact.blanks)
        order = iter(range(len(items)))
        text = tuple(
            part if isinstance(part, str) else Cloze(next(order), part.answer, part.hint)
            for part in self.fact.parts
        )
        yield Draft("", items, {"Text": text}), self

    def prompts(self) -> Iterator[Prompt]:
        """One for each blank; those of one number are asked together."""
        together: dict[int, list[Blank]] = {}
        for at, blank in enumerate(self.fact.blanks):
            together.setdefault(-at if blank.number is None else blank.number, []).append(blank)
        for blanks in together.values():
            yield from_blanks(self, "blank", self.fact, blanks)
