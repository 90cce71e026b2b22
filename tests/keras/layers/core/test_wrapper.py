"""Wrapper: the inner layer is built, saved and found again."""

from __future__ import annotations

import pytest

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers


@keras.saving.register_keras_serializable("test_wrapper")
class Twice(layers.Wrapper):
    def call(self, inputs):
        return self.layer(self.layer(inputs))


def test_the_inner_layer_is_built_and_tracked():
    layer = Twice(layers.Dense(3))
    assert layer(tf.ones((2, 3))).shape == (2, 3)
    assert [w.name for w in layer.weights] == ["kernel", "bias"]


def test_the_config_holds_the_inner_layer():
    layer = Twice(layers.Dense(3, name="inner"), name="outer")
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert isinstance(copy.layer, layers.Dense)
    assert (copy.name, copy.layer.name, copy.layer.units) == ("outer", "inner", 3)


def test_only_layers_are_wrapped():
    with pytest.raises(ValueError, match="expected a layer to wrap, got 3"):
        layers.Wrapper(3)
