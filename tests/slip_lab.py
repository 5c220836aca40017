"""Slips made in real decks, and judged: one message, at the right place, with the right line.

``python tests/slip_lab.py`` makes every slip of ``slip_table.py`` at every place of every deck, and prints
a row for each kind; with the name of a kind behind it, the cases of that kind that fall short.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from conftest import compiled
from metaflash.build import Build
from metaflash.diagnostics import Diagnostic, render
from metaflash.kinds import KINDS as CARDS
from slip_table import KINDS, Page, Slip, page

ROOT = Path(__file__).parent.parent

LONG = """\
topic: Long sentences
cards:
  - fact: >-
      The sentinel node: the first ==lymph node== to which
      the primary tumor drains, node #1.
    id: sentinel-node

  - fact: A cell that ==detaches== from the tumor it grew in
      may enter the blood or the lymph, and
      may ==settle== at a distant site
    id: detached

  - ask: Which of the two systems does a cell
      enter most often?
    answer: |
      The lymph system,
      in most carcinomas
    id: which-system
    extra: 'A carcinoma: a tumor of the epithelium'

  - term: "Seed and soil"
    means: The idea that a cell grows only where it finds what it needs
    id: seed-and-soil
    tags: [theory, exam]
"""

GENERATED = """\
topic: All kinds, made small
section: chapter 3
cards:
# a comment in column 1
- fact: Glucose is ==phosphorylated== in the cell
  id: glucose
- process: How yeast makes beer
  about: from sugar to foam
  id: beer
  steps:
  - mash: The malt is ==mashed== in warm water
    note: Barley is the usual grain.
  - boil: The wort is ==boiled== with hops
  - ferment: Yeast ==ferments== the sugar
- picture: From field to glass
  id: field-to-glass
  arrows:
  - barley -> malt
  - malt -> wort -> beer
  boxes:
  - malt: Malt of barley
    note: Wheat counts as right.
- ask: What is added to the wort?
  answer: Hops
  id: what-is-added
- term: Wort
  means: The sweet liquid that comes of mashing
  id: wort
- fact: ==Hops== keep beer from going sour
  id: sour
- fact: The sugar of the wort is ==maltose::which sugar?== above all
  id: maltose
  extra: Maltose is two molecules of glucose.
  source: A book
"""


@cache
def decks() -> dict[str, str]:
    """Sound fact files by name: the shipped deck, the examples of the docs, and those that stay."""
    found = {
        path.stem: path.read_text("utf-8")
        for path in sorted((ROOT / "cards" / "metastasis").glob("0*.yaml"))
    }
    for name in ("README.md", "docs/format.md"):
        text = (ROOT / name).read_text("utf-8")
        blocks = re.findall(r"^```yaml \d\S*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        found |= {f"{name} {n}": block for n, block in enumerate(blocks) if "image:" not in block}
    return found | lasting()


def lasting() -> dict[str, str]:
    """Those that no edit of a deck or a page changes: two made for this, and the kinds' examples."""
    examples = "cards:\n" + "".join(sys.modules[k.__module__].EXAMPLE for k in CARDS.values())
    return {"long": LONG, "generated": GENERATED, "examples": examples}


@cache
def built(text: str) -> Build:
    return compiled({"f.yaml": text})


def facts(build: Build) -> list[tuple[object, ...]]:
    """All that a deck teaches, wherever it stands in the file."""
    return [(note.guid, note.fields, note.tags, note.cards) for note in build.notes]


class Verdict(NamedTuple):
    """What came of a slip. ``right`` is None where the message has no corrected line."""

    slip: Slip
    problems: tuple[Diagnostic, ...]
    harmless: bool
    placed: bool
    right: bool | None

    @property
    def fault(self) -> str:
        """What falls short, empty if nothing does."""
        if self.harmless:
            return ""
        if not self.problems:
            return "silent"
        if len(self.problems) > 1:
            return f"{len(self.problems)} messages" if len(self.problems) < 4 else "many messages"
        if not self.placed:
            return "elsewhere"
        return "wrong line" if self.right is False else ""


