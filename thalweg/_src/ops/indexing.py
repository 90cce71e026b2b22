"""``x[key]``: parts of a tensor at places that are given by numbers.

Eagerly, where a part begins is an argument of the compiled kernel and only its size is fixed in it:
``x[i]`` in a loop runs one program for all ``i``, and ``x[a:b]`` one for each length. In a compiled
program a key of plain numbers becomes a static slice, which XLA can fuse.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import (
    DTypeError,
    IndexRangeError,
    InvalidArgumentError,
    OperatorNotAllowedInGraphError,
)
from thalweg._src.core import xla
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.door import call
from thalweg._src.core.host_parts import HostPart
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor, is_traced
from thalweg._src.ops.array_indexing import getitem_arrays, has_arrays
from thalweg._src.ops.selection import boolean_mask

newaxis = None
_FULL = ("slice", None, None, None)
_PLANS: dict[Any, tuple[Tensor, tuple[Any, ...]]] = {}
_MAX_PLANS = 4096


# --- Keys: what a part of a key becomes -------------------------------------------------------------


def _normalized(part: Any) -> Any:
    """Hashable form of one part: int, None, ..., ``("slice", a, b, c)``, or a tensor known later."""
    kind = type(part)
    if kind is int or part is None or part is Ellipsis:
        return part
    if kind is slice:
        return ("slice", _bound(part.start), _bound(part.stop), _step(part.step))
    if kind is tuple and len(part) == 4 and part[0] == "slice":
        return part
    tensor = part if isinstance(part, KerasTensor) else as_tensor(part)
    if tensor is not None:
        return _scalar_index(tensor)
    if isinstance(part, np.ndarray) and part.ndim:
        raise _refused(part)
    try:
        if isinstance(part, (bool, np.bool_)):
            raise TypeError
        return operator.index(part)
    except TypeError:
        raise _refused(part) from None


def _scalar_index(tensor: Any) -> Any:
    if len(tensor.shape) or "int" not in str(getattr(tensor.dtype, "name", tensor.dtype)):
        raise _refused(tensor)
    if isinstance(tensor, KerasTensor) or is_traced(tensor):
        return tensor
    return int(tensor._value("Tensor as an index"))


def _refused(part: Any) -> DTypeError:
    shown = f"{part!r}" if not hasattr(part, "shape") else f"{part.dtype} of shape {part.shape}"
    return DTypeError(
        "[getitem] expected integers, slices, ..., tf.newaxis, scalar integer tensors or one boolean "
        f"mask as indices, got {shown} ({type(part).__name__}); use tf.gather or tf.gather_nd for lists "
        "of indices."
    )


def _bound(value: Any) -> Any:
    """Bound of a slice: int, None, or a symbol computed from shapes."""
    if value is None or type(value) is int or isinstance(value, KerasTensor):
        return value
    tensor = as_tensor(value)
    if tensor is not None and type(tensor.array) is HostPart:
        return tensor
    if tensor is not None and is_traced(tensor):
        raise OperatorNotAllowedInGraphError(
            "[getitem] expected bounds of a slice that are known while the program is compiled, got a "
            f"traced tensor of shape {tensor.shape}: the size of the result would depend on it. Use "
            "tf.slice(x, begin, size) with a size of plain numbers."
        )
    try:
        return operator.index(value)
    except TypeError:
        raise _refused(value) from None


def _step(value: Any) -> Any:
    step = _bound(value)
    if type(step) is int and step == 0:
        raise InvalidArgumentError("[getitem] expected a stride other than 0, got 0.")
    return step


def _has_ellipsis(key: tuple[Any, ...]) -> bool:
    # By identity: `in` would ask tensors in the key whether they are equal.
    return any(part is Ellipsis for part in key)


def _expanded(rank: int, key: tuple[Any, ...]) -> list[Any]:
    """The key with ... written out, so that it names every dimension."""
    used = sum(1 for k in key if k is not None and k is not Ellipsis)
    if sum(1 for k in key if k is Ellipsis) > 1:
        raise InvalidArgumentError(
            "[getitem] expected at most one ..., got two; write : for one of them."
        )
    if used > rank:
        raise IndexRangeError(
            f"[getitem] expected at most {rank} indices for a tensor of rank {rank}, got {used}; "
            "remove some."
        )
    parts: list[Any] = []
    for part in key if _has_ellipsis(key) else (*key, Ellipsis):
        parts.extend([_FULL] * (rank - used) if part is Ellipsis else [part])
    return parts


def _plan(shape: tuple[int, ...], key: tuple[Any, ...]) -> tuple[tuple[int, ...], ...]:
    """Where the part lies: lowest index, extent and stride of each dimension, shape of the result."""
    low: list[int] = []
    extent: list[int] = []
    strides: list[int] = []
    out: list[int] = []
    for part in _expanded(len(shape), key):
        if part is None:
            out.append(1)
            continue
        size = shape[len(low)]
        if type(part) is int:
            low.append(_checked(part, size, len(low), shape))
            extent.append(1)
            strides.append(1)
            continue
        span = range(size)[slice(*part[1:])]
        count, step = len(span), span.step if len(span) > 1 else 1
        low.append(min(span[0], span[-1]) if count else 0)
        extent.append((count - 1) * abs(step) + 1 if count else 0)
        strides.append(step)
        out.append(count)
    return tuple(low), tuple(extent), tuple(strides), tuple(out)


def _checked(index: int, size: int, axis: int, shape: tuple[int, ...]) -> int:
    if -size <= index < size:
        return index + size if index < 0 else index
    raise IndexRangeError(
        f"[getitem] slice index {index} of dimension {axis} out of bounds: expected {-size} to "
        f"{size - 1} for shape {tuple(shape)}."
    )


# --- Ops ----------------------------------------------------------------------------------------------


def _finished(x: Any, strides: tuple[int, ...], out: tuple[int, ...]) -> Any:
    """Strides, reversals, removed and new dimensions of a part that is cut out already."""
    backwards = [axis for axis, step in enumerate(strides) if step < 0]
    if backwards:
        x = lax.rev(x, backwards)
    if any(abs(step) != 1 for step in strides):
        x = lax.slice(x, (0,) * x.ndim, x.shape, [abs(step) for step in strides])
    return lax.reshape(x, out)


def _getitem_host(x: Any, key: tuple[Any, ...]) -> Any:
    _plan(x.shape, key)
    index = tuple(slice(*part[1:]) if type(part) is tuple else part for part in key)
    return x[index if _has_ellipsis(key) else (*index, Ellipsis)]


@op("getitem", inputs=("x",), host=_getitem_host)
def _getitem(x: Any, key: Any) -> Any:
    return _static_part(x, key)


def _static_part(x: Any, key: Any) -> Any:
    low, extent, strides, out = _plan(x.shape, key)
    if extent != tuple(x.shape):
        x = lax.slice(x, low, [a + b for a, b in zip(low, extent, strict=True)])
    return _finished(x, strides, out)


@op("getitem_row", matched=(), host=lambda x, index: x[int(index)], moves=True)
def _getitem_row(x: Any, index: Any) -> Any:
    """``x[index]`` for an index that is known to lie in range."""
    return lax.dynamic_index_in_dim(x, index, keepdims=False, allow_negative_indices=False)


def _from_host(x: Any, low: Any, extent: Any, strides: Any, out: Any) -> Any:
    part = x[tuple(slice(a, a + n) for a, n in zip(low.tolist(), extent, strict=True))]
    if any(step != 1 for step in strides):
        part = part[tuple(slice(None, None, step) for step in strides)]
    return part.reshape(out)


@op("getitem_from", inputs=("x", "low"), matched=(), host=_from_host, moves=True)
def getitem_from(x: Any, low: Any, extent: Any, strides: Any, out: Any) -> Any:
    """Part of `x` of known size that begins at `low`, which is known to lie in range."""
    starts = [low[axis] for axis in range(x.ndim)]
    x = lax.dynamic_slice(x, starts, extent, allow_negative_indices=False)
    return _finished(x, strides, out)


def _getitem_at_host(x: Any, *indices: Any, key: Any) -> Any:
    named = (
        int(indices[part[1]]) if type(part) is tuple and part[0] == "at" else part for part in key
    )
    return _getitem_host(x, tuple(named))


@op("getitem_at", matched=(), host=_getitem_at_host)
def _getitem_at(*operands: Any, key: Any) -> Any:
    """``x[key]`` of x and indices, where ``("at", k)`` in the key stands for scalar index k."""
    x, *indices = operands
    parts = _expanded(x.ndim, key)
    named = [part for part in parts if part is not None]
    starts: list[Any] = [np.int32(0)] * x.ndim
    extent = list(x.shape)
    for axis, part in enumerate(named):
        if type(part) is tuple and part[0] == "at":
            index = lax.convert_element_type(indices[part[1]], np.int32)
            size = np.int32(x.shape[axis])
            starts[axis] = lax.select(lax.lt(index, np.int32(0)), lax.add(index, size), index)
            extent[axis] = 1
    x = lax.dynamic_slice(x, starts, extent, allow_negative_indices=False)
    static = tuple(0 if type(p) is tuple and p[0] == "at" else p for p in parts)
    return _static_part(x, static)


# --- x[key] -------------------------------------------------------------------------------------------


def getitem(x: Any, key: Any) -> Any:
    """Part of a tensor, as ``x[key]``.

    Args:
        x: Tensor, Variable or symbolic tensor.
        key: Integers (negative ones count from the end), slices with any stride, ``...``,
            `tf.newaxis`, scalar integer tensors, or a tuple (or list) of these; or one boolean mask.
            On a symbolic tensor also values computed from `tf.shape`.

    Returns:
        Tensor. In a compiled program a scalar tensor that lies out of range stands for the nearest
        element (reading the value to complain would stop the program).

    Raises:
        InvalidArgumentError: An integer is out of range; also an `IndexError`.
        TypeError: A part of the key is of another kind.

    Example:
        >>> import thalweg as tf
        >>> x = tf.constant([[1, 2, 3], [4, 5, 6]])
        >>> x[1, ::-1].numpy().tolist(), x[:, tf.newaxis, 0].shape
        ([6, 5, 4], TensorShape([2, 1]))

    Source: `tf.Tensor.__getitem__`.
    """
    if type(x) is Tensor:
        tensor = x
    elif isinstance(x, KerasTensor):
        parts = _key_of(key)
        return getitem_arrays(x, key) if parts is None else _by_key(x, parts)
    else:
        tensor = convert_to_tensor(x)
    array = tensor.array
    eager = type(array) is xla.ArrayImpl and not xla.tracing()
    if eager and type(key) is int and array.ndim:
        index = _checked(key, array.shape[0], 0, array.shape)
        return call(_row, (tensor, Tensor(np.asarray(index, np.int32))), ())
    if _is_mask(key):
        return boolean_mask(tensor, key)
    parts = _key_of(key)
    if parts is None:
        return getitem_arrays(tensor, key)
    if not eager or any(isinstance(part, (Tensor, KerasTensor)) for part in parts):
        return _by_key(tensor, parts)
    plan = _PLANS.get((array.shape, parts))
    if plan is None:
        low, *rest = _plan(array.shape, parts)
        if len(_PLANS) >= _MAX_PLANS:
            _PLANS.clear()
        plan = _PLANS[array.shape, parts] = Tensor(np.asarray(low, np.int32)), tuple(rest)
    return call(_from, (tensor, plan[0]), plan[1])


_row = _getitem_row.opdef  # type: ignore[attr-defined]
_from = getitem_from.opdef  # type: ignore[attr-defined]


def _is_mask(key: Any) -> bool:
    if isinstance(key, (bool, np.bool_)):
        return True
    dtype = getattr(key, "dtype", None)
    return dtype is not None and dtype == "bool" and not isinstance(key, KerasTensor)


def _key_of(key: Any) -> tuple[Any, ...] | None:
    """The parts of a key; None for one that holds arrays of indices."""
    try:
        if type(key) is tuple or type(key) is list:
            return tuple([_normalized(part) for part in key])
        return (_normalized(key),)
    except DTypeError:
        if has_arrays(key):
            return None
        raise


def _by_key(x: Any, parts: tuple[Any, ...]) -> Any:
    """``x[parts]`` in a program, a model's graph or on the host."""
    later: list[Any] = []
    static: list[Any] = []
    for part in parts:
        if isinstance(part, Tensor) or (isinstance(part, KerasTensor) and part.static is None):
            static.append(("at", len(later)))
            later.append(part)
        else:
            static.append(part)
    if later:
        return _getitem_at(x, *later, key=tuple(static))
    return _getitem(x, key=tuple(static))


