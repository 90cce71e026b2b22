"""Medians, quantiles and percentiles."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import as_tensor
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.keras.ops.reducing import in_float32, need_elements, reduced_axes
from thalweg._src.ops.arguments import host_value
from thalweg._src.ops.casting import cast

METHODS = ("linear", "lower", "higher", "midpoint", "nearest")


def _between(place: Any, method: str) -> tuple[Any, Any, Any]:
    """The two ranks around a place, and the share of the upper one."""
    low, high = jnp.floor(place), jnp.ceil(place)
    if method == "lower":
        high = low
    elif method == "higher":
        low = high
    elif method == "nearest":
        low = high = jnp.round(place)
    share = place - low if method == "linear" else jnp.full_like(place, 0.5)
    return low.astype(np.int32), high.astype(np.int32), share


@op("quantile", matched=())
def _quantile(x: Any, q: Any, *, axes: Any, keepdims: bool, method: str, skip: bool) -> Any:
    """Quantiles over axes, in front; with `skip` of what is not NaN."""
    kept = [axis for axis in range(x.ndim) if axis not in axes]
    count = math.prod(x.shape[axis] for axis in axes)
    rows = jnp.transpose(x, (*kept, *axes)).reshape((*(x.shape[axis] for axis in kept), count))
    # NaN comes last, so that what is left is sorted in front of it.
    rows = jnp.sort(rows, axis=-1)
    absent = jnp.isnan(rows)
    present = (
        count - jnp.sum(absent, axis=-1, dtype=np.int32) if skip else jnp.full((), count, np.int32)
    )
    last = jnp.maximum(present - 1, 0).astype(q.dtype)
    place = q.reshape((-1, *[1] * last.ndim)) * last
    low, high, share = _between(place, method)
    shape = (place.shape[0], *rows.shape[:-1])
    below, above = (
        _picked(rows, jnp.broadcast_to(i.reshape(_aligned(i, shape)), shape)) for i in (low, high)
    )
    share = jnp.broadcast_to(share.reshape(_aligned(share, shape)), shape).astype(x.dtype)
    # Between two equal infinities the difference would be NaN.
    even = (below == above) | (share == 0)
    found = jnp.where(even, below, below + jnp.where(even, 0, above - below) * share)
    missing = jnp.all(absent, axis=-1) if skip else jnp.any(absent, axis=-1)
    found = jnp.where(missing, np.asarray(np.nan, x.dtype), found)
    inner = [1 if axis in axes else size for axis, size in enumerate(x.shape)]
    out = inner if keepdims else [x.shape[axis] for axis in kept]
    return found.reshape((*q.shape, *out))


def _aligned(part: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    return (*part.shape, *[1] * (len(shape) - part.ndim))


def _picked(rows: Any, ranks: Any) -> Any:
    """Elements of the sorted rows, for each quantile a rank in each row."""
    picked = jnp.take_along_axis(rows, jnp.moveaxis(ranks, 0, -1), axis=-1, mode="clip")
    return jnp.moveaxis(picked, -1, 0)


def _shares(where: str, q: Any, whole: float) -> Any:
    """`q` as shares of 1; plain numbers in float64, so that 0.1 of 11 elements is one of them."""
    tensor: Any = as_tensor(q)
    if tensor is None:
        tensor = Tensor(np.asarray(freeze(q), np.float64))
    elif not tensor.dtype.is_floating:
        tensor = cast(tensor, dtypes.float64)
    known = host_value(tensor)
    if known is not None and known.size and not (known.min() >= 0 and known.max() <= whole):
        raise InvalidArgumentError(
            f"[{where}] expected q from 0 to {whole:g}, got {known.tolist()}; quantiles are shares of 1, "
            "percentiles of 100."
        )
    if whole == 1:
        return tensor
    return Tensor(known / whole) if known is not None else tensor / whole


def _found(
    where: str, x: Any, q: Any, whole: float, axis: Any, method: str, keepdims: Any, skip: bool
) -> Any:
    if method not in METHODS:
        raise InvalidArgumentError(
            f"[{where}] expected method as one of {METHODS}, got {method!r}."
        )
    tensor = tensor_of(x)
    need_elements(where, tensor, axis)
    shares = _shares(where, q, whole)

    def compute(floats: Any) -> Any:
        return _quantile(
            floats,
            shares,
            axes=reduced_axes(where, axis, floats.ndim),
            keepdims=bool(keepdims),
            method=method,
            skip=skip,
        )

    return in_float32(compute, tensor)


@operation
def quantile(
    x: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False
) -> Any:
    """Values below which given shares of the elements lie.

    Args:
        x: Tensor of a real dtype.
        q: Share, or tensor of shares, from 0 to 1.
        axis: Axis or axes; all when None.
        method: What to take between two elements: ``"linear"``, ``"lower"``, ``"higher"``,
            ``"midpoint"`` or ``"nearest"``.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Floating tensor; the shape of `q` comes first. NaN where an element is NaN.

    Raises:
        InvalidArgumentError: The method is unknown, or a share lies outside [0, 1], where it is known.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.quantile([1.0, 2.0, 3.0, 4.0], [0.0, 0.5]).numpy().tolist()
        [1.0, 2.5]

    Source: `keras.ops.quantile`.
    """
    return _found("quantile", x, q, 1, axis, method, keepdims, False)


@operation
def percentile(
    x: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False
) -> Any:
    """Values below which given hundredths of the elements lie.

    Args:
        x: Tensor of a real dtype.
        q: Percentage, or tensor of percentages, from 0 to 100.
        axis: Axis or axes; all when None.
        method: What to take between two elements; see `quantile`.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Floating tensor; the shape of `q` comes first. NaN where an element is NaN.

    Raises:
        InvalidArgumentError: The method is unknown, or a percentage lies outside [0, 100].

    Source: `keras.ops.percentile`.
    """
    return _found("percentile", x, q, 100, axis, method, keepdims, False)


@operation
def median(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Middle of the sorted elements, the mean of the two middle ones for an even number.

    Args:
        x: Tensor of a real dtype.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Floating tensor; NaN where an element is NaN.

    Source: `keras.ops.median`.
    """
    return _found("median", x, 0.5, 1, axis, "linear", keepdims, False)


