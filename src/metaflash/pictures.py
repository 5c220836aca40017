"""A file as a picture that a card can show: which form it has, its size, what is wrong with it.

What a file is says its content; the name only has to agree.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from pathlib import PurePosixPath
from typing import NamedTuple

from metaflash import raster, vector
from metaflash.diagnostics import Severity
from metaflash.raster import DamagedError, Size

MAX_BYTES = 10_000_000
"""A larger file is refused, and not read."""

_MAX_PIXELS = 100_000_000
_MANY_BYTES = 1_000_000
_LONG_SIDE = 4096
"""Above these a picture is slow on a phone, and its teacher is told."""

SUFFIXES = {
    "png": (".png", ".apng"),
    "jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "gif": (".gif",),
    "webp": (".webp",),
    "svg": (".svg",),
}
"""The names' ends for each form of picture that cards can show; the first is used in Anki."""

NAMES = {"png": "PNG", "jpeg": "JPEG", "gif": "GIF", "webp": "WebP", "svg": "SVG"}


class Flaw(NamedTuple):
    """Something wrong with a file; ``at`` is the byte where, None if it is the file as a whole."""

    code: str
    message: str
    hint: str
    at: int | None = None
    severity: Severity = "error"


class Picture(NamedTuple):
    """A picture that can be shown: its name in Anki, which nothing but its content says, its size
    if it is known, and its bytes."""

    name: str
    size: Size | None
    data: bytes


def examine(name: str, data: bytes) -> tuple[Picture | None, list[Flaw]]:
    """The picture that a file is, None if it can be none, and its flaws; ``name`` is the file's."""
    form = _form(data)
    if form not in SUFFIXES:
        return None, [_no_picture(name, data, form)]
    flaws = _misnamed(name, form)
    size: Size | None
    if form == "svg":
        checked = vector.check(data)
        if isinstance(checked, vector.Trouble):
            return None, [*flaws, Flaw(*checked)]
        size = checked
        flaws += [] if size else [_unsized()]
    else:
        try:
            size = raster.measure(form, data)
        except DamagedError:
            hint = "Its end is missing, or something in it is broken. Copy or export it anew."
            return None, [*flaws, Flaw("damaged-picture", "a picture that is not whole", hint)]
        flaws += _too_large(size)
    flaws += _heavy(data)
    digest = blake2b(data, digest_size=8).hexdigest()
    return Picture(f"mf-{digest}{SUFFIXES[form][0]}", size, data), flaws


# --- What a file is ------------------------------------------------------------------------

_SIGNS: tuple[tuple[str, bytes], ...] = (
    ("png", rb"\x89PNG\r\n\x1a\n"),
    ("jpeg", rb"\xff\xd8\xff"),
    ("gif", rb"GIF8[79]a"),
    ("webp", rb"RIFF....WEBP"),
    ("AVIF", rb"....ftypavi[fs]"),
    ("HEIC", rb"....ftyp(?:hei|hev|mif1|msf1)"),
    ("video", rb"....ftyp|\x1a\x45\xdf\xa3|RIFF....AVI "),
    ("TIFF", rb"II\*\0|MM\0\*"),
    ("BMP", rb"BM"),
    ("ICO", rb"\x00\x00\x01\x00"),
    ("PDF", rb"%PDF"),
    ("EPS", rb"%!PS|\xc5\xd0\xd3\xc6"),
    ("Photoshop", rb"8BPS"),
    ("JPEG XL", rb"\xff\x0a|\0\0\0\x0cJXL "),
    ("gzip", rb"\x1f\x8b"),
    ("zip", rb"PK\x03\x04"),
)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_START = 4096
"""Bytes at a file's start that show whether it is SVG."""

_EXPORT_AS = {
    "HEIC": "JPEG",
    "AVIF": "PNG or JPEG",
    "TIFF": "PNG or JPEG",
    "PDF": "SVG or PNG",
    "EPS": "SVG or PNG",
    "gzip": "plain SVG, not compressed",
    "video": "GIF",
}


