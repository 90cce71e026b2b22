"""What is known of values: their specs, and whether a program computes them."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf


@pytest.mark.parametrize(
    ("value", "shape", "dtype"),
    [
        (tf.constant([1.0]), [1], "float32"),
        (np.ones((2, 3)), [2, 3], "float64"),
        (1, [], "int32"),
        ([1, 2], [2], "int32"),
        ("a", [], "string"),
    ],
    ids=["tensor", "array", "number", "list", "text"],
)
def test_specs_of_values(value, shape, dtype):
    assert tf.type_spec_from_value(value) == tf.TensorSpec(shape, dtype)


def test_specs_of_variables_and_inputs_of_models():
    assert tf.type_spec_from_value(tf.Variable([1.0])) == tf.TensorSpec([1])
    symbol = tf.keras.KerasTensor((None, 2), name="x") if hasattr(tf.keras, "KerasTensor") else None
    if symbol is not None:
        assert tf.type_spec_from_value(symbol) == tf.TensorSpec([None, 2], name="x")


@pytest.mark.parametrize(
    "value", [{"a": 1}, None, object(), tf.TensorSpec([1])], ids=lambda v: type(v).__name__
)
def test_what_makes_no_tensor_has_no_spec(value):
    with pytest.raises(TypeError, match="expected a value that makes a tensor, got"):
        tf.type_spec_from_value(value)


def test_tensors_of_programs_are_symbolic():
    seen = []

    @tf.function
    def program(x):
        seen.append(tf.is_symbolic_tensor(x))
        return x

    program(tf.ones(1))
    assert seen
    assert all(seen)
    assert not tf.is_symbolic_tensor(tf.ones(1))
    assert not tf.is_symbolic_tensor(1)
