"""What changed in a drawing from one release to the next, in a few words: once for a picture, whose
boxes all show it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from metaflash.lock import Entry
from metaflash.words import CAPTION, heart, plain

_MOST = 6
"""Changes of one drawing that are told one by one."""


class _Chart(NamedTuple):
    """A drawing as notes remember it: its title, its labels by the first ids of the boxes, and its
    arrows by these ids, None where they cannot be told from its words."""

    title: str
    labels: Mapping[str, str]
    arrows: frozenset[tuple[str, str]] | None


def redrawn(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> dict[str, str]:
    """What changed in the drawings that learners have, by the first ids of the boxes they keep."""
    then, now = _pictures(before), _pictures(after)
    had = {key: name for name, boxes in then.items() for key in boxes}
    found: dict[str, str] = {}
    for boxes in now.values():
        kept = [key for key in boxes if key in had]
        if kept:
            told = _told(_chart(then[had[kept[0]]]), _chart(boxes))
            found |= dict.fromkeys(kept, told)
    return found


def _pictures(notes: Mapping[str, Entry]) -> dict[str, dict[str, Entry]]:
    """The boxes that are asked for, by the ids of their pictures."""
    found: dict[str, dict[str, Entry]] = {}
    for key, entry in notes.items():
        if entry.kind == "picture" and not entry.retired:
            found.setdefault((entry.name or key).partition("/")[0], {})[key] = entry
    return found


def _chart(boxes: Mapping[str, Entry]) -> _Chart:
    labels = {key: heart(entry.words.get("Text", "")) for key, entry in boxes.items()}
    shown = next(iter(boxes.values())).words.get("Back picture", "")
    title = CAPTION.match(shown)
    return _Chart(plain(title[1]) if title else "", labels, _arrows(shown, labels))


def _arrows(shown: str, labels: Mapping[str, str]) -> frozenset[tuple[str, str]] | None:
    """The arrows of a drawing in words, by the ids of their boxes."""
    chart = re.match(r"Flow chart: ([^<]*)\.", CAPTION.sub("", shown))
    if chart is None:
        return None
    text = plain(chart[1])
    ids = {label: key for key, label in labels.items()}
    one = "|".join(map(re.escape, sorted(ids, key=len, reverse=True)))
    names = rf"(?:{one})(?:, (?:{one}))*(?: and (?:{one}))?"
    clause = re.compile(rf"({names}) leads? to ({names})(?:; |$)")
    found: set[tuple[str, str]] = set()
    at = 0
    while at < len(text):
        told = clause.match(text, at)
        if told is None:
            return None
        ends = re.findall(one, told[2])
        found |= {(ids[a], ids[b]) for a in re.findall(one, told[1]) for b in ends}
        at = told.end()
    return frozenset(found)


def _told(then: _Chart, now: _Chart) -> str:
    """What became of a drawing, behind its title."""
    told = list(_changes(then, now)) or ["looks different"]
    more = [f"and {len(told) - _MOST} more changes"] if len(told) > _MOST + 1 else []
    told = told[:_MOST] + more if more else told
    return f"{now.title}: {'; '.join(told)}" if now.title else "; ".join(told)


def _changes(then: _Chart, now: _Chart) -> Iterator[str]:
    if then.title and then.title != now.title:
        yield f"was called “{then.title}”"
    both = [key for key in now.labels if key in then.labels]
    for key in both:
        if then.labels[key] != now.labels[key]:
            yield f"“{then.labels[key]}” is now “{now.labels[key]}”"
    yield from (f"“{label}” is new" for key, label in now.labels.items() if key not in then.labels)
    yield from (f"“{label}” is gone" for key, label in then.labels.items() if key not in now.labels)
    if then.arrows is None or now.arrows is None:
        return
    for signs, arrows, labels in (
        ("new arrow", now.arrows - then.arrows, now.labels),
        ("no arrow any more", then.arrows - now.arrows, then.labels),
    ):
        for a, b in sorted(arrows):
            if a in both and b in both:
                yield f"{signs}: {labels[a]} -> {labels[b]}"
