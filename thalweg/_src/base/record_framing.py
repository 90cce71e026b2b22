"""Records in a file: TFRecord's framing with masked CRC-32C checksums."""

from __future__ import annotations

from typing import Any

import numpy as np

# Castagnoli's polynomial, bits reversed.
_POLYNOMIAL = 0x82F63B78
_MASK_DELTA = 0xA282EAD8
_WORD = 0xFFFFFFFF
# Below this many bytes the plain loop is the faster one.
_LANES_FROM = 4096


def _table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (_POLYNOMIAL if value & 1 else 0)
        table.append(value)
    return table


_TABLE = _table()
_TABLE_ARRAY = np.array(_TABLE, np.uint32)


def crc32c(data: bytes) -> int:
    """CRC-32C checksum of bytes, from 0 to 2**32 - 1.

    Example:
        >>> hex(crc32c(b"123456789"))
        '0xe3069283'

    Source: Castagnoli et al., "Optimization of Cyclic Redundancy-Check Codes", 1993; RFC 3720.
    """
    lanes = int(len(data) ** 0.5) if len(data) >= _LANES_FROM else 0
    head = len(data) - (len(data) // lanes * lanes if lanes else 0)
    state = _WORD
    for byte in data[:head]:
        state = _TABLE[(state ^ byte) & 0xFF] ^ state >> 8
    if lanes:
        state = _in_lanes(np.frombuffer(data, np.uint8, offset=head).reshape(lanes, -1), state)
    return state ^ _WORD


def _in_lanes(rows: np.ndarray[Any, Any], state: int) -> int:
    """Register after all rows, one after the other, when it was `state` before.

    The register is a linear function of what it was and of the bytes, so that all rows can be fed at once,
    each from an empty register; 32 further rows of zeros, with one bit set before, tell what a row makes
    of the register that it finds.
    """
    count = len(rows)
    registers = np.zeros(count + 32, np.uint32)
    registers[count:] = np.uint32(1) << np.arange(32, dtype=np.uint32)
    columns = np.zeros((rows.shape[1], count + 32), np.uint8)
    columns[:, :count] = rows.T
    for column in columns:
        registers = _TABLE_ARRAY[(registers ^ column) & 0xFF] ^ registers >> np.uint32(8)
    bits = [int(r) for r in registers[count:]]
    for own in registers[:count].tolist():
        moved = 0
        while state:
            lowest = state & -state
            moved ^= bits[lowest.bit_length() - 1]
            state ^= lowest
        state = moved ^ own
    return state


def masked_crc32c(data: bytes) -> int:
    """Checksum as record files store it: turned and shifted, as data may hold checksums itself.

    Source: TensorFlow's record format.
    """
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + _MASK_DELTA) & _WORD


def frame(payload: bytes) -> bytes:
    """One record: length (8 bytes) and its checksum (4), the payload and its checksum (4), little-endian.

    Source: TensorFlow's record format.
    """
    length = len(payload).to_bytes(8, "little")
    checks = (masked_crc32c(part).to_bytes(4, "little") for part in (length, payload))
    return b"".join((length, next(checks), payload, next(checks)))
