"""Changes of dtype."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax

from thalweg._src.base.errors import InvalidArgumentError, UnimplementedError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import as_tensor, contains_tensor, from_host, infer_dtype, to_host
from thalweg._src.core.door import call
from thalweg._src.core.dtypes import DType
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.support import kind_of, needs, twin


def _cast_host(x: Any, dtype: DType) -> Any:
    x = np.asarray(x)
    if x.dtype.kind == "c" and not (dtype.is_complex or dtype.is_bool):
        x = x.real
    with np.errstate(all="ignore"):
        if dtype.is_integer and x.dtype.kind not in "iub":
            return _truncated(x.astype(np.float64), dtype)
        return x.astype(dtype.numpy_dtype)


def _truncated(x: Any, dtype: DType) -> Any:
    """Floats as integers in XLA's way: fractions dropped, NaN as 0, the rest within the limits."""
    low, high = _common_limits(dtypes.float64, dtype)
    inside = np.clip(np.where(np.isnan(x), 0, x), low, high).astype(dtype.numpy_dtype)
    return np.where(x > high, np.asarray(dtype.max, dtype.numpy_dtype), inside)


@op("cast", host=_cast_host)
def _cast(x: Any, *, dtype: DType) -> Any:
    """Values of `x` in another dtype."""
    if kind_of(x) == "complex" and not (dtype.is_complex or dtype.is_bool):
        x = lax.real(x)
    return lax.convert_element_type(x, dtype.numpy_dtype)


_cast_op = _cast.opdef  # type: ignore[attr-defined]


def cast(x: Any, dtype: Any, name: str | None = None) -> Any:
    """Tensor of the same values in another dtype.

    Floats become integers by dropping the fraction, complex numbers become real by dropping the
    imaginary part, and bool is True for everything but 0. Gradients flow between inexact dtypes.

    Args:
        x: Tensor, Variable, number or nested list, of a numeric or bool dtype.
        dtype: Wanted dtype or its name.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the same shape; `x` itself when it has the dtype already.

    Raises:
        NotImplementedError: From or to strings; see `tf.strings.to_number` and `tf.strings.as_string`.

    Example:
        >>> import thalweg as tf
        >>> tf.cast([1.8, -2.2], tf.int32)
        <tf.Tensor: shape=(2,), dtype=int32, numpy=array([ 1, -2], dtype=int32)>

    Source: `tf.cast`. A float beyond the range of an integer dtype becomes its nearest limit and NaN
    becomes 0, where TensorFlow leaves both undefined.
    """
    wanted = dtype if type(dtype) is DType else dtypes.as_dtype(dtype)
    if type(x) is Tensor:
        if x.array.dtype is wanted.numpy_dtype or x.array.dtype == wanted.numpy_dtype:
            return x
    elif isinstance(x, KerasTensor):
        if x.dtype == wanted.name:
            return x
    else:
        tensor = as_tensor(x)
        if tensor is not None:
            return cast(tensor, wanted)
        if not contains_tensor(x) and not hasattr(x, "_to_dense_tensor"):
            return _cast_constant(x, wanted)
    _refuse_strings(dtypes.as_dtype(x.dtype) if hasattr(x, "dtype") else wanted, wanted)
    return call(_cast_op, (x,), (wanted,))


def _cast_constant(x: Any, wanted: DType) -> Any:
    """Tensor of a number, list or NumPy array, converted on the host."""
    own = infer_dtype(x)
    array = to_host(x, own, "cast")
    if own is not wanted:
        _refuse_strings(own, wanted)
        array = _cast_host(array, wanted)
    return from_host(array)


def _refuse_strings(own: DType, wanted: DType) -> None:
    if (own is dtypes.string) != (wanted is dtypes.string):
        raise UnimplementedError(
            f"[cast] expected numeric or bool dtypes, got a cast from {own.name} to {wanted.name}; use "
            "tf.strings.to_number or tf.strings.as_string."
        )


def _saturating(x: Any, dtype: DType, clip: Any) -> Any:
    """Clips `x` to what `dtype` can hold, in the dtype of `x`."""
    source = dtypes.BY_NUMPY[x.dtype]
    if source.is_bool or dtype.is_bool:
        return x
    low, high = _common_limits(source, dtype.real_dtype)
    return x if low is None else clip(x, low, high)


