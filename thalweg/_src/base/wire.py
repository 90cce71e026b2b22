"""The wire format of protocol buffers: fields written and read by hand.

Fields are written in the order of their numbers and left out when they have their default, as protocol
buffers do, so that the bytes are those that others write. What is read is never trusted: lengths are held
against the bytes that are there before anything is made.

Source: "Protocol Buffers: Encoding", the specification of the format.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import numpy as np

from thalweg._src.base.errors import DataLossError

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_WORD = (1 << 64) - 1
# Bytes that an integer of 64 bits takes at most.
_LONGEST = 10
# Fewer integers than this are read and written one by one.
_MANY = 16


class MalformedError(DataLossError, ValueError):
    """Bytes that are no message."""


# --- Writing ------------------------------------------------------------------------------------------


def varint(value: int) -> bytes:
    """Integer in groups of 7 bits, lowest first; negative ones in two's complement of 64 bits."""
    value &= _WORD
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    groups.append(value)
    return bytes(groups)


def key(field: int, kind: int) -> bytes:
    """What begins a field: its number, and how its value is written."""
    return varint(field << 3 | kind)


def integer_field(field: int, value: int) -> bytes:
    """Field with an integer; nothing for 0."""
    return key(field, VARINT) + varint(value) if value else b""


def double_field(field: int, value: float) -> bytes:
    """Field with a float64; nothing for 0."""
    return key(field, FIXED64) + struct.pack("<d", value) if value else b""


def message_field(field: int, value: bytes) -> bytes:
    """Field with a message, text or bytes, also when it is empty."""
    return key(field, BYTES) + varint(len(value)) + value


def bytes_field(field: int, value: bytes | str) -> bytes:
    """Field with text or bytes; nothing when it is empty."""
    data = value.encode() if isinstance(value, str) else value
    return message_field(field, data) if data else b""


def packed_varints(values: Any) -> bytes:
    """Integers one after the other.

    Args:
        values: int64 array ``(n,)``.
    """
    if len(values) < _MANY:
        return b"".join(varint(int(v)) for v in values)
    words = values.astype(np.int64).view(np.uint64)
    shifts = np.arange(0, 7 * _LONGEST, 7, dtype=np.uint64)
    groups = (words[:, None] >> shifts & np.uint64(0x7F)).astype(np.uint8)
    sizes = np.maximum(_LONGEST - np.argmax(groups[:, ::-1] != 0, axis=1), 1)
    sizes[words == 0] = 1
    place = np.arange(_LONGEST)
    groups[place < sizes[:, None] - 1] |= 0x80
    return groups[place < sizes[:, None]].tobytes()


# --- Reading ------------------------------------------------------------------------------------------


def read_varint(data: Any, at: int) -> tuple[int, int]:
    """Integer of 64 bits without sign at a place, and the place behind it.

    Raises:
        MalformedError: It has no end.
    """
    value = shift = 0
    for _ in range(_LONGEST):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & _WORD, at
        shift += 7
    raise MalformedError(f"[wire] expected an integer that ends, got none up to byte {at}.")


def signed(value: int) -> int:
    """Integer with a sign from one without."""
    return value - (1 << 64) if value >> 63 else value


def fields(data: Any) -> Iterator[tuple[int, int, Any]]:
    """Fields of a message: number, kind and value; integers without sign, all else as views of bytes.

    Args:
        data: `bytes` or `memoryview`.

    Raises:
        MalformedError: The bytes are no message.
    """
    view, at = memoryview(data), 0
    while at < len(view):
        start = at
        head, at = read_varint(view, at)
        number, kind = head >> 3, head & 7
        if number == 0:
            raise MalformedError(f"[wire] expected the number of a field, got 0 at byte {start}.")
        if kind == VARINT:
            value, at = read_varint(view, at)
            yield number, kind, value
            continue
        if kind == BYTES:
            size, at = read_varint(view, at)
        elif kind in (FIXED64, FIXED32):
            size = 8 if kind == FIXED64 else 4
        else:
            raise MalformedError(
                f"[wire] expected a field of a known kind, got {kind} at byte {start}."
            )
        if size > len(view) - at:
            raise MalformedError(
                f"[wire] expected {size} bytes for field {number} at byte {start}, got {len(view) - at}."
            )
        yield number, kind, view[at : at + size]
        at += size


def unpacked_varints(data: Any) -> Any:
    """int64 array of the integers that are written one after the other.

    Raises:
        MalformedError: One has no end, or is longer than 64 bits.
    """
    groups = np.frombuffer(data, np.uint8)
    last = groups < 0x80
    ends = np.flatnonzero(last)
    if groups.size and not last[-1]:
        raise MalformedError("[wire] expected integers that end, got a list that breaks off.")
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1] + 1]) if ends.size else ends
    sizes = ends - starts + 1
    if (sizes > _LONGEST).any():
        raise MalformedError("[wire] expected integers of 64 bits, got a longer one.")
    if not ends.size:
        return np.zeros(0, np.int64)
    place = np.arange(groups.size) - np.repeat(starts, sizes)
    words = (groups & 0x7F).astype(np.uint64) << (7 * place).astype(np.uint64)
    return np.add.reduceat(words, starts).view(np.int64)
