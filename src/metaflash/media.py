"""Pictures of the teacher's own: the files that cards name, checked, and what a card shows of them.

(names that cards give, files of the media folder) -> pictures by name, problems
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from metaflash.diagnostics import Diagnostic, Source, Span, nearest
from metaflash.markup import attribute
from metaflash.pictures import Flaw, Picture, examine
from metaflash.record import Name, line, named
from metaflash.tree import Node, Reading, Scalar

FOLDER = "media"
"""The folder beside ``deck.yaml`` that holds the pictures."""

_FEW = 20
"""Files that a message names."""


class Shelf(NamedTuple):
    """The files of a deck's media folder; ``path`` is the folder as it is shown.

    ``names`` are the paths in it, with ``/`` and composed (NFC), None where there is no folder;
    ``read`` gives the bytes of one, or what is in the way; ``elsewhere`` a file of some name that
    stands outside, empty if there is none.
    """

    path: str
    names: frozenset[str] | None
    read: Callable[[str], bytes | Flaw]
    elsewhere: Callable[[str], str]


class Album(NamedTuple):
    """The pictures that cards show, by the names that cards give them."""

    pictures: Mapping[str, Picture]
    problems: tuple[Diagnostic, ...]


# --- The key -------------------------------------------------------------------------------


def picture_name(node: Node, reading: Reading) -> Name | None:
    """The name of a file in the media folder; whether there is one is seen later."""
    text = line(node, reading)
    if text is None or not isinstance(node, Scalar):
        return None
    if hint := _wrong_name(text):
        short = text if len(text) <= 60 else f"{text[:57]}…"
        message = f"`{short}` is no file in the deck's {FOLDER} folder"
        reading.error(node.start, node.end, "picture-name", message, hint)
        return None
    return named(node._replace(text=unicodedata.normalize("NFC", text)), reading)


def _wrong_name(text: str) -> str:
    """What is wrong with a name, empty if nothing is."""
    parts = text.replace("\\", "/").split("/")
    if re.match(r"(?i)(?:https?|ftp|data|file):|//|www\.", text):
        return f"A card cannot show what it would have to fetch. Put the file into {FOLDER}/."
    if parts[0] == FOLDER and len(parts) > 1:
        return f"The folder goes without saying:  image: {'/'.join(parts[1:])}"
    if parts[0] in ("", "~") or re.match(r"[A-Za-z]:", text) or ".." in parts:
        return f"Put the file into {FOLDER}/ beside deck.yaml, and write only:  image: {parts[-1]}"
    if "" in parts or "." in parts or "\\" in text:
        better = "/".join(part for part in parts if part not in ("", "."))
        return f"Write:  image: {better}"
    if any(unicodedata.category(c) in ("Cc", "Cf") for c in text):
        return "It holds a character that cannot be seen. Type the name anew."
    return ""


# --- The files -----------------------------------------------------------------------------


def collect(names: Iterable[Name], shelf: Shelf | None) -> Album:
    """The pictures of some names, each file read once, and what is wrong with names and files."""
    shelf = shelf or Shelf(FOLDER, None, lambda _: b"", lambda _: "")
    pictures: dict[str, Picture] = {}
    problems: list[Diagnostic] = []
    seen: set[str] = set()
    for name in names:
        if shelf.names is None or name not in shelf.names:
            problems.append(_missing(name, shelf))
        elif name not in seen:
            seen.add(str(name))
            data = shelf.read(name)
            picture, flaws = (None, [data]) if isinstance(data, Flaw) else examine(name, data)
            content = b"" if isinstance(data, Flaw) else data
            problems += (_told(flaw, name, shelf, content) for flaw in flaws)
            if picture:
                pictures[str(name)] = picture
    return Album(pictures, tuple(problems))


def _missing(name: Name, shelf: Shelf) -> Diagnostic:
    """A name of which there is no file, and the one that was probably meant."""
    code, message = "no-picture", f"there is no `{name}` in {shelf.path}"
    folded = {other.casefold(): other for other in sorted(shelf.names or ())}
    files = {PurePosixPath(other).name: other for other in sorted(shelf.names or ())}
    if other := folded.get(name.casefold()):
        message = f"`{name}` is called `{other}`"
        hint = f"Small and capital letters count in Anki and on Linux. Write:  image: {other}"
    elif other := files.get(PurePosixPath(name).name):
        hint = f"There is one in a folder. Write:  image: {other}"
    elif other := shelf.elsewhere(name):
        hint = f"There is {other}. Move it to {shelf.path}."
    elif shelf.names is None:
        hint = f"There is no folder {shelf.path} yet: make it, and put the picture there."
        message = f"there is no `{name}`"
    elif other := nearest(name, shelf.names):
        hint = f"did you mean `{other}`?"
    else:
        hint = f"Put the picture into {shelf.path}."
    return Diagnostic(name.span, "error", code, message, hint)


def _told(flaw: Flaw, name: Name, shelf: Shelf, data: bytes) -> Diagnostic:
    """A flaw at the name that a card gives the file or, where its place is known, in the file."""
    code, message, hint, at, severity = flaw
    if at is None:
        return Diagnostic(name.span, severity, code, message, f"{shelf.path}/{name}: {hint}")
    source = Source(f"{shelf.path}/{name}", _lines(data))
    start = min(len(_lines(data[:at])), max(0, len(source.text) - 1))
    span = Span(source, start, start + 1)
    return Diagnostic(span, severity, code, message, f"{hint}\nUsed at {name.span}.")


def _lines(data: bytes) -> str:
    """A file as text with Unix line ends, in which every character keeps its place."""
    return data.decode("utf-8", "replace").replace("\r\n", " \n").replace("\r", "\n")


# --- What nobody uses, and what must be kept -------------------------------------------------


def found_again(html: Iterable[str], album: Album, shelf: Shelf | None) -> dict[str, Picture]:
    """The files behind the pictures in some fields, of those that no card names any more: pictures
    by the names of their files."""
    wanted = {name for field in html for name in _SHOWN.findall(field)}
    wanted -= {picture.name for picture in album.pictures.values()}
    found: dict[str, Picture] = {}
    if shelf is None or not wanted:
        return found
    for name in sorted((shelf.names or frozenset()) - album.pictures.keys()):
        data = shelf.read(name)
        picture = None if isinstance(data, Flaw) else examine(name, data)[0]
        if picture and picture.name in wanted:
            found[name] = picture
    return found


_SHOWN = re.compile(r'<img src="(mf-[0-9a-f]{16}\.[a-z]+)"')


def unused(names: Iterable[str], shelf: Shelf | None) -> Iterator[Diagnostic]:
    """A warning where the folder has files beside those of some names."""
    left = sorted((shelf.names or frozenset()) - set(names)) if shelf else []
    if not shelf or not left:
        return
    message = f"no card uses `{left[0]}`"
    hint = "It does not come into the package. Name it in a card's `image`, or take it out."
    if len(left) > 1:
        more = f" and {len(left) - _FEW} more" if len(left) > _FEW else ""
        message = f"{len(left)} files that no card uses"
        hint = f"They do not come into the package: {', '.join(left[:_FEW])}{more}."
    span = Span(Source(f"{shelf.path}/{left[0]}", ""), 0, 0)
    yield Diagnostic(span, "warning", "unused-picture", message, hint)


def html(picture: Picture, alt: str) -> str:
    """The picture as a card shows it; its size keeps the card from jumping when it has loaded."""
    size = f' width="{picture.size.width}" height="{picture.size.height}"' if picture.size else ""
    return f'<img src="{picture.name}" alt="{attribute(alt)}"{size}>'
