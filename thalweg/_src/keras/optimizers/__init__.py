"""Optimizers, found by name."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.registry import resolve, table_of
from thalweg._src.keras.optimizers.rmsprop import RMSprop
from thalweg._src.keras.optimizers.sgd import SGD

_TABLE = table_of(RMSprop, SGD)


def get(identifier: Any) -> Any:
    """Optimizer that a name, config or object stands for.

    Args:
        identifier: Such as ``"adam"``.

    Raises:
        ValueError: An unknown name; the message suggests the nearest.

    Source: `keras.optimizers.get`.
    """
    return resolve("optimizer", identifier, _TABLE)
