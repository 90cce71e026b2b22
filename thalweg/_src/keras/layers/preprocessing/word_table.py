"""Indices of all words of a block of bytes at once, by NumPy: no Python object for each word.

Words of up to 16 bytes are two numbers of 64 bits and a length, compared as such in an open-addressing hash
table: exact, and about ten times as fast as a dict of `bytes`. Longer words, which are rare, go through a
dict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

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


class _Words(NamedTuple):
    """The words of a text.

    Attributes:
        starts: Where they begin.
        lengths: Their lengths in bytes, int64.
        low: Their first eight bytes as a number.
        high: The eight after these.
    """

    starts: np.ndarray[Any, Any]
    lengths: np.ndarray[Any, Any]
    low: np.ndarray[Any, Any]
    high: np.ndarray[Any, Any]


def _cut(text: bytes) -> _Words:
    """The words of a text, which spaces part."""
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
    return _Words(starts, lengths, low, high)


class WordTable:
    """Index of each word.

    Args:
        index: Indices by word.
        unknown: Index of all other words.
    """

    def __init__(self, index: Mapping[Any, int], unknown: int) -> None:
        self._unknown = unknown
        self._long = {word: i for word, i in index.items() if len(word) > _LONGEST}
        # What holds a space is no word of a text.
        short = [word for word in index if 0 < len(word) <= _LONGEST and b" " not in word]
        # A quarter full: hardly any word needs a second look.
        bits = max(4, (4 * len(short)).bit_length())
        self._shift = np.uint64(64 - bits)
        self._mask = (1 << bits) - 1
        self._rows = np.zeros((1 << bits, 4), np.uint64)
        self._rows[:, _LENGTH] = _FREE
        self._rows.view(np.int64)[:, _INDEX] = unknown
        found = _cut(b" ".join(short))
        indices = np.array([index[word] for word in short], np.int64).view(np.uint64)
        self._fill(np.stack([found.low, found.high, found.lengths.view(np.uint64), indices], 1))

    def _fill(self, rows: Any) -> None:
        slots = self._slots(rows[:, _LOW], rows[:, _HIGH])
        left = np.arange(len(rows))
        while left.size:
            free = left[self._rows[slots[left], _LENGTH] == _FREE]
            # Of several that want one slot the first takes it.
            taken = free[np.unique(slots[free], return_index=True)[1]]
            self._rows[slots[taken]] = rows[taken]
            left = np.setdiff1d(left, taken, assume_unique=True)
            slots[left] = slots[left] + 1 & self._mask

    def _slots(self, low: Any, high: Any) -> np.ndarray[Any, Any]:
        mixed = low * _ODD[0]
        mixed ^= high * _ODD[1]
        mixed *= _ODD[0]
        mixed >>= self._shift
        return mixed.view(np.int64)  # type: ignore[no-any-return]

    def indices(self, text: bytes) -> np.ndarray[Any, Any]:
        """Index of each of the words of a text, which spaces part, as int64."""
        return self._indices(text, _cut(text))

    def counted(self, text: bytes, counts: np.ndarray[Any, Any]) -> list[bytes]:
        """Adds how often each word comes to `counts`, by index; returns the unknown ones, one by one.

        The index of unknown words must be below 0.
        """
        found = _cut(text)
        indices = self._indices(text, found)
        counts += np.bincount(indices[indices >= 0], minlength=len(counts))
        starts, lengths = (x[indices < 0] for x in (found.starts, found.lengths))
        return [text[a:b] for a, b in zip(starts.tolist(), (starts + lengths).tolist(), strict=True)]

    def _indices(self, text: bytes, found: _Words) -> np.ndarray[Any, Any]:
        indices = self._looked_up(found.low, found.high, found.lengths.view(np.uint64))
        for i in np.flatnonzero(found.lengths > _LONGEST).tolist():
            start = int(found.starts[i])
            indices[i] = self._long.get(text[start : start + int(found.lengths[i])], self._unknown)
        return indices

    def _looked_up(self, low: Any, high: Any, lengths: Any) -> np.ndarray[Any, Any]:
        slots = self._slots(low, high)
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


class WordCounter:
    """Counts the words of texts: by NumPy those that came before, one by one those that are new."""

    # Bytes of text after which the words that came are known; each next time after so many times as many.
    _FIRST_TIME, _TIMES = 1 << 17, 16

    def __init__(self) -> None:
        self._new: Counter[bytes] = Counter()
        self._known: list[bytes] = []
        self._counts = np.zeros(0, np.int64)
        self._table: WordTable | None = None
        self._seen = 0
        self._next = self._FIRST_TIME

    def add(self, text: bytes) -> None:
        """Counts the words of a text, which spaces part."""
        words = text.split() if self._table is None else self._table.counted(text, self._counts)
        self._new.update(words)
        self._seen += len(text)
        if self._seen >= self._next:
            self._next *= self._TIMES
            counts = self.counts()
            self._known, self._counts = list(counts), np.array(list(counts.values()), np.int64)
            self._table = WordTable({word: i for i, word in enumerate(self._known)}, -1)
            self._new.clear()

    def counts(self) -> Counter[bytes]:
        """How often each word came."""
        found = Counter(dict(zip(self._known, self._counts.tolist(), strict=True)))
        found.update(self._new)
        return found
