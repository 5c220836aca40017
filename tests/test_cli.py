"""The commands as a person runs them: what they print, where, and with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conftest import DECK, Write
from metaflash import __version__, package
from metaflash.cli import main

GOOD = "topic: Where it spreads\ncards:\n  - fact: The ==liver==\n    id: liver\n"
BAD = "cards:\n  - fact: The ==liver\n    id: liver\n"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def run(*args: object) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args])


def test_build_writes_a_package_and_sums_up(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": GOOD})
    out = tmp_path / "dist"
    result = run("build", folder.parent, "-o", out)
    assert result.exit_code == 0
    assert result.stdout == (
        f"{out}/deck.apkg: Metastasis, 1 note, 1 card, all new\n"
        f"  {folder}/metaflash.lock is new: commit it with the facts.\n"
    )
    assert result.stderr == ""
    release = package.read((out / "deck.apkg").read_bytes())
    assert release is not None
    assert (release.deck, list(release.notes)) == ("metastasis-k3f9", ["liver"])


def test_build_says_what_changed_since_the_last_one(write: Write, tmp_path: Path) -> None:
    more = GOOD + "  - fact: The ==bone==\n    id: bone\n"
    folder = write({"01.yaml": more})
    assert "all new" in run("build", folder, "-o", tmp_path).stdout
    assert "2 cards, no note changed" in run("build", folder, "-o", tmp_path).stdout
    edited = more.replace("The ==liver==", "A ==liver==").replace("bone", "lung")
    write({"01.yaml": edited})
    changed = run("build", folder, "-o", tmp_path).stdout
    assert "2 notes, 2 cards, 1 new, 1 edited, 1 retired\n  Retired: bone\n" in changed
    write({"01.yaml": more})
    changed = run("build", folder, "-o", tmp_path).stdout
    assert "0 new, 1 edited, 1 retired, 1 restored\n  Retired: lung\n  Restored: bone\n" in changed


def test_build_takes_a_file_name_for_one_deck_only(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": GOOD})
    target = tmp_path / "new" / "mine.apkg"
    assert run("build", folder, "-o", target).exit_code == 0
    assert target.is_file()
    other = folder.parent / "other"
    other.mkdir()
    (other / "deck.yaml").write_text(DECK.replace("Metastasis", "Other").replace("k3f9", "x"))
    (other / "01.yaml").write_text(GOOD)
    result = run("build", folder.parent, "-o", target)
    assert result.exit_code == 2
    assert "2 decks" in result.stderr
    result = run("build", folder, "-o", tmp_path / "mine.zip")
    assert result.exit_code == 2
    assert ".apkg" in result.stderr
    result = run("build", folder.parent, "-o", tmp_path / "dist")
    assert result.exit_code == 0
    assert sorted(p.name for p in (tmp_path / "dist").iterdir()) == ["deck.apkg", "other.apkg"]


def test_with_an_error_in_one_deck_nothing_is_written(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": GOOD, "../other/deck.yaml": DECK.replace("Meta", "Mega")})
    assert run("build", folder, "-o", tmp_path).exit_code == 0
    before = (tmp_path / "deck.apkg").read_bytes()
    write({"01.yaml": BAD})
    result = run("build", folder.parent, "-o", tmp_path)
    assert result.exit_code == 1
    assert "nothing was written" in result.stdout
    assert "01.yaml:2:15: error: == without its partner [unclosed-blank]" in result.stdout
    assert (tmp_path / "deck.apkg").read_bytes() == before
    assert not (tmp_path / "other.apkg").exists()


def test_an_emptied_deck_never_replaces_a_package(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": GOOD})
    run("build", folder, "-o", tmp_path)
    before = (tmp_path / "deck.apkg").read_bytes()
    for emptied in ("", "cards: []\n", "cards:\n", "# nothing\n", "\0"):
        write({"01.yaml": emptied})
        assert run("build", folder, "-o", tmp_path).exit_code == 1
    (folder / "01.yaml").unlink()
    assert run("build", folder, "-o", tmp_path).exit_code == 1
    assert (tmp_path / "deck.apkg").read_bytes() == before


def test_a_lock_that_was_lost_is_missed(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": GOOD})
    run("build", folder, "-o", tmp_path)
    (folder / "metaflash.lock").unlink()
    result = run("build", folder, "-o", tmp_path, "--format", "json")
    assert [problem["code"] for problem in json.loads(result.stdout)] == ["lock-missing"]
    assert result.exit_code == 0


def test_a_release_machine_builds_only_what_the_lock_holds(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": GOOD})
    run("build", folder, "-o", tmp_path)
    write({"01.yaml": GOOD.replace("The", "A")})
    assert "[lock-outdated]" in run("build", folder, "-o", tmp_path, "--locked").output
    run("build", folder, "-o", tmp_path)
    assert run("build", folder, "-o", tmp_path, "--locked").exit_code == 0


def test_check_writes_nothing(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write({"01.yaml": GOOD})
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    result = run("check", folder)
    assert result.exit_code == 0
    assert result.stdout == f"{folder}: Metastasis, 1 note, 1 card, no errors\n"
    write({"01.yaml": BAD})
    result = run("check", folder)
    assert result.exit_code == 1
    assert "1 error; a build would stop here." in result.stdout
    assert sorted(tmp_path.rglob("*")) == before


def test_the_default_paths_are_cards_and_dist(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"01.yaml": GOOD})
    monkeypatch.chdir(tmp_path)
    assert run("build").stdout.startswith("dist/deck.apkg: ")
    assert (tmp_path / "dist" / "deck.apkg").is_file()
    assert run("check").stdout.startswith("cards/deck: ")


def test_a_deck_in_the_current_folder_has_the_folders_name(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write({"01.yaml": GOOD}))
    assert run("build", ".", "-o", tmp_path).exit_code == 0
    assert (tmp_path / "deck.apkg").is_file()


def test_formats_for_people_and_machines(write: Write) -> None:
    folder = write({"01.yaml": BAD})
    path = f"{folder}/01.yaml"
    short = run("check", folder, "--format", "short").stdout
    assert short.splitlines()[0] == (f"{path}:2:15: error: == without its partner [unclosed-blank]")
    result = run("check", folder, "--format", "json")
    (problem,) = json.loads(result.stdout)
    hint = problem.pop("hint")
    assert hint.startswith("A blank is ==answer==")
    assert problem == {
        "path": path,
        "line": 2,
        "column": 15,
        "end_line": 2,
        "end_column": 17,
        "severity": "error",
        "code": "unclosed-blank",
        "message": "== without its partner",
    }
    assert "1 error" in result.stderr
    github = run("check", folder, "--format", "github").stdout
    assert github.startswith(
        f"::error file={path},line=2,endLine=2,col=15,endColumn=17,title=unclosed-blank::=="
    )


def test_json_is_a_list_also_without_problems(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": GOOD})
    result = run("build", folder, "-o", tmp_path, "--format", "json")
    assert json.loads(result.stdout) == []
    assert "1 note" in result.stderr


def test_colour_is_for_terminals(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write({"01.yaml": BAD})
    runner = CliRunner()
    assert "\x1b[" not in runner.invoke(main, ["check", str(folder)]).stdout
    assert "\x1b[31m\x1b[1merror" in runner.invoke(main, ["check", str(folder)], color=True).stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in runner.invoke(main, ["check", str(folder)], color=True).stdout


def test_wrong_usage_is_exit_code_2(tmp_path: Path) -> None:
    for args in (["nonsense"], ["build", "--nonsense"], ["check", "--format", "xml"]):
        assert run(*args).exit_code == 2
    result = run("build", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "does not exist" in result.stderr
    (tmp_path / "file").touch()
    result = run("check", tmp_path / "file")
    assert result.exit_code == 2
    assert "is a file" in result.stderr


def test_a_path_beside_the_right_one_is_answered_with_the_right_one(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write({"01.yaml": GOOD})
    result = run("check", folder / "01.yaml")
    assert f"Give the deck's folder:  {folder}" in result.stderr
    monkeypatch.chdir(folder)
    assert "give a dot" in run("check").stderr


def test_strict_lets_warnings_fail(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": GOOD, "02-light.yaml.txt": GOOD})
    result = run("build", folder, "-o", tmp_path)
    assert result.exit_code == 0
    assert "02-light.yaml.txt:1:1: warning:" in result.stdout
    assert "[file-name]" in result.stdout
    assert "1 warning." in result.stdout
    result = run("build", folder, "-o", tmp_path / "dist", "--strict")
    assert result.exit_code == 1
    assert not (tmp_path / "dist").exists()


@pytest.mark.parametrize("value", ["0", "1", "soon", "-5", "99999999999", "1e9", "٣"])
def test_an_absurd_clock_is_refused(value: str, write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": GOOD})
    result = CliRunner(env={"SOURCE_DATE_EPOCH": value}).invoke(
        main, ["build", str(folder), "-o", str(tmp_path / "dist")]
    )
    assert result.exit_code == 1
    assert "SOURCE_DATE_EPOCH" in result.stderr
    assert not (tmp_path / "dist").exists()


def test_what_the_disk_refuses_is_one_sentence(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": GOOD})
    (tmp_path / "file").write_text("x")
    result = run("build", folder, "-o", tmp_path / "file")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: Cannot write {tmp_path}/file/deck.apkg: ")
    assert "Traceback" not in result.stderr


def test_packages_of_several_decks_are_replaced_together_or_not_at_all(
    write: Write, tmp_path: Path
) -> None:
    other = DECK.replace("deck: Meta", "deck: Mega").replace("k3f9", "x")
    folder = write({"01.yaml": GOOD, "../zoo/deck.yaml": other, "../zoo/01.yaml": GOOD})
    out = tmp_path / "dist"
    (out / "zoo.apkg").mkdir(parents=True)
    (out / "deck.apkg").write_bytes(b"old")
    result = run("build", folder.parent, "-o", out)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: Cannot write {out}/zoo.apkg: ")
    assert (out / "deck.apkg").read_bytes() == b"old"
    assert sorted(path.name for path in out.iterdir()) == ["deck.apkg", "zoo.apkg"]


@pytest.mark.skipif(os.name != "posix", reason="the system has no such files")
def test_a_pipe_at_the_target_is_not_waited_for(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": GOOD})
    os.mkfifo(tmp_path / "deck.apkg")
    assert run("build", folder, "-o", tmp_path).exit_code == 0
    assert (tmp_path / "deck.apkg").is_file()


def test_a_damaged_package_at_the_target_is_replaced(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": GOOD})
    run("build", folder, "-o", tmp_path)
    good = (tmp_path / "deck.apkg").read_bytes()
    for at in range(0, len(good), 7):
        damaged = good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 :]
        package.read(damaged)  # whatever it makes of it, it does not fail
    (tmp_path / "deck.apkg").write_bytes(good[: len(good) // 2])
    assert run("build", folder, "-o", tmp_path).exit_code == 0
    assert (tmp_path / "deck.apkg").read_bytes() == good


def test_a_package_is_named_after_the_real_folder(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write({"01.yaml": GOOD, "sub/x.md": ""})
    monkeypatch.chdir(folder / "sub")
    assert run("build", "..", "-o", tmp_path).stdout.startswith(f"{tmp_path}/deck.apkg: ")


def test_a_path_that_cannot_be_looked_at_is_wrong_usage() -> None:
    result = run("check", "x" * 300)
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr


def test_version_and_help() -> None:
    assert run("--version").stdout == f"metaflash {__version__}\n"
    for args in ([], ["build"], ["check"], ["ids"]):
        assert "Usage: metaflash" in run(*args, "--help").stdout


def test_help_loads_neither_yaml_nor_genanki() -> None:
    code = "import sys, metaflash.cli; print(sorted({'yaml', 'genanki', 'sqlite3'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_console_that_lacks_letters_gets_escapes(write: Write) -> None:
    folder = write({"01.yaml": BAD.replace("liver", "肝臓")})
    done = subprocess.run(
        [sys.executable, "-m", "metaflash", "check", str(folder)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        check=False,
    )
    assert done.returncode == 1
    assert rb"\u809d\u81d3" in done.stdout
    assert done.stderr == b""
    command = [sys.executable, "-m", "metaflash", "check", str(folder), "--format", "json"]
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert json.loads(done.stdout)


def test_the_same_sources_and_clock_give_the_same_bytes(write: Write, tmp_path: Path) -> None:
    facts = GOOD + "".join(
        f"  - fact: A ==b{i}== and {{{{c7::c}}}}\n    id: f{i}\n    tags: [t{i}, z, a]\n"
        for i in range(50)
    )
    folder = write({"01.yaml": facts, "sub/02.yaml": GOOD.replace("id: liver", "id: liver-2")})
    packages = set()
    for i, (seed, zone, locale) in enumerate(
        [("0", "UTC", "C"), ("1", "Asia/Tokyo", "C.UTF-8"), ("77", "America/Lima", "tr_TR.UTF-8")]
    ):
        for path in folder.rglob("*.yaml"):
            os.utime(path, (1_000_000_000 + i, 1_000_000_000 + i))
        cwd = tmp_path / f"cwd{i}"
        cwd.mkdir()
        cards = cwd / "here" / "deck"
        cards.parent.mkdir()
        folder = folder.rename(cards)
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        command = [sys.executable, "-m", "metaflash", "build", "here", "-o", "out"]
        subprocess.run(command, cwd=cwd, env=environment, check=True, capture_output=True)
        packages.add((cwd / "out" / "deck.apkg").read_bytes())
    assert len(packages) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_output_is_one_sentence(write: Write) -> None:
    folder = write({"01.yaml": GOOD})
    for arguments in (["check", str(folder)], ["--help"], ["build", "--help"], ["--version"]):
        command = [sys.executable, "-m", "metaflash", *arguments]
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                command, stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        assert done.returncode == 1
        assert done.stderr == "Error: Cannot print the result: No space left on device.\n"


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX pipe")
def test_a_reader_that_has_seen_enough_is_no_error(write: Write) -> None:
    facts = "cards:\n" + "- fact: x\n" * 5000
    folder = write({"01.yaml": facts})
    command = [sys.executable, "-m", "metaflash", "check", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX terminal")
def test_a_long_build_shows_a_bar_on_a_terminal_only(write: Write, tmp_path: Path) -> None:
    import pty

    folder = write({f"{i:03}.yaml": GOOD.replace("id: liver", f"id: l{i}") for i in range(40)})
    code = "from metaflash import cli; cli.shared.PATIENCE = 0; cli.main()"
    command = [sys.executable, "-c", code, "build", str(folder), "-o", str(tmp_path)]
    ours, theirs = pty.openpty()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, check=True)
    os.close(theirs)
    shown = b""
    while not shown.endswith(b"\n"):
        shown += os.read(ours, 1000)
    os.close(ours)
    assert b"Compiling" in shown
    assert b"100%" in shown
    assert b"Compiling" not in done.stdout
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
