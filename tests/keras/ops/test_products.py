"""Products of symbolic tensors whose unknown sizes meet known ones; dtypes of results; refusals."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.symbolic import KerasTensor

ops = tf.keras.ops


@pytest.mark.parametrize(
    ("one", "other", "shape"),
    [
        ((None, None), (3, 4), (None, 4)),
        ((None, None, None), (None, 50, 64), (None, None, 64)),
        ((None, 2, 3), (5, 3, 4), (5, 2, 4)),
        ((None,), (3, 4), (4,)),
        ((None, 3), (None,), (None,)),
    ],
)
def test_unknown_sizes_are_those_that_they_meet(one, other, shape):
    assert ops.matmul(KerasTensor(one), KerasTensor(other)).shape == shape


def test_unknown_sizes_under_letters():
    scores, values = KerasTensor((None, None, None)), KerasTensor((None, 50, 64))
    assert ops.einsum("bij,bjk->bik", scores, values).shape == (None, None, 64)


def test_bytes_do_not_overflow_in_a_product():
    x = np.full((1, 100), 100, "int8")
    assert ops.matmul(x, x.T).numpy().tolist() == [[1_000_000]]
    assert ops.matmul(x[0], x[0]).numpy() == 1_000_000
    assert ops.einsum("ij,kj->ik", x, x).numpy().tolist() == [[1_000_000]]


def test_products_of_bools_are_whether_any_pair_is_true():
    x = np.array([[True, True], [False, False]])
    assert ops.matmul(x, x).numpy().tolist() == [[True, True], [False, False]]
    assert ops.einsum("ij,ij->i", x, x).numpy().tolist() == [True, False]
    assert ops.outer(x[0], x[1]).numpy().tolist() == [[False, False], [False, False]]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ops.matmul(tf.ones((2, 3)), 2.0), ValueError, "rank 1 or more"),
        (lambda: ops.matmul(tf.ones((2, 3)), tf.ones((2, 3))), ValueError, "sizes that fit"),
        (lambda: ops.vdot(tf.ones((3,)), tf.ones((2,))), ValueError, "sizes that fit"),
        (lambda: ops.einsum("ij"), ValueError, "one operand"),
        (lambda: ops.einsum("i->i", [1.0], order=1), TypeError, "keyword"),
        (lambda: ops.cross(tf.ones((4,)), tf.ones((3,))), ValueError, "2 or 3"),
        (lambda: ops.cross([True, False, True], [True, True, True]), TypeError, "dtype"),
        (lambda: ops.correlate([1.0], [[1.0]]), ValueError, "two vectors"),
        (lambda: ops.correlate([1.0], [1.0], mode="all"), ValueError, "mode"),
    ],
)
def test_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_symbolic_products_take_their_arguments_by_keyword():
    x, y = tf.keras.Input((3, 4)), tf.keras.Input((4, 5))
    assert tf.keras.ops.matmul(x1=x, x2=y).shape == (None, 3, 5)
