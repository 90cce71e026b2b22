"""Partitions, distinct values, places and indices, and where their values must be known."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.symbolic import KerasTensor

ops = tf.keras.ops
BATCH = KerasTensor((None, 3))


@pytest.mark.parametrize("kth", [0, 2, -1])
def test_argpartition_puts_one_in_its_place(kth):
    x = np.random.default_rng(0).integers(0, 5, (4, 6))
    places = ops.argpartition(x, kth, axis=1).numpy()
    found = np.take_along_axis(x, places, 1)
    at = kth % 6
    assert (found[:, at] == np.sort(x, 1)[:, at]).all()
    assert (found[:, :at] <= found[:, at : at + 1]).all()
    assert (found[:, at:] >= found[:, at : at + 1]).all()


@pytest.mark.parametrize("call", [ops.unique, ops.nonzero], ids=["unique", "nonzero"])
def test_shapes_that_depend_on_values_must_be_known(call):
    with pytest.raises(TypeError, match="depends on value"):
        tf.function(call, jit_compile=True).get_concrete_function(tf.TensorSpec((2,)))
    with pytest.raises(TypeError, match="depends on value"):
        call(BATCH)


def test_distinct_bools_and_nan():
    assert ops.unique([True, False, True]).numpy().tolist() == [False, True]
    assert ops.unique([True, True], size=2).numpy().tolist() == [True, False]
    assert np.isnan(ops.unique([np.nan, 1.0, np.nan]).numpy()).sum() == 2


def test_distinct_columns_in_the_order_of_appearance():
    values, inverse = ops.unique([[3, 2, 3], [0, 1, 0]], sorted=False, return_inverse=True, axis=1)
    assert values.numpy().tolist() == [[3, 2], [0, 1]]
    assert inverse.numpy().tolist() == [0, 1, 0]


def test_fixed_number_of_distinct_values_in_a_program():
    values, counts = tf.function(lambda x: ops.unique(x, size=3, return_counts=True))(
        tf.constant([5, 5, 7])
    )
    assert values.numpy().tolist() == [5, 7, 0]
    assert counts.numpy().tolist() == [2, 1, 0]


def test_places_of_a_float_tensor():
    (places,) = ops.nonzero(tf.constant([0.0, np.nan, -0.0, 2.0]))
    assert places.numpy().tolist() == [1, 3]


def test_index_out_of_range_is_0_in_a_program():
    picked = tf.function(lambda x, i: ops.take(x, i, axis=0))
    assert picked(tf.constant([1.0, 2.0]), tf.constant([-1, 5])).numpy().tolist() == [2.0, 0.0]
    along = tf.function(lambda x, i: ops.take_along_axis(x, i, axis=0))
    assert along(tf.constant([1.0, 2.0]), tf.constant([-2, 5])).numpy().tolist() == [1.0, 0.0]


def test_index_beyond_the_probed_size():
    assert ops.take(BATCH, [500], axis=0).shape == (1, 3)


def test_unsigned_indices():
    assert ops.take([1, 2, 3], np.array([2, 0], "uint8")).numpy().tolist() == [3, 1]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ops.take([1.0], 1), IndexError, "from -1 to 0"),
        (lambda: ops.take([1.0], [0.0]), TypeError, "int"),
        (lambda: ops.take_along_axis([[1.0]], [0], axis=1), ValueError, "rank 2"),
        (lambda: ops.unravel_index(6, (2, 3)), IndexError, "from -6 to 5"),
        (lambda: ops.argpartition([1.0], 1), ValueError, "kth"),
        (lambda: ops.searchsorted([[1.0]], [1.0]), ValueError, "sorted_sequence"),
        (lambda: ops.searchsorted([1.0], 1.0, side="middle"), ValueError, "side"),
        (lambda: ops.digitize([1.0], [2.0, 1.0]), ValueError, "ascending"),
        (lambda: ops.unique([1, 2], size=2, sorted=False), ValueError, "sorted=True"),
        (lambda: ops.nonzero(1.0), ValueError, "scalar"),
    ],
)
def test_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
