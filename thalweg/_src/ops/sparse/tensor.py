"""`SparseTensor`: the elements of a tensor that are not 0, with their places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, NoReturn

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.composite import TOTAL, Composite, bucket, wishes
from thalweg._src.core.convert import as_tensor, convert_to_tensor, from_host, host_array
from thalweg._src.core.shapes import TensorShape
from thalweg._src.core.tensor import HostTensor, Tensor
from thalweg._src.ops.elementwise import multiply, truediv
from thalweg._src.ops.sparse.spec import SparseTensorSpec
from thalweg._src.ops.text_of_tensors import tensor_text

# Fewer elements than this are not worth a program of their own.
_LEAST = 8


class SparseTensor(Composite):
    """Tensor of which only some elements are kept, with their places; the others are 0.

    Args:
        indices: int64 of shape ``(n, rank)``: the place of each element.
        values: Tensor of shape ``(n,)``: the elements.
        dense_shape: int64 of shape ``(rank,)``: sizes of the dense tensor.

    Raises:
        ValueError: The three do not fit each other.

    Example:
        >>> import thalweg as tf
        >>> st = tf.SparseTensor(indices=[[0, 0], [1, 2]], values=[1, 2], dense_shape=[2, 3])
        >>> tf.sparse.to_dense(st).numpy().tolist()
        [[1, 0, 0], [0, 0, 2]]

    Source: `tf.SparseTensor`. Places are host data: what follows from them alone is computed there. Inside
    compiled programs that get a sparse tensor as an argument they are not known, but the dense shape is:
    one program is compiled for each. Most functions expect indices in row-major order, see
    `tf.sparse.reorder`.
    """

    __slots__ = ("__weakref__", "_indices", "_is_full", "_shape", "_values")
    rules: ClassVar[dict[str, Callable[..., Any]]] = {}

    def __init__(self, indices: Any, values: Any, dense_shape: Any) -> None:
        # False inside a program for places behind the last row, with zeros, at the end; see `_roomy`.
        self._is_full = True
        self._indices = _int64("indices", indices, 2)
        self._values = convert_to_tensor(values)
        self._shape = _int64("dense_shape", dense_shape, 1)
        if len(self._values.shape) != 1:
            raise ShapeError(
                f"[SparseTensor] expected values of a shape that must have rank 1, got {self._values.shape}."
            )
        count, rank = self._indices.shape
        if count != self._values.shape[0] or rank != self._shape.shape[0]:
            raise ShapeError(
                "[SparseTensor] expected indices of shape (n, rank), values of shape (n,) and dense_shape of "
                f"shape (rank,), got {tuple(self._indices.shape)}, {self._values.shape} and "
                f"{tuple(self._shape.shape)}: dimensions are not compatible."
            )

    @classmethod
    def from_value(cls, sparse_tensor_value: Any) -> SparseTensor:
        """Sparse tensor of anything with ``indices``, ``values`` and ``dense_shape``.

        Raises:
            TypeError: It has no such parts.
        """
        value = sparse_tensor_value
        try:
            return cls(value.indices, value.values, value.dense_shape)
        except AttributeError:
            raise DTypeError(
                f"[SparseTensor.from_value] expected a sparse tensor, got {value!r}."
            ) from None

    @property
    def indices(self) -> Tensor:
        """Place of each element, int64 of shape ``(n, rank)``."""
        self._ask_for_all()
        return _public(self._indices)

    @property
    def values(self) -> Tensor:
        """The elements, of shape ``(n,)``."""
        self._ask_for_all()
        return self._values  # type: ignore[no-any-return]

    def _ask_for_all(self) -> None:
        """Whoever sees the elements must find none that lie behind the last row."""
        if not self._is_full:
            wishes.found.add(TOTAL)

    @property
    def dense_shape(self) -> Tensor:
        """Sizes of the dense tensor, int64 of shape ``(rank,)``."""
        return _public(self._shape)

    @property
    def dtype(self) -> dtypes.DType:
        """Dtype of the elements."""
        return self._values.dtype  # type: ignore[no-any-return]

    @property
    def shape(self) -> TensorShape:
        """Sizes of the dense tensor; None in it where a program computes them."""
        if type(self._shape) is np.ndarray:
            return TensorShape.of(tuple(self._shape.tolist()))
        return TensorShape([None] * self._shape.shape[0])

    def get_shape(self) -> TensorShape:
        """Sizes of the dense tensor; older spelling of `shape`."""
        return self.shape

    def set_shape(self, shape: Any) -> None:
        """Checks that the shape fits `shape`.

        Raises:
            ValueError: The shapes contradict each other.
        """
        self.shape.assert_is_compatible_with(shape)

    @property
    def graph(self) -> NoReturn:
        """Undefined, as in TensorFlow's eager mode."""
        raise AttributeError(
            "[SparseTensor.graph] is undefined: there are no graphs of TensorFlow 1."
        )

    @property
    def op(self) -> NoReturn:
        """Undefined, as in TensorFlow's eager mode."""
        raise AttributeError("[SparseTensor.op] is undefined: there are no graphs of TensorFlow 1.")

    def consumers(self) -> list[Any]:
        """Empty: a tensor does not know the ops that take it."""
        return []

    def eval(self, feed_dict: Any = None, session: Any = None) -> NoReturn:
        """Not supported: it belongs to TensorFlow 1's sessions."""
        raise AttributeError(
            "[SparseTensor.eval] belongs to sessions; read .indices, .values and .dense_shape instead."
        )

    def with_values(self, new_values: Any) -> SparseTensor:
        """The same places with other elements.

        Args:
            new_values: Tensor of shape ``(n,)``.

        Source: `tf.SparseTensor.with_values`.
        """
        made = SparseTensor(self._indices, new_values, self._shape)
        made._is_full = self._is_full
        return made

    @property
    def _type_spec(self) -> SparseTensorSpec:
        return SparseTensorSpec(self.shape, self.dtype)

    def __mul__(self, other: Any) -> Any:
        return multiply(self, other)

    def __truediv__(self, other: Any) -> Any:
        return truediv(self, other)

    def _text(self, arrays: Sequence[Any], summarize: int | None) -> str:
        indices, values, shape = (tensor_text(array, summarize) for array in arrays)
        return f"'SparseTensor(indices={indices}, values={values}, shape={shape})'"

    def __repr__(self) -> str:
        shape = self.dense_shape
        return (
            f"SparseTensor(indices={self.indices!s}, values={self.values!s}, dense_shape={shape!s})"
        )

    def _to_dense_tensor(self) -> NoReturn:
        raise InvalidArgumentError(
            f"[convert_to_tensor] expected a dense tensor, got a SparseTensor of shape {self.shape}; "
            f"{self._hint()}."
        )

    def _hint(self) -> str:
        return "write tf.sparse.to_dense(x), or use a function of tf.sparse"

    @property
    def _inner_values(self) -> Tensor:
        return self._values  # type: ignore[no-any-return]

    def _with_inner_values(self, values: Any) -> SparseTensor:
        return self.with_values(values)

    def _flatten_composite(self) -> list[Any]:
        return [_public(self._indices), self._values, _public(self._shape)]

    def _fixed(self) -> Any:
        known = type(self._shape) is np.ndarray
        return tuple(self._shape.tolist()) if known else None, self._is_full

    def _roomy(self, exact: frozenset[str] = frozenset()) -> Any:
        count, rank = self._indices.shape
        missing = 0 if TOTAL in exact else bucket(count, _LEAST) - count
        values = host_array(self._values)
        if not rank or values.dtype == object:
            return self
        behind = np.zeros((missing, rank), np.int64)
        behind[:, 0] = self._shape[0]
        indices = np.concatenate([self._indices, behind])
        values = np.concatenate([values, np.zeros(missing, values.dtype)])
        made = SparseTensor(indices, HostTensor(values), self._shape)
        made._is_full = TOTAL in exact
        return made

    def _tight(self) -> Any:
        indices, values, shape = (host_array(part) for part in self._flatten_composite())
        kept = slice(None) if self._is_full else np.flatnonzero(indices[:, 0] < shape[0])
        return SparseTensor(indices[kept], HostTensor(values[kept]), shape)

    def _pack_composite(self, parts: Sequence[Any]) -> Any:
        """Also of marks and specs in place of tensors, which programs put there while they are traced.

        A dense shape that is known stays so: programs are compiled for each.
        """
        packed = _of_parts(parts, self._is_full)
        if isinstance(packed._shape, xla.Tracer):
            packed._shape = self._shape
        return packed


