"""`Tensor`: an immutable array of one dtype.

A tensor wraps one array: a `jax.Array` (eager), a JAX tracer (inside a traced program) or a small
`numpy.ndarray` (static: known on the host, also inside a traced program). Operators and indexing are
bound by ``ops/operators.py``, so that this file names no op.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from thalweg._src.base.errors import OperatorNotAllowedInGraphError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.host_parts import HostPart
from thalweg._src.core.shapes import TensorShape, TensorSpec


class Tensor:
    """Array with a shape and a dtype, on a device.

    Made by ops, never by its constructor; see `thalweg.constant`.

    Example:
        >>> import thalweg as tf
        >>> tf.ones((2, 1))
        <tf.Tensor: shape=(2, 1), dtype=float32, numpy=
        array([[1.],
               [1.]], dtype=float32)>

    Source: `tf.Tensor`. One class serves eager, traced and static values.
    """

    __slots__ = ("__weakref__", "array")
    # NumPy must not take the left operand's part in ``ndarray + Tensor``.
    __array_priority__ = 100

    array: Any

    def __init__(self, array: Any) -> None:
        self.array = array

    @property
    def shape(self) -> TensorShape:
        """Shape as a `TensorShape`."""
        return TensorShape.of(self.array.shape)

    @property
    def dtype(self) -> dtypes.DType:
        """Element type."""
        return dtypes.BY_NUMPY[self.array.dtype]

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(self.array.shape)

    @property
    def device(self) -> str:
        """Name of the device, such as ``/job:localhost/replica:0/task:0/device:CPU:0``."""
        array = self.array
        if is_traced(self) or isinstance(array, np.ndarray):
            return ""
        (first, *_) = sorted(array.devices(), key=lambda d: d.id)
        return (
            f"/job:localhost/replica:0/task:{first.process_index}/device:{_kind(first)}:{first.id}"
        )

    @property
    def name(self) -> str:
        """Undefined, as in TensorFlow's eager mode."""
        raise AttributeError(
            "[Tensor.name] expected a symbolic tensor; a tensor with a value has no name."
        )

    def get_shape(self) -> TensorShape:
        """Shape as a `TensorShape`; older spelling of `shape`."""
        return self.shape

    def set_shape(self, shape: Any) -> None:
        """Checks that the shape fits `shape`; sizes are always known here, so nothing changes.

        Raises:
            ValueError: The shapes contradict each other.
        """
        self.shape.assert_is_compatible_with(shape)

    def numpy(self) -> Any:
        """Value as a NumPy array, or NumPy scalar for a scalar tensor.

        Raises:
            OperatorNotAllowedInGraphError: Inside a traced program, where no value exists yet.
        """
        array = self._value("Tensor.numpy()")
        return array[()] if array.ndim == 0 else array

    def ref(self) -> Reference:
        """Hashable handle that is equal for the same tensor object only."""
        return Reference(self)

    def experimental_ref(self) -> Reference:
        """Older spelling of `ref`."""
        return self.ref()

    def _value(self, what: str) -> np.ndarray[Any, Any]:
        array = self.array
        if type(array) is not xla.ArrayImpl and isinstance(array, (xla.Tracer, HostPart)):
            raise OperatorNotAllowedInGraphError(
                f"[{what}] expected a tensor with a value, got a traced tensor of shape "
                f"{self.shape} and dtype {self.dtype.name}. Inside a compiled function use tf.cond, "
                "tf.while_loop, tf.print, or return the tensor and read it outside."
            )
        return np.asarray(array)

    def _only_value(self, what: str) -> Any:
        if self.array.size != 1:
            raise TypeError(
                f"[{what}] expected a tensor of one element, got shape {self.shape}; take one, such as "
                "x[0], or .numpy() for the whole array."
            )
        return self._value(what).item()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        value = self._value("numpy.asarray(Tensor)")
        if dtype is not None and value.dtype != dtype:
            return value.astype(dtype)
        return value.copy() if copy else value

    def __jax_array__(self) -> Any:
        return self.array

    def __dlpack__(self, **kwargs: Any) -> Any:
        return self.array.__dlpack__(**kwargs)

    def __dlpack_device__(self) -> tuple[Any, int]:
        return self.array.__dlpack_device__()

    def __bool__(self) -> bool:
        if self.array.size > 1:
            self._value("if Tensor")
            raise ValueError(
                f"[bool(Tensor)] expected a tensor of one element, got shape {self.shape}. The truth "
                "value of more is ambiguous; use tf.reduce_any or tf.reduce_all."
            )
        return bool(self._value("if Tensor").any())

    def __int__(self) -> int:
        return int(self._only_value("int(Tensor)"))

    def __float__(self) -> float:
        return float(self._only_value("float(Tensor)"))

    def __complex__(self) -> complex:
        return complex(self._only_value("complex(Tensor)"))

    def __index__(self) -> int:
        if not self.dtype.is_integer:
            raise TypeError(
                f"[Tensor as an index] expected an integer scalar, got dtype {self.dtype.name}; "
                "cast it with tf.cast(x, tf.int32)."
            )
        if self.ndim:
            raise TypeError(f"[Tensor as an index] expected a scalar tensor, got shape {self.shape}.")
        return int(self._value("Tensor as an index"))

    def __round__(self, digits: int | None = None) -> Any:
        return round(self._only_value("round(Tensor)"), digits)

    def __len__(self) -> int:
        if not self.ndim:
            raise TypeError("[len(Tensor)] expected rank 1 or more, got a scalar tensor.")
        return self.array.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        if not self.ndim:
            raise TypeError("[iter(Tensor)] expected rank 1 or more, got a scalar tensor.")
        return (self[i] for i in range(self.array.shape[0]))  # type: ignore[index]

    def __hash__(self) -> int:
        raise TypeError("Tensor is unhashable. Instead, use tensor.ref() as the key.")

    def __setitem__(self, key: Any, value: Any) -> None:
        raise TypeError(
            "'Tensor' object does not support item assignment: tensors are constant. "
            "Keep the state in a tf.Variable (v[0, 0].assign(3.)) or build a new tensor with "
            "tf.tensor_scatter_nd_update."
        )

    def __format__(self, spec: str) -> str:
        if is_traced(self):
            return str(self)
        value = self.numpy()
        return format(value.item() if spec and np.ndim(value) == 0 else value, spec)

    def __str__(self) -> str:
        if is_traced(self):
            return f"Tensor(shape={self.shape}, dtype={self.dtype.name})"
        text = str(self.numpy())
        return f"tf.Tensor({_newline(text)}{text}, shape={self.shape}, dtype={self.dtype.name})"

    def __repr__(self) -> str:
        if is_traced(self):
            return f"<tf.Tensor (traced) shape={self.shape} dtype={self.dtype.name}>"
        return (
            f"<tf.Tensor: shape={self.shape}, dtype={self.dtype.name}, {value_text(self.numpy())}>"
        )

    def __copy__(self) -> Tensor:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickle, (self._value("pickle"),)