# --- Assignment to a part -----------------------------------------------------------------------------


@op("setitem", inputs=("x", "value", "low"), matched=(0, 1))
def _setitem(x: Any, value: Any, low: Any, extent: Any, strides: Any, out: Any) -> Any:
    """`x` with the part that begins at `low` replaced by `value`, which broadcasts."""
    counts = [(n - 1) // abs(step) + 1 if n else 0 for n, step in zip(extent, strides, strict=True)]
    value = lax.reshape(jnp.broadcast_to(value, out), counts)
    backwards = [axis for axis, step in enumerate(strides) if step < 0]
    if backwards:
        value = lax.rev(value, backwards)
    starts = [low[axis] for axis in range(x.ndim)]
    if any(abs(step) != 1 for step in strides):
        old = lax.dynamic_slice(x, starts, extent, allow_negative_indices=False)
        value = old.at[tuple(slice(None, None, abs(step)) for step in strides)].set(value)
    return lax.dynamic_update_slice(x, value, starts, allow_negative_indices=False)


def setitem(x: Any, key: Any, value: Any) -> Any:
    """Tensor like `x` in which the part ``x[key]`` is `value`.

    Args:
        x: Tensor.
        key: As for `getitem`, but no mask.
        value: Tensor of the same dtype, of a shape that broadcasts to that of the part.

    Returns:
        Tensor.

    Source: what `tf.Variable`'s sliced assignment computes.
    """
    if _is_mask(key):
        raise _refused(key)
    given = _key_of(key)
    if given is None:
        raise _refused(key)
    parts = _expanded(x.ndim, given)
    static = tuple(0 if isinstance(part, (Tensor, KerasTensor)) else part for part in parts)
    low, *rest = _plan(tuple(x.shape), static)
    named = [part for part in parts if part is not None]
    first: Any = Tensor(np.asarray(low, np.int32))
    if any(isinstance(part, (Tensor, KerasTensor)) for part in parts):
        sizes = tuple(x.shape)
        first = _starts(
            *(p for p in named if isinstance(p, Tensor)),
            sizes=sizes,
            low=low,
            at=tuple(axis for axis, p in enumerate(named) if isinstance(p, Tensor)),
        )
    extent, strides, out = rest
    return _setitem(x, value, first, extent=extent, strides=strides, out=out)


@op("setitem_starts", matched=())
def _starts(*indices: Any, sizes: Any, low: Any, at: Any) -> Any:
    """Starts of a part, with scalar tensors in place of the entries `at`."""
    starts = [jnp.asarray(start, np.int32) for start in low]
    for axis, index in zip(at, indices, strict=True):
        index = lax.convert_element_type(index, np.int32)
        starts[axis] = jnp.where(index < 0, index + sizes[axis], index)
    return jnp.stack(starts)
