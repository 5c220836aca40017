"""What all commands go through: a mistyped name, Ctrl-C, an output that cannot be written."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from metaflash.cli.console import colour, prepare, typed
from metaflash.cli.manual import Context, Manual

INTERRUPTED = 130
"""The exit status after Ctrl-C, as shells have it: 128 and the number of the signal."""


class Commands(Manual, click.Group):
    """The commands, none of which ends in a traceback for what a person or the system does."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """The names of the commands, in the order in which a teacher meets them."""
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the same
        """The commands, each with its first sentence, however narrow the page."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, one.get_short_help_str(1000)) for name, one in self.commands.items()]
            )

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command of the arguments."""
        prepare()
        kwargs.setdefault("color", colour(os.environ))
        try:
            return super().main(*args, **kwargs)
        except OSError as error:
            # All else that touches the disk has its own words, so this is the output, full perhaps.
            # What is still in its buffer goes nowhere, or Python would try it again at the exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            click.echo(f"Error: Cannot print the result: {error.strerror or error}.", err=True)
            sys.exit(1)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command of the context; Ctrl-C ends it with one line."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            at_terminal = sys.stderr is not None and sys.stderr.isatty()  # which shows a ^C
            click.echo("\nInterrupted." if at_terminal else "Interrupted.", err=True)
            ctx.exit(INTERRUPTED)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments, as far as they are not those of a command."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            for name, command in self.commands.items():
                if any(error.option_name in param.opts for param in command.params):
                    message = (
                        f"{error.option_name} stands behind the command:"
                        f"  metaflash {name} {error.option_name}"
                    )
                    raise click.UsageError(message, ctx) from error
            raise

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name, and what is left of them."""
        if not ctx.resilient_parsing and self.get_command(ctx, args[0]) is None:
            ctx.fail(self._no_command(*args[:2]))
        return super().resolve_command(ctx, args)

    def _no_command(self, word: str, following: str = "CODE") -> str:
        """What to say of a word that is no command, given the one behind it."""
        from metaflash.diagnostics import nearest, visible

        path, shown = Path(word), visible(word)
        with suppress(OSError):  # a word too long for a name
            if path.is_dir():
                return (
                    f"'{shown}' is a folder. First comes what to do with it:"
                    f"  metaflash build {typed(word)}"
                )
            if path.exists():
                return (
                    f"'{shown}' is a file. First comes what to do, then the deck's folder:"
                    f"  metaflash build {typed(str(path.parent))}"
                )
        if word.casefold() == "explain":
            return f"No such command '{shown}'. It is an option:  metaflash --explain {visible(following)}"
        if meant := nearest(word, self.commands):
            return f"No such command '{shown}'. Did you mean:  metaflash {meant}"
        return f"No such command '{shown}'. There are {', '.join(self.commands)}."
