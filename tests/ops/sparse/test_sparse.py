"""Functions of sparse tensors against NumPy's on the dense ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import thalweg as tf

SHAPES = hnp.array_shapes(min_dims=2, max_dims=3, min_side=1, max_side=4)
ARRAYS = hnp.arrays(np.int32, SHAPES, elements=st.integers(-3, 3))


def dense(tensor: tf.SparseTensor) -> np.ndarray:
    """The dense array, without a look at the order of the places."""
    return tf.sparse.to_dense(tensor, validate_indices=False).numpy()


@settings(max_examples=40, deadline=None)
@given(ARRAYS)
def test_there_and_back(array):
    found = tf.sparse.from_dense(array)
    assert len(found.values) == np.count_nonzero(array)
    np.testing.assert_array_equal(tf.sparse.to_dense(found), array)
    np.testing.assert_array_equal(dense(tf.sparse.transpose(found)), array.T)
    np.testing.assert_array_equal(dense(tf.sparse.reshape(found, [-1])), array.reshape(-1))
    np.testing.assert_array_equal(dense(tf.sparse.expand_dims(found, 1)), array[:, None])
    twice = tf.sparse.concat(-1, [found, found])
    np.testing.assert_array_equal(tf.sparse.to_dense(twice), np.concatenate([array, array], -1))


@settings(max_examples=40, deadline=None)
@given(ARRAYS, st.data())
def test_reduced_along_any_axes(array, data):
    tensor = tf.sparse.from_dense(array)
    axes = data.draw(st.lists(st.integers(0, array.ndim - 1), unique=True, min_size=1))
    expected = array.sum(tuple(axes), dtype=np.int32)
    np.testing.assert_array_equal(tf.sparse.reduce_sum(tensor, axes), expected)
    if len(axes) < array.ndim:
        sparse = tf.sparse.reduce_sum(tensor, axes, output_is_sparse=True)
        np.testing.assert_array_equal(dense(sparse), expected)
    kept = tf.sparse.reduce_sum(tensor, axes, keepdims=True)
    np.testing.assert_array_equal(kept, array.sum(tuple(axes), keepdims=True))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_two_tensors(data):
    shape = data.draw(SHAPES)
    pair = hnp.arrays(np.int32, shape, elements=st.integers(-3, 3))
    one, other = data.draw(pair), data.draw(pair)
    a, b = tf.sparse.from_dense(one), tf.sparse.from_dense(other)
    np.testing.assert_array_equal(dense(tf.sparse.add(a, b)), one + other)
    np.testing.assert_array_equal(tf.sparse.add(a, other), one + other)
    np.testing.assert_array_equal(dense(tf.sparse.maximum(a, b)), np.maximum(one, other))
    np.testing.assert_array_equal(dense(tf.sparse.minimum(a, b)), np.minimum(one, other))
    np.testing.assert_array_equal(dense(a * other), one * other)


@settings(max_examples=40, deadline=None)
@given(ARRAYS, st.data())
def test_blocks(array, data):
    tensor = tf.sparse.from_dense(array)
    start = [data.draw(st.integers(0, n)) for n in array.shape]
    size = [data.draw(st.integers(0, n)) for n in array.shape]
    block = array[tuple(slice(a, a + n) for a, n in zip(start, size))]
    np.testing.assert_array_equal(dense(tf.sparse.slice(tensor, start, size)), block)
    count = data.draw(st.integers(1, array.shape[0]))
    parts = tf.sparse.split(tensor, count, axis=0)
    for found, expected in zip(parts, np.array_split(array, count), strict=True):
        np.testing.assert_array_equal(dense(found), expected)


@pytest.mark.parametrize("adjoint_a", [False, True])
@pytest.mark.parametrize("adjoint_b", [False, True])
def test_products_and_their_gradients(adjoint_a, adjoint_b):
    rng = np.random.default_rng(1)
    a = rng.normal(size=(3, 3)).astype(np.float32) * (rng.random((3, 3)) > 0.4)
    b = tf.constant(rng.normal(size=(3, 3)).astype(np.float32))
    sparse = tf.sparse.from_dense(a)
    values = sparse.values
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([values, b])
        made = sparse.with_values(values)
        one = tf.sparse.sparse_dense_matmul(made, b, adjoint_a, adjoint_b)
        other = tf.matmul(tf.sparse.to_dense(made), b, adjoint_a=adjoint_a, adjoint_b=adjoint_b)
        reverse = tf.sparse.sparse_dense_matmul(b, made, adjoint_a, adjoint_b)
        square, expected = one * one, other * other
    np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
    for source in (values, b):
        np.testing.assert_allclose(
            tape.gradient(square, source), tape.gradient(expected, source), rtol=1e-4, atol=1e-5
        )
    dense_product = tf.matmul(b, a, adjoint_a=adjoint_a, adjoint_b=adjoint_b)
    np.testing.assert_allclose(reverse, dense_product, rtol=1e-5, atol=1e-6)


def test_places_that_cannot_be_are_refused():
    with pytest.raises(tf.errors.InvalidArgumentError, match="out of bounds"):
        tf.sparse.to_dense(tf.SparseTensor([[0, 5]], [1], [2, 2]))
    with pytest.raises(tf.errors.InvalidArgumentError, match="repeated"):
        tf.sparse.to_dense(tf.SparseTensor([[0, 1], [0, 1]], [1, 2], [2, 2]))
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"tf\.sparse\.reorder"):
        tf.sparse.to_dense(tf.SparseTensor([[1, 1], [0, 1]], [1, 2], [2, 2]))


def test_an_op_without_meaning_says_what_to_do():
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"tf\.sparse\.to_dense"):
        tf.exp(tf.sparse.eye(2))


def test_compiled_functions_keep_the_number_of_elements():
    @tf.function(jit_compile=True)
    def scores(x, table):
        rows = tf.sparse.sparse_dense_matmul(x, table)
        return tf.sparse.to_dense(tf.sparse.transpose(x)) @ rows

    a = np.array([[0, 2, 0], [1, 0, 3]], np.float32)
    table = np.arange(6, dtype=np.float32).reshape(3, 2)
    np.testing.assert_allclose(scores(tf.sparse.from_dense(a), table), a.T @ (a @ table))


def test_the_gradient_of_a_sparse_source_has_its_places():
    x = tf.SparseTensor([[0, 1], [1, 0]], [2.0, 3.0], [2, 2])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.sparse.reduce_sum(tf.square(x))
    found = tape.gradient(y, x)
    assert found.indices.numpy().tolist() == [[0, 1], [1, 0]]
    assert found.values.numpy().tolist() == [4.0, 6.0]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_sets_are_those_of_python(data):
    rows = data.draw(st.integers(0, 4))
    width = st.integers(1, 4)
    numbers = st.integers(-3, 3)
    one = data.draw(hnp.arrays(np.int32, (rows, data.draw(width)), elements=numbers))
    other = data.draw(hnp.arrays(np.int32, (rows, data.draw(width)), elements=numbers))
    for name in ("intersection", "difference", "union"):
        found = getattr(tf.sets, name)(one, other)
        expected = [sorted(getattr(set(a), name)(b)) for a, b in zip(one.tolist(), other.tolist())]
        values = found.values.numpy().tolist()
        places = found.indices.numpy().tolist()
        assert places == [[i, j] for i, row in enumerate(expected) for j in range(len(row))]
        assert values == [x for row in expected for x in row]
