"""Constants, filled tensors, ranges, one-hot vectors and what is known without values."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.base import errors
from thalweg._src.core import symbolic, xla
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor, is_static

INVALID = errors.InvalidArgumentError


@pytest.mark.parametrize(
    ("args", "dtype", "values"),
    [
        ((5,), "int32", [0, 1, 2, 3, 4]),
        ((1, 5, 2), "int32", [1, 3]),
        ((5, 1, -2), "int32", [5, 3]),
        ((1.0, 5), "float32", [1.0, 2.0, 3.0, 4.0]),
        ((1, 2.5), "float32", [1.0, 2.0]),
        ((np.int64(3),), "int64", [0, 1, 2]),
        ((3000000000, 3000000002), "int64", [3000000000, 3000000001]),
        ((0, 1, 0.3), "float32", [0.0, np.float32(0.3), np.float32(0.6), np.float32(0.90000004)]),
        ((0.0, 0.7, 0.1), "float32", [np.float32(i) * np.float32(0.1) for i in range(7)]),
        ((3, 3), "int32", []),
    ],
)
def test_range(args, dtype, values):
    """Values and dtypes of TensorFlow 2.21."""
    got = tf.range(*args)
    assert got.dtype.name == dtype
    assert got.numpy().tolist() == [v if isinstance(v, int) else float(v) for v in values]


def test_range_dtypes():
    assert tf.range(tf.constant(1, tf.int64), 5).dtype is tf.int64
    assert tf.range(tf.constant(1.0), tf.constant(4)).dtype is tf.float32
    assert tf.range(3, dtype=tf.float16).dtype is tf.float16
    assert tf.range(0, 1, 0.25, dtype=tf.bfloat16).numpy().tolist() == [0.0, 0.25, 0.5, 0.75]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: tf.range(5, 1), "Requires start <= limit when delta > 0: 5/1"),
        (lambda: tf.range(1, 5, -1), "Requires start >= limit when delta < 0: 1/5"),
        (lambda: tf.range(1, 5, 0), "Requires delta != 0"),
        (lambda: tf.range([1, 2]), "expected scalars"),
        (lambda: tf.range(True), "got dtype bool"),
        (lambda: tf.range(0.5, 3.5, dtype=tf.int32), "for dtype int32"),
        (lambda: tf.zeros([-1]), "sizes 0 or more"),
        (lambda: tf.zeros([2.0]), "made of integers"),
        (lambda: tf.ones([2], tf.string), "got string"),
        (lambda: tf.fill([2], [1, 2]), r"expected a scalar value, got shape \(2,\)"),
        (lambda: tf.fill([-1], 1), "sizes 0 or more"),
        (lambda: tf.eye(-1), "sizes 0 or more"),
        (lambda: tf.linspace(0.0, 1.0, -1), "num >= 0"),
        (lambda: tf.one_hot([0], -1), "depth must be non-negative"),
        (lambda: tf.one_hot([0.5], 2), "int or uint dtype"),
        (lambda: tf.one_hot([0, 1], 3, axis=-2), "expected an axis of -1 or from 0 to 1"),
        (lambda: tf.one_hot([0], 2, on_value=1, off_value=0.5), "for dtype int32"),
        (
            lambda: tf.one_hot([0], 2, tf.constant(1.0), dtype=tf.int32),
            "does not match dtype int32",
        ),
        (lambda: tf.constant([1, 2, 3], shape=(2, 2)), "expected 4 values"),
        (lambda: tf.ensure_shape(tf.zeros((2, 3)), [2, 4]), "not compatible with expected shape"),
        (lambda: tf.broadcast_dynamic_shape([2], [3]), r"Incompatible shapes: \[2\] vs. \[3\]"),
        (lambda: tf.meshgrid([1], indexing="zz"), "either 'xy' or 'ij'"),
    ],
)
def test_errors(call, text):
    with pytest.raises(INVALID, match=text):
        call()


def test_filled_tensors():
    assert tf.zeros(3).shape == (3,)
    assert tf.zeros([2], tf.string).numpy().tolist() == [b"", b""]
    assert tf.zeros_like(tf.constant(["a"])).numpy().tolist() == [b""]
    assert tf.ones([2], tf.bool).numpy().tolist() == [True, True]
    assert tf.ones_like([1, 2], dtype="float64").dtype is tf.float64
    assert tf.fill([2], "a").numpy().tolist() == [b"a", b"a"]
    assert tf.fill(2, 3000000000).dtype is tf.int64
    assert tf.zeros(tf.constant([2, 3])).shape == (2, 3)
    assert tf.zeros((tf.constant(2), 3)).shape == (2, 3)
    assert tf.eye(2, dtype=tf.bool).dtype is tf.bool
    assert tf.constant([5], shape=(2, 2)).numpy().tolist() == [[5, 5], [5, 5]]
    assert tf.constant([], shape=(0, 2)).shape == (0, 2)


def test_new_shapes_compile_nothing_eagerly():
    with xla.jax.log_compiles(False), xla.jax.checking_leaks():
        counts = []
        for make in (tf.zeros, tf.ones, tf.range, tf.eye, lambda n: tf.fill([n], 1.5)):
            before = len(make(7).shape)
            counts.append(before)
    assert counts == [1, 1, 1, 2, 1]


def test_linspace():
    """Values of TensorFlow 2.21."""
    assert tf.linspace(0, 10, 5).dtype is tf.float64
    assert tf.linspace(2.0, 5.0, 1).numpy().tolist() == [2.0]
    assert tf.linspace(2.0, 5.0, 0).shape == (0,)
    got = tf.linspace([0.0, 1.0], [1.0, 5.0], 3, axis=-1)
    assert got.numpy().tolist() == [[0.0, 0.5, 1.0], [1.0, 3.0, 5.0]]
    assert tf.linspace(0.0, [1.0, 5.0], 3).shape == (3, 2)
    assert tf.linspace(tf.constant(0.0, tf.float64), 1.0, 3).dtype is tf.float64
    assert tf.linspace(0.0, 0.1, 7).numpy()[-1] == np.float32(0.1)


def test_one_hot_values():
    assert tf.one_hot([0], 2, on_value=5).dtype is tf.int32
    assert tf.one_hot([0], 2, on_value=5, dtype=tf.float32).numpy().tolist() == [[5.0, 0.0]]
    assert tf.one_hot([0], 2, "on", "off").numpy().tolist() == [[b"on", b"off"]]
    assert tf.one_hot([0], 2, True, False).dtype is tf.bool
    assert tf.one_hot(tf.constant([1], tf.uint8), tf.constant(2)).numpy().tolist() == [[0.0, 1.0]]
    x = KerasTensor((None,), "int32")
    assert tf.one_hot(x, 4).shape == (None, 4)
    assert tf.one_hot(x, tf.shape(x)[0]).shape == (None, None)


def test_meshgrid_results_are_a_list():
    assert tf.meshgrid() == []
    assert [t.numpy().tolist() for t in tf.meshgrid([[1, 2]], 3)] == [[[1, 2]], [[3, 3]]]
    (one,) = tf.meshgrid([1, 2])
    assert one.numpy().tolist() == [1, 2]
    with pytest.raises(TypeError, match="'foo' is an invalid keyword"):
        tf.meshgrid([1], foo=1)


def test_ranges_of_a_program_are_static_while_short():
    def program(x):
        assert is_static(tf.range(tf.shape(Tensor(x))[0]))
        assert not is_static(tf.range(5000))
        return tf.zeros(tf.range(1, 3)).array, tf.range(5000).array

    small, long = xla.jit_whole(program)(np.zeros((2, 2)))
    assert small.shape == (1, 2)
    assert np.array_equal(long, np.arange(5000))


def test_ranges_and_fills_of_symbols():
    x = KerasTensor((None, 3))
    n = tf.shape(x)[0]
    for made in (tf.range(n), tf.zeros(n), tf.fill([n], 2.0), tf.eye(n)[0], tf.ones((n,))):
        assert made.shape == (None,)
    got = symbolic.evaluate(tf.range(n) * 2, {x.ref(): tf.ones((4, 3))})
    assert got.numpy().tolist() == [0, 2, 4, 6]


def test_what_is_known_without_values():
    x = tf.zeros((2, 3))
    assert tf.size(x, tf.int64).dtype is tf.int64
    assert [s.numpy().tolist() for s in tf.shape_n([x, x[0]])] == [[2, 3], [3]]
    assert tf.get_static_value(tf.constant([1, 2])).tolist() == [1, 2]
    assert tf.get_static_value(3) == 3
    assert tf.get_static_value(KerasTensor((2,))) is None
    assert tf.get_static_value(tf.shape(KerasTensor((2, 3)))).tolist() == [2, 3]
    assert tf.get_static_value(tf.shape(KerasTensor((None, 3)))) is None
    xla.jit_whole(lambda a: [] if tf.get_static_value(Tensor(a)) is None else 1 / 0)(1.0)
    found = [tf.is_tensor(v) for v in (x, tf.Variable(1), KerasTensor((2,)), 1, np.ones(2), [x])]
    assert found == [True, True, True, False, False, False]


def test_static_broadcasting():
    """Values of TensorFlow 2.21."""
    static = tf.broadcast_static_shape
    assert static(tf.TensorShape([None, 1]), tf.TensorShape([3])).as_list() == [None, 3]
    assert static(tf.TensorShape([None, 2]), tf.TensorShape([1, None])).as_list() == [None, 2]
    assert static(tf.TensorShape(None), tf.TensorShape([3])).rank is None
    with pytest.raises(ValueError, match="Incompatible shapes for broadcasting"):
        static(tf.TensorShape([2]), tf.TensorShape([3]))
    assert tf.broadcast_dynamic_shape(tf.TensorShape([2, 1]), tf.TensorShape([3])).dtype is tf.int32
    x = KerasTensor((None, 1))
    shape = tf.broadcast_dynamic_shape(tf.shape(x), [4])
    assert tf.zeros(shape).shape == (None, 4)


def test_ensure_shape_tells_models_more():
    assert tf.ensure_shape(KerasTensor((None, None)), [5, None]).shape == (5, None)
    assert tf.ensure_shape(tf.zeros((2, 3)), None).shape == (2, 3)


def test_identity():
    v = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        y = tf.identity(v) * 3.0
    assert tape.gradient(y, v).numpy().tolist() == [3.0, 3.0]
    assert [t.dtype.name for t in tf.identity_n([1, 2.0])] == ["int32", "float32"]
    assert tf.identity(np.array([1.5])).dtype is tf.float64
    assert tf.identity(["a"]).numpy().tolist() == [b"a"]
