"""Who a note is: what can never be taken back.

A guid is made of the deck's id and the fact's (and step's) id, never of text, position or file
name; note and card ids are a function of the guid alone. So a reworded, moved or re-filed fact
is the same note for every learner, and two devices that import different releases agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

_FIRST = 2**30
_SPAN = 2**40 - _FIRST
_STRIDE = 678_871_947_995
"""Coprime to the span, and about 0.62 of it, so that the cards of a note lie far apart."""


def guid(deck: str, key: str) -> str:
    """The guid of a note: ``deck/fact`` or ``deck/fact/step``; ids hold no slash."""
    return f"{deck}/{key}"


def key(fact: str, step: str = "") -> str:
    """What tells a note from the others of its deck: ``fact`` or ``fact/step``."""
    return f"{fact}/{step}" if step else fact


def note_id(guid: str) -> int:
    """The note's id in Anki, in milliseconds since the epoch as Anki reads it.

    From 1970-01-13 to 2004-11-03: in the past, as Anki demands of ids, and before Anki's first
    release, so that no note a learner has made can stand there already.
    """
    digest = blake2b(guid.encode(), digest_size=8).digest()
    return _FIRST + int.from_bytes(digest) % _SPAN


def card_id(note: int, number: int) -> int:
    """The id of a note's card for a cloze number, in the same range as note ids."""
    return _FIRST + (note - _FIRST + number * _STRIDE) % _SPAN


def collisions(ids: Iterable[tuple[str, int]]) -> list[tuple[str, str]]:
    """Pairs of names that share an id, of (name, id) pairs: the first owner and the next.

    At 40,000 notes the odds of one pair are about one in a thousand for notes, one in a
    hundred for cards. No rehashing can settle a pair without making an id depend on what else
    is in the deck, so one of the two facts has to change its name while nobody has it.
    """
    owners: dict[int, str] = {}
    pairs = []
    for name, number in ids:
        owner = owners.setdefault(number, name)
        if owner != name:
            pairs.append((owner, name))
    return pairs
