"""A field's HTML as the words a person reads, and how much two texts have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from html import unescape

CLOZE = re.compile(r"\{\{c(\d+)::(.*?)(?:::(.*?))?\}\}", re.DOTALL)
"""A blank in Anki's form: its number, its answer, its hint."""

_BLOCK = re.compile(r"</?(?:div|li|ol|ul|p)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\w+")
_LENT = re.compile(r'<ul class="earlier">.*?</ul>')
TITLE = re.compile(r'<div class="title">(.*?)</div>(?:<div class="about">(.*?)</div>)?')
"""The heading of a step: what its process is called, and what that is about."""


def plain(html: str) -> str:
    """The text that a reader sees, white space folded."""
    return " ".join(unescape(_TAG.sub("", _BLOCK.sub(" ", html))).split())


def filled(html: str) -> str:
    """HTML with its blanks filled in."""
    return CLOZE.sub(r"\2", html)


def own(html: str) -> str:
    """HTML without what a step shows of its neighbours."""
    return _LENT.sub("", html)


def heart(html: str) -> str:
    """The words a note stands for, as plain text: neither its title nor its neighbours."""
    return plain(filled(TITLE.sub("", own(html))))


def same(one: str, other: str) -> bool:
    """Whether two pieces of HTML have the same words."""
    return one == other or plain(one).casefold() == plain(other).casefold()


def likeness(one: str, other: str) -> float:
    """How much of two plain texts is alike, word by word: from 0 to 1."""
    return _ratio(one.casefold().split(), other.casefold().split())


def overlap(one: str, other: str) -> float:
    """How many of the words of the shorter of two plain texts are in the other: from 0 to 1."""
    first, second = set(_WORD.findall(one.casefold())), set(_WORD.findall(other.casefold()))
    return len(first & second) / max(1, min(len(first), len(second)))


def spelling(one: str, other: str) -> float:
    """How much of two plain texts is alike, letter by letter: from 0 to 1."""
    return _ratio(one.casefold(), other.casefold())


def _ratio(one: Sequence[str], other: Sequence[str]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