def _common_limits(source: DType, target: DType) -> tuple[Any, Any]:
    """Limits of `target` as values of `source`, rounded towards 0; (None, None) when none is needed."""
    wide = source.numpy_dtype.type
    low, high = target.min, target.max
    if source.is_integer:
        if target.is_floating and float(source.max) <= float(high):
            return None, None
        return wide(max(int(low), int(source.min))), wide(min(int(high), int(source.max)))
    if target.is_floating:
        return wide(max(float(low), float(source.min))), wide(min(float(high), float(source.max)))
    down = np.array([low, high], source.numpy_dtype).astype(np.float64)
    exact = [int(low), int(high)]
    toward = [np.nextafter(d.astype(source.numpy_dtype), wide(0)) for d in down]
    kept = [
        t if abs(int(d)) > abs(e) else wide(d) for d, e, t in zip(down, exact, toward, strict=True)
    ]
    return kept[0], kept[1]


def _saturate_host(value: Any, dtype: DType) -> Any:
    if value.dtype.kind == "c" and not dtype.is_complex:
        value = value.real
    if value.dtype.kind == "c":
        real, imag = (_saturating(p, dtype, np.clip) for p in (value.real, value.imag))
        return (real + 1j * imag).astype(dtype.numpy_dtype)
    return _cast_host(_saturating(value, dtype, np.clip), dtype)


@op("saturate_cast", host=twin("saturate_cast", _saturate_host, None))
def _saturate_cast(value: Any, *, dtype: DType) -> Any:
    """Values clipped to the range of `dtype`, then cast."""
    if kind_of(value) == "complex" and not dtype.is_complex:
        value = lax.real(value)
    if kind_of(value) == "complex":
        parts = [_saturating(p, dtype, _clip) for p in (lax.real(value), lax.imag(value))]
        return lax.convert_element_type(lax.complex(*parts), dtype.numpy_dtype)
    return _cast.opdef.body(_saturating(value, dtype, _clip), dtype=dtype)  # type: ignore[attr-defined]


def _clip(x: Any, low: Any, high: Any) -> Any:
    return lax.clamp(np.asarray(low, x.dtype), x, np.asarray(high, x.dtype))


def saturate_cast(value: Any, dtype: Any, name: str | None = None) -> Any:
    """Tensor in another dtype, values beyond its range set to its nearest limit.

    Args:
        value: Tensor of a numeric dtype.
        dtype: Wanted dtype or its name.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the same shape.

    Example:
        >>> import thalweg as tf
        >>> tf.saturate_cast([300.0, -5.0], tf.uint8)
        <tf.Tensor: shape=(2,), dtype=uint8, numpy=array([255,   0], dtype=uint8)>

    Source: `tf.saturate_cast`.
    """
    return _saturate_cast(value, dtype=dtypes.as_dtype(dtype), name=name)


def _bitcast_host(input: Any, type: DType) -> Any:
    _check_bitcast(input, type)
    source, target = input.dtype.itemsize, type.numpy_dtype.itemsize
    if source == target:
        return input.view(type.numpy_dtype)
    flat = np.ascontiguousarray(input)
    if source > target:
        return flat[..., None].view(type.numpy_dtype)
    return flat.view(type.numpy_dtype)[..., 0]


@op("bitcast", host=_bitcast_host)
def _bitcast(input: Any, *, type: DType) -> Any:
    """The same bits read as another dtype."""
    _check_bitcast(input, type)
    return lax.bitcast_convert_type(input, type.numpy_dtype)


def _check_bitcast(input: Any, wanted: DType) -> None:
    kinds = ("float", "int", "uint", "complex")
    needs("bitcast", kinds, input)
    ratio = wanted.size // input.dtype.itemsize
    if ratio > 1 and (input.ndim == 0 or input.shape[-1] != ratio):
        raise InvalidArgumentError(
            f"[bitcast] expected a last dimension of {ratio} ({wanted.name} has {wanted.size} bytes), "
            f"got shape {tuple(input.shape)} of {input.dtype}; reshape it to (..., {ratio})."
        )


def bitcast(input: Any, type: Any, name: str | None = None) -> Any:
    """Tensor that reads the same bits as another dtype.

    Args:
        input: Tensor of a numeric dtype.
        type: Wanted dtype or its name.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the same shape for dtypes of one size; with one dimension more at the end when `type`
        is narrower, and without the last one (the ratio of the sizes) when it is wider.

    Raises:
        InvalidArgumentError: `type` is wider and the last dimension is not the ratio of the sizes.

    Example:
        >>> import thalweg as tf
        >>> tf.bitcast(1.0, tf.int32)
        <tf.Tensor: shape=(), dtype=int32, numpy=1065353216>

    Source: `tf.bitcast`. The order of bytes is the machine's.
    """
    return _bitcast(input, type=dtypes.as_dtype(type), name=name)
