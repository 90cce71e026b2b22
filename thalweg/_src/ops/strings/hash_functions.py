"""Hash functions of byte strings, computed for many strings of equal length at once.

Each takes a uint8 array ``(strings, length)``, of NumPy or JAX, and returns uint64 ``(strings,)``. Products
and sums wrap round at 64 bits on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from operator import or_
from typing import Any

import numpy as np


def by_length(texts: list[bytes], function: Callable[[Any], Any]) -> Any:
    """Hashes uint64 ``(texts,)``: texts of equal length go through `function` together."""
    lengths = np.fromiter(map(len, texts), np.int64)
    hashes = np.empty(len(texts), np.uint64)
    for length in np.unique(lengths).tolist():
        places = np.flatnonzero(lengths == length)
        data = b"".join([texts[i] for i in places.tolist()])
        hashes[places] = function(np.frombuffer(data, np.uint8).reshape(places.size, length))
    return hashes


def _word(value: int) -> Any:
    return np.uint64(value & 0xFFFFFFFFFFFFFFFF)


def _fetch(rows: Any, at: int, size: int = 8) -> Any:
    """Little-endian integers of `size` bytes from column `at` on, as uint64."""
    if not isinstance(rows, np.ndarray):
        columns = (rows[:, at + i].astype(np.uint64) << np.uint64(8 * i) for i in range(size))
        return reduce(or_, columns, np.zeros(len(rows), np.uint64))
    part = np.zeros((len(rows), 8), np.uint8)
    part[:, :size] = rows[:, at : at + size]
    return part.view("<u8")[:, 0].astype(np.uint64)


def _rotated(word: Any, right: int) -> Any:
    return word >> np.uint64(right) | word << np.uint64(64 - right)


def _shifted(word: Any, right: int = 47) -> Any:
    return word ^ word >> np.uint64(right)


# --- FarmHash -----------------------------------------------------------------------------------------

_K0, _K1, _K2 = map(_word, (0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F))


def farm_hash(rows: Any) -> Any:
    """FarmHash's ``Fingerprint64``.

    Source: G. Pike, FarmHash (MIT licence), namespace ``farmhashna``.
    """
    length = rows.shape[1]
    if length <= 16:
        return _farm_short(rows, length)
    if length <= 64:
        return _farm_medium(rows, length)
    return _farm_long(rows, length)


def _farm_pair(u: Any, v: Any, factor: Any) -> Any:
    a = _shifted((u ^ v) * factor)
    return _shifted((v ^ a) * factor) * factor


def _farm_short(rows: Any, length: int) -> Any:
    factor = _word(int(_K2) + 2 * length)
    if length >= 8:
        a, b = _fetch(rows, 0) + _K2, _fetch(rows, length - 8)
        c, d = _rotated(b, 37) * factor + a, (_rotated(a, 25) + b) * factor
        return _farm_pair(c, d, factor)
    if length >= 4:
        a, b = _fetch(rows, 0, 4), _fetch(rows, length - 4, 4)
        return _farm_pair(_word(length) + (a << np.uint64(3)), b, factor)
    if length > 0:
        first, middle, last = (_fetch(rows, i, 1) for i in (0, length >> 1, length - 1))
        y = first + (middle << np.uint64(8))
        z = _word(length) + (last << np.uint64(2))
        return _shifted(y * _K2 ^ z * _K0) * _K2
    return np.full(len(rows), _K2)


def _farm_medium(rows: Any, length: int) -> Any:
    factor = _word(int(_K2) + 2 * length)
    longer = length > 32
    a, b = _fetch(rows, 0) * (_K2 if longer else _K1), _fetch(rows, 8)
    c, d = _fetch(rows, length - 8) * factor, _fetch(rows, length - 16) * _K2
    y = _rotated(a + b, 43) + _rotated(c, 30) + d
    z = a + _rotated(b + _K2, 18) + c
    if not longer:
        return _farm_pair(y, z, factor)
    z = _farm_pair(y, z, factor)
    e, f = _fetch(rows, 16) * factor, _fetch(rows, 24)
    g, h = (y + _fetch(rows, length - 32)) * factor, (z + _fetch(rows, length - 24)) * factor
    return _farm_pair(
        _rotated(e + f, 43) + _rotated(g, 30) + h, e + _rotated(f + a, 18) + g, factor
    )


def _farm_weak(rows: Any, at: int, a: Any, b: Any) -> tuple[Any, Any]:
    """Hash of 32 bytes into two words, seeded with `a` and `b`."""
    w, x, y, z = (_fetch(rows, at + i) for i in (0, 8, 16, 24))
    a = a + w
    b = _rotated(b + a + z, 21)
    c = a
    a = a + x + y
    return a + z, b + _rotated(a, 44) + c


def _farm_long(rows: Any, length: int) -> Any:
    x = np.full(len(rows), _word(81))
    y = np.full(len(rows), _word(81 * int(_K1) + 113))
    z = _shifted(y * _K2 + _word(113)) * _K2
    v = w = (np.zeros_like(x), np.zeros_like(x))
    x = x * _K2 + _fetch(rows, 0)
    for at in range(0, (length - 1) // 64 * 64, 64):
        x = _rotated(x + y + v[0] + _fetch(rows, at + 8), 37) * _K1 ^ w[1]
        y = _rotated(y + v[1] + _fetch(rows, at + 48), 42) * _K1 + v[0] + _fetch(rows, at + 40)
        z = _rotated(z + w[0], 33) * _K1
        v = _farm_weak(rows, at, v[1] * _K1, x + w[0])
        w = _farm_weak(rows, at + 32, z + w[1], y + _fetch(rows, at + 16))
        z, x = x, z
    # The last 64 bytes, which may overlap those before.
    at, factor, nine = length - 64, _K1 + ((z & _word(0xFF)) << np.uint64(1)), _word(9)
    w = (w[0] + _word((length - 1) & 63), w[1])
    v = (v[0] + w[0], v[1])
    w = (w[0] + v[0], w[1])
    x = _rotated(x + y + v[0] + _fetch(rows, at + 8), 37) * factor ^ w[1] * nine
    y = _rotated(y + v[1] + _fetch(rows, at + 48), 42) * factor
    y = y + v[0] * nine + _fetch(rows, at + 40)
    z = _rotated(z + w[0], 33) * factor
    v = _farm_weak(rows, at, v[1] * factor, x + w[0])
    w = _farm_weak(rows, at + 32, z + w[1], y + _fetch(rows, at + 16))
    z, x = x, z
    first = _farm_pair(v[0], w[0], factor) + _shifted(y) * _K0 + z
    return _farm_pair(first, _farm_pair(v[1], w[1], factor) + x, factor)


#: The hash that the crosses of TensorFlow begin with.
CROSS_KEY = 956888297470
_CROSS = _word(0xC6A4A7935BD1E995)


def together(one: Any, two: Any) -> Any:
    """One hash of two hashes, as TensorFlow's crosses put them together."""
    mixed = (one ^ _CROSS ^ (_shifted(two * _CROSS) * _CROSS)) * _CROSS
    return _shifted(_shifted(mixed) * _CROSS)


