"""Tables in files of separated values: their rows, columns of numbers and strings, and kinds of columns."""

from __future__ import annotations

import csv
import io
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.data.blocks import Block
from thalweg._src.data.file_streams import USUAL_BUFFER, opened
from thalweg._src.data.record_files import Reader

_ROWS = 1024
_PARSERS: dict[str, Callable[[str], Any]] = {
    "int32": int,
    "int64": int,
    "float32": float,
    "float64": float,
    # Files are read as Latin-1, which keeps each byte as it is.
    "string": lambda text: text.encode("latin-1"),
}


@dataclass(frozen=True)
class Dialect:
    """How values are written in a file.

    Attributes:
        delimiter: Character between them.
        quotes: Whether quotes hold values together.
        header: Whether the first row holds names.
        na: What stands for a missing value, as an empty one does.
        compression: "", "GZIP" or "ZLIB".
        buffer_size: Bytes read at once.
    """

    delimiter: str = ","
    quotes: bool = True
    header: bool = False
    na: str = ""
    compression: str = ""
    buffer_size: int = USUAL_BUFFER

    def rows(self, path: str) -> Iterator[list[str]]:
        """Rows of a file, the header among them."""
        with opened(path, self.compression, self.buffer_size) as file:
            text = io.TextIOWrapper(file, "latin-1", newline="")
            # Characters that no text holds stand for no quotes.
            quote = '"' if self.quotes else "\0"
            found = csv.reader(text, delimiter=self.delimiter, quotechar=quote, strict=True)
            try:
                for row in found:
                    yield row or [""]
            except csv.Error as error:
                raise InvalidArgumentError(
                    f"[csv] expected separated values, got line {found.line_num} of {path!r} that is none: "
                    f"{error}."
                ) from None


class Column:
    """A column of a table.

    Args:
        place: Number of the column in the file.
        default: Value for missing ones; a dtype, or an empty tensor, where none may be missing.
        where: Name for messages.

    Raises:
        TypeError: A dtype that files of separated values do not hold.
    """

    def __init__(self, place: int, default: Any, where: str) -> None:
        self.place = place
        self.default: Any = None
        if isinstance(default, (dtypes.DType, np.dtype, type)):
            self.dtype = dtypes.as_dtype(default)
        else:
            given = convert_to_tensor(default)
            self.dtype = given.dtype
            values = np.asarray(given.array).reshape(-1)
            self.default = values[0] if values.size else None
        if self.dtype.name not in _PARSERS:
            raise DTypeError(
                f"[{where}] expected columns of int32, int64, float32, float64 or string, got "
                f"{self.dtype.name}; cast in a map."
            )
        self._parse = _PARSERS[self.dtype.name]

    @property
    def spec(self) -> TensorSpec:
        """Spec of a value."""
        return TensorSpec((), self.dtype)

    def parsed(self, texts: Sequence[str], na: str) -> np.ndarray[Any, Any]:
        """Values of texts.

        Raises:
            ValueError: A text that is none, or a missing value where there is no default.
        """
        out = np.empty(len(texts), self.dtype.numpy_dtype)
        if "" in texts or na in texts:
            missing = ("", na)
            if self.default is None:
                raise InvalidArgumentError("is required but missing in record! Give [value] as its default.")
            values = [self.default if text in missing else self._parse(text) for text in texts]
        else:
            values = [self._parse(text) for text in texts]
        if self.dtype.is_integer and not self.dtype.min <= min(values) <= max(values) <= self.dtype.max:
            raise OverflowError
        out[:] = values
        return out


class Table:
    """Columns of a table, in the order in which their values are given.

    Args:
        columns: The columns.
        width: How many there are in the file; None for any number.
        dialect: How the file is written.
    """

    def __init__(self, columns: Sequence[Column], width: int | None, dialect: Dialect) -> None:
        self._columns = columns
        self._width = width
        self._dialect = dialect
        self._least = 1 + max(column.place for column in columns)

    def reader(self) -> Reader:
        """Reader of the rows of a file."""

        def read(path: str) -> Iterator[Block | Exception]:
            rows = self._dialect.rows(path)
            number = 0
            if self._dialect.header and next(rows, None) is None:
                raise InvalidArgumentError(f"[csv] Can't read header of file {path!r}: it is empty.")
            while chunk := list(itertools.islice(rows, _ROWS)):
                try:
                    yield self._block(chunk)
                except (ValueError, OverflowError):
                    for at, row in enumerate(chunk):
                        yield self._one(row, path, number + at)
                number += len(chunk)

        return read

    def _block(self, rows: Sequence[Sequence[str]]) -> Block:
        for row in rows:
            if len(row) != self._width and (self._width is not None or len(row) < self._least):
                raise InvalidArgumentError(
                    f"expected {self._width or f'at least {self._least}'} fields, got {len(row)}"
                )
        texts = list(zip(*rows, strict=self._width is not None))
        na = self._dialect.na
        return Block([column.parsed(texts[column.place], na) for column in self._columns], len(rows))

    def _one(self, row: Sequence[str], path: str, number: int) -> Block | Exception:
        """Block of one row, or what is wrong with it."""
        for column in self._columns:
            try:
                if column.place < len(row):
                    column.parsed([row[column.place]], self._dialect.na)
            except (ValueError, OverflowError) as error:
                text = row[column.place]
                what = f"is not a valid {column.dtype.name}: {text!r}."
                if isinstance(error, InvalidArgumentError):
                    what = str(error)
                return InvalidArgumentError(
                    f"[csv] Field {column.place} in record {number} of {path!r} {what}"
                )
        try:
            return self._block([row])
        except InvalidArgumentError as error:
            return InvalidArgumentError(f"[csv] {error} in record {number} of {path!r}.")


def kind_of(texts: Sequence[str], na: str) -> str:
    """Name of the narrowest dtype that holds values: int32, int64, float32, float64, else string.

    Args:
        texts: The values.
        na: What stands for a missing one, as an empty one does.
    """
    kinds = list(_PARSERS)
    least = 0
    present = [text for text in texts if text not in ("", na)]
    for text in present:
        while not _holds(kinds[least], text):
            least += 1
    return kinds[least] if present else "string"


def _holds(kind: str, text: str) -> bool:
    if kind == "string":
        return True
    try:
        value = _PARSERS[kind](text)
    except ValueError:
        return False
    if kind == "float32":
        return not math.isfinite(value) or abs(value) <= float(dtypes.float32.max)
    return kind == "float64" or bool(dtypes.as_dtype(kind).min <= value <= dtypes.as_dtype(kind).max)
