"""Layers of activations: masks, half precision, integers, older names and mistakes."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers


def test_masked_places_have_probability_zero():
    logits = tf.constant([[1.0, 2.0, 30.0], [1.0, 2.0, 3.0]])
    mask = tf.constant([[True, True, False], [False, False, False]])
    found = layers.Softmax()(logits, mask=mask).numpy()
    np.testing.assert_allclose(found[0], [0.268941, 0.731059, 0.0], rtol=1e-5)
    np.testing.assert_array_equal(found[1], 0.0)
    whole = layers.Softmax(axis=(0, 1))(logits, mask=mask).numpy()
    np.testing.assert_allclose(whole, found, rtol=1e-5)


def test_a_mask_of_steps_covers_their_features():
    steps = np.array([[[1.0, 5.0], [2.0, 5.0], [0.0, 0.0]]], "float32")
    model = keras.Sequential([keras.Input((3, 2)), layers.Masking(), layers.Softmax(axis=1)])
    found = model(steps).numpy()[0]
    np.testing.assert_allclose(found, [[0.268941, 0.5], [0.731059, 0.5], [0.0, 0.0]], rtol=1e-5)
    last = layers.Softmax()(steps, mask=tf.constant([[True, False, True]])).numpy()[0]
    np.testing.assert_allclose(last.sum(-1), [1.0, 0.0, 1.0], rtol=1e-6)


def test_a_mask_of_features_broadcasts():
    found = layers.Softmax()(
        tf.zeros((2, 3, 4)), mask=tf.constant([True, False, True, False])
    ).numpy()
    np.testing.assert_allclose(found, np.broadcast_to([0.5, 0.0, 0.5, 0.0], (2, 3, 4)))


def test_half_precision_sums_in_whole():
    found = layers.Softmax(dtype="float16")(tf.zeros((1, 4000), "float16"))
    assert found.dtype == tf.float16
    assert abs(found.numpy().astype("float64").sum() - 1.0) < 1e-3


def test_a_loss_finds_the_logits():
    logits = tf.constant([[0.0, 200.0]])
    loss = keras.losses.CategoricalCrossentropy()
    assert float(loss(tf.constant([[1.0, 0.0]]), layers.Softmax()(logits))) == pytest.approx(200.0)


def test_integers():
    assert layers.ReLU()(tf.constant([-1, 2])).dtype == tf.int32
    for layer in (
        layers.ReLU(6.0),
        layers.LeakyReLU(),
        layers.ELU(),
        layers.Softmax(),
        layers.PReLU(),
    ):
        assert layer(tf.constant([[-1, 2]])).dtype == tf.float32


def test_alpha_is_the_slope_as_in_keras_2():
    assert layers.LeakyReLU(alpha=0.2).get_config()["negative_slope"] == 0.2
    assert layers.ReLU(alpha=0.2).get_config()["negative_slope"] == 0.2


def test_shared_axes_need_no_size():
    layer = layers.PReLU(shared_axes=[1])
    assert layer(keras.Input((None, 3))).shape == (None, None, 3)
    assert layer.alpha.shape == (1, 3)
    assert layers.PReLU(shared_axes=1).shared_axes == [1]


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (
            lambda: layers.ReLU(max_value=-1.0),
            "expected max_value as a number of 0 or more, got -1.0",
        ),
        (lambda: layers.ReLU(negative_slope=None), "expected negative_slope as a number"),
        (lambda: layers.ReLU(threshold=-1.0), "expected threshold"),
        (lambda: layers.LeakyReLU(-0.1), "expected negative_slope"),
        (lambda: layers.ELU("x"), "expected alpha as a number, got 'x'"),
        (lambda: layers.PReLU()(keras.Input((None, 3))), "or share axis 1"),
        (
            lambda: layers.PReLU(shared_axes=[0])(tf.ones((2, 3))),
            "expected shared_axes behind the batch",
        ),
        (lambda: layers.Softmax(axis=5)(tf.ones((2, 3))), "got axis=5"),
    ],
)
def test_misuse_is_refused(act, message):
    with pytest.raises(ValueError, match=message):
        act()


def test_only_inputs_above_the_threshold_pass():
    layer = layers.ThresholdedReLU(theta=2.0)
    assert layer(tf.constant([-3.0, 2.0, 3.0])).numpy().tolist() == [0.0, 0.0, 3.0]
    assert layer(keras.Input((4,))).shape == (None, 4)
    again = layers.ThresholdedReLU.from_config(layer.get_config())
    assert (again.theta, layers.ThresholdedReLU().theta) == (2.0, 1.0)
    with pytest.raises(ValueError, match="expected theta as a number of 0 or more, got -1"):
        layers.ThresholdedReLU(-1)
