"""Elements moved or surrounded: pad, roll, reverse, reverse_sequence."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import as_tensor, to_host
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.arguments import host_value, int_of, ints_of, pairs_of
from thalweg._src.ops.gather import gather_along
from thalweg._src.ops.indices import indices_of, tensor_of
from thalweg._src.ops.shaping import reshape
from thalweg._src.ops.support import axes_of, axis_of

# --- pad ----------------------------------------------------------------------------------------------


def _filling(tensor: Any, value: Any) -> np.ndarray[Any, Any]:
    """The padding value in the tensor's dtype; 0 fits every dtype."""
    dtype = dtypes.BY_NUMPY[tensor.dtype]
    if type(value) is int and value == 0:
        return np.asarray(b"", object) if dtype is dtypes.string else np.zeros((), tensor.dtype)
    return to_host(value, dtype, "pad")


def _amounts(tensor: Any, paddings: Any, mode: str) -> tuple[tuple[int, int], ...]:
    pairs = pairs_of("pad", "paddings", paddings, tensor.ndim)
    spare = {"REFLECT": 1, "SYMMETRIC": 0}.get(mode)
    if spare is None:
        return pairs
    for axis, (pair, size) in enumerate(zip(pairs, tensor.shape, strict=True)):
        if max(pair) > max(size - spare, 0):
            raise ShapeError(
                f"[pad] expected paddings of at most {size - spare} for mode {mode} and size {size} of "
                f"axis {axis}, got {pair}."
            )
    return pairs


def _pad_host(tensor: Any, paddings: Any, mode: str, value: Any) -> Any:
    pairs = _amounts(tensor, paddings, mode)
    if mode == "CONSTANT":
        out = np.full(
            [n + a + b for n, (a, b) in zip(tensor.shape, pairs)], _filling(tensor, value)
        )
        out[tuple(slice(a, a + n) for n, (a, _) in zip(tensor.shape, pairs))] = tensor
        return out.astype(tensor.dtype)
    return np.pad(tensor, pairs, mode.lower())  # type: ignore[call-overload]


@op("pad", inputs=("tensor",), host=_pad_host, moves=True)
def _pad(tensor: Any, paddings: Any, mode: str, value: Any) -> Any:
    pairs = _amounts(tensor, paddings, mode)
    if mode == "CONSTANT":
        return lax.pad(tensor, _filling(tensor, value), [(a, b, 0) for a, b in pairs])
    return jnp.pad(tensor, pairs, mode.lower())


@op("pad_with")
def _pad_with(tensor: Any, value: Any, *, paddings: Any) -> Any:
    """Padding with a value that is a tensor."""
    pairs = pairs_of("pad", "paddings", paddings, tensor.ndim)
    return lax.pad(tensor, value, [(a, b, 0) for a, b in pairs])


def pad(
    tensor: Any,
    paddings: Any,
    mode: str = "CONSTANT",
    constant_values: Any = 0,
    name: str | None = None,
) -> Any:
    """Tensor with elements added before and after each dimension.

    Args:
        tensor: Tensor.
        paddings: For each dimension how many elements go before and after, shape ``(rank, 2)``.
        mode: ``"CONSTANT"``; ``"REFLECT"`` (mirror without the edge, at most ``size - 1``); or
            ``"SYMMETRIC"`` (mirror with the edge, at most ``size``). Upper or lower case.
        constant_values: Value of the new elements for ``"CONSTANT"``.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the same rank and dtype.

    Raises:
        ValueError: The paddings have another shape, are negative or too large, or the mode is unknown.

    Example:
        >>> import thalweg as tf
        >>> tf.pad([1, 2, 3], [[1, 1]], "REFLECT").numpy().tolist()
        [2, 1, 2, 3, 2]

    Source: `tf.pad`.
    """
    mode = str(mode).upper()
    if mode not in ("CONSTANT", "REFLECT", "SYMMETRIC"):
        raise InvalidArgumentError(
            f"[pad] expected mode 'CONSTANT', 'REFLECT' or 'SYMMETRIC', got {mode!r}."
        )
    source = tensor_of(tensor)
    if mode == "CONSTANT" and (
        isinstance(constant_values, KerasTensor) or as_tensor(constant_values) is not None
    ):
        return _pad_with(source, constant_values, paddings=paddings, name=name)
    value = freeze(constant_values)
    return _pad(source, paddings=paddings, mode=mode, value=value, name=name)


# --- roll and reverse ---------------------------------------------------------------------------------


def _roll_axes(input: Any, shift: Any, axis: Any) -> tuple[int, ...]:
    if not input.ndim:
        raise ShapeError("[roll] expected an input of rank 1 or more, got a scalar.")
    axes = tuple(axis_of("roll", a, input.ndim) for a in ints_of("roll", "axis", axis))
    if shift.shape != (len(axes),):
        raise ShapeError(
            f"[roll] expected one shift for each of {len(axes)} axes, got shift of shape "
            f"{tuple(shift.shape)}: they must have the same size."
        )
    return axes


def _roll_host(input: Any, shift: Any, axis: Any) -> Any:
    return np.roll(input, shift.tolist(), _roll_axes(input, shift, axis))


@op("roll", inputs=("input", "shift"), matched=(), host=_roll_host, moves=True)
def _roll(input: Any, shift: Any, axis: Any) -> Any:
    return jnp.roll(input, shift, _roll_axes(input, shift, axis))


