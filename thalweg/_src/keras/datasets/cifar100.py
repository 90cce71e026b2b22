"""CIFAR-100: small color pictures of a hundred kinds."""

from __future__ import annotations

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.datasets.cifar import cached_archive, read_batches
from thalweg._src.keras.datasets.splits import Split

_DIGEST = "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7"
_ALIASES = (
    "cifar-100-python-target_archive",
    "cifar-100-python_archive",
    "cifar-100-python.tar.gz",
)


def load_data(label_mode: str = "fine") -> Split:
    """Color images, 0 to 255, and their kinds, 0 to 99, as uint8 arrays.

    Args:
        label_mode: `"fine"` for the 100 kinds, `"coarse"` for the 20 groups of kinds.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: images of shape `(50000, 32, 32, 3)` and
        `(10000, 32, 32, 3)`, labels of shape `(50000, 1)` and `(10000, 1)`.

    Raises:
        InvalidArgumentError: Another `label_mode`.
        DataUnavailableError: Neither cached nor reachable.
        DataLossError: The archive is damaged.

    Source: Krizhevsky, "Learning Multiple Layers of Features from Tiny Images" (2009). Unlike
    Keras we read the archive without unpacking it to disk, and run no code from it; labels are
    uint8 as its documentation says.
    """
    if label_mode not in ("fine", "coarse"):
        raise InvalidArgumentError(
            "[keras.datasets.cifar100.load_data] expected label_mode 'fine' or 'coarse', got "
            f"{label_mode!r}; leave it out for 'fine'."
        )
    path = cached_archive("cifar-100-python.tar.gz", _DIGEST, _ALIASES)
    groups = (["cifar-100-python/train"], ["cifar-100-python/test"])
    first, second = read_batches(path, groups, f"{label_mode}_labels")
    return first, second
