"""Names that changed: ``was:`` ties a fact to what learners have, and a missing one is noticed.

A guid is made of the first id that a fact had. ``was:`` says it where the id is another one now, so
that a deck can be built again even without its lock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from metaflash.diagnostics import Diagnostic, nearest
from metaflash.history import Drafted
from metaflash.lock import Entry
from metaflash.note import Cloze, Pieces
from metaflash.words import heart, likeness

_ALIKE = 0.8
"""The likeness above which a new note is probably one that is gone, under another id."""

_UNLIKE = 0.2
"""The likeness below which a note's words are not an edit of those it had."""

_MANY = 250_000
"""Comparisons of texts after which only equal ones are looked for."""


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


def suspect(drafted: Sequence[Drafted], known: Mapping[str, Entry]) -> Iterator[Diagnostic]:
    """What is doubtful with the names of all notes of a deck that has no error."""
    yield from _renamed(drafted, known)
    yield from _reused(drafted, known)


def _too_deep(drafted: Iterable[Drafted]) -> Iterator[Diagnostic]:
    """A process that says it was a step; its own steps can have been steps, not the process."""
    for was in dict.fromkeys(one.was for one in drafted if one.was and one.key.count("/") > 1):
        hint = "A process is no note, so it can only have been a process. Its steps have a `was`."
        yield Diagnostic(was.span, "error", "bad-was", f"a process that was `{was}`", hint)


def _claimed_twice(drafted: Iterable[Drafted]) -> Iterator[Diagnostic]:
    """Two notes with one first id."""
    first: dict[str, Drafted] = {}
    for one in drafted:
        other = first.setdefault(one.key, one)
        if other is one:
            continue
        span, other = (one.was.span, other) if one.was else (one.span, other)
        message = f"two facts that are `{one.key}` for learners"
        hint = f"The other one is at {other.was.span if other.was else other.span}."
        hint += " An id that was ever given to learners belongs to one fact for good."
        yield Diagnostic(span, "error", "same-was", message, hint)


def _unknown(drafted: Sequence[Drafted], known: Mapping[str, Entry]) -> Iterator[Diagnostic]:
    """A ``was:`` that names nothing learners have."""
    names = {entry.name: key for key, entry in known.items() if entry.name}
    prefixes = {key.split("/")[0] for key in known if "/" in key}
    deep = {one.was for one in drafted if one.key.count("/") > 1}
    for was in dict.fromkeys(one.was for one in drafted if one.was):
        if was in known or was in prefixes or was in deep:
            continue
        if was in names:
            hint = f"It had another id before. Write its first one:  was: {names[was]}"
            message = f"`{was}` is not the first id of the fact"
        else:
            steps = [key for key in known if key.endswith(f"/{was}")]
            meant = steps[0] if len(steps) == 1 else nearest(was, [*known, *prefixes])
            hint = f"did you mean `{meant}`?" if meant else "Take the line out, if the fact is new."
            message = f"no fact or step was ever `{was}`"
        yield Diagnostic(was.span, "error", "unknown-was", message, hint)


def _lost(drafted: Iterable[Drafted], known: Mapping[str, Entry]) -> Iterator[Diagnostic]:
    """A note that was renamed, and whose ``was:`` has been taken out since."""
    firsts = {entry.name: key for key, entry in known.items() if entry.name}
    told: set[str] = set()
    for one in drafted:
        first = firsts.get(one.name)
        if first is None or one.key in known:
            continue
        line = _common(first, one.name)
        if line not in told:
            told.add(line)
            message = f"`{one.name}` without its first id"
            hint = f"Learners have it under that. Put the line back:  was: {line}"
            yield Diagnostic(one.span, "error", "lost-was", message, hint)


def _common(first: str, name: str) -> str:
    """What ``was:`` has to say for a note: its first id; that of its process if that changed."""
    process, _, step = first.partition("/")
    return process if step and name.endswith(f"/{step}") else first


# --- Facts that changed more than their words ------------------------------------------------


def _renamed(drafted: Sequence[Drafted], known: Mapping[str, Entry]) -> Iterator[Diagnostic]:
    """New notes beside gone ones with nearly the same words: probably only the id changed."""
    present = {one.key: one for one in drafted}
    gone = {
        key: heart(entry.words.get("Text", ""))
        for key, entry in known.items()
        if key not in present and not entry.retired
    }
    new = {
        one.key: spoken(one.draft.fields.get("Text", ())) for one in drafted if one.key not in known
    }
    matches = [(present[key], first) for key, first in twins(new, gone)]
    processes = Counter(
        (one.name.split("/")[0], first.split("/")[0])
        for one, first in matches
        if "/" in first and one.name.partition("/")[2] == first.partition("/")[2]
    )
    told = set()
    for one, first in matches:
        pair = one.name.split("/")[0], first.split("/")[0]
        whole = processes[pair] > 1 and pair[0] != pair[1]
        line, name = (pair[1], pair[0]) if whole else (first, one.name)
        if line in told:
            continue
        told.add(line)
        message = f"`{name}` is new, and `{line}`, with nearly the same words, is gone"
        where = " to the process" if whole else ""
        hint = f"If only the id changed, add{where}:  was: {line}\nElse learners start it anew."
        yield Diagnostic(one.span, "warning", "renamed", message, hint)


def twins(new: Mapping[str, str], gone: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """For every new note the gone one that is most like it, if any is like enough: their keys,
    given the words of each."""
    left = dict(gone)
    by_words = {text.casefold(): key for key, text in gone.items()}
    few = len(new) * len(gone) <= _MANY
    for one, text in new.items():
        key = by_words.get(text.casefold())
        if key not in left and few:
            ranked = sorted((likeness(text, words), key) for key, words in left.items())
            key = ranked[-1][1] if ranked and ranked[-1][0] >= _ALIKE else None
        if key in left:
            del left[key]
            yield one, key


def _reused(drafted: Iterable[Drafted], known: Mapping[str, Entry]) -> Iterator[Diagnostic]:
    """Notes that have nothing in common with what learners have under their id."""
    for one in drafted:
        before = known.get(one.key)
        if before is None:
            continue
        then, now = heart(before.words.get("Text", "")), spoken(one.draft.fields.get("Text", ()))
        if unlike(then, now):
            message = f"`{one.key}` has hardly a word of what it said before"
            hint = (
                f"Learners' reviews of “{_short(then)}” would count for it. If it is another fact,"
                " give it an id of its own."
            )
            yield Diagnostic(one.span, "warning", "reused-id", message, hint)


def unlike(then: str, now: str) -> bool:
    """Whether one text is hardly an edit of another."""
    return then.casefold() != now.casefold() and likeness(then, now) < _UNLIKE


def spoken(pieces: Pieces) -> str:
    """The words that a drafted field stands for, as plain text."""
    return heart("".join(p.answer if isinstance(p, Cloze) else p for p in pieces))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57].rstrip()}…"
