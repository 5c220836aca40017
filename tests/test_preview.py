"""`metaflash preview` from the outside, and what it shows after which save."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from conftest import Write
from metaflash.cli import main
from metaflash.cli.preview import after_save
from metaflash.cli.shared import compile_path
from metaflash.preview.catalog import Catalog, card, listed, renewed

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
    deck = write({"01.yaml": f"{FACTS}{process}", "02.yaml": "cards:\n  - fact: A ==liver==.\n"})
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
    found = {name: card(catalog, f"metastasis-k3f9/p/{name}", 1) for name in ("gut", "vein")}
    drawing = {"field": "Drawing", "words": [("=", "P: “vein” is now “portal vein”")]}
    assert [shown["changes"] for shown in found.values() if shown] == [
        [drawing],
        [drawing, {"field": "Text", "words": [("-", "==vein=="), ("+", "==portal vein==")]}],
    ]


def test_a_warning_keeps_nothing_back(write: Write) -> None:
    deck = write({"01.yaml": FACTS, "02.yaml.txt": "x"})
    catalog = after(Catalog(), deck)
    assert [problem["code"] for problem in listed(catalog)["problems"]] == ["file-name"]
    assert card(catalog, "metastasis-k3f9/liver", 1)
    assert card(catalog, "metastasis-k3f9/liver", 3) is None
    assert card(catalog, "other/liver", 1) is None


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
    assert done.output == f"Error: Cannot serve the page at port {port}: Address already in use.\n"


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


def test_no_browser_is_opened_where_nobody_is(write: Write) -> None:
    deck = write({"01.yaml": FACTS})
    with subprocess.Popen(
        [sys.executable, "-c", _WITHOUT_BROWSER, "preview", str(deck)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        assert running.stdout
        assert running.stdout.readline().startswith("http://127.0.0.1:")
        assert running.stdout.readline() == "Ctrl-C ends the preview.\n"
        running.terminate()


_WITHOUT_BROWSER = """
import webbrowser
webbrowser.open = print
from metaflash.cli import main
main()
"""
