"""Random decks, random edits, a learner who does random things: nothing is ever lost.

A small model of a teacher's deck knows which words are the same item from one release to the next.
Hypothesis edits it, metaflash builds every release, and a learner in the newest engine, in this
process, studies and changes things in between. ``METAFLASH_SEQUENCES=1000 pytest
tests/test_random_releases.py`` tries a thousand other sequences.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from conftest import DECK, compiled
from engines import Action, faults
from learner import play
from metaflash import notetype
from metaflash.build import Build
from metaflash.lock import Lock
from metaflash.package import encode
from test_releases import CHECK, DAY, HOUR, ID, LOOK, Card, answers, by_card, clock, key, question

SEQUENCES = os.environ.get("METAFLASH_SEQUENCES", "")
Draw = Callable[..., Any]

# --- A teacher's deck ------------------------------------------------------------------------

FILLERS = ("cells", "of", "the", "blood", "reach", "a", "tumor", "then", "by", "its", "wall")
SYLLABLES = ("ba", "ke", "li", "mo", "ru", "sta", "thy", "ven", "zo", "pla")


@dataclass(eq=False)
class Blank:
    """An item: it stays the same one whatever its words are; ``last`` are those released last."""

    words: str
    hint: str = ""
    pin: int | None = None
    last: str = ""

    @property
    def text(self) -> str:
        """The blank as it is written."""
        number = f"{self.pin}|" if self.pin else ""
        hint = f"::{self.hint}" if self.hint else ""
        return f"=={number}{self.words}{hint}=="


@dataclass(eq=False)
class Fact:
    """A fact or a step. ``tokens`` is its sentence; a question has one blank, a term two.

    ``book`` has the number of every item that the fact ever had, by its words; ``live`` is what the
    last release asked for, ``given`` the numbers that were ever given.
    """

    key: str
    name: str
    kind: str
    tokens: list[str | Blank]
    extra: str = ""
    tags: list[str] = field(default_factory=list)
    merged: bool = False
    book: dict[str, int] = field(default_factory=dict)
    live: dict[str, str] = field(default_factory=dict)
    given: set[int] = field(default_factory=set)
    shared: bool = False

    @property
    def blanks(self) -> list[Blank]:
        """The items of the sentence in their order."""
        return [token for token in self.tokens if isinstance(token, Blank)]

    @property
    def sentence(self) -> str:
        """The sentence as it is written."""
        return " ".join(t.text if isinstance(t, Blank) else t for t in self.tokens)

    @property
    def asked(self) -> dict[str, str]:
        """The words of everything that is asked; with what tells it from others of its role."""
        words = [blank.words for blank in self.blanks]
        if self.kind == "step":
            return {
                "place": ", ".join(words),
                "next": "what happens next",
                "before": "what happened before",
            }
        roles = {"ask": ["answer"], "term": ["term", "means"]}.get(self.kind)
        return dict(zip(roles or map("blank {}".format, words), words, strict=True))


@dataclass(eq=False)
class Process:
    """Steps in order."""

    key: str
    name: str
    title: str
    steps: list[Fact]


@dataclass
class Deck:
    """All that a teacher can change; ``gone`` are the facts and processes taken out."""

    cards: list[Fact | Process] = field(default_factory=list)
    gone: list[tuple[Fact | Process, Process | None]] = field(default_factory=list)
    topic: str = "Sites"
    tags: list[str] = field(default_factory=list)
    language: str = "en"
    style: str = ""
    split: int = 0
    fresh: Iterator[int] = field(default_factory=count)

    @property
    def homes(self) -> list[tuple[Fact, list[Any]]]:
        """Every fact and step, with the list it stands in."""
        found: list[tuple[Fact, list[Any]]] = []
        for card in self.cards:
            steps = card.steps if isinstance(card, Process) else ()
            found += [(card, self.cards)] if isinstance(card, Fact) else []
            found += [(step, card.steps) for step in steps if isinstance(card, Process)]
        return found

    @property
    def facts(self) -> list[Fact]:
        """Every fact and step."""
        return [fact for fact, _ in self.homes]

    @property
    def processes(self) -> list[Process]:
        """Every process."""
        return [card for card in self.cards if isinstance(card, Process)]

    @property
    def files(self) -> dict[str, str]:
        """The deck as YAML."""
        found = {"deck.yaml": DECK + f"language: {self.language}\n"}
        head = f"topic: {self.topic}\ntags: [{', '.join(self.tags)}]\ncards:\n"
        halves = self.cards[: self.split], self.cards[self.split :]
        for name, cards in zip(("01.yaml", "02.yaml"), halves, strict=True):
            if cards:
                found[name] = head + "".join(map(_card, cards))
        return found


def _card(card: Fact | Process) -> str:
    """A card as YAML."""
    was = f"  was: {card.key}\n" if card.key != card.name else ""
    if isinstance(card, Process):
        steps = "".join(_step(step, card.key) for step in card.steps)
        return f"- process: {card.title}\n  id: {card.name}\n{was}  steps:\n{steps}"
    words = [blank.words for blank in card.blanks]
    if card.kind == "ask":
        texts = f"- ask: {' '.join(t for t in card.tokens if isinstance(t, str))}?\n"
        texts += f"  answer: {words[0]}\n"
    elif card.kind == "term":
        texts = f"- term: {words[0]}\n  means: {words[1]}\n"
    else:
        texts = f"- fact: {card.sentence}\n"
    return f"{texts}  id: {card.name}\n{was}{_more(card, '  ')}"


def _step(step: Fact, process: str) -> str:
    was = f"    was: {step.key}\n" if step.key != f"{process}/{step.name}" else ""
    return f"  - {step.name}: {step.sentence}\n{was}{_more(step, '    ')}"


def _more(fact: Fact, indent: str) -> str:
    extra = f"{indent}extra: {fact.extra}\n" if fact.extra else ""
    return extra + (f"{indent}tags: [{', '.join(fact.tags)}]\n" if fact.tags else "")


# --- What a teacher does -----------------------------------------------------------------------


class Teacher:
    """Edits a deck as Hypothesis draws."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.deck = Deck()

    def number(self, low: int, high: int) -> int:
        """A number, both ends included."""
        found: int = self.draw(st.integers(low, high))
        return found

    def one(self, values: Sequence[Any]) -> Any:  # noqa: ANN401 - whatever the values are
        """One of some values."""
        return self.draw(st.sampled_from(values))

    def new_words(self) -> str:
        """One word or two that are nowhere else."""
        at = next(self.deck.fresh)
        word = "".join(SYLLABLES[int(digit)] for digit in str(at + 100))
        return word if self.number(0, 2) else f"{word} {self.one(FILLERS)}"

    def new_id(self) -> str:
        return f"n{next(self.deck.fresh)}"

    def fillers(self) -> list[str | Blank]:
        return [self.one(FILLERS) for _ in range(self.number(1, 4))]

    def new_fact(self, kind: str, name: str, key: str) -> Fact:
        tokens: list[str | Blank] = self.fillers()
        for _ in range({"ask": 1, "term": 2}.get(kind) or self.one([2, 3, 1])):
            tokens += [Blank(self.new_words()), *self.fillers()]
        return Fact(key, name, kind, tokens)

    def new_step(self, process: Process) -> Fact:
        name = self.new_id()
        return self.new_fact("step", name, f"{process.key}/{name}")

    def fact(self) -> Fact:
        """A fact to work on: mostly one of two, so that much happens to one and the same."""
        facts = self.deck.facts
        fact: Fact = self.one(sorted(facts, key=lambda fact: int(fact.key.split("/")[-1][1:]))[:2])
        return fact if self.number(0, 3) else self.one(facts)

    def edit(self) -> None:
        """One edit, or a few until one of them did something."""
        before = self.deck.files, self.deck.style
        for _ in range(5):
            getattr(self, self.one(EDITS + BLANKS * 3))()
            if (self.deck.files, self.deck.style) != before:
                return

    # --- edits: each does something, or nothing where it cannot ---

    def add(self) -> None:
        name, kind = self.new_id(), self.one(["fact", "fact", "ask", "term", "process"])
        card: Fact | Process
        if kind == "process":
            card = Process(name, name, "A process", [])
            card.steps += [self.new_step(card) for _ in range(self.number(1, 3))]
        else:
            card = self.new_fact(kind, name, name)
        self.deck.cards.insert(self.number(0, len(self.deck.cards)), card)

    def add_step(self) -> None:
        if self.deck.processes:
            process = self.one(self.deck.processes)
            process.steps.insert(self.number(0, len(process.steps)), self.new_step(process))

    def remove(self) -> None:
        if len(self.deck.cards) > 1:
            card = self.deck.cards.pop(self.number(0, len(self.deck.cards) - 1))
            self.deck.gone.append((card, None))

    def remove_step(self) -> None:
        long = [process for process in self.deck.processes if len(process.steps) > 1]
        if long:
            process = self.one(long)
            step = process.steps.pop(self.number(0, len(process.steps) - 1))
            self.deck.gone.append((step, process))

    def restore(self) -> None:
        places = [
            at
            for at, (_, process) in enumerate(self.deck.gone)
            if process is None or process in self.deck.cards
        ]
        if places:
            card, process = self.deck.gone.pop(self.one(places))
            home: list[Any] = process.steps if process else self.deck.cards
            home.insert(self.number(0, len(home)), card)

    def move(self) -> None:
        _, home = self.one(self.deck.homes)
        home.insert(self.number(0, len(home) - 1), home.pop(self.number(0, len(home) - 1)))

    def turn_all(self) -> None:
        self.deck.cards.reverse()

    def reword_around(self) -> None:
        fact = self.fact()
        tokens = [[token, *self.fillers()] for token in fact.blanks]
        fact.tokens = [*self.fillers(), *(word for words in tokens for word in words)]

    def reword(self) -> None:
        fact = self.fact()
        if not fact.merged:
            self.one(fact.blanks).words = self.new_words()

    def hint(self) -> None:
        fact = self.fact()
        if fact.kind in ("fact", "step"):
            self.one(fact.blanks).hint = self.one(["", "which one?", "a hint"])

    def move_blank(self) -> None:
        fact = self.fact()
        if fact.kind in ("fact", "step"):
            token = self.one(fact.blanks)
            fact.tokens.remove(token)
            fact.tokens.insert(self.number(0, len(fact.tokens)), token)

    def swap(self) -> None:
        """Two blanks change places; term and meaning, too."""
        fact = self.fact()
        if len(fact.blanks) > 1:
            first, second = self.draw(st.permutations(fact.blanks))[:2]
            i, j = fact.tokens.index(first), fact.tokens.index(second)
            fact.tokens[i], fact.tokens[j] = second, first

    def insert(self) -> None:
        fact = self.fact()
        if fact.kind in ("fact", "step"):
            far = max(fact.given | {b.pin or 0 for b in fact.blanks}) + self.number(2, 9)
            pin = far if fact.kind == "fact" and not self.number(0, 4) else None
            fact.tokens.insert(self.number(0, len(fact.tokens)), Blank(self.new_words(), "", pin))

    def remove_blank(self) -> None:
        """A blank goes, with its words or without."""
        fact = self.fact()
        if fact.kind in ("fact", "step") and len(fact.blanks) > 1 and not fact.merged:
            blank = self.one(fact.blanks)
            at = fact.tokens.index(blank)
            fact.tokens[at : at + 1] = self.one([[], [blank.words]])

    def put_back_blank(self) -> None:
        """Words that were asked for are asked for again."""
        fact = self.fact()
        now = set(fact.asked.values())
        gone = [w for w in fact.book if w not in now and "," not in w and not w.startswith("what")]
        if fact.kind == "fact" and gone and not fact.merged:
            words = self.one(gone)
            fact.tokens = [token for token in fact.tokens if token != words]
            fact.tokens.insert(self.number(0, len(fact.tokens)), Blank(words))

    def pin(self) -> None:
        fact = self.fact()
        if fact.kind == "fact" and not fact.merged:
            for blank in fact.blanks:
                blank.pin = fact.book.get(blank.words, blank.pin)

    def unpin(self) -> None:
        fact = self.fact()
        fact.merged = False
        for blank in fact.blanks:
            blank.pin = None

    def merge(self) -> None:
        fact = self.fact()
        known = [blank for blank in fact.blanks if fact.live.get(f"blank {blank.words}")]
        if fact.kind == "fact" and len(known) > 1 and not fact.merged:
            first, second = self.draw(st.permutations(known))[:2]
            first.pin = second.pin = fact.book[first.words]
            fact.merged = True

    def rename(self) -> None:
        processes = [p for p in self.deck.processes if any(step.live for step in p.steps)]
        known = [*(fact for fact in self.deck.facts if fact.live), *processes]
        if known:
            self.one(known).name = self.new_id()

    def change_kind(self) -> None:
        """A fact, question or term becomes another of them and keeps at least one item."""
        fact = self.fact()
        if fact.kind == "step" or fact.merged:
            return
        kept = self.draw(st.permutations(fact.blanks))
        fact.kind = self.one(["fact", "ask", "term"])
        size = {"ask": 1, "term": 2}.get(fact.kind) or self.number(1, 3)
        blanks = [*kept, *(Blank(self.new_words()) for _ in range(size))][:size]
        for blank in blanks:
            blank.pin = None
            blank.hint = ""
        fact.tokens = [*self.fillers(), *blanks, *self.fillers()]

    def fact_to_step(self) -> None:
        loose = [
            card
            for card in self.deck.cards
            if isinstance(card, Fact) and card.live and not card.merged
        ]
        if loose and self.deck.processes:
            fact, process = self.one(loose), self.one(self.deck.processes)
            self.deck.cards.remove(fact)
            fact.kind = "step"
            for blank in fact.blanks:
                blank.pin = None
            process.steps.insert(self.number(0, len(process.steps)), fact)

    def step_to_fact(self) -> None:
        long = [process for process in self.deck.processes if len(process.steps) > 1]
        if long:
            steps = self.one(long).steps
            fact = self.one(steps)
            if not fact.live:
                return
            steps.remove(fact)
            fact.kind = "fact"
            self.deck.cards.insert(self.number(0, len(self.deck.cards)), fact)

    def extra(self) -> None:
        self.fact().extra = self.one(["", "More.", "Much more."])

    def retag(self) -> None:
        self.one([self.deck, *self.deck.facts]).tags = self.one([[], ["exam"], ["hard", "old"]])

    def around(self) -> None:
        self.deck.topic = self.one(["Sites", "Where it spreads"])
        self.deck.language = self.one(["en", "de"])

    def retitle(self) -> None:
        if self.deck.processes:
            self.one(self.deck.processes).title = self.one(["A process", "How it goes"])

    def refile(self) -> None:
        self.deck.split = self.number(0, len(self.deck.cards))

    def restyle(self) -> None:
        self.deck.style = f".card {{ top: {self.number(0, 9)}px }}"


