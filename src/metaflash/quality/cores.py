"""What of a question sets it apart from others: its words without those that say nothing, in their order.

In English, articles and the like do not count, nor does a plural or the form of a verb. In other languages
every word counts as it is written. Capitals and punctuation count nowhere; numbers, signs and formulas do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from metaflash.words import UNSPACED

BLANK = "…"
"""What stands in a front where something is asked for."""


class Core(NamedTuple):
    """The words of a question that count, in their order.

    ``plain`` are the places of those that a reader may overlook: no number, name, negation or the like.
    """

    words: tuple[str, ...]
    plain: tuple[int, ...]


class Question(NamedTuple):
    """What a front asks: all its words as they are ``said``, and as a ``core`` those that tell it from
    questions with another answer. ``gaps`` says how many words of this stand before each blank; it is None
    for a question without one."""

    said: tuple[str, ...]
    core: Core
    gaps: tuple[int, ...] | None


def question(front: str, *, english: bool = True, term: bool = False) -> Question:
    """What a front of plain words asks. Of a ``term`` every word counts: "look at" is not "look for"."""
    tokens = _TOKEN.findall(front)
    said = tuple(map(str.casefold, tokens))
    words: list[str] = []
    plain: list[int] = []
    gaps: list[int] = []
    in_full = term or not english
    for at, token in enumerate(said if in_full else tokens):
        if BLANK in token:
            gaps.append(len(words))
            if token == BLANK:
                continue
        word, overlooked = (token, False) if in_full else _weighed(token, at == 0)
        if word:
            if overlooked:
                plain.append(len(words))
            words.append(word)
    if not in_full and len(words) < _ENOUGH:
        return question(front, term=True)
    return Question(said, Core(tuple(words), tuple(plain)), tuple(gaps) or None)


def matter(asked: Question) -> Core:
    """The words of an English question that tell it from questions with the same answer, which "when" and
    "in" do not; sorted where their order does not matter."""
    words, plain = asked.core
    at = _kind_of_answer(asked.said)
    kind = _weighed(asked.said[at], at == 0)[0] if at >= 0 else ""
    kept = [place for place, word in enumerate(words) if word not in _SLOTS and word != kind]
    if len(kept) < _ENOUGH:
        return asked.core
    if _DIRECTED.isdisjoint(words) and all(len(word) > 1 and word.isalpha() for word in words):
        kept.sort(key=words.__getitem__)
    known = frozenset(plain)
    overlooked = tuple(now for now, place in enumerate(kept) if place in known)
    return Core(tuple(words[place] for place in kept), overlooked)


def spoken(text: str) -> tuple[str, ...]:
    """The words of an answer, without articles, and without the "in" of "in 490 BC"."""
    words = tuple(token.casefold() for token in _TOKEN.findall(text))
    said = words[1:] if words[0:1] and words[0] in _BEFORE_ANSWERS else words
    return tuple(word for word in said if word not in _ARTICLES) or words


def as_written(word: str, *fronts: str) -> str:
    """A word of a core as the first of some fronts has it."""
    tokens = (token for front in fronts for token in _TOKEN.findall(front))
    return next((t for t in tokens if word in (t.casefold(), _meaning(t.casefold()))), word)


def stems(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words without the endings of plurals and verbs."""
    return tuple(_meaning(word) or word for word in words)


# --- Words ---------------------------------------------------------------------------------------

_LETTER = rf"[^\W_{UNSPACED}]"

_TOKEN = re.compile(
    rf"""
      \\\(.*?\\\) | \\\[.*?\\\] | \$[^$\s](?:[^$]*[^$\s])?\$           # a formula
    | `[^`]*` | "[^"]*" | “[^”]*” | „[^“”]*[“”] | «[^»]*» | \u2018[^\u2019]*\u2019 | (?<!\w)'[^']*'(?!\w)  # code, and words about words
    | {BLANK}
    | [{UNSPACED}]
    | (?<!\w)[-−+±]?\d+(?:[.,:]\d+)*{_LETTER}*[%°\u2032]?                    # a number
    | {_LETTER}+(?:['’]{_LETTER}+)*[+#♯♭]*                              # a word: F#, C++, Na+
    | [^\w\s.,;:!?()\[\]{{}}"'\-/·¿¡«»\u2010-\u203a\u3001-\u3011\uff00-\uff0f\uff1a-\uff1f]  # a sign
    """,
    re.VERBOSE,
)

