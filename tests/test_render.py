"""Our renderer beside the real engine: the same bytes for both sides of every card.

``METAFLASH_TEMPLATES=10000 pytest tests/test_render.py`` tries that many other templates.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import DECK, compiled
from engine import Face, collection, faces, import_package
from metaflash import notetype, template
from metaflash.build import Build
from metaflash.package import encode
from metaflash.render import FILTERS, SPECIAL, Sides, fields, rendered, sides
from metaflash.template import TemplateError
from test_anki import SHIPPED, build

CLOCK = 1_700_000_000
LATER = CLOCK + 86_400
EXAMPLES = int(os.environ.get("METAFLASH_TEMPLATES", "300"))


def learned(folder: Path, *releases: Build) -> list[Face]:
    """The cards that a learner has who imported the releases one after the other."""
    with collection(folder / "learner") as opened:
        for at, built in enumerate(releases):
            assert built.deck
            package = folder / f"{at}.apkg"
            package.write_bytes(encode(built.deck, built.notes, styled=CLOCK))
            import_package(opened, package)
        return faces(opened)


def differences(built: Build, found: list[Face]) -> list[tuple[Face, Sides]]:
    """The cards that we render otherwise than the engine, as both have them."""
    assert built.deck
    notes = {note.guid: note for note in built.notes}
    ours = [sides(notes[face.guid], face.number, deck=built.deck.deck) for face in found]
    both = zip(found, ours, strict=True)
    return [(face, own) for face, own in both if own != (face.question, face.answer)]


def test_every_card_of_the_shipped_deck_is_the_same(tmp_path: Path) -> None:
    built = build(SHIPPED)
    found = learned(tmp_path, built)
    assert len(found) == built.cards
    assert differences(built, found) == []


# --- A large deck of awkward texts ------------------------------------------------------------

ANSWERS = (
    *("liver", "bone", "the portal vein", "`std::vector`", "`a}}b`", "**very** *bad*", "1.10"),
    *(
        "naïve Ödem",
        "転移",
        "العظام",
        "עצם",
        "🦴 bone",
        "e\u0301",
        "fish & chips",
        "a < b > c",
        "&amp;",
    ),
    *('"quoted"', "it's", "$x^2$", "$\\frac{a}{b}$", "$a < b$", "$$\\sum_{i=1}^{n} i$$", "{brace}"),
    *(
        "[link](https://example.org/?a=1&b=2)",
        "image-occlusion:rect:left=.1",
        "image-occlusion",
        "a:b",
        "10 % / year",
    ),
    *("[sound:x.mp3]", "[latex]x[/latex]", "<b>not bold</b>", "<!-- no comment -->", "x\u00a0y"),
)
HINTS = ("", "", "", "::which?", "::an *organ*", "::$h$", "::a & b < c", "::骨", '::"so"', "::c:d")
FILLERS = (
    *("Cancers of the", "can spread", "to", "`{{code}}`", "$E = mc^2$", "**often**", "癌は", "ثم"),
    *("& then", "1 < 2", "with {braces}", r"\(not closed", "[sites](https://example.org)", "…"),
    *("line\n    and line", "&nbsp;", "<br>", "$$\\int_0^1 x\\,dx$$", "a very " * 40, "*by*"),
)
FORMULAS = (
    "The energy is $E = ==m== c^2$ ",
    "Of $\\frac{==a==}{==2|b==}$ and $==1|c < d== + x$ ",
    "$$\\sqrt{==y::which root?==}$$ or ==$z$== ",
)


def sentence(chance: random.Random, blanks: int) -> str:
    """A sentence with blanks, some of one number."""
    words = []
    pinned = blanks > 1 and chance.random() < 0.2
    for _ in range(blanks):
        pin = f"{chance.choice((1, 1, 2, 7, 500))}|" if pinned else ""
        words += [
            chance.choice(FILLERS),
            f"=={pin}{chance.choice(ANSWERS)}{chance.choice(HINTS)}==",
        ]
    return f"{' '.join(words)} {chance.choice(FILLERS)}."


def plain(chance: random.Random) -> str:
    """A text without blanks."""
    return " ".join((chance.choice(FILLERS), chance.choice(ANSWERS), chance.choice(FILLERS)))


def folded(text: str) -> str:
    """A text as a value in a fact file."""
    return ">-\n      " + text.replace("\n    ", "\n      ")


def fact(chance: random.Random, at: int) -> str:
    """A card of any kind, as it stands in a fact file."""
    match chance.choice(("fact", "fact", "fact", "ask", "term", "process")):
        case "fact":
            formula = chance.choice(("", "", "", *FORMULAS))
            text = f"  - fact: {folded(formula + sentence(chance, chance.randint(1, 4)))}\n"
        case "ask":
            text = f"  - ask: {folded(plain(chance))}\n    answer: {folded(plain(chance))}\n"
        case "term":
            text = f"  - term: {folded(plain(chance))}\n    means: {folded(plain(chance))}\n"
        case _:
            steps = "".join(
                f"      - step-{step}: {folded(sentence(chance, 1)).replace('      ', '          ')}\n"
                for step in range(chance.randint(2, 5))
            )
            text = f"  - process: {folded(plain(chance))}\n    steps:\n{steps}"
    text += f"    id: fact-{at}\n"
    for key in ("extra", "note", "section"):
        if chance.random() < 0.2:
            text += f"    {key}: {folded(plain(chance))}\n"
    return text + ("    tags: [exam, räre]\n" if at % 7 == 0 else "")


def deck(seed: int, facts: range) -> dict[str, str]:
    """A deck's files, of twenty facts each; the same ones for the same arguments."""
    files = {"deck.yaml": DECK.replace("deck: Metastasis", "deck: Oncology::Metastasis & more")}
    for start in facts[::20]:
        cards = "".join(
            fact(random.Random(f"{seed} {at}"), at)  # noqa: S311 - the same every time
            for at in facts[start - facts.start :][:20]
        )
        topic = f"topic: Chapter {start} & <more> $x$\n" if start % 40 else ""
        files[f"{start:05}.yaml"] = f"{topic}cards:\n{cards}"
    return files


