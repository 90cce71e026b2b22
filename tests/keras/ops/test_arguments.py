"""Promotion of dtypes: the whole matrix of `keras.backend.result_type`, and arguments as tensors."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from tests.keras.ops.contracts import recorded
from thalweg._src.keras.ops.arguments import promoted, result_type, tensor_of

PYTHON = {"int": int, "float": float, "bool_": bool, "None": None}
# Keras narrows these; here values keep their width.
WIDE = ("uint64", "complex128")


def test_promotion_is_that_of_keras():
    wrong = []
    for pair, want in recorded("promotion")["promotion"].items():
        got = result_type(*(PYTHON.get(name, name) for name in pair.split()))
        if got != want and not (got in WIDE and (want, got) in (("uint32", WIDE[0]), ("complex64", WIDE[1]))):
            wrong.append(f"{pair}: want {want}, got {got}")
    assert not wrong


@pytest.mark.parametrize(
    ("values", "want"),
    [
        ((), "bool"),
        ((1, 2), "int32"),
        ((1, 2.0), "float32"),
        ((True, 1), "int32"),
        ((np.float64(1.0), 2), "float64"),
        (([1, 2], [1.5]), "float32"),
        (("uint64", "int8", "float16"), "float16"),
        (("int64", "uint64", "int32"), "float32"),
        (("int32", 1, None), "float32"),
    ],
    ids=str,
)
def test_more_than_pairs(values, want):
    assert result_type(*values) == want


def test_default_float_follows_the_setting():
    tf.keras.config.set_floatx("float16")
    try:
        assert result_type("int32", 1.0) == "float16"
        assert result_type("uint64", "int64") == "float16"
        assert tensor_of(1.5).dtype.name == "float16"
    finally:
        tf.keras.config.set_floatx("float32")


def test_python_integers_beyond_the_range_are_refused():
    with pytest.raises(ValueError, match="uint8"):
        promoted(tf.constant([1], "uint8"), 300)
    with pytest.raises(ValueError, match="int32"):
        promoted(2**40, 1)


def test_tensor_of_casts_variables_and_symbols():
    assert tensor_of(tf.keras.Variable([1.0, 2.0]), "int32").dtype.name == "int32"
    assert tensor_of(tf.keras.KerasTensor((None, 2)), "int32").dtype == "int32"
    assert tensor_of(1.7, "int32").numpy() == 1


def test_strings_meet_only_strings():
    assert tf.keras.ops.equal(tf.constant(["a", "b"]), "a").numpy().tolist() == [True, False]
    with pytest.raises(TypeError, match="string"):
        tf.keras.ops.add(tf.constant(["a"]), 1)


def test_tensors_of_one_dtype_are_handed_on():
    x = tf.ones(2)
    assert all(one is x for one in promoted(x, x, least=float))
    assert promoted(tf.constant([1]), least=float)[0].dtype.name == "float32"
    assert promoted(x, least="float64")[0].dtype.name == "float64"
