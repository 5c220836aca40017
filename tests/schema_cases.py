"""The decks of the golden files, of the documentation, and the shipped one, for what checks a schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from conftest import DECK
from image_files import SAMPLES
from test_golden import Case as GoldenCase
from test_golden import golden_cases

ROOT = Path(__file__).parent.parent
_YAML = re.compile(r"^```yaml ?(.*)\n([\s\S]*?)^```$", re.MULTILINE)

_MARKS = "it is in the marks of a text, which a schema has no grammar for"
_ARROWS = "it is between the arrows and boxes of a picture"
_FILES = "it is in a picture's file"
_DECK = "it takes the whole deck"
_UNSEEN = "it is a character that cannot be seen, which no pattern of all editors can name"

ONLY_CHECK = {
    **dict.fromkeys(
        [
            "blank-marks",
            "blank-not-here",
            "blank-number",
            "empty-blank",
            "empty-hint",
            "formula-in-box",
            "link",
            "nested-blank",
            "no-blank",
            "picture",
            "second-hint",
            "stars-around-blank",
            "unclosed-blank",
        ],
        _MARKS,
    ),
    **dict.fromkeys(
        ["arrow-to-itself", "not-an-arrow", "repeated-arrow", "box-without-id", "too-many-boxes"],
        _ARROWS,
    ),
    **dict.fromkeys(
        [
            "broken-svg",
            "damaged-picture",
            "empty-picture",
            "huge-picture",
            "no-picture",
            "not-a-picture",
            "unsafe-svg",
            "wrong-ending",
        ],
        _FILES,
    ),
    **dict.fromkeys(["no-facts", "no-source", "repeated-id"], _DECK),
    **dict.fromkeys(["bad-tag", "deck-name"], _UNSEEN),
    "long-label": "white space in it is folded before its characters count",
    "missing-dash": "a step without its dash looks like a key of the step above it",
    "missing-id": "`metaflash ids` writes it; a card that is being written is not yet wrong",
    "missing-space": "such a step looks like one whose id is still missing",
}
"""What only ``metaflash check`` can know, by the code of its message, and why."""

UNSEEN = {
    "directive": "YAML has it, metaflash does not",
    "empty-file": "a schema is held against a value, and there is none",
    "missing-colon": "what stands behind a line of three dots is no part of a YAML file",
    "escape": "YAML has it, no card can show it",
    "several-documents": "YAML has it, metaflash does not; each is held against the schema",
    "tab": "YAML has it, metaflash does not",
}
"""What the language server reads without a word, and metaflash refuses before there is a value; and why."""


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


def _of_quality(case: GoldenCase) -> Iterator[Case]:
    """Bad and good cards, which the schema takes alike."""
    for _, side, text in case.blocks("yaml"):
        if side != "deck.yaml":
            files: dict[str, str | bytes] = {"deck.yaml": DECK, "facts.yaml": f"cards:\n{text}"}
            yield Case(f"{case.path.stem}: {case.title}, {side}", files)


def _shipped() -> Case:
    folder = ROOT / "cards" / "metastasis"
    return Case("shipped", {path.name: path.read_text("utf-8") for path in folder.glob("*.yaml")})


CASES = [
    *(
        Case(f"{case.path.stem}: {case.title}", case.files)
        for case in golden_cases()
        if case.path.parent.name not in ("releases", "quality")
    ),
    *chain.from_iterable(
        _of_quality(case) for case in golden_cases() if case.path.parent.name == "quality"
    ),
    *_documented(),
    _shipped(),
]
