"""The page of a preview: one HTML file with its style and script in it, and what it is allowed to do."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from string import Template
from typing import Any

from metaflash import notetype
from metaflash.diagnostics import visible
from metaflash.preview.catalog import Catalog, listed, shown

_HERE = Path(__file__).parent

_MEDIA_TYPES = {
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}

_HALVES = re.compile(r"[\ud800-\udfff]+")
"""What Python has for the bytes of a name that is not UTF-8."""

FRAME_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""What a card may do inside its frame: nothing leaves it, not even to this server. The frame is
sandboxed besides, so it has no script, no origin of its own, and no way to open or move a window."""


def html(data: Any = None) -> str:  # noqa: ANN401 - whatever the page is to hold, as JSON
    """The page. With ``data`` it holds all it shows; without, it asks the server that it is from."""
    content = Template((_HERE / "page.html").read_text("utf-8"))
    return content.substitute(
        policy=policy(static=data is not None),
        style=(_HERE / "page.css").read_text("utf-8"),
        card=_embedded({"style": notetype.style(), "policy": FRAME_POLICY}),
        data=_embedded(data),
        script=_script(),
    )


def policy(*, static: bool = False) -> str:
    """The content security policy of the page.

    Of scripts only the page's own one runs, known by its hash. A card's frame inherits all this,
    so no frame can go anywhere, and pictures are in the page itself. Style attributes are allowed
    because cards may have them.
    """
    digest = b64encode(sha256(_script().encode()).digest()).decode()
    rules = [
        "default-src 'none'",
        f"script-src 'sha256-{digest}'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "connect-src 'none'" if static else "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types card",
    ]
    return "; ".join(rules)


def as_json(data: Any) -> str:  # noqa: ANN401 - JSON
    """JSON for the page. What is no text, in a file's name that is not UTF-8, is spelled out as in the
    terminal."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _HALVES.sub(lambda half: visible(half[0]).replace("\\", "\\\\"), text)


def _script() -> str:
    """The two halves of the page's script, which are one to the browser."""
    return "\n".join((_HERE / name).read_text("utf-8") for name in ("problems.js", "page.js"))


def _embedded(data: Any) -> str:  # noqa: ANN401 - JSON
    """JSON as it can stand in a script element, which no text in it can end."""
    text = as_json(data)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def static(catalog: Catalog) -> bytes:
    """All cards in one file, for review by mail: it needs no server and no network."""
    cards = {
        note.guid: {card.number: shown(exhibit.build, note, card.number) for card in note.cards}
        for exhibit in catalog.exhibits
        for note in exhibit.build.notes
    }
    pictures = {
        name: f"data:{media_type(name)};base64,{b64encode(data).decode()}"
        for name, data in catalog.media.items()
    }
    return html({"list": listed(catalog), "cards": cards, "pictures": pictures}).encode()


def media_type(name: str) -> str:
    """The type of a picture by the end of its name."""
    return _MEDIA_TYPES.get(Path(name).suffix.lower(), "application/octet-stream")
