"""Symbolic tensors in elementwise functions: unknown sizes that broadcast, and values of sizes."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.symbolic import evaluate

ops = tf.keras.ops


def symbol(*shape, dtype="float32"):
    return tf.keras.KerasTensor(shape, dtype)


@pytest.mark.parametrize(
    ("one", "other", "want"),
    [
        ((None, None, 8), (50, 8), (None, 50, 8)),
        ((None, 3), (5, 1), (5, 3)),
        ((None, 3), (1, 3), (None, 3)),
        ((None, 3), (None, 1), (None, 3)),
        ((None,), (7, None), (7, None)),
    ],
    ids=str,
)
def test_an_unknown_size_becomes_the_known_one(one, other, want):
    assert ops.add(symbol(*one), symbol(*other)).shape == want
    assert (symbol(*other) * symbol(*one)).shape == want


def test_arrays_and_conditions_count():
    x = symbol(None, 3)
    assert (x + np.ones((5, 3), np.float32)).shape == (5, 3)
    assert ops.where(symbol(None, 3, dtype="bool"), np.ones((5, 1)), x).shape == (5, 3)
    assert ops.select([x > 0], [tf.ones((5, 3))]).shape == (5, 3)


def test_sizes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="add"):
        symbol(None, 3) + symbol(None, 4)


def test_the_node_keeps_its_arguments():
    x = symbol(None, 3)
    (parent,) = (x + np.ones((5, 3), np.float32)).node.parents
    assert parent is x


def test_what_is_computed_from_sizes_is_a_size():
    x = symbol(None, 4)
    rows = tf.shape(x)[0]
    for size in (rows * 2, 2 * rows, abs(-rows) * 2, ops.maximum(ops.add(rows, rows), 1)):
        result = tf.reshape(x, (size, 2))
        assert result.shape == (None, 2)
        assert evaluate(result, {x.ref(): tf.ones((3, 4))}).shape == (6, 2)


def test_sizes_and_values_give_values():
    x = symbol(None, 4)
    scaled = x * tf.cast(tf.shape(x)[1], "float32") / (tf.shape(x)[0] + 1)
    assert (scaled.shape, scaled.dtype) == ((None, 4), "float32")
    assert evaluate(scaled, {x.ref(): tf.ones((3, 4))}).numpy().tolist() == [[1.0] * 4] * 3
