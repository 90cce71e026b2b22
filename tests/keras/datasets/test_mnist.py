"""MNIST: embedded sample, cached file, damaged and hostile files, no network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from thalweg._src.base.errors import DataLossError, DataUnavailableError, ThalwegError
from thalweg.keras.datasets import mnist


def small_file(path: Path) -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    arrays = {
        "x_train": random.integers(0, 256, (3, 28, 28), np.uint8),
        "y_train": np.array([1, 2, 3], np.uint8),
        "x_test": random.integers(0, 256, (2, 28, 28), np.uint8),
        "y_test": np.array([4, 5], np.uint8),
    }
    np.savez_compressed(path, **arrays)
    return arrays


def test_sample_holds_real_digits() -> None:
    (x_train, y_train), (x_test, y_test) = mnist.load_data(sample=True)
    assert (x_train.shape, x_test.shape) == ((8000, 28, 28), (2000, 28, 28))
    assert (y_train.shape, y_test.shape) == ((8000,), (2000,))
    assert {a.dtype for a in (x_train, y_train, x_test, y_test)} == {np.dtype(np.uint8)}
    assert np.bincount(y_train).min() > 500
    assert (x_train.min(), x_train.max()) == (0, 255)
    assert x_train.flags.writeable


def test_sample_parts_share_no_image() -> None:
    (x_train, _), (x_test, _) = mnist.load_data(sample=True)
    assert not {image.tobytes() for image in x_train} & {image.tobytes() for image in x_test}


def test_cached_file_is_read_without_network(cache: Path) -> None:
    arrays = small_file(cache / "mnist.npz")
    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    np.testing.assert_array_equal(x_train, arrays["x_train"])
    np.testing.assert_array_equal(y_train, arrays["y_train"])
    np.testing.assert_array_equal(x_test, arrays["x_test"])
    np.testing.assert_array_equal(y_test, arrays["y_test"])


def test_other_name_and_absolute_path(cache: Path, tmp_path: Path) -> None:
    small_file(cache / "other.npz")
    small_file(tmp_path / "own.npz")
    assert len(mnist.load_data("other.npz")[0][0]) == 3
    assert len(mnist.load_data(path=str(tmp_path / "own.npz"))[1][0]) == 2


def test_offline_error_names_the_sample() -> None:
    with pytest.raises(DataUnavailableError, match=r"load_data\(sample=True\)") as caught:
        mnist.load_data()
    assert isinstance(caught.value, ThalwegError)
    assert isinstance(caught.value, OSError)


def test_truncated_file_is_an_error_that_names_it(cache: Path) -> None:
    path = cache / "mnist.npz"
    small_file(path)
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(DataLossError, match="mnist.npz.*delete the file"):
        mnist.load_data()


def test_flipped_bits_are_found(cache: Path) -> None:
    path = cache / "mnist.npz"
    small_file(path)
    data = bytearray(path.read_bytes())
    data[200:210] = bytes(10)
    path.write_bytes(data)
    with pytest.raises(DataLossError):
        mnist.load_data()


def test_missing_member_is_an_error(cache: Path) -> None:
    np.savez(cache / "mnist.npz", x_train=np.zeros(3, np.uint8))
    with pytest.raises(DataLossError, match=r"y_train\.npy"):
        mnist.load_data()


def test_objects_are_refused(cache: Path) -> None:
    objects = np.array([[1], [2, 3]], dtype=object)
    np.savez(cache / "mnist.npz", x_train=objects, y_train=objects, x_test=objects, y_test=objects)
    with pytest.raises(DataLossError, match="expected .* bytes of numbers"):
        mnist.load_data()
