"""CIFAR-10: small color pictures of ten kinds."""

from __future__ import annotations

from thalweg._src.keras.datasets.cifar import cached_archive, read_batches
from thalweg._src.keras.datasets.splits import Split

_DIGEST = "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"
_ALIASES = (
    "cifar-10-batches-py-target_archive",
    "cifar-10-batches-py_archive",
    "cifar-10-batches-py.tar.gz",
    "cifar-10-python.tar.gz",
)
_FOLDER = "cifar-10-batches-py"


def load_data() -> Split:
    """Color images, 0 to 255, and their kinds, 0 to 9, as uint8 arrays.

    The kinds are airplane, automobile, bird, cat, deer, dog, frog, horse, ship, truck.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: images of shape `(50000, 32, 32, 3)` and
        `(10000, 32, 32, 3)`, labels of shape `(50000, 1)` and `(10000, 1)`.

    Raises:
        DataUnavailableError: Neither cached nor reachable.
        DataLossError: The archive is damaged.

    Source: Krizhevsky, "Learning Multiple Layers of Features from Tiny Images" (2009). Unlike
    Keras we read the archive without unpacking it to disk, and run no code from it.
    """
    path = cached_archive("cifar-10-python.tar.gz", _DIGEST, _ALIASES)
    train = [f"{_FOLDER}/data_batch_{number}" for number in range(1, 6)]
    first, second = read_batches(path, (train, [f"{_FOLDER}/test_batch"]), "labels")
    return first, second
