"""Files of data sets: found in the cache that Keras uses too, else downloaded, checked and kept."""

from __future__ import annotations

import os
from pathlib import Path

from thalweg._src.base.download import Digest
from thalweg._src.keras.cache import fetch, keras_home

KERAS_ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"

MAX_BYTES = 1 << 30


def datasets_folder() -> Path:
    """Folder of the cached data sets: `$KERAS_HOME/datasets`, by default `~/.keras/datasets`."""
    return keras_home() / "datasets"


def cached_file(path: str | os.PathLike[str], origin: str, digest: str, hint: str = "") -> Path:
    """Path of a data file on this machine, downloaded when it is not in the cache yet.

    A file that is there already is used as it stands, without the network and whatever its digest,
    so that own files of the same form can be put there. The readers run no code from it.

    Args:
        path: Name in `datasets_folder()`; an absolute path is used as it is.
        origin: `https` address to download from.
        digest: Hexadecimal SHA-256 (64 digits) or MD5 (32 digits) that the download must have.
        hint: One more thing the user can do when the download fails, as an infinitive.

    Returns:
        Path of an existing file.

    Raises:
        DataUnavailableError: Not cached, and the download failed; it says which file to put where.
        DataLossError: The download does not have the expected digest, or is too large.
    """
    target = datasets_folder() / path
    if not target.is_file():
        where = "keras.datasets"
        expected = Digest.parse(digest, where=where)
        fetch(origin, target, expected, where=where, max_bytes=MAX_BYTES, hint=hint)
    return target
