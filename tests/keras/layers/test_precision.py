"""Mixed precision inside compiled parts of a layer: Variables stay in the dtype in which they are kept."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers

STEP = 1e-4  # lost in float16 beside 1


class Counting(layers.Layer):
    """Multiplies by a weight, and adds up small steps, inside a compiled part."""

    def build(self, input_shape):
        self.factor = self.add_weight(shape=(), initializer="ones")
        self.total = self.add_weight(shape=(), initializer="ones", trainable=False, autocast=False)

    def once(self, x):
        self.total.assign_add(STEP)
        return x * self.factor


class InFunction(Counting):
    @tf.function
    def call(self, inputs):
        return self.once(inputs)


class InLoop(Counting):
    def call(self, inputs):
        return tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, self.once(x)), (0, inputs))[1]


@pytest.mark.parametrize(("kind", "steps"), [(InFunction, 1), (InLoop, 3)])
@pytest.mark.parametrize("wrap", [lambda f: f, tf.function], ids=["eager", "compiled"])
def test_state_keeps_its_precision(kind, steps, wrap):
    layer = kind(dtype="mixed_float16")
    layer.build((1, 2))
    call = wrap(lambda x: layer(x))
    with tf.GradientTape() as tape:
        outputs = call(tf.ones((1, 2)))
        loss = tf.reduce_sum(tf.cast(outputs, "float32"))
    assert outputs.dtype == tf.float16
    np.testing.assert_allclose(layer.total.numpy(), 1 + steps * STEP, rtol=1e-6)
    gradient = tape.gradient(loss, layer.trainable_variables)[0]
    assert gradient.dtype == tf.float32
    np.testing.assert_allclose(gradient, 2.0 * steps)


def test_a_float32_layer_in_a_mixed_loop():
    inner = layers.Dense(2, kernel_initializer="ones", dtype="float32")
    outer = layers.TimeDistributed(inner, dtype="mixed_float16")
    model = keras.Sequential([keras.Input((3, 2)), outer])
    outputs = model.predict(np.full((1, 3, 2), 1.0, "float32"), verbose=0)
    np.testing.assert_array_equal(outputs, np.full((1, 3, 2), 2.0))
