"""The pictures of notes: what their fields show, what it tells, and which files go along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from metaflash import media
from metaflash.diagnostics import Diagnostic, Source, Span
from metaflash.history import Drafted
from metaflash.kinds.kind import Fact, Leaf
from metaflash.media import Album, Shelf
from metaflash.note import Cloze, Note
from metaflash.notetype import FIELDS
from metaflash.pictures import Flaw, Picture, examine
from metaflash.readers import Name
from metaflash.words import plain, stands_in

_SHOWING = ("Picture", "Back picture")
"""The fields of the front and of the back; a picture of the question stays for the answer."""

_SHORT = 3
"""Letters of an answer below which it stands in other words by chance."""

_FEW = 20
"""Files that a message names."""


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
    """A warning where what stands for the picture on the front gives away what a card asks for.

    The words of a process go with each of its steps, and are told once for each answer.
    """
    yield from dict.fromkeys(problem for one in drafted for problem in _telling(one))


def _telling(one: Drafted) -> Iterator[Diagnostic]:
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
        span = _words_in(one.alt.span, told[0]) if one.alt else one.span
        yield Diagnostic(span, "warning", "alt-tells", message, hint)


def _words_in(span: Span, words: str) -> Span:
    """Where some words stand in a place; all of it where they are written in another way."""
    source, start, end = span
    found = re.search(re.escape(words), source.text[start:end], re.IGNORECASE)
    return Span(source, start + found.start(), start + found.end()) if found else span


def packed(
    notes: Iterable[Note], album: Album, shelf: Shelf
) -> tuple[dict[str, bytes], list[Diagnostic]]:
    """The files that notes show, by their names in Anki, and what is to be told of the others.

    A retired note goes on showing its picture while the file is there; learners who have the note
    have the file.
    """
    at = [list(FIELDS).index(name) for name in _SHOWING]
    retired = (note.fields[i] for note in notes if note.retired for i in at)
    used = {**album.pictures, **_found_again(retired, album, shelf)}
    files = {picture.name: picture.data for picture in used.values()}
    return dict(sorted(files.items())), list(_unused(used, shelf))


_SHOWN = re.compile(r'<img src="(mf-[0-9a-f]{16}\.[a-z]+)"')


def _found_again(html: Iterable[str], album: Album, shelf: Shelf) -> dict[str, Picture]:
    """The files behind the pictures in some fields, of those that no card names any more: pictures
    by the names of their files."""
    wanted = {name for field in html for name in _SHOWN.findall(field)}
    wanted -= {picture.name for picture in album.pictures.values()}
    found: dict[str, Picture] = {}
    for name in sorted(_files(shelf) - album.pictures.keys() if wanted else ()):
        data = shelf.read(name)
        picture = None if isinstance(data, Flaw) else examine(name, data)[0]
        if picture and picture.name in wanted:
            found[name] = picture
    return found


def _unused(names: Iterable[str], shelf: Shelf) -> Iterator[Diagnostic]:
    """A warning where the folder has files beside those of some names."""
    left = sorted(_files(shelf) - set(names))
    if not left:
        return
    message = "a file that no card uses"
    hint = (
        "It does not come into the package. Show it on a card, or take it out of the folder. On a"
        f" card:  image: {left[0]}"
    )
    if len(left) > 1:
        more = f" and {len(left) - _FEW} more" if len(left) > _FEW else ""
        message = f"{len(left)} files that no card uses"
        hint = (
            "They do not come into the package. Show them on cards, or take them out of the folder:"
            f" {', '.join(left[:_FEW])}{more}."
        )
    span = Span(Source(f"{shelf.path}/{left[0]}" if len(left) == 1 else shelf.path, ""), 0, 0)
    yield Diagnostic(span, "warning", "unused-picture", message, hint)


def _files(shelf: Shelf) -> frozenset[str]:
    return shelf.names or frozenset()
