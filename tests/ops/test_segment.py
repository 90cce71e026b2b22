"""Segments: ids, empty segments, ties, errors."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.base import errors
from thalweg._src.core import xla
from thalweg._src.core.tensor import Tensor


def slope(function, values):
    x = tf.constant(values)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return tape.gradient(y, x).numpy().tolist()


class TestSorted:
    def test_empty_segments(self):
        data = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
        assert tf.math.segment_max(data, [0, 0, 2]).numpy().tolist() == [[3, 4], [0, 0], [5, 6]]
        assert tf.math.segment_prod(data, [0, 0, 2]).numpy().tolist() == [[3, 8], [1, 1], [5, 6]]
        assert tf.math.segment_mean(data, [0, 0, 2]).numpy().tolist() == [[2, 3], [0, 0], [5, 6]]
        assert tf.math.segment_sum(tf.zeros((0, 2)), tf.constant([], tf.int32)).shape == (0, 2)

    def test_infinities(self):
        data = tf.constant([-np.inf, -np.inf, np.inf])
        assert tf.math.segment_max(data, [0, 0, 1]).numpy().tolist() == [-np.inf, np.inf]

    @pytest.mark.parametrize("ids", [[1, 0], [-1, 0]])
    def test_ids_must_be_sorted(self, ids):
        with pytest.raises(errors.InvalidArgumentError, match="never decrease"):
            tf.math.segment_min([1, 2], ids)

    def test_one_id_for_each_row(self):
        with pytest.raises(ValueError, match="give one id for each row"):
            tf.math.segment_sum([1, 2], [0])
        with pytest.raises(ValueError, match=r"shape \(n,\)"):
            tf.math.segment_sum([[1, 2]], [[0, 0]])

    def test_in_a_program(self):
        ids = np.array([0, 1], np.int32)
        with pytest.raises(TypeError, match="unsorted_segment_sum"):
            xla.jit_whole(lambda i: tf.math.segment_sum([1.0, 2.0], Tensor(i)).array)(ids)


class TestUnsorted:
    def test_empty_segments(self):
        least, greatest = np.finfo(np.float32).min, np.finfo(np.float32).max
        got = tf.math.unsorted_segment_max([1.0, 2.0], [0, 2], 3)
        assert got.numpy().tolist() == [1, least, 2]
        assert tf.math.unsorted_segment_min([1.0, 2.0], [0, -1], 2).numpy().tolist() == [
            1,
            greatest,
        ]
        assert tf.math.unsorted_segment_max([1], [1], 2).numpy().tolist() == [-(2**31), 1]

    def test_mean_of_integers_is_wide(self):
        assert tf.math.unsorted_segment_mean([1, 2], [0, 0], 1).dtype == "float64"

    def test_ids_of_higher_rank(self):
        got = tf.math.unsorted_segment_sum([[1.0, 2.0], [3.0, 4.0]], [[0, 1], [1, 1]], 3)
        assert got.numpy().tolist() == [1, 9, 0]

    def test_id_too_large(self):
        with pytest.raises(errors.InvalidArgumentError, match="below num_segments=2, got 5"):
            tf.math.unsorted_segment_sum([1.0, 2.0], [0, 5], 2)
        run = xla.jit_whole(lambda i: tf.math.unsorted_segment_sum([1.0, 2.0], Tensor(i), 2).array)
        assert np.asarray(run(np.array([0, 5], np.int32))).tolist() == [1, 0]

    def test_number_of_segments(self):
        with pytest.raises(errors.InvalidArgumentError, match="num_segments of 0 or more"):
            tf.math.unsorted_segment_sum([1.0], [0], -1)
        assert tf.math.unsorted_segment_sum([1.0], [0], tf.constant(2)).shape == (2,)


class TestSparse:
    data = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]

    def test_index_out_of_range(self):
        with pytest.raises(errors.OutOfRangeError, match="indices from 0 to 2"):
            tf.sparse.segment_sum(self.data, [0, 5], [0, 2])

    def test_id_too_large(self):
        with pytest.raises(errors.InvalidArgumentError, match="below num_segments=2, got 2"):
            tf.sparse.segment_mean(self.data, [0, 2], [0, 2], num_segments=2)

    def test_one_id_for_each_index(self):
        with pytest.raises(ValueError, match="one id for each index"):
            tf.sparse.segment_sum(self.data, [0, 1], [0])

    def test_integers_have_no_mean(self):
        with pytest.raises(TypeError, match="got int32"):
            tf.sparse.segment_mean([[1], [2]], [0], [0])


def test_gradients_at_ties_and_zeros():
    ids = [0, 0, 1]
    assert slope(lambda x: tf.math.segment_max(x, ids), [1.0, 1.0, 3.0]) == [0.5, 0.5, 1]
    assert slope(lambda x: tf.math.unsorted_segment_min(x, ids, 2), [1.0, 1.0, 3.0]) == [
        0.5,
        0.5,
        1,
    ]
    assert slope(lambda x: tf.math.segment_prod(x, ids), [0.0, 4.0, 3.0]) == [4, 0, 1]
    assert slope(lambda x: tf.math.unsorted_segment_prod(x, ids, 2), [0.0, 0.0, 3.0]) == [0, 0, 1]
