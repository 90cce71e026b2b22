"""Functions as arguments of layers: what a config says of them, and the way back."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from thalweg._src.keras.base.serialization import deserialize_keras_object, own_name, plain


def written(value: Any) -> Any:
    """A function as plain data where it has a lasting name; other values plain."""
    own = own_name(value) if inspect.isroutine(value) else None
    if own is None:
        return plain(value)
    module, name = own
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def restored(value: Any, custom_objects: Any) -> Any:
    """What `written` was given.

    Args:
        value: Part of a config.
        custom_objects: Functions by name.

    Raises:
        SavingError: The code of a lambda where that is not allowed, or a name that is not known.
    """
    if isinstance(value, Mapping):
        return deserialize_keras_object(value, custom_objects)
    return tuple(value) if isinstance(value, list) else value
