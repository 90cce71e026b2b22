"""Batches of elements of different shapes: padded_batch."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.shapes import TensorShape, TensorSpec
from thalweg._src.data.blocks import value_at
from thalweg._src.data.node import Cursor, Node, Run, SimpleCursor, known


class PaddedBatch(Node):
    """Successive elements stacked, each filled up to one shape.

    Args:
        input: The elements.
        size: Elements in a batch.
        shapes: Structure of shapes; unknown sizes are those of the largest element of a batch. All unknown
            sizes of the spec when None.
        values: Structure of what to fill with, or one value for all; zeros and empty strings when None.
        drop_remainder: Whether a shorter batch at the end is left out.
    """

    name = "padded_batch"

    def __init__(self, input: Node, size: int, shapes: Any, values: Any, drop_remainder: bool) -> None:
        super().__init__(input)
        specs = nest.flatten(input.spec)
        if not all(isinstance(spec, TensorSpec) for spec in specs):
            raise TypeError(
                f"[Dataset.padded_batch] expected elements that are tensors, got {input.spec}; put "
                "ragged ones together by batch, and fill them up by to_tensor in a map."
            )
        self._size = size
        self._drops = drop_remainder
        self._shapes = _shapes_for(input.spec, specs, shapes)
        self._values = _values_for(input.spec, specs, values)

    @property
    def spec(self) -> Any:
        """The padded shapes with one more dimension."""
        size = self._size if self._drops else None
        specs = zip(nest.flatten(self.inputs[0].spec), self._shapes, strict=True)
        leaves = [TensorSpec([size, *shape], spec.dtype) for spec, shape in specs]
        return nest.pack_sequence_as(self.inputs[0].spec, leaves)

    @property
    def cardinality(self) -> int:
        """Number of batches."""
        inner = self.inputs[0].cardinality
        if not known(inner):
            return inner
        return inner // self._size if self._drops else -(-inner // self._size)

    def open(self, run: Run) -> Cursor:
        """Cursor before the first batch."""
        return _PaddedCursor(self.inputs[0].open(run), self._size, self._drops, self._shapes, self._values)

    def settings(self) -> dict[str, Any]:
        """Its size and shapes."""
        return {"batch_size": self._size, "padded_shapes": self._shapes, "drop_remainder": self._drops}


def _shapes_for(structure: Any, specs: list[Any], shapes: Any) -> list[list[int | None]]:
    if shapes is None:
        wanted: list[Any] = [spec.shape for spec in specs]
    elif len(specs) == 1 and not nest.is_nested(structure):
        wanted = [shapes]
    else:
        wanted = _leaves_up_to(structure, shapes)
    found = []
    for spec, shape in zip(specs, wanted, strict=True):
        given = TensorShape(_sizes(shape))
        if given.rank is None:
            raise ValueError(
                f"[Dataset.padded_batch] expected elements of known rank, got {spec}; pass padded_shapes."
            )
        if spec.shape.rank not in (None, given.rank):
            raise ValueError(
                f"[Dataset.padded_batch] expected a padded shape of rank {spec.shape.rank} for {spec}, got "
                f"{given}."
            )
        found.append(given.as_list())
    return found


def _sizes(shape: Any) -> Any:
    if isinstance(shape, TensorShape) or shape is None:
        return shape
    values = [shape] if isinstance(shape, int) else list(np.asarray(shape, object).reshape(-1))
    return [None if v is None or int(v) == -1 else int(v) for v in values]


def _leaves_up_to(structure: Any, shapes: Any) -> list[Any]:
    """Shapes, which may be lists themselves, at the places of the structure's leaves."""
    if isinstance(structure, dict):
        return [leaf for key in sorted(structure) for leaf in _leaves_up_to(structure[key], shapes[key])]
    if isinstance(structure, tuple):
        pairs = zip(structure, shapes, strict=True)
        return [leaf for part, given in pairs for leaf in _leaves_up_to(part, given)]
    return [shapes]


def _values_for(structure: Any, specs: list[Any], values: Any) -> list[Any]:
    given = nest.flatten(values) if nest.is_nested(values) else [values] * len(specs)
    if nest.is_nested(values):
        nest.assert_same_structure(structure, values)
    found = []
    for spec, value in zip(specs, given, strict=True):
        if value is None:
            value = b"" if spec.dtype is dtypes.string else spec.dtype.numpy_dtype.type(0)
        elif spec.dtype is dtypes.string:
            value = convert_to_tensor(value, dtypes.string).array[()]
        else:
            value = convert_to_tensor(value, spec.dtype).numpy()
        found.append(value)
    return found


class _PaddedCursor(SimpleCursor):
    def __init__(self, input: Cursor, size: int, drops: bool, shapes: list[Any], values: list[Any]) -> None:
        super().__init__(input)
        self._size = size
        self._drops = drops
        self._shapes = shapes
        self._values = values
        self._index = 0

    def row(self) -> list[Any] | None:
        block = self.input.next(self._size)
        if block is None or self._drops and block.size < self._size:
            return None
        first, self._index = self._index, self._index + block.size
        leaves = zip(block.columns, self._shapes, self._values, strict=True)
        return [_padded(column, shape, value, first) for column, shape, value in leaves]

    def skip(self, count: int) -> int:
        passed = self.input.skip(count * self._size)
        self._index += passed
        return passed // self._size if self._drops else -(-passed // self._size)


def _padded(column: Any, shape: list[int | None], value: Any, first: int) -> np.ndarray[Any, Any]:
    rows = [np.asarray(value_at(column, i)) for i in range(len(column))]
    largest = [max(row.shape[axis] for row in rows) for axis in range(len(shape))]
    sizes = [big if size is None else size for size, big in zip(shape, largest, strict=True)]
    out = np.full((len(rows), *sizes), value, rows[0].dtype)
    for number, row in enumerate(rows):
        if any(have > room for have, room in zip(row.shape, sizes, strict=True)):
            raise InvalidArgumentError(
                f"[Dataset.padded_batch] expected elements that fit into {sizes}, got {list(row.shape)} as "
                f"element {first + number}; make padded_shapes larger, or None where sizes differ."
            )
        corner: Any = (number, *map(slice, row.shape))
        out[corner] = row
    return out
