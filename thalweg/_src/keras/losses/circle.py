"""Circle loss: embeddings of one class near each other, of different classes far."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.base.notes import masks
from thalweg._src.keras.losses.arguments import floating
from thalweg._src.keras.losses.base import LossFunctionWrapper
from thalweg._src.ops import clipping, exponential, reduction, shaping
from thalweg._src.ops.casting import cast
from thalweg._src.ops.contraction import matmul
from thalweg._src.ops.selection import where


def _pairs(labels: Any, others: Any, remove_diagonal: bool) -> tuple[Any, Any]:
    """Masks of the pairs of one class and of the pairs of different classes."""
    rows, columns = shaping.reshape(labels, [-1, 1]), shaping.reshape(others, [1, -1])
    same = rows == columns
    different = rows != columns
    if remove_diagonal:
        apart = ~np.eye(int(rows.shape[0]), int(columns.shape[1]), dtype=bool)
        same = same & convert_to_tensor(apart)
    return same, different


def circle(
    y_true: Any,
    y_pred: Any,
    ref_labels: Any = None,
    ref_embeddings: Any = None,
    remove_diagonal: bool = True,
    gamma: float = 80,
    margin: float = 0.4,
) -> Any:
    """``softplus(logsumexp(positive pairs) + logsumexp(negative pairs))`` for each embedding.

    Args:
        y_true: Class numbers of shape ``(batch,)``.
        y_pred: Embeddings of length 1, of shape ``(batch, n)``.
        ref_labels: Class numbers of the embeddings to compare with; `y_true` when None.
        ref_embeddings: Embeddings to compare with; `y_pred` when None.
        remove_diagonal: Leave out the pair of an embedding with itself.
        gamma: Scale of the distances.
        margin: How much nearer pairs of one class are to be.

    Returns:
        Tensor of shape ``(batch,)``.

    Source: Sun et al. 2020, "Circle loss: a unified perspective of pair similarity optimization".
    """
    y_pred = floating(y_pred)
    labels = cast(convert_to_tensor(y_true), "int32")
    others = y_pred if ref_embeddings is None else cast(ref_embeddings, y_pred.dtype)
    other_labels = labels if ref_labels is None else cast(ref_labels, "int32")
    distance = clipping.maximum(1 - matmul(y_pred, others, transpose_b=True), 0.0)
    same, different = _pairs(labels, other_labels, remove_diagonal)
    pull = -gamma * clipping.maximum(margin + distance, 0.0) * (margin - distance)
    push = gamma * clipping.maximum(1 + margin - distance, 0.0) * (1 - margin - distance)
    nothing = cast(float("-inf"), y_pred.dtype)
    near = reduction.reduce_logsumexp(where(same, pull, nothing), axis=1)
    far = reduction.reduce_logsumexp(where(different, push, nothing), axis=1)
    losses = exponential.softplus(near + far)
    masks.set(losses, losses > 0)
    return losses


class Circle(LossFunctionWrapper):
    """Circle loss of embeddings; see `circle`.

    Args:
        gamma: Scale of the distances.
        margin: How much nearer pairs of one class are to be.
        remove_diagonal: Leave out the pair of an embedding with itself.
        reduction: See `Loss`.
        name: Name.
        dtype: See `Loss`.

    Source: `keras.losses.Circle`.
    """

    def __init__(
        self,
        gamma: float = 80.0,
        margin: float = 0.4,
        remove_diagonal: bool = True,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "circle",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            circle,
            reduction,
            name,
            dtype,
            gamma=gamma,
            margin=margin,
            remove_diagonal=remove_diagonal,
        )
