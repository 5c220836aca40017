"""``metaflash ids``."""

from __future__ import annotations

from pathlib import Path

import click

from metaflash.cli.manual import Manual
from metaflash.cli.shared import FORMAT, PATH, few, plural, report, say, world_failures


@click.command(
    cls=Manual,
    examples=(
        ("metaflash ids", "in every deck below cards/"),
        ("metaflash ids cards/metastasis", "in one deck"),
    ),
    status=(("0", "every card has its id now"), ("1", "problems are in the way of some")),
)
@PATH
@FORMAT
def ids(path: Path, form: str) -> None:
    """Write missing ids into the fact files at PATH (default: cards).

    A card gets a line `id: …` below its first text, a step `its-id: ` before its sentence: made
    from the words, and unique in the deck. Nothing else in a file is touched. Change an id that
    you do not like before the first learner has it.
    """
    from metaflash import files, project, workspace

    with world_failures():
        folders, problems = project.find(path)
        naming = workspace.name_cards(folders)
        files.save([(file, data) for file, data, _ in naming.files])
        for file, _, names in naming.files:
            say(f"{files.shown(file)}: {plural(len(names), 'id')} written ({few(names)})", form)
        for folder in naming.complete:
            say(f"{files.shown(folder.path)}: every card has its id", form)
        problems += naming.problems
        report(problems, form, consequence="ids may still be missing")
