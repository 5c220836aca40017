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
from metaflash.note import Cloze
from metaflash.record import Name
from metaflash.words import heart, likeness, overlap, own, plain, spelling, tokens

_ALIKE = 0.8
"""The likeness above which a new note is probably one that is gone, under another id."""

_REWORDED = 0.6
"""The likeness, by letters or by words, above which a label is probably one that is gone."""

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
    relabelled = list(_relabelled(drafted, known))
    for one, before in relabelled:
        yield _box_to_list(one, before, known)
    told = {key for one, before in relabelled for key in (one.key, before)}
    rest = {key: entry for key, entry in known.items() if key not in told}
    yield from _renamed([one for one in drafted if one.key not in told], rest)
    yield from _reused(drafted, known)


def _too_deep(drafted: Iterable[Drafted]) -> Iterator[Diagnostic]:
    """A process that says it was a step; its own steps can have been steps, not the process."""
    told = set()
    for one in drafted:
        if one.was and one.key.count("/") > 1 and one.was not in told:
            told.add(one.was)
            whole, part = _terms(one.kind)
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
            whole, part = _terms(one.kind)
            message = f"`{was}` was no {whole}"
            hint = f"Put the line on the {part} that it has become."
        elif was in processes:
            steps = [key for key in known if _is_step(key, was)]
            whole, part = _terms(known[steps[0]].kind)
            message = f"`{was}` was a {whole}"
            hint = f"Name the {part} that it was: {', '.join(steps)}"
        else:
            steps_ = [key for key in known if key.endswith(f"/{was}")]
            meant = steps_[0] if len(steps_) == 1 else nearest(was, [*known, *processes])
            hint = f"did you mean `{meant}`?" if meant else "Take the line out, if the fact is new."
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
            where = f" on the {_terms(one.kind)[0]}" if whole else ""
            message = f"`{one.name}` without its first id"
            hint = f"Learners have it under that. Put the line back{where}:  was: {line}"
            yield Diagnostic(one.span, "error", "lost-was", message, hint)


def _renamed_process(name: str, known: Mapping[str, Entry]) -> tuple[str, bool]:
    """The first id of the process of a step, and whether all of its steps came from that one, which
    is there no more."""
    process, slash, _ = name.partition("/")
    present = {entry.name or key: key for key, entry in known.items()}
    firsts = {key.rpartition("/")[0] for now, key in present.items() if _is_step(now, process)}
    first = firsts.pop() if slash and len(firsts) == 1 else ""
    return first, bool(first) and not any(_is_step(now, first) for now in present)


def _is_step(name: str, process: str) -> bool:
    return name.startswith(f"{process}/")


def _terms(kind: str) -> tuple[str, str]:
    """What messages call a fact of several notes, and what each of those is."""
    return ("picture", "box") if kind == "picture" else ("process", "step")


# --- Facts that changed more than their words ------------------------------------------------


def _renamed(drafted: Sequence[Drafted], known: Mapping[str, Entry]) -> Iterator[Diagnostic]:
    """New notes beside gone ones with nearly the same words: probably only the id changed."""
    present = {one.key: one for one in drafted}
    gone = {
        key: heart(entry.words.get("Text", ""))
        for key, entry in known.items()
        if key not in present
    }
    new = {one.key: _spoken(one) for one in drafted if one.key not in known}
    told = set()
    for first, key in twins(new, gone):
        one = present[first]
        process, before = one.name.split("/")[0], key.split("/")[0]
        whole = one.name == f"{process}/{key.partition('/')[2]}" and _is_all_new(
            process, before, drafted, known
        )
        line, name = (before, process) if whole else (key, one.name)
        if line in told:
            continue
        told.add(line)
        what = "was retired" if known[key].retired else "is gone"
        message = f"`{name}` is new, and `{line}`, with nearly the same words, {what}"
        where = f" to the {_terms(one.kind)[0]}" if whole else ""
        hint = f"If they are the same, add{where}:  was: {line}\nElse learners start it anew."
        if one.kind == "picture" and not whole:
            lines = f"boxes:\n  - {_box_id(one.name)}: {_spoken(one)}\n    was: {line}"
            hint = f"If they are the same, say so under `boxes`:\n{lines}\nElse learners start it anew."
        yield Diagnostic(one.span, "warning", "renamed", message, hint)


def _relabelled(
    drafted: Sequence[Drafted], known: Mapping[str, Entry]
) -> Iterator[tuple[Drafted, str]]:
    """Boxes that are new in a picture of which others are gone: each with the key of the one that it
    may be, in other words."""
    present = {one.key for one in drafted}
    gone: dict[str, list[str]] = {}
    for key, entry in known.items():
        if entry.kind == "picture" and key not in present and not entry.retired:
            gone.setdefault(key.partition("/")[0], []).append(key)
    new: dict[str, list[Drafted]] = {}
    for one in drafted:
        if one.kind == "picture" and one.key not in known:
            new.setdefault(one.key.partition("/")[0], []).append(one)
    for picture in (picture for picture in new if picture in gone):
        ranked = sorted(
            (*_strangeness(one, known[key]), rank, key)
            for rank, one in enumerate(new[picture])
            for key in gone[picture]
        )
        pairs: dict[int, str] = {}
        for *_, rank, key in ranked:
            if rank not in pairs and key not in pairs.values():
                pairs[rank] = key
        for rank in sorted(pairs):
            yield new[picture][rank], pairs[rank]


