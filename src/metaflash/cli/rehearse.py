"""``metaflash rehearse``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import click

from metaflash.cli.completion import packages
from metaflash.cli.manual import CLOCK, Manual
from metaflash.cli.shared import (
    PATH,
    compile_path,
    fails,
    paint,
    plural,
    progress,
    report,
    world_failures,
)

if TYPE_CHECKING:
    from metaflash.rehearse import Outcome, Reason, Rehearsal


@click.command(
    cls=Manual,
    examples=(
        ("metaflash rehearse --from old.apkg", "the upgrade from it"),
        ("metaflash rehearse --from old.apkg --format json", "for programs"),
    ),
    status=(
        ("0", "no review is lost and every edit arrives"),
        ("1", "one is lost, or would not arrive; or problems"),
    ),
    environment=CLOCK,
)
@PATH
@click.option(
    "--from",
    "old",
    type=click.Path(path_type=Path),
    metavar="OLD.apkg",
    shell_complete=packages,
    required=True,
    help="Take this package for the one that learners have.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Show the result in this form; json is an object with the counts and the list `outcomes`, one for each fact that is"
    " not just kept: its id, status, text, and the reasons with what to do.",
)
def rehearse(path: Path, old: Path, form: str) -> None:
    """Play the upgrade from OLD.apkg in the real Anki engine.

    Simulated learners import OLD.apkg, study it until their cards are in every state, flag,
    suspend, bury, move, edit, tag and delete; then they import what a build of PATH would make, with
    Anki's own options and in every other way its window offers. Nothing is written.

    Facts are counted if they are kept as they are, and listed otherwise: changed; restored;
    retired (learners who have it are told, its history stays); left behind (not in the new
    package, stays as it is); new; not updated (an edit would never reach learners); and lost, if
    a single review is gone or would count for other words.

    Needs the engine:  pip install "metaflash[rehearse]"
    """
    from metaflash import workspace

    with world_failures():
        play = _play()
        compiled = compile_path(path)
        failed = fails(compiled.problems, strict=False)
        report(
            compiled.problems,
            form if failed else "text",
            consequence="nothing was rehearsed",
            err=form == "json" and not failed,
        )
        upgrade = workspace.upgrade(compiled, old)
        imports = play.learners(upgrade.then) * len(play.WAYS)
        with progress(imports, "Importing") as tick:
            found = play.rehearse(upgrade, ways=play.WAYS, tick=tick)
        click.echo(_json(found) if form == "json" else "\n".join(_text(found)))
    if found.failed:
        sys.exit(1)


def _play() -> ModuleType:
    """The module with the engine in it, which only this command needs."""
    from metaflash.files import WorldError

    try:
        from metaflash import rehearse
    except ImportError as error:
        message = (
            f"A rehearsal needs the Anki engine ({error}). Install it:"
            '  pip install "metaflash[rehearse]"'
        )
        raise WorldError(message) from error
    return rehearse


# --- For the teacher -------------------------------------------------------------------------


def _text(found: Rehearsal) -> Iterator[str]:
    """A summary, and the facts with something to tell."""
    counts = Counter(outcome.status for outcome in found.outcomes)
    sizes = (
        plural(found.facts, "fact"),
        f"{plural(found.cards, 'card')} studied",
        f"{plural(found.ways, 'way')} to import",
    )
    results = [
        f"{plural(counts['lost'], 'fact')} would lose reviews" if counts["lost"] else "",
        f"{plural(counts['not-updated'], 'edit')} would not arrive"
        if counts["not-updated"]
        else "",
        *(reason.message for reason in found.troubles),
    ]
    result = "; ".join(filter(None, results)) or "no review lost"
    yield f"{found.deck}: {', '.join(sizes)}: {paint(result, 'retired' if found.failed else 'new')}."
    parts = [f"{found.kept:,} kept", *(f"{n:,} {_words(s)}" for s, n in counts.items())]
    yield f"{', '.join(parts)}."
    yield from _learners_own(found)
    for reason in found.troubles:
        yield f"\n{_why(reason)}"
    for outcome in found.outcomes:
        yield from _lines(outcome)


def _learners_own(found: Rehearsal) -> Iterator[str]:
    """What became of the notes that learners had edited, and what an option withholds."""
    made, replaced, needless, instead = found.edits
    if made:
        kept = f"{made - replaced:,} {'stays' if made - replaced == 1 else 'stay'} as they made it"
        kept += f" ({instead:,} without your new words)" if instead else ""
        lost = f"{replaced:,} {'gets' if replaced == 1 else 'get'} your words instead"
        lost += f" ({needless:,} of which you did not change)" if needless else ""
        yield f"Of {plural(made, 'note')} that learners wrote into or tagged: {kept}, {lost}."
    if found.skipping:
        others = any(outcome.status == "not-updated" for outcome in found.outcomes)
        fine = "" if others else "; with Anki's own settings they do"
        yield f"Your new words do not reach learners who import {found.skipping}{fine}."


def _lines(outcome: Outcome) -> Iterator[str]:
    from metaflash.diagnostics import visible

    yield f"\n{paint(f'{_words(outcome.status):11}', _ROLES[outcome.status])}  {visible(outcome.name)}"
    yield f"             {visible(outcome.text)}"
    for reason in outcome.reasons:
        yield f"             {_why(reason)}"
        if reason.hint:
            yield f"             {paint(visible(reason.hint), 'quiet')}"


def _why(reason: Reason) -> str:
    from metaflash.diagnostics import visible

    said = visible(reason.message)
    return f"{said} ({reason.ways})" if reason.ways else said


def _words(status: str) -> str:
    return status.replace("-", " ")


_ROLES = {
    "lost": "retired",
    "not-updated": "missing",
    "changed": "edited",
    "restored": "restored",
    "retired": "retired",
    "left-behind": "missing",
    "new": "new",
}


# --- For programs ----------------------------------------------------------------------------


def _json(found: Rehearsal) -> str:
    """The rehearsal as an object."""
    import json

    outcomes = [
        {
            "id": outcome.name,
            "first_id": outcome.key,
            "status": outcome.status,
            "text": outcome.text,
            "reasons": [reason._asdict() for reason in outcome.reasons],
        }
        for outcome in found.outcomes
    ]
    content = found._asdict() | {
        "failed": found.failed,
        "outcomes": outcomes,
        "edits": found.edits._asdict(),
        "troubles": [reason._asdict() for reason in found.troubles],
    }
    return json.dumps(content, indent=2)
