"""Tensors put together and taken apart, brought to one dtype first: concatenate, stack, split."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from jax import lax

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.convert import as_tensor
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops import sparse as sparse_rules
from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.keras.ops.reordering import need_rank
from thalweg._src.keras.ops.sparse import taking_sparse
from thalweg._src.ops import joining, shaping
from thalweg._src.ops.arguments import int_of, ints_of
from thalweg._src.ops.support import axis_of

# --- Together -----------------------------------------------------------------------------------------


def _several(where: str, values: Any) -> list[Any]:
    """Tensors of one dtype; a single tensor stands for the list of its parts."""
    if not isinstance(values, (list, tuple)):
        return list(joining.unstack(tensor_of(values)))
    if not values:
        raise InvalidArgumentError(f"[{where}] expected at least one tensor, got an empty list.")
    return promoted(*values)


def _flat(tensor: Any) -> Any:
    return shaping.reshape(tensor, [-1])


@operation
@taking_sparse(sparse_rules.joined)
def concatenate(xs: Any, axis: Any = 0) -> Any:
    """Tensors joined along a dimension that they have.

    Args:
        xs: List of tensors, whose shapes agree but for `axis`.
        axis: Dimension along which they follow each other; None to flatten them first.

    Returns:
        Tensor of their common dtype.

    Raises:
        ShapeError: The shapes do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.concatenate([[1, 2], [3.0]]).numpy().tolist()
        [1.0, 2.0, 3.0]

    Source: `keras.ops.concatenate`.
    """
    parts = _several("concatenate", xs)
    if axis is None:
        return joining.concat([_flat(part) for part in parts], 0)
    return joining.concat(parts, axis)


@operation
def append(x1: Any, x2: Any, axis: Any = None) -> Any:
    """`x2` after `x1`.

    Args:
        x1: Tensor.
        x2: Tensor whose shape agrees but for `axis`.
        axis: Dimension along which they follow each other; None to flatten them first.

    Returns:
        Tensor of their common dtype.

    Raises:
        ShapeError: The shapes do not fit.

    Source: `keras.ops.append`.
    """
    parts = promoted(x1, x2)
    if axis is None:
        return joining.concat([_flat(part) for part in parts], 0)
    return joining.concat(parts, axis)


@operation
def stack(x: Any, axis: Any = 0) -> Any:
    """Tensors of one shape joined along a new dimension.

    Args:
        x: List of tensors of one shape.
        axis: Position of the new dimension in the result.

    Returns:
        Tensor of their common dtype.

    Raises:
        ShapeError: The shapes differ.

    Source: `keras.ops.stack`.
    """
    if not isinstance(x, (list, tuple)):
        return joining.stack(tensor_of(x), freeze(axis))
    return joining.stack(_several("stack", x), freeze(axis))


def _at_least(tensor: Any, rank: int) -> Any:
    """The tensor with dimensions of size 1 added, where NumPy's ``atleast_<rank>d`` adds them."""
    shape = tensor.shape.as_list()
    if len(shape) >= rank:
        return tensor
    wanted = [1] * (rank - len(shape)) + shape
    if rank == 3 and shape:
        wanted = [1, shape[0], 1] if len(shape) == 1 else [*shape, 1]
    return shaping.reshape(tensor, wanted)


@operation
def hstack(xs: Any) -> Any:
    """Tensors side by side: joined along the second dimension, vectors along the first.

    Args:
        xs: List of tensors.

    Returns:
        Tensor of their common dtype.

    Raises:
        ShapeError: The shapes do not fit.

    Source: `keras.ops.hstack`.
    """
    parts = [_at_least(part, 1) for part in _several("hstack", xs)]
    return joining.concat(parts, 0 if parts[0].ndim == 1 else 1)


@operation
def vstack(xs: Any) -> Any:
    """Tensors one above the other: joined along the first dimension, vectors as rows.

    Args:
        xs: List of tensors.

    Returns:
        Tensor of their common dtype.

    Raises:
        ShapeError: The shapes do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.vstack([[1, 2], [3, 4]]).numpy().tolist()
        [[1, 2], [3, 4]]

    Source: `keras.ops.vstack`, as NumPy defines it; Keras on TensorFlow joins vectors to a longer vector.
    """
    return joining.concat([_at_least(part, 2) for part in _several("vstack", xs)], 0)


@operation
def dstack(xs: Any) -> Any:
    """Tensors one behind the other: joined along the third dimension.

    Args:
        xs: List of tensors.

    Returns:
        Tensor of their common dtype, of rank 3 or more.

    Raises:
        ShapeError: The shapes do not fit.

    Source: `keras.ops.dstack`.
    """
    return joining.concat([_at_least(part, 3) for part in _several("dstack", xs)], 2)


# --- Apart --------------------------------------------------------------------------------------------


