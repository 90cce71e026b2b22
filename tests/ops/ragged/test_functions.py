"""Functions on ragged tensors against Python's on nested lists."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf

from .test_tensor import DEEP_ROWS, ROWS, deep, ragged


@settings(max_examples=30, deadline=None)
@given(ROWS, ROWS)
def test_concat_is_that_of_lists(one, other):
    assert tf.concat([ragged(one), ragged(other)], 0).to_list() == one + other
    count = min(len(one), len(other))
    one, other = one[:count], other[:count]
    joined = [a + b for a, b in zip(one, other)]
    assert tf.concat([ragged(one), ragged(other)], 1).to_list() == joined
    assert tf.stack([ragged(one), ragged(other)]).to_list() == [one, other]
    pairs = [[a, b] for a, b in zip(one, other)]
    assert tf.ragged.stack([ragged(one), ragged(other)], 1).to_list() == pairs


@settings(max_examples=30, deadline=None)
@given(DEEP_ROWS)
def test_rearranged_as_lists(rows):
    rt = deep(rows)
    assert tf.reverse(rt, [0, 2]).to_list() == [[row[::-1] for row in part] for part in rows[::-1]]
    tiled = [[row * 2 for row in part * 3] for part in rows]
    assert tf.tile(rt, [1, 3, 2]).to_list() == tiled
    assert tf.expand_dims(rt, 1).to_list() == [[part] for part in rows]
    assert tf.squeeze(tf.expand_dims(rt, 2), 2).to_list() == rows


@settings(max_examples=30, deadline=None)
@given(ROWS.filter(len), st.data())
def test_picked_as_from_lists(rows, data):
    rt = ragged(rows)
    numbers = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=5))
    ids = np.array(numbers, np.int64)
    assert tf.gather(rt, ids).to_list() == [rows[i] for i in numbers]
    inner = [data.draw(st.lists(st.integers(0, len(r) - 1), max_size=3)) if r else [] for r in rows]
    picked = [[row[i] for i in places] for row, places in zip(rows, inner)]
    assert tf.gather(rt, ragged(inner), batch_dims=1).to_list() == picked


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_masks_choose_as_comprehensions(rows):
    rt = ragged(rows)
    assert tf.ragged.boolean_mask(rt, rt > 0).to_list() == [[x for x in r if x > 0] for r in rows]
    places = [[i, j] for i, row in enumerate(rows) for j, x in enumerate(row) if x > 0]
    assert tf.where(rt > 0).numpy().tolist() == places


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_partitions_keep_the_order(rows):
    rt = ragged(rows)
    numbers = np.array([len(row) % 3 for row in rows], np.int64)
    expected = [[row for row in rows if len(row) % 3 == k] for k in range(3)]
    assert tf.ragged.stack_dynamic_partitions(rt, numbers, 3).to_list() == expected


def test_matrices_of_a_batch_are_multiplied_in_pairs():
    a = tf.ragged.constant([[[1.0, 2.0]], [[3.0, 4.0], [5.0, 6.0]]], ragged_rank=1)
    b = np.arange(8, dtype=np.float32).reshape(2, 2, 2)
    found = tf.matmul(a, b).to_list()
    for i, part in enumerate(a.to_list()):
        np.testing.assert_allclose(found[i], np.array(part) @ b[i])
    with pytest.raises(tf.errors.InvalidArgumentError, match="fit each other"):
        tf.matmul(a, tf.ones((2, 3, 2)))


def test_dropout_drops_values_and_keeps_rows():
    rt = tf.RaggedTensor.from_row_lengths(tf.ones(1000), [400, 0, 600])
    found = tf.nn.dropout(rt, 0.5, seed=1)
    assert found.row_lengths().numpy().tolist() == [400, 0, 600]
    assert set(found.flat_values.numpy().tolist()) == {0.0, 2.0}


def test_looked_up_rows_have_gradients():
    table = tf.Variable([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    with tf.GradientTape() as tape:
        rows = tf.nn.embedding_lookup(table, tf.ragged.constant([[0, 2], [], [2]]))
        total = tf.reduce_sum(rows)
    assert rows.to_list() == [[[1, 2], [5, 6]], [], [[5, 6]]]
    assert tape.gradient(total, table).numpy().tolist() == [[1, 1], [0, 0], [2, 2]]


def test_assertions_compare_row_by_row():
    rt = tf.ragged.constant([[1, 2], [3]])
    tf.debugging.assert_equal(rt, rt)
    tf.debugging.assert_less(rt, 4)
    with pytest.raises(tf.errors.InvalidArgumentError):
        tf.debugging.assert_greater(rt, tf.constant([[0], [5]]))


def test_shapes_with_lengths_of_rows():
    rt = tf.ragged.constant([[1, 2], [3]])
    shape = tf.shape(rt)
    assert repr(shape) == "<DynamicRaggedShape lengths=[2, (2, 1)] num_row_partitions=1>"
    assert int(shape[0]) == 2
    with pytest.raises(ValueError, match="not uniform"):
        shape[1]
    assert tf.broadcast_to(tf.ragged.constant([[7, 8], [9]]), shape).to_list() == [[7, 8], [9]]
    assert tf.reshape(rt, [3]).numpy().tolist() == [1, 2, 3]
