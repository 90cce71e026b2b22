"""What CIFAR-10 and CIFAR-100 share: pickled batches in a tar file, read by fixed names."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from thalweg._src.base.errors import DataLossError
from thalweg._src.keras.datasets import safe_pickle
from thalweg._src.keras.datasets.fetch import cached_file, datasets_folder
from thalweg._src.keras.datasets.splits import Part

_ORIGIN = "https://www.cs.toronto.edu/~kriz/"
_MAX_BYTES = 256 << 20  # both archives unpack to about 186 MB


def cached_archive(archive: str, digest: str, aliases: Sequence[str]) -> Path:
    """Path of the archive, under any of the names by which Keras has cached it.

    Args:
        archive: Name of the published archive.
        digest: SHA-256 of it.
        aliases: Names in the cache; a download takes the first.
    """
    cached = [alias for alias in aliases if (datasets_folder() / alias).is_file()]
    return cached_file((cached or list(aliases))[0], _ORIGIN + archive, digest)


def read_batches(path: Path, members: Sequence[Sequence[str]], label: str) -> list[Part]:
    """Images and labels of each group of members.

    Args:
        path: The archive.
        members: For each part of the result, the names of its batches in the archive.
        label: Key of the labels in a batch.

    Returns:
        For each group: images `(samples, 32, 32, 3)` and labels `(samples, 1)`, both uint8.

    Raises:
        DataLossError: The archive is damaged or holds anything else.
    """
    try:
        with gzip.open(path) as file:
            unpacked = file.read(_MAX_BYTES + 1)
        if len(unpacked) > _MAX_BYTES:
            raise DataLossError(
                f"[{path}] expected CIFAR batches of at most {_MAX_BYTES} bytes, got more; delete the file "
                "and load the data again."
            )
        with tarfile.open(fileobj=io.BytesIO(unpacked)) as archive:
            return [
                _join([_read_batch(archive, name, f"{path}: {name}", label) for name in group])
                for group in members
            ]
    except (EOFError, KeyError, gzip.BadGzipFile, tarfile.TarError, zlib.error) as error:
        raise DataLossError(
            f"[{path}] expected a .tar.gz file with the CIFAR batches, got {error}; delete it and "
            "load the data again."
        ) from error


def _join(batches: list[Part]) -> Part:
    images, labels = zip(*batches, strict=True)
    return np.concatenate(images), np.concatenate(labels)


def _read_batch(archive: tarfile.TarFile, name: str, where: str, label: str) -> Part:
    file = archive.extractfile(name)
    if file is None:
        raise DataLossError(f"[{where}] expected a plain file; delete the archive, load it again.")
    batch = safe_pickle.load(file.read(), where, encoding="bytes")
    if not isinstance(batch, dict) or b"data" not in batch or label.encode() not in batch:
        raise DataLossError(
            f"[{where}] expected a batch with 'data' and '{label}', got {type(batch).__name__}; "
            "delete the archive and load it again."
        )
    pixels = safe_pickle.integer_array(batch[b"data"], where)
    labels = _labels(batch[label.encode()], where)
    if pixels.dtype != np.uint8 or pixels.shape != (len(labels), 3 * 32 * 32):
        raise DataLossError(
            f"[{where}] expected uint8 pixels of shape ({len(labels)}, 3072), got {pixels.dtype} "
            f"of {pixels.shape}; delete the archive and load it again."
        )
    return pixels.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), labels


def _labels(values: Any, where: str) -> npt.NDArray[np.uint8]:
    if type(values) is not list or any(type(v) is not int or not 0 <= v < 256 for v in values):
        raise DataLossError(
            f"[{where}] expected a list of labels of 0 to 255; delete the archive, load it again."
        )
    return np.array(values, np.uint8).reshape(-1, 1)
