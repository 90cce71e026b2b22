"""The largest elements, and smooth maxima: `top_k`, `in_top_k`, `logsumexp`."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.ops import ranking, reduction


@operation
def top_k(x: Any, k: int, sorted: bool = True) -> Any:
    """The `k` largest elements of the last dimension, and their positions.

    Args:
        x: Tensor ``(..., n)`` of a real dtype.
        k: How many, at most n.
        sorted: Whether the largest comes first; else the order is not defined.

    Returns:
        ``(values, indices)``, both ``(..., k)``; indices are int32, of equal elements the first comes first.

    Raises:
        InvalidArgumentError: `k` is larger than n.

    Example:
        >>> import thalweg as tf
        >>> values, indices = tf.keras.ops.top_k([1.0, 3.0, 2.0], 2)
        >>> values.numpy().tolist(), indices.numpy().tolist()
        ([3.0, 2.0], [1, 2])

    Source: `keras.ops.top_k`.
    """
    values, indices = ranking.top_k(tensor_of(x), k, sorted=sorted)
    return values, indices


@operation
def in_top_k(targets: Any, predictions: Any, k: int) -> Any:
    """True where the target's prediction is among the `k` largest.

    Args:
        targets: Class numbers ``(batch,)``.
        predictions: Tensor ``(batch, classes)``.
        k: How many count; predictions equal to the k-th all do.

    Returns:
        Bool tensor ``(batch,)``; False where a target is out of range or a prediction of the row is not
        finite.

    Source: `keras.ops.in_top_k`.
    """
    (scores,) = promoted(predictions, least=float)
    labels = tensor_of(targets)
    return ranking.in_top_k(labels if labels.dtype.is_integer else tensor_of(labels, "int32"), scores, k)


@operation
def logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """``log(sum(exp(x)))`` along axes, without overflow.

    Args:
        x: Tensor; integers become floats.
        axis: Axis, or several; None for all.
        keepdims: Keep the axes with size 1.

    Returns:
        Tensor.

    Example:
        >>> import thalweg as tf
        >>> round(float(tf.keras.ops.logsumexp([1000.0, 1000.0])), 3)
        1000.693

    Source: `keras.ops.logsumexp`.
    """
    (x,) = promoted(x, least=float)
    return reduction.reduce_logsumexp(x, axis, keepdims)
