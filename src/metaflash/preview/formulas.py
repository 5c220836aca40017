r"""Formulas of a card as MathML, which a browser shows without a script.

Anki typesets ``\(x^2\)`` with MathJax; a page that runs no script cannot. MathML is near enough
to see whether a formula says what it should. What cannot be turned into it safely stays TeX.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import unescape

_FORMULA = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)

_TAG = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_TAG_OR_FORMULA = re.compile(
    rf"{_TAG.pattern}|{_FORMULA.pattern.replace('.+?', '[^<]+?')}", re.DOTALL
)
"""A formula with a tag in it is none to typeset; what is in a tag stays as it is."""

_LONGEST = 2_000
"""Characters of a formula that is worth it."""

_ELEMENTS = (
    "math|menclose|merror|mfrac|mi|mmultiscripts|mn|mo|mover|mpadded|mphantom|mprescripts|mroot"
    "|mrow|ms|mspace|msqrt|mstyle|msub|msubsup|msup|mtable|mtd|mtext|mtr|munder|munderover|none"
)
_ATTRIBUTES = (
    "xmlns|display|mathvariant|stretchy|fence|form|separator|lspace|rspace|minsize|maxsize|accent"
    "|accentunder|movablelimits|linethickness|width|height|depth|voffset|columnalign|columnlines"
    "|rowlines|columnspacing|rowspacing|frame|notation|symmetric|largeop|linebreak|displaystyle"
    "|scriptlevel"
)
_SAFE = re.compile(
    rf'(?:[^<]|<(?:{_ELEMENTS})(?: (?:{_ATTRIBUTES})="[^"<>]*")* ?/?>|</(?:{_ELEMENTS})>)*'
)
"""MathML with nothing in it that could be anything else: no link, no style, no HTML."""


def typeset(html: str) -> str:
    """A side of a card with its formulas as MathML."""
    return _TAG_OR_FORMULA.sub(_replaced, html) if "\\" in html else html


def has_formula(html: str) -> bool:
    """Whether Anki will typeset something on a side of a card."""
    return "\\" in html and _FORMULA.search(_TAG.sub("", html)) is not None


def _replaced(found: re.Match[str]) -> str:
    inline, block = found.groups()
    tex = inline or block or ""
    return _mathml(tex, display="block" if block else "inline") or found[0]


_COMMAND = re.compile(r"\\([A-Za-z]+|.) *", re.DOTALL)

_SIGNS = {
    "approx": "≈",
    "cdot": "·",
    "geq": "≥",
    "infty": "∞",
    "lambda": "λ",
    "leftarrow": "←",
    "leftrightarrow": "↔",
    "leq": "≤",
    "neq": "≠",
    "pm": "±",
    "rightarrow": "→",
    "rightleftharpoons": "⇌",
    "times": "\u00d7",
    "to": "→",
}
_UNSAID = ("ce", "frac", "left", "mathbf", "mathrm", "right", "text")
"""Commands that only say how something is set."""


def spoken(text: str) -> str:
    """A plain text with its formulas as one would type them into a filter: ``CO2``, not ``CO_2``."""
    if "\\" not in text:
        return text
    return _FORMULA.sub(lambda found: _typed(found[1] or found[2]), text)


def _typed(tex: str) -> str:
    signs = _COMMAND.sub(_sign, tex.replace("}{", "}/{"))
    return re.sub(r"\s+", " ", re.sub(r"[{}_]", "", signs)).strip()


def _sign(found: re.Match[str]) -> str:
    name = found[1]
    if not name.isalpha():
        return name if name in "{}_%$&#" else " "
    if name in _UNSAID:
        return ""
    case = "SMALL" if name.islower() else "CAPITAL"
    try:
        return unicodedata.lookup(f"GREEK {case} LETTER {name.upper()}")
    except KeyError:
        return f"{_SIGNS.get(name, name)} "


@lru_cache(maxsize=1_000)
def _mathml(tex: str, *, display: str) -> str:
    """A formula as MathML, empty where it cannot be had."""
    from latex2mathml.converter import convert  # reads a table of 2,500 signs

    if not tex or len(tex) > _LONGEST:
        return ""
    try:
        result = convert(unescape(tex), display=display)
    except Exception:  # noqa: BLE001 - it raises whatever it likes, and TeX is what Anki gets
        return ""
    known = "\\" not in result  # a command that it does not know goes through as it is
    return result if known and _SAFE.fullmatch(result) else ""