def without_errors(built: Build) -> Build:
    """The build, if it can be released."""
    assert [str(p) for p in built.diagnostics if p.severity == "error"] == []
    return built


def test_ten_thousand_cards_of_awkward_texts_are_the_same(tmp_path: Path) -> None:
    built = without_errors(compiled(deck(1, range(2_600)), clock=CLOCK))
    found = learned(tmp_path, built)
    assert len(found) == built.cards > 10_000
    assert differences(built, found) == []


def test_what_is_retired_is_the_same_for_those_who_have_it(tmp_path: Path) -> None:
    first = without_errors(compiled(deck(1, range(400)), clock=CLOCK))
    files = deck(1, range(100)) | {
        name: text for name, text in deck(2, range(100, 300)).items() if name != "deck.yaml"
    }
    second = without_errors(compiled(files, first.lock, clock=LATER))
    assert len(second.live) < len(second.notes)
    assert any(note.fields[list(notetype.FIELDS).index("Retired")] for note in second.live)
    found = learned(tmp_path, first, second)
    assert len(found) > sum(len(note.cards) for note in second.notes), "old cards are still there"
    assert differences(second, found) == []


# --- The template language --------------------------------------------------------------------

LAB, CARD, HOME = "Lab", "Card", "(Deck)"
TAGS = "Exam::2 räre"
FIELDS = ("Text", "Text 2", "Plain")

