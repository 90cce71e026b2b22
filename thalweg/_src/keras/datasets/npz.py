"""Reader of `.npz` files that runs no code and allocates no more than the file can hold."""

from __future__ import annotations

import hashlib
import io
import warnings
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from thalweg._src.base.errors import DataLossError
from thalweg._src.keras.datasets import safe_pickle

# A member that unpacks to more than this, and to more than this many times its packed size, is a
# bomb. The real data sets unpack to at most 50 MB and about 10 times.
BOMB_BYTES = 64 << 20
BOMB_RATIO = 100


def read_arrays(path: Path, names: Sequence[str]) -> list[npt.NDArray[Any]]:
    """Arrays of the members `names` of the file `path`, in that order.

    Args:
        path: An `.npz` file.
        names: Members without `.npy`. Each must hold numbers, not objects.

    Returns:
        Writable arrays.

    Raises:
        DataLossError: The file is damaged, lacks a member or holds Python objects.
    """
    return [_numbers(data, f"{path}: {name}") for name, data in _members(path, names)]


def read_sequences(
    path: Path, sequences: Sequence[str], labels: Sequence[str], digest: str
) -> tuple[list[list[list[int]]], list[npt.NDArray[Any]]]:
    """Ragged sequences of whole numbers, and plain arrays, of the file `path`.

    Args:
        path: An `.npz` file.
        sequences: Members that hold one list of whole numbers for each sample.
        labels: Members that hold numbers.
        digest: SHA-256 of the published file; another file is read by a slower, bounded reader.

    Returns:
        The sequences and the arrays, each in the order asked for.

    Raises:
        DataLossError: The file is damaged, lacks a member or holds anything else.
    """
    known = _sha256(path) == digest
    read = []
    for name, data in _members(path, sequences):
        where = f"{path}: {name}"
        shape, dtype, body = _header(data, where)
        if dtype.hasobject:
            record = safe_pickle.load(body, where, known)
            read.append(safe_pickle.integer_lists(record, where, len(body)))
        elif len(shape) == 2 and dtype.kind in "iu":
            read.append(_numbers(data, where).tolist())
        else:
            raise DataLossError(
                f"[{where}] expected lists of whole numbers, got {dtype} of shape {shape}; "
                "delete the file and load the data again."
            )
    return read, read_arrays(path, labels)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _members(path: Path, names: Sequence[str]) -> list[tuple[str, bytes]]:
    """Names and unpacked bytes of the members."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = []
            for name in names:
                info = archive.getinfo(f"{name}.npy")
                if info.file_size > max(BOMB_BYTES, BOMB_RATIO * info.compress_size):
                    raise DataLossError(
                        f"[{path}: {name}] expected at most {BOMB_RATIO} times the packed size of "
                        f"{info.compress_size} bytes, got {info.file_size}; delete the file and "
                        "load the data again."
                    )
                found.append((name, archive.read(info)))
            return found
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise DataLossError(
            f"[{path}] expected an .npz file with {', '.join(names)}, got {type(error).__name__}: "
            f"{error}; delete the file and load the data again."
        ) from error


def _header(data: bytes, where: str) -> tuple[tuple[int, ...], np.dtype[Any], bytes]:
    """Shape, dtype and what follows the header of an `.npy` member."""
    file = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # "was created on Python 2": as published
            if version == (1, 0):
                shape, fortran_order, dtype = np.lib.format.read_array_header_1_0(file)
            else:
                shape, fortran_order, dtype = np.lib.format.read_array_header_2_0(file)
    except ValueError as error:
        raise DataLossError(
            f"[{where}] expected an .npy header, got {error}; delete the file and load the data "
            "again."
        ) from error
    if fortran_order and len(shape) > 1:
        raise DataLossError(
            f"[{where}] expected an array in row-major order, got column-major; save it with "
            "np.savez(..., np.ascontiguousarray(x))."
        )
    return shape, dtype, data[file.tell() :]


def _numbers(data: bytes, where: str) -> npt.NDArray[Any]:
    """Array of an `.npy` member that holds numbers."""
    shape, dtype, body = _header(data, where)
    expected = int(np.prod(shape, dtype=object)) * dtype.itemsize
    if dtype.hasobject or dtype.kind not in "biuf" or expected != len(body):
        raise DataLossError(
            f"[{where}] expected {expected} bytes of numbers for shape {shape}, got {len(body)} of "
            f"{dtype}; delete the file and load the data again."
        )
    return np.frombuffer(body, dtype).reshape(shape).copy()
