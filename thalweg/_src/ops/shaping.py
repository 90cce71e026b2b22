"""Same elements, another shape: reshape, expand, squeeze, transpose, broadcast."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import symbolic
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor, symbols_in
from thalweg._src.ops.arguments import ints_of, sizes_of
from thalweg._src.ops.support import axis_of


def _dims(where: str, shape: Any, current: tuple[int, ...]) -> tuple[int, ...]:
    """The shape with its -1 replaced, checked against the number of elements."""
    dims = ints_of(where, "shape", shape)
    count = math.prod(current)
    known = math.prod(d for d in dims if d != -1)
    if any(d < -1 for d in dims) or dims.count(-1) > 1:
        raise InvalidArgumentError(
            f"[{where}] expected sizes 0 or more and at most one -1, got shape {list(dims)}."
        )
    fits = known == count if -1 not in dims else known and not count % known
    if -1 in dims and known == 0 == count:
        return tuple(0 if d == -1 else d for d in dims)
    if not fits:
        raise ShapeError(
            f"[{where}] expected a shape of {count} elements for an input of shape {tuple(current)}, got "
            f"{list(dims)}; use -1 for one size that follows from the others."
        )
    return tuple(count // known if d == -1 else d for d in dims)


@op(
    "reshape",
    inputs=("tensor",),
    host=lambda tensor, shape: tensor.reshape(_dims("reshape", shape, tensor.shape)),
    moves=True,
)
def _reshape(tensor: Any, shape: Any) -> Any:
    return lax.reshape(tensor, _dims("reshape", shape, tensor.shape))


def reshape(tensor: Any, shape: Any, name: str | None = None) -> Any:
    """Same elements in another shape, in row-major order.

    Args:
        tensor: Tensor.
        shape: Sizes; one of them may be -1, which stands for what is left. Also values computed from
            `tf.shape`.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of that shape.

    Raises:
        InvalidArgumentError: The number of elements differs, or a size is below -1.

    Example:
        >>> import thalweg as tf
        >>> tf.reshape([1, 2, 3, 4], [2, -1]).numpy().tolist()
        [[1, 2], [3, 4]]

    Source: `tf.reshape`.
    """
    if isinstance(tensor, KerasTensor) and None in tensor.shape:
        target = freeze(shape)
        if next(symbols_in(target), None) is None:
            dims = ints_of("reshape", "shape", target)
            spec = tuple(None if d == -1 else d for d in dims)
            return ruled_node(_reshape, tensor, {"shape": dims}, [spec])[0]
    return _reshape(tensor, shape=shape, name=name)


def ruled_node(
    function: Any, x: KerasTensor, attrs: Any, shapes: list[Any]
) -> tuple[KerasTensor, ...]:
    """Node whose shapes are known by rule: probing unknown sizes with numbers may not divide evenly."""
    specs = [(shape, x.dtype) for shape in shapes]
    return symbolic.add_node(function, (x,), attrs, specs, function.opdef.name)


def single_axis(where: str, axis: Any) -> int:
    """An axis that may come as a list of one."""
    found = ints_of(where, "axis", axis)
    if len(found) != 1:
        raise InvalidArgumentError(f"[{where}] expected one axis, got {list(found)}.")
    return found[0]


def _expanded(x: Any, axis: Any) -> tuple[int, ...]:
    at = axis_of("expand_dims", single_axis("expand_dims", axis), x.ndim + 1)
    return (*x.shape[:at], 1, *x.shape[at:])


@op(
    "expand_dims",
    inputs=("input",),
    host=lambda input, axis: input.reshape(_expanded(input, axis)),
    moves=True,
)
def expand_dims(input: Any, axis: Any) -> Any:
    """Tensor with a new dimension of size 1.

    Args:
        input: Tensor.
        axis: Position of the new dimension in the result, from -(rank + 1) to rank.

    Returns:
        Tensor of one more dimension.

    Raises:
        InvalidArgumentError: The axis is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.expand_dims([1, 2], -1).shape
        TensorShape([2, 1])

    Source: `tf.expand_dims`.
    """
    return lax.reshape(input, _expanded(input, axis))


def _squeezed(x: Any, axis: Any) -> tuple[int, ...]:
    named = None if axis is None else ints_of("squeeze", "axis", axis)
    if not named:
        return tuple(d for d in x.shape if d != 1)
    gone = {axis_of("squeeze", a, x.ndim) for a in named}
    for a in sorted(gone):
        if x.shape[a] != 1:
            raise ShapeError(
                f"[squeeze] can not squeeze dim[{a}], expected a dimension of 1, got {x.shape[a]} in shape "
                f"{tuple(x.shape)}."
            )
    return tuple(d for a, d in enumerate(x.shape) if a not in gone)


@op(
    "squeeze",
    inputs=("input",),
    host=lambda input, axis: input.reshape(_squeezed(input, axis)),
    moves=True,
)
def squeeze(input: Any, axis: Any = None) -> Any:
    """Tensor without dimensions of size 1.

    Args:
        input: Tensor.
        axis: Dimensions to remove, each of size 1; all such when None.

    Returns:
        Tensor of fewer dimensions.

    Raises:
        InvalidArgumentError: A named dimension has another size.

    Example:
        >>> import thalweg as tf
        >>> tf.squeeze(tf.ones((1, 2, 1)), axis=0).shape
        TensorShape([2, 1])

    Source: `tf.squeeze`.
    """
    return lax.reshape(input, _squeezed(input, axis))


def _order(a: Any, perm: Any) -> tuple[int, ...]:
    if perm is None:
        return tuple(range(a.ndim))[::-1]
    given = ints_of("transpose", "perm", perm)
    order = tuple(axis_of("transpose", p, a.ndim) for p in given)
    if len(order) != a.ndim or len(set(order)) != a.ndim:
        raise InvalidArgumentError(
            f"[transpose] expected perm as a permutation of {list(range(a.ndim))} for shape "
            f"{tuple(a.shape)}, got {list(given)}."
        )
    return order


def _transpose_host(a: Any, perm: Any, conjugate: bool) -> Any:
    out = np.transpose(a, _order(a, perm))
    return np.conj(out) if conjugate and out.dtype.kind == "c" else out


@op("transpose", inputs=("a",), host=_transpose_host, moves=True)
def transpose(a: Any, perm: Any = None, conjugate: bool = False) -> Any:
    """Tensor with its dimensions in another order.

    Args:
        a: Tensor.
        perm: Which dimension of `a` goes where; the reverse order when None.
        conjugate: Also take the complex conjugate.

    Returns:
        Tensor whose dimension i is dimension ``perm[i]`` of `a`.

    Raises:
        InvalidArgumentError: `perm` is no permutation of the dimensions.

    Example:
        >>> import thalweg as tf
        >>> tf.transpose([[1, 2, 3], [4, 5, 6]]).numpy().tolist()
        [[1, 4], [2, 5], [3, 6]]

    Source: `tf.transpose`.
    """
    out = lax.transpose(a, _order(a, perm))
    return lax.conj(out) if conjugate and jnp.iscomplexobj(out) else out


def _broadcast(input: Any, shape: Any) -> tuple[int, ...]:
    dims = sizes_of("broadcast_to", "shape", shape)
    if len(input.shape) > len(dims) or any(
        a not in (1, b) for a, b in zip(input.shape[::-1], dims[::-1])
    ):
        raise ShapeError(
            f"[broadcast_to] expected a shape that {tuple(input.shape)} broadcasts to (sizes equal, or 1, "
            f"from the last dimension backwards), got {list(dims)}."
        )
    return dims


@op(
    "broadcast_to",
    inputs=("input",),
    host=lambda input, shape: np.broadcast_to(input, _broadcast(input, shape)).copy(),
    moves=True,
)
def broadcast_to(input: Any, shape: Any) -> Any:
    """Tensor repeated along dimensions of size 1, or new ones in front, to reach a shape.

    Args:
        input: Tensor.
        shape: Sizes of the result.

    Returns:
        Tensor of that shape.

    Raises:
        InvalidArgumentError: The shapes do not broadcast.

    Example:
        >>> import thalweg as tf
        >>> tf.broadcast_to([1, 2], [2, 2]).numpy().tolist()
        [[1, 2], [1, 2]]

    Source: `tf.broadcast_to`.
    """
    return jnp.broadcast_to(input, _broadcast(input, shape))
