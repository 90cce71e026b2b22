"""Roots and reciprocals: gradients where the slope is infinite."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf


def _gradient(function, x, seed):
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return tape.gradient(y, x, output_gradients=tf.constant(seed)).numpy().tolist()


ROOTS = {
    "sqrt": tf.sqrt,
    "rsqrt": tf.math.rsqrt,
    "reciprocal": tf.math.reciprocal,
    "norm": lambda x: tf.norm(x[:, None], axis=1),
    "reduce_euclidean_norm": lambda x: tf.math.reduce_euclidean_norm(x[:, None], 1),
    "reduce_std": lambda x: tf.math.reduce_std(tf.stack([x, x], 1), 1),
}


@pytest.mark.parametrize("name", ROOTS)
def test_no_cotangent_gives_no_gradient_where_the_slope_is_infinite(name):
    assert _gradient(ROOTS[name], [0.0, 4.0], [0.0, 0.0]) == [0.0, 0.0]


def test_a_cotangent_meets_the_infinite_slope():
    assert _gradient(tf.sqrt, [0.0, 4.0], [1.0, 1.0]) == [np.inf, 0.25]


def test_root_behind_a_where_in_first_and_second_order():
    x = tf.constant([0.0, 4.0])
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = tf.where(x > 0.0, tf.sqrt(x), x)
        first = inner.gradient(y, x)
    assert first.numpy().tolist() == [1.0, 0.25]
    assert outer.gradient(first, x).numpy().tolist() == [0.0, -0.03125]


def test_a_weight_of_zero_has_a_mixed_derivative():
    x, w = tf.constant(4.0), tf.constant(0.0)
    with tf.GradientTape() as outer:
        outer.watch(w)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = w * tf.sqrt(x)
        slope = inner.gradient(y, x)
    assert float(outer.gradient(slope, w)) == 0.25
