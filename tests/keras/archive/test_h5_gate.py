"""HDF5 files made to do harm are refused, and what Keras and others write is read."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import ml_dtypes
import numpy as np
import pytest

from thalweg._src.base.errors import SavingError
from thalweg._src.keras.archive.h5_gate import H5Reader

HOSTILE: list[Any] = []


def hostile(message: str) -> Callable[[Any], Any]:
    def note(make: Any) -> Any:
        HOSTILE.append(pytest.param(make, message, id=make.__name__))
        return make

    return note


@hostile("a link to elsewhere")
def external_link(file: h5py.File, folder: Path) -> None:
    with h5py.File(folder / "secret.h5", "w") as secret:
        secret["vars/0"] = np.arange(3.0)
    file["layers"] = h5py.ExternalLink(str(folder / "secret.h5"), "/")


@hostile("a link to elsewhere")
def soft_link(file: h5py.File, folder: Path) -> None:
    file["vars/0"] = np.arange(3.0)
    file["more"] = h5py.SoftLink("/vars")


@hostile("data that lies in another file")
def external_storage(file: h5py.File, folder: Path) -> None:
    (folder / "secret.bin").write_bytes(b"x" * 64)
    file.create_dataset("vars/0", (8,), "f8", external=[(str(folder / "secret.bin"), 0, 64)])


@hostile("a virtual dataset")
def virtual_dataset(file: h5py.File, folder: Path) -> None:
    with h5py.File(folder / "secret.h5", "w") as secret:
        secret["data"] = np.arange(8.0)
    layout = h5py.VirtualLayout((8,), "f8")
    layout[:] = h5py.VirtualSource(str(folder / "secret.h5"), "data", shape=(8,))
    file.create_virtual_dataset("vars/0", layout)


@hostile("filters")
def foreign_filter(file: h5py.File, folder: Path) -> None:
    file.create_dataset("vars/0", data=np.zeros(100), chunks=(10,), compression="lzf")


@hostile("0 bytes for an array of shape")
def enormous_shape(file: h5py.File, folder: Path) -> None:
    file.create_dataset("vars/0", (1 << 40,), "f4")


@hostile("0 bytes for an array of shape")
def enormous_chunked_shape(file: h5py.File, folder: Path) -> None:
    file.create_dataset("vars/0", (1 << 40,), "f4", chunks=(1 << 10,))


@hostile("chunks of")
def enormous_chunk(file: h5py.File, folder: Path) -> None:
    data = file.create_dataset("vars/0", (1 << 28,), "i1", chunks=(1 << 28,), compression=1)
    data.id.write_direct_chunk((0,), b"x" * 64)


@hostile("bytes for an array of shape")
def compressed_zeros(file: h5py.File, folder: Path) -> None:
    file.create_dataset("vars/0", data=np.zeros(1 << 20, "i1"), compression=9)


@hostile("the dtype 'list'")
def texts(file: h5py.File, folder: Path) -> None:
    file.create_dataset("vars/0", data=["a", "b"], dtype=h5py.string_dtype())


@hostile("the dtype 'list'")
def lists(file: h5py.File, folder: Path) -> None:
    file.create_dataset("vars/0", (2,), dtype=h5py.vlen_dtype("f4"))


@hostile("the dtype")
def records(file: h5py.File, folder: Path) -> None:
    file.create_dataset("vars/0", data=np.zeros(2, [("a", "f4"), ("b", "i4")]))


@hostile("the dtype 'reference'")
def references(file: h5py.File, folder: Path) -> None:
    file.create_dataset("vars/0", (2,), dtype=h5py.ref_dtype)


@hostile("the dtype")
def unknown_bytes(file: h5py.File, folder: Path) -> None:
    file.create_dataset("vars/0", data=np.zeros(2, "V5"))


@hostile("in two places")
def one_array_twice(file: h5py.File, folder: Path) -> None:
    file["vars/0"] = np.zeros(2)
    file["vars/1"] = file["vars/0"]


@hostile("in two places")
def group_in_itself(file: h5py.File, folder: Path) -> None:
    group = file.create_group("a/b")
    group["c"] = file["a"]


@hostile("groups in each other")
def many_levels(file: h5py.File, folder: Path) -> None:
    file.create_group("/".join("a" * 70))


@hostile("neither group nor array")
def named_dtype(file: h5py.File, folder: Path) -> None:
    file["kind"] = np.dtype("f4")


@hostile("the name")
def name_with_backslash(file: h5py.File, folder: Path) -> None:
    file.create_group("a\\b")


@hostile("the name")
def name_of_300_letters(file: h5py.File, folder: Path) -> None:
    file.create_group("a" * 300)


@hostile("without a shape")
def no_dataspace(file: h5py.File, folder: Path) -> None:
    file.create_dataset("vars/0", data=h5py.Empty("f4"))


@pytest.mark.parametrize(("make", "message"), HOSTILE)
def test_it_is_refused_at_once(make: Any, message: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.h5"
    with h5py.File(path, "w") as file:
        make(file, tmp_path)
    before = sorted(tmp_path.iterdir())
    began = time.monotonic()
    with path.open("rb") as opened, pytest.raises(SavingError, match=message):
        H5Reader(opened, path)
    assert time.monotonic() - began < 5
    assert sorted(tmp_path.iterdir()) == before


def written(**arrays: Any) -> io.BytesIO:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for name, array in arrays.items():
            file[f"vars/{name}"] = array
    return buffer


@pytest.mark.parametrize("cut", [0, 1, 8, 100, 1000, -1])
def test_what_is_no_whole_hdf5_file_is_refused(cut: int) -> None:
    data = written(a=np.zeros(500)).getvalue()[:cut]
    with pytest.raises(SavingError):
        H5Reader(io.BytesIO(data), "cut")


def test_a_file_behind_other_bytes_is_refused() -> None:
    data = b"GIF89a".ljust(512) + written(a=np.zeros(5)).getvalue()
    with h5py.File(io.BytesIO(data)) as file:
        assert "vars" in file
    with pytest.raises(SavingError, match="does not start"):
        H5Reader(io.BytesIO(data), "both")


def test_arrays_of_all_kinds_are_read() -> None:
    arrays = {
        "scalar": np.float32(3), "empty": np.zeros((0, 4), "f4"), "bool": np.array([True, False]),
        "big": np.arange(3, dtype=">f8"), "half": np.ones((2, 2), "f2"), "int": np.arange(5, dtype="u1"),
        "complex": np.ones(2, "c8"),
    }  # fmt: skip
    with H5Reader(written(**arrays), "kinds") as reader:
        found = reader.read("vars")
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype.newbyteorder("=")
        np.testing.assert_array_equal(found[name], array)
    assert list(found) != []
    with H5Reader(written(), "nothing") as reader:
        assert reader.groups == {}
        assert reader.read("vars") == {}


def test_compressed_and_small_arrays_are_read() -> None:
    buffer = io.BytesIO()
    data = np.arange(6000.0).reshape(60, 100)
    with h5py.File(buffer, "w") as file:
        file.create_dataset("vars/0", data=data, compression=9, shuffle=True, fletcher32=True)
        plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plan.set_layout(h5py.h5d.COMPACT)
        space = h5py.h5s.create_simple((3,))
        compact = h5py.h5d.create(file["vars"].id, b"1", h5py.h5t.NATIVE_FLOAT, space, plan)
        compact.write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(3, dtype="f4"))
    with H5Reader(buffer, "compressed") as reader:
        found = reader.read("vars")
    np.testing.assert_array_equal(found["0"], data)
    np.testing.assert_array_equal(found["1"], [0, 1, 2])


def test_bfloat16_is_read_as_keras_stores_it() -> None:
    buffer = io.BytesIO()
    array = np.array([1.5, -2.0], ml_dtypes.bfloat16)
    with h5py.File(buffer, "w") as file:
        file.create_dataset("vars/0", data=array.view("V2")).attrs["dtype"] = "bfloat16"
    with H5Reader(buffer, "bfloat16") as reader:
        np.testing.assert_array_equal(reader.read("vars")["0"], array)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_files_raise_nothing_but_saving_errors(seed: int) -> None:
    data = written(a=np.arange(50.0), b=np.ones((3, 3), "f4")).getvalue()
    chance = np.random.default_rng(seed)
    for _ in range(60):
        changed = bytearray(data)
        for place in chance.integers(len(data), size=3):
            changed[place] = chance.integers(256)
        try:
            with H5Reader(io.BytesIO(bytes(changed)), "changed") as reader:
                for group in reader.groups:
                    reader.read(group)
        except SavingError:
            pass
