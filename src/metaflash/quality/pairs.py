"""Pairs of cards that get in each other's way: nearly the same question with another answer, or the same
memory asked for twice.

Not all pairs are looked at: a card is put into a table under what it asks, and found again there by a
later one. So a deck takes time in proportion to its cards, however many of them have the same form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import product
from typing import Literal, NamedTuple, TypeAlias

from metaflash.kinds.kind import Fact, Prompt
from metaflash.quality.cores import (
    Core,
    Question,
    is_distinct,
    is_solid,
    matter,
    question,
    spoken,
    stems,
)
from metaflash.quality.view import Setting
from metaflash.quality.within import Gaps, respelled, shorter

_Keys: TypeAlias = tuple[Hashable, ...]

How = Literal["same", "reworded", "longer", "respelled"]
"""How alike two questions are: word by word; but for words that say nothing; but for ``apart``, which one of
them has more; but for ``apart``, one word in two spellings."""

ALIKE = 0.8
"""How much of the longer of two questions with one answer must be in the shorter one."""

MISTAKABLE = 0.88
"""The same for questions with two answers. It is more, because the word that one of them has more is
mostly what tells them apart; only among eight others or more may it be overlooked."""

_WIDE = 3
"""A question of so many words that count says itself what it is about, without its heading."""


Code = Literal["interference", "redundant"]

_TRANSLATION = 4
"""A meaning of so few words is a word in another language rather than an explanation."""


class Pair(NamedTuple):
    """Two cards that get in each other's way, in the order of their places in the files."""

    code: Code
    earlier: Prompt
    later: Prompt
    how: How
    apart: tuple[str, ...] = ()


def pairs(prompts: Iterable[tuple[Prompt, Setting]]) -> Iterator[Pair]:
    """The pairs among all prompts of a deck, in the order of the later cards: of each code at most one for
    a card, with an earlier one.

    In any other language than English only questions that have the same words are alike. Cards of one fact
    are no pair, nor are those with different headings, pictures or hints, which tell them apart.
    """
    ranked = sorted(prompts, key=_place)
    # Which box is asked for is drawn, and drawings are not compared.
    cards = [_card(*one) for one in ranked if one[0].role != "box"]
    cards = [card for card in cards if card.question.core.words]
    rank = {id(prompt): at for at, (prompt, _) in enumerate(ranked)}
    found = [*_found("interference", cards, _rivals(cards), _Seen.rival)]
    found += _found("redundant", cards, _twins(cards), _Seen.twin)
    yield from sorted(found, key=lambda pair: (rank[id(pair.later)], pair.code))


def _place(one: tuple[Prompt, Setting]) -> tuple[str | int, ...]:
    prompt, _ = one
    front, answer = prompt.front_span, prompt.answer_span
    words = prompt.role, prompt.front, prompt.answer, prompt.hint, prompt.title
    return (front.source.path, front.start, answer.start, *words)


# --- Cards, and those met before --------------------------------------------------------------------


class _Card(NamedTuple):
    """A prompt with what is compared of it. ``meaning`` is its answer without endings; cards of one fact
    are of one ``family``."""

    prompt: Prompt
    question: Question
    answer: tuple[str, ...]
    meaning: tuple[str, ...]
    hint: tuple[str, ...]
    title: str
    picture: str
    english: bool
    family: Hashable


def _card(prompt: Prompt, setting: Setting) -> _Card:
    leaf = prompt.leaf
    asked = question(prompt.front, english=setting.english, term=_is_term(prompt))
    answer = spoken(prompt.answer)
    title = (prompt.title or setting.topic).casefold()
    # Of a step only its process is known, by the heading.
    family = id(leaf) if isinstance(leaf, Fact) else (leaf.span.source.path, title)
    return _Card(
        prompt=prompt,
        question=asked,
        answer=answer,
        meaning=stems(answer) if setting.english else answer,
        hint=spoken(prompt.hint) if prompt.hint else (),
        title=title,
        picture=leaf.image if leaf.image and leaf.image_on != "back" else "",
        english=setting.english,
        family=family,
    )


