"""Layers as configs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.base.serialization import (
    deserialize_keras_object,
    serialize_keras_object,
)
from thalweg._src.keras.layers.base.layer import Layer


def serialize(layer: Layer) -> dict[str, Any]:
    """Config of a layer, from which `deserialize` makes an equal one with fresh weights.

    Args:
        layer: A layer.

    Example:
        >>> import thalweg as tf
        >>> config = tf.keras.layers.serialize(tf.keras.layers.Dense(3))
        >>> config["class_name"], tf.keras.layers.deserialize(config).units
        ('Dense', 3)

    Source: `keras.layers.serialize`.
    """
    config: dict[str, Any] = serialize_keras_object(layer)
    return config


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Layer:
    """Layer that a config describes.

    Args:
        config: What `serialize` returned.
        custom_objects: Classes and functions by name.

    Raises:
        ValueError: The config describes no layer.

    Source: `keras.layers.deserialize`.
    """
    found = deserialize_keras_object(config, custom_objects)
    if not isinstance(found, Layer):
        raise InvalidArgumentError(
            f"[layers.deserialize] expected the config of a layer, got {config!r}, which describes "
            f"{type(found).__name__}."
        )
    return found
