"""Golden files: what a teacher writes, and what comes of it, one below the other.

A file under ``golden/`` holds cases: a heading, one ``yaml`` block or several (named after the
file they stand for; a lone one is ``facts.yaml``), and a ``text`` block with the problems found or,
where there is none, the notes. ``pytest --update`` rewrites the ``text`` blocks.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from conftest import DECK
from metaflash.build import Build, compile_deck
from metaflash.characters import decode
from metaflash.diagnostics import render
from metaflash.notetype import FIELDS

GOLDEN = Path(__file__).parent / "golden"
_BLOCK = re.compile(r"^```(\w+) ?(.*)\n([\s\S]*?)^```\n", re.MULTILINE)
_CLOCK = 1_700_000_000


class Case(NamedTuple):
    """One heading of a golden file."""

    path: Path
    title: str
    body: str

    @property
    def files(self) -> dict[str, str]:
        found = {name or "facts.yaml": text for _, name, text in self._blocks("yaml")}
        return {"deck.yaml": DECK, **found}

    @property
    def expected(self) -> str:
        return self._blocks("text")[0][2]

    def _blocks(self, language: str) -> list[tuple[str, str, str]]:
        return [found for found in _BLOCK.findall(self.body) if found[0] == language]


def _cases() -> list[Case]:
    cases = []
    for path in sorted(GOLDEN.rglob("*.md")):
        parts = re.split(r"^## (.*)\n", path.read_text("utf-8"), flags=re.MULTILINE)[1:]
        cases += [Case(path, *pair) for pair in zip(parts[::2], parts[1::2], strict=True)]
    return cases


def _compile(files: dict[str, str]) -> Build:
    reads = {name: decode(name, text.encode()) for name, text in files.items()}
    settings = reads.pop("deck.yaml")
    return compile_deck(settings, (reads[name] for name in sorted(reads)), clock=_CLOCK)


def _outcome(built: Build) -> str:
    if built.diagnostics:
        return render(built.diagnostics, "text") + "\n"
    lines = []
    for note in built.notes:
        numbers = ", ".join(str(card.number) for card in note.cards)
        lines += [f"{note.guid}   cards {numbers}   {' '.join(note.tags)}"]
        fields = zip(FIELDS, note.fields, strict=True)
        shown = [(name, text) for name, text in fields if text and name not in ("Id", "Language")]
        lines += [f"  {name}: {text}" for name, text in shown]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("case", _cases(), ids=lambda case: f"{case.path.stem}: {case.title}")
def test_golden(case: Case, request: pytest.FixtureRequest) -> None:
    outcome = _outcome(_compile(case.files))
    if request.config.getoption("--update"):
        text = case.path.read_text("utf-8")
        body = _BLOCK.sub(
            lambda m: m[0] if m[1] != "text" else f"```text\n{outcome}```\n", case.body
        )
        case.path.write_text(text.replace(case.body, body), "utf-8", newline="\n")
        return
    assert outcome == case.expected
