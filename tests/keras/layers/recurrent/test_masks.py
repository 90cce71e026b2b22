"""Masks: from the layer that makes them through recurrent layers to the loss."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

L = tf.keras.layers
IDS = np.array([[0, 3, 0, 2], [4, 0, 0, 0], [1, 2, 3, 4]])


def models():
    """The same net as Sequential and as Functional model."""
    embedding, lstm, dense = L.Embedding(5, 3, mask_zero=True), L.LSTM(2), L.Dense(1)
    sequential = tf.keras.Sequential([embedding, lstm, dense])
    inputs = tf.keras.Input((None,), dtype="int32")
    functional = tf.keras.Model(inputs, dense(lstm(embedding(inputs))))
    return sequential, functional, (embedding, lstm, dense)


def test_masks_reach_the_layer_in_every_kind_of_model():
    sequential, functional, (embedding, lstm, dense) = models()
    vectors = tf.gather(embedding.weights[0], IDS)
    wanted = dense(lstm(vectors, mask=tf.constant(IDS != 0)))
    unmasked = dense(lstm(vectors))
    assert np.abs(wanted - unmasked).max() > 1e-4
    for found in (
        sequential(IDS),
        functional(IDS),
        tf.function(lambda ids: functional(ids))(IDS),
        functional.predict(IDS, verbose=0),
    ):
        np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_masks_count_in_a_compiled_fit():
    sequential, _, (embedding, *_) = models()
    sequential.compile("sgd", "mse")
    before = embedding.get_weights()[0].copy() if embedding.built else None
    sequential.build((None, 4))
    before = embedding.get_weights()[0].copy()
    sequential.fit(IDS, np.ones((3, 1), "float32"), epochs=2, verbose=0)
    moved = np.abs(embedding.get_weights()[0] - before).max(1) > 0
    assert moved.tolist() == [False, True, True, True, True]


def test_sequences_pass_the_mask_on_and_last_outputs_do_not():
    inputs = tf.constant(np.where(IDS[..., None] > 0, 1.0, 0.0), tf.float32)
    masked = L.Masking()(inputs)
    head = L.LSTM(2, return_sequences=True)
    through = L.GRU(2)(L.TimeDistributed(L.Dense(2))(head(masked)))
    assert through.shape == (3, 2)
    mask = tf.constant(IDS != 0)
    assert head.compute_mask(inputs, mask) is mask
    assert L.LSTM(2).compute_mask(inputs, mask) is None
    both = L.LSTM(2, return_sequences=True, return_state=True).compute_mask(inputs, mask)
    assert both == [mask, None, None]
    assert L.LSTM(2, return_state=True).compute_mask(inputs, mask) == [None, None, None]


@pytest.mark.parametrize("wrap", [lambda cell: cell, lambda cell: L.Bidirectional(cell)])
def test_mask_of_the_first_layer_reaches_the_second(wrap):
    first, second = wrap(L.LSTM(2, return_sequences=True)), wrap(L.LSTM(2))
    embedding = L.Embedding(5, 3, mask_zero=True)
    mask = tf.constant(IDS != 0)
    wanted = second(first(embedding(IDS), mask=mask), mask=mask)
    model = tf.keras.Sequential([embedding, first, second])
    np.testing.assert_allclose(model(IDS), wanted, atol=1e-6)


def test_masks_of_other_forms():
    x = np.random.default_rng(0).normal(size=(3, 4, 3)).astype("float32")
    layer = L.GRU(2)
    wanted = layer(x, mask=tf.constant(IDS != 0))
    for mask in (IDS != 0, (IDS != 0).astype("float32"), (IDS != 0)[..., None], [IDS != 0, None]):
        np.testing.assert_array_equal(layer(x, mask=mask), wanted)
    with pytest.raises(ValueError, match=r"mask \(batch, time\) of shape \(3, 4\), got \(3, 3\)"):
        layer(x, mask=IDS[:, :3] != 0)
