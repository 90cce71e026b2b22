"""SpectralNormalization: the kernel's largest singular value, in training only."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers


def largest(kernel):
    return np.linalg.svd(np.asarray(kernel).reshape(-1, kernel.shape[-1]), compute_uv=False)[0]


@pytest.mark.parametrize(
    ("inner", "inputs"),
    [
        (layers.Dense(3), np.ones((2, 4), "float32")),
        (layers.Conv2D(3, 2), np.ones((1, 3, 3, 2), "float32")),
        (layers.Embedding(5, 3), np.ones((2, 2), "int32")),
    ],
    ids=["dense", "conv", "embedding"],
)
def test_the_kernel_is_divided_in_training_only(inner, inputs):
    layer = layers.SpectralNormalization(inner, power_iterations=30)
    layer(inputs)
    layer.kernel.assign(layer.kernel * 5.0)
    before = layer.get_weights()
    layer(inputs, training=False)
    for a, b in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    layer(inputs, training=True)
    assert largest(layer.kernel.numpy()) == pytest.approx(1.0, rel=1e-3)


def test_a_compiled_step_is_an_eager_one():
    x, y = np.cos(np.arange(8.0)).reshape(2, 4).astype("float32"), np.ones((2, 1), "float32")

    def made():
        keras.utils.set_random_seed(5)
        layer = layers.SpectralNormalization(layers.Dense(1))
        model = keras.Sequential([keras.Input((4,)), layer])
        model.compile(keras.optimizers.SGD(0.5), "mse")
        return model

    one, two = made(), made()
    one.fit(x, y, epochs=2, verbose=0)
    for _ in range(2):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(two(x, training=True) - y))
        weights = two.trainable_weights
        two.optimizer.apply(tape.gradient(loss, weights), weights)
    for a, b in zip(one.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_weights_are_whole_under_mixed_precision():
    layer = layers.SpectralNormalization(
        layers.Dense(3, dtype="mixed_bfloat16"), dtype="mixed_bfloat16"
    )
    assert layer(tf.ones((1, 4)), training=True).dtype == tf.bfloat16
    kernel = layer.kernel.numpy()
    assert (kernel != tf.cast(tf.cast(kernel, "bfloat16"), "float32").numpy()).any()


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (
            lambda: layers.SpectralNormalization(layers.Identity())(tf.ones((1, 2))),
            "kernel or embeddings",
        ),
        (
            lambda: layers.SpectralNormalization(layers.Dense(1), 0),
            "expected power_iterations as a positive",
        ),
        (lambda: layers.SpectralNormalization(3), "expected a layer to wrap"),
    ],
)
def test_misuse_is_refused(act, message):
    with pytest.raises(ValueError, match=message):
        act()
