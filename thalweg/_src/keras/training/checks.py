"""Checks of training data that cost one pass over the labels and save a night of NaN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.training.composites import values_of


def check_labels(y: Any, loss: Any, where: str) -> None:
    """Raises when targets are missing or not finite.

    Args:
        y: Targets, a structure of arrays.
        loss: The `CompileLoss`, or None when the model adds its own losses.
        where: Name of the method for messages.
    """
    if y is None:
        if loss is not None:
            raise InvalidArgumentError(
                f"[{where}] expected targets y for the loss that compile() was given, got None; pass y."
            )
        return
    for index, labels in enumerate(nest.flatten(y)):
        if labels is None:
            continue
        labels = values_of(labels)
        if labels.dtype.kind == "f" and not np.isfinite(labels).all():
            bad = int(np.argwhere(~np.isfinite(labels.reshape(len(labels), -1)).all(1))[0, 0])
            raise InvalidArgumentError(
                f"[{where}] expected finite targets, got {labels[bad]} at sample {bad} of target "
                f"{index}; remove or replace such samples."
            )


def check_classes(
    y: Any, classes: Mapping[int, tuple[int, int | None]], where: str
) -> None:
    """Raises when class numbers are outside the outputs that the model distinguishes.

    Args:
        y: Targets, a structure of arrays.
        classes: For each target with class numbers, the number of outputs and the label to ignore.
        where: Name of the method for messages.
    """
    if isinstance(y, Mapping):
        return  # by names, in another order than the outputs
    targets = nest.flatten(y)
    for index, (count, ignored) in classes.items():
        labels = values_of(targets[index])
        kept = labels if ignored is None else labels[labels != ignored]
        if kept.size and (kept.min() < 0 or kept.max() >= count):
            raise InvalidArgumentError(
                f"[{where}] expected class numbers from 0 to {count - 1} for {count} outputs, got "
                f"{kept.min()} to {kept.max()}; widen the last layer or renumber the labels."
            )
