"""States of cells: their first values, and the form in which a cell takes them."""

from __future__ import annotations

import inspect
from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.shapes import TensorShape
from thalweg._src.ops.casting import cast
from thalweg._src.ops.creation import zeros


def zero_states(cell: Any, batch_size: Any, dtype: str) -> Any:
    """First states of a cell: what its `get_initial_state` says, else zeros of its `state_size`.

    Args:
        cell: The cell. Its `get_initial_state` may take ``inputs``, ``batch_size`` and ``dtype``.
        batch_size: Number of sequences.
        dtype: Dtype of the states.

    Returns:
        Structure of tensors, a list at least.
    """
    make = getattr(cell, "get_initial_state", None)
    if make is None:
        return _listed(_zeros(cell.state_size, batch_size, dtype))
    known = inspect.signature(make).parameters
    given = {"inputs": None, "batch_size": batch_size, "dtype": dtype}
    return _listed(make(**{name: value for name, value in given.items() if name in known}))


def _listed(states: Any) -> Any:
    return states if nest.is_nested(states) else [states]


def _zeros(size: Any, batch_size: Any, dtype: str) -> Any:
    """Zeros for a size: an int, a shape without the batch, or a structure of them."""
    if isinstance(size, int):
        return zeros((batch_size, size), dtype=dtype)
    if isinstance(size, TensorShape):
        return zeros((batch_size, *size.as_list()), dtype=dtype)
    if isinstance(size, dict):
        return {key: _zeros(part, batch_size, dtype) for key, part in size.items()}
    return [_zeros(part, batch_size, dtype) for part in size]


def in_dtype(values: Any, dtype: str) -> Any:
    """A structure of tensors, the floating ones in one dtype."""
    return nest.map_structure(
        lambda value: cast(value, dtype) if dtypes.as_dtype(value.dtype).is_floating else value, values
    )


def given_states(where: str, states: Any, form: Any) -> Any:
    """States that a user gave, in the form that the cell takes.

    Args:
        where: The layer, for messages.
        states: A tensor, or a structure of them.
        form: The cell's own first states.

    Raises:
        InvalidArgumentError: Another number of states.
        ShapeError: A state of another shape.
    """
    wanted = nest.flatten(form)
    found = [convert_to_tensor(state) for state in nest.flatten(states)]
    if len(found) != len(wanted):
        raise InvalidArgumentError(
            f"[{where}] expected an initial_state of {len(wanted)} tensor(s), got {len(found)}; an LSTM "
            "takes [h, c], a stack of cells the states of all of them."
        )
    for state, like in zip(found, wanted, strict=True):
        if tuple(state.shape) != tuple(like.shape):
            raise ShapeError(
                f"[{where}] expected an initial_state of shape {tuple(like.shape)}, got "
                f"{tuple(state.shape)}; it has one row for each sequence and one column for each unit."
            )
    return nest.pack_sequence_as(
        form, [cast(s, dtypes.as_dtype(f.dtype)) for s, f in zip(found, wanted, strict=True)]
    )
