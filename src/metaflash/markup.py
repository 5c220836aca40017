r"""A teacher's sentence to safe HTML: blanks, hints, inline Markdown, MathJax.

Blanks and formulas are metaflash's own; emphasis, code and links are left to markdown-it.
Everything else is text and is shown as typed: no HTML, no entity, no mark of Anki's gets through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from metaflash.blanks import (
    MATH,
    NESTED,
    UNHINTED_IN_TEX,
    Found,
    Passage,
    Place,
    Slip,
    blank_at,
    opens_at,
)
from metaflash.diagnostics import Span
from metaflash.tree import NOWHERE, Typed

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token


class Blank(NamedTuple):
    """What a learner has to recall. ``answer`` and ``hint`` are HTML.

    ``number`` is the one the teacher pinned, None if metaflash is to choose; ``start`` and
    ``end`` are its place in the sentence as typed, ``asked`` and ``told`` those of the answer and
    the hint in it.
    """

    answer: str
    hint: str
    number: int | None
    start: int
    end: int
    asked: Place
    told: Place | None


class Sentence(NamedTuple):
    """A text as its pieces: HTML, and the blanks between; and where it was written."""

    parts: tuple[str | Blank, ...]
    typed: Typed = NOWHERE

    @property
    def blanks(self) -> tuple[Blank, ...]:
        """The blanks in the order they stand in."""
        return tuple(part for part in self.parts if isinstance(part, Blank))

    @property
    def span(self) -> Span:
        """Where the whole of it stands in the file."""
        return self.typed.span(0, len(self.typed.scalar.text.rstrip()))

    @property
    def html(self) -> str:
        """The whole sentence, blanks filled in."""
        return "".join(part if isinstance(part, str) else part.answer for part in self.parts)


def parse(text: str) -> tuple[Sentence, list[Slip]]:
    """The sentence, and what is wrong with it.

    A sentence with slips has them as plain text, so that later checks have something to read.
    """
    passage = Passage(text, 0, [])
    if not _SPECIAL.search(text):
        return Sentence((escape(text, quote=False),)), passage.slips
    if not _MARKDOWN.search(text):
        return Sentence(tuple(_merged(_only_blanks(passage)))), passage.slips
    sentence = Sentence(tuple(_merged(_inline(passage))))
    _check_stars(passage, sentence)
    return sentence, passage.slips


def _check_stars(passage: Passage, sentence: Sentence) -> None:
    """Report stars around a blank that Markdown does not take for emphasis: ``**==liver==**s``."""
    for before, part, after in zip(
        ("", *sentence.parts), sentence.parts, (*sentence.parts[1:], ""), strict=False
    ):
        if isinstance(part, Blank) and str(before).endswith("*") and str(after).startswith("*"):
            hint = "Markdown knows stars only around whole words. Put them inside of the marks:  ==**answer**=="
            place = part.start, part.end
            passage.slip(place, "stars-around-blank", "stars that make no emphasis", hint)


_SPECIAL = re.compile(r"[=*_`\[\]\\$<>&!{}\n]")
_MARKDOWN = re.compile(r"[*_`\[\]\\$<>&!{}\n]")
"""What the Markdown reader has to see; a sentence whose only marks are blanks needs none."""


def _only_blanks(passage: Passage) -> Iterator[str | Blank]:
    """The quick way for the commonest sentences."""
    text = passage.text
    at = 0
    while (signs := text.find("=", at)) >= 0:
        yield escape(text[at:signs], quote=False)
        found, at = blank_at(passage, signs)
        yield _blank(passage, found, _html) if found else text[signs:at]
    yield escape(text[at:], quote=False)


def _merged(parts: Iterator[str | Blank]) -> Iterator[str | Blank]:
    """The parts with neighbouring pieces of HTML joined."""
    html = ""
    for part in parts:
        if isinstance(part, str):
            html += part
            continue
        if html:
            yield html
        yield part
        html = ""
    if html:
        yield html


def _blank(passage: Passage, found: Found, read: Callable[[Passage], str]) -> Blank:
    """A blank of a passage, its answer and hint as ``read`` makes them HTML."""
    answer = passage.part(found.answer)
    hint = passage.part(found.hint) if found.hint else None
    start, end = found.place
    return Blank(
        read(answer),
        read(hint) if hint else "",
        found.number,
        passage.base + start,
        passage.base + end,
        answer.place,
        hint.place if hint else None,
    )


def _html(passage: Passage) -> str:
    """The HTML of a passage without blanks."""
    if not _SPECIAL.search(passage.text):
        return escape(passage.text, quote=False)
    html = []
    for part in _inline(passage):
        if isinstance(part, Blank):
            place = part.start - passage.base, part.end - passage.base
            passage.slip(place, *NESTED)
        else:
            html.append(part)
    return "".join(html)


# --- Markdown ------------------------------------------------------------------------------


@cache
def _markdown() -> MarkdownIt:
    """CommonMark's inline marks with ours before them; imported only where a text has any."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False, "breaks": True})
    reader.disable(["autolink", "html_inline", "entity"])
    reader.inline.ruler.before("escape", "metaflash", _own_marks)
    return reader


