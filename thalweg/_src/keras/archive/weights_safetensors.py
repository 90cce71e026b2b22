"""Weights in files of safetensors, which other libraries read and write, too.

An array is called after its place and its Variable: ``layers/dense/kernel``. Where a Variable's name does
not tell it from others, or changes from run to run, its number stands instead, as in `.weights.h5` files:
``layers/dense/0``, ``optimizer/2``. Numbers are always understood.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from thalweg._src.checkpoint.tensors_file import Entry, TensorsFile, encode, storable
from thalweg._src.keras.archive.failures import MissingFileError, damaged, only_saving_errors
from thalweg._src.keras.archive.loading import load_into
from thalweg._src.keras.archive.walk import Part, parts_of
from thalweg._src.keras.archive.weights_h5 import arrays_of, group_of
from thalweg._src.keras.optimizers.base import Optimizer

ENDING = ".safetensors"
# Names that Variables have when nobody gave them one, and names that look like numbers of Variables.
_NO_NAME = re.compile(r"variable(_\d+)?|\d+|.*/.*", re.DOTALL)


def write_safetensors(file: BinaryIO, root: Any) -> None:
    """Writes the arrays of a model.

    Args:
        file: File to write, open for writing bytes.
        root: Model or layer.

    Raises:
        SavingError: A layer stores what is no array of numbers.
    """
    arrays = {}
    for part in parts_of(root):
        names = _names_of(part)
        for key, array in arrays_of(part).items():
            name = "/".join(filter(None, (part.path, names.get(key, key))))
            arrays[name] = storable(name, array)
    for piece in encode(arrays, {}):
        file.write(piece)


def load_safetensors(path: Path, root: Any, skip_mismatch: bool) -> None:
    """Gives a model the arrays of a file; see `load_into`."""
    try:
        opened = path.open("rb")
    except FileNotFoundError:
        raise MissingFileError(
            f"[load_weights] expected weights in {str(path)!r}, found no such file."
        ) from None
    numbers = {
        part.path: {name: key for key, name in _names_of(part).items()} for part in parts_of(root)
    }

    def place(name: str) -> tuple[str, str]:
        owner, _, key = name.rpartition("/")
        return group_of(owner), numbers.get(owner, {}).get(key, key)

    with opened, only_saving_errors(path, "loading weights"):
        load_into(root, TensorsSource(TensorsFile(opened, path), path, place), skip_mismatch)


def _names_of(part: Part) -> dict[str, str]:
    """Readable name for each number of a Variable that has one."""
    # Variables of optimizers are called after weights, and those after how many there were before. Classes
    # of the user that store arrays in their own way give them names, too.
    if isinstance(part.item, Optimizer) or not _is_ours(part.item.save_own_variables):
        return {}
    names = [variable.name for variable in part.variables]
    count = Counter(names)
    return {
        str(i): name
        for i, name in enumerate(names)
        if count[name] == 1 and not _NO_NAME.fullmatch(name)
    }


def _is_ours(method: Any) -> bool:
    return bool(method.__module__.startswith("thalweg._src."))


class TensorsSource:
    """Arrays of a tensors file by group; see `loading.Source`.

    Args:
        file: The file.
        where: Its name, for messages.
        place: Function of an array's name that gives its group and its name in there.

    Raises:
        SavingError: Two arrays have the same place.
    """

    def __init__(
        self, file: TensorsFile, where: object, place: Callable[[str], tuple[str, str]]
    ) -> None:
        self.where = where
        self.groups: dict[str, dict[str, Entry]] = {}
        self.nbytes = 0
        self._file = file
        self._names: dict[tuple[str, str], str] = {}
        for name, entry in file.entries.items():
            group, key = place(name)
            if (group, key) in self._names:
                raise damaged(where, f"got {name!r} and {self._names[group, key]!r}, which are one")
            self.groups.setdefault(group, {})[key] = entry
            self._names[group, key] = name
            self.nbytes += entry.end - entry.begin

    def read(self, path: str) -> dict[str, np.ndarray[Any, Any]]:
        """Arrays of a group by name; none where there is no such group."""
        return {key: self._file.read(self._names[path, key]) for key in self.groups.get(path, {})}