def _form(data: bytes) -> str:
    """The form of a file, a key of ``SUFFIXES`` if cards can show it; empty if nobody knows."""
    for form, sign in _SIGNS:
        if re.match(sign, data[:16], re.DOTALL):
            return form
    start = data[:_START]
    if not _MARKUP.match(start):
        return ""
    return "HTML" if _HTML.search(start) and b"<svg" not in start else "svg"


def _no_picture(name: str, data: bytes, form: str) -> Flaw:
    if not data:
        hint = "There is nothing in it. Export or copy it anew."
        return Flaw("empty-picture", "an empty file for a picture", hint)
    if data.startswith(b"version https://git-lfs"):
        hint = "It only says where git keeps the file. Fetch it:  git lfs pull"
        return Flaw("not-a-picture", "a placeholder of Git LFS for a picture", hint)
    suffix = PurePosixPath(name).suffix.lower()
    meant = next((NAMES[key] for key, ends in SUFFIXES.items() if suffix in ends), "")
    if not form and meant:
        hint = f"Its name says {meant}, its content is something else. Export or copy it anew."
        return Flaw("not-a-picture", "this file is no picture", hint)
    what = f"Cards cannot show {form}. " if form else ""
    better = _EXPORT_AS.get(form, "PNG, JPEG, GIF, WebP or SVG")
    return Flaw(
        "not-a-picture", "this file is no picture for cards", f"{what}Export it as {better}."
    )


def _misnamed(name: str, form: str) -> list[Flaw]:
    path = PurePosixPath(name)
    if path.suffix.lower() in SUFFIXES[form]:
        return []
    known = path.suffix.lower() in {end for ends in SUFFIXES.values() for end in ends}
    stem = path.with_suffix("") if known else path
    right = stem.parent / f"{stem.name}{SUFFIXES[form][0]}"
    message = f"{'an' if form == 'svg' else 'a'} {NAMES[form]} picture, which its name does not say"
    return [Flaw("wrong-ending", message, f"Rename the file, and write:  image: {right}")]


# --- What it takes to show it ---------------------------------------------------------------


def too_heavy() -> Flaw:
    """What is wrong with a file of more than ``MAX_BYTES``."""
    hint = (
        f"The limit is {MAX_BYTES // 1_000_000} MB, and a card needs far less. Export it smaller."
    )
    return Flaw("huge-picture", "a picture too large to use", hint)


def _too_large(size: Size) -> list[Flaw]:
    pixels = f"{size.width:,} by {size.height:,} pixels"
    if size.width * size.height > _MAX_PIXELS:
        hint = (
            f"It has {pixels}; the limit is {_MAX_PIXELS // 1_000_000} million. Export it smaller."
        )
        return [Flaw("huge-picture", "a picture too large to show", hint)]
    if max(size) > _LONG_SIDE:
        hint = (
            f"It has {pixels}. No learner's screen has more than {_LONG_SIDE:,}. Export it smaller."
        )
        return [Flaw("large-picture", "a large picture", hint, severity="warning")]
    return []


def _heavy(data: bytes) -> list[Flaw]:
    if len(data) <= _MANY_BYTES:
        return []
    hint = (
        f"It has {len(data) / 1_000_000:.1f} MB, which every learner downloads and keeps. Below"
        f" {_MANY_BYTES // 1_000_000} MB, JPEG or WebP for a photo, it shows as well."
    )
    return [Flaw("large-picture", "a large file for a picture", hint, severity="warning")]


def _unsized() -> Flaw:
    hint = (
        "A browser shows the part from 0,0 to 300,150 then. Give its <svg …> the size of what it"
        ' draws, such as:  viewBox="0 0 640 480"'
    )
    return Flaw("svg-without-size", "an SVG without a size", hint, severity="warning")
