"""Data sets of tables in files of separated values."""

from __future__ import annotations

import itertools
import os
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.data.csv_files import Column, Dialect, Table, kind_of
from thalweg._src.data.dataset import Dataset
from thalweg._src.data.file_datasets import buffer_of
from thalweg._src.data.file_lists import matching_files
from thalweg._src.data.file_streams import checked_compression
from thalweg._src.data.record_files import ReadFiles, files_node, paths_of


class CsvDataset(Dataset):
    """The rows of files of separated values, as tuples of scalars.

    Args:
        filenames: A path, list or tensor of paths, or data set of them.
        record_defaults: For each column that is given its dtype, where it must have a value in each row; or
            ``[value]`` for rows where it has none. int32, int64, float32, float64 and strings.
        compression_type: How the files are compressed: ``""``, ``"GZIP"`` or ``"ZLIB"``.
        buffer_size: Bytes read at once; None leaves it to us.
        header: Whether the first row of each file holds names.
        field_delim: Character between values.
        use_quote_delim: False to take quotes for characters like others.
        na_value: What stands for a missing value, as an empty one does.
        select_cols: Numbers of the columns to give; all when None.
        exclude_cols: Numbers of the columns to leave out.

    Raises:
        InvalidArgumentError: The numbers of columns contradict each other. When it is iterated: a value of
            another kind, or missing; more or fewer values than columns.

    Source: `tf.data.experimental.CsvDataset`. Quotes within values without quotes are taken as they are.
    """

    def __init__(
        self,
        filenames: Any,
        record_defaults: Sequence[Any],
        compression_type: Any = None,
        buffer_size: Any = None,
        header: bool = False,
        field_delim: str = ",",
        use_quote_delim: bool = True,
        na_value: str = "",
        select_cols: Sequence[int] | None = None,
        exclude_cols: Sequence[int] | None = None,
    ) -> None:
        where = "CsvDataset"
        count = len(record_defaults)
        width = None if select_cols else count + len(exclude_cols or ())
        left_out = set(exclude_cols or ())
        places = list(select_cols or (p for p in range(width or 0) if p not in left_out))
        if select_cols and exclude_cols or len(places) != count or not count:
            raise InvalidArgumentError(
                f"[{where}] expected record_defaults for the columns that select_cols or exclude_cols name, "
                f"got {count} for select_cols={select_cols} and exclude_cols={exclude_cols}."
            )
        columns = [Column(p, d, where) for p, d in zip(places, record_defaults, strict=True)]
        dialect = Dialect(
            field_delim,
            use_quote_delim,
            header,
            na_value,
            checked_compression(compression_type, where),
            buffer_of(buffer_size, where),
        )
        reader = Table(columns, width, dialect).reader()
        spec = tuple(column.spec for column in columns)
        super().__init__(ReadFiles(files_node(filenames, where), where, reader, spec, None))


