"""Inner layers from configs, and copies of layers with other settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thalweg._src.keras.base.serialization import (
    CustomObjectScope,
    deserialize_keras_object,
    plain,
)
from thalweg._src.keras.layers.base.layer import Layer


def layer_from(config: Any, custom_objects: Any = None) -> Any:
    """The layer that a config describes, not yet built: its owner builds it under its own name.

    Args:
        config: What `plain` made of a layer; a layer is given back as it is.
        custom_objects: Classes by name.
    """
    if not isinstance(config, Mapping):
        return config
    unbuilt = {key: value for key, value in config.items() if key != "build_config"}
    return deserialize_keras_object(unbuilt, custom_objects)


def copy_of(layer: Layer, **changes: Any) -> Any:
    """Layer with the same settings and fresh weights, also of classes that are not registered.

    Args:
        layer: The layer.
        **changes: Settings that differ, such as its name.
    """
    classes = {type(part).__name__: type(part) for part in layer._flatten_layers()}
    with CustomObjectScope(classes):
        return type(layer).from_config(plain(layer.get_config()) | changes)
