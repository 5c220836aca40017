"""Files and folders as the world has them: links, pipes, locked doors, a full disk."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Write
from metaflash import files, project
from metaflash.source import MAX_BYTES
from metaflash.times import Clock
from metaflash.workspace import compile_folders

posix = pytest.mark.skipif(os.name != "posix", reason="the system has no such files")
GOOD = "cards:\n  - fact: The ==liver==\n    id: liver\n"


def codes(folder: Path) -> list[tuple[str, str]]:
    """File and code of every problem of the decks at a folder."""
    folders, problems = project.find(folder)
    compiled = compile_folders(folders, clock=Clock(1))
    found = [*problems, *compiled.problems]
    return [(Path(d.span.source.path).name, d.code) for d in found]


def test_files_are_read_in_path_order_with_their_folders(write: Write) -> None:
    folder = write(
        {
            "02.yaml": "",
            "01/b.yaml": "",
            "01/a.yml": "",
            "01.yaml": "",
            ".hidden.yaml": "",
            "x.md": "",
        }
    )
    (found,), problems = project.find(folder)
    assert problems == []
    names = [path.relative_to(folder).as_posix() for path in found.facts]
    assert names == ["01/a.yml", "01/b.yaml", "01.yaml", "02.yaml"]


def test_a_deck_inside_a_deck_keeps_its_own_files(write: Write) -> None:
    folder = write({"01.yaml": GOOD, "inner/deck.yaml": "deck: I\nid: i\n", "inner/02.yaml": GOOD})
    found, _ = project.find(folder)
    assert [(f.name, [p.name for p in f.facts]) for f in found] == [
        ("deck", ["01.yaml"]),
        ("inner", ["02.yaml"]),
    ]


def test_a_file_of_no_deck_is_told(write: Write) -> None:
    folder = write({"01.yaml": GOOD, "../astray/01.yaml": GOOD, "../astray/02.yaml": GOOD})
    assert codes(folder.parent) == [("01.yaml", "no-deck")]


@pytest.mark.parametrize("name", ["deck.yml", "Deck.yaml", "deck.yaml.txt"])
def test_settings_under_another_name_are_told(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("deck: D\n")
    (tmp_path / "01.yaml").write_text(GOOD)
    assert codes(tmp_path) == [(name, "settings-name")]


def test_a_folder_without_a_deck_is_told(tmp_path: Path) -> None:
    assert codes(tmp_path) == [(tmp_path.name, "no-deck")]
    (tmp_path / "01.yaml.txt").write_text(GOOD)  # a warning only, and still no deck
    assert codes(tmp_path) == [("01.yaml.txt", "file-name"), (tmp_path.name, "no-deck")]


def test_two_decks_need_two_ids_names_and_packages(write: Write) -> None:
    folder = write(
        {
            "01.yaml": GOOD,
            "../sub/DECK/deck.yaml": "deck: METASTASIS\nid: metastasis-k3f9\nsource: s\n",
            "../sub/DECK/01.yaml": GOOD,
        }
    )
    assert codes(folder.parent) == [
        ("deck.yaml", "repeated-deck-id"),
        ("deck.yaml", "repeated-deck-name"),
    ]
    folders, _ = project.find(folder.parent)
    (problem,) = project.same_targets(folders, Path("dist"))
    assert problem.code == "same-output"


@posix
def test_pipes_devices_and_folders_are_not_read(write: Write) -> None:
    folder = write({"01.yaml": GOOD, "folder.yaml/x.md": ""})
    os.mkfifo(folder / "02.yaml")
    (folder / "03.yaml").symlink_to("/dev/zero")
    assert codes(folder) == [("03.yaml", "link-out"), ("02.yaml", "unreadable")]


@posix
def test_links_that_lead_nowhere_round_or_out_are_told(write: Write) -> None:
    folder = write({"01.yaml": GOOD, "../../secret.yaml": GOOD.replace("liver", "secret")})
    (folder / "02.yaml").symlink_to(folder / "gone.yaml")
    (folder / "03.yaml").symlink_to(folder / "03.yaml")
    (folder / "04.yaml").symlink_to(folder.parent.parent / "secret.yaml")
    (folder / "up").symlink_to(folder.parent)
    (folder / "notes.md").symlink_to("/etc/hostname")
    assert sorted(codes(folder)) == [
        ("02.yaml", "broken-link"),
        ("03.yaml", "broken-link"),
        ("04.yaml", "link-out"),
        ("up", "linked-folder"),
    ]


@posix
def test_a_link_to_a_file_inside_is_a_file(write: Write) -> None:
    folder = write({"shared.txt": GOOD})
    (folder / "01.yaml").symlink_to("shared.txt")
    assert codes(folder) == []


@posix
def test_a_file_without_permission_is_told(write: Write) -> None:
    folder = write({"01.yaml": GOOD, "02.yaml": GOOD.replace("liver", "bone")})
    (folder / "02.yaml").chmod(0)
    code = f"""
