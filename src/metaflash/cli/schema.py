"""``metaflash schema``."""

from __future__ import annotations

from pathlib import Path

import click

from metaflash.cli.completion import folders
from metaflash.cli.manual import Manual
from metaflash.cli.shared import world_failures


@click.command(
    cls=Manual,
    examples=(
        ("metaflash schema", "print that of fact files"),
        ("metaflash schema --write cards/metastasis", "put both into a deck"),
    ),
    status=(("0", "done"), ("1", "the files cannot be written")),
)
@click.argument("which", type=click.Choice(["facts", "deck"]), default="facts")
@click.option(
    "--write",
    "path",
    type=click.Path(path_type=Path),
    help="Write both schemas into the folder .schema of the deck at PATH instead.",
    metavar="PATH",
    shell_complete=folders,
)
def schema(which: str, path: Path | None) -> None:
    """Print the JSON Schema of fact files, or of deck.yaml.

    Editors complete keys and mark mistakes with it. `metaflash init` writes it beside a new deck; for
    another deck, and after a new version of metaflash, use --write.
    """
    from metaflash import files, project
    from metaflash import schema as schemas

    if path is None:
        click.echo(schemas.SCHEMAS[which](), nl=False)
        return
    if not (path / project.SETTINGS).is_file():
        message = f"there is no deck at '{path}'. Give the folder with its deck.yaml."
        raise click.BadParameter(message, param_hint="'--write'")
    with world_failures():
        files.save([(path / name, content) for name, content in schemas.files().items()])
    click.echo(f"{files.shown(path / schemas.FOLDER)}: the schemas are written. First lines:")
    click.echo(f"  in deck.yaml:       {schemas.modeline('deck')}", nl=False)
    click.echo(f"  in its fact files:  {schemas.modeline('facts')}", nl=False)
