"""Rows of a table, picked by number."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.composite import dispatched
from thalweg._src.ops.clipping import clip_by_norm
from thalweg._src.ops.gather import gather
from thalweg._src.ops.indices import tensor_of
from thalweg._src.ops.inspection import identity
from thalweg._src.ops.joining import concat


def table_of(where: str, params: Any) -> Any:
    """One table of a table or of a list of its parts, one below the other."""
    if not isinstance(params, (list, tuple)):
        return params
    if not params:
        raise InvalidArgumentError(f"[{where}] expected a table or a list of its parts, got none.")
    return concat(list(params), 0) if len(params) > 1 else params[0]


@dispatched("embedding_lookup")
def embedding_lookup(params: Any, ids: Any, max_norm: Any = None, name: str | None = None) -> Any:
    """Rows of a table, picked by number.

    Args:
        params: Table ``(rows, ...)``: tensor or Variable; or a list of its parts, one below the other.
        ids: Integers from 0 to ``rows - 1``, of any shape.
        max_norm: Rows of a greater Euclidean norm are scaled down to it; None for no limit.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``ids.shape + params.shape[1:]``.

    Raises:
        InvalidArgumentError: An id is out of range; in a compiled program its row is 0 instead.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.embedding_lookup([[[1.0, 2.0], [3.0, 4.0]]], [1, 0]).numpy().tolist()
        [[3.0, 4.0], [1.0, 2.0]]

    Source: `tf.nn.embedding_lookup`.
    """
    table = table_of("embedding_lookup", params)
    rows = gather(table, ids, name=None if max_norm is not None else name)
    if max_norm is None:
        return rows
    depth = len(tensor_of(ids).shape)
    axes = list(range(depth, len(rows.shape)))
    if not axes:
        return clip_by_norm(rows[..., None], max_norm, [-1], name=name)[..., 0]
    return identity(clip_by_norm(rows, max_norm, axes), name=name)
