"""Layers as configs, by the functions of keras.layers."""

from __future__ import annotations

import json

import pytest

from thalweg import keras
from thalweg.keras import layers


def test_round_trip():
    config = json.loads(
        json.dumps(layers.serialize(layers.Dense(3, activation="relu", name="one")))
    )
    copy = layers.deserialize(config)
    assert isinstance(copy, layers.Dense)
    assert (copy.name, copy.units, copy.activation) == ("one", 3, keras.activations.relu)


def test_custom_classes_are_passed():
    class Mine(layers.Layer):
        pass

    config = {"class_name": "Mine", "config": {"name": "mine"}}
    assert layers.deserialize(config, {"Mine": Mine}).name == "mine"


def test_only_layers_are_layers():
    config = keras.saving.serialize_keras_object(keras.initializers.Zeros())
    with pytest.raises(ValueError, match="expected the config of a layer"):
        layers.deserialize(config)