def roll(input: Any, shift: Any, axis: Any, name: str | None = None) -> Any:
    """Tensor whose elements moved along axes; what leaves at one end comes in at the other.

    Args:
        input: Tensor of rank 1 or more.
        shift: By how many places, one integer for each axis; may be computed in a program.
        axis: Axis or axes; one named twice moves by the sum.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the same shape.

    Raises:
        InvalidArgumentError: The numbers of shifts and axes differ, or an axis is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.roll([1, 2, 3, 4], 1, axis=0).numpy().tolist()
        [4, 1, 2, 3]

    Source: `tf.roll`.
    """
    known = host_value(shift)
    if known is None or known.dtype == object:
        amount = reshape(shift, [-1])
    else:
        amount = Tensor(np.asarray(ints_of("roll", "shift", known.reshape(-1).tolist()), np.int32))
    return _roll(input, amount, axis=axis, name=name)


def _reversed_axes(tensor: Any, axis: Any) -> tuple[int, ...]:
    return axes_of("reverse", ints_of("reverse", "axis", axis), tensor.ndim) or ()


@op(
    "reverse",
    inputs=("tensor",),
    host=lambda tensor, axis: np.flip(tensor, _reversed_axes(tensor, axis)).copy(),
    moves=True,
)
def reverse(tensor: Any, axis: Any) -> Any:
    """Tensor with the order of elements along axes turned round.

    Args:
        tensor: Tensor.
        axis: List of axes; an empty list changes nothing.

    Returns:
        Tensor of the same shape.

    Raises:
        InvalidArgumentError: An axis is out of range or named twice.

    Example:
        >>> import thalweg as tf
        >>> tf.reverse([[1, 2], [3, 4]], [1]).numpy().tolist()
        [[2, 1], [4, 3]]

    Source: `tf.reverse`.
    """
    return lax.rev(tensor, _reversed_axes(tensor, axis))


def _reverse_sequence_host(input: Any, seq_lengths: Any, seq_axis: int, batch_axis: int) -> Any:
    front = np.moveaxis(input, (batch_axis, seq_axis), (0, 1))
    step = np.arange(front.shape[1])
    lengths = np.clip(seq_lengths, 0, front.shape[1])[:, None]
    places = np.where(step < lengths, lengths - 1 - step, step)
    turned = front[np.arange(len(front))[:, None], places]
    return np.moveaxis(turned, (0, 1), (batch_axis, seq_axis))


@op(
    "reverse_sequence",
    inputs=("input", "seq_lengths"),
    matched=(),
    host=_reverse_sequence_host,
    moves=True,
)
def _reverse_sequence(input: Any, seq_lengths: Any, seq_axis: int, batch_axis: int) -> Any:
    size = input.shape[seq_axis]
    step = jnp.arange(size, dtype=np.int32)
    lengths = jnp.clip(seq_lengths, 0, size).astype(np.int32)[:, None]
    places = jnp.where(step < lengths, lengths - 1 - step, step)
    front = jnp.moveaxis(input, (batch_axis, seq_axis), (0, 1))
    turned = gather_along(front, places, axis=1, batch_dims=1)
    return jnp.moveaxis(turned, (0, 1), (batch_axis, seq_axis))


def reverse_sequence(
    input: Any,
    seq_lengths: Any,
    seq_axis: Any = None,
    batch_axis: Any = None,
    name: str | None = None,
) -> Any:
    """Tensor in which the first steps of each sequence are turned round, the rest left as it is.

    Args:
        input: Tensor with a batch and a sequence axis.
        seq_lengths: Number of steps to turn for each batch element, shape ``(batch,)``, at most the
            size of the sequence axis.
        seq_axis: Axis of the steps.
        batch_axis: Axis of the batch; 0 when None.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the same shape. In a compiled program lengths beyond the size count as the size.

    Raises:
        InvalidArgumentError: A length is out of range or the shapes do not fit.
        TypeError: `seq_axis` is missing.

    Example:
        >>> import thalweg as tf
        >>> tf.reverse_sequence([[1, 2, 3], [4, 5, 6]], [2, 3], seq_axis=1).numpy().tolist()
        [[2, 1, 3], [6, 5, 4]]

    Source: `tf.reverse_sequence`.
    """
    source = tensor_of(input)
    lengths = indices_of("reverse_sequence", seq_lengths, None)
    rank = len(source.shape)
    step = axis_of(
        "reverse_sequence", int_of("reverse_sequence", "seq_axis", freeze(seq_axis)), rank
    )
    batch = (
        0 if batch_axis is None else int_of("reverse_sequence", "batch_axis", freeze(batch_axis))
    )
    batch = axis_of("reverse_sequence", batch, rank)
    if step == batch:
        raise InvalidArgumentError(
            f"[reverse_sequence] expected seq_axis and batch_axis to differ, got {step} for both."
        )
    if (
        len(lengths.shape) != 1
        or None not in (lengths.shape[0], source.shape[batch])
        and (lengths.shape[0] != source.shape[batch])
    ):
        raise ShapeError(
            f"[reverse_sequence] expected seq_lengths of shape ({source.shape[batch]},) for an input of "
            f"shape {tuple(source.shape)}, got {tuple(lengths.shape)}."
        )
    known, size = host_value(lengths), source.shape[step]
    if (
        known is not None
        and known.size
        and not (known.min() >= 0 and (size is None or known.max() <= size))
    ):
        raise InvalidArgumentError(
            f"[reverse_sequence] expected seq_lengths from 0 to {size}, got {known.tolist()}."
        )
    return _reverse_sequence(source, lengths, seq_axis=step, batch_axis=batch, name=name)
