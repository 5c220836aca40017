"""A new deck: the texts of its first files, which build at once and show a card of each kind."""

from __future__ import annotations

from pathlib import PurePath

from metaflash import schema
from metaflash.characters import decode
from metaflash.deck import read_deck
from metaflash.example import SOURCE
from metaflash.kinds import KINDS
from metaflash.lines import scalar
from metaflash.slug import ended, slugify

FIRST = "01-first.yaml"
"""The name of the first fact file."""


def name_of(folder: str) -> str:
    """A deck's name from its folder's: ``my-deck`` is "My deck"."""
    words = " ".join(folder.replace("_", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:]


def id_of(name: str, folder: str, end: str) -> str:
    """A deck's id: the words of its name, or of its folder where the name has no Latin letter or
    digit, and an end that no other deck has. Empty where neither has one."""
    words = slugify(name, words=4) or slugify(folder, words=4)
    return words and ended(words, end)


def files(name: str, identity: str) -> dict[PurePath, bytes]:
    """The files of a new deck, by their paths in its folder."""
    texts = {"deck.yaml": _settings(name, identity), FIRST: _facts()}
    found = {path: text.encode() for path, text in texts.items()} | schema.files()
    return {PurePath(path): content for path, content in found.items()}


def wrong_name(name: str) -> str:
    """Why a deck cannot be called so, and what to do; empty if it can."""
    try:
        text = _settings(name, "any").encode()
    except UnicodeEncodeError:
        return "It holds what is no letter. Type the name anew."
    source, problems = decode("deck.yaml", text)
    if source:
        problems = read_deck(source)[1]
    return f"{problems[0].message}. {problems[0].hint}".strip() if problems else ""


def _settings(name: str, identity: str) -> str:
    return f"""\
{schema.modeline("deck")}
# The deck's name in Anki. Choose it to last: learners' cards stay in the deck of this name.
deck: {scalar(name)}

# Names the deck for ever. Never change it once a learner has the deck.
id: {identity}

# The language of the cards, such as en, de or pt-BR.
language: en

# A line that learners see below the deck's name; take the # away.
# about: A line about the deck

# Where the facts come from: change this line. A file or a card can name another source.
source: {SOURCE}
"""


def _facts() -> str:
    cards = "\n".join(_card(kind) for kind in KINDS)
    return f"""\
{schema.modeline("facts")}
# Change these cards into yours, or take them out, before the first build: what has been built counts
# as given to learners. Look at the cards while you write:  metaflash preview
# A new card begins with a dash and its kind. `metaflash ids` writes the ids that are missing.

# The heading on the cards of this file.
topic: First cards
cards:
{cards}"""


def _card(kind: str) -> str:
    """The example of a kind below a line about it, as it stands in a list of cards."""
    lines = [f"# {kind}: {schema.about(KINDS[kind])}", *schema.example(KINDS[kind]).splitlines()]
    return "".join(f"  {line}\n" for line in lines)