EDITS = [name for name, value in vars(Teacher).items() if value.__class__.__name__ == "function"]
EDITS = EDITS[EDITS.index("add") :]
BLANKS = ["reword", "insert", "remove_blank", "put_back_blank", "change_kind", "swap", "merge"]
"""The edits that numbers depend on, which are tried more often."""


# --- Which numbers items must have ---------------------------------------------------------------


def check_numbers(fact: Fact, lock: Lock, *, in_doubt: bool) -> None:
    """Every item has the number it had; a new one has none that another item had or has.

    Where several items came, went or were reworded at once, metaflash has to guess which is which:
    then a number may go from one that is gone to one that is new, and to no other. ``in_doubt``
    says that the teacher was told so: then what is reworded may be taken for new.
    """
    entry = lock.notes[fact.key]
    given = {
        f"blank {asked.words}" if asked.role == "blank" else asked.role: asked.number
        for asked in entry.asked
        if asked.live
    }
    asked = fact.asked
    assert given.keys() == asked.keys()
    pinned = {f"blank {blank.words}": blank.pin for blank in fact.blanks if blank.pin}
    missing = {w: fact.book[w] for w in fact.live.values() if w not in asked.values()}
    certain = reworded(fact, missing)
    for role, words in asked.items():
        number = given[role]
        if role in pinned:
            assert number == pinned[role]
        elif role in back_in_role(fact) and number == back_in_role(fact)[role]:
            continue
        elif words in fact.book and fact.book[words] not in pinned.values():
            assert number == fact.book[words]
        elif words in certain:
            is_new = in_doubt and number not in fact.given
            assert is_new or number == fact.book[certain[words]]
        else:
            assert number in missing.values() or number not in fact.given
    if not fact.merged:
        assert len({*given.values()}) == len(given)
    note_down(fact, given)


