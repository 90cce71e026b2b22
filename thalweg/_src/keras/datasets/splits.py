"""Shuffling and splitting of data sets, with the draws that Keras makes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from thalweg._src.base.errors import InvalidArgumentError

Part = tuple[npt.NDArray[Any], npt.NDArray[Any]]
Split = tuple[Part, Part]


def shuffled_split(
    x: npt.NDArray[Any], y: npt.NDArray[Any], test_split: float, seed: int, where: str
) -> Split:
    """`(x_train, y_train), (x_test, y_test)`: rows shuffled by `seed`, the last ones to test on.

    Args:
        x: `(samples, ...)`.
        y: `(samples,)`.
        test_split: Share of the rows to test on, in [0, 1).
        seed: Of NumPy's `RandomState`, so that the rows fall as they do in Keras.
        where: Caller, for the error.

    Returns:
        The two parts.

    Raises:
        InvalidArgumentError: `test_split` is out of range.
    """
    check_test_split(test_split, where)
    order = permutation(len(x), np.random.RandomState(seed))
    x, y = x[order], y[order]
    count = int(len(x) * (1 - test_split))
    return (x[:count], y[:count]), (x[count:], y[count:])


def permutation(count: int, random: np.random.RandomState) -> npt.NDArray[np.int64]:
    """The numbers below `count` in the order that Keras' data sets draw."""
    order = np.arange(count)
    random.shuffle(order)
    return order


def check_test_split(test_split: float, where: str) -> None:
    """Raises unless `test_split` is in [0, 1)."""
    if not 0 <= test_split < 1:
        raise InvalidArgumentError(
            f"[{where}] expected test_split in [0, 1), got {test_split!r}; 0.2 keeps a fifth "
            "for testing."
        )
