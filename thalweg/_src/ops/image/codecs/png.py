"""PNG files.

Pillow reads those of 8 bits and fewer. It drops half of 16 bits in colour, so that these are read here;
files are also written here, filters chosen row by row.

Source: Portable Network Graphics (PNG) Specification (Third Edition), W3C.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from thalweg._src.base.lazy import LazyModule
from thalweg._src.ops.image.codecs.contents import Picture, damaged, guarded, need_size

_plugin = LazyModule("PIL.PngImagePlugin")

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Channels by colour type, and back: grey, colour, palette, grey and opacity, colour and opacity.
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
# Interlaced files hold seven images: first column and row, steps to the next ones.
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_NONE, _SUB, _UP, _AVERAGE, _PAETH = range(5)


class _Header(NamedTuple):
    """The first chunk."""

    width: int
    height: int
    depth: int
    color: int
    compression: int
    filters: int
    interlaced: int


def _chunks(where: str, contents: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and contents of each chunk up to the last."""
    at, kind = len(_SIGNATURE), b""
    while kind != b"IEND":
        head = contents[at : at + 8]
        if len(head) < 8:
            raise damaged(where, "PNG", "it is cut off")
        length, kind = struct.unpack(">I4s", head)
        body = contents[at + 8 : at + 8 + length]
        check = contents[at + 8 + length : at + 12 + length]
        if len(check) < 4:
            raise damaged(where, "PNG", "it is cut off")
        if zlib.crc32(body, zlib.crc32(kind)) != int.from_bytes(check, "big"):
            raise damaged(where, "PNG", f"the checksum of its chunk {kind!r} is wrong")
        yield kind, body
        at += 12 + length


def decode(where: str, contents: bytes) -> Picture:
    """Pixels of a PNG file: uint16 for 16 bits, else uint8.

    Raises:
        InvalidArgumentError: The file is damaged, cut off or too large.
    """
    header: Any = None
    opaque: bytes | None = None
    pixels = []
    for kind, body in _chunks(where, contents):
        if kind == b"IHDR" and len(body) == 13:
            header = _Header(*struct.unpack(">IIBBBBB", body))
            need_size(where, header.height, header.width, _CHANNELS.get(header.color, 4))
        elif header is None:
            raise damaged(where, "PNG", "it has no header")
        elif kind == b"tRNS":
            opaque = body
        elif kind == b"IDAT":
            pixels.append(body)
    if header.depth == 16 and header.color in (0, 2, 4, 6):
        return _wide(where, header, opaque, b"".join(pixels))
    return guarded(where, "PNG", lambda: _by_pillow(contents))


def _by_pillow(contents: bytes) -> Picture:
    picture = _plugin.PngImageFile(io.BytesIO(contents))
    picture.load()
    clear = "transparency" in picture.info
    if picture.mode == "P":
        return Picture.of(np.asarray(picture.convert("RGBA" if clear else "RGB")))
    if picture.mode == "1":
        picture, clear = picture.convert("L"), False
    found = Picture.of(np.asarray(picture))
    if clear and found.alpha is None:
        alpha = np.asarray(picture.convert("RGBA"))[..., 3:]
        return Picture(found.color, alpha, shown=False)
    return found


