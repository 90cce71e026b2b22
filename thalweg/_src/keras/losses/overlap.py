"""Losses of overlapping regions, for segmentation: Dice and Tversky."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.settings import epsilon
from thalweg._src.keras.losses.arguments import alike
from thalweg._src.keras.losses.base import LossFunctionWrapper
from thalweg._src.ops.reduction import reduce_sum


def dice(y_true: Any, y_pred: Any, axis: Any = None) -> Any:
    """1 minus Dice's coefficient: 0 for the same region, 1 for regions that do not meet.

    Args:
        y_true: Membership in [0, 1], of any shape.
        y_pred: Predicted membership, likewise.
        axis: Axes that make one region; all when None.

    Returns:
        Tensor of the shape without `axis`.

    Source: Dice 1945; Milletari et al. 2016, "V-Net".
    """
    y_true, y_pred = alike(y_true, y_pred)
    common = reduce_sum(y_true * y_pred, axis=axis)
    sizes = reduce_sum(y_true, axis=axis) + reduce_sum(y_pred, axis=axis)
    return 1 - 2.0 * common / (sizes + epsilon())


def tversky(
    y_true: Any, y_pred: Any, alpha: float = 0.5, beta: float = 0.5, axis: Any = None
) -> Any:
    """1 minus Tversky's index, in which the two kinds of errors have weights of their own.

    Args:
        y_true: Membership in [0, 1], of any shape.
        y_pred: Predicted membership, likewise.
        alpha: Weight of what is in `y_true` and not in `y_pred`.
        beta: Weight of what is in `y_pred` and not in `y_true`.
        axis: Axes that make one region; all when None.

    Returns:
        Tensor of the shape without `axis`.

    Source: Salehi et al. 2017, "Tversky loss function for image segmentation"; the two weights are
    assigned as Keras assigns them.
    """
    y_true, y_pred = alike(y_true, y_pred)
    common = reduce_sum(y_true * y_pred, axis=axis)
    missed = reduce_sum((1 - y_pred) * y_true, axis=axis)
    added = reduce_sum(y_pred * (1 - y_true), axis=axis)
    return 1 - common / (common + missed * alpha + added * beta + epsilon())


class Dice(LossFunctionWrapper):
    """1 minus Dice's coefficient of overlap.

    Args:
        reduction: See `Loss`.
        name: Name.
        axis: Axes that make one region; all when None.
        dtype: See `Loss`.

    Source: `keras.losses.Dice`.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "dice",
        axis: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(dice, reduction, name, dtype, axis=axis)


class Tversky(LossFunctionWrapper):
    """1 minus Tversky's index of overlap.

    Args:
        alpha: Weight of what is in the labels and not in the predictions.
        beta: Weight of what is in the predictions and not in the labels.
        reduction: See `Loss`.
        name: Name.
        axis: Axes that make one region; all when None.
        dtype: See `Loss`.

    Source: `keras.losses.Tversky`.
    """

    def __init__(
        self,
        alpha: float = 0.5,
        beta: float = 0.5,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "tversky",
        axis: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(tversky, reduction, name, dtype, alpha=alpha, beta=beta, axis=axis)
