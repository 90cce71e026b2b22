"""Tiny files of fixed contents, made without the libraries under test, and folders of them."""

from __future__ import annotations

import atexit
import shutil
import struct
import tempfile
import zlib
from pathlib import Path

_COLOR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}


def numbers(count: int, seed: int = 0) -> bytes:
    """Bytes that look like noise."""
    return bytes((i * i * 37 + i * 11 + seed * 101) % 251 for i in range(count))


def png(height: int, width: int, channels: int = 3, seed: int = 0) -> bytes:
    """A PNG file."""

    def part(name: bytes, data: bytes) -> bytes:
        checked = name + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    pixels, line = numbers(height * width * channels, seed), width * channels
    rows = b"".join(b"\x00" + pixels[i * line : (i + 1) * line] for i in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, _COLOR_TYPES[channels], 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(part(*p) for p in parts)


def bmp(height: int, width: int, seed: int = 0) -> bytes:
    """A BMP file of 24 bits a pixel."""
    line = -(-width * 3 // 4) * 4
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, line * height, 0, 0, 0, 0)
    start = struct.pack("<2sIHHI", b"BM", 54 + line * height, 0, 0, 54)
    return start + header + numbers(line * height, seed)


def wav(
    data: bytes, channels: int = 1, rate: int = 8000, bits: int = 16, encoding: int = 1, between: bytes = b""
) -> bytes:
    """A WAV file; `between` comes before its samples."""
    width = channels * bits // 8
    header = struct.pack("<HHIIHH", encoding, channels, rate, rate * width, width, bits)
    parts = b"fmt " + struct.pack("<I", len(header)) + header + between
    body = b"WAVE" + parts + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def tone(samples: int, channels: int = 1, seed: int = 0) -> bytes:
    """A WAV file of 16-bit noise."""
    return wav(numbers(2 * samples * channels, seed), channels)


IMAGES = {
    "cat/a.png": png(5, 7, 3, 1),
    "cat/b.png": png(8, 4, 1, 2),
    "cat/sub/c.PNG": png(4, 4, 4, 3),
    "cat/.hidden.png": png(3, 5, 3, 4),
    "cat/note.txt": b"no image",
    "dog/a.bmp": bmp(6, 3, 5),
    "dog/b.png": png(3, 8, 3, 6),
    ".cache/a.png": png(2, 2, 3, 7),
}
TEXTS = {
    "neg/0.txt": b"a bad film",
    "neg/1.txt": b"",
    "pos/0.txt": b"a good\nfilm",
    "pos/1.TXT": "schön".encode(),
    "pos/2.txt": b"fine",
    "pos/3.md": b"no text",
}
SOUNDS = {
    "a/0.wav": tone(6),
    "a/1.wav": tone(9, seed=1),
    "b/0.wav": tone(4, seed=2),
    "b/1.wav": tone(7, seed=3),
}


def folder(files: dict[str, bytes]) -> str:
    """Path of a new folder with files, which is deleted at the end."""
    made = tempfile.mkdtemp(prefix="folder-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    for name, contents in files.items():
        path = Path(made, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents)
    return made
