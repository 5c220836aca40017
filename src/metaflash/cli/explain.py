"""``metaflash --explain CODE``: more of a message than stands behind it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable

import click

from metaflash.cli.shared import paint

_LONGEST_LINE = 88
"""Columns beyond which a paragraph is hard to read."""


def _explain(context: click.Context, _parameter: click.Parameter, word: str | None) -> None:
    """Print what is to be said of a code, and end."""
    if word is None or context.resilient_parsing:
        return
    from metaflash import explanations

    known = explanations.codes()
    code = word.strip("[]` ").casefold()
    if code not in known:
        raise click.BadParameter(_none(code, known))
    width = min(shutil.get_terminal_size().columns, _LONGEST_LINE)
    click.echo(explanations.shown(known[code], width, paint))
    context.exit()


def _none(code: str, known: Iterable[str]) -> str:
    """What to say of a word that is no code."""
    from metaflash.diagnostics import nearest, visible

    meant = nearest(code, known)
    hint = f"Did you mean `{meant}`?" if meant else "A code is the word in [brackets] of a message."
    return f"There is no code `{visible(code)}`. {hint}"


def _complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from metaflash import explanations

    return [code for code in explanations.codes() if code.startswith(incomplete)]


EXPLAIN = click.option(
    "--explain",
    metavar="CODE",
    is_eager=True,
    expose_value=False,
    callback=_explain,
    shell_complete=_complete,
    help="Explain a message by the word in [brackets] behind it, with an example, and end.",
)
