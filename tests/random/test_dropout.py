"""Dropout: rates, scale, noise shapes, gradients, errors."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.symbolic import KerasTensor, evaluate


@pytest.fixture(autouse=True)
def _seeded():
    tf.random.set_seed(3)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_share_and_scale(rate, dtype):
    y = tf.nn.dropout(tf.ones((40_000,), dtype), rate)
    assert y.dtype == dtype
    values = np.asarray(y, np.float64)
    assert abs((values == 0).mean() - rate) < 5 * np.sqrt(rate * (1 - rate) / 40_000)
    kept = values[values != 0]
    np.testing.assert_allclose(kept, 1 / (1 - rate), rtol=1e-2 if "16" in dtype else 1e-6)


def test_rate_zero_changes_nothing():
    x = tf.constant([1.0, np.nan])
    assert tf.nn.dropout(x, 0.0) is x
    assert tf.nn.dropout([1.0, 2.0], 0).numpy().tolist() == [1.0, 2.0]


def test_rate_may_be_a_tensor():
    assert set(tf.nn.dropout(tf.ones((99,)), tf.constant(0.5)).numpy().tolist()) == {0.0, 2.0}
    # Looked up: TensorFlow checks the range of Python numbers only.
    assert not tf.nn.dropout(tf.ones((4,)), tf.constant(1.0)).numpy().any()
    rate = tf.Variable(0.25)
    found = sorted(set(tf.nn.dropout(tf.ones((99,)), rate).numpy().tolist()))
    np.testing.assert_allclose(found, [0.0, 4 / 3], rtol=1e-6)


def test_dropped_values_are_zero_whatever_they_were():
    y = tf.nn.dropout(tf.fill((999,), np.nan), 0.5).numpy()
    assert (y == 0).any()
    assert np.isnan(y).any()


@pytest.mark.parametrize("noise", [[8, 1, 5], [8, 1, None], (None, 1, None)])
def test_noise_shape_drops_slices_together(noise):
    y = tf.nn.dropout(tf.ones((8, 4, 5)), 0.5, noise_shape=noise).numpy()
    assert (y == y[:, :1]).all()
    assert 0 < (y == 0).mean() < 1


def test_gradient_passes_where_values_were_kept():
    x = tf.constant(np.linspace(1, 2, 60).reshape(12, 5).astype(np.float32))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.nn.dropout(x, 0.4, noise_shape=[12, 1])
        loss = tf.reduce_sum(y * y)
    scale = np.where(y.numpy() != 0, 1 / 0.6, 0)
    np.testing.assert_allclose(tape.gradient(loss, x), 2 * y.numpy() * scale, rtol=1e-5)


def test_gradient_in_a_compiled_function_uses_the_same_mask():
    @tf.function
    def step(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.nn.dropout(x, 0.5)
        return y, tape.gradient(y, x)

    for _ in range(3):
        y, g = step(tf.ones((50,)))
        assert y.numpy().tolist() == g.numpy().tolist()


def test_compiled_function_drops_anew_each_call():
    drop = tf.function(lambda x: tf.nn.dropout(x, 0.5))
    x = tf.ones((100,))
    assert (drop(x).numpy() != drop(x).numpy()).any()


def test_symbolic_dropout_drops_anew_each_run():
    x = KerasTensor((None, 50))
    y = tf.nn.dropout(x, 0.5)
    assert y.shape == (None, 50)
    one, other = (evaluate(y, {x.ref(): tf.ones((2, 50))}).numpy() for _ in range(2))
    assert (one != other).any()


def test_general_dropout_uses_the_callers_numbers():
    asked = []

    def sampler(shape, dtype):
        asked.append((tuple(shape), dtype))
        return tf.constant([0.1, 0.5, 0.9, 0.4])

    y = tf.nn.experimental.general_dropout(tf.ones((4,), tf.float16), 0.5, sampler)
    assert y.numpy().tolist() == [0.0, 2.0, 2.0, 0.0]
    assert asked == [((4,), tf.float32)]


@pytest.mark.parametrize("alg", [None, "philox", "threefry", "auto_select"])
def test_stateless_dropout_repeats(alg):
    drop = tf.nn.experimental.stateless_dropout
    one, other = (drop(tf.ones((99,)), 0.5, [1, 2], alg).numpy() for _ in range(2))
    assert (one == other).all()
    assert (one != drop(tf.ones((99,)), 0.5, [1, 3], alg).numpy()).any()


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda d: d(tf.ones(3), 1), "rate in [0, 1), got 1"),
        (lambda d: d(tf.ones(3), -0.1), "rate in [0, 1), got -0.1"),
        (lambda d: d(tf.ones(3), float("nan")), "rate in [0, 1), got nan"),
        (lambda d: d(tf.ones(3), "a"), "rate as a number"),
        (lambda d: d(tf.ones(3), tf.constant([0.5, 0.5])), "got float32 of shape (2,)"),
        (lambda d: d(tf.ones(3), tf.constant(0.5, tf.float64)), "x's dtype float32, got float64"),
        (lambda d: d(tf.ones(3, tf.int32), 0.5), "x of a floating dtype"),
        (lambda d: d(tf.ones((2, 3)), 0.5, noise_shape=[3, 1]), "noise_shape with 1 or the size"),
        (lambda d: d(tf.ones((2, 3)), 0.5, noise_shape=[1]), "noise_shape with 1 or the size"),
    ],
)
def test_errors(call, text):
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        call(tf.nn.dropout)
    assert text in str(caught.value)