Engine = Callable[[str, str, Mapping[str, str], int], tuple[str, str]]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Both sides of a card as the engine has them, from two templates, fields and a number."""
    from anki.template import TemplateRenderContext  # only after anki.collection, or it fails

    with collection(tmp_path_factory.mktemp("lab")) as opened:
        models = opened.models
        model = models.new(LAB)
        model["type"] = 1
        for name in FIELDS:
            models.add_field(model, models.new_field(name))
        own = models.new_template(CARD)
        own["qfmt"] = own["afmt"] = "{{cloze:Text}}"
        models.add_template(model, own)
        models.add(model)
        found, deck = models.by_name(LAB), opened.decks.id("Lab")
        assert found
        assert deck
        note = opened.new_note(found)
        note["Text"] = "{{c1::x}}"
        note.tags = ["räre", "Exam::2"]
        opened.add_note(note, deck)
        (card,) = note.cards()
        note.load()  # with its tags in order
        assert " ".join(note.tags) == TAGS

        def both(front: str, back: str, fields: Mapping[str, str], number: int) -> tuple[str, str]:
            note.fields = [fields.get(name, "") for name in FIELDS]
            card.ord = number - 1
            shown = own | {"qfmt": front, "afmt": back}
            context = TemplateRenderContext.from_card_layout(note, card, found, shown, False)  # noqa: FBT003
            rendered = context.render()
            return rendered.question_text, rendered.answer_text

        yield both


def ours(front: str, back: str, fields: Mapping[str, str], number: int) -> Sides:
    """Both sides as we have them."""
    special = dict(zip(SPECIAL, (TAGS, LAB, HOME, HOME, CARD, "flag0"), strict=True))
    known = {**dict.fromkeys(FIELDS, ""), **special, **fields}
    parsed = [template.parse(text, fields=known, filters=FILTERS) for text in (front, back)]
    return rendered(parsed[0], parsed[1], known, number)


@pytest.mark.parametrize(
    "back",
    [
        "{{ cloze:Text }}|{{{Plain}}}|{{:Plain}}|{{Plain\n}}",
        "{{#Plain}}a{{^Text 2}}b{{/Text 2}}{{/Plain}}{{^Plain}}c{{/Plain}}{{# Plain }}d{{/ Plain}}",
        "{{#c1}}one{{/c1}}{{#c2}}two{{/c2}}{{^c1}}not one{{/c1}}{{^c2}}not two{{/c2}}",
        "{{FrontSide}}<hr>{{text:FrontSide}}{{cloze:Text}}",
        "{{Tags}}|{{Type}}|{{Deck}}|{{Subdeck}}|{{Card}}|{{CardFlag}}{{#Tags}}t{{/Tags}}",
        "<!-- {{#Text}} {{Plain}} {{nothing}} --> <!-- {{Plain}}",
        "{ { }} {{cloze:Plain}}{{cloze:cloze:Text}}|{{Plain",
        "",
    ],
)
@pytest.mark.parametrize("plain", ["", "<b>some</b> &amp; more"])
@pytest.mark.parametrize("number", [1, 2])
def test_a_template_means_the_same(engine: Engine, back: str, plain: str, number: int) -> None:
    fields = {"Text": "{{c1::a::h}} {{c2::b}}", "Plain": plain}
    front = "{{cloze:Text}}" + back
    assert ours(front, back, fields, number) == engine(front, back, fields, number)


def test_special_fields_are_the_same(tmp_path: Path) -> None:
    side = "{{cloze:Text}}" + "".join(f"|{{{{{name}}}}}" for name in SPECIAL)
    built = compiled(deck(1, range(7)), clock=CLOCK)
    learned(tmp_path, built)
    with collection(tmp_path / "learner") as opened:
        model = opened.models.by_name(notetype.NAME)
        assert model
        model["tmpls"][0] |= {"qfmt": side, "afmt": side}
        opened.models.update_dict(model)
        found = {(face.guid, face.number): face for face in faces(opened)}
    parsed = template.parse(side, fields=(*SPECIAL, *notetype.FIELDS), filters=FILTERS)
    for note in built.notes:
        content = fields(note, deck="Oncology::Metastasis & more")
        for card in note.cards:
            face = found[note.guid, card.number]
            expected = (face.question, face.answer)
            assert rendered(parsed, parsed, content, card.number) == expected
            assert "|Oncology::Metastasis & more|Metastasis & more|" in face.question


@pytest.mark.parametrize(
    "content",
    [
        *("", " ", "\t\n\v\f\r", "<br>", "<BR/>", "<br />", "</br>", "<div> <br></div>", "<div >"),
        *("\xa0", "&nbsp;", "<div class=a></div>", "<p></p>", "<br  >", "< br>", "\u3000", "0"),
    ],
)
def test_a_field_is_empty_for_both_or_for_none(engine: Engine, content: str) -> None:
    front = "{{cloze:Text}}{{#Plain}}filled{{/Plain}}{{^Plain}}empty{{/Plain}}"
    filled = {"Text": "{{c1::a}}", "Plain": content}
    assert ours(front, front, filled, 1) == engine(front, front, filled, 1)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("{{Nowhere}}", "{{Nowhere}}: there is no such field"),
        ("{{}}", "{{}}: there is no such field"),
        ("x{{=<% %>=}}", "{{=<% %>=}}: there is no such field"),
        ("{{^Plain}}{{Nowhere}}{{/Plain}}", "{{Nowhere}}: there is no such field"),
        ("{{#Nowhere}}{{/Nowhere}}", "{{#Nowhere}}: there is no such field"),
        ("{{#FrontSide}}{{/FrontSide}}", "{{#FrontSide}}: there is no such field"),
        ("{{cloze : Text}}", "{{cloze : Text}}: there is no such field"),
        ("{{#Plain}}", "{{/Plain}}: it is missing"),
        ("{{/Plain}}", "{{/Plain}}: that is not the section that is open"),
        (
            "{{#Plain}}{{#Text}}{{/Plain}}{{/Text}}",
            "{{/Plain}}: that is not the section that is open",
        ),
    ],
)
def test_a_wrong_template_is_wrong_for_both(engine: Engine, wrong: str, why: str) -> None:
    fields = {"Text": "{{c1::a}}"}
    with pytest.raises(TemplateError) as raised:
        ours(wrong, wrong, fields, 1)
    assert str(raised.value) == why
    assert "template has a problem" in engine(wrong, wrong, fields, 1)[0]


def test_a_filter_that_we_do_not_have_is_told() -> None:
    with pytest.raises(TemplateError, match="there is no filter `hint`"):
        ours("{{hint:Plain}}", "", {}, 1)


@pytest.mark.parametrize(
    "text",
    [
        "{{c1::a}}{{c1::b::h}} {{c2::c::h}}",
        "{{c1::a {{c2::b::h}} c::hh {{c3::z}} y}}",
        "{{c2::a {{c1::b}} c}} {{c1::a {{c1::b}} c}}",
        "{{c1::a::h {{c2::b}} c::hh}}{{c1::a::}}{{c1::}}{{c1::::::h}}{{c1::a:::b}}",
        "{{c1::x}} {{c2::b {{c3::q}} w",
        "{{c1::x}} }} {{{c01::y}}} {{c0::z}} {{C1::no}} {{c1:no}} {{c1 ::no}} {{c\u0661::no}}",
        "{{c65535::a}} {{c65536::b}} {{c1::c}} {{c70000::z {{c1::b}} }}",
        "{{c1::\x01 !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\x7f\x80\xa0éÿĀ日ع\u200f🦴\r\n\t}}",
        "\\(a<b>x</b>{{c1::q}}&lt;<br>d\\) \\[{{c1::a::h<i>i</i>}} {{c2::b<br>}}\\]",
        "{{c1::\\(a<b>}}x\\)<i>y</i> \\(a\\]b<i>z</i> \\(<!-- > -->\\)",
        "\\(<style>z</style>q<SCRIPT>a</script><stylex>{{c1::b}}\\) \\(a<b{{c1::x}}\\)>",
        "no blank",
        "  {{c1::a}} \n ",
    ],
)
def test_blanks_are_the_same(engine: Engine, text: str) -> None:
    side = "{{cloze:Text 2}}"
    fields = {"Text": "{{c1::a}}", "Text 2": text}
    assert ours(side, side, fields, 1) == engine(side, side, fields, 1)


# --- Templates, fields and numbers made at random ---------------------------------------------

NAMES = st.sampled_from((*FIELDS, *SPECIAL))
CARDS = st.sampled_from(("c1", "c2", "c3", "c12"))
TAGGED = NAMES | NAMES.map("cloze:{}".format) | NAMES.map(" {} ".format) | st.just("FrontSide")
BITS = ("<p>", "</p>", " ", "\n", "é", "骨", "{", "}", "&amp;", "<!--", "-->", r"\(", r"\)", "::")
OPEN = (
    "{{c1::",
    "{{c2::",
    "{{c12::",
    "{{c1::a::h}}",
    "{{c2::b}}",
    "}}",
    "<b>",
    "<br>",
    r"\[",
    r"\]",
)


def _section(mark: str, name: str, inner: str) -> str:
    return f"{{{{{mark}{name}}}}}{inner}{{{{/{name}}}}}"


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    sections = st.builds(_section, st.sampled_from("#^"), NAMES | CARDS, inner)
    return sections | st.lists(inner, max_size=4).map("".join)


TEMPLATES = st.recursive(st.sampled_from(BITS) | TAGGED.map("{{{{{}}}}}".format), _larger)
CONTENTS = st.lists(st.sampled_from(BITS + OPEN), max_size=12).map("".join)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not os.environ.get("METAFLASH_TEMPLATES"),
    suppress_health_check=list(HealthCheck),
)
@given(
    front=TEMPLATES,
    back=TEMPLATES,
    contents=st.tuples(CONTENTS, CONTENTS, CONTENTS),
    number=st.sampled_from((1, 2, 12)),
)
def test_any_template_means_the_same(
    engine: Engine, front: str, back: str, contents: tuple[str, str, str], number: int
) -> None:
    first, *others = contents
    fields = dict(zip(FIELDS, (f"{{{{c{number}::a}}}}{first}", *others), strict=True))
    try:
        expected = ours(front, back, fields, number)
    except TemplateError:
        assert "template has a problem" in engine(front, back, fields, number)[0]
    else:
        assert engine(front, back, fields, number) == expected
