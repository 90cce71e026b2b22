"""Norms of vectors and matrices of every order that NumPy knows."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.opdef import op
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.support import INEXACT, axis_of, needs

_MATRIX_ORDERS = (None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)


def root_or_zero(squares: Any) -> Any:
    """Square root whose derivative at 0 is 0: a norm has no direction there."""
    positive = squares > 0
    root = lax.sqrt(jnp.where(positive, squares, jnp.ones_like(squares)))
    return jnp.where(positive, root, squares)


def _axes(axis: Any, rank: int) -> tuple[int, ...] | None:
    if axis is None:
        return None
    return tuple(axis_of("norm", a, rank) for a in (axis if isinstance(axis, tuple) else (axis,)))


def _narrowed(size: Any, dtype: Any) -> Any:
    """The norm in the dtype of the values; real for complex ones."""
    return size if jnp.issubdtype(dtype, jnp.complexfloating) else size.astype(dtype)


@op("numpy_norm")
def numpy_norm(x: Any, *, ord: Any, axis: Any, keepdims: bool) -> Any:
    """Norm of vectors or matrices.

    Args:
        x: Floating or complex tensor.
        ord: Order: a number or infinity for vectors; ``"fro"``, ``"nuc"``, 1, 2, infinity or their
            negatives for matrices; None for the root of the sum of squares.
        axis: Axis of the vectors, or a pair of those of matrices; None for all that there are.
        keepdims: Keep the axes with size 1.

    Returns:
        Real tensor. The gradient of a norm of 0 is 0 for the root of squares.

    Raises:
        InvalidArgumentError: Order and axes do not go together.

    Source: `numpy.linalg.norm`.
    """
    needs("norm", INEXACT, x)
    axes = _axes(axis, x.ndim)
    dtype, x = x.dtype, x.astype(wide(x))
    count = x.ndim if axes is None else len(axes)
    if ord is None or (ord == 2 and count == 1) or (ord == "fro" and count == 2):
        size = jnp.abs(x) if jnp.iscomplexobj(x) else x
        squares = jnp.sum(size * size, axes, keepdims=keepdims, dtype=size.dtype)
        return _narrowed(root_or_zero(squares), dtype)
    fits = (count == 1 and not isinstance(ord, str)) or (count == 2 and ord in _MATRIX_ORDERS)
    if not fits:
        raise InvalidArgumentError(
            f"[norm] expected a number as ord for vectors, one of {_MATRIX_ORDERS} for matrices, and None "
            f"for anything else, got ord={ord!r} for {count} axes; give axis as an int or a pair."
        )
    return _narrowed(jnp.linalg.norm(x, ord, axes, keepdims), dtype)
