"""What to read from examples: the configurations of features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes


class FixedLenFeature(NamedTuple):
    """Feature with the same number of values in every example.

    Attributes:
        shape: Shape of the values of one example.
        dtype: float32, int64 or string.
        default_value: Values for examples without the feature; None where each must have it.

    Source: `tf.io.FixedLenFeature`.
    """

    shape: Any
    dtype: Any
    default_value: Any = None


class FixedLenSequenceFeature(NamedTuple):
    """Feature with any number of steps, each with the same number of values.

    Attributes:
        shape: Shape of the values of one step.
        dtype: float32, int64 or string.
        allow_missing: Examples without the feature have no steps.
        default_value: Value that fills up shorter examples; 0 or an empty text when None.

    Source: `tf.io.FixedLenSequenceFeature`.
    """

    shape: Any
    dtype: Any
    allow_missing: bool = False
    default_value: Any = None


class VarLenFeature(NamedTuple):
    """Feature with any number of values, as a sparse tensor.

    Attributes:
        dtype: float32, int64 or string.

    Source: `tf.io.VarLenFeature`.
    """

    dtype: Any


class SparseFeature(NamedTuple):
    """Sparse tensor of which one feature holds the places, and another one the values.

    Attributes:
        index_key: Name of the feature with the places, or a list of them, one for each dimension.
        value_key: Name of the feature with the values.
        dtype: float32, int64 or string.
        size: Size of the dimension, or list of sizes.
        already_sorted: The values come in the order of their places, so that none need be looked for.

    Source: `tf.io.SparseFeature`.
    """

    index_key: Any
    value_key: str
    dtype: Any
    size: Any
    already_sorted: bool = False


class RowSplits(NamedTuple):
    """Rows by a feature that says where each begins and the last one ends."""

    key: str


class RowLengths(NamedTuple):
    """Rows by a feature with their lengths."""

    key: str


class RowStarts(NamedTuple):
    """Rows by a feature that says where each begins."""

    key: str


class RowLimits(NamedTuple):
    """Rows by a feature that says where each ends."""

    key: str


class ValueRowIds(NamedTuple):
    """Rows by a feature with the row of each value."""

    key: str


class UniformRowLength(NamedTuple):
    """Rows of one length."""

    length: int


class _RaggedFeature(NamedTuple):
    dtype: Any
    value_key: str | None = None
    partitions: Sequence[Any] = ()
    row_splits_dtype: Any = dtypes.int32
    validate: bool = False


class RaggedFeature(_RaggedFeature):
    """Feature with any number of values, as a ragged tensor.

    Attributes:
        dtype: float32, int64 or string.
        value_key: Name of the feature with the values; that of the configuration when None.
        partitions: What divides the values into rows, outermost first: `RowSplits`, `RowLengths`,
            `RowStarts`, `RowLimits`, `ValueRowIds` or `UniformRowLength`.
        row_splits_dtype: int32 or int64.
        validate: Accepted; that the partitions divide the values is always checked.

    Source: `tf.io.RaggedFeature`.
    """

    __slots__ = ()
    RowSplits = RowSplits
    RowLengths = RowLengths
    RowStarts = RowStarts
    RowLimits = RowLimits
    ValueRowIds = ValueRowIds
    UniformRowLength = UniformRowLength


def checked_dtype(where: str, name: str, dtype: Any) -> dtypes.DType:
    """Dtype of a feature.

    Raises:
        InvalidArgumentError: Examples hold no such values.
    """
    found = dtypes.as_dtype(dtype)
    if found not in (dtypes.float32, dtypes.int64, dtypes.string):
        raise InvalidArgumentError(
            f"[{where}] expected dtype float32, int64 or string for feature {name!r}, got {found.name}; cast "
            "the result with tf.cast."
        )
    return found