def back_in_role(fact: Fact) -> dict[str, int]:
    """The numbers of the only items of their roles, which are reworded to what was asked once in
    another role: a step whose blanks were two, and were blanks of a fact before, and are one now."""
    only = {role for role in fact.asked if role in fact.live and not role.startswith("blank")}
    back = {role for role in only if fact.asked[role] not in fact.live.values()}
    return {role: fact.book[fact.live[role]] for role in back}


def reworded(fact: Fact, missing: dict[str, int]) -> dict[str, str]:
    """The words that are certainly an item's new ones, and those it had."""
    strange = [words for words in fact.asked.values() if words not in fact.book]
    if fact.shared:
        return {}
    if fact.live.keys() == fact.asked.keys() and not any("blank" in role for role in fact.live):
        pairs = {words: fact.live[role] for role, words in fact.asked.items()}
        return {words: pairs[words] for words in strange if pairs[words] in missing}
    if len(strange) == len(missing) == 1:
        meaning = fact.live.get("means")  # is asked anew where it becomes a blank in other words
        known = missing.keys() - {meaning}
        return {b.words: b.last for b in fact.blanks if b.words in strange and b.last in known}
    return {}


def note_down(fact: Fact, given: dict[str, int]) -> None:
    """Remember the numbers that a release gave."""
    asked = fact.asked
    for role, words in asked.items():
        if not (fact.merged and words in fact.book):
            taken = {w for w, n in fact.book.items() if n == given[role]} - {*asked.values()}
            fact.book = {w: n for w, n in fact.book.items() if w not in taken} | {
                words: given[role]
            }
    for blank in fact.blanks:
        blank.last = blank.words
    fact.live, fact.shared = asked, fact.merged
    fact.given |= {*given.values()}


