"""Dtypes: interned, equal to their names and NumPy forms, with TensorFlow's limits."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core import dtypes


@pytest.mark.parametrize("dtype", dtypes.ALL, ids=str)
def test_a_dtype_is_found_by_every_name_it_has(dtype):
    assert dtypes.as_dtype(dtype.name) is dtype
    assert dtypes.as_dtype(dtype) is dtype
    assert dtypes.as_dtype(dtype.numpy_dtype) is dtype
    assert dtypes.as_dtype(dtype.as_datatype_enum) is dtype
    assert dtype == dtype.name
    assert pickle.loads(pickle.dumps(dtype)) is dtype


def test_python_types():
    assert dtypes.as_dtype(float) is tf.float32
    assert dtypes.as_dtype(int) is tf.int32
    assert dtypes.as_dtype(bool) is tf.bool


def test_printing():
    assert repr(tf.float32) == "tf.float32"
    assert str(tf.float32) == "<dtype: 'float32'>"


def test_limits():
    assert tf.int8.min == -128
    assert tf.uint16.max == 65535
    assert tf.float32.max == np.finfo(np.float32).max
    assert dtypes.int4.max == 7
    for dtype in (tf.bool, tf.string, tf.complex64):
        with pytest.raises(TypeError, match="expected a numeric real dtype"):
            _ = dtype.min


def test_ranges_of_intensities():
    assert tf.int8.limits == (0, 127)
    assert tf.float64.limits == (0, 1)
    assert tf.bool.limits == (False, True)
    for dtype in (tf.float16, tf.string, tf.complex64):
        with pytest.raises(ValueError, match=f"got {dtype.name}; it has no range of intensities"):
            _ = dtype.limits


def test_sizes_in_bytes():
    assert [d.size for d in (tf.float32, tf.complex128, tf.bool, tf.string)] == [4, 16, 1, 0]


def test_a_dtype_is_its_only_subtype():
    assert tf.float32.is_subtype_of("float32")
    assert not tf.float32.is_subtype_of(tf.float64)
    assert tf.float32.most_specific_common_supertype([tf.float32]) is tf.float32
    assert tf.float32.most_specific_common_supertype([tf.float32, tf.int32]) is None


def test_an_unknown_name_suggests_the_nearest():
    with pytest.raises(
        TypeError,
        match=r"\[as_dtype\] expected the name of a dtype, got 'flaot32'. Did you mean 'float32'",
    ):
        dtypes.as_dtype("flaot32")
