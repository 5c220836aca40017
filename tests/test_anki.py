"""What a learner gets, in the real Anki engine."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import pytest
from anki.collection import Collection
from anki.notes import Note

from conftest import Write
from engine import Face, check_database, collection, faces, import_package
from metaflash import project
from metaflash.build import Build
from metaflash.kinds import KINDS
from metaflash.notetype import CLOZE_FIELDS, FIELDS, NAME
from metaflash.package import encode
from metaflash.times import Clock
from metaflash.workspace import compile_folders

SHIPPED = Path(__file__).parent.parent / "cards" / "metastasis"
CLOCK = 1_700_000_000


def build(folder: Path) -> Build:
    """The only deck at a folder, without a problem."""
    folders, problems = project.find(folder)
    compiled = compile_folders(folders, clock=Clock(CLOCK))
    assert [*problems, *compiled.problems] == []
    ((_, built),) = compiled.decks
    return built


def package(built: Build, folder: Path) -> Path:
    """The build's package in a file."""
    assert built.deck is not None
    path = folder / "deck.apkg"
    path.write_bytes(encode(built.deck, built.notes, styled=CLOCK))
    return path


@contextmanager
def arrived(built: Build, folder: Path) -> Iterator[tuple[Collection, Note]]:
    """A learner's collection after an import, and the first note in it."""
    with collection(folder / "learner") as opened:
        import_package(opened, package(built, folder))
        assert opened.db
        yield opened, opened.get_note(opened.db.scalar("select id from notes"))


def learn(folder: Path, tmp_path: Path) -> list[Face]:
    """The cards of a deck's folder as the engine shows them after an import."""
    with collection(tmp_path / "learner") as opened:
        built = build(folder)
        log = import_package(opened, package(built, tmp_path))
        assert log == (len(built.notes), 0, 0, 0)
        found = faces(opened)
        assert check_database(opened) == ""
    assert len(found) == built.cards
    return found


def visible(markup: str) -> str:
    """What a reader sees of some HTML, white space folded."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def asked(face: Face) -> list[str]:
    """The answers a card asks for, as its back shows them."""
    return [
        visible(found)
        for found in re.findall(r'<span class="cloze"[^>]*>(.*?)</span>', face.answer)
    ]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> list[Face]:
    return learn(SHIPPED, tmp_path_factory.mktemp("shipped"))


def test_the_shipped_deck_shows_every_card_whole(shipped: list[Face]) -> None:
    for face in shipped:
        for side in (face.question, face.answer):
            text = visible(side)
            assert text
            assert "No cloze" not in text
            assert not re.search(r"\{\{|\}\}|==|&\w+;|\*\*", text), text


def test_the_shipped_deck_never_shows_an_answer_on_its_front(shipped: list[Face]) -> None:
    for face in shipped:
        front = f" {visible(face.question).casefold()} "
        answers = asked(face)
        assert answers, face
        for answer in answers:
            assert not re.search(rf"\b{re.escape(answer.casefold())}\b", front), face
            assert answer in visible(face.answer)


def test_blanks_stand_in_cloze_fields_only() -> None:
    for note in build(SHIPPED).notes:
        for name, content in zip(FIELDS, note.fields, strict=True):
            assert ("{{c" in content) <= (name in CLOZE_FIELDS)
            assert content.count("{{") == content.count("{{c") == content.count("}}")


def test_the_shipped_deck_names_its_source_on_every_back(shipped: list[Face]) -> None:
    for face in shipped:
        assert "Explain metastasis and how it occurs" in visible(face.answer)
        assert "Explain metastasis and how it occurs" not in visible(face.question)


def test_every_step_of_a_process_has_its_three_cards(shipped: list[Face]) -> None:
    steps = Counter(face.guid for face in shipped if "/cascade/" in face.guid)
    assert list(steps) == [
        f"metastasis-k3f9/cascade/{step}"
        for step in (
            *("shed", "invade-matrix", "reach-vessel", "survive-blood"),
            *("emerge", "invade-site", "begin-growth", "blood-supply"),
        )
    ]
    assert set(steps.values()) == {3}
    ends = {f.guid.rsplit("/", 1)[1]: visible(f.question) for f in shipped if "/cascade/" in f.guid}
    first = next(f for f in shipped if f.guid.endswith("/shed") and f.number == 2)
    assert "With which step does this process begin?" in visible(first.question)
    assert "With which step does this process end?" in ends["blood-supply"]


def test_a_place_card_shows_three_steps_before_and_none_after(shipped: list[Face]) -> None:
    place = next(f for f in shipped if f.guid.endswith("/emerge") and f.number == 1)
    front = visible(place.question)
    order = [
        "…",
        "invades the surrounding extracellular matrix",
        "gains access to a blood vessel",
        "must survive its passage in the bloodstream",
        "must emerge at a [ blank ]",
    ]
    places = [front.index(text) for text in order]
    assert places == sorted(places)
    assert "shed" not in front
    assert "distant site" not in front


def test_a_picture_tells_its_answer_nowhere_on_the_front(shipped: list[Face]) -> None:
    boxes = [face for face in shipped if "/portal-map/" in face.guid]
    found = sorted(answer for face in boxes for answer in asked(face))
    assert found == ["GI tract", "liver", "pancreas", "portal vein", "spleen"]
    for face in boxes:
        (answer,) = asked(face)
        _, drawn = face.answer.split('<figure dir="auto">')
        front, _ = face.question.split('<div class="text"')  # there, Anki hides it in an attribute
        assert answer not in front
        assert face.guid.rpartition("/")[2] not in front
        assert drawn.startswith(
            '<figcaption class="title">The path of venous blood</figcaption><svg'
        )
        assert "Flow chart: GI tract, spleen and pancreas lead to portal vein" in drawn


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        ("fact", [1]),
        ("ask", [1]),
        ("term", [1, 2]),
        ("process", [1, 1, 2, 2, 3, 3]),
        ("picture", [1] * 4),
    ],
)
def test_the_example_of_a_kind(kind: str, numbers: list[int], write: Write, tmp_path: Path) -> None:
    example = import_module(KINDS[kind].__module__).EXAMPLE
    found = learn(write({"01.yaml": "cards:\n" + example}), tmp_path)
    assert [face.number for face in found] == numbers


def test_every_kind_has_an_example_in_the_test_above() -> None:
    assert set(KINDS) == {"fact", "ask", "term", "process", "picture"}


HOSTILE = [
    "<script>alert(1)</script> <img src=x onerror=alert(1)> <b>bold</b>",
    "a < b & c > d &nbsp; &lt; <!-- comment",
    "[sound:a.mp3] [anki:tts lang=en_US]x[/anki:tts] [latex]x[/latex]",
    "`{{c1::x}}` `{{Front}}` `}}` { } {a} `{{`",
    "a::b : c:: ::d e:",
    "$5 and $10, C:\\path 100% #tag 5 * 3 * 2 snake_case_name ~~x~~ ^^",
    "café Ångström naïve 肝臓 مرحبا 👩‍⚕️ “quotes” — dash",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_shown_as_typed(text: str, write: Write, tmp_path: Path) -> None:
    block = f"|-\n      {text}"
    facts = f"""\