def _own_marks(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it calls it
    """markdown-it's rule for what is ours: formulas, blanks, braces."""
    text, at = state.src, state.pos
    passage = Passage(text, state.env["base"], [] if silent else state.env["slips"])
    parts: list[str | Blank]
    if formula := MATH.match(text, at) if text[at] in "$\\" else None:
        parts, end = list(_formula(passage, formula)), formula.end()
    elif text[at] == "*" and _IN_A_WORD.match(text, at - 1 if at else 0):
        parts, end = ["*"], at + 1  # 5*3*2 is no emphasis, as snake_case_name is none
    elif opens_at(text, at):
        found, end = blank_at(passage, at)
        parts = [_blank(passage, found, _html) if found else shown(text[at:end])]
    else:
        return False
    if not silent:
        state.push("parts", "", 0).meta = {"parts": parts}
    state.pos = end
    return True


_IN_A_WORD = re.compile(r"\w\*\w")


def _inline(passage: Passage) -> Iterator[str | Blank]:
    """Read a passage with Markdown marks."""
    env = {"base": passage.base, "slips": passage.slips}
    for block in _markdown().parseInline(passage.text, env):
        for token in block.children or ():
            yield from _rendered(token, passage)


def _rendered(token: Token, passage: Passage) -> Iterator[str | Blank]:
    match token.type:
        case "text":
            yield shown(token.content)
        case "softbreak" | "hardbreak":
            yield "<br>"
        case "code_inline":
            yield f"<code>{shown(token.content)}</code>"
        case "em_open" | "em_close" | "strong_open" | "strong_close":
            yield f"<{'/' * (token.nesting < 0)}{token.tag}>"
        case "link_open":
            yield _link(token, passage)
        case "link_close":
            yield "</a>"
        case "image":
            name = str(token.attrs["src"]).rpartition("/")[2]
            hint = (
                "A picture cannot stand inside a sentence. Put its file into media/ beside deck.yaml,"
                f" and add to the card:\nimage: {name}\nalt: What there is to see"
            )
            at = max(passage.text.find("!["), 0)
            passage.slip((at, at + 2), "picture", "a Markdown picture in a text", hint)
        case "parts":
            yield from token.meta["parts"]


def _link(token: Token, passage: Passage) -> str:
    """The start of a link; what a card cannot follow, or would swallow, is a slip."""
    href = str(token.attrs["href"])
    at = max(passage.text.find("]("), 0)
    if "title" in token.attrs or re.search("==|%7B%7Bc", href):
        hint = "Between the brackets of a link stands nothing but its address:  [text](https://…)"
        passage.slip((at, at + 2), "link", "a link with more than an address", hint)
    elif not href.startswith(("https://", "http://", "mailto:")):
        hint = (
            "A card is read far from your files, and can only link to the web:  [text](https://…)"
        )
        passage.slip((at, at + 2), "link", "a link that leads nowhere in Anki", hint)
    return f'<a href="{_braces(escape(href))}">'


_ANKI_MARK = re.compile(r"\[(?=sound:|anki:|/?latex\]|/?\$\$?\])", re.IGNORECASE)


def shown(text: str) -> str:
    """HTML that shows the text as it is, in Anki too: its marks reach neither browser nor Anki."""
    html = escape(text, quote=False)
    if "[" in html:
        html = _ANKI_MARK.sub("&#91;", html)
    return _braces(html)


def attribute(text: str) -> str:
    """HTML that holds the text as it is between the quotes of an attribute, where neither Anki nor
    what typesets formulas finds anything of its own."""
    return shown(text).replace('"', "&quot;").replace("[", "&#91;").replace("\\", "&#92;")


def _braces(html: str) -> str:
    return (
        html.replace("{", "&#123;").replace("}", "&#125;") if "{" in html or "}" in html else html
    )


# --- MathJax -------------------------------------------------------------------------------


def _formula(passage: Passage, found: re.Match[str]) -> Iterator[str | Blank]:
    """A formula in Anki's marks, with its blanks."""
    group = next(name for name, value in found.groupdict().items() if value is not None)
    content = passage.part(found.span(group))
    display = group in ("shown", "square")
    yield r"\[" if display else r"\("
    last = at = 0
    while at < len(content.text):
        if content.text[at] == "\\":
            at += 2
        elif _CLOZE_OR_SIGNS.match(content.text, at):
            start = at
            blank, at = blank_at(content, start)
            if blank:
                yield _tex(Passage(content.text[last:start], 0, []))
                asked = _blank(content, blank, _tex)
                yield asked._replace(hint=asked.hint or UNHINTED_IN_TEX)
                last = at
        else:
            at += 1
    yield _tex(Passage(content.text[last:], 0, []))
    yield r"\]" if display else r"\)"


_CLOZE_OR_SIGNS = re.compile(r"=|\{\{c[0-9]+::")
"""Blanks in a formula; other braces are TeX's own."""


def _tex(passage: Passage) -> str:
    """TeX as HTML. ``<`` and ``>`` are spelled out, because Anki unescapes a cloze's formulas."""
    return shown(passage.text.replace("<", r"\lt ").replace(">", r"\gt "))
