"""Masks and what they pick: sequence_mask, where, boolean_mask, dynamic_partition."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import (
    DTypeError,
    InvalidArgumentError,
    OperatorNotAllowedInGraphError,
    ShapeError,
)
from thalweg._src.core import dtypes, xla
from thalweg._src.core.composite import dispatched
from thalweg._src.core.convert import convert_to_tensor, from_host
from thalweg._src.core.opdef import op
from thalweg._src.core.recorders import state
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.arguments import host_value, int_of
from thalweg._src.ops.gather import gather
from thalweg._src.ops.indices import check_range, tensor_of
from thalweg._src.ops.shaping import reshape
from thalweg._src.ops.support import BOOL, INTEGER, axis_of, needs


def _where_host(condition: Any, x: Any, y: Any) -> Any:
    needs("where", BOOL, condition)
    return np.where(condition, x, y)


@op(
    "where",
    matched=(1, 2),
    host=_where_host,
    input_dtypes={"condition": dtypes.bool},
    hint="Shapes must be equal, or 1, from the last dimension backwards.",
    moves=True,
)
def _where(condition: Any, x: Any, y: Any) -> Any:
    needs("where", BOOL, condition)
    return jnp.where(condition, x, y)


@op(
    "where_true",
    dynamic=True,
    hint="Use tf.where(condition, x, y), or call it outside the compiled function.",
)
def _where_true(condition: Any) -> Any:
    if not condition.ndim:
        raise ShapeError("[where] expected a condition of rank 1 or more, got a scalar.")
    return np.argwhere(condition).astype(np.int64)


def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Any:
    """Elements of `x` where `condition` is True and of `y` elsewhere; or where it is True at all.

    Args:
        condition: Booleans; with `condition` alone also numbers, of which those other than 0 count.
        x: Tensor taken where True; None for the places.
        y: Tensor of the dtype of `x` taken where False. All three shapes broadcast.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the broadcast shape; without `x` and `y` the places as int64 of shape
        ``(number of True, rank)``, which exists outside compiled programs only.

    Raises:
        ValueError: One of `x` and `y` is missing.

    Example:
        >>> import thalweg as tf
        >>> tf.where([True, False], [1, 2], 0).numpy().tolist()
        [1, 0]

    Source: `tf.where`. The gradient of the branch not taken is 0; NaN in it comes from its own inputs.
    """
    if (x is None) is not (y is None):
        raise InvalidArgumentError(
            "[where] expected both x and y or neither, got one of them; give the other too."
        )
    if x is None:
        return _where_true(condition, name=name)
    return _where(condition, x, y, name=name)


_INSTEAD = {
    "boolean_mask": "Call it outside, or keep the shape and use tf.where(mask, x, 0).",
    "dynamic_partition": "Call it outside, or keep the shape and use tf.where(partitions == i, x, 0).",
    "sequence_mask": "Give maxlen, such as tf.shape(x)[1].",
}


def _known_mask(where: str, mask: Any) -> np.ndarray[Any, Any]:
    """The mask's value, which decides the shape of the result."""
    tensor = mask if isinstance(mask, KerasTensor) else convert_to_tensor(mask)
    if isinstance(tensor, KerasTensor) or isinstance(tensor.array, xla.Tracer):
        raise OperatorNotAllowedInGraphError(
            f"[{where}] the shape of its result depends on values, which are not known inside a "
            f"compiled program or a symbolic model. {_INSTEAD[where]}"
        )
    return np.asarray(tensor.array)


def _watched(tensor: Tensor) -> bool:
    return any(r.follows(tensor) for r in state.recorders)


def _selected(tensor: Any, places: np.ndarray[Any, Any], axis: int, merged: int) -> Any:
    """Elements number `places` of the `merged` dimensions from `axis` on, counted as one dimension."""
    shape = tuple(tensor.shape)
    joined = (*shape[:axis], int(np.prod(shape[axis : axis + merged])), *shape[axis + merged :])
    if isinstance(tensor, Tensor) and not _watched(tensor):
        value = host_value(tensor)
        if value is not None:
            # No compile for each number of elements that a mask may leave.
            return from_host(np.take(value.reshape(joined), places, axis))
    flat = reshape(tensor, joined) if merged != 1 else tensor
    return gather(flat, Tensor(places.astype(np.int32)), axis=axis)


