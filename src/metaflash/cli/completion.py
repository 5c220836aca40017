"""``metaflash completion``, and what Tab offers behind the options.

The shell asks metaflash itself, as click arranges it: the line so far goes in by environment
variables, what could stand there comes out, each with a type. Folders and files are the shell's own
business; ``apkg`` is a type of ours.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from metaflash.cli.manual import Manual

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_SCRIPTS = Path(__file__).parent / "shells"


@click.command(
    cls=Manual,
    examples=(
        ("metaflash completion bash >> ~/.bashrc", "bash"),
        ("metaflash completion zsh >> ~/.zshrc", "zsh"),
        ("metaflash completion fish >> ~/.config/fish/config.fish", "fish"),
    ),
    status=(("0", "printed"),),
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what lets Tab complete commands and options.

    Put it at the end of the start file of your SHELL, once, as shown below, and open a new
    terminal. It works wherever metaflash itself does, and does nothing where it is not installed.
    """
    click.echo((_SCRIPTS / f"{shell}.sh").read_bytes(), nl=False)  # line ends as they are


def folders(
    _context: click.Context, _parameter: click.Parameter, begun: str
) -> list[CompletionItem[str]]:
    """What Tab offers for a folder: the shell's own folders."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(begun, type="dir")]


def packages(
    _context: click.Context, _parameter: click.Parameter, begun: str
) -> list[CompletionItem[str]]:
    """What Tab offers for a package: files that end in .apkg, and folders on the way to them."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(begun, type="apkg")]
