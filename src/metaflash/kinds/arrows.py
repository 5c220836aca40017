"""The arrows of a picture, as they are written: ``GI tract -> portal vein -> liver``."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from metaflash.blanks import MATH
from metaflash.lines import quoted
from metaflash.record import items, line, place
from metaflash.tree import Broken, Mapping, Node, Reading, Scalar

MAX_LABEL = 80
"""Characters of a label."""

_ARROW = re.compile(r"\s*(?:(?<![-<])->(?!>)|→)\s*")
_OTHER_ARROW = re.compile(r"(.+?)\s*(<-+>?|←|↔|<=+>?|[-=–—]+>+|⇒|[-–—] >|>)\s*(.+)")
_BLANK = re.compile(r"==(?=\S)|\{\{c\d")


class Label(NamedTuple):
    """The words in a box, and where they stand in the file."""

    text: str
    start: int
    end: int


def label(node: Node, reading: Reading) -> Label | None:
    """The words in a box: plain text, shown as typed."""
    text = line(node, reading)
    if text is None or not isinstance(node, Scalar):
        return None
    return _checked(Label(text, node.start, node.end), reading)


def _checked(found: Label, reading: Reading) -> Label | None:
    text, start, end = found
    if _BLANK.search(text):
        hint = "Every box is asked on a card of its own. Take the marks out."
        reading.error(start, end, "blank-not-here", "a blank where none is asked for", hint)
    elif MATH.search(text):
        hint = "The words in a drawing are plain text. Write it in letters, such as H₂O."
        reading.error(start, end, "formula-in-box", "a formula in a box", hint)
    elif len(text) > MAX_LABEL:
        hint = f"The limit is {MAX_LABEL}. Put the explanation into `extra`."
        message = f"a label of {len(text)} characters"
        reading.error(start, end, "long-label", message, hint)
    else:
        return found
    return None


def arrows(node: Node, reading: Reading) -> tuple[tuple[Label, Label], ...] | None:
    """The arrows of a list; a chain ``A -> B -> C`` is two of them."""
    example = "arrows:\n  - GI tract -> portal vein\n  - portal vein -> liver"
    if isinstance(node, Scalar) and _ARROW.search(node.text):
        example = f"arrows:\n  - {node.text.strip()}"
    listed = items(node, reading, "arrows", example)
    if listed is None:
        return None
    found: dict[tuple[str, str], tuple[Label, Label]] = {}
    sound = True
    for item in listed:
        chain = _chain(item, reading)
        sound = sound and chain is not None
        for first, second in pairwise(chain or ()):
            if first.text == second.text:
                hint = "An arrow leads from one box to another."
                message = "an arrow from a box to itself"
                reading.error(first.start, second.end, "arrow-to-itself", message, hint)
            elif (first.text, second.text) in found:
                hint = "The picture has this arrow already. Take one of the two out."
                message = f"`{first.text} -> {second.text}` twice"
                reading.error(first.start, second.end, "repeated-arrow", message, hint)
            else:
                found[first.text, second.text] = first, second
    return tuple(found.values()) if sound and found else None


def _chain(node: Node, reading: Reading) -> tuple[Label, ...] | None:
    """The labels that a line ties with arrows."""
    if isinstance(node, Broken):
        return None
    if isinstance(node, Mapping) and node.entries:
        raw = reading.source.text[node.start : node.end].rstrip()
        hint = f"YAML takes the colon for a key. Write:  - {quoted(' '.join(raw.split()))}"
        reading.error(node.start, node.start + len(raw), "not-an-arrow", "this is no arrow", hint)
        return None
    if not isinstance(node, Scalar) or not node.text.strip():
        hint = "An arrow is written:  - GI tract -> portal vein"
        reading.error(node.start, node.end, "not-an-arrow", "this is no arrow", hint)
        return None
    labels = []
    at = 0
    for gap in [*_ARROW.finditer(node.text), None]:
        end = gap.start() if gap else len(node.text.rstrip())
        labels.append((at, end))
        at = gap.end() if gap else end
    texts = [" ".join(node.text[start:end].split()) for start, end in labels]
    if len(texts) == 1 or not all(texts):
        reading.error(node.start, node.end, "not-an-arrow", "this is no arrow", _meant(node.text))
        return None
    places = [place(node, reading, start, end) for start, end in labels]
    checked = [_checked(Label(text, *at), reading) for text, at in zip(texts, places, strict=True)]
    return tuple(found for found in checked if found) if all(checked) else None


def _meant(text: str) -> str:
    """What was probably meant by a line that is no arrow."""
    text = " ".join(text.split())
    found = _OTHER_ARROW.fullmatch(text)
    if not found or _ARROW.search(text):
        return "An arrow leads from one box to another:  - GI tract -> portal vein"
    one, sign, other = found.groups()
    if sign[0] in "<←↔" and (sign[-1] == ">" or sign == "↔"):
        return f"Write two lines:\n- {one} -> {other}\n- {other} -> {one}"
    if sign[0] in "<←":
        one, other = other, one
    return f"Write:  - {one} -> {other}"
