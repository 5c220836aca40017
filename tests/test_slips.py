"""Every slip gives one message, at the right place, and the line that it says to write is right."""

from __future__ import annotations

import pytest

from slip_lab import cases, decks, judge
from slip_table import KINDS, page

PLACES = 10
"""As many places of each kind are tried, spread over all decks; ``python tests/slip_lab.py`` tries all."""


@pytest.fixture(scope="module")
def pages() -> dict[str, object]:
    return {name: page(text) for name, text in decks().items()}
