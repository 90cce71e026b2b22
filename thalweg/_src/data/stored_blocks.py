"""Blocks as bytes: their arrays in a tensors file, what else is needed in its state.

Columns of numbers are arrays as they are. Strings are their bytes one after the other and their lengths,
ragged columns their values and splits, values of many shapes of one kind their numbers one after the
other and their shapes; others are stored value by value.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, BinaryIO, cast

import numpy as np

from thalweg._src.base.errors import DataLossError, DTypeError
from thalweg._src.checkpoint.tensors_file import TensorsFile, encode, storable
from thalweg._src.core import dtypes, xla
from thalweg._src.core.tensor import HostTensor
from thalweg._src.data.blocks import Block, rows_in
from thalweg._src.data.composites import leaf_of
from thalweg._src.data.views import View
from thalweg._src.ops.ragged.partition import RowPartition
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.sparse.tensor import SparseTensor

_MAX_DEPTH = 64


def encoded(block: Block, where: str) -> bytes:
    """Bytes of a block.

    Raises:
        TypeError: Values that no file holds.
    """
    writer = _Writer(where)
    columns = [writer.put(str(i), column) for i, column in enumerate(block.columns)]
    return b"".join(encode(writer.arrays, {"rows": block.size, "columns": columns}))


class _Writer:
    def __init__(self, where: str) -> None:
        self.arrays: dict[str, np.ndarray[Any, Any]] = {}
        self._where = where

    def put(self, name: str, value: Any) -> Any:
        """Stores a value's arrays; returns how to read them."""
        if type(value) is list:
            return self._put_list(name, value)
        if isinstance(value, RaggedTensor):
            made = value._partition
            self.arrays[f"{name}.splits"] = made.splits
            return {"ragged": self.put(f"{name}.values", leaf_of(value._values)), "uniform": made.uniform}
        if isinstance(value, SparseTensor):
            self.arrays[f"{name}.indices"] = value._indices
            self.arrays[f"{name}.shape"] = value._shape
            return {"sparse": self.put(f"{name}.values", leaf_of(value._values))}
        if not isinstance(value, (np.ndarray, xla.ArrayImpl)):
            raise DTypeError(
                f"[{self._where}] expected elements of tensors, got {type(value).__name__}; such elements "
                "cannot be stored."
            )
        array = np.asarray(value)
        if array.dtype == object:
            flat = array.reshape(-1).tolist()
            self.arrays[f"{name}.lengths"] = np.array([len(text) for text in flat], np.int64)
            self.arrays[f"{name}.bytes"] = np.frombuffer(b"".join(flat), np.uint8)
            return {"strings": list(array.shape)}
        self.arrays[name] = storable(name, array)
        return "array"

    def _put_list(self, name: str, given: Sequence[Any]) -> Any:
        values = [np.asarray(v) if type(v) is xla.ArrayImpl else v for v in given]
        kinds = {(v.dtype, v.ndim) if isinstance(v, np.ndarray) else type(v) for v in values}
        if len(kinds) > 1 or not isinstance(values[0], np.ndarray):
            return {"list": [self.put(f"{name}.{i}", value) for i, value in enumerate(values)]}
        self.arrays[f"{name}.shapes"] = np.array([v.shape for v in values], np.int64)
        return {"shapes": self.put(f"{name}.flat", np.concatenate([v.reshape(-1) for v in values]))}


def decoded(data: memoryview, where: str) -> Block:
    """The block whose bytes are given; its arrays are views of these.

    Raises:
        DataLossError: They are no bytes of a block.
    """
    with TensorsFile(cast(BinaryIO, View(data)), where) as file:
        rows, columns = file.state.get("rows"), file.state.get("columns")
        if type(rows) is not int or rows < 1 or not isinstance(columns, list):
            raise damaged(where, "no columns of rows")
        reader = _Reader(file, data, where)
        found = [reader.get(str(i), how, 0) for i, how in enumerate(columns)]
    if any(_rows_of(column) != rows for column in found):
        raise damaged(where, f"columns of other lengths than {rows}")
    return Block(found, rows)


def _rows_of(column: Any) -> int:
    if isinstance(column, np.ndarray) and not column.ndim or isinstance(column, SparseTensor):
        return -1
    return rows_in(column)


def damaged(where: str, what: str) -> DataLossError:
    """Error about a file that is torn, changed or none of ours."""
    return DataLossError(
        f"[{where}] expected a whole file of elements, got {what}; delete it and store the elements again."
    )


