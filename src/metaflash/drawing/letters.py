"""How wide a text is, without its font, and how it goes into lines."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

SIZE = 16
"""The size of the letters, in units of the drawing."""

_SHARES = (
    (frozenset("ijl.,:;'|!"), 0.3),
    (frozenset('ft()[]{}Ir/\\-` "’“”·'), 0.42),
    (frozenset("cekszvxyJ"), 0.55),
    (frozenset("mwMW@%—…"), 0.98),
)
_CAPITAL, _WIDE, _OTHER = 0.72, 1.02, 0.62
"""The width of a letter as a share of its height: as in the widest fonts that phones and computers
use, so that a label fits into its box in any of them."""


def width(text: str) -> float:
    """About how wide a text is, in units; rather too much than too little."""
    return SIZE * sum(map(_share, text))


@cache
def _share(letter: str) -> float:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(letter) in ("W", "F"):
        return _WIDE
    known = (share for letters, share in _SHARES if letter in letters)
    return next(known, _CAPITAL if letter.isupper() else _OTHER)


def pieces(text: str) -> list[str]:
    """What a line can end behind: words with the space after them, parts of words behind a hyphen
    or slash, and each letter of a script that has no spaces."""
    found: list[str] = []
    for word in re.findall(r"\S+?[-/–—](?=\w)|\S+\s*|\s+", text):
        if any(unicodedata.east_asian_width(letter) in ("W", "F") for letter in word):
            found += re.findall(
                r"[\w\W][\u0300-\u036f\u3001\u3002\u3099\u309a\uff01-\uff0f]*\s*", word
            )
        else:
            found.append(word)
    return found


@lru_cache(maxsize=4096)
def wrapped(text: str, room: float) -> tuple[str, ...]:
    """A text in lines no wider than some units; a word that is wider is broken."""
    lines = [""]
    for piece in pieces(text):
        if lines[-1] and width((lines[-1] + piece).rstrip()) > room:
            lines.append("")
        for letter in _clusters(piece):
            if lines[-1] and width((lines[-1] + letter).rstrip()) > room:
                lines.append("")
            lines[-1] += letter
    return tuple(line.strip() for line in lines if line.strip())


def _clusters(text: str) -> list[str]:
    """A text letter by letter, each with the marks that stand on it."""
    found: list[str] = []
    for letter in text:
        if found and unicodedata.category(letter) in ("Mn", "Me", "Cf", "Mc"):
            found[-1] += letter
        else:
            found.append(letter)
    return found


def is_rtl(text: str) -> bool:
    """Whether a text is written from right to left, as its first letter tells."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind in ("R", "AL") for kind in kinds if kind in ("L", "R", "AL")), False)
