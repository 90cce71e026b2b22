"""Steps that put elements together and take them apart: batch, unbatch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.data.blocks import Block, spec_of
from thalweg._src.data.composites import (
    batched_spec,
    ragged_batch,
    ragged_spec,
    row_spec,
    sparse_batch,
    sparse_rows,
)
from thalweg._src.data.node import UNKNOWN, BlocksCursor, Cursor, Node, Run, SimpleCursor, known
from thalweg._src.ops.ragged.spec import RaggedTensorSpec
from thalweg._src.ops.sparse.spec import SparseTensorSpec
from thalweg._src.ops.sparse.tensor import SparseTensor


class Batch(Node):
    """Successive elements stacked.

    Args:
        input: The elements, all of one shape.
        size: Elements in a batch, or sizes that take turns.
        drop_remainder: Whether a shorter batch at the end is left out.
    """

    name = "batch"

    def __init__(self, input: Node, size: int | Sequence[int], drop_remainder: bool) -> None:
        super().__init__(input)
        self._sizes = (size,) if isinstance(size, int) else tuple(size)
        self._drops = drop_remainder

    @property
    def spec(self) -> Any:
        """The elements' specs with one more dimension."""
        size = self._sizes[0] if self._drops and len(set(self._sizes)) == 1 else None
        return nest.map_structure(lambda s: batched_spec(s, size, "Dataset.batch"), self.inputs[0].spec)

    @property
    def cardinality(self) -> int:
        """Number of batches."""
        inner = self.inputs[0].cardinality
        return batches(inner, self._sizes, self._drops) if known(inner) else inner

    def open(self, run: Run) -> Cursor:
        """Cursor before the first batch."""
        specs = nest.flatten(self.spec)
        return _BatchCursor(self.inputs[0].open(run), specs, self._sizes, self._drops)

    def settings(self) -> dict[str, Any]:
        """Its size."""
        return {"batch_size": self._sizes, "drop_remainder": self._drops}


def batches(rows: int, sizes: Sequence[int], drops: bool) -> int:
    """Number of batches of sizes that take turns."""
    rounds, left = divmod(rows, sum(sizes))
    count = rounds * len(sizes)
    for size in sizes:
        if left < size:
            return count + (left > 0 and not drops)
        count, left = count + 1, left - size
    return count


class _BatchCursor(SimpleCursor):
    def __init__(self, input: Cursor, specs: list[Any], sizes: Sequence[int], drops: bool) -> None:
        super().__init__(input)
        self._specs = specs
        self._dense = all(isinstance(spec, TensorSpec) for spec in specs)
        self._sizes = sizes
        self._drops = drops
        self._given = 0

    def row(self) -> list[Any] | None:
        size = self._sizes[self._given % len(self._sizes)]
        block = self.input.next(size)
        if block is None or self._drops and block.size < size:
            return None
        self._given += 1
        if self._dense and list not in map(type, block.columns):
            return block.columns
        return [_stacked(column, spec) for column, spec in zip(block.columns, self._specs, strict=True)]

    def skip(self, count: int) -> int:
        turns = len(self._sizes)
        sizes = [self._sizes[(self._given + i) % turns] for i in range(turns)]
        rounds, rest = divmod(count, turns)
        passed = self.input.skip(rounds * sum(sizes) + sum(sizes[:rest]))
        whole = batches(passed, sizes, self._drops)
        self._given += whole
        return whole


def _stacked(column: Any, spec: Any) -> Any:
    """Leaf value of a batch of a spec."""
    if isinstance(spec, RaggedTensorSpec):
        return ragged_batch(column, spec)
    if isinstance(spec, SparseTensorSpec):
        return sparse_batch(column, None, "Dataset.batch")
    if type(column) is list:
        raise _ragged(column)
    return column


def _ragged(column: list[Any]) -> InvalidArgumentError:
    specs = [spec_of(value) for value in column]
    other = next(s for s in specs if s != specs[0])
    return InvalidArgumentError(
        f"[Dataset.batch] expected elements of one shape and dtype, got {specs[0]} and, as element "
        f"{specs.index(other)} of the batch, {other}; use padded_batch or ragged_batch, or make them alike "
        "in a map."
    )


