"""The command line: arguments in, one call, what to print, which exit code.

Each command is a file here; ``shared`` holds what they have in common.
"""

from __future__ import annotations

import click

from metaflash import __version__
from metaflash.cli.build import build, check
from metaflash.cli.completion import completion
from metaflash.cli.diff import diff
from metaflash.cli.explain import EXPLAIN
from metaflash.cli.group import Commands
from metaflash.cli.ids import ids
from metaflash.cli.init import init
from metaflash.cli.manual import CLOCK
from metaflash.cli.preview import preview
from metaflash.cli.rehearse import rehearse
from metaflash.cli.schema import schema


@click.group(
    name="metaflash",
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    examples=(
        ("metaflash preview", "look at the cards while you write them"),
        ("metaflash build", "make a package of every deck below cards/"),
        ("metaflash build --help", "all about a command"),
    ),
    environment=CLOCK,
)
@EXPLAIN
@click.version_option(__version__, message="metaflash %(version)s")
def main() -> None:
    """Compile YAML fact files into Anki decks.

    A teacher writes facts in plain files; metaflash makes an .apkg of them for learners to import
    into Anki. Every fact keeps its identity through all edits.
    """


for _command in (init, build, check, diff, preview, ids, rehearse, schema, completion):
    main.add_command(_command)
