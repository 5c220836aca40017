"""The action, the workflows of the docs and the pre-commit hooks, tried as far as that goes at home."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import Write
from walk import blocks

ROOT = Path(__file__).parent.parent
ACTION = ROOT / ".github" / "actions" / "metaflash" / "action.yml"
PAGE = ROOT / "docs" / "how-to" / "github.md"
FACTS = "topic: Sites\ncards:\n- fact: It spreads to ==bone==.\n  id: bone\n"
GH = """\
#!/usr/bin/env bash
# Stands in for GitHub's own command, which needs GitHub: one release, with the package in $RELEASED,
# or with other files only.
set -eu
echo "$*" >> "$CALLS"
case "$1 $2" in
  "release list") if [ -e "$RELEASED" ] || [ -e "$RELEASED.other" ]; then echo v1; fi ;;
  "release view") if [ -e "$RELEASED" ]; then echo deck.apkg; else echo other.apkg; fi ;;
  "release download") mkdir -p last && cp "$RELEASED" last/ ;;
  "release create") cp news.md "$CALLS.note" ;;
esac
"""


def workflows() -> dict[str, str]:
    """The workflows on the docs' page, by their file's name."""
    page = PAGE.read_text("utf-8")
    return {Path(b.about).name: b.text for b in blocks(page) if b.language == "yaml"}


def run_steps(
    steps: list[dict[str, Any]],
    folder: Path,
    inputs: Mapping[str, str],
    environment: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """The scripts of some steps, run in order until one fails, as GitHub runs them: the expressions
    in their variables filled in. Gives the last exit status and all they printed."""
    said = ""
    for step in steps:
        if "run" not in step or step.get("id") == "install":
            continue
        given = {
            name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: inputs[m[1]], value)
            for name, value in step.get("env", {}).items()
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=folder,
            env={**os.environ, "PATH": path(), **(environment or {}), **given},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        said += done.stdout
        if done.returncode:
            return done.returncode, said
    return 0, said


def path(*more: Path) -> str:
    """The system's path, with this Python first."""
    return os.pathsep.join([*map(str, more), str(Path(sys.executable).parent), os.environ["PATH"]])


def action(folder: Path, **given: str) -> tuple[int, str, list[str]]:
    """The action's own scripts with some inputs: exit status, what they said, the packages."""
    spec = yaml.safe_load(ACTION.read_text("utf-8"))
    inputs = {name: value["default"] for name, value in spec["inputs"].items()} | given
    output = folder / "output"
    output.touch()
    status, said = run_steps(spec["runs"]["steps"], folder, inputs, {"GITHUB_OUTPUT": str(output)})
    _, *packages = output.read_text("utf-8").splitlines()[:-1] or [""]
    return status, said, packages


# --- The action ------------------------------------------------------------------------------


def test_the_action_builds_and_names_the_packages(write: Write) -> None:
    desk = write({"01.yaml": FACTS}).parent.parent
    (desk / "dist").mkdir()
    (desk / "dist" / "of-old.apkg").touch()
    status, said, packages = action(desk, locked="False")
    assert status == 0, said
    assert packages == ["dist/deck.apkg"]
    assert (desk / "dist" / "deck.apkg").is_file()


def test_the_action_marks_a_mistake_in_its_line(write: Write) -> None:
    desk = write({"01.yaml": FACTS.replace("  id: bone\n", "")}).parent.parent
    status, said, packages = action(desk)
    assert status == 1
    assert "::error file=cards/deck/01.yaml,line=3," in said
    assert not packages


def test_a_release_needs_a_lock_that_is_up_to_date(write: Write) -> None:
    desk = write({"01.yaml": FACTS}).parent.parent
    status, said, _ = action(desk)
    assert status == 1
    assert "metaflash.lock" in said
    assert action(desk, locked="false")[0] == 0
    status, said, _ = action(desk)
    assert status == 0, said


def test_no_input_is_run(write: Write) -> None:
    desk = write({"01.yaml": FACTS}).parent.parent
    for name in ("path", "out", "strict", "locked"):
        for hostile in ("$(touch ran)", "`touch ran`", "; touch ran #", '"; touch ran; "', "-h"):
            action(desk, **{"locked": "false", name: hostile})
            assert not (desk / "ran").exists()


# --- What GitHub reads -------------------------------------------------------------------------


def test_no_script_has_an_expression_in_it() -> None:
    texts = [ACTION.read_text("utf-8"), *workflows().values()]
    for text in texts:
        spec = yaml.safe_load(text)
        listed = [spec["runs"]] if "runs" in spec else spec["jobs"].values()
        for step in [step for job in listed for step in job["steps"]]:
            assert "${{" not in step.get("run", "")


