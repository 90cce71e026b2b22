"""Elements picked by lists of indices: gather, gather_nd, unravel_index.

An index that lies out of range is an error wherever its value can be read cheaply: eagerly on a CPU,
and for constants of a compiled program. Where only the program knows the index, such an element is 0
and gets no gradient.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.composite import dispatched
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import symbols_in
from thalweg._src.ops.arguments import host_value, int_of, sizes_of
from thalweg._src.ops.indices import (
    check_depth,
    check_nd_range,
    check_range,
    indices_of,
    tensor_of,
)
from thalweg._src.ops.support import axis_of


def _gather_host(params: Any, indices: Any, axis: int, batch_dims: int) -> Any:
    axis, batch = _axes(params, indices, axis, batch_dims)
    valid, indices = _valid_host(indices[..., None], params.shape[axis : axis + 1])
    indices = indices[..., 0]
    shape = indices.shape[:batch]
    if not batch:
        # One text alone would be no array.
        picked = np.asarray(np.take(params, indices, axis), params.dtype)
    else:
        rows = [np.take(params[i], indices[i], axis - batch) for i in np.ndindex(shape)]
        inner = params.shape[batch:axis] + indices.shape[batch:] + params.shape[axis + 1 :]
        picked = np.array(rows, params.dtype).reshape(shape + inner)
    before, after = (1,) * (axis - batch), (1,) * (params.ndim - axis - 1)
    return _zeroed_host(picked, valid.reshape(shape + before + indices.shape[batch:] + after))


def _valid_host(indices: Any, sizes: Any) -> tuple[Any, Any]:
    """Which index vectors point into `sizes`, and the vectors with 0 in place of the others."""
    valid = ((indices >= 0) & (indices < np.array(sizes, np.int64))).all(-1)
    return valid, np.where(valid[..., None], indices, 0)


def _zeroed_host(picked: Any, valid: Any) -> Any:
    zero = b"" if picked.dtype == object else np.zeros((), picked.dtype)
    return picked if valid.all() else np.where(valid, picked, zero)


def _axes(params: Any, indices: Any, axis: Any, batch_dims: Any) -> tuple[int, int]:
    """Checked axis and number of batch dimensions."""
    batch = int_of("gather", "batch_dims", batch_dims)
    rank = len(indices.shape)
    if not -rank <= batch <= rank:
        raise InvalidArgumentError(
            f"[gather] expected batch_dims from {-rank} to {rank}, the rank of indices, got {batch}."
        )
    axis = batch if axis is None else axis
    batch = batch + rank if batch < 0 else batch
    if not len(params.shape):
        raise ShapeError("[gather] expected params of rank 1 or more, got a scalar.")
    axis = axis_of("gather", axis, len(params.shape))
    if axis < batch:
        raise InvalidArgumentError(
            f"[gather] expected axis >= batch_dims, got axis={axis} and batch_dims={batch}."
        )
    if any(
        None not in (a, b) and a != b
        for a, b in zip(params.shape[:batch], indices.shape[:batch], strict=True)
    ):
        raise ShapeError(
            f"[gather] expected params and indices to agree in the first {batch} dimensions, got shapes "
            f"{tuple(params.shape)} and {tuple(indices.shape)}."
        )
    return axis, batch


def gather_along(params: Any, indices: Any, axis: Any, batch_dims: Any) -> Any:
    """Body of `gather`, for other bodies that pick: arrays in, array out."""
    axis, batch = _axes(params, indices, axis, batch_dims)
    rank, added = params.ndim, indices.ndim - batch
    numbers = lax.GatherDimensionNumbers(
        offset_dims=(*range(batch, axis), *range(axis + added, rank - 1 + added)),
        collapsed_slice_dims=(axis,),
        start_index_map=(axis,),
        operand_batching_dims=tuple(range(batch)),
        start_indices_batching_dims=tuple(range(batch)),
    )
    sizes = [1 if d < batch or d == axis else n for d, n in enumerate(params.shape)]
    valid = _valid(indices, params.shape[axis])
    picked = _pick(params, jnp.where(valid, indices, 0)[..., None], numbers, sizes)
    shape = indices.shape[:batch] + (1,) * (axis - batch) + indices.shape[batch:]
    return _zeroed(picked, valid.reshape(shape + (1,) * (rank - axis - 1)))


@op(
    "gather",
    inputs=("params", "indices"),
    matched=(),
    host=_gather_host,
    input_dtypes={"indices": dtypes.int32},
    moves=True,
)
def _gather(params: Any, indices: Any, axis: Any, batch_dims: Any) -> Any:
    return gather_along(params, indices, axis, batch_dims)


def _valid(indices: Any, size: int) -> Any:
    limit = min(size, int(jnp.iinfo(indices.dtype).max))
    below = indices < jnp.asarray(limit, indices.dtype) if limit == size else indices <= limit
    return below & (indices >= 0)


def _pick(params: Any, starts: Any, numbers: Any, sizes: Any) -> Any:
    """XLA's gather of indices that lie in range; its own filling mode is 3 times as slow on CPU."""
    if 0 in params.shape:
        # Nothing to read: XLA needs slices that fit.
        return lax.full(_picked_shape(params, starts, numbers, sizes), 0, params.dtype)
    return lax.gather(params, starts, numbers, tuple(sizes), mode="promise_in_bounds")


