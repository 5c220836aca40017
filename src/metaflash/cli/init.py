"""``metaflash init``."""

from __future__ import annotations

from pathlib import Path

import click

from metaflash.cli.completion import folders
from metaflash.cli.console import typed
from metaflash.cli.manual import Manual
from metaflash.cli.shared import world_failures


@click.command(
    cls=Manual,
    examples=(
        ("metaflash init cards/plants", "a deck called Plants"),
        ('metaflash init cards/wars --deck "History::The wars"', "one below another in Anki"),
    ),
    status=(("0", "the deck is there"), ("1", "it cannot be; nothing was written")),
)
@click.argument(
    "path",
    type=click.Path(path_type=Path),
    default=Path("cards/my-deck"),
    shell_complete=folders,
)
@click.option(
    "--deck", "name", help="The deck's name in Anki; made from the folder's if not given."
)
def init(path: Path, name: str | None) -> None:
    """Begin a new deck at PATH (default: cards/my-deck).

    It has a deck.yaml with an id of its own, a fact file with a card of each kind, and the schemas
    with which editors complete and check both. It builds at once. Nothing that is there is touched.
    """
    import secrets

    from metaflash import files, starter
    from metaflash.diagnostics import visible
    from metaflash.slug import LETTERS

    with world_failures():
        try:
            _refuse_place(path)
        except OSError as error:  # no leave to look there, or a name that is too long
            message = f"Cannot look at {files.shown(path)}: {error.strerror or error}."
            raise files.WorldError(message) from error
        folder = path.resolve().name
        title = starter.name_of(folder) if name is None else " ".join(name.split())
        if not title:
            message = "The deck needs a name. Give one:  --deck NAME"
            raise files.WorldError(message)
        if why := starter.wrong_name(title):
            message = f"The deck cannot be called \u201c{visible(title)}\u201d: {why}"
            raise files.WorldError(message)
        end = "".join(secrets.choice(LETTERS) for _ in range(4))
        identity = starter.id_of(title, folder, end)
        if not identity:
            message = (
                f"No id can be made of \u201c{visible(title)}\u201d, it has no letter a-z and no"
                " digit. Give the folder a name that has some; the deck can have any:"
                "  metaflash init cards/my-deck --deck NAME"
            )
            raise files.WorldError(message)
        made = starter.files(title, identity)
        files.create([(path / name, content) for name, content in made.items()])
    there = typed(str(path))
    click.echo(f"{files.shown(path)}: a new deck, \u201c{title}\u201d, with a card of each kind.\n")
    click.echo(f"Say in {files.shown(path / 'deck.yaml')} where your facts come from.")
    click.echo(f"Change {files.shown(path / starter.FIRST)} into cards of yours, and look at them:")
    click.echo(f"  metaflash preview {there}")
    click.echo("Then make the package for Anki. From now on learners may have what is in it:")
    click.echo(f"  metaflash build {there}")


def _refuse_place(path: Path) -> None:
    """WorldError where there is a deck already, or what would become part of the new one."""
    from metaflash import files, project

    at = files.shown(path)
    if path.suffix.lower() in (".yaml", ".yml"):
        message = f"{at} is the name of a file. Give that of the deck's folder:  metaflash init "
        raise files.WorldError(message + typed(str(path.parent)))
    if path.exists() and not path.is_dir():
        message = f"{at} is a file. Give the name of a folder for the new deck."
        raise files.WorldError(message)
    above = path.absolute().resolve()
    for folder in (above, *above.parents):
        if (folder / project.SETTINGS).is_file():
            where = (
                "is a deck already"
                if folder == above
                else f"is inside the deck {files.shown(folder)}"
            )
            message = f"{at} {where}. Give a folder of its own to the new one:  metaflash init cards/another-deck"
            raise files.WorldError(message)
    if path.is_dir():
        decks, problems = project.find(path)
        there = [deck.settings for deck in decks]
        there += [Path(p.span.source.path) for p in problems if Path(p.span.source.path) != path]
        if there:
            message = (
                f"{at} holds {files.shown(there[0])} already. Give an empty folder to the new deck,"
                " or one that is not there yet:  metaflash init cards/another-deck"
            )
            raise files.WorldError(message)