def _strangeness(one: Drafted, before: Entry) -> tuple[float, float]:
    """How little speaks for it that a box is the one there was: its label, then its place."""
    label, then = _spoken(one), heart(before.words.get("Text", ""))
    alike = max(spelling(label, then), overlap(label, then))
    place = likeness(plain(_front(one)), plain(before.words.get("Picture", "")))
    return (-alike if alike >= _REWORDED else 0.0), -place


def _in_its_place(one: Drafted, before: Entry) -> bool:
    """Whether all of a picture but the label of one box is as it was: its front does not hold that."""
    return one.kind == "picture" and _front(one) == before.words.get("Picture")


def _front(one: Drafted) -> str:
    """The drawing of a box with its label hidden, in words."""
    return own("".join(str(piece) for piece in one.draft.fields.get("Picture", ())))


def _box_to_list(one: Drafted, before: str, known: Mapping[str, Entry]) -> Diagnostic:
    label, then = _spoken(one), heart(known[before].words.get("Text", ""))
    hint = (
        "If they are the same box, let it keep its id:\nboxes:\n"
        f"  - {_box_id(known[before].name or before)}: {label}\nElse learners start it anew."
    )
    message = f"the box “{_short(label)}” is new, and “{_short(then)}” is gone"
    return Diagnostic(one.span, "warning", "renamed", message, hint)


def _box_id(name: str) -> str:
    return name.rpartition("/")[2]


def _is_all_new(
    process: str, before: str, drafted: Sequence[Drafted], known: Mapping[str, Entry]
) -> bool:
    """Whether no learner has a step of a process, and no step is left of one that was before."""
    steps = [one for one in drafted if _is_step(one.name, process)]
    return (
        process != before
        and len(steps) > 1
        and not any(one.was or one.key in known for one in steps)
        and not any(_is_step(one.key, before) for one in drafted)
    )


def twins(new: Mapping[str, str], gone: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The new notes that are most like a gone one, each with that one: their keys, given the words
    of each. The likest are paired first, and told in the order of the new ones."""
    holders: dict[str, list[str]] = {}
    for key, text in gone.items():
        for word in set(tokens(text)):
            holders.setdefault(word, []).append(key)
    ranked = []
    for rank, (name, text) in enumerate(new.items()):
        shared = Counter(
            key
            for word in set(tokens(text))
            if len(holders.get(word, ())) <= _COMMON
            for key in holders.get(word, ())
        )
        for key, _ in shared.most_common(_CLOSEST):
            ranked.append((-likeness(text, gone[key]), rank, name, key))
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for score, _, name, key in sorted(ranked):
        if -score >= _ALIKE and name not in pairs and key not in taken:
            pairs[name] = key
            taken.add(key)
    for name in new:
        if name in pairs:
            yield name, pairs[name]


def _reused(drafted: Iterable[Drafted], known: Mapping[str, Entry]) -> Iterator[Diagnostic]:
    """Notes that have nothing in common with what learners have under their id, or say what
    another one said."""
    said = {heart(entry.words.get("Text", "")).casefold(): key for key, entry in known.items()}
    says = {one.key: _spoken(one).casefold() for one in drafted}
    for one in drafted:
        before = known.get(one.key)
        if before is None:
            other = said.get(says[one.key], "")
            if other in says and says[other] != says[one.key]:
                message = f"`{one.name}` is new and says what `{other}` said before"
                hint = (
                    f"Learners' reviews of it stay with `{known[other].name or other}`, which says"
                    " something else now. If you gave the id to another fact, give it back."
                )
                yield Diagnostic(one.span, "warning", "swapped-words", message, hint)
            continue
        then, now = heart(before.words.get("Text", "")), _spoken(one)
        if then.casefold() == now.casefold():
            continue
        other = said.get(now.casefold(), one.key)
        if other != one.key:
            message = f"`{one.key}` says what `{other}` said before"
            hint = (
                f"Learners' reviews of “{_short(then)}” count for it now. If the two facts have only"
                f" changed places, let the id go with its words:  id: {known[other].name or other}"
            )
            yield Diagnostic(one.span, "warning", "swapped-words", message, hint)
        elif unlike(then, now) and not _in_its_place(one, before):
            message = f"`{one.key}` has hardly a word of what it said before"
            hint = (
                f"Learners' reviews of “{_short(then)}” count for it. That is right if you only said"
                " the same in other words. If it is another fact, give it another id."
            )
            yield Diagnostic(one.span, "warning", "reused-id", message, hint)


def unlike(then: str, now: str) -> bool:
    """Whether one text is hardly an edit of another."""
    return then.casefold() != now.casefold() and overlap(then, now) < _UNLIKE


def _spoken(one: Drafted) -> str:
    """The words that a drafted note stands for, as plain text."""
    pieces = one.draft.fields.get("Text", ())
    return heart("".join(p.answer if isinstance(p, Cloze) else p for p in pieces))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57].rstrip()}…"
