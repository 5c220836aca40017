"""The slips that YAML answers with a riddle, each told as what the teacher did.

``explain`` takes the parser's error and the text, looks at the lines, and says which of the usual
mistakes it is. Where the right line can be worked out it is offered, and the text is mended so
that the rest of the file can be checked in the same run.
"""

from __future__ import annotations

import re

import yaml

from metaflash import layout, quoting
from metaflash.lines import Line, Mistake, Page, Words


def explain(text: str, error: yaml.MarkedYAMLError, words: Words) -> Mistake:
    """The teacher's mistake behind a syntax error of the YAML parser."""
    page = Page(text, words)
    problem, context = str(error.problem or ""), str(error.context or "")
    at = error.problem_mark.index if error.problem_mark else 0
    since = error.context_mark.index if error.context_mark else at
    line, opened = page.line(at), page.line(since)
    if "quoted scalar" in context:
        if "escape" in problem:
            return quoting.escape(page, opened, at)
        return quoting.unclosed_quote(page, opened, since)
    begun = opened if "simple key" in context else line
    typed = layout.typing_slip(page, begun)
    arrow = quoting.arrow(page, line) or layout.arrow_without_dash(page, begun)
    if mistake := arrow or typed:
        return mistake
    if "mapping values are not allowed" in problem:
        return _colon(page, line, at)
    if "simple key" in context:
        return layout.no_key(page, opened)
    if "flow" in context:
        return _unclosed_bracket(page, opened, since)
    if "<document start>" in problem:
        return _after_the_end(page, at)
    for slip in (
        quoting.text_after_quote,
        quoting.reserved,
        quoting.quote_left_open,
        layout.indentation,
    ):
        if mistake := slip(page, line):
            return mistake
    return _not_yaml(at, problem or context)


def _colon(page: Page, line: Line, at: int) -> Mistake:
    """A colon where YAML expects none: in a sentence, or after a key that stands too deep."""
    keyed = line.keyed
    if keyed and keyed.column + len(keyed.key) == at - line.start:
        above = page.above(line)
        strays = line.is_item or page.has_known_key(line)
        if above and above.keyed and (strays or not above.keyed.value):
            return layout.indentation(page, line) or layout.unknown_indentation(line)
        if above and not above.keyed and layout.is_stray(page, above):
            return layout.no_key(page, above)
    return quoting.colon_in_text(page, line, at)


def _unclosed_bracket(page: Page, line: Line, at: int) -> Mistake:
    """``tags: [one, two``, or a sentence that starts with a bracket."""
    opens: Line | None = line
    while (
        opens
        and not re.search(r": *[\[{](?:[^\]}]*$|.*#)", opens.text)
        and line.start - opens.start < 2000
    ):
        opens = page.above(opens)
    if opens and opens is not line and "[" in opens.text:
        line, at = opens, opens.start + opens.text.index("[")
    keyed = line.keyed
    message = "a bracket without its end"
    if keyed and keyed.value and keyed.key != "tags":
        return quoting.reserved(page, line) or _not_yaml(at, message)
    if found := re.search(r"(?<=[\s,[])#[^],]*", line.text):
        place = line.start + found.start(), line.start + found.end()
        right = re.sub(r"(?<=[\s,[])#[^],]*(?<! )", lambda item: f'"{item[0]}"', line.text)
        hint = f"YAML drops everything after a #. Write:  {right.strip()}"
        mended = page.with_line(line, right)
        return Mistake(*place, "cut-by-hash", "a # cuts this list off", hint, mended)
    hint = "A list in brackets ends with ] on the same line."
    closed: str | None = None
    if keyed and keyed.value and "]" not in keyed.value:
        right = line.text.rstrip(" ,") + "]"
        hint += f"\nWrite:  {right.strip()}"
        closed = page.with_line(line, right)
    return Mistake(at, at + 1, "unclosed-bracket", message, hint, closed)


def _after_the_end(page: Page, at: int) -> Mistake:
    """Text after ``...``; or keys further left than the first one, which ends the document too."""
    if not re.search(r"^\.\.\.", page.text[:at], re.MULTILINE):
        return layout.first_line_indented(page) or _not_yaml(at, "more than one document")
    hint = "The dots end the document, and everything after them would be lost. Delete them."
    message = "text after the end of the document"
    return Mistake(at, at + 1, "several-documents", message, hint, None)


def _not_yaml(at: int, problem: str) -> Mistake:
    """What none of the usual slips explains, in the parser's own words."""
    hint = f"The YAML parser says: {problem}."
    return Mistake(at, at + 1, "yaml-syntax", "this is not YAML", hint, None)
