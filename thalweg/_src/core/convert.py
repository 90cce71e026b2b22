"""From Python numbers, lists, NumPy and JAX arrays to tensors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.dtypes import DType
from thalweg._src.core.shapes import TensorShape
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import HostTensor, Tensor

_PYTHON_NUMBERS = (bool, int, float, complex)
_INT32 = range(-(2**31), 2**31)


class Hooks:
    """Ops that conversion needs and that live a storey higher; bound by ``ops/operators.py``."""

    pack: Callable[[list[Any]], Any]
    cast: Callable[[Any, DType], Any]


def as_tensor(value: Any) -> Tensor | None:
    """The tensor that `value` already is or holds (Tensor, Variable, JAX array), else None."""
    if type(value) is Tensor:
        return value
    read = getattr(value, "_read_tensor", None)
    if read is not None:
        return read()
    if isinstance(value, xla.jax.Array):
        return Tensor(value)
    return None


def infer_dtype(value: Any) -> DType:
    """Dtype that TensorFlow gives to a value without one: float32, int32 (int64 when too large), ...

    NumPy values keep theirs. A list takes the widest of its Python numbers.
    """
    if isinstance(value, (np.ndarray, np.generic)):
        return _of_numpy(value.dtype)
    if isinstance(value, (str, bytes)):
        return dtypes.string
    if isinstance(value, bool):
        return dtypes.bool
    if isinstance(value, int):
        return dtypes.int32 if value in _INT32 else dtypes.int64
    if isinstance(value, float):
        return dtypes.float32
    if isinstance(value, complex):
        return dtypes.complex128
    held = as_tensor(value)
    if held is not None:
        return held.dtype
    if isinstance(value, (list, tuple)):
        return _of_list(value)
    if isinstance(value, TensorShape):
        return infer_dtype(_sizes(value))
    if isinstance(value, range):
        return dtypes.int64 if _exceeds_int32((value.start, value.stop)) else dtypes.int32
    return _of_numpy(np.asarray(value).dtype)


def _of_list(values: list[Any] | tuple[Any, ...]) -> DType:
    """TensorFlow's rule: the first floating value decides for floats, and all integers are int32.

    Raises:
        DTypeError: Numbers follow a bool, so that it is unclear which of the two the list holds.
    """
    found = list(_leaf_dtypes(values))
    if not found:
        return dtypes.float32
    if found[0].is_bool and not all(dtype.is_bool for dtype in found):
        raise DTypeError(
            f"[convert_to_tensor] expected a list of bools or of numbers, got both in {_shown(values)}; "
            "state the dtype."
        )
    for kind in (dtypes.string, dtypes.complex128, dtypes.complex64):
        if kind in found:
            return kind
    for dtype in found:
        if dtype.is_floating:
            return dtype
    if all(dtype.is_bool for dtype in found):
        return dtypes.bool
    return dtypes.int64 if _exceeds_int32(values) else dtypes.int32


def _sizes(shape: TensorShape) -> np.ndarray[Any, Any]:
    """The dimensions as int32, or int64 when one is too large.

    Raises:
        InvalidArgumentError: A size or the rank is unknown.
    """
    if not shape.is_fully_defined():
        raise InvalidArgumentError(
            f"[convert_to_tensor] expected a shape of known sizes, got {shape}; take tf.shape(x) of the "
            "tensor that has it."
        )
    sizes = np.array(shape.as_list(), np.int64)
    return sizes if _exceeds_int32(sizes) else sizes.astype(np.int32)


def _leaf_dtypes(value: Any) -> Iterator[DType]:
    if isinstance(value, (list, tuple)):
        for part in value:
            yield from _leaf_dtypes(part)
    else:
        yield infer_dtype(value)


def _exceeds_int32(value: Any) -> bool:
    if isinstance(value, (list, tuple, TensorShape)):
        return any(_exceeds_int32(part) for part in value)
    if isinstance(value, np.ndarray):
        # As ints: a NumPy scalar would be looked for in the range one number after another.
        return value.size > 0 and not (int(value.min()) in _INT32 and int(value.max()) in _INT32)
    return int(value) not in _INT32


def _of_numpy(numpy: np.dtype[Any]) -> DType:
    if numpy.kind in "SU":
        return dtypes.string
    found = dtypes.BY_NUMPY.get(numpy)
    if found is None:
        raise DTypeError(
            f"[convert_to_tensor] expected an array of a numeric, bool or string dtype, got {numpy}; "
            "convert it with .astype(...) first."
        )
    return found


def to_host(value: Any, dtype: DType | None, where: str) -> np.ndarray[Any, Any]:
    """`value` as a fresh NumPy array of `dtype`.

    Args:
        value: Python number, string, NumPy value, shape, or nested list of numbers.
        dtype: Wanted dtype; None to infer it.
        where: Name of the op for messages.

    Raises:
        DTypeError: A Python number does not fit the kind of `dtype`, such as 1.5 for int32.
        InvalidArgumentError: The list is not rectangular, or a number is out of range.
    """
    if type(value) is TensorShape:
        value = _sizes(value)
    if dtype is None:
        dtype = infer_dtype(value)
    if dtype is dtypes.string:
        return _to_bytes(value)
    from_numpy = isinstance(value, (np.ndarray, np.generic))
    if not from_numpy:
        check_kind(value, dtype, where)
    elif value.dtype.kind in "SU":
        raise DTypeError(
            f"[{where}] expected numbers for dtype {dtype.name}, got an array of dtype {value.dtype}; "
            "convert it with .astype(float) first."
        )
    try:
        if from_numpy:
            return np.asarray(value).astype(dtype.numpy_dtype)
        with np.errstate(over="raise"):
            return np.array(value, dtype=dtype.numpy_dtype)
    except (OverflowError, FloatingPointError):
        raise InvalidArgumentError(
            f"[{where}] expected a number within {dtype.name} ({dtype.min} to {dtype.max}), got "
            f"{value!r}; choose a wider dtype."
        ) from None
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(
            f"[{where}] expected a number or a rectangular list of numbers for dtype {dtype.name}, "
            f"got {_shown(value)} ({error})."
        ) from None


def check_kind(value: Any, dtype: DType, where: str) -> None:
    """Raises when Python numbers in `value` do not fit the kind of `dtype` without loss."""
    if isinstance(value, (list, tuple)):
        for part in value:
            check_kind(part, dtype, where)
        return
    if isinstance(value, np.generic) or not isinstance(value, (*_PYTHON_NUMBERS, str, bytes)):
        return
    if isinstance(value, (str, bytes)) or dtype is dtypes.string:
        fits = isinstance(value, (str, bytes)) and dtype is dtypes.string
    elif isinstance(value, bool):
        fits = True
    elif isinstance(value, int):
        fits = not dtype.is_bool
    elif isinstance(value, float):
        fits = dtype.is_floating or dtype.is_complex
    else:
        fits = dtype.is_complex
    if not fits:
        raise DTypeError(
            f"[{where}] expected a value for dtype {dtype.name}, got the Python "
            f"{type(value).__name__} {value!r}; cast the tensor with tf.cast, or write the number so "
            f"that it is a {dtype.name}."
        )


def _to_bytes(value: Any) -> np.ndarray[Any, Any]:
    source = np.array(value, dtype=object)
    texts: list[Any] = source.reshape(-1).tolist()
    for text in texts:
        if not isinstance(text, (str, bytes)):
            raise DTypeError(
                f"[constant] expected str or bytes for dtype string, got {type(text).__name__} "
                f"{text!r}; use tf.strings.as_string."
            )
    result = np.empty(len(texts), dtype=object)
    result[:] = [t.encode() if isinstance(t, str) else bytes(t) for t in texts]
    return result.reshape(source.shape)


def contains_tensor(value: Any) -> bool:
    """True when a nested list holds a tensor, Variable or symbolic tensor."""
    if isinstance(value, (list, tuple)):
        return any(contains_tensor(part) for part in value)
    return isinstance(value, (Tensor, KerasTensor, xla.jax.Array)) or hasattr(value, "_read_tensor")


def from_host(array: np.ndarray[Any, Any]) -> Tensor:
    """Tensor of a NumPy array: on the device when eager, static while a program is traced."""
    if array.dtype == object or xla.tracing():
        return Tensor(array)
    return Tensor(xla.put(array))


def host_array(value: Any) -> Any:
    """NumPy array of a tensor or array; of a `HostTensor` without a way over the device."""
    if type(value) is HostTensor:
        return value.host
    return np.asarray(value.array if isinstance(value, Tensor) else value)


def convert_to_tensor(
    value: Any, dtype: Any = None, dtype_hint: Any = None, name: str | None = None
) -> Any:
    """Tensor of `value`.

    Args:
        value: Tensor, Variable, number, string, nested list, NumPy or JAX array.
        dtype: Wanted dtype. A tensor of another dtype is refused; NumPy arrays are cast.
        dtype_hint: Dtype to use when the value fits it and `dtype` is None.
        name: Name for messages.

    Returns:
        Tensor.

    Raises:
        ValueError: A tensor has another dtype, or the value is no array.

    Example:
        >>> import thalweg as tf
        >>> tf.convert_to_tensor([1, 2], dtype=tf.float32)
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([1., 2.], dtype=float32)>

    Source: `tf.convert_to_tensor`.
    """
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    where = name or "convert_to_tensor"
    if isinstance(value, KerasTensor):
        return value
    tensor = as_tensor(value)
    if tensor is not None:
        if wanted is not None and tensor.dtype is not wanted:
            raise DTypeError(
                f"[{where}] expected dtype {wanted.name}, got a tensor of dtype "
                f"{tensor.dtype.name}; write tf.cast(x, tf.{wanted.name})."
            )
        return tensor
    if contains_tensor(value):
        return _pack(value, wanted)
    composite = getattr(value, "_to_dense_tensor", None)
    if composite is not None:
        return composite()
    if wanted is None and dtype_hint is not None:
        try:
            return from_host(to_host(value, dtypes.as_dtype(dtype_hint), where))
        except DTypeError:
            pass
    return from_host(to_host(value, wanted, where))


def _pack(values: Any, dtype: DType | None) -> Any:
    """Tensor of a nested list that holds tensors; numbers in it take the tensors' dtype."""
    if not isinstance(values, (list, tuple)):
        held = as_tensor(values)
        if held is not None and dtype is not None and held.dtype is not dtype:
            return Hooks.cast(held, dtype)
        return convert_to_tensor(values, dtype)
    if dtype is None:
        dtype = _first_tensor_dtype(values)
    return Hooks.pack([_pack(part, dtype) for part in values])


def _first_tensor_dtype(value: Any) -> DType | None:
    if isinstance(value, (list, tuple)):
        for part in value:
            found = _first_tensor_dtype(part)
            if found is not None:
                return found
        return None
    if isinstance(value, KerasTensor):
        return dtypes.as_dtype(value.dtype)
    tensor = as_tensor(value)
    return None if tensor is None else tensor.dtype


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 80 else f"{text[:77]}..."
