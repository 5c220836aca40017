"""A server for one browser on this computer.

It listens on the loopback address only, behind a random word in its address, and gives out nothing but
the page and what is on it. Nothing is looked up by path: a picture is an entry of the build's table.
A request that another site's page could have made, or one under another name (DNS rebinding), is
refused.
"""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Iterator
from hmac import compare_digest
from typing import Any, Self

from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, MethodNotAllowed, NotFound
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from metaflash.preview import catalog as catalogs
from metaflash.preview import page
from metaflash.preview.catalog import Catalog

ADDRESS = "127.0.0.1"

_HEARTBEAT = 15.0
"""Seconds after which a silent connection is spoken to, to learn whether someone is there."""

_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_NOTHING = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""The policy of everything but the page: should a browser ever show it as a page, it can do nothing."""


class Board:
    """What is shown now. ``show`` puts up something new and wakes all who wait for it."""

    def __init__(self, catalog: Catalog) -> None:
        self._changed = threading.Condition()
        self.closed = False
        self.version = 0
        self._put(catalog)

    def _put(self, catalog: Catalog) -> None:
        self.listed = _json({**catalogs.listed(catalog), "version": self.version})
        self.catalog = catalog

    def show(self, catalog: Catalog) -> None:
        """Show something else."""
        with self._changed:
            self.version += 1
            self._put(catalog)
            self._changed.notify_all()

    def close(self) -> None:
        """Send all who wait home."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def wait(self, version: int) -> int:
        """The version that is shown once it is another one, or after a while the same."""
        with self._changed:
            self._changed.wait_for(lambda: self.closed or self.version != version, _HEARTBEAT)
            return self.version


class App:
    """The answers to requests, as WSGI wants it; ``host`` is the one name that is answered to."""

    def __init__(self, board: Board, token: str, host: str) -> None:
        self._board = board
        self._token = token
        self._host = host

    def __call__(self, environ: Any, start_response: Any) -> Any:  # noqa: ANN401 - WSGI
        """The response to a request."""
        request = Request(environ)
        try:
            response = self._response(request)
        except HTTPException as error:
            response = Response(f"{error.name}\n", error.code, mimetype="text/plain")
        for name, value in {"Content-Security-Policy": _NOTHING, **_HEADERS}.items():
            response.headers.setdefault(name, value)
        return response(environ, start_response)

    def _response(self, request: Request) -> Response:
        self._check(request)
        _, token, *rest = request.path.split("/")
        if not compare_digest(token.encode(), self._token.encode()):
            raise NotFound
        match rest:
            case [""]:
                return self._page()
            case ["list"]:
                return Response(self._board.listed, mimetype="application/json")
            case ["card"]:
                return self._card(request)
            case ["media", name]:
                return self._picture(name)
            case ["events"]:
                return self._events(request)
        raise NotFound

    def _check(self, request: Request) -> None:
        """Refuse what the page itself would not ask.

        What is asked for must be a path: in a whole address, as proxies get it, werkzeug would take the
        host from there and not from the header.
        """
        if not request.environ["REQUEST_URI"].startswith("/"):
            raise NotFound
        if request.headers.get("Host") != self._host:
            raise BadRequest
        if request.method not in {"GET", "HEAD"}:
            raise MethodNotAllowed(["GET", "HEAD"])
        origin = request.headers.get("Origin", f"http://{self._host}")
        site = request.headers.get("Sec-Fetch-Site", "none")
        if origin != f"http://{self._host}" or site not in {"none", "same-origin"}:
            raise Forbidden

    def _page(self) -> Response:
        policy = f"{page.policy()}; frame-ancestors 'none'"
        response = Response(page.html(), mimetype="text/html")
        response.headers["Content-Security-Policy"] = policy
        return response

    def _card(self, request: Request) -> Response:
        deck, number = (request.args.get(name, -1, type=int) for name in ("deck", "number"))
        guid = request.args.get("guid", "")
        found = catalogs.card(self._board.catalog, deck, guid, number)
        if found is None:
            raise NotFound
        return Response(_json(found), mimetype="application/json")

    def _picture(self, name: str) -> Response:
        data = self._board.catalog.media.get(name)
        if data is None:
            raise NotFound
        return Response(data, mimetype=page.media_type(name))

    def _events(self, request: Request) -> Response:
        """News for the page, for as long as it listens (server-sent events)."""

        def news() -> Iterator[str]:
            version = -1
            while not self._board.closed:
                current = self._board.wait(version)
                yield ": still here\n\n" if current == version else f"data: {current}\n\n"
                version = current

        body = [] if request.method == "HEAD" else news()
        return Response(body, mimetype="text/event-stream")


def _json(data: Any) -> bytes:  # noqa: ANN401 - JSON
    return page.as_json(data).encode()


class _Quiet(WSGIRequestHandler):
    """Requests without a line for each in the terminal."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002, ANN401 - werkzeug's
        """Nothing."""

    def version_string(self) -> str:
        """No versions for whoever asks."""
        return "metaflash"


class Server:
    """A running server. ``address`` is where the page is; raises OSError if the port is taken."""

    def __init__(self, board: Board, port: int = 0) -> None:
        self._board = board
        token = secrets.token_urlsafe(16)
        with socket.create_server((ADDRESS, port)) as listening:
            host = f"{ADDRESS}:{listening.getsockname()[1]}"
            self._server: BaseWSGIServer = make_server(
                ADDRESS,
                port,
                App(board, token, host),
                threaded=True,
                request_handler=_Quiet,
                fd=listening.fileno(),
            )
        self.address = f"http://{host}/{token}/"
        serve, often = self._server.serve_forever, {"poll_interval": 0.05}  # how soon it ends
        self._thread = threading.Thread(target=serve, kwargs=often, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._board.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
