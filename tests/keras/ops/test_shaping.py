"""Shapes of symbolic tensors by rule, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.symbolic import KerasTensor

ops = tf.keras.ops
BATCH = KerasTensor((None, 3))


@pytest.mark.parametrize(
    ("newshape", "shape"),
    [((-1, 13), (None, 13)), ((None, 1, 3), (None, 1, 3)), ((5, 3), (5, 3)), (-1, (None,))],
)
def test_reshape_of_an_unknown_size_is_a_rule(newshape, shape):
    assert ops.reshape(BATCH, newshape).shape == shape


def test_reshape_by_a_size_of_a_symbolic_tensor():
    assert ops.reshape(BATCH, (tf.shape(BATCH)[0], 1, 3)).shape == (None, 1, 3)


def test_reshape_of_known_sizes_is_checked():
    assert ops.reshape(KerasTensor((4, 3)), (-1, 2)).shape == (6, 2)
    with pytest.raises(ValueError, match="12 elements"):
        ops.reshape(KerasTensor((4, 3)), (5, -1))


def test_an_unknown_size_may_be_broadcast():
    assert ops.broadcast_to(BATCH, (7, 3)).shape == (7, 3)
    with pytest.raises(ValueError, match="broadcasts to"):
        ops.broadcast_to(BATCH, (7, 4))


def test_split_of_an_unknown_size():
    assert [t.shape for t in ops.split(BATCH, 7)] == [(None, 3)] * 7


def test_unknown_names_of_parameters():
    with pytest.raises(TypeError):
        ops.reshape(BATCH, shape=(3,))
    assert ops.reshape(x=BATCH, newshape=(-1,)).shape == (None,)


def test_part_beyond_the_probed_size():
    assert ops.get_item(BATCH, 500).shape == (3,)
    with pytest.raises(IndexError):
        ops.get_item(BATCH, (0, 5))
    with pytest.raises(IndexError):
        ops.get_item(tf.ones((2, 3)), 5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ops.expand_dims([1.0], (0, 0)), "once"),
        (lambda: ops.squeeze(tf.ones((2, 1)), 0), "dimension of 1"),
        (lambda: ops.moveaxis(tf.ones((2, 1)), 0, [0, 1]), "as many axes"),
        (lambda: ops.fliplr([1.0]), "rank 2"),
        (lambda: ops.rot90(tf.ones((2, 2)), axes=(0, 0)), "two different axes"),
        (lambda: ops.pad([1.0], 1, mode="mirror"), "mode"),
        (lambda: ops.pad([1.0], 1, mode="edge", constant_values=0), "constant_values"),
        (lambda: ops.pad([1.0], ((1, 1), (1, 1))), "pad_width"),
        (lambda: ops.view(tf.ones((3,)), "float64"), "whole number"),
        (lambda: ops.diag(tf.ones((1, 1, 1))), "vector or a matrix"),
        (lambda: ops.diagonal(tf.ones((2, 2)), axis1=0, axis2=-2), "two different axes"),
        (lambda: ops.concatenate([]), "at least one"),
        (lambda: ops.split(tf.ones((3,)), 2), "divides"),
        (lambda: ops.vsplit(tf.ones((4,)), 2), "rank 2"),
    ],
)
def test_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_diagonal_outside_is_empty():
    assert ops.diagonal(tf.ones((2, 3)), offset=7).shape == (0,)


def test_parts_of_one_tensor_and_mixed_numbers():
    assert ops.stack([1, 2.5]).numpy().tolist() == [1.0, 2.5]
    assert ops.hstack([1.0, tf.constant([2])]).numpy().tolist() == [1.0, 2.0]
    assert ops.concatenate(tf.constant([[1, 2], [3, 4]])).numpy().tolist() == [1, 2, 3, 4]


def test_numbers_of_dimensions_and_elements():
    assert ops.ndim(BATCH) == 2
    assert ops.ndim(3.0) == 0
    assert ops.ndim([[1], [2]]) == 2
    assert int(ops.size(np.ones((2, 3)))) == 6
    assert ops.zeros((ops.size(BATCH), 2)).shape == (None, 2)
