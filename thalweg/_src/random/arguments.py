"""Arguments of draws: shapes, dtypes, parameters, bounds, seeds and algorithms, checked once."""

from __future__ import annotations

import enum
import functools
from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.base.naming import nearest
from thalweg._src.core import dtypes, xla
from thalweg._src.core.convert import (
    as_tensor,
    contains_tensor,
    convert_to_tensor,
    from_host,
    to_host,
)
from thalweg._src.core.door import freeze
from thalweg._src.core.dtypes import DType
from thalweg._src.core.symbolic import KerasTensor, symbols_in
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.arguments import host_value, sizes_of


class Algorithm(enum.Enum):
    """Which generator makes the words of a draw.

    ``PHILOX`` is Philox4x32-10, ``THREEFRY`` Threefry2x32, and ``AUTO_SELECT`` our choice: the counter
    hash of `thalweg` for stateless draws, Philox for a `Generator`.

    Source: `tf.random.Algorithm`.
    """

    PHILOX = 1
    THREEFRY = 2
    AUTO_SELECT = 3


_NAMES = {a.name.lower(): a for a in Algorithm}


def algorithm_of(where: str, alg: Any) -> Algorithm:
    """The `Algorithm` that a name, a number or a member stands for.

    Raises:
        InvalidArgumentError: There is none.
    """
    if isinstance(alg, Algorithm):
        return alg
    if isinstance(alg, str) and alg in _NAMES:
        return _NAMES[alg]
    value = host_value(alg) if not isinstance(alg, str) else None
    if value is not None and value.ndim == 0 and value.dtype.kind in "iu" and 1 <= int(value) <= 3:
        return Algorithm(int(value))
    raise InvalidArgumentError(
        f"[{where}] expected alg 'philox', 'threefry' or 'auto_select', got {alg!r}. "
        f"{nearest(str(alg), _NAMES)}"
    )


def kind_of_seed(where: str, alg: Any) -> str:
    """How to read a stateless seed: the algorithm's name."""
    return "auto_select" if alg == "auto_select" else algorithm_of(where, alg).name.lower()


def shape_of(where: str, shape: Any) -> Any:
    """Sizes as a tuple of ints; symbolic sizes are passed through.

    Raises:
        InvalidArgumentError: A size is negative or no integer, or the shape is a single number.
    """
    if type(shape) is tuple and all(type(d) is int and d >= 0 for d in shape):
        return shape
    if isinstance(shape, KerasTensor):
        return shape
    if next(symbols_in(shape), None) is not None:
        return tuple(shape)
    frozen = freeze(shape)
    if not isinstance(frozen, tuple):
        raise InvalidArgumentError(
            f"[{where}] expected shape as a list of sizes, got {frozen!r}; write [{frozen!r}]."
        )
    return sizes_of(where, "shape", frozen)


def joined_shape(where: str, shape: Any, *operands: Any) -> Any:
    """Sizes of `shape` followed by those of the operands' broadcast shape.

    Args:
        where: Name of the op, for messages.
        shape: Number of draws for each parameter, as sizes; a single number is a list of one.
        *operands: Tensors or arrays.
    """
    single = isinstance(shape, (int, np.integer)) or getattr(shape, "shape", None) == ()
    sizes = shape_of(where, [shape] if single else shape)
    try:
        rest = np.broadcast_shapes(*(tuple(o.shape) for o in operands))
    except ValueError:
        shown = " and ".join(str(tuple(o.shape)) for o in operands)
        raise InvalidArgumentError(
            f"[{where}] expected parameters whose shapes broadcast, got {shown}; add dimensions of "
            "size 1."
        ) from None
    return (*sizes, *rest)


def dtype_of(where: str, dtype: Any, kinds: tuple[str, ...]) -> DType:
    """The dtype, which must be one of `kinds`.

    Raises:
        DTypeError: It is another.
    """
    found = dtypes.as_dtype(dtype)
    if found.name not in kinds:
        raise DTypeError(
            f"[{where}] expected dtype {' or '.join(kinds)}, got {found.name}; draw in one of those "
            "and cast the result with tf.cast."
        )
    return found


FLOATS = ("float16", "bfloat16", "float32", "float64")
INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")


def operand(where: str, name: str, value: Any, dtype: DType | None) -> Any:
    """A parameter as a tensor, symbolic tensor or NumPy array of the wanted dtype.

    Args:
        where: Name of the op, for messages.
        name: Name of the parameter.
        value: What the caller gave.
        dtype: Dtype that it must have; None for the one it has.

    Raises:
        DTypeError: A tensor has another dtype, or a number does not fit it.
    """
    if isinstance(value, KerasTensor):
        return value
    tensor = as_tensor(value)
    if tensor is None and contains_tensor(value):
        tensor = convert_to_tensor(value, dtype)
    if tensor is None:
        return number(where, value, dtype)
    if dtype is not None and tensor.dtype is not dtype:
        raise DTypeError(
            f"[{where}] expected {name} of dtype {dtype.name}, got a tensor of dtype "
            f"{tensor.dtype.name}; write dtype=tf.{tensor.dtype.name} or cast it with tf.cast."
        )
    return tensor


def number(where: str, value: Any, dtype: DType | None) -> Any:
    """A number or list as an array; numbers used eagerly are kept on the device for the next call."""
    if type(value) in (int, float) and dtype is not None and not xla.tracing():
        return _kept(where, value, dtype)
    return from_host(to_host(value, dtype, where))


@functools.lru_cache(maxsize=256, typed=True)
def _kept(where: str, value: Any, dtype: DType) -> Tensor:
    return Tensor(xla.jnp.asarray(to_host(value, dtype, where)))


def check_range(where: str, low: Any, high: Any) -> None:
    """Refuses an empty range of integers where both ends are known now."""
    least, most = host_value(low), host_value(high)
    if least is not None and most is not None and not np.all(least < most):
        raise InvalidArgumentError(
            f"[{where}] expected minval < maxval, got {least.tolist()} >= {most.tolist()}; maxval is "
            "one more than the largest integer drawn."
        )


def seed_of(where: str, seed: Any) -> Any:
    """A stateless seed: an integer tensor or array of shape ``(2,)``.

    Raises:
        InvalidArgumentError: It has another shape or dtype.
    """
    value = operand(where, "seed", seed, None)
    dtype = dtypes.as_dtype(value.dtype)
    shape = tuple(value.shape)
    if shape != (2,) or not dtype.is_integer or dtype.is_unsigned:
        raise InvalidArgumentError(
            f"[{where}] expected seed as two integers, of dtype int32 or int64, got {dtype.name} of "
            f"shape {shape}; write seed=[1, 2] or take one from tf.random.split."
        )
    return value


def is_plain(value: Any, number: float) -> bool:
    """True when a parameter is this Python number, so that no arithmetic is needed for it."""
    return type(value) in (int, float) and value == number


def string_tensor(value: Any) -> Tensor | None:
    """`value` as a tensor when it holds strings, else None."""
    tensor = as_tensor(value)
    if tensor is None and not isinstance(value, KerasTensor) and not contains_tensor(value):
        array = np.asarray(value)
        if array.dtype.kind in "SUO":
            return convert_to_tensor(value)
        return None
    return tensor if tensor is not None and tensor.dtype is dtypes.string else None
