r"""Slips inside a text: what YAML reads in it, and how to write the text so that it does not."""

from __future__ import annotations

import re

from metaflash.blanks import hinted
from metaflash.lines import Keyed, Line, Mistake, Page, quoted, scalar

_RESERVED = "*&!@`%>|-?{[,}]"
"""Characters that YAML keeps for itself at the start of a value; - and ? only before a space."""

_CUT_WORDS = re.compile(r"'(?:\d0s|tis|twas|til|cause|em|n)\b", re.IGNORECASE)
"""Words that are written with an apostrophe at their start."""


_BLANK = re.compile(r"==([^=\n]+)==")


def colon_in_text(page: Page, line: Line, at: int) -> Mistake:
    """``fact: Angiogenesis: new vessels``."""
    if joined := _joined(page, line, at):
        return joined
    for found in _BLANK.finditer(line.text):
        if found.start() < at - line.start < found.end() and (two := hinted(found[1])):
            start, end = line.start + found.start(), line.start + found.end()
            hint = f"A hint stands behind two colons:  =={two}=="
            mended = page.with_character(at, ";")
            return Mistake(start, end, "hint-colon", "one colon before a hint", hint, mended)
    hint = "Put the whole sentence in quotes, or on the lines after `>-`."
    keyed = line.keyed
    if keyed and keyed.value and keyed.at <= at - line.start:
        hint = _write(page, line, keyed, keyed.value)
    message = "a colon and a space split this sentence"
    return Mistake(at, at + 1, "colon-in-text", message, hint, page.with_character(at, ";"))


def _joined(page: Page, line: Line, at: int) -> Mistake | None:
    """``term: Leaf id: leaf``: two lines that a line end is missing between."""
    keyed = line.keyed
    found = re.search(r" +([a-z][\w-]*)$", line.text[: at - line.start])
    if not keyed or not found or found[1] not in page.words.keys or found[1] == keyed.key:
        return None
    start = line.start + found.start(1)
    left, rest = line.text[: found.start()].rstrip(), line.text[found.start(1) :]
    if not left[keyed.at :].strip():
        return None
    hint = f"If it is one sentence, {rewritten(page, line.start, keyed.value)}\n"
    hint += "If a new key begins here, it stands on a line of its own. Write:\n"
    hint += f"{left}\n{' ' * keyed.column}{rest}"
    mended = page.with_character(at, ";")
    return Mistake(start, at + 1, "colon-in-text", "a key in the middle of a line", hint, mended)


def reserved(page: Page, line: Line) -> Mistake | None:
    """``fact: *Breast* cancer``: a text that starts with a character of YAML's own."""
    keyed = line.keyed
    if not keyed or not keyed.value or keyed.value[0] not in _RESERVED:
        return None
    if keyed.value[0] + keyed.value[-1] in ("[]", "{}"):
        return None  # a list or map as it should be
    start = line.start + keyed.at
    sign = keyed.value[0]
    message = f"a text that starts with {sign}"
    mended: str | None = page.with_character(start, "x")
    if block := re.match(r"[>|][-+]?\d? +(.*)", keyed.value) if sign in ">|" else None:
        goes_on = page.going_on(line, keyed.column) and block[1][:1].isalpha()
        value = block[1] if block[0][1:2] in ("-", "+") or goes_on else keyed.value
    else:
        value = keyed.value
    hint = f"YAML keeps {sign} at the start of a text for itself.\n"
    if anki := re.match(r"\{+(c\d+::[^{}]*)\}+", value):
        value = f"{{{{{anki[1]}}}}}{value[anki.end() :]}"
    if value.startswith("- ") and re.match(r"- [\w-]+:( |$)", value):
        hint = f"A list begins on the next line:\n{keyed.lead}{keyed.key}:\n"
        hint += f"{' ' * (keyed.column + 2)}{value}"
        mended = None
    elif value.startswith("- ") and not page.going_on(line, keyed.column):
        plain = (keyed.head + scalar(value[1:].strip()) + keyed.comment).strip()
        hint = f"Only an item of a list has a dash. Without it, write:  {plain}\n"
        hint += f"If learners are to see the dash, {rewritten(page, line.start, value)}"
    else:
        hint += _write(page, line, keyed, value)
    return Mistake(start, start + 1, "reserved-character", message, hint, mended)


_ARROW = re.compile(r"( *- +)(([\"'])[^\"']*\3(?= *\S)|[*&!@`%>|{\[])(.*(?:->|→).*)")


def arrow(page: Page, line: Line) -> Mistake | None:
    """``- *CDH1* -> adhesion``: an arrow whose line starts with a character of YAML's own."""
    found = _ARROW.fullmatch(line.text.rstrip())
    if not found:
        return None
    start = line.start + found.end(1)
    value = line.text[found.end(1) :].rstrip()
    hint = f"YAML keeps {value[0]} at the start of a text for itself.\nWrite:  - {quoted(value)}"
    message = f"a text that starts with {value[0]}"
    mended = page.with_character(start, "x")
    return Mistake(start, start + 1, "reserved-character", message, hint, mended)


