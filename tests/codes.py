"""The codes of all problems that the program can report, as its source and its golden files name
them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import metaflash

GOLDEN = Path(__file__).parent / "golden"

_REPORTS = {"error", "warn", "slip", "Diagnostic", "Flaw", "Mistake", "Trouble", "problem"}
_OTHERS = {"utf-8", "its-id", "image-on", "xml-stylesheet"}
_OF_OTHERS = {"left-behind", "not-updated", "no-referrer", "no-store", "same-origin"}
"""What a rehearsal says of notes, and what the preview says to browsers."""


def codes() -> set[str]:
    """All codes: words with a dash anywhere in the source, others where they are reported."""
    found = set()
    for path in Path(metaflash.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant):
                found |= _matching(r"[a-z]+(-[a-z]+)+", node)
            elif isinstance(node, ast.Call) and _called(node.func) in _REPORTS:
                found |= {name for each in node.args for name in _matching("[a-z]+", each)}
    for path in GOLDEN.rglob("*.md"):
        said = re.findall(
            r"^\S+: (?:error|warning): .* \[([a-z-]+)\]$", path.read_text("utf-8"), re.M
        )
        found |= set(said)
    return found - _OTHERS - _OF_OTHERS - {"error", "warning"}


def _matching(pattern: str, node: ast.expr) -> set[str]:
    text = node.value if isinstance(node, ast.Constant) else None
    return {text} if isinstance(text, str) and re.fullmatch(pattern, text) else set()


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
