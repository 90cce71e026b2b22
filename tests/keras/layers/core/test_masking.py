"""Masking: what is masked, and who is told."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers

STEPS = np.array([[[1.0, 0.0], [0.0, 0.0], [5.0, 5.0]]], "float32")


@pytest.mark.parametrize(
    ("value", "mask"),
    [
        (0.0, [[True, False, True]]),
        (5.0, [[True, True, False]]),
        (np.array([1.0, 0.0]), [[False, True, True]]),
    ],
)
def test_a_step_is_masked_where_all_features_equal_the_value(value, mask):
    layer = layers.Masking(value)
    assert layer.compute_mask(tf.constant(STEPS)).numpy().tolist() == mask
    assert layer(STEPS).numpy()[0].any(-1).tolist() == [
        m and s.any() for m, s in zip(mask[0], STEPS[0])
    ]


def test_integers_stay_integers():
    assert layers.Masking()(tf.constant([[[1, 0], [0, 0]]])).dtype == tf.int32


@pytest.mark.parametrize("compiled", [False, True])
def test_layers_that_follow_get_the_mask(compiled):
    seen = []

    class Sum(layers.Layer):
        def __init__(self):
            super().__init__()
            self.supports_masking = True

        def compute_mask(self, inputs, previous_mask):
            return None

        def call(self, inputs, mask=None):
            if mask is None:  # while the model is drawn
                return tf.reduce_sum(inputs, 1)
            seen.append(mask)
            return tf.reduce_sum(tf.where(mask[..., None], inputs, 100.0), 1)

    model = keras.Sequential([keras.Input((3, 2)), layers.Masking(5.0), layers.Identity(), Sum()])
    call = tf.function(model) if compiled else model
    assert call(STEPS).numpy().tolist() == [[101.0, 100.0]]
    assert seen
