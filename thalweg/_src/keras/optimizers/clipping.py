"""Clipping of gradients by value, by norm, and by the norm of all together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.ops import clipping, elementwise, exponential, reduction


def clip(
    grads: Sequence[Any], norm: float | None, value: float | None, global_norm: float | None
) -> list[Any]:
    """Gradients within the given bounds.

    Args:
        grads: Gradients.
        norm: Largest Euclidean norm of each, or None.
        value: Largest magnitude of each element, or None.
        global_norm: Largest Euclidean norm of all together, or None.
    """
    if value is not None:
        return [clipping.maximum(clipping.minimum(g, float(value)), -float(value)) for g in grads]
    if norm is not None:
        return [_scaled(g, _square_sum(g), norm) for g in grads]
    if global_norm is not None:
        total = _square_sum(grads[0])
        for gradient in grads[1:]:
            total = elementwise.add(total, _square_sum(gradient))
        return [_scaled(g, total, global_norm) for g in grads]
    return list(grads)


def _square_sum(gradient: Any) -> Any:
    return reduction.reduce_sum(elementwise.square(gradient))


def _scaled(gradient: Any, square_sum: Any, largest: float) -> Any:
    """The gradient, shortened when the norm is larger than allowed; a zero norm divides by `largest`."""
    norm = clipping.maximum(exponential.sqrt(square_sum), float(largest))
    return elementwise.multiply(gradient, elementwise.truediv(float(largest), norm))