def test_github_would_take_the_files(tmp_path: Path) -> None:
    pytest.importorskip("check_jsonschema")
    for name, text in workflows().items():
        (tmp_path / name).write_text(text, "utf-8")
    written = [tmp_path / name for name in workflows()]
    for schema, files in (("github-actions", [ACTION]), ("github-workflows", written)):
        command = ["-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
        subprocess.run([sys.executable, *command, *files], check=True)


def test_the_page_names_every_input() -> None:
    page = PAGE.read_text("utf-8")
    spec = yaml.safe_load(ACTION.read_text("utf-8"))
    for name, given in spec["inputs"].items():
        default = f"`{given['default']}`" if given["default"] else "none"
        assert f"| `{name}` | {default} |" in page
    used = yaml.safe_load(workflows()["check.yml"])["jobs"]["check"]["steps"][1]["with"]
    assert set(used) <= set(spec["inputs"])


# --- A release on a tag ------------------------------------------------------------------------


@pytest.fixture
def gh(tmp_path: Path) -> dict[str, str]:
    """The variables of a runner on which `gh` stands for GitHub."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "gh").write_text(GH)
    (tools / "gh").chmod(0o755)
    return {
        "PATH": path(tools),
        "CALLS": str(tmp_path / "calls"),
        "RELEASED": str(tmp_path / "deck.apkg"),
        "GITHUB_REF_NAME": "v2",
        "DECK": "cards/deck",
        "PACKAGE": "deck.apkg",
    }


def release(desk: Path, gh: Mapping[str, str]) -> str:
    """The note of a release as the docs' workflow publishes it, of what is committed."""
    assert action(desk, path="cards/deck")[0] == 0
    steps = yaml.safe_load(workflows()["release.yml"])["jobs"]["release"]["steps"]
    status, said = run_steps(steps, desk, {}, gh)
    assert status == 0, said
    assert "release create v2 dist/deck.apkg" in Path(gh["CALLS"]).read_text("utf-8")
    return Path(gh["CALLS"] + ".note").read_text("utf-8")


def test_a_tag_releases_the_deck_with_what_is_new_since_the_last_release(
    write: Write, gh: dict[str, str]
) -> None:
    desk = write({"01.yaml": FACTS}).parent.parent
    assert action(desk, locked="false")[0] == 0
    assert "first release" in release(desk, gh)

    Path(gh["RELEASED"] + ".other").touch()  # a release of another deck
    assert "first release" in release(desk, gh)

    Path(gh["RELEASED"]).write_bytes((desk / "dist" / "deck.apkg").read_bytes())
    write(
        {"01.yaml": FACTS + "- fact: It also spreads to $(touch ran) ==`touch ran`==.\n  id: b\n"}
    )
    assert action(desk, locked="false")[0] == 0  # the teacher builds, and commits the lock
    note = release(desk, gh)
    assert "## New" in note
    assert "It also spreads to" in note
    assert "spreads to **bone**" not in note
    assert not (desk / "ran").exists()


# --- pre-commit --------------------------------------------------------------------------------


def test_the_page_names_hooks_that_there_are() -> None:
    page = (ROOT / "docs" / "how-to" / "together.md").read_text("utf-8")
    (block,) = re.findall(
        r"^```yaml \.pre-commit-config\.yaml\n([\s\S]*?)^```$", page, re.MULTILINE
    )
    (named,) = yaml.safe_load(block)["repos"]
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert {hook["id"] for hook in named["hooks"]} == {hook["id"] for hook in hooks}


def test_the_hooks_in_the_real_pre_commit(write: Write, tmp_path: Path) -> None:
    pytest.importorskip("pre_commit")
    if not (ROOT / ".git").exists():
        pytest.skip("pre-commit takes hooks from a git repository")
    desk = write({"01.yaml": FACTS}).parent.parent
    environment = {**os.environ, "PATH": path(), "PRE_COMMIT_HOME": str(tmp_path / "hooks")}

    def hook(name: str) -> tuple[int, str]:
        subprocess.run(["git", "add", "cards"], cwd=desk, check=True)
        command = ["-m", "pre_commit", "try-repo", "--all-files", "--ref", "HEAD", str(ROOT), name]
        done = subprocess.run(
            [sys.executable, *command],
            cwd=desk,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    subprocess.run(["git", "init", "-q"], cwd=desk, check=True)
    assert hook("metaflash-check")[0] == 0, hook("metaflash-check")
    write({"01.yaml": FACTS.replace("  id: bone\n", "")})
    status, said = hook("metaflash-check")
    assert status == 1
    assert "missing-id" in said
    status, said = hook("metaflash-ids")
    assert status == 1, said
    assert "files were modified by this hook" in said
    assert hook("metaflash-ids")[0] == 0
