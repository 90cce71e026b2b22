"""Lambda: functions with masks and training, shapes told or found, configs without code."""

from __future__ import annotations

import json

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers


@keras.saving.register_keras_serializable("test_lambda_layer")
def doubled(x):
    return x * 2


def test_arguments_mask_and_training_are_given_to_those_who_ask():
    seen = {}

    def function(x, power, mask=None, training=None):
        seen.update(mask=mask, training=training)
        return x**power

    layer = layers.Lambda(function, arguments={"power": 3})
    inputs, mask = tf.constant([[2.0]]), tf.constant([[True]])
    assert layer(inputs, mask=mask, training=True).numpy().tolist() == [[8.0]]
    assert seen == {"mask": mask, "training": True}


@pytest.mark.parametrize("output_shape", [(6,), lambda shape: (shape[0], 6)])
def test_a_told_shape_is_drawn_without_running_the_function(output_shape):
    runs = []
    layer = layers.Lambda(lambda x: runs.append(x) or tf.tile(x, [1, 2]), output_shape=output_shape)
    assert layer(keras.Input((3,))).shape == (None, 6)
    assert not runs


def test_the_shape_is_found_by_tracing():
    layer = layers.Lambda(lambda parts: tf.concat(parts, -1))
    assert layer([keras.Input((3,)), keras.Input((2,))]).shape == (None, 5)
    assert layers.Lambda(lambda x: tf.cast(x, "int32"))(keras.Input((3,))).dtype == "int32"


def test_masks_are_made_by_the_function_given():
    layer = layers.Lambda(lambda x: x, mask=lambda inputs, mask: inputs[..., 0] > 0)
    model = keras.Sequential([keras.Input((2, 1)), layer, layers.Activation("linear")])
    model.compile("sgd", "mse")
    inputs = np.array([[[2.0], [-1.0]]], "float32")
    assert model.evaluate(inputs, np.zeros((1, 2, 1), "float32"), verbose=0) == pytest.approx(4.0)


def test_a_config_in_the_process_keeps_the_function():
    def function(x):
        return x + 1

    model = keras.Sequential([keras.Input((2,)), layers.Lambda(function)])
    copy = keras.Sequential.from_config(model.get_config())
    assert copy.layers[0].function is function
    assert keras.models.clone_model(model)(tf.ones((1, 2))).numpy().tolist() == [[2.0, 2.0]]


@pytest.mark.parametrize("function", [doubled, keras.activations.relu])
def test_functions_with_a_name_go_through_json(function):
    text = json.dumps(
        keras.saving.serialize_keras_object(layers.Lambda(function, output_shape=(2,)))
    )
    copy = keras.saving.deserialize_keras_object(json.loads(text))
    assert copy.function is function
    assert copy.output_shape == (2,)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (
            lambda: keras.saving.serialize_keras_object(layers.Lambda(np.negative)),
            "register the function with register_keras_serializable",
        ),
        (
            lambda: layers.Lambda.from_config(
                {"function": {"class_name": "__lambda__", "config": {"code": "4wEAAAAA"}}}
            ),
            "which is not run",
        ),
        (lambda: layers.Lambda(3), "expected a function of the inputs, got 3"),
        (lambda: layers.Lambda(abs, output_shape="wide"), "expected output_shape as a tuple"),
    ],
)
def test_misuse_is_refused(act, message):
    with pytest.raises(ValueError, match=message):
        act()
