"""A field's HTML as the words a person reads, and how much two texts have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from html import unescape

from metaflash.blanks import UNHINTED, UNHINTED_IN_TEX

CLOZE = re.compile(
    rf"\{{\{{c(\d+)::(.*?)(?:::(?:{re.escape(UNHINTED)}|{re.escape(UNHINTED_IN_TEX)}|(.*?)))?\}}\}}",
    re.DOTALL,
)
"""A blank in Anki's form: its number, its answer, its hint."""

TITLE = re.compile(r'<div class="title">(.*?)</div>(?:<div class="about">(.*?)</div>)?', re.DOTALL)
"""The heading of a step: what its process is called, and what that is about."""

CAPTION = re.compile(r'<figcaption class="title">(.*?)</figcaption>', re.DOTALL)
"""The heading of a drawing."""

TERM = re.compile(r'<div class="term">(.*?)</div><div class="meaning">', re.DOTALL)
"""A term, before its meaning."""

_IMAGE = re.compile(r'<img [^>]*?alt="([^"]*)"[^>]*>')
_BLOCK = re.compile(r"</?(?:br|div|figcaption|li|ol|p|ul)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_CODE = re.compile(r"</?code>")
_LENT = re.compile(r'<ul class="earlier">.*?</ul>', re.DOTALL)
_DRAWING = re.compile(r'<svg\b[^>]*? aria-label="([^"]*)"[^>]*>.*?</svg>', re.DOTALL)
_CHART = re.compile(r'^(?:<figcaption class="title">.*?</figcaption>)?Flow chart[^<]*', re.DOTALL)
_WHICH = re.compile(r'<div class="question which">.*?</div>', re.DOTALL)

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""The letters of scripts that put no space between words, of which each counts as a word."""

_TOKEN = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+|[^\w\s]")

_LONG = 400
"""Words of a text that are compared in their order; a longer one is recognised by its start."""


def inline(html: str) -> str:
    """The text that a reader sees, white space folded but not cut off at the ends; of a picture, what
    stands for it."""
    if "<img" in html:
        html = _IMAGE.sub(r" \1 ", html)
    return re.sub(r"\s+", " ", unescape(_TAG.sub("", _BLOCK.sub(" ", html))))


def plain(html: str) -> str:
    """The text that a reader sees, white space folded."""
    return inline(html).strip()


def seen(html: str) -> str:
    """The text that a reader sees; code in backquotes, so that it can be told from words, formulas as
    they are typed, and a line end where a line ends."""
    if "<" in html:
        html = _CODE.sub("`", html).replace("<br>", "\n")
        html = _TAG.sub("", html)
    return unescape(html) if "&" in html else html


def filled(html: str) -> str:
    """HTML with its blanks filled in."""
    return CLOZE.sub(r"\2", html)


def own(html: str) -> str:
    """HTML without what a step shows of its neighbours, and drawings as the words for them."""
    return _DRAWING.sub(r"\1", _LENT.sub("", html))


def untitled(html: str) -> str:
    """HTML of the words that a note stands for: neither its title nor its neighbours, nor a
    question that all of its kind ask."""
    return filled(unasked(TITLE.sub("", own(html))))


def undrawn(html: str) -> str:
    """HTML of a field without the words for a drawing, and its title."""
    return _CHART.sub("", html)


def unasked(html: str) -> str:
    """HTML without a question that all notes of its kind ask."""
    return _WHICH.sub("", html)


def in_words(html: str) -> str:
    """HTML of a question about a drawing, as it is asked where only words are left of that."""
    asked = '<div class="question which"><bdi lang="en">What belongs in the hidden box?</bdi></div>'
    return _WHICH.sub(asked, html)


def heart(html: str) -> str:
    """The words that a note stands for, as plain text."""
    return plain(untitled(html))


def tokens(text: str) -> list[str]:
    """The words and signs of a plain text, in small letters."""
    return _TOKEN.findall(text.casefold())


def same(one: str, other: str) -> bool:
    """Whether two pieces of HTML have the same words, but for capitals."""
    return plain(one).casefold() == plain(other).casefold()


def likeness(one: str, other: str) -> float:
    """How much of two plain texts is alike, word by word: from 0 to 1."""
    return _ratio(tokens(one)[:_LONG], tokens(other)[:_LONG])


def overlap(one: str, other: str) -> float:
    """How many of the words of the shorter of two plain texts are in the other: from 0 to 1."""
    first, second = set(tokens(one)), set(tokens(other))
    return len(first & second) / max(1, min(len(first), len(second)))


def nearness(one: Sequence[str], other: Sequence[str]) -> float:
    """How much of two rows of words is alike, the first ones counting most: from 0 to 1."""
    shorter = min(len(one), len(other))
    if not shorter:
        return 0.0
    weights = range(shorter, 0, -1)
    alike = sum(weight for weight, a, b in zip(weights, one, other, strict=False) if a == b)
    return max(alike / sum(weights), 0.8 * _ratio(one, other))


def spelling(one: str, other: str) -> float:
    """How much of two plain texts is alike, letter by letter: from 0 to 1."""
    return _ratio(one.casefold()[:_LONG], other.casefold()[:_LONG])


def short(text: str, limit: int = 60) -> str:
    """A text in one line, cut off where it is long."""
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def stands_in(words: str, text: str) -> bool:
    """Whether some words stand in a plain text as a whole."""
    if not words:
        return False
    left = "" if re.match(rf"[\W{UNSPACED}]", words) else r"(?<!\w)"
    right = "" if re.search(rf"[\W{UNSPACED}]$", words) else r"(?!\w)"
    return re.search(left + re.escape(words) + right, text, re.IGNORECASE) is not None


def _ratio(one: Sequence[str], other: Sequence[str]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
