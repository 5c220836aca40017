"""Ids: the form they must have, and one made from a sentence's words."""

from __future__ import annotations

import re
import unicodedata

MAX_LENGTH = 60
"""Characters in an id; it stands in guids, links and file names."""

LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""What the random end of a deck's id is made of: none that is easily taken for another."""

_FORM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """a an and are as at be been by can did do does for from had has have how if in into is it
        its may must of on or so that the their then these they this those to was were what when
        where which who whose why will with""",
    )
)


def is_slug(text: str) -> bool:
    """Whether the text is an id: lower-case letters, digits and single dashes between."""
    return len(text) <= MAX_LENGTH and _FORM.fullmatch(text) is not None


def slugify(text: str, words: int = 3) -> str:
    """An id from the first telling words of a text; empty if it has no Latin letter or digit."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found = re.findall(r"[a-z0-9]+", plain)
    telling = [word for word in found if word not in _STOP_WORDS] or found
    return "-".join(telling[:words])[:MAX_LENGTH].strip("-")


def ended(name: str, end: str) -> str:
    """An id with an end behind it, cut in front of that where it would be too long."""
    return f"{name[: MAX_LENGTH - 1 - len(end)].rstrip('-')}-{end}"


def free(name: str, taken: dict[str, int], scope: str = "") -> str:
    """The name, or ``name-2``, ``name-3`` and so on, that ``taken`` does not know within the scope.

    ``taken`` holds names with their scope before them, each with the last number it was given,
    and learns the new one.
    """
    found, number = name, taken.get(scope + name, 1)
    while scope + found in taken:
        number += 1
        found = ended(name, str(number))
    taken[scope + name] = number
    taken.setdefault(scope + found, 1)
    return found
