"""Reshaping, joining, tiling, reordering and blocks: errors, edge cases, host twins, symbols."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf
from thalweg._src.base import errors
from thalweg._src.core import symbolic, xla
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor, is_static

X = np.arange(24, dtype=np.int32).reshape(2, 3, 4)
INVALID = errors.InvalidArgumentError


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: tf.reshape(X, [5, -1]), "expected a shape of 24 elements"),
        (lambda: tf.reshape(X, [-1, -1]), "at most one -1"),
        (lambda: tf.reshape(X, [-2, 12]), "sizes 0 or more"),
        (lambda: tf.reshape(X, [2.0, 12.0]), "made of integers"),
        (lambda: tf.reshape(X, [[24]]), "flatten it"),
        (lambda: tf.expand_dims(X, 5), "axis from -4 to 3"),
        (lambda: tf.expand_dims(X, [0, 1]), "expected one axis"),
        (lambda: tf.squeeze(X, [1]), "expected a dimension of 1, got 3"),
        (lambda: tf.squeeze(X, [5]), "axis from -3 to 2"),
        (lambda: tf.transpose(X, [0, 0, 1]), "as a permutation"),
        (lambda: tf.transpose(X, [0, 1]), "as a permutation"),
        (lambda: tf.broadcast_to([1, 2], [3, 3]), r"\(2,\) broadcasts to"),
        (lambda: tf.broadcast_to([[1, 2]], [2]), "broadcasts to"),
        (lambda: tf.broadcast_to([1], [-1]), "sizes 0 or more"),
        (lambda: tf.concat([], 0), "at least one tensor"),
        (lambda: tf.concat([1, 2], 0), "rank 1 or more, got a scalar; use tf.stack"),
        (lambda: tf.concat([X, X[0]], 0), r"for values\[1\]"),
        (lambda: tf.concat([X, X], 3), "axis from -3 to 2"),
        (lambda: tf.concat([X, X], 1.0), "made of integers"),
        (lambda: tf.concat([tf.constant(X), tf.constant([1.0])], 0), "of one dtype"),
        (lambda: tf.stack([X, X[0]]), "rectangular list"),
        (lambda: tf.stack([tf.constant(X), X[0]]), "one shape; axis"),
        (lambda: tf.stack([X, X], 5), "out of bounds"),
        (lambda: tf.unstack(X, num=3), "expected size 3 along axis 0"),
        (lambda: tf.unstack(1), "axis"),
        (lambda: tf.split(X, 3, 2), "divides the size 4"),
        (lambda: tf.split(X, 0, 1), "divides the size 3"),
        (lambda: tf.split(X, [1, 1], 1), "add up to 3"),
        (lambda: tf.split(X, [-1, -1], 1), "at most one -1"),
        (lambda: tf.split(X, [-2, 5], 1), "add up to 3"),
        (lambda: tf.split(X, [5, -1], 1), "add up to 3"),
        (lambda: tf.split(X, tf.constant(3), 1), "Rank-0 tensors are not supported"),
        (lambda: tf.tile(X, [2]), "one multiple for each of the 3 dimensions"),
        (lambda: tf.tile([1, 2], [-1]), "0 or more"),
        (lambda: tf.repeat([1, 2], [1, 2, 3]), "not compatible"),
        (lambda: tf.repeat([1, 2], -1), "0 or more"),
        (lambda: tf.repeat([1, 2], [[1, 2]]), "rank at most 1"),
        (lambda: tf.pad(X, [[1, 1]]), r"of shape \(3, 2\)"),
        (lambda: tf.pad([1], [[-1, 0]]), "0 or more"),
        (lambda: tf.pad([1], [[1, 0]], "REFLECT"), "at most 0 for mode REFLECT"),
        (lambda: tf.pad([1, 2], [[3, 0]], "SYMMETRIC"), "at most 2 for mode SYMMETRIC"),
        (lambda: tf.pad([1], [[1, 0]], "EDGE"), "expected mode"),
        (lambda: tf.pad([1, 2], [[1, 1]], constant_values=1.5), "for dtype int32"),
        (lambda: tf.roll(3, 1, 0), "rank 1 or more"),
        (lambda: tf.roll(X, [1, 2], 0), "must have the same size"),
        (lambda: tf.roll(X, 1, 3), "axis from -3 to 2"),
        (lambda: tf.reverse(X, [5]), "axis from -3 to 2"),
        (lambda: tf.reverse(X, [0, -3]), "every axis once"),
        (lambda: tf.reverse_sequence(X[0], [4, 1], seq_axis=1), r"seq_lengths of shape \(3,\)"),
        (lambda: tf.reverse_sequence(X[0], [4, 1, 5], seq_axis=1), "from 0 to 4"),
        (lambda: tf.reverse_sequence(X[0], [-1, 1, 1], seq_axis=1), "from 0 to 4"),
        (lambda: tf.reverse_sequence(X[0], [1, 1, 1]), "seq_axis made of integers, got None"),
        (lambda: tf.reverse_sequence(X[0], [1, 1, 1], 0, 0), "to differ"),
        (lambda: tf.space_to_batch(X[:, :, 0], [2], [[0, 0]]), "multiples of the block"),
        (lambda: tf.batch_to_space(X, [2, 2], [[0, 0], [0, 0]]), "multiple of 4"),
        (lambda: tf.nn.space_to_depth(tf.zeros((1, 3, 4, 1)), 2), "multiples of 2, got 3 and 4"),
        (lambda: tf.nn.depth_to_space(tf.zeros((1, 3, 4, 3)), 2), "multiple of 4, got 3"),
        (lambda: tf.nn.depth_to_space(X, 2), "rank 4"),
        (lambda: tf.nn.space_to_depth(tf.zeros((1, 4, 4, 1)), 1), "block_size >= 2"),
    ],
)
def test_errors(call, text):
    with pytest.raises(INVALID, match=text):
        call()


def test_empty_and_scalar_cases():
    assert tf.reshape(tf.zeros((0, 3)), [-1]).shape == (0,)
    assert tf.reshape(tf.zeros((0, 3)), [0, -1]).shape == (0, 0)
    assert tf.reshape([7], []).shape == ()
    assert tf.squeeze(tf.ones((1, 2, 1)), []).shape == (2,)
    assert tf.expand_dims(X, [0]).shape == (1, 2, 3, 4)
    assert tf.transpose(3).numpy() == 3
    assert tf.concat(X, 0).shape == X.shape
    assert tf.stack([]).shape == (0,)
    assert tf.stack(1).numpy() == 1
    assert tf.tile(3, []).numpy() == 3
    assert tf.repeat(5, 3).numpy().tolist() == [5, 5, 5]
    assert tf.pad(3, np.zeros((0, 2), int)).numpy() == 3
    assert [t.shape[1] for t in tf.split(X, [0, 3], 1)] == [0, 3]
    crops = [[1, 1], [1, 1]]
    assert tf.batch_to_space(tf.zeros((4, 1, 1, 1)), [2, 2], crops).shape == (1, 0, 0, 1)


def test_constants_and_tensors_mix():
    assert tf.stack([1, tf.constant(2.0)]).dtype is tf.float32
    assert tf.concat([[1, 2], tf.constant([3.0])], 0).numpy().tolist() == [1.0, 2.0, 3.0]
    assert tf.stack([np.float64(1), tf.constant(2.0)]).dtype is tf.float32


def test_lists_where_tensorflow_gives_lists():
    assert isinstance(tf.split(X, 2), list)
    assert isinstance(tf.unstack(X), list)
    assert isinstance(tf.split(X, 1), list)


def test_strings():
    a = tf.constant([["a", "b"]])
    assert tf.reshape(a, [-1]).numpy().tolist() == [b"a", b"b"]
    assert tf.concat([a, a], 0).shape == (2, 2)
    assert tf.stack(["a", "b"]).numpy().tolist() == [b"a", b"b"]
    assert tf.transpose(a).shape == (2, 1)
    assert tf.tile(a, [2, 1]).shape == (2, 2)
    assert tf.repeat(["a"], 2).numpy().tolist() == [b"a", b"a"]
    assert tf.repeat(["a", "b"], [2, 1]).numpy().tolist() == [b"a", b"a", b"b"]
    assert tf.pad(["a"], [[1, 0]]).numpy().tolist() == [b"", b"a"]
    assert tf.pad(["a"], [[1, 0]], constant_values="-").numpy().tolist() == [b"-", b"a"]
    assert tf.broadcast_to("a", [2]).numpy().tolist() == [b"a", b"a"]
    assert tf.reverse(a, [1]).numpy().tolist() == [[b"b", b"a"]]
    assert [t.numpy() for t in tf.unstack(a[0])] == [b"a", b"b"]
    assert a[0, 1:].numpy().tolist() == [b"b"]


def test_shape_arithmetic_is_static_in_programs():
    def program(x):
        shape = tf.shape(Tensor(x))
        target = tf.concat([shape[:1], [tf.reduce_prod(shape[1:])]], 0)
        assert is_static(target)
        assert is_static(tf.stack([shape[0], 3]))
        assert is_static(tf.expand_dims(shape[0], 0))
        return tf.reshape(Tensor(x), target).array

    assert xla.jit_whole(program)(X).shape == (2, 12)


def test_unknown_sizes_in_models():
    x = KerasTensor((None, 3))
    assert tf.reshape(x, (-1, 4)).shape == (None, 4)
    assert tf.reshape(x, (4, 3)).shape == (4, 3)
    assert tf.reshape(x, (tf.shape(x)[0], -1)).shape == (None, 3)
    assert [t.shape for t in tf.split(x, 3)] == [(None, 3)] * 3
    assert [t.shape for t in tf.split(x, 3, 1)] == [(None, 1)] * 3
    assert [t.shape for t in tf.split(x, [5, -1])] == [(5, 3), (None, 3)]
    assert tf.pad(x, [[3, 3], [0, 0]], "REFLECT").shape == (None, 3)
    assert [t.shape for t in tf.unstack(x, num=2)] == [(3,)] * 2
    assert tf.tile(x, [1, tf.shape(x)[0]]).shape == (None, None)
    assert tf.space_to_batch(x, [5], [[0, 2]]).shape == (None, 1)
    assert tf.nn.space_to_depth(KerasTensor((None, None, 32, 3)), 16).shape == (None, None, 2, 768)
    with pytest.raises(INVALID, match="give num"):
        tf.unstack(x)
    y = tf.stack(tf.split(x, 3, 1)[::-1], 1)
    value = tf.constant([[1.0, 2.0, 3.0]])
    assert symbolic.evaluate(y, {x.ref(): value}).numpy().ravel().tolist() == [3.0, 2.0, 1.0]


def test_repeats_of_a_program_are_refused():
    with pytest.raises(errors.OperatorNotAllowedInGraphError, match="known while the program"):
        xla.jit_whole(lambda n: tf.repeat([1, 2], Tensor(n)).array)(np.int32([1, 2]))
    x = KerasTensor((None, 2))
    assert tf.repeat(x, tf.shape(x)[1], axis=1).shape == (None, 4)


def test_required_space_to_batch_paddings():
    """Values of TensorFlow 2.21."""
    got = tf.required_space_to_batch_paddings([5, 6], [2, 4])
    assert [t.numpy().tolist() for t in got] == [[[0, 1], [0, 2]], [[0, 1], [0, 2]]]
    pads, crops = tf.required_space_to_batch_paddings([5, 6], [2, 4], [[1, 0], [0, 1]])
    assert pads.numpy().tolist() == [[1, 0], [0, 2]]
    assert crops.numpy().tolist() == [[0, 0], [0, 1]]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=3, max_size=3))
def test_padding_and_slicing_undo_each_other(paddings):
    padded = tf.pad(tf.constant(X), paddings)
    assert np.array_equal(tf.slice(padded, [a for a, _ in paddings], X.shape).numpy(), X)
    assert np.array_equal(padded.numpy(), np.pad(X, paddings))


@settings(deadline=None, max_examples=25)
@given(st.integers(-7, 7), st.integers(-3, 2))
def test_rolling_there_and_back(shift, axis):
    rolled = tf.roll(tf.constant(X), shift, axis)
    assert np.array_equal(rolled.numpy(), np.roll(X, shift, axis))
    assert np.array_equal(tf.roll(rolled, -shift, axis).numpy(), X)
