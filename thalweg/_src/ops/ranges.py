"""Numbers by rule: ranges, even spacing, one-hot vectors, grids."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.composite import dispatched
from thalweg._src.core.convert import as_tensor, check_kind, from_host, infer_dtype, to_host
from thalweg._src.core.door import freeze
from thalweg._src.core.dtypes import DType
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor, symbols_in
from thalweg._src.core.tensor import Tensor, is_static
from thalweg._src.ops.arguments import host_value, int_of
from thalweg._src.ops.creation import ones_like, zeros_like
from thalweg._src.ops.shaping import reshape
from thalweg._src.ops.support import INTEGER, axis_of, needs

_RANKED = (
    dtypes.int32,
    dtypes.int64,
    dtypes.float16,
    dtypes.bfloat16,
    dtypes.float32,
    dtypes.float64,
)
# A range of at most so many numbers is a constant of a compiled program that can serve as a shape.
_STATIC_RANGE = 4096


def _range_count(start: Any, limit: Any, delta: Any) -> int:
    """Number of elements, refusing ranges that lead nowhere."""
    if delta == 0:
        raise InvalidArgumentError("[range] Requires delta != 0, got 0.")
    if (delta > 0 and start > limit) or (delta < 0 and start < limit):
        sign, order = ("> 0", "<=") if delta > 0 else ("< 0", ">=")
        raise InvalidArgumentError(
            f"[range] Requires start {order} limit when delta {sign}: {start}/{limit}."
        )
    if isinstance(start, np.integer):
        return -((int(start) - int(limit)) // int(delta))
    return math.ceil(abs((limit - start) / delta))


def _range_values(xp: Any, start: Any, limit: Any, delta: Any, dtype: DType) -> Any:
    kind = dtype.numpy_dtype.type
    first, step = kind(start), kind(delta)
    count = _range_count(first, kind(limit), step)
    steps: Any
    if xp is np:
        steps = np.arange(count).astype(dtype.numpy_dtype)
    else:
        steps = lax.iota(dtype.numpy_dtype, count)
    return (first + steps * step).astype(dtype.numpy_dtype)


@op(
    "range",
    host=lambda start, limit, delta, dtype: _range_values(np, start, limit, delta, dtype),
)
def _range(*, start: Any, limit: Any, delta: Any, dtype: Any) -> Any:
    return _range_values(jnp, start, limit, delta, dtype)


def _range_dtype(values: list[Any]) -> DType:
    found = [
        dtypes.as_dtype(v.dtype) if isinstance(v, KerasTensor) else infer_dtype(v) for v in values
    ]
    for dtype in found:
        if dtype.is_bool or not (dtype.is_integer or dtype.is_floating):
            raise DTypeError(f"[range] expected integers or floats, got dtype {dtype.name}.")
    ranked = [d for d in _RANKED if d in found]
    return ranked[-1] if ranked else found[0]


def range_(
    start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str = "range"
) -> Any:
    """Numbers from `start` up to, not including, `limit`, in steps of `delta`.

    Args:
        start: First number; the limit when `limit` is None, and then the first number is 0.
        limit: Where to stop.
        delta: Step; negative to go down.
        dtype: Dtype; the widest of the arguments' when None (int32 for Python ints, float32 for
            floats).
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(n,)``. In a compiled program a short one stays known, so that it can serve
        as a shape.

    Raises:
        InvalidArgumentError: `delta` is 0 or leads away from `limit`.

    Example:
        >>> import thalweg as tf
        >>> tf.range(1, 10, 3).numpy().tolist()
        [1, 4, 7]

    Source: `tf.range`.
    """
    if limit is None:
        start, limit = 0, start
    values = [start, limit, delta]
    if dtype is None:
        wanted = _range_dtype(values)
    else:
        wanted = dtypes.as_dtype(dtype)
        for value in values:
            check_kind(value, wanted, "range")
    frozen = [freeze(v) for v in values]
    if any(isinstance(v, tuple) for v in frozen):
        raise ShapeError(f"[range] expected scalars for start, limit and delta, got {frozen}.")
    if next(symbols_in(frozen), None) is not None:
        attrs = dict(zip(("start", "limit", "delta"), frozen, strict=True))
        return _range(**attrs, dtype=wanted, name=name)
    first, last, step = frozen
    kind = wanted.numpy_dtype.type
    if xla.tracing() and _range_count(kind(first), kind(last), kind(step)) > _STATIC_RANGE:
        return Tensor(_range_values(jnp, first, last, step, wanted))
    return from_host(_range_values(np, first, last, step, wanted))


def _spaced(xp: Any, start: Any, stop: Any, num: int, axis: int) -> Any:
    if num < 1:
        start = xp.broadcast_to(start, np.broadcast_shapes(start.shape, stop.shape))
        return xp.zeros((*start.shape[:axis], 0, *start.shape[axis:]), start.dtype)
    start, stop = xp.broadcast_arrays(start, stop)
    step = (stop - start) / np.asarray(max(num - 1, 1), start.dtype)
    count = (-1, *[1] * (start.ndim - axis))
    places = xp.arange(num, dtype=start.dtype).reshape(count)
    values = xp.expand_dims(start, axis) + xp.expand_dims(step, axis) * places
    if num == 1:
        return values
    # The end is exact: start + step * (num - 1) may round.
    is_last = (np.arange(num) == num - 1).reshape(count)
    return xp.where(is_last, xp.expand_dims(stop, axis), values).astype(start.dtype)


def _linspace_body(xp: Any, start: Any, stop: Any, num: Any, axis: Any) -> Any:
    count = int_of("linspace", "num", num)
    if count < 0:
        raise InvalidArgumentError(f"[linspace] expected num >= 0, got {count}.")
    rank = max(start.ndim, stop.ndim) + 1
    return _spaced(xp, start, stop, count, axis_of("linspace", axis, rank))


@op("linspace", host=lambda start, stop, num, axis: _linspace_body(np, start, stop, num, axis))
def _linspace(start: Any, stop: Any, *, num: Any, axis: Any) -> Any:
    return _linspace_body(jnp, start, stop, num, axis)


def linspace(start: Any, stop: Any, num: Any, name: str | None = None, axis: int = 0) -> Any:
    """Numbers evenly spaced from `start` to `stop`, both included.

    Args:
        start: First number, or a tensor of them.
        stop: Last number, or a tensor of the same dtype; shapes broadcast.
        num: How many, 0 or more.
        name: Name of the node in a model's graph.
        axis: Where the new dimension goes.

    Returns:
        Tensor with a new dimension of size `num`. Integers give float64.

    Raises:
        InvalidArgumentError: `num` is negative, or the axis is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.linspace(0.0, 1.0, 5).numpy().tolist()
        [0.0, 0.25, 0.5, 0.75, 1.0]

    Source: `tf.linspace`.
    """
    ends = [_wide(v) for v in (start, stop)]
    return _linspace(*ends, num=num, axis=axis, name=name)


def _wide(value: Any) -> Any:
    """Integers as float64, as TensorFlow's division gives them; other values as they are."""
    tensor = as_tensor(value)
    if isinstance(value, KerasTensor):
        return value
    if tensor is not None:
        known = host_value(tensor) if tensor.dtype.is_integer else None
        return value if known is None else known.astype(np.float64)
    return np.asarray(value, np.float64) if infer_dtype(value).is_integer else value


