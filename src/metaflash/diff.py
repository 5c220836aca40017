"""What changes for a learner from one release to the next, note by note and word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from html import escape
from typing import Literal, NamedTuple

from metaflash.lock import Entry
from metaflash.redrawing import redrawn
from metaflash.words import CAPTION, CLOZE, TERM, TITLE, plain, unasked, undrawn

Status = Literal["new", "edited", "around", "retired", "restored", "missing"]
"""What became of a note. ``around``: its own words are the same, not what it shows of the steps
beside it, or of the drawing around it; ``missing``: it is not in the package any more, and learners keep it as it is."""

STATUSES: tuple[Status, ...] = ("new", "edited", "around", "retired", "restored", "missing")


class Piece(NamedTuple):
    """Some words of a text that was edited: kept (``=``), taken out (``-``), or put in (``+``)."""

    sign: Literal["=", "-", "+"]
    text: str


class Edit(NamedTuple):
    """A field of a note, its picture, or its tags: what it was, and what it is, as HTML."""

    field: str
    before: str
    after: str

    @property
    def then(self) -> str:
        """What it was, as the teacher wrote it."""
        return written(self.before)

    @property
    def now(self) -> str:
        """What it is, as the teacher writes it; of a picture only its words can be told."""
        now = written(self.after)
        another = self.field.startswith(PICTURE) and now == self.then
        return f"{now} (another picture)" if another else now


class Change(NamedTuple):
    """A note that a learner will see changed.

    ``key`` is its first id, ``name`` its id now; ``html`` its own sentence after the change or, if
    it is gone, before. Of a note that was edited, ``new_cards``,
    ``restored_cards`` and ``retired_cards`` are cloze numbers, and ``reworded_cards`` numbers with
    what they asked for and what they ask for now. ``drawing`` says what changed in the drawing
    that the note shows, the same for all of its boxes.
    """

    key: str
    name: str
    status: Status
    topic: str
    html: str
    edits: tuple[Edit, ...] = ()
    new_cards: tuple[int, ...] = ()
    restored_cards: tuple[int, ...] = ()
    retired_cards: tuple[int, ...] = ()
    reworded_cards: tuple[tuple[int, str, str], ...] = ()
    drawing: str = ""

    @property
    def text(self) -> str:
        """The sentence as the teacher writes it."""
        return written(self.html)


def compare(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> tuple[Change, ...]:
    """What changed for someone who has the notes ``before``, in the order of introduction.

    Notes that are as they were are left out; so are those that such a learner never gets to see.
    """
    keys = sorted(before.keys() | after.keys(), key=lambda key: _place(after.get(key), key))
    found = (_change(key, before.get(key), after.get(key)) for key in keys)
    changes = [change for change in found if change is not None]
    drawn = redrawn(before, after) if any(_shows_another(c, before, after) for c in changes) else {}
    return tuple(
        change._replace(drawing=drawn.get(change.key, ""))
        if _shows_another(change, before, after)
        else change
        for change in changes
    )


def _shows_another(change: Change, before: Mapping[str, Entry], after: Mapping[str, Entry]) -> bool:
    """Whether a note that learners have shows another drawing, beside what else became of it."""
    if change.status not in ("edited", "around"):
        return False
    old, new = before[change.key], after[change.key]
    drawn = old.kind == new.kind == "picture"
    return drawn and (change.status == "around" or _drawn(old) != _drawn(new))


def _drawn(entry: Entry) -> str:
    """The drawing of a note in words, with its title."""
    shown = entry.words.get("Back picture", "")
    return shown.removesuffix(undrawn(shown))


def _place(entry: Entry | None, key: str) -> tuple[bool, int, str]:
    gone = entry is None or entry.retired > 0
    return gone, 0 if entry is None or gone else min(entry.due, default=0), key


def _change(key: str, old: Entry | None, new: Entry | None) -> Change | None:
    status = _status(old, new)
    entry = old if status in ("retired", "missing") else new
    if status is None or entry is None:
        return None
    change = Change(
        key=key,
        name=entry.name or key,
        status=status,
        topic=plain(entry.words.get("Topic", "")),
        html=_caption(entry) + entry.words.get("Text", ""),
    )
    return _compared(change, old, new) if old and new else change


def _caption(entry: Entry) -> str:
    """What the drawing on a card is called, as the title of its question; empty without one."""
    found = CAPTION.search(entry.words.get("Picture", ""))
    return f'<div class="title">{found[1]}</div>' if found else ""


def _compared(change: Change, old: Entry, new: Entry) -> Change:
    """The change of a note that was there before, with what became of its words and cards."""
    if change.status == "restored":
        return change._replace(edits=tuple(_edits(old, new)))
    if change.status != "edited":
        return change
    then, now = _live(old), _live(new)
    ever = {asked.number for asked in old.asked}
    return change._replace(
        edits=tuple(_edits(old, new)),
        new_cards=tuple(sorted(now - ever)),
        restored_cards=tuple(sorted(now - then & ever)),
        retired_cards=tuple(sorted(then - now)),
        reworded_cards=tuple(_reworded(old, new)),
    )


def _reworded(old: Entry, new: Entry) -> Iterator[tuple[int, str, str]]:
    """The numbers that hide other words now."""
    then, now = _answers(old), _answers(new)
    for number in sorted(then.keys() & now.keys()):
        if then[number].casefold() != now[number].casefold():
            yield number, then[number], now[number]


def _answers(entry: Entry) -> dict[int, str]:
    """What each number hides in the note's own sentence, as plain text."""
    found: dict[int, list[str]] = {}
    for blank in CLOZE.finditer(entry.words.get("Text", "")):
        found.setdefault(int(blank[1]), []).append(plain(blank[2]))
    return {number: ", ".join(texts) for number, texts in found.items()}


