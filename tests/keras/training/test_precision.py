"""Dtype policies in training: what is computed in which dtype, globally and for one layer."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers

RNG = np.random.default_rng(0)
X = RNG.normal(size=(64, 6)).astype("float32")
LABELS = (X[:, 0] > 0).astype("int32")


@pytest.fixture
def policy(request):
    keras.config.set_dtype_policy(request.param)
    yield request.param
    keras.config.set_dtype_policy("float32")


@pytest.mark.parametrize(
    "policy", ["float32", "float64", "bfloat16", "mixed_bfloat16", "mixed_float16"], indirect=True
)
def test_a_classifier_learns_under_every_policy(policy):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((6,)),
            layers.Dense(16, activation="relu"),
            layers.BatchNormalization(),
            layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy")
    history = model.fit(X, LABELS, epochs=12, batch_size=16, verbose=0).history["loss"]
    assert history[-1] < 0.6 * history[0]
    chosen = keras.DTypePolicy(policy)
    assert model(X[:1]).dtype.name == chosen.compute_dtype
    assert {w.dtype for w in model.weights} == {chosen.variable_dtype}
    assert all(v.dtype == "float32" for v in model.metrics[0].variables)
    scaled = isinstance(model.optimizer, keras.optimizers.LossScaleOptimizer)
    assert scaled == (policy == "mixed_float16")


def test_one_layer_has_a_policy_of_its_own():
    x = keras.Input((6,))
    half = layers.Dense(4, dtype="mixed_bfloat16")
    model = keras.Model(x, layers.Dense(1, dtype="float32")(half(x)))
    assert half.output.dtype == "bfloat16"
    assert half.kernel.dtype == "float32"
    assert model(X).dtype == tf.float32
    assert keras.Model.from_config(model.get_config()).layers[1].dtype_policy.name == "mixed_bfloat16"


def test_losses_and_softmax_are_computed_in_float32():
    logits = tf.cast(RNG.normal(size=(4, 1000)), tf.bfloat16)
    probabilities = keras.activations.softmax(logits)
    assert probabilities.dtype == tf.bfloat16
    total = tf.reduce_sum(tf.cast(probabilities, tf.float32), axis=-1)
    np.testing.assert_allclose(total, 1.0, atol=2e-3)
    keras.config.set_dtype_policy("mixed_float16")
    try:
        outputs = tf.fill((2, 1), tf.constant(300.0, tf.float16))
        loss = keras.losses.MeanSquaredError()(tf.zeros((2, 1)), outputs)
    finally:
        keras.config.set_dtype_policy("float32")
    assert loss.dtype == tf.float32
    assert float(loss) == pytest.approx(9e4)


def test_a_step_that_overflows_is_left_out_and_halves_the_scale():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = keras.Sequential([keras.Input((6,)), layers.Dense(1)])
        model.compile("sgd", "mse")
    finally:
        keras.config.set_dtype_policy("float32")
    model.train_on_batch(X[:8], X[:8, :1])
    scale = float(model.optimizer.dynamic_scale)
    before = model.get_weights()[0]
    model.train_on_batch(np.full((8, 6), 3e4, "float32"), X[:8, :1])
    np.testing.assert_array_equal(before, model.get_weights()[0])
    assert float(model.optimizer.dynamic_scale) == scale / 2
