"""Pictures of the teacher's own: the files that cards name, checked, and what a card shows of them.

(names that cards give, files of the media folder) -> pictures by name, problems
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from metaflash.diagnostics import Diagnostic, Source, Span, nearest
from metaflash.markup import attribute
from metaflash.pictures import Flaw, Picture, examine
from metaflash.readers import Name, line, named
from metaflash.shape import shaped, text
from metaflash.tree import Node, Reading, Scalar

FOLDER = "media"
"""The folder beside ``deck.yaml`` that holds the pictures."""

USUAL = frozenset(
    {FOLDER, "image", "images", "img", "imgs", "pics", "picture", "pictures", "figures"}
)
"""Other names of such a folder, and other letters (``Media``), under which teachers may have it."""


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


NO_SHELF = Shelf(FOLDER, None, lambda _: b"", lambda _: "")
"""What a deck has that has no pictures."""


class Album(NamedTuple):
    """The pictures that cards show, by the names that cards give them."""

    pictures: Mapping[str, Picture]
    problems: tuple[Diagnostic, ...]


# --- The key -------------------------------------------------------------------------------


@shaped(
    text(
        rf"^(?!\s*(?:[A-Za-z]:|https?:|ftp:|data:|file:|//|~|/|{FOLDER}/))[^\\]*\S",
        f"Put the file into {FOLDER}/ beside deck.yaml, and write its name only.",
        examples=["sentinel-node.png"],
    )
)
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
        return (
            f"A card cannot show what it would have to fetch. Put the file into {FOLDER}/ beside"
            " deck.yaml, and write its name:  image: name.png"
        )
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


def collect(names: Iterable[Name], shelf: Shelf) -> Album:
    """The pictures of some names, each file read once, and what is wrong with names and files."""
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
        hint = _moved(name, other, shelf)
    elif shelf.names is None:
        hint = f"There is no folder {shelf.path} yet: make it, and put the picture there."
        message = f"there is no `{name}`"
    elif other := nearest(name, shelf.names):
        hint = f"Did you mean `{other}`? Write:  image: {other}"
    else:
        hint = f"Put the picture into {shelf.path}, or write the name of one that is there."
    return Diagnostic(name.span, "error", code, message, hint)


def _moved(name: Name, other: str, shelf: Shelf) -> str:
    """What to do where the picture stands elsewhere; often its folder only has another name."""
    home, place = PurePosixPath(shelf.path).parent, PurePosixPath(other)
    folder, *inner = place.relative_to(home).parts if place.is_relative_to(home) else ("",)
    if shelf.names is not None or not inner or folder.casefold() not in USUAL:
        return f"There is {other}. Move it to {shelf.path}."
    right = "/".join(inner)
    write = "." if right == name else f", and write:  image: {right}"
    return f"There is {other}. Rename the folder {folder} to {FOLDER}{write}"


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


# --- On a card -------------------------------------------------------------------------------


def html(picture: Picture, alt: str) -> str:
    """The picture as a card shows it; its size keeps the card from jumping when it has loaded."""
    size = f' width="{picture.size.width}" height="{picture.size.height}"' if picture.size else ""
    return f'<img src="{picture.name}" alt="{attribute(alt)}"{size}>'
