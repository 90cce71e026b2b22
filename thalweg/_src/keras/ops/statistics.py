"""Weighted means, correlations and counts of values."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import (
    DataDependentShapeError,
    InvalidArgumentError,
    ShapeError,
    UnimplementedError,
)
from thalweg._src.core import dtypes
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.core.tensor import is_traced
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.ops import sparse as sparse_rules
from thalweg._src.keras.ops.arguments import (
    floating_or_wide,
    is_inexact,
    promoted,
    result_type,
    tensor_of,
)
from thalweg._src.keras.ops.comparison import isclose
from thalweg._src.keras.ops.pointwise import pointwise
from thalweg._src.keras.ops.reducing import in_float32, reduced_axes, summable
from thalweg._src.keras.ops.spaced import linspace
from thalweg._src.keras.ops.sparse import taking_sparse
from thalweg._src.ops import comparison, counting, elementwise, reduction, shaping
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.casting import cast

# --- Means and correlations ---------------------------------------------------------------------------


def _aligned(x: Any, weights: Any, axis: Any) -> Any:
    """Weights of the shape of `x`: they are given for all elements, or for those along the axes."""
    if weights.shape.as_list() == x.shape.as_list():
        return weights
    given = freeze(axis)
    if given is None:
        given = tuple(range(x.ndim))
    axes = [a % x.ndim for a in (given if isinstance(given, tuple) else (given,))]
    if weights.shape.as_list() != [x.shape[a] for a in axes]:
        raise ShapeError(
            f"[average] expected weights of the shape of x, {tuple(x.shape)}, or of its axis {axis}, got "
            f"{tuple(weights.shape)}; give one weight for each element."
        )
    in_order = shaping.transpose(weights, np.argsort(axes).tolist())
    wide = shaping.reshape(in_order, [x.shape[a] if a in axes else 1 for a in range(x.ndim)])
    return shaping.broadcast_to(wide, x.shape)


@operation
def average(x: Any, axis: Any = None, weights: Any = None) -> Any:
    """Weighted mean of the elements along axes.

    Args:
        x: Tensor.
        axis: Axis or axes; all when None.
        weights: Weight of each element, of the shape of `x` or of its axes; equal ones when None.

    Returns:
        Floating tensor; NaN where the weights add up to 0.

    Raises:
        ShapeError: The weights have another shape.

    Example:
        >>> import thalweg as tf
        >>> float(tf.keras.ops.average([1.0, 5.0], weights=[3.0, 1.0]))
        2.0

    Source: `keras.ops.average`.
    """
    if weights is None:
        return in_float32(reduction.reduce_mean, x, axis)
    floats, factors = promoted(x, weights, least=float)
    reduced_axes("average", axis, floats.ndim)

    def mean(wide: Any) -> Any:
        shares = _aligned(wide, cast(factors, wide.dtype), axis)
        total = reduction.reduce_sum(elementwise.multiply(wide, shares), axis)
        return elementwise.truediv(total, reduction.reduce_sum(shares, axis))

    return in_float32(mean, floats)


@op("corrcoef")
def _corrcoef(x: Any) -> Any:
    """Correlations of rows."""
    found = jnp.corrcoef(x)
    # One row is a matrix too: the rank must not depend on an unknown size.
    return found.reshape(x.shape[:1] * 2) if x.ndim == 2 else found


@operation
def corrcoef(x: Any) -> Any:
    """Correlation coefficients of variables.

    Args:
        x: Observations of shape ``(variables, observations)``, or of one variable.

    Returns:
        Floating matrix of shape ``(variables, variables)`` with values in [-1, 1]; a scalar for one
        variable.

    Raises:
        ShapeError: `x` has more than two dimensions.

    Source: `keras.ops.corrcoef`. The shape of a symbolic result is this one too, where Keras gives that of
    `x`.
    """
    (floats,) = floating_or_wide(x)
    if floats.ndim not in (1, 2):
        raise ShapeError(
            f"[corrcoef] expected x of shape (variables, observations), got "
            f"{tuple(floats.shape)}; reshape it."
        )
    return in_float32(_corrcoef, floats)


# --- Counts -------------------------------------------------------------------------------------------


@operation
@taking_sparse(sparse_rules.counted)
def bincount(x: Any, weights: Any = None, minlength: Any = 0, sparse: bool = False) -> Any:
    """How often each of the values 0, 1, 2, ... occurs.

    Args:
        x: Integers of 0 or more, of shape ``(n,)`` or ``(batch, n)``.
        weights: Tensor of the shape of `x`; its values are added up instead of ones.
        minlength: Least length of the result.
        sparse: Give a sparse tensor.

    Returns:
        Tensor of shape ``(length,)`` or ``(batch, length)``; int32, or of the dtype in which int32 and the
        weights meet. The length is the largest value + 1, and `minlength` at least.

    Raises:
        InvalidArgumentError: A value is negative.
        DataDependentShapeError: Inside a compiled program or a symbolic model, where the length of the
            result is not known; `one_hot` with a sum serves there.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.bincount([1, 1, 3])
        <tf.Tensor: shape=(4,), dtype=int32, numpy=array([0, 2, 0, 1], dtype=int32)>

    Source: `keras.ops.bincount`.
    """
    values = cast(tensor_of(x), dtypes.int32)
    if values.ndim not in (1, 2):
        raise ShapeError(
            f"[bincount] expected x of shape (n,) or (batch, n), got {tuple(values.shape)}; flatten it."
        )
    if weights is not None:
        weights = tensor_of(weights, result_type(dtypes.int32, weights))
        if weights.shape.as_list() != values.shape.as_list():
            raise ShapeError(
                f"[bincount] expected weights of the shape of x, {tuple(values.shape)}, got "
                f"{tuple(weights.shape)}."
            )
    if is_traced(values):
        raise DataDependentShapeError(
            "[bincount] the shape of its result depends on the value of x, which is not known inside a "
            "compiled program or a symbolic model; use one_hot and a sum there."
        )
    found = counting.bincount(values, weights, minlength=freeze(minlength), axis=-1)
    return sparse_rules.sparse(found) if sparse else found


@op("histogram", differentiable=False)
def _histogram(x: Any, edges: Any) -> Any:
    """Number of elements between neighbouring edges; the last bin holds its upper edge too."""
    bins = edges.shape[0] - 1
    flat = x.reshape(-1)
    places = jnp.searchsorted(edges, flat, side="right").astype(np.int32) - 1
    places = jnp.where(flat == edges[-1], bins - 1, places)
    # Negative places would count from the end.
    places = jnp.where((places < 0) | jnp.isnan(flat), bins, places)
    return jnp.zeros((bins,), np.int32).at[places].add(1, mode="drop")


def _limits(x: Any, limits: Any) -> tuple[Any, Any]:
    """Lowest and highest edge; half a unit around the values where they are all equal."""
    if limits is None:
        if x.shape.num_elements() == 0:
            return 0.0, 1.0
        low, high = reduction.reduce_min(x), reduction.reduce_max(x)
        alone = cast(comparison.equal(low, high), x.dtype) * 0.5
        return low - alone, high + alone
    given = freeze(limits)
    if not isinstance(given, tuple) or len(given) != 2 or not given[0] <= given[1]:
        raise InvalidArgumentError(
            f"[histogram] expected range as a pair (low, high), got {limits!r}; leave it out to take that of "
            "the values."
        )
    alone = 0.5 if given[0] == given[1] else 0.0
    return given[0] - alone, given[1] + alone


@operation
def histogram(x: Any, bins: Any = 10, range: Any = None) -> tuple[Any, Any]:
    """Number of elements in each of several bins of one width, and the edges of the bins.

    Args:
        x: Tensor of a real dtype, which is flattened.
        bins: Number of bins, 1 or more.
        range: Pair (lowest, highest edge); that of the values when None. Values outside are not counted.

    Returns:
        Counts of shape ``(bins,)`` in the dtype of `x`, integers of 32 bits at least, and floating edges of
        shape ``(bins + 1,)``. Each bin holds its lower edge, the last one its upper edge too.

    Raises:
        InvalidArgumentError: `bins` is below 1, or the range is not in order.

    Example:
        >>> import thalweg as tf
        >>> counts, edges = tf.keras.ops.histogram([1.0, 2.0, 2.0, 5.0], bins=2)
        >>> counts.numpy().tolist(), edges.numpy().tolist()
        ([3.0, 1.0], [1.0, 3.0, 5.0])

    Source: `keras.ops.histogram`. Keras on TensorFlow takes vectors only, cuts the edges of integers to
    integers, and counts bytes in bytes, which overflow.
    """
    count = int_of("histogram", "bins", freeze(bins))
    if count < 1:
        raise InvalidArgumentError(f"[histogram] expected bins of 1 or more, got {count}; use 10.")
    tensor = tensor_of(x)
    # Integers of 32 bits need more than float32 to fall into the right bin.
    exact = cast(tensor, dtypes.float32 if tensor.dtype.size < 4 else tensor.dtype)
    exact = exact if is_inexact(exact) else cast(exact, dtypes.float64)
    edges = linspace(*_limits(exact, range), num=count + 1, dtype=exact.dtype)
    counts = cast(_histogram(exact, edges), summable(tensor).dtype)
    return counts, cast(edges, tensor.dtype if is_inexact(tensor) else floatx())


@pointwise
def allclose(
    x1: Any, x2: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
) -> Any:
    """True when all elements are equal within a tolerance.

    Args:
        x1: Tensor.
        x2: Tensor; shapes broadcast.
        rtol: Tolerance relative to `x2`.
        atol: Absolute tolerance, added to the relative one.
        equal_nan: Whether NaN equals NaN.

    Returns:
        Bool scalar.

    Source: `keras.ops.allclose`.
    """
    return reduction.reduce_all(isclose(x1, x2, rtol, atol, equal_nan))
