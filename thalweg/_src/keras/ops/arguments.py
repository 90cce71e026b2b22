"""What the functions of `keras.ops` do with their arguments: tensors of one promoted dtype.

`tf.*` functions refuse tensors of different dtypes; `keras.ops` brings them to a common one first.
"""

from __future__ import annotations

import functools
from typing import Any

import jax
import numpy as np

from thalweg._src.base.errors import DTypeError
from thalweg._src.core import dtypes
from thalweg._src.core.composite import Composite
from thalweg._src.core.convert import as_tensor, convert_to_tensor, to_host
from thalweg._src.core.dtypes import DType
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.base.policy import floatx
from thalweg._src.ops.casting import cast

_WEAK: tuple[Any, ...] = (int, float)


def result_type(*values: Any) -> str:
    """Name of the dtype that values are brought to.

    Args:
        *values: Tensors, arrays, dtypes or their names; Python numbers (or the types `int` and `float`)
            weigh less than any of them of the same kind. None stands for ``floatx()``.

    Returns:
        Name such as ``"float32"``. Python floats make integers ``floatx()``, never float64.

    Raises:
        DTypeError: Strings meet numbers.

    Example:
        >>> result_type("int32", "float16"), result_type("int8", 3), result_type("int32", 1.0)
        ('float16', 'int8', 'float32')

    Source: `keras.backend.result_type`; the lattice is that of `jax.numpy.promote_types`, in which 64-bit
    signed and unsigned integers meet in ``floatx()``. Where Keras narrows uint64 to uint32 and complex128 to
    complex64, values keep their width here.
    """
    strong: set[DType] = set()
    integer = real = False
    for value in values:
        kind = value if isinstance(value, type) else type(value)
        if kind is bool:
            strong.add(dtypes.bool)
        elif kind is int:
            integer = True
        elif kind is float:
            real = True
        else:
            strong.add(_dtype_of(value))
    if len(strong) == 1 and not integer and not real:
        return next(iter(strong)).name
    return _joined(frozenset(strong), integer, real, floatx())


@functools.lru_cache(maxsize=4096)
def _joined(strong: frozenset[DType], integer: bool, real: bool, default: str) -> str:
    """The dtype in which dtypes and Python numbers meet."""
    if not strong:
        return default if real else "int32" if integer else "bool"
    if dtypes.string in strong:
        others = sorted(d.name for d in strong if d is not dtypes.string)
        raise DTypeError(
            f"[keras.ops] expected values of one kind, got string and {others or 'Python numbers'}; convert "
            "strings with tf.strings.to_number first."
        )
    found = dtypes.as_dtype(jax.numpy.result_type(*(d.numpy_dtype for d in strong)))
    inexact = found.is_floating or found.is_complex
    if inexact and all(d.is_integer or d.is_bool for d in strong):
        return default
    if real and not inexact:
        return default
    return "int32" if integer and found.is_bool else found.name


def _dtype_of(value: Any) -> DType:
    if value is None:
        return dtypes.as_dtype(floatx())
    if isinstance(value, (str, DType, np.dtype, type)):
        return dtypes.as_dtype(value)
    given = getattr(value, "dtype", None)
    return dtypes.as_dtype(given) if given is not None else tensor_of(value).dtype


def tensor_of(value: Any, dtype: Any = None) -> Any:
    """The value as a tensor.

    Args:
        value: Tensor, Variable, array, number or nested list; a symbolic, ragged or sparse tensor stays
            one. Python floats become ``floatx()``.
        dtype: Dtype to cast to; None to keep it.

    Raises:
        InvalidArgumentError: A Python integer is beyond the range of `dtype`.
    """
    if isinstance(value, (KerasTensor, Composite)):
        return value if dtype is None else cast(value, dtype)
    tensor = as_tensor(value)
    if tensor is None:
        if type(value) is float and dtype is None:
            dtype = floatx()
        if type(value) in _WEAK and dtype is not None:
            return convert_to_tensor(*_fitting(value, dtype))
        tensor = convert_to_tensor(value)
    return tensor if dtype is None else cast(tensor, dtype)


def _fitting(value: Any, dtype: Any) -> tuple[Any, DType]:
    """A Python number as one of the kind of `dtype`, and the dtype."""
    wanted = dtypes.as_dtype(dtype)
    if wanted.is_bool:
        return bool(value), wanted
    return int(value) if wanted.is_integer else value, wanted


def promoted(*values: Any, least: Any = None) -> list[Any]:
    """The values as tensors of their common dtype.

    Args:
        *values: Tensors, Variables, arrays, numbers, nested lists.
        least: A dtype (or `float`) that takes part in the promotion, for functions such as `sqrt` that
            give floats for integers.

    Example:
        >>> x, y = promoted([1, 2], 0.5)
        >>> x.dtype.name, y.dtype.name
        ('float32', 'float32')
    """
    first = values[0]
    if type(first) is Tensor and (least is None or (least is float and is_inexact(first))):
        dtype = first.array.dtype
        if all(type(v) is Tensor and v.array.dtype == dtype for v in values):
            return list(values)
    # Variables are read once, as what they are read as may differ from what they hold.
    held = [_read(value) for value in values]
    wanted = result_type(*held) if least is None else result_type(*held, least)
    if any(type(v) is Tensor and type(v.array) is np.ndarray for v in held):
        # Beside values computed from sizes, numbers stay on the host too: the result is such a value again.
        held = [_on_host(v, wanted) if type(v) in _WEAK else v for v in held]
    return [tensor_of(value, wanted) for value in held]


def _on_host(value: Any, dtype: str) -> Tensor:
    number, wanted = _fitting(value, dtype)
    return Tensor(to_host(number, wanted, "promoted"))


def _read(value: Any) -> Any:
    if type(value) is Tensor or type(value) in _WEAK:
        return value
    tensor = as_tensor(value)
    if tensor is not None:
        return tensor
    return tensor_of(value) if isinstance(value, (list, tuple, str, bytes)) else value


def floating(*values: Any) -> list[Any]:
    """The values as tensors of their common floating (or complex) dtype; integers become ``floatx()``."""
    return promoted(*values, least=float)


def floating_or_wide(*values: Any) -> list[Any]:
    """As `floating`, but what meets in int64 becomes float64."""
    tensors = promoted(*values)
    wide = dtypes.as_dtype(tensors[0].dtype) is dtypes.int64
    return promoted(*tensors, least=dtypes.float64 if wide else float)


def numbers(*values: Any) -> list[Any]:
    """The values as tensors of their common dtype, which for bools is int32."""
    tensors = promoted(*values)
    return [tensor_of(t, dtypes.int32) for t in tensors] if is_bool(tensors[0]) else tensors


def is_bool(tensor: Any) -> bool:
    """True for a tensor of bools."""
    return dtypes.as_dtype(tensor.dtype).is_bool


def is_inexact(tensor: Any) -> bool:
    """True for a floating or complex tensor."""
    dtype = dtypes.as_dtype(tensor.dtype)
    return dtype.is_floating or dtype.is_complex
