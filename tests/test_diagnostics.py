"""Problems as they are shown: the caret stands under the place, and nothing commands a terminal."""

from __future__ import annotations

from pathlib import Path

from codes import codes
from metaflash.diagnostics import Diagnostic, Source, Span, nearest, render, visible

TESTS = Path(__file__).parent


def problem(text: str, marked: str, hint: str = "") -> Diagnostic:
    """A problem with the first occurrence of a piece of the text."""
    start = text.index(marked)
    span = Span(Source("f.yaml", text), start, start + len(marked))
    return Diagnostic(span, "error", "some-code", "a problem", hint)


def excerpt(text: str, marked: str) -> list[str]:
    """The source line and the line of carets."""
    return render([problem(text, marked)], "text").splitlines()[1:]


def test_carets_stand_under_the_place() -> None:
    assert excerpt("a: b\nkey: value here\n", "value") == [
        "    2 | key: value here",
        "      |      ^^^^^",
    ]


def test_wide_and_combining_letters_are_counted_as_they_are_shown() -> None:
    assert excerpt("k: 肝臓 x", "x")[1] == "      |         ^"
    assert excerpt("k: 肝臓 x", "肝臓")[1] == "      |    ^^^^"
    assert excerpt("k: a\u0301b x", "x")[1] == "      |       ^"


def test_a_place_of_several_lines_is_marked_to_the_end_of_its_first() -> None:
    assert excerpt("a: [b,\n c]\n", "[b,\n c]") == ["    1 | a: [b,", "      |    ^^^"]


def test_a_place_past_the_end_of_a_line_still_has_a_caret() -> None:
    text = "a:\nb: c\n"
    empty = Diagnostic(Span(Source("f.yaml", text), 2, 2), "error", "empty", "no text")
    assert render([empty], "text").splitlines()[1:] == ["    1 | a:", "      |   ^"]


def test_a_long_line_is_cut_around_the_place() -> None:
    line, carets = excerpt("k: " + "x" * 5000 + " HERE " + "y" * 5000, "HERE")
    assert len(line) < 130
    assert line[carets.index("^") :].startswith("HERE")


def test_controls_and_direction_marks_are_spelled_out() -> None:
    assert visible("a\x1b[31mb\u202ec\td\x07") == r"a\u{1b}[31mb\u{202e}c\td\u{7}"
    shown = render([problem("k: \x1b[2J x", "x", hint="see \x1b[2J")], "text")
    assert "\x1b" not in shown
    assert excerpt("k: \x1b[2J x", "x")[1].index("^") == excerpt("k: \x1b[2J x", "x")[0].index("x")


def test_github_commands_are_escaped() -> None:
    span = Span(Source("a,b:c%.yaml", "x"), 0, 1)
    shown = render([Diagnostic(span, "warning", "code", "100% of\nit", "hint: a")], "github")
    assert shown == (
        "::warning file=a%2Cb%3Ac%25.yaml,line=1,endLine=1,col=1,endColumn=2,title=code"
        "::100%25 of%0Ait%0Ahint: a"
    )


def test_nearest_name() -> None:
    known = ["means", "term", "tags", "Extra"]
    assert nearest("mean", known) == "means"
    assert nearest("TERM", known) == "term"
    assert nearest("extra", known) == "Extra"
    assert nearest("zzz", known) == ""
    assert nearest("description", ["section"]) == ""
    assert nearest("trial", ["extra"]) == ""


def test_a_file_as_a_whole_has_no_line() -> None:
    gone = Diagnostic(Span(Source("f.yaml", ""), 0, 0), "error", "some-code", "a problem")
    assert render([gone], "text") == "f.yaml: error: a problem [some-code]"
    assert render([gone], "short") == "f.yaml:1:1: error: a problem [some-code]"


def test_every_code_is_shown_by_a_test() -> None:
    shown = "".join(
        path.read_text("utf-8")
        for path in TESTS.rglob("*")
        if path.suffix in (".py", ".md") and path != Path(__file__)
    )
    assert {
        code for code in codes() if f'{code}"' not in shown and f"[{code}]" not in shown
    } == set()
