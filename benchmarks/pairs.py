"""How long the rules about pairs of cards take beside compiling the same deck, for decks of several forms.

    python benchmarks/pairs.py [FACTS]

Prints, for each form, the seconds for compiling and for the rules, their ratio, and how many pairs are found.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from time import perf_counter

from metaflash.build import Read, Sources, compile_deck
from metaflash.diagnostics import Source
from metaflash.quality.alike import alike
from metaflash.quality.view import Setting
from metaflash.times import Clock

_WORDS = [
    f"{first}{middle}{last}"
    for first in ("bar", "con", "dis", "fol", "gra", "hel", "mon", "pre", "sul", "tri")
    for middle in ("a", "eti", "ino", "ulo", "era", "osi", "atri", "ombe", "ilu", "epto")
    for last in ("cle", "don", "fex", "gon", "lum", "mis", "nat", "rax", "tor", "vid")
]


def _name(i: int) -> str:
    return (_WORDS[i % 1000] + _WORDS[i // 1000]).capitalize()


def _words(i: int, count: int) -> str:
    chosen = random.Random(i)  # noqa: S311 - the same words each time
    return " ".join(chosen.choice(_WORDS) for _ in range(count))


def mixed(i: int) -> str:
    """Sentences with nothing in common, two blanks each."""
    return (
        f"fact: The {_words(i, 5)} of the =={_name(i)}== has a =={_words(-i, 1)}== {_words(i, 3)}"
    )


def capitals(i: int) -> str:
    """One form, another name."""
    return f"fact: The capital of {_name(i)} is =={_name(i + 7)}=="


def symbols(i: int) -> str:
    """One question, another name."""
    return f"ask: What is the chemical symbol of {_name(i)}?\n    answer: {_name(i)[:3]}"


def identical(i: int) -> str:
    """One front, always another answer."""
    return f"ask: What is the right answer to the great question?\n    answer: {_name(i)}"


def one_answer(i: int) -> str:
    """One answer, another noun: a drill."""
    return f"fact: The German noun {_words(i, 2)} has the article ==die=="


def one_long_answer(i: int) -> str:
    """One answer that is no drill."""
    return f"fact: The {_words(i, 4)} that is found here belongs to the ==arthropods=="


def same_start(i: int) -> str:
    """Ten words that all sentences begin with."""
    start = "In the standard account of what happens during the second week"
    return f"fact: {start} the {_words(i, 2)} reaches the =={_name(i)}=="


def one_word_more(i: int) -> str:
    """One long question, in each sentence with another word more."""
    more = _name(i).lower() if i % 100 else ""
    return f"fact: Blood from stomach spleen pancreas colon flows {more} to large veins of =={_name(i)}=="


def few_words(i: int) -> str:
    """A vocabulary so small that all words are common."""
    chosen = random.Random(i)  # noqa: S311 - the same words each time
    return (
        f"fact: The {' '.join(chosen.choice(_WORDS[:40]) for _ in range(9))} is =={_name(i % 50)}=="
    )


def chinese(i: int) -> str:
    """A language without spaces."""
    signs = "".join(chr(0x4E00 + (i * 7919 + k * 104_729) % 3000) for k in range(8))
    return f"fact: {signs}的首都是=={signs[:2]}=="


_FORMS: tuple[Callable[[int], str], ...] = (
    mixed,
    capitals,
    symbols,
    identical,
    one_answer,
    one_long_answer,
    same_start,
    one_word_more,
    few_words,
    chinese,
)


def _files(form: Callable[[int], str], facts: int) -> Iterator[Source]:
    for first in range(0, facts, 100):
        cards = (f"  - {form(i)}\n    id: f{i}\n" for i in range(first, min(first + 100, facts)))
        yield Source(f"{first:06}.yaml", "topic: A topic\ncards:\n" + "".join(cards))


def measure(form: Callable[[int], str], facts: int) -> str:
    """A line about a deck of a form."""
    language = "zh" if form is chinese else "en"
    deck = f"deck: Large\nid: large-1\nsource: a benchmark\nlanguage: {language}\n"
    settings: Read = Source("deck.yaml", deck), []
    read: list[Read] = [(source, []) for source in _files(form, facts)]
    start = perf_counter()
    built = compile_deck(Sources(settings, read), clock=Clock(1_700_000_000))
    compiled = perf_counter() - start
    prompts = [
        (prompt, Setting(english=language == "en", topic=file.topic or ""))
        for file, fact in built.contents.facts
        for prompt in fact.prompts()
    ]
    start = perf_counter()
    found = sum(1 for _ in alike(prompts))
    took = perf_counter() - start
    ratio = f"{took / compiled:5.0%}"
    name = form.__name__.replace("_", " ")
    return (
        f"{name:16}{len(prompts):8,} cards{compiled:8.2f} s{took:8.2f} s  {ratio}{found:8,} pairs\n"
    )


def main() -> None:
    """Measure every form."""
    facts = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
    for form in _FORMS:
        sys.stdout.write(measure(form, facts))
        sys.stdout.flush()


if __name__ == "__main__":
    main()