# --- What a learner does ---------------------------------------------------------------------------


def learner_acts(draw: Draw, cards: set[Card], at: int) -> Iterator[Action]:
    """A few things that a learner does with the cards there are; deleted ones are taken out."""
    plan: dict[str, dict[str, list[int]]] = {}
    for name, number in draw(st.lists(st.sampled_from(sorted(cards)), max_size=6, unique=True)):
        plan.setdefault(f"{ID}/{name}", {})[str(number)] = draw(
            st.lists(st.integers(1, 4), min_size=1, max_size=2)
        )
    yield {"do": "study", "plan": plan}
    for _ in range(draw(st.integers(0, 3))):
        name, number = draw(st.sampled_from(sorted(cards)))
        card = {"guid": f"{ID}/{name}", "number": number}
        change: list[Action] = [
            {"do": "flag", **card, "flag": 3},
            {"do": "suspend", **card},
            {"do": "bury", **card},
            {"do": "move", **card, "deck": "Mine"},
            {"do": "edit", "guid": f"{ID}/{name}", "field": "Note", "text": "mine", "at": at},
            {"do": "tag", "guid": f"{ID}/{name}", "tag": "mine", "at": at},
        ]
        yield draw(st.sampled_from(change))
    if len({name for name, _ in cards}) > 1 and not draw(st.integers(0, 4)):
        gone = draw(st.sampled_from(sorted({name for name, _ in cards})))
        yield {"do": "delete", "guid": f"{ID}/{gone}"}
        cards -= {card for card in cards if card[0] == gone}