topic: {_quoted(text)}
cards:
  - ask: {block}
    answer: {block}
    id: a
    extra: {block}
    note: {block}
    source: {block}
  - term: {block}
    means: {block}
    id: t
"""
    ask, *terms = learn(write({"01.yaml": facts}), tmp_path)
    plain = text.replace("`", "")  # code is shown without its marks
    back = visible(ask.answer)
    assert back.count(plain) == 5 + (plain == text)  # the topic is no Markdown
    assert text in back
    for face in terms:
        assert visible(face.answer).count(plain) == 2 + (plain == text)
    for face in (ask, *terms):
        assert not re.search(
            r"<(script\b|img\b|b\b|!--)|\[(sound|anki|latex|\$)", face.question + face.answer
        )


@pytest.mark.parametrize("answer", ["image-occlusion", "image-occlusion:rect", "a::b", ":a:"])
def test_an_answer_is_words_whatever_it_looks_like(
    answer: str, write: Write, tmp_path: Path
) -> None:
    facts = f"cards:\n- ask: Which?\n  answer: '{answer}'\n  id: which\n"
    (face,) = learn(write({"01.yaml": facts}), tmp_path)
    assert asked(face) == [answer]
    assert "Which? [ blank ]" in visible(face.question)


@pytest.mark.parametrize(
    "hint", ["sound:a.mp3", "anki:tts lang=en_US]x[/anki:tts", "latex]x[/latex"]
)
def test_a_hint_makes_no_mark_with_the_brackets_around_it(
    hint: str, write: Write, tmp_path: Path
) -> None:
    facts = f"cards:\n- fact: 'The ==liver::{hint}=='\n  id: liver\n"
    (face,) = learn(write({"01.yaml": facts}), tmp_path)
    assert f"[{hint}]" in visible(face.question)
    assert not re.search(r"\[(sound|anki|latex|\$)", face.question)


@pytest.mark.parametrize("text", [*HOSTILE[:3], *HOSTILE[4:]])
def test_a_box_is_shown_as_typed(text: str, write: Write, tmp_path: Path) -> None:
    facts = f"cards:\n- picture: P\n  id: p\n  arrows:\n  - {_quoted(f'{text} -> Q')}\n"
    facts += f"  boxes:\n  - box: {_quoted(text)}\n"
    one, two = learn(write({"01.yaml": facts}), tmp_path)
    for drawn in (one.answer, two.question, two.answer):
        shown = "".join(re.findall(r"<tspan[^>]*>(.*?)</tspan>", drawn))
        assert text.replace(" ", "") in html.unescape(shown).replace(" ", "")
        (label,) = re.findall(r'aria-label="([^"]*)"', drawn)
        assert f"{text} leads to" in html.unescape(label)
    assert asked(one) == [" ".join(text.split())]
    assert not re.search(r"<(script\b|img\b|b\b|!--)|\[(sound|anki|latex|\$)", one.answer)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def test_a_formula_cannot_carry_marks_of_ankis(write: Write, tmp_path: Path) -> None:
    formula = "$[sound:a.mp3] [latex]x[/latex] ==y::[sound:b.mp3]==$"
    facts = f"cards:\n  - fact: '{formula}'\n    id: a\n"
    (face,) = learn(write({"01.yaml": facts}), tmp_path)
    assert not re.search(r"\[(sound|latex|\$)|<img", face.question + face.answer)


def test_formulas_reach_mathjax_whole(write: Write, tmp_path: Path) -> None:
    facts = r"""
