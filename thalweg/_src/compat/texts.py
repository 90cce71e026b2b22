"""Bytes and text, sizes and paths, as programs for several versions of TensorFlow write them."""

from __future__ import annotations

import codecs
import os
from typing import Any

from thalweg._src.base.errors import DTypeError


def as_bytes(bytes_or_text: Any, encoding: str = "utf-8") -> bytes:
    """A string as bytes.

    Args:
        bytes_or_text: str, bytes or bytearray.
        encoding: How a str is encoded.

    Returns:
        bytes.

    Raises:
        DTypeError: It is something else.

    Source: `tf.compat.as_bytes`.
    """
    if isinstance(bytes_or_text, str):
        return bytes_or_text.encode(codecs.lookup(encoding).name)
    if isinstance(bytes_or_text, (bytes, bytearray)):
        return bytes(bytes_or_text)
    raise DTypeError(f"[as_bytes] expected str or bytes, got {bytes_or_text!r}; convert it first.")


def as_text(bytes_or_text: Any, encoding: str = "utf-8") -> str:
    """A string as str.

    Args:
        bytes_or_text: str, bytes or bytearray.
        encoding: How bytes are decoded.

    Returns:
        str.

    Raises:
        DTypeError: It is something else.

    Source: `tf.compat.as_text`, which is `tf.compat.as_str` too.
    """
    if isinstance(bytes_or_text, str):
        return bytes_or_text
    if isinstance(bytes_or_text, (bytes, bytearray)):
        return bytes_or_text.decode(encoding)
    raise DTypeError(f"[as_text] expected str or bytes, got {bytes_or_text!r}; write str(value).")


def as_str_any(value: Any, encoding: str = "utf-8") -> str:
    """Anything as str: bytes are decoded, everything else is as `str` writes it.

    Args:
        value: Anything.
        encoding: How bytes are decoded.

    Returns:
        str.

    Source: `tf.compat.as_str_any`.
    """
    return as_text(value, encoding) if isinstance(value, bytes) else str(value)


def path_to_str(path: Any) -> Any:
    """A path object as str; anything else as it is.

    Args:
        path: str, `pathlib.Path`, or anything else.

    Source: `tf.compat.path_to_str`.
    """
    return os.fspath(path) if hasattr(path, "__fspath__") else path


def dimension_value(dimension: Any) -> Any:
    """A size of a shape: here sizes are numbers or None already, and come back as they are.

    Args:
        dimension: int or None.

    Source: `tf.compat.dimension_value`, for programs that also run on TensorFlow 1, where sizes were objects.
    """
    return getattr(dimension, "value", dimension)
