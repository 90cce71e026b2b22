"""Data sets of the rows of Parquet files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from thalweg._src.base.errors import DataLossError, InvalidArgumentError
from thalweg._src.base.file_errors import explained
from thalweg._src.data.arrow_columns import arrow, column_of, spec_of_type
from thalweg._src.data.blocks import Block
from thalweg._src.data.dataset import Dataset
from thalweg._src.data.record_files import ReadFiles, paths_of, strings_node

_ROWS = 4096


class ParquetDataset(Dataset):
    """The rows of Parquet files, as dicts of the columns.

    Numbers become scalars, strings and bytes scalar strings, lists of one size tensors, other lists ragged
    rows. Files are read in parts: they need not fit into memory.

    Args:
        filenames: A path, or list or tensor of paths, of files with the same columns.
        columns: Names of the columns to read; all when None.
        num_parallel_reads: Files that are open at once and give rows in turns, each read ahead in a thread.
            `AUTOTUNE` reads ahead, one file after the other.

    Raises:
        ImportError: pyarrow is not installed (``thalweg[text]``).
        NotFoundError: A file is not there.
        DataLossError: A file is damaged, or no Parquet file.
        TypeError: Columns of kinds that tensors do not hold, such as times.
        InvalidArgumentError: A column is not there; when it is iterated: rows without a value, but for
            floating columns, where they are NaN.

    Source: our own; tables in memory are given to `Dataset.from_tensor_slices`.
    """

    def __init__(
        self, filenames: Any, columns: Sequence[str] | None = None, num_parallel_reads: int | None = None
    ) -> None:
        where = "ParquetDataset"
        paths = paths_of(filenames, where)
        if not len(paths):
            raise InvalidArgumentError(f"[{where}] expected at least one path, got none.")
        schema = _opened(os.fsdecode(paths[0]), where).schema_arrow
        names = sorted(schema.names if columns is None else columns)
        if missing := set(names) - set(schema.names):
            raise InvalidArgumentError(
                f"[{where}] expected columns among {schema.names}, got {sorted(missing)}."
            )
        spec = {name: spec_of_type(schema.field(name).type, name, where) for name in names}

        def read(path: str) -> Iterator[Block | Exception]:
            file = _opened(path, where)
            if not file.schema_arrow.equals(schema):
                raise InvalidArgumentError(
                    f"[{where}] expected files with the same columns, got {path!r} with "
                    f"{file.schema_arrow.names}, or other types of these."
                )
            for batch in file.iter_batches(_ROWS, columns=names):
                found = [column_of(batch.column(name), name, where) for name in names]
                if batch.num_rows:
                    yield Block(found, batch.num_rows)

        super().__init__(ReadFiles(strings_node(paths), where, read, spec, num_parallel_reads))


def _opened(path: str, where: str) -> Any:
    pyarrow, parquet = arrow("pyarrow", where), arrow("pyarrow.parquet", where)
    try:
        return parquet.ParquetFile(path)
    except OSError as error:
        raise explained(where, path, error) from None
    except pyarrow.ArrowException as error:
        raise DataLossError(f"[{where}] expected a Parquet file, got {path!r}: {error}.") from None
