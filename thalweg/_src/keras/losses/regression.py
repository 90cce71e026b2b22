"""Losses of real numbers: squared, absolute, relative and logarithmic errors, Huber's, log-cosh."""

from __future__ import annotations

import math
from typing import Any

from thalweg._src.keras.base.settings import epsilon
from thalweg._src.keras.losses.arguments import paired
from thalweg._src.keras.losses.base import LossFunctionWrapper
from thalweg._src.ops import clipping, exponential
from thalweg._src.ops.reduction import reduce_mean
from thalweg._src.ops.selection import where


def mean_squared_error(y_true: Any, y_pred: Any) -> Any:
    """Mean over the last axis of ``(y_true - y_pred)²``.

    Args:
        y_true: Targets of shape ``(batch, ..., n)``.
        y_pred: Predictions, likewise.

    Returns:
        Tensor of shape ``(batch, ...)``.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.losses.mean_squared_error([[0.0, 2.0]], [[0.0, 0.0]]).numpy().tolist()
        [2.0]

    Source: `keras.losses.mean_squared_error`.
    """
    y_true, y_pred = paired(y_true, y_pred)
    error = y_true - y_pred
    return reduce_mean(error * error, axis=-1)


def mean_absolute_error(y_true: Any, y_pred: Any) -> Any:
    """Mean over the last axis of ``|y_true - y_pred|``.

    Args:
        y_true: Targets of shape ``(batch, ..., n)``.
        y_pred: Predictions, likewise.

    Source: `keras.losses.mean_absolute_error`.
    """
    y_true, y_pred = paired(y_true, y_pred)
    return reduce_mean(abs(y_true - y_pred), axis=-1)


def mean_absolute_percentage_error(y_true: Any, y_pred: Any) -> Any:
    """Mean over the last axis of ``100 * |y_true - y_pred| / |y_true|``, in percent.

    Args:
        y_true: Targets of shape ``(batch, ..., n)``; magnitudes below epsilon count as epsilon.
        y_pred: Predictions, likewise.

    Source: `keras.losses.mean_absolute_percentage_error`.
    """
    y_true, y_pred = paired(y_true, y_pred)
    size = clipping.maximum(abs(y_true), epsilon())
    return 100.0 * reduce_mean(abs((y_true - y_pred) / size), axis=-1)


def mean_squared_logarithmic_error(y_true: Any, y_pred: Any) -> Any:
    """Mean over the last axis of ``(log(y_true + 1) - log(y_pred + 1))²``.

    Args:
        y_true: Targets of shape ``(batch, ..., n)``; values below epsilon count as epsilon.
        y_pred: Predictions, likewise.

    Source: `keras.losses.mean_squared_logarithmic_error`.
    """
    y_true, y_pred = paired(y_true, y_pred)
    first = exponential.log(clipping.maximum(y_pred, epsilon()) + 1.0)
    second = exponential.log(clipping.maximum(y_true, epsilon()) + 1.0)
    return reduce_mean((first - second) * (first - second), axis=-1)


def huber(y_true: Any, y_pred: Any, delta: float = 1.0) -> Any:
    """Mean over the last axis of half the squared error, continued by a line beyond `delta`.

    Args:
        y_true: Targets of shape ``(batch, ..., n)``.
        y_pred: Predictions, likewise.
        delta: Error from which the loss grows linearly, with slope `delta`.

    Source: Huber 1964, "Robust estimation of a location parameter".
    """
    y_true, y_pred = paired(y_true, y_pred)
    error = y_pred - y_true
    size = abs(error)
    line = delta * size - 0.5 * delta * delta
    return reduce_mean(where(size <= delta, 0.5 * error * error, line), axis=-1)


def log_cosh(y_true: Any, y_pred: Any) -> Any:
    """Mean over the last axis of ``log(cosh(y_pred - y_true))``.

    Args:
        y_true: Targets of shape ``(batch, ..., n)``.
        y_pred: Predictions, likewise.

    Source: `keras.losses.log_cosh`; written as ``x + softplus(-2x) - log 2``, which does not overflow.
    """
    y_true, y_pred = paired(y_true, y_pred)
    error = y_pred - y_true
    return reduce_mean(error + exponential.softplus(error * -2.0) - math.log(2.0), axis=-1)


class MeanSquaredError(LossFunctionWrapper):
    """Mean of squared errors.

    Args:
        reduction: See `Loss`.
        name: Name.
        dtype: See `Loss`.

    Example:
        >>> import thalweg as tf
        >>> float(tf.keras.losses.MeanSquaredError()(tf.constant([0.0, 1.0]), tf.constant([0.0, 0.0])))
        0.5

    Source: `keras.losses.MeanSquaredError`.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_squared_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_squared_error, reduction, name, dtype)


class MeanAbsoluteError(LossFunctionWrapper):
    """Mean of absolute errors.

    Args:
        reduction: See `Loss`.
        name: Name.
        dtype: See `Loss`.

    Source: `keras.losses.MeanAbsoluteError`.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_absolute_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_absolute_error, reduction, name, dtype)


class MeanAbsolutePercentageError(LossFunctionWrapper):
    """Mean of relative errors, in percent.

    Args:
        reduction: See `Loss`.
        name: Name.
        dtype: See `Loss`.

    Source: `keras.losses.MeanAbsolutePercentageError`.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_absolute_percentage_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_absolute_percentage_error, reduction, name, dtype)


class MeanSquaredLogarithmicError(LossFunctionWrapper):
    """Mean of squared differences of logarithms.

    Args:
        reduction: See `Loss`.
        name: Name.
        dtype: See `Loss`.

    Source: `keras.losses.MeanSquaredLogarithmicError`.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_squared_logarithmic_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_squared_logarithmic_error, reduction, name, dtype)


class Huber(LossFunctionWrapper):
    """Huber's loss: squared for small errors, linear for large ones.

    Args:
        delta: See `huber`.
        reduction: See `Loss`.
        name: Name.
        dtype: See `Loss`.

    Source: Huber 1964; `keras.losses.Huber`.
    """

    def __init__(
        self,
        delta: float = 1.0,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "huber_loss",
        dtype: Any = None,
    ) -> None:
        super().__init__(huber, reduction, name, dtype, delta=delta)


class LogCosh(LossFunctionWrapper):
    """Logarithm of the hyperbolic cosine of errors.

    Args:
        reduction: See `Loss`.
        name: Name.
        dtype: See `Loss`.

    Source: `keras.losses.LogCosh`.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "log_cosh",
        dtype: Any = None,
    ) -> None:
        super().__init__(log_cosh, reduction, name, dtype)
