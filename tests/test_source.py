"""Reading YAML: places, the text as typed, and input that no parser should be trusted with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml

from metaflash.characters import decode
from metaflash.diagnostics import Source
from metaflash.lines import Words
from metaflash.source import MAX_MENDED, MAX_TEXT, parse
from metaflash.tree import Mapping, Node, Scalar, Sequence, offset_in_file


@pytest.fixture(params=["libyaml", "pure"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test of this module runs with libyaml's parser and with the pure one."""
    if request.param == "pure":
        monkeypatch.setattr(yaml, "__with_libyaml__", False)
    elif not yaml.__with_libyaml__:
        pytest.skip("PyYAML was built without libyaml")


def read(text: str) -> tuple[Node | None, list[str]]:
    """The tree and the places and codes of the problems."""
    tree, reading = parse(Source("f.yaml", text))
    return tree, [f"{d.place[0]}:{d.place[1]} {d.code}" for d in reading.problems]


def scalars(node: Node | None) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars(item)
    elif isinstance(node, Mapping):
        for name, value in node.entries:
            yield name
            yield from scalars(value)


@pytest.mark.parametrize(
    "typed",
    [
        "no",
        "yes",
        "on",
        "off",
        "NO",
        "True",
        "null",
        "~",
        "010",
        "0x1F",
        "0b11",
        "1_000",
        "1.10",
        "5.",
        ".inf",
        ".nan",
        "12:30",
        "1:30:45",
        "2024-01-02",
        "2024-13-45",
        "=",
        "a:b",
        "http://example.org",
        "==a==",
        "1e5",
        "+1",
        "-1",
    ],
)
def test_every_scalar_is_the_text_that_was_typed(typed: str) -> None:
    tree, problems = read(f"a: {typed}\nb:\n  - {typed}\n")
    assert problems == []
    assert [s.text for s in scalars(tree)] == ["a", typed, "b", typed]


def test_every_key_and_value_knows_its_place() -> None:
    text = "a: é b\nlong: >-\n  x\n  y\nlist:\n  - 'q'\n  - k: \"v\"\n"
    tree, _ = read(text)
    source = Source("f.yaml", text)
    places = {s.text: (*source.position(s.start), *source.position(s.end)) for s in scalars(tree)}
    assert places["é b"] == (1, 4, 1, 7)
    assert places["x y"][:2] == (2, 7)
    assert places["q"] == (6, 5, 6, 8)
    assert places["k"] == (7, 5, 7, 6)
    assert places["v"] == (7, 8, 7, 11)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("plain text here", "here"),
        ("'it''s so and here'", "here"),
        (r'"a \"quoted\" \x41 \u00e9 here"', "here"),
        ('"folded\n    over lines to here"', "here"),
        ("plain\n    goes on\n\n    to here", "here"),
        (">-\n    folded\n    lines to here\n    end", "here"),
        ("|\n    literal\n      deeper here\n    end", "here"),
        (">2-\n    folded here", "here"),
        ('"a \\\n    continued here"', "here"),
    ],
)
def test_a_place_inside_a_value_is_found_in_the_file(written: str, wanted: str) -> None:
    text = f"key: {written}\nnext: x\n"
    tree, problems = read(text)
    assert problems == []
    value = list(scalars(tree))[1]
    at = offset_in_file(text, value, value.text.index(wanted))
    assert at == text.index(wanted)


def test_crlf_cr_and_a_byte_order_mark_change_nothing() -> None:
    unix = "a: b\nlist:\n  - c\n"
    for data in (
        unix.encode(),
        unix.replace("\n", "\r\n").encode(),
        unix.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + unix.encode(),
    ):
        read_source, problems = decode("f.yaml", data)
        assert problems == []
        assert read_source.text == unix


def test_decomposed_letters_are_composed() -> None:
    read_source, _ = decode("f.yaml", "a: cafe\u0301".encode())
    assert read_source.text == "a: café"


@pytest.mark.parametrize(
    ("data", "place", "word"),
    [
        ("a: b\nc: café\n".encode("cp1252"), (2, 7), "'é'"),
        ("a: b\n".encode("utf-16"), (1, 1), "UTF-16"),
        (b"a: \xff\xfe\n", (1, 4), "0xff"),
        (b"a: b\nc: \xed\xa0\x80", (2, 4), "0xed"),
    ],
)
def test_other_encodings_are_named_at_their_place(
    data: bytes, place: tuple[int, int], word: str
) -> None:
    _, (problem,) = decode("f.yaml", data)
    assert problem.code == "encoding"
    assert problem.place[:2] == place
    assert word in problem.hint


@pytest.mark.parametrize(
    "character",
    ["\0", "\x07", "\x1b", "\x1f", "\x7f", "\x85", "\u2028", "\ufeff", "\ufffe", "\ufdd0"],
)
def test_control_characters_are_named_at_their_place(character: str) -> None:
    _, problems = read(f"a: b\nc: d{character}e\n")
    assert problems == ["2:5 control-character"]


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "- " * 100_000, "{a: " * 50_000, "? " * 50_000, "a: [" + "[" * 100_000 + "]"],
)
def test_deep_nesting_is_answered(text: str) -> None:
    _, (problem,) = read(text)
    assert problem.endswith("too-deep")


def test_a_huge_value_is_answered() -> None:
    _, problems = read("a: " + "x" * (MAX_TEXT + 1))
    assert problems == ["1:4 too-long"]
    _, problems = read("a: " + "x" * MAX_TEXT)
    assert problems == []


