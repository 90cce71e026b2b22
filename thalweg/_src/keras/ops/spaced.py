"""Numbers at even distances, on a line or on a scale of powers, and grids of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.keras.ops.pointwise import pointwise
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.casting import cast
from thalweg._src.ops.shaping import broadcast_to, reshape
from thalweg._src.ops.support import axis_of


def _count(where: str, num: Any) -> int:
    count = int_of(where, "num", freeze(num))
    if count < 0:
        raise InvalidArgumentError(f"[{where}] expected num of 0 or more, got {count}; use 50.")
    return count


def _axis(where: str, axis: Any, *ends: Any) -> int:
    return axis_of(where, freeze(axis), max(len(end.shape) for end in ends) + 1)


def _ends(start: Any, stop: Any, dtype: Any, *more: Any) -> tuple[list[Any], Any]:
    """The ends as floats of one dtype, and the dtype of the result."""
    ends = promoted(start, stop, *more, least=float)
    wanted = dtypes.as_dtype(dtype or ends[0].dtype)
    if wanted.is_floating and wanted.size > ends[0].dtype.size:
        ends = [cast(end, wanted) for end in ends]
    elif wanted.is_integer and ends[0].dtype.size < 8:
        # 10.0 ** 3 in float32 may fall short of 1000, and would be cut to 999.
        ends = [cast(end, dtypes.float64) for end in ends]
    return ends, wanted


def _spaced(start: Any, stop: Any, num: int, endpoint: bool, axis: int) -> tuple[Any, Any]:
    start, stop = jnp.broadcast_arrays(start, stop)
    steps = num - 1 if endpoint else num
    if num == 0 or steps == 0:
        alone = jnp.expand_dims(start, axis) if num else _none(start, axis)
        return alone, jnp.full_like(start, np.nan)
    step = (stop - start) / np.asarray(steps, start.dtype)
    places = np.arange(num).reshape((-1, *[1] * (start.ndim - axis)))
    first, last = jnp.expand_dims(start, axis), jnp.expand_dims(stop, axis)
    values = first + jnp.expand_dims(step, axis) * places.astype(start.dtype)
    if endpoint:
        # The end is exact: start + step * (num - 1) may round.
        values = jnp.where(places == num - 1, last, values)
    return values, step


@op("spaced")
def _linspace(start: Any, stop: Any, *, num: int, endpoint: bool, axis: int) -> tuple[Any, Any]:
    """Evenly spaced numbers and their distance."""
    return _spaced(start, stop, num, endpoint, axis)


def _none(like: Any, axis: int) -> Any:
    return jnp.zeros((*like.shape[:axis], 0, *like.shape[axis:]), like.dtype)


def _rounded(values: Any, wanted: Any) -> Any:
    """The values in the wanted dtype; integers are rounded down, as in NumPy."""
    return cast(_floor(values), wanted) if wanted.is_integer else cast(values, wanted)


@op("floor_nearly", differentiable=False)
def _floor(x: Any) -> Any:
    """Floor that takes what lies within rounding errors of an integer for that integer."""
    near = jnp.round(x)
    return jnp.where(jnp.abs(x - near) <= 1e-12 * jnp.abs(x), near, jnp.floor(x))


@pointwise
def linspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: Any = 0,
) -> Any:
    """Numbers evenly spaced from `start` to `stop`.

    Args:
        start: First number, or a tensor of them.
        stop: Last number; shapes broadcast.
        num: How many, 0 or more.
        endpoint: Whether `stop` is the last number; else it would be the next.
        retstep: Also return the distance of neighbours.
        dtype: Dtype; the common floating one when None. Integers are rounded down,
            but for rounding errors.
        axis: Where the new dimension of size `num` goes.

    Returns:
        Tensor, or with `retstep` a pair of it and the distance, of the shape of the ends (NaN where
        there is one number only).

    Raises:
        InvalidArgumentError: `num` is negative or the axis is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.linspace(0, 1, 4, endpoint=False).numpy().tolist()
        [0.0, 0.25, 0.5, 0.75]

    Source: `keras.ops.linspace`.
    """
    ends, wanted = _ends(start, stop, dtype)
    at = _axis("linspace", axis, *ends)
    count = _count("linspace", num)
    values, step = _linspace(*ends, num=count, endpoint=bool(endpoint), axis=at)
    values = _rounded(values, wanted)
    return (values, step) if retstep else values


def _wide(x: Any) -> Any:
    """Floats in float64, in which powers and logarithms are exact to the last place of float32."""
    return x.astype(np.float64) if jnp.issubdtype(x.dtype, jnp.floating) else x


@op("logspace")
def _logspace(start: Any, stop: Any, base: Any, *, num: int, endpoint: bool, axis: int) -> Any:
    """Powers of a base with evenly spaced exponents."""
    base, low, high = jnp.broadcast_arrays(*map(_wide, (base, start, stop)))
    exponents = _spaced(low, high, num, endpoint, axis)[0]
    return jnp.power(jnp.expand_dims(base, axis), exponents).astype(start.dtype)


@pointwise
def logspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: bool = True,
    base: Any = 10,
    dtype: Any = None,
    axis: Any = 0,
) -> Any:
    """Numbers from ``base ** start`` to ``base ** stop`` whose logarithms are evenly spaced.

    Args:
        start: First exponent, or a tensor of them.
        stop: Last exponent; shapes broadcast.
        num: How many, 0 or more.
        endpoint: Whether ``base ** stop`` is the last number; else it would be the next.
        base: Base of the powers.
        dtype: Dtype; the common floating one when None. Integers are rounded down,
            but for rounding errors.
        axis: Where the new dimension of size `num` goes.

    Returns:
        Tensor.

    Raises:
        InvalidArgumentError: `num` is negative or the axis is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.logspace(0, 2, 3, dtype="int32").numpy().tolist()
        [1, 10, 100]

    Source: `keras.ops.logspace`.
    """
    ends, wanted = _ends(start, stop, dtype)
    scale = tensor_of(base, ends[0].dtype)
    at = _axis("logspace", axis, *ends, scale)
    values = _logspace(
        *ends,
        scale,
        num=_count("logspace", num),
        endpoint=bool(endpoint),
        axis=at,
    )
    return _rounded(values, wanted)


@op("geomspace")
def _geomspace(start: Any, stop: Any, *, num: int, endpoint: bool, axis: int) -> Any:
    """Numbers of constant ratio between two ends."""
    found = jnp.geomspace(_wide(start), _wide(stop), num, endpoint, axis=axis)
    return found.astype(start.dtype)


@pointwise
def geomspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: bool = True,
    dtype: Any = None,
    axis: Any = 0,
) -> Any:
    """Numbers from `start` to `stop`, each a constant multiple of the one before.

    Args:
        start: First number, or a tensor of them.
        stop: Last number, of the same sign; shapes broadcast.
        num: How many, 0 or more.
        endpoint: Whether `stop` is the last number; else it would be the next.
        dtype: Dtype; the common floating one when None. Integers are rounded down,
            but for rounding errors.
        axis: Where the new dimension of size `num` goes.

    Returns:
        Tensor; NaN between ends of different signs.

    Raises:
        InvalidArgumentError: `num` is negative or the axis is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.geomspace(1, 1000, 4, dtype="int32").numpy().tolist()
        [1, 10, 100, 1000]

    Source: `keras.ops.geomspace`.
    """
    ends, wanted = _ends(start, stop, dtype)
    at = _axis("geomspace", axis, *ends)
    count = _count("geomspace", num)
    return _rounded(_geomspace(*ends, num=count, endpoint=bool(endpoint), axis=at), wanted)


@operation
def meshgrid(*x: Any, indexing: str = "xy") -> list[Any]:
    """Coordinates of the points of a grid, one tensor for each axis.

    Args:
        *x: Coordinates along each axis; they are flattened and keep their dtypes.
        indexing: ``"xy"``: the first two axes of the results are exchanged; or ``"ij"``.

    Returns:
        List of tensors of one shape.

    Raises:
        InvalidArgumentError: `indexing` is neither.

    Example:
        >>> import thalweg as tf
        >>> [t.numpy().tolist() for t in tf.keras.ops.meshgrid([1, 2], [3, 4])]
        [[[1, 2], [1, 2]], [[3, 3], [4, 4]]]

    Source: `keras.ops.meshgrid`.
    """
    if indexing not in ("xy", "ij"):
        raise InvalidArgumentError(
            f"[meshgrid] expected indexing 'xy' or 'ij', got {indexing!r}; choose one."
        )
    axes = [reshape(tensor_of(value), [-1]) for value in x]
    sizes = [int(axis.shape[0]) for axis in axes]
    order = list(range(len(axes)))
    if indexing == "xy" and len(axes) > 1:
        order[:2] = 1, 0
    shape = [sizes[i] for i in order]
    return [
        broadcast_to(reshape(axis, [-1 if i == j else 1 for j in order]), shape)
        for i, axis in enumerate(axes)
    ]