def judge(slip: Slip) -> Verdict:
    """What metaflash says of a slip, held against what was meant."""
    meant = facts(built(slip.meant))
    found = compiled({"f.yaml": slip.text})
    problems = found.diagnostics
    if not problems:
        return Verdict(slip, (), facts(found) == meant, placed=True, right=None)
    placed = problems[0].place[0] in slip.lines
    rights = [
        any(
            not (again := built(text)).diagnostics and facts(again) == meant
            for text in corrected(slip.text, problem)
        )
        for problem in problems
        if written(problem)
    ]
    right = (rights[0] if rights else None) if len(problems) == 1 else None
    return Verdict(slip, problems, harmless=False, placed=placed, right=right)


def written(problem: Diagnostic) -> list[list[str]]:
    """The lines that a message says to write."""
    found = []
    for match in re.finditer(r"[Ww]rite(?: for example)?:(?:  (.+)|\n([\s\S]+))", problem.hint):
        block = match[1] or match[2]
        if "…" not in block and "its-id" not in block:
            found.append(block.rstrip().split("\n"))
    return found


def corrected(text: str, problem: Diagnostic) -> Iterator[str]:
    """The file with the lines that a message says to write, as a person puts them in.

    A single line takes the place of the one with the problem, in its column; several take the place of
    those around it that hold the same words.
    """
    lines = text.split("\n")
    at = problem.place[0] - 1
    for block in written(problem):
        if len(block) == 1:
            indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
            line = block[0] if block[0].startswith(" ") else indent + block[0]
            yield "\n".join([*lines[:at], line, *lines[at + 1 :]])
        for start in range(max(0, at - 8), at + 1):
            for end in range(at + 1, min(len(lines), at + 16) + 1):
                if _words(lines[start:end]) in (_words(block), _words(block)[1:]):
                    yield "\n".join([*lines[:start], *block, *lines[end:]])


def _words(lines: list[str]) -> list[str]:
    return re.findall(r"\w+", " ".join(lines))


def cases(name: str, pages: dict[str, Page]) -> Iterator[tuple[str, Slip]]:
    """All slips of a kind that can be made in some decks."""
    for deck, sound in pages.items():
        for slip in KINDS[name](sound):
            if slip.text != slip.meant and not built(slip.meant).diagnostics:
                yield deck, slip


def main(only: list[str]) -> None:
    pages = {name: page(text) for name, text in decks().items()}
    for name, text in decks().items():
        if problems := built(text).diagnostics:
            sys.exit(f"{name} is not sound:\n{render(problems, 'text')}")
    total: Counter[str] = Counter()
    print(f"{'':45} cases  one  place  line    of  harmless  silent")
    for name in only or KINDS:
        verdicts = [judge(slip) for _, slip in cases(name, pages)]
        total["cases"] += len(verdicts)
        told = [v for v in verdicts if not v.harmless]
        one = [v for v in told if len(v.problems) == 1]
        numbers = {
            "cases": len(verdicts),
            "one": len(one),
            "place": sum(v.placed for v in told),
            "line": sum(v.right is True for v in told),
            "of": sum(v.right is not None for v in told),
            "harmless": len(verdicts) - len(told),
            "silent": sum(not v.problems for v in told),
        }
        faults = Counter(v.fault for v in verdicts if v.fault)
        total.update(faults)
        row = "  ".join(f"{count:5}" for count in numbers.values())
        print(f"{name:45}{row}  {', '.join(f'{n} {fault}' for fault, n in faults.most_common())}")
        if only:
            shown: Counter[str] = Counter()
            for verdict in verdicts:
                sort = verdict.fault + ",".join(p.code for p in verdict.problems)
                shown[sort] += 1
                if verdict.fault and shown[sort] <= 2:
                    lines = verdict.slip.text.split("\n")
                    first = min(verdict.slip.lines, default=1)
                    print("-" * 60, verdict.fault, sorted(verdict.slip.lines)[:9])
                    print("\n".join(lines[max(0, first - 4) : first + 5]))
                    print("   ---")
                    print(render(verdict.problems, "text"))
    print(dict(total))


if __name__ == "__main__":
    main(sys.argv[1:])