class AsRagged(Node):
    """The same elements; those of different sizes are announced as ragged ones.

    Args:
        input: The elements.
        splits_dtype: Dtype of row splits.
    """

    name = "as_ragged"

    def __init__(self, input: Node, splits_dtype: Any) -> None:
        super().__init__(input)
        self._splits_dtype = splits_dtype

    @property
    def spec(self) -> Any:
        """Ragged specs where a size is unknown."""
        return nest.map_structure(lambda s: ragged_spec(s, self._splits_dtype), self.inputs[0].spec)

    def open(self, run: Run) -> Cursor:
        """Cursor of the input."""
        return self.inputs[0].open(run)


class SparseBatch(Node):
    """Successive elements as a sparse tensor.

    Args:
        input: Elements of one leaf.
        size: Elements in a batch.
        shape: Sizes of an element; the largest of the batch where None.
    """

    name = "sparse_batch"

    def __init__(self, input: Node, size: int, shape: Sequence[int | None]) -> None:
        super().__init__(input)
        if nest.is_nested(input.spec):
            raise TypeError(
                f"[Dataset.sparse_batch] expected elements with a single component, got {input.spec}; choose "
                "one in a map."
            )
        self._size = size
        self._shape = list(shape)

    @property
    def spec(self) -> Any:
        """A sparse tensor of the batch's size."""
        return SparseTensorSpec([None, *self._shape], self.inputs[0].spec.dtype)

    @property
    def cardinality(self) -> int:
        """Number of batches."""
        inner = self.inputs[0].cardinality
        return batches(inner, [self._size], False) if known(inner) else inner

    def open(self, run: Run) -> Cursor:
        """Cursor before the first batch."""
        return _SparseCursor(self.inputs[0].open(run), self._size, self._shape)

    def settings(self) -> dict[str, Any]:
        """Its size."""
        return {"batch_size": self._size, "row_shape": self._shape}


class _SparseCursor(SimpleCursor):
    def __init__(self, input: Cursor, size: int, shape: list[int | None]) -> None:
        super().__init__(input)
        self._size = size
        self._shape = shape

    def row(self) -> list[Any] | None:
        block = self.input.next(self._size)
        if block is None:
            return None
        values = [block.row(i)[0] for i in range(block.size)]
        return [sparse_batch(values, self._shape, "Dataset.sparse_batch")]

    def skip(self, count: int) -> int:
        return -(-self.input.skip(count * self._size) // self._size)


class Unbatch(Node):
    """The rows of the elements.

    Args:
        input: Elements whose leaves have one common first size.
    """

    name = "unbatch"

    @property
    def spec(self) -> Any:
        """The elements' specs without their first dimension."""
        return nest.map_structure(row_spec, self.inputs[0].spec)

    @property
    def cardinality(self) -> int:
        """Known where all elements have one known number of rows."""
        inner = self.inputs[0].cardinality
        first = nest.flatten(self.inputs[0].spec)[0].shape
        rows = first[0] if len(first) else None
        return inner * rows if known(inner) and rows is not None else UNKNOWN

    def open(self, run: Run) -> Cursor:
        """Cursor before the first row."""
        input = self.inputs[0].open(run)
        return BlocksCursor(_rows_of(input), input)


def _rows_of(input: Cursor) -> Iterator[Block]:
    """The rows of each element as a block."""
    while (row := input.row()) is not None:
        sizes = {tuple(spec_of(value).shape)[:1] for value in row}
        if len(sizes) != 1 or () in sizes:
            raise InvalidArgumentError(
                f"[Dataset.unbatch] expected leaves with one common first size, got {sorted(sizes)}."
            )
        columns = [sparse_rows(value) if isinstance(value, SparseTensor) else value for value in row]
        (size,) = sizes.pop()
        if size:
            yield Block(columns, size)
