"""Variables: assignment, parts, scatter updates, errors that leave the value alone."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import thalweg as tf


def test_printing():
    v = tf.Variable([[1.0], [2.0]])
    assert repr(v) == (
        "<tf.Variable 'Variable:0' shape=(2, 1) dtype=float32, numpy=\n"
        "array([[1.],\n       [2.]], dtype=float32)>"
    )
    assert repr(v.assign_add([[1.0], [1.0]])).startswith(
        "<tf.Variable 'UnreadVariable' shape=(2, 1)"
    )
    assert (
        repr(tf.Variable(3.0, name="x")) == "<tf.Variable 'x:0' shape=() dtype=float32, numpy=3.0>"
    )


@pytest.mark.parametrize(
    "value", [2.0, [2.0, 2.0], np.full(2, 2.0), tf.constant([2.0, 2.0])], ids=str
)
def test_assignments_take_numbers_lists_arrays_and_tensors(value):
    v = tf.Variable([1.0, 1.0])
    v.assign_add(value)
    np.testing.assert_array_equal(v.numpy(), [3, 3])
    v.assign_sub(value)
    np.testing.assert_array_equal(v.numpy(), [1, 1])
    if np.ndim(value):
        np.testing.assert_array_equal(v.assign(value).numpy(), [2, 2])


def test_assignment_returns_the_variable():
    v = tf.Variable(1.0)
    chained = v.assign(2.0).assign_add(3.0)
    assert float(v) == 5.0
    v.assign(7.0)
    assert float(chained) == 7.0


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ((0, 0), 9.0),
        (1, [5.0, 6.0]),
        ((slice(None), 1), [7.0, 8.0, 9.0]),
        ((slice(None, None, -2), 0), [1.0, 2.0]),
        (-1, 0.0),
    ],
    ids=str,
)
def test_parts_are_assigned_as_in_numpy(key, value):
    start = np.arange(6, dtype=np.float32).reshape(3, 2)
    v = tf.Variable(start)
    v[key].assign(value)
    start[key] = value
    np.testing.assert_array_equal(v.numpy(), start)


def test_gradients_flow_through_parts():
    v = tf.Variable([1.0, 2.0, 3.0])
    with tf.GradientTape() as tape:
        y = v[0] * v[2]
    np.testing.assert_array_equal(tape.gradient(y, v).numpy(), [3, 0, 1])


def test_assignment_is_not_differentiated():
    x = tf.constant(2.0)
    v = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        v.assign(x * 3.0)
        y = v * 1.0
    assert tape.gradient(y, x) is None


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("scatter_add", [3, 2, 3]),
        ("scatter_sub", [-1, 2, 3]),
        ("scatter_mul", [1, 2, 3]),
        ("scatter_max", [1, 2, 3]),
        ("scatter_min", [1, 2, 3]),
        ("scatter_update", [1, 2, 3]),
    ],
)
def test_scatter(method, expected):
    v = tf.Variable([1.0, 2.0, 3.0])
    getattr(v, method)(tf.IndexedSlices([1.0, 1.0], [0, 0]))
    np.testing.assert_array_equal(v.numpy(), expected)


def test_scatter_nd():
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    v.scatter_nd_update([[1, 0]], [9.0])
    v.scatter_nd_add([[0]], [[1.0, 1.0]])
    np.testing.assert_array_equal(v.numpy(), [[2, 3], [9, 4]])


def test_integer_division_by_rows_truncates_and_keeps_the_dtype():
    v = tf.Variable([7, -7, 60])
    v.scatter_div(tf.IndexedSlices([2, 2, 4, 3], [0, 1, 2, 2]))
    assert v.value().dtype is tf.int32
    np.testing.assert_array_equal(v.numpy(), [3, -3, 5])


def test_a_scalar_serves_all_rows():
    v = tf.Variable([1.0, 2.0, 3.0])
    v.scatter_add(tf.IndexedSlices(1.0, [0, 2]))
    np.testing.assert_array_equal(v.numpy(), [2, 2, 4])


def test_rows_out_of_range_are_dropped_in_programs():
    v = tf.Variable([1.0, 2.0])

    @tf.function
    def act(indices):
        v.scatter_add(tf.IndexedSlices(tf.ones(2), indices))
        v.scatter_nd_add(indices[:, None], tf.ones(2))

    act(tf.constant([-1, 5]))
    np.testing.assert_array_equal(v.numpy(), [1, 2])
    act(tf.constant([0, 2]))
    np.testing.assert_array_equal(v.numpy(), [3, 2])


def test_batch_scatter_update_replaces_rows_of_each_element():
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    v.batch_scatter_update(tf.IndexedSlices([[9.0], [8.0]], [[0], [1]]))
    np.testing.assert_array_equal(v.numpy(), [[9, 2], [3, 8]])


def test_slices_become_dense():
    dense = tf.convert_to_tensor(tf.IndexedSlices([[1.0], [2.0]], [2, 2], [3, 1]))
    np.testing.assert_array_equal(dense.numpy(), [[0], [0], [3]])


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (
            lambda v: v.assign([1.0]),
            ValueError,
            r"\[Variable 'Variable:0' assign\] expected shape \(2,\), got a value of shape \(1,\)",
        ),
        (lambda v: v.assign_add([1.0, 1.0, 1.0]), ValueError, r"\[add\]"),
        (
            lambda v: v.assign(tf.constant([1, 2])),
            TypeError,
            "expected dtype float32, got a tensor of dtype int32",
        ),
        (lambda v: v[0].assign([1.0, 2.0]), ValueError, "setitem"),
        (lambda v: v[5].assign(1.0), IndexError, "out of bounds"),
        (lambda v: v.scatter_add([1.0]), TypeError, "expected tf.IndexedSlices"),
        (
            lambda v: v.scatter_sub(tf.IndexedSlices([1.0], [2])),
            ValueError,
            r"\[Variable.scatter_sub\] expected indices from 0 to 1, got indices\[0\] = 2",
        ),
        (lambda v: v.scatter_max(tf.IndexedSlices([1.0], [-1])), ValueError, "from 0 to 1"),
        (
            lambda v: v.scatter_add(tf.IndexedSlices([1.0, 2.0], [0])),
            ValueError,
            r"expected values of shape \(1,\) for indices of shape \(1,\)",
        ),
        (lambda v: v.scatter_nd_update([[5]], [1.0]), ValueError, "does not index into shape"),
        (lambda v: v.scatter_nd_add([[0]], tf.constant([1])), TypeError, "expected dtype float32"),
        (
            lambda v: v.batch_scatter_update(tf.IndexedSlices([1.0], [5])),
            ValueError,
            "from 0 to 1",
        ),
        (lambda v: hash(v), TypeError, "Variable is unhashable. Instead, use variable.ref"),
    ],
    ids=[
        "shape",
        "add shape",
        "dtype",
        "part shape",
        "index",
        "no slices",
        "row",
        "negative row",
        "row shape",
        "coordinates",
        "coordinates' dtype",
        "row of a batch",
        "hash",
    ],
)
def test_a_refused_assignment_changes_nothing(act, error, message):
    v = tf.Variable([1.0, 2.0])
    with pytest.raises(error, match=message):
        act(v)
    np.testing.assert_array_equal(v.numpy(), [1, 2])


def test_augmented_assignment_is_refused():
    v = tf.Variable(1.0)
    with pytest.raises(RuntimeError, match="assign_add"):
        v += 1.0


def test_a_declared_shape_admits_other_sizes():
    v = tf.Variable([1.0], shape=tf.TensorShape([None]))
    v.assign([1.0, 2.0])
    assert v.shape == tf.TensorShape([None])
    assert v.numpy().shape == (2,)


def test_graph_arguments_are_refused():
    with pytest.raises(NotImplementedError, match="expected caching_device=None"):
        tf.Variable(1.0, caching_device="/cpu:0")


def test_deepcopy_is_independent():
    v = tf.Variable(1.0)
    other = copy.deepcopy(v)
    other.assign(2.0)
    assert float(v) == 1.0


def test_a_copy_is_the_variable_itself():
    v = tf.Variable(1.0)
    assert copy.copy(v) is v


def test_untrainable_variables_are_not_watched():
    v = tf.Variable(1.0, trainable=False)
    with tf.GradientTape() as tape:
        y = v * 2.0
    assert tape.gradient(y, v) is None


def test_module_finds_variables_and_submodules():
    class Inner(tf.Module):
        def __init__(self):
            super().__init__()
            self.w = tf.Variable(1.0)
            self.frozen = tf.Variable(2.0, trainable=False)

    class Outer(tf.Module):
        def __init__(self):
            super().__init__(name="outer")
            self.parts = [Inner(), {"x": Inner()}]
            self.b = tf.Variable(0.0)

    outer = Outer()
    assert len(outer.variables) == 5
    assert len(outer.trainable_variables) == 3
    assert [m.name for m in outer.submodules] == ["inner", "inner"]
    with pytest.raises(ValueError, match="valid Python identifier"):
        tf.Module(name="not a name")
