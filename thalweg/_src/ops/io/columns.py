"""From features of examples to tensors: one plan for each feature that is asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import to_host
from thalweg._src.core.door import freeze
from thalweg._src.core.dtypes import DType
from thalweg._src.ops.arguments import sizes_of
from thalweg._src.ops.io import features
from thalweg._src.ops.io.example_values import Row, Values, nothing
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.shaping import reshape
from thalweg._src.ops.sparse.tensor import SparseTensor


@dataclass(frozen=True)
class Batch:
    """Examples that are read together.

    Attributes:
        where: Name of the function, for messages.
        rows: Features of each example.
        labels: What to call each example in messages.
        single: One example, whose tensors have no batch dimension.
        lenient: Only shapes are wanted: what is missing is passed over.
    """

    where: str
    rows: Sequence[Row]
    labels: Sequence[str]
    single: bool
    lenient: bool = False

    def column(self, name: str, dtype: DType) -> list[Any]:
        """Values of a feature, one array for each example; None where it is missing.

        Raises:
            InvalidArgumentError: An example has another kind of values.
        """
        found: list[Any] = []
        for row, label in zip(self.rows, self.labels):
            values = row.get(name)
            if values is None or values.dtype is None:
                found.append(None)
            else:
                found.append(of_dtype(self.where, name, label, values, dtype))
        return found


def of_dtype(where: str, name: str, label: str, values: Values, dtype: DType) -> Any:
    """Values of a feature, which must be of a dtype."""
    if values.dtype not in (None, dtype):
        raise InvalidArgumentError(
            f"[{where}] expected values of dtype {dtype.name} for feature {name!r}, got "
            f"{values.dtype.name} in {label}; read it with the dtype that was written."  # type: ignore[union-attr]
        )
    return values.array


def joined(arrays: Sequence[Any], dtype: DType) -> Any:
    """All values one after the other."""
    filled = [a for a in arrays if a is not None and len(a)]
    return np.concatenate(filled) if filled else nothing(dtype)


def padded(arrays: Sequence[Any], sizes: tuple[int, ...], filling: Any, dtype: DType) -> Any:
    """Arrays as rows ``(*sizes)`` of one array, filled up at their ends."""
    found = np.full((len(arrays), math.prod(sizes)), filling, nothing(dtype).dtype)
    for row, array in zip(found, arrays):
        if array is not None:
            row[: len(array)] = array
    return found.reshape((len(arrays), *sizes))


def filling_of(where: str, name: str, value: Any, dtype: DType) -> Any:
    """One value to fill up with; 0 or an empty text for None."""
    if value is None:
        return b"" if dtype is dtypes.string else 0
    array = to_host(value, dtype, where)
    if array.size != 1:
        raise InvalidArgumentError(
            f"[{where}] expected a single default_value for feature {name!r}, got shape {array.shape}."
        )
    return array.reshape(-1)[0]


def steps_of(where: str, name: str, label: str, count: int, size: int) -> int:
    """Number of steps that so many values are.

    Raises:
        InvalidArgumentError: They do not divide into steps of `size` values.
    """
    if count % size if size else count:
        raise InvalidArgumentError(
            f"[{where}] expected steps of {size} values for feature {name!r}, got {count} values in {label}."
        )
    return count // size if size else 0


def shape_of(where: str, name: str, shape: Any) -> tuple[int, ...]:
    """Shape of a feature.

    Raises:
        InvalidArgumentError: A size is unknown.
    """
    sizes = tuple(shape)
    if any(size is None for size in sizes):
        raise InvalidArgumentError(
            f"[{where}] expected a shape of known sizes for feature {name!r}, got {list(sizes)}; use "
            "tf.io.FixedLenSequenceFeature, tf.io.RaggedFeature or tf.io.VarLenFeature."
        )
    return sizes_of(where, "shape", freeze(sizes))


@dataclass(frozen=True)
class FixedPlan:
    """`FixedLenFeature`: an array ``(batch, *shape)``."""

    name: str
    dtype: DType
    shape: tuple[int, ...]
    default: tuple[Any, ...] | None

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the features that are read."""
        return (self.name,)

    def count(self, single: bool) -> int:
        """Number of arrays."""
        return 1

    def arrays(self, batch: Batch) -> list[Any]:
        """The arrays that `pack` takes."""
        size = math.prod(self.shape)
        rows = []
        for array, label in zip(batch.column(self.name, self.dtype), batch.labels):
            if array is None:
                array = self._missing(batch, label, size)
            if len(array) != size:
                raise InvalidArgumentError(
                    f"[{batch.where}] expected {size} values for feature {self.name!r} of shape "
                    f"{list(self.shape)}, got {len(array)} in {label}."
                )
            rows.append(array)
        whole = joined(rows, self.dtype)
        return [whole.reshape(self.shape if batch.single else (len(rows), *self.shape))]

    def _missing(self, batch: Batch, label: str, size: int) -> Any:
        if self.default is not None:
            return np.array(self.default, nothing(self.dtype).dtype)
        if not batch.lenient:
            raise InvalidArgumentError(
                f"[{batch.where}] expected feature {self.name!r} in every example, got none in {label}; "
                "state a default_value."
            )
        filling = filling_of(batch.where, self.name, None, self.dtype)
        return np.full(size, filling, nothing(self.dtype).dtype)

    def pack(self, parts: Sequence[Any]) -> Any:
        """The result, made of tensors of the arrays."""
        return parts[0]


