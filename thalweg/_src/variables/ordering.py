"""Order of graph mode, for programs that still write it: what groups, waits and does nothing.

Ops run in the order in which they are written, in compiled programs too, so that dependencies need not be
named.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.dtypes import float64
from thalweg._src.core.tensor import Tensor


@contextmanager
def control_dependencies(control_inputs: Any) -> Iterator[None]:
    """Context whose ops run after `control_inputs`, as everything written later does anyway.

    Args:
        control_inputs: Tensors or functions of no arguments, which are called now; or None.

    Source: `tf.control_dependencies`.
    """
    for item in control_inputs or ():
        if callable(item):
            item()
    yield


def no_op(name: str | None = None) -> None:
    """Nothing. Source: `tf.no_op`."""
    del name


def group(*inputs: Any, **kwargs: Any) -> None:
    """Nothing: the inputs were computed when they were written.

    Args:
        *inputs: Tensors, or structures of them.
        **kwargs: ``name`` only.

    Source: `tf.group`.
    """
    if set(kwargs) - {"name"}:
        raise ValueError(f"[group] expected no argument but name, got {sorted(kwargs)}.")
    nest.flatten(list(inputs))


def tuple_(tensors: Any, control_inputs: Any = None, name: str | None = None) -> list[Any]:
    """The tensors as a list: all are computed when they were written.

    Args:
        tensors: List of tensors, or None in it.
        control_inputs: Tensors that are computed too.
        name: Unused, as there is no graph to name things in.

    Source: `tf.tuple`.
    """
    del control_inputs, name
    if not tensors:
        raise ValueError("[tuple] expected at least one tensor, got none.")
    return [None if t is None else convert_to_tensor(t) for t in tensors]


def timestamp(name: str | None = None) -> Tensor:
    """Seconds since 1970 as a float64 scalar; in a compiled program those of its trace.

    Source: `tf.timestamp`.
    """
    del name
    return convert_to_tensor(np.float64(time.time()), float64)
