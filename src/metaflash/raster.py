"""The size of a PNG, JPEG, GIF or WebP picture, read from its structure, and whether all of it is there.

Nothing is decoded, so that a picture costs about a millisecond and none can fill the memory: a
file that was cut off, as by a broken download, is known by the structure that breaks off. Pillow
notices that only where it decodes the whole picture.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple


class Size(NamedTuple):
    """Width and height in pixels, as a browser shows the picture."""

    width: int
    height: int


class DamagedError(Exception):
    """The structure of a picture breaks off, or makes no sense."""


def png(data: bytes) -> Size:
    """The size of a PNG (https://www.w3.org/TR/png-3/#5Chunk-layout)."""
    size, shown = None, False
    at = 8
    while True:
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data) or zlib.crc32(data[at + 4 : end - 4]) != _number(data, end - 4):
            raise DamagedError
        if kind == b"IHDR":
            size = Size(*struct.unpack_from(">II", data, at + 8))
        shown = shown or kind == b"IDAT"
        if kind == b"IEND":
            break
        at = end
    return _checked(size if shown else None)


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4])


_NO_FRAME = {0xC4, 0xC8, 0xCC}
"""Markers between those of frames (0xC0 to 0xCF) that are of none."""

_APP1, _SCAN, _END = 0xE1, 0xDA, b"\xff\xd9"


def jpeg(data: bytes) -> Size:
    """The size of a JPEG, turned as its Exif data say (https://www.w3.org/Graphics/JPEG/itu-t81.pdf,
    annex B). Inside the scans no end marker can stand, so the first one behind their start is it."""
    size, turned = None, False
    at = 2
    while True:
        mark, marker = struct.unpack_from(">BB", data, at)
        if mark != 0xFF:
            raise DamagedError
        if marker == 0xFF:  # fill bytes may stand before a marker
            at += 1
            continue
        if marker == _SCAN:
            break
        (length,) = struct.unpack_from(">H", data, at + 2)
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            height, width = struct.unpack_from(">HH", data, at + 5)
            size = Size(width, height)
        elif marker == _APP1:
            turned = turned or _is_turned(data[at + 4 : at + 2 + length])
        at += 2 + length
    if data.find(_END, at) < 0:
        raise DamagedError
    size = _checked(size)
    return Size(size.height, size.width) if turned else size


def _is_turned(segment: bytes) -> bool:
    """Whether Exif data say that width and height change places (orientations 5 to 8)."""
    if not segment.startswith(b"Exif\0\0"):
        return False
    tiff = segment[6:]
    order = "<" if tiff.startswith(b"II") else ">"
    try:
        (directory,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, directory)
        for entry in range(count):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, directory + 2 + 12 * entry)
            if tag == 0x0112:
                return value in range(5, 9)
    except struct.error:
        pass
    return False


def gif(data: bytes) -> Size:
    """The size of a GIF (https://www.w3.org/Graphics/GIF/spec-gif89a.txt). Some programs leave out
    the last byte, and every browser does without."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at = 13 + _table(flags)
    images = 0
    while at != len(data) and data[at] != 0x3B:
        if data[at] == 0x21:
            at += 2
        elif data[at] == 0x2C:
            images += 1
            at += 11 + _table(data[at + 9])
        else:
            raise DamagedError
        while data[at]:
            at += data[at] + 1
        at += 1
    return _checked(Size(width, height) if images else None)


def _table(flags: int) -> int:
    """How many bytes a table of colours takes."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def webp(data: bytes) -> Size:
    """The size of a WebP (https://developers.google.com/speed/webp/docs/riff_container)."""
    end = 8 + struct.unpack_from("<I", data, 4)[0]
    if end > len(data):
        raise DamagedError
    size: Size | None = None
    shown = False
    for kind, start in _chunks(data, end):
        if kind in (b"VP8 ", b"VP8L", b"ANMF"):
            shown = True
        if kind in _SIZES and size is None:
            size = _SIZES[kind](data[start : start + 10])
    return _checked(size if shown else None)


def _chunks(data: bytes, end: int) -> Iterator[tuple[bytes, int]]:
    """The chunks of a RIFF file, each with the place of its content."""
    at = 12
    while at + 8 <= end:
        kind, length = struct.unpack_from("<4sI", data, at)
        if at + 8 + length > end:
            raise DamagedError
        yield kind, at + 8
        at += 8 + length + length % 2


def _extended(head: bytes) -> Size:
    return Size(int.from_bytes(head[4:7], "little") + 1, int.from_bytes(head[7:10], "little") + 1)


def _lossy(head: bytes) -> Size:
    width, height = struct.unpack_from("<HH", head, 6)
    return Size(width & 0x3FFF, height & 0x3FFF)


def _lossless(head: bytes) -> Size:
    (bits,) = struct.unpack_from("<I", head, 1)
    return Size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)


_SIZES: dict[bytes, Callable[[bytes], Size]] = {
    b"VP8X": _extended,
    b"VP8 ": _lossy,
    b"VP8L": _lossless,
}


def _checked(size: Size | None) -> Size:
    """A size that a picture can have."""
    if size is None or 0 in size:
        raise DamagedError
    return size


READERS: dict[str, Callable[[bytes], Size]] = {"png": png, "jpeg": jpeg, "gif": gif, "webp": webp}


def measure(form: str, data: bytes) -> Size:
    """The size of a picture of a form (a key of ``READERS``); DamagedError where it is not whole."""
    try:
        return READERS[form](data)
    except (struct.error, IndexError) as error:
        raise DamagedError from error
