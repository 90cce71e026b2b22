"""Finding objects by name: what a string, a config or a callable given by the user stands for."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from thalweg._src.base.errors import UnknownNameError
from thalweg._src.base.naming import nearest, snake_case
from thalweg._src.keras.base.serialization import deserialize_keras_object, get_registered_object


def table_of(*objects: Any, **aliases: Any) -> dict[str, Any]:
    """Table from names to objects: each under its own name, in snake case and lower case.

    Args:
        *objects: Classes and functions.
        **aliases: Further names.
    """
    table: dict[str, Any] = {}
    for item in objects:
        name = item.__name__
        table.update({name: item, snake_case(name): item, name.lower(): item})
    return table | aliases


def resolve(kind: str, identifier: Any, table: Mapping[str, Any]) -> Any:
    """Object that `identifier` stands for.

    Args:
        kind: What is looked for, for messages: ``"loss"``.
        identifier: A name, a config (``{"class_name": ..., "config": {...}}``), a class, or the object.
        table: Known names.

    Returns:
        An instance for names of classes, the function for names of functions, and the object itself for
        everything callable.

    Raises:
        UnknownNameError: No such name; the message suggests the nearest.
    """
    if isinstance(identifier, Mapping):
        return deserialize_keras_object(identifier, module_objects=table)
    if isinstance(identifier, str):
        found = get_registered_object(identifier) or _named(kind, identifier, table)
        return found() if inspect.isclass(found) else found
    if inspect.isclass(identifier):
        return identifier()
    if callable(identifier) or isinstance(identifier, _roots(table)):
        return identifier
    raise UnknownNameError(
        f"[{kind}] expected a name, a config or a callable, got {identifier!r} of type "
        f"{type(identifier).__name__}."
    )


def _roots(table: Mapping[str, Any]) -> tuple[type, ...]:
    """Common base classes of a table's classes: their instances need no look-up."""
    return tuple({c.__mro__[-2] for c in table.values() if inspect.isclass(c)})


def _named(kind: str, name: str, table: Mapping[str, Any]) -> Any:
    found: Callable[..., Any] | None = table.get(name) or table.get(name.lower())
    if found is None:
        raise UnknownNameError(f"[{kind}] no {kind} is called {name!r}. {nearest(name, table)}")
    return found
