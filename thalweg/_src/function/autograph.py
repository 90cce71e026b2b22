"""Autograph: Python's control flow on tensors becomes control flow of the program."""

from __future__ import annotations

import enum
import functools
import inspect
import logging
from collections.abc import Callable
from typing import Any

from thalweg._src.function.autograph_calls import (
    autograph_artifact,
    converted_call,
    transpiler,
)
from thalweg._src.function.conversion import Hooks

_log = logging.getLogger("thalweg")


def convert(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` with its ``if``, ``while`` and ``for`` statements made to work on tensors.

    The functions it calls are converted as they are called, but not those of libraries. A function
    whose source is not known runs as it is.
    """
    if not callable(function):
        return function

    @functools.wraps(function, updated=())
    def converted(*args: Any, **kwargs: Any) -> Any:
        return converted_call(function, args, kwargs)

    return autograph_artifact(converted)


Hooks.convert = staticmethod(convert)


def do_not_convert(func: Callable[..., Any] | None = None) -> Any:
    """Function like `func` that `tf.function` leaves as it is, and what it calls with it.

    Args:
        func: Function; the result is a decorator when None.

    Returns:
        The function.

    Example:
        >>> import thalweg as tf
        >>> @tf.autograph.experimental.do_not_convert
        ... def plain(x):
        ...     return x + 1
        >>> tf.function(plain)(tf.constant(1)).numpy().item()
        2

    Source: `tf.autograph.experimental.do_not_convert`.
    """
    if func is None:
        return do_not_convert

    @functools.wraps(func)
    def plain(*args: Any, **kwargs: Any) -> Any:
        return func(*args, **kwargs)

    return autograph_artifact(plain)


def to_graph(
    entity: Callable[..., Any], recursive: bool = True, experimental_optional_features: Any = None
) -> Callable[..., Any]:
    """The converted function, for use without `tf.function`.

    Args:
        entity: Python function.
        recursive: Must be True: what the function calls is converted as well.
        experimental_optional_features: Has no effect.

    Returns:
        The function.

    Raises:
        TypeError: `entity` is no Python function.

    Example:
        >>> import thalweg as tf
        >>> def clip(x):
        ...     if x > 1.0:
        ...         x = tf.constant(1.0)
        ...     return x
        >>> tf.autograph.to_graph(clip)(tf.constant(3.0)).numpy().item()
        1.0

    Source: `tf.autograph.to_graph`.
    """
    plain = _python_function(entity, "to_graph")
    converted = transpiler().convert(plain)
    return autograph_artifact(functools.wraps(plain, updated=())(converted))


def to_code(
    entity: Callable[..., Any], recursive: bool = True, experimental_optional_features: Any = None
) -> str:
    """Source code of the converted function, to read.

    Args:
        entity: Python function.
        recursive: Has no effect on the text.
        experimental_optional_features: Has no effect.

    Returns:
        Python source.

    Source: `tf.autograph.to_code`.
    """
    return transpiler().source(_python_function(entity, "to_code"))


def _python_function(entity: Any, where: str) -> Any:
    plain = getattr(entity, "python_function", entity)
    plain = getattr(plain, "__func__", plain)
    if not inspect.isfunction(plain):
        raise TypeError(
            f"[autograph.{where}] expected a Python function or method, got {type(entity).__name__} "
            f"{entity!r}."
        )
    return plain


def set_verbosity(level: int, alsologtostdout: bool = False) -> None:
    """Sets how much conversion reports: 0 nothing but warnings, more for more.

    Args:
        level: Number from 0 to 10.
        alsologtostdout: Has no effect: the logger ``"thalweg"`` decides where messages go.

    Source: `tf.autograph.set_verbosity`.
    """
    _log.setLevel(logging.DEBUG if level > 0 else logging.WARNING)


def trace(*args: Any) -> None:
    """Prints its arguments when a function is traced, not when it runs.

    Source: `tf.autograph.trace`.
    """
    print(*args)


class Feature(enum.Enum):
    """Optional features of the conversion; here all of them are always on where they make sense.

    Source: `tf.autograph.experimental.Feature`.
    """

    ALL = "ALL"
    AUTO_CONTROL_DEPS = "AUTO_CONTROL_DEPS"
    ASSERT_STATEMENTS = "ASSERT_STATEMENTS"
    BUILTIN_FUNCTIONS = "BUILTIN_FUNCTIONS"
    EQUALITY_OPERATORS = "EQUALITY_OPERATORS"
    LISTS = "LISTS"
    NAME_SCOPES = "NAME_SCOPES"

    @classmethod
    def all(cls) -> tuple[Feature, ...]:
        """All features."""
        return tuple(cls)

    @classmethod
    def all_but(cls, exclude: Any) -> tuple[Feature, ...]:
        """All features but those in `exclude`."""
        left_out = exclude if isinstance(exclude, (list, tuple, set)) else (exclude,)
        return tuple(f for f in cls if f not in left_out and f is not cls.ALL)
