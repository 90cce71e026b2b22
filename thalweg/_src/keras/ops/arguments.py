"""What the functions of `keras.ops` do with their arguments: tensors of one promoted dtype.

`tf.*` functions refuse tensors of different dtypes; `keras.ops` brings them to a common one first.
"""

from __future__ import annotations

from typing import Any

import jax
import numpy as np

from thalweg._src.core import dtypes
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.base.policy import floatx
from thalweg._src.ops.casting import cast


def result_type(*values: Any) -> str:
    """Name of the dtype that values are brought to.

    Args:
        *values: Tensors, arrays, dtypes or their names; Python numbers (or the types `int` and `float`)
            weigh less than any of them of the same kind.

    Returns:
        Name such as ``"float32"``. Python floats make integers ``floatx()``, never float64.

    Example:
        >>> result_type("int32", "float16"), result_type("int8", 3), result_type("int32", 1.0)
        ('float16', 'int8', 'float32')

    Source: `keras.backend.result_type`; the lattice is that of `jax.numpy.promote_types`.
    """
    strong: list[Any] = []
    weak: list[type] = []
    for value in values:
        kind = value if isinstance(value, type) and value in (bool, int, float) else type(value)
        if kind is bool:
            strong.append(np.dtype(bool))
        elif kind in (int, float):
            weak.append(kind)
        else:
            strong.append(_dtype_of(value).numpy_dtype)
    found = jax.numpy.result_type(*strong) if strong else np.dtype(bool)
    known = dtypes.as_dtype(found)
    if float in weak and not (known.is_floating or known.is_complex):
        return floatx()
    if int in weak and known is dtypes.bool:
        return "int32"
    return known.name


def _dtype_of(value: Any) -> Any:
    if value is None:
        return dtypes.as_dtype(floatx())
    if isinstance(value, (str, dtypes.DType, np.dtype, type)):
        return dtypes.as_dtype(value)
    given = getattr(value, "dtype", None)
    return dtypes.as_dtype(given) if given is not None else tensor_of(value).dtype


def tensor_of(value: Any, dtype: Any = None) -> Tensor:
    """The value as a tensor.

    Args:
        value: Tensor, Variable, array, number or nested list. Python floats become ``floatx()``.
        dtype: Dtype to cast to; None to keep it.
    """
    tensor = as_tensor(value)
    if tensor is None:
        if dtype is None and isinstance(value, float):
            dtype = floatx()
        tensor = convert_to_tensor(value) if dtype is None else convert_to_tensor(value, None)
    if dtype is not None and tensor.dtype.name != dtypes.as_dtype(dtype).name:
        tensor = cast(tensor, dtype)
    return tensor


def promoted(*values: Any, least: Any = None) -> list[Tensor]:
    """The values as tensors of their common dtype.

    Args:
        *values: Tensors, arrays, numbers.
        least: A dtype (or `float`) that takes part in the promotion, for functions such as `sqrt` that
            give floats for integers.
    """
    extra = () if least is None else (least,)
    wanted = result_type(*values, *extra)
    return [tensor_of(value, wanted) for value in values]
