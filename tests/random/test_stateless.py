"""Stateless draws and seeds: laws, algorithms, errors; that they repeat is in the contracts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jax import numpy as jnp
from scipy import stats

import thalweg as tf
from thalweg._src.random import samplers

N = 40_000
SEED = [3, 5]


def follows(drawn, law):
    return stats.kstest(np.asarray(drawn, np.float64).ravel(), law.cdf).pvalue > 1e-3


@pytest.mark.parametrize(
    "alg", ["auto_select", "philox", "threefry", 1, tf.random.Algorithm.PHILOX]
)
def test_laws_under_each_algorithm(alg):
    r = tf.random
    assert follows(r.stateless_normal((N,), SEED, alg=alg), stats.norm)
    assert follows(r.stateless_uniform((N,), SEED, alg=alg), stats.uniform)
    assert follows(r.stateless_truncated_normal((N,), SEED, alg=alg), stats.truncnorm(-2, 2))
    ints = r.stateless_uniform((N,), SEED, 0, 6, tf.int32, alg=alg).numpy()
    assert stats.chisquare(np.bincount(ints)).pvalue > 1e-3
    order = r.experimental.stateless_shuffle(np.arange(50), SEED, alg=alg).numpy()
    assert sorted(order) == list(range(50))
    assert order.tolist() != list(range(50))


def test_algorithms_differ():
    one, other, third = (
        tf.random.stateless_uniform((4,), SEED, alg=a).numpy().tolist()
        for a in ("auto_select", "philox", "threefry")
    )
    assert one != other
    assert other != third
    assert one != third


@pytest.mark.parametrize(("count", "chance"), [(5.0, 0.3), (200.0, 0.6), (1000.0, 0.001)])
def test_binomial(count, chance):
    drawn = tf.random.stateless_binomial((N,), SEED, count, chance).numpy()
    values = np.unique(drawn)
    expected = N * stats.binom(count, chance).pmf(values)
    kept = expected > 5
    observed = np.array([(drawn == v).sum() for v in values])
    statistic = ((observed - expected)[kept] ** 2 / expected[kept]).sum()
    assert stats.chi2.sf(statistic, kept.sum()) > 1e-3


@pytest.mark.parametrize(
    ("low", "high"), [(-1.0, 2.0), (9.0, 10.0), (-40.0, -30.0), (0.5, np.inf), (-0.01, 0.01)]
)
def test_truncation_anywhere(low, high):
    draw = tf.random.stateless_parameterized_truncated_normal
    drawn = draw([N], SEED, np.float64(1.0), 2.0, 1.0 + 2 * low, 1.0 + 2 * high).numpy()
    standard = (drawn - 1.0) / 2.0
    assert standard.min() >= low - 1e-12
    assert standard.max() <= high + 1e-12
    if abs(low) < 20:
        assert follows(standard, stats.truncnorm(low, high))


def test_truncation_of_invalid_parameters_gives_nan():
    draw = tf.random.stateless_parameterized_truncated_normal
    assert np.isnan(draw([2], SEED, 0.0, 1.0, 2.0, 1.0)).all()
    assert np.isnan(draw([2], SEED, 0.0, -1.0, 1.0, 2.0)).all()


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1))
@settings(max_examples=60, deadline=None)
def test_scaling_of_words_is_exact(low, high, span):
    got = samplers._scaled((jnp.uint32(low), jnp.uint32(high)), jnp.uint64(span))
    assert int(got) == (high << 32 | low) * span >> 64


def test_split_and_fold_in_make_new_seeds():
    made = {tuple(s) for s in tf.random.split(SEED, 1000).numpy().tolist()}
    folded = {tuple(tf.random.fold_in(SEED, n).numpy().tolist()) for n in range(20)}
    assert len(made) == 1000
    assert len(folded) == 20
    assert not made & folded
    assert tuple(SEED) not in made | folded
    assert tf.random.split(tf.constant(SEED, tf.int64)).dtype == tf.int64
    # Looked up in TensorFlow: the dtype is that of the data.
    assert tf.random.fold_in(tf.constant(SEED, tf.int64), 3).dtype == tf.int32
    assert tf.random.fold_in(SEED, tf.constant(3, tf.int64)).dtype == tf.int64
    assert tf.random.split(SEED, 0).shape == (0, 2)


def test_draws_of_split_seeds_are_independent():
    one, other = tf.random.split(SEED)
    a, b = (tf.random.stateless_normal((N,), s).numpy() for s in (one, other))
    assert abs(np.corrcoef(a, b)[0, 1]) * np.sqrt(N) < 4.5


@given(st.integers(0, 300), st.integers(-(2**31), 2**31 - 1))
@settings(max_examples=25, deadline=None)
def test_index_shuffle_is_a_permutation(most, seed):
    index = np.arange(301, dtype=np.int32)[: most + 1]
    found = tf.random.experimental.index_shuffle(index, [seed, 1], most).numpy()
    assert sorted(found.tolist()) == index.tolist()


def test_index_shuffle_looks_random():
    index = np.arange(10_000, dtype=np.int64)
    found = tf.random.experimental.index_shuffle(index, [1, 2], 9_999).numpy()
    assert abs(np.corrcoef(index, found)[0, 1]) < 0.05
    assert abs(np.corrcoef(found[:-1], found[1:])[0, 1]) < 0.05
    other = tf.random_index_shuffle(index, [1, 2, 3], 9_999).numpy()
    assert (other != found).mean() > 0.99
    assert int(tf.random.experimental.index_shuffle(2**31, [1, 2], 2**32 - 1)) < 2**32


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda r: r.stateless_normal([2], seed=1), "seed as two integers"),
        (lambda r: r.stateless_normal([2], seed=[1, 2, 3]), "got int32 of shape (3,)"),
        (lambda r: r.stateless_normal([2], seed=[1.0, 2.0]), "got float32"),
        (lambda r: r.stateless_uniform([2], tf.constant([1, 2], tf.uint32)), "got uint32"),
        (lambda r: r.stateless_uniform([2], [1, 2], alg="x"), "'philox', 'threefry'"),
        (lambda r: r.stateless_uniform([2], [1, 2], None, 5, tf.int32), "both None"),
        (lambda r: r.stateless_uniform([2], [1, 2], None, None), "both None"),
        (lambda r: r.stateless_uniform([2], [1, 2], dtype=tf.int32), "maxval=None for dtype int32"),
        (
            lambda r: r.stateless_gamma([2], [1, 2], [1.0, 2.0, 3.0]),
            "ends with that of the parameters",
        ),
        (lambda r: r.stateless_poisson([3], [1, 2], [1.0, 2.0]), "ends with"),
        (lambda r: r.stateless_binomial([3], [1, 2], [1.0, 2.0], 0.5), "ends with"),
        (lambda r: r.split([1, 2], -1), "num of 0 or more"),
        (lambda r: r.fold_in([1, 2], [3, 4]), "data as an integer scalar"),
        (lambda r: r.experimental.index_shuffle(9, [1, 2], 7), "from 0 to max_index 7"),
    ],
)
def test_errors(call, text):
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        call(tf.random)
    assert text in str(caught.value)
