"""How well the rules of quality judge: hits, misses and false alarms, rule by rule.

    python benchmarks/rules.py [FOLDER]

FOLDER (default: benchmarks/prompts) holds decks of good prompts under ``good/`` and of bad ones under
``bad/``, each a folder with its deck.yaml. Above a bad card stands what it is an example of:
``# expect: leak, thin-cue``. Whatever a rule says without being expected is a false alarm, in
good decks and in bad ones.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from metaflash import project
from metaflash.allow import RULES
from metaflash.build import Build
from metaflash.diagnostics import Diagnostic, Source, render
from metaflash.times import Clock
from metaflash.workspace import compile_folders, examined

_EXPECT = re.compile(r"^ *# expect: *(.*)$", re.MULTILINE)
_CARD = re.compile(r"^ *- (?:fact|ask|term|process|picture):", re.MULTILINE)


class Outcome(NamedTuple):
    """What became of the prompts of some decks: how many there are, what was found and expected, what
    was expected only, and what was found only."""

    prompts: int
    hits: Counter[str]
    misses: list[str]
    alarms: list[Diagnostic]
    missed: Counter[str]


def main() -> None:
    """Measure, and print what was missed and what was false."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "prompts")
    good, bad = (outcome(folder / side) for side in ("good", "bad"))
    false = Counter(problem.code for problem in good.alarms)
    beside = Counter(problem.code for problem in bad.alarms)
    lines = [f"{good.prompts} good prompts, {bad.prompts} bad decks' prompts", ""]
    lines += [f"{'rule':16}{'hits':>6}{'missed':>8}{'false: good':>13}{'in bad':>8}"]
    for rule in [*RULES, "idle-allow"]:
        row = bad.hits[rule], bad.missed[rule], false[rule], beside[rule]
        if any(row):
            lines.append(f"{rule:16}{row[0]:6}{row[1]:8}{row[2]:13}{row[3]:8}")
    total = bad.hits.total(), bad.missed.total(), false.total(), beside.total()
    lines.append(f"{'all':16}{total[0]:6}{total[1]:8}{total[2]:13}{total[3]:8}")
    for heading, text in (
        ("Missed", "\n".join(bad.misses)),
        ("False alarms in good decks", render(good.alarms, "text")),
        ("Not expected in bad decks", render(bad.alarms, "text")),
    ):
        lines += ["", f"--- {heading}", text]
    sys.stdout.write("\n".join([*lines, ""]))


def outcome(folder: Path) -> Outcome:
    """What the rules say of all decks in a folder."""
    found, problems = project.find(folder)
    compiled = compile_folders(found, clock=Clock(1))
    errors = [p for p in [*problems, *compiled.problems] if p.severity == "error"]
    if errors:
        sys.exit(render(errors, "text"))
    known = {id(problem) for problem in compiled.problems}
    said = [p for p in examined(compiled).problems if id(p) not in known]
    sources = [source for _, build in compiled.decks for source in _sources(build)]
    hits: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    misses: list[str] = []
    for source in sources:
        starts = [card.start() for card in _CARD.finditer(source.text)]
        for expect in _EXPECT.finditer(source.text):
            card = bisect_right(starts, expect.start())
            end = starts[card + 1] if card + 1 < len(starts) else len(source.text)
            here = [
                p
                for p in said
                if p.span.source.path == source.path and starts[card] <= p.span.start < end
            ]
            for code in re.findall(r"[a-z-]+", expect[1]):
                match = [p for p in here if p.code == code]
                hits[code] += bool(match)
                missed[code] += not match
                said = [p for p in said if p not in match]
                if not match:
                    line = source.position(starts[card])[0]
                    words = source.line(line).strip()
                    misses.append(f"{source.path}:{line}: {code}: {words}")
    prompts = sum(
        len(list(fact.prompts())) for _, b in compiled.decks for _, fact in b.contents.facts
    )
    return Outcome(prompts, hits, misses, said, missed)


def _sources(build: Build) -> Iterator[Source]:
    """The fact files of a deck."""
    seen = {file.span.source.path: file.span.source for file, _ in build.contents.facts}
    yield from seen.values()


if __name__ == "__main__":
    main()
