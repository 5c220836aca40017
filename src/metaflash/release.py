"""What changed, put into words: for the teacher at the terminal, for programs, for learners."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from metaflash.diagnostics import visible
from metaflash.diff import PICTURE, STATUSES, Change, Edit, Status, pieces, titled
from metaflash.words import CLOZE, filled, inline, plain

Paint = Callable[[str, str], str]
"""Colours a piece of text for its role: a status, or ``+`` and ``-``."""

_COUNTED: dict[Status, str] = {
    "new": "new",
    "edited": "edited",
    "around": "beside a change",
    "retired": "retired",
    "restored": "restored",
    "missing": "missing",
}
_EXPLAINED: dict[Status, str] = {
    "around": "the same, but what stands beside it changed",
    "retired": "learners who have it are told; its history stays",
    "restored": "asked again, with its history",
    "missing": "not in the package; learners keep it as it is",
}


def summary(changes: Sequence[Change]) -> str:
    """How many notes changed in which way, in a line."""
    counts = Counter(change.status for change in changes)
    always = ("new", "edited", "retired")
    parts = [f"{counts[s]:,} {_COUNTED[s]}" for s in STATUSES if counts[s] or s in always]
    return ", ".join(parts) if changes else "no note changed"


def untaken(count: int) -> str:
    """What to do about so many notes that are retired and that nobody ever had."""
    return f"If no learner has {'it' if count == 1 else 'them'} yet:  metaflash build --forget-retired 0"


# --- For the teacher -------------------------------------------------------------------------


def text(changes: Iterable[Change], paint: Paint) -> str:
    """Every change with the words that differ, ``[-old-]`` and ``{+new+}``; a drawing that changed is
    told once, before the first of its boxes, and of these only what else changed."""
    listed = tuple(changes)
    drawings = Counter(change.drawing for change in listed)
    lines: list[str] = []
    for change in listed:
        if cards := drawings.pop(change.drawing, 0) if change.drawing else 0:
            picture = change.name.partition("/")[0]
            lines += [
                f"{paint('redrawn ', 'edited')}  {picture}",
                f"          {visible(change.drawing)} {_shown_on(cards)}",
            ]
        if not _is_redrawn(change):
            lines += _lines(change, paint)
    return "\n".join(lines)


def _is_redrawn(change: Change) -> bool:
    """Whether nothing of a note changed but the drawing that it shows."""
    return change.status == "around" and bool(change.drawing)


def _shown_on(cards: int) -> str:
    """On how many cards a drawing is; a box has one."""
    return f"(on {cards:,} card{'' if cards == 1 else 's'})"


def _lines(change: Change, paint: Paint) -> Iterator[str]:
    yield f"{paint(f'{change.status:8}', change.status)}  {change.name}"
    if change.status in _EXPLAINED:
        yield f"          ({_EXPLAINED[change.status]})"
    if change.status != "around" and not any(edit.field == "Text" for edit in change.edits):
        yield f"          {visible(change.text)}"
    for edit in change.edits:
        label = "" if edit.field == "Text" else f"{edit.field}: "
        yield f"          {label}{_marked(edit, paint)}"
    for number, then, now in change.reworded_cards:
        yield f"          card {number} asks “{visible(now)}”, which was “{visible(then)}”"
    cards = (
        (change.new_cards, "new"),
        (change.restored_cards, "asked again"),
        (change.retired_cards, "no longer asked"),
    )
    for numbers, what in cards:
        if numbers:
            yield f"          {_cards(numbers)} {what}"


def _cards(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers)
    return f"card {shown} is" if len(numbers) == 1 else f"cards {shown} are"


def _marked(edit: Edit, paint: Paint) -> str:
    signs = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    return " ".join(
        paint(signs[piece.sign].format(visible(piece.text)), piece.sign)
        for piece in pieces(edit.then, edit.now)
    )


# --- For programs ----------------------------------------------------------------------------


def as_json(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The changes as values of JSON."""
    return [
        {
            "id": change.name,
            "first_id": change.key,
            "status": change.status,
            "topic": change.topic,
            "text": change.text,
            "drawing": change.drawing,
            "edits": [
                {
                    "field": edit.field,
                    "before": edit.then,
                    "after": edit.now,
                    "pieces": [piece._asdict() for piece in pieces(edit.then, edit.now)],
                }
                for edit in change.edits
            ],
            "new_cards": list(change.new_cards),
            "restored_cards": list(change.restored_cards),
            "retired_cards": list(change.retired_cards),
            "reworded_cards": [
                {"card": number, "before": then, "after": now}
                for number, then, now in change.reworded_cards
            ],
        }
        for change in changes
    ]


# --- For learners ----------------------------------------------------------------------------

