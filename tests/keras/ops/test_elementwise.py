"""Elementwise functions at their edges: slopes where formulas break down, refusals, sizes of programs."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

ops = tf.keras.ops
INF, NAN = float("inf"), float("nan")


def slopes(function, *values):
    tensors = [tf.constant(v, tf.float32) for v in values]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        result = function(*tensors)
    return [g.numpy().astype(float).round(4).tolist() for g in tape.gradient(result, tensors)]


@pytest.mark.parametrize(
    ("function", "values", "want"),
    [
        (ops.hypot, ([0.0, 3.0], [0.0, 4.0]), [[0.0, 0.6], [0.0, 0.8]]),
        (ops.logaddexp, ([-INF, -INF, 1e3], [-INF, 0.0, 1e3]), [[0.5, 0.0, 0.5], [0.5, 1.0, 0.5]]),
        (ops.logaddexp2, ([-INF, 1e3], [-INF, 1e3]), [[0.5, 0.5], [0.5, 0.5]]),
        (ops.fmax, ([NAN, 1.0, 2.0], [1.0, NAN, 2.0]), [[0.0, 1.0, 1.0], [1.0, 0.0, 0.0]]),
        (ops.fmin, ([NAN, 1.0, 2.0], [1.0, NAN, 2.0]), [[0.0, 1.0, 1.0], [1.0, 0.0, 0.0]]),
        (ops.maximum, ([1.0, 1.0], [1.0, 3.0]), [[1.0, 0.0], [0.0, 1.0]]),
        (ops.abs, ([0.0, -2.0],), [[0.0, -1.0]]),
        (ops.sinc, ([0.0, 1.0],), [[0.0, -1.0]]),
        (ops.nan_to_num, ([NAN, 1.0, INF],), [[0.0, 1.0, 0.0]]),
        (lambda x: ops.clip(x, 0.0, 1.0), ([-1.0, 0.0, 0.5, 2.0],), [[0.0, 1.0, 1.0, 0.0]]),
        (lambda x: ops.where(x > 0, ops.cbrt(x), x), ([-1.0, 0.0, 8.0],), [[1.0, 1.0, 0.0833]]),
        (lambda x: ops.ldexp(x, [3, -2]), ([1.0, 2.0],), [[8.0, 0.25]]),
        (lambda x: ops.power(x, 2), ([-3.0, 0.0],), [[-6.0, 0.0]]),
    ],
    ids=["hypot", "logaddexp", "logaddexp2", "fmax", "fmin", "maximum", "abs", "sinc", "nan_to_num",
         "clip", "cbrt", "ldexp", "power"],
)  # fmt: skip
def test_slope(function, values, want):
    assert slopes(function, *values) == want


def test_bools_count_as_masks():
    one, other = tf.constant([True, True, False]), tf.constant([True, False, False])
    assert ops.add(one, other).numpy().tolist() == [True, True, False]
    assert ops.multiply(one, other).numpy().tolist() == [True, False, False]
    assert ops.maximum(one, other).numpy().tolist() == [True, True, False]
    assert ops.fmin(one, other).numpy().tolist() == [True, False, False]
    assert ops.greater(one, other).numpy().tolist() == [False, True, False]
    assert ops.bitwise_not(other).numpy().tolist() == [False, True, True]
    assert ops.square(one).dtype.name == "int32"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: ops.clip(tf.constant([1, 2]), 0.0, 1), "integer bounds"),
        (lambda: ops.subtract(True, False), "subtract"),
        (lambda: ops.gcd(1.5, 2), "gcd"),
        (lambda: ops.ldexp(1.0, 0.5), "ldexp"),
        (lambda: ops.select([], []), "as many conditions"),
        (lambda: ops.where([True], 1), "both x1 and x2"),
        (lambda: ops.mod([1, 2], 0), "zero"),
    ],
    ids=["clip", "subtract", "gcd", "ldexp", "select", "where", "mod"],
)
def test_refusals(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_sizes_stay_known_in_programs():
    @tf.function
    def program(x):
        rows = ops.floor_divide(ops.add(ops.multiply(tf.shape(x)[0], 2), 1), 3)
        return tf.zeros((ops.maximum(rows, 1), 3))

    assert program(tf.ones((4, 2))).shape == (3, 3)


def test_variables_are_read_in_their_own_dtype():
    v = tf.keras.Variable([1.0, 2.0], dtype="float16")
    assert ops.multiply(v, 2.0).dtype.name == "float16"
    assert ops.multiply(v, np.ones(2, np.float32)).dtype.name == "float32"


def test_rounding_integers_to_tens_goes_to_even():
    assert ops.round([5, 15, 25, -15, 14], -1).numpy().tolist() == [0, 20, 20, -20, 10]