class _Reader:
    def __init__(self, file: TensorsFile, data: memoryview, where: str) -> None:
        self._file = file
        self._data = data
        self._where = where

    def get(self, name: str, how: Any, depth: int) -> Any:
        """Value that is stored in a way that `put` returned."""
        if how == "array":
            return self._array(name)
        if not isinstance(how, dict) or depth > _MAX_DEPTH:
            raise damaged(self._where, f"a column that is stored as {how!r}")
        if "strings" in how:
            return self._strings(name, how["strings"])
        if "ragged" in how:
            return self._ragged(name, how, depth)
        if "sparse" in how:
            values = self.get(f"{name}.values", how["sparse"], depth + 1)
            places, shape = self._integers(f"{name}.indices"), self._integers(f"{name}.shape")
            inside = ((places >= 0) & (places < shape)).all() if places.ndim == 2 else False
            if not inside or places.shape != (len(values), len(shape)) or values.ndim != 1:
                raise damaged(self._where, "a sparse tensor whose parts do not fit")
            return SparseTensor(places, HostTensor(values), shape)
        if "shapes" in how:
            return self._of_shapes(name, how, depth)
        items = how.get("list")
        if not isinstance(items, list):
            raise damaged(self._where, f"a column that is stored as {how!r}")
        return [self.get(f"{name}.{i}", item, depth + 1) for i, item in enumerate(items)]

    def _array(self, name: str) -> np.ndarray[Any, Any]:
        if name not in self._file.entries:
            raise damaged(self._where, f"no array {name!r}")
        entry = self._file.entries[name]
        size = math.prod(entry.shape) * entry.dtype.size
        if entry.dtype is dtypes.bool or entry.end - entry.begin != size or not size:
            return self._file.read(name)
        found = np.frombuffer(self._data[entry.begin : entry.end], entry.dtype.numpy_dtype)
        return found.reshape(entry.shape)

    def _integers(self, name: str) -> np.ndarray[Any, Any]:
        found = self._array(name)
        if found.dtype not in (np.int64, np.int32):
            raise damaged(self._where, f"places of dtype {found.dtype}")
        return found

    def _strings(self, name: str, shape: Any) -> np.ndarray[Any, Any]:
        lengths, data = self._integers(f"{name}.lengths"), self._array(f"{name}.bytes")
        sizes = isinstance(shape, list) and all(type(s) is int and s >= 0 for s in shape)
        if not sizes or lengths.shape != (math.prod(shape),) or (lengths < 0).any() or data.ndim != 1:
            raise damaged(self._where, "strings whose parts do not fit")
        if data.dtype != np.uint8 or sum(lengths.tolist()) != len(data):
            raise damaged(self._where, "strings whose bytes do not fit their lengths")
        raw, out = data.tobytes(), np.empty(len(lengths), object)
        ends = np.cumsum(lengths).tolist()
        out[:] = [raw[first:last] for first, last in zip([0, *ends], ends)]
        return out.reshape(shape)

    def _ragged(self, name: str, how: dict[str, Any], depth: int) -> RaggedTensor:
        values = self.get(f"{name}.values", how["ragged"], depth + 1)
        splits, uniform = self._integers(f"{name}.splits"), how.get("uniform")
        count = _rows_of(values)
        valid = splits.ndim == 1 and len(splits) > 0 and splits[0] == 0 and splits[-1] == count
        if not valid or (np.diff(splits) < 0).any() or type(values) is list:
            raise damaged(self._where, "a ragged tensor whose splits do not fit")
        if uniform is not None and (type(uniform) is not int or (np.diff(splits) != uniform).any()):
            raise damaged(self._where, f"rows of other lengths than {uniform!r}")
        inner = values if isinstance(values, RaggedTensor) else HostTensor(values)
        return RaggedTensor._of(inner, RowPartition(splits, count, uniform))

    def _of_shapes(self, name: str, how: dict[str, Any], depth: int) -> list[Any]:
        flat, shapes = self.get(f"{name}.flat", how["shapes"], depth + 1), self._integers(f"{name}.shapes")
        valid = isinstance(flat, np.ndarray) and flat.ndim == 1 and shapes.ndim == 2
        if not valid or (shapes < 0).any():
            raise damaged(self._where, "values whose shapes do not fit")
        sizes = [math.prod(shape) for shape in shapes.tolist()]
        if sum(sizes) != len(flat):
            raise damaged(self._where, "values whose shapes do not fit their number")
        parts = np.split(flat, np.cumsum(sizes)[:-1])
        return [part.reshape(shape) for part, shape in zip(parts, shapes.tolist(), strict=True)]
