"""What an SVG may hold to be a picture: shapes and words, and nothing that runs, or is fetched.

Anki shows it through ``<img>``, where a browser runs no script and fetches nothing. It is checked
all the same, because a learner or a program can open the file by itself. Entities are refused before
one is expanded, so none can grow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, NoReturn
from xml.parsers import expat

from metaflash import css
from metaflash.raster import Size
from metaflash.reuse import MAX_DRAWN, Parts

NAMESPACE = "http://www.w3.org/2000/svg"
_XHTML = "http://www.w3.org/1999/xhtml"
_XML = "http://www.w3.org/XML/1998/namespace"

MAX_ELEMENTS = 200_000
MAX_DEPTH = 200

_LONG_SIDE = 600
"""Pixels that the longer side of an SVG without a size of its own gets."""

_RUNS = {"script", "handler", "listener", "iframe", "object", "embed", "audio", "video", "canvas"}
_ANIMATES = {"set", "animate", "animatetransform", "animatemotion", "discard"}
_EMBEDDED = re.compile(r"data:image/(?:png|jpe?g|gif|webp)[;,]", re.IGNORECASE)
_ENCODING = re.compile(
    r"utf-?(?:8|16(?:[lb]e)?)|us-ascii|iso-8859-\d+|windows-125\d", re.IGNORECASE
)
"""Encodings that every reader takes for the same; in others a browser might read another picture."""

_LINKS = {"href", "src", "ping"}
_SAYS = {"alt", "begin", "class", "content", "end", "id", "label", "name", "title", "unicode"}
"""Attributes in which no browser looks for a style, and in which programs write any text."""


class Trouble(NamedTuple):
    """What is wrong with an SVG: a code, what it is and what to do; ``at`` is the byte where."""

    code: str
    message: str
    hint: str
    at: int


class _FoundError(Exception):
    """The first trouble of an SVG; what comes after it need not be read."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__()
        self.trouble = trouble


def check(data: bytes) -> Size | Trouble | None:
    """The size at which an SVG is to be shown, None if it says nothing of one, or the first
    trouble. Never raises."""
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)  # noqa: FBT003 - positional only
        reader.count_again()
    except _FoundError as found:
        return found.trouble
    except expat.ExpatError as error:
        return Trouble("broken-svg", "an SVG that is not well-formed", _why(error), reader.fault)
    except (ValueError, LookupError, UnicodeError) as error:  # an encoding that nobody knows
        return Trouble("broken-svg", "an SVG that cannot be read", f"{error}. Export it anew.", 0)
    return reader.size


def _why(error: expat.ExpatError) -> str:
    return (
        f"XML says: {expat.ErrorString(error.code)}. A browser would show nothing. Export it anew."
    )


_HINT_EXPORT = "Export it anew as plain SVG, or as PNG."


