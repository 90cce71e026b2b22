"""BMP files."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.ops.image.codecs.contents import Picture, damaged, need_size

_PLAIN, _MASKED = 0, 3
# Blue, green, red and opacity, the order that all programs write.
_MASKS = (0x00FF0000, 0x0000FF00, 0x000000FF)


def decode(where: str, contents: bytes) -> Picture:
    """Pixels of a BMP file of 8, 24 or 32 bits without compression, as uint8.

    Raises:
        InvalidArgumentError: The file is damaged, cut off or too large, compressed or has another number of
            bits.
    """
    if len(contents) < 54:
        raise damaged(where, "BMP", "its header is cut off")
    start, size, width, height, _, bits, packing = struct.unpack_from("<IIiiHHI", contents, 10)
    if bits not in (8, 24, 32) or packing not in (_PLAIN, _MASKED) or not _usual(contents, packing):
        raise InvalidArgumentError(
            f"[{where}] expected a BMP file of 8, 24 or 32 bits a pixel without compression, got one of "
            f"{bits} bits and compression {packing}; write it as PNG."
        )
    rows = abs(height)
    need_size(where, rows, width, bits // 8)
    stride = (width * bits + 31) // 32 * 4
    if len(contents) < start + rows * stride:
        raise damaged(where, "BMP", "it is cut off")
    lines = np.frombuffer(contents, np.uint8, rows * stride, start).reshape(rows, stride)
    pixels = lines[:, : width * bits // 8].reshape(rows, width, bits // 8)
    # The last row comes first, unless the height is negative.
    pixels = pixels if height < 0 else pixels[::-1]
    if bits == 8:
        return _colored(where, pixels[..., 0], contents[14 + size : start])
    return Picture.of(np.concatenate([pixels[..., 2::-1], pixels[..., 3:]], -1))


def _usual(contents: bytes, packing: int) -> bool:
    """Whether colours lie where they always do."""
    return packing == _PLAIN or struct.unpack_from("<III", contents, 54) == _MASKS


def _colored(where: str, numbers: Any, table: bytes) -> Picture:
    """Colours of numbers, or greys where the table holds nothing but these, in order."""
    colors = np.frombuffer(table[: len(table) // 4 * 4], np.uint8).reshape(-1, 4)[:256, 2::-1]
    if len(colors) <= numbers.max():
        raise damaged(where, "BMP", "its table of colours is cut off")
    if (colors == np.arange(len(colors), dtype=np.uint8)[:, None]).all():
        return Picture.of(numbers.copy())
    return Picture.of(colors[numbers])