# --- One-hot and grids --------------------------------------------------------------------------------


def _one_hot_places(xp: Any, indices: Any, depth: Any, axis: Any) -> Any:
    needs("one_hot", INTEGER, indices)
    count = int_of("one_hot", "depth", depth)
    if count < 0:
        raise InvalidArgumentError(f"[one_hot] depth must be non-negative, got {count}.")
    at = indices.ndim if axis == -1 else int_of("one_hot", "axis", axis)
    if not 0 <= at <= indices.ndim:
        raise InvalidArgumentError(
            f"[one_hot] expected an axis of -1 or from 0 to {indices.ndim}, got {axis}."
        )
    places = xp.arange(count, dtype=np.int64 if indices.dtype.itemsize == 8 else np.int32)
    return xp.expand_dims(indices, at) == places.reshape(-1, *[1] * (indices.ndim - at))


def _one_hot_host(indices: Any, depth: Any, axis: Any, on: Any, off: Any, dtype: DType) -> Any:
    places = _one_hot_places(np, indices, depth, axis)
    return np.where(places, _number(on, dtype), _number(off, dtype))


def _number(value: Any, dtype: DType) -> np.ndarray[Any, Any]:
    return to_host(value, dtype, "one_hot")


@op("one_hot", inputs=("indices",), host=_one_hot_host, moves=True)
def _one_hot(indices: Any, depth: Any, axis: Any, on: Any, off: Any, dtype: Any) -> Any:
    places = _one_hot_places(jnp, indices, depth, axis)
    return jnp.where(places, _number(on, dtype), _number(off, dtype))


@op("one_hot_with", inputs=("indices", "on", "off"), matched=(1, 2))
def _one_hot_with(indices: Any, on: Any, off: Any, depth: Any, axis: Any) -> Any:
    """One-hot vectors whose values are tensors."""
    return jnp.where(_one_hot_places(jnp, indices, depth, axis), on, off)


