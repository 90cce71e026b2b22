"""HDF5 files by path: weights in the layout of Keras 2 or of Keras 3, and whole models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from thalweg._src.base.errors import SavingError
from thalweg._src.keras.archive.failures import MissingFileError, only_saving_errors
from thalweg._src.keras.archive.h5_gate import H5Reader
from thalweg._src.keras.archive.legacy_h5 import LegacyReader, is_legacy
from thalweg._src.keras.archive.legacy_weights import load_legacy
from thalweg._src.keras.archive.loading import load_into

# Endings of names; ``.weights.h5`` files, too, may have the older layout.
H5_ENDINGS = (".h5", ".hdf5")


@contextmanager
def _opened(path: Path) -> Iterator[H5Reader]:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise MissingFileError(f"[{str(path)!r}] expected an HDF5 file, found no such file.") from None
    with file, H5Reader(file, path) as reader:
        yield reader


def load_weights_of_h5(path: Path, model: Any, by_name: bool, skip_mismatch: bool) -> None:
    """Gives a model the weights in an HDF5 file of either layout.

    Args:
        path: The file.
        model: The model.
        by_name: Find layers by their names only; for the layout of Keras 2.
        skip_mismatch: Take what fits and warn of the rest.

    Raises:
        SavingError: The file is missing or damaged, or does not fit; the model is as before.
    """
    with _opened(path) as reader, only_saving_errors(path, "loading weights"):
        if is_legacy(reader):
            load_legacy(model, LegacyReader(reader), by_name, skip_mismatch)
            return
        if by_name:
            raise SavingError(
                f"[load_weights] expected by_name=False for {str(path)!r}, got True: its layers are found by "
                "their place in the model; skip_mismatch=True takes what fits."
            )
        load_into(model, reader, skip_mismatch)
