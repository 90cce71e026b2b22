"""Arrays of texts: what the ops of strings share.

A tensor of strings is an object array of `bytes`. Work on each text is a list comprehension, which is
as fast as Python gets; work on each character goes over all texts in one flat array of bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.core import dtypes

STRING = dtypes.string
UNITS = ("BYTE", "UTF8_CHAR")


def need_texts(where: str, *arrays: Any) -> None:
    """Refuses arrays of anything but strings.

    Raises:
        DTypeError: An array has another dtype.
    """
    for array in arrays:
        if array.dtype != object:
            raise DTypeError(
                f"[{where}] expected strings, got {dtypes.BY_NUMPY[array.dtype].name} of shape "
                f"{tuple(array.shape)}; write numbers as texts with tf.strings.as_string."
            )


def choice(where: str, what: str, value: Any, known: Sequence[str]) -> str:
    """`value`, which must be one of `known`.

    Raises:
        InvalidArgumentError: It is not.
    """
    text = value.decode() if isinstance(value, bytes) else value
    if text not in known:
        raise InvalidArgumentError(f"[{where}] expected {what} among {list(known)}, got {value!r}.")
    return text


def one_text(where: str, what: str, value: Any) -> bytes:
    """A static argument that is one text, as bytes.

    Raises:
        DTypeError: It is no text.
        InvalidArgumentError: It is a list of texts.
    """
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bytes):
        return value
    if isinstance(value, (tuple, list)):
        raise InvalidArgumentError(
            f"[{where}] expected {what} as one text, got {value!r}; call it once for each."
        )
    raise DTypeError(
        f"[{where}] expected {what} as a text, got {value!r} of type {type(value).__name__}."
    )


def texts_of(array: Any) -> list[bytes]:
    """The texts of an array in row-major order."""
    return array.reshape(-1).tolist()


def array_of(texts: Iterable[bytes], shape: Sequence[int] | None = None) -> Any:
    """Object array of texts; of `shape` where that is given, else a vector."""
    listed = texts if isinstance(texts, list) else list(texts)
    found = np.empty(len(listed), object)
    found[:] = listed
    return found if shape is None else found.reshape(shape)


def numbers_of(values: Iterable[Any], dtype: Any, shape: Sequence[int]) -> Any:
    """Array of numbers, one for each text."""
    return np.fromiter(values, dtype).reshape(shape)


def splits_of(lengths: Iterable[int]) -> Any:
    """Row splits int64 ``(rows + 1,)`` of rows of these lengths."""
    counts = np.fromiter(lengths, np.int64)
    splits = np.zeros(counts.size + 1, np.int64)
    np.cumsum(counts, out=splits[1:])
    return splits


def joined(texts: list[bytes]) -> tuple[bytes, Any]:
    """All texts as one, and the splits between them."""
    return b"".join(texts), splits_of(map(len, texts))


def character_starts(data: bytes) -> Any:
    """Bool array, True at each byte that begins a UTF-8 character."""
    return (np.frombuffer(data, np.uint8) & 0xC0) != 0x80
