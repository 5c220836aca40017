"""The preview's server, asked over real HTTP: the page and what is on it, and nothing else to anyone else."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from conftest import compiled
from metaflash.build import Build
from metaflash.preview.catalog import Catalog, Exhibit
from metaflash.preview.server import Board, Server

FACTS = """\
topic: Sites
cards:
  - fact: The ==liver== is a site for cancers of the ==pancreas==.
    id: liver
"""
PNG = b"\x89PNG\r\n\x1a\n a picture"


class Site:
    """A served catalog, and a client for it."""

    def __init__(self, server: Server, board: Board) -> None:
        self.board = board
        self.address = server.address
        split = urlsplit(server.address)
        self.host, self.port, self.path = split.netloc, split.port or 0, split.path

    def ask(
        self, what: str = "", method: str = "GET", headers: dict[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """A request below the page's address, or for a path that begins with a slash."""
        connection = http.client.HTTPConnection(self.host, timeout=10)
        path = what if what.startswith("/") else self.path + what
        connection.request(method, path, headers=headers or {})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body

    def json(self, what: str) -> Any:  # noqa: ANN401 - JSON
        response, body = self.ask(what)
        assert response.status == 200
        assert response.getheader("Content-Type") == "application/json"
        return json.loads(body)


def build(media: Mapping[str, bytes]) -> Build:
    return compiled({"01.yaml": FACTS})._replace(media=media)


@pytest.fixture
def site() -> Iterator[Site]:
    shown = build(media={"mf-1a.png": PNG, "mf-2b.svg": b"<svg/>"})
    board = Board(Catalog((Exhibit(Path("cards/deck"), shown),)))
    with Server(board) as server:
        yield Site(server, board)


def test_the_page_is_one_file(site: Site) -> None:
    response, body = site.ask()
    assert response.status == 200
    assert response.getheader("Content-Type") == "text/html; charset=utf-8"
    text = body.decode()
    assert 'id="list"' in text
    assert "liver" not in text  # what is on it comes as data
    assert 'src="' not in text.split("<script", 1)[0]


def test_the_list_and_a_card(site: Site) -> None:
    found = site.json("list")
    (shown,) = found["decks"]
    assert shown == {"name": "Metastasis", "built": False, "stale": False, "kept": [], "left": []}
    ((deck, guid, kind, topic, tags, file, line, mark, words, title, _, cards),) = found["notes"]
    assert (deck, guid, kind, mark, line) == (0, "metastasis-k3f9/liver", "fact", "", 3)
    assert found["topics"][topic] == "Sites"
    assert [found["tags"][tag] for tag in tags] == ["Metastasis::Sites"]
    assert found["files"][file] == "01.yaml"
    assert words == "The liver is a site for cancers of the pancreas."
    assert found["titles"][title] == ""
    assert cards == [[1, "blank", "liver", 4, 9], [2, "blank", "pancreas", 39, 47]]
    card = site.json(f"card?{urlencode({'deck': deck, 'guid': guid, 'number': 2})}")
    assert "pancreas<" not in card["front"]
    assert "pancreas<" in card["back"]
    assert card["pictures"] == card["changes"] == []


def test_a_picture_comes_from_the_table_of_the_build(site: Site) -> None:
    response, body = site.ask("media/mf-1a.png")
    assert (response.getheader("Content-Type"), body) == ("image/png", PNG)
    response, _ = site.ask("media/mf-2b.svg")
    assert response.getheader("Content-Type") == "image/svg+xml; charset=utf-8"
    assert "sandbox" in (response.getheader("Content-Security-Policy") or "")


def test_news_come_as_they_happen(site: Site) -> None:
    connection = http.client.HTTPConnection(site.host, timeout=10)
    connection.request("GET", f"{site.path}events")
    stream = connection.getresponse()
    assert stream.getheader("Content-Type") == "text/event-stream; charset=utf-8"
    assert stream.readline() == b"data: 0\n"
    site.board.show(Catalog())
    assert [stream.readline(), stream.readline()] == [b"\n", b"data: 1\n"]
    assert site.json("list")["notes"] == []
    connection.close()


EVERYWHERE = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@pytest.mark.parametrize("what", ["", "list", "card", "media/mf-1a.png", "/", "/nothing"])
def test_every_answer_is_guarded(site: Site, what: str) -> None:
    response, _ = site.ask(what)
    for name, value in EVERYWHERE.items():
        assert response.getheader(name) == value
    policy = response.getheader("Content-Security-Policy") or ""
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not [n for n, _ in response.getheaders() if n.startswith("Access-Control")]
    assert response.getheader("Server") == "metaflash"


