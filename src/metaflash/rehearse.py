"""The upgrade, played before it is released: learners study the old package and import the new one.

    old package --study--> collection --copy, import--> what is left of it --judge--> outcomes
                                      '-- once for each way to import

The first learner studies all of it and changes nothing. Others change every note, sooner or later
than the teacher, or delete it, and leave some cards new.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias, get_args

from metaflash import diff, learner, verdict
from metaflash.doubts import unlike
from metaflash.files import WorldError, reason
from metaflash.learner import ROLES, Role
from metaflash.lock import Entry
from metaflash.package import Release
from metaflash.verdict import Finding, Snapshot
from metaflash.ways import WAYS, Way, described
from metaflash.words import heart
from metaflash.workspace import Upgrade

Status: TypeAlias = Literal[
    "lost", "not-updated", "changed", "restored", "retired", "left-behind", "new"
]
"""What becomes of a fact. ``not-updated``: learners who changed nothing do not get the edit;
``left-behind``: it is in the old package only, and stays as it is."""

STATUSES: tuple[Status, ...] = get_args(Status)

_BECOMES: Mapping[diff.Status, Status] = {
    "new": "new",
    "edited": "changed",
    "around": "changed",
    "retired": "retired",
    "restored": "restored",
    "missing": "left-behind",
}


class Reason(NamedTuple):
    """Something to tell of a fact: what, what to do, and with which options it is so."""

    message: str
    hint: str = ""
    ways: str = ""


class Outcome(NamedTuple):
    """A fact that is not just kept as it is; ``key`` is its first id, ``name`` its id now."""

    key: str
    name: str
    status: Status
    text: str
    reasons: tuple[Reason, ...] = ()


class Edits(NamedTuple):
    """What became of the notes that learners had changed, with Anki's own options.

    ``replaced`` are those that lost their changes, ``needless`` those among them that the teacher
    did not edit; ``instead`` are those that were kept in the place of the teacher's edit.
    """

    made: int
    replaced: int
    needless: int
    instead: int


class Rehearsal(NamedTuple):
    """An upgrade as learners met it.

    ``kept`` counts the facts without an outcome; ``skipping`` says with which options the teacher's
    edits do not reach learners who changed nothing; ``troubles`` concern the whole collection.
    """

    deck: str
    id: str
    facts: int
    cards: int
    ways: int
    kept: int
    outcomes: tuple[Outcome, ...]
    edits: Edits
    skipping: str
    troubles: tuple[Reason, ...]

    @property
    def failed(self) -> bool:
        """Whether learners would lose a review, or never get an edit."""
        return bool(self.troubles) or any(
            outcome.status in ("lost", "not-updated") for outcome in self.outcomes
        )


def learners(release: Release) -> int:
    """How many learners it takes until notes have been in every role."""
    return 1 + max(1, -(-len(ROLES) // len(release.notes)))


def rehearse(
    upgrade: Upgrade, *, ways: Sequence[Way] = WAYS, tick: Callable[[int], None] = lambda _: None
) -> Rehearsal:
    """The upgrade from the old package to the new one, in some ways to import, the usual one first.

    ``tick`` is called after each import. Raises WorldError where the engine or the disk gives up.
    """
    with _stage(upgrade) as stage:
        findings = _Findings()
        for turn in range(learners(upgrade.then)):
            for played in _played(stage, turn, ways):
                findings.add(played)
                tick(1)
        return _told(upgrade, stage, findings, ways)


# --- The play --------------------------------------------------------------------------------


class _Stage(NamedTuple):
    """A temporary folder with both packages; what the old and the new one bring to someone who has
    nothing."""

    folder: Path
    given: Snapshot
    sent: Snapshot

    @property
    def old(self) -> Path:
        """The package that learners have."""
        return self.folder / "old.apkg"

    @property
    def new(self) -> Path:
        """The package that they import."""
        return self.folder / "new.apkg"


class _Judgement(NamedTuple):
    """What an import did: reviews lost, other troubles, notes without their edit."""

    losses: tuple[Finding, ...]
    troubles: tuple[str, ...]
    unarrived: tuple[Finding, ...]


class _Played(NamedTuple):
    """An import by a learner who had given some notes a role."""

    way: Way
    judgement: _Judgement
    roles: Mapping[str, Role]
    edits: Edits


@contextmanager
def _stage(upgrade: Upgrade) -> Iterator[_Stage]:
    """A folder for the play, which is gone after it."""
    try:
        with tempfile.TemporaryDirectory(prefix="metaflash-", ignore_cleanup_errors=True) as name:
            empty = Snapshot({}, {}, {}, (), 0)
            stage = _Stage(Path(name), empty, empty)
            stage.old.write_bytes(upgrade.old)
            stage.new.write_bytes(upgrade.new)
            yield stage._replace(
                given=_brought(stage.old, "importing the old package"),
                sent=_brought(stage.new, "importing the new package"),
            )
    except OSError as error:
        message = (
            f"Cannot rehearse in a temporary folder: {reason(error)}. The environment variable TMPDIR"
            " can name another one."
        )
        raise WorldError(message) from error


def _brought(package: Path, doing: str) -> Snapshot:
    """What a package brings to a learner who has nothing."""
    with learner.collection(package.with_suffix(".anki2"), doing) as opened:
        learner.take(opened, package, Way())
        return learner.look(opened)


def _played(stage: _Stage, turn: int, ways: Sequence[Way]) -> Iterator[_Played]:
    """One learner's imports, each from where the studying ended."""
    studied, copy = stage.folder / f"learner-{turn}.anki2", stage.folder / "copy.anki2"
    shutil.copy(stage.old.with_suffix(".anki2"), studied)
    released = {guid: note.modified for guid, note in stage.sent.notes.items()}
    shift = turn * len(stage.given.notes)
    with learner.collection(studied, "studying the old package") as opened:
        learner.study(opened, shift=turn, all_of_it=turn == 0)
        roles = learner.edit(opened, released, shift=shift) if turn else {}
        learner.check(opened)  # adds what the studying leaves out, not for the import to answer for
        before = learner.look(opened)
        silent = learner.silent(opened, before.cards)
    known: list[tuple[Snapshot, _Judgement]] = []
    for way in ways:
        shutil.copy(studied, copy)
        with learner.collection(copy, "importing the new package") as opened:
            learner.take(opened, stage.new, way)
            after = learner.look(opened)
            judgement = next((told for seen, told in known if seen == after), None)
            if judgement is None:  # many ways come to the same
                hushed = learner.silent(opened, after.cards) - silent
                judgement = _Judgement(
                    tuple(verdict.losses(stage.given, before, after, hushed)),
                    tuple(verdict.troubles(before, after, learner.check(opened))),
                    tuple(verdict.unarrived(stage.given, after, stage.sent)),
                )
                known.append((after, judgement))
        yield _Played(way, judgement, roles, _edits(stage, roles, before, after))


