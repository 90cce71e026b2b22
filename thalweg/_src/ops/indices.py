"""Checks of indices that are tensors: their dtype, their length and, where known, their range."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import IndexRangeError, InvalidArgumentError, ShapeError
from thalweg._src.core.convert import as_tensor, contains_tensor, convert_to_tensor, to_host
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor, is_static
from thalweg._src.ops.arguments import host_value
from thalweg._src.ops.support import INTEGER, needs

POLICIES = ("", "DEFAULT", "ERROR", "IGNORE")


def tensor_of(value: Any) -> Any:
    """`value` as a tensor, or as the symbolic tensor that it is."""
    return value if isinstance(value, KerasTensor) else convert_to_tensor(value)


def indices_of(where: str, indices: Any, params: Any) -> Any:
    """`indices` as a tensor of integers, on the host when `params` is on the host.

    Raises:
        DTypeError: They are no integers.
    """
    if isinstance(indices, KerasTensor):
        return indices
    tensor = as_tensor(indices)
    if tensor is None and contains_tensor(indices):
        tensor = convert_to_tensor(indices)
    elif tensor is None:
        # Constants ride along from the host: they need not be put on the device first.
        tensor = Tensor(to_host(indices, None, where))
    if isinstance(tensor, KerasTensor):
        return tensor
    needs(where, INTEGER, tensor.array)
    if isinstance(params, Tensor) and is_static(params) and not is_static(tensor):
        known = host_value(tensor)
        return tensor if known is None else Tensor(known)
    return tensor


def check_range(where: str, indices: Any, limit: int | None) -> None:
    """Refuses indices outside [0, limit) where their values are known.

    Raises:
        InvalidArgumentError: The first index at fault is named.
    """
    value = None if limit is None else host_value(indices)
    if value is None or not value.size:
        return
    unsigned = value.view(f"u{value.dtype.itemsize}") if value.dtype.kind == "i" else value
    if unsigned.max() < limit:
        return
    place = np.argwhere((value < 0) | (value >= limit))[0]
    raise IndexRangeError(
        f"[{where}] expected indices from 0 to {limit - 1}, got indices{_at(place)} = "  # type: ignore[operator]
        f"{value[tuple(place)]}; check the ids, or make the table larger."
    )


def _at(place: Any) -> str:
    return "".join(f"[{int(i)}]" for i in place)


def check_nd_range(where: str, indices: Any, shape: Any, policy: str) -> None:
    """Refuses index vectors that do not point into `shape`, where their values are known.

    Args:
        where: Name of the op.
        indices: Integers of shape ``(..., depth)``.
        shape: Sizes of at least `depth` dimensions.
        policy: ``"IGNORE"`` checks nothing.
    """
    if policy not in POLICIES:
        raise InvalidArgumentError(
            f"[{where}] expected bad_indices_policy '', 'DEFAULT', 'ERROR' or 'IGNORE', got {policy!r}."
        )
    value = None if policy == "IGNORE" else host_value(indices)
    if value is None or not value.size:
        return
    limits = np.array([np.inf if d is None else d for d in shape[: value.shape[-1]]])
    outside = ((value < 0) | (value >= limits)).any(-1)
    if outside.any():
        place = tuple(np.argwhere(outside)[0])
        raise IndexRangeError(
            f"[{where}] indices{_at(place)} = {value[place].tolist()} does not index into shape "
            f"{list(shape)}; expected every entry from 0 to its size less one."
        )


def check_depth(where: str, indices: Any, shape: Any, batch_dims: int = 0) -> int:
    """Length of the index vectors, checked against the rank that they point into."""
    if not len(indices.shape):
        raise ShapeError(
            f"[{where}] expected indices of rank 1 or more, got a scalar; put it in a list."
        )
    depth = indices.shape[-1]
    if depth + batch_dims > len(shape):
        raise ShapeError(
            f"[{where}] expected index vectors of at most {len(shape) - batch_dims} entries for shape "
            f"{tuple(shape)}, got indices of shape {tuple(indices.shape)}; they are {depth} long."
        )
    return depth
