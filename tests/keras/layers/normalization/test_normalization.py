"""Layer, group, root-mean-square and unit normalization: precision, masks, mistakes."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers

IMAGES = np.cos(np.arange(48.0) * 0.7).reshape(2, 3, 2, 4).astype("float32")


def test_groups_are_normalized_in_each_sample():
    parts = layers.GroupNormalization(2, epsilon=0.0)(IMAGES).numpy().reshape(2, 6, 2, 2)
    np.testing.assert_allclose(parts.mean((1, 3)), 0.0, atol=1e-5)
    np.testing.assert_allclose(parts.std((1, 3)), 1.0, rtol=1e-4)


def test_channels_first_is_channels_last_transposed():
    first = layers.GroupNormalization(2, axis=1)(IMAGES.transpose(0, 3, 1, 2)).numpy()
    last = layers.GroupNormalization(2)(IMAGES).numpy()
    np.testing.assert_allclose(first.transpose(0, 2, 3, 1), last, atol=1e-5)


@pytest.mark.parametrize(
    "layer",
    [
        layers.LayerNormalization(dtype="float16"),
        layers.GroupNormalization(1, dtype="float16"),
        layers.RMSNormalization(dtype="float16"),
        layers.UnitNormalization(dtype="float16"),
    ],
    ids=["layer", "group", "rms", "unit"],
)
def test_squares_do_not_overflow_in_half_precision(layer):
    outputs = layer(np.array([[900.0, -300.0, 500.0, 100.0]], "float16")).numpy()
    assert outputs.dtype == "float16"
    assert np.isfinite(outputs).all()
    assert np.abs(outputs).max() > 0.5


@pytest.mark.parametrize("kind", ["LayerNormalization", "RMSNormalization", "UnitNormalization"])
def test_masks_are_passed_on(kind):
    model = keras.Sequential(
        [keras.Input((2, 2)), layers.Masking(), getattr(layers, kind)(), layers.Identity()]
    )
    model.compile("sgd", lambda y, p: tf.reduce_sum(p * 0.0, -1) + y[..., 0])
    inputs = np.array([[[1.0, 2.0], [0.0, 0.0]]], "float32")
    targets = np.array([[[3.0], [100.0]]], "float32")
    assert model.evaluate(inputs, targets, verbose=0) == pytest.approx(3.0)


def test_rms_scale_along_a_middle_axis():
    layer = layers.RMSNormalization(axis=1, epsilon=0.0)
    outputs = layer(IMAGES).numpy()
    assert layer.scale.shape == (3,)
    np.testing.assert_allclose(np.square(outputs).mean(1), 1.0, rtol=1e-4)


def test_zeros_stay():
    np.testing.assert_array_equal(layers.UnitNormalization()(tf.zeros((1, 3))), np.zeros((1, 3)))


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: layers.GroupNormalization(3)(IMAGES), "that 3 groups divide, got 4"),
        (lambda: layers.GroupNormalization(0), "expected groups as a positive int, or -1"),
        (
            lambda: layers.GroupNormalization(2, axis=[1, 2]),
            r"expected axis as an int, .* got \[1, 2\]",
        ),
        (lambda: layers.GroupNormalization(2, axis=0)(IMAGES), "expected channels after the batch"),
        (lambda: layers.LayerNormalization(axis=4)(IMAGES), "got axis=4"),
        (lambda: layers.LayerNormalization(axis=1.5), "expected axis as an int"),
        (lambda: layers.UnitNormalization(axis=7)(IMAGES), "got axis=7"),
        (
            lambda: layers.RMSNormalization()(keras.Input((None,))),
            "expected known sizes along axes",
        ),
    ],
)
def test_misuse_is_refused(act, message):
    with pytest.raises(ValueError, match=message):
        act()