# --- SipHash ------------------------------------------------------------------------------------------


def _sip_words(rows: Any) -> Iterator[Any]:
    """The words of the message: full ones, then the rest with the length in the highest byte."""
    length = rows.shape[1]
    whole = length // 8 * 8
    for at in range(0, whole, 8):
        yield _fetch(rows, at)
    yield _fetch(rows, whole, length - whole) | _word((length & 0xFF) << 56)


def _sip_round(v: list[Any]) -> None:
    for one, other, turn, half in (
        (0, 1, 13, True),
        (2, 3, 16, False),
        (0, 3, 21, False),
        (2, 1, 17, True),
    ):
        v[one] = v[one] + v[other]
        v[other] = _rotated(v[other], 64 - turn) ^ v[one]
        if half:
            v[one] = _rotated(v[one], 32)


def sip_hash(rows: Any, key: tuple[int, int]) -> Any:
    """SipHash-2-4 with a key of two 64-bit integers.

    Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012.
    """
    mixed = [
        key[i % 2] ^ c
        for i, c in enumerate(
            (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573)
        )
    ]
    v = [np.full(len(rows), _word(m)) for m in mixed]
    for word in _sip_words(rows):
        v[3] = v[3] ^ word
        _sip_round(v)
        _sip_round(v)
        v[0] = v[0] ^ word
    v[2] = v[2] ^ _word(0xFF)
    for _ in range(4):
        _sip_round(v)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


# --- MurmurHash ---------------------------------------------------------------------------------------

_MURMUR = _word(0xC6A4A7935BD1E995)
_MURMUR_SEED = 0xDECAFCAFFE


def murmur_hash(rows: Any) -> Any:
    """MurmurHash64A with TensorFlow's seed.

    Source: A. Appleby, MurmurHash2, 64-bit version A (public domain).
    """
    length = rows.shape[1]
    whole = length // 8 * 8
    h = np.full(len(rows), _word(_MURMUR_SEED ^ length * int(_MURMUR)))
    for at in range(0, whole, 8):
        h = (h ^ _shifted(_fetch(rows, at) * _MURMUR) * _MURMUR) * _MURMUR
    if whole < length:
        h = (h ^ _fetch(rows, whole, length - whole)) * _MURMUR
    return _shifted(_shifted(h) * _MURMUR)
