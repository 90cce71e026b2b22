"""Cosine similarity as a loss."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.settings import epsilon
from thalweg._src.keras.losses.arguments import paired
from thalweg._src.keras.losses.base import LossFunctionWrapper
from thalweg._src.ops import clipping, exponential, reduction


def unit(x: Any, axis: Any) -> Any:
    """Vectors along `axis` scaled to length 1; the zero vector stays, with a finite gradient."""
    squares = reduction.reduce_sum(x * x, axis=axis, keepdims=True)
    return x * exponential.rsqrt(clipping.maximum(squares, epsilon() ** 2))


def cosine_similarity(y_true: Any, y_pred: Any, axis: int = -1) -> Any:
    """Minus the cosine of the angle between vectors: -1 for the same direction, 1 for the opposite.

    Args:
        y_true: Vectors along `axis`.
        y_pred: Vectors, likewise.
        axis: Axis of the vectors.

    Returns:
        Tensor of the shape without `axis`; 0 where a vector is zero.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.losses.cosine_similarity([[0.0, 2.0]], [[0.0, 1.0]]).numpy().tolist()
        [-1.0]

    Source: `keras.losses.cosine_similarity`.
    """
    y_true, y_pred = paired(y_true, y_pred)
    return -reduction.reduce_sum(unit(y_true, axis) * unit(y_pred, axis), axis=axis)


class CosineSimilarity(LossFunctionWrapper):
    """Minus the cosine of the angle between vectors.

    Args:
        axis: Axis of the vectors.
        reduction: See `Loss`.
        name: Name.
        dtype: See `Loss`.

    Source: `keras.losses.CosineSimilarity`.
    """

    def __init__(
        self,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "cosine_similarity",
        dtype: Any = None,
    ) -> None:
        super().__init__(cosine_similarity, reduction, name, dtype, axis=axis)
