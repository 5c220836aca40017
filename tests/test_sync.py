"""Two devices of one learner, each with another release of a deck, meet at Anki's sync server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from anki.collection import Collection
from anki.decks import DeckId
from anki.sync_pb2 import SyncAuth

from conftest import compiled
from engine import check_database, collection, import_package
from metaflash import notetype
from metaflash.package import encode
from test_releases import ID, clock

FIRST = """\
cards:
- fact: The ==liver== and the ==lung== are common sites.
  id: sites
- ask: What kills most people who have cancer?
  answer: Metastases
  id: killer
"""
SECOND = FIRST.replace("and the ==lung==", "the ==lung== and ==bone==").replace("most", "many")
MORE = "- fact: The ==skin== is a rare site.\n  id: skin\n"
NORMAL, FULL = 0, (2, 3, 4)
"""What a sync asks for: nothing more; or that all goes one way."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a sync server with one account, which is empty."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "SYNC_USER1": "learner:secret",
        "SYNC_BASE": str(tmp_path / "server"),
        "SYNC_HOST": "127.0.0.1",
        "SYNC_PORT": str(port),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "anki.syncserver"],
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            if not answers(process, port):
                process.kill()
                said = process.communicate()[1].decode(errors="replace")
                pytest.skip(f"the sync server of Anki does not start here: {said.strip()}")
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.kill()


def answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Whether the server takes connections, after ten seconds at the latest."""
    for _ in range(100):
        if process.poll() is not None:
            return False
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.1)
    return False


def sync(opened: Collection, server: str) -> int:
    """What a sync asks for beside what it does by itself."""
    return opened.sync_collection(account(opened, server), sync_media=False).required


def account(opened: Collection, server: str) -> SyncAuth:
    """The learner, logged in."""
    return opened.sync_login("learner", "secret", server)


def own_cards(opened: Collection) -> None:
    """A note of the learner's own with a field of their own, which makes the first sync a full one."""
    basic = opened.models.by_name("Basic")
    assert basic
    opened.models.add_field(basic, opened.models.new_field("Mine"))
    opened.models.update_dict(basic)
    note = opened.new_note(basic)
    note["Front"] = "own"
    opened.add_note(note, DeckId(1))


def sync_all(opened: Collection, server: str, *, upload: bool) -> None:
    """A first sync, which takes the whole collection one way."""
    assert sync(opened, server) in FULL
    auth = account(opened, server)
    opened.close_for_full_sync()
    opened.full_upload_or_download(auth=auth, server_usn=None, upload=upload)
    opened.reopen(after_full_sync=True)


def releases(folder: Path) -> list[Path]:
    """Two releases: the second with a blank, a question and a fact that the first has not."""
    lock, paths = None, []
    for at, text in enumerate((FIRST, SECOND + MORE)):
        built = compiled({"01.yaml": text}, lock, clock(at))
        assert built.deck
        assert built.lock
        lock = built.lock
        paths.append(folder / f"{at}.apkg")
        paths[-1].write_bytes(encode(built.deck, built.notes, styled=lock.style.modified))
    return paths


def study(opened: Collection, guid: str) -> None:
    """Every card of a note answered, after it became a review."""
    assert opened.db
    cards = opened.db.list(
        "select id from cards where nid = (select id from notes where guid = ?)", guid
    )
    opened.sched.set_due_date(cards, "30!")
    for card_id in cards:
        card = opened.get_card(card_id)
        card.start_timer()
        opened.sched.answerCard(card, 3)


def rows(opened: Collection, sql: str) -> list[list[object]]:
    """Rows of a collection."""
    assert opened.db
    return [list(row) for row in opened.db.all(sql)]


CARDS = "select guid, ord, cards.id, type, queue, ivl, reps from cards join notes on nid = notes.id"
NOTES = "select guid, id, flds, tags from notes where guid like 'metastasis%' order by guid"
REVIEWS = "select id, cid, ease, ivl from revlog order by id"


@pytest.mark.parametrize("order", ["ABAB", "BABA"])
def test_two_devices_with_two_releases_have_one_deck(
    server: str, tmp_path: Path, order: str
) -> None:
    first, second = releases(tmp_path)
    with collection(tmp_path / "A") as a, collection(tmp_path / "B") as b:
        own_cards(a)
        sync_all(a, server, upload=True)
        sync_all(b, server, upload=False)
        import_package(a, first)
        study(a, f"{ID}/sites")
        learned = rows(a, f"{CARDS} where reps > 0 order by cards.id")
        reviews = rows(a, REVIEWS)
        assert len(learned) == 2
        assert import_package(b, second).new == 3
        released = rows(b, NOTES)
        devices = [{"A": a, "B": b}[name] for name in order]
        assert [sync(device, server) for device in devices] == [NORMAL] * 4
        for device in (a, b):
            assert rows(device, NOTES) == released
            assert rows(device, f"{CARDS} where reps > 0 order by cards.id") == learned
            assert rows(device, REVIEWS) == reviews
            assert len(rows(device, f"{CARDS} where guid like 'metastasis%'")) == 5
            assert [
                n.name for n in device.models.all_names_and_ids() if notetype.NAME in n.name
            ] == [notetype.NAME]
            log = import_package(device, second)
            assert (log.new, log.updated, log.duplicate, log.conflicting) == (0, 0, 3, 0)
        assert [sync(device, server) for device in devices] == [NORMAL] * 4
        for device in (a, b):
            assert rows(device, REVIEWS) == reviews
            assert check_database(device) == ""
