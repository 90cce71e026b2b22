"""Reductions of ragged tensors against Python's on nested lists."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings

import thalweg as tf

from .test_tensor import DEEP_ROWS, ROWS, deep, ragged


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_rows_are_reduced_as_lists(rows):
    rt = ragged(rows)
    assert tf.reduce_sum(rt, axis=1).numpy().tolist() == [sum(row) for row in rows]
    assert tf.reduce_sum(rt).numpy() == sum(map(sum, rows))
    least = -(2**31)
    assert tf.reduce_max(rt, axis=1).numpy().tolist() == [max(row, default=least) for row in rows]
    assert tf.reduce_any(rt > 0, axis=1).numpy().tolist() == [
        any(x > 0 for x in row) for row in rows
    ]
    assert tf.reduce_all(rt > 0, axis=1).numpy().tolist() == [
        all(x > 0 for x in row) for row in rows
    ]
    width = max(map(len, rows), default=0)
    columns = [sum(row[i] for row in rows if i < len(row)) for i in range(width)]
    assert tf.reduce_sum(rt, axis=0).numpy().tolist() == columns


@settings(max_examples=30, deadline=None)
@given(DEEP_ROWS)
def test_inner_dimensions_are_reduced_as_lists(rows):
    rt = deep(rows)
    assert tf.reduce_sum(rt, axis=2).to_list() == [[sum(row) for row in part] for part in rows]
    together = [sum(sum(row) for row in part) for part in rows]
    assert tf.reduce_sum(rt, axis=[1, 2]).numpy().tolist() == together
    columns = [
        [sum(row[i] for row in part if i < len(row)) for i in range(max(map(len, part), default=0))]
        for part in rows
    ]
    assert tf.reduce_sum(rt, axis=1).to_list() == columns


def test_spread_is_measured_around_the_mean_of_each_row():
    rows = [[1e6 + 1, 1e6 + 3], [5.0], []]
    rt = tf.ragged.constant(rows)
    np.testing.assert_allclose(tf.math.reduce_variance(rt, axis=1), [1.0, 0.0, math.nan])
    np.testing.assert_allclose(tf.math.reduce_std(rt, axis=1), [1.0, 0.0, math.nan])
    np.testing.assert_allclose(tf.reduce_mean(rt, axis=1), [1e6 + 2, 5.0, math.nan])


def test_logsumexp_does_not_overflow():
    rt = tf.ragged.constant([[1000.0, 1000.0], [-math.inf], []])
    found = tf.reduce_logsumexp(rt, axis=1)
    np.testing.assert_allclose(found, [1000 + math.log(2), -math.inf, -math.inf])


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_running_sums_are_those_of_rows(rows):
    rt = ragged(rows)
    forwards = [np.cumsum(row, dtype=int).tolist() for row in rows]
    backwards = [np.cumsum(row[::-1], dtype=int).tolist()[::-1] for row in rows]
    assert tf.cumsum(rt, axis=1).to_list() == forwards
    assert tf.cumsum(rt, axis=1, reverse=True).to_list() == backwards
    exclusive = [[total - x for total, x in zip(a, b)] for a, b in zip(forwards, rows)]
    assert tf.cumsum(rt, axis=1, exclusive=True).to_list() == exclusive


def test_softmax_of_rows_sums_to_one_for_large_values_too():
    rt = tf.nn.softmax(tf.ragged.constant([[1000.0, 1000.0], [], [-1000.0]]))
    assert rt.to_list() == [[0.5, 0.5], [], [1.0]]


def test_only_floats_have_a_variance():
    with pytest.raises(TypeError, match="cast"):
        tf.math.reduce_variance(tf.ragged.constant([[1, 2], [3]]), axis=1)