@dataclass(frozen=True)
class SequencePlan:
    """`FixedLenSequenceFeature`: an array ``(batch, steps, *shape)``, filled up."""

    name: str
    dtype: DType
    shape: tuple[int, ...]
    filling: Any

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the features that are read."""
        return (self.name,)

    def count(self, single: bool) -> int:
        """Number of arrays."""
        return 1

    def arrays(self, batch: Batch) -> list[Any]:
        """The arrays that `pack` takes."""
        column = batch.column(self.name, self.dtype)
        size = math.prod(self.shape)
        most = 0
        for array, label in zip(column, batch.labels):
            if array is not None:
                most = max(most, steps_of(batch.where, self.name, label, len(array), size))
        found = padded(column, (most, *self.shape), self.filling, self.dtype)
        return [found[0] if batch.single else found]

    def pack(self, parts: Sequence[Any]) -> Any:
        """The result, made of tensors of the arrays."""
        return parts[0]


@dataclass(frozen=True)
class SparsePlan:
    """`VarLenFeature`: a sparse tensor ``(batch, values)``."""

    name: str
    dtype: DType

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the features that are read."""
        return (self.name,)

    def count(self, single: bool) -> int:
        """Number of arrays."""
        return 3

    def arrays(self, batch: Batch) -> list[Any]:
        """The arrays that `pack` takes."""
        column = batch.column(self.name, self.dtype)
        sizes = np.array([0 if a is None else len(a) for a in column], np.int64)
        rows = np.repeat(np.arange(len(column)), sizes)
        places = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        most = int(sizes.max(initial=0))
        if batch.single:
            return [places[:, None], joined(column, self.dtype), np.array([most], np.int64)]
        shape = np.array([len(column), most], np.int64)
        return [np.stack([rows, places], 1), joined(column, self.dtype), shape]

    def pack(self, parts: Sequence[Any]) -> Any:
        """The result, made of tensors of the arrays."""
        return SparseTensor(*parts)


