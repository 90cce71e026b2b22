"""Blocks: successive elements of a data set, column by column.

An element is a structure (tuples, dicts) of tensors. A pipeline handles many at once: for each leaf of
the structure a *column* holds its values, an array ``(rows, ...)`` where all have one shape, else a list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.core import xla
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.core.tensor import HostTensor, Tensor
from thalweg._src.data.composites import ragged_joined, ragged_part, ragged_row, ragged_taken
from thalweg._src.ops.ragged.tensor import RaggedTensor

Column = Any  # np.ndarray, jax.Array, list, or a ragged tensor whose rows are meant
_ARRAYS = (np.ndarray, xla.ArrayImpl)


def leaf_tensor(value: Any) -> Any:
    """Tensor of a leaf: of an array, or a composite as it is."""
    if type(value) is np.ndarray:
        # The device reads it in place.
        value.flags.writeable = False
        return HostTensor(value)
    return Tensor(value) if type(value) is xla.ArrayImpl else value


def leaf_value(value: Any) -> Any:
    """What a block holds for a tensor, number or array: an array; a composite as it is."""
    if type(value) is HostTensor:
        return value.host
    tensor = as_tensor(value)
    if tensor is None:
        if hasattr(value, "_flatten_composite"):
            return value
        tensor = convert_to_tensor(value)
    return tensor.host if type(tensor) is HostTensor else tensor.array


def structured(value: Any, leaf: Callable[[Any], Any] = leaf_value) -> Any:
    """A structure of tuples and dicts with leaf values; lists are tensors, as in TensorFlow.

    Args:
        value: The structure.
        leaf: What to make of a leaf.
    """
    if isinstance(value, Mapping):
        made = {key: structured(part, leaf) for key, part in value.items()}
        kind: Any = type(value)
        return made if kind is dict else kind(made)
    if isinstance(value, tuple):
        parts = [structured(part, leaf) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return leaf(value)


class Form:
    """Structure of the elements of a data set.

    Args:
        structure: Structure with any leaves; strings and lists are leaves.

    Attributes:
        pack: Makes the structure of a list of leaves.
    """

    __slots__ = ("count", "pack", "structure")

    def __init__(self, structure: Any) -> None:
        self.structure = structure
        self.count = len(nest.flatten(structure))
        self.pack: Callable[[Sequence[Any]], Any] = self._packer()

    def _packer(self) -> Callable[[Sequence[Any]], Any]:
        structure = self.structure
        if not nest.is_nested(structure):
            return lambda leaves: leaves[0]
        if type(structure) is tuple and not any(map(nest.is_nested, structure)):
            return tuple
        return lambda leaves: nest.pack_sequence_as(structure, list(leaves))

    def tensors(self, leaves: Sequence[Any]) -> Any:
        """Element of the leaf values, with tensors."""
        return self.pack([leaf_tensor(leaf) for leaf in leaves])


class Block:
    """Successive elements.

    Args:
        columns: One for each leaf.
        size: Number of rows.
    """

    __slots__ = ("columns", "size")

    def __init__(self, columns: list[Column], size: int) -> None:
        self.columns = columns
        self.size = size

    def part(self, start: int, stop: int) -> Block:
        """The rows from `start` to before `stop`."""
        if start == 0 and stop >= self.size:
            return self
        stop = min(stop, self.size)
        return Block([between(c, start, stop) for c in self.columns], stop - start)

    def row(self, index: int) -> list[Any]:
        """Leaf values of one element."""
        return [value_at(column, index) for column in self.columns]

    def take(self, indices: np.ndarray[Any, Any]) -> Block:
        """The rows at `indices`."""
        return Block([taken(c, indices) for c in self.columns], len(indices))


def _sliceable(column: Column) -> Any:
    return np.asarray(column) if type(column) is xla.ArrayImpl else column


def between(column: Column, start: int, stop: int) -> Column:
    """The rows of a column from `start` to before `stop`."""
    if type(column) is RaggedTensor:
        return ragged_part(column, start, stop)
    return _sliceable(column)[start:stop]


def value_at(column: Column, index: int) -> Any:
    """Leaf value of one row."""
    if type(column) is list:
        return column[index]
    if type(column) is RaggedTensor:
        return ragged_row(column, index)
    value = _sliceable(column)[index]
    if type(value) is np.ndarray:
        return value
    found = np.empty((), column.dtype)
    found[()] = value
    return found


def taken(column: Column, indices: np.ndarray[Any, Any]) -> Column:
    """Rows of a column at `indices`."""
    if type(column) is list:
        return [column[i] for i in indices.tolist()]
    if type(column) is RaggedTensor:
        return ragged_taken(column, indices)
    return _sliceable(column).take(indices, 0)


def joined(blocks: Sequence[Block]) -> Block:
    """All rows of the blocks, one block after the other."""
    if len(blocks) == 1:
        return blocks[0]
    columns = [_concatenated(parts) for parts in zip(*(b.columns for b in blocks), strict=True)]
    return Block(columns, sum(b.size for b in blocks))


def _concatenated(parts: Sequence[Column]) -> Column:
    first = parts[0]
    if all(type(p) in _ARRAYS and p.shape[1:] == first.shape[1:] and p.dtype == first.dtype for p in parts):
        return np.concatenate([np.asarray(p) for p in parts])
    if all(type(p) is RaggedTensor for p in parts):
        return ragged_joined(parts)
    return [value_at(part, i) for part in parts for i in range(rows_in(part))]


def rows_in(column: Column) -> int:
    """Number of rows."""
    return column._partition.nrows if type(column) is RaggedTensor else len(column)


def of_rows(rows: Sequence[Sequence[Any]]) -> Block:
    """Block of the elements whose leaf values are given."""
    return Block([stacked(values) for values in zip(*rows, strict=True)], len(rows))


def stacked(values: Sequence[Any]) -> Column:
    """Column of leaf values: an array where all are arrays of one shape and dtype."""
    first = values[0]
    if type(first) not in _ARRAYS:
        return list(values)
    if len(values) == 1:
        return np.asarray(first)[None]
    same = all(type(v) in _ARRAYS and v.shape == first.shape and v.dtype == first.dtype for v in values)
    if not same:
        return list(values)
    out = np.empty((len(values), *first.shape), first.dtype)
    for index, value in enumerate(values):
        out[index, ...] = value
    return out


def spec_of(value: Any) -> Any:
    """Spec of a leaf value."""
    if type(value) in _ARRAYS:
        return TensorSpec(value.shape, value.dtype)
    return value._type_spec


def specs_of(structure: Any) -> Any:
    """Specs of a structure of leaf values."""
    return nest.map_structure(spec_of, structure)
