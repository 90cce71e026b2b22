"""Elementwise ops on ragged tensors: operands that are divided alike, that broadcast, and that do not fit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

import thalweg as tf

from .test_tensor import DEEP_ROWS, ROWS, deep, ragged


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_operators_are_those_of_numbers(rows):
    rt = ragged(rows)
    assert (rt * rt - 1).to_list() == [[x * x - 1 for x in row] for row in rows]
    assert (3 - rt).to_list() == [[3 - x for x in row] for row in rows]
    assert (rt > 5).to_list() == [[x > 5 for x in row] for row in rows]
    assert tf.abs(rt).to_list() == [[abs(x) for x in row] for row in rows]
    assert (-rt == rt).to_list() == [[-x == x for x in row] for row in rows]


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_columns_are_repeated_along_rows(rows):
    rt = ragged(rows)
    column = np.arange(len(rows), dtype=np.int32)[:, None]
    expected = [[x + i for x in row] for i, row in enumerate(rows)]
    assert (rt + tf.constant(column)).to_list() == expected
    assert (column + rt).to_list() == expected


@settings(max_examples=30, deadline=None)
@given(DEEP_ROWS)
def test_outer_dimensions_are_repeated(rows):
    rt = deep(rows)
    column = np.arange(len(rows), dtype=np.int32)[:, None, None]
    expected = [[[x + i for x in row] for row in part] for i, part in enumerate(rows)]
    assert (rt + tf.constant(column)).to_list() == expected


def test_a_tensor_of_more_dimensions_makes_the_result_deeper():
    rt = tf.ragged.constant([[1, 2], [3]])
    found = rt + tf.constant([[[10]], [[20]]])
    assert found.to_list() == [[[11, 12], [13]], [[21, 22], [23]]]


def test_dense_and_ragged_dimensions_of_equal_sizes_fit():
    dense = tf.RaggedTensor.from_tensor([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
    assert (dense + tf.constant([10, 20])).to_list() == [[[11, 22], [13, 24]], [[15, 26], [17, 28]]]
    both = tf.ragged.constant([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], ragged_rank=1)
    deeper = tf.ragged.constant([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
    assert (both * deeper).to_list() == [[[1, 4], [9, 16]], [[25, 36], [49, 64]]]


@pytest.mark.parametrize(
    "other",
    [[[1, 2], [3, 4]], [[1], [2]], [[1, 2]], [[1, 2, 3], []]],
    ids=["longer row", "rows of one", "one row", "same number of values"],
)
def test_rows_of_other_lengths_are_refused(other):
    rt = tf.ragged.constant([[1, 2], [3]])
    with pytest.raises(tf.errors.InvalidArgumentError, match="broadcasts"):
        rt + tf.ragged.constant(other)


def test_where_takes_rows_from_both():
    rt = tf.ragged.constant([[1, -2], [], [-3]])
    assert tf.where(rt > 0, rt, -rt).to_list() == [[1, 2], [], [3]]
    assert tf.where(rt > 0, rt, 0).to_list() == [[1, 0], [], [0]]


def test_strings_are_mapped():
    rt = tf.ragged.constant([["ab", "c"], ["d"]])
    assert tf.strings.length(rt).to_list() == [[2, 1], [1]]
    assert tf.strings.upper(rt).to_list() == [[b"AB", b"C"], [b"D"]]
    assert tf.strings.join([rt, "x"]).to_list() == [[b"abx", b"cx"], [b"dx"]]


def test_an_op_without_meaning_says_what_to_do():
    with pytest.raises(tf.errors.InvalidArgumentError, match="to_tensor"):
        tf.linalg.cholesky(tf.ragged.constant([[1.0], [2.0, 3.0]]))
