"""Values put at places given by index vectors: scatter_nd, tensor_scatter_nd_*, dynamic_stitch.

Index vectors out of range are an error where their values are known (eagerly on a CPU, constants of a
program); elsewhere their updates are dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jax import custom_jvp, lax
from jax import numpy as jnp

from thalweg._src.base.errors import (
    InvalidArgumentError,
    OperatorNotAllowedInGraphError,
    ShapeError,
)
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor, symbols_in
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.arguments import host_value, need_integers, sizes_of
from thalweg._src.ops.gather import gather
from thalweg._src.ops.indices import check_depth, check_nd_range, indices_of, tensor_of
from thalweg._src.ops.joining import concat
from thalweg._src.ops.shaping import reshape
from thalweg._src.ops.support import NUMERIC, needs


def _check(where: str, shape: tuple[int, ...], indices: Any, updates: Any) -> None:
    """Shapes of a scatter: ``updates.shape == indices.shape[:-1] + shape[depth:]``."""
    depth = check_depth(where, indices, shape)
    wanted = (*indices.shape[:-1], *shape[depth:])
    if not len(updates.shape):
        raise ShapeError(
            f"[{where}] expected updates of shape {wanted} (rank at least one), got a scalar."
        )
    if len(updates.shape) != len(wanted) or any(
        None not in (a, b) and a != b for a, b in zip(updates.shape, wanted, strict=True)
    ):
        raise ShapeError(
            f"[{where}] expected updates of shape {wanted} for indices of shape "
            f"{tuple(indices.shape)} into shape {tuple(shape)}, got {tuple(updates.shape)}."
        )


def _numbers(x: Any, indices: Any) -> lax.ScatterDimensionNumbers:
    depth, leading = indices.shape[-1], indices.ndim - 1
    return lax.ScatterDimensionNumbers(
        update_window_dims=tuple(range(leading, leading + x.ndim - depth)),
        inserted_window_dims=tuple(range(depth)),
        scatter_dims_to_operand_dims=tuple(range(depth)),
    )


def _scattered(scatter: Callable[..., Any], x: Any, indices: Any, updates: Any) -> Any:
    if not indices.size or not x.size:
        return x
    return scatter(x, indices, updates, _numbers(x, indices), mode="drop")


def _picked(x: Any, indices: Any) -> Any:
    """Slices of `x` at the index vectors, 0 where these are out of range."""
    depth, leading = indices.shape[-1], indices.ndim - 1
    numbers = lax.GatherDimensionNumbers(
        offset_dims=tuple(range(leading, leading + x.ndim - depth)),
        collapsed_slice_dims=tuple(range(depth)),
        start_index_map=tuple(range(depth)),
    )
    sizes = tuple(1 if d < depth else n for d, n in enumerate(x.shape))
    return lax.gather(x, indices, numbers, sizes, mode="fill", fill_value=0)


# --- scatter_nd ---------------------------------------------------------------------------------------


def _scatter_nd_host(indices: Any, updates: Any, shape: Any) -> Any:
    dims = sizes_of("scatter_nd", "shape", shape)
    _check("scatter_nd", dims, indices, updates)
    is_text = updates.dtype == object
    out = np.full(dims, b"", object) if is_text else np.zeros(dims, updates.dtype)
    inside = ((indices >= 0) & (indices < np.array(dims[: indices.shape[-1]], np.int64))).all(-1)
    if not inside.all():
        indices, updates = indices[inside], updates[inside]
    places = tuple(np.moveaxis(indices, -1, 0))
    if is_text or indices.shape[-1] == 0:
        for place in np.ndindex(indices.shape[:-1]):
            out[tuple(indices[place])] += updates[place]
    elif out.dtype == bool:
        np.logical_or.at(out, places, updates)
    else:
        np.add.at(out, places, updates)
    return out


@op(
    "scatter_nd",
    inputs=("indices", "updates"),
    matched=(),
    host=_scatter_nd_host,
    input_dtypes={"indices": dtypes.int32},
)
def _scatter_nd(indices: Any, updates: Any, shape: Any) -> Any:
    dims = sizes_of("scatter_nd", "shape", shape)
    _check("scatter_nd", dims, indices, updates)
    if updates.dtype == bool:
        counts = _scattered(
            lax.scatter_add, jnp.zeros(dims, np.int32), indices, updates.astype(np.int32)
        )
        return counts > 0
    return _scattered(lax.scatter_add, jnp.zeros(dims, updates.dtype), indices, updates)


def scatter_nd(
    indices: Any, updates: Any, shape: Any, bad_indices_policy: str = "", name: str | None = None
) -> Any:
    """Zeros with `updates` added at the places that index vectors name; duplicates add up.

    Args:
        indices: Integers of shape ``(..., depth)``.
        updates: Tensor of shape ``indices.shape[:-1] + shape[depth:]``.
        shape: Sizes of the result.
        bad_indices_policy: ``"IGNORE"`` drops updates out of range; ``""``, ``"DEFAULT"`` and
            ``"ERROR"`` refuse them where the indices are known.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape `shape`.

    Raises:
        InvalidArgumentError: The shapes do not fit or an index is out of range (in a compiled program
            such updates are dropped).

    Example:
        >>> import thalweg as tf
        >>> tf.scatter_nd([[1], [3], [1]], [10, 20, 30], [5]).numpy().tolist()
        [0, 40, 0, 20, 0]

    Source: `tf.scatter_nd`.
    """
    updates = tensor_of(updates)
    indices = indices_of("scatter_nd", indices, updates)
    dims = freeze(shape)
    if next(symbols_in(dims), None) is None:
        dims = sizes_of("scatter_nd", "shape", dims)
        _check("scatter_nd", dims, indices, updates)
        check_nd_range("scatter_nd", indices, dims, bad_indices_policy)
    return _scatter_nd(indices, updates, shape=dims, name=name)


# --- tensor_scatter_nd_* ------------------------------------------------------------------------------


def _update_forward(tensor: Any, indices: Any, updates: Any) -> tuple[Any, Any]:
    return _scattered(lax.scatter, tensor, indices, updates), (indices, updates)


def _update_backward(residuals: Any, cotangent: Any) -> tuple[Any, ...]:
    indices, updates = residuals
    cleared = _scattered(lax.scatter, cotangent, indices, jnp.zeros_like(updates))
    return cleared, None, _picked(cotangent, indices)


def _at_places(function: Callable[[Any, Any, Any], None]) -> Callable[..., Any]:
    """NumPy twin of a scatter; `function` changes a copy of the tensor in place."""

    def twin(tensor: Any, indices: Any, updates: Any) -> Any:
        out = tensor.copy()
        function(out, (*np.moveaxis(indices, -1, 0), Ellipsis), updates)
        return out

    return twin


@op(
    "tensor_scatter_nd_update",
    inputs=("tensor", "indices", "updates"),
    matched=(0, 2),
    host=_at_places(lambda out, places, updates: out.__setitem__(places, updates)),
    input_dtypes={"indices": dtypes.int32},
    gradient=(_update_forward, _update_backward),
)
def _scatter_update(tensor: Any, indices: Any, updates: Any) -> Any:
    return _scattered(lax.scatter, tensor, indices, updates)


@op(
    "tensor_scatter_nd_add",
    inputs=("tensor", "indices", "updates"),
    matched=(0, 2),
    host=_at_places(np.add.at),
    input_dtypes={"indices": dtypes.int32},
)
def _scatter_add(tensor: Any, indices: Any, updates: Any) -> Any:
    return _scattered(lax.scatter_add, tensor, indices, updates)


@op(
    "tensor_scatter_nd_sub",
    inputs=("tensor", "indices", "updates"),
    matched=(0, 2),
    host=_at_places(np.subtract.at),
    input_dtypes={"indices": dtypes.int32},
)
def _scatter_sub(tensor: Any, indices: Any, updates: Any) -> Any:
    return _scattered(lax.scatter_add, tensor, indices, -updates)


def _extreme(scatter: Callable[..., Any]) -> Callable[..., Any]:
    """Scatter of maxima or minima whose gradient is shared evenly among equal candidates."""

    @custom_jvp
    def extreme(tensor: Any, indices: Any, updates: Any) -> Any:
        return _scattered(scatter, tensor, indices, updates)

    @extreme.defjvp
    def tangent(primals: Any, tangents: Any) -> tuple[Any, Any]:
        tensor, indices, updates = primals
        out = extreme(tensor, indices, updates)
        own = (tensor == out).astype(out.dtype)
        given = (updates == _picked(out, indices)).astype(out.dtype)
        count = _scattered(lax.scatter_add, own, indices, given)
        moved = _scattered(lax.scatter_add, own * tangents[0], indices, given * tangents[2])
        # An element that is NaN equals no candidate; it has no gradient instead of 0 / 0.
        return out, moved / jnp.maximum(count, jnp.ones((), out.dtype))

    return extreme


_maximum = _extreme(lax.scatter_max)
_minimum = _extreme(lax.scatter_min)


@op(
    "tensor_scatter_nd_max",
    inputs=("tensor", "indices", "updates"),
    matched=(0, 2),
    host=_at_places(np.maximum.at),
    input_dtypes={"indices": dtypes.int32},
)
def _scatter_max(tensor: Any, indices: Any, updates: Any) -> Any:
    return _maximum(tensor, indices, updates)


@op(
    "tensor_scatter_nd_min",
    inputs=("tensor", "indices", "updates"),
    matched=(0, 2),
    host=_at_places(np.minimum.at),
    input_dtypes={"indices": dtypes.int32},
)
def _scatter_min(tensor: Any, indices: Any, updates: Any) -> Any:
    return _minimum(tensor, indices, updates)


def _scatter(
    function: Any, tensor: Any, indices: Any, updates: Any, policy: str, name: str | None
) -> Any:
    where = function.opdef.name
    tensor = tensor_of(tensor)
    if not isinstance(updates, KerasTensor):
        updates = convert_to_tensor(updates, tensor.dtype)
    indices = indices_of(where, indices, tensor)
    if isinstance(tensor, Tensor) and function is not _scatter_update:
        needs(where, NUMERIC, tensor.array)
    _check(where, tuple(tensor.shape), indices, updates)
    check_nd_range(where, indices, tuple(tensor.shape), policy)
    return function(tensor, indices, updates, name=name)


def tensor_scatter_nd_update(tensor: Any, indices: Any, updates: Any, name: Any = None) -> Any:
    """`tensor` with the places that index vectors name replaced; of duplicates the last one stays.

    Args:
        tensor: Tensor.
        indices: Integers of shape ``(..., depth)``.
        updates: Tensor of the same dtype, of shape ``indices.shape[:-1] + tensor.shape[depth:]``.
        name: Name of the node in a model's graph.

    Returns:
        Tensor like `tensor`. Updates out of range are dropped in a compiled program.

    Raises:
        InvalidArgumentError: The shapes do not fit or an index is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.tensor_scatter_nd_update([1, 2, 3], [[0], [2]], [7, 9]).numpy().tolist()
        [7, 2, 9]

    Source: `tf.tensor_scatter_nd_update`. As there, each of several updates of one place gets the
    place's gradient.
    """
    return _scatter(_scatter_update, tensor, indices, updates, "", name)


def tensor_scatter_nd_add(
    tensor: Any, indices: Any, updates: Any, bad_indices_policy: str = "", name: Any = None
) -> Any:
    """`tensor` with updates added at the places that index vectors name; duplicates add up.

    Args:
        tensor: Tensor of numbers.
        indices: Integers of shape ``(..., depth)``.
        updates: Tensor of the same dtype, of shape ``indices.shape[:-1] + tensor.shape[depth:]``.
        bad_indices_policy: ``"IGNORE"`` drops updates out of range; others refuse them where known.
        name: Name of the node in a model's graph.

    Returns:
        Tensor like `tensor`.

    Raises:
        InvalidArgumentError: The shapes do not fit or an index is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.tensor_scatter_nd_add([1, 2, 3], [[0], [0]], [10, 20]).numpy().tolist()
        [31, 2, 3]

    Source: `tf.tensor_scatter_nd_add`.
    """
    return _scatter(_scatter_add, tensor, indices, updates, bad_indices_policy, name)


def tensor_scatter_nd_sub(
    tensor: Any, indices: Any, updates: Any, bad_indices_policy: str = "", name: Any = None
) -> Any:
    """`tensor` with updates subtracted at the places that index vectors name; duplicates add up.

    Args:
        tensor: Tensor of numbers.
        indices: Integers of shape ``(..., depth)``.
        updates: Tensor of the same dtype, of shape ``indices.shape[:-1] + tensor.shape[depth:]``.
        bad_indices_policy: ``"IGNORE"`` drops updates out of range; others refuse them where known.
        name: Name of the node in a model's graph.

    Returns:
        Tensor like `tensor`.

    Source: `tf.tensor_scatter_nd_sub`.
    """
    return _scatter(_scatter_sub, tensor, indices, updates, bad_indices_policy, name)


def tensor_scatter_nd_max(
    tensor: Any, indices: Any, updates: Any, bad_indices_policy: str = "", name: Any = None
) -> Any:
    """`tensor` with the larger of old value and updates at the places that index vectors name.

    Args:
        tensor: Tensor of real numbers.
        indices: Integers of shape ``(..., depth)``.
        updates: Tensor of the same dtype, of shape ``indices.shape[:-1] + tensor.shape[depth:]``.
        bad_indices_policy: ``"IGNORE"`` drops updates out of range; others refuse them where known.
        name: Name of the node in a model's graph.

    Returns:
        Tensor like `tensor`. Equal candidates share the gradient evenly.

    Source: `tf.tensor_scatter_nd_max`.
    """
    return _scatter(_scatter_max, tensor, indices, updates, bad_indices_policy, name)


def tensor_scatter_nd_min(
    tensor: Any, indices: Any, updates: Any, bad_indices_policy: str = "", name: Any = None
) -> Any:
    """`tensor` with the smaller of old value and updates at the places that index vectors name.

    Args:
        tensor: Tensor of real numbers.
        indices: Integers of shape ``(..., depth)``.
        updates: Tensor of the same dtype, of shape ``indices.shape[:-1] + tensor.shape[depth:]``.
        bad_indices_policy: ``"IGNORE"`` drops updates out of range; others refuse them where known.
        name: Name of the node in a model's graph.

    Returns:
        Tensor like `tensor`. Equal candidates share the gradient evenly.

    Source: `tf.tensor_scatter_nd_min`.
    """
    return _scatter(_scatter_min, tensor, indices, updates, bad_indices_policy, name)


# --- dynamic_stitch -----------------------------------------------------------------------------------


def dynamic_stitch(indices: Any, data: Any, name: str | None = None) -> Any:
    """Elements of several tensors merged into one, each at its own index.

    Args:
        indices: List of integer tensors, known when the program is compiled.
        data: List of tensors; the shape of ``data[i]`` begins with that of ``indices[i]``, and what
            follows is the same for all.
        name: Unused.

    Returns:
        Tensor of shape ``(largest index + 1, ...)``. Later elements win; places that no index names
        are 0.

    Raises:
        InvalidArgumentError: The shapes do not fit or an index is negative.

    Example:
        >>> import thalweg as tf
        >>> tf.dynamic_stitch([[0, 2], [1]], [[10, 30], [20]]).numpy().tolist()
        [10, 20, 30]

    Source: `tf.dynamic_stitch`. The gradient of an element that a later one overwrote is 0;
    TensorFlow gives it the place's gradient too.
    """
    parts = [tensor_of(part) for part in data]
    known = [host_value(part) for part in indices]
    if not parts or len(parts) != len(known):
        raise InvalidArgumentError(
            f"[dynamic_stitch] expected as many indices as data, and at least one, got {len(known)} "
            f"and {len(parts)}."
        )
    if any(index is None for index in known):
        raise OperatorNotAllowedInGraphError(
            "[dynamic_stitch] the shape of its result depends on the indices, which are not known "
            "inside a compiled program; make them constants, or use tf.tensor_scatter_nd_update."
        )
    rows = []
    for number, (index, part) in enumerate(zip(known, parts, strict=True)):
        need_integers("dynamic_stitch", f"indices[{number}]", index)  # type: ignore[arg-type]
        if tuple(part.shape[: index.ndim]) != index.shape:  # type: ignore[union-attr]
            raise ShapeError(
                f"[dynamic_stitch] data[{number}].shape = {tuple(part.shape)} does not start with "
                f"indices[{number}].shape = {index.shape}."  # type: ignore[union-attr]
            )
        rows.append(reshape(part, (index.size, *part.shape[index.ndim :])))  # type: ignore[union-attr]
    flat = np.concatenate([index.reshape(-1) for index in known]).astype(np.int64)  # type: ignore[union-attr]
    if flat.size and flat.min() < 0:
        raise InvalidArgumentError(
            f"[dynamic_stitch] expected indices 0 or more, got {flat.min()}: out of range."
        )
    return _stitched(concat(rows, 0), flat)


def _stitched(rows: Any, places: np.ndarray[Any, Any]) -> Any:
    count = int(places.max()) + 1 if places.size else 0
    source = np.full(count, -1)
    source[places] = np.arange(places.size)
    picked = gather(rows, Tensor(np.maximum(source, 0).astype(np.int32))) if count else rows[:0]
    if (source >= 0).all():
        return picked
    gaps = np.flatnonzero(source < 0)[:, None].astype(np.int32)
    empty = Tensor(np.zeros((len(gaps), *picked.shape[1:]), picked.dtype.numpy_dtype))
    return tensor_scatter_nd_update(picked, Tensor(gaps), empty)
