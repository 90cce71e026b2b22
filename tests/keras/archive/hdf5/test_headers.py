"""Beginnings of files, and headers of objects."""

from __future__ import annotations

import io
from typing import Any

import h5py
import numpy as np
import pytest

from thalweg._src.base.errors import SavingError
from thalweg._src.keras.archive.h5_gate import H5Reader


@pytest.fixture(scope="module")
def data() -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file["a"] = np.arange(3)
    return buffer.getvalue()


def opened(data: bytes) -> Any:
    return H5Reader(io.BytesIO(data), "file")


@pytest.mark.parametrize(
    ("place", "new", "message"),
    [
        (0, b"x", "does not start as HDF5"), (8, b"\x09", "version 9 of HDF5"),
        (13, b"\x04", "addresses of other sizes"), (24, b"\x08", "a file from 8"),
        (40, b"\xff\xff\xff", "a file from 0 to"), (48, b"\0" * 8, "several parts"),
        (64, b"\xff" * 8, "in a file of"), (64, b"\x01" + b"\0" * 7, "no header of an object at 1"),
    ],
)  # fmt: skip
def test_beginnings_are_looked_at(place: int, new: bytes, message: str, data: bytes) -> None:
    with pytest.raises(SavingError, match=message):
        opened(data[:place] + new + data[place + len(new) :])


def test_messages_that_are_not_known_are_refused(data: bytes) -> None:
    place = data.index(b"\x05\0\x08\0")  # what missing parts of the array are filled with
    with pytest.raises(SavingError, match="a message of kind 99"):
        opened(data[:place] + b"\x63" + data[place + 1 :])


def test_types_that_objects_share_are_refused() -> None:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file["kind"] = np.dtype("f4")
        file.create_dataset("a", (2,), dtype=file["kind"])
    with pytest.raises(SavingError, match="neither group nor array|several objects share"):
        opened(buffer.getvalue())


def test_a_file_that_shrinks_after_it_was_opened(data: bytes) -> None:
    file = io.BytesIO(data)
    with H5Reader(file, "file") as reader:
        file.truncate(data.index(np.arange(3).tobytes()) + 1)
        with pytest.raises(SavingError, match="fewer bytes"):
            reader.read("")