def _of_parts(parts: Sequence[Any], is_full: bool) -> SparseTensor:
    made = object.__new__(SparseTensor)
    made._is_full = is_full
    made._indices, made._values, made._shape = (
        _known(part.array) if isinstance(part, Tensor) else part for part in parts
    )
    made._values = parts[1]
    return made


def _known(array: Any) -> Any:
    """The array on the host; a tracer as it is."""
    return np.asarray(array) if type(array) is xla.ArrayImpl else array


def _public(array: Any) -> Any:
    if type(array) is np.ndarray:
        return from_host(array)
    return Tensor(array) if hasattr(array, "dtype") and not isinstance(array, Tensor) else array


def _int64(what: str, value: Any, rank: int) -> Any:
    """Integers as an int64 NumPy array where they are known, else as they are."""
    tensor = as_tensor(value)
    if tensor is None:
        given = value if isinstance(value, np.ndarray) else None
        if given is not None and (given.dtype.kind in "iu" or not given.size):
            array: Any = given.astype(np.int64)
        elif isinstance(value, TensorShape):
            array = np.asarray(value.as_list(), np.int64)
        else:
            array = _known(convert_to_tensor(value, dtypes.int64).array)
    else:
        array = _known(tensor.array)
    if array.dtype != np.int64:
        raise DTypeError(
            f"[SparseTensor] expected {what} of dtype int64, got {dtypes.BY_NUMPY[array.dtype].name}; cast "
            "them with tf.cast(x, tf.int64)."
        )
    if array.ndim != rank:
        raise ShapeError(
            f"[SparseTensor] expected {what} of a shape that must have rank {rank}, got {tuple(array.shape)}."
        )
    return array


def _flatten(tensor: SparseTensor) -> tuple[tuple[Any, ...], Any]:
    # The dense shape decides sizes: it is no part that a transformation may trace.
    indices, values, shape = tensor._flatten_composite()
    fixed = tensor._fixed()
    return ((indices, values, shape) if fixed[0] is None else (indices, values)), fixed


def _unflatten(fixed: Any, parts: Sequence[Any]) -> SparseTensor:
    known, is_full = fixed
    return _of_parts(parts if known is None else [*parts, np.asarray(known, np.int64)], is_full)


xla.jax.tree_util.register_pytree_node(SparseTensor, _flatten, _unflatten)
SparseTensorSpec._sparse_type = SparseTensor
