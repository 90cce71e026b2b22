"""Dtypes: one interned `DType` for each element type, under TensorFlow's names."""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from typing import Any

import ml_dtypes
import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.base.naming import nearest


class DType:
    """Element type of a tensor, such as ``tf.float32``.

    Equal to its name and to its NumPy dtype: ``tf.float32 == "float32" == np.float32``.

    Args:
        name: Name, such as ``"float32"``.
        numpy: NumPy scalar type that holds one element.

    Example:
        >>> import thalweg as tf
        >>> tf.float32.size, tf.float32.is_floating
        (4, True)

    Source: `tf.dtypes.DType`. Reference and quantised types have no meaning here and are left out.
    """

    __slots__ = ("_kind", "_name", "_numpy")

    def __init__(self, name: str, numpy: Any, kind: str) -> None:
        self._name = name
        self._numpy = np.dtype(numpy)
        self._kind = kind

    @property
    def name(self) -> str:
        """Name, such as ``"float32"``."""
        return self._name

    @property
    def as_numpy_dtype(self) -> Any:
        """NumPy scalar type, such as ``numpy.float32``."""
        return object if self._kind == "string" else self._numpy.type

    @property
    def numpy_dtype(self) -> np.dtype[Any]:
        """The `numpy.dtype`, which JAX takes too."""
        return self._numpy

    @property
    def base_dtype(self) -> DType:
        """The dtype itself (there are no reference types)."""
        return self

    @property
    def real_dtype(self) -> DType:
        """Dtype of the real part: float32 for complex64, itself for real types."""
        return {"complex64": float32, "complex128": float64}.get(self._name, self)

    @property
    def is_floating(self) -> builtins.bool:
        """True for real floating types, bfloat16 and float8 included."""
        return self._kind == "float"

    @property
    def is_complex(self) -> builtins.bool:
        """True for complex64 and complex128."""
        return self._kind == "complex"

    @property
    def is_integer(self) -> builtins.bool:
        """True for signed and unsigned integers; bool is none."""
        return self._kind in ("int", "uint")

    @property
    def is_unsigned(self) -> builtins.bool:
        """True for unsigned integers."""
        return self._kind == "uint"

    @property
    def is_bool(self) -> builtins.bool:
        """True for bool."""
        return self._kind == "bool"

    @property
    def is_numeric(self) -> builtins.bool:
        """True for everything but string and bool."""
        return self._kind not in ("string", "bool")

    @property
    def is_numpy_compatible(self) -> builtins.bool:
        """True: every dtype here has a NumPy form."""
        return True

    @property
    def is_quantized(self) -> builtins.bool:
        """False: there are no quantised dtypes."""
        return False

    @property
    def is_differentiable(self) -> builtins.bool:
        """True for floating and complex types, through which gradients flow."""
        return self._kind in ("float", "complex")

    @property
    def size(self) -> int:
        """Bytes of one element; 0 for strings, whose elements differ in length."""
        return max(1, self._numpy.itemsize) if self._kind != "string" else 0

    @property
    def min(self) -> Any:
        """Smallest finite value, as a NumPy scalar."""
        return self._limit("min")

    @property
    def max(self) -> Any:
        """Largest finite value, as a NumPy scalar."""
        return self._limit("max")

    @property
    def limits(self) -> tuple[Any, Any]:
        """Range of intensities in images: (0, 1) for floats, (0, max) for integers.

        Raises:
            ValueError: The dtype is neither bool, an integer, float32 nor float64.
        """
        if self._kind == "bool":
            return (False, True)
        if self.is_integer:
            return (0, self.max)
        if self._name in ("float32", "float64"):
            return (0, 1)
        raise InvalidArgumentError(
            f"[DType.limits] expected an integer dtype, bool, float32 or float64, got {self._name}; it "
            "has no range of intensities."
        )

    @property
    def as_datatype_enum(self) -> int:
        """Number of the type in TensorFlow's protocol buffers."""
        return _ENUM[self._name]

    def _limit(self, which: str) -> Any:
        if self._kind == "float":
            return getattr(ml_dtypes.finfo(self._numpy), which)
        if self._kind in ("int", "uint"):
            return getattr(ml_dtypes.iinfo(self._numpy), which)
        raise TypeError(
            f"[DType.{which}] expected a numeric real dtype, got {self._name}; it has no {which}."
        )

    def is_compatible_with(self, other: Any) -> builtins.bool:
        """True when `other` names the same dtype."""
        return self == as_dtype(other)

    def is_subtype_of(self, other: Any) -> builtins.bool:
        """True when `other` is the same dtype; dtypes have no other subtypes."""
        return self == other

    def most_specific_common_supertype(self, types: Iterable[Any]) -> DType | None:
        """The dtype itself when all of `types` equal it, else None."""
        return self if all(self == other for other in types) else None

    def __eq__(self, other: object) -> builtins.bool:
        if self is other:
            return True
        if other is None or isinstance(other, DType):
            return False
        try:
            return as_dtype(other) is self
        except TypeError:
            return False

    def __ne__(self, other: object) -> builtins.bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._name)

    def __repr__(self) -> str:
        return f"tf.{self._name}"

    def __str__(self) -> str:
        return f"<dtype: {self._name!r}>"

    def __int__(self) -> int:
        return self.as_datatype_enum

    def __reduce__(self) -> tuple[Any, ...]:
        return as_dtype, (self._name,)