class _Reader:
    """An SVG being read from its start; the first trouble ends it."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.XmlDeclHandler = self._declaration
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.SkippedEntityHandler = self._skipped
        self.parser.ProcessingInstructionHandler = self._instruction
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.size: Size | None = None
        self.parts = Parts()
        self.depth = self.elements = 0
        self.style: list[str] | None = None
        self.style_at = 0

    @property
    def fault(self) -> int:
        """The byte at which the parser gave up."""
        return max(0, self.parser.ErrorByteIndex)

    def _refuse(self, message: str, hint: str, code: str = "unsafe-svg", at: int = -1) -> NoReturn:
        """End the reading, at a byte or where it has come to."""
        place = self.parser.CurrentByteIndex if at < 0 else at
        raise _FoundError(Trouble(code, message, hint, max(0, place)))

    # --- Before the picture ----------------------------------------------------------------

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and not _ENCODING.fullmatch(encoding):
            hint = f"Browsers may read `{encoding[:40]}` otherwise. Export it anew as UTF-8."
            self._refuse("an SVG in a rare encoding", hint, "broken-svg")

    def _doctype(
        self, _name: str, _system: str | None, _public: str | None, has_subset: int
    ) -> None:
        if has_subset:
            hint = f"A picture needs none. In Illustrator save it without editing capabilities. {_HINT_EXPORT}"
            self._refuse("an SVG with declarations of its own", hint)

    def _skipped(self, name: str, _parameter: int) -> None:
        hint = f"XML knows no &{name}; here. Write the sign itself."
        self._refuse("an SVG that is not well-formed", hint, "broken-svg")

    def _instruction(self, target: str, _data: str) -> None:
        if target.lower() == "xml-stylesheet":
            hint = f"A learner would not have that file. {_HINT_EXPORT}"
            self._refuse("an SVG with a style sheet from elsewhere", hint)

    # --- Its elements ----------------------------------------------------------------------

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        space, local = _parted(name)
        self._count(space, local, attributes)
        low = local.lower()
        if low == "foreignobject" or space == _XHTML:
            hint = (
                "Not every program shows it. In draw.io turn off “Formatted Text” and “Word Wrap” for"
                f" all texts, then export again. {_HINT_EXPORT}"
            )
            self._refuse("an SVG with a piece of a web page in it", hint)
        if low in _RUNS:
            hint = f"A card is a picture, not a program. Take <{local}> out. {_HINT_EXPORT}"
            self._refuse(f"an SVG with <{local}> in it", hint)
        if self.style is not None:
            hint = f"A style has no parts. Take <{local}> out of it. {_HINT_EXPORT}"
            self._refuse(f"an SVG with <{local}> inside a style", hint)
        self.parts.start(low, attributes.get("id", ""), attributes.get("class", ""))
        for key, value in attributes.items():
            self._attribute(low, key, value)
        if low == "style":
            self.style, self.style_at = [], self.parser.CurrentByteIndex

    def _count(self, space: str, local: str, attributes: Mapping[str, str]) -> None:
        """The root must be a picture, and the whole not too much for a phone."""
        self.depth += 1
        self.elements += 1
        if self.elements == 1:
            if local != "svg" or space != NAMESPACE:
                hint = f'It begins with <{local}>; a picture begins:  <svg xmlns="{NAMESPACE}" …'
                self._refuse("an SVG that no browser shows", hint, "broken-svg")
            self.size = _size(attributes)
        if self.depth > MAX_DEPTH or self.elements > MAX_ELEMENTS:
            hint = (
                f"The limit is {MAX_ELEMENTS:,} elements, {MAX_DEPTH} inside each other. Simplify it, or"
                " export it as PNG."
            )
            self._refuse("an SVG with too much in it", hint)

    def _attribute(self, element: str, key: str, value: str) -> None:
        space, local = _parted(key)
        low = local.lower()
        if low.startswith("on") and not space:
            hint = f"It would run a program. Take {local}=… out."
            self._refuse(f"an SVG with `{local}` in it", hint)
        target = (
            _parted(value.strip().replace(":", " "))[1].lower() if low == "attributename" else ""
        )
        if element in _ANIMATES and (target == "href" or target.startswith("on")):
            self._refuse("an SVG that changes a link as it is shown", f"Take <{element}> out.")
        if low == "href" or (low in _LINKS and not space) or (low == "base" and space == _XML):
            self._reference(value)
        elif "(" in value and not (space or low in _SAYS or low.startswith(("data-", "aria-"))):
            self._style(value)
            self.parts.style(value)

    def _reference(self, value: str) -> None:
        """A link may lead to a part of the picture itself, or hold a picture."""
        value = value.strip()
        if value.startswith("#"):
            self.parts.link(value[1:])
        elif value and not _EMBEDDED.match(value):
            short = value if len(value) <= 40 else f"{value[:40]}…"
            hint = (
                f"`{short}` would not be in the deck. Embed a linked picture (Inkscape: Extensions, Images, "
                "Embed), and take other links out: nobody can click them in a picture."
            )
            self._refuse("an SVG that refers to something outside", hint)

    def _style(self, style: str, at: int = -1) -> None:
        """A style may refer to a part of the picture itself, or hold a picture or a font."""
        if wrong := css.wrong(style):
            self._refuse(wrong.message, wrong.hint, at=at)

    def _text(self, text: str) -> None:
        if self.style is not None:
            self.style.append(text)

    def _end(self, _name: str) -> None:
        self.depth -= 1
        self.parts.end()
        if self.style is not None:
            style, self.style = "".join(self.style), None
            self._style(style, self.style_at)
            self.parts.sheet(style)

    # --- As a whole ------------------------------------------------------------------------

    def count_again(self) -> None:
        """What the picture draws again must not be too much for a phone, either."""
        again = self.parts.drawn_again()
        if again is None:
            hint = f"One of its parts refers to itself, or to what it stands in. {_HINT_EXPORT}"
            self._refuse("an SVG that has itself in it", hint, at=0)
        if again > MAX_DRAWN:
            hint = (
                "Parts that refer to parts that refer to parts (<use>, masks, patterns) make it more"
                f" than {MAX_DRAWN:,} elements. Simplify it, or export it as PNG."
            )
            self._refuse("an SVG with too much in it", hint, at=0)


def _parted(name: str) -> tuple[str, str]:
    """A name's namespace and what it is called there."""
    space, _, local = name.rpartition(" ")
    return space, local


# --- Its size ------------------------------------------------------------------------------

_PIXELS = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "em": 16.0,
    "ex": 8.0,
}
"""What the units of CSS are (https://www.w3.org/TR/css-values-3/#absolute-lengths)."""

_LENGTH = re.compile(
    r"\+?+(\d++(?:\.\d*+)?+|\.\d++)(?:e\+?0?(\d))?+\s*+([a-z]*+)", re.ASCII | re.IGNORECASE
)
_MAX_SIDE = 100_000


def _size(attributes: Mapping[str, str]) -> Size | None:
    """The size that a root says, completed from its view box; None without any."""
    width, height = _length(attributes.get("width", "")), _length(attributes.get("height", ""))
    box = re.split(r"[\s,]+", attributes.get("viewBox", "").strip(), maxsplit=4)
    across, down = (_length(part) for part in box[2:]) if len(box) == 4 else (0.0, 0.0)
    if not width and not height and across and down:
        scale = _LONG_SIDE / max(across, down)
        width, height = across * scale, down * scale
    elif not width and height and across and down:
        width = height * across / down
    elif not height and width and across and down:
        height = width * down / across
    if not width or not height or max(width, height) > _MAX_SIDE:
        return None  # a browser then takes 300 by 150
    return Size(max(1, round(width)), max(1, round(height)))


def _length(text: str) -> float:
    """A length in pixels; 0 for none, or for one that depends on the page."""
    found = _LENGTH.fullmatch(text.strip())
    if not found or found[3].lower() not in _PIXELS:
        return 0.0
    length = float(found[1]) * 10 ** int(found[2] or 0) * _PIXELS[found[3].lower()]
    return length if length <= _MAX_SIDE else 0.0
