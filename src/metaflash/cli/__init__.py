"""The command line: arguments in, one call, what to print, which exit code.

Each command is a file here; ``shared`` holds what they have in common.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from metaflash import __version__
from metaflash.cli.build import build, check
from metaflash.cli.diff import diff
from metaflash.cli.ids import ids
from metaflash.cli.init import init
from metaflash.cli.preview import preview
from metaflash.cli.rehearse import rehearse
from metaflash.cli.schema import schema


class _Commands(click.Group):
    """The commands, none of which ends in a traceback because its output cannot be written."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command of the arguments."""
        try:
            return super().main(*args, **kwargs)
        except OSError as error:
            # All else that touches the disk has its own words, so this is the output, full perhaps.
            # What is still in its buffer goes nowhere, or Python would try it again at the exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            click.echo(f"Error: Cannot print the result: {error.strerror or error}.", err=True)
            sys.exit(1)


@click.group(
    name="metaflash",
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with:  metaflash build cards",
)
@click.version_option(__version__, message="metaflash %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """Compile YAML fact files into Anki decks.

    A teacher writes facts in plain files; metaflash makes an .apkg of them for learners to import
    into Anki. Every fact keeps its identity through all edits.
    """
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        context.color = False
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console without some letter must not fail
            stream.reconfigure(errors="backslashreplace")


for _command in (init, build, check, diff, preview, ids, rehearse, schema):
    main.add_command(_command)
