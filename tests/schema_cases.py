"""The decks of the golden files, of the documentation, and the shipped one, for what checks a schema."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from conftest import DECK
from image_files import SAMPLES
from test_golden import golden_cases

ROOT = Path(__file__).parent.parent
_YAML = re.compile(r"^```yaml ?(.*)\n([\s\S]*?)^```$", re.MULTILINE)

ONLY_CHECK: dict[str, str] = {}
"""What only ``metaflash check`` can know, by the code of its message, and why."""


class Case(NamedTuple):
    """The files of a deck."""

    title: str
    files: dict[str, str | bytes]

    @property
    def texts(self) -> dict[str, str]:
        """Those in YAML."""
        return {
            name: text
            for name, text in self.files.items()
            if isinstance(text, str) and name.endswith(".yaml")
        }


def _documented() -> list[Case]:
    cases = []
    for page in (ROOT / "README.md", ROOT / "docs" / "format.md", ROOT / "docs" / "releasing.md"):
        for number, (name, text) in enumerate(_YAML.findall(page.read_text("utf-8"))):
            pictures = re.findall(r"^ +image: (.*)$", text, re.MULTILINE)
            media = {f"media/{picture}": SAMPLES["png"] for picture in pictures}
            facts = "cards:\n  - fact: The ==liver==\n    id: liver\n"
            more = {"facts.yaml": facts} if name == "deck.yaml" else {}
            file = {name or "facts.yaml": text}
            cases.append(
                Case(f"{page.name}: {number}", {"deck.yaml": DECK, **more, **file, **media})
            )
    return cases


def _shipped() -> Case:
    folder = ROOT / "cards" / "metastasis"
    return Case("shipped", {path.name: path.read_text("utf-8") for path in folder.glob("*.yaml")})


CASES = [
    *(
        Case(f"{case.path.stem}: {case.title}", case.files)
        for case in golden_cases()
        if case.path.parent.name != "releases"
    ),
    *_documented(),
    _shipped(),
]
