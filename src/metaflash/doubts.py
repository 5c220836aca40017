"""Facts that changed more than their words: what seems to be renamed, and what says something else
under its id. These are doubts, told as warnings; only the teacher knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from metaflash.diagnostics import Diagnostic, nearest
from metaflash.history import Drafted
from metaflash.lineage import is_step, terms
from metaflash.lines import scalar
from metaflash.lock import Entry
from metaflash.recovery import spoken
from metaflash.slug import slugify
from metaflash.words import heart, likeness, overlap, own, plain, short, spelling, tokens

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


def suspect(drafted: Sequence[Drafted], known: Mapping[str, Entry]) -> Iterator[Diagnostic]:
    """What is doubtful with the names of all notes of a deck that has no error."""
    relabelled = list(_relabelled(drafted, known))
    for one, before in relabelled:
        yield _box_to_list(one, before, known)
    told = {key for one, before in relabelled for key in (one.key, before)}
    rest = {key: entry for key, entry in known.items() if key not in told}
    yield from _renamed([one for one in drafted if one.key not in told], rest)
    yield from _reused(drafted, known)


def _renamed(drafted: Sequence[Drafted], known: Mapping[str, Entry]) -> Iterator[Diagnostic]:
    """New notes beside gone ones with nearly the same words: probably only the id changed."""
    present = {one.key: one for one in drafted}
    gone = {
        key: heart(entry.words.get("Text", ""))
        for key, entry in known.items()
        if key not in present
    }
    new = {one.key: spoken(one.draft) for one in drafted if one.key not in known}
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
        texts = [new[key] for key in new if key == first or (whole and is_step(key, process))]
        nearly = "" if set(texts) <= set(gone.values()) else "nearly "
        message = f"`{name}` is new, and `{line}`, with {nearly}the same words, {what}"
        where = f" to the {terms(one.kind)[0]}" if whole else ""
        hint = f"If they are the same, add{where}:  was: {line}\nElse learners start it anew."
        if one.kind == "picture" and not whole:
            listed = f"{_listed(one.name, spoken(one.draft))}\n    was: {line}"
            hint = f"If they are the same, say so beside `arrows`:\n{listed}\nElse learners start it anew."
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
    label, then = spoken(one.draft), heart(before.words.get("Text", ""))
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
    label, then = spoken(one.draft), heart(known[before].words.get("Text", ""))
    name = known[before].name or before
    now, was = _box_id(one.name), _box_id(name)
    message = f"the box “{short(label)}” is new, and “{short(then)}” is gone"
    meant = ""
    if label == then or now != slugify(label, words=8):
        message = f"the box `{now}` is new, and `{was}` is gone"
        meant = f"Did you mean `{was}`? " if nearest(now, [was]) else ""
    hint = (
        f"{meant}If they are the same box, let it keep its id, in a list beside `arrows`:\n"
        f"{_listed(name, label)}\nElse learners start it anew."
    )
    return Diagnostic(one.span, "warning", "renamed", message, hint)


def _listed(name: str, label: str) -> str:
    """The lines with which a box keeps its id."""
    return f"boxes:\n  - {_box_id(name)}: {scalar(label)}"


def _box_id(name: str) -> str:
    return name.rpartition("/")[2]


def _is_all_new(
    process: str, before: str, drafted: Sequence[Drafted], known: Mapping[str, Entry]
) -> bool:
    """Whether no learner has a step of a process, and no step is left of one that was before."""
    steps = [one for one in drafted if is_step(one.name, process)]
    return (
        process != before
        and len(steps) > 1
        and not any(one.was or one.key in known for one in steps)
        and not any(is_step(one.key, before) for one in drafted)
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
    says = {one.key: spoken(one.draft).casefold() for one in drafted}
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
        then, now = heart(before.words.get("Text", "")), spoken(one.draft)
        if then.casefold() == now.casefold():
            continue
        other = said.get(now.casefold(), one.key)
        if other != one.key:
            message = f"`{one.key}` says what `{other}` said before"
            hint = f"Learners' reviews of “{short(then)}” count for it now. "
            hint += _given_back(one, known[other].name or other, there=other in says)
            yield Diagnostic(one.span, "warning", "swapped-words", message, hint)
        elif unlike(then, now) and not _in_its_place(one, before):
            message = f"`{one.key}` has hardly a word of what it said before"
            hint = (
                f"Learners' reviews of “{short(then)}” count for it. That is right if you only said"
                " the same in other words. If it is another fact, give it another id."
            )
            yield Diagnostic(one.span, "warning", "reused-id", message, hint)


def _given_back(one: Drafted, other: str, *, there: bool) -> str:
    """What to do where a note says what another one said; ``there`` says that the other one is
    still in the sources."""
    if "/" not in one.name and "/" not in other:
        line = f"id: {other}"
    elif one.kind == "picture":
        line = f"- {_box_id(other)}: {scalar(spoken(one.draft))}"
    else:
        line = f"- {_box_id(other)}: …" if "/" in other else f"id: {other}"
    if there:
        return f"If the two have only changed places, let the id go with its words:  {line}"
    return f"That is right if no learner has `{other}` yet. Else let it keep that id:  {line}"


def unlike(then: str, now: str) -> bool:
    """Whether one text is hardly an edit of another."""
    return then.casefold() != now.casefold() and overlap(then, now) < _UNLIKE
