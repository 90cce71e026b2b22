"""Ragged and sparse tensors as arguments and results of compiled functions, branches and loops."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.base import nest


def rows(*parts):
    return tf.ragged.constant(list(parts), dtype=tf.float32)


def test_values_vary_and_one_program_serves():
    traced = []

    @tf.function
    def doubled(x):
        traced.append(x)
        return x * 2

    assert doubled(rows([1, 2], [3])).to_list() == [[2, 4], [6]]
    assert doubled(rows([5], [6, 7])).to_list() == [[10], [12, 14]]
    assert len(traced) == 1
    assert doubled(rows([5], [6, 7, 8])).to_list() == [[10], [12, 14, 16]]
    assert len(traced) == 2


def test_uniform_lengths_are_part_of_the_signature():
    @tf.function
    def columns(x):
        return x[:, 1]

    inner = tf.ragged.constant([[1], [2, 3], [4], []])
    halves = tf.RaggedTensor.from_uniform_row_length(tf.constant([1, 2, 3, 4]), 2)
    assert columns(halves).numpy().tolist() == [2, 4]
    assert tf.function(lambda x: x * 2)(
        tf.RaggedTensor.from_uniform_row_length(inner, 2)
    ).shape == (2, 2, None)


def test_sparse_tensors_have_a_program_for_each_dense_shape():
    traced = []

    @tf.function
    def kept(x):
        traced.append(x.shape)
        return x.with_values(x.values + 1)

    for shape in ([2, 3], [2, 4], [2, 3]):
        found = kept(tf.SparseTensor([[0, 1], [1, 2]], [1, 2], shape))
        assert found.shape == tuple(shape)
        assert found.values.numpy().tolist() == [2, 3]
        assert found.indices.numpy().tolist() == [[0, 1], [1, 2]]
    assert traced == [(2, 3), (2, 4)]


def test_lengths_that_decide_a_size_are_refused_by_name():
    compiled = tf.function(lambda x: x[:, :1], jit_compile=True)
    with pytest.raises(TypeError, match="lengths of rows"):
        compiled(rows([1, 2], [3]))


def test_signatures_are_checked():
    @tf.function(input_signature=[tf.RaggedTensorSpec([None, None], tf.float32)])
    def total(x):
        return tf.reduce_sum(x, axis=1)

    assert total(rows([1, 2], [3])).numpy().tolist() == [3, 3]
    with pytest.raises(TypeError, match="RaggedTensorSpec"):
        total(tf.ragged.constant([[1, 2], [3]]))
    with pytest.raises(TypeError, match="RaggedTensorSpec"):
        total(tf.constant([[1.0]]))


def test_concrete_functions_take_composites():
    concrete = tf.function(lambda x: x + 1).get_concrete_function(rows([1, 2], [3]))
    assert concrete.structured_input_signature == (
        (tf.RaggedTensorSpec([2, None], tf.float32),),
        {},
    )
    assert len(concrete.inputs) == 2
    assert concrete(rows([4], [5, 6])).to_list() == [[5], [6, 7]]


def test_open_concrete_functions():
    spec = tf.RaggedTensorSpec([None, None], tf.float32)
    concrete = tf.function(lambda x: tf.reduce_sum(x, axis=1)).get_concrete_function(spec)
    assert concrete(rows([4], [5, 6])).numpy().tolist() == [4, 11]
    assert len(nest.flatten(concrete.structured_outputs)) == 1
    spec = tf.SparseTensorSpec([None, 3], tf.float32)
    concrete = tf.function(lambda x: x).get_concrete_function(spec)
    assert concrete(tf.SparseTensor([[0, 1]], [1.0], [2, 3])).shape == (2, 3)


def test_branches_and_loops_carry_composites():
    x = rows([1, 2], [3])

    @tf.function
    def either(x, first):
        return tf.cond(first, lambda: x * 2, lambda: x + 1)

    @tf.function
    def thrice(x):
        return tf.while_loop(lambda i, r: i < 3, lambda i, r: (i + 1, r * 2), [0, x])[1]

    assert either(x, tf.constant(True)).to_list() == [[2, 4], [6]]
    assert either(x, tf.constant(False)).to_list() == [[2, 3], [4]]
    assert thrice(x).to_list() == [[8, 16], [24]]


def test_nested_functions():
    inner = tf.function(lambda x: x * 2)
    outer = tf.function(lambda x: inner(x) + 1)
    assert outer(rows([1, 2], [3])).to_list() == [[3, 5], [7]]


def test_rows_known_while_tracing_stay_so():
    known = tf.ragged.constant([[0, 1, 2], [3]])

    @tf.function(jit_compile=True)
    def cut(x):
        return (known + x)[:, 1:]

    assert cut(tf.constant(10)).to_list() == [[11, 12], []]


def test_gradients_through_a_compiled_function():
    x = rows([1, 2], [3])
    squares = tf.function(lambda x: tf.reduce_sum(x * x, axis=1))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = squares(x)
    np.testing.assert_allclose(tape.gradient(y, x).flat_values, [2, 4, 6])


def test_rows_of_texts_made_inside():
    texts = tf.constant(["a b c", "d"])

    @tf.function
    def lengths(texts):
        parts = tf.strings.split(texts)
        return parts, parts.row_lengths(), tf.reduce_sum(tf.strings.length(parts), axis=1)

    @tf.function
    def ids(texts):
        parts = tf.strings.split(texts)
        return tf.strings.to_hash_bucket_fast(parts, 9).to_tensor(-1, shape=[None, 4])

    for given in (texts, tf.constant(["e", "f g"])):
        parts, counts, totals = lengths(given)
        assert parts.to_list() == tf.strings.split(given).to_list()
        assert counts.numpy().tolist() == [len(row) for row in parts.to_list()]
        assert totals.numpy().tolist() == counts.numpy().tolist()
        expected = tf.strings.to_hash_bucket_fast(tf.strings.split(given), 9)
        assert (
            ids(given).numpy().tolist() == expected.to_tensor(-1, shape=[None, 4]).numpy().tolist()
        )
