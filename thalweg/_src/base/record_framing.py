"""Records in a file: TFRecord's framing with masked CRC-32C checksums."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from thalweg._src.base.errors import DataLossError

# Castagnoli's polynomial, bits reversed.
_POLYNOMIAL = 0x82F63B78
_MASK_DELTA = 0xA282EAD8
_WORD = 0xFFFFFFFF
# Bytes that are summed at once; below the other number the plain loop is the faster one.
_BLOCK = 1024
_BLOCKS_FROM = 64
# Length and its checksum.
_HEAD = 12
# Read at once, so that a length alone never asks for memory.
_CHUNK = 1 << 20


def _table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (_POLYNOMIAL if value & 1 else 0)
        table.append(value)
    return table


_TABLE = _table()


@functools.cache
def _effects() -> tuple[Any, Any]:
    """What each byte at each place of a block makes of an empty register, and where a place's row begins."""
    table = np.array(_TABLE, np.uint32)
    rows = np.empty((_BLOCK, 256), np.uint32)
    rows[-1] = table
    for place in range(_BLOCK - 2, -1, -1):
        after = rows[place + 1]
        rows[place] = table[after & 0xFF] ^ after >> np.uint32(8)
    return rows.reshape(-1), np.arange(0, _BLOCK * 256, 256)


def crc32c(data: Any) -> int:
    """CRC-32C checksum of bytes, from 0 to 2**32 - 1.

    The register is a linear function of what it was and of the bytes, so that the effects of all bytes of a
    block can be looked up at once; what it was counts as if it were in the first four bytes.

    Example:
        >>> hex(crc32c(b"123456789"))
        '0xe3069283'

    Source: Castagnoli et al., "Optimization of Cyclic Redundancy-Check Codes", 1993; RFC 3720.
    """
    state, at = _WORD, 0
    if len(data) >= _BLOCKS_FROM:
        effects, begins = _effects()
        whole = np.frombuffer(data, np.uint8)
        while len(data) - at >= 4:
            block = whole[at : at + _BLOCK].astype(np.int64)
            block[:4] ^= np.frombuffer(state.to_bytes(4, "little"), np.uint8)
            state = int(np.bitwise_xor.reduce(effects[begins[-len(block) :] + block]))
            at += len(block)
    for byte in data[at:]:
        state = _TABLE[(state ^ byte) & 0xFF] ^ state >> 8
    return state ^ _WORD


def masked_crc32c(data: Any) -> int:
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


def records(file: BinaryIO, name: str) -> Iterator[bytes]:
    """Payloads of the records in a file, whose checksums are verified.

    Args:
        file: The file, open for reading bytes.
        name: What to call it in messages.

    Raises:
        DataLossError: A record is damaged or breaks off.
    """
    at = 0
    while head := _read(file, _HEAD):
        length = int.from_bytes(head[:8], "little")
        if len(head) == _HEAD and int.from_bytes(head[8:], "little") != masked_crc32c(head[:8]):
            raise DataLossError(
                f"[records] expected a record at byte {at} of {name}, got a length with a wrong checksum. "
                "Is this a file of records, and of this compression?"
            )
        body = _read(file, length + 4) if len(head) == _HEAD else b""
        if len(body) < length + 4 or len(head) < _HEAD:
            raise DataLossError(
                f"[records] expected a whole record at byte {at} of {name}, got the end of the file."
            )
        payload = body[:length]
        if int.from_bytes(body[length:], "little") != masked_crc32c(payload):
            raise DataLossError(
                f"[records] expected the record at byte {at} of {name} as it was written, got a wrong "
                "checksum of its contents."
            )
        yield payload
        at += _HEAD + len(body)


def _read(file: BinaryIO, count: int) -> bytes:
    """The next bytes; fewer at the end of the file."""
    if count <= _CHUNK:
        return file.read(count)
    parts = []
    while count and (part := file.read(min(count, _CHUNK))):
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
