"""Names that changed: ``was:`` ties a fact to what learners have, and a missing one is noticed.

A guid is made of the first id that a fact had. ``was:`` says it where the id is another one now, so
that a deck can be built again even without its lock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from metaflash.diagnostics import Diagnostic, nearest
from metaflash.history import Drafted
from metaflash.lock import Entry
from metaflash.note import Cloze, Pieces
from metaflash.words import heart, likeness, overlap

_ALIKE = 0.8
"""The likeness above which a new note is probably one that is gone, under another id."""

_UNLIKE = 0.25
"""The overlap below which a note's words are not an edit of those it had."""

_COMMON = 50
"""A word that is in more texts than this says nothing about which of them is meant."""

_CLOSEST = 5
"""How many texts, those that share most of the telling words, are compared word by word."""


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


class _Match(NamedTuple):
    """A new note, and the one that is gone which has nearly its words."""

    new: Drafted
    gone: str


def _renamed(drafted: Sequence[Drafted], known: Mapping[str, Entry]) -> Iterator[Diagnostic]:
    """New notes beside gone ones with nearly the same words: probably only the id changed."""
    present = {one.key for one in drafted}
    gone = {
        key: heart(entry.words.get("Text", ""))
        for key, entry in known.items()
        if key not in present
    }
    new = [
        (one, spoken(one.draft.fields.get("Text", ()))) for one in drafted if one.key not in known
    ]
    matches = list(_matches(new, gone))
    processes = Counter(
        (m.new.name.split("/")[0], m.gone.split("/")[0])
        for m in matches
        if "/" in m.gone and m.new.name.partition("/")[2] == m.gone.partition("/")[2]
    )
    told = set()
    for match in matches:
        pair = match.new.name.split("/")[0], match.gone.split("/")[0]
        whole = processes[pair] > 1 and pair[0] != pair[1]
        line, name = (pair[1], pair[0]) if whole else (match.gone, match.new.name)
        if line in told:
            continue
        told.add(line)
        what = "was retired" if known[match.gone].retired else "is gone"
        message = f"`{name}` is new, and `{line}`, with nearly the same words, {what}"
        where = " to the process" if whole else ""
        hint = f"If they are the same, add{where}:  was: {line}\nElse learners start it anew."
        yield Diagnostic(match.new.span, "warning", "renamed", message, hint)


def _matches(new: Sequence[tuple[Drafted, str]], gone: Mapping[str, str]) -> Iterator[_Match]:
    """For every new note the gone one that is most like it, if any is like enough."""
    left = dict(gone)
    holders: dict[str, list[str]] = {}
    for key, text in gone.items():
        for word in set(text.casefold().split()):
            holders.setdefault(word, []).append(key)
    for one, text in new:
        shared = Counter(
            key
            for word in set(text.casefold().split())
            for key in holders.get(word, ())
            if len(holders[word]) <= _COMMON and key in left
        )
        ranked = [(likeness(text, left[key]), key) for key, _ in shared.most_common(_CLOSEST)]
        best, key = max(ranked, default=(0.0, ""))
        if best >= _ALIKE:
            del left[key]
            yield _Match(one, key)


def _reused(drafted: Iterable[Drafted], known: Mapping[str, Entry]) -> Iterator[Diagnostic]:
    """Notes that have nothing in common with what learners have under their id."""
    for one in drafted:
        before = known.get(one.key)
        if before is None:
            continue
        then, now = heart(before.words.get("Text", "")), spoken(one.draft.fields.get("Text", ()))
        if then.casefold() != now.casefold() and overlap(then, now) < _UNLIKE:
            message = f"`{one.key}` has hardly a word of what it said before"
            hint = (
                f"Learners' reviews of “{_short(then)}” count for it. That is right if you only said"
                " the same in other words. If it is another fact, give it another id."
            )
            yield Diagnostic(one.span, "warning", "reused-id", message, hint)


def spoken(pieces: Pieces) -> str:
    """The words that a drafted field stands for, as plain text."""
    return heart("".join(p.answer if isinstance(p, Cloze) else p for p in pieces))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57].rstrip()}…"
