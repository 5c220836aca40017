"""``metaflash diff``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from metaflash.cli.completion import packages
from metaflash.cli.console import in_utf8
from metaflash.cli.manual import Manual
from metaflash.cli.shared import PATH, compile_path, fails, paint, report, world_failures

if TYPE_CHECKING:
    from metaflash.workspace import Update


@click.command(
    cls=Manual,
    examples=(
        ("metaflash diff", "since the last build"),
        ("metaflash diff cards/metastasis --against old.apkg", "since that package"),
        ("metaflash diff --format markdown > changes.md", "a release note, in UTF-8"),
    ),
    status=(("0", "whether or not anything changed"), ("1", "problems")),
)
@PATH
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="OLD.apkg",
    shell_complete=packages,
    help="Compare with this package instead of the last build.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Show the changes in this form; markdown is a release note for learners.",
)
def diff(path: Path, against: Path | None, form: str) -> None:
    """Show what learners will see change, fact by fact.

    They are taken to have the last build, as metaflash.lock remembers it, or the package given
    with --against. Words that went are marked [-so-], words that came {+so+}.

    With errors in the files these are shown instead, in JSON as a list of problems.
    """
    from metaflash import workspace

    with world_failures():
        compiled = compile_path(path)
        failed = fails(compiled.problems, strict=False)
        report(
            compiled.problems,
            form if failed and form == "json" else "text",
            consequence="nothing was compared",
            err=form == "markdown" or (form == "json" and not failed),
        )
        if form == "markdown":
            in_utf8()
        click.echo(_shown(workspace.updates(compiled, against), form), nl=form != "markdown")


def _shown(updates: Sequence[Update], form: str) -> str:
    """The changes of some decks in one of the formats."""
    from metaflash import release

    if form == "json":
        import json

        decks = [
            {"deck": u.deck.deck, "id": u.deck.id, "changes": release.as_json(u.changes)}
            for u in updates
        ]
        return json.dumps(decks, indent=2)
    if form == "markdown":
        notes = (release.markdown(u.deck.deck, u.changes, before=u.before) for u in updates)
        return "\n".join(notes)
    return "\n\n".join("\n\n".join(_parts(update)) for update in updates)


def _parts(update: Update) -> Iterator[str]:
    from metaflash import release

    yield f"{update.deck.deck}: {release.summary(update.changes)}"
    if update.changes:
        yield release.text(update.changes, paint)
