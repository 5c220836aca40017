"""Lines without a key and a colon below a text: those that go on with it, and those where a key was meant."""

from __future__ import annotations

import re

from metaflash.diagnostics import nearest
from metaflash.lines import Keyed, Line, Mistake, Page

_NO_TEXTS = frozenset({"id", "was", "tags", "image", "image-on", "allow"})
"""Keys whose values are no sentences, so that none goes on in a further line."""

_WORD = re.compile(r"(?P<lead> *)(?P<key>[A-Za-z][\w-]*)(?P<sign>[.,]?) +(?P<value>\S.*)$")
_BLANK = re.compile(r"==\S|\{\{c\d")


def key_meant(page: Page, line: Line) -> Mistake | None:
    """``means, The clergy``, ``anser Robespierre``: a key that the card still needs, misspelt or with
    another sign for its colon."""
    found = None if line.is_item else _WORD.match(line.text)
    kind, there = _card(page, line)
    if not found or not kind:
        return None
    needed = {key for key, is_needed in page.words.grammar[kind].items() if is_needed} - there
    word = found["key"].lower()
    meant = word if word in needed else nearest(word, needed)
    if not meant or (meant != word and found["value"][:1].islower()):
        return None
    right = f"{found['lead']}{meant}: {found['value']}"
    message = f"`{meant}` without its colon"
    mended = page.with_line(line, right)
    return Mistake(*line.place, "missing-colon", message, f"Write:  {right.strip()}", mended)


def goes_on(page: Page, line: Line, key: str, value: str) -> bool:
    """Whether a line that begins with a word that is also a key, and no colon, goes on with the text
    above it rather than being that key."""
    above = page.above(line)
    keyed = above.keyed if above else None
    if line.is_item or not keyed or not keyed.value or keyed.key in _NO_TEXTS:
        return False
    kind, there = _card(page, line)
    grammar = page.words.grammar.get(kind, {})
    if not kind or keyed.value[0] in "\"'|>" or key == "id":
        return False
    if key not in grammar or key in there or (_BLANK.search(value) and key != "fact"):
        return True
    is_sentence = not re.search(r"[.!?]$", keyed.value) and value[:1].islower()
    return not grammar[key] and (is_sentence and " " in value)


def indented(page: Page, line: Line) -> Mistake | None:
    """The lines that go on with the text above, as they should be; None where that is no text."""
    message = "a line that is no `key: text`"
    above = page.above(line)
    keyed = above.keyed if above else None
    if not above or not keyed or not keyed.value or keyed.value[0] in "\"'|>":
        return None
    if keyed.key in _NO_TEXTS:
        hint = (
            f"`{keyed.key}` has no text that goes on. If this belongs to the card, it needs a key"
        )
        hint += f", such as:  note: {line.body}"
        mended = page.with_line(line, f"{' ' * line.indent}#{line.body[1:]}")
        return Mistake(*line.place, "missing-colon", message, hint, mended)
    rights = _deeper(page, line, keyed)
    hint = "If the text above goes on here, indent it deeper. Write:\n"
    hint += "\n".join([above.text, *rights])
    end = line.start
    for _ in rights:
        end += len(page.line(end).text) + 1
    mended = page.text[: line.start] + "\n".join(rights) + page.text[end - 1 :]
    return Mistake(*line.place, "missing-colon", message, hint, mended)


def _deeper(page: Page, line: Line, keyed: Keyed) -> list[str]:
    """A line and those below it that have no key either, indented deeper than the key above."""
    lead = " " * (keyed.column + 2)
    rights = [lead + line.body]
    below = page.below(line)
    while below and below.body and not (below.keyed or below.is_item or below.body[0] == "#"):
        rights.append(lead + below.body)
        below = page.below(below)
    return rights


def _card(page: Page, line: Line) -> tuple[str, set[str]]:
    """The kind of the card that a line is in, and the keys that it has; empty outside of cards."""
    first: Line | None = line
    while first and not (first.is_item and first.keyed and first.keyed.key in page.words.kinds):
        first = page.above(first)
    if first is None or first.keyed is None:
        return "", set()
    kind, there = first.keyed.key, set[str]()
    below: Line | None = first
    while below and (below is first or not (below.is_item and below.indent <= first.indent)):
        there |= {below.keyed.key} if below.keyed else set()
        below = page.below(below)
    return kind, there