def _is_term(prompt: Prompt) -> bool:
    """Whether a front is a term or its translation, of which every word counts."""
    return prompt.role == "means" or (
        prompt.role == "term" and len(prompt.front.split()) <= _TRANSLATION
    )


class _Met(NamedTuple):
    """A card that was met, and the words that it has more than the question under which it was noted."""

    card: _Card
    more: tuple[str, ...] = ()


class _Seen:
    """Cards met so far. Under a key stand, of each answer, the first one and the first of another fact: more
    are not needed to find a partner for any card."""

    def __init__(self) -> None:
        self._noted: dict[Hashable, dict[Hashable, list[_Met]]] = {}

    def note(self, keys: Iterable[Hashable], met: _Met) -> None:
        """Put a card under keys."""
        for key in keys:
            kept = self._noted.setdefault(key, {}).setdefault((met.card.meaning, met.more), [])
            if not kept or (len(kept) == 1 and kept[0].card.family != met.card.family):
                kept.append(met)

    def rival(self, keys: Iterable[Hashable], met: _Met) -> _Met | None:
        """A card of another fact and with another answer. A word that only one of two questions
        shows must not be what the other one asks for: then they ask for parts of one sentence."""
        card, more = met
        for key in keys:
            for kept in self._noted.get(key, {}).values():
                if kept[0].card.meaning == card.meaning:
                    continue
                if _tells(more, kept[0].card) or _tells(kept[0].more, card):
                    continue
                if found := _of_another_fact(card, kept):
                    return found
        return None

    def twin(self, keys: Iterable[Hashable], met: _Met) -> _Met | None:
        """A card of another fact."""
        for key in keys:
            for kept in self._noted.get(key, {}).values():
                if found := _of_another_fact(met.card, kept):
                    return found
        return None


def _of_another_fact(card: _Card, kept: Sequence[_Met]) -> _Met | None:
    return next((met for met in kept if met.card.family != card.family), None)


def _tells(more: tuple[str, ...], card: _Card) -> bool:
    return any(word in card.meaning for word in more)


_ANY = "any"
"""Stands in a key for whatever stands there."""


class _View(NamedTuple):
    """A way to look at a card: the keys under which those like it are found, and those under which it
    is noted for later ones. ``more`` are the words that it has more, seen so."""

    how: How
    found_under: tuple[Hashable, ...]
    noted_under: tuple[Hashable, ...]
    more: tuple[str, ...] = ()


_Views = Callable[[_Card], Iterable[_View]]


def _found(
    code: Code,
    cards: Iterable[_Card],
    views: _Views,
    find: Callable[[_Seen, Iterable[Hashable], _Met], _Met | None],
) -> Iterator[Pair]:
    """Each card with an earlier one, if there is one: the first that is found, the likest first."""
    seen = _Seen()
    for card in cards:
        mine = list(views(card))
        for how, keys, _, more in mine:
            if other := find(seen, keys, _Met(card, more)):
                apart = more or other.more
                yield Pair(code, other.card.prompt, card.prompt, how, apart)
                break
        for _, _, keys, more in mine:
            seen.note(keys, _Met(card, more))


def _repeated(items: Iterable[Hashable]) -> set[Hashable]:
    return {item for item, count in Counter(items).items() if count > 1}


# --- Another answer ---------------------------------------------------------------------------------