_ENOUGH = 2
"""A question of fewer words that count is compared in all of its words."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ARTICLES = _set("the a an")

_BEFORE_ANSWERS = _set("in at on by")
"""Words that an answer to "when" or "where" may begin with, and a blank has in front of it."""

_SILENT = _ARTICLES | _set(
    "of is are be been being do does did has have that this these those there its their what which"
    " whom one another also usually typically often generally commonly mainly mostly normally"
    " frequently called named termed known as"
)
"""Words that set no question apart from another one."""

_SLOTS = _set("who when where why how many much in on at by was lie located")
"""Words that stand about an answer. Between cards of one answer they make no difference."""

_DIRECTED = _set(
    "to into onto from than before after above below over under follow precede become convert turn"
)
"""Words that make another question of the others in another order: what glycogen is turned into, and
what is turned into glycogen. So do numbers and signs."""

_TELLING = _set(
    "not no never none nor neither cannot without except unless only alone least most more less fewer"
    " all every each both half double before after during until since above below under over up down"
    " left right upper lower first second third fourth fifth sixth last next previous former latter"
    " final initial inside outside within between high low higher lower highest lowest maximum"
    " minimum male female old new early late true false positive negative hot cold active passive"
    " i you he she it we they me him her us them my your his our singular plural past present future"
    " major minor natural inner outer primary secondary tertiary north south east west"
    " increase decrease rise fall acute chronic anterior posterior dorsal ventral medial lateral"
    " proximal distal superior inferior afferent efferent"
)
"""Words that nobody overlooks: with one of them more, a question is another one."""

_SAME = {
    word: row[0]
    for row in (
        [
            "begin",
            "begins",
            "began",
            "begun",
            "start",
            "starts",
            "started",
            "commence",
            "commenced",
        ],
        ["function", "functions", "role", "roles", "purpose", "purposes", "task", "tasks", "job"],
        ["kind", "kinds", "type", "types", "sort", "sorts"],
        ["large", "big"],
        ["largest", "biggest"],
        ["located", "situated"],
        ["disease", "illness", "diseases", "illnesses"],
        ["happen", "happens", "happened", "occur", "occurs", "occurred"],
        ["feature", "features", "characteristic", "characteristics"],
        ["main", "chief", "principal"],
        ["was", "were"],
    )
    for word in row
}
"""Words of questions that stand for each other."""

_AUXILIARIES = _set("is are was were do does did has have had can could must may will")

_ORDERS = _set("name give state")
"""What a task can begin with instead of a question word."""


def _kind_of_answer(said: Sequence[str]) -> int:
    """The place of a word that says what kind of answer is asked for, "which *city* is …", or -1."""
    for at, word in enumerate(said[:3]):
        if word in ("which", "what") and len(said) > at + 2:
            return at + 1 if said[at + 2] in _AUXILIARIES else -1
    return -1


@lru_cache(maxsize=1 << 16)
def _weighed(token: str, first: bool) -> tuple[str, bool]:  # noqa: FBT001 - part of the cache's key
    """The form of a word that counts, empty where it says nothing, and whether it may be overlooked."""
    word = token.casefold()
    if not token.isalpha():
        if re.fullmatch(r"[^\W\d_]+(?:['’][^\W\d_]+)+", token):
            if word.endswith(("n't", "n’t")):
                return "not", False
            head, _, tail = re.sub("’", "'", token).rpartition("'")
            return _weighed(head, first) if tail == "s" else (word, False)
        return word, False
    if first and word in _ORDERS:
        return "", False
    if not first and len(token) > 1 and not token.islower():
        return _meaning(word), False
    if not first and len(token) == 1 and token.isupper():
        return word, False
    if word in _SILENT:
        return "", False
    return _meaning(word), word not in _TELLING and len(word) > 1


@lru_cache(maxsize=1 << 16)
def _meaning(word: str) -> str:
    """A word in small letters without the ending of a plural or a verb, or the one it stands for."""
    if word in _SAME:
        return _SAME[word]
    if word in _TELLING or len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    if word.endswith("ies") and len(word) > 4:
        word = f"{word[:-3]}y"
    elif word.endswith(("sses", "xes", "ches", "shes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) >= len(ending) + 4:
            word = word.removesuffix(ending)
            word = word[:-1] if word[-1] == word[-2] and word[-1] not in "ls" else word
    return word.removesuffix("e") if len(word) > 5 else word


_SMALL = _AUXILIARIES | _SLOTS | _SILENT | _set("to from by with for into than as it he she they")


def is_solid(answer: tuple[str, ...]) -> bool:
    """Whether an answer is more than a small word, such as those that grammar is drilled with."""
    return len(answer) > 1 or any(
        word not in _SMALL and (len(word) > 3 or not word.isalpha()) for word in answer
    )


def is_distinct(answer: tuple[str, ...]) -> bool:
    """Whether an answer is seldom that of another question by chance, as a number is."""
    return any(word.isalpha() and len(word) > 3 and word not in _NUMBERS for word in answer)


_NUMBERS = _set(
    "zero two three four five six seven eight nine ten eleven twelve half once twice many none both"
    " first second third fourth fifth true false"
)
