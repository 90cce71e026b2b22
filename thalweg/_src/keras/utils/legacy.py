"""Objects as configs in the form of Keras 2: ``{"class_name": ..., "config": ...}``, functions by name."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from thalweg._src.base.errors import SavingError, UnknownNameError
from thalweg._src.base.naming import nearest
from thalweg._src.keras.base.serialization import (
    CustomObjectScope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
)

# Marks an object inside of a config, which is to be made anew with the object that holds it.
_NESTED = "__passive_serialization__"


def serialize_keras_object(instance: Any) -> Any:
    """The object as data in the form of Keras 2.

    Args:
        instance: Object with `get_config`, function with a name, class, or None.

    Returns:
        ``{"class_name": ..., "config": ...}`` of an object, the name of a function, None for None.

    Raises:
        SavingError: Something else, or a lambda, which has no name to find it by.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.utils.legacy.serialize_keras_object(tf.keras.initializers.Zeros())
        {'class_name': 'Zeros', 'config': {}}

    Source: `keras.utils.legacy.serialize_keras_object`, which writes a lambda as ``"<lambda>"``.
    """
    if instance is None:
        return None
    if hasattr(instance, "get_config") and not inspect.isclass(instance):
        config = {key: _nested(value) for key, value in instance.get_config().items()}
        return {"class_name": get_registered_name(type(instance)), "config": config}
    name = getattr(instance, "__name__", None)
    if name is None or name == "<lambda>":
        raise SavingError(
            f"[serialize_keras_object] expected an object with get_config() or a function with a name, got "
            f"{instance!r}; add the method, or define the function with def."
        )
    return get_registered_name(instance)


def _nested(value: Any) -> Any:
    if hasattr(value, "get_config") and not inspect.isclass(value):
        return serialize_keras_object(value) | {_NESTED: True}
    return serialize_keras_object(value) if inspect.isroutine(value) else value


def deserialize_keras_object(
    identifier: Any,
    module_objects: Mapping[str, Any] | None = None,
    custom_objects: Mapping[str, Any] | None = None,
    printable_module_name: str = "object",
) -> Any:
    """The object that data in the form of Keras 2 describe.

    Args:
        identifier: ``{"class_name": ..., "config": ...}``, the name of a function or of a class that needs
            no arguments, a function, or None.
        module_objects: Classes and functions by name, looked at last.
        custom_objects: Classes and functions by name, looked at before registered ones.
        printable_module_name: What the object is called in errors, such as ``"loss function"``.

    Returns:
        The object; a function or None as it came.

    Raises:
        UnknownNameError: No table has the name.
        SavingError: The identifier is not as above.

    Example:
        >>> import thalweg as tf
        >>> table = {"Zeros": tf.keras.initializers.Zeros}
        >>> tf.keras.utils.legacy.deserialize_keras_object("Zeros", table).get_config()
        {}

    Source: `keras.utils.legacy.deserialize_keras_object`, which in Keras 3.15 fails for names.
    """
    if identifier is None or inspect.isfunction(identifier):
        return identifier
    tables = (module_objects, custom_objects, printable_module_name)
    if isinstance(identifier, str):
        found = _found(identifier, *tables)
        return found() if inspect.isclass(found) else found
    if not isinstance(identifier, Mapping) or not {"class_name", "config"} <= set(identifier):
        raise SavingError(
            "[deserialize_keras_object] expected a name or a dictionary with 'class_name' and 'config', got "
            f"{identifier!r}; keras.saving.deserialize_keras_object reads the form of Keras 3."
        )
    kind = _found(str(identifier["class_name"]), *tables)
    config = {key: _made_anew(value, *tables) for key, value in identifier["config"].items()}
    if not hasattr(kind, "from_config"):
        return kind(**config)
    with CustomObjectScope(custom_objects):
        if "custom_objects" in inspect.signature(kind.from_config).parameters:
            return kind.from_config(config, custom_objects=get_custom_objects() | dict(custom_objects or {}))
        return kind.from_config(config)


def _made_anew(
    value: Any,
    module_objects: Mapping[str, Any] | None,
    custom_objects: Mapping[str, Any] | None,
    printable_module_name: str,
) -> Any:
    """Part of a config: a marked object, or a function where one has that name; all else as it came."""
    if isinstance(value, Mapping) and value.get(_NESTED):
        return deserialize_keras_object(value, module_objects, custom_objects, printable_module_name)
    if isinstance(value, str):
        found = get_registered_object(value, custom_objects, module_objects)
        return found if inspect.isfunction(found) else value
    return value


def _found(
    name: str,
    module_objects: Mapping[str, Any] | None,
    custom_objects: Mapping[str, Any] | None,
    printable_module_name: str,
) -> Any:
    found = get_registered_object(name, custom_objects, module_objects)
    if found is None:
        known = {*(module_objects or {}), *(custom_objects or {})}
        raise UnknownNameError(
            f"[deserialize_keras_object] expected a known {printable_module_name}, got {name!r}; pass it in "
            f"custom_objects. {nearest(name, known)}"
        )
    return found
