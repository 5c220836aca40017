"""Sentences: properties that hold for any text a teacher may type."""

from __future__ import annotations

import html
import re

from hypothesis import example, given
from hypothesis import strategies as st

from metaflash.markup import Blank, parse

MARKS = st.sampled_from(
    [
        "==",
        "=",
        "::",
        "{{",
        "}}",
        "{{c1::",
        "{{c2::",
        "`",
        "$",
        "$$",
        "\\",
        "\\(",
        "\\)",
        "*",
        "**",
        "_",
        "[",
        "](x)",
        "![",
        "<b>",
        "&amp;",
        "<",
        "2|",
        " ",
        "\n",
        "a",
        "liver",
        "é",
        "]",
        "#",
    ]
)
TEXTS = st.lists(MARKS, max_size=25).map("".join)


@given(TEXTS)
@example("=={{c1::==a}}==")
@example("$==$==a==")
@example("**==a** b==")
def test_any_text_gives_a_sentence_or_slips_with_a_place(text: str) -> None:
    sentence, slips = parse(text)
    for slip in slips:
        assert 0 <= slip.start <= slip.end <= len(text)
        assert slip.message
        assert slip.hint
    if not slips:
        for blank in sentence.blanks:
            assert text[blank.start : blank.end][:2] in ("==", "{{")
            assert blank.answer


@given(TEXTS)
def test_no_text_makes_html_of_its_own_or_marks_for_anki(text: str) -> None:
    sentence, _ = parse(text)
    for part in sentence.parts:
        pieces = (part.answer, part.hint) if isinstance(part, Blank) else (part,)
        for piece in pieces:
            assert "{{" not in piece
            assert "}}" not in piece
            tags = re.findall(r"<[^>]*>", piece)
            assert all(re.fullmatch(r'</?(em|strong|code|br|a)( href="[^"]*")?>', t) for t in tags)
            assert not re.search(r'href="\s*(javascript|data|vbscript|file):', piece)


@given(st.lists(st.sampled_from(["a", "bone", "é", " x ", ",", "10", "?", "#", ": "]), max_size=8))
def test_a_sentence_with_blanks_reads_the_same_with_and_without_markdown(words: list[str]) -> None:
    text = "".join(f"=={w.strip()}== {w}" if w.strip() else w for w in words)
    plain, slips = parse(text)
    assert slips == []
    marked, slips = parse(f"{text} **x**")  # the mark makes it go through the Markdown reader
    assert slips == []
    assert marked.html == f"{plain.html} <strong>x</strong>"
    assert [b[:3] for b in marked.blanks] == [b[:3] for b in plain.blanks]


@given(st.text(st.characters(exclude_categories=["C"], exclude_characters="=*_`[]\\$<>&!{}\n")))
def test_plain_text_is_shown_as_typed(text: str) -> None:
    sentence, slips = parse(text)
    assert slips == []
    assert html.unescape(sentence.html) == text