import os
from pathlib import Path
from metaflash import project
if os.getuid() == 0:
    os.setuid(65534)
source, problems = project.read(Path({str(folder / "02.yaml")!r}))
print(source, [(d.code, d.hint) for d in problems])
"""
    for parent in [folder, *folder.parents][:-1]:
        if parent.stat().st_uid == os.getuid():
            parent.chmod(parent.stat().st_mode | 0o055)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    hint = "The system says: permission denied. Change its permissions, or use another place."
    assert done.stdout == f"None [('unreadable', '{hint}')]\n", done.stderr


def test_a_file_that_vanishes_is_told(write: Write) -> None:
    folder = write({"01.yaml": GOOD, "02.yaml": GOOD.replace("liver", "bone")})
    folders, _ = project.find(folder)
    (folder / "01.yaml").unlink()
    (problem,) = compile_folders(folders, clock=Clock(1)).problems
    assert (problem.code, problem.hint) == (
        "unreadable",
        "It was there a moment ago. Run the command again.",
    )


def test_a_file_too_large_is_not_read(write: Write) -> None:
    folder = write({"01.yaml": b"#" * (MAX_BYTES + 1)})
    assert ("01.yaml", "too-large") in codes(folder)


def test_saving_replaces_a_file_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deck.apkg"
    files.save([(path, b"one")])
    files.save([(path, b"two")])
    assert path.read_bytes() == b"two"
    assert [p.name for p in path.parent.iterdir()] == ["deck.apkg"]


@posix
def test_saving_keeps_permissions_and_follows_links(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch()
    real = tmp_path / "real.apkg"
    files.save([(real, b"one")])
    assert real.stat().st_mode == plain.stat().st_mode
    real.chmod(0o640)
    link = tmp_path / "link.apkg"
    link.symlink_to(real)
    files.save([(link, b"two")])
    assert link.is_symlink()
    assert real.read_bytes() == b"two"
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_folder_in_the_way_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "deck.apkg").mkdir()
    with pytest.raises(files.WorldError, match="Cannot write"):
        files.save([(tmp_path / "deck.apkg", b"x")])
    assert [p.name for p in tmp_path.iterdir()] == ["deck.apkg"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A real disk of 64 KiB, where the machine lets us make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if sys.platform != "linux" or os.getuid() != 0:
        pytest.skip("only root on Linux can mount a small disk")
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this machine does not allow mounting")
    return disk


def test_a_full_disk_leaves_the_old_package(
    small_disk: Path, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: subprocess.run(["umount", str(small_disk)], check=True))
    path = small_disk / "deck.apkg"
    files.save([(path, b"old")])
    with pytest.raises(files.WorldError, match=r"no space left.*untouched"):
        files.save([(path, b"x" * 100_000)])
    assert path.read_bytes() == b"old"
    assert [p.name for p in small_disk.iterdir()] == ["deck.apkg"]