def _status(old: Entry | None, new: Entry | None) -> Status | None:
    if old is None or old.forgotten:
        return None if new is None or new.retired else "new"
    if new is None or new.forgotten:
        return None if old.retired else "missing"
    if old.retired or new.retired:
        return None if old.retired and new.retired else "retired" if new.retired else "restored"
    if old.content == new.content:
        return None
    return "edited" if (_said(old), old.tags) != (_said(new), new.tags) else _unseen(old, new)


def _said(entry: Entry) -> Mapping[str, str]:
    """The words of a note, of a box without those for the drawing around it."""
    if entry.kind != "picture":
        return entry.words
    return {name: undrawn(text) for name, text in entry.words.items()}


def _unseen(old: Entry, new: Entry) -> Status:
    """A note whose remembered words are the same: a number of it was retired, or its neighbours
    are not what they were."""
    return "edited" if _live(old) != _live(new) else "around"


def _live(entry: Entry) -> set[int]:
    return {asked.number for asked in entry.asked if asked.live}


PICTURE = "Picture"
"""What an edit of a note's picture is called; where it is of one side only, with that side."""

_CALLED = {"Picture": f"{PICTURE} on the front", "Back picture": f"{PICTURE} on the back"}

# --- Word by word ----------------------------------------------------------------------------


def _edits(old: Entry, new: Entry) -> Iterator[Edit]:
    """The fields that are not the same, in the order of the note type; the tags last."""
    drawn = old.kind == new.kind == "picture"
    then, now = (_said(old), _said(new)) if drawn else (old.words, new.words)
    edits = {
        name: Edit(_CALLED.get(name, name), then.get(name, ""), now.get(name, ""))
        for name in dict.fromkeys([*now, *then])
        if then.get(name, "") != now.get(name, "")
    }
    front, back = (edits.get(name) for name in _CALLED)
    if front and back and front[1:] == back[1:]:  # one picture, that of both sides
        del edits["Back picture"]
        edits["Picture"] = front._replace(field=PICTURE)
    yield from edits.values()
    if old.tags != new.tags:
        yield Edit("Tags", escape(" ".join(old.tags)), escape(" ".join(new.tags)))


def written(html: str) -> str:
    """A field as the teacher would write it, with ``==blanks==``, as plain text; the title of a
    process stands before the words of a step."""
    return plain(CLOZE.sub(_marked, titled(html)))


def titled(html: str) -> str:
    """A field in which the title of a process leads up to the words of its step, that of a drawing
    to what is in it, and a term to its meaning; without a question that all of a kind ask."""
    return TERM.sub(r"\1: ", CAPTION.sub(r"\1: ", TITLE.sub(_lead, unasked(html))))


def _lead(title: re.Match[str]) -> str:
    return f"{title[1]} ({title[2]}): " if title[2] else f"{title[1]}: "


def _marked(blank: re.Match[str]) -> str:
    return f"=={blank[2]}::{blank[3]}==" if blank[3] else f"=={blank[2]}=="


def pieces(then: str, now: str) -> Iterator[Piece]:
    """The words of two texts in one row, with what was taken out before what was put in."""
    old, new = then.split(), now.split()
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("=", " ".join(old[i:j]))
            continue
        if i < j:
            yield Piece("-", " ".join(old[i:j]))
        if k < m:
            yield Piece("+", " ".join(new[k:m]))
