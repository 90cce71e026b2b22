"""Boston and California housing: shuffle and split as in Keras."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from thalweg._src.base.errors import DataUnavailableError, InvalidArgumentError
from thalweg.keras.datasets import boston_housing, california_housing

both = pytest.mark.parametrize("module", [boston_housing, california_housing])


def write(cache: Path, module: Any, rows: int) -> tuple[np.ndarray, np.ndarray]:
    x = np.random.default_rng(0).normal(size=(rows, 3))
    y = np.arange(rows, dtype=np.float64)
    np.savez(cache / f"{module.__name__.rpartition('.')[2]}.npz", x=x, y=y)
    return x, y


@both
@pytest.mark.parametrize(("test_split", "train_rows"), [(0.2, 8), (0.0, 10), (0.55, 4)])
def test_rows_fall_as_in_keras(
    cache: Path, module: Any, test_split: float, train_rows: int
) -> None:
    x, _ = write(cache, module, 10)
    (x_train, y_train), (x_test, y_test) = module.load_data(test_split=test_split, seed=7)
    order = np.arange(10)
    np.random.RandomState(7).shuffle(order)
    assert len(x_train) == len(y_train) == train_rows
    np.testing.assert_array_equal(np.concatenate([y_train, y_test]), order)
    np.testing.assert_array_equal(np.concatenate([x_train, x_test]), x[order])


def test_small_california_is_the_first_600_rows(cache: Path) -> None:
    write(cache, california_housing, 700)
    (_, y_train), (_, y_test) = california_housing.load_data(version="small")
    assert sorted([*y_train, *y_test]) == list(range(600))
    assert len(california_housing.load_data()[0][1]) == 560


@both
@pytest.mark.parametrize("test_split", [-0.1, 1.0, 3])
def test_split_out_of_range_is_an_error(module: Any, test_split: float) -> None:
    with pytest.raises(InvalidArgumentError, match=r"test_split in \[0, 1\)"):
        module.load_data(test_split=test_split)


def test_unknown_version_is_an_error() -> None:
    with pytest.raises(InvalidArgumentError, match="'small' or 'large', got 'huge'"):
        california_housing.load_data("huge")


@both
def test_offline_error(module: Any) -> None:
    with pytest.raises(DataUnavailableError, match=r"housing\.npz"):
        module.load_data()