@dataclass(frozen=True)
class IndexedPlan:
    """`SparseFeature`: a sparse tensor ``(batch, *size)`` of places and values."""

    name: str
    dtype: DType
    places: tuple[str, ...]
    values: str
    size: tuple[int, ...]
    sorted: bool

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the features that are read."""
        return (*self.places, self.values)

    def count(self, single: bool) -> int:
        """Number of arrays."""
        return 3

    def arrays(self, batch: Batch) -> list[Any]:
        """The arrays that `pack` takes."""
        values = batch.column(self.values, self.dtype)
        columns = [batch.column(key, dtypes.int64) for key in self.places]
        none, rows = np.zeros(0, np.int64), []
        for number, (found, label, *places) in enumerate(zip(values, batch.labels, *columns)):
            parts = [none if p is None else p for p in places]
            count = 0 if found is None else len(found)
            if any(len(p) != count for p in parts):
                raise InvalidArgumentError(
                    f"[{batch.where}] expected a place for each of {count} values of feature {self.name!r}, "
                    f"got {[len(p) for p in parts]} in {label}."
                )
            rows.append(np.stack([np.full(count, number, np.int64), *parts], 1))
        indices = np.concatenate(rows) if rows else np.zeros((0, len(self.size) + 1), np.int64)
        flat = joined(values, self.dtype)
        if not self.sorted:
            order = np.lexsort(indices.T[::-1])
            indices, flat = indices[order], flat[order]
        if batch.single:
            return [indices[:, 1:], flat, np.array(self.size, np.int64)]
        return [indices, flat, np.array([len(values), *self.size], np.int64)]

    def pack(self, parts: Sequence[Any]) -> Any:
        """The result, made of tensors of the arrays."""
        return SparseTensor(*parts)


@dataclass(frozen=True)
class RaggedPlan:
    """`RaggedFeature`: rows of values, divided by other features."""

    name: str
    dtype: DType
    values: str
    partitions: tuple[Any, ...]
    splits_dtype: Any

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the features that are read."""
        return (self.values, *(p.key for p in self.partitions if hasattr(p, "key")))

    def count(self, single: bool) -> int:
        """Number of arrays."""
        return 1 + len(self.partitions) + (not single)

    def arrays(self, batch: Batch) -> list[Any]:
        """The arrays that `pack` takes: values, then the lengths of rows, outermost first."""
        column = batch.column(self.values, self.dtype)
        counts = [0 if a is None else len(a) for a in column]
        levels: list[Any] = []
        for partition in reversed(self.partitions):
            lengths = self._lengths(batch, partition, counts)
            counts = [len(part) for part in lengths]
            levels.append(np.concatenate(lengths) if lengths else np.zeros(0, np.int64))
        if not batch.single:
            levels.append(np.array(counts, np.int64))
        return [joined(column, self.dtype), *levels[::-1]]

    def _lengths(self, batch: Batch, partition: Any, counts: list[int]) -> list[Any]:
        """Lengths of the rows of each example that divide so many values."""
        if isinstance(partition, features.UniformRowLength):
            size = partition.length
            return [
                np.full(steps_of(batch.where, self.name, label, count, size), size, np.int64)
                for count, label in zip(counts, batch.labels)
            ]
        found = []
        column = batch.column(partition.key, dtypes.int64)
        for numbers, count, label in zip(column, counts, batch.labels):
            lengths = _lengths_of(
                partition, nothing(dtypes.int64) if numbers is None else numbers, count
            )
            if (lengths < 0).any() or lengths.sum() != count:
                raise InvalidArgumentError(
                    f"[{batch.where}] expected {type(partition).__name__} {partition.key!r} to divide the "
                    f"{count} values of feature {self.name!r}, got {numbers.tolist()} in {label}."
                )
            found.append(lengths)
        return found

    def pack(self, parts: Sequence[Any]) -> Any:
        """The result, made of tensors of the arrays."""
        values, *levels = parts
        found, inner = values, True
        uniform = [getattr(p, "length", None) for p in self.partitions]
        for lengths, size in zip(levels[::-1], [*reversed(uniform), None]):
            if size is not None and inner:
                found = _reshaped(found, size)
                continue
            inner = False
            rows = lengths.numpy().astype(self.splits_dtype)
            if size is not None:
                found = RaggedTensor.from_uniform_row_length(found, size, len(rows))
            else:
                found = RaggedTensor.from_row_lengths(found, rows)
        return found


def _reshaped(values: Any, size: int) -> Any:
    """Rows of one length as a dimension."""
    count, *inner = values.shape
    return reshape(values, (count // size if size else 0, size, *inner))


def _lengths_of(partition: Any, numbers: Any, count: int) -> Any:
    """Lengths of rows by one of the ways to state them."""
    if isinstance(partition, features.RowSplits):
        # Splits begin with 0; without any there are no rows.
        return np.diff(numbers) if not len(numbers) or numbers[0] == 0 else np.array([-1])
    if isinstance(partition, features.RowLengths):
        return numbers
    if isinstance(partition, features.RowStarts):
        return np.diff(numbers, append=count)
    if isinstance(partition, features.RowLimits):
        return np.diff(numbers, prepend=0)
    if len(numbers) != count or (np.diff(numbers) < 0).any() or (numbers < 0).any():
        return np.array([-1])
    return np.bincount(numbers)
