"""Adaptive pooling: images cut into a given number of nearly equal windows."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.nn.windows import channels_last, spatial
from thalweg._src.ops.support import FLOAT, REAL, needs

# XLA:CPU miscompiles some products with matrices whose elements are all equal, as the mean of a whole axis
# is; zeros beside its one column make it another.
_FEWEST_COLUMNS = 8


def _bounds(where: str, size: int, count: int) -> tuple[Any, Any]:
    """First element of each window, and the one after its last."""
    if not size:
        raise InvalidArgumentError(f"[{where}] expected images with elements, got a size of 0.")
    number = np.arange(count)
    return number * size // count, -(-(number + 1) * size // count)


def _max_along(x: Any, axis: int, starts: Any, ends: Any) -> Any:
    """Largest value of each window along one axis, as two overlapping blocks of 2^n elements."""
    block = 1 << (int((ends - starts).min()).bit_length() - 1)
    reach = 1
    while reach < block:
        size = x.shape[axis] - reach
        x = _larger(
            lax.slice_in_dim(x, 0, size, axis=axis),
            lax.slice_in_dim(x, reach, reach + size, axis=axis),
        )
        reach *= 2
    first = jnp.take(x, starts, axis)
    return _larger(first, jnp.take(x, ends - block, axis)) if (ends - starts).max() > 1 else first


def _larger(one: Any, two: Any) -> Any:
    """The larger of two; the first of equals, which takes the gradient."""
    return jnp.where((one >= two) | (one != one), one, two)


def _mean_along(x: Any, axis: int, starts: Any, ends: Any) -> Any:
    """Mean of each window along one axis."""
    count = len(starts)
    missing = max(_FEWEST_COLUMNS - count, 0) if count == 1 else 0
    place = lax.broadcasted_iota(jnp.int32, (x.shape[axis], count), 0)
    inside = (place >= starts) & (place < ends)
    weights = jnp.where(inside, jnp.asarray(1 / (ends - starts), x.dtype), jnp.zeros((), x.dtype))
    weights = jnp.pad(weights, ((0, 0), (0, missing)))
    means = jnp.tensordot(x, weights, ((axis,), (0,)), precision=lax.Precision.HIGHEST)
    return jnp.moveaxis(means[..., :count], -1, axis)


@op("adaptive_pool")
def adaptive_pool(
    input: Any, *, output_size: Any, data_format: Any, kind: str, where: str
) -> Any:
    """Largest or mean value of each of a given number of windows.

    Args:
        input: Tensor ``(batch, *sizes, channels)``, or channels second; real for ``"max"``, floating for
            ``"mean"``.
        output_size: Number of windows along each spatial dimension.
        data_format: Such as ``"NHWC"`` or ``"NCHW"``.
        kind: ``"max"`` or ``"mean"``.
        where: Name for messages.

    Returns:
        Tensor ``(batch, *output_size, channels)``. Window i of n covers the elements from ``i * size / n``
        rounded down to ``(i + 1) * size / n`` rounded up, itself left out.

    Raises:
        ValueError: Arguments do not fit.

    Source: `torch.nn.AdaptiveAvgPool2d` and `torch.nn.AdaptiveMaxPool2d`.
    """
    needs(where, REAL if kind == "max" else FLOAT, input)
    rank = input.ndim - 2
    if not 1 <= rank <= 3:
        raise ShapeError(
            f"[{where}] expected an input of rank 3 to 5 (batch, sizes, channels), got shape "
            f"{tuple(input.shape)}; add the missing dimensions with tf.expand_dims."
        )
    last = channels_last(where, data_format, rank)
    counts = spatial(where, "output_size", output_size, rank, last)
    x = input if kind == "max" else input.astype(wide(input))
    for axis, count in enumerate(counts, 1 if last else 2):
        along = _max_along if kind == "max" else _mean_along
        x = along(x, axis, *_bounds(where, x.shape[axis], count))
    return x.astype(input.dtype)
