"""`metaflash preview` from the outside, and what it shows after which save."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from conftest import Write
from metaflash.cli import main
from metaflash.cli.preview import _desktop as desktop
from metaflash.cli.preview import after_save
from metaflash.cli.shared import compile_path
from metaflash.preview.catalog import Catalog, card, listed, renewed
from metaflash.preview.server import Board
from previews import IN_FRONT

FACTS = """\
topic: Sites
cards:
  - fact: The ==liver== is a site for cancers of the ==pancreas==.
    id: liver
"""


def after(before: Catalog, path: Path) -> Catalog:
    return renewed(before, compile_path(path))


def words(catalog: Catalog) -> list[str]:
    return [note[8] for note in listed(catalog)["notes"]]


def test_a_deck_with_errors_stays_as_it_was(write: Write) -> None:
    deck = write({"01.yaml": FACTS})
    good = after(Catalog(), deck)
    write({"01.yaml": FACTS.replace("liver==", "spleen==").replace("id:", "idd:")})
    bad = after(good, deck)
    assert bad.errors
    assert words(bad) == words(good)
    assert [exhibit.stale for exhibit in bad.exhibits] == [True]
    write({"01.yaml": FACTS.replace("liver==", "spleen==")})
    mended = after(bad, deck)
    assert not mended.problems
    assert words(mended) == ["The spleen is a site for cancers of the pancreas."]
    assert [exhibit.stale for exhibit in mended.exhibits] == [False]


def shown(before: Catalog, path: Path) -> list[str]:
    return words(after_save(path, before))


def test_only_what_is_shown_gets_ids_that_are_not_written(write: Write) -> None:
    deck = write({"01.yaml": FACTS.replace("    id: liver\n", "")})
    assert shown(Catalog(), deck) == ["The liver is a site for cancers of the pancreas."]
    done = CliRunner().invoke(main, ["check", str(deck)])
    assert done.exit_code == 1
    assert "error: `fact` without an id" in done.output
    out = deck.with_name("review.html")
    done = CliRunner().invoke(main, ["preview", str(deck), "--static", str(out)])
    assert "warning: `fact` without an id" in done.output
    assert out.exists()


def test_an_id_that_is_lent_is_the_one_that_will_be_written(write: Write) -> None:
    process = "  - process: The cascade\n    steps:\n      - It is ==shed==\n      - It ==moves==\n"
    deck = write(
        {"01.yaml": f"{FACTS}{process}", "02.yaml": "cards:\n  - fact: A ==liver::organ?==.\n"}
    )
    lent = after_save(deck, Catalog())
    assert CliRunner().invoke(main, ["ids", str(deck)]).exit_code == 0
    written = after_save(deck, lent)
    assert not written.problems
    guids = [[note[1] for note in listed(catalog)["notes"]] for catalog in (lent, written)]
    assert guids[0] == guids[1]
    assert len(guids[0]) == 4


def test_an_error_beside_a_missing_id_is_found(write: Write) -> None:
    steps = (
        "cards:\n  - process: The cascade\n    steps:\n      - It is shed\n      - It ==moves==\n"
    )
    found = after_save(write({"01.yaml": steps}), Catalog())
    assert sorted(problem.code for problem in found.problems) == [
        "missing-id",
        "no-blank",
        "step-without-id",
        "step-without-id",
    ]


def test_a_file_that_cannot_be_read_retires_nothing(write: Write) -> None:
    other = "cards:\n  - ask: Why?\n    answer: So\n    id: why\n"
    deck = write({"01.yaml": FACTS, "02.yaml": other})
    build = ["build", str(deck), "-o", str(deck.with_name("d"))]
    assert CliRunner().invoke(main, build).exit_code == 0
    write({"02.yaml": other.replace("answer", "anwser")})
    assert shown(Catalog(), deck) == []  # begun with the error, so nothing is known of the file
    write({"02.yaml": other})
    good = after_save(deck, Catalog())
    write({"01.yaml": FACTS.replace("liver==", "spleen=="), "02.yaml": "cards: ["})
    part = after_save(deck, good)
    assert words(part) == ["The spleen is a site for cancers of the pancreas.", "Why? So"]
    assert [exhibit.kept for exhibit in part.exhibits] == [(f"{deck}/02.yaml",)]
    assert part.errors


def test_an_error_that_is_in_no_file_of_facts_keeps_the_deck_as_it_was(write: Write) -> None:
    deck = write({"01.yaml": FACTS})
    good = after_save(deck, Catalog())
    (deck / "deck.yaml").write_text("deck: Metastasis\n", "utf-8")
    write_facts = deck / "01.yaml"
    write_facts.write_text(FACTS.replace("liver==", "spleen=="), "utf-8")
    assert shown(good, deck) == words(good)


def test_a_deck_that_was_taken_away_is_gone_if_nothing_is_wrong(write: Write) -> None:
    one = write({"01.yaml": FACTS})
    other = one.with_name("other")
    other.mkdir()
    (other / "deck.yaml").write_text("deck: Other\nid: other-1\nsource: x\n", "utf-8")
    (other / "01.yaml").write_text(FACTS, "utf-8")
    both = after(Catalog(), one.parent)
    assert len(both.exhibits) == 2
    (other / "deck.yaml").unlink()
    missing = after(both, one.parent)  # its facts are still there, so this is a mistake
    assert [exhibit.stale for exhibit in missing.exhibits] == [False, True]
    (other / "01.yaml").unlink()
    assert len(after(missing, one.parent).exhibits) == 1


def test_a_redrawn_picture_says_in_few_words_what_changed(write: Write, tmp_path: Path) -> None:
    drawn = "cards:\n- picture: P\n  id: p\n  arrows:\n  - gut -> vein -> liver\n"
    deck = write({"01.yaml": drawn})
    assert CliRunner().invoke(main, ["build", str(deck), "-o", str(tmp_path)]).exit_code == 0
    write({"01.yaml": drawn.replace("vein", "portal vein") + "  boxes:\n  - vein: portal vein\n"})
    catalog = after(Catalog(), deck)
    found = {name: card(catalog, 0, f"metastasis-k3f9/p/{name}", 1) for name in ("gut", "vein")}
    drawing = {"field": "Drawing", "words": [("=", "P: “vein” is now “portal vein”")]}
    assert [shown["changes"] for shown in found.values() if shown] == [
        [drawing],
        [drawing, {"field": "Text", "words": [("-", "==vein=="), ("+", "==portal vein==")]}],
    ]


def test_a_warning_keeps_nothing_back(write: Write) -> None:
    deck = write({"01.yaml": FACTS, "02.yaml.txt": "x"})
    catalog = after(Catalog(), deck)
    assert [problem["code"] for problem in listed(catalog)["problems"]] == ["file-name"]
    assert card(catalog, 0, "metastasis-k3f9/liver", 1)
    assert card(catalog, 0, "metastasis-k3f9/liver", 3) is None
    assert card(catalog, 0, "other/liver", 1) is None
    assert card(catalog, 1, "metastasis-k3f9/liver", 1) is None


def test_each_of_two_decks_with_one_id_shows_its_own_cards(write: Write) -> None:
    one = write({"01.yaml": FACTS})
    other = one.with_name("other")
    shutil.copytree(one, other)
    (other / "01.yaml").write_text(FACTS.replace("liver==", "spleen=="), "utf-8")
    catalog = after(Catalog(), one.parent)
    assert [problem.code for problem in catalog.problems][:1] == ["repeated-deck-id"]
    assert [note[:2] for note in listed(catalog)["notes"]] == [
        [0, "metastasis-k3f9/liver"],
        [1, "metastasis-k3f9/liver"],
    ]
    backs = [(card(catalog, deck, "metastasis-k3f9/liver", 1) or {})["back"] for deck in (0, 1)]
    assert ["spleen" in back for back in backs] == [False, True]


def test_a_clock_that_cannot_be_trusted_is_told(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck = write({"01.yaml": FACTS})
    good = after(Catalog(), deck)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    found = after_save(deck, good)
    (problem,) = found.problems
    assert problem.code == "not-compiled"
    assert "SOURCE_DATE_EPOCH" in problem.hint
    assert words(found) == words(good)


def test_a_mistake_of_ours_does_not_end_the_preview(
    write: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(_: Path, **_options: object) -> None:
        message = "never to happen"
        raise KeyError(message)

    deck = write({"01.yaml": FACTS})
    good = after(Catalog(), deck)
    monkeypatch.setitem(after_save.__globals__, "compile_path", failing)
    found = after_save(deck, good)
    assert found.problems[0].message == "metaflash itself made a mistake"
    assert words(found) == words(good)
    assert "never to happen" in capsys.readouterr().err


def test_a_port_that_is_taken_is_one_sentence(write: Write) -> None:
    deck = write({"01.yaml": FACTS})
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = CliRunner().invoke(main, ["preview", str(deck), "--port", str(port), "--no-browser"])
    assert done.exit_code == 1
    assert done.output == (
        f"Error: Cannot serve the page at port {port}: Address already in use. Leave --port out, and a"
        " free one is taken.\n"
    )


def test_a_static_file_that_cannot_be_written_is_one_sentence(write: Write) -> None:
    deck = write({"01.yaml": FACTS, "aside": ""})
    done = CliRunner().invoke(
        main, ["preview", str(deck), "--static", str(deck / "aside" / "x.html")]
    )
    assert done.exit_code == 1
    assert done.output.startswith(f"Error: Cannot write {deck}/aside/x.html: ")


def test_a_static_file_is_the_same_each_time(write: Write, tmp_path: Path) -> None:
    deck = write({"01.yaml": FACTS})
    texts = []
    for _ in range(2):
        done = CliRunner().invoke(
            main, ["preview", str(deck), "--static", str(tmp_path / "x.html")]
        )
        assert done.output == f"{tmp_path}/x.html: 2 cards\n"
        texts.append((tmp_path / "x.html").read_bytes())
    assert texts[0] == texts[1]


@pytest.mark.parametrize("option", [["--port", "8000"], ["--open"], ["--no-browser"]])
def test_a_static_file_is_not_served(write: Write, tmp_path: Path, option: list[str]) -> None:
    deck, out = write({"01.yaml": FACTS}), tmp_path / "x.html"
    done = CliRunner().invoke(main, ["preview", str(deck), "--static", str(out), *option])
    assert done.exit_code == 2
    assert "--static writes a file and serves no page" in done.output
    assert not out.exists()


# --- Names that are not UTF-8 --------------------------------------------------------------------

NOT_TEXT = os.fsdecode(b"\xff")
"""How Python has a name of one byte that is no UTF-8, as old archives bring them."""


@pytest.fixture
def foreign(write: Write) -> Path:
    """A deck with such names, for a fact file, for a folder, and for a file that is none."""
    deck = write({"01.yaml": FACTS})
    try:
        (deck / f"02{NOT_TEXT}.yaml").write_text(FACTS.replace("id: liver", "id: liver-2"), "utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    (deck / NOT_TEXT).mkdir()
    (deck / NOT_TEXT / "03.yaml").write_text(FACTS.replace("id: liver", "id: liver-3"), "utf-8")
    (deck / f"04{NOT_TEXT}.yaml.txt").write_text("x", "utf-8")
    return deck


def test_a_name_that_is_no_text_is_spelled_out_on_the_page(foreign: Path) -> None:
    catalog = after(Catalog(), foreign)
    found = json.loads(Board(catalog).listed)
    assert [name.removeprefix(f"{foreign}/") for name in found["files"]] == [
        "01.yaml",
        "02\\u{dcff}.yaml",
        "\\u{dcff}/03.yaml",
    ]
    assert found["problems"][0]["path"] == f"{foreign}/04\\u{{dcff}}.yaml.txt"


def test_every_command_takes_a_name_that_is_no_text(foreign: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "dist")
    commands: list[list[str | Path]] = [
        ["preview", foreign, "--static", tmp_path / "x.html"],
        ["build", foreign, "-o", out],
        *(["check", foreign, "--format", form] for form in ("text", "short", "json", "github")),
        *(["diff", foreign, "--format", form] for form in ("text", "json", "markdown")),
        ["ids", foreign],
    ]
    for command in commands:
        done = CliRunner().invoke(main, [str(part) for part in command])
        assert (done.exit_code, done.exception) == (0, None), (command, done.output)
    assert "02\\\\u{dcff}.yaml" in (tmp_path / "x.html").read_text("utf-8")


# --- A browser, or none --------------------------------------------------------------------------


def output(deck: Path, *options: str, browser: str) -> str:
    """All that `metaflash preview` prints until it is ended, with something in the place of the
    function that opens a browser."""
    begin = f"import webbrowser; webbrowser.open = {browser}\n"
    command = [sys.executable, "-c", begin + IN_FRONT, "preview", str(deck), *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        assert running.stdout
        text = running.stdout.readline()
        with urlopen(f"{text.strip()}events", timeout=10) as events:  # noqa: S310 - it is ours
            events.readline()
        running.send_signal(signal.SIGINT)
        text += running.stdout.read()
    assert running.returncode == 0
    return text.replace("127.0.0.1", "HOST")


def test_no_browser_is_opened_where_nobody_is(write: Write) -> None:
    text = output(write({"01.yaml": FACTS}), browser="print")
    assert re.fullmatch(r"http://HOST:\d+/[\w-]+/\nCtrl-C ends the preview.\n", text)


def test_a_browser_is_opened_where_it_is_asked_for(write: Write) -> None:
    text = output(write({"01.yaml": FACTS}), "--open", browser="print")
    address, *rest = text.splitlines()
    assert rest == ["Ctrl-C ends the preview.", address]


@pytest.mark.parametrize(
    ("platform", "environment", "terminal", "expected"),
    [
        ("linux", {"DISPLAY": ":0"}, True, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True, True),
        ("linux", {}, True, False),
        ("linux", {"DISPLAY": ":0"}, False, False),
        ("linux", {"DISPLAY": ":0", "CI": "true"}, True, False),
        ("darwin", {}, True, True),
        ("darwin", {"SSH_CONNECTION": "1.2.3.4 5 6.7.8.9 22"}, True, False),
        ("win32", {}, True, True),
    ],
)
def test_where_there_is_a_desktop(
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    environment: dict[str, str],
    *,
    terminal: bool,
    expected: bool,
) -> None:
    for name in ("CI", "DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    assert desktop() is expected