# --- A sequence of releases --------------------------------------------------------------------------


class Released(NamedTuple):
    """A release, its package, and the answers of what it asks."""

    build: Build
    lock: Lock
    path: Path
    asks: dict[Card, str]

    @property
    def cards(self) -> set[Card]:
        """The cards in the package."""
        return {(key(note.guid), card.number) for note in self.build.notes for card in note.cards}


def released(deck: Deck, at: int, lock: Lock | None, folder: Path) -> Released:
    """The deck as it is now, built and packed."""
    with pytest.MonkeyPatch.context() as patch:
        style = notetype.style() + deck.style
        patch.setattr(notetype, "style", lambda: style)
        note(f"release {at}\n" + "".join(f"# {name}\n{text}" for name, text in deck.files.items()))
        build = compiled(deck.files, lock, clock(at))
        errors = [problem for problem in build.diagnostics if problem.severity == "error"]
        assert errors == []
        assert build.deck
        assert build.lock
        path = folder / f"{at}.apkg"
        path.write_bytes(encode(build.deck, build.notes, styled=build.lock.style.modified))
    asks: dict[Card, str] = {}
    doubts = [problem.span for problem in build.diagnostics if problem.code == "guessed-blanks"]
    doubtful = {key(note.guid) for note in build.notes if note.span in doubts}
    for fact in deck.facts:
        check_numbers(fact, build.lock, in_doubt=fact.key in doubtful)
        asks |= {(fact.key, number): text for number, text in shown(fact, build.lock)}
    retired = {name for name, entry in build.lock.notes.items() if entry.retired}
    assert build.lock.notes.keys() - retired == {fact.key for fact in deck.facts}
    return Released(build, build.lock, path, asks)


