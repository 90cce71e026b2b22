"""Averages of losses over a batch that may be spread over devices."""

from __future__ import annotations

from typing import Any

from jax import numpy as jnp

from thalweg._src.base.errors import ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.ops.casting import cast
from thalweg._src.ops.indices import tensor_of
from thalweg._src.ops.support import REAL, needs


def compute_average_loss(
    per_example_loss: Any, sample_weight: Any = None, global_batch_size: int | None = None
) -> Any:
    """Sum of losses divided by the size of the whole batch.

    Args:
        per_example_loss: Losses of rank 1 or more, ``(batch, ...)``; integers become float64.
        sample_weight: Weight for each example, or element.
        global_batch_size: Size of the batch over all devices; that of `per_example_loss` when None.

    Returns:
        Scalar. Losses of more than one value an example are summed over the values.

    Raises:
        ValueError: `per_example_loss` is a scalar, or the weights do not fit.

    Example:
        >>> import thalweg as tf
        >>> float(tf.nn.compute_average_loss(tf.constant([1.0, 2.0, 3.0]), global_batch_size=4))
        1.5

    Source: `tf.nn.compute_average_loss`. A program over many devices sees the whole batch here, so nothing
    is divided by a number of replicas.
    """
    losses = tensor_of(per_example_loss)
    if not len(losses.shape):
        raise ShapeError(
            "[compute_average_loss] expected losses of rank 1 or more (batch, ...), got a scalar; reduce "
            "them later."
        )
    if not dtypes.as_dtype(losses.dtype).is_floating:
        losses = cast(losses, dtypes.float64)
    weights = None if sample_weight is None else cast(sample_weight, losses.dtype)
    size = None if global_batch_size is None else float(global_batch_size)
    if weights is None:
        return _average_loss(losses, size=size)
    return _weighted_average_loss(losses, weights, size=size)


@op("average_loss")
def _average_loss(losses: Any, *, size: float | None) -> Any:
    """Sum of the losses divided by the batch size."""
    needs("compute_average_loss", REAL, losses)
    count = jnp.asarray(losses.shape[0] if size is None else size, losses.dtype)
    return jnp.sum(losses, dtype=losses.dtype) / count


@op("weighted_average_loss")
def _weighted_average_loss(losses: Any, weights: Any, *, size: float | None) -> Any:
    """Weighted sum of the losses divided by the batch size."""
    each = weights.ndim == losses.ndim and all(
        n in (1, m) for n, m in zip(weights.shape, losses.shape)
    )
    if losses.shape[: weights.ndim] != weights.shape and not each:
        raise ShapeError(
            f"[compute_average_loss] expected a weight for each example, got losses of shape "
            f"{tuple(losses.shape)} and weights of shape {tuple(weights.shape)}."
        )
    weights = weights.reshape(weights.shape + (1,) * (losses.ndim - weights.ndim))
    count = jnp.asarray(losses.shape[0] if size is None else size, losses.dtype)
    return jnp.sum(losses * weights, dtype=losses.dtype) / count


def scale_regularization_loss(regularization_loss: Any) -> Any:
    """Sum of regularization losses, for adding to an average loss.

    Args:
        regularization_loss: Losses of any shape.

    Returns:
        Scalar.

    Example:
        >>> import thalweg as tf
        >>> float(tf.nn.scale_regularization_loss([1.0, 2.0]))
        3.0

    Source: `tf.nn.scale_regularization_loss`. A program over many devices computes it once here, so it is
    not divided by a number of replicas.
    """
    return _sum_of(tensor_of(regularization_loss))


@op("regularization_sum")
def _sum_of(values: Any) -> Any:
    """Sum of all values."""
    needs("scale_regularization_loss", REAL, values)
    return jnp.sum(values, dtype=values.dtype)