def _wide(where: str, header: _Header, opaque: bytes | None, data: bytes) -> Picture:
    """The picture of a file of 16 bits."""
    count = _CHANNELS[header.color]
    found = np.zeros((header.height, header.width, count), np.uint16)
    parts = [found]
    if header.interlaced:
        parts = [found[y::down, x::across] for x, y, across, down in _PASSES]
    parts = [p for p in parts if p.size]
    sizes = [p.shape[0] * (1 + 2 * count * p.shape[1]) for p in parts]
    reader = zlib.decompressobj()
    raw = guarded(where, "PNG", lambda: reader.decompress(data, sum(sizes)))
    if len(raw) != sum(sizes):
        raise damaged(where, "PNG", "its pixels are cut off")
    at = 0
    for part, size in zip(parts, sizes):
        rows = np.frombuffer(raw, np.uint8, size, at).reshape(part.shape[0], -1)
        at += size
        if rows[:, 0].max() > _PAETH:
            raise damaged(where, "PNG", "it has an unknown filter")
        plain = _unfiltered(rows[:, 0], rows[:, 1:].reshape(*part.shape[:2], 2 * count))
        part[...] = plain.reshape(part.shape[0], -1).view(">u2").reshape(part.shape)
    picture = Picture.of(found)
    if opaque and picture.alpha is None:
        clear = (found == np.frombuffer(opaque[: 2 * count], ">u2")).all(-1, keepdims=True)
        return Picture(found, np.where(clear, 0, 0xFFFF).astype(np.uint16), shown=False)
    return picture


def _guess(left: Any, above: Any, corner: Any) -> dict[int, Any]:
    """What each filter takes a byte to be, by its neighbours."""
    near = left + above - corner
    to_left, to_above, to_corner = (abs(near - n) for n in (left, above, corner))
    paeth = np.where(to_above <= to_corner, above, corner)
    paeth = np.where((to_left <= to_above) & (to_left <= to_corner), left, paeth)
    return {_SUB: left, _UP: above, _AVERAGE: (left + above) // 2, _PAETH: paeth}


def _unfiltered(kinds: Any, rows: Any) -> Any:
    """Bytes ``(rows, pixels, bytes)`` of which differences from the filters' guesses are given.

    A byte needs those to the left of and above it. The pixels of a diagonal need none of each other, so
    that each diagonal is one step.
    """
    height, width, size = rows.shape
    found = np.zeros((height + 1, width + 1, size), np.int16)
    for step in range(height + width - 1):
        row = np.arange(max(0, step - width + 1), min(height, step + 1))
        column = step - row
        guesses = _guess(found[row + 1, column], found[row, column + 1], found[row, column])
        kind = kinds[row, None]
        value = rows[row, column] + sum(np.where(kind == k, g, 0) for k, g in guesses.items())
        found[row + 1, column + 1] = value & 0xFF
    return found[1:, 1:].astype(np.uint8)


def _filtered(rows: Any) -> Any:
    """Rows of bytes ``(rows, pixels, bytes)`` under the filters that leave the smallest numbers."""
    height, width, size = rows.shape
    around = np.zeros((height + 1, width + 1, size), np.int16)
    around[1:, 1:] = rows
    guesses = _guess(around[1:, :-1], around[:-1, 1:], around[:-1, :-1])
    plain = around[1:, 1:]
    tried = np.stack([plain, *(plain - g for g in guesses.values())]).astype(np.uint8)
    cost = abs(tried.view(np.int8).astype(np.int16)).sum((2, 3), dtype=np.int64)
    best = cost.argmin(0)
    chosen = tried[best, np.arange(height)].reshape(height, -1)
    return np.concatenate([best[:, None].astype(np.uint8), chosen], 1)


def _chunk(kind: bytes, body: bytes) -> bytes:
    check = zlib.crc32(body, zlib.crc32(kind))
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)


def encode(pixels: Any, compression: int) -> bytes:
    """A PNG file.

    Args:
        pixels: uint8 or uint16 array ``(height, width, 1 to 4)``.
        compression: 0 for none to 9 for the smallest file, -1 for a fair one.
    """
    height, width, count = pixels.shape
    wide = pixels.astype(pixels.dtype.newbyteorder(">"))
    rows = np.frombuffer(wide.tobytes(), np.uint8).reshape(height, width, -1)
    if compression:
        lines = _filtered(rows)
    else:
        lines = np.pad(rows.reshape(height, -1), ((0, 0), (1, 0)))
    depth = 8 * pixels.dtype.itemsize
    header = struct.pack(">IIBBBBB", width, height, depth, _TYPES[count], 0, 0, 0)
    data = zlib.compress(lines.tobytes(), compression)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")
