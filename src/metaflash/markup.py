r"""A teacher's sentence to safe HTML: blanks, hints, inline Markdown, MathJax.

``==answer==`` is a blank, ``==answer::hint==`` has a hint, ``==2|answer==`` a number of its
own; ``{{c1::answer::hint}}``, as pasted from Anki, means the same. Blanks are metaflash's own
and read here; emphasis, code and links are left to markdown-it. Everything else is text and is
shown as typed: no HTML, no entity, no Anki mark gets through by accident.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

MAX_NUMBER = 500
"""The highest blank number for which Anki makes a card."""


class Blank(NamedTuple):
    """What a learner has to recall. ``answer`` and ``hint`` are HTML.

    ``number`` is the one the teacher pinned, None if metaflash is to choose; ``start`` and
    ``end`` are its place in the sentence as typed.
    """

    answer: str
    hint: str
    number: int | None
    start: int
    end: int


class Slip(NamedTuple):
    """A mistake in a sentence: its place in the sentence as typed, and what to say."""

    start: int
    end: int
    code: str
    message: str
    hint: str


class Sentence(NamedTuple):
    """A text as its pieces: HTML, and the blanks between."""

    parts: tuple[str | Blank, ...]

    @property
    def blanks(self) -> tuple[Blank, ...]:
        """The blanks in the order they stand in."""
        return tuple(part for part in self.parts if isinstance(part, Blank))

    @property
    def html(self) -> str:
        """The whole sentence, blanks filled in."""
        return "".join(part if isinstance(part, str) else part.answer for part in self.parts)


def parse(text: str) -> tuple[Sentence, list[Slip]]:
    """The sentence, and what is wrong with it.

    A sentence with slips has them as plain text, so that later checks have something to read.
    """
    slips: list[Slip] = []
    if not _SPECIAL.search(text):
        return Sentence((escape(text, quote=False),)), slips
    if not _MARKDOWN.search(text):
        return Sentence(tuple(_only_blanks(text, slips))), slips
    return Sentence(tuple(_merged(_inline(text, 0, slips)))), slips


_SPECIAL = re.compile(r"[=*_`\[\]\\$<>&!{}\n]")
_MARKDOWN = re.compile(r"[*_`\[\]\\$<>&!{}\n]")
"""What the Markdown reader has to see; a sentence whose only marks are blanks needs none."""


# --- Blanks ----------------------------------------------------------------------------


class _Marked(NamedTuple):
    """A blank as found: its place, and the place of what is between the marks."""

    start: int
    end: int
    inner: int
    inner_end: int
    number: int | None


_RUN = re.compile(r"=+")
_PIN = re.compile(r"(\d+)\|")
_CLOZE = re.compile(r"\{\{c(\d+)::")
_BRACED = re.compile(r"\{\{[^{}]*\}{0,2}|\}\}")
_CLOZE_LIKE = re.compile(r"\{\{\s*[cC]\s*-?[\d,]")
_SKIPPED = re.compile(r"\\.|(`+)(?:(?!`)[\s\S])*?[^`]\1(?!`)", re.DOTALL)
"""What hides marks from the search for the end of a blank: escapes and code."""

_ANSWER_HINT = "Write the answer between the marks:  ==answer=="


def _only_blanks(text: str, slips: list[Slip]) -> Iterator[str | Blank]:
    shown = at = 0
    for run in _RUN.finditer(text):
        if run.start() < at:
            continue
        blank, at = _blank_at(text, run.start(), 0, slips)
        if blank is None:
            continue
        if run.start() > shown:
            yield escape(text[shown : run.start()], quote=False)
        yield blank
        shown = at
    if shown < len(text):
        yield escape(text[shown:], quote=False)


def _blank_at(text: str, start: int, base: int, slips: list[Slip]) -> tuple[Blank | None, int]:
    """The blank that opens with the signs at ``start`` (None where they are only text), and where
    the reading goes on. ``base`` is where ``text`` begins in the sentence as typed."""
    run = _RUN.match(text, start)
    if run is None or len(run[0]) == 1:
        return None, start + 1
    end = run.end()
    if empty := _EMPTY.match(text, start):
        place = base + start, base + empty.end()
        slips.append(Slip(*place, "empty-blank", "a blank with nothing in it", _ANSWER_HINT))
        return None, empty.end()
    if _stands_alone(text, start, end):
        return None, end
    if len(run[0]) != 2:
        hint = "A blank is ==answer==, with two signs on each side. To show a sign, write \\=."
        message = f"{len(run[0])} signs = in a row"
        slips.append(Slip(base + start, base + end, "blank-marks", message, hint))
        partner = text.find(run[0], end)
        return None, partner + len(run[0]) if partner > 0 else end
    close = _closing(text, end)
    if close is None:
        hint = (
            "A blank is ==answer==, with no space inside the marks. To show the signs themselves,"
            " put spaces around them or write \\=\\=."
        )
        message = "== without its partner"
        slips.append(Slip(base + start, base + end, "unclosed-blank", message, hint))
        return None, end
    inner, number = end, None
    if pin := _PIN.match(text, inner, close):
        inner, number = pin.end(), int(pin[1])
    return _blank(text, _Marked(start, close + 2, inner, close, number), base, slips), close + 2


_EMPTY = re.compile(r"(?:====|==\s+==)(?!=)")


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether signs at this place are text (``a == b``): white space on both sides."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return (not before or before.isspace()) and (not after or after.isspace())


def _closing(text: str, at: int) -> int | None:
    """Where the ``==`` stands that ends the blank whose answer begins at ``at``."""
    if text[at : at + 1].isspace():
        return None
    first = at
    while at < len(text):
        if skipped := _skipped(text, at, len(text)):
            at = skipped
        elif run := _RUN.match(text, at):
            if len(run[0]) == 2 and at > first and not text[at - 1].isspace():
                return at
            at = run.end()
        else:
            at += 1
    return None


def _skipped(text: str, at: int, end: int) -> int | None:
    """The end of what begins at ``at`` and hides marks: an escape, code, a formula."""
    if text[at] not in "\\`$":
        return None
    found = _math_at(text, at) or _SKIPPED.match(text, at, end)
    return found.end() if found else None


def _blank(text: str, mark: _Marked, base: int, slips: list[Slip]) -> Blank | None:
    """The blank between its marks, with its hint split off and its contents read."""
    start, end = base + mark.start, base + mark.end
    if mark.number is not None and not 1 <= mark.number <= MAX_NUMBER:
        hint = f"A blank's number is from 1 to {MAX_NUMBER}."
        slips.append(Slip(start, end, "blank-number", f"a blank numbered {mark.number}", hint))
    pieces, nested = _pieces(text, mark)
    if nested is not None:
        hint = "Give each blank marks of its own, one after the other."
        place = base + nested, base + nested + 2
        slips.append(Slip(*place, "nested-blank", "a blank in a blank", hint))
        return None
    if len(pieces) > 2:
        at = base + pieces[2][0] - 2
        hint = "The first :: begins the hint. To show a :: as it is, put it in backquotes: `a::b`"
        slips.append(Slip(at, at + 2, "second-hint", "a second :: in a blank", hint))
    answer, hint_place = pieces[0], pieces[1] if len(pieces) > 1 else None
    if not text[slice(*answer)].strip():
        slips.append(Slip(start, end, "empty-blank", "a blank with nothing in it", _ANSWER_HINT))
    if hint_place and not text[slice(*hint_place)].strip():
        at = base + hint_place[0] - 2
        hint = "Write the hint behind the ::, or take the :: out."
        slips.append(Slip(at, at + 2, "empty-hint", "a hint with nothing in it", hint))
    answer_html = _inner(text, answer, base, slips)
    hint_html = _inner(text, hint_place, base, slips) if hint_place else ""
    return Blank(answer_html, hint_html, mark.number, start, end)


def _pieces(text: str, mark: _Marked) -> tuple[list[tuple[int, int]], int | None]:
    """Answer, hint and whatever follows a further ``::``, as places in the text; and where another
    blank begins inside this one, which none may."""
    cuts, at, end = [mark.inner], mark.inner, mark.inner_end
    while at < end:
        if skipped := _skipped(text, at, end):
            at = skipped
        elif text.startswith("==", at) or _CLOZE.match(text, at, end):
            return [], at
        elif text.startswith("::", at) and at + 2 <= end:
            at += 2
            cuts.append(at)
        else:
            at += 1
    return [(a, b - 2) for a, b in pairwise(cuts)] + [(cuts[-1], end)], None


def _inner(text: str, place: tuple[int, int], base: int, slips: list[Slip]) -> str:
    """The HTML of an answer or a hint."""
    content = text[slice(*place)]
    base += place[0] + len(content) - len(content.lstrip())
    content = content.strip()
    if not _SPECIAL.search(content):
        return escape(content, quote=False)
    parts = _inline(content, base, slips)
    return "".join(part if isinstance(part, str) else part.answer for part in parts)


def _pasted_at(text: str, start: int, base: int, slips: list[Slip]) -> tuple[Blank | None, int]:
    """The cloze of Anki's own form at ``start``, and where the reading goes on; doubled braces of
    any other kind are a slip."""
    opening = _CLOZE.match(text, start)
    close = _closing_braces(text, opening.end()) if opening else None
    if opening and close:
        mark = _Marked(start, close + 2, opening.end(), close, int(opening[1]))
        return _blank(text, mark, base, slips), close + 2
    found = _BRACED.match(text, start)
    end = found.end() if found else start + 2
    if _CLOZE_LIKE.match(text, start):
        hint = "Anki's form is {{c1::answer}}; simpler is ==answer=="
        message = "a blank that Anki would not read"
        slips.append(Slip(base + start, base + end, "cloze-form", message, hint))
    else:
        hint = "Anki keeps doubled braces for itself. To show them, put them in backquotes: `{{x}}`"
        message = f"{text[start : start + 2]} in a text"
        slips.append(Slip(base + start, base + end, "braces", message, hint))
    return None, end


def _closing_braces(text: str, at: int) -> int | None:
    """Where the ``}}`` stands that ends the cloze whose answer begins at ``at``."""
    depth = 0
    for mark in re.finditer(r"\{\{c\d+::|\}\}", text[at:]):
        if mark[0] != "}}":
            depth += 1
        elif depth:
            depth -= 1
        else:
            return at + mark.start()
    return None


# --- Markdown and MathJax ----------------------------------------------------------------

_MATH = re.compile(
    r"\$\$(?P<shown>(?:\\.|[^\\$])+?)\$\$"
    r"|\$(?!\s)(?P<dollars>(?:\\.|[^\\$])+?)(?<!\s)\$(?!\d)"
    r"|\\\((?P<round>.+?)\\\)"
    r"|\\\[(?P<square>.+?)\\\]",
    re.DOTALL,
)
"""``$x$`` and ``$$x$$`` as teachers type it (not ``$5 and $10``), ``\\(x\\)`` as pasted from Anki."""


def _math_at(text: str, at: int) -> re.Match[str] | None:
    return _MATH.match(text, at) if text[at] in "$\\" else None


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
    text, at, base = state.src, state.pos, state.env["base"]
    slips: list[Slip] = [] if silent else state.env["slips"]
    if text[at] in "$\\":
        if (formula := _math_at(text, at)) is None:
            return False
        parts, end = list(_formula(formula, base)), formula.end()
    elif text[at] == "=" or text.startswith(("{{", "}}"), at):
        read = _blank_at if text[at] == "=" else _pasted_at
        blank, end = read(text, at, base, slips)
        parts = [blank or shown(text[at:end])]
    else:
        return False
    if not silent:
        state.push("parts", "", 0).meta = {"parts": parts}
    state.pos = end
    return True


def _inline(text: str, base: int, slips: list[Slip]) -> Iterator[str | Blank]:
    """Read a text with Markdown marks; ``base`` is its offset in the sentence as typed."""
    env = {"base": base, "slips": slips}
    for block in _markdown().parseInline(text, env):
        for token in block.children or ():
            yield from _rendered(token, base, slips)


def _rendered(token: Token, base: int, slips: list[Slip]) -> Iterator[str | Blank]:
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
            yield f'<a href="{_braces(escape(str(token.attrs["href"])))}">'
        case "link_close":
            yield "</a>"
        case "image":
            hint = "A picture cannot stand inside a sentence. Say in words what it shows."
            slips.append(Slip(base, base + 1, "picture", "a Markdown picture in a text", hint))
        case "parts":
            yield from token.meta["parts"]


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


_ANKI_MARK = re.compile(r"\[(?=sound:|anki:|/?latex\]|/?\$\$?\])", re.IGNORECASE)


def shown(text: str) -> str:
    """HTML that shows the text as it is, in Anki too: its marks reach neither browser nor Anki."""
    html = escape(text, quote=False)
    if "[" in html:
        html = _ANKI_MARK.sub("&#91;", html)
    return _braces(html)


def _braces(html: str) -> str:
    return (
        html.replace("{", "&#123;").replace("}", "&#125;") if "{" in html or "}" in html else html
    )


_BLANK_IN_FORMULA = re.compile(
    r"==(?:(\d+)\|)?(.+?)(?:::(.+?))?==|\{\{c(\d+)::(.+?)(?:::(.+?))?\}\}(?!\})", re.DOTALL
)


def _formula(found: re.Match[str], base: int) -> Iterator[str | Blank]:
    """A formula in Anki's marks, with its blanks.

    ``<`` and ``>`` are spelled out, because Anki unescapes the formulas of a cloze.
    """
    shown = found["shown"] or found["square"]
    group = next(name for name, value in found.groupdict().items() if value is not None)
    content, at = found[group].strip(), found.start(group)
    yield r"\[" if shown else r"\("
    last = 0
    for blank in _BLANK_IN_FORMULA.finditer(content):
        yield _tex(content[last : blank.start()])
        number = blank[1] or blank[4]
        yield Blank(
            _tex(blank[2] or blank[5]),
            _tex(blank[3] or blank[6] or ""),
            int(number) if number else None,
            base + at + blank.start(),
            base + at + blank.end(),
        )
        last = blank.end()
    yield _tex(content[last:])
    yield r"\]" if shown else r"\)"


def _tex(tex: str) -> str:
    tex = tex.replace("<", r"\lt ").replace(">", r"\gt ")
    return _braces(escape(tex, quote=False))
