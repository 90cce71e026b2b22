"""Columns of tables of Apache Arrow."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.core.tensor import HostTensor
from thalweg._src.ops.ragged.partition import RowPartition
from thalweg._src.ops.ragged.spec import RaggedTensorSpec
from thalweg._src.ops.ragged.tensor import RaggedTensor


def arrow(module: str, where: str) -> Any:
    """A module of pyarrow.

    Raises:
        ImportError: It is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        raise ImportError(f"[{where}] needs pyarrow; install it with: pip install 'thalweg[text]'") from None


def spec_of_type(kind: Any, name: str, where: str) -> Any:
    """Spec of a value of an Arrow type.

    Raises:
        TypeError: Tensors cannot hold such values.
    """
    types = arrow("pyarrow.types", where)
    if types.is_dictionary(kind):
        return spec_of_type(kind.value_type, name, where)
    if _is_text(types, kind):
        return TensorSpec((), dtypes.string)
    if types.is_fixed_size_list(kind):
        inner = spec_of_type(kind.value_type, name, where)
        return TensorSpec([kind.list_size, *inner.shape], inner.dtype)
    if types.is_list(kind) or types.is_large_list(kind):
        inner = spec_of_type(kind.value_type, name, where)
        depth = inner.ragged_rank + 1 if isinstance(inner, RaggedTensorSpec) else 0
        return RaggedTensorSpec([None, *inner.shape], inner.dtype, depth, dtypes.int64)
    if types.is_boolean(kind) or types.is_integer(kind) or types.is_floating(kind):
        return TensorSpec((), dtypes.as_dtype(kind.to_pandas_dtype()))
    raise DTypeError(
        f"[{where}] expected columns of numbers, strings or lists of these, got {kind} as column {name!r}; "
        "choose others by columns=, or cast it with pyarrow first."
    )


def _is_text(types: Any, kind: Any) -> bool:
    tests = (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    return any(test(kind) for test in tests)


def column_of(array: Any, name: str, where: str) -> Any:
    """Column of an Arrow array.

    Raises:
        InvalidArgumentError: Values are missing where there is no number for it.
    """
    types, kind = arrow("pyarrow.types", where), array.type
    if types.is_dictionary(kind):
        return column_of(array.dictionary_decode(), name, where)
    if array.null_count and not types.is_floating(kind):
        raise InvalidArgumentError(
            f"[{where}] expected values in all rows, got {array.null_count} rows without one in column "
            f"{name!r}; fill them with pyarrow.compute.fill_null, or drop the rows."
        )
    if _is_text(types, kind):
        binary = array.cast("large_binary")
        out = np.empty(len(binary), object)
        out[:] = binary.to_pylist()
        return out
    if types.is_fixed_size_list(kind):
        inner = column_of(array.flatten(), name, where)
        return inner.reshape(len(array), kind.list_size, *inner.shape[1:])
    if types.is_list(kind) or types.is_large_list(kind):
        offsets = array.offsets.to_numpy().astype(np.int64)
        inner = column_of(array.flatten(), name, where)
        values = inner if isinstance(inner, RaggedTensor) else HostTensor(inner)
        return RaggedTensor._of(values, RowPartition(offsets - offsets[0], int(offsets[-1] - offsets[0])))
    return array.to_numpy(zero_copy_only=False)


def columns_of_table(table: Any, where: str) -> dict[str, Any]:
    """Columns of an Arrow table by name."""
    names = table.column_names
    return {name: column_of(table.column(name).combine_chunks(), name, where) for name in names}
