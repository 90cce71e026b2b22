"""`dropout` and `shuffle`."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

R = tf.keras.random


def test_dropout_keeps_the_mean_and_follows_its_seed():
    y = R.dropout(tf.ones((100, 100)), 0.25, seed=3).numpy()
    assert set(np.unique(y)) == {np.float32(0), np.float32(4 / 3)}
    np.testing.assert_allclose((y == 0).mean(), 0.25, atol=0.02)
    np.testing.assert_array_equal(R.dropout(tf.ones((100, 100)), 0.25, seed=3), y)
    assert (R.dropout(tf.ones((100, 100)), 0.25).numpy() != y).any()


def test_dropout_of_all_and_nothing():
    x = tf.ones((2, 3), tf.float16)
    assert R.dropout(x, 1.0).numpy().tolist() == [[0.0] * 3] * 2
    assert R.dropout(x, 0).numpy().tolist() == [[1.0] * 3] * 2
    assert R.dropout(x, tf.constant(0.5)).dtype == "float16"


def test_dropout_of_whole_slices():
    y = R.dropout(np.ones((100, 2, 3)), 0.5, noise_shape=(None, 1, 3), seed=3).numpy()
    assert y.dtype == np.float64
    np.testing.assert_array_equal(y[:, 0], y[:, 1])
    assert (y[:, 0] != y[0, 0]).any()


@pytest.mark.parametrize("rate", [-0.1, 1.5])
def test_dropout_refuses_rates(rate):
    with pytest.raises(ValueError, match="expected rate"):
        R.dropout(tf.ones((2,)), rate)


def test_dropout_refuses_integers():
    with pytest.raises(ValueError, match="floating"):
        R.dropout(tf.ones((2,), tf.int32), 0.5)


def test_shuffle_keeps_slices_whole():
    x = np.arange(12).reshape(4, 3)
    rows = R.shuffle(x, seed=1).numpy()
    assert sorted(rows.tolist()) == x.tolist()
    columns = R.shuffle(x, axis=-1, seed=1).numpy()
    assert sorted(columns.T.tolist()) == x.T.tolist()
    np.testing.assert_array_equal(R.shuffle(x, seed=1), rows)


def test_shuffle_of_symbols():
    y = R.shuffle(tf.keras.KerasTensor((None, 3)), axis=1)
    assert y.shape == (None, 3)
