"""The quality of cards: what makes them hard to learn, or easy to guess.

    Build --prompts--> Prompt --rules--> Finding --allow--> Diagnostic

A rule is a pure function of what a card asks, of a fact, or of a deck; the lists below are all there
are. They warn and never stop a build, and run only where somebody reads them: in ``check`` and in
``preview``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from metaflash.allow import rule
from metaflash.build import Build
from metaflash.diagnostics import Diagnostic, Span
from metaflash.kinds.kind import Fact, Prompt
from metaflash.kinds.process import Process
from metaflash.lock import Entry
from metaflash.quality.alike import alike
from metaflash.quality.forms import dangling_start, yes_no
from metaflash.quality.lengths import (
    covered,
    long_answer,
    long_blank,
    long_hint,
    long_text,
    many_blanks,
)
from metaflash.quality.lists import hidden_list
from metaflash.quality.processes import number_of_steps, order_changed, ordinal_step
from metaflash.quality.releases import id_gone
from metaflash.quality.sources import hedge_lost
from metaflash.quality.tells import hint_tells, leak
from metaflash.quality.view import Finding, Setting, View, view
from metaflash.readers import Name

OF_PROMPTS: tuple[Callable[[View], Iterator[Finding]], ...] = (
    long_blank,
    covered,
    long_text,
    long_answer,
    long_hint,
    leak,
    hint_tells,
    hidden_list,
    yes_no,
    dangling_start,
)
"""Rules of a single card."""

OF_LEAVES: tuple[Callable[[Fact, Sequence[View]], Iterator[Finding]], ...] = (
    lambda _, views: many_blanks(views),
    hedge_lost,
)
"""Rules of a fact, step or box, by all that its cards ask."""

OF_DECKS: tuple[Callable[[Sequence[tuple[Prompt, Setting]]], Iterator[Finding]], ...] = (alike,)
"""Rules of all that a deck asks."""


def examine(build: Build) -> list[Diagnostic]:
    """What can be said of the quality of a deck, but for what its ``allow`` silences.

    Names in an ``allow`` that silence nothing are reported, too, in a deck without errors: what an
    error left out may be what they are for.
    """
    deck = build.deck
    if deck is None:
        return []
    english = not deck.language or deck.language.casefold().split("-")[0] == "en"
    known = (
        {entry.name or key: entry for key, entry in build.before.notes.items()}
        if build.before
        else {}
    )
    wrong = {p.span.source.path for p in build.diagnostics if p.severity == "error"}
    prompts: list[tuple[Prompt, Setting]] = []
    owners: dict[int, Fact] = {}
    findings: list[Finding] = []
    for file, fact in build.contents.facts:
        asked = list(fact.prompts())
        setting = Setting(english, file.topic or "", file.span.source.path not in wrong)
        prompts += [(prompt, setting) for prompt in asked]
        owners |= {id(prompt.leaf): fact for prompt in asked}
        owners[id(fact)] = fact
        findings += _of_fact(fact, asked, setting, known)
    findings += chain.from_iterable(check(prompts) for check in OF_DECKS)
    findings += id_gone(build)
    judged = [(finding, _excuses(finding, deck.allow or (), owners)) for finding in findings]
    told = [_told(finding) for finding, excuses in judged if not excuses]
    if not wrong:
        used = {name.span for _, excuses in judged for name in excuses}
        lists = [names for _, fact in build.contents.facts for names in _given(fact)]
        told += _idle(deck.allow or (), lists, used)
    return told


def _of_fact(
    fact: Fact, asked: Sequence[Prompt], setting: Setting, known: Mapping[str, Entry]
) -> Iterator[Finding]:
    """What the rules of cards, leaves and processes find in a fact."""
    views = [view(prompt, setting) for prompt in asked]
    leaves: dict[int, list[View]] = {}
    for one in views:
        leaves.setdefault(id(one.prompt.leaf), []).append(one)
        for check in OF_PROMPTS:
            yield from check(one)
    for together in leaves.values():
        for of_leaf in OF_LEAVES:
            yield from of_leaf(fact, together)
    if isinstance(fact, Process):
        yield from number_of_steps(fact) if setting.whole else ()
        yield from ordinal_step(fact) if setting.english else ()
        yield from order_changed(fact, known) if setting.whole else ()


# --- What is allowed -----------------------------------------------------------------------

_PASSING = frozenset({"id-gone", "order-changed"})
"""Rules about a single release; a deck that is excused from them is so between two, as well."""


def _excuses(
    finding: Finding, of_deck: Sequence[Name], owners: Mapping[int, Fact]
) -> tuple[Name, ...]:
    """The names that silence a finding: of the leaves it is about, their facts, and the deck."""
    given = list(of_deck)
    for leaf in (finding.leaf, finding.other):
        if leaf is not None:
            owner = owners.get(id(leaf), leaf)
            given += [*(leaf.allow or ()), *((owner.allow or ()) if owner is not leaf else ())]
    return tuple(name for name in given if rule(name) == finding.rule)


def _given(fact: Fact) -> Iterator[tuple[Name, ...]]:
    """The names that a fact and its steps or boxes are given, a list for each."""
    for leaf in fact.leaves():
        yield leaf.allow or ()


def _idle(
    of_deck: tuple[Name, ...], lists: Iterable[tuple[Name, ...]], used: Collection[Span]
) -> Iterator[Diagnostic]:
    """A warning for each name that silences nothing, or nothing more, where it stands."""
    everywhere = {rule(name) for name in of_deck}
    told: set[Span] = set()
    for names in (of_deck, *lists):
        known = set(everywhere) if names is not of_deck else set()
        for name in names:
            again = rule(name) in known
            known.add(rule(name))
            if name.span in told or (not again and (name.span in used or rule(name) in _PASSING)):
                continue
            told.add(name.span)
            hint = (
                "Nothing here is warned of by that rule. Take the name out, so that it cannot hide"
            )
            hint += " what comes later."
            if again:
                hint = "The deck or this list names that rule already. Take the name out."
            yield Diagnostic(name.span, "warning", "idle-allow", f"`{name}` silences nothing", hint)


def _told(finding: Finding) -> Diagnostic:
    return Diagnostic(finding.span, "warning", finding.rule, finding.message, finding.hint)
