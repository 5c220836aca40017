"""A new kind of card is one new file."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import compiled
from metaflash import kinds
from metaflash.blanks import UNHINTED
from metaflash.facts import FactFile
from metaflash.kinds.kind import Fact

NEW = '''
"""A true sentence to read, with its first word hidden."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from metaflash.kinds.kind import Fact, Leaf, Prompt, from_whole, whole
from metaflash.markup import Sentence
from metaflash.note import Draft, Item
from metaflash.readers import sentence
from metaflash.record import key

EXAMPLE = "- motto: Learn daily"


@dataclass(frozen=True, slots=True, kw_only=True)
class Motto(Fact):
    """A motto."""

    kind: ClassVar[str] = "motto"

    motto: Sentence = key(sentence, "the motto", required=True)

    def drafts(self) -> Iterator[tuple[Draft, Leaf]]:
        """One note."""
        yield Draft("", (Item("motto", self.motto.html),), {"Text": whole(self.motto, 0)}), self

    def prompts(self) -> Iterator[Prompt]:
        """One."""
        yield from_whole(self, "motto", self.motto, self.motto)
'''


def test_a_file_in_the_folder_is_a_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "motto.py").write_text(NEW)
    monkeypatch.setattr(kinds, "__path__", [*kinds.__path__, str(tmp_path)])
    found = kinds.discover()
    assert set(found) == {*kinds.KINDS, "motto"}
    monkeypatch.setitem(kinds.KINDS, "motto", found["motto"])
    facts = "cards:\n- motto: Learn *daily*\n  id: m\n- motot: x\n  id: n\n- motto: x\n  id: o\n  xtra: x\n"
    built = compiled({"01.yaml": facts})
    assert [(d.code, d.hint) for d in built.diagnostics] == [
        ("unknown-kind", "Did you mean `motto`? Write:  - motto: x"),
        ("unknown-key", "Did you mean `extra`? Write:  extra: x"),
    ]
    assert f"{{{{c1::Learn <em>daily</em>::{UNHINTED}}}}}" in built.notes[0].fields


@pytest.mark.parametrize("kind", kinds.KINDS.values(), ids=kinds.KINDS)
def test_kinds_document_themselves(kind: type[Fact]) -> None:
    assert kind.__doc__
    assert kind.kind in kind.grammar()
    assert all(key.doc for key in [*kind.grammar().values(), *FactFile.grammar().values()])
