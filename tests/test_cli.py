"""The commands as a person runs them: what they print, where, and with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conftest import DECK, Write, on_a_terminal
from metaflash import __version__, package
from metaflash.cli import main

GOOD = "topic: Where it spreads\ncards:\n  - fact: The ==liver==\n    id: liver\n"
SOUND = GOOD.replace("The ==liver==", "Portal blood flows to the ==liver==")
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
    assert (release.id, list(release.notes)) == ("metastasis-k3f9", ["liver"])


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
    assert "0 new, 1 edited, 1 retired, 1 restored\n  Retired: lung\n    If " in changed
    assert "\n  Restored: bone\n" in changed


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


def test_check_writes_nothing(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write({"01.yaml": SOUND})
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
    write({"01.yaml": SOUND})
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


def test_wrong_usage_is_exit_code_2(tmp_path: Path) -> None:
    for args in (["nonsense"], ["build", "--nonsense"], ["check", "--format", "xml"]):
        assert run(*args).exit_code == 2
    result = run("build", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "does not exist" in result.stderr
    assert "A new deck begins with:  metaflash init" in result.stderr
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
    assert "02-light.yaml.txt: warning:" in result.stdout
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


def test_help_loads_nothing_that_a_command_needs() -> None:
    needed = {"anki", "genanki", "json", "sqlite3", "watchfiles", "webbrowser", "werkzeug", "yaml"}
    code = f"import sys, metaflash.cli; print(sorted({needed} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


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
    folder = write({f"{i:03}.yaml": GOOD.replace("id: liver", f"id: l{i}") for i in range(40)})
    code = "from metaflash import cli; cli.shared.PATIENCE = 0; cli.main()"
    command = [sys.executable, "-c", code, "build", str(folder), "-o", str(tmp_path)]
    done, shown = on_a_terminal(command)
    assert b"Compiling" in shown
    assert b"100%" in shown
    assert b"Compiling" not in done.stdout
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""


# --- From one build to the next -------------------------------------------------------------------

TWO = GOOD + "  - fact: The ==bone==\n    id: bone\n"


def test_nothing_changed_same_bytes_whatever_the_clock(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write({"01.yaml": TWO})
    run("build", folder, "-o", tmp_path)
    files = [tmp_path / "deck.apkg", folder / "metaflash.lock"]
    before = [file.read_bytes() for file in files]
    written = files[1].stat().st_mtime_ns
    for clock in ("1700000001", "1600000000", "1790000000"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", clock)
        result = run("build", folder, "-o", tmp_path)
        assert result.exit_code == 0
        assert "no note changed" in result.stdout
        assert [file.read_bytes() for file in files] == before
    assert files[1].stat().st_mtime_ns == written


def test_a_problem_leaves_the_lock_as_it_was(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": TWO})
    run("build", folder, "-o", tmp_path)
    before = (folder / "metaflash.lock").read_bytes()
    write({"01.yaml": BAD})
    assert run("build", folder, "-o", tmp_path).exit_code == 1
    assert (folder / "metaflash.lock").read_bytes() == before


def test_a_lock_that_cannot_be_read_stops_the_build(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": TWO})
    run("build", folder, "-o", tmp_path)
    package_before = (tmp_path / "deck.apkg").read_bytes()
    lock = folder / "metaflash.lock"
    for content in (b"", b"<<<<<<< HEAD\n", lock.read_bytes()[:-12], b"\xff\xfe", b"\x80"):
        lock.write_bytes(content)
        result = run("build", folder, "-o", tmp_path)
        assert result.exit_code == 1
        assert "metaflash.lock:" in result.stdout
        assert lock.read_bytes() == content
        assert (tmp_path / "deck.apkg").read_bytes() == package_before
    lock.unlink()
    lock.mkdir()
    assert "[unreadable]" in run("check", folder).stdout


def test_a_lost_lock_says_what_is_lost_and_gives_the_same_identity(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write({"01.yaml": TWO})
    run("build", folder, "-o", tmp_path)
    before = package.read((tmp_path / "deck.apkg").read_bytes())
    (folder / "metaflash.lock").unlink()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000500")
    result = run("build", folder, "-o", tmp_path)
    assert result.exit_code == 1
    assert "metaflash.lock: error: " in result.stdout
    assert "[lock-missing]" in result.stdout
    assert "Restore it from git" in result.stdout
    assert run("build", folder, "-o", tmp_path, "--new-lock").exit_code == 0
    after = package.read((tmp_path / "deck.apkg").read_bytes())
    assert before
    assert after
    assert [entry.modified for entry in before.notes.values()] == [1_700_000_000] * 2
    assert [entry.modified for entry in after.notes.values()] == [1_700_000_500] * 2
    assert before.notes == {
        key: entry._replace(modified=1_700_000_000) for key, entry in after.notes.items()
    }
    assert "[lock-missing]" not in run("build", folder, "-o", tmp_path).stdout


def test_an_older_lock_beside_a_newer_package_is_noticed(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write({"01.yaml": GOOD})
    run("build", folder, "-o", tmp_path)
    older = (folder / "metaflash.lock").read_bytes()
    write({"01.yaml": TWO})
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000100")
    assert "[lock-older]" not in run("build", folder, "-o", tmp_path).stdout
    (folder / "metaflash.lock").write_bytes(older)
    result = run("build", folder, "-o", tmp_path)
    assert result.exit_code == 0
    assert "warning: the lock is older than the package [lock-older]" in result.stdout
    assert "[lock-older]" not in run("build", folder, "-o", tmp_path).stdout


def test_a_release_machine_refuses_a_lock_that_is_not_up_to_date(
    write: Write, tmp_path: Path
) -> None:
    folder = write({"01.yaml": GOOD})
    assert "[lock-outdated]" in run("build", folder, "-o", tmp_path, "--locked").stdout
    assert not (tmp_path / "deck.apkg").exists()
    run("build", folder, "-o", tmp_path)
    assert run("build", folder, "-o", tmp_path, "--locked").exit_code == 0
    write({"01.yaml": TWO})
    result = run("build", folder, "-o", tmp_path, "--locked")
    assert result.exit_code == 1
    assert "the lock is older than the sources" in result.stdout


def test_long_retired_notes_can_be_forgotten(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keys() -> list[str]:
        release = package.read((tmp_path / "deck.apkg").read_bytes())
        assert release
        return list(release.notes)

    folder = write({"01.yaml": TWO})
    run("build", folder, "-o", tmp_path)
    write({"01.yaml": GOOD})
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700100000")
    run("build", folder, "-o", tmp_path)
    assert keys() == ["bone", "liver"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1_700_100_000 + 90 * 86_400))
    assert "Forgotten" not in run("build", folder, "-o", tmp_path, "--forget-retired", 100).stdout
    assert keys() == ["bone", "liver"]
    assert (
        "\n  Forgotten: bone\n"
        in run("build", folder, "-o", tmp_path, "--forget-retired", 30).stdout
    )
    assert keys() == ["liver"]
    assert "no note changed" in run("build", folder, "-o", tmp_path).stdout
    assert keys() == ["liver"]
    write({"01.yaml": TWO})
    run("build", folder, "-o", tmp_path)
    assert keys() == ["bone", "liver"]


def test_what_was_built_and_never_given_can_be_forgotten_at_once(
    write: Write, tmp_path: Path
) -> None:
    folder, out = write({"01.yaml": TWO}), tmp_path / "deck.apkg"
    run("build", folder, "-o", tmp_path)
    write({"01.yaml": GOOD})
    advice = "If no learner has it yet:  metaflash build --forget-retired 0\n"
    assert advice in run("check", folder, "-o", tmp_path).stdout
    again = run("build", folder, "-o", tmp_path, "--forget-retired", 0).stdout
    assert "0 new, 0 edited, 0 retired, 1 missing\n  Forgotten: bone\n" in again
    release = package.read(out.read_bytes())
    assert release
    assert list(release.notes) == ["liver"]
    assert run("build", folder, "-o", tmp_path, "--locked", "--strict").exit_code == 0
    write({"01.yaml": TWO.replace("    id: bone\n", "")})
    assert "1 id written (bone-2)" in run("ids", folder).stdout  # the old one stays known


def test_what_is_retired_can_be_forgotten_with_the_next_build(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": TWO})
    run("build", folder, "-o", tmp_path)
    write({"01.yaml": GOOD})
    said = run("build", folder, "-o", tmp_path).stdout
    advice = "If no learner has it yet:  metaflash build --forget-retired 0\n"
    assert f"\n  Retired: bone\n    {advice}" in said
    assert "Forgotten: bone" in run("build", folder, "-o", tmp_path, "--forget-retired", 0).stdout


def test_another_id_or_name_of_the_deck_has_to_be_meant(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": GOOD})
    run("build", folder, "-o", tmp_path)
    write({"deck.yaml": DECK.replace("k3f9", "z9z9"), "01.yaml": GOOD})
    result = run("build", folder, "-o", tmp_path)
    assert result.exit_code == 1
    assert "[deck-id-changed]" in result.stdout
    assert "Put it back:  id: metastasis-k3f9" in result.stdout
    renamed = DECK.replace("deck: Metastasis", "deck: Oncology::Metastasis")
    write({"deck.yaml": renamed})
    result = run("build", folder, "-o", tmp_path)
    assert result.exit_code == 1
    assert "[deck-renamed]" in result.stdout
    assert "was: Metastasis" in result.stdout
    write({"deck.yaml": renamed + "was: Metastasis\n"})
    assert run("build", folder, "-o", tmp_path).exit_code == 0
    write({"deck.yaml": renamed})
    assert run("build", folder, "-o", tmp_path).exit_code == 0
    write({"deck.yaml": renamed.replace("Oncology", "ONCOLOGY")})  # the same deck to Anki
    assert run("build", folder, "-o", tmp_path).exit_code == 0


# --- metaflash diff -------------------------------------------------------------------------------


def test_diff_shows_what_learners_of_the_last_build_will_see(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": TWO})
    assert (
        "Metastasis: 2 new, 0 edited, 0 retired\n\nnew       liver\n" in run("diff", folder).stdout
    )
    run("build", folder, "-o", tmp_path)
    assert run("diff", folder).stdout == "Metastasis: no note changed\n"
    write({"01.yaml": GOOD.replace("The ==liver==", "A ==lung== and the ==liver==")})
    result = run("diff", folder)
    assert result.exit_code == 0
    assert result.stdout == (
        "Metastasis: 0 new, 1 edited, 1 retired\n\n"
        "edited    liver\n"
        "          [-The-] {+A ==lung== and the+} ==liver==\n"
        "          card 2 is new\n"
        "retired   bone\n"
        "          (learners who have it are told; its history stays)\n"
        "          The ==bone==\n"
    )


def test_diff_against_a_package_says_the_same_as_against_the_lock(
    write: Write, tmp_path: Path
) -> None:
    folder = write({"01.yaml": TWO})
    run("build", folder, "-o", tmp_path)
    old = (tmp_path / "deck.apkg").rename(tmp_path / "old.apkg")
    write({"01.yaml": TWO.replace("The ==liver==", "A ==lung== and the ==liver==")})
    expected = run("diff", folder).stdout
    assert "1 edited" in expected
    assert run("diff", folder, "--against", old).stdout == expected
    run("build", folder, "-o", tmp_path)
    assert run("diff", folder).stdout == "Metastasis: no note changed\n"
    assert run("diff", folder, "--against", old).stdout == expected


def test_diff_in_json(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": GOOD})
    run("build", folder, "-o", tmp_path)
    write({"01.yaml": GOOD.replace("The ==liver==", "A ==liver==")})
    (deck,) = json.loads(run("diff", folder, "--format", "json").stdout)
    assert (deck["deck"], deck["id"]) == ("Metastasis", "metastasis-k3f9")
    (change,) = deck["changes"]
    assert (change["id"], change["status"]) == ("liver", "edited")
    assert change["edits"] == [
        {
            "field": "Text",
            "before": "The ==liver==",
            "after": "A ==liver==",
            "pieces": [
                {"sign": "-", "text": "The"},
                {"sign": "+", "text": "A"},
                {"sign": "=", "text": "==liver=="},
            ],
        }
    ]
    write({"01.yaml": BAD})
    result = run("diff", folder, "--format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)[0]["code"] == "unclosed-blank"


def test_diff_as_a_release_note_for_learners(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": TWO})
    run("build", folder, "-o", tmp_path)
    edited = GOOD.replace("The ==liver==", "A *big* ==liver==") + (
        "    note: Ask about [this].\n  - ask: Why_not?\n    answer: A * star\n    id: why\n"
    )
    write({"01.yaml": edited})
    note = run("diff", folder, "--format", "markdown").stdout
    assert note.startswith("# Metastasis: what changed\n\nTo update, import the new file")
    assert note[note.index("## New") :] == (
        "## New\n\n### Where it spreads\n\n- Why\\_not? **A \\* star**\n\n"
        "## Corrected\n\n### Where it spreads\n\n"
        "- A big **liver**  \n  *before:* The liver  \n  *Note:* Ask about \\[this\\].\n\n"
        "## Retired\n\nThese are no longer part of the deck. If you have them, they stay, with a"
        " line that says so. Find them with\n`tag:metaflash::retired` and suspend them.\n\n"
        "### Where it spreads\n\n- The **bone**\n"
    )
    run("build", folder, "-o", tmp_path)
    assert run("diff", folder, "--format", "markdown").stdout == (
        "# Metastasis: what changed\n\nNothing changed that you would notice.\n"
    )
    write({"01.yaml": BAD})
    result = run("diff", folder, "--format", "markdown")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "[unclosed-blank]" in result.stderr


def test_the_release_note_says_what_a_learner_would_wonder_about(
    write: Write, tmp_path: Path
) -> None:
    steps = "cards:\n  - process: Steps\n    id: p\n    steps:\n      - a: First ==a==\n"
    files = {"01.yaml": TWO, "02.yaml": steps}
    folder = write(files)
    run("build", folder, "-o", tmp_path)
    old = (tmp_path / "deck.apkg").rename(tmp_path / "old.apkg")
    files["01.yaml"] = TWO.replace("The ==bone==", "The bone and the ==lung==").replace(
        "topic: Where it spreads", "topic: Sites"
    )
    files["02.yaml"] = steps + "      - b: 2. Then ==b==\n"
    renamed = DECK.replace("deck: Metastasis", "deck: Tumors") + "was: Metastasis\n"
    write({"deck.yaml": renamed, **files})
    expected = run("diff", folder, "--format", "markdown").stdout
    assert expected.split("\n\n", 2)[2] == (
        "The deck was called Metastasis. The cards you have stay in that deck, and new ones come to the"
        " new one; move them together as you like.\n\n"
        "## New\n\n- Steps: 2. Then **b**\n\n"
        "## Corrected\n\n### Sites\n\n"
        "- The bone and the **lung**  \n  *before:* The bone  \n  *1 card more*  \n"
        "  *1 card no longer asked*\n\n"
        "2 notes have another heading, tag or source.\n"
    )
    assert run("diff", folder, "--format", "markdown", "--against", old).stdout == expected
    write({"deck.yaml": DECK, **files})
    assert (
        "## Renewed\n\nThese show something new or changed next to their own words.\n\n"
        "- Steps: First **a**\n\n"
        "1 note has another heading, tag or source.\n"
    ) in run("diff", folder, "--format", "markdown").stdout


def test_diff_against_what_is_no_package_is_one_sentence(write: Write, tmp_path: Path) -> None:
    folder = write({"01.yaml": GOOD})
    (tmp_path / "x.apkg").write_bytes(b"no package")
    for old in ("missing.apkg", "x.apkg", "."):
        result = run("diff", folder, "--against", tmp_path / old)
        assert result.exit_code == 1
        assert result.stderr.startswith("Error: ")
        assert "Traceback" not in result.stderr
    run("build", folder, "-o", tmp_path)
    other = DECK.replace("k3f9", "x")
    folder = write({"../other/deck.yaml": other, "../other/01.yaml": GOOD})
    result = run("diff", folder.parent / "other", "--against", tmp_path / "deck.apkg")
    assert "holds the deck with the id metastasis-k3f9, which is not here" in result.stderr
