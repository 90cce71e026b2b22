"""Functions as arguments of layers: what a config says of them, and the way back."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from thalweg._src.base.errors import SavingError
from thalweg._src.keras.base.serialization import deserialize_keras_object, own_name, plain


def written(value: Any) -> Any:
    """A function as plain data where it has a lasting name; other values plain."""
    own = own_name(value) if inspect.isroutine(value) else None
    if own is None:
        return plain(value)
    module, name = own
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def restored(where: str, value: Any, custom_objects: Any) -> Any:
    """What `written` was given.

    Args:
        where: The layer's class, for messages.
        value: Part of a config.
        custom_objects: Functions by name.

    Raises:
        SavingError: The code of a lambda, or a name that is not known.
    """
    if isinstance(value, Mapping) and value.get("class_name") == "__lambda__":
        raise SavingError(
            f"[{where}.from_config] expected a function with a name, got the code of a lambda, which is "
            "never run; define the function, register it with "
            "keras.saving.register_keras_serializable(), and save the model again."
        )
    if isinstance(value, Mapping):
        return deserialize_keras_object(value, custom_objects)
    return tuple(value) if isinstance(value, list) else value
