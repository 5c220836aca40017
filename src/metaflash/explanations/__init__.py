"""What every code stands for, told to teachers: what it is, why it matters, what to write instead.

The texts stand beside this module, a Markdown file for each group of codes:

    # Title of the group
    A line about it.
    ## the-code
    One sentence that says what it is.

    Paragraphs that say why it matters, and what to do.

and then blocks with examples, whose first line says on which side they are: ``yaml bad``,
``yaml good``, ``yaml both``, or ``yaml before`` for what was released before; a file's name may
follow. ``text says`` is the message of the bad example, ``try`` what a test does to get there, or a
file that it needs, where a reader is better told in words. A test tries all of them.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import NamedTuple

from metaflash.diagnostics import Paint, fitted, plain

ORDER = (
    "yaml",
    "keys",
    "blanks",
    "quality",
    "ids",
    "drawings",
    "pictures",
    "deck",
    "disk",
    "lock",
)
"""The files, in the order in which a teacher is likely to need them."""


class Example(NamedTuple):
    """A block: its language, its side (``before``, ``both``, ``bad``, ``says`` or ``good``), the name of
    the file it stands for (empty for the first fact file), and what is in it."""

    language: str
    side: str
    name: str
    text: str


class Explanation(NamedTuple):
    """What is to be said of a code: the first paragraph is one sentence and says what it is."""

    code: str
    paragraphs: tuple[str, ...]
    examples: tuple[Example, ...]


class Group(NamedTuple):
    """Codes that belong together, under a title and a line about them."""

    title: str
    about: str
    explanations: tuple[Explanation, ...]


# --- Reading -------------------------------------------------------------------------------

_PART = re.compile(r"^## ([a-z-]+)\n", re.MULTILINE)
BLOCK = re.compile(
    r"^```(?P<language>\w+) (?P<side>\w+) ?(?P<name>.*)\n(?P<text>[\s\S]*?)^```\n", re.MULTILINE
)
"""A block of an example, as it stands in a file."""


@cache
def groups() -> tuple[Group, ...]:
    """All that is explained, in the order of a page."""
    folder = files(__name__)
    found = (folder / f"{name}.md" for name in ORDER)
    return tuple(parse(file.read_text("utf-8")) for file in found if file.is_file())


def parse(text: str) -> Group:
    """The group that a file spells."""
    head, *rest = _PART.split(text)
    title, _, about = head.removeprefix("# ").partition("\n")
    parts = zip(rest[::2], rest[1::2], strict=True)
    return Group(title, _line(about), tuple(_explanation(code, body) for code, body in parts))


def _explanation(code: str, body: str) -> Explanation:
    examples = tuple(Example(**found.groupdict()) for found in BLOCK.finditer(body))
    paragraphs = re.split(r"\n{2,}", BLOCK.sub("", body).strip())
    return Explanation(code, tuple(map(_line, paragraphs)), examples)


def _line(text: str) -> str:
    """A paragraph as one line."""
    return " ".join(text.split())


def codes() -> dict[str, Explanation]:
    """The explanations by their codes."""
    return {one.code: one for group in groups() for one in group.explanations}


# --- Showing -------------------------------------------------------------------------------

_SIDES = {
    "both": "With this",
    "before": "Released before",
    "bad": "Not like this",
    "says": "metaflash says",
    "good": "But like this",
}


def _label(example: Example, above: Example | None) -> str:
    """What stands above an example."""
    side, name = _SIDES[example.side], f", {example.name}" if example.name else ""
    if above and above.side == example.side != "before":
        side, name = "and", f" {example.name}" if example.name else ""
    elif above and above.side == example.side:
        side = "Released after that"
    return f"{side}{name}:"


def _labelled(one: Explanation) -> Iterator[tuple[str, Example]]:
    above = None
    for example in one.examples:
        if example.language == "try":
            continue
        yield _label(example, above), example
        above = example


_HINT = re.compile(r"  (?! *\d* *\|)")
"""How a line of a hint begins: as one of an excerpt does, but for its number and bar."""


def _fitted(example: Example, columns: int) -> str:
    """The text of an example; of a message the prose is wrapped at words, as a terminal shows it."""
    if example.side != "says":
        return example.text
    lines: list[str] = []
    for is_hint, part in groupby(example.text.splitlines(), lambda line: bool(_HINT.match(line))):
        same = [*part]
        if is_hint:
            same = [line.removeprefix("  ") for line in same]
            same = [*fitted(same, columns)]
        lines += same
    return "".join(f"{line}\n" for line in lines)


def shown(one: Explanation, width: int, paint: Paint = plain) -> str:
    """An explanation for a terminal of so many columns, without a line end."""
    parts = [paint(one.code, "place")]
    wrap = textwrap.TextWrapper(max(20, width), break_long_words=False, break_on_hyphens=False)
    parts += map(wrap.fill, one.paragraphs)
    for label, example in _labelled(one):
        text = _fitted(example, width - 4).rstrip("\n")
        parts += [paint(label, "quiet"), textwrap.indent(text, "    ")]
    return "\n\n".join(parts)


_LANGUAGES = {"yaml": "yaml", "sh": "sh", "svg": "xml"}
"""The blocks whose language those who show the page know."""


_COLUMNS = 88
"""Of a page, for the prose in messages."""


def page() -> str:
    """All explanations as Markdown: a heading of level 2 for each group, of level 3 for each code."""
    lines = []
    for group in groups():
        lines += [f"## {group.title}", group.about]
        for one in group.explanations:
            lines += [f"### {one.code}", *one.paragraphs]
            for label, example in _labelled(one):
                language = _LANGUAGES.get(example.language, "text")
                language = "text" if example.side == "bad" else language  # it need not be YAML
                lines += [f"*{label}*", f"```{language}\n{_fitted(example, _COLUMNS)}```"]
    return "\n\n".join(lines) + "\n"
