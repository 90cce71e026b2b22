"""The ``from_*`` methods of `RaggedTensor`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.composite import Composite
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.ragged import conversion, partition
from thalweg._src.ops.ragged.partition import RowPartition, index_array
from thalweg._src.ops.ragged.rows import is_ragged, nested
from thalweg._src.ops.support import known_value


class RaggedFactories(Composite):
    """Makes ragged tensors of values and of what divides them into rows."""

    __slots__ = ()

    @classmethod
    def _of(cls, values: Any, row_partition: RowPartition) -> Any:
        """Ragged tensor of checked parts."""
        raise NotImplementedError

    @classmethod
    def _divided(cls, where: str, values: Any, divide: Callable[[int, Any], RowPartition]) -> Any:
        """Ragged tensor of values and of what a function of their number and split dtype makes of them."""
        values = values_of(where, values)
        inner = values._partition.dtype if is_ragged(values) else np.dtype(np.int64)
        made = divide(int(values.shape[0]), inner)
        if is_ragged(values) and made.dtype != inner:
            raise DTypeError(
                f"[{where}] expected row splits of the dtype that those of values have, {inner.name}, got "
                f"{made.dtype.name}; use with_row_splits_dtype on one of them."
            )
        return cls._of(values, made)

    @classmethod
    def from_row_splits(
        cls, values: Any, row_splits: Any, name: str | None = None, validate: bool = True
    ) -> Any:
        """Ragged tensor of values and the places where rows begin and end.

        Args:
            values: Tensor or ragged tensor of shape ``(nvals, ...)``.
            row_splits: int32 or int64 of shape ``(nrows + 1,)``: 0, ..., nvals, never decreasing.
            name: Has no effect.
            validate: Whether the splits are checked.

        Returns:
            Ragged tensor of shape ``(nrows, None, ...)``.

        Raises:
            InvalidArgumentError: The splits do not divide the values.

        Example:
            >>> import thalweg as tf
            >>> tf.RaggedTensor.from_row_splits([3, 1, 4], [0, 2, 2, 3])
            <tf.RaggedTensor [[3, 1], [], [4]]>

        Source: `tf.RaggedTensor.from_row_splits`.
        """
        where = "RaggedTensor.from_row_splits"
        return cls._divided(
            where,
            values,
            lambda nvals, dtype: partition.from_splits(
                where,
                index_array(where, "row_splits", row_splits, dtype=dtype, on_host=True),
                nvals,
                validate,
            ),
        )

    @classmethod
    def from_row_lengths(
        cls, values: Any, row_lengths: Any, name: str | None = None, validate: bool = True
    ) -> Any:
        """Ragged tensor of values and the lengths of rows.

        Args:
            values: Tensor or ragged tensor of shape ``(nvals, ...)``.
            row_lengths: int32 or int64 of shape ``(nrows,)``.
            name: Has no effect.
            validate: Whether the lengths are checked.

        Returns:
            Ragged tensor of shape ``(nrows, None, ...)``.

        Source: `tf.RaggedTensor.from_row_lengths`.
        """
        where = "RaggedTensor.from_row_lengths"
        return cls._divided(
            where,
            values,
            lambda nvals, dtype: partition.from_lengths(
                where, index_array(where, "row_lengths", row_lengths, dtype=dtype), nvals, validate
            ),
        )

    @classmethod
    def from_value_rowids(
        cls,
        values: Any,
        value_rowids: Any,
        nrows: Any = None,
        name: str | None = None,
        validate: bool = True,
    ) -> Any:
        """Ragged tensor of values and the row of each of them.

        Args:
            values: Tensor or ragged tensor of shape ``(nvals, ...)``.
            value_rowids: int32 or int64 of shape ``(nvals,)``, never decreasing.
            nrows: Number of rows; None for the last row id + 1.
            name: Has no effect.
            validate: Whether the row ids are checked.

        Returns:
            Ragged tensor of shape ``(nrows, None, ...)``.

        Source: `tf.RaggedTensor.from_value_rowids`.
        """
        where = "RaggedTensor.from_value_rowids"
        rows = None if nrows is None else _count(where, "nrows", nrows)
        return cls._divided(
            where,
            values,
            lambda nvals, dtype: partition.from_rowids(
                where,
                index_array(where, "value_rowids", value_rowids, dtype=dtype),
                rows,
                nvals,
                validate,
            ),
        )

    @classmethod
    def from_row_starts(
        cls, values: Any, row_starts: Any, name: str | None = None, validate: bool = True
    ) -> Any:
        """Ragged tensor of values and the places where rows begin.

        Args:
            values: Tensor or ragged tensor of shape ``(nvals, ...)``.
            row_starts: int32 or int64 of shape ``(nrows,)``: 0, ..., never decreasing.
            name: Has no effect.
            validate: Whether the places are checked.

        Returns:
            Ragged tensor of shape ``(nrows, None, ...)``.

        Source: `tf.RaggedTensor.from_row_starts`.
        """
        where = "RaggedTensor.from_row_starts"

        def divide(nvals: int, dtype: Any) -> RowPartition:
            starts = index_array(where, "row_starts", row_starts, dtype=dtype)
            xp = partition.module_of(starts)
            splits = xp.concatenate([starts, xp.asarray([nvals], starts.dtype)])
            return partition.from_splits(where, splits, nvals, validate)

        return cls._divided(where, values, divide)

    @classmethod
    def from_row_limits(
        cls, values: Any, row_limits: Any, name: str | None = None, validate: bool = True
    ) -> Any:
        """Ragged tensor of values and the places where rows end.

        Args:
            values: Tensor or ragged tensor of shape ``(nvals, ...)``.
            row_limits: int32 or int64 of shape ``(nrows,)``: ..., nvals, never decreasing.
            name: Has no effect.
            validate: Whether the places are checked.

        Returns:
            Ragged tensor of shape ``(nrows, None, ...)``.

        Source: `tf.RaggedTensor.from_row_limits`.
        """
        where = "RaggedTensor.from_row_limits"

        def divide(nvals: int, dtype: Any) -> RowPartition:
            limits = index_array(where, "row_limits", row_limits, dtype=dtype)
            xp = partition.module_of(limits)
            splits = xp.concatenate([xp.zeros(1, limits.dtype), limits])
            return partition.from_splits(where, splits, nvals, validate)

        return cls._divided(where, values, divide)

    @classmethod
    def from_uniform_row_length(
        cls,
        values: Any,
        uniform_row_length: Any,
        nrows: Any = None,
        validate: bool = True,
        name: str | None = None,
    ) -> Any:
        """Ragged tensor of values and the length of all rows.

        Args:
            values: Tensor or ragged tensor of shape ``(nrows * uniform_row_length, ...)``.
            uniform_row_length: Integer that is known while a program is traced.
            nrows: Number of rows; needed where the length is 0.
            validate: Has no effect: the number of values is always checked.
            name: Has no effect.

        Returns:
            Ragged tensor of shape ``(nrows, uniform_row_length, ...)``, whose inner dimensions may be ragged.

        Source: `tf.RaggedTensor.from_uniform_row_length`.
        """
        where = "RaggedTensor.from_uniform_row_length"
        length = _count(where, "uniform_row_length", uniform_row_length)
        rows = None if nrows is None else _count(where, "nrows", nrows)
        return cls._divided(
            where,
            values,
            lambda nvals, dtype: partition.from_length(where, length, rows, nvals, dtype),
        )

    @classmethod
    def from_nested_row_splits(
        cls,
        flat_values: Any,
        nested_row_splits: Any,
        name: str | None = None,
        validate: bool = True,
    ) -> Any:
        """Ragged tensor of its innermost values and the row splits of each dimension, outermost first.

        Source: `tf.RaggedTensor.from_nested_row_splits`.
        """
        for splits in reversed(list(nested_row_splits)):
            flat_values = cls.from_row_splits(flat_values, splits, name, validate)
        return flat_values

    @classmethod
    def from_nested_row_lengths(
        cls,
        flat_values: Any,
        nested_row_lengths: Any,
        name: str | None = None,
        validate: bool = True,
    ) -> Any:
        """Ragged tensor of its innermost values and the row lengths of each dimension, outermost first.

        Source: `tf.RaggedTensor.from_nested_row_lengths`.
        """
        for lengths in reversed(list(nested_row_lengths)):
            flat_values = cls.from_row_lengths(flat_values, lengths, name, validate)
        return flat_values

    @classmethod
    def from_nested_value_rowids(
        cls,
        flat_values: Any,
        nested_value_rowids: Any,
        nested_nrows: Any = None,
        name: str | None = None,
        validate: bool = True,
    ) -> Any:
        """Ragged tensor of its innermost values and the row ids of each dimension, outermost first.

        Raises:
            ValueError: The two lists have different lengths.

        Source: `tf.RaggedTensor.from_nested_value_rowids`.
        """
        rowids = list(nested_value_rowids)
        rows = [None] * len(rowids) if nested_nrows is None else list(nested_nrows)
        if len(rows) != len(rowids):
            raise InvalidArgumentError(
                "[RaggedTensor.from_nested_value_rowids] expected nested_nrows of the length of "
                f"nested_value_rowids, {len(rowids)}, got {len(rows)}."
            )
        for ids, count in zip(reversed(rowids), reversed(rows), strict=True):
            flat_values = cls.from_value_rowids(flat_values, ids, count, name, validate)
        return flat_values

    @classmethod
    def from_tensor(
        cls,
        tensor: Any,
        lengths: Any = None,
        padding: Any = None,
        ragged_rank: int = 1,
        name: str | None = None,
        row_splits_dtype: Any = dtypes.int64,
    ) -> Any:
        """Ragged tensor of a dense one.

        Args:
            tensor: Tensor of rank ``ragged_rank + 1`` or more.
            lengths: Lengths of the rows that are kept, of shape ``(nrows,)``; or a list with those of each
                ragged dimension, outermost first. None for whole rows.
            padding: Value that is left out where it fills the end of a row; of the shape of what the
                innermost ragged dimension holds.
            ragged_rank: Number of dimensions that become ragged, beginning with the second.
            name: Has no effect.
            row_splits_dtype: int32 or int64.

        Returns:
            Ragged tensor.

        Raises:
            ValueError: Both `lengths` and `padding` are given, or the rank is too small.

        Example:
            >>> import thalweg as tf
            >>> tf.RaggedTensor.from_tensor([[5, 7, 0], [3, 0, 0]], padding=0)
            <tf.RaggedTensor [[5, 7], [3]]>

        Source: `tf.RaggedTensor.from_tensor`.
        """
        dtype = splits_dtype("RaggedTensor.from_tensor", row_splits_dtype)
        values, parts = conversion.from_dense(tensor, lengths, padding, ragged_rank, dtype)
        return nested(cls, values, parts)

    @classmethod
    def from_sparse(
        cls, st_input: Any, name: str | None = None, row_splits_dtype: Any = dtypes.int64
    ) -> Any:
        """Ragged tensor of a sparse matrix whose rows begin with their values, without gaps.

        Args:
            st_input: `tf.SparseTensor` of rank 2, in row-major order.
            name: Has no effect.
            row_splits_dtype: int32 or int64.

        Raises:
            InvalidArgumentError: A row has a gap.

        Source: `tf.RaggedTensor.from_sparse`.
        """
        dtype = splits_dtype("RaggedTensor.from_sparse", row_splits_dtype)
        values, made = conversion.from_sparse(st_input, dtype)
        return cls._of(values, made)


def values_of(where: str, values: Any) -> Any:
    """Values as a tensor or ragged tensor of rank 1 or more."""
    if is_ragged(values):
        return values
    tensor = convert_to_tensor(values)
    if not len(tensor.shape):
        raise ShapeError(f"[{where}] expected values of rank 1 or more, got a scalar; pass a list.")
    return tensor


def _count(where: str, what: str, value: Any) -> int:
    return int_of(where, what, known_value(where, what, value).item())


def splits_dtype(where: str, dtype: Any) -> Any:
    """NumPy dtype for row splits.

    Raises:
        DTypeError: It is not int32 or int64.
    """
    found = dtypes.as_dtype(dtype)
    if found not in (dtypes.int32, dtypes.int64):
        raise DTypeError(
            f"[{where}] expected row_splits of dtype int32 or int64, got {found.name}."
        )
    return found.numpy_dtype
