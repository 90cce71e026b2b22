"""Weights files of Keras 3: one HDF5 group ``<path>/vars`` for each layer and optimizer."""

from __future__ import annotations

from typing import Any, BinaryIO

import numpy as np

from thalweg._src.base.errors import SavingError
from thalweg._src.base.lazy import LazyModule
from thalweg._src.keras.archive.h5_gate import GOOD_NAME
from thalweg._src.keras.archive.hdf5.arrays import BFLOAT16
from thalweg._src.keras.archive.walk import Part, parts_of

h5py = LazyModule("h5py")


def write_weights(file: BinaryIO, root: Any) -> None:
    """Writes the arrays of a model.

    Args:
        file: File to write, open for reading and writing bytes.
        root: Model or layer.

    Raises:
        SavingError: A layer stores what is no array of numbers.
    """
    with h5py.File(file, "w") as made:
        for part in parts_of(root):
            group = new_group(made, part)
            for name, array in arrays_of(part).items():
                put(group, name, array)


def new_group(file: Any, part: Part) -> Any:
    """Group for the arrays of a part, which bears the part's name as an attribute."""
    group = file.create_group(group_of(part.path))
    group.attrs["name"] = part.name
    return group


def group_of(path: str) -> str:
    """Path of the group that holds the arrays of the part at `path`."""
    return f"{path}/vars" if path else "vars"


def arrays_of(part: Part) -> dict[str, np.ndarray[Any, Any]]:
    """Arrays that a part wants stored, by name.

    Raises:
        SavingError: A value that is no array of numbers, or a name that is no name.
    """
    store: dict[str, Any] = {}
    part.item.save_own_variables(store)
    found = {}
    for name, value in store.items():
        array = np.asarray(value)
        if array.dtype.kind not in "biufc" and array.dtype != BFLOAT16:
            raise SavingError(
                f"[{part.name}.save_own_variables] expected arrays of numbers that files of Keras hold, got "
                f"dtype {array.dtype} for {name!r}; keep texts in get_config() or save_assets()."
            )
        if not is_name(name):
            raise SavingError(
                f"[{part.name}.save_own_variables] expected names without slashes, got {name!r}."
            )
        found[name] = array
    return found


def is_name(name: Any) -> bool:
    """Whether an array or group of a file may bear this name."""
    return isinstance(name, str) and name not in (".", "..") and bool(GOOD_NAME.fullmatch(name))


def put(group: Any, name: str, array: np.ndarray[Any, Any]) -> None:
    """Writes one array; bfloat16, which HDF5 lacks, is stored as bytes, with its name as an attribute."""
    foreign = array.dtype == BFLOAT16
    dataset = group.create_dataset(name, data=array.view(np.dtype("V2")) if foreign else array)
    if foreign:
        dataset.attrs["dtype"] = array.dtype.name
