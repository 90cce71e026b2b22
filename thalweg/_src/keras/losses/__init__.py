"""Losses, found by name."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.registry import resolve, table_of
from thalweg._src.keras.losses import crossentropy, regression

_FUNCTIONS = (
    regression.mean_squared_error,
    regression.mean_absolute_error,
    regression.mean_absolute_percentage_error,
    regression.mean_squared_logarithmic_error,
    regression.huber,
    regression.log_cosh,
    crossentropy.binary_crossentropy,
    crossentropy.categorical_crossentropy,
    crossentropy.sparse_categorical_crossentropy,
)
_CLASSES = (
    regression.MeanSquaredError,
    regression.MeanAbsoluteError,
    regression.MeanAbsolutePercentageError,
    regression.MeanSquaredLogarithmicError,
    regression.Huber,
    regression.LogCosh,
    crossentropy.BinaryCrossentropy,
    crossentropy.CategoricalCrossentropy,
    crossentropy.SparseCategoricalCrossentropy,
)
# Functions win over classes of the same name in snake case.
_TABLE = (
    {cls.__name__: cls for cls in _CLASSES}
    | table_of(*_FUNCTIONS)
    | {
        alias: function
        for names, function in (
            (("mse", "MSE"), regression.mean_squared_error),
            (("mae", "MAE"), regression.mean_absolute_error),
            (("mape", "MAPE"), regression.mean_absolute_percentage_error),
            (("msle", "MSLE"), regression.mean_squared_logarithmic_error),
            (("bce", "BCE"), crossentropy.binary_crossentropy),
        )
        for alias in names
    }
)


def get(identifier: Any) -> Any:
    """Loss that a name, config or function stands for; None stays None.

    Args:
        identifier: Such as ``"mse"``; names in snake case give functions, names of classes instances.

    Raises:
        ValueError: An unknown name; the message suggests the nearest.

    Source: `keras.losses.get`.
    """
    return None if identifier is None else resolve("loss", identifier, _TABLE)