float16 = half = DType("float16", np.float16, "float")
float32 = DType("float32", np.float32, "float")
float64 = double = DType("float64", np.float64, "float")
bfloat16 = DType("bfloat16", ml_dtypes.bfloat16, "float")
float8_e4m3fn = DType("float8_e4m3fn", ml_dtypes.float8_e4m3fn, "float")
float8_e4m3fnuz = DType("float8_e4m3fnuz", ml_dtypes.float8_e4m3fnuz, "float")
float8_e4m3b11fnuz = DType("float8_e4m3b11fnuz", ml_dtypes.float8_e4m3b11fnuz, "float")
float8_e5m2 = DType("float8_e5m2", ml_dtypes.float8_e5m2, "float")
float8_e5m2fnuz = DType("float8_e5m2fnuz", ml_dtypes.float8_e5m2fnuz, "float")
int4 = DType("int4", ml_dtypes.int4, "int")
int8 = DType("int8", np.int8, "int")
int16 = DType("int16", np.int16, "int")
int32 = DType("int32", np.int32, "int")
int64 = DType("int64", np.int64, "int")
uint4 = DType("uint4", ml_dtypes.uint4, "uint")
uint8 = DType("uint8", np.uint8, "uint")
uint16 = DType("uint16", np.uint16, "uint")
uint32 = DType("uint32", np.uint32, "uint")
uint64 = DType("uint64", np.uint64, "uint")
bool = DType("bool", np.bool_, "bool")
complex64 = DType("complex64", np.complex64, "complex")
complex128 = DType("complex128", np.complex128, "complex")
string = DType("string", np.object_, "string")

ALL = (
    float16, float32, float64, bfloat16, float8_e4m3fn, float8_e4m3fnuz, float8_e4m3b11fnuz,
    float8_e5m2, float8_e5m2fnuz, int4, int8, int16, int32, int64, uint4, uint8, uint16, uint32,
    uint64, bool, complex64, complex128, string,
)  # fmt: skip
_BY_NAME = {d.name: d for d in ALL} | {"half": float16, "double": float64, "float": float32}
BY_NUMPY: dict[Any, DType] = {d.numpy_dtype: d for d in ALL}
_BY_PYTHON = {
    float: float32, int: int32, builtins.bool: bool, complex: complex128, str: string, bytes: string,
    object: string,
}  # fmt: skip
# Values of TensorFlow's types.proto.
_ENUM = {
    "float32": 1, "float64": 2, "int32": 3, "uint8": 4, "int16": 5, "int8": 6, "string": 7,
    "complex64": 8, "int64": 9, "bool": 10, "bfloat16": 14, "uint16": 17, "complex128": 18,
    "float16": 19, "uint32": 22, "uint64": 23, "float8_e5m2": 24, "float8_e4m3fn": 25,
    "float8_e4m3fnuz": 26, "float8_e4m3b11fnuz": 27, "float8_e5m2fnuz": 28, "int4": 29, "uint4": 30,
}  # fmt: skip
_BY_ENUM = {number: _BY_NAME[name] for name, number in _ENUM.items()}


def as_dtype(type_value: Any) -> DType:
    """The `DType` that `type_value` names.

    Args:
        type_value: A `DType`, a name (``"float32"``), a NumPy dtype or scalar type, a Python type
            (``float`` is float32, ``int`` is int32) or TensorFlow's enum number.

    Returns:
        The interned `DType`.

    Raises:
        TypeError: `type_value` names no dtype.

    Example:
        >>> as_dtype("int64"), as_dtype(float)
        (tf.int64, tf.float32)

    Source: `tf.dtypes.as_dtype`.
    """
    if type(type_value) is DType:
        return type_value
    if isinstance(type_value, str):
        found = _BY_NAME.get(type_value)
        if found is not None:
            return found
        raise _UnknownDType(
            f"[as_dtype] expected the name of a dtype, got {type_value!r}. "
            f"{nearest(type_value, _BY_NAME)}"
        )
    try:
        if type_value in _BY_PYTHON:
            return _BY_PYTHON[type_value]
        if isinstance(type_value, int) and type_value in _BY_ENUM:
            return _BY_ENUM[type_value]
    except TypeError:
        pass
    inner = getattr(type_value, "dtype", None)
    if isinstance(inner, DType):
        return inner
    try:
        numpy = np.dtype(type_value)
    except TypeError:
        numpy = None
    if numpy is not None:
        if numpy in BY_NUMPY:
            return BY_NUMPY[numpy]
        if numpy.kind in "SUT":
            return string
    raise _UnknownDType(
        f"[as_dtype] expected a dtype, got {type_value!r} of type {type(type_value).__name__}; "
        "use a name such as 'float32' or a member such as tf.float32."
    )


class _UnknownDType(InvalidArgumentError, TypeError):
    """A value names no dtype."""
