"""Indices of all words of a block of bytes at once, by NumPy: no Python object for each word.

Words of up to 16 bytes are two numbers of 64 bits and a length, compared as such in an open-addressing hash
table: exact, and about ten times as fast as a dict of `bytes`. Longer words, which are rare, go through a
dict.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

_LONGEST = 16
_FREE = np.uint64(255)
# What a row of the table holds: one fetch of 32 bytes for each word, not one for each part.
_LOW, _HIGH, _LENGTH, _INDEX = range(4)
_SPACE = np.uint8(32)
# Of eight bytes the first n.
_FIRST = np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)
_ODD = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
_WORD = (1 << 64) - 1


class WordTable:
    """Index of each word.

    Args:
        index: Indices by word.
        unknown: Index of all other words.
    """

    def __init__(self, index: Mapping[Any, int], unknown: int) -> None:
        self._unknown = unknown
        self._long = {word: i for word, i in index.items() if len(word) > _LONGEST}
        short = [(word, i) for word, i in index.items() if len(word) <= _LONGEST]
        # A quarter full: hardly any word needs a second look.
        bits = max(4, (4 * len(short)).bit_length())
        self._shift = np.uint64(64 - bits)
        self._mask = (1 << bits) - 1
        self._rows = np.zeros((1 << bits, 4), np.uint64)
        self._rows[:, _LENGTH] = _FREE
        self._rows.view(np.int64)[:, _INDEX] = unknown
        for word, i in short:
            self._insert(word, i)

    def _insert(self, word: bytes, index: int) -> None:
        padded = word.ljust(_LONGEST, b"\0")
        low, high = (int.from_bytes(padded[at : at + 8], "little") for at in (0, 8))
        mixed = (low * int(_ODD[0]) ^ high * int(_ODD[1])) & _WORD
        slot = (mixed * int(_ODD[0]) & _WORD) >> int(self._shift)
        while self._rows[slot, _LENGTH] != _FREE:
            slot = slot + 1 & self._mask
        self._rows[slot] = low, high, len(word), index & _WORD

    def indices(self, text: bytes) -> np.ndarray[Any, Any]:
        """Index of each of the words of a text, which spaces part, as int64."""
        data = np.frombuffer(text + b" " + bytes(_LONGEST), np.uint8)
        size = len(text) + 1
        space = np.empty(size + 1, bool)
        space[0] = True
        np.equal(data[:size], _SPACE, out=space[1:])
        edges = np.flatnonzero(space[1:] != space[:-1])
        starts, ends = edges[::2], edges[1::2]
        lengths = ends - starts
        # Eight bytes from every place on.
        words: Any = np.ndarray((len(data) - 7,), "<u8", data, strides=(1,))
        low = words[starts]
        low &= _FIRST.take(lengths, mode="clip")
        high = words[starts + 8]
        high &= _FIRST.take(lengths - 8, mode="clip")
        found = self._looked_up(low, high, lengths.view(np.uint64))
        for i in np.flatnonzero(lengths > _LONGEST).tolist():
            found[i] = self._long.get(text[starts[i] : ends[i]], self._unknown)
        return found

    def _looked_up(self, low: Any, high: Any, lengths: Any) -> np.ndarray[Any, Any]:
        mixed = low * _ODD[0]
        mixed ^= high * _ODD[1]
        mixed *= _ODD[0]
        mixed >>= self._shift
        slots = mixed.view(np.int64)
        rows = self._rows.take(slots, 0, mode="clip")
        found = rows.view(np.int64)[:, _INDEX].copy()
        same = rows[:, _LOW] == low
        same &= rows[:, _HIGH] == high
        same &= rows[:, _LENGTH] == lengths
        left = np.flatnonzero(~same)
        while left.size:
            free = self._rows[slots[left], _LENGTH] == _FREE
            found[left[free]] = self._unknown
            left = left[~free]
            slots[left] = slots[left] + 1 & self._mask
            rows = self._rows[slots[left]]
            same = rows[:, _LOW] == low[left]
            same &= rows[:, _HIGH] == high[left]
            same &= rows[:, _LENGTH] == lengths[left]
            found[left[same]] = rows.view(np.int64)[same, _INDEX]
            left = left[~same]
        return found