def _picked_shape(params: Any, starts: Any, numbers: Any, sizes: Any) -> tuple[int, ...]:
    gone = (*numbers.collapsed_slice_dims, *numbers.operand_batching_dims)
    window = iter([n for d, n in enumerate(sizes) if d not in gone])
    batch = iter(starts.shape[:-1])
    rank = len(sizes) - len(gone) + len(starts.shape) - 1
    return tuple(next(window) if d in numbers.offset_dims else next(batch) for d in range(rank))


def _zeroed(picked: Any, valid: Any) -> Any:
    return jnp.where(valid, picked, jnp.zeros((), picked.dtype))


@dispatched("gather")
def gather(
    params: Any,
    indices: Any,
    validate_indices: Any = None,
    axis: Any = None,
    batch_dims: Any = 0,
    name: str | None = None,
) -> Any:
    """Slices of `params` along one axis, picked by number.

    Args:
        params: Tensor of shape ``(..., size, ...)``.
        indices: Integers from 0 to ``size - 1``, of any shape.
        validate_indices: Unused.
        axis: Axis that is indexed; `batch_dims` when None.
        batch_dims: Number of leading dimensions that both have; each entry is gathered in its own
            part. Negative ones count from the rank of `indices`.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``params.shape[:axis] + indices.shape[batch_dims:] + params.shape[axis + 1:]``.

    Raises:
        InvalidArgumentError: An index is out of range, negative ones included (also an `IndexError`).
            In a compiled program, and on an accelerator, such elements are 0 instead.

    Example:
        >>> import thalweg as tf
        >>> tf.gather([[1, 2], [3, 4], [5, 6]], [2, 0]).numpy().tolist()
        [[5, 6], [1, 2]]

    Source: `tf.gather`; TensorFlow's own compiled programs take the nearest element instead of 0.
    """
    params = tensor_of(params)
    indices = indices_of("gather", indices, params)
    along, batch = freeze(axis), freeze(batch_dims)
    if next(symbols_in((along, batch)), None) is None:
        along, batch = _axes(params, indices, along, batch)
        check_range("gather", indices, params.shape[along])
    return _gather(params, indices, axis=along, batch_dims=batch, name=name)


def _gather_nd_host(params: Any, indices: Any, batch_dims: int) -> Any:
    depth = check_depth("gather_nd", indices, params.shape, batch_dims)
    batch = params.shape[:batch_dims]
    inner = params.shape[batch_dims + depth :]
    valid, indices = _valid_host(indices, params.shape[batch_dims : batch_dims + depth])
    places = np.indices(batch + (1,) * (indices.ndim - batch_dims - 1))[:batch_dims]
    picked = params[(*places, *np.moveaxis(indices, -1, 0), Ellipsis)].reshape(valid.shape + inner)
    return _zeroed_host(picked, valid.reshape(valid.shape + (1,) * len(inner)))


