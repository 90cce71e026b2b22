"""Boston housing: 506 house prices of the 1970s."""

from __future__ import annotations

from thalweg._src.keras.datasets.fetch import KERAS_ORIGIN, cached_file
from thalweg._src.keras.datasets.npz import read_arrays
from thalweg._src.keras.datasets.splits import Split, check_test_split, shuffled_split

_DIGEST = "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5"
_WHERE = "keras.datasets.boston_housing.load_data"


def load_data(path: str = "boston_housing.npz", test_split: float = 0.2, seed: int = 113) -> Split:
    """Features of houses and their median price in thousands of dollars (5 to 50), as float64.

    One of the features assumes that the share of Black residents influences prices; use the data to
    discuss that, and `california_housing` to teach regression.

    Args:
        path: Name of the cached file in `~/.keras/datasets`, or an absolute path.
        test_split: Share of the rows to test on, in [0, 1).
        seed: Of the shuffle before the split.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: features `(samples, 13)`, prices `(samples,)`.

    Raises:
        InvalidArgumentError: `test_split` is out of range.
        DataUnavailableError: Neither cached nor reachable.
        DataLossError: The file is damaged.

    Source: Harrison and Rubinfeld (1978), from the StatLib archive, in Keras' packing.
    """
    check_test_split(test_split, _WHERE)
    file = cached_file(path, KERAS_ORIGIN + "boston_housing.npz", _DIGEST)
    x, y = read_arrays(file, ("x", "y"))
    return shuffled_split(x, y, test_split, seed, _WHERE)
