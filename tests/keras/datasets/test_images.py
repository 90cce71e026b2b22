"""Fashion-MNIST (IDX files) and CIFAR (pickled batches in a tar file)."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from thalweg._src.base.errors import DataLossError, DataUnavailableError, InvalidArgumentError
from thalweg._src.keras.datasets import cifar
from thalweg.keras.datasets import cifar10, cifar100, fashion_mnist

RANDOM = np.random.default_rng(0)


def write_idx(path: Path, array: np.ndarray) -> None:
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    path.write_bytes(gzip.compress(header + array.tobytes()))


@pytest.fixture
def fashion(cache: Path) -> dict[str, np.ndarray]:
    folder = cache / "fashion-mnist"
    folder.mkdir()
    arrays = {
        "train-images-idx3": RANDOM.integers(0, 256, (5, 28, 28), np.uint8),
        "train-labels-idx1": np.arange(5, dtype=np.uint8),
        "t10k-images-idx3": RANDOM.integers(0, 256, (3, 28, 28), np.uint8),
        "t10k-labels-idx1": np.arange(3, dtype=np.uint8),
    }
    for name, array in arrays.items():
        write_idx(folder / f"{name}-ubyte.gz", array)
    return arrays


def test_fashion_mnist(fashion: dict[str, np.ndarray]) -> None:
    (x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()
    for read, written in zip((x_train, y_train, x_test, y_test), fashion.values(), strict=True):
        np.testing.assert_array_equal(read, written)
        assert read.dtype == np.uint8


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no gzip",
        gzip.compress(b""),
        gzip.compress(b"\0\0\x08\x01\xff\xff\xff\xff12"),
        gzip.compress(b"\0\0\x0d\x01\0\0\0\0"),
        gzip.compress(b"\0\0\x08\x01\0\0\0\2ab")[:-9],
    ],
    ids=["empty", "no gzip", "nothing inside", "size too large", "floats", "cut off"],
)
@pytest.mark.usefixtures("fashion")
def test_damaged_idx_is_an_error(cache: Path, content: bytes) -> None:
    (cache / "fashion-mnist" / "t10k-labels-idx1-ubyte.gz").write_bytes(content)
    with pytest.raises(DataLossError, match="t10k-labels"):
        fashion_mnist.load_data()


def batch(count: int, **labels: list[int]) -> dict[bytes, Any]:
    pixels = RANDOM.integers(0, 256, (count, 3072), np.uint8)
    return {b"data": pixels, **{key.encode(): value for key, value in labels.items()}}


def write_archive(path: Path, members: Mapping[str, Any]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            data = pickle.dumps(content, protocol=2)
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def cifar10_members() -> dict[str, Any]:
    members = {
        f"cifar-10-batches-py/data_batch_{n}": batch(2, labels=[n, n + 1]) for n in range(1, 6)
    }
    members["cifar-10-batches-py/test_batch"] = batch(3, labels=[7, 8, 9])
    return members


@pytest.mark.parametrize(
    "name", ["cifar-10-batches-py-target_archive", "cifar-10-python.tar.gz"]
)
def test_cifar10(cache: Path, name: str) -> None:
    members = cifar10_members()
    write_archive(cache / name, members)
    (x_train, y_train), (x_test, y_test) = cifar10.load_data()
    assert (x_train.shape, x_test.shape) == ((10, 32, 32, 3), (3, 32, 32, 3))
    assert y_train.ravel().tolist() == [1, 2, 2, 3, 3, 4, 4, 5, 5, 6]
    assert y_test.tolist() == [[7], [8], [9]]
    assert {a.dtype for a in (x_train, y_train, x_test, y_test)} == {np.dtype(np.uint8)}
    pixels = members["cifar-10-batches-py/test_batch"][b"data"]
    assert x_test[1, 5, 6, 2] == pixels[1, 2 * 1024 + 5 * 32 + 6]


@pytest.mark.parametrize("mode", ["fine", "coarse"])
def test_cifar100(cache: Path, mode: str) -> None:
    labels = {"fine_labels": [98, 99], "coarse_labels": [1, 2]}
    parts = {f"cifar-100-python/{part}": batch(2, **labels) for part in ("train", "test")}
    write_archive(cache / "cifar-100-python-target_archive", parts)
    (x_train, y_train), (_, y_test) = cifar100.load_data(mode)
    assert x_train.shape == (2, 32, 32, 3)
    assert y_train.ravel().tolist() == y_test.ravel().tolist() == labels[f"{mode}_labels"]


def test_cifar100_unknown_mode_is_an_error() -> None:
    with pytest.raises(InvalidArgumentError, match="'fine' or 'coarse', got 'finest'"):
        cifar100.load_data("finest")


class Touch:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch {self.path}",)


def test_hostile_batch_is_refused_and_not_run(cache: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    hostile = {"cifar-10-batches-py/data_batch_1": Touch(trace)}
    write_archive(cache / "cifar-10-python.tar.gz", cifar10_members() | hostile)
    with pytest.raises(DataLossError, match="no code of it was run"):
        cifar10.load_data()
    assert not trace.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"cifar-10-batches-py/test_batch": [1]},
        {"cifar-10-batches-py/test_batch": batch(2, labels=[1])},
        {"cifar-10-batches-py/test_batch": batch(2, labels=[1, 300])},
        {"cifar-10-batches-py/test_batch": batch(2, other=[1, 2])},
    ],
)
def test_batches_of_another_form_are_refused(cache: Path, wrong: dict[str, Any]) -> None:
    write_archive(cache / "cifar-10-python.tar.gz", cifar10_members() | wrong)
    with pytest.raises(DataLossError, match="test_batch"):
        cifar10.load_data()


def test_link_in_the_place_of_a_batch_is_refused(cache: Path) -> None:
    with tarfile.open(cache / "cifar-10-python.tar.gz", "w:gz") as archive:
        link = tarfile.TarInfo("cifar-10-batches-py/data_batch_1")
        link.type = tarfile.SYMTYPE
        link.linkname = "/etc/hostname"
        archive.addfile(link)
    with pytest.raises(DataLossError):
        cifar10.load_data()


@pytest.mark.parametrize(
    "content", [b"", b"no gzip", gzip.compress(b"no tar")], ids=["empty", "no gzip", "no tar"]
)
def test_damaged_archive_is_an_error(cache: Path, content: bytes) -> None:
    (cache / "cifar-10-python.tar.gz").write_bytes(content)
    with pytest.raises(DataLossError, match=r"cifar-10-python\.tar\.gz"):
        cifar10.load_data()


def test_archive_that_unpacks_to_far_more_is_refused(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_archive(cache / "cifar-10-python.tar.gz", cifar10_members())
    monkeypatch.setattr(cifar, "_MAX_BYTES", 1000)
    with pytest.raises(DataLossError, match="at most 1000 bytes"):
        cifar10.load_data()


def test_cifar_offline_error() -> None:
    with pytest.raises(DataUnavailableError, match="cifar-10-batches-py-target_archive"):
        cifar10.load_data()
