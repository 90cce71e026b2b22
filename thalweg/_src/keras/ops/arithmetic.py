"""Sums, products, quotients and powers, with Keras' promotion of dtypes."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import promoted
from thalweg._src.ops import elementwise, exponential


@operation
def add(x1: Any, x2: Any) -> Any:
    """Sum ``x1 + x2``, element by element."""
    x1, x2 = promoted(x1, x2)
    return elementwise.add(x1, x2)


@operation
def sqrt(x: Any) -> Any:
    """Square root."""
    return exponential.sqrt(*promoted(x, least=float))
