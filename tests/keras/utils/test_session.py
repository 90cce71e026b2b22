"""`clear_session` and the small questions about dtypes."""

from __future__ import annotations

import numpy as np

import thalweg as tf

B = tf.keras.backend


def test_clear_session_starts_names_again():
    tf.keras.utils.clear_session()
    assert tf.keras.layers.Dense(1).name == "dense"
    assert tf.keras.layers.Dense(1).name == "dense_1"
    tf.keras.backend.clear_session()
    assert tf.keras.layers.Dense(1).name == "dense"


def test_get_uid_counts_from_one():
    B.clear_session()
    assert [B.get_uid("a"), B.get_uid("a"), B.get_uid("b")] == [1, 2, 1]


def test_dtypes():
    assert B.standardize_dtype(None) == "float32"
    assert B.standardize_dtype(np.float64) == "float64"
    assert B.standardize_dtype(tf.int8) == "int8"
    assert B.standardize_dtype(float) == "float32"
    assert B.is_float_dtype("bfloat16")
    assert not B.is_float_dtype("int32")
    assert B.is_int_dtype("uint8")
    assert not B.is_int_dtype("bool")


def test_symbols():
    assert B.is_keras_tensor(tf.keras.Input((2,)))
    assert not B.is_keras_tensor(tf.ones((2,)))
