"""Reductions of no elements, of complex numbers and of 16 bits; axes that are refused."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

ops = tf.keras.ops


@pytest.mark.parametrize(
    "name", ["max", "min", "amax", "amin", "ptp", "nanmax", "median", "argmax"]
)
def test_nothing_has_no_extreme(name):
    with pytest.raises(ValueError, match="at least one element"):
        getattr(ops, name)(tf.zeros((2, 0)), axis=1)


def test_empty_result_of_a_full_axis():
    assert ops.max(tf.zeros((0, 3)), axis=1).shape == (0,)


@pytest.mark.parametrize(
    "name", ["sum", "mean", "max", "all", "median", "cumsum", "argmax", "average"]
)
def test_axis_out_of_range(name):
    with pytest.raises(ValueError, match="axis from -2 to 1"):
        getattr(ops, name)(tf.ones((2, 3)), axis=2)


def test_variance_of_complex_numbers_is_real():
    x = np.array([[1 + 2j, 3.0, -1j]], "complex64")
    np.testing.assert_allclose(ops.var(x, axis=1).numpy(), np.var(x, axis=1), rtol=1e-6)


def test_mean_of_halves_does_not_overflow():
    x = tf.fill((1000,), tf.constant(6e4, tf.float16))
    assert float(ops.mean(x)) == float(ops.nanmean(x)) == float(ops.average(x)) == 60000.0


def test_gradient_passes_over_nan():
    x = tf.constant([[1.0, np.nan, 3.0]])
    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = ops.nanmean(x) + ops.nanmax(x)
    assert tape.gradient(loss, x).numpy().tolist() == [[0.5, 0.0, 1.5]]


def test_infinity_is_an_extreme_beside_nan():
    assert ops.nanargmax([np.nan, -np.inf]).numpy() == 1
    assert ops.nanargmin([np.nan, np.inf]).numpy() == 1
    assert ops.nanmax([np.nan, -np.inf]).numpy() == -np.inf


def test_initial_may_be_a_tensor():
    assert ops.max(tf.constant([1, 2]), initial=tf.constant(7.0)).numpy() == 7


@pytest.mark.parametrize("method", ["linear", "lower", "higher", "midpoint", "nearest"])
def test_quantiles_of_few_and_of_many(method):
    rng = np.random.default_rng(0)
    q = np.linspace(0.0, 1.0, 11)
    for size in (1, 2, 10, 11):
        x = rng.normal(size=size)
        got = ops.quantile(x, q.tolist(), method=method)
        np.testing.assert_allclose(got.numpy(), np.quantile(x, q, method=method), rtol=1e-12)


def test_quantile_between_infinities():
    x = [-np.inf, -np.inf, 1.0, np.inf, np.inf]
    assert ops.quantile(x, [0.1, 0.5, 0.9]).numpy().tolist() == [-np.inf, 1.0, np.inf]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ops.quantile([1.0], 1.5), "from 0 to 1"),
        (lambda: ops.percentile([1.0], -1), "from 0 to 100"),
        (lambda: ops.quantile([1.0], 0.5, method="hazen"), "method"),
        (lambda: ops.diff([1.0], n=-1), "0 or more"),
        (lambda: ops.ptp([True, False]), "dtype"),
    ],
)
def test_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
