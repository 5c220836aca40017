"""A running preview, whatever becomes of the files under it: it sees every save, and it lives."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import Write
from metaflash.watch import look
from previews import Shown, preview

FACTS = """\
topic: Sites
cards:
  - fact: One ==site::what?==.
    id: site
"""


def says(file: Path, number: str) -> None:
    """Write the fact file, in place, saying another number."""
    file.write_text(FACTS.replace("One", number), "utf-8")


@pytest.fixture
def deck(write: Write) -> Path:
    return write({"01.yaml": FACTS})


@contextmanager
def shown(folder: Path, before: str = "") -> Iterator[Shown]:
    with preview(folder, before=before) as address:
        found = Shown(address)
        assert found.comes_to("One site.")
        yield found


@pytest.fixture
def running(deck: Path) -> Iterator[Shown]:
    with shown(deck.parent) as found:
        yield found


def test_a_look_is_at_what_the_compiler_could_read(deck: Path, tmp_path: Path) -> None:
    (deck / ".hidden").mkdir()
    (deck / ".hidden" / "01.yaml").write_text("x", "utf-8")
    (deck / "sub").mkdir()
    (deck / "sub" / "nowhere.yaml").symlink_to("nothing")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "01.yaml").write_text("x", "utf-8")
    (deck / "other").symlink_to(tmp_path / "other")
    seen = look(deck)
    paths = ["", "01.yaml", "deck.yaml", "other", "sub", "sub/nowhere.yaml"]
    assert sorted(seen) == [deck / path for path in paths]
    assert [len(seen[deck / path]) for path in paths] == [2, 5, 5, 0, 2, 0]
    assert look(deck) == seen
    assert look(deck / "gone") == {deck / "gone": ()}


def test_one_save_after_the_other_is_seen(running: Shown, deck: Path) -> None:
    for number in ("Two", "Six", "Ten"):
        says(deck / "01.yaml", number)
        assert running.comes_to(f"{number} site.")


def test_a_folder_deleted_and_made_anew_at_once(running: Shown, deck: Path) -> None:
    away = deck.parent.with_name("away")
    for number in ("Two", "Six", "Ten"):  # mostly it gets the inode of the one that was deleted
        shutil.copytree(deck.parent, away)
        shutil.rmtree(deck.parent)
        deck.parent.mkdir()
        shutil.copytree(away, deck.parent, dirs_exist_ok=True)
        shutil.rmtree(away)
        says(deck / "01.yaml", number)
        assert running.comes_to(f"{number} site.")
        says(deck / "01.yaml", f"{number} more")
        assert running.comes_to(f"{number} more site.")


def test_a_file_behind_a_link(deck: Path) -> None:
    hidden = deck / ".src" / "01.yaml"
    hidden.parent.mkdir()
    (deck / "01.yaml").rename(hidden)
    (deck / "01.yaml").symlink_to(".src/01.yaml")
    with shown(deck.parent) as found:
        for number in ("Two", "Six"):
            says(hidden, number)
            assert found.comes_to(f"{number} site.")


def test_a_link_as_the_folder_below_a_hidden_one(deck: Path, tmp_path: Path) -> None:
    link = tmp_path / ".hidden" / "deep" / "cards"
    link.parent.mkdir(parents=True)
    link.symlink_to(deck.parent)
    with shown(link) as found:
        says(deck / "01.yaml", "Two")
        assert found.comes_to("Two site.")
        other = tmp_path / "other"
        shutil.copytree(deck.parent, other)
        says(other / "deck" / "01.yaml", "Six")
        link.unlink()
        link.symlink_to(other)
        assert found.comes_to("Six site.")
        says(other / "deck" / "01.yaml", "Ten")
        assert found.comes_to("Ten site.")


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() == 0, reason="root may read everything")
def test_a_folder_that_becomes_readable(deck: Path) -> None:
    more = deck / "sub" / "02.yaml"
    more.parent.mkdir()
    more.write_text(FACTS.replace("id: site", "id: more").replace("One", "Six"), "utf-8")
    more.parent.chmod(0)
    try:
        with preview(deck.parent) as address:
            found = Shown(address)
            assert found.comes_to(problems=("unreadable",))
            more.parent.chmod(0o755)
            assert found.comes_to("One site.", "Six site.")
            more.write_text(FACTS.replace("id: site", "id: more").replace("One", "Two"), "utf-8")
            assert found.comes_to("One site.", "Two site.")
    finally:
        more.parent.chmod(0o755)


@pytest.mark.parametrize("target", ["/", "/usr", "..", "."])
def test_a_link_to_a_folder_is_not_followed(running: Shown, deck: Path, target: str) -> None:
    (deck / "all").symlink_to(target)
    assert running.comes_to("One site.", problems=("linked-folder",))
    says(deck / "01.yaml", "Two")
    (deck / "all").unlink()
    assert running.comes_to("Two site.")


def test_names_that_are_no_text(running: Shown, deck: Path) -> None:
    name = os.fsdecode(b"\xff")
    try:
        (deck / name).mkdir()
    except OSError:
        pytest.skip("this file system takes no such name")
    (deck / "media").mkdir()
    (deck / "media" / f"{name}.png").write_bytes(b"x")
    (deck / f"00{name}.yaml.txt").write_text("x", "utf-8")
    more, told = deck / name / "02.yaml", ("file-name", "unused-picture")
    for number in ("Two", "Six"):
        more.write_text(FACTS.replace("One", number).replace("id: site", "id: more"), "utf-8")
        assert running.comes_to("One site.", f"{number} site.", problems=told)
    says(deck / "01.yaml", "Ten")
    assert running.comes_to("Ten site.", "Six site.", problems=told)


_NONE_LEFT = """
import metaflash.watch as watch
def none_left(*_, **__):
    raise OSError(24, "Too many open files")
watch.watch = none_left
"""
"""A system with no watch left to give; it cannot be had without taking it from all others."""


def test_a_system_that_has_no_watch_left(deck: Path) -> None:
    with shown(deck.parent, before=_NONE_LEFT) as found:
        says(deck / "01.yaml", "Two")
        assert found.comes_to("Two site.")
        shutil.rmtree(deck.parent)
        deck.mkdir(parents=True)
        (deck / "deck.yaml").write_text("deck: D\nid: d-1\nsource: x\n", "utf-8")
        says(deck / "01.yaml", "Six")
        assert found.comes_to("Six site.")
