"""Texts in attributes are read as HDF5's library reads them, and never longer than they are."""

from __future__ import annotations

import io
import resource
import struct
from collections.abc import Callable
from typing import Any

import h5py
import numpy as np
import pytest

from thalweg._src.base.errors import SavingError
from thalweg._src.keras.archive.h5_gate import H5Reader

LONG = "é" * 40_000


def fill(file: Any) -> None:
    file.attrs["text"] = LONG
    file.attrs["bytes"] = b"abc"
    file.attrs["empty"] = ""
    file.attrs["none"] = np.zeros(0)
    group = file.create_group("a/b")
    group.attrs["fixed"] = np.array([b"kernel:0", b"b"])
    group.attrs["any"] = [f"layer_{i}" for i in range(300)]
    group.attrs["number"] = 3
    group.attrs["null"] = h5py.Empty("f4")


@pytest.mark.parametrize("version", ["earliest", "v108", "latest"])
def test_texts_are_those_of_the_library(version: str) -> None:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w", libver=version) as file:
        fill(file)
    with H5Reader(buffer, "texts") as reader:
        assert reader.texts() == {"text": [LONG], "bytes": ["abc"], "empty": [""], "none": []}
        inner = reader.texts("a/b")
        assert inner.pop("any") == [f"layer_{i}" for i in range(300)]
        assert inner == {"fixed": ["kernel:0", "b"], "null": []}
        assert reader.texts("a") == {}
        assert reader.texts("c") == {}


def test_headers_go_on_elsewhere() -> None:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for index in range(200):
            file.attrs[f"name{index}"] = f"text {index}"
    with H5Reader(buffer, "long") as reader:
        assert reader.texts() == {f"name{i}": [f"text {i}"] for i in range(200)}


def one_text(text: bytes = b"x" * 100) -> tuple[bytearray, int]:
    """A file with one text, and the place of the 16 bytes that say where that is."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file.attrs["a"] = text
    data = bytearray(buffer.getvalue())
    return data, place_of(data, len(text))


def place_of(data: bytearray, length: int) -> int:
    """Place of the 16 bytes that stand for a text of this length."""
    for place in range(len(data) - 16):
        found, heap, _ = struct.unpack_from("<IQI", data, place)
        if found == length and data[heap : heap + 4] == b"GCOL":
            return place
    raise AssertionError(length)


def longer(data: bytearray, place: int) -> None:
    data[place : place + 4] = struct.pack("<I", 4_000_000_000)


def shorter(data: bytearray, place: int) -> None:
    data[place : place + 4] = struct.pack("<I", 3)


def outside(data: bytearray, place: int) -> None:
    data[place + 4 : place + 12] = struct.pack("<Q", 1 << 40)


def elsewhere(data: bytearray, place: int) -> None:
    data[place + 4 : place + 12] = struct.pack("<Q", 0)


def another(data: bytearray, place: int) -> None:
    data[place + 12 : place + 16] = struct.pack("<I", 9)


def large_heap(data: bytearray, place: int) -> None:
    heap = data.index(b"GCOL")
    data[heap + 8 : heap + 16] = struct.pack("<Q", 1 << 50)


def no_text(data: bytearray, place: int) -> None:
    start = data.index(b"x" * 100)
    data[start : start + 2] = b"\xff\xfe"


@pytest.mark.parametrize(
    "change", [longer, shorter, outside, elsewhere, another, large_heap, no_text], ids=lambda c: c.__name__
)
def test_what_is_said_of_a_text_must_be_true(change: Callable[[bytearray, int], None]) -> None:
    data, place = one_text()
    change(data, place)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with H5Reader(io.BytesIO(bytes(data)), "changed") as reader, pytest.raises(SavingError):
        reader.texts()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KiB


def test_one_text_many_times_is_refused() -> None:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file.attrs["a"] = ["y" * 10_000] + [""] * 999
    data = bytearray(buffer.getvalue())
    place = place_of(data, 10_000)
    data[place : place + 16_000] = data[place : place + 16] * 1000
    with H5Reader(io.BytesIO(bytes(data)), "many") as reader, pytest.raises(SavingError, match="far too"):
        reader.texts()


def test_attributes_kept_outside_of_headers_are_refused() -> None:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w", libver="latest") as file:
        for index in range(20):
            file.attrs[f"a{index}"] = "x"
    with H5Reader(buffer, "dense") as reader, pytest.raises(SavingError, match="outside of a header"):
        reader.texts()


@pytest.mark.parametrize("seed", range(4))
def test_damaged_files_raise_nothing_but_saving_errors(seed: int) -> None:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w", libver="latest" if seed % 2 else "earliest") as file:
        fill(file)
    data = buffer.getvalue()
    chance = np.random.default_rng(seed)
    for _ in range(100):
        changed = bytearray(data)
        for place in chance.integers(min(len(data), 6000), size=3):
            changed[place] = chance.integers(256)
        try:
            with H5Reader(io.BytesIO(bytes(changed)), "changed") as reader:
                reader.texts()
                reader.texts("a/b")
        except SavingError:
            pass
