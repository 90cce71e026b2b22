"""BatchNormalization: moving averages, freezing, masks, layouts and precision."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers

STEPS = np.cos(np.arange(24.0) * 1.3).reshape(2, 3, 4).astype("float32")
MASK = np.array([[True, True, False], [True, False, False]])


def trained(layer, inputs=STEPS, **kwargs):
    outputs = layer(inputs, training=True, **kwargs).numpy()
    return outputs, layer.moving_mean.numpy(), layer.moving_variance.numpy()


def test_averages_move_by_momentum():
    layer = layers.BatchNormalization(momentum=0.75)
    _, mean, variance = trained(layer)
    flat = STEPS.reshape(-1, 4)
    np.testing.assert_allclose(mean, 0.25 * flat.mean(0), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(variance, 0.75 + 0.25 * flat.var(0), rtol=1e-5)


def test_a_frozen_layer_uses_its_averages_and_leaves_them():
    layer = layers.BatchNormalization()
    trained(layer)
    before = layer.get_weights()
    layer.trainable = False
    np.testing.assert_array_equal(layer(STEPS, training=True), layer(STEPS, training=False))
    for a, b in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_masked_steps_do_not_count():
    layer = layers.BatchNormalization(momentum=0.0)
    _, mean, variance = trained(layer, mask=tf.constant(MASK))
    np.testing.assert_allclose(mean, STEPS[MASK].mean(0), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(variance, STEPS[MASK].var(0), rtol=1e-5)


def test_a_batch_without_steps_moves_nothing():
    layer = layers.BatchNormalization(momentum=0.5)
    outputs, mean, variance = trained(layer, mask=tf.zeros((2, 3), "bool"))
    assert np.isfinite(outputs).all()
    np.testing.assert_array_equal(mean, 0.0)
    np.testing.assert_array_equal(variance, 1.0)


def test_a_mask_comes_from_the_layer_before_in_fit():
    layer = layers.BatchNormalization(momentum=0.0)
    model = keras.Sequential([keras.Input((3, 2)), layers.Masking(9.0), layer])
    model.compile("sgd", "mse")
    inputs = np.array(
        [[[1.0, 2.0], [9.0, 9.0], [9.0, 9.0]], [[3.0, 6.0], [9.0, 9.0], [9.0, 9.0]]], "float32"
    )
    model.fit(inputs, inputs, verbose=0)
    np.testing.assert_allclose(layer.moving_mean, [2.0, 4.0])
    np.testing.assert_allclose(layer.moving_variance, [1.0, 4.0])


def test_channels_first_is_channels_last_transposed():
    images = np.cos(np.arange(48.0)).reshape(2, 3, 4, 2).astype("float32")
    first, last = layers.BatchNormalization(axis=1), layers.BatchNormalization()
    one, *averages = trained(first, images.transpose(0, 3, 1, 2))
    two, *wanted = trained(last, images)
    np.testing.assert_allclose(one.transpose(0, 2, 3, 1), two, atol=1e-5)
    np.testing.assert_allclose(averages, wanted, atol=1e-6)


def test_several_axes_keep_statistics_of_their_own():
    layer = layers.BatchNormalization(axis=[1, -1], momentum=0.0)
    outputs, mean, _ = trained(layer)
    assert [w.shape for w in layer.weights] == [(3, 4)] * 4
    np.testing.assert_allclose(mean, STEPS.mean(0), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(outputs.mean(0), 0.0, atol=1e-5)


def test_statistics_are_whole_under_mixed_precision():
    inputs = STEPS + 1000.0
    for arguments in ({}, {"mask": tf.ones((2, 3), "bool")}, {"renorm": True}):
        renorm = arguments.pop("renorm", False)
        layer = layers.BatchNormalization(dtype="mixed_bfloat16", momentum=0.0, renorm=renorm)
        _, mean, _ = trained(layer, inputs, **arguments)
        seen = tf.cast(tf.cast(inputs, "bfloat16"), "float32").numpy()
        np.testing.assert_allclose(mean, seen.reshape(-1, 4).mean(0), rtol=1e-5)


def test_many_steps_of_fit_are_single_steps_in_a_row():
    def made():
        keras.utils.set_random_seed(3)
        layer = layers.BatchNormalization(momentum=0.9)
        model = keras.Sequential([keras.Input((4,)), layers.Dense(3), layer, layers.Dense(1)])
        model.compile("sgd", "mse")
        return model

    x, y = STEPS.reshape(6, 4), np.ones((6, 1), "float32")
    one, two = made(), made()
    one.fit(x, y, batch_size=2, epochs=2, shuffle=False, verbose=0)
    for _ in range(2):
        for at in (0, 2, 4):
            two.train_on_batch(x[at : at + 2], y[at : at + 2])
    for a, b in zip(one.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_renorm_keeps_the_averages_of_both_momenta():
    layer = layers.BatchNormalization(renorm=True, momentum=0.9, renorm_momentum=0.7, epsilon=0.01)
    trained(layer)
    flat = STEPS.reshape(-1, 4)
    deviation = np.sqrt(flat.var(0) + 0.01)
    np.testing.assert_allclose(layer.moving_stddev, 0.9 + 0.1 * deviation, rtol=1e-5)
    np.testing.assert_allclose(layer.renorm_stddev, 0.7 + 0.3 * deviation, rtol=1e-5)
    np.testing.assert_allclose(layer.renorm_mean, 0.3 * flat.mean(0), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(
        layer.moving_variance, (0.9 + 0.1 * deviation) ** 2 - 0.01, rtol=1e-5
    )


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: layers.BatchNormalization(axis="last"), "expected axis as an int or a list"),
        (lambda: layers.BatchNormalization(axis=3)(STEPS), r"got axis=3 for shape \(2, 3, 4\)"),
        (lambda: layers.BatchNormalization(axis=[1, -2])(STEPS), "each once"),
        (
            lambda: layers.BatchNormalization(momentum=1.5),
            r"expected momentum in \[0, 1\], got 1.5",
        ),
        (lambda: layers.BatchNormalization(renorm_clipping={"max": 1.0}), "got 'max'"),
        (
            lambda: layers.BatchNormalization(renorm_clipping={"rmin": 2.0, "rmax": 1.0}),
            "rmin up to rmax",
        ),
        (lambda: layers.BatchNormalization()(keras.Input((None,))), "expected known sizes"),
    ],
)
def test_misuse_is_refused(act, message):
    with pytest.raises(ValueError, match=message):
        act()


def test_inputs_of_another_size_are_refused():
    layer = layers.BatchNormalization()
    layer.build((None, 4))
    with pytest.raises(ValueError, match="size 4 on axis 1"):
        layer(tf.ones((2, 5)))
