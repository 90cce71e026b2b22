"""What fills tables: tensors of keys and values, and files of lines."""

from __future__ import annotations

import os
from typing import Any, ClassVar

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.base.file_errors import explained
from thalweg._src.core import dtypes
from thalweg._src.core.dtypes import DType
from thalweg._src.lookup.tables import vector_of
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.strings.blocks import array_of
from thalweg._src.ops.strings.numbers import read_numbers


class KeyValueTensorInitializer:
    """Keys and values as tensors.

    Args:
        keys: Vector of keys.
        values: Vector of values, as long.
        key_dtype: Dtype of keys; that of `keys` when None.
        value_dtype: Dtype of values; that of `values` when None.
        name: Unused.

    Raises:
        ShapeError: The lengths differ, or there are no keys.

    Source: `tf.lookup.KeyValueTensorInitializer`.
    """

    def __init__(
        self,
        keys: Any,
        values: Any,
        key_dtype: Any = None,
        value_dtype: Any = None,
        name: str | None = None,
    ) -> None:
        where = "KeyValueTensorInitializer"
        self._keys = vector_of(where, "keys", keys, key_dtype)
        self._values = vector_of(where, "values", values, value_dtype)
        if len(self._keys) != len(self._values) or not len(self._keys):
            raise ShapeError(
                f"[{where}] expected one value for each key, and one key at least, got {len(self._keys)} "
                f"keys and {len(self._values)} values."
            )

    @property
    def key_dtype(self) -> DType:
        """Dtype of keys."""
        return dtypes.BY_NUMPY[self._keys.dtype]

    @property
    def value_dtype(self) -> DType:
        """Dtype of values."""
        return dtypes.BY_NUMPY[self._values.dtype]

    def _pairs(self) -> tuple[Any, Any]:
        return self._keys, self._values

    def initialize(self, table: Any) -> None:
        """Does nothing: a table is filled when it is made."""


class TextFileIndex:
    """What of a line is meant, where it is no column.

    Attributes:
        WHOLE_LINE: The line itself.
        LINE_NUMBER: Its number, from 0 on.

    Source: `tf.lookup.TextFileIndex`.
    """

    WHOLE_LINE: ClassVar[int] = -2
    LINE_NUMBER: ClassVar[int] = -1


class TextFileInitializer:
    """Keys and values in the lines of a file.

    Args:
        filename: Path of the file.
        key_dtype: Dtype of keys.
        key_index: Column of the keys, from 0 on, or a `TextFileIndex`.
        value_dtype: Dtype of values.
        value_index: Column of the values, or a `TextFileIndex`.
        vocab_size: Number of lines to read, which the file must have; all when None.
        delimiter: What stands between columns.
        name: Unused.
        value_index_offset: Added to numbers of lines.

    Raises:
        ValueError: An index or dtype does not fit.

    Source: `tf.lookup.TextFileInitializer`. The file is read when a table is made of it.
    """

    def __init__(
        self,
        filename: Any,
        key_dtype: Any,
        key_index: Any,
        value_dtype: Any,
        value_index: Any,
        vocab_size: Any = None,
        delimiter: Any = "\t",
        name: str | None = None,
        value_index_offset: Any = 0,
    ) -> None:
        where = "TextFileInitializer"
        self._path = os.fsdecode(filename.numpy() if hasattr(filename, "numpy") else filename)
        self._key_dtype, self._value_dtype = (
            dtypes.as_dtype(key_dtype),
            dtypes.as_dtype(value_dtype),
        )
        self._key_index = int_of(where, "key_index", key_index)
        self._value_index = int_of(where, "value_index", value_index)
        self._size = None if vocab_size is None else int_of(where, "vocab_size", vocab_size)
        self._delimiter = delimiter.encode() if isinstance(delimiter, str) else bytes(delimiter)
        self._offset = int_of(where, "value_index_offset", value_index_offset)
        if self._size is not None and self._size < 1:
            raise InvalidArgumentError(
                f"[{where}] expected vocab_size of 1 or more, got {self._size}."
            )
        for what, index, dtype in (
            ("key_index", self._key_index, self._key_dtype),
            ("value_index", self._value_index, self._value_dtype),
        ):
            _check_index(where, what, index, dtype)

    @property
    def key_dtype(self) -> DType:
        """Dtype of keys."""
        return self._key_dtype

    @property
    def value_dtype(self) -> DType:
        """Dtype of values."""
        return self._value_dtype

    def initialize(self, table: Any) -> None:
        """Does nothing: a table is filled when it is made."""

    def _pairs(self) -> tuple[Any, Any]:
        lines = self._lines()
        return (
            self._part(lines, self._key_index, self._key_dtype),
            self._part(lines, self._value_index, self._value_dtype),
        )

    def _lines(self) -> list[bytes]:
        where = "TextFileInitializer"
        try:
            with open(self._path, "rb") as file:
                lines = file.read().split(b"\n")
        except OSError as error:
            raise explained(where, self._path, error) from None
        if not lines[-1]:
            lines.pop()
        lines = [line.removesuffix(b"\r") for line in lines[: self._size]]
        if not lines or len(lines) < (self._size or 0):
            raise InvalidArgumentError(
                f"[{where}] expected {self._size or 'some'} lines in {self._path!r}, got {len(lines)}."
            )
        if b"" in lines:
            raise InvalidArgumentError(
                f"[{where}] expected lines with text in {self._path!r}, got an empty one at line "
                f"{lines.index(b'')}."
            )
        return lines

    def _part(self, lines: list[bytes], index: int, dtype: DType) -> Any:
        if index == TextFileIndex.LINE_NUMBER:
            return np.arange(len(lines), dtype=np.int64) + self._offset
        if index >= 0:
            lines = [self._column(number, line, index) for number, line in enumerate(lines)]
        if dtype is dtypes.string:
            return array_of(lines)
        return read_numbers(f"TextFileInitializer, {self._path}", lines, dtype)

    def _column(self, number: int, line: bytes, index: int) -> bytes:
        columns = line.split(self._delimiter)
        if index >= len(columns):
            raise InvalidArgumentError(
                f"[TextFileInitializer] expected at least {index + 1} columns in line {number} of "
                f"{self._path!r}, got {len(columns)}; see `delimiter`."
            )
        return columns[index]


def _check_index(where: str, what: str, index: int, dtype: DType) -> None:
    if index < TextFileIndex.WHOLE_LINE:
        raise InvalidArgumentError(
            f"[{where}] expected {what} of -2 or more, got {index}; see tf.lookup.TextFileIndex."
        )
    if index == TextFileIndex.LINE_NUMBER and dtype is not dtypes.int64:
        raise InvalidArgumentError(
            f"[{where}] expected dtype int64 for numbers of lines ({what}), got {dtype.name}."
        )
    if index == TextFileIndex.WHOLE_LINE and not (dtype.is_integer or dtype is dtypes.string):
        raise DTypeError(
            f"[{where}] expected dtype string or int64 for whole lines ({what}), got {dtype.name}."
        )
