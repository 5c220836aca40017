"""Pictures as teachers have them, good and bad, made here: by Pillow, or as programs write them."""

from __future__ import annotations

import io
from random import Random

from PIL import Image

SIZE = (64, 48)


def raster(
    form: str, size: tuple[int, int] = SIZE, *, seed: int = 1, frames: int = 1, **options: object
) -> bytes:
    """A picture of noise, which no form can make small, as Pillow writes it."""
    random = Random(seed)  # noqa: S311
    first, *others = (
        Image.frombytes("RGB", size, random.randbytes(size[0] * size[1] * 3)) for _ in range(frames)
    )
    file = io.BytesIO()
    if others:
        options |= {"save_all": True, "append_images": others}
    first.save(file, form, **options)
    return file.getvalue()


def photo(orientation: int) -> bytes:
    """A JPEG with Exif data that say how the camera was held."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return raster("JPEG", exif=exif)


def blank(width: int, height: int) -> bytes:
    """A large PNG in a few bytes."""
    file = io.BytesIO()
    Image.new("1", (width, height)).save(file, "PNG")
    return file.getvalue()


def flipped(data: bytes, at: int) -> bytes:
    """A file with one bit turned over."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path d="M0 0h9"/></svg>'

SAMPLES: dict[str, bytes] = {
    "png": raster("PNG"),
    "another png": raster("PNG", seed=2),
    "jpeg": raster("JPEG"),
    "gif": raster("GIF"),
    "webp": raster("WEBP"),
    "svg": SVG.encode(),
    "half a png": raster("PNG")[:2000],
    "half a jpeg": raster("JPEG")[:1000],
    "half a gif": raster("GIF")[:1000],
    "half a webp": raster("WEBP")[:1000],
    "a damaged png": flipped(raster("PNG"), 100),
    "nothing": b"",
    "a text": b"The sentinel node\n",
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "avif": raster("AVIF"),
    "tiff": raster("TIFF"),
    "bmp": raster("BMP"),
    "pdf": raster("PDF"),
    "a web page": b"<!DOCTYPE html><html><body><img src='a.png'></body></html>",
    "lfs": b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
    "a heavy png": raster("PNG", (700, 500)),
    "a wide png": blank(5000, 10),
    "a bomb": blank(20_000, 20_000),
    "a png of 5,000 by 10 pixels": blank(5000, 10),
    "a png of 20,000 by 20,000 pixels": blank(20_000, 20_000),
}