def make_csv_dataset(
    file_pattern: Any,
    batch_size: Any,
    column_names: Sequence[str] | None = None,
    column_defaults: Sequence[Any] | None = None,
    label_name: str | None = None,
    select_columns: Sequence[Any] | None = None,
    field_delim: str = ",",
    use_quote_delim: bool = True,
    na_value: str = "",
    header: bool = True,
    num_epochs: int | None = None,
    shuffle: bool = True,
    shuffle_buffer_size: int = 10000,
    shuffle_seed: int | None = None,
    prefetch_buffer_size: int | None = None,
    num_parallel_reads: int | None = None,
    sloppy: bool = False,
    num_rows_for_inference: int | None = 100,
    compression_type: Any = None,
    ignore_errors: bool = False,
    encoding: str = "utf-8",
) -> Dataset:
    """Batches of rows of files of separated values, as dicts of columns.

    Args:
        file_pattern: Pattern of paths, as for `Dataset.list_files`, or list of patterns.
        batch_size: Rows in a batch.
        column_names: Names of the columns; those in the first row when None.
        column_defaults: For each column that is chosen its dtype, or ``[value]`` where values are missing;
            found out from the first rows when None: the narrowest of int32, int64, float32, float64 and
            string, with 0 or an empty string for missing values.
        label_name: Column that becomes the label: elements are then pairs.
        select_columns: Names or numbers of the columns to give; all when None.
        field_delim: Character between values.
        use_quote_delim: False to take quotes for characters like others.
        na_value: What stands for a missing value, as an empty one does.
        header: Whether the first row of each file holds names.
        num_epochs: Passes over the files; without end when None, and without a shorter last batch.
        shuffle: Whether files and rows are shuffled.
        shuffle_buffer_size: Rows that each row is drawn from.
        shuffle_seed: Names the order.
        prefetch_buffer_size: Batches made beforehand; None leaves it to us.
        num_parallel_reads: Files that are open at once and give rows in turns.
        sloppy: The order is always the same, as with False.
        num_rows_for_inference: Rows to find out dtypes from; all when None.
        compression_type: How the files are compressed: ``""``, ``"GZIP"`` or ``"ZLIB"``.
        ignore_errors: Leave out rows with wrong values instead of raising an error.
        encoding: Of the names in the first row; strings are given as the bytes that they are.

    Raises:
        ValueError: No file matches; names are missing, come twice, or differ between files; `label_name` or
            `select_columns` names a column that is not there.

    Source: `tf.data.experimental.make_csv_dataset`.
    """
    del sloppy
    where = "make_csv_dataset"
    paths = matching_files(paths_of(file_pattern, where).tolist(), where)
    compression = checked_compression(compression_type, where)
    dialect = Dialect(field_delim, use_quote_delim, header, na_value, compression)
    if column_names is None and not header:
        raise ValueError(f"[{where}] Expected `column_names` or `header` arguments. Neither is provided.")
    names = _names_of(paths, dialect, encoding, where) if column_names is None else list(column_names)
    if len(set(names)) < len(names):
        raise ValueError(f"[{where}] expected names that differ, got duplicate column names among {names}.")
    places = _places(names, select_columns, where)
    chosen = [names[p] for p in places]
    if label_name is not None and label_name not in chosen:
        raise ValueError(f"[{where}] expected label_name among the columns {chosen}, got {label_name!r}.")
    if column_defaults is None:
        column_defaults = _inferred(paths, dialect, places, num_rows_for_inference)
    if len(column_defaults) != len(places):
        raise ValueError(
            f"[{where}] expected column_defaults for {len(places)} columns, got {len(column_defaults)}."
        )
    columns = {
        name: Column(place, default, where)
        for name, place, default in zip(chosen, places, column_defaults, strict=True)
    }
    features = OrderedDict((name, c.spec) for name, c in columns.items() if name != label_name)
    # Leaves of a dict come in the order of its keys' names.
    ordered = [columns[name] for name in sorted(features)]
    structure: Any = features
    if label_name is not None:
        structure = (features, columns[label_name].spec)
        ordered.append(columns[label_name])
    files = Dataset.from_tensor_slices(paths)
    if shuffle:
        files = files.shuffle(len(paths), shuffle_seed)
    reader = Table(ordered, len(names), dialect).reader()
    dataset: Any = Dataset(ReadFiles(files._node, where, reader, structure, num_parallel_reads))
    if ignore_errors:
        dataset = dataset.ignore_errors()
    if shuffle:
        dataset = dataset.shuffle(shuffle_buffer_size, shuffle_seed)
    dataset = dataset.repeat(num_epochs).batch(batch_size, drop_remainder=num_epochs is None)
    found: Dataset = dataset.prefetch(-1 if prefetch_buffer_size is None else prefetch_buffer_size)
    return found


def _names_of(paths: Sequence[bytes], dialect: Dialect, encoding: str, where: str) -> list[str]:
    """Names in the first rows, which must be the same in all files."""
    first: list[str] | None = None
    for path in map(os.fsdecode, paths):
        rows = dialect.rows(path)
        names = [name.encode("latin-1").decode(encoding) for name in next(rows, [])]
        rows.close()  # type: ignore[attr-defined]
        if first is not None and names != first:
            raise ValueError(
                f"[{where}] expected the same column names in the first row of all files, got {first} in "
                f"{os.fsdecode(paths[0])!r} and {names} in {path!r}."
            )
        first = names
    return first or []


def _places(names: list[str], selected: Sequence[Any] | None, where: str) -> list[int]:
    """Numbers of the columns that are chosen by name or number, in the order of the file."""
    if selected is None:
        return list(range(len(names)))
    unknown = [s for s in selected if s not in names and s not in range(len(names))]
    if unknown or len(set(selected)) < len(selected):
        raise ValueError(
            f"[{where}] expected select_columns among {names} or their numbers, each once, got "
            f"{list(selected)}."
        )
    return sorted(names.index(s) if isinstance(s, str) else int(s) for s in selected)


def _inferred(paths: Sequence[bytes], dialect: Dialect, places: list[int], rows: int | None) -> list[Any]:
    """Defaults of the kinds of columns that the first rows show."""

    def all_rows() -> Any:
        for path in paths:
            found = dialect.rows(os.fsdecode(path))
            yield from itertools.islice(found, 1 if dialect.header else 0, None)

    columns = list(zip(*itertools.islice(all_rows(), rows), strict=False))
    kinds = [kind_of(columns[p], dialect.na) if p < len(columns) else "string" for p in places]
    return [[b""] if kind == "string" else dtypes.as_dtype(kind).numpy_dtype.type([0]) for kind in kinds]
