"""The rules of quality by their names, of which a card or a deck may be excused: ``allow: [leak]``."""

from __future__ import annotations

from types import MappingProxyType

from metaflash.diagnostics import nearest
from metaflash.readers import Name, items, named
from metaflash.shape import list_of, one_of, shaped
from metaflash.tree import Broken, Mapping, Node, Reading, Scalar, Sequence

RULES = MappingProxyType(
    {
        "long-blank": "a blank of more than five words",
        "many-blanks": "more than three blanks in a sentence",
        "leak": "the answer can be read on the front",
        "thin-cue": "too little is seen to know what is asked",
        "mostly-hidden": "more is hidden than seen",
        "long-text": "a sentence of more than 25 words, a question of more than 20",
        "long-answer": "an answer of more than 15 words",
        "hidden-list": "a list of three or more as one answer",
        "yes-no": "a question that is answered by yes or no",
        "dangling-start": "a beginning such as “It” that speaks of another card",
        "interference": "two cards that ask nearly the same and want different answers",
        "redundant": "two cards for one memory",
        "hedge-lost": "“may” or “often” in the source, and not on the card",
        "hint-tells": "a hint that holds the answer",
        "long-hint": "a hint of more than five words",
        "short-process": "a process of one step",
        "long-process": "a process of more than nine steps",
        "ordinal-step": "a step that begins with “First” or “Then”",
        "order-changed": "steps in another order than in the last build",
        "id-gone": "a fact of the last build that is in no file any more",
    }
)
"""What each rule warns of."""

_ALIASES = MappingProxyType({"contrast-ok": "interference"})
"""Other names of rules."""


@shaped(list_of(one_of(RULES | {name: f"`{rule}`" for name, rule in _ALIASES.items()}), "[leak]"))
def allowed(node: Node, reading: Reading) -> tuple[Name, ...] | None:
    """A list of names of rules, each with its place; an alias is kept as it was written."""
    if isinstance(node, Sequence) and not node.items:
        return ()
    words = node.text.replace(",", " ").split() if isinstance(node, Scalar) else []
    example = f"allow: [{', '.join(words or ['leak'])}]"
    if isinstance(node, Mapping) and node.entries:
        names = [_meant(name.text) or name.text for name, _ in node.entries]
        first, hint = node.entries[0][0], f"Write it as a list:\nallow: [{', '.join(names)}]"
        reading.error(first.start, first.end, "not-a-list", "`allow` without a list", hint)
        return tuple(
            named(key._replace(text=name), reading)
            for name, (key, _) in zip(names, node.entries, strict=True)
            if _meant(name)
        )
    read = (_name(item, reading) for item in items(node, reading, "allow", example) or ())
    return tuple(name for name in read if name is not None)


def _name(item: Node, reading: Reading) -> Name | None:
    """The name of a rule; of one that is misspelled, the one that was probably meant."""
    text = item.text if isinstance(item, Scalar) else ""
    meant = _meant(text)
    if isinstance(item, Mapping) and item.entries and (alone := _meant(item.entries[0][0].text)):
        key = item.entries[0][0]
        hint = f"A rule stands alone; the reason can be a comment behind it:\n- {alone}"
        reading.error(key.start, key.end, "unknown-rule", "a rule with words behind it", hint)
        return named(key._replace(text=alone), reading)
    if not isinstance(item, Broken) and (text != meant or not text):
        hint = f"Did you mean `{meant}`?" if meant else f"The rules: {', '.join(RULES)}."
        message = f"`{text}` is no rule" if text else "this is no rule"
        reading.error(item.start, item.end, "unknown-rule", message, hint)
    return named(item._replace(text=meant), reading) if meant and isinstance(item, Scalar) else None


def _meant(text: str) -> str:
    """The name of a rule that a text is, or is probably meant to be; empty if there is none."""
    known = [*RULES, *_ALIASES]
    return text if text in known else (nearest(text, known) or "") if text else ""


def rule(name: str) -> str:
    """The rule that a name in ``allow`` means."""
    return _ALIASES.get(name, str(name))
