"""``deck.yaml``: what it says of the whole deck."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from metaflash.allow import allowed
from metaflash.diagnostics import Diagnostic, Source
from metaflash.kinds.kind import Origin
from metaflash.lines import Words
from metaflash.markup import Sentence
from metaflash.readers import Name, line, sentence, slug
from metaflash.record import decode_file, key
from metaflash.shape import shaped, text
from metaflash.slug import LETTERS, ended, slugify
from metaflash.source import parse
from metaflash.tree import Node, Reading

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_OWN_DECK = r"\s*[Dd][Ee][Ff][Aa][Uu][Ll][Tt]\s*(?:::|$)"
_BARE_LEVEL = r"\s*:|[\s\S]*(?:[\s:]::|::[\s:]|:\s*$)"


@shaped(
    text(
        rf"^(?!{_OWN_DECK})(?!{_BARE_LEVEL})\s*\S",
        "Levels are parted by :: without spaces around it; the name Default is Anki's own.",
        examples=["Oncology::Metastasis"],
    )
)
def deck_name(node: Node, reading: Reading) -> str | None:
    """A deck name that Anki takes as it is; levels are parted by ``::``."""
    name = line(node, reading)
    if name is None:
        return None
    levels = name.split("::")
    if levels[0].lower() == "default":
        hint = "Anki's own deck is called so, and the cards would land in it. Choose another name."
    elif any(unicodedata.category(c) == "Cf" for c in name):
        hint = "It holds a character that cannot be seen. Type the name anew."
    elif any(level != level.strip(" :") or not level for level in levels):
        better = "::".join(level.strip(" :") for level in levels if level.strip(" :"))
        hint = "Every level between :: needs a name, without spaces or colons around it."
        hint += f" Write:  deck: {better}" if better else ""
    else:
        return name
    reading.error(node.start, node.end, "deck-name", "a deck name that Anki would change", hint)
    return None


@shaped(
    text(
        rf"^\s*{_LANGUAGE.pattern}\s*$",
        "Write the language's short form, such as en or pt-BR.",
        examples=["en", "pt-BR"],
    )
)
def language(node: Node, reading: Reading) -> str | None:
    """A language tag such as ``en`` or ``pt-BR``."""
    code = line(node, reading)
    if code is None or _LANGUAGE.fullmatch(code):
        return code
    hint = "Write its short form, such as `en`, `de` or `pt-BR`:  language: en"
    reading.error(node.start, node.end, "language", f"`{code}` is no language tag", hint)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deck(Origin):
    """What ``deck.yaml`` says of the whole deck."""

    deck: str = key(
        deck_name,
        "the deck's name in Anki, with `::` between levels",
        required=True,
        said=("name", "title"),
    )
    id: Name = key(slug, "a name for ever, different from any other deck's", required=True)
    language: str | None = key(language, "the language of the cards; en if not given")
    about: Sentence | None = key(
        sentence, "a line about the deck, shown in Anki", said=("description", "desc", "subtitle")
    )
    allow: tuple[Name, ...] | None = key(allowed, "rules of quality that count for no card, a list")
    was: str | None = key(line, "the deck's name in the last release, if it is meant to change")

    @classmethod
    def to_add(cls, name: str, values: Mapping_[str, Any], text: str) -> str:
        """For the id one of the deck's name, with an end that no other deck is likely to have."""
        if name != "id":
            return "deck: Its name in Anki"
        words = slugify(str(values.get("deck") or "").rpartition("::")[2])
        end = "".join(LETTERS[byte % len(LETTERS)] for byte in blake2b(text.encode()).digest()[:4])
        return f"id: {ended(words or 'deck', end)}"


_WORDS = Words(frozenset(Deck.grammar()))


def read_deck(source: Source) -> tuple[Deck | None, list[Diagnostic]]:
    """The deck's settings (None if they cannot be used), and their problems."""
    start = "Begin with:\ndeck: Its name in Anki\nid: its-name-for-ever\nsource: Where its facts come from"
    tree, reading = parse(source, _WORDS)
    return decode_file(Deck, tree, reading, what="deck.yaml", start=start)