def _spans(size: int, edges: Sequence[int | None]) -> list[tuple[int, int]]:
    """Begin and end of each part, within the size."""
    pairs = zip(edges[:-1], edges[1:], strict=True)
    found = (slice(a, b).indices(size)[:2] for a, b in pairs)
    return [(begin, max(begin, end)) for begin, end in found]


def _cut_host(x: Any, edges: Any, axis: int) -> tuple[Any, ...]:
    front = (slice(None),) * axis
    return tuple(x[(*front, slice(a, b))] for a, b in _spans(x.shape[axis], edges))


@op("split_at", inputs=("x",), host=_cut_host, moves=True)
def _cut(x: Any, edges: Any, axis: int) -> tuple[Any, ...]:
    """Parts of a tensor between edges along one dimension."""
    return tuple(lax.slice_in_dim(x, a, b, axis=axis) for a, b in _spans(x.shape[axis], edges))


def _parts(where: str, x: Any, indices_or_sections: Any, axis: Any, even: bool) -> list[Any]:
    tensor = tensor_of(x)
    need_rank(where, tensor, 1)
    at = axis_of(where, freeze(axis), tensor.ndim)
    size = int(tensor.shape[at])
    given = freeze(indices_or_sections)
    if isinstance(given, tuple):
        edges = (0, *ints_of(where, "indices_or_sections", given), None)
    else:
        count = int_of(where, "indices_or_sections", given)
        if count < 1 or (even and size % count):
            raise ShapeError(
                f"[{where}] expected a number of parts that divides the size {size} of axis {at}, got "
                f"{count} for shape {tuple(tensor.shape)}; give the indices of the cuts, or use array_split."
            )
        sizes = [size // count + (i < size % count) for i in range(count)]
        edges = (0, *np.cumsum(sizes).tolist())
    return list(_cut(tensor, edges=edges, axis=at))


@operation
def split(x: Any, indices_or_sections: Any, axis: Any = 0) -> list[Any]:
    """Parts of a tensor along one dimension.

    Args:
        x: Tensor of rank 1 or more.
        indices_or_sections: Number of equal parts, or indices where the tensor is cut.
        axis: Dimension to cut.

    Returns:
        List of tensors.

    Raises:
        ShapeError: The number of parts does not divide the size.

    Example:
        >>> import thalweg as tf
        >>> [t.numpy().tolist() for t in tf.keras.ops.split([1, 2, 3, 4], [1, 3])]
        [[1], [2, 3], [4]]

    Source: `keras.ops.split`.
    """
    return _parts("split", x, indices_or_sections, axis, True)


@operation
def array_split(x: Any, indices_or_sections: Any, axis: Any = 0) -> list[Any]:
    """Parts of a tensor along one dimension, whose sizes differ by at most 1.

    Args:
        x: Tensor of rank 1 or more.
        indices_or_sections: Number of parts, the first ones being the longer ones; or indices where the
            tensor is cut.
        axis: Dimension to cut.

    Returns:
        List of tensors.

    Raises:
        ShapeError: The number of parts is below 1.

    Source: `keras.ops.array_split`.
    """
    return _parts("array_split", x, indices_or_sections, axis, False)


@operation
def hsplit(x: Any, indices_or_sections: Any) -> list[Any]:
    """Parts of a tensor along the second dimension, of a vector along its only one.

    Args:
        x: Tensor of rank 1 or more.
        indices_or_sections: Number of equal parts, or indices where the tensor is cut.

    Returns:
        List of tensors.

    Raises:
        ShapeError: The number of parts does not divide the size.

    Source: `keras.ops.hsplit`.
    """
    tensor = tensor_of(x)
    return _parts("hsplit", tensor, indices_or_sections, 1 if tensor.ndim > 1 else 0, True)


@operation
def vsplit(x: Any, indices_or_sections: Any) -> list[Any]:
    """Parts of a tensor along the first dimension.

    Args:
        x: Tensor of rank 2 or more.
        indices_or_sections: Number of equal parts, or indices where the tensor is cut.

    Returns:
        List of tensors.

    Raises:
        ShapeError: The number of parts does not divide the size, or the rank is below 2.

    Source: `keras.ops.vsplit`.
    """
    tensor = tensor_of(x)
    need_rank("vsplit", tensor, 2)
    return _parts("vsplit", tensor, indices_or_sections, 0, True)


@operation
def dsplit(x: Any, indices_or_sections: Any) -> list[Any]:
    """Parts of a tensor along the third dimension.

    Args:
        x: Tensor of rank 3 or more.
        indices_or_sections: Number of equal parts, or indices where the tensor is cut.

    Returns:
        List of tensors.

    Raises:
        ShapeError: The number of parts does not divide the size, or the rank is below 3.

    Source: `keras.ops.dsplit`.
    """
    tensor = tensor_of(x)
    need_rank("dsplit", tensor, 3)
    return _parts("dsplit", tensor, indices_or_sections, 2, True)