def rewritten(page: Page, at: int, value: str) -> str:
    """The line of an offset as it should be, with another value: "write:  fact: …"."""
    line = page.line(at)
    keyed = line.keyed
    if not keyed or at > line.start + keyed.at:
        return f"write:  {'- ' * line.is_item}{quoted(value)}"
    if keyed.comment.strip() in value:
        keyed = keyed._replace(comment="")
    return "w" + _write(page, line, keyed, value)[1:]


def text_after_quote(page: Page, line: Line) -> Mistake | None:
    """``fact: "Seed and soil" is a theory``: a quoted start, and the sentence goes on."""
    keyed = line.keyed
    if not keyed or keyed.value[:1] not in ("'", '"'):
        return None
    close = keyed.value.find(keyed.value[0], 1)
    if close < 0 or not keyed.value[close + 1 :].strip():
        return None
    hint = "YAML ends the text at the second quote.\n"
    inner = keyed.value[1:close]
    if behind := re.fullmatch(r"([.!?…]?)[,;]?", keyed.value[close + 1 :]):
        hint += _write(page, line, keyed, inner + behind[1])
    else:
        hint += _write(page, line, keyed, _without_outer_quotes(keyed.value))
    start = line.start + keyed.at
    place = start + close + 1, line.start + len(line.text)
    mended = page.with_character(start, "x")
    return Mistake(*place, "text-after-quote", "text after the closing quote", hint, mended)


def quote_left_open(page: Page, line: Line) -> Mistake | None:
    """The quote that swallowed the lines above the place where the parser gave up."""
    above: Line | None = line
    for _ in range(200):
        if above is None:
            return None
        keyed = above.keyed
        if keyed and keyed.value[:1] in ("'", '"') and keyed.value.count(keyed.value[0]) % 2:
            return unclosed_quote(page, above, above.start + keyed.at)
        above = page.above(above)
    return None


def unclosed_quote(page: Page, line: Line, at: int) -> Mistake:
    """``fact: "The liver``: a quote that opens the text and never closes."""
    hint = "A text that starts with a quote must end with the same quote."
    keyed = line.keyed
    mended = None
    if keyed and keyed.value and line.start + keyed.at == at:
        value = keyed.value if _CUT_WORDS.match(keyed.value) else keyed.value[1:].rstrip("'\"”’")
        hint += "\n" + _write(page, line, keyed, value)
        mended = page.with_character(at, "x")
    return Mistake(at, at + 1, "unclosed-quote", "a quote that never closes", hint, mended)


def escape(page: Page, line: Line, at: int) -> Mistake:
    r"""``"\quark"``: in double quotes YAML reads a backslash as its own."""
    slash = page.text.rfind("\\", line.start, at + 1)
    slash = slash if slash >= 0 else at
    hint = single_quotes(page, line)
    message = "a backslash in double quotes"
    mended = page.with_character(slash, "/")
    return Mistake(slash, slash + 2, "escape", message, hint, mended)


def single_quotes(page: Page, line: Line) -> str:
    """What to do about a text with backslashes in double quotes."""
    hint = "In double quotes a backslash belongs to YAML. Use single quotes, or none."
    keyed = line.keyed
    if keyed and re.fullmatch(r'"[^"]*"', keyed.value):
        hint += "\n" + _write(page, line, keyed, keyed.value[1:-1].replace("\\\\", "\\"))
    return hint


def hash_above(page: Page, line: Line) -> Mistake | None:
    """A ``#`` in a sentence of several lines, which ends it there."""
    above = page.above(line, comments=True)
    found = re.search(r"(?:^|(?<=\s))#", above.text) if above else None
    if not above or not found or page.has_known_key(line) or line.is_item:
        return None
    at = above.start + found.start()
    hint = "YAML drops everything after a space and a #, and the sentence ends there.\n"
    hint += "Put the sentence in quotes, or on the lines after `>-`."
    place = at, above.start + len(above.text)
    mended = page.with_character(at, "x")
    return Mistake(*place, "cut-by-hash", "a # cuts this text off", hint, mended)


def _without_outer_quotes(value: str) -> str:
    """``'It's so'`` was meant to be quoted; ``"Seed" and "soil"`` was not."""
    quote, inner = value[0], value[1:-1]
    if not value.endswith(quote):
        return value
    first = inner.find(quote)
    opens = first <= 0 or inner[first - 1].isspace()
    return inner if opens or inner.count(quote) % 2 else value


def _write(page: Page, line: Line, keyed: Keyed, value: str) -> str:
    """The line as it should be, or the lines if the text goes on below."""
    more = page.going_on(line, keyed.column)
    if not more:
        return f"Write:  {(keyed.head + quoted(value) + keyed.comment).strip()}"
    indent = " " * (keyed.column + 2)
    rest = [indent + below.body for below in more]
    return "\n".join(["Write:", f"{keyed.head}>-", indent + value, *rest])
