"""Comma-separated values: decode_csv."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.dtypes import DType
from thalweg._src.core.opdef import op
from thalweg._src.ops.arguments import ints_of
from thalweg._src.ops.strings.blocks import STRING, array_of, need_texts, one_text, texts_of
from thalweg._src.ops.strings.numbers import read_numbers

_WHERE = "decode_csv"
_DTYPES = ("float32", "float64", "int32", "int64", "string")
_QUOTE = b'"'


def fields_of(record: bytes, delimiter: bytes, quotes: bool) -> list[bytes]:
    """Fields of a record.

    Args:
        record: One line.
        delimiter: What stands between fields.
        quotes: Fields may stand in double quotes, in which two of them stand for one.

    Raises:
        ValueError: A quote is not closed, or stands inside a field without quotes; the text says which.
    """
    if not record:
        return []
    if not quotes:
        return record.split(delimiter)
    found: list[bytes] = []
    at = 0
    while at <= len(record):
        if record[at : at + 1] == _QUOTE:
            field, at = _quoted(record, at + 1)
            if at < len(record) and record[at : at + 1] != delimiter:
                raise ValueError(f"text behind the quotes of field {len(found)}")
        else:
            end = record.find(delimiter, at)
            end = len(record) if end < 0 else end
            field, at = record[at:end], end
            if any(mark in field for mark in (_QUOTE, b"\n", b"\r")):
                raise ValueError(
                    f"a quote or the end of a line inside field {len(found)}, which is not in quotes"
                )
        found.append(field)
        at += 1
    return found


def _quoted(record: bytes, at: int) -> tuple[bytes, int]:
    """Field in quotes, and the place behind them."""
    parts = []
    while True:
        end = record.find(_QUOTE, at)
        if end < 0:
            raise ValueError("a quote that is not closed")
        parts.append(record[at:end])
        at = end + 1
        if record[at : at + 1] != _QUOTE:
            return b"".join(parts), at
        parts.append(_QUOTE)
        at += 1


def _rows_of(
    records: list[bytes], delimiter: bytes, quotes: bool, columns: Sequence[int] | None, count: int
) -> list[list[bytes]]:
    """Chosen fields of all records."""
    rows = []
    for number, record in enumerate(records):
        try:
            row = fields_of(record, delimiter, quotes)
        except ValueError as error:
            raise InvalidArgumentError(
                f"[{_WHERE}] expected fields, got {error}, in record {number}: {record[:60]!r}."
            ) from None
        needed = count if columns is None else columns[-1] + 1 if columns else 0
        if len(row) < needed or columns is None and len(row) != count:
            raise InvalidArgumentError(
                f"[{_WHERE}] expected {needed} fields, got {len(row)} in record {number}: {record[:60]!r}."
            )
        rows.append(row if columns is None else [row[c] for c in columns])
    return rows


def _column(
    number: int, fields: Sequence[bytes], dtype: DType, default: Any, missing: bytes
) -> Any:
    """Array of one column; what is missing takes the default."""
    gaps = [field in (b"", missing) for field in fields]
    if default is None and any(gaps):
        raise InvalidArgumentError(
            f"[{_WHERE}] expected field {number} in every record, got none in record {gaps.index(True)}; "
            "give a value in record_defaults."
        )
    if dtype is dtypes.string:
        return array_of([default if gap else f for f, gap in zip(fields, gaps)])
    found = np.full(len(fields), 0 if default is None else default, dtype.numpy_dtype)
    given = [f for f, gap in zip(fields, gaps) if not gap]
    found[~np.array(gaps, np.bool_)] = read_numbers(f"{_WHERE}, field {number}", given, dtype)
    return found


def _form(records: Any, defaults: Any, *_: Any, **__: Any) -> tuple[Any, ...]:
    need_texts(_WHERE, records)
    return tuple(np.zeros(records.shape, dtype.numpy_dtype) for dtype, _ in defaults)


@op(
    "decode_csv",
    inputs=("records",),
    input_dtypes={"records": STRING},
    matched=(),
    on_host=True,
    pointwise=True,
    form=_form,
)
def _decode_csv(
    records: Any, defaults: Any, delimiter: Any, quotes: bool, missing: Any, columns: Any
) -> tuple[Any, ...]:
    need_texts(_WHERE, records)
    rows = _rows_of(texts_of(records), delimiter, quotes, columns, len(defaults))
    by_column: Any = list(zip(*rows)) if rows else [()] * len(defaults)
    return tuple(
        _column(number, fields, dtype, default, missing).reshape(records.shape)
        for number, (fields, (dtype, default)) in enumerate(zip(by_column, defaults))
    )


_decode_csv.opdef.body.many = True  # type: ignore[attr-defined]


def _default(number: int, value: Any) -> tuple[DType, Any]:
    """Dtype of a column and its default; None where each record must have it."""
    tensor = convert_to_tensor(value)
    dtype, array = tensor.dtype, tensor.numpy()
    if dtype.name not in _DTYPES:
        raise InvalidArgumentError(
            f"[{_WHERE}] expected record_defaults of dtypes {list(_DTYPES)}, got {dtype.name} for field "
            f"{number}."
        )
    if np.ndim(array) > 1 or np.size(array) > 1:
        raise InvalidArgumentError(
            f"[{_WHERE}] expected one value, or none, for field {number} in record_defaults, got shape "
            f"{tensor.shape}."
        )
    flat = np.reshape(np.asarray(array, dtype.numpy_dtype), -1).tolist()
    return dtype, flat[0] if flat else None


def _columns(select_cols: Any, count: int) -> tuple[int, ...] | None:
    if select_cols is None:
        return None
    columns = ints_of(_WHERE, "select_cols", tuple(select_cols))
    if len(columns) != count or any(a >= b for a, b in zip((-1, *columns), columns)):
        raise InvalidArgumentError(
            f"[{_WHERE}] expected select_cols as {count} ascending numbers from 0 on, one for each of "
            f"record_defaults, got {list(columns)}."
        )
    return columns


def decode_csv(
    records: Any,
    record_defaults: Any,
    field_delim: Any = ",",
    use_quote_delim: bool = True,
    na_value: Any = "",
    select_cols: Any = None,
    name: str | None = None,
) -> list[Any]:
    """Columns of comma-separated values.

    Args:
        records: Strings of any shape, each one line.
        record_defaults: For each column its default as a tensor of its dtype (float32, float64, int32, int64
            or string) with one element, or with none where each record must have the field.
        field_delim: Character between fields.
        use_quote_delim: Fields may stand in double quotes, in which two of them stand for one.
        na_value: Text that stands for a missing value, as an empty field does.
        select_cols: Ascending numbers of the columns to read; all when None.
        name: Unused.

    Returns:
        List of tensors of the shape of `records`, one for each column.

    Raises:
        InvalidArgumentError: A record has another number of fields, a field is missing or of another dtype.

    Example:
        >>> import thalweg as tf
        >>> ages, names = tf.io.decode_csv(["29,Ann", ",Bob"], [[0], [""]])
        >>> ages.numpy().tolist(), names.numpy().tolist()
        ([29, 0], [b'Ann', b'Bob'])

    Source: `tf.io.decode_csv`; RFC 4180.
    """
    defaults = tuple(_default(i, value) for i, value in enumerate(record_defaults))
    delimiter = one_text(_WHERE, "field_delim", field_delim)
    if len(delimiter) != 1:
        raise InvalidArgumentError(
            f"[{_WHERE}] expected field_delim as one character, got {field_delim!r}."
        )
    columns = _columns(select_cols, len(defaults))
    missing = one_text(_WHERE, "na_value", na_value)
    found = _decode_csv(records, defaults, delimiter, bool(use_quote_delim), missing, columns)
    return list(found)
