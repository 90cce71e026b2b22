"""Data sets of the results of queries to data bases."""

from __future__ import annotations

import sqlite3
import urllib.parse
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, NotFoundError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.data.blocks import Block
from thalweg._src.data.dataset import Dataset
from thalweg._src.data.node import UNKNOWN, BlocksCursor, Cursor, Node, Run

_ROWS = 1024


class Query(Node):
    """Rows that a query finds.

    Args:
        path: The data base.
        query: The query.
        types: Dtypes of the columns.
    """

    name = "sql"
    waits = True

    def __init__(self, path: str, query: str, types: Sequence[dtypes.DType]) -> None:
        super().__init__()
        self._path = path
        self._query = query
        self._types = types

    @property
    def spec(self) -> Any:
        """A tuple of scalars."""
        return tuple(TensorSpec((), dtype) for dtype in self._types)

    @property
    def cardinality(self) -> int:
        """Unknown before they are read."""
        return UNKNOWN

    def open(self, run: Run) -> Cursor:
        """Cursor of the query's results."""
        return BlocksCursor(self._blocks())

    def _blocks(self) -> Iterator[Block | Exception]:
        try:
            # Read only: a query cannot change the file.
            location = f"file:{urllib.parse.quote(self._path)}?mode=ro"
            base = sqlite3.connect(location, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise NotFoundError(
                f"[SqlDataset] expected a data base, got {self._path!r}: {error}."
            ) from None
        try:
            found = base.execute(self._query)
            while rows := found.fetchmany(_ROWS):
                yield self._block(rows)
        except sqlite3.Error as error:
            raise InvalidArgumentError(
                f"[SqlDataset] expected a query that {self._path!r} answers, got {self._query!r}: {error}."
            ) from None
        finally:
            base.close()

    def _block(self, rows: Sequence[tuple[Any, ...]]) -> Block:
        if len(rows[0]) != len(self._types):
            raise InvalidArgumentError(
                f"[SqlDataset] expected output_types for {len(rows[0])} columns, got {len(self._types)}."
            )
        columns = [_column(values, t) for values, t in zip(zip(*rows, strict=True), self._types, strict=True)]
        return Block(columns, len(rows))

    def settings(self) -> dict[str, Any]:
        """The query."""
        return {"query": self._query}


def _column(values: Sequence[Any], dtype: dtypes.DType) -> np.ndarray[Any, Any]:
    out = np.empty(len(values), dtype.numpy_dtype)
    if dtype is dtypes.string:
        out[:] = [v if isinstance(v, bytes) else b"" if v is None else str(v).encode() for v in values]
    else:
        try:
            out[:] = [0 if v is None else v for v in values]
        except (TypeError, ValueError, OverflowError) as error:
            raise InvalidArgumentError(
                f"[SqlDataset] expected values of {dtype.name}, got others: {error}."
            ) from None
    return out


class SqlDataset(Dataset):
    """Rows that a query finds, as tuples of scalars.

    Args:
        driver_name: ``"sqlite"``.
        data_source_name: Path of the data base.
        query: Query in SQL that gives rows; the data base is opened for reading only.
        output_types: Tuple of dtypes, one for each column. Values that are missing become 0 or an empty
            string.

    Raises:
        InvalidArgumentError: The driver is another; when it is iterated: the query is wrong, or gives other
            columns.
        NotFoundError: When it is iterated: the data base is not there.

    Source: `tf.data.experimental.SqlDataset`.
    """

    def __init__(self, driver_name: Any, data_source_name: Any, query: Any, output_types: Any) -> None:
        texts = [convert_to_tensor(v).numpy() for v in (driver_name, data_source_name, query)]
        driver, path, text = (t.decode() if isinstance(t, bytes) else str(t) for t in texts)
        if driver != "sqlite":
            raise InvalidArgumentError(f"[SqlDataset] expected driver_name 'sqlite', got {driver!r}.")
        given = output_types if isinstance(output_types, (tuple, list)) else (output_types,)
        super().__init__(Query(path, text, [dtypes.as_dtype(t) for t in given]))
