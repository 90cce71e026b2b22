"""Fashion-MNIST: small gray pictures of clothes."""

from __future__ import annotations

import gzip
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

from thalweg._src.base.errors import DataLossError
from thalweg._src.keras.datasets.fetch import KERAS_ORIGIN, cached_file
from thalweg._src.keras.datasets.splits import Split

_DIGESTS = {
    "train-images-idx3": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "train-labels-idx1": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "t10k-images-idx3": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "t10k-labels-idx1": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
}
_MAX_BYTES = 64 << 20


def load_data() -> Split:
    """Gray images of clothes, 0 to 255, and their kinds, 0 to 9, as uint8 arrays.

    The kinds are T-shirt/top, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag and
    ankle boot.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: images of shape `(60000, 28, 28)` and
        `(10000, 28, 28)`, labels of shape `(60000,)` and `(10000,)`.

    Raises:
        DataUnavailableError: Neither cached (`~/.keras/datasets/fashion-mnist`) nor reachable.
        DataLossError: A file is damaged.

    Source: Xiao, Rasul and Vollgraf (2017), MIT licence, copyright Zalando SE.
    """
    x_train, y_train, x_test, y_test = (_read_idx(name) for name in _DIGESTS)
    return (x_train, y_train), (x_test, y_test)


def _read_idx(name: str) -> npt.NDArray[Any]:
    """Array of one file in IDX form: 0, 0, 8 (uint8) and rank; big-endian sizes; the bytes."""
    file_name = f"{name}-ubyte.gz"
    path = cached_file(f"fashion-mnist/{file_name}", KERAS_ORIGIN + file_name, _DIGESTS[name])
    try:
        with gzip.open(path) as file:
            data = file.read(_MAX_BYTES)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataLossError(
            f"[{path}] expected a gzip file, got {error}; delete it and load the data again."
        ) from error
    rank = data[3] if len(data) > 3 else 0
    shape = tuple(np.frombuffer(data[4 : 4 + 4 * rank], ">u4").tolist())
    body = data[4 + 4 * rank :]
    if data[:3] != b"\0\0\x08" or int(np.prod(shape, dtype=object)) != len(body):
        raise DataLossError(
            f"[{path}] expected an IDX file of bytes, got a header for shape {shape} and "
            f"{len(body)} bytes; delete it and load the data again."
        )
    return np.frombuffer(body, np.uint8).reshape(shape).copy()