def _rivals(cards: Sequence[_Card]) -> _Views:
    """The ways to find cards that ask the same and want another answer."""
    solid = [card.question.core for card in cards if is_solid(card.answer)]
    forms = shorter(set(solid), MISTAKABLE)
    parts = {form.words for found in forms.values() for form in found}
    said = _repeated(card.question.said for card in cards)
    asked = _repeated(core.words for core in solid)

    def views(card: _Card) -> Iterator[_View]:
        words, gaps = card.question.core.words, card.question.gaps
        if card.question.said in said:
            yield _View("same", *_rival_keys(card, gaps, ("said", card.question.said)))
        if not is_solid(card.answer):
            return
        if words in asked or words in parts:
            yield _View("reworded", *_rival_keys(card, gaps, ("asked", words)))
        if words in parts:
            yield _View("longer", _rival_keys(card, gaps, ("within", words))[0], ())
        for form in forms.get(card.question.core, ()):
            moved = form.moved(gaps)
            under = _rival_keys(card, moved, ("asked", form.words))[0]
            noted = _rival_keys(card, moved, ("within", form.words))[1]
            yield _View("longer", under, noted, form.more)

    return views


def _rival_keys(card: _Card, gaps: Gaps, words: Hashable) -> tuple[_Keys, _Keys]:
    """The keys under which cards are found that could be mistaken for this one, and its own.

    Where one card has a hint and the other none, or one a blank and the other a question, nothing tells
    them apart; two different hints do, and so do blanks in different places.
    """
    hints = (card.hint, ()) if card.hint else (_ANY,)
    places = (gaps, None) if gaps else (_ANY,)
    seen = words, card.title, card.picture
    return (
        tuple((*seen, *rest) for rest in product(hints, places)),
        tuple((*seen, *rest) for rest in product((card.hint, _ANY), (gaps, _ANY))),
    )


# --- The same answer --------------------------------------------------------------------------------


def _twins(cards: Sequence[_Card]) -> _Views:
    """The ways to find cards that ask the same and want the same answer."""
    answers = _repeated(card.meaning for card in cards)
    matters = {id(card): _matter(card) for card in cards if card.meaning in answers}
    by_answer: dict[tuple[str, ...], set[Core]] = {}
    for card in cards:
        if id(card) in matters:
            by_answer.setdefault(card.answer, set()).add(matters[id(card)])
    forms = {
        answer: (shorter(cores, ALIKE), respelled(cores))
        for answer, cores in by_answer.items()
        if len(cores) > 1 and is_distinct(answer)
    }

    said = _repeated((card.question.said, card.meaning) for card in cards)
    known = _repeated(
        (matters[id(card)].words, card.answer) for card in cards if id(card) in matters
    )
    known |= {
        (form.words, answer)
        for answer, alike in forms.items()
        for found in alike
        for several in found.values()
        for form in several
    }

    def views(card: _Card) -> Iterator[_View]:
        core = matters.get(id(card))
        if core is None:
            return
        wide = len(core.words) >= _WIDE and isinstance(card.prompt.leaf, Fact)
        answer = card.answer
        if (card.question.said, card.meaning) in said:
            same = _twin_keys(card, ("said", card.question.said, card.meaning), wide=wide)
            yield _View("same", same, same)
        if (core.words, answer) in known:
            same = _twin_keys(card, ("known", core.words, answer), wide=wide)
            yield _View("reworded", same, same)
        if answer not in forms:
            return
        longer, spelled = forms[answer]
        yield _View("longer", _twin_keys(card, ("within", core.words, answer)), ())
        for form in longer.get(core, ()):
            under = _twin_keys(card, ("known", form.words, answer))
            noted = _twin_keys(card, ("within", form.words, answer))
            yield _View("longer", under, noted, form.more)
        for form in spelled.get(core.words, ()):
            under = _twin_keys(card, ("known", form.words, answer))
            yield _View("respelled", under, (), form.more)

    return views


def _matter(card: _Card) -> Core:
    in_full = not card.english or _is_term(card.prompt)
    return card.question.core if in_full else matter(card.question)


def _twin_keys(card: _Card, words: Hashable, *, wide: bool = False) -> _Keys:
    """The keys under which cards are found that ask the same as this one, which are its own, too: with the
    same picture and the same heading or, for a ``wide`` question that needs none, with any."""
    key = words, card.picture
    return ((*key, card.title), (*key, _ANY)) if wide else ((*key, card.title),)
