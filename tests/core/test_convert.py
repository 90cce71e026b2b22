"""From Python and NumPy values to tensors: which dtype they take, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf


@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64", "bfloat16", "float32", "complex64"])
def test_a_bool_is_the_number_0_or_1_for_numeric_dtypes(dtype):
    assert tf.constant(True, dtype).numpy() == 1
    x = tf.cast([2, 3], dtype)
    assert (x + True).dtype == dtype
    np.testing.assert_array_equal((True * x).numpy(), x.numpy())
    np.testing.assert_array_equal(tf.Variable(x).assign([True, False]).numpy(), [1, 0])


def test_a_number_is_no_bool():
    with pytest.raises(TypeError, match="expected a value for dtype bool, got the Python int 1"):
        tf.constant(1, tf.bool)


@pytest.mark.parametrize(
    ("value", "dtype"),
    [([1, True], "int32"), ([1.5, True], "float32"), ([True, False], "bool"), ([[]], "float32")],
    ids=str,
)
def test_lists_with_bools(value, dtype):
    assert tf.constant(value).dtype == dtype


@pytest.mark.parametrize("value", [[True, 1], [[True], [2.0]]], ids=str)
def test_numbers_after_a_bool_are_refused_unless_the_dtype_is_stated(value):
    with pytest.raises(TypeError, match="expected a list of bools or of numbers, got both in"):
        tf.constant(value)
    assert tf.constant(value, tf.float32).dtype == "float32"


def test_shapes_become_vectors_of_sizes():
    for make in (tf.constant, tf.convert_to_tensor):
        np.testing.assert_array_equal(make(tf.TensorShape([2, 3])).numpy(), [2, 3])
        assert make(tf.TensorShape([2, 3])).dtype is tf.int32
        assert make(tf.TensorShape([2**40])).dtype is tf.int64
        assert make(tf.TensorShape([2]), tf.float32).dtype is tf.float32


@pytest.mark.parametrize("shape", [[None, 2], None], ids=str)
def test_unknown_sizes_are_refused(shape):
    with pytest.raises(ValueError, match="expected a shape of known sizes, got"):
        tf.convert_to_tensor(tf.TensorShape(shape))


def test_a_hint_that_does_not_fit_is_let_go():
    assert tf.convert_to_tensor(1.5, dtype_hint=tf.int32).dtype is tf.float32
    assert tf.convert_to_tensor(1, dtype_hint=tf.float64).dtype is tf.float64
    assert tf.convert_to_tensor(np.ones(2), dtype_hint=tf.string).dtype is tf.float64
    assert tf.convert_to_tensor(tf.ones(1), dtype_hint=tf.int32).dtype is tf.float32


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "bool"])
def test_text_is_no_number(dtype):
    with pytest.raises(TypeError, match=f"expected numbers for dtype {dtype}, got an array of"):
        tf.constant(np.array(["1"]), dtype)
    with pytest.raises(TypeError, match="got the Python str '1'"):
        tf.constant("1", dtype)


@pytest.mark.parametrize("where", ["left", "right"])
def test_none_is_refused_as_an_operand(where):
    x = tf.ones(2)
    with pytest.raises(ValueError, match=r"\[add\] expected a tensor for [xy], got None"):
        _ = x + None if where == "right" else None + x
