"""Values of features, read straight from the bytes of examples.

Source: ``example.proto`` and ``feature.proto``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.base.wire import BYTES, MalformedError, fields
from thalweg._src.core import dtypes
from thalweg._src.core.dtypes import DType
from thalweg._src.ops.io.message import read_floats, read_integers

# Fields of a feature: the kinds of its list.
_KINDS = {1: dtypes.string, 2: dtypes.float32, 3: dtypes.int64}
_NONE = {dtypes.string: object, dtypes.float32: np.float32, dtypes.int64: np.int64}


class Values(NamedTuple):
    """Values of one feature of one example.

    Attributes:
        dtype: Their dtype; None where the feature has no list.
        array: Array ``(values,)``.
    """

    dtype: DType | None
    array: Any


# Features of one example, or of all steps of one sequence.
Row = dict[str, Values]
Steps = dict[str, list[Values]]


def nothing(dtype: DType) -> Any:
    """No values of a dtype."""
    return np.zeros(0, _NONE[dtype])


def read_example(serialized: Any, wanted: Collection[bytes]) -> Row:
    """Features of an ``Example``.

    Args:
        serialized: The message.
        wanted: Names of the features to read.

    Raises:
        MalformedError: The bytes are no such message.
    """
    found: Row = {}
    for features in _messages(serialized, 1):
        _add_features(features, wanted, found)
    return found


def read_sequence_example(
    serialized: Any, wanted: Collection[bytes], wanted_lists: Collection[bytes]
) -> tuple[Row, Steps]:
    """Features of a ``SequenceExample``: those of the whole, and those of its steps.

    Raises:
        MalformedError: The bytes are no such message.
    """
    context: Row = {}
    lists: Steps = {}
    for number, kind, value in fields(serialized):
        if kind != BYTES:
            continue
        if number == 1:
            _add_features(value, wanted, context)
        elif number == 2:
            for name, data in _entries(value, wanted_lists):
                lists[name] = [_values_of(step) for step in _messages(data, 1)]
    return context, lists


def _messages(data: Any, field: int) -> Iterator[Any]:
    return (value for number, kind, value in fields(data) if number == field and kind == BYTES)


def _entries(data: Any, wanted: Collection[bytes]) -> Iterator[tuple[str, Any]]:
    """Entries of the map that is field 1 of a message."""
    for entry in _messages(data, 1):
        name, value = b"", memoryview(b"")
        for number, kind, part in fields(entry):
            if number == 1 and kind == BYTES:
                name = bytes(part)
            elif number == 2 and kind == BYTES:
                value = part
        if name in wanted:
            yield name.decode(), value


def _add_features(data: Any, wanted: Collection[bytes], found: Row) -> None:
    for name, feature in _entries(data, wanted):
        found[name] = _values_of(feature)


def _values_of(feature: Any) -> Values:
    dtype: DType | None = None
    lists: list[Any] = []
    for number, kind, value in fields(feature):
        if number not in _KINDS or kind != BYTES:
            continue
        # Of several kinds the last one counts.
        if _KINDS[number] is not dtype:
            dtype, lists = _KINDS[number], []
        lists.append(value)
    if dtype is None:
        return Values(None, np.zeros(0, np.int64))
    if dtype is dtypes.string:
        texts = [bytes(text) for data in lists for text in _messages(data, 1)]
        array = np.empty(len(texts), object)
        array[:] = texts
        return Values(dtype, array)
    read = read_floats if dtype is dtypes.float32 else read_integers
    parts = [read(k, v) for data in lists for n, k, v in fields(data) if n == 1]
    if not parts:
        return Values(dtype, nothing(dtype))
    return Values(dtype, parts[0] if len(parts) == 1 else np.concatenate(parts))


def refused(where: str, label: str, reason: Any) -> InvalidArgumentError:
    """The error for an example that cannot be read."""
    return InvalidArgumentError(
        f"[{where}] expected {label} as a serialized message, got bytes that are none: {reason}"
    )


def labels_of(where: str, count: int, names: Any) -> list[str]:
    """What to call each example in messages."""
    if names is None or not len(names):
        return [f"example {i}" for i in range(count)]
    if len(names) != count:
        raise InvalidArgumentError(
            f"[{where}] expected a name for each of {count} examples, got {len(names)}."
        )
    texts = (n.decode("utf-8", "replace") if isinstance(n, bytes) else n for n in names)
    return [f"example {i} ({n!r})" for i, n in enumerate(texts)]


def read_all(where: str, serialized: list[bytes], labels: list[str], read: Any) -> list[Any]:
    """What `read` gives for each message.

    Raises:
        InvalidArgumentError: One is malformed.
    """
    found = []
    for data, label in zip(serialized, labels):
        try:
            found.append(read(data))
        except MalformedError as error:
            raise refused(where, label, error) from None
    return found
