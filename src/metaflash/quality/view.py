"""What rules see of a prompt: its words, counted and cut once for all of them."""

from __future__ import annotations

import re
from typing import NamedTuple

from metaflash.diagnostics import Span
from metaflash.kinds.kind import Answer, Leaf, Prompt
from metaflash.quality.english import STOP, is_spaced, tokens


class Finding(NamedTuple):
    """What a rule has found: its name, the place, a title, the reason and what to write instead.

    ``leaf`` is whose ``allow`` counts, None where only that of the deck does; ``other`` is that of the
    other card, where it is about two.
    """

    rule: str
    span: Span
    message: str
    hint: str
    leaf: Leaf | None = None
    other: Leaf | None = None


class Setting(NamedTuple):
    """What stands around the prompts of a file: whether they are English, the heading of them, and
    whether the file is without an error, so that no step can be left out of what is known of it."""

    english: bool = True
    topic: str = ""
    whole: bool = True


class View(NamedTuple):
    """A prompt with its words as they are written: those that are seen, and those of each answer.

    ``spaced`` says whether they can be counted.
    """

    prompt: Prompt
    setting: Setting
    front: list[str]
    answers: list[list[str]]
    spaced: bool

    @property
    def english(self) -> bool:
        """Whether lists of English words say something of it."""
        return self.setting.english

    def found(self, rule: str, span: Span, message: str, hint: str) -> Finding:
        """A finding about it."""
        return Finding(rule, span, message, hint, self.prompt.leaf)


def view(prompt: Prompt, setting: Setting) -> View:
    """A prompt as rules see it."""
    answers = [tokens(answer.text) for answer in prompt.answers]
    spaced = is_spaced(prompt.front) and is_spaced(prompt.answer)
    return View(prompt, setting, tokens(prompt.front), answers, spaced)


def typed(span: Span) -> str:
    """What stands at a place of the file, if a line to write can be made of it: one line, and nothing in
    it that only means what it does between quotes of YAML; else empty."""
    text = span.source.text[span.start : span.end]
    return "" if re.search(r"[\n\\]|\'\'", text) else text


_NOT_READ = re.compile(r"(?<=\])\([^)\s]*\)|https?://\S+|\$[^$\n]+\$")
"""What is typed, but not seen as words: addresses and formulas."""


def place(words: str, prompt: Prompt) -> Span:
    """Where some words of the front stand in the file, outside of what is asked for; all of the front
    where they are not written as they are seen."""
    source, start, end = prompt.front_span
    hidden = [(answer.span.start, answer.span.end) for answer in prompt.answers]
    hidden += [found.span() for found in _NOT_READ.finditer(source.text, start, end)]
    pattern = r"\s+".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words.split())
    for found in re.compile(pattern, re.IGNORECASE).finditer(source.text, start, end):
        if not any(first < found.end() and found.start() < last for first, last in hidden):
            return Span(source, *found.span())
    return prompt.front_span


def first_line(span: Span) -> Span:
    """A place, cut to its first line."""
    line = span.source.text.find("\n", span.start, span.end)
    return span if line < 0 else span._replace(end=line)


def is_name(answer: Answer, words: list[str]) -> bool:
    """Whether an answer is the name of something, its title, or a quotation: these are as long as
    they are."""
    if re.match(r"[\"'“\u2018«„*]", answer.text):
        return True
    telling = [word for word in words if word.casefold() not in STOP and len(word) > 2]
    return len(telling) > 1 and all(word[0].isupper() or word[0].isdigit() for word in telling)