def shown(fact: Fact, lock: Lock) -> Iterator[tuple[int, str]]:
    """The answer under each number of a fact."""
    live = [asked for asked in lock.notes[fact.key].asked if asked.live]
    numbers = {(asked.role, asked.words): asked.number for asked in live}
    if fact.kind == "step":
        whole = " ".join(t.words if isinstance(t, Blank) else t for t in fact.tokens)
        for role, words in fact.asked.items():
            yield numbers[role, words], words if role == "place" else whole
        return
    together: dict[int, list[str]] = {}
    for role, words in fact.asked.items():
        together.setdefault(numbers[role.split(" ")[0], words], []).append(words)
    for number, found in together.items():
        yield number, ", ".join(found)


@settings(
    max_examples=int(SEQUENCES or 20),
    derandomize=not SEQUENCES,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data())
def test_nothing_is_lost_whatever_happens(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sequence(data.draw, Path(folder))


def sequence(draw: Draw, folder: Path) -> None:
    """Some releases, a learner of most of them, and a newcomer to the last."""
    teacher = Teacher(draw)
    for _ in range(draw(st.integers(2, 6))):
        teacher.add()
    releases = [released(teacher.deck, 0, None, folder)]
    for at in range(1, draw(st.integers(3, 10))):
        for _ in range(draw(st.integers(1, 4))):
            teacher.edit()
        releases.append(released(teacher.deck, at, releases[-1].lock, folder))
    last = len(releases) - 1
    path = [0, *(at for at in range(1, last) if draw(st.integers(0, 3))), last]
    learner(draw, [(at, releases[at]) for at in path], folder)
    newcomer(releases[-1], folder)


def learner(draw: Draw, releases: Sequence[tuple[int, Released]], folder: Path) -> None:
    """A learner of some releases loses nothing."""
    actions: list[Action] = []
    cards: set[Card] = set()
    for at, release in releases:
        path = str(release.path)
        actions += [{"do": "import", "package": path, "at": clock(at) + HOUR}, LOOK]
        cards |= release.cards
        actions += [*learner_acts(draw, cards, clock(at) + DAY // 2), LOOK]
    results = play({"collection": folder / "learner", "actions": [*actions, CHECK]})
    looks = [r for a, r in zip(actions, results, strict=False) if a["do"] == "snapshot"]
    before: Action | None = None
    old: Released | None = None
    for (_, release), found, left in zip(releases, looks[::2], looks[1::2], strict=True):
        check_import(before, found, old, release)
        assert left["revlog"][: len(found["revlog"])] == found["revlog"]
        before, old = left, release
    assert faults(results[-1]) == []


def check_import(
    before: Action | None, after: Action, old: Released | None, release: Released
) -> None:
    """Nothing is lost in an import, and all cards of the deck show what they should."""
    if before and old:
        rows, found = by_card(before["cards"]), by_card(after["cards"])
        assert {card: found[card] for card in rows} == rows
        assert after["revlog"] == before["revlog"]
        assert after["schema"] == before["schema"]
        for guid, had in before["notes"].items():
            then, now = old.lock.notes[key(guid)], release.lock.notes[key(guid)]
            assert (after["notes"][guid] == had) == (then.modified == now.modified)
    assert after["empty"] == []
    assert [name for name in after["notetypes"] if notetype.NAME in name] == [notetype.NAME]
    texts = answers(after)
    for card, (front, _) in by_card(after["faces"]).items():
        assert question(front), card
        gone = "Retired:" in front or "no longer asked" in front
        assert gone == (card not in release.asks), card
        assert gone or texts[card] == release.asks[card], card


def newcomer(release: Released, folder: Path) -> None:
    """Whoever comes with the last release has all that it asks."""
    actions = [{"do": "import", "package": str(release.path)}, LOOK, CHECK]
    log, found, check = play({"collection": folder / "newcomer", "actions": actions})
    check_import(None, found, None, release)
    cards = by_card(found["cards"]).keys()
    assert cards == release.cards >= release.asks.keys()
    assert {card for card in cards if not release.lock.notes[card[0]].retired} == {*release.asks}
    assert len(log["new"]) == len(release.build.notes)
    assert faults(check) == []
