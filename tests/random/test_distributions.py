"""Stateful draws: laws of the numbers, ranges, dtypes, gradients and errors."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import thalweg as tf
from thalweg._src.core.symbolic import KerasTensor, evaluate

N = 40_000


@pytest.fixture(autouse=True)
def _seeded():
    tf.random.set_seed(11)


def follows(drawn, law):
    """True unless the Kolmogorov-Smirnov test says that the law is another."""
    return stats.kstest(np.asarray(drawn, np.float64).ravel(), law.cdf).pvalue > 1e-3


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_continuous_laws(dtype):
    assert follows(tf.random.normal((N,), dtype=dtype), stats.norm)
    assert follows(tf.random.normal((N,), 3.0, 0.5, dtype=dtype), stats.norm(3.0, 0.5))
    assert follows(tf.random.uniform((N,), dtype=dtype), stats.uniform)
    assert follows(tf.random.uniform((N,), -1.0, 3.0, dtype=dtype), stats.uniform(-1.0, 4.0))
    assert follows(tf.random.truncated_normal((N,), dtype=dtype), stats.truncnorm(-2, 2))
    assert follows(tf.random.gamma((N,), 0.4, dtype=dtype), stats.gamma(0.4))
    assert follows(tf.random.gamma((N,), 1.0, 2.0, dtype=dtype), stats.gamma(1.0, scale=0.5))
    assert follows(tf.random.gamma((N,), 30.0, dtype=dtype), stats.gamma(30.0))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision(dtype):
    drawn = np.asarray(tf.random.normal((N,), dtype=dtype), np.float64)
    assert abs(drawn.mean()) < 0.03
    assert abs(drawn.std() - 1) < 0.03
    uniform = np.asarray(tf.random.uniform((N,), dtype=dtype), np.float64)
    assert uniform.min() == 0.0
    assert uniform.max() < 1.0
    assert abs(np.asarray(tf.random.gamma((N,), 2.0, dtype=dtype), np.float64).mean() - 2) < 0.05


@pytest.mark.parametrize("rate", [0.3, 5.0, 12.0, 200.0])
def test_poisson(rate):
    drawn = tf.random.poisson((N,), rate, dtype=tf.int32).numpy()
    values = np.arange(*np.quantile(drawn, [0.0005, 0.9995]).astype(int))
    observed = np.array([(drawn == v).sum() for v in values])
    expected = N * stats.poisson(rate).pmf(values)
    kept = expected > 5
    statistic = ((observed - expected)[kept] ** 2 / expected[kept]).sum()
    assert stats.chi2.sf(statistic, kept.sum()) > 1e-3


def test_poisson_of_unusual_rates():
    drawn = tf.random.poisson([2], [0.0, -1.0, np.nan, np.inf, 1e10]).numpy()
    assert drawn[:, :2].tolist() == [[0, 0], [0, 0]]
    assert np.isnan(drawn[:, 2]).all()
    assert np.isinf(drawn[:, 3]).all()
    np.testing.assert_allclose(drawn[:, 4], 1e10, rtol=1e-4)


def test_gamma_of_unusual_parameters():
    # Looked up: TensorFlow floors at the smallest normal number and gives NaN below 0.
    drawn = tf.random.gamma([1], [0.0, -1.0, np.inf]).numpy()[0]
    assert drawn[0] == np.finfo(np.float32).tiny
    assert np.isnan(drawn[1])
    assert np.isinf(drawn[2])


def test_categorical():
    shares = np.array([[0.1, 0.2, 0.7], [0.5, 0.0, 0.5]])
    with np.errstate(divide="ignore"):
        logits = np.log(shares).astype(np.float32)
    drawn = tf.random.categorical(logits, N, dtype=tf.int32).numpy()
    for row, share in zip(drawn, shares, strict=True):
        counts = np.bincount(row, minlength=3)
        assert (counts[share == 0] == 0).all()
        assert stats.chisquare(counts[share > 0], N * share[share > 0]).pvalue > 1e-3


def test_categorical_of_many_draws_is_made_in_parts():
    logits = np.zeros((1, 1 << 13), np.float32)
    drawn = tf.random.categorical(logits, (1 << 11) + 1).numpy()
    assert drawn.shape == (1, 2049)
    assert follows((drawn + 0.5) / (1 << 13), stats.uniform)


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "int64", "uint8", "uint32", "uint64"])
def test_integers_reach_both_ends_and_no_further(dtype):
    drawn = tf.random.uniform((2000,), 3, 8, dtype=dtype).numpy()
    assert drawn.dtype == dtype
    assert sorted(set(drawn.tolist())) == [3, 4, 5, 6, 7]
    assert stats.chisquare(np.bincount(drawn.astype(int) - 3)).pvalue > 1e-3


def test_integers_of_wide_ranges():
    info = np.iinfo(np.int64)
    drawn = tf.random.uniform((N,), info.min, info.max, dtype=tf.int64).numpy()
    assert follows(drawn / 2.0**64 + 0.5, stats.uniform)
    info = np.iinfo(np.int32)
    drawn = tf.random.uniform((N,), info.min, info.max, dtype=tf.int32).numpy()
    assert follows(drawn / 2.0**32 + 0.5, stats.uniform)


def test_uniform_never_returns_its_upper_end():
    low = np.float32(1.0)
    high = np.nextafter(low, np.float32(2.0))
    assert (tf.random.uniform((1000,), low, high).numpy() == low).all()


def test_parameters_broadcast_behind_the_shape():
    assert tf.random.gamma([4], [[1.0], [2.0]], [1.0, 2.0, 3.0]).shape == (4, 2, 3)
    assert tf.random.gamma([], 1.0).shape == ()
    assert tf.random.poisson(2, [1.0, 2.0]).shape == (2, 2)
    assert tf.random.normal([3], mean=[[0.0], [1.0]]).shape == (2, 3)


def test_mean_and_spread_have_gradients():
    mean, spread = tf.constant([1.0, 2.0]), tf.constant(3.0)
    with tf.GradientTape() as tape:
        tape.watch([mean, spread])
        drawn = tf.random.normal([4, 2], mean, spread)
        total = tf.reduce_sum(drawn)
    by_mean, by_spread = tape.gradient(total, [mean, spread])
    assert by_mean.numpy().tolist() == [4.0, 4.0]
    np.testing.assert_allclose(by_spread, ((drawn - mean) / spread).numpy().sum(), rtol=1e-5)


def test_gradient_of_gamma_keeps_the_quantile():
    alpha = tf.constant([0.5, 1.0, 2.5, 20.0], tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(alpha)
        drawn = tf.random.gamma([5], alpha, dtype=tf.float64)
    got = tape.jacobian(drawn, alpha).numpy()
    step = 1e-5
    a, x = alpha.numpy(), drawn.numpy()
    slope = (stats.gamma(a + step).cdf(x) - stats.gamma(a - step).cdf(x)) / (2 * step)
    want = -slope / stats.gamma(a).pdf(x)
    np.testing.assert_allclose(np.einsum("ijj->ij", got), want, rtol=1e-3)


def test_shuffle():
    values = tf.range(1000)
    one, other = tf.random.shuffle(values).numpy(), tf.random.shuffle(values).numpy()
    assert sorted(one) == list(range(1000))
    assert (one != other).any()
    rows = tf.random.shuffle([[1, 2], [3, 4], [5, 6]]).numpy()
    assert sorted(rows.tolist()) == [[1, 2], [3, 4], [5, 6]]
    assert tf.random.shuffle(3).numpy() == 3
    assert tf.random.shuffle(tf.zeros((0, 2))).shape == (0, 2)
    assert sorted(tf.random.shuffle(["a", "b"]).numpy().tolist()) == [b"a", b"b"]


def test_each_order_is_as_likely():
    orders = [tuple(tf.random.shuffle([0, 1, 2]).numpy().tolist()) for _ in range(1200)]
    counts = [orders.count(o) for o in set(orders)]
    assert len(counts) == 6
    assert stats.chisquare(counts).pvalue > 1e-3


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: tf.random.normal([2], dtype=tf.int32), "[random.normal] expected dtype float16"),
        (lambda: tf.random.normal([-1]), "sizes 0 or more"),
        (lambda: tf.random.normal([2.0]), "made of integers"),
        (lambda: tf.random.normal(3), "write [3]"),
        (lambda: tf.random.normal([2], mean=tf.constant(1.0, tf.float64)), "mean of dtype float32"),
        (lambda: tf.random.uniform([2], dtype=tf.int32), "expected minval and maxval"),
        (lambda: tf.random.uniform([2], 5, 5, tf.int32), "expected minval < maxval, got 5 >= 5"),
        (lambda: tf.random.uniform([2], maxval=2.5, dtype=tf.int32), "the Python float 2.5"),
        (lambda: tf.random.uniform([2], dtype=tf.bool), "got bool"),
        (lambda: tf.random.gamma([2], 1, dtype=tf.int32), "[random.gamma] expected dtype"),
        (lambda: tf.random.gamma([2], [1.0, 2.0], [1.0, 2.0, 3.0]), "shapes broadcast"),
        (lambda: tf.random.poisson([2], 3.0, dtype=tf.uint8), "[random.poisson] expected dtype"),
        (lambda: tf.random.categorical([0.0, 1.0], 2), "(batch, classes)"),
        (lambda: tf.random.categorical([[0.0, 1.0]], -1), "num_samples of 0 or more"),
        (lambda: tf.random.categorical(tf.zeros((2, 0)), 1), "one class or more"),
        (lambda: tf.random.categorical([[0.0, 1.0]], 2, dtype=tf.float32), "int32 or int64"),
    ],
)
def test_errors(call, text):
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        call()
    assert text in str(caught.value)


def test_a_symbolic_draw_is_made_anew_in_each_run():
    x = KerasTensor((None, 3))
    y = tf.random.normal(tf.shape(x))
    assert y.shape == (None, 3)
    feeds = {x.ref(): tf.zeros((2, 3))}
    one, other = evaluate(y, feeds), evaluate(y, feeds)
    assert one.shape == (2, 3)
    assert (one.numpy() != other.numpy()).any()


def test_long_orders_look_random():
    size, found = 5000, []
    for _ in range(60):
        order = tf.random.shuffle(np.arange(size)).numpy()
        assert (np.sort(order) == np.arange(size)).all()
        found.append(
            ((order == np.arange(size)).sum(), (np.abs(np.diff(order)) == 1).sum(), order[0])
        )
    fixed, neighbours, first = np.array(found).T
    # A random order has one fixed point and two pairs of neighbours on average.
    assert abs(fixed.mean() - 1) < 5 / np.sqrt(60)
    assert abs(neighbours.mean() - 2) < 5 * np.sqrt(2 / 60)
    assert stats.kstest(first / size, "uniform").pvalue > 1e-3