def _one_hot_dtype(on_value: Any, off_value: Any, dtype: Any) -> DType:
    """Dtype of the result: the values', which must agree with each other and with `dtype`."""
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    for label, value in (("on_value", on_value), ("off_value", off_value)):
        if value is None:
            continue
        is_number = isinstance(value, (int, float, complex)) and wanted is not None
        found = wanted if is_number else infer_dtype(value)
        if wanted is not None and found is not wanted:
            raise DTypeError(
                f"[one_hot] dtype {found.name} of {label} does not match dtype {wanted.name}; cast it."  # type: ignore[union-attr]
            )
        wanted = found
    return dtypes.float32 if wanted is None else wanted


@dispatched("one_hot")
def one_hot(
    indices: Any,
    depth: Any,
    on_value: Any = None,
    off_value: Any = None,
    axis: Any = None,
    dtype: Any = None,
    name: str | None = None,
) -> Any:
    """Vectors that are `on_value` at one place and `off_value` elsewhere.

    Args:
        indices: Integers of any shape; one outside [0, depth) gives a vector of `off_value` only.
        depth: Length of the vectors.
        on_value: Scalar; 1 when None.
        off_value: Scalar; 0 when None.
        axis: Where the new dimension goes, from 0 to the rank; -1 or None for the end.
        dtype: Dtype; that of the values when None, else float32.
        name: Name of the node in a model's graph.

    Returns:
        Tensor with a new dimension of size `depth`.

    Raises:
        TypeError: The dtypes of the values and `dtype` disagree, or the indices are no integers.

    Example:
        >>> import thalweg as tf
        >>> tf.one_hot([0, 2], 3).numpy().tolist()
        [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]

    Source: `tf.one_hot`.
    """
    at = -1 if axis is None else freeze(axis)
    tensors = [
        v for v in (on_value, off_value) if as_tensor(v) is not None or isinstance(v, KerasTensor)
    ]
    if any(isinstance(v, KerasTensor) or not is_static(as_tensor(v)) for v in tensors):  # type: ignore[arg-type]
        first = tensors[0]
        on = on_value if on_value is not None else ones_like(first)
        off = off_value if off_value is not None else zeros_like(first)
        if not isinstance(first, KerasTensor):
            _one_hot_dtype(on_value, off_value, dtype)
        return _one_hot_with(indices, on, off, depth=depth, axis=at, name=name)
    wanted = _one_hot_dtype(on_value, off_value, dtype)
    on = wanted.numpy_dtype.type(1).item() if on_value is None else freeze(on_value)
    off = wanted.numpy_dtype.type(0).item() if off_value is None else freeze(off_value)
    return _one_hot(indices, depth=depth, axis=at, on=on, off=off, dtype=wanted, name=name)


def _grid(xp: Any, arrays: tuple[Any, ...], indexing: str) -> tuple[Any, ...]:
    flat = [a.reshape(-1) for a in arrays]
    return tuple(xp.meshgrid(*flat, indexing=indexing))


@op("meshgrid", host=lambda *args, indexing: _grid(np, args, indexing), moves=True)
def _meshgrid(*args: Any, indexing: str) -> tuple[Any, ...]:
    return _grid(jnp, args, indexing)


def meshgrid(*args: Any, **kwargs: Any) -> list[Any]:
    """Coordinates of the points of a grid, one tensor for each axis.

    Args:
        *args: Coordinates along each axis, tensors of one dtype; they are flattened.
        **kwargs: ``indexing``: ``"xy"`` (default; the first two axes of the results are exchanged) or
            ``"ij"``; ``name``.

    Returns:
        List of tensors of one shape.

    Raises:
        ValueError: `indexing` is neither.

    Example:
        >>> import thalweg as tf
        >>> [t.numpy().tolist() for t in tf.meshgrid([1, 2], [3, 4])]
        [[[1, 2], [1, 2]], [[3, 3], [4, 4]]]

    Source: `tf.meshgrid`.
    """
    indexing, name = kwargs.pop("indexing", "xy"), kwargs.pop("name", None)
    if kwargs:
        raise TypeError(
            f"[meshgrid] {next(iter(kwargs))!r} is an invalid keyword argument for this function; known "
            "ones: indexing, name."
        )
    if indexing not in ("xy", "ij"):
        raise InvalidArgumentError(
            f"[meshgrid] indexing parameter must be either 'xy' or 'ij', got {indexing!r}."
        )
    if len(args) < 2:
        return [reshape(a, [-1]) for a in args]
    return list(_meshgrid(*args, indexing=indexing, name=name))
