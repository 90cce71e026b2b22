"""`RaggedTensor`: a tensor whose rows have different lengths."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, NoReturn

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.shapes import TensorShape
from thalweg._src.core.tensor import Tensor, is_traced
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.operators import bind_operators
from thalweg._src.ops.ragged import conversion, indexing, text
from thalweg._src.ops.ragged.elementwise import COMPARING, ELEMENTWISE, MAPPED, compare, elementwise
from thalweg._src.ops.ragged.factories import RaggedFactories, splits_dtype, values_of
from thalweg._src.ops.ragged.mapping import map_flat_values
from thalweg._src.ops.ragged.partition import Room, RowPartition, as_public, index_array
from thalweg._src.ops.ragged.room import roomy, tight
from thalweg._src.ops.ragged.spec import RaggedTensorSpec
from thalweg._src.ops.support import axis_of, known_value


class RaggedTensor(RaggedFactories):
    """Tensor with one or more dimensions whose slices have different lengths.

    It is made of `values`, a tensor or a ragged tensor of all rows one after the other, and of row splits:
    row i is ``values[row_splits[i] : row_splits[i + 1]]``. Made by `tf.ragged.constant` and the ``from_*``
    methods, never by its constructor.

    Args:
        values: Tensor or ragged tensor of shape ``(nvals, ...)``.
        row_partition: How the values are divided into rows.
        internal: True; the constructor is private.

    Example:
        >>> import thalweg as tf
        >>> rt = tf.RaggedTensor.from_row_lengths([3, 1, 4, 1, 5], [2, 0, 3])
        >>> rt
        <tf.RaggedTensor [[3, 1], [], [4, 1, 5]]>
        >>> rt.shape, tf.reduce_sum(rt, axis=1).numpy().tolist()
        (TensorShape([3, None]), [4, 0, 10])

    Source: `tf.RaggedTensor`. What follows from the lengths of rows alone is computed on the host. Inside
    compiled programs a ragged tensor that is an argument has rows of unknown lengths: what keeps the number
    of values works, what makes a size depend on them raises a `DataDependentShapeError`, and arguments of
    the ``from_*`` methods that the program computes are not checked.
    """

    __slots__ = ("__weakref__", "_partition", "_values")
    rules: ClassVar[dict[str, Callable[..., Any]]] = {}

    def __init__(self, values: Any, row_partition: Any, internal: bool = False) -> None:
        if not internal or not isinstance(row_partition, RowPartition):
            raise InvalidArgumentError(
                "[RaggedTensor] the constructor is private; use one of the factory methods, such as "
                "RaggedTensor.from_row_lengths()."
            )
        self._values = values
        self._partition = row_partition

    @classmethod
    def _of(cls, values: Any, row_partition: RowPartition) -> RaggedTensor:
        return cls(values, row_partition, internal=True)

    # --- what it is made of

    @property
    def values(self) -> Any:
        """All rows one after the other: a tensor or a ragged tensor of shape ``(nvals, ...)``."""
        self._ask_for_all()
        return self._values

    @property
    def flat_values(self) -> Tensor:
        """Values without any ragged dimension."""
        self._ask_for_all()
        return self._flat

    @property
    def _flat(self) -> Tensor:
        """Flat values, with those that lie in no row; for functions that know of these."""
        inner = self._values
        while isinstance(inner, RaggedTensor):
            inner = inner._values
        return inner  # type: ignore[no-any-return]

    def _ask_for_all(self) -> None:
        """Whoever sees the values must find none that lie in no row."""
        for part in self._partitions():
            _ = part.nvals

    @property
    def row_splits(self) -> Tensor:
        """Places where rows begin and end, of shape ``(nrows + 1,)``."""
        return as_public(self._partition.given)

    @property
    def nested_row_splits(self) -> tuple[Tensor, ...]:
        """Row splits of each ragged dimension, outermost first."""
        return tuple(as_public(p.given) for p in self._partitions())

    @property
    def uniform_row_length(self) -> Tensor | None:
        """Length of all rows where it is the same by construction, else None."""
        length = self._partition.uniform
        return None if length is None else as_public(np.asarray(length, self._partition.dtype))

    @property
    def ragged_rank(self) -> int:
        """Number of dimensions that row splits divide."""
        return len(self._partitions())

    @property
    def dtype(self) -> dtypes.DType:
        """Dtype of the values."""
        return self._flat.dtype

    @property
    def shape(self) -> TensorShape:
        """Sizes of the dimensions; None for ragged ones."""
        rest = tuple(self._values.shape[1:])
        return TensorShape.of((self._partition.nrows, self._partition.uniform, *rest))

    def get_shape(self) -> TensorShape:
        """Sizes of the dimensions; older spelling of `shape`."""
        return self.shape

    @property
    def _type_spec(self) -> RaggedTensorSpec:
        return RaggedTensorSpec.from_value(self)

    def _partitions(self) -> list[RowPartition]:
        """How each ragged dimension is divided, outermost first."""
        found = []
        inner: Any = self
        while isinstance(inner, RaggedTensor):
            found.append(inner._partition)
            inner = inner._values
        return found

    def nrows(self, out_type: Any = None, name: str | None = None) -> Tensor:
        """Number of rows, an integer scalar of the row splits' dtype unless `out_type` says otherwise."""
        dtype = self._partition.dtype if out_type is None else dtypes.as_dtype(out_type).numpy_dtype
        return as_public(np.asarray(self._partition.nrows, dtype))

    def row_starts(self, name: str | None = None) -> Tensor:
        """Place of the first value of each row."""
        return as_public(self._partition.starts)

    def row_limits(self, name: str | None = None) -> Tensor:
        """Place after the last value of each row."""
        return as_public(self._partition.limits)

    def value_rowids(self, name: str | None = None) -> Tensor:
        """Row of each value, of shape ``(nvals,)``."""
        self._ask_for_all()
        return as_public(self._partition.rowids)

    def nested_value_rowids(self, name: str | None = None) -> tuple[Tensor, ...]:
        """Row of each value for each ragged dimension, outermost first."""
        self._ask_for_all()
        return tuple(as_public(p.rowids) for p in self._partitions())

    def nested_row_lengths(self, name: str | None = None) -> tuple[Tensor, ...]:
        """Lengths of the rows of each ragged dimension, outermost first."""
        return tuple(as_public(p.lengths) for p in self._partitions())

    def row_lengths(self, axis: int = 1, name: str | None = None) -> Any:
        """Lengths of the rows along a dimension.

        Args:
            axis: Dimension whose slices are measured.
            name: Has no effect.

        Returns:
            Tensor of shape ``(nrows,)`` for axis 1; a ragged tensor for inner dimensions.

        Example:
            >>> import thalweg as tf
            >>> tf.ragged.constant([[[1, 2], [3]], [], [[4]]]).row_lengths(axis=2)
            <tf.RaggedTensor [[2, 1], [], [1]]>

        Source: `tf.RaggedTensor.row_lengths`.
        """
        at = axis_of("RaggedTensor.row_lengths", axis, len(self.shape))
        if at == 0:
            return self.nrows()
        if at == 1:
            return as_public(self._partition.lengths)
        inner = self._values
        if isinstance(inner, RaggedTensor):
            return self.with_values(inner.row_lengths(at - 1))
        sizes = np.full(inner.shape[: at - 1], inner.shape[at - 1], self._partition.dtype)
        return self.with_values(as_public(sizes))

    def bounding_shape(
        self, axis: Any = None, name: str | None = None, out_type: Any = None
    ) -> Any:
        """Sizes of the smallest dense tensor that holds this one.

        Args:
            axis: Dimension or list of dimensions to measure; None for all.
            name: Has no effect.
            out_type: int32 or int64; the dtype of the row splits when None.

        Returns:
            Integers of shape ``(rank,)``, or of the shape of `axis`.

        Raises:
            DataDependentShapeError: A compiled program gets the lengths of rows as an argument.

        Source: `tf.RaggedTensor.bounding_shape`.
        """
        dtype = self._partition.dtype if out_type is None else dtypes.as_dtype(out_type).numpy_dtype
        shape = np.asarray(conversion.bounds(self), dtype)
        if axis is None:
            return as_public(shape)
        axes = known_value("RaggedTensor.bounding_shape", "axis", axis)
        if np.any((axes < 0) | (axes >= len(shape))):
            raise InvalidArgumentError(
                f"[RaggedTensor.bounding_shape] expected axes from 0 to {len(shape) - 1}, got {axis}."
            )
        return as_public(shape[axes])

    def consumers(self) -> list[Any]:
        """Empty: a tensor does not know the ops that take it."""
        return []

    # --- the same rows of something else

    def with_values(self, new_values: Any) -> RaggedTensor:
        """The same rows of other values.

        Args:
            new_values: Tensor or ragged tensor with as many values in its first dimension.

        Raises:
            ValueError: It has another number of values.

        Source: `tf.RaggedTensor.with_values`.
        """
        values = values_of("RaggedTensor.with_values", new_values)
        if values.shape[0] != self._partition.size:
            raise ShapeError(
                f"[RaggedTensor.with_values] expected {self._partition.size} values, got shape "
                f"{values.shape}: shapes are incompatible."
            )
        made = self._partition
        if isinstance(values, RaggedTensor) and values._partition.dtype != made.dtype:
            # As in TensorFlow: the wider dtype serves both.
            wide = np.dtype(np.int64)
            return RaggedTensor._of(_with_dtype(values, wide), made.with_dtype(wide))
        return RaggedTensor._of(values, made)

    def with_flat_values(self, new_values: Any) -> RaggedTensor:
        """The same rows, in all ragged dimensions, of other innermost values.

        Args:
            new_values: Tensor or ragged tensor with as many values in its first dimension.

        Source: `tf.RaggedTensor.with_flat_values`.
        """
        inner = self._values
        if isinstance(inner, RaggedTensor):
            return self.with_values(inner.with_flat_values(new_values))
        return self.with_values(new_values)

    def with_row_splits_dtype(self, dtype: Any) -> RaggedTensor:
        """The same tensor with row splits of another dtype.

        Args:
            dtype: int32 or int64.

        Source: `tf.RaggedTensor.with_row_splits_dtype`.
        """
        return _with_dtype(self, splits_dtype("RaggedTensor.with_row_splits_dtype", dtype))

    def merge_dims(self, outer_axis: int, inner_axis: int) -> Any:
        """The tensor with neighbouring dimensions joined to one.

        Args:
            outer_axis: First of the dimensions.
            inner_axis: Last of them.

        Returns:
            Ragged tensor; a tensor where no ragged dimension is left.

        Example:
            >>> import thalweg as tf
            >>> tf.ragged.constant([[[1, 2], [3]], [], [[4]]]).merge_dims(1, 2)
            <tf.RaggedTensor [[1, 2, 3], [], [4]]>

        Source: `tf.RaggedTensor.merge_dims`.
        """
        return conversion.merged(self, outer_axis, inner_axis)

    # --- other forms

    def to_tensor(
        self, default_value: Any = None, name: str | None = None, shape: Any = None
    ) -> Any:
        """Dense tensor, filled up at the ends of rows.

        Args:
            default_value: What fills up; 0, False or "" when None. Its shape broadcasts to what the innermost
                ragged dimension holds.
            name: Has no effect.
            shape: Shape of the result, which cuts longer rows; None in it for the largest size.

        Returns:
            Tensor.

        Raises:
            DataDependentShapeError: Inside a compiled program the sizes of ragged dimensions must be given.

        Example:
            >>> import thalweg as tf
            >>> tf.ragged.constant([[1, 2], [3]]).to_tensor(-1).numpy().tolist()
            [[1, 2], [3, -1]]

        Source: `tf.RaggedTensor.to_tensor`.
        """
        return conversion.dense(self, default_value, shape)

    def to_sparse(self, name: str | None = None) -> Any:
        """`tf.SparseTensor` of the same values.

        Source: `tf.RaggedTensor.to_sparse`.
        """
        return conversion.sparse(self)

    def numpy(self) -> np.ndarray[Any, Any]:
        """NumPy array where all rows have one length; else an array of arrays.

        Source: `tf.RaggedTensor.numpy`.
        """
        splits = self._partition.known("RaggedTensor.numpy")
        return text.rows_of(self._values.numpy(), splits)

    def to_list(self) -> list[Any]:
        """Nested lists of Python values; strings are bytes.

        Source: `tf.RaggedTensor.to_list`.
        """
        splits = self._partition.known("RaggedTensor.to_list")
        inner = self._values
        rows = inner.to_list() if isinstance(inner, RaggedTensor) else inner.numpy().tolist()
        return text.list_of(rows, splits)

    def __getitem__(self, key: Any) -> Any:
        """Rows, and parts of rows, as in Python.

        Args:
            key: Integers, slices, ``...`` and None; an inner ragged dimension takes slices only.

        Example:
            >>> import thalweg as tf
            >>> tf.ragged.constant([[1, 2, 3], [4]])[:, -2:]
            <tf.RaggedTensor [[2, 3], [4]]>

        Source: `tf.RaggedTensor.__getitem__`.
        """
        return indexing.getitem(self, key)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(self._partition.nrows))

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "[bool(RaggedTensor)] RaggedTensor may not be used as a boolean; use tf.reduce_any or "
            "tf.reduce_all."
        )

    def __hash__(self) -> int:
        raise TypeError("RaggedTensor is unhashable; use id(tensor) as the key.")

    def __repr__(self) -> str:
        known = all(p.is_known for p in self._partitions()) and not is_traced(self._flat)
        if not known:
            return f"<tf.RaggedTensor (traced) shape={self.shape} dtype={self.dtype.name}>"
        return f"<tf.RaggedTensor {text.shown(self.numpy())}>"

    def _to_dense_tensor(self) -> NoReturn:
        raise ShapeError(
            f"[convert_to_tensor] expected a dense tensor, got a RaggedTensor of shape {self.shape}; "
            f"{self._hint()}."
        )

    def _handle(
        self, name: str, function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]
    ) -> Any:
        if name in ELEMENTWISE:
            return elementwise(name, function, args, kwargs)
        if name in MAPPED:
            return map_flat_values(function, *args, **kwargs)
        if name in COMPARING:
            return compare(name, function, *args, **kwargs)
        return super()._handle(name, function, args, kwargs)

    def _hint(self) -> str:
        return "write .to_tensor() to fill up its rows, or work on its values with tf.ragged.map_flat_values"

    # --- as a composite

    @property
    def _inner_values(self) -> Tensor:
        return self._flat

    def _with_inner_values(self, values: Any) -> RaggedTensor:
        return self.with_flat_values(values)

    def _flatten_composite(self) -> list[Any]:
        parts = self._partitions()
        return [self._flat, *(_part(p.given) for p in parts)]

    def _text(self, arrays: Sequence[Any], summarize: int | None) -> str:
        return text.printed(arrays[0], arrays[1:], summarize)

    def _fixed(self) -> Any:
        return tuple((part.uniform, part.room) for part in self._partitions())

    def _pack_composite(self, parts: Sequence[Any]) -> Any:
        return RaggedTensor._of_parts(parts, self._fixed())

    def _roomy(self, exact: frozenset[str] = frozenset()) -> Any:
        return roomy(self, exact)

    def _tight(self) -> Any:
        return tight(self)

    @classmethod
    def _of_parts(
        cls, parts: Sequence[Any], fixed: Sequence[tuple[int | None, Room | None]]
    ) -> Any:
        """Ragged tensor of flat values and row splits, outermost first, without checks.

        Args:
            parts: Tensors, or the marks that programs put in their place while they are traced.
            fixed: For each dimension that is divided the length of its rows where that is uniform, and what
                is known of them besides.
        """
        values = parts[0]
        nvals = int(values.shape[0]) if isinstance(values, Tensor) else -1
        for part, (length, room) in zip(reversed(parts[1:]), reversed(fixed), strict=True):
            known = isinstance(part, Tensor)
            splits = (
                index_array("RaggedTensor", "row_splits", part, on_host=True) if known else part
            )
            values = cls._of(values, RowPartition(splits, nvals, length, room))
            nvals = int(splits.shape[0]) - 1 if known else -1
        return values


def _part(splits: Any) -> Any:
    return (
        as_public(splits) if hasattr(splits, "dtype") and not isinstance(splits, Tensor) else splits
    )


def _with_dtype(tensor: RaggedTensor, dtype: Any) -> RaggedTensor:
    inner = tensor._values
    values = _with_dtype(inner, dtype) if isinstance(inner, RaggedTensor) else inner
    return RaggedTensor._of(values, tensor._partition.with_dtype(dtype))


def _flatten(tensor: RaggedTensor) -> tuple[tuple[Any, ...], Any]:
    return tuple(tensor._flatten_composite()), tensor._fixed()


def _unflatten(fixed: Any, parts: Sequence[Any]) -> Any:
    return RaggedTensor._of_parts(parts, fixed)


xla.jax.tree_util.register_pytree_node(RaggedTensor, _flatten, _unflatten)
bind_operators(RaggedTensor, indexing=False)
RaggedTensorSpec._ragged_type = RaggedTensor