def _edits(stage: _Stage, roles: Mapping[str, Role], before: Snapshot, after: Snapshot) -> Edits:
    """What became of a learner's changes."""
    made = [guid for guid, role in roles.items() if role != "deleted"]
    replaced = [guid for guid in made if after.notes[guid].content != before.notes[guid].content]
    edited = {
        guid
        for guid, note in stage.sent.notes.items()
        if guid in stage.given.notes and stage.given.notes[guid].content != note.content
    }
    needless = [guid for guid in replaced if guid not in edited]
    instead = [guid for guid in made if guid in edited and guid not in replaced]
    return Edits(len(made), len(replaced), len(needless), len(instead))


class _Findings:
    """What was found, with the ways in which it was."""

    def __init__(self) -> None:
        self.losses: dict[Finding, set[Way]] = {}
        self.troubles: dict[str, set[Way]] = {}
        self.skipping: set[Way] = set()
        self.unarrived: tuple[Finding, ...] = ()
        self.edits = Edits(0, 0, 0, 0)

    def add(self, played: _Played) -> None:
        """Take in what came of an import."""
        way, judgement = played.way, played.judgement
        for loss in judgement.losses:
            self.losses.setdefault(loss, set()).add(way)
        for trouble in judgement.troubles:
            self.troubles.setdefault(trouble, set()).add(way)
        if not played.roles and judgement.unarrived:
            self.skipping.add(way)
        if way != Way():
            return
        if not played.roles:
            self.unarrived = judgement.unarrived
        self.edits = Edits(*map(sum, zip(self.edits, played.edits, strict=True)))


