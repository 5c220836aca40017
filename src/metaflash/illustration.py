"""The pictures of notes: what their fields show, what it tells, and which files go along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from metaflash import media
from metaflash.diagnostics import Diagnostic
from metaflash.history import Drafted
from metaflash.kinds.kind import Fact, Leaf
from metaflash.media import Album, Shelf
from metaflash.note import Cloze, Note
from metaflash.notetype import FIELDS
from metaflash.record import Name
from metaflash.words import plain, stands_in

_SHOWING = ("Picture", "Back picture")
"""The fields of the front and of the back; a picture of the question stays for the answer."""

_SHORT = 3
"""Letters of an answer below which it stands in other words by chance."""


def named(facts: Iterable[Fact]) -> Iterator[Name]:
    """The pictures that facts and their steps name, in order."""
    return (leaf.image for fact in facts for leaf in fact.leaves() if leaf.image)


def fields(leaf: Leaf, album: Album) -> dict[str, str]:
    """The fields that show the picture of a fact or step, none where it has none to show."""
    picture = album.pictures.get(leaf.image) if leaf.image else None
    if picture is None:
        return {}
    shows = media.html(picture, leaf.alt or "")
    return {"Back picture": shows} if leaf.image_on == "back" else dict.fromkeys(_SHOWING, shows)


def telling(drafted: Iterable[Drafted]) -> Iterator[Diagnostic]:
    """A warning where what stands for the picture on the front gives away what a card asks for."""
    for one in drafted:
        alt = plain(one.fields.get("Picture", ""))
        pieces = (piece for field in one.draft.fields.values() for piece in field) if alt else ()
        answers = dict.fromkeys(plain(p.answer) for p in pieces if isinstance(p, Cloze))
        told = [a for a in answers if len(a) >= _SHORT and stands_in(a, alt)]
        if told:
            hint = (
                "A learner who hears the card is told the answer. Say it otherwise in `alt`; or, if the"
                " picture shows it to all others, too, write:  image-on: back"
            )
            message = f"`alt` gives “{told[0]}” away"
            yield Diagnostic(one.span, "warning", "alt-tells", message, hint)


def packed(
    notes: Iterable[Note], album: Album, shelf: Shelf | None
) -> tuple[dict[str, bytes], list[Diagnostic]]:
    """The files that notes show, by their names in Anki, and what is to be told of the others.

    A retired note goes on showing its picture while the file is there; learners who have the note
    have the file.
    """
    at = [list(FIELDS).index(name) for name in _SHOWING]
    retired = (note.fields[i] for note in notes if note.retired for i in at)
    used = {**album.pictures, **media.found_again(retired, album, shelf)}
    files = {picture.name: picture.data for picture in used.values()}
    return dict(sorted(files.items())), list(media.unused(used, shelf))
