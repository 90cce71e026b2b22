"""Losses between distributions: Kullback-Leibler divergence and the Poisson loss."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.settings import epsilon
from thalweg._src.keras.losses.arguments import alike, paired
from thalweg._src.keras.losses.base import LossFunctionWrapper
from thalweg._src.ops import clipping, exponential, reduction


def kl_divergence(y_true: Any, y_pred: Any) -> Any:
    """``sum(y_true log(y_true / y_pred))`` over the last axis.

    Args:
        y_true: Distributions of shape ``(batch, ..., n)``, clipped to [1e-7, 1].
        y_pred: Distributions, likewise.

    Returns:
        Tensor of shape ``(batch, ...)``.

    Source: Kullback and Leibler 1951, "On information and sufficiency".
    """
    y_true, y_pred = alike(y_true, y_pred)
    y_true = clipping.clip_by_value(y_true, epsilon(), 1.0)
    y_pred = clipping.clip_by_value(y_pred, epsilon(), 1.0)
    return reduction.reduce_sum(y_true * exponential.log(y_true / y_pred), axis=-1)


def poisson(y_true: Any, y_pred: Any) -> Any:
    """Mean over the last axis of ``y_pred - y_true log(y_pred)``.

    Args:
        y_true: Counts of shape ``(batch, ..., n)``.
        y_pred: Positive rates, likewise.

    Returns:
        Tensor of shape ``(batch, ...)``.

    Source: `keras.losses.poisson`: the negative logarithm of Poisson's law, without a constant.
    """
    y_true, y_pred = paired(y_true, y_pred)
    return reduction.reduce_mean(y_pred - y_true * exponential.log(y_pred + epsilon()), axis=-1)


class KLDivergence(LossFunctionWrapper):
    """Kullback-Leibler divergence of predictions from labels.

    Args:
        reduction: See `Loss`.
        name: Name.
        dtype: See `Loss`.

    Source: `keras.losses.KLDivergence`.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "kl_divergence",
        dtype: Any = None,
    ) -> None:
        super().__init__(kl_divergence, reduction, name, dtype)


class Poisson(LossFunctionWrapper):
    """Poisson loss of predicted rates for counts.

    Args:
        reduction: See `Loss`.
        name: Name.
        dtype: See `Loss`.

    Source: `keras.losses.Poisson`.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "poisson",
        dtype: Any = None,
    ) -> None:
        super().__init__(poisson, reduction, name, dtype)
