"""What the commands print on: its letters, its colours, its width."""

from __future__ import annotations

import codecs
import io
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from metaflash.diagnostics import Page

_PLAIN = {
    "…": "...",
    "→": "->",
    "←": "<-",
    "“": '"',
    "”": '"',
    "„": '"',
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "’": "'",
    "–": "-",
    "—": "-",
    "−": "-",
    "\N{MULTIPLICATION SIGN}": "x",
    "·": "*",
    "•": "*",
    "\N{NO-BREAK SPACE}": " ",
}
"""What stands for a sign that a console lacks; letters are never replaced by others, they are
escaped."""

_LETTERS = "metaflash_letters"
_ASCII = "metaflash_ascii"


def prepare() -> None:
    """Let no letter that a console lacks stop a command, nor that there is no console."""
    codecs.register_error(_LETTERS, _stand_in)
    codecs.register(_ascii)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed, as by >&- or a service without a console
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open to the end
            setattr(sys, name, nowhere)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            own = codecs.lookup(stream.encoding).name
            stream.reconfigure(encoding=_ASCII if own == "ascii" else own, errors=_LETTERS)


def _ascii(name: str) -> codecs.CodecInfo | None:
    """ASCII under another name: what calls itself so is a mistake to click, which writes UTF-8."""
    if name != _ASCII:
        return None
    own = codecs.lookup("ascii")
    return codecs.CodecInfo(
        own.encode,
        own.decode,
        own.streamreader,
        own.streamwriter,
        own.incrementalencoder,
        own.incrementaldecoder,
        name=_ASCII,
    )


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    """What is written for letters that an encoding lacks, and where it goes on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    written = (_PLAIN.get(c) or c.encode("ascii", "backslashreplace").decode() for c in lacking)
    return "".join(written), error.end


def in_utf8() -> None:
    """Print a document, which is not for this console but for the file it is sent to, in UTF-8."""
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")


def colour(environment: Mapping[str, str]) -> bool | None:
    """Whether to print in colours, None where that depends on whether there is a terminal.

    NO_COLOR (https://no-color.org) wins over FORCE_COLOR (https://force-color.org); a dumb terminal
    knows none.
    """
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return False if environment.get("TERM") == "dumb" else None


def can_redraw(stream: TextIO) -> bool:
    """Whether a line can be drawn anew, as a progress bar needs it."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def typed(word: str) -> str:
    """A word as it is typed behind a command, in quotes where the shell would part it."""
    from metaflash.diagnostics import visible

    if os.name == "nt":
        from subprocess import list2cmdline

        return visible(list2cmdline([word]))
    from shlex import quote

    return visible(quote(word))


def width() -> int:
    """How many columns there are, 80 where nothing says so."""
    return shutil.get_terminal_size().columns


def page(stream: TextIO) -> Page:
    """What problems are shown on."""
    from metaflash.diagnostics import Page

    encoding = stream.encoding or "utf-8"

    def letters(text: str) -> str:
        return text if text.isascii() else text.encode(encoding, _LETTERS).decode(encoding)

    return Page(width() if stream.isatty() else 0, letters)
