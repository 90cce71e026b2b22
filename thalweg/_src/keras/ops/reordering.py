"""Elements moved: flip, rot90, roll."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.door import freeze
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.ops import reordering, shaping
from thalweg._src.ops.arguments import int_of, ints_of
from thalweg._src.ops.support import axis_of


def need_rank(where: str, x: Any, rank: int) -> None:
    """Refuses a tensor of fewer dimensions.

    Raises:
        ShapeError: It has fewer than `rank` dimensions.
    """
    if x.ndim < rank:
        raise ShapeError(
            f"[{where}] expected rank {rank} or more, got shape {tuple(x.shape)}; add dimensions with "
            "expand_dims."
        )


@operation
def flip(x: Any, axis: Any = None) -> Any:
    """Tensor with the order of elements along axes turned round.

    Args:
        x: Tensor.
        axis: Axis or axes; all when None.

    Returns:
        Tensor of the same shape.

    Raises:
        InvalidArgumentError: An axis is out of range or named twice.

    Source: `keras.ops.flip`.
    """
    tensor = tensor_of(x)
    return reordering.reverse(tensor, list(range(tensor.ndim)) if axis is None else axis)


@operation
def fliplr(x: Any) -> Any:
    """Tensor with the order of elements along the second axis turned round.

    Args:
        x: Tensor of rank 2 or more.

    Returns:
        Tensor of the same shape.

    Raises:
        ShapeError: `x` has fewer than two dimensions.

    Source: `keras.ops.fliplr`.
    """
    tensor = tensor_of(x)
    need_rank("fliplr", tensor, 2)
    return reordering.reverse(tensor, [1])


@operation
def flipud(x: Any) -> Any:
    """Tensor with the order of elements along the first axis turned round.

    Args:
        x: Tensor of rank 1 or more.

    Returns:
        Tensor of the same shape.

    Raises:
        ShapeError: `x` is a scalar.

    Source: `keras.ops.flipud`.
    """
    tensor = tensor_of(x)
    need_rank("flipud", tensor, 1)
    return reordering.reverse(tensor, [0])


@operation
def rot90(array: Any, k: Any = 1, axes: Any = (0, 1)) -> Any:
    """Tensor turned by quarters of a circle in the plane of two axes.

    Args:
        array: Tensor of rank 2 or more.
        k: Number of quarters, from the first axis towards the second.
        axes: The two axes.

    Returns:
        Tensor, with the two sizes exchanged for odd `k`.

    Raises:
        ShapeError: `array` has fewer than two dimensions.
        InvalidArgumentError: The axes are not two different ones.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.rot90([[1, 2], [3, 4]]).numpy().tolist()
        [[2, 4], [1, 3]]

    Source: `keras.ops.rot90`.
    """
    tensor = tensor_of(array)
    need_rank("rot90", tensor, 2)
    plane = [axis_of("rot90", a, tensor.ndim) for a in ints_of("rot90", "axes", freeze(axes))]
    if len(plane) != 2 or plane[0] == plane[1]:
        raise InvalidArgumentError(
            f"[rot90] expected two different axes, got {axes!r}; use (0, 1)."
        )
    one, two = plane
    turns = int_of("rot90", "k", freeze(k)) % 4
    if turns == 0:
        return tensor
    if turns == 2:
        return reordering.reverse(tensor, plane)
    order = list(range(tensor.ndim))
    order[one], order[two] = two, one
    if turns == 1:
        return shaping.transpose(reordering.reverse(tensor, [two]), order)
    return reordering.reverse(shaping.transpose(tensor, order), [two])


@operation
def roll(x: Any, shift: Any, axis: Any = None) -> Any:
    """Tensor whose elements moved along axes; what leaves at one end comes in at the other.

    Args:
        x: Tensor.
        shift: By how many places: one number, or one for each axis.
        axis: Axis or axes; None to move the elements of the flattened tensor.

    Returns:
        Tensor of the same shape.

    Raises:
        ShapeError: There are several shifts, but not as many as axes.

    Source: `keras.ops.roll`.
    """
    tensor = tensor_of(x)
    if axis is None:
        flat = reordering.roll(shaping.reshape(tensor, [-1]), shift, 0)
        return shaping.reshape(flat, tensor.shape)
    axes = ints_of("roll", "axis", freeze(axis))
    amounts = [shift] * len(axes) if isinstance(shift, int) else shift
    return reordering.roll(tensor, amounts, axes)
