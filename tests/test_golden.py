"""Golden files: what a teacher writes, and what comes of it, one below the other.

A file under ``golden/`` holds cases: a heading, one ``yaml`` block or several (named after the
file they stand for; a lone one is ``facts.yaml``), and a ``text`` block with the problems found or,
where there is none, the notes. A ``media`` block lists pictures of ``tests/image_files.py`` under the names
they get, an ``svg`` block is one. Cases of releases have ``yaml`` blocks of one file, each an edit of
the one before; their ``text`` has the last build's problems, what learners see change, and which
number asks what. Cases of quality have a ``yaml bad`` and a ``yaml good`` block, perhaps one ``before``, which
is what was released, and lists of cards only; their ``text`` has what the rules say of the bad one, and they
have nothing to say of the good one. ``pytest --update`` rewrites the ``text`` blocks.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from conftest import DECK, compiled
from image_files import SAMPLES
from metaflash import release
from metaflash.build import Build
from metaflash.diagnostics import plain, render
from metaflash.diff import compare
from metaflash.lock import Lock
from metaflash.notetype import FIELDS
from metaflash.quality import examine

GOLDEN = Path(__file__).parent / "golden"
_BLOCK = re.compile(r"^```(\w+) ?(.*)\n([\s\S]*?)^```\n", re.MULTILINE)


class Case(NamedTuple):
    """One heading of a golden file."""

    path: Path
    title: str
    body: str

    @property
    def files(self) -> dict[str, str | bytes]:
        found = {name or "facts.yaml": text for _, name, text in self.blocks("yaml")}
        return {"deck.yaml": DECK, **found, **self.media}

    @property
    def media(self) -> dict[str, str | bytes]:
        found: dict[str, str | bytes] = {f"media/{n}": text for _, n, text in self.blocks("svg")}
        for _, _, listed in self.blocks("media"):
            pairs = (line.split(": ") for line in listed.splitlines())
            found |= {f"media/{name}": SAMPLES[sample] for name, sample in pairs}
        return found

    @property
    def expected(self) -> str:
        return self.blocks("text")[0][2]

    def blocks(self, language: str) -> list[tuple[str, str, str]]:
        return [found for found in _BLOCK.findall(self.body) if found[0] == language]


def _cases() -> list[Case]:
    cases = []
    for path in sorted(GOLDEN.rglob("*.md")):
        parts = re.split(r"^## (.*)\n", path.read_text("utf-8"), flags=re.MULTILINE)[1:]
        cases += [Case(path, *pair) for pair in zip(parts[::2], parts[1::2], strict=True)]
    return cases


def _last(case: Case) -> str:
    """What the last of several releases brings."""
    *earlier, last = (text for _, _, text in case.blocks("yaml"))
    lock: Lock | None = None
    before: Lock | None = None
    built: Build | None = None
    for day, text in enumerate([*earlier, last]):
        built = compiled({"facts.yaml": text, **case.media}, lock, 1_700_000_000 + day * 86_400)
        before, lock = lock, built.lock or lock
    assert built
    if any(problem.severity == "error" for problem in built.diagnostics):
        return render(built.diagnostics, "text") + "\n"
    assert before
    assert lock
    parts = [
        render(built.diagnostics, "text"),
        release.text(compare(before.notes, lock.notes), plain),
    ]
    return "\n\n".join([part for part in parts if part] + [_numbers(lock)]) + "\n"


def _numbers(lock: Lock) -> str:
    """Which number of which note asks what."""
    return "\n".join(
        f"{key:20} {'asks ' if asked.live else 'asked'} {asked.number} {asked.words}"
        for key, entry in sorted(lock.notes.items())
        for asked in entry.asked
    )


def _quality(case: Case) -> str:
    """What the rules say of the bad cards; of the good ones nothing."""
    sides = {name: f"cards:\n{text}" for _, name, text in case.blocks("yaml")}
    deck = sides.pop("deck.yaml", "").removeprefix("cards:\n") or DECK
    before = sides.pop("before", None)
    lock = compiled({"facts.yaml": before}).lock if before else None
    built = {
        side: compiled({"deck.yaml": deck, "facts.yaml": text}, lock, 1_700_086_400)
        for side, text in sides.items()
    }
    assert all(not b.diagnostics for b in built.values())
    assert render(examine(built["good"]), "text") == ""
    return render(built["bad"].told(examine(built["bad"])).diagnostics, "text") + "\n"


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
    if "quality" in case.path.parts:
        outcome = _quality(case)
    else:
        outcome = _last(case) if "releases" in case.path.parts else _outcome(compiled(case.files))
    if request.config.getoption("--update"):
        text = case.path.read_text("utf-8")
        body = _BLOCK.sub(
            lambda m: m[0] if m[1] != "text" else f"```text\n{outcome}```\n", case.body
        )
        case.path.write_text(text.replace(case.body, body), "utf-8", newline="\n")
        return
    assert outcome == case.expected
