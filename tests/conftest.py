"""What the tests share: a teacher's folder to write into, and golden files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

DECK = """\
deck: Metastasis
id: metastasis-k3f9
source: Study notes
"""

Write = Callable[[Mapping[str, str | bytes]], Path]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the golden files")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files into a deck's folder, with a deck.yaml unless one is given; gives the folder."""

    def write_files(files: Mapping[str, str | bytes]) -> Path:
        folder = tmp_path / "cards" / "deck"
        for name, content in {"deck.yaml": DECK, **files}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return write_files