_HOW = """\
To update, import the new file with *File → Import*, with Anki's own settings. Your reviews stay with the
cards they belong to. What you wrote into cards yourself stays, too, but for those listed here."""

_RETIRED = """\
These are no longer part of the deck. If you have them, they stay, with a line that says so. Find them with
`tag:metaflash::retired` and suspend them."""

_RENEWED = "These show something new or changed next to their own words."

_CHAPTERS: tuple[tuple[str, str, Status], ...] = (
    ("New", "", "new"),
    ("Corrected", "", "edited"),
    ("Back again", "These are asked again, with the reviews you had.", "restored"),
    ("Retired", _RETIRED, "retired"),
    ("Renewed", _RENEWED, "around"),
)


def markdown(deck: str, changes: Sequence[Change], *, before: str = "") -> str:
    """A release note for learners, in Markdown; ``before`` is the deck's name until now."""
    seen = [change for change in changes if change.status != "missing"]
    parts = [f"# {_escaped(deck)}: what changed", _HOW]
    if not seen:
        parts[1:] = ["Nothing changed that you would notice."]
    if before and before.casefold() != deck.casefold():
        parts.append(
            f"The deck was called {_escaped(before)}. The cards you have stay in that deck, and new ones"
            " come to the new one; move them together as you like."
        )
    minor = [change for change in seen if _is_minor(change)]
    for title, about, status in _CHAPTERS:
        chapter = [change for change in seen if change.status == status and change not in minor]
        if chapter:
            parts += [f"## {title}", *([about] if about else []), *_topics(chapter)]
    if minor:
        count = "1 note has" if len(minor) == 1 else f"{len(minor):,} notes have"
        parts.append(f"{count} another heading, tag or source.")
    return "\n\n".join(parts) + "\n"


def _is_minor(change: Change) -> bool:
    """Whether only what stands around the question was edited."""
    minor = all(edit.field in ("Topic", "Source", "Tags") for edit in change.edits)
    cards = (*change.new_cards, *change.restored_cards, *change.retired_cards)
    return change.status == "edited" and minor and not cards


def _topics(changes: Sequence[Change]) -> Iterator[str]:
    """A list for every topic, in the order of introduction of their first changes."""
    topics: dict[str, list[Change]] = {}
    for change in changes:
        topics.setdefault(change.topic, []).append(change)
    for topic, listed in topics.items():
        if topic:
            yield f"### {_escaped(topic)}"
        drawings = Counter(change.drawing for change in listed if _is_redrawn(change))
        items = [f"{_escaped(told)} {_shown_on(cards)}" for told, cards in drawings.items()]
        items += ["  \n  ".join(_for_learners(c)) for c in listed if not _is_redrawn(c)]
        yield "\n".join(f"- {item}" for item in items)


def _for_learners(change: Change) -> Iterator[str]:
    """What a note says, answers in bold, and below what it said before."""
    yield _answered(change.html)
    if change.status not in ("edited", "restored"):
        return
    edits = {edit.field: edit for edit in change.edits}
    if "Text" in edits and _read(edits["Text"].before) != _read(edits["Text"].after):
        yield f"*before:* {_read(edits['Text'].before)}"
    for name in ("Extra", "Note"):
        if name in edits and edits[name].after:
            yield f"*{name}:* {_read(edits[name].after)}"
    for edit in change.edits:
        if edit.field.startswith(PICTURE):
            yield _pictured(edit)
    for cards, what in ((change.new_cards, "more"), (change.retired_cards, "no longer asked")):
        if cards:
            yield f"*{len(cards)} {'card' if len(cards) == 1 else 'cards'} {what}*"


def _pictured(edit: Edit) -> str:
    """What became of a picture, with the words that stand for it."""
    what = edit.field.lower()
    if not edit.after:
        return f"*no {what} any more*"
    if not edit.before:
        return f"*with a {what}:* {_read(edit.after)}"
    return f"*another {what}:* {_read(edit.after)}"


def _read(html: str) -> str:
    """A field as it reads with its blanks filled in."""
    return _at_the_start(_escaped(plain(filled(titled(html)))))


def _answered(html: str) -> str:
    """A field with its answers in bold."""
    html = titled(html)
    parts, at = [], 0
    for found in CLOZE.finditer(html):
        parts += [_escaped(inline(html[at : found.start()])), f"**{_escaped(plain(found[2]))}**"]
        at = found.end()
    return _at_the_start("".join([*parts, _escaped(inline(html[at:]))]).strip())


def _escaped(text: str) -> str:
    """Text in which Markdown finds no marks."""
    return re.sub(r"([\\`*_\[\]<>~#|&])", r"\\\1", visible(text))


def _at_the_start(text: str) -> str:
    """Text that begins no list."""
    return re.sub(r"^(\d*)([-+.)])", r"\1\\\2", text)
