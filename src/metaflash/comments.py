"""Where a ``#`` cuts off what was meant to be text.

YAML ends a text at a space and a ``#`` without a word. What is surely a comment is left alone: two
spaces before the sign and one after it, or a line of its own in the column of the keys.
"""

from __future__ import annotations

import re

from metaflash.lines import Page, quoted
from metaflash.quoting import rewritten
from metaflash.tree import Reading, Scalar

HASH = re.compile(r"(?:^|\s|[\"'])#", re.MULTILINE)
"""Whether a file has any such sign."""

_HASH_AFTER_TEXT = re.compile(r" *#.*")
_HASH_BELOW_TEXT = re.compile(r" *\n(?: *\n)*(?P<indent> *)(?P<hash>#.*)")
_HASH_IN_HEADER = re.compile(r"[>|][-+\d]*(?P<hash> +#.*)")
_HASH_ABOVE_TEXT = re.compile(r":(?P<hash> *\n(?: *\n)* *#.*)\n(?: *(?:#.*)?\n)* *$")
_HASH_IN_LIST = re.compile(r"\"[^\"]*\"|'[^']*'|(?:^|[\s,\[])(?P<hash>#.*)", re.MULTILINE)


def is_cut(reading: Reading, scalar: Scalar) -> bool:
    """Whether a ``#`` before, behind or below a text may have cut it; if so, it is reported."""
    if _is_cut_before(reading, scalar):
        return True
    return scalar.style not in ("|", ">") and _is_cut_behind(reading, scalar)


def _is_cut_before(reading: Reading, scalar: Scalar) -> bool:
    """Whether a ``#`` stands where a text was to begin: behind ``>-``, or on a line below its key
    and above it. If so, it is reported."""
    text = reading.source.text
    if scalar.style in ("|", ">"):
        cut = _HASH_IN_HEADER.match(text, scalar.start)
        if not cut or _is_comment(cut["hash"]):
            return False
    elif text[text.rfind("\n", 0, scalar.start) + 1 : scalar.start].strip():
        return False  # something stands before it on its line: its key, or a dash
    elif not (cut := _HASH_ABOVE_TEXT.search(text, max(0, scalar.start - 2000), scalar.start)):
        return False
    hint = "YAML drops everything after the #. Put the sentence in quotes, or take the # out."
    start = text.index("#", cut.start("hash"))
    reading.error(start, cut.end("hash"), "cut-by-hash", "a # cuts this text off", hint)
    return True


def _is_cut_behind(reading: Reading, scalar: Scalar) -> bool:
    """Whether a ``#`` behind or below a text may have cut it; if so, it is reported."""
    text = reading.source.text
    page = Page(text)
    cut = _HASH_AFTER_TEXT.match(text, scalar.end)
    if cut and not _is_comment(cut[0]):
        if tags := _tags(page, scalar, cut[0]):
            hint = f"YAML drops everything after a space and a #. Write:  {tags}"
            reading.error(*cut.span(), "cut-by-hash", "a # cuts these tags off", hint)
            return True
        hint = "YAML drops everything after a space and a #.\n"
        hint += f"If it is part of the text, {rewritten(page, scalar.start, _whole(page, scalar, cut[0]))}"
        before = page.line(cut.start()).text[: cut.start() - page.line(cut.start()).start].strip()
        if not before.endswith(":"):
            hint += f"\nIf it is a comment, write:  {before}  # {cut[0].lstrip(' #')}"
        reading.error(*cut.span(), "cut-by-hash", "a # cuts this text off", hint)
        return True
    below = _HASH_BELOW_TEXT.match(text, scalar.end) if not scalar.style else None
    if below and len(below["indent"]) > _key_column(text, scalar.start):
        hint = (
            "YAML drops this line. If it is part of the text above, put the text in quotes or on"
            " the lines after `>-`. If it is a comment, start it in the column of the keys."
        )
        start, end = below.span("hash")
        reading.error(start, end, "cut-by-hash", "a # cuts the text above off", hint)
        return True
    return False


def check_list(reading: Reading, start: int, end: int) -> None:
    """Report a ``#`` between brackets, which cuts off the rest of its line."""
    for found in _HASH_IN_LIST.finditer(reading.source.text, start, end):
        if found["hash"]:
            hint = f"YAML drops everything after a #. In a list, write:  {quoted(found['hash'])}"
            place = found.span("hash")
            reading.error(place[0], place[1], "cut-by-hash", "a # cuts this list off", hint)


def _tags(page: Page, scalar: Scalar, cut: str) -> str:
    """``tags: #exam #hard`` as a list, empty if it is anything else."""
    keyed = page.line(scalar.start).keyed
    if not keyed or keyed.key != "tags" or keyed.value.startswith("["):
        return ""
    words = re.findall(r"[^\s,;#]+", scalar.text + cut)
    return f"{keyed.head.strip()} [{', '.join(words)}]"


def _whole(page: Page, scalar: Scalar, cut: str) -> str:
    """What stands on a text's first line with what was cut off, without the quotes around it."""
    keyed = page.line(scalar.start).keyed
    if scalar.style or not keyed or not keyed.value:
        return (scalar.text + cut).strip()
    return keyed.value


def _key_column(text: str, offset: int) -> int:
    """The column (from 0) in which the keys of a line stand."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    lead = re.match(r" *(?:- +)*", line)
    return lead.end() if lead else 0


def _is_comment(text: str) -> bool:
    """Whether `` # …`` after a value is surely a comment: two spaces before, one after the #."""
    return text.startswith("  ") and text.lstrip(" ")[1:2] in ("", " ", "#")
