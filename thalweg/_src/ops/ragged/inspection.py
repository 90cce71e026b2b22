"""What is known of a ragged tensor without its values: rank, size, shape."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.ragged.broadcasting import aligned
from thalweg._src.ops.ragged.partition import RowPartition
from thalweg._src.ops.ragged.rows import is_ragged, nested
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.shaping import reshape as reshape_dense


class DynamicRaggedShape:
    """Sizes of the dimensions of a ragged tensor: numbers, and the lengths of rows of ragged dimensions.

    Args:
        row_partitions: How each ragged dimension is divided, outermost first.
        inner_shape: Size of the flat values and of what follows.
        dtype: int32 or int64: that of the sizes.

    Example:
        >>> import thalweg as tf
        >>> tf.shape(tf.ragged.constant([[1, 2], [3]]))
        <DynamicRaggedShape lengths=[2, (2, 1)] num_row_partitions=1>

    Source: `tf.experimental.DynamicRaggedShape`, of which this is the part that `tf.shape`,
    `tf.broadcast_to` and indexing need.
    """

    def __init__(
        self, row_partitions: Sequence[RowPartition], inner_shape: Sequence[int], dtype: Any
    ) -> None:
        self._partitions = tuple(row_partitions)
        self._inner = tuple(int(n) for n in inner_shape)
        self._dtype = dtypes.as_dtype(dtype)

    @property
    def dtype(self) -> dtypes.DType:
        """Dtype of the sizes."""
        return self._dtype

    @property
    def rank(self) -> int:
        """Number of dimensions."""
        return len(self._partitions) + len(self._inner)

    @property
    def num_row_partitions(self) -> int:
        """Number of dimensions that row splits divide."""
        return len(self._partitions)

    @property
    def inner_rank(self) -> int:
        """Number of dimensions of the flat values."""
        return len(self._inner)

    def static_lengths(self) -> list[Any]:
        """Size of each dimension; a tuple of lengths for ragged ones, None for those not known."""
        if not self._partitions:
            return list(self._inner)
        found: list[Any] = [self._partitions[0].nrows]
        for part in self._partitions:
            if part.uniform is not None:
                found.append(part.uniform)
            else:
                found.append(tuple(part.lengths.tolist()) if part.is_known else None)
        return [*found, *self._inner[1:]]

    def is_uniform(self, axis: int) -> bool:
        """True for a dimension of one size."""
        return isinstance(self.static_lengths()[axis], int)

    def __getitem__(self, index: Any) -> Any:
        """Size of a dimension, a scalar; ragged ones have none."""
        if isinstance(index, slice):
            sizes = self.static_lengths()[index]
            if not all(isinstance(n, int) for n in sizes):
                raise InvalidArgumentError(
                    f"[DynamicRaggedShape] expected dimensions of one size, got {sizes}; slice before the "
                    "ragged ones."
                )
            return Tensor(np.asarray(sizes, self._dtype.numpy_dtype))
        size = self.static_lengths()[index]
        if not isinstance(size, int):
            raise InvalidArgumentError(
                f"[DynamicRaggedShape] Index {index} is not uniform: expected a dimension of one size, got "
                f"lengths {size}; use row_lengths()."
            )
        return Tensor(np.asarray(size, self._dtype.numpy_dtype))

    def _outline(self) -> Any:
        """A ragged tensor of this shape, of zeros."""
        return nested(RaggedTensor, Tensor(np.zeros(self._inner, np.int8)), list(self._partitions))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, DynamicRaggedShape)
            and self.static_lengths() == other.static_lengths()
        )

    def __hash__(self) -> int:
        return hash((self._inner, len(self._partitions)))

    def __repr__(self) -> str:
        lengths = ", ".join(str(n) for n in self.static_lengths())
        return (
            f"<DynamicRaggedShape lengths=[{lengths}] num_row_partitions={self.num_row_partitions}>"
        )


def shape(x: Any, *, dtype: Any) -> DynamicRaggedShape:
    """The shape with the lengths of all rows."""
    return DynamicRaggedShape(x._partitions(), x.flat_values.shape, dtype)


def size(x: Any, *, dtype: Any) -> Tensor:
    """Number of values."""
    return Tensor(np.array(math.prod(x.flat_values.shape), dtype.numpy_dtype))


def rank(input: Any) -> Tensor:
    """Number of dimensions."""
    return Tensor(np.array(len(input.shape), np.int32))


def reshape(tensor: Any, shape: Any) -> Any:
    """The values in order in another, dense shape."""
    if isinstance(shape, DynamicRaggedShape):
        return nested(
            tensor, reshape_dense(tensor.flat_values, shape._inner), list(shape._partitions)
        )
    return reshape_dense(tensor.flat_values, shape)


def broadcast_to(input: Any, shape: Any) -> Any:
    """The values repeated to a ragged shape."""
    if not isinstance(shape, DynamicRaggedShape):
        raise InvalidArgumentError(
            f"[broadcast_to] expected the shape of a ragged tensor, as tf.shape gives it, got {shape!r}."
        )
    outline = shape._outline()
    if not is_ragged(outline):
        return reshape_dense(input, shape._inner)
    (values, _), remade = aligned("broadcast_to", [input, outline])
    return remade(values)
