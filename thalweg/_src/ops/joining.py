"""Tensors put together and taken apart: concat, stack, split, unstack."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.composite import dispatched
from thalweg._src.core.convert import as_tensor, contains_tensor, convert_to_tensor
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor, symbols_in
from thalweg._src.ops.arguments import int_of, ints_of
from thalweg._src.ops.shaping import ruled_node, single_axis, squeeze, transpose
from thalweg._src.ops.support import axis_of


def _joined_axis(values: Any, axis: Any) -> int:
    """Checked axis along which tensors of fitting shapes are joined."""
    rank = values[0].ndim
    if not rank:
        raise ShapeError(
            "[concat] expected tensors of rank 1 or more, got a scalar; use tf.stack for scalars."
        )
    at = axis_of("concat", single_axis("concat", axis), rank)
    first = values[0].shape
    for number, value in enumerate(values):
        rest = (*value.shape[:at], *value.shape[at + 1 :])
        if value.ndim != rank or rest != (*first[:at], *first[at + 1 :]):
            raise ShapeError(
                "[concat] expected shapes that agree in all dimensions but the axis "
                f"{at}, got {tuple(first)} for values[0] and {tuple(value.shape)} for values[{number}]."
            )
    return at


@op(
    "concat",
    host=lambda *values, axis: np.concatenate(values, _joined_axis(values, axis)),
    moves=True,
)
def _concat(*values: Any, axis: Any) -> Any:
    return lax.concatenate(values, _joined_axis(values, axis))


@dispatched("concat")
def concat(values: Any, axis: Any, name: str = "concat") -> Any:
    """Tensors joined along a dimension that they have.

    Args:
        values: List of tensors of one dtype, whose shapes agree but for `axis`.
        axis: Dimension along which they follow each other.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the same rank.

    Raises:
        InvalidArgumentError: The shapes do not fit, the list is empty, or the axis is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.concat([[1, 2], [3]], axis=0).numpy().tolist()
        [1, 2, 3]

    Source: `tf.concat`.
    """
    parts = list(values) if isinstance(values, (list, tuple)) else [values]
    if not parts:
        raise InvalidArgumentError("[concat] expected at least one tensor, got an empty list.")
    if len(parts) == 1:
        int_of("concat", "axis", freeze(axis))
        return convert_to_tensor(parts[0])
    return _concat(*parts, axis=axis, name=name)


@op(
    "stack",
    host=lambda *values, axis: np.stack(values, axis),
    hint="All values must have one shape; axis lies in [-(rank + 1), rank].",
    moves=True,
)
def _stack(*values: Any, axis: int = 0) -> Any:
    return jnp.stack(values, axis)


@dispatched("stack")
def stack(values: Any, axis: int = 0, name: str = "stack") -> Any:
    """Tensors of one shape joined along a new dimension.

    Args:
        values: List of tensors of one shape and dtype, or one tensor whose first dimension is the list.
        axis: Position of the new dimension in the result, from -(rank + 1) to rank.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of one more dimension.

    Raises:
        ValueError: The shapes differ, or `axis` is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.stack([[1, 2], [3, 4]], axis=1).numpy().tolist()
        [[1, 3], [2, 4]]

    Source: `tf.stack`.
    """
    if not isinstance(values, (list, tuple)):
        whole = values if isinstance(values, KerasTensor) else convert_to_tensor(values)
        rank = len(whole.shape)
        if not rank:
            return whole
        at = axis_of("stack", axis, rank)
        return whole if not at else transpose(whole, [*range(1, at + 1), 0, *range(at + 1, rank)])
    if not values or (axis == 0 and not contains_tensor(values)):
        return convert_to_tensor(values)
    return _stack(*values, axis=axis, name=name)


def parallel_stack(values: Any, name: str = "parallel_stack") -> Any:
    """Tensors of one shape joined along a new first dimension; the same as `stack`.

    Args:
        values: List of tensors of one shape and dtype.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of one more dimension.

    Source: `tf.parallel_stack`, which refuses to run eagerly; this one runs everywhere.
    """
    return stack(values, 0, name)


# --- Splitting ----------------------------------------------------------------------------------------


def _unstack_axis(value: Any, num: Any, axis: Any) -> int:
    at = axis_of("unstack", axis, len(value.shape))
    if num is not None and value.shape[at] != num:
        raise ShapeError(
            f"[unstack] expected size {num} along axis {at}, got shape {tuple(value.shape)}."
        )
    return at


def _unstack_host(value: Any, num: Any, axis: Any) -> tuple[Any, ...]:
    rows = np.moveaxis(value, _unstack_axis(value, num, axis), 0)
    # With the ellipsis a single text stays an array.
    return tuple(rows[i, ...] for i in range(len(rows)))


@op("unstack", inputs=("value",), host=_unstack_host, moves=True)
def _unstack(value: Any, num: Any, axis: Any) -> tuple[Any, ...]:
    at = _unstack_axis(value, num, axis)
    return tuple(lax.index_in_dim(value, i, at, keepdims=False) for i in range(value.shape[at]))


def unstack(value: Any, num: Any = None, axis: int = 0, name: str = "unstack") -> list[Any]:
    """Parts of a tensor along one dimension, each without it.

    Args:
        value: Tensor of rank 1 or more.
        num: Size of that dimension; needed only where a symbolic tensor does not know it.
        axis: Dimension to take apart.
        name: Name of the node in a model's graph.

    Returns:
        List of tensors.

    Raises:
        ValueError: `num` is not the size, or the axis is out of range.

    Example:
        >>> import thalweg as tf
        >>> [t.numpy().tolist() for t in tf.unstack([[1, 2], [3, 4]])]
        [[1, 2], [3, 4]]

    Source: `tf.unstack`.
    """
    whole = value if isinstance(value, KerasTensor) else convert_to_tensor(value)
    at = axis_of("unstack", freeze(axis), len(whole.shape))
    count = whole.shape[at] if num is None else int_of("unstack", "num", freeze(num))
    if count is None:
        raise InvalidArgumentError(
            f"[unstack] expected a known size along axis {at}, got shape {whole.shape}; give num."
        )
    if count == 0:
        return []
    if count == 1 and whole.shape[at] == 1:
        return [squeeze(whole, at)]
    if isinstance(whole, KerasTensor) and whole.shape[at] is None:
        rest = (*whole.shape[:at], *whole.shape[at + 1 :])
        return list(ruled_node(_unstack, whole, {"num": count, "axis": at}, [rest] * count))
    return list(_unstack(whole, num=count, axis=at, name=name))


def _sizes(value: Any, parts: Any, axis: int) -> tuple[int, ...]:
    """Sizes of the parts, checked against the whole."""
    whole = value.shape[axis]
    if isinstance(parts, int):
        if parts < 1 or whole % parts:
            raise ShapeError(
                f"[split] expected a number of parts that divides the size {whole} of axis {axis}, got "
                f"{parts} for shape {tuple(value.shape)}; give the sizes as a list."
            )
        return (whole // parts,) * parts
    sizes = ints_of("split", "num_or_size_splits", parts)
    known = sum(s for s in sizes if s != -1)
    open_sizes = sizes.count(-1)
    if (
        min(sizes, default=0) < -1
        or open_sizes > 1
        or known > whole
        or (not open_sizes and known != whole)
    ):
        raise ShapeError(
            f"[split] expected sizes that add up to {whole}, with at most one -1, for axis {axis} of "
            f"shape {tuple(value.shape)}, got {list(sizes)}."
        )
    return tuple(whole - known if s == -1 else s for s in sizes)


def _split_host(value: Any, parts: Any, axis: int) -> tuple[Any, ...]:
    return tuple(np.split(value, np.cumsum(_sizes(value, parts, axis))[:-1], axis))


@op("split", inputs=("value",), host=_split_host, moves=True)
def _split(value: Any, parts: Any, axis: int) -> tuple[Any, ...]:
    ends = np.cumsum((0, *_sizes(value, parts, axis))).tolist()
    return tuple(
        lax.slice_in_dim(value, a, b, axis=axis) for a, b in zip(ends[:-1], ends[1:], strict=True)
    )


@dispatched("split")
def split(
    value: Any, num_or_size_splits: Any, axis: int = 0, num: Any = None, name: str = "split"
) -> list[Any]:
    """Parts of a tensor along one dimension.

    Args:
        value: Tensor of rank 1 or more.
        num_or_size_splits: Number of equal parts, or a list of their sizes, of which one may be -1.
        axis: Dimension to cut.
        num: Number of sizes; unused, since the list has a length.
        name: Name of the node in a model's graph.

    Returns:
        List of tensors.

    Raises:
        InvalidArgumentError: The sizes do not add up.

    Example:
        >>> import thalweg as tf
        >>> [t.numpy().tolist() for t in tf.split([1, 2, 3, 4, 5], [1, -1, 1])]
        [[1], [2, 3, 4], [5]]

    Source: `tf.split`.
    """
    whole = value if isinstance(value, KerasTensor) else convert_to_tensor(value)
    at = axis_of("split", freeze(axis), len(whole.shape))
    parts = num_or_size_splits
    tensor = as_tensor(parts)
    if tensor is not None and not tensor.ndim:
        raise InvalidArgumentError(
            "[split] Rank-0 tensors are not supported as num_or_size_splits: expected an int or a "
            "list of sizes; write int(n)."
        )
    parts = freeze(parts)
    count = parts if isinstance(parts, int) else len(parts)
    if count == 1:
        _check_whole(whole, parts, at)
        return [whole]
    return list(_split(whole, parts=parts, axis=at, name=name))


def _check_whole(whole: Any, parts: Any, axis: int) -> None:
    if whole.shape[axis] is not None and next(symbols_in(parts), None) is None:
        _sizes(whole, parts, axis)