class Reference:
    """Hashable handle to a tensor or Variable; two are equal when they refer to one object.

    Source: `tf.Tensor.ref`.
    """

    __slots__ = ("_object",)

    def __init__(self, referent: Any) -> None:
        self._object = referent

    def deref(self) -> Any:
        """The object referred to."""
        return self._object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reference) and self._object is other._object

    def __hash__(self) -> int:
        return id(self._object)

    def __repr__(self) -> str:
        return f"<Reference wrapping {self._object!r}>"


def stand_in(shape: Any, dtype: dtypes.DType) -> Tensor:
    """What stands for a tensor while a program is traced for any of its kind."""
    return Tensor(xla.ShapeDtypeStruct(tuple(shape), dtype.numpy_dtype))


def is_traced(tensor: Tensor) -> bool:
    """True when the tensor stands for a value inside a program under construction."""
    array = tensor.array
    return type(array) is not xla.ArrayImpl and isinstance(array, (xla.Tracer, HostPart))


def is_static(tensor: Tensor) -> bool:
    """True when the value is known on the host also inside a traced program."""
    return type(tensor.array) is np.ndarray


def value_text(value: Any) -> str:
    """``numpy=...`` part of a repr, with the line break that TensorFlow puts before matrices."""
    text = repr(value) if np.ndim(value) else _scalar_text(value)
    return f"numpy={_newline(text)}{text}"


def _scalar_text(value: Any) -> str:
    return repr(value) if isinstance(value, (bytes, str)) else str(value)


def _newline(text: str) -> str:
    return "\n" if "\n" in text else ""


def _kind(device: Any) -> str:
    return {"cpu": "CPU", "gpu": "GPU", "cuda": "GPU", "rocm": "GPU"}.get(
        device.platform, device.platform.upper()
    )


def _unpickle(value: np.ndarray[Any, Any]) -> Tensor:
    return Tensor(value if value.dtype == object else xla.jnp.asarray(value))


def _flatten(tensor: Tensor) -> tuple[tuple[Any], None]:
    return (tensor.array,), None


def _unflatten(_: None, children: tuple[Any]) -> Tensor:
    return Tensor(children[0])


_slot: Any = Tensor.array  # type: ignore[misc]


class HostTensor(Tensor):
    """Tensor of a host array that goes to the device when an op first takes it; then it is a `Tensor`.

    Args:
        host: Array that nobody will write to.
    """

    __slots__ = ()

    def __init__(self, host: np.ndarray[Any, Any]) -> None:
        _slot.__set__(self, host)

    @property
    def host(self) -> np.ndarray[Any, Any]:
        """The host array."""
        return _slot.__get__(self)  # type: ignore[no-any-return]

    @property
    def array(self) -> Any:  # type: ignore[override]
        """The array on the device; strings stay where they are."""
        host = self.host
        array = host if host.dtype == object else xla.put(host)
        _slot.__set__(self, array)
        self.__class__ = Tensor  # type: ignore[assignment]
        return array

    @property
    def shape(self) -> TensorShape:
        """Sizes of the dimensions."""
        return TensorShape.of(self.host.shape)

    @property
    def dtype(self) -> dtypes.DType:
        """Dtype of the elements."""
        return dtypes.BY_NUMPY[self.host.dtype]

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return self.host.ndim

    def _read_tensor(self) -> Tensor:
        _ = self.array
        return self

    def _value(self, what: str) -> np.ndarray[Any, Any]:
        return self.host


for _kind_of_tensor in (Tensor, HostTensor):
    xla.jax.tree_util.register_pytree_node(_kind_of_tensor, _flatten, _unflatten)
TensorSpec._value_type = Tensor
