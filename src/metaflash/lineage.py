"""Names that changed: ``was:`` ties a fact to what learners have.

A guid is made of the first id that a fact had. ``was:`` says it where the id is another one now, so
that a deck can be built again even without its lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from metaflash.diagnostics import Diagnostic, nearest
from metaflash.history import Drafted
from metaflash.lock import Entry
from metaflash.readers import Name


def distinct(drafted: Iterable[Drafted]) -> Iterator[Drafted]:
    """The drafts, of those with one key only the first."""
    seen = set()
    for one in drafted:
        if one.key not in seen:
            seen.add(one.key)
            yield one


def check(drafted: Sequence[Drafted], known: Mapping[str, Entry] | None) -> Iterator[Diagnostic]:
    """What is wrong with the names of notes; ``known`` are the lock's, None without one."""
    yield from _too_deep(drafted)
    yield from _claimed_twice(drafted)
    if known is not None:
        yield from _unknown(drafted, known)
        yield from _lost(drafted, known)


def _too_deep(drafted: Iterable[Drafted]) -> Iterator[Diagnostic]:
    """A process that says it was a step; its own steps can have been steps, not the process."""
    told = set()
    for one in drafted:
        if one.was and one.key.count("/") > 1 and one.was not in told:
            told.add(one.was)
            whole, part = terms(one.kind)
            hint = (
                f"A {whole} can only have been a {whole}:  was: old-id  What was a {part} goes on"
                f" a {part}."
            )
            message = f"a {whole} that was `{one.was}`"
            yield Diagnostic(one.was.span, "error", "bad-was", message, hint)


def _claimed_twice(drafted: Iterable[Drafted]) -> Iterator[Diagnostic]:
    """Two notes with one first id."""
    first: dict[str, Drafted] = {}
    for one in drafted:
        other = first.setdefault(one.key, one)
        if other is one:
            continue
        span = one.was.span if one.was else one.span
        message = f"two facts that are `{one.key}` for learners"
        hint = f"The other one is at {other.was.span if other.was else other.span}."
        hint += " An id that was ever given to learners belongs to one fact for good."
        yield Diagnostic(span, "error", "same-was", message, hint)


def _unknown(drafted: Sequence[Drafted], known: Mapping[str, Entry]) -> Iterator[Diagnostic]:
    """A ``was:`` that names nothing learners have, or a process where a note is meant."""
    names = {entry.name: key for key, entry in known.items() if entry.name}
    processes = {key.split("/")[0] for key in known if "/" in key}
    told: set[Name] = set()
    for one in drafted:
        was = one.was
        if was is None or was in told or one.key.count("/") > 1:
            continue
        told.add(was)
        of_process = one.key != was
        if was in (processes if of_process else known):
            continue
        message = f"no fact or step was ever `{was}`"
        if was in names:
            hint = f"It had another id before. Write its first one:  was: {names[was]}"
            message = f"`{was}` is not the first id of the fact"
        elif of_process and was in known:
            whole, part = terms(one.kind)
            message = f"`{was}` was no {whole}"
            hint = f"Put the line on the {part} that it has become."
        elif was in processes:
            steps = [key for key in known if is_step(key, was)]
            whole, part = terms(known[steps[0]].kind)
            message = f"`{was}` was a {whole}"
            hint = f"Name the {part} that it was: {', '.join(steps)}"
        else:
            steps_ = [key for key in known if key.endswith(f"/{was}")]
            meant = steps_[0] if len(steps_) == 1 else nearest(was, [*known, *processes])
            hint = "Take the line out, if the fact is new."
            hint = f"Did you mean `{meant}`? Write:  was: {meant}" if meant else hint
        yield Diagnostic(was.span, "error", "unknown-was", message, hint)


def _lost(drafted: Iterable[Drafted], known: Mapping[str, Entry]) -> Iterator[Diagnostic]:
    """A note that was renamed, and whose ``was:`` has been taken out since."""
    firsts = {entry.name: key for key, entry in known.items() if entry.name}
    told: set[str] = set()
    for one in drafted:
        first = firsts.get(one.name, one.key)
        if first == one.key:
            continue
        process, whole = _renamed_process(one.name, known)
        line = process if whole else first
        if line not in told:
            told.add(line)
            where = f" on the {terms(one.kind)[0]}" if whole else ""
            message = f"`{one.name}` without its first id"
            hint = f"Learners have it under that. Put the line back{where}:  was: {line}"
            yield Diagnostic(one.span, "error", "lost-was", message, hint)


def _renamed_process(name: str, known: Mapping[str, Entry]) -> tuple[str, bool]:
    """The first id of the process of a step, and whether all of its steps came from that one, which
    is there no more."""
    process, slash, _ = name.partition("/")
    present = {entry.name or key: key for key, entry in known.items()}
    firsts = {key.rpartition("/")[0] for now, key in present.items() if is_step(now, process)}
    first = firsts.pop() if slash and len(firsts) == 1 else ""
    return first, bool(first) and not any(is_step(now, first) for now in present)


def is_step(name: str, process: str) -> bool:
    """Whether a key or name is that of a step of a process, or of a box of a picture."""
    return name.startswith(f"{process}/")


def terms(kind: str) -> tuple[str, str]:
    """What messages call a fact of several notes, and what each of those is."""
    return ("picture", "box") if kind == "picture" else ("process", "step")
