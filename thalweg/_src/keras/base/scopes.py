"""`name_scope` and `device`, as `keras` spells them."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from typing import Any

from thalweg._src.core import device as devices
from thalweg._src.keras.base.variable import path_scope


class _OpenScopes(threading.local):
    """Name and caller of the scopes that are open in this thread."""

    def __init__(self) -> None:
        self.opened: list[tuple[str, Any]] = []


class name_scope:
    """Context whose name becomes a part of the paths of the Variables created inside.

    Args:
        name: Name without slashes.
        **kwargs: ``caller``: object on whose behalf the scope is opened; a scope that the same caller has
            opened already with ``deduplicate`` is not opened twice.

    Raises:
        ValueError: The name is empty or has a slash.

    Example:
        >>> import thalweg as tf
        >>> with tf.keras.name_scope("encoder"):
        ...     v = tf.keras.Variable(1.0, name="scale")
        >>> v.path
        'encoder/scale'

    Source: `keras.name_scope`.
    """

    _here = _OpenScopes()

    def __init__(self, name: str, **kwargs: Any) -> None:
        if not isinstance(name, str) or not name or "/" in name:
            raise ValueError(f"[name_scope] expected a name without '/', got {name!r}.")
        self.name = name
        self.caller = kwargs.pop("caller", None)
        self.deduplicate = kwargs.pop("deduplicate", True)
        if kwargs:
            raise TypeError(f"[name_scope] got unknown arguments {sorted(kwargs)}.")
        self._stack = ExitStack()

    def __enter__(self) -> name_scope:
        mine = (self.name, self.caller)
        again = self.deduplicate and self.caller is not None and self._here.opened[-1:] == [mine]
        if not again:
            self._stack.enter_context(path_scope(self.name))
        self._here.opened.append(mine)
        return self

    def __exit__(self, *args: object, **kwargs: object) -> None:
        self._here.opened.pop()
        self._stack.close()


def device(device_name: Any) -> Any:
    """Context in which tensors are made on a device.

    Args:
        device_name: Such as ``"gpu:0"`` or ``"cpu"``.

    Source: `keras.device`.
    """
    return devices.device(device_name)
