"""A Sphinx extension for the parts of pages that are made from the program itself.

A page has an HTML comment, which GitHub does not show, where such a part goes:

    <!-- made: kinds -->

``kinds`` are the kinds of cards with their docstrings, examples and keys, ``files`` the keys of the two
kinds of files, ``commands`` the help of every command, ``messages`` what every message means. The site's
navigation is made from the lists of links in ``index.md``, so that these are all there is to keep.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import click

from metaflash import explanations
from metaflash.cli import main
from metaflash.deck import Deck
from metaflash.facts import FactFile
from metaflash.kinds import KINDS
from metaflash.kinds.kind import Fact, Leaf
from metaflash.record import Key, Record

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_PLACE = re.compile(r"^<!-- made: (\w+) -->$", re.MULTILINE)
_LISTED = re.compile(r"^- \[[^]]+\]\(([\w/-]+)\.md\)", re.MULTILINE)

_COLUMNS = 88
"""Of a command's help."""


def kinds() -> str:
    """Every kind: what it is, an example, the keys of its own; then those that all have."""
    return "\n\n".join([*(_kind(kind) for kind in KINDS.values()), _shared()])


def _kind(kind: type[Fact]) -> str:
    example = import_module(kind.__module__).EXAMPLE
    own = {name: key for name, key in kind.grammar().items() if name not in Fact.grammar()}
    return "\n\n".join(
        [f"## {kind.kind}", cleandoc(kind.__doc__ or ""), f"```yaml\n{example}```", _table(own)]
    )


def _shared() -> str:
    about = "Every card takes these keys, and so does every step and every box but for `id`."
    first = {name: key for name, key in Fact.grammar().items() if name not in Leaf.grammar()}
    return f"## Keys of all kinds\n\n{about}\n\n{_table({**first, **Leaf.grammar()})}"


def files() -> str:
    """The keys of ``deck.yaml`` and of a fact file."""
    records: Mapping[str, type[Record]] = {"deck.yaml": Deck, "A fact file": FactFile}
    return "\n\n".join(
        f"## {title}\n\n{cleandoc(record.__doc__ or '')}\n\n{_table(record.grammar())}"
        for title, record in records.items()
    )


def _table(keys: Mapping[str, Key]) -> str:
    """Keys with what they are for, those that are needed first."""
    order = sorted(keys.items(), key=lambda item: not item[1].required)
    rows = (
        f"| `{name}` | {'needed' if key.required else ''} | {key.doc.replace('|', '&#124;')} |"
        for name, key in order
    )
    return "\n".join(["| key | needed? | what it is |", "|---|---|---|", *rows])


def commands() -> str:
    """The help of metaflash and of every command, as a terminal shows it."""
    return "\n\n".join(f"## {name}\n\n```text\n{text}\n```" for name, text in _helps())


def _helps() -> Iterator[tuple[str, str]]:
    root = click.Context(
        main, info_name=main.name, terminal_width=_COLUMNS, **main.context_settings
    )
    yield "metaflash", main.get_help(root)
    for name, command in main.commands.items():
        context = click.Context(command, root, info_name=name, terminal_width=_COLUMNS)
        yield f"metaflash {name}", command.get_help(context)


PARTS: Mapping[str, Callable[[], str]] = {
    "kinds": kinds,
    "files": files,
    "commands": commands,
    "messages": explanations.page,
}
"""What can be made, under the name that a page's comment has."""


def expanded(text: str) -> str:
    """A page with its made parts in their places; KeyError for one that there is not."""
    return _PLACE.sub(lambda found: PARTS[found[1]](), text)


def navigation(index: str) -> str:
    """The first page with a hidden table of contents for every section that lists pages."""
    _, *sections = re.split(r"^## ", index, flags=re.MULTILINE)
    return index + "".join(
        _contents(section.splitlines()[0], pages)
        for section in sections
        if (pages := _LISTED.findall(section))
    )


def _contents(title: str, pages: Iterable[str]) -> str:
    lines = ["", "```{toctree}", ":hidden:", f":caption: {title}", "", *pages, "```", ""]
    return "\n".join(lines)


def _read(_app: Sphinx, page: str, text: list[str]) -> None:
    text[0] = navigation(text[0]) if page == "index" else expanded(text[0])


def _reachable(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _: object
) -> None:
    """What a page is made of, put right for those who have no mouse, or hear the page: code that is
    wider than the window takes the focus, so that keys can move it, and the navigation's captions
    say of which level they are."""
    for part, old, new in (
        ("body", "<pre>", '<pre tabindex="0">'),
        ("furo_navigation_tree", 'role="heading"', 'role="heading" aria-level="2"'),
    ):
        if part in context:
            context[part] = context[part].replace(old, new)


_LAST = 900
"""After the theme has made the navigation."""


def setup(app: Sphinx) -> dict[str, bool]:
    """What Sphinx asks of an extension."""
    app.connect("source-read", _read)
    app.connect("html-page-context", _reachable, priority=_LAST)
    return {"parallel_read_safe": True}
