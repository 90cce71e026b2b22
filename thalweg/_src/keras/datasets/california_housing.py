"""California housing: 20,640 district prices of the 1990 census."""

from __future__ import annotations

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.datasets.fetch import KERAS_ORIGIN, cached_file
from thalweg._src.keras.datasets.npz import read_arrays
from thalweg._src.keras.datasets.splits import Split, check_test_split, shuffled_split

_DIGEST = "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f"
_WHERE = "keras.datasets.california_housing.load_data"
_SMALL = 600


def load_data(
    version: str = "large",
    path: str = "california_housing.npz",
    test_split: float = 0.2,
    seed: int = 113,
) -> Split:
    """Features of Californian districts and their median house value in dollars.

    Args:
        version: `"large"` (20,640 rows) or `"small"` (the first 600).
        path: Name of the cached file in `~/.keras/datasets`, or an absolute path.
        test_split: Share of the rows to test on, in [0, 1).
        seed: Of the shuffle before the split.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: features `(samples, 8)`, values `(samples,)`.

    Raises:
        InvalidArgumentError: `test_split` or `version` is not one of the allowed values.
        DataUnavailableError: Neither cached nor reachable.
        DataLossError: The file is damaged.

    Source: Pace and Barry (1997), from the StatLib archive, in Keras' packing.
    """
    check_test_split(test_split, _WHERE)
    if version not in ("small", "large"):
        raise InvalidArgumentError(
            f"[{_WHERE}] expected version 'small' or 'large', got {version!r}; leave it out for "
            "'large'."
        )
    file = cached_file(path, KERAS_ORIGIN + "california_housing.npz", _DIGEST)
    x, y = read_arrays(file, ("x", "y"))
    rows = slice(_SMALL if version == "small" else None)
    return shuffled_split(x[rows], y[rows], test_split, seed, _WHERE)
