"""Keys and bits: pure functions from (key, counter) to random words, on every device the same.

Two generators serve two needs.

* **Keys** are made by Philox4x32-10, a published generator that passes BigCrush: a key for each draw
  from a stream's (key, counter), for `split`, `fold_in`, and `Generator`.
* **Bulk words** are made by a counter hash: two keyed rounds of multiply-xorshift with a feed-forward.
  It costs a tenth of Threefry on a CPU (dropout on 1.6M values: 0.3 ms against 5.9, Philox 1.7). What
  dieharder says of it stands in the README; `tests/random/test_keys.py` keeps the cheap part.

Word ``i`` of a key depends on ``(key, i)`` alone, so that shards, batches and devices agree.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from jax import lax
from jax import numpy as jnp
from jax import random as jax_random

_U32 = np.dtype(np.uint32)
_U64 = np.dtype(np.uint64)

Words = tuple[Any, Any, Any, Any]

# What a Philox block is for; it fills the counter's last word, so that uses never meet.
_DRAW, _FOLD, _SEED, _STREAM, _ELEMENT = 0, 1, 2, 3, 4


def _u32(value: Any) -> Any:
    return np.uint32(value) if isinstance(value, int) else lax.convert_element_type(value, _U32)


def _multiply_wide(a: Any, constant: int) -> tuple[Any, Any]:
    """High and low word of a 32-bit word times a constant."""
    product = lax.convert_element_type(a, _U64) * np.uint64(constant)
    return _u32(product >> np.uint64(32)), _u32(product)


def philox(counter: Words, key: tuple[Any, Any]) -> Words:
    """Philox4x32-10: four random words for each counter.

    Args:
        counter: Four uint32 arrays of one shape (or scalars).
        key: Two uint32 scalars or arrays of that shape.

    Returns:
        Four uint32 arrays.

    Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
    """
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        high0, low0 = _multiply_wide(c0, 0xD2511F53)
        high1, low1 = _multiply_wide(c2, 0xCD9E8D57)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0, k1 = lax.add(k0, np.uint32(0x9E3779B9)), lax.add(k1, np.uint32(0xBB67AE85))
    return c0, c1, c2, c3


def _mix(x: Any, first: int, second: int, shifts: tuple[int, int, int]) -> Any:
    """Bijective mixing of 32-bit words: multiply-xorshift with low avalanche bias."""
    x = (x ^ (x >> np.uint32(shifts[0]))) * np.uint32(first)
    x = (x ^ (x >> np.uint32(shifts[1]))) * np.uint32(second)
    return x ^ (x >> np.uint32(shifts[2]))


def mix(x: Any) -> Any:
    """The first of the two rounds alone: a bijection of 32-bit words, without a key."""
    return _mix(x, 0x7FEB352D, 0x846CA68B, (16, 15, 16))


def hash_words(index: Any, key: tuple[Any, Any]) -> Any:
    """One random word for each index: the bulk generator.

    Args:
        index: uint32 array.
        key: Two uint32 scalars.

    Returns:
        uint32 array of the shape of `index`.

    Source: The mixing constants are those found by C. Wellons' hash prospector (2018, 2022). The sum of
    the first round and the second makes the function of `index` a random one instead of a permutation,
    so that equal words occur as often as they should.
    """
    first = mix(index ^ key[0])
    # Both words key the second round, else keys that share one would give the same words reordered.
    second = lax.add(lax.mul(_u32(key[0]), np.uint32(0x9E3779B9)), _u32(key[1]))
    return first + _mix(first ^ second, 0x21F0AAAD, 0xD35A2D97, (16, 15, 15))


class Source(Protocol):
    """Where the random words of one draw come from.

    Attributes:
        reference_layout: Normals are made in pairs and integers by remainder, as TensorFlow makes them
            from Philox, so that the numbers of a `Generator` are TensorFlow's.
    """

    reference_layout: bool

    def words(self, shape: Sequence[int], stream: int = 0) -> Any:
        """uint32 array of `shape`; streams of other numbers are independent."""

    def pairs(self, shape: Sequence[int]) -> tuple[Any, Any]:
        """Two independent uint32 arrays of `shape`."""

    def fold(self, number: Any) -> HashSource:
        """Independent source for each number."""


class HashSource:
    """Words of the bulk generator under a key of two words."""

    reference_layout = False

    def __init__(self, key: tuple[Any, Any]) -> None:
        self.key = key

    def words(self, shape: Sequence[int], stream: int = 0) -> Any:
        """uint32 array of `shape`; streams of other numbers are independent."""
        key = self._stream_key(stream)
        size = math.prod(shape)
        if size <= 1 << 32:
            return hash_words(lax.iota(_U32, size), key).reshape(shape)
        index = lax.iota(_U64, size)
        high = mix(_u32(index >> np.uint64(32)))
        return hash_words(_u32(index), (key[0] ^ high, key[1] + high)).reshape(shape)

    def pairs(self, shape: Sequence[int]) -> tuple[Any, Any]:
        """Two independent uint32 arrays of `shape`."""
        return self.words(shape), self.words(shape, 1)

    def fold(self, number: Any) -> HashSource:
        """Independent source for each number, which may be traced."""
        zero = np.uint32(0)
        block = philox((_u32(number), zero, zero, np.uint32(_FOLD)), self.key)
        return HashSource(block[:2])

    def _stream_key(self, stream: int) -> tuple[Any, Any]:
        if not stream:
            return self.key
        zero = np.uint32(0)
        return philox((np.uint32(stream), zero, zero, np.uint32(_STREAM)), self.key)[:2]

    def engine_key(self) -> Any:
        """Key for the samplers of `jax.random` that we do not write ourselves."""
        return jax_random.wrap_key_data(jnp.stack(self.fold(2).key), impl="threefry2x32")


class PhiloxSource:
    """Words of Philox under a key of two words and a counter of four, in blocks of four words."""

    reference_layout = True

    def __init__(self, key: tuple[Any, Any], counter: Words) -> None:
        self.key = key
        self.counter = counter

    def words(self, shape: Sequence[int], stream: int = 0) -> Any:
        """uint32 array of `shape`; streams of other numbers are independent."""
        if stream:
            return self.fold(0).words(shape, stream)
        index = lax.iota(_U64, math.prod(shape))
        low, high = self.pairs_at(index >> np.uint64(1))
        return _choose(index & np.uint64(1), low, high).reshape(shape)

    def pairs(self, shape: Sequence[int]) -> tuple[Any, Any]:
        """Two independent uint32 arrays of `shape`: neighbours in the stream of words."""
        low, high = self.pairs_at(lax.iota(_U64, math.prod(shape)))
        return low.reshape(shape), high.reshape(shape)

    def pairs_at(self, index: Any) -> tuple[Any, Any]:
        """The words ``2 * index`` and ``2 * index + 1`` of the stream."""
        # Each element makes its whole block and picks from it: on a CPU that is 20 times faster than
        # interleaving four arrays.
        block = self.blocks_at(index >> np.uint64(1))
        odd = index & np.uint64(1)
        return _choose(odd, block[0], block[2]), _choose(odd, block[1], block[3])

    def blocks_at(self, index: Any) -> Words:
        """The words ``4 * index`` to ``4 * index + 3`` of the stream."""
        return philox(add_to_counter(self.counter, index), self.key)

    def fold(self, number: Any) -> HashSource:
        """Independent source for each number, which may be traced."""
        c0, c1, c2, c3 = philox(self.counter, self.key)
        return HashSource((c0, c1)).fold(_u32(number) ^ c2 ^ c3)


def _choose(odd: Any, even_word: Any, odd_word: Any) -> Any:
    return jnp.where(odd == np.uint64(0), even_word, odd_word)


class ThreefrySource(HashSource):
    """Words of Threefry2x32, for ``alg="threefry"``."""

    def words(self, shape: Sequence[int], stream: int = 0) -> Any:
        """uint32 array of `shape`; streams of other numbers are independent."""
        key = self._stream_key(stream)
        data = jax_random.wrap_key_data(jnp.stack(key), impl="threefry2x32")
        return jax_random.bits(data, tuple(shape), np.uint32)


def add_to_counter(counter: Words, amount: Any) -> Words:
    """128-bit counter plus a uint64 amount (scalar or array)."""
    low = _join(counter[1], counter[0])
    high = _join(counter[3], counter[2])
    total = low + amount
    high = high + lax.convert_element_type(total < amount, _U64)
    return (*_split_wide(total), *_split_wide(high))  # type: ignore[return-value]


def _join(high: Any, low: Any) -> Any:
    """uint64 of a high and a low word."""
    high, low = lax.convert_element_type(high, _U64), lax.convert_element_type(low, _U64)
    return (high << np.uint64(32)) | low


def _split_wide(value: Any) -> tuple[Any, Any]:
    """Low and high word of a uint64."""
    return _u32(value), _u32(value >> np.uint64(32))


def wide(words: tuple[Any, Any]) -> Any:
    """uint64 array of two uint32 arrays, the low one first."""
    return _join(words[1], words[0])


def draw_source(state: Any) -> tuple[HashSource, Any]:
    """Source of the next draw of a stream, and the stream's state after it.

    Args:
        state: uint32 array ``[key, key, counter, counter]``, low words first.

    Returns:
        The source and the new state.
    """
    k0, k1, c0, c1 = (state[i] for i in range(4))
    block = philox((c0, c1, np.uint32(0), np.uint32(_DRAW)), (k0, k1))
    c0 = c0 + np.uint32(1)
    c1 = c1 + lax.convert_element_type(c0 == np.uint32(0), _U32)
    return HashSource(block[:2]), jnp.stack([k0, k1, c0, c1])


def seed_key(seed: Any) -> tuple[Any, Any]:
    """Key of a stateless seed.

    Args:
        seed: Integer array of shape ``(2,)``. Equal numbers give equal keys in int32 and in int64.

    Returns:
        Two uint32 scalars.
    """
    wide_seed = lax.convert_element_type(seed, np.int64)
    wide_seed = lax.bitcast_convert_type(wide_seed, _U64)
    k0, k1 = _split_wide(wide_seed[0])
    c0, c1 = _split_wide(wide_seed[1])
    return philox((c0, c1, np.uint32(0), np.uint32(_SEED)), (k0, k1))[:2]


def seed_source(seed: Any, algorithm: str) -> Source:
    """Source of a stateless draw.

    Args:
        seed: Integer array of shape ``(2,)``.
        algorithm: ``"auto_select"`` (the bulk generator), ``"philox"`` or ``"threefry"``.
    """
    key = seed_key(seed)
    if algorithm == "philox":
        zero = np.uint32(0)
        return PhiloxSource(key, (zero, zero, zero, zero))
    return ThreefrySource(key) if algorithm == "threefry" else HashSource(key)


def generator_source(state: Any, amount: int) -> tuple[PhiloxSource, Any]:
    """Source of the next draw of a Philox `Generator`, and its state after it.

    Args:
        state: int64 array ``[counter, counter, key]``, the counter's low half first.
        amount: How far the counter moves on.

    Returns:
        The source and the new state.
    """
    halves = lax.bitcast_convert_type(state, _U64)
    counter = (*_split_wide(halves[0]), *_split_wide(halves[1]))
    return PhiloxSource(_split_wide(halves[2]), counter), skip_state(state, amount)


def skip_state(state: Any, amount: Any) -> Any:
    """State of a Philox `Generator` with its counter moved on by an amount of 0 or more."""
    halves = lax.bitcast_convert_type(state, _U64)
    low = halves[0] + lax.convert_element_type(amount, _U64)
    high = halves[1] + lax.convert_element_type(low < halves[0], _U64)
    return lax.bitcast_convert_type(jnp.stack([low, high, halves[2]]), np.int64)


def threefry_generator_source(state: Any, amount: int) -> tuple[ThreefrySource, Any]:
    """The same for a Threefry `Generator`, whose state is int64 ``[counter, key]``."""
    counter, key = lax.bitcast_convert_type(state, _U64)
    folded = HashSource(_split_wide(key)).fold(_split_wide(counter)[0])
    source = ThreefrySource(folded.fold(_split_wide(counter)[1]).key)
    counter = counter + np.uint64(amount)
    return source, lax.bitcast_convert_type(jnp.stack([counter, key]), np.int64)


def element_key(pipeline: Any, epoch: Any, index: Any) -> Any:
    """Key of one element of a pipeline: what draws in per-element programs depend on.

    Args:
        pipeline: uint32 array ``[key, key]`` of the pipeline's seed.
        epoch: Integer scalar.
        index: Integer scalar, the element's number.

    Returns:
        uint32 array of shape ``(2,)``.
    """
    low, high = _split_wide(lax.convert_element_type(index, _U64))
    block = philox((low, high, _u32(epoch), np.uint32(_ELEMENT)), (pipeline[0], pipeline[1]))
    return jnp.stack(block[:2])


def stream_state(*parts: Any) -> np.ndarray[Any, Any]:
    """State of a fresh stream that is named by `parts`: seeds of any size, names.

    Returns:
        uint32 array of shape ``(4,)``: the key, and a counter at 0.
    """
    digest = hashlib.blake2b(repr(parts).encode(), digest_size=8).digest()
    return np.concatenate([np.frombuffer(digest, "<u4"), np.zeros(2, np.uint32)]).astype(np.uint32)
