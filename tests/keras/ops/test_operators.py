"""Operators of symbolic tensors and of Keras' Variables: promotion, both orders, one node each."""

from __future__ import annotations

import operator

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.symbolic import evaluate

VALUES = np.array([[1, 2, 3], [4, 5, 6]], np.int32)
ARITHMETIC = {
    "add": ("add", "int32"),
    "sub": ("subtract", "int32"),
    "mul": ("multiply", "int32"),
    "truediv": ("divide", "float32"),
    "floordiv": ("floor_divide", "int32"),
    "mod": ("mod", "int32"),
    "pow": ("power", "int32"),
    "lt": ("less", "bool"),
    "le": ("less_equal", "bool"),
    "gt": ("greater", "bool"),
    "ge": ("greater_equal", "bool"),
    "eq": ("equal", "bool"),
    "ne": ("not_equal", "bool"),
}
OTHERS = {
    "number": 2,
    "numpy": np.array([2, 1, 2], np.int32),
    "tensor": tf.constant([2, 1, 2]),
    "symbol": None,
}


def symbol(dtype="int32", shape=(None, 3)):
    return tf.keras.KerasTensor(shape, dtype)


def value_of(result, *symbols):
    return evaluate(result, {s.ref(): tf.constant(VALUES, s.dtype) for s in symbols}).numpy()


@pytest.mark.parametrize("name", ARITHMETIC)
@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("reflected", [False, True], ids=["left", "right"])
def test_binary(name, kind, reflected):
    function = getattr(operator, name)
    x = symbol()
    other = symbol() if kind == "symbol" else OTHERS[kind]
    result = function(other, x) if reflected else function(x, other)
    node_name, dtype = ARITHMETIC[name]
    # Python turns 2 < x round.
    turned = {
        "less": "greater",
        "less_equal": "greater_equal",
        "greater": "less",
        "greater_equal": "less_equal",
    }
    assert (result.dtype, result.shape) == (dtype, (None, 3))
    assert result.node.operation in (
        getattr(tf.keras.ops, node_name),
        getattr(tf.keras.ops, turned.get(node_name, node_name)),
    )
    assert all(parent.node is None for parent in result.node.parents)
    known = VALUES if kind == "symbol" else np.asarray(other)
    want = function(known, VALUES) if reflected else function(VALUES, known)
    symbols = (x, other) if kind == "symbol" else (x,)
    np.testing.assert_allclose(value_of(result, *symbols), want, rtol=1e-6)


@pytest.mark.parametrize(
    ("other", "want"),
    [
        (1.5, "float32"),
        (symbol("float16"), "float16"),
        (np.ones(3), "float64"),
        (np.float64(2.0), "float64"),
        (np.float32(2.0), "float32"),
        (tf.ones(3, tf.float16), "float16"),
        (tf.keras.Variable(np.ones(3, np.float32)), "float32"),
        (symbol("bool"), "int32"),
        (symbol("int64"), "int64"),
    ],
    ids=["float", "float16", "numpy", "float64", "scalar", "tensor", "variable", "bool", "int64"],
)
def test_promotion(other, want):
    assert (symbol() + other).dtype == want
    assert (other + symbol()).dtype == want


def test_unary():
    x = symbol()
    for result, want, function in (
        (-x, -VALUES, tf.keras.ops.negative),
        (abs(x), np.abs(VALUES), tf.keras.ops.absolute),
        (round(x), VALUES, tf.keras.ops.round),
        (round(x, -1), np.round(VALUES, -1), tf.keras.ops.round),
        (~x, ~VALUES.astype(bool), tf.keras.ops.logical_not),
    ):
        assert result.node.operation is function
        np.testing.assert_array_equal(value_of(result, x), want)


@pytest.mark.parametrize(
    "other",
    [np.ones((3, 2), np.float16), tf.ones((3, 2), tf.float16)],
    ids=["numpy", "tensor"],
)
def test_matmul(other):
    x = symbol()
    result = x @ other
    assert (result.dtype, result.shape) == ("float16", (None, 2))
    assert result.node.operation is tf.keras.ops.matmul
    np.testing.assert_array_equal(value_of(result, x), VALUES @ np.ones((3, 2)))
    assert (tf.ones((4, 2), tf.int8) @ symbol(shape=(2, None))).dtype == "int32"


def test_bits_of_symbols_are_logical():
    x, y = symbol("bool"), symbol("bool")
    for name in ("and_", "or_", "xor"):
        result = getattr(operator, name)(x, y)
        assert result.dtype == "bool"
        assert result.node.operation is getattr(tf.keras.ops, f"logical_{name.strip('_')}")
    assert (True & x).dtype == (tf.constant([True]) | x).dtype == "bool"


def test_nothing_equals_none_and_words():
    x = symbol()
    assert x != None  # noqa: E711
    assert x != "x"
    with pytest.raises(TypeError, match="unsupported operand"):
        x + None


def test_symbols_stay_hashable():
    x = symbol()
    assert {x: 1}[x] == 1


def test_variables_promote():
    v = tf.keras.Variable(np.array([1, 2, 3], np.int32))
    assert (v + 1.5).dtype.name == "float32"
    assert (v + tf.ones(3)).dtype.name == "float32"
    assert (2.5 - v).numpy().tolist() == [1.5, 0.5, -0.5]
    assert (v / 2).dtype.name == "float32"
    assert (-v).numpy().tolist() == [-1, -2, -3]
    assert (v < 2.5).numpy().tolist() == [True, True, False]
    assert round(v).dtype.name == "int32"
    assert (v & 1).numpy().tolist() == [1, 0, 1]


def test_gradient_flows_through_a_variable():
    v = tf.keras.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(v * v + 3 * v)
    assert tape.gradient(loss, v).numpy().tolist() == [5.0, 7.0]


def test_tensors_do_not_promote():
    with pytest.raises(TypeError, match="int32"):
        tf.ones(3) + tf.ones(3, tf.int32)


def test_symbols_reshape_and_squeeze_themselves():
    x = tf.keras.Input((1, 4), batch_size=3)
    y = tf.keras.Model(x, x.squeeze(1).reshape((2, 6)))
    values = np.arange(12.0, dtype="float32").reshape(3, 1, 4)
    np.testing.assert_array_equal(y(values), values.reshape(2, 6))
    assert (x.sparse, x.ragged, x.ragged_rank, x.row_splits_dtype) == (False, False, None, None)
