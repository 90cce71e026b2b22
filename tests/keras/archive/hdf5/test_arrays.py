"""Arrays as h5py writes them are read as h5py reads them, and damaged ones are refused."""

from __future__ import annotations

import io
import zlib
from typing import Any

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thalweg._src.base.errors import SavingError
from thalweg._src.keras.archive.h5_gate import H5Reader

DTYPES = [
    *(order + kind for kind in ("i2", "u4", "i8", "f2", "f4", "f8", "c8", "c16") for order in "<>"),
    "u1", "i1", "?",
]  # fmt: skip
FILTERS: list[dict[str, Any]] = [
    {}, {"compression": 4}, {"shuffle": True}, {"fletcher32": True},
    {"compression": 1, "shuffle": True, "fletcher32": True},
]  # fmt: skip


def file_of(array: Any, libver: Any = "earliest", **options: Any) -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w", libver=libver) as file:
        file.create_dataset("vars/0", data=array, **options)
    return buffer.getvalue()


def read(data: bytes) -> Any:
    with H5Reader(io.BytesIO(data), "file") as reader:
        return reader.read("vars")["0"]


@pytest.mark.parametrize("libver", ["earliest", "v108"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_is_read(dtype: str, libver: str) -> None:
    array = (np.arange(12).reshape(3, 4) % 3).astype(dtype)
    found = read(file_of(array, libver))
    assert found.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(found, array)


@given(
    shape=st.lists(st.integers(1, 7), min_size=1, max_size=3),
    chunk=st.lists(st.integers(1, 7), min_size=3, max_size=3),
    filters=st.sampled_from(FILTERS),
    dtype=st.sampled_from(["<f4", ">i2", "u1"]),
)
def test_chunks_of_all_shapes_are_put_together(
    shape: list[int], chunk: list[int], filters: Any, dtype: str
) -> None:
    array = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
    chunks = tuple(min(n, size) for n, size in zip(chunk, shape, strict=False))
    np.testing.assert_array_equal(read(file_of(array, chunks=chunks, **filters)), array)


def test_many_chunks_need_several_levels_of_a_tree() -> None:
    array = np.arange(5000)
    np.testing.assert_array_equal(read(file_of(array, chunks=(1,))), array)


def test_filters_that_a_chunk_did_not_pass_are_not_undone() -> None:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        made = file.create_dataset("vars/0", (4,), "<i4", chunks=(4,), compression=1, shuffle=True)
        made.id.write_direct_chunk((0,), np.arange(4, dtype="<i4").tobytes(), filter_mask=3)
    np.testing.assert_array_equal(read(buffer.getvalue()), np.arange(4))


def test_a_wrong_checksum_is_noticed() -> None:
    array = np.arange(301, dtype="u1")
    data = bytearray(file_of(array, chunks=(301,), fletcher32=True))
    np.testing.assert_array_equal(read(bytes(data)), array)
    data[data.index(array.tobytes()) + 7] ^= 1
    with pytest.raises(SavingError, match="another checksum"):
        read(bytes(data))


def test_chunks_must_be_there_and_full() -> None:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        made = file.create_dataset("vars/0", (100,), "i1", chunks=(50,), compression=1)
        made[:50] = np.random.default_rng(0).integers(0, 99, 50)
    with pytest.raises(SavingError, match="bytes for an array of shape"):
        read(buffer.getvalue())
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        made = file.create_dataset("vars/0", (4,), "i4", chunks=(4,), compression=1)
        made.id.write_direct_chunk((0,), b"short", filter_mask=1)
    with pytest.raises(SavingError, match="5 bytes for a chunk of 16"):
        read(buffer.getvalue())


def test_a_chunk_that_unpacks_to_more_is_refused_early() -> None:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        made = file.create_dataset("vars/0", (400,), "i1", chunks=(400,), compression=1)
        made.id.write_direct_chunk((0,), zlib.compress(b"\0" * 10_000_000, 9))
    with pytest.raises(SavingError, match="405 bytes for a chunk of 400"):
        read(buffer.getvalue())


def test_bytes_of_bools_are_looked_at() -> None:
    data = file_of(np.array([True, False, True] * 9))
    place = data.index(b"\1\0\1" * 9)
    with pytest.raises(SavingError, match="other than 0 and 1"):
        read(data[:place] + b"\7" + data[place + 1 :])
