"""Ragged sequences: every row gives what it gives alone."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras

ROWS = [2, 4, 1]


def sequences() -> tf.RaggedTensor:
    """Rows of random steps of three features."""
    values = np.random.default_rng(0).normal(size=(sum(ROWS), 3)).astype(np.float32)
    return tf.RaggedTensor.from_row_lengths(values, ROWS)


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "SimpleRNN"])
@pytest.mark.parametrize("backwards", [False, True])
def test_rows_are_like_single_sequences(kind, backwards):
    layer = getattr(keras.layers, kind)(4, return_sequences=True, go_backwards=backwards)
    x = sequences()
    found = layer(x)
    assert found.row_lengths().numpy().tolist() == ROWS
    for row, steps in zip(found, x, strict=True):
        np.testing.assert_allclose(row, layer(steps[None])[0], rtol=1e-5, atol=1e-6)


def test_last_outputs_and_states_are_those_of_the_last_live_step():
    layer = keras.layers.LSTM(4, return_state=True)
    x = sequences()
    out, h, c = layer(x)
    for position, steps in enumerate(x):
        alone = layer(steps[None])
        for one, other in zip((out, h, c), alone, strict=True):
            np.testing.assert_allclose(one[position], other[0], rtol=1e-5, atol=1e-6)


def test_words_of_different_number():
    ids = tf.ragged.constant([[1, 2, 3], [4]])
    embedding, layer = keras.layers.Embedding(10, 4), keras.layers.GRU(5)
    with tf.GradientTape() as tape:
        y = layer(embedding(ids))
        loss = tf.reduce_sum(y * y)
    slope = tape.gradient(loss, embedding.trainable_weights[0])
    used = np.flatnonzero(np.abs(np.asarray(slope)).sum(1))
    assert y.shape == (2, 5)
    assert used.tolist() == [1, 2, 3, 4]