# --- The report ------------------------------------------------------------------------------


def _told(upgrade: Upgrade, stage: _Stage, findings: _Findings, ways: Sequence[Way]) -> Rehearsal:
    outcomes = tuple(_outcomes(upgrade, findings, ways))
    old = upgrade.then.notes
    troubles = (
        Reason(text, ways=described(found, ways)) for text, found in findings.troubles.items()
    )
    return Rehearsal(
        deck=upgrade.deck.deck,
        id=upgrade.deck.id,
        facts=len(old),
        cards=len(stage.given.cards),
        ways=len(ways),
        kept=len(old.keys() - {outcome.key for outcome in outcomes}),
        outcomes=outcomes,
        edits=findings.edits,
        skipping=described(findings.skipping, ways) if findings.skipping else "",
        troubles=tuple(troubles),
    )


def _outcomes(upgrade: Upgrade, findings: _Findings, ways: Sequence[Way]) -> Iterator[Outcome]:
    """The facts with something to tell, those with losses first."""
    lost: dict[str, list[Reason]] = {}
    for loss, found in findings.losses.items():
        reason = Reason(loss.message, loss.hint, described(found, ways))
        lost.setdefault(_key(loss.guid, upgrade), []).append(reason)
    then, notes = upgrade.then.notes, upgrade.now.notes
    for key, message, hint in (*verdict.anew(then, notes), *verdict.shuffled(then, notes)):
        lost.setdefault(key, []).append(Reason(message, hint, described(ways, ways)))
    unarrived = {
        _key(guid, upgrade): Reason(message, hint, described({Way()}))
        for guid, message, hint in findings.unarrived
    }
    outcomes = {outcome.key: outcome for outcome in _changed(upgrade)}
    for key in (key for key in [*lost, *unarrived] if key not in outcomes):
        now = upgrade.now.notes.get(key)
        name = (now.name if now else "") or key
        outcomes[key] = Outcome(key, name, "lost", _text(upgrade.then.notes.get(key)))
    told = (_judged(o, lost.get(key, ()), unarrived.get(key)) for key, o in outcomes.items())
    yield from sorted(told, key=lambda outcome: STATUSES.index(outcome.status))


def _key(guid: str, upgrade: Upgrade) -> str:
    """A note's first id, by which the lock knows it."""
    return guid.removeprefix(f"{upgrade.deck.id}/")


def _text(entry: Entry | None) -> str:
    """What a fact says, as the teacher writes it."""
    return diff.written(entry.words.get("Text", "")) if entry else ""


def _changed(upgrade: Upgrade) -> Iterator[Outcome]:
    """The facts that the teacher changed, as those see it who get every edit."""
    for change in diff.compare(upgrade.then.notes, upgrade.now.notes):
        status = _BECOMES[change.status]
        old, new = upgrade.then.notes.get(change.key), upgrade.now.notes.get(change.key)
        doubts = [_reused(old, new)] if status == "changed" and old and new else []
        reasons = tuple(doubt for doubt in doubts if doubt)
        yield Outcome(change.key, change.name, status, change.text, reasons)


def _reused(old: Entry, new: Entry) -> Reason | None:
    """A doubt whether a fact is still the same one."""
    then, now = heart(old.words.get("Text", "")), heart(new.words.get("Text", ""))
    drawn = old.kind == new.kind == "picture"
    renamed = drawn and old.words.get("Picture") == new.words.get("Picture")  # in its old place
    if renamed or not unlike(then, now):
        return None
    hint = (
        f"The reviews are those of “{then}”. That is right if it says the same in other words; if it is"
        f" another {'box' if drawn else 'fact'}, give it an id of its own."
    )
    return Reason("hardly a word is left of what it said", hint)


def _judged(outcome: Outcome, lost: Sequence[Reason], unarrived: Reason | None) -> Outcome:
    """A fact with what the learners made of it."""
    if lost:
        return outcome._replace(status="lost", reasons=(*lost, *outcome.reasons))
    if unarrived:
        return outcome._replace(status="not-updated", reasons=(unarrived, *outcome.reasons))
    return outcome
