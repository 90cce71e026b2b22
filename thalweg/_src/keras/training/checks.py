"""Checks of training data that cost one pass over the labels and save a night of NaN."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.training.arrays import ArrayData


def check_labels(data: ArrayData, loss: Any) -> None:
    """Raises when targets are missing or hold NaN, or class numbers are negative.

    Args:
        data: Data of `fit` or `evaluate`.
        loss: The `CompileLoss`, or None when the model adds its own losses.
    """
    _, y, _ = data.structure
    if y is None:
        if loss is not None:
            raise InvalidArgumentError(
                f"[{data.where}] expected targets y for the loss that compile() was given, got None; pass y."
            )
        return
    for index, labels in enumerate(nest.flatten(y)):
        if labels is None:
            continue
        if labels.dtype.kind == "f" and not np.isfinite(labels).all():
            bad = int(np.argwhere(~np.isfinite(labels.reshape(len(labels), -1)).all(1))[0, 0])
            raise InvalidArgumentError(
                f"[{data.where}] expected finite targets, got {labels[bad]} at sample {bad} of target "
                f"{index}; remove or replace such samples."
            )


def check_class_range(labels: np.ndarray[Any, Any], classes: int, where: str) -> None:
    """Raises when integer class numbers are outside ``[0, classes)``.

    Args:
        labels: Class numbers.
        classes: Number of classes that the model distinguishes.
        where: Name of the method for messages.
    """
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or high >= classes:
        raise InvalidArgumentError(
            f"[{where}] expected class numbers from 0 to {classes - 1} for {classes} outputs, got {low} to "
            f"{high}; widen the last layer or renumber the labels."
        )
