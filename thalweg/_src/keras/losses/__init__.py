"""Losses, found by name."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.registry import resolve, table_of
from thalweg._src.keras.base.serialization import enroll, plain
from thalweg._src.keras.losses import (
    circle,
    cosine,
    crossentropy,
    ctc,
    divergence,
    focal,
    generalized,
    hinge,
    overlap,
    regression,
)
from thalweg._src.keras.losses.base import Loss

_CLASSES = (
    regression.MeanSquaredError,
    regression.MeanAbsoluteError,
    regression.MeanAbsolutePercentageError,
    regression.MeanSquaredLogarithmicError,
    regression.Huber,
    regression.LogCosh,
    cosine.CosineSimilarity,
    divergence.KLDivergence,
    divergence.Poisson,
    hinge.Hinge,
    hinge.SquaredHinge,
    hinge.CategoricalHinge,
    crossentropy.BinaryCrossentropy,
    crossentropy.CategoricalCrossentropy,
    crossentropy.SparseCategoricalCrossentropy,
    focal.BinaryFocalCrossentropy,
    focal.CategoricalFocalCrossentropy,
    generalized.CategoricalGeneralizedCrossEntropy,
    overlap.Dice,
    overlap.Tversky,
    circle.Circle,
    ctc.CTC,
)
_FUNCTIONS = (
    regression.mean_squared_error,
    regression.mean_absolute_error,
    regression.mean_absolute_percentage_error,
    regression.mean_squared_logarithmic_error,
    regression.huber,
    regression.log_cosh,
    cosine.cosine_similarity,
    divergence.kl_divergence,
    divergence.poisson,
    hinge.hinge,
    hinge.squared_hinge,
    hinge.categorical_hinge,
    crossentropy.binary_crossentropy,
    crossentropy.categorical_crossentropy,
    crossentropy.sparse_categorical_crossentropy,
    focal.binary_focal_crossentropy,
    focal.categorical_focal_crossentropy,
    generalized.categorical_generalized_cross_entropy,
    overlap.dice,
    overlap.tversky,
    circle.circle,
    ctc.ctc,
)
ALIASES = {
    "mse": regression.mean_squared_error,
    "MSE": regression.mean_squared_error,
    "mae": regression.mean_absolute_error,
    "MAE": regression.mean_absolute_error,
    "mape": regression.mean_absolute_percentage_error,
    "MAPE": regression.mean_absolute_percentage_error,
    "msle": regression.mean_squared_logarithmic_error,
    "MSLE": regression.mean_squared_logarithmic_error,
    "bce": crossentropy.binary_crossentropy,
    "BCE": crossentropy.binary_crossentropy,
    "kld": divergence.kl_divergence,
    "KLD": divergence.kl_divergence,
    "kullback_leibler_divergence": divergence.kl_divergence,
    "logcosh": regression.log_cosh,
}
FUNCTIONS = table_of(*_FUNCTIONS) | ALIASES
enroll("keras.losses", *_FUNCTIONS)
_TABLE = table_of(*_CLASSES) | FUNCTIONS


def get(identifier: Any) -> Any:
    """Loss that a name, config or function stands for; None stays None.

    Args:
        identifier: Such as ``"mse"``; names in snake case give functions, names of classes instances.

    Returns:
        Function of ``(y_true, y_pred)``, or a `Loss`.

    Raises:
        ValueError: An unknown name; the message suggests the nearest.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.losses.get("mse").__name__
        'mean_squared_error'

    Source: `keras.losses.get`.
    """
    return None if identifier is None else resolve("loss", identifier, _TABLE)


def serialize(loss: Any) -> Any:
    """Config from which `get` makes an equal loss: a dict for a `Loss`, a name for a function.

    Args:
        loss: `Loss` or function.

    Source: `keras.losses.serialize`.
    """
    if isinstance(loss, Loss):
        return plain(loss)
    return loss.__name__


def deserialize(name: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Loss of what `serialize` gave.

    Args:
        name: Config or name.
        custom_objects: Further classes and functions by name.

    Source: `keras.losses.deserialize`.
    """
    return resolve("loss", name, _TABLE | (custom_objects or {}))
