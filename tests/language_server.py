"""The YAML language server that editors use, spoken to as an editor does.

``METAFLASH_YAML_SERVER`` names its script, ``…/yaml-language-server/bin/yaml-language-server``; Node runs it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

SCRIPT = os.environ.get("METAFLASH_YAML_SERVER", "")
NODE = shutil.which("node") or ""
MISSING = "" if SCRIPT and NODE else "needs Node, and METAFLASH_YAML_SERVER"
_CLIENT = {
    "textDocument": {
        "hover": {"contentFormat": ["markdown"]},
        "completion": {"completionItem": {"snippetSupport": True}},
    }
}
_SETTINGS = {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False}}


class LanguageServer:
    """A running server; it fetches nothing from the network."""

    def __init__(self) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([NODE, SCRIPT, "--stdio"], stdin=pipe, stdout=pipe)
        self._said: dict[str, list[dict[str, Any]]] = {}
        self._requests = 0
        self._ask("initialize", {"processId": None, "rootUri": None, "capabilities": _CLIENT})
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": {"yaml": _SETTINGS}})

    def close(self) -> None:
        """End the server."""
        self._process.kill()
        self._process.communicate()

    def complaints(self, path: Path, text: str) -> list[str]:
        """What the server says of a file with a text, which it opens."""
        uri = path.as_uri()
        self._said.pop(uri, None)
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        while uri not in self._said:
            self._heed(self._hear())
        return [found["message"] for found in self._said[uri]]

    def completions(self, path: Path, text: str) -> dict[str, str]:
        """What the server offers at the end of a text, and what that would write."""
        self.complaints(path, text)
        found = self._ask("textDocument/completion", _place(path, text, len(text)))
        return {item["label"]: item["textEdit"]["newText"] for item in found["items"]}

    def hover(self, path: Path, text: str, word: str) -> str:
        """What is shown at the first occurrence of a word of a text."""
        self.complaints(path, text)
        found = self._ask("textDocument/hover", _place(path, text, text.index(word)))
        return str(found["contents"]["value"])

    def _ask(self, method: str, params: object) -> Any:  # noqa: ANN401 - JSON
        self._requests += 1
        self._send({"id": self._requests, "method": method, "params": params})
        while True:
            message = self._hear()
            if message.get("id") == self._requests and "method" not in message:
                return message["result"]
            self._heed(message)

    def _tell(self, method: str, params: object) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, object]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server has ended"
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message

    def _heed(self, message: dict[str, Any]) -> None:
        if message.get("method") == "textDocument/publishDiagnostics":
            self._said[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "id" in message:
            self._send({"id": message["id"], "result": None})


def _place(path: Path, text: str, offset: int) -> dict[str, object]:
    before = text[:offset].split("\n")
    position = {"line": len(before) - 1, "character": len(before[-1])}
    return {"textDocument": {"uri": path.as_uri()}, "position": position}
