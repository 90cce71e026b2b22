"""Elements repeated: tile and repeat."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import (
    InvalidArgumentError,
    OperatorNotAllowedInGraphError,
    ShapeError,
)
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import symbols_in
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.arguments import host_value, need_integers, sizes_of
from thalweg._src.ops.gather import gather
from thalweg._src.ops.indices import tensor_of
from thalweg._src.ops.shaping import reshape
from thalweg._src.ops.support import axis_of


def _multiples(input: Any, multiples: Any) -> tuple[int, ...]:
    counts = sizes_of("tile", "multiples", multiples)
    if not isinstance(multiples, tuple) or len(counts) != input.ndim:
        raise ShapeError(
            f"[tile] expected one multiple for each of the {input.ndim} dimensions of shape "
            f"{tuple(input.shape)}, got {multiples!r}; use 1 to leave a dimension alone."
        )
    return counts


@op(
    "tile",
    inputs=("input",),
    host=lambda input, multiples: np.tile(input, _multiples(input, multiples)),
    moves=True,
)
def tile(input: Any, multiples: Any) -> Any:
    """Tensor laid side by side with itself along each dimension.

    Args:
        input: Tensor.
        multiples: Number of copies along each dimension, 0 or more.

    Returns:
        Tensor of shape ``input.shape * multiples``.

    Raises:
        InvalidArgumentError: There is not one multiple for each dimension.

    Example:
        >>> import thalweg as tf
        >>> tf.tile([1, 2], [2]).numpy().tolist()
        [1, 2, 1, 2]

    Source: `tf.tile`.
    """
    return jnp.tile(input, _multiples(input, multiples))


def _repeated(xp: Any, input: Any, repeats: Any, axis: int) -> Any:
    count = sizes_of("repeat", "repeats", repeats)[0]
    shape = input.shape
    if xp is np:
        return np.repeat(input, count, axis)
    inner = (*shape[: axis + 1], count, *shape[axis + 1 :])
    kept = tuple(d for d in range(len(inner)) if d != axis + 1)
    spread = lax.broadcast_in_dim(input, inner, kept)
    return lax.reshape(spread, (*shape[:axis], shape[axis] * count, *shape[axis + 1 :]))


@op(
    "repeat",
    inputs=("input",),
    host=lambda input, repeats, axis: _repeated(np, input, repeats, axis),
    moves=True,
)
def _repeat(input: Any, repeats: Any, axis: int) -> Any:
    return _repeated(jnp, input, repeats, axis)


def repeat(input: Any, repeats: Any, axis: Any = None, name: str | None = None) -> Any:
    """Each element, or slice along an axis, several times in a row.

    Args:
        input: Tensor.
        repeats: How often: one number for all or one for each slice. Known when the program is
            compiled, since the size of the result depends on it.
        axis: Dimension to repeat along; None for the elements of the flattened tensor.
        name: Name of the node in a model's graph.

    Returns:
        Tensor.

    Raises:
        ValueError: `repeats` has another length than the axis, or a negative entry.

    Example:
        >>> import thalweg as tf
        >>> tf.repeat([1, 2], [1, 2]).numpy().tolist()
        [1, 2, 2]

    Source: `tf.repeat`.
    """
    source = tensor_of(input)
    if axis is None:
        source, at = reshape(source, [-1]), 0
    else:
        at = axis_of("repeat", freeze(axis), max(1, len(source.shape)))
        source = source if len(source.shape) else reshape(source, [1])
    counts = host_value(repeats)
    if counts is None:
        if next(symbols_in(repeats), None) is None:
            raise OperatorNotAllowedInGraphError(
                "[repeat] expected repeats that are known while the program is compiled, got a traced "
                "tensor: the size of the result would depend on it."
            )
        return _repeat(source, repeats=repeats, axis=at, name=name)
    need_integers("repeat", "repeats", counts)
    if counts.ndim > 1:
        raise ShapeError(
            f"[repeat] expected repeats of rank at most 1, got shape {counts.shape}; flatten it."
        )
    if counts.size == 1:
        return _repeat(source, repeats=int(counts.reshape(())), axis=at, name=name)
    if source.shape[at] not in (None, counts.size):
        raise ShapeError(
            f"[repeat] expected one number or {source.shape[at]} for axis {at} of shape "
            f"{tuple(source.shape)}, got {counts.size}: not compatible."
        )
    if counts.size and counts.min() < 0:
        raise InvalidArgumentError(f"[repeat] expected repeats 0 or more, got {counts.min()}.")
    places = np.repeat(np.arange(counts.size, dtype=np.int32), counts)
    return gather(source, Tensor(places), axis=at)
