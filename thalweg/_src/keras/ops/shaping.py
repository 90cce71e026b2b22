"""Same elements, another shape: reshape, expand, squeeze, transpose, broadcast, view."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.door import freeze
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops import sparse as sparse_rules
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.keras.ops.ruled import ruled
from thalweg._src.keras.ops.sparse import taking_sparse
from thalweg._src.ops import shaping
from thalweg._src.ops.arguments import ints_of, sizes_of
from thalweg._src.ops.casting import bitcast
from thalweg._src.ops.support import axis_of


def _sizes(newshape: Any) -> tuple[int, ...]:
    """A new shape as integers; an unknown size is one that follows from the others."""
    frozen = freeze(newshape)
    given = frozen if isinstance(frozen, tuple) else (frozen,)
    return ints_of("reshape", "newshape", tuple(-1 if d is None else d for d in given))


def _reshaped(x: Any, newshape: Any) -> tuple[int | None, ...] | None:
    if None not in x.shape:
        return None
    return tuple(None if d == -1 else d for d in _sizes(newshape))


@ruled(_reshaped)
@taking_sparse(sparse_rules.reshaped)
def reshape(x: Any, newshape: Any) -> Any:
    """Same elements in another shape, in row-major order.

    Args:
        x: Tensor.
        newshape: Sizes; one of them may be -1 or None, which stands for what is left.

    Returns:
        Tensor of that shape.

    Raises:
        ShapeError: The number of elements differs.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.reshape([1, 2, 3, 4], (2, -1)).numpy().tolist()
        [[1, 2], [3, 4]]

    Source: `keras.ops.reshape`.
    """
    return shaping.reshape(tensor_of(x), _sizes(newshape))


@operation
def ravel(x: Any) -> Any:
    """Elements in one dimension, in row-major order.

    Args:
        x: Tensor.

    Returns:
        Tensor of shape ``(n,)``.

    Source: `keras.ops.ravel`.
    """
    return shaping.reshape(tensor_of(x), [-1])


@operation
@taking_sparse(sparse_rules.expanded)
def expand_dims(x: Any, axis: Any) -> Any:
    """Tensor with new dimensions of size 1.

    Args:
        x: Tensor.
        axis: Position, or several positions, of the new dimensions in the result.

    Returns:
        Tensor of higher rank.

    Raises:
        InvalidArgumentError: A position is out of range or named twice.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.expand_dims(tf.ones((2,)), (0, -1)).shape
        TensorShape([1, 2, 1])

    Source: `keras.ops.expand_dims`.
    """
    tensor = tensor_of(x)
    given = ints_of("expand_dims", "axis", freeze(axis))
    rank = tensor.ndim + len(given)
    new = [axis_of("expand_dims", a, rank) for a in given]
    if len(set(new)) != len(new):
        raise InvalidArgumentError(
            f"[expand_dims] expected every axis once, got axis={axis!r}; remove the repeated one."
        )
    old = iter(tensor.shape)
    return shaping.reshape(tensor, [1 if a in new else next(old) for a in range(rank)])


@operation
@taking_sparse(sparse_rules.squeezed)
def squeeze(x: Any, axis: Any = None) -> Any:
    """Tensor without dimensions of size 1.

    Args:
        x: Tensor.
        axis: Dimension, or several, to remove; all of size 1 when None.

    Returns:
        Tensor of lower rank.

    Raises:
        ShapeError: A named dimension has another size.

    Source: `keras.ops.squeeze`.
    """
    return shaping.squeeze(tensor_of(x), axis)


@operation
@taking_sparse(sparse_rules.transposed)
def transpose(x: Any, axes: Any = None) -> Any:
    """Tensor with its dimensions in another order.

    Args:
        x: Tensor.
        axes: Which dimension of `x` goes where; the reverse order when None.

    Returns:
        Tensor whose dimension i is dimension ``axes[i]`` of `x`.

    Raises:
        InvalidArgumentError: `axes` is no permutation of the dimensions.

    Source: `keras.ops.transpose`.
    """
    return shaping.transpose(tensor_of(x), axes)


def moved(where: str, tensor: Any, source: Any, destination: Any) -> Any:
    """`tensor` with dimensions at `source` moved to `destination`, the others in their order."""
    rank = tensor.ndim
    origin = [axis_of(where, a, rank) for a in ints_of(where, "source", freeze(source))]
    target = [axis_of(where, a, rank) for a in ints_of(where, "destination", freeze(destination))]
    if (
        len(origin) != len(target)
        or len(set(origin)) != len(origin)
        or len(set(target)) != len(target)
    ):
        raise InvalidArgumentError(
            f"[{where}] expected as many axes in destination as in source, each once, got "
            f"source={source!r} and destination={destination!r}; pair them."
        )
    order = [axis for axis in range(rank) if axis not in origin]
    for place, axis in sorted(zip(target, origin, strict=True)):
        order.insert(place, axis)
    return shaping.transpose(tensor, order)


@operation
def moveaxis(x: Any, source: Any, destination: Any) -> Any:
    """Tensor with some dimensions moved, the others in their order.

    Args:
        x: Tensor.
        source: Dimension, or several, to move.
        destination: Where each of them goes.

    Returns:
        Tensor of the same rank.

    Raises:
        InvalidArgumentError: The two are not of one length, or an axis is named twice or out of range.

    Source: `keras.ops.moveaxis`.
    """
    return moved("moveaxis", tensor_of(x), source, destination)


@operation
def swapaxes(x: Any, axis1: Any, axis2: Any) -> Any:
    """Tensor with two dimensions exchanged.

    Args:
        x: Tensor.
        axis1: One dimension.
        axis2: The other.

    Returns:
        Tensor of the same rank.

    Raises:
        InvalidArgumentError: An axis is out of range.

    Source: `keras.ops.swapaxes`.
    """
    tensor = tensor_of(x)
    one, two = (axis_of("swapaxes", freeze(a), tensor.ndim) for a in (axis1, axis2))
    order = list(range(tensor.ndim))
    order[one], order[two] = two, one
    return shaping.transpose(tensor, order)


def _broadcast(x: Any, shape: Any) -> tuple[int | None, ...] | None:
    sizes = sizes_of("broadcast_to", "shape", freeze(shape))
    fits = len(x.shape) <= len(sizes) and all(
        a in (None, 1, b) for a, b in zip(x.shape[::-1], sizes[::-1])
    )
    # Probing says what does not fit.
    return sizes if fits else None


@ruled(_broadcast)
def broadcast_to(x: Any, shape: Any) -> Any:
    """Tensor repeated along dimensions of size 1, or new ones in front, to reach a shape.

    Args:
        x: Tensor.
        shape: Sizes of the result.

    Returns:
        Tensor of that shape.

    Raises:
        ShapeError: The shapes do not broadcast.

    Source: `keras.ops.broadcast_to`.
    """
    return shaping.broadcast_to(tensor_of(x), shape)


@operation
def view(x: Any, dtype: Any = None) -> Any:
    """Tensor that reads the same bits as another dtype.

    Args:
        x: Tensor of a numeric dtype.
        dtype: Wanted dtype; that of `x` when None.

    Returns:
        Tensor whose last dimension grows or shrinks with the ratio of the dtypes' sizes.

    Raises:
        ShapeError: The last dimension holds no whole number of elements of `dtype`, or `x` is a scalar
            and the sizes differ.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.view(tf.constant([1.0]), "int32")
        <tf.Tensor: shape=(1,), dtype=int32, numpy=array([1065353216], dtype=int32)>

    Source: `keras.ops.view`. The order of bytes is the machine's.
    """
    tensor = tensor_of(x)
    wanted = tensor.dtype if dtype is None else dtypes.as_dtype(dtype)
    own, new, shape = tensor.dtype.size, wanted.size, tensor.shape.as_list()
    if own == new:
        return tensor if wanted is tensor.dtype else bitcast(tensor, wanted)
    if not shape or shape[-1] * own % new:
        raise ShapeError(
            f"[view] expected a last dimension of a whole number of {wanted.name} ({new} bytes each), got "
            f"shape {tuple(shape)} of {tensor.dtype.name}; pad it first."
        )
    if own > new:
        return shaping.reshape(bitcast(tensor, wanted), (*shape[:-1], shape[-1] * own // new))
    return bitcast(
        shaping.reshape(tensor, (*shape[:-1], shape[-1] * own // new, new // own)), wanted
    )
