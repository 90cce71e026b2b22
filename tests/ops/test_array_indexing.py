"""Elements picked by integer arrays, as in NumPy, in every life."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

X = np.arange(24, dtype=np.float32).reshape(4, 3, 2)
KEYS = {
    "vector": np.array([0, 2, -1]),
    "matrix": np.array([[0, 1], [2, 3]]),
    "pair": (np.array([0, 1]), np.array([2, 0])),
    "with slice": (slice(None), np.array([0, 2])),
    "with int": (np.array([1, 3]), 0),
    "with ellipsis": (..., np.array([1, 0])),
    "with newaxis": (np.array([1, 3]), None),
    "tensor": tf.constant([3, 1]),
}


def to_numpy(key):
    if isinstance(key, tuple):
        return tuple(to_numpy(k) for k in key)
    return key.numpy() if isinstance(key, tf.Tensor) else key


@pytest.mark.parametrize("name", KEYS)
def test_values_are_those_of_numpy(name):
    np.testing.assert_array_equal(tf.constant(X)[KEYS[name]].numpy(), X[to_numpy(KEYS[name])])


@pytest.mark.parametrize("name", KEYS)
def test_compiled_programs_agree(name):
    picked = tf.function(lambda x: x[KEYS[name]])(tf.constant(X))
    np.testing.assert_array_equal(picked.numpy(), X[to_numpy(KEYS[name])])


def test_gradients_add_up_at_repeated_indices():
    x = tf.Variable([1.0, 2.0, 3.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(x.value()[tf.constant([0, 0, 2])] * tf.constant([1.0, 10.0, 100.0]))
    np.testing.assert_array_equal(tape.gradient(y, x).numpy(), [11, 0, 100])


def test_an_index_out_of_range_is_refused():
    with pytest.raises(IndexError, match=r"index 4 of dimension 0 out of bounds: expected -4 to 3"):
        tf.constant(X)[np.array([0, 4])]
    with pytest.raises(IndexError, match=r"index -4 of dimension 1"):
        tf.constant(X)[:, np.array([-4])]


def test_symbolic_shapes():
    x = tf.keras.Input((3,))
    assert x[:, np.array([0, 2])].shape == (None, 2)