def test_bombs_of_aliases_and_merges_are_refused() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 30)]
    _, problems = read("\n".join(lines))
    assert {problem.split()[1] for problem in problems} == {"anchor", "alias"}


@pytest.mark.parametrize(
    "comment",
    ["  # a comment", "   ## two signs", "  #", "\n# on its own line"],
)
def test_comments_are_no_text(comment: str) -> None:
    tree, problems = read(f"a: text{comment}\nb: more\n")
    assert problems == []
    assert [s.text for s in scalars(tree)] == ["a", "text", "b", "more"]


@pytest.mark.parametrize("cut", [" #1", " # one space", "  #no space", " #"])
@pytest.mark.parametrize("value", ["text", "'text'", '"text"'])
def test_a_hash_that_may_cut_a_text_is_reported(cut: str, value: str) -> None:
    _, problems = read(f"a: {value}{cut}\n")
    assert problems == [f"1:{4 + len(value)} cut-by-hash"]


def test_a_comment_deeper_than_the_keys_may_be_part_of_the_text_above() -> None:
    _, problems = read("- a: text\n    #1 reason\n  b: c\n")
    assert problems == ["2:5 cut-by-hash"]
    _, problems = read("- a: text\n  # a comment\n  b: c\n")
    assert problems == []


def test_a_hash_cuts_a_text_or_a_list_also_over_lines() -> None:
    _, problems = read("- a: text\n\n    #1 more\n  b: c\n")
    assert problems == ["3:5 cut-by-hash"]
    _, problems = read("a: [b, #c\n  d]\nb: ['#e', f#g]\n")
    assert problems == ["1:8 cut-by-hash"]


@pytest.mark.parametrize(
    "text",
    ["- a:\n    #1 site\n    of all\n", "- a: > #1 site\n    of all\n", "- a: >-  #5\n    cm\n"],
)
def test_a_hash_that_cuts_the_start_of_a_text_is_reported(text: str) -> None:
    _, problems = read(text)
    assert [problem.split()[1] for problem in problems] == ["cut-by-hash"]


def test_comments_before_a_text_or_a_list_are_none_of_it() -> None:
    tree, problems = read("a: >-  # a comment\n  text\nb:  # another\n  # a third\n  - c\n")
    assert problems == []
    assert [s.text for s in scalars(tree)] == ["a", "text", "b", "c"]


def test_spaces_of_any_kind_are_text_in_a_block() -> None:
    tree, problems = read("- a: >-\n    \u3000b\n    Note:\xa0c\n  d: |\n    \xa0e\n")
    assert problems == []
    assert [s.text for s in scalars(tree)] == ["a", "\u3000b Note:\xa0c", "d", "\xa0e\n"]


def test_a_key_that_the_text_above_has_swallowed_is_reported() -> None:
    words = Words(frozenset({"note"}))
    for text in ("- a: text\n    note:x\n", "- a: text\n      goes on\n      note:x\n  b: c\n"):
        _, reading = parse(Source("f.yaml", text), words)
        assert [problem.code for problem in reading.problems] == ["missing-space"]
    _, reading = parse(Source("f.yaml", "- a: text\n    see http://example.org\n"), words)
    assert reading.problems == []


def test_an_item_that_the_text_above_has_swallowed_is_reported() -> None:
    _, problems = read("- a: text\n  b: more\n    - item\n- c: d\n")
    assert problems == ["3:5 dash-in-text"]


@pytest.mark.parametrize("space", ["\xa0", "\u2003", "\u202f", "\u3000"])
def test_spaces_that_are_none_are_named(space: str) -> None:
    for text in (
        f"- a: b\n{space * 2}c: d\n",
        f"- a: b\n  c:{space}d\n",
        f"-{space}a: b\n  c: d\n",
    ):
        tree, problems = read(text)
        assert [problem.split()[1] for problem in problems] == ["wrong-space"]
        assert [s.text for s in scalars(tree)] == ["a", "b", "c", "d"]
    _, problems = read(f"a: b{space}c {space}d\n")
    assert problems == []


def test_a_hash_in_quotes_or_a_block_is_text() -> None:
    tree, problems = read("a: 'x #1'\nb: >-\n  y #2\nc: \"z #3\"\n")
    assert problems == []
    assert [s.text for s in scalars(tree)][1::2] == ["x #1", "y #2", "z #3"]


def test_many_slips_are_all_told_once() -> None:
    lines = [f"k{i}: a: b" for i in range(10)]
    _, problems = read("\n".join(lines))
    assert problems == [f"{i + 1}:{len(f'k{i}: a') + 1} colon-in-text" for i in range(10)]


def test_slips_without_end_do_end() -> None:
    _, problems = read("\n".join(f"k{i}: a: b" for i in range(500)))
    assert len(problems) == MAX_MENDED + 1


def test_a_formula_over_two_lines_in_double_quotes_is_no_escape() -> None:
    tree, problems = read('a: "$x\n\n  y$ and \\\\ more"\n')
    assert problems == []
    assert [s.text for s in scalars(tree)][1] == "$x\ny$ and \\ more"
    _, problems = read('a: "$x = \\nu$"\n')
    assert problems == ["1:10 escape"]


def test_an_escape_for_no_character_is_reported() -> None:
    _, problems = read('a: b\nc: "x \\U00110000 y"\n')
    assert problems == ["2:7 escape"]


@pytest.mark.parametrize("line", ["%YAML 1.2", "%TAG ! tag:x,2000:", "%5 of all"])
def test_no_directive_is_passed_over(line: str) -> None:
    _, problems = read(f"{line}\n---\na: b\n")
    assert [problem.split(":")[0] for problem in problems] == ["1"]
