"""Groups as h5py writes them are read, and those that do not end, or lead elsewhere, are refused."""

from __future__ import annotations

import io
from typing import Any

import h5py
import numpy as np
import pytest

from thalweg._src.base.errors import SavingError
from thalweg._src.keras.archive.h5_gate import H5Reader


def file_of(*names: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w", **options) as file:
        for i, name in enumerate(names):
            file[name] = np.int32(i)
    return buffer.getvalue()


def read(data: bytes) -> dict[str, Any]:
    with H5Reader(io.BytesIO(data), "file") as reader:
        return {
            f"{group}/{name}".lstrip("/"): int(array)
            for group in reader.groups
            for name, array in reader.read(group).items()
        }


@pytest.mark.parametrize("count", [1, 8, 9, 500, 3000])
def test_all_members_are_found(count: int) -> None:
    names = [f"layers/dense_{i}/vars/0" for i in range(count)]
    assert read(file_of(*names)) == {name: i for i, name in enumerate(names)}


def test_names_in_other_letters_are_read() -> None:
    assert read(file_of("café/变量")) == {"café/变量": 0}


def test_few_members_in_headers_are_read() -> None:
    names = ["a", "b/c", "b/d", "e/f/g"]
    wanted = {name: i for i, name in enumerate(names)}
    for options in ({"libver": "latest"}, {"libver": "v108"}, {"track_order": True}):
        assert read(file_of(*names, **options)) == wanted


@pytest.mark.parametrize("options", [{"libver": "latest"}, {"track_order": True}])
def test_parts_that_keras_does_not_write_are_named(options: Any) -> None:
    with pytest.raises(SavingError, match="outside of its header.*without libver= and track_order="):
        read(file_of(*(f"a{i}" for i in range(50)), **options))


def changed(data: bytes, mark: bytes, at: int, new: bytes) -> bytes:
    place = data.index(mark) + at
    return data[:place] + new + data[place + len(new) :]


def test_trees_that_hold_themselves_are_refused() -> None:
    data = file_of(*(f"a{i}" for i in range(500)))
    trees = [i for i in range(len(data)) if data.startswith(b"TREE", i)]
    # The tree's root is made its own child, on a level that never ends.
    root = next(i for i in trees if data[i + 5] > 0)
    child = int.from_bytes(data[root + 32 : root + 40], "little")
    looped = data[: root + 32] + root.to_bytes(8, "little") + data[root + 40 :]
    with pytest.raises(SavingError, match="no node of a tree"):
        read(looped)
    assert child in trees


def test_headers_that_go_on_for_ever_are_refused() -> None:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for i in range(30):  # too many for one block
            file.attrs[f"a{i}"] = "x" * 50
    data = buffer.getvalue()
    # A continuation message: kind 16, 16 bytes.
    place = data.index(b"\x10\0\x10\0\0\0\0\0") + 8
    block = int.from_bytes(data[place : place + 8], "little")
    assert 0 < block < len(data)
    loop = b"\x10\0\x10\0\0\0\0\0" + data[place : place + 16]
    looped = data[:block] + loop + data[block + len(loop) :]
    with pytest.raises(SavingError, match=r"contain each other|more than \d+ parts"):
        H5Reader(io.BytesIO(looped), "looped")


def test_signatures_are_looked_at() -> None:
    data = file_of("a/b")
    for mark, message in ((b"TREE", "tree"), (b"HEAP", "names"), (b"SNOD", "members")):
        with pytest.raises(SavingError, match=f"no .*{message}"):
            read(changed(data, mark, 0, b"NONE"))
