"""What a new deck says of itself until its teacher does, and the reminder that it still does."""

from __future__ import annotations

from collections.abc import Iterator

from metaflash.deck import Deck
from metaflash.diagnostics import Diagnostic

SOURCE = "The example cards of metaflash"
"""The source in the deck.yaml of a new deck."""


def left(deck: Deck) -> Iterator[Diagnostic]:
    """A warning if a deck still names the examples as its source."""
    if deck.source and deck.source.typed.scalar.text.strip() == SOURCE:
        hint = (
            "Learners read it on the back of every card that names no source of its own. Say where"
            " your facts come from:  source: …"
        )
        message = "the source is still that of the examples"
        yield Diagnostic(deck.source.span, "warning", "example-left", message, hint)
