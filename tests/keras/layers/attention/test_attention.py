"""Attention without projections: masks, dropout, what travels through models, and mistakes."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers

QUERY = np.cos(np.arange(24.0)).reshape(2, 3, 4).astype("float32")
VALUE = np.sin(np.arange(40.0)).reshape(2, 5, 4).astype("float32")
TARGETS = np.array([[1, 1, 0], [1, 0, 0]], bool)
SOURCES = np.array([[1, 1, 0, 1, 0], [0, 0, 0, 0, 0]], bool)
KINDS = pytest.mark.parametrize("kind", [layers.Attention, layers.AdditiveAttention])


@KINDS
def test_masked_values_have_no_weight_and_masked_targets_no_output(kind):
    outputs, weights = kind()([QUERY, VALUE], mask=[TARGETS, SOURCES], return_attention_scores=True)
    np.testing.assert_array_equal(weights.numpy()[0][:, ~SOURCES[0]], 0.0)
    np.testing.assert_allclose(weights.numpy()[0].sum(-1), 1.0, rtol=1e-5)
    np.testing.assert_allclose(weights.numpy()[1], 0.2, rtol=1e-5)
    np.testing.assert_array_equal(outputs.numpy()[~TARGETS], 0.0)


def test_masks_add_to_the_causal_one():
    _, weights = layers.Attention()(
        [QUERY, VALUE], mask=[None, SOURCES], use_causal_mask=True, return_attention_scores=True
    )
    assert (weights.numpy()[0] > 0).astype(int).tolist() == [
        [1, 0, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [1, 1, 0, 0, 0],
    ]


@KINDS
def test_dropout_is_in_training_only_and_seeded(kind):
    one, two = (kind(dropout=0.5, seed=3) for _ in range(2))
    still = one([QUERY, VALUE])
    np.testing.assert_allclose(still, kind()([QUERY, VALUE]) if kind is layers.Attention else still)
    if kind is layers.Attention:
        np.testing.assert_array_equal(
            one([QUERY, VALUE], training=True), two([QUERY, VALUE], training=True)
        )
    assert not np.allclose(one([QUERY, VALUE], training=True), still)


def test_masks_of_embeddings_travel_through():
    seen = []

    class Watch(layers.Layer):
        def __init__(self):
            super().__init__()
            self.supports_masking = True

        def call(self, inputs, mask=None):
            seen.append(mask)
            return inputs

    numbers = keras.Input((None,), dtype="int32")
    steps = layers.Embedding(5, 4, mask_zero=True)(numbers)
    model = keras.Model(numbers, Watch()(layers.Attention()([steps, steps])))
    model(np.array([[1, 2, 0]]))
    assert seen[-1].numpy().tolist() == [[True, True, False]]


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (
            lambda: layers.Attention(score_mode="sum"),
            "expected score_mode 'dot' or 'concat', got 'sum'",
        ),
        (lambda: layers.Attention(dropout=1.5), r"expected dropout in \[0, 1\], got 1.5"),
        (lambda: layers.Attention()(QUERY), r"expected inputs as \[query, value\]"),
        (lambda: layers.Attention()([QUERY]), "got 1 of them"),
        (lambda: layers.Attention()([QUERY, VALUE], mask=tf.constant(TARGETS)), "expected mask as"),
        (lambda: layers.AdditiveAttention()(QUERY), r"expected inputs as \[query, value\]"),
    ],
)
def test_misuse_is_refused(act, message):
    with pytest.raises(ValueError, match=message):
        act()
