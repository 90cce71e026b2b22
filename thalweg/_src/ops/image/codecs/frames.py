"""Formats that may hold several images: GIF and WebP, read by Pillow; and JPEG XL, by its plug-in."""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterator
from typing import Any

import numpy as np

from thalweg._src.base.errors import UnimplementedError
from thalweg._src.base.lazy import LazyModule
from thalweg._src.ops.image.codecs.contents import (
    DamagedFileError,
    Picture,
    damaged,
    guarded,
    need_size,
)

_gif = LazyModule("PIL.GifImagePlugin")
_webp = LazyModule("PIL.WebPImagePlugin")


def decode_gif(where: str, contents: bytes) -> list[Picture]:
    """Frames of a GIF file as a viewer shows them, without opacity; of one that is cut off, the whole ones.

    Raises:
        InvalidArgumentError: The file is damaged or too large, or cut off in its first frame.
    """
    found: list[Picture] = []

    def read() -> None:
        for picture in _frames(where, _gif.GifImageFile(io.BytesIO(contents)), 3):
            found.append(Picture.of(np.asarray(picture.convert("RGB"))))

    try:
        guarded(where, "GIF", read)
    except DamagedFileError:
        if not found:
            raise
    return found


def decode_webp(where: str, contents: bytes) -> list[Picture]:
    """Frames of a WebP file.

    Raises:
        InvalidArgumentError: The file is damaged, cut off or too large.
    """
    _need_webp_size(where, contents)

    def read() -> list[Picture]:
        source = _webp.WebPImageFile(io.BytesIO(contents))
        return [Picture.of(np.asarray(p)) for p in _frames(where, source, 4)]

    return guarded(where, "WebP", read)


def _frames(where: str, source: Any, channels: int) -> Iterator[Any]:
    """Each frame of an image in turn, as long as they do not fill the memory."""
    width, height = source.size
    need_size(where, height, width, channels)
    number = 0
    while True:
        source.load()
        yield source
        number += 1
        need_size(where, height, width, channels, number)
        try:
            source.seek(number)
        except EOFError:
            return


def _need_webp_size(where: str, contents: bytes) -> None:
    """Refuses images that are too large, before anything is allocated for them."""
    kind, body = contents[12:16], contents[20:30]
    if len(body) < 10:
        raise damaged(where, "WebP", "its header is cut off")
    if kind == b"VP8X":
        width, height = (1 + int.from_bytes(body[i : i + 3], "little") for i in (4, 7))
    elif kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    else:
        width, height = (int.from_bytes(body[i : i + 2], "little") & 0x3FFF for i in (6, 8))
    need_size(where, height, width, 4)


def decode_jpeg_xl(where: str, contents: bytes) -> list[Picture]:
    """The image in a JPEG XL file.

    Raises:
        InvalidArgumentError: The file is damaged, cut off or too large.
        UnimplementedError: The library that reads such files is not installed.
    """
    try:
        plugin = importlib.import_module("pillow_jxl.JpegXLImagePlugin")
    except ImportError:
        raise UnimplementedError(
            f"[{where}] reading JPEG XL files needs the library pillow-jxl-plugin, which is not installed; "
            "install thalweg[jxl]."
        ) from None
    need_size(where, *_jpeg_xl_size(where, contents), 4)

    def read() -> list[Picture]:
        pixels = np.asarray(plugin.JXLImageFile(io.BytesIO(contents)))
        if pixels.dtype == np.uint16:
            # To the nearest of 256 steps.
            pixels = ((pixels.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)
        elif pixels.dtype != np.uint8:
            pixels = (np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8)
        return [Picture.of(pixels)]

    return guarded(where, "JPEG XL", read)


# Width to height by number.
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_WIDTHS = (9, 13, 18, 30)


def _jpeg_xl_size(where: str, contents: bytes) -> tuple[int, int]:
    """Height and width by the header.

    Source: ISO/IEC 18181-1, "SizeHeader".
    """
    head = _codestream(contents)[2:16]
    if len(head) < 9:
        raise damaged(where, "JPEG XL", "its header is cut off")
    bits, used = int.from_bytes(head, "little"), 0

    def take(count: int) -> int:
        nonlocal used
        used += count
        return bits >> (used - count) & ((1 << count) - 1)

    def size(small: int) -> int:
        return (take(5) + 1) * 8 if small else take(_WIDTHS[take(2)]) + 1

    small = take(1)
    height = size(small)
    ratio = take(3)
    if not ratio:
        return height, size(small)
    across, down = _RATIOS[ratio - 1]
    return height, height * across // down


def _codestream(contents: bytes) -> bytes:
    """The image proper, which may lie in a box among others, or begin in the first of several."""
    if contents.startswith(b"\xff\x0a"):
        return contents
    at = 0
    while at + 8 <= len(contents):
        size, kind = int.from_bytes(contents[at : at + 4], "big"), contents[at + 4 : at + 8]
        body = at + 8
        if size == 1:  # The size follows, in 8 bytes.
            size, body = int.from_bytes(contents[body : body + 8], "big"), body + 8
        if kind in (b"jxlc", b"jxlp"):
            return contents[body + (4 if kind == b"jxlp" else 0) :]
        if size < body - at:
            break
        at += size
    return b""
