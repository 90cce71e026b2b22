"""Order and distinct values: options, ties, strings, NaN, errors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import thalweg as tf
from thalweg._src.base import errors
from thalweg._src.core import xla
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor

NAN = float("nan")
SMALL = hnp.arrays(np.int32, st.integers(0, 12), elements=st.integers(-3, 3))


def test_nan_goes_last():
    assert tf.sort([3.0, NAN, 2.0]).numpy()[:2].tolist() == [2, 3]
    assert tf.argsort([3.0, NAN, 2.0]).numpy().tolist() == [2, 0, 1]


def test_argsort_keeps_the_order_of_equals():
    assert tf.argsort([3, 1, 3, 1]).numpy().tolist() == [1, 3, 0, 2]
    assert tf.argsort([3, 1, 3, 1], direction="DESCENDING").numpy().tolist() == [0, 2, 1, 3]


def test_sort_errors():
    with pytest.raises(ValueError, match="'ASCENDING' or 'DESCENDING', got 'x'"):
        tf.sort([3, 1], direction="x")
    with pytest.raises(errors.InvalidArgumentError, match="got a scalar"):
        tf.sort(3)
    with pytest.raises(TypeError, match="dtype string"):
        tf.sort(["b", "a"])


def test_searchsorted_sides_and_dtype():
    got = tf.searchsorted([1, 3, 5], [0, 1, 3, 6], side="right", out_type=tf.int64)
    assert got.numpy().tolist() == [0, 1, 2, 3]
    assert got.dtype == "int64"
    assert tf.searchsorted([1, 3, 5], [[2]]).shape == (1, 1)
    with pytest.raises(ValueError, match="side 'left' or 'right'"):
        tf.searchsorted([1], [2], side="x")
    with pytest.raises(ValueError, match=r"\[searchsorted\] expected a sorted_sequence"):
        tf.searchsorted(tf.zeros((2, 3)), tf.zeros((3, 1)))


@settings(max_examples=40, deadline=None)
@given(x=SMALL, y=SMALL)
def test_searchsorted_is_numpys(x, y):
    row = np.sort(x)
    for side in ("left", "right"):
        got = tf.searchsorted(row, y, side=side).numpy()
        np.testing.assert_array_equal(got, np.searchsorted(row, y, side))


@settings(max_examples=60, deadline=None)
@given(x=SMALL)
def test_unique_puts_the_vector_together_again(x):
    y, idx, count = tf.unique_with_counts(x)
    np.testing.assert_array_equal(y.numpy()[idx.numpy()], x)
    assert len(set(y.numpy().tolist())) == y.shape[0]
    np.testing.assert_array_equal(count.numpy(), np.bincount(idx.numpy(), minlength=y.shape[0]))
    assert y.numpy().tolist() == list(dict.fromkeys(x.tolist()))


def test_unique_of_strings_and_nan():
    y, idx = tf.unique(["b", "a", "b"])
    assert y.numpy().tolist() == [b"b", b"a"]
    assert idx.numpy().tolist() == [0, 1, 0]
    assert tf.unique([3.0, NAN, NAN]).idx.numpy().tolist() == [0, 1, 2]
    assert tf.unique([1, 1], out_idx=tf.int64).idx.dtype == "int64"


def test_unique_errors():
    with pytest.raises(ValueError, match=r"\[unique\] expected a tensor of shape \(n,\)"):
        tf.unique([[1]])
    with pytest.raises(TypeError, match="depends on values"):
        xla.jit_whole(lambda a: tf.unique(Tensor(a)).y.array)(np.arange(3))
    with pytest.raises(NotImplementedError, match="depends on values"):
        tf.unique(KerasTensor((3,), "int32"))


def test_permutations():
    assert tf.math.invert_permutation([1, 2, 0]).numpy().tolist() == [2, 0, 1]
    for wrong in ([1, 1, 0], [0, 3], [-1, 0]):
        with pytest.raises(errors.InvalidArgumentError, match="expected each of 0 to"):
            tf.math.invert_permutation(wrong)
    with pytest.raises(TypeError, match="got float32"):
        tf.math.invert_permutation([1.0, 0.0])


def test_order_of_few_elements():
    assert tf.math.is_strictly_increasing([1]).numpy()
    assert tf.math.is_non_decreasing(tf.zeros((0,))).numpy()
    assert tf.math.is_strictly_increasing([[1, 2], [3, 4]]).numpy()
    assert not tf.math.is_strictly_increasing([1, 1]).numpy()
