"""Whole files, read and written on the host."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, ShapeError
from thalweg._src.base.file_errors import explained
from thalweg._src.core.opdef import op

_HINT = "Read and write files outside of the compiled program, or in Dataset.map."


def _string(where: str, what: str, value: Any) -> bytes:
    if value.dtype != object:
        raise DTypeError(f"[{where}] expected {what} of dtype string, got {value.dtype}.")
    if value.shape != ():
        raise ShapeError(
            f"[{where}] expected {what} as a scalar string, got shape {tuple(value.shape)}."
        )
    found: bytes = value.item()
    return found


@op("read_file", inputs=("filename",), on_host=True, dynamic=True, hint=_HINT)
def read_file(filename: Any) -> Any:
    """The bytes of a file.

    Args:
        filename: Path, a scalar string.

    Returns:
        Scalar string.

    Raises:
        NotFoundError: There is no such file.
        FailedPreconditionError: It is a folder, or cannot be read.

    Source: `tf.io.read_file`.
    """
    path = os.fsdecode(_string("read_file", "filename", filename))
    try:
        with open(path, "rb") as file:
            return np.array(file.read(), object)
    except OSError as error:
        raise explained("read_file", path, error) from None


@op("write_file", inputs=("filename", "contents"), matched=(), on_host=True, dynamic=True, hint=_HINT)
def _write(filename: Any, contents: Any) -> Any:
    path = os.fsdecode(_string("write_file", "filename", filename))
    data = _string("write_file", "contents", contents)
    try:
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)
    except OSError as error:
        raise explained("write_file", path, error) from None
    return np.asarray(True)


def write_file(filename: Any, contents: Any, name: str | None = None) -> None:
    """Writes bytes to a file, and makes the folders on its path.

    Args:
        filename: Path, a scalar string. A file that is there is replaced.
        contents: What to write, a scalar string.
        name: Name of the node in a model's graph.

    Raises:
        PermissionDeniedError: The file may not be written.
        FailedPreconditionError: It cannot be written.

    Source: `tf.io.write_file`.
    """
    _write(filename, contents, name=name)