def test_only_the_page_own_script_may_run(site: Site) -> None:
    response, _ = site.ask()
    rules = dict(
        rule.split(" ", 1)
        for rule in (response.getheader("Content-Security-Policy") or "").split("; ")
    )
    assert rules["script-src"].startswith("'sha256-")
    assert " " not in rules["script-src"]
    assert rules["img-src"] == "data:"
    assert rules["connect-src"] == "'self'"
    assert rules["require-trusted-types-for"] == "'script'"


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost:{port}", "127.0.0.1", "127.0.0.1:1", "evil.example:{port}", ""],
)
def test_another_name_for_this_computer_is_refused(site: Site, host: str) -> None:
    name = host.format(port=site.host.split(":")[1])
    for what in ("", "list", "events", "media/mf-1a.png"):
        response, body = site.ask(what, headers={"Host": name})
        assert response.status == 400
        assert b"liver" not in body


@pytest.mark.parametrize(
    "form", ["http://{host}{path}list", "http://evil.example{path}list", "http:{path}list"]
)
def test_what_is_asked_for_is_a_path(site: Site, form: str) -> None:
    what = form.format(host=site.host, path=site.path)
    for host in (site.host, "evil.example"):
        with socket.create_connection(("127.0.0.1", site.port), timeout=10) as asking:
            asking.sendall(f"GET {what} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            answer = asking.makefile("rb").read()
        assert answer.split(b" ")[1] in {b"400", b"404"}
        assert b"liver" not in answer


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:8765"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_page_is_refused(site: Site, headers: dict[str, str]) -> None:
    for what in ("", "list", "events", "media/mf-1a.png"):
        response, _ = site.ask(what, headers=headers)
        assert response.status == 403


def test_the_page_itself_is_not(site: Site) -> None:
    headers = {"Origin": f"http://{site.host}", "Sec-Fetch-Site": "same-origin"}
    assert site.ask("list", headers=headers)[0].status == 200
    assert site.ask("", headers={"Sec-Fetch-Site": "none"})[0].status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_but_reading(site: Site, method: str) -> None:
    response, _ = site.ask("list", method)
    assert response.status == 405
    assert response.getheader("Allow") is None or "POST" not in str(response.getheader("Allow"))


def test_a_head_has_no_body(site: Site) -> None:
    for what in ("", "list", "events"):
        response, body = site.ask(what, "HEAD")
        assert (response.status, body) == (200, b"")


@pytest.mark.parametrize(
    "what",
    [
        "/",
        "/list",
        "/favicon.ico",
        "/robots.txt",
        "/AAAAAAAAAAAAAAAAAAAAAA/",
        "/AAAAAAAAAAAAAAAAAAAAAA/list",
        "/%00/",
        "/%ff%fe/list",
        "//",
        "nothing",
        "list/",
        "page.js",
        "media",
        "media/",
        "media/mf-3c.png",
        "media/../list",
        "media/..%2f..%2fdeck.yaml",
        "media/%2e%2e/deck.yaml",
        "media//etc/passwd",
        "media/%2fetc%2fpasswd",
        "../../etc/passwd",
        "..%5c..%5cdeck.yaml",
        "01.yaml",
        "card",
        "card?deck=0&guid=metastasis-k3f9/liver&number=3",
        "card?deck=0&guid=metastasis-k3f9/liver&number=x",
        "card?deck=0&guid=&number=1",
        "card?deck=1&guid=metastasis-k3f9/liver&number=1",
        "card?deck=-1&guid=metastasis-k3f9/liver&number=1",
        "card?deck=-2&guid=metastasis-k3f9/liver&number=1",
        "card?guid=metastasis-k3f9/liver&number=1",
        "card?deck=0&guid=%00%ff&number=99999999999999999999",
        "card?deck=99999999999999999999&guid=x&number=1",
    ],
)
def test_there_is_nothing_else(site: Site, what: str) -> None:
    response, body = site.ask(what)
    assert response.status == 404
    assert body == b"Not Found\n"


def test_the_word_in_the_address_is_new_each_time() -> None:
    addresses = []
    for _ in range(2):
        with Server(Board(Catalog())) as server:
            addresses.append(urlsplit(server.address))
    assert addresses[0].path != addresses[1].path
    assert len(addresses[0].path) > 20
    assert addresses[0].hostname == "127.0.0.1"


def test_a_port_can_be_chosen_and_only_once() -> None:
    with Server(Board(Catalog())) as server:
        port = urlsplit(server.address).port or 0
        with pytest.raises(OSError, match="in use"):
            Server(Board(Catalog()), port)
    with Server(Board(Catalog()), port) as server:
        assert urlsplit(server.address).port == port


def test_who_still_listens_does_not_hold_up_the_end(site: Site) -> None:
    connection = http.client.HTTPConnection(site.host, timeout=10)
    connection.request("GET", f"{site.path}events")
    stream = connection.getresponse()
    site.board.close()
    assert b"data: 0" in stream.read()
    connection.close()
