"""What a style in a picture may say: only what is known to fetch nothing and to run nothing.

A style is cut into pieces as a browser does it (https://www.w3.org/TR/css-syntax-3/#tokenization), and
rules, functions and addresses are held against lists of what is allowed. What programs could read in
two ways is refused: escapes, texts and comments without an end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_RULES = re.compile(
    r"charset|container|counter-style|font-(?:face|feature-values)|(?:-webkit-)?keyframes|layer|media"
    r"|page|property|supports",
    re.IGNORECASE,
)
_FUNCTIONS = re.compile(
    r"""
    (?: rgb | hsl )a? | hwb | (?: ok )?(?: lab | lch ) | color(?: -mix )? | light-dark | icc-color
  | calc | min | max | clamp | abs | sign | round | mod | rem | a?(?: sin | cos | tan ) | atan2 | pow | sqrt
  | hypot | log | exp | var | counters?
  | matrix(?: 3d )? | perspective | (?: rotate | scale | skew | translate )(?: [xyz] | 3d )?
  | cubic-bezier | linear | steps
  | (?: repeating- )?(?: linear | radial | conic )-gradient
  | blur | brightness | contrast | drop-shadow | grayscale | hue-rotate | invert | opacity | saturate | sepia
  | circle | ellipse | inset | path | polygon | rect | xywh
  | local | format | tech                                              # fonts: a learner's own, embedded
  | is | where | not | has | nth-(?: last- )?(?: child | of-type ) | lang | dir | and | or | selector
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""What is known to fetch nothing, whatever stands in it."""

_PIECE = re.compile(
    r"""
    (?P<comment> /\* .*? \*/ )
  | (?P<text> "[^"\\\n\r\f]*" | '[^'\\\n\r\f]*' )
  | (?P<open> /\* | ["'\\] )
  | @ (?P<rule> [-\w]++ )
  | (?<![-\w]) url\( \s*+ (?P<quote>["']?) (?P<address> [^"'()\\\s]*+ ) (?P=quote) \s*+ \)
  | (?<![-\w]) (?P<function> [-\w]++ ) \(
    """,
    re.VERBOSE | re.ASCII | re.DOTALL | re.IGNORECASE,
)
"""The pieces that matter. A letter beyond ASCII ends a name here: then one more function is seen than
some browsers see, and none is missed."""

_EMBEDDED = re.compile(
    r"data:(?:image/(?:png|jpe?g|gif|webp)[;,]|font/|application/(?:x-)?font)", re.IGNORECASE
)
_EXPORT = "Export it anew as plain SVG, or as PNG."


class Wrong(NamedTuple):
    """What a style may not say, and what to do about it."""

    message: str
    hint: str


def wrong(style: str) -> Wrong | None:
    """The first thing that a style may not say, None if there is none."""
    return next(filter(None, map(_fault, _PIECE.finditer(style))), None)


def _fault(piece: re.Match[str]) -> Wrong | None:
    if piece["open"] == "\\":
        hint = f"It could hide what the style fetches. Write the letter itself. {_EXPORT}"
        return Wrong("an SVG with a backslash in a style", hint)
    if piece["open"]:
        hint = f"The {piece['open']} has no second one that ends it. {_EXPORT}"
        return Wrong("an SVG with a style that is not whole", hint)
    address = piece["address"]
    if address is not None and not address.startswith("#") and not _EMBEDDED.match(address):
        hint = f"url({address[:40]}) would not be in the deck. {_EXPORT}"
        return Wrong("an SVG that refers to something outside", hint)
    if (piece["function"] or "").lower() == "url":
        said = piece.string[piece.start() : piece.start() + 40].split("\n")[0]
        hint = f"`{said}` may lead anywhere. A part of the picture itself is named:  url(#id)"
        return Wrong("an SVG that refers to something outside", hint)
    for name, known, said in (
        (piece["rule"], _RULES, f"@{piece['rule']}"),
        (piece["function"], _FUNCTIONS, f"{piece['function']}("),
    ):
        if name is not None and not known.fullmatch(name):
            hint = f"`{said}` is not among what is known to fetch nothing. {_EXPORT}"
            return Wrong("an SVG with a style from elsewhere", hint)
    return None


def parts(style: str) -> Iterator[str]:
    """The ids of the parts of the picture that a style refers to."""
    for piece in _PIECE.finditer(style):
        if piece["address"]:
            yield piece["address"].removeprefix("#")


# --- Whom it is for --------------------------------------------------------------------------

_CLASS = re.compile(r"[-\w]*\.([-\w]+)", re.ASCII)
_ELEMENT = re.compile(r"[-\w]+", re.ASCII)


class Whom(NamedTuple):
    """The elements that a selector may mean: those of a class, or of a name (in small letters); any
    where both are empty."""

    of_class: str
    of_name: str


def demands(sheet: str) -> Iterator[tuple[frozenset[str], frozenset[Whom]]]:
    """The ids of the parts that the rules of a style sheet refer to, and for whom."""
    bare = _PIECE.sub(lambda piece: "" if piece["comment"] or piece["text"] else piece[0], sheet)
    before = ""
    for block in re.split(r"(?=[{}])", bare):
        selector = before if block.startswith("{") else ""
        before = block.lstrip("{}").rpartition(";")[2]
        if selector.strip().lower() == "@font-face":
            continue  # a font in the picture is no drawing
        if found := frozenset(parts(block)):
            yield found, frozenset(map(_whom, selector.split(",")))


def _whom(selector: str) -> Whom:
    last = re.split(r"[\s>+~]+", selector.strip())[-1]
    if of_class := _CLASS.fullmatch(last):
        return Whom(of_class[1], "")
    return Whom("", last.lower() if _ELEMENT.fullmatch(last) else "")
