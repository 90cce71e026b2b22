"""Positions of extremes and the k largest: argmax, argmin, top_k and relatives."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.dtypes import DType
from thalweg._src.core.opdef import op
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.support import FLOAT, REAL, axis_of, kind_of, needs

_ORDERED = ("bool", "float", "int", "uint")


class TopKV2(NamedTuple):
    """Largest values and where they are.

    Attributes:
        values: Values, largest first.
        indices: Their positions along the last dimension.
    """

    values: Any
    indices: Any


class ApproxTopK(NamedTuple):
    """Extreme values and where they are.

    Attributes:
        values: Values, best first.
        indices: Their positions along the reduced dimension.
    """

    values: Any
    indices: Any


def _first_position(where: str, x: Any, axis: Any, dtype: DType, largest: bool) -> Any:
    """Position of the first extreme.

    Two plain reductions: on CPU five times as fast as one over pairs of (value, position).
    """
    needs(where, _ORDERED, x)
    axis = axis_of(where, 0 if axis is None else axis, x.ndim)
    if x.shape[axis] == 0:
        raise InvalidArgumentError(
            f"[{where}] expected at least one element along axis {axis}, got shape {x.shape}; an empty "
            "dimension has no extreme."
        )
    if kind_of(x) == "float":
        x = jnp.where(jnp.isnan(x), jnp.asarray(-jnp.inf if largest else jnp.inf, x.dtype), x)
    extreme = (jnp.max if largest else jnp.min)(x, axis=axis, keepdims=True)
    places = lax.broadcasted_iota(np.int32, x.shape, axis)
    last = np.int32(x.shape[axis] - 1)
    return jnp.min(jnp.where(x == extreme, places, last), axis=axis).astype(dtype.numpy_dtype)


@op("argmax")
def _argmax(input: Any, *, axis: Any, output_type: DType) -> Any:
    """Position of the largest element."""
    return _first_position("argmax", input, axis, output_type, True)


@op("argmin")
def _argmin(input: Any, *, axis: Any, output_type: DType) -> Any:
    """Position of the smallest element."""
    return _first_position("argmin", input, axis, output_type, False)


def argmax(
    input: Any, axis: Any = None, output_type: Any = dtypes.int64, name: str | None = None
) -> Any:
    """Position of the largest element along `axis`, the first one of equals.

    Args:
        input: Tensor of a real dtype or bool.
        axis: Dimension, from -rank to rank - 1; None for 0.
        output_type: Integer dtype of the result.
        name: Name of the node in a model's graph.

    Returns:
        Integer tensor without the dimension `axis`. NaN is passed over.

    Raises:
        InvalidArgumentError: `axis` is out of range or has no elements.

    Example:
        >>> import thalweg as tf
        >>> tf.argmax([[1, 5], [7, 2]], axis=1)
        <tf.Tensor: shape=(2,), dtype=int64, numpy=array([1, 0])>

    Source: `tf.math.argmax`.
    """
    return _argmax(input, axis=axis, output_type=dtypes.as_dtype(output_type))


def argmin(
    input: Any, axis: Any = None, output_type: Any = dtypes.int64, name: str | None = None
) -> Any:
    """Position of the smallest element along `axis`, the first one of equals.

    Args:
        input: Tensor of a real dtype or bool.
        axis: Dimension, from -rank to rank - 1; None for 0.
        output_type: Integer dtype of the result.
        name: Name of the node in a model's graph.

    Returns:
        Integer tensor without the dimension `axis`. NaN is passed over.

    Raises:
        InvalidArgumentError: `axis` is out of range or has no elements.

    Source: `tf.math.argmin`.
    """
    return _argmin(input, axis=axis, output_type=dtypes.as_dtype(output_type))


@op("top_k", result=TopKV2)
def _top_k(input: Any, *, k: Any, index_type: DType) -> Any:
    """The k largest elements of the last dimension."""
    needs("top_k", REAL, input)
    k = _count("top_k", k, input, -1)
    values, indices = lax.top_k(input, k)
    return values, indices.astype(index_type.numpy_dtype)


def _count(where: str, k: Any, x: Any, axis: int) -> int:
    k = int_of(where, "k", k)
    if x.ndim == 0:
        raise ShapeError(
            f"[{where}] expected rank 1 or more, got a scalar; there is nothing to rank."
        )
    if not 0 <= k <= x.shape[axis]:
        raise InvalidArgumentError(
            f"[{where}] expected k from 0 to {x.shape[axis]}, the size of dimension {axis}, got k={k} for "
            f"shape {tuple(x.shape)}; choose a smaller k."
        )
    return k


def top_k(
    input: Any,
    k: Any = 1,
    sorted: bool = True,
    index_type: Any = dtypes.int32,
    name: str | None = None,
) -> Any:
    """The `k` largest elements of the last dimension, largest first, and their positions.

    Args:
        input: Tensor of a real dtype of shape ``(..., n)``.
        k: How many, from 0 to n.
        sorted: Without effect: the result is always sorted.
        index_type: Dtype of the positions.
        name: Name of the node in a model's graph.

    Returns:
        Named tuple ``(values, indices)`` of shape ``(..., k)``. Of equal elements the first comes first.

    Raises:
        InvalidArgumentError: There are fewer than `k` elements.

    Example:
        >>> import thalweg as tf
        >>> tf.math.top_k([1, 3, 2], k=2).indices
        <tf.Tensor: shape=(2,), dtype=int32, numpy=array([1, 2], dtype=int32)>

    Source: `tf.math.top_k`. NaN counts as the largest; in TensorFlow its place is undefined.
    """
    return _top_k(input, k=k, index_type=dtypes.as_dtype(index_type))


@op(
    "in_top_k",
    inputs=("targets", "predictions"),
    matched=(),
    input_dtypes={"targets": dtypes.int32, "predictions": dtypes.float32},
)
def in_top_k(targets: Any, predictions: Any, k: Any) -> Any:
    """True where the target's prediction is among the `k` largest.

    Args:
        targets: Class numbers of shape ``(batch,)``.
        predictions: Floating tensor of shape ``(batch, classes)``.
        k: How many count as top. Predictions equal to the k-th all do.

    Returns:
        Bool tensor of shape ``(batch,)``; False where a target is out of range or a prediction of the
        row is not finite.

    Raises:
        ShapeError: The shapes do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.math.in_top_k([0, 1], [[0.1, 0.2, 0.3], [0.1, 0.9, 0.3]], k=1)
        <tf.Tensor: shape=(2,), dtype=bool, numpy=array([False,  True])>

    Source: `tf.math.in_top_k`.
    """
    needs("in_top_k", FLOAT, predictions)
    if predictions.ndim != 2 or targets.shape != predictions.shape[:1]:
        raise ShapeError(
            "[in_top_k] expected targets of shape (batch,) and predictions of shape (batch, classes), "
            f"got {tuple(targets.shape)} and {tuple(predictions.shape)}; reshape them."
        )
    classes = predictions.shape[1]
    k = int_of("in_top_k", "k", k)
    known = (targets >= 0) & (targets < classes)
    at = jnp.where(known, targets, jnp.zeros_like(targets))
    own = jnp.take_along_axis(predictions, at[:, None], axis=1)
    better = jnp.sum(predictions > own, axis=1, dtype=np.int32)
    return known & jnp.all(jnp.isfinite(predictions), axis=1) & (better < k)


@op("approx_top_k", result=ApproxTopK)
def _approx_top_k(
    input: Any, *, k: Any, axis: Any, recall: float, largest: bool, size: int, aggregate: bool
) -> Any:
    """Nearly the k largest or smallest elements of one dimension."""
    needs("approx_top_k", FLOAT, input)
    axis = axis_of("approx_top_k", axis, input.ndim)
    k = _count("approx_top_k", k, input, axis)
    function = lax.approx_max_k if largest else lax.approx_min_k
    return function(
        input,
        k,
        reduction_dimension=axis,
        recall_target=recall,
        reduction_input_size_override=size,
        aggregate_to_topk=aggregate,
    )


def approx_top_k(
    input: Any,
    k: Any,
    reduction_dimension: Any = -1,
    recall_target: float = 0.95,
    is_max_k: bool = True,
    reduction_input_size_override: int = -1,
    aggregate_to_topk: bool = True,
    name: str | None = None,
) -> Any:
    """Nearly the `k` largest (or smallest) elements of one dimension, fast on accelerators.

    Args:
        input: Floating tensor.
        k: How many.
        reduction_dimension: Dimension that is searched.
        recall_target: Share of the true ones to find, in (0, 1].
        is_max_k: True for the largest, False for the smallest.
        reduction_input_size_override: Size to plan for when a dimension is split among devices; -1 for
            its own.
        aggregate_to_topk: Give exactly `k`; otherwise what the search left.
        name: Name of the node in a model's graph.

    Returns:
        Named tuple ``(values, indices)``, best first.

    Source: Chern et al., TPU-KNN: K nearest neighbor search at peak FLOP/s (2022). On CPU and GPU the
    search is exact.
    """
    return _approx_top_k(
        input,
        k=k,
        axis=reduction_dimension,
        recall=recall_target,
        largest=bool(is_max_k),
        size=reduction_input_size_override,
        aggregate=bool(aggregate_to_topk),
    )


def approx_max_k(
    operand: Any,
    k: Any,
    reduction_dimension: Any = -1,
    recall_target: float = 0.95,
    reduction_input_size_override: int = -1,
    aggregate_to_topk: bool = True,
    name: str | None = None,
) -> Any:
    """Nearly the `k` largest elements of one dimension; see `approx_top_k`.

    Args:
        operand: Floating tensor.
        k: How many.
        reduction_dimension: Dimension that is searched.
        recall_target: Share of the true ones to find, in (0, 1].
        reduction_input_size_override: Size to plan for; -1 for the dimension's own.
        aggregate_to_topk: Give exactly `k`; otherwise what the search left.
        name: Name of the node in a model's graph.

    Returns:
        Named tuple ``(values, indices)``, largest first.

    Example:
        >>> import thalweg as tf
        >>> tf.math.approx_max_k([1.0, 5.0, 3.0], k=1).indices
        <tf.Tensor: shape=(1,), dtype=int32, numpy=array([1], dtype=int32)>

    Source: `tf.math.approx_max_k`.
    """
    return approx_top_k(
        operand,
        k,
        reduction_dimension,
        recall_target,
        True,
        reduction_input_size_override,
        aggregate_to_topk,
    )


def approx_min_k(
    operand: Any,
    k: Any,
    reduction_dimension: Any = -1,
    recall_target: float = 0.95,
    reduction_input_size_override: int = -1,
    aggregate_to_topk: bool = True,
    name: str | None = None,
) -> Any:
    """Nearly the `k` smallest elements of one dimension; see `approx_top_k`.

    Args:
        operand: Floating tensor.
        k: How many.
        reduction_dimension: Dimension that is searched.
        recall_target: Share of the true ones to find, in (0, 1].
        reduction_input_size_override: Size to plan for; -1 for the dimension's own.
        aggregate_to_topk: Give exactly `k`; otherwise what the search left.
        name: Name of the node in a model's graph.

    Returns:
        Named tuple ``(values, indices)``, smallest first.

    Source: `tf.math.approx_min_k`.
    """
    return approx_top_k(
        operand,
        k,
        reduction_dimension,
        recall_target,
        False,
        reduction_input_size_override,
        aggregate_to_topk,
    )
