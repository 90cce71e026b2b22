"""Hinge losses: margins between classes, for labels -1 and 1 or for one-hot labels."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.losses.arguments import alike
from thalweg._src.keras.losses.base import LossFunctionWrapper
from thalweg._src.ops import clipping, reduction
from thalweg._src.ops.selection import where


def _signed(y_true: Any) -> Any:
    """Labels 0 and 1 as -1 and 1; labels that hold any other value stay as they are."""
    binary = reduction.reduce_all((y_true == 0) | (y_true == 1))
    return where(binary, 2.0 * y_true - 1.0, y_true)


def _margins(y_true: Any, y_pred: Any) -> Any:
    y_true, y_pred = alike(y_true, y_pred)
    return clipping.maximum(1.0 - _signed(y_true) * y_pred, 0.0)


def hinge(y_true: Any, y_pred: Any) -> Any:
    """Mean over the last axis of ``max(1 - y_true * y_pred, 0)``.

    Args:
        y_true: Labels -1 and 1, or 0 and 1, of shape ``(batch, ..., n)``.
        y_pred: Predictions, likewise.

    Returns:
        Tensor of shape ``(batch, ...)``.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.losses.hinge([[-1.0, 1.0]], [[0.5, 0.5]]).numpy().tolist()
        [1.0]

    Source: `keras.losses.hinge`.
    """
    return reduction.reduce_mean(_margins(y_true, y_pred), axis=-1)


def squared_hinge(y_true: Any, y_pred: Any) -> Any:
    """Mean over the last axis of ``max(1 - y_true * y_pred, 0)²``.

    Args:
        y_true: Labels -1 and 1, or 0 and 1, of shape ``(batch, ..., n)``.
        y_pred: Predictions, likewise.

    Source: `keras.losses.squared_hinge`.
    """
    margins = _margins(y_true, y_pred)
    return reduction.reduce_mean(margins * margins, axis=-1)


def categorical_hinge(y_true: Any, y_pred: Any) -> Any:
    """``max(wrong - right + 1, 0)`` of the largest wrong prediction and the right one.

    Args:
        y_true: One-hot labels of shape ``(batch, ..., classes)``.
        y_pred: Predictions, likewise.

    Source: `keras.losses.categorical_hinge`.
    """
    y_true, y_pred = alike(y_true, y_pred)
    right = reduction.reduce_sum(y_true * y_pred, axis=-1)
    wrong = reduction.reduce_max((1.0 - y_true) * y_pred, axis=-1)
    return clipping.maximum(wrong - right + 1.0, 0.0)


class Hinge(LossFunctionWrapper):
    """Mean of ``max(1 - y_true * y_pred, 0)``.

    Args:
        reduction: See `Loss`.
        name: Name.
        dtype: See `Loss`.

    Source: `keras.losses.Hinge`.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "hinge",
        dtype: Any = None,
    ) -> None:
        super().__init__(hinge, reduction, name, dtype)


class SquaredHinge(LossFunctionWrapper):
    """Mean of ``max(1 - y_true * y_pred, 0)²``.

    Args:
        reduction: See `Loss`.
        name: Name.
        dtype: See `Loss`.

    Source: `keras.losses.SquaredHinge`.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "squared_hinge",
        dtype: Any = None,
    ) -> None:
        super().__init__(squared_hinge, reduction, name, dtype)


class CategoricalHinge(LossFunctionWrapper):
    """Mean of ``max(wrong - right + 1, 0)``; see `categorical_hinge`.

    Args:
        reduction: See `Loss`.
        name: Name.
        dtype: See `Loss`.

    Source: `keras.losses.CategoricalHinge`.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_hinge",
        dtype: Any = None,
    ) -> None:
        super().__init__(categorical_hinge, reduction, name, dtype)
