"""Cards that get in each other's way, put into words for the teacher."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from metaflash.kinds.kind import Prompt
from metaflash.lines import scalar
from metaflash.quality.cores import as_written
from metaflash.quality.pairs import Pair, pairs
from metaflash.quality.view import Finding, Setting, first_line
from metaflash.words import short

_BRIEF = 4
"""Words of an answer that another question can name."""


def alike(prompts: Sequence[tuple[Prompt, Setting]]) -> Iterator[Finding]:
    """Cards that ask what an earlier card of the deck asks: with another answer (``interference``), or
    for the same (``redundant``)."""
    for pair in pairs(prompts):
        say = _interference if pair.code == "interference" else _redundant
        message, hint = say(pair)
        place = first_line(pair.later.front_span)
        yield Finding(pair.code, place, message, hint, pair.later.leaf, pair.earlier.leaf)


def _interference(pair: Pair) -> tuple[str, str]:
    at, answer = pair.earlier.front_span, short(pair.earlier.answer)
    if pair.how == "longer":
        words = "” and “".join(_apart(pair))
        message = "a question that is easily taken for another one"
        why = (
            f"Only “{words}” tells it from the one at {at}, which wants “{answer}”, and among so many"
            " words that is soon overlooked. Leave out what both say, so that the difference stands out."
        )
    else:
        message = "the same question with another answer"
        how = "asks the same" if pair.how == "same" else "asks the same in hardly other words"
        why = (
            f"The card at {at} {how} and wants “{answer}”: a learner cannot know which of the two is"
            f" meant. {_remedy(pair)}"
        )
    return message, f"{why}\nIf the two are meant as a contrast:  allow: [contrast-ok]"


def _remedy(pair: Pair) -> str:
    """What to do about a question that has two answers."""
    later, other = pair.later, " ".join(pair.earlier.answer.split())
    brief = len(other.split()) <= _BRIEF
    match later.role:
        case "answer" if brief and later.front.endswith("?"):
            asked = " ".join(later.front.split()).removesuffix("?").rstrip()
            better = scalar(f"{asked}, besides “{other}”?")
            return f"If both are right, say so, or what else sets them apart:\nask: {better}"
        case "means":
            term = scalar(f"{later.front} (…)")
            return f"Add in brackets which one is meant, in both:\nterm: {term}"
        case "term":
            return f"Add to both meanings what is true of one only, “{later.answer}” or “{other}”."
        case "blank" | "place" if not later.hint:
            source, start, end = later.answer_span
            blank = f"=={' '.join(source.text[start:end].split())}::…=="
            return f"Add what sets them apart, or a hint that only one answer fits:\n{blank}"
        case _:
            return "Add what sets them apart."


def _apart(pair: Pair) -> list[str]:
    """The words that set two questions apart, as they are written."""
    return [as_written(word, pair.later.front, pair.earlier.front) for word in pair.apart]


def _redundant(pair: Pair) -> tuple[str, str]:
    at, answer = pair.earlier.front_span, short(pair.earlier.answer)
    message = "the same card twice" if pair.how == "same" else "nearly the same card twice"
    match pair.how:
        case "same":
            how = "in the same words"
        case "longer":
            how = f"where “{'” and “'.join(_apart(pair))}” makes no other question of it"
        case "respelled":
            how = "where “{}” is spelled “{}”".format(*_apart(pair))
        case "reworded":
            how = "in nearly the same words"
    why = f"The card at {at} asks for “{answer}”, too, {how}: two reviews for one memory."
    return message, f"{why} Keep the better one.\nIf both are meant:  allow: [redundant]"
