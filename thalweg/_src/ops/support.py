"""What the families of ops share: checks of dtypes and axes, and quiet NumPy twins."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from thalweg._src.base.errors import (
    DataDependentShapeError,
    DTypeError,
    InvalidArgumentError,
)
from thalweg._src.core import dtypes
from thalweg._src.core.convert import contains_tensor, convert_to_tensor, infer_dtype
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor, is_traced
from thalweg._src.ops.arguments import host_value

INTEGER = ("int", "uint")
REAL = ("float", "int", "uint")
FLOAT = ("float",)
INEXACT = ("float", "complex")
NUMERIC = ("float", "int", "uint", "complex")
BOOL = ("bool",)
BROADCAST = "Shapes must be equal, or 1, from the last dimension backwards."


def kind_of(x: Any) -> str:
    """Kind of an array's dtype: float, int, uint, complex, bool or string."""
    return dtypes.BY_NUMPY[x.dtype]._kind


def needs(where: str, kinds: tuple[str, ...], *arrays: Any) -> None:
    """Refuses arrays whose dtype has no meaning for the op `where`.

    JAX would promote them or take them for other numbers without a word.

    Raises:
        DTypeError: An array's dtype is of none of the kinds.
    """
    for x in arrays:
        if kind_of(x) not in kinds:
            wanted = " or ".join(kinds)
            raise DTypeError(
                f"[{where}] expected a tensor of a {wanted} dtype, got "
                f"{dtypes.BY_NUMPY[x.dtype].name} of shape {tuple(x.shape)}; cast it with tf.cast."
            )


def twin(
    where: str, function: Callable[..., Any], kinds: tuple[str, ...] | None = NUMERIC
) -> Callable[..., Any]:
    """NumPy twin of an op: without warnings, refusing the dtypes that the op refuses.

    Args:
        where: Name of the op.
        function: NumPy function of the inputs, and of the op's attributes as keywords.
        kinds: Kinds of dtypes that the op takes; None for all.
    """

    @functools.wraps(function)
    def quiet(*arrays: Any, **attrs: Any) -> Any:
        if kinds is not None:
            needs(where, kinds, *arrays)
        with np.errstate(all="ignore"):
            return function(*arrays, **attrs)

    return quiet


def axes_of(where: str, axis: Any, rank: int) -> tuple[int, ...] | None:
    """Axes as a sorted tuple of numbers in [0, rank); None for all.

    Raises:
        InvalidArgumentError: An axis is out of range or named twice.
    """
    if axis is None:
        return None
    given = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    found = tuple(sorted(axis_of(where, a, rank) for a in given))
    if len(set(found)) != len(found):
        raise InvalidArgumentError(
            f"[{where}] expected every axis once, got axis={axis!r}; remove the repeated one."
        )
    return found


def axis_of(where: str, axis: Any, rank: int) -> int:
    """One axis as a number in [0, rank).

    Raises:
        InvalidArgumentError: The axis is out of range; a DTypeError when it is no integer.
    """
    if not isinstance(axis, (int, np.integer)) or isinstance(axis, bool):
        raise DTypeError(
            f"[{where}] expected an integer axis, got {axis!r}; give an axis from {-rank} to {rank - 1}."
        )
    if rank == 0:
        raise InvalidArgumentError(
            f"[{where}] expected rank 1 or more, got a scalar, which has no axis {axis}; leave `axis` out or "
            "reshape the tensor."
        )
    if not -rank <= axis < rank:
        raise InvalidArgumentError(
            f"[{where}] expected an axis from {-rank} to {rank - 1} for rank {rank}, got {axis}; "
            "count the dimensions from 0."
        )
    return int(axis) % rank


def known_value(where: str, what: str, value: Any, hint: str = "") -> np.ndarray[Any, Any]:
    """Value of a tensor argument on which the shape of the result depends.

    Args:
        where: Name of the op.
        what: Name of the argument.
        value: Tensor, number or list.
        hint: One thing to do when the value is not known.

    Raises:
        DataDependentShapeError: It is a tracer or a symbolic tensor, which has no value yet.
    """
    tensor = None if isinstance(value, KerasTensor) else convert_to_tensor(value)
    if tensor is None or isinstance(tensor, KerasTensor) or is_traced(tensor):
        raise DataDependentShapeError(
            f"[{where}] the shape of its result depends on the value of {what}, which is not known inside "
            f"a compiled program or a symbolic model; {hint or 'call it outside'}."
        )
    return np.asarray(tensor.array)


def with_slope(function: Callable[[Any], Any], slope: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`function` of one array with the derivative `slope`, in every order and direction."""
    smooth = jax.custom_jvp(function)

    @smooth.defjvp
    def _(primals: Any, tangents: Any) -> Any:
        return smooth(*primals), tangents[0] * slope(*primals)

    return smooth


def with_slope_of_result(
    function: Callable[[Any], Any], slope: Callable[[Any], Any]
) -> Callable[[Any], Any]:
    """`function` of one array whose derivative is ``slope(result)``; a cotangent of 0 gives 0.

    As in TensorFlow also where the slope is infinite or NaN, so that ``where(x > 0, sqrt(x), x)`` has a
    gradient at 0. Elsewhere nothing is blocked, so that second derivatives see a cotangent of 0 too.
    """
    smooth = jax.custom_vjp(function)

    def forward(x: Any) -> Any:
        result = smooth(x)
        return result, result

    def backward(result: Any, cotangent: Any) -> Any:
        blocked = (cotangent == 0) & ~jax.numpy.isfinite(slope(result))
        safe = jax.numpy.where(blocked, jax.numpy.ones_like(result), result)
        return (jax.numpy.where(blocked, jax.numpy.zeros_like(result), cotangent * slope(safe)),)

    smooth.defvjp(forward, backward)
    return smooth


square_root = with_slope_of_result(jax.lax.sqrt, lambda root: 0.5 / root)


def widened(function: Callable[..., Any], *arrays: Any) -> Any:
    """`function` computed in float32 for narrower floats, and in their own dtype else."""
    dtype = arrays[0].dtype
    if dtype.itemsize >= 4:
        return function(*arrays)
    return function(*(a.astype(np.float32) for a in arrays)).astype(dtype)


def is_integer(x: Any) -> bool:
    """True for Python ints and for tensors of an integer dtype."""
    if type(x) is Tensor:
        return x.array.dtype.kind in "iu"
    if isinstance(x, (bool, float)):
        return False
    dtype = getattr(x, "dtype", None)
    if dtype is None:
        plain = isinstance(x, (int, list, tuple)) and not contains_tensor(x)
        return plain and infer_dtype(x).is_integer
    return dtypes.as_dtype(dtype).is_integer


def refuse_zero(where: str, x: Any, y: Any) -> None:
    """Refuses integer division by a 0 that is known on the host.

    Raises:
        InvalidArgumentError: `y` is or holds the integer 0, and so is `x` an integer.
    """
    if not is_integer(y) and not (isinstance(y, (bool, np.generic, np.ndarray)) and not np.all(y)):
        return
    values = host_value(y)
    if values is not None and not values.all() and is_integer(x):
        raise InvalidArgumentError(
            f"[{where}] expected a divisor other than 0, got an integer division by zero; replace zeros "
            "with tf.where first."
        )
