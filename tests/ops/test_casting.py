"""Casts: values, limits, static twins and errors."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.base import errors

EXTREMES = np.array([300.0, -5.0, np.nan, np.inf, -np.inf, 3e9, 2.9, -2.9, 1e20], np.float32)


@pytest.mark.parametrize(
    "dtype", ["uint8", "int8", "int16", "int32", "uint32", "int64", "uint64", "bool"]
)
def test_host_and_device_casts_agree(dtype):
    on_host = tf.cast(EXTREMES, dtype).numpy()
    on_device = tf.cast(tf.constant(EXTREMES), dtype).numpy()
    assert on_host.dtype == on_device.dtype
    np.testing.assert_array_equal(on_host, on_device)


def test_fractions_are_dropped_and_limits_kept():
    got = tf.cast(EXTREMES, tf.int32).numpy().tolist()
    assert got == [300, -5, 0, 2**31 - 1, -(2**31), 2**31 - 1, 2, -2, 2**31 - 1]


def test_integers_wrap_around():
    assert tf.cast(300, tf.uint8).numpy() == 44
    assert tf.cast(tf.constant(2**40, tf.int64), tf.int32).numpy() == 0


def test_same_dtype_gives_the_tensor_itself():
    x = tf.constant([1.0])
    assert tf.cast(x, tf.float32) is x
    assert tf.cast(x, "float32") is x


def test_numbers_lists_and_bools():
    assert tf.cast(3.7, tf.int32).numpy() == 3
    assert tf.cast([True, False], tf.float32).numpy().tolist() == [1, 0]
    assert tf.cast([0.5, 0.0, float("nan")], tf.bool).numpy().tolist() == [True, False, True]
    assert tf.cast([tf.constant(1.5), 2.5], tf.int32).numpy().tolist() == [1, 2]


def test_complex_numbers_lose_their_imaginary_part():
    assert tf.cast(tf.constant([1 + 2j]), tf.float32).numpy().tolist() == [1]
    assert tf.cast([1.0], tf.complex64).dtype == "complex64"


def test_gradient_flows_between_floats():
    x = tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.cast(x, tf.float64) * 3
    gradient = tape.gradient(y, x)
    assert gradient.dtype == "float32"
    assert gradient.numpy().tolist() == [3, 3]


@pytest.mark.parametrize("x", [["a"], "a"])
def test_strings_are_refused(x):
    with pytest.raises(errors.UnimplementedError, match=r"\[cast\] .* from string to float32"):
        tf.cast(x, tf.float32)
    with pytest.raises(errors.UnimplementedError, match=r"from string to float32"):
        tf.cast(tf.constant(x), tf.float32)
    with pytest.raises(errors.UnimplementedError, match=r"from float32 to string"):
        tf.cast([1.0], tf.string)


@pytest.mark.parametrize(
    ("values", "source", "target", "expected"),
    [
        ([300.0, -5.0, np.inf], "float32", "uint8", [255, 0, 255]),
        ([300, -5], "int32", "int8", [127, -5]),
        ([3e38, 5.0], "float32", "int32", [2147483520, 5]),
        ([-1, 5], "int64", "uint32", [0, 5]),
        ([1e300], "float64", "float32", [float(np.finfo(np.float32).max)]),
        ([2.5], "float32", "float64", [2.5]),
        ([7], "int32", "float16", [7]),
        ([100000], "int32", "float16", [65504]),
    ],
)
def test_saturate_cast(values, source, target, expected):
    x = np.array(values, source)
    for given in (x, tf.constant(x)):
        out = tf.saturate_cast(given, target)
        assert out.dtype == target
        assert out.numpy().tolist() == expected


def test_saturate_cast_of_complex():
    x = tf.constant([1e300 + 1j], tf.complex128)
    assert tf.saturate_cast(x, tf.complex64).numpy().tolist() == [
        float(np.finfo(np.float32).max) + 1j
    ]


def test_bitcast_to_a_wider_dtype():
    x = tf.constant([[1, 2, 3, 4]], tf.uint8)
    assert tf.bitcast(x, tf.float32).shape == (1,)
    with pytest.raises(errors.InvalidArgumentError, match="last dimension of 4"):
        tf.bitcast(tf.constant([[1, 2, 3]], tf.uint8), tf.float32)
    with pytest.raises(TypeError, match="got bool"):
        tf.bitcast(tf.constant([True]), tf.uint8)
