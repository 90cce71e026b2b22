"""Counts whose length depends on values; histograms of bytes; weights that do not fit."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.symbolic import KerasTensor

ops = tf.keras.ops


@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64"])
def test_counts_are_int32(dtype):
    assert ops.bincount(np.array([1, 1, 3], dtype)).dtype.name == "int32"


@pytest.mark.parametrize(
    ("weights", "dtype"), [("int8", "int32"), ("float16", "float16"), ("uint32", "int64")]
)
def test_sums_of_weights_take_the_common_dtype(weights, dtype):
    assert ops.bincount([1, 1, 3], np.ones(3, weights)).dtype.name == dtype


def test_the_length_of_counts_must_be_known():
    with pytest.raises(TypeError, match=r"\[bincount\].*one_hot"):
        ops.bincount(KerasTensor((None,), "int32"))
    with pytest.raises(TypeError, match=r"\[bincount\].*one_hot"):
        tf.function(ops.bincount, jit_compile=True).get_concrete_function(tf.TensorSpec((2,), tf.int32))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ops.bincount([-1]), "0 or more"),
        (lambda: ops.bincount([[[1]]]), "shape"),
        (lambda: ops.bincount([1, 2], [1.0]), "weights"),
        (lambda: ops.histogram([1.0], bins=0), "bins of 1"),
        (lambda: ops.histogram([1.0], range=(2, 1)), "range"),
        (lambda: ops.average(tf.ones((2, 3)), weights=[1.0, 2.0, 3.0]), "weights"),
        (lambda: ops.average(tf.ones((2, 3)), axis=0, weights=[1.0, 2.0, 3.0]), "weights"),
        (lambda: ops.corrcoef(tf.ones((1, 1, 1))), "variables"),
    ],
)
def test_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_histogram_of_many_bytes():
    x = np.zeros(1000, "uint8")
    counts, edges = ops.histogram(x, bins=2, range=(0, 255))
    assert counts.numpy().tolist() == [1000, 0]
    assert edges.numpy().tolist() == [0.0, 127.5, 255.0]


def test_histogram_of_large_integers_is_exact():
    x = np.array([2**30, 2**30 + 1, 2**30 + 3], "int32")
    counts, _ = ops.histogram(x, bins=3)
    assert counts.numpy().tolist() == np.histogram(x, 3)[0].tolist()


def test_histogram_passes_over_nan_and_what_lies_outside():
    counts, _ = ops.histogram([np.nan, -5.0, 0.5, 1.0, 7.0], bins=2, range=(0.0, 1.0))
    assert counts.numpy().tolist() == [0.0, 2.0]


def test_no_weight_at_all_gives_nan():
    assert np.isnan(ops.average([1.0, 2.0], weights=[0.0, 0.0]).numpy())


def test_unknown_batch_meets_a_known_one():
    assert ops.allclose(KerasTensor((None, 3)), tf.ones((5, 3))).shape == ()
