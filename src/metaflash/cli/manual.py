"""What ``--help`` shows: a command's words and options, examples, exit status, environment."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import click

Rows: TypeAlias = Sequence[tuple[str, str]]
"""Terms, each with what is to be said of it."""

WRONG_USAGE = (("2", "wrong usage"), ("130", "interrupted by Ctrl-C"))
"""The exit statuses that mean the same for every command."""

COLOURS = (("NO_COLOR, FORCE_COLOR", "print in colours never, or always"),)
CLOCK = (
    (
        "SOURCE_DATE_EPOCH",
        "the time of the build in seconds since 1970, which dates what changed; else the clock's",
    ),
)

_ROOMY = 60
"""Columns from which a term and what is said of it stand side by side."""

_SHORT = 6
"""Characters of a term that stands side by side with any words."""


class Formatter(click.HelpFormatter):
    """Help on a page of any width; what is to be copied is never wrapped."""

    def __init__(
        self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None
    ) -> None:
        columns = shutil.get_terminal_size().columns - 2
        if width is None and columns < _ROOMY:  # click would write 50 columns at least
            width = max(columns, 20)
        super().__init__(indent_increment, width, max_width)

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Terms and what is said of them, side by side where there is room."""
        rows = list(rows)
        if self.width >= _ROOMY or max(len(term) for term, _ in rows) <= _SHORT:
            super().write_dl(rows, col_max, col_spacing)
        else:
            self._write_stacked(rows)

    def write_examples(self, rows: Rows) -> None:
        """Commands and what they do, side by side where all fit."""
        longest = max(len(command) for command, _ in rows)
        if self.current_indent + longest + 2 + max(len(what) for _, what in rows) <= self.width:
            super().write_dl(rows, col_max=longest)
        else:
            self._write_stacked(rows)

    def _write_stacked(self, rows: Iterable[tuple[str, str]]) -> None:
        for term, words in rows:
            self.write(f"{'':{self.current_indent}}{term}\n")
            self.current_indent += 4
            if words:
                self.write_text(words)
            self.current_indent -= 4


class Context(click.Context):
    """A context whose help fits any page."""

    formatter_class = Formatter


class Manual(click.Command):
    """A command whose help has examples, as pairs of a command and what it does, says what exit
    status means what, and which environment variables count."""

    context_class = Context

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - what click.Command takes
        examples: Rows = (),
        status: Rows = (),
        environment: Rows = (),
        **kwargs: Any,  # noqa: ANN401 - what click.Command takes
    ) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples
        self.status = status
        self.environment = environment

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What stands below the options."""
        super().format_epilog(ctx, formatter)
        if self.examples and isinstance(formatter, Formatter):
            with formatter.section("Examples"):
                formatter.write_examples(self.examples)
        if self.status:
            with formatter.section("Exit status"):
                formatter.write_dl([*self.status, *WRONG_USAGE])
        with formatter.section("Environment"):
            formatter.write_dl([*self.environment, *COLOURS])
