"""The arrows of a picture, as they are written: ``GI tract -> portal vein -> liver``."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from metaflash.blanks import MATH
from metaflash.lines import quoted, scalar
from metaflash.readers import items, line, place
from metaflash.shape import list_of, marked, shaped, text
from metaflash.tree import Broken, Mapping, Node, Reading, Scalar

EXAMPLE = "arrows:\n  - GI tract -> portal vein\n  - portal vein -> liver"

MAX_LABEL = 80
"""Characters of a label."""

_ARROW = re.compile(r"\s*(?:(?<![-<])->(?!>)|→)\s*")
_ANY_ARROW = re.compile(
    r"\s*(?:(?P<both><[-=]+>|[↔⇔⟷])|(?P<back><-+|[←⇐⟵])|[-=–—]+>+|[→⇒⟶]|[-–—] >)\s*"
)
_STRAY_ARROW = re.compile(r"(?<!\S)(?:<-+>?|<=+>|[-=–—]+>+|[←↔⇐⇔⇒⟵⟶⟷]|[-–—] >)(?!\S)")
_OTHER_ARROW = re.compile(r"(.+?)\s*(<=+|>)\s*(.+)")
_BLANK = re.compile(r"==(?=\S)|\{\{c\d")


class Label(NamedTuple):
    """The words in a box, and where they stand in the file."""

    text: str
    start: int
    end: int


@shaped(text())
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


@shaped(
    list_of(
        marked("->|→", "An arrow is written, for instance: GI tract -> portal vein"),
        "- GI tract -> portal vein",
        least=1,
    )
)
def arrows(node: Node, reading: Reading) -> tuple[tuple[Label, Label], ...] | None:
    """The arrows of a list; a chain ``A -> B -> C`` is two of them."""
    example = EXAMPLE
    if isinstance(node, Scalar) and _ARROW.search(node.text):
        example = "\n".join(["arrows:", *(f"  - {scalar(text)}" for text in _lines(node, reading))])
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
                refuse_to_itself(first, second, reading)
            elif (first.text, second.text) in found:
                refuse_twice(first, second, reading)
            else:
                found[first.text, second.text] = first, second
    return tuple(found.values()) if sound and found else None


def refuse_to_itself(first: Label, second: Label, reading: Reading) -> None:
    """Report an arrow whose ends are one box."""
    hint = "An arrow leads from one box to another. Write the box that was meant, or take it out."
    message = "an arrow from a box to itself"
    reading.error(first.start, second.end, "arrow-to-itself", message, hint)


def refuse_twice(first: Label, second: Label, reading: Reading) -> None:
    """Report an arrow that the picture has already."""
    hint = "The picture has this arrow already. Take one of the two out."
    message = f"`{first.text} -> {second.text}` twice"
    reading.error(first.start, second.end, "repeated-arrow", message, hint)


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
        hint = "An arrow leads from one box to another, for instance:  - GI tract -> portal vein"
        reading.error(node.start, node.end, "not-an-arrow", "this is no arrow", hint)
        return None
    if lines := _joined(node, reading):
        hint = "YAML joins these lines into one text. Give each arrow its dash:\n"
        hint += "\n".join(f"- {scalar(text)}" for text in lines)
        hint += "\nIf it is one chain, write it in one line."
        reading.error(node.start, node.end, "not-an-arrow", "several arrows in one", hint)
        return None
    labels = []
    at = 0
    for gap in [*_ARROW.finditer(node.text), None]:
        end = gap.start() if gap else len(node.text.rstrip())
        labels.append((at, end))
        at = gap.end() if gap else end
    texts = [" ".join(node.text[start:end].split()) for start, end in labels]
    if len(texts) == 1 or not all(texts) or any(map(_STRAY_ARROW.search, texts)):
        reading.error(node.start, node.end, "not-an-arrow", "this is no arrow", _meant(node.text))
        return None
    places = [place(node, reading, start, end) for start, end in labels]
    checked = [_checked(Label(text, *at), reading) for text, at in zip(texts, places, strict=True)]
    return tuple(found for found in checked if found) if all(checked) else None


def _lines(node: Scalar, reading: Reading) -> list[str]:
    """The lines of a text as they were typed."""
    raw = reading.source.text[node.start : node.end]
    if node.style in ("|", ">"):
        raw = raw.partition("\n")[2]
    elif node.style:
        raw = raw[1:-1]
    return [line.strip() for line in raw.splitlines() if line.strip()]


def _joined(node: Scalar, reading: Reading) -> list[str]:
    """The lines of a text if they are arrows of their own, and none goes on with the one above."""
    lines = _lines(node, reading)
    apart = (
        all(map(_ARROW.search, pair))
        and not re.search("(?:->|→)$", pair[0])
        and not re.match("->|→", pair[1])
        for pair in pairwise(lines)
    )
    return lines if any(apart) else []


def _meant(text: str) -> str:
    """What was probably meant by a line that is no arrow, or not only arrows."""
    text = " ".join(text.split())
    if not _ANY_ARROW.search(text) and (found := _OTHER_ARROW.fullmatch(text)):
        one, sign, other = found.groups()
        return f"Write:  - {scalar(f'{one} -> {other}' if sign == '>' else f'{other} -> {one}')}"
    signs = list(_ANY_ARROW.finditer(text))
    edges = zip([0, *(s.end() for s in signs)], [*(s.start() for s in signs), None], strict=True)
    labels = [text[start:end] for start, end in edges]
    if not signs or not all(labels):
        return "An arrow leads from one box to another, for instance:  - GI tract -> portal vein"
    if not any(sign["both"] or sign["back"] for sign in signs):
        return f"Write:  - {scalar(' -> '.join(labels))}"
    lines = []
    for sign, (one, other) in zip(signs, pairwise(labels), strict=True):
        lines += [] if sign["back"] else [f"{one} -> {other}"]
        lines += [f"{other} -> {one}"] if sign["back"] or sign["both"] else []
    if len(lines) == 1:
        return f"Write:  - {scalar(lines[0])}"
    number = "two" if len(lines) == 2 else "several"
    return "\n".join([f"Write {number} lines:", *(f"- {scalar(line)}" for line in lines)])
