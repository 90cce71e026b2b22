"""Keys and bits: published answers of Philox, and the statistical quality of the bulk generator."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jax import numpy as jnp
from scipy import stats

from thalweg._src.random import keys

ZERO = np.uint32(0)
COUNT = 1 << 18


def words(key, count=COUNT):
    return np.asarray(keys.hash_words(jnp.arange(count, dtype=jnp.uint32), _pair(key)))


def _pair(key):
    return jnp.uint32(key[0]), jnp.uint32(key[1])


def _four(values):
    return tuple(jnp.uint32(v) for v in values)


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ([0] * 4, [0] * 2, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
        (
            [0xFFFFFFFF] * 4,
            [0xFFFFFFFF] * 2,
            [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD],
        ),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            [0xA4093822, 0x299F31D0],
            [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
        ),
    ],
)
def test_philox_gives_the_published_answers(counter, key, answer):
    got = keys.philox(_four(counter), _four(key))
    assert [int(w) for w in got] == answer


@given(st.lists(st.integers(0, 2**32 - 1), min_size=4, max_size=4), st.integers(0, 2**64 - 1))
@settings(max_examples=50, deadline=None)
def test_counter_counts_in_128_bits(start, amount):
    got = keys.add_to_counter(_four(start), jnp.uint64(amount))
    value = sum(w << 32 * i for i, w in enumerate(start)) + amount
    assert [int(w) for w in got] == [value >> 32 * i & 0xFFFFFFFF for i in range(4)]


# Weak keys on purpose: few bits set, neighbours.
WEAK_KEYS = [(0, 0), (1, 0), (0, 1), (1 << 31, 0), (0xFFFFFFFF, 0xFFFFFFFF), (12345, 678910)]


@pytest.mark.parametrize("key", WEAK_KEYS)
def test_every_bit_is_balanced_and_bytes_are_uniform(key):
    drawn = words(key)
    bits = np.unpackbits(drawn.view(np.uint8).reshape(-1, 4), axis=1, bitorder="little")
    ones = bits.sum(axis=0)
    assert np.abs((ones - COUNT / 2) / np.sqrt(COUNT / 4)).max() < 4.5
    for part in range(4):
        counts = np.bincount(drawn >> 8 * part & 255, minlength=256)
        assert 1e-5 < stats.chisquare(counts).pvalue < 1 - 1e-5


@pytest.mark.parametrize("key", WEAK_KEYS)
def test_neighbours_are_independent(key):
    drawn = words(key) / 2.0**32 - 0.5
    for lag in (1, 2, 3, 4, 16, 64, 256, 1024):
        correlation = np.mean(drawn[:-lag] * drawn[lag:]) * 12
        assert abs(correlation) * np.sqrt(COUNT) < 4.5
    pairs = words(key) >> 27
    cells = np.bincount(pairs[:-1:2] * 32 + pairs[1::2], minlength=1024)
    assert 1e-5 < stats.chisquare(cells).pvalue < 1 - 1e-5


@pytest.mark.parametrize("key", WEAK_KEYS[:3])
def test_equal_words_occur_as_often_as_they_should(key):
    drawn = words(key)
    repeats = COUNT - len(np.unique(drawn))
    expected = COUNT * (COUNT - 1) / 2 / 2**32
    assert abs(repeats - expected) < 5 * np.sqrt(expected)


def test_streams_of_near_keys_are_independent():
    base = words((7, 9), 1 << 16)
    for bit in range(0, 32, 3):
        for key in ((7 ^ 1 << bit, 9), (7, 9 ^ 1 << bit)):
            other = words(key, 1 << 16)
            flipped = np.unpackbits((base ^ other).view(np.uint8)).mean()
            assert abs(flipped - 0.5) * 2 * np.sqrt(32 << 16) < 5
            assert len(np.intersect1d(base, other)) < 20


def test_first_words_of_consecutive_draws_are_uniform():
    state = jnp.asarray(keys.stream_state("a test"))
    first = []
    counters = np.arange(1 << 15, dtype=np.uint32)
    blocks = keys.philox(
        (jnp.asarray(counters), jnp.zeros_like(counters), ZERO, jnp.zeros_like(counters)),
        (state[0], state[1]),
    )
    first = np.asarray(keys.hash_words(jnp.uint32(0), blocks[:2]))
    assert stats.kstest(first / 2.0**32, "uniform").pvalue > 1e-4
    assert stats.kstest((first & 0xFFFF) / 2.0**16, "uniform").pvalue > 1e-4


def test_draw_moves_the_counter_on_with_its_carry():
    state = jnp.array([1, 2, 0xFFFFFFFF, 3], jnp.uint32)
    one, after = keys.draw_source(state)
    other, later = keys.draw_source(after)
    assert after.tolist() == [1, 2, 0, 4]
    assert later.tolist() == [1, 2, 1, 4]
    assert int(one.key[0]) != int(other.key[0])


def test_folds_and_streams_of_one_source_never_meet():
    source = keys.HashSource(_pair((3, 4)))
    found = [source.words((4,), stream) for stream in range(3)]
    found += [source.fold(n).words((4,)) for n in range(3)]
    assert len({tuple(w.tolist()) for w in found}) == 6


def test_seed_of_either_width_gives_one_key():
    narrow = keys.seed_key(jnp.array([-5, 7], jnp.int32))
    wide = keys.seed_key(jnp.array([-5, 7], jnp.int64))
    assert [int(w) for w in narrow] == [int(w) for w in wide]
    assert [int(w) for w in wide] != [int(w) for w in keys.seed_key(jnp.array([7, -5]))]


def test_element_keys_depend_on_all_three():
    pipeline = jnp.array([5, 6], jnp.uint32)
    found = {
        tuple(keys.element_key(p, e, i).tolist())
        for p in (pipeline, pipeline + 1)
        for e in (0, 1)
        for i in (0, 1, 1 << 33)
    }
    assert len(found) == 12
