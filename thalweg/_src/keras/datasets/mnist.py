"""MNIST: handwritten digits."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from thalweg._src.keras.datasets.fetch import KERAS_ORIGIN, cached_file
from thalweg._src.keras.datasets.npz import read_arrays
from thalweg._src.keras.datasets.splits import Split

_DIGEST = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"


def load_data(path: str = "mnist.npz", sample: bool = False) -> Split:
    """Gray images of handwritten digits, 0 (paper) to 255 (ink), and the digits, as uint8 arrays.

    Args:
        path: Name of the cached file in `~/.keras/datasets` (`$KERAS_HOME/datasets` when that is
            set); an absolute path is used as it is. A file that is there is read as it stands; else
            it is downloaded and its digest checked.
        sample: True gives the 10,000 digits that come with thalweg, 8,000 to train and 2,000 to
            test, without cache or network; `path` has no part in it.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: images of shape `(60000, 28, 28)` and
        `(10000, 28, 28)`, labels of shape `(60000,)` and `(10000,)`.

    Raises:
        DataUnavailableError: Neither cached nor reachable.
        DataLossError: The file is damaged.

    Example:
        >>> (x_train, y_train), (x_test, y_test) = load_data(sample=True)
        >>> x_train.shape, y_test.shape
        ((8000, 28, 28), (2000,))

    Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits" (CC BY-SA 3.0), in
    Keras' packing. `sample` is ours.
    """
    if sample:
        packaged = resources.files("thalweg") / "_src/keras/datasets/data/mnist-10k.npz"
        with resources.as_file(packaged) as file:
            return _read(file)
    hint = "use the embedded digits: load_data(sample=True)"
    return _read(cached_file(path, KERAS_ORIGIN + "mnist.npz", _DIGEST, hint))


def _read(file: Path) -> Split:
    x_train, y_train, x_test, y_test = read_arrays(file, ("x_train", "y_train", "x_test", "y_test"))
    return (x_train, y_train), (x_test, y_test)
