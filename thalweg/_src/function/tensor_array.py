"""`TensorArray`: a list of tensors of one dtype that loops of compiled programs can write into.

As long as every index is known, the elements are kept in a Python list. A traced index, or the way into
a loop of a program, turns them into one tensor with the elements along its first dimension.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base import nest
from thalweg._src.base.errors import (
    DataDependentShapeError,
    InvalidArgumentError,
    OutOfRangeError,
    ShapeError,
    UnimplementedError,
)
from thalweg._src.core import dtypes, xla
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.door import call
from thalweg._src.core.opdef import OpDef
from thalweg._src.core.shapes import TensorShape
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.staging import known_value
from thalweg._src.ops.creation import zeros
from thalweg._src.ops.gather import gather
from thalweg._src.ops.joining import concat, stack


def _put_body(array: Any, index: Any, value: Any) -> Any:
    if not array.shape[0]:
        return array
    inside = (index >= 0) & (index < array.shape[0])
    row = lax.dynamic_index_in_dim(array, index, 0, keepdims=False)
    return lax.dynamic_update_index_in_dim(array, jnp.where(inside, value, row), index, 0)


def _put_many_body(array: Any, indices: Any, values: Any) -> Any:
    return array.at[indices].set(values, mode="drop")


def _take_body(array: Any, index: Any) -> Any:
    return lax.dynamic_index_in_dim(array, index, 0, keepdims=False)


_PUT = OpDef("tensor_array_write", _put_body, ("array", "index", "value"), (), matched=(0, 2))
_PUT_MANY = OpDef(
    "tensor_array_scatter", _put_many_body, ("array", "indices", "values"), (), matched=(0, 2)
)
_TAKE = OpDef("tensor_array_read", _take_body, ("array", "index"), (), matched=())


class _Shared:
    """What all versions of one array share.

    Attributes:
        shape: Shape of the elements, as far as it is known.
        probing: Writes with traced indices only note the shape.
    """

    def __init__(self, shape: TensorShape) -> None:
        self.shape = shape
        self.probing = False


class TensorArray:
    """List of tensors, written once and read by index.

    Args:
        dtype: Dtype of the elements.
        size: Number of elements.
        dynamic_size: Whether writing beyond the end makes the array longer.
        clear_after_read: Whether an element can be read once only (eagerly); True when None.
        tensor_array_name: Has no effect.
        handle: Must be None.
        flow: Has no effect.
        infer_shape: Whether all elements must have one shape.
        element_shape: Shape of the elements; None in it where unknown.
        colocate_with_first_write_call: Has no effect.
        name: Has no effect.

    Example:
        >>> import thalweg as tf
        >>> ta = tf.TensorArray(tf.float32, size=3)
        >>> for i in range(3):
        ...     ta = ta.write(i, i * 2.0)
        >>> ta.stack().numpy().tolist()
        [0.0, 2.0, 4.0]

    Source: `tf.TensorArray`. In loops of compiled functions the size must be known when the function is
    traced: an array with `dynamic_size` may grow there only in loops of known length. An index beyond
    the end, which is an error eagerly, writes nothing there.
    """

    def __init__(
        self,
        dtype: Any,
        size: Any = None,
        dynamic_size: bool | None = None,
        clear_after_read: bool | None = None,
        tensor_array_name: str | None = None,
        handle: Any = None,
        flow: Any = None,
        infer_shape: bool = True,
        element_shape: Any = None,
        colocate_with_first_write_call: bool = True,
        name: str | None = None,
    ) -> None:
        if handle is not None:
            raise InvalidArgumentError(
                "[TensorArray] expected handle=None, got one: it belongs to TensorFlow's graph mode."
            )
        count = known_value(size)
        if size is not None and count is None:
            raise DataDependentShapeError(
                "[TensorArray] expected a size that is known while tracing, got a traced tensor; "
                "compiled programs have fixed sizes."
            )
        if count is None or int(count) < 0:
            raise InvalidArgumentError(
                f"[TensorArray] expected a size of 0 or more, got {count}; pass size=0 with "
                "dynamic_size=True to begin with no element."
            )
        self._dtype = dtypes.as_dtype(dtype)
        self._dynamic = bool(dynamic_size)
        self._clears = clear_after_read is None or bool(clear_after_read)
        self._infers = bool(infer_shape)
        self._shared = _Shared(TensorShape(element_shape))
        self._items: list[Tensor | None] = [None] * int(count)
        self._cleared: set[int] = set()
        self._buffer: Tensor | None = None
        self._length: Tensor | None = None

    @property
    def dtype(self) -> dtypes.DType:
        """Dtype of the elements."""
        return self._dtype

    @property
    def element_shape(self) -> TensorShape:
        """Shape of the elements, as far as it is known."""
        return self._shared.shape

    @property
    def dynamic_size(self) -> bool:
        """Whether writing beyond the end makes the array longer."""
        return self._dynamic

    @property
    def handle(self) -> None:
        """None: there is no resource behind the array."""
        return

    @property
    def flow(self) -> Tensor:
        """A scalar without meaning, as TensorFlow has eagerly."""
        return Tensor(np.asarray(0, np.int32))

    def size(self, name: str | None = None) -> Tensor:
        """Number of elements, an int32 scalar."""
        if self._buffer is None:
            return convert_to_tensor(np.int32(len(self._items)))
        if self._length is not None:
            return self._length
        return convert_to_tensor(np.int32(self._buffer.shape[0]))

    def identity(self) -> TensorArray:
        """The array itself."""
        return self

    def grad(self, source: Any, flow: Any = None, name: str | None = None) -> Any:
        """Not supported: gradients flow through reads and writes by themselves."""
        raise UnimplementedError(
            "[TensorArray.grad] expected no use: tapes differentiate reads and writes by themselves."
        )

    def close(self, name: str | None = None) -> None:
        """Drops all elements."""
        self._items = []
        self._buffer = self._length = None

    def _version(self) -> TensorArray:
        """The array to change: itself eagerly, a copy in programs, whose branches must not mix."""
        if not xla.tracing():
            return self
        copied = object.__new__(TensorArray)
        copied.__dict__.update(self.__dict__)
        copied._items = list(self._items)
        return copied

    # --- elements

    def _element(self, value: Any, where: str) -> Tensor:
        """`value` as an element; its shape becomes that of all elements."""
        tensor = convert_to_tensor(value, dtype_hint=self._dtype)
        if tensor.dtype is not self._dtype:
            raise InvalidArgumentError(
                f"[TensorArray.{where}] expected dtype {self._dtype.name}, got {tensor.dtype.name} of "
                f"shape {tensor.shape}; cast it with tf.cast."
            )
        if not self._shared.shape.is_compatible_with(tensor.shape):
            raise ShapeError(
                f"[TensorArray.{where}] expected an element of shape {self._shared.shape}, got "
                f"{tensor.shape}; pass infer_shape=False if the elements differ."
            )
        if self._infers:
            self._shared.shape = self._shared.shape.merge_with(tensor.shape)
        return tensor

    def _check_index(self, index: int, where: str, grows: bool) -> None:
        count = self._count()
        if index < 0 or (index >= count and not grows):
            raise OutOfRangeError(
                f"[TensorArray.{where}] expected an index from 0 to {count - 1}, got {index}; make the "
                "array larger, or pass dynamic_size=True to let it grow."
            )

    def _count(self) -> int:
        if self._buffer is None:
            return len(self._items)
        length = None if self._length is None else known_value(self._length)
        return int(self._buffer.shape[0] if length is None else length)

    def _as_tensor(self, where: str) -> Tensor:
        """All elements in one tensor; zeros for those not written."""
        if self._buffer is not None:
            length = None if self._length is None else known_value(self._length)
            if self._length is not None and length is None:
                raise DataDependentShapeError(
                    f"[TensorArray.{where}] expected a number of elements that is known while tracing, "
                    "got one that depends on values; give the array its size and no dynamic_size."
                )
            if length is not None and int(length) < self._buffer.shape[0]:
                return self._buffer[: int(length)]  # type: ignore[index]
            return self._buffer
        if not self._items:
            known = self._shared.shape
            rest = known.as_list() if known.is_fully_defined() else []
            return zeros((0, *rest), self._dtype)
        return stack([self._item(i, where) for i in range(len(self._items))])

    def _item(self, index: int, where: str) -> Tensor:
        item = self._items[index]
        if item is not None:
            return item
        if not self._shared.shape.is_fully_defined():
            raise InvalidArgumentError(
                f"[TensorArray.{where}] expected element {index} to have been written, and the shape of "
                "the elements is not known; write it first, or pass element_shape."
            )
        return zeros(self._shared.shape.as_list(), self._dtype)

    def _to_buffer(self, where: str) -> None:
        """Goes over to one tensor, for indices that are traced."""
        if self._buffer is not None:
            return
        if not self._shared.shape.is_fully_defined():
            raise InvalidArgumentError(
                f"[TensorArray.{where}] expected the shape of the elements to be known at a traced index, "
                f"got {self._shared.shape}; pass element_shape."
            )
        self._buffer = self._as_tensor(where)
        if self._dynamic:
            self._length = Tensor(np.asarray(len(self._items), np.int32))
        self._items = []

    # --- writing

    def write(self, index: Any, value: Any, name: str | None = None) -> TensorArray:
        """The array with `value` at `index`.

        Args:
            index: Integer scalar.
            value: Tensor of the elements' dtype and shape.
            name: Has no effect.

        Returns:
            The array; use it in place of the old one.

        Raises:
            OutOfRangeError: `index` is negative, or beyond the end of an array of fixed size.
            InvalidArgumentError: Another dtype.
            ValueError: Another shape.
        """
        value = self._element(value, "write")
        position = known_value(index)
        array = self._version()
        if position is not None:
            array._check_index(int(position), "write", self._dynamic)
        if position is not None and array._buffer is None:
            array._items += [None] * (int(position) + 1 - len(array._items))
            array._items[int(position)] = value
            array._cleared = array._cleared - {int(position)}
            return array
        if self._shared.probing:
            return array
        array._to_buffer("write")
        array._write_traced(convert_to_tensor(index), value)
        return array

    def _write_traced(self, index: Tensor, value: Tensor) -> None:
        assert self._buffer is not None
        known = known_value(index)
        if known is not None and int(known) >= self._buffer.shape[0]:
            self._grow(int(known) + 1)
        self._buffer = call(_PUT, [self._buffer, index, value], ())
        if self._length is not None:
            wider = jnp.maximum(self._length.array, index.array.astype(np.int32) + 1)
            both = known is not None and known_value(self._length) is not None
            self._length = Tensor(np.asarray(wider, np.int32) if both else wider)

    def _grow(self, size: int) -> None:
        """Room for `size` elements."""
        assert self._buffer is not None
        missing = size - int(self._buffer.shape[0])
        if missing > 0:
            more = zeros((missing, *self._buffer.shape[1:]), self._dtype)
            self._buffer = concat([self._buffer, more], 0)

    def scatter(self, indices: Any, value: Any, name: str | None = None) -> TensorArray:
        """The array with the rows of `value` at `indices`."""
        rows = convert_to_tensor(value, dtype_hint=self._dtype)
        places = known_value(convert_to_tensor(indices))
        if places is not None:
            array = self
            for place, row in zip(
                np.reshape(places, -1).tolist(), range(rows.shape[0]), strict=True
            ):
                array = array.write(place, rows[row])  # type: ignore[index]
            return array
        self._element(Tensor(jnp.zeros(rows.array.shape[1:], rows.array.dtype)), "scatter")
        array = self._version()
        array._to_buffer("scatter")
        array._buffer = call(_PUT_MANY, [array._buffer, indices, rows], ())
        return array

    def unstack(self, value: Any, name: str | None = None) -> TensorArray:
        """The array with the rows of `value` as its elements."""
        rows = convert_to_tensor(value, dtype_hint=self._dtype)
        if not rows.ndim:
            raise InvalidArgumentError(
                "[TensorArray.unstack] expected a tensor of rank 1 or more, got a scalar."
            )
        count = int(rows.shape[0])
        if count > self._count() and not self._dynamic:
            raise InvalidArgumentError(
                f"[TensorArray.unstack] expected at most {self._count()} rows for an array of fixed size, "
                f"got {count}; give the array that size."
            )
        if count:
            self._element(rows[0], "unstack")  # type: ignore[index]
        array = self._version()
        array._buffer = array._length = None
        array._cleared = set()
        if xla.tracing() and self._infers and rows.dtype is not dtypes.string:
            array._items, array._buffer = [], rows
            array._length = Tensor(np.asarray(count, np.int32)) if self._dynamic else None
        else:
            array._items = [rows[i] for i in range(count)]  # type: ignore[index]
        return array

    def split(self, value: Any, lengths: Any, name: str | None = None) -> TensorArray:
        """The array with consecutive parts of `value` as its elements, of the given lengths."""
        whole = convert_to_tensor(value, dtype_hint=self._dtype)
        sizes = np.reshape(known_value(convert_to_tensor(lengths)), -1).tolist()
        if sum(sizes) != whole.shape[0]:
            raise InvalidArgumentError(
                f"[TensorArray.split] expected lengths that sum to the first size {whole.shape[0]}, got "
                f"{sizes} with the sum {sum(sizes)}."
            )
        array = self._version()
        array._buffer = array._length = None
        ends = np.cumsum(sizes).tolist()
        array._items = [whole[e - s : e] for s, e in zip(sizes, ends, strict=True)]  # type: ignore[index]
        return array

    # --- reading

    def read(self, index: Any, name: str | None = None) -> Tensor:
        """Element at `index`.

        Args:
            index: Integer scalar.
            name: Has no effect.

        Returns:
            Tensor; zeros for an element that was not written, if the shape is known.

        Raises:
            OutOfRangeError: There is no such element.
            InvalidArgumentError: It was read before, see `clear_after_read`.
            ValueError: It was not written and the shape is not known.
        """
        position = known_value(index)
        if position is not None:
            self._check_index(int(position), "read", False)
        if position is not None and self._buffer is None:
            return self._read_item(int(position))
        array = self if self._buffer is not None else self._version()
        array._to_buffer("read")
        return call(_TAKE, [array._buffer, convert_to_tensor(index)], ())

    def _read_item(self, index: int) -> Tensor:
        if index in self._cleared:
            raise InvalidArgumentError(
                f"[TensorArray.read] expected an element that was not read before, got index {index}; "
                "pass clear_after_read=False to read twice."
            )
        value = self._item(index, "read")
        if self._clears and not xla.tracing():
            self._cleared.add(index)
            self._items[index] = None
        return value

    def gather(self, indices: Any, name: str | None = None) -> Tensor:
        """Elements at `indices`, stacked."""
        places = known_value(convert_to_tensor(indices))
        if places is not None and self._buffer is None:
            found = [self.read(i) for i in np.reshape(places, -1).tolist()]
            return stack(found) if found else zeros((0,), self._dtype)
        array = self if self._buffer is not None else self._version()
        array._to_buffer("gather")
        wanted = indices if places is None else np.asarray(places, np.int32)
        return gather(array._buffer, convert_to_tensor(wanted))

    def stack(self, name: str | None = None) -> Tensor:
        """All elements, stacked along a new first dimension."""
        self._check_cleared("stack")
        return self._as_tensor("stack")

    def concat(self, name: str | None = None) -> Tensor:
        """All elements, joined along their first dimension."""
        self._check_cleared("concat")
        if self._buffer is None:
            found = [self._item(i, "concat") for i in range(len(self._items))]
            return concat(found, 0) if found else zeros((0,), self._dtype)
        whole = self._as_tensor("concat")
        rows = [whole[i] for i in range(whole.shape[0])]  # type: ignore[index]
        return concat(rows, 0)

    def _check_cleared(self, where: str) -> None:
        if self._cleared:
            raise InvalidArgumentError(
                f"[TensorArray.{where}] expected elements that were not read before, got index "
                f"{min(self._cleared)}; pass clear_after_read=False to read twice."
            )

    # --- as a loop variable

    def _flatten_composite(self) -> list[Tensor]:
        """The tensors that a branch or loop carries; none as long as no shape is known."""
        if not self._shared.shape.is_fully_defined() and self._buffer is None:
            return []
        array = self if self._buffer is not None else self._version()
        array._to_buffer("a loop")
        assert array._buffer is not None
        return [array._buffer] if array._length is None else [array._buffer, array._length]

    def _settle_composite(self) -> TensorArray:
        """The array with its tensors computed."""
        return self._pack_composite(self._flatten_composite())

    def _pack_composite(self, parts: Sequence[Any]) -> TensorArray:
        packed = object.__new__(TensorArray)
        packed.__dict__.update(self.__dict__)
        if parts:
            packed._items, packed._cleared = [], set()
            packed._buffer = parts[0]
            packed._length = parts[1] if len(parts) > 1 else None
        return packed

    def __repr__(self) -> str:
        count = self._count() if self._length is None else "dynamic"
        return (
            f"<TensorArray of {count} elements of shape {self.element_shape}, {self._dtype.name}>"
        )


def arrays_in(structure: Any) -> list[TensorArray]:
    """The `TensorArray` leaves of a structure."""
    return [leaf for leaf in nest.flatten(structure) if isinstance(leaf, TensorArray)]


@contextmanager
def finding_shapes(arrays: Sequence[TensorArray]) -> Iterator[None]:
    """Context for a trial run: writes only note the shape of the elements."""
    for array in arrays:
        array._shared.probing = True
    try:
        yield
    finally:
        for array in arrays:
            array._shared.probing = False


def growing_in(structure: Any) -> list[tuple[int, int]]:
    """Places of buffer and length, among the flat parts of a structure, of arrays that may grow."""
    found, position = [], 0
    for leaf in nest.flatten(structure):
        parts = getattr(leaf, "_flatten_composite", None)
        count = len(parts()) if parts else 1
        if isinstance(leaf, TensorArray) and count == 2:
            found.append((position, position + 1))
        position += count
    return found