@dispatched("boolean_mask")
def boolean_mask(tensor: Any, mask: Any, axis: Any = None, name: str = "boolean_mask") -> Any:
    """Elements of `tensor` where `mask` is True, in order.

    Args:
        tensor: Tensor.
        mask: Booleans, of rank 1 or more; its shape is that of `tensor` from `axis` on.
        axis: First dimension that the mask covers; 0 when None.
        name: Unused.

    Returns:
        Tensor in which the masked dimensions are one, as long as the mask has True values. Outside
        compiled programs only, unless the mask is a constant.

    Raises:
        ValueError: The shapes do not fit, or the mask is a scalar.

    Example:
        >>> import thalweg as tf
        >>> tf.boolean_mask([1, 2, 3], [True, False, True]).numpy().tolist()
        [1, 3]

    Source: `tf.boolean_mask`.
    """
    known = _known_mask("boolean_mask", mask)
    if known.dtype.kind in "OSU":
        raise DTypeError(
            f"[boolean_mask] expected a mask of dtype bool, got string of shape {known.shape}; compare it "
            "with a word first."
        )
    source = tensor_of(tensor)
    if not known.ndim:
        raise ShapeError(
            "[boolean_mask] mask cannot be scalar: expected rank 1 or more, got rank 0."
        )
    first = 0 if axis is None else int_of("boolean_mask", "axis", host_value(axis).item())  # type: ignore[union-attr]
    first = axis_of("boolean_mask", first, max(1, len(source.shape)))
    covered = tuple(source.shape[first : first + known.ndim])
    if len(covered) != known.ndim or any(
        a is not None and a != b for a, b in zip(covered, known.shape)
    ):
        raise ShapeError(
            f"[boolean_mask] expected a mask of shape {covered} from axis {first} of shape "
            f"{tuple(source.shape)}, got shapes incompatible: mask {known.shape}."
        )
    return _selected(source, np.flatnonzero(known), first, known.ndim)


@dispatched("dynamic_partition")
def dynamic_partition(
    data: Any, partitions: Any, num_partitions: Any, name: str | None = None
) -> list[Any]:
    """Elements of `data` dealt out to `num_partitions` tensors.

    Args:
        data: Tensor whose shape begins with that of `partitions`.
        partitions: Integers from 0 to ``num_partitions - 1``: where each element goes.
        num_partitions: Number of results, 1 or more.
        name: Unused.

    Returns:
        List of tensors, elements in the order of `data`. Outside compiled programs only, unless
        `partitions` is a constant.

    Raises:
        InvalidArgumentError: A partition is out of range or the shapes do not fit.

    Example:
        >>> import thalweg as tf
        >>> [t.numpy().tolist() for t in tf.dynamic_partition([10, 20, 30], [1, 0, 1], 2)]
        [[20], [10, 30]]

    Source: `tf.dynamic_partition`.
    """
    known = _known_mask("dynamic_partition", partitions)
    needs("dynamic_partition", INTEGER, known)
    count = int_of("dynamic_partition", "num_partitions", host_value(num_partitions).item())  # type: ignore[union-attr]
    source = tensor_of(data)
    if count < 1:
        raise InvalidArgumentError(
            f"[dynamic_partition] expected num_partitions >= 1, got {count}."
        )
    if tuple(source.shape[: known.ndim]) != known.shape:
        raise ShapeError(
            "[dynamic_partition] expected data.shape to start with partitions.shape, got "
            f"{tuple(source.shape)} and {known.shape}."
        )
    check_range("dynamic_partition", known, count)
    if not known.ndim:
        source = reshape(source, (1, *source.shape))
    merged = max(1, known.ndim)
    return [
        _selected(source, np.flatnonzero(known.reshape(-1) == part), 0, merged)
        for part in range(count)
    ]


@op("sequence_mask", inputs=("lengths",))
def _sequence_mask(lengths: Any, maxlen: Any, dtype: Any) -> Any:
    steps = jnp.arange(max(int_of("sequence_mask", "maxlen", maxlen), 0), dtype=np.int32)
    counts = lengths.astype(np.int64 if lengths.dtype.itemsize == 8 else np.int32)
    return (steps < counts[..., None]).astype(dtype.numpy_dtype)


def sequence_mask(
    lengths: Any, maxlen: Any = None, dtype: Any = dtypes.bool, name: str | None = None
) -> Any:
    """True for the first steps of each sequence, as many as its length.

    Args:
        lengths: Integers of any shape.
        maxlen: Number of steps; the largest length when None, which a compiled program does not know.
        dtype: Dtype of the result.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(*lengths.shape, maxlen)``.

    Raises:
        ValueError: `maxlen` is no scalar.

    Example:
        >>> import thalweg as tf
        >>> tf.sequence_mask([1, 3]).numpy().tolist()
        [[True, False, False], [True, True, True]]

    Source: `tf.sequence_mask`.
    """
    counts = tensor_of(lengths)
    if counts.dtype == dtypes.string:
        raise DTypeError(
            f"[sequence_mask] expected lengths made of integers, got string of shape {counts.shape}; take "
            "tf.strings.length of them first."
        )
    if maxlen is None:
        known = _known_mask("sequence_mask", counts)
        maxlen = max(int(known.max()), 0) if known.size else 0
    elif isinstance(maxlen, (list, tuple)) or len(getattr(maxlen, "shape", ())):
        raise ShapeError(
            f"[sequence_mask] expected maxlen as a scalar, got {maxlen!r}; use its largest entry."
        )
    return _sequence_mask(counts, maxlen=maxlen, dtype=dtypes.as_dtype(dtype), name=name)