@operation
def nanquantile(
    x: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False
) -> Any:
    """Values below which given shares of the elements lie that are not NaN.

    Args:
        x: Tensor of a real dtype.
        q: Share, or tensor of shares, from 0 to 1.
        axis: Axis or axes; all when None.
        method: What to take between two elements; see `quantile`.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Floating tensor; the shape of `q` comes first. NaN where all elements are NaN.

    Raises:
        InvalidArgumentError: The method is unknown, or a share lies outside [0, 1], where it is known.

    Source: `keras.ops.nanquantile`. Takes several shares and integers too, which Keras on TensorFlow
    refuses.
    """
    return _found("nanquantile", x, q, 1, axis, method, keepdims, True)


@operation
def nanpercentile(
    x: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False
) -> Any:
    """Values below which given hundredths of the elements lie that are not NaN.

    Args:
        x: Tensor of a real dtype.
        q: Percentage, or tensor of percentages, from 0 to 100.
        axis: Axis or axes; all when None.
        method: What to take between two elements; see `quantile`.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Floating tensor; the shape of `q` comes first. NaN where all elements are NaN.

    Raises:
        InvalidArgumentError: The method is unknown, or a percentage lies outside [0, 100].

    Source: `keras.ops.nanpercentile`. Takes several percentages and integers too, which Keras on
    TensorFlow refuses.
    """
    return _found("nanpercentile", x, q, 100, axis, method, keepdims, True)


@operation
def nanmedian(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Middle of the sorted elements that are not NaN.

    Args:
        x: Tensor of a real dtype.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Floating tensor; NaN where all elements are NaN.

    Source: `keras.ops.nanmedian`.
    """
    return _found("nanmedian", x, 0.5, 1, axis, "linear", keepdims, True)
