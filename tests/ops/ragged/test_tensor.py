"""`RaggedTensor`: what its rows are, however they are given, and what their other forms are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf

NUMBERS = st.integers(-99, 99)
ROWS = st.lists(st.lists(NUMBERS, max_size=5), max_size=6)
DEEP_ROWS = st.lists(st.lists(st.lists(NUMBERS, max_size=3), max_size=3), max_size=4)


def ragged(rows: list) -> tf.RaggedTensor:
    """Ragged tensor of a list of lists of ints, empty ones included."""
    flat = np.array([x for row in rows for x in row], np.int32)
    return tf.RaggedTensor.from_row_lengths(flat, np.array([len(row) for row in rows], np.int64))


def deep(rows: list) -> tf.RaggedTensor:
    """Ragged tensor of lists of lists of lists of ints."""
    inner = ragged([row for part in rows for row in part])
    return tf.RaggedTensor.from_row_lengths(inner, np.array([len(part) for part in rows], np.int64))


@settings(max_examples=50, deadline=None)
@given(ROWS)
def test_every_encoding_gives_the_same_rows(rows):
    rt = ragged(rows)
    made = tf.RaggedTensor
    values = rt.values
    assert rt.to_list() == rows
    assert made.from_row_splits(values, rt.row_splits).to_list() == rows
    assert made.from_row_lengths(values, rt.row_lengths()).to_list() == rows
    assert made.from_row_starts(values, rt.row_starts()).to_list() == rows
    assert made.from_value_rowids(values, rt.value_rowids(), nrows=rt.nrows()).to_list() == rows
    if rows:
        assert made.from_row_limits(values, rt.row_limits()).to_list() == rows


@settings(max_examples=50, deadline=None)
@given(DEEP_ROWS)
def test_nested_encodings_give_the_same_rows(rows):
    rt = deep(rows)
    made, flat = tf.RaggedTensor, rt.flat_values
    nrows = [len(rows), sum(map(len, rows))]
    assert rt.to_list() == rows
    assert made.from_nested_row_splits(flat, rt.nested_row_splits).to_list() == rows
    assert made.from_nested_row_lengths(flat, rt.nested_row_lengths()).to_list() == rows
    found = made.from_nested_value_rowids(flat, rt.nested_value_rowids(), nrows)
    assert found.to_list() == rows


@settings(max_examples=50, deadline=None)
@given(DEEP_ROWS)
def test_dense_and_sparse_forms_keep_the_rows(rows):
    rt = deep(rows)
    dense = rt.to_tensor(-1000)
    assert dense.shape == tuple(rt.bounding_shape().numpy())
    padded = dense.numpy()
    sparse = rt.to_sparse()
    for i, part in enumerate(rows):
        for j, row in enumerate(part):
            assert padded[i, j, : len(row)].tolist() == row
    assert (padded == -1000).sum() == padded.size - len(rt.flat_values)
    assert sparse.shape == dense.shape
    assert padded[tuple(sparse.indices.numpy().T)].tolist() == rt.flat_values.numpy().tolist()


@settings(max_examples=50, deadline=None)
@given(ROWS)
def test_padding_comes_off_again(rows):
    rows = [[x for x in row if x] for row in rows]
    rt = ragged(rows)
    dense = rt.to_tensor()
    assert tf.RaggedTensor.from_tensor(dense, padding=0).to_list() == rows
    assert tf.RaggedTensor.from_tensor(dense, lengths=rt.row_lengths()).to_list() == rows
    assert tf.RaggedTensor.from_sparse(rt.to_sparse()).to_list() == rows


SLICES = st.builds(
    slice,
    st.none() | st.integers(-7, 7),
    st.none() | st.integers(-7, 7),
    st.none() | st.integers(-3, 3).filter(bool),
)


@settings(max_examples=80, deadline=None)
@given(DEEP_ROWS, SLICES, SLICES, SLICES)
def test_slices_are_those_of_lists(rows, first, second, third):
    rt = deep(rows)
    assert rt[first].to_list() == rows[first]
    assert rt[first, second].to_list() == [part[second] for part in rows[first]]
    expected = [[row[third] for row in part[second]] for part in rows[first]]
    assert rt[first, second, third].to_list() == expected
    assert rt[..., third].to_list() == [[row[third] for row in part] for part in rows]


def test_single_rows_and_elements():
    rt = tf.ragged.constant([[[1, 2], [3]], [], [[4, 5, 6]]])
    assert rt[0].to_list() == [[1, 2], [3]]
    assert rt[-1, 0].numpy().tolist() == [4, 5, 6]
    assert rt[2, 0, -1].numpy() == 6
    assert [part.to_list() for part in rt] == rt.to_list()
    with pytest.raises(IndexError, match="Row key 3 out of bounds"):
        rt[3]
    with pytest.raises(ValueError, match="inner ragged dimension"):
        rt[:, 0]


def test_merged_dimensions():
    rt = tf.ragged.constant([[[1, 2], [3]], [], [[4]]])
    assert rt.merge_dims(0, 1).to_list() == [[1, 2], [3], [4]]
    assert rt.merge_dims(1, 2).to_list() == [[1, 2, 3], [], [4]]
    assert rt.merge_dims(0, 2).numpy().tolist() == [1, 2, 3, 4]


def test_uniform_dimensions_are_in_the_shape():
    inner = tf.ragged.constant([[1], [2, 3], [4], []])
    rt = tf.RaggedTensor.from_uniform_row_length(inner, 2)
    assert rt.shape == (2, 2, None)
    assert rt.uniform_row_length.numpy() == 2
    assert rt[:, 1].to_list() == [[2, 3], []]
    assert repr(rt) == "<tf.RaggedTensor [[[1], [2, 3]],\n [[4], []]]>"


@pytest.mark.parametrize(
    ("splits", "message"),
    [
        ([1, 3], "begin with 0"),
        ([0, 2, 1, 3], "decreases"),
        ([0, 5], "as many values"),
        ([], "may not be empty"),
    ],
    ids=str,
)
def test_wrong_splits_are_refused(splits, message):
    with pytest.raises(ValueError, match=message):
        tf.RaggedTensor.from_row_splits([1, 2, 3], splits)


def test_is_no_boolean_no_key_and_no_dense_tensor():
    rt = tf.ragged.constant([[1], [2, 3]])
    with pytest.raises(TypeError, match="boolean"):
        bool(rt)
    with pytest.raises(TypeError, match="unhashable"):
        hash(rt)
    with pytest.raises(ValueError, match="to_tensor"):
        tf.convert_to_tensor(rt)


def test_strings_are_rows_like_numbers():
    rt = tf.ragged.constant([["a", "bc"], [], ["d"]])
    assert repr(rt) == "<tf.RaggedTensor [[b'a', b'bc'], [], [b'd']]>"
    assert rt.to_tensor().numpy().tolist() == [[b"a", b"bc"], [b"", b""], [b"d", b""]]
    assert rt[:, :1].to_list() == [[b"a"], [], [b"d"]]
