"""Checks of static arguments: sizes, counts and offsets that must be known before an op runs."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.core import xla
from thalweg._src.core.convert import as_tensor
from thalweg._src.core.symbolic import KerasTensor, symbols_in
from thalweg._src.core.tensor import Tensor, is_traced


def int_of(where: str, what: str, value: Any) -> int:
    """`value` as an int.

    Args:
        where: Name of the op, for messages.
        what: Name of the argument, for messages.
        value: A frozen argument.

    Raises:
        DTypeError: It is no integer, such as 2.0 or None.
    """
    try:
        if isinstance(value, bool):
            raise TypeError
        return operator.index(value)
    except TypeError:
        raise DTypeError(
            f"[{where}] expected {what} made of integers, got {value!r} of type "
            f"{type(value).__name__}; write it as an int."
        ) from None


def ints_of(where: str, what: str, value: Any) -> tuple[int, ...]:
    """A frozen list of integers as a tuple; a single integer stands for a list of one."""
    if not isinstance(value, (tuple, list)):
        return (int_of(where, what, value),)
    for part in value:
        if isinstance(part, (tuple, list)):
            raise InvalidArgumentError(
                f"[{where}] expected {what} as a list of integers, got {value!r}; flatten it."
            )
    return tuple(int_of(where, what, part) for part in value)


def sizes_of(where: str, what: str, value: Any) -> tuple[int, ...]:
    """A frozen list of sizes as a tuple of ints that are 0 or more.

    Raises:
        InvalidArgumentError: A size is negative.
    """
    sizes = ints_of(where, what, value)
    if any(size < 0 for size in sizes):
        raise InvalidArgumentError(
            f"[{where}] expected {what} of sizes 0 or more, got {list(sizes)}; compute the size first."
        )
    return sizes


def pairs_of(where: str, what: str, value: Any, rank: int) -> tuple[tuple[int, int], ...]:
    """A frozen ``(rank, 2)`` list of amounts that are 0 or more, as pairs.

    Raises:
        InvalidArgumentError: It has another shape or a negative amount.
    """
    rows = value if isinstance(value, (tuple, list)) else ()
    if len(rows) != rank or any(not isinstance(r, (tuple, list)) or len(r) != 2 for r in rows):
        raise InvalidArgumentError(
            f"[{where}] expected {what} of shape ({rank}, 2), one pair for each dimension, got "
            f"{value!r}."
        )
    return tuple(sizes_of(where, what, row) for row in rows)  # type: ignore[misc]


def host_value(value: Any) -> np.ndarray[Any, Any] | None:
    """Value of an argument as a NumPy array when it is known now, else None.

    None is returned for tracers, symbolic tensors, and arrays that live on an accelerator, whose
    reading would wait for it.
    """
    if isinstance(value, KerasTensor):
        return None
    tensor = as_tensor(value)
    if tensor is None:
        if next(symbols_in(value), None) is not None or _holds_tracer(value):
            return None
        return np.asarray(value)
    array = tensor.array
    if type(array) is np.ndarray:
        return array
    if is_traced(tensor) or not array.is_fully_addressable or not xla.on_cpu():
        return None
    return np.asarray(array)


def _holds_tracer(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(_holds_tracer(part) for part in value)
    tensor = as_tensor(value)
    return tensor is not None and is_traced(tensor)


def need_integers(where: str, what: str, values: np.ndarray[Any, Any]) -> None:
    """Refuses known values that are no integers, such as texts where indices are expected.

    Args:
        where: Name of the op, for messages.
        what: Name of the argument, for messages.
        values: The values; an empty list, which is of a float dtype to NumPy, will do.

    Raises:
        DTypeError: They are of another kind.
    """
    if values.size and values.dtype.kind not in "iub":
        kind = "string" if values.dtype.kind in "OSU" else values.dtype
        raise DTypeError(
            f"[{where}] expected {what} made of integers, got dtype {kind} of shape {values.shape}; cast "
            "them with tf.cast, or look words up as numbers first."
        )


def is_eager(value: Any) -> bool:
    """True when `value` is a tensor with a value on a device and no program is being traced."""
    return type(value) is Tensor and type(value.array) is xla.ArrayImpl and not xla.tracing()
