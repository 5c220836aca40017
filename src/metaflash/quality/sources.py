"""What a card says more surely than its source. English only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from metaflash.kinds.kind import HIDDEN, Fact
from metaflash.markup import Sentence
from metaflash.quality.english import HEDGES, STRONG_HEDGES, akin, content, tokens
from metaflash.quality.view import Finding, View, first_line
from metaflash.words import seen, short

_QUOTED = re.compile('["“„«]([^"“”„«»]{20,})["”“»]')
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])")
_MUCH = 100
"""Words of a card that are looked for in its source; of more than these ``long-text`` is told."""

_CLAUSE = re.compile(r"[,;:()–—]\s")
_QUOTED_SHARE, _EXTRA_SHARE = 0.5, 0.7
"""How many of the telling words of a card a sentence of its source, or of its ``extra``, has."""


def hedge_lost(fact: Fact, views: Sequence[View]) -> Iterator[Finding]:
    """A card without the “may” or “often” with which its source says the same."""
    view = views[0]
    leaf = view.prompt.leaf
    if not view.english or not view.spaced or view.prompt.role == "box":
        return
    quoted = [s for s in (leaf.source, leaf.section, leaf.extra) if s]
    if leaf is not fact:
        quoted += [s for s in (fact.source, fact.section) if s]
    if not quoted:
        return
    prompt = view.prompt
    said = prompt.front
    for answer in prompt.answers:
        said = said.replace(HIDDEN, answer.text, 1) if HIDDEN in said else f"{said} {answer.text}"
    shown = [said, prompt.title, *(seen(s.html) for s in (leaf.note,) if s)]
    kept = {found[0].casefold() for text in shown for found in HEDGES.finditer(text)}
    own = set(content(tokens(said)))
    for sentence, share in _passages(quoted, leaf.extra):
        if (found := _hedge(sentence, own, share, kept)) is not None:
            around = " ".join(sentence[found.start() :].split()[:3]).rstrip(".,;:")
            message = f"the source says “{found[0].lower()}”, the card does not"
            hint = "What the source leaves open, a learner would take for certain."
            hint += f" Say it in the card, too:  “… {short(around)} …”"
            yield view.found("hedge-lost", first_line(prompt.front_span), message, hint)
            return


def _passages(quoted: Sequence[Sentence], extra: Sentence | None) -> Iterator[tuple[str, float]]:
    """The sentences of the source that stand beside a card, and how much of it they must have."""
    for text in quoted:
        for passage in _QUOTED.findall(seen(text.html)):
            yield from ((one, _QUOTED_SHARE) for one in _SENTENCE.split(passage))
    if extra:
        bare = _QUOTED.sub(" ", seen(extra.html))
        yield from ((one, _EXTRA_SHARE) for one in _SENTENCE.split(bare))


def _hedge(sentence: str, own: set[str], share: float, kept: set[str]) -> re.Match[str] | None:
    """The hedge of a sentence that says what a card says, in the part that it says; none where the
    card has a hedge of its own, other than those that stand beside it in the source."""
    hedge = STRONG_HEDGES.search(sentence)
    if not hedge or not own or len(own) > _MUCH:
        return None
    if _shared(own, content(tokens(sentence))) < share * len(own):
        return None
    starts = [0, *(cut.end() for cut in _CLAUSE.finditer(sentence)), len(sentence)]
    start = max(at for at in starts if at <= hedge.start())
    end = min(at for at in starts if at >= hedge.end())
    beside = {other[0].casefold() for other in HEDGES.finditer(sentence, start, end)}
    if kept - (beside - {found.casefold() for found in hedge[0].split()}):
        return None
    clause = content(tokens(HEDGES.sub(" ", sentence[start:end])))
    if clause and 2 * _shared(set(clause), list(own)) < len(set(clause)):
        return None
    return hedge


def _shared(these: set[str], those: Sequence[str]) -> int:
    """How many of these words are among those, in some form."""
    known = set(those)
    return sum(word in known or any(akin(word, other) for other in known) for word in these)
