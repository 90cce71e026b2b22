"""Name scopes: prefixes of the names of Variables made inside a ``with`` block."""

from __future__ import annotations

import threading
from typing import Any


class _Scopes(threading.local):
    def __init__(self) -> None:
        self.prefixes: list[str] = []


_scopes = _Scopes()


def current_scope() -> str:
    """Prefix for new names: ``"outer/inner/"``, or an empty string outside of all scopes."""
    return _scopes.prefixes[-1] if _scopes.prefixes else ""


class name_scope:
    """Context manager that puts a name in front of the names of Variables made inside.

    Args:
        name: Part of the name. One that ends with a slash is taken as it is, without the surrounding
            scopes; an empty one leaves all scopes.

    Raises:
        ValueError: `name` is no string.

    Example:
        >>> import thalweg as tf
        >>> with tf.name_scope("encoder") as scope:
        ...     print(scope, tf.Variable(1.0, name="w").name)
        encoder/ encoder/w:0

    Source: `tf.name_scope`. Ops bear no names here, so that scopes name Variables only; Keras layers
    name their weights themselves.
    """

    def __init__(self, name: str) -> None:
        if not isinstance(name, str):
            raise ValueError(  # noqa: TRY004 as in TensorFlow
                f"[name_scope] expected the name as a str, got {name!r} of type {type(name).__name__}."
            )
        self._name = name

    @property
    def name(self) -> str:
        """The name given."""
        return self._name

    def __enter__(self) -> str:
        if not self._name or self._name.endswith("/"):
            prefix = self._name
        else:
            prefix = f"{current_scope()}{self._name}/"
        _scopes.prefixes.append(prefix)
        return prefix

    def __exit__(self, type_arg: Any, value_arg: Any, traceback_arg: Any) -> None:
        _scopes.prefixes.pop()


def get_current_name_scope() -> str:
    """Names of the open scopes, outermost first, joined by slashes; "" outside of any.

    Source: `tf.get_current_name_scope`.
    """
    return current_scope().rstrip("/")