@op(
    "gather_nd",
    inputs=("params", "indices"),
    matched=(),
    host=_gather_nd_host,
    input_dtypes={"indices": dtypes.int32},
)
def _gather_nd(params: Any, indices: Any, batch_dims: int) -> Any:
    depth = check_depth("gather_nd", indices, params.shape, batch_dims)
    leading, used = indices.ndim - 1, batch_dims + depth
    named = tuple(range(batch_dims, used))
    numbers = lax.GatherDimensionNumbers(
        offset_dims=tuple(range(leading, leading + params.ndim - used)),
        collapsed_slice_dims=named,
        start_index_map=named,
        operand_batching_dims=tuple(range(batch_dims)),
        start_indices_batching_dims=tuple(range(batch_dims)),
    )
    sizes = [1 if d < used else n for d, n in enumerate(params.shape)]
    valid = jnp.ones(indices.shape[:-1], bool)
    for position, axis in enumerate(named):
        valid &= _valid(indices[..., position], params.shape[axis])
    picked = _pick(params, jnp.where(valid[..., None], indices, 0), numbers, sizes)
    return _zeroed(picked, valid.reshape(valid.shape + (1,) * (params.ndim - used)))


@dispatched("gather_nd")
def gather_nd(
    params: Any,
    indices: Any,
    batch_dims: int = 0,
    name: str | None = None,
    bad_indices_policy: str = "",
) -> Any:
    """Slices of `params` picked by index vectors.

    Args:
        params: Tensor.
        indices: Integers of shape ``(..., depth)``; each vector names one place in the first `depth`
            dimensions of `params` (after the batch dimensions).
        batch_dims: Number of leading dimensions that both have.
        name: Name of the node in a model's graph.
        bad_indices_policy: ``"IGNORE"`` gives 0 for vectors out of range; ``""``, ``"DEFAULT"`` and
            ``"ERROR"`` refuse them where their values are known.

    Returns:
        Tensor of shape ``indices.shape[:-1] + params.shape[batch_dims + depth:]``.

    Raises:
        InvalidArgumentError: A vector is out of range (in a compiled program the element is 0).

    Example:
        >>> import thalweg as tf
        >>> tf.gather_nd([[1, 2], [3, 4]], [[0, 1], [1, 0]]).numpy().tolist()
        [2, 3]

    Source: `tf.gather_nd`.
    """
    params = tensor_of(params)
    indices = indices_of("gather_nd", indices, params)
    batch = int_of("gather_nd", "batch_dims", batch_dims)
    batch = batch + len(indices.shape) if batch < 0 else batch
    if batch and not batch < len(indices.shape):
        raise InvalidArgumentError(
            f"[gather_nd] expected batch_dims below the rank of indices, got {batch} for shape "
            f"{tuple(indices.shape)}."
        )
    if any(
        None not in (a, b) and a != b for a, b in zip(params.shape[:batch], indices.shape[:batch])
    ):
        raise ShapeError(
            f"[gather_nd] expected params and indices to agree in the first {batch} dimensions, got "
            f"shapes {tuple(params.shape)} and {tuple(indices.shape)}."
        )
    check_depth("gather_nd", indices, params.shape, batch)
    check_nd_range("gather_nd", indices, params.shape[batch:], bad_indices_policy)
    return _gather_nd(params, indices, batch_dims=batch, name=name)


def _unravel_host(indices: Any, dims: Any) -> Any:
    found = np.unravel_index(indices, sizes_of("unravel_index", "dims", dims))
    return np.stack(found).astype(indices.dtype)


@op("unravel_index", inputs=("indices",), host=_unravel_host)
def _unravel_index(indices: Any, dims: Any) -> Any:
    places = []
    rest = indices
    for size in reversed(sizes_of("unravel_index", "dims", dims)):
        divisor = jnp.asarray(size, indices.dtype)
        places.append(lax.rem(rest, divisor))
        rest = lax.div(rest, divisor)
    return jnp.stack(places[::-1])


def unravel_index(indices: Any, dims: Any, name: str | None = None) -> Any:
    """Index vectors of elements that are given by their number in row-major order.

    Args:
        indices: Integers, a scalar or of shape ``(n,)``.
        dims: Sizes of the array that the indices point into.
        name: Name of the node in a model's graph.

    Returns:
        Integers of shape ``(len(dims), n)``, or ``(len(dims),)`` for a scalar.

    Raises:
        InvalidArgumentError: An index is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.unravel_index([5, 7], [3, 4]).numpy().tolist()
        [[1, 1], [1, 3]]

    Source: `tf.unravel_index`.
    """
    indices = indices_of("unravel_index", indices, None)
    if len(indices.shape) > 1:
        raise ShapeError(
            f"[unravel_index] expected a scalar or a vector of indices, got shape {indices.shape}."
        )
    known = host_value(dims)
    if known is not None:
        check_range("unravel_index", indices, int(np.prod(known, dtype=np.int64)))
    return _unravel_index(indices, dims=dims, name=name)