cards:
  - fact: '$\frac{a}{==b==}$ and ==$\sqrt{\frac{1}{x}}$::a root== and $$x < ==2|y \\ z & w==$$'
    id: math
"""
    one, two, three = learn(write({"01.yaml": facts}), tmp_path)
    assert r"\(\frac{a}{[\text{blank}]}\)" in html.unescape(one.question)
    assert r"\(\frac{a}{b}\)" in visible(one.answer).replace("b }", "b}")
    assert "[a root]" in visible(two.question + three.question)
    for face in (one, two, three):
        back = html.unescape(re.sub(r"<[^>]*>", "", face.answer))
        assert r"\(\frac{a}{b}\)" in back
        assert r"\(\sqrt{\frac{1}{x}}\)" in back
        assert r"\[x \lt  y \\ z & w\]" in back


NAMES = [
    *("A.", "a/b", "A:b", "<b>x</b>", "x & y", "A*b_c?", "Deck (1)", "#x", "a,b;c", "'q'", 'A"b'),
    *(
        "😀",
        "İstanbul ñ ﬁ Ⅳ",
        "肝臓::転移",
        "a::b::c",
        "x" * 200,
        "back\\slash",
        "blank",
        "a\u3000b",
    ),
    *("x ::y", "a::", "::a", "a::::b", "a:::b", ":a", "a:", "default", "Default::x", " "),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_refused_or_stays_as_it_is(name: str, write: Write, tmp_path: Path) -> None:
    """Deck names, topics (which become tags) and tags: what Anki would change is refused."""
    wish = _quoted(name)
    facts = f"topic: {wish}\ncards:\n- fact: The ==liver==\n  id: a\n"
    folder = write({"deck.yaml": f"deck: {wish}\nid: d\nsource: s\n", "01.yaml": facts})
    (found,), _ = project.find(folder)
    compiled = compile_folders([found], clock=Clock(CLOCK))
    if compiled.problems:
        assert {problem.code for problem in compiled.problems} <= {"deck-name", "empty"}
        return
    ((_, built),) = compiled.decks
    with arrived(built, tmp_path) as (opened, note):
        assert built.deck
        assert opened.decks.name(note.cards()[0].did) == built.deck.deck
        assert note.tags == list(built.notes[0].tags)


@pytest.mark.parametrize("tag", [name for name in NAMES if " " not in name])
def test_a_tag_is_refused_or_stays_as_it_is(tag: str, write: Write, tmp_path: Path) -> None:
    facts = f"cards:\n- fact: The ==liver==\n  id: a\n  tags: [{_quoted(tag)}]\n"
    (found,), _ = project.find(write({"01.yaml": facts}))
    compiled = compile_folders([found], clock=Clock(CLOCK))
    if compiled.problems:
        assert {problem.code for problem in compiled.problems} == {"bad-tag"}
        return
    ((_, built),) = compiled.decks
    with arrived(built, tmp_path) as (_, note):
        assert sorted(note.tags) == sorted(["Metastasis", tag])


def test_a_note_arrives_as_it_was_built(write: Write, tmp_path: Path) -> None:
    built = build(write({"01.yaml": "cards:\n- fact: The ==liver== and ==bone==\n  id: liver\n"}))
    with arrived(built, tmp_path) as (_, note):
        (sent,) = built.notes
        assert note.fields == list(sent.fields)
        assert (note.guid, note.id, note.mod) == (sent.guid, sent.id, CLOCK)
        assert [(card.id, card.ord + 1, card.due) for card in note.cards()] == list(sent.cards)


def test_the_note_type_arrives_with_its_ids(write: Write, tmp_path: Path) -> None:
    built = build(write({"01.yaml": "cards:\n- fact: The ==liver==\n  id: a\n"}))
    with arrived(built, tmp_path) as (opened, _):
        notetype = opened.models.by_name(NAME)
        assert notetype is not None
        assert {field["name"]: field["id"] for field in notetype["flds"]} == FIELDS
        assert len(notetype["tmpls"]) == 1
        assert notetype["sortf"] == 0
        assert "script" not in notetype["css"] + str(notetype["tmpls"])


def test_a_second_import_of_the_same_package_changes_nothing(tmp_path: Path) -> None:
    built = build(SHIPPED)
    with collection(tmp_path / "learner") as opened:
        path = package(built, tmp_path)
        import_package(opened, path)
        before = faces(opened)
        assert import_package(opened, path) == (0, 0, len(built.notes), 0)
        assert faces(opened) == before
