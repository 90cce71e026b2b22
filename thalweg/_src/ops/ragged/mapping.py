"""Functions of flat values mapped over ragged tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.ops.ragged.rows import is_ragged


def map_flat_values(op: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What a function makes of the innermost values, in the rows in which they lie.

    Args:
        op: Function of tensors ``(nvals, ...)`` that gives a tensor or ragged tensor with as many rows.
        *args: Its arguments; ragged tensors, also those in structures, are given as their flat values.
        **kwargs: Its arguments by name, likewise.

    Returns:
        Ragged tensor; what the function gives where no argument is ragged.

    Raises:
        ValueError: The arguments have different rows, or the result has another number of values.

    Example:
        >>> import thalweg as tf
        >>> tf.ragged.map_flat_values(tf.square, tf.ragged.constant([[1, 2], [3]]))
        <tf.RaggedTensor [[1, 4], [9]]>

    Source: `tf.ragged.map_flat_values`.
    """
    ragged = [leaf for leaf in nest.flatten([args, kwargs]) if is_ragged(leaf)]
    if not ragged:
        return op(*args, **kwargs)
    first = ragged[0]
    for other in ragged[1:]:
        pairs = zip(first._partitions(), other._partitions(), strict=False)
        if first.ragged_rank != other.ragged_rank or not all(a.same_as(b) for a, b in pairs):
            raise InvalidArgumentError(
                "[ragged.map_flat_values] expected ragged tensors with the same rows, got shapes "
                f"{first.shape} and {other.shape} and rows of different number or length."
            )
    flat_args, flat_kwargs = nest.map_structure(
        lambda leaf: leaf._flat if is_ragged(leaf) else leaf, [args, kwargs]
    )
    result = op(*flat_args, **flat_kwargs)
    count = int(first._flat.shape[0])
    if not getattr(result, "shape", ()) or result.shape[0] != count:
        raise ShapeError(
            f"[ragged.map_flat_values] expected a result with {count} rows, as many as there are values, got "
            f"{result!r}."
        )
    return first.with_flat_values(result)
