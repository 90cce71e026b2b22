"""`KerasFileEditor`: looking at the arrays in a file, and changing them before they go into a model."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from thalweg._src.base.errors import SavingError
from thalweg._src.base.lazy import LazyModule
from thalweg._src.base.naming import nearest
from thalweg._src.checkpoint import files
from thalweg._src.keras.archive.failures import MissingFileError, damaged
from thalweg._src.keras.archive.h5_gate import H5Reader
from thalweg._src.keras.archive.keras_archive import weights_of_archive
from thalweg._src.keras.archive.walk import parts_of
from thalweg._src.keras.archive.weights_h5 import arrays_of, group_of, is_name, put

h5py = LazyModule("h5py")

_MODEL = ".keras"
_WEIGHTS = ".weights.h5"
_VARS = "vars"

Arrays = dict[str, np.ndarray[Any, Any]]


class KerasFileEditor:
    """The layers and arrays of a file: to look at, to compare with a model, to change and save.

    Objects are the layers and optimizers of the file and what holds them, such as ``layers``. A name means
    the object anywhere in the file; where it occurs twice, a path such as ``layers/dense`` is needed.

    Args:
        filepath: Path of a ``.keras`` or ``.weights.h5`` file, which is read as `load_weights` reads it
            and never changed.

    Raises:
        SavingError: The file is missing, damaged or refused.

    Example:
        >>> import tempfile
        >>> import thalweg as tf
        >>> path = tempfile.mkdtemp() + "/model.weights.h5"
        >>> model = tf.keras.Sequential([tf.keras.Input((3,)), tf.keras.layers.Dense(2)])
        >>> model.save_weights(path)
        >>> editor = tf.keras.saving.KerasFileEditor(path)
        Keras weights file 'model.weights.h5'
        >>> editor.rename_object("dense", "out")
        >>> editor.summary()
        Weights structure
        └─ layers
           └─ out
              ├─ 0: shape=(3, 2), dtype=float32
              └─ 1: shape=(2,), dtype=float32

    Source: `keras.saving.KerasFileEditor`. There a name also stands for those that begin with it, and
        objects that are renamed or added replace others of the same name.
    """

    def __init__(self, filepath: str | os.PathLike[str]) -> None:
        self.filepath = os.fspath(filepath)
        path = Path(self.filepath)
        with _weights_in(path) as (reader, kind):
            self._objects = {
                _object_of(group, reader): reader.read(group) for group in reader.groups
            }
        print(f"Keras {kind} file {path.name!r}")

    def summary(self) -> None:
        """Prints the objects and the shapes and dtypes of their arrays as a tree."""
        print("Weights structure")
        for line in _tree("", self._nodes(), self._objects):
            print(line)

    def compare(self, reference_model: Any) -> dict[str, Any]:
        """Whether the file's arrays fit a model; prints what does not.

        Args:
            reference_model: The model.

        Returns:
            ``status``, which is ``"success"`` or ``"error"``; ``error_count``: objects that only one of
            the two has, arrays that only one has, and arrays of other shapes; ``match_count``: arrays that
            fit.
        """
        wanted = {part.path: arrays_of(part) for part in parts_of(reference_model)}
        wanted = {path: arrays for path, arrays in wanted.items() if arrays}
        errors = [*_one_sided(wanted, self._objects, "the model", "the file")]
        errors += [*_one_sided(self._objects, wanted, "the file", "the model")]
        matches = 0
        for path in wanted.keys() & self._objects.keys():
            found, expected = self._objects[path], wanted[path]
            for name in sorted(found.keys() | expected.keys()):
                shapes = [a[name].shape if name in a else None for a in (expected, found)]
                matches += shapes[0] == shapes[1]
                if shapes[0] != shapes[1]:
                    errors.append(
                        f"{_joined(path, name)}: shape {shapes[0]} in the model, {shapes[1]} in the file"
                    )
        for error in sorted(errors):
            print(error)
        verdict = "does not fit" if errors else "fits"
        print(
            f"The file {verdict} the model {reference_model.name!r}: {matches} arrays match, "
            f"{len(errors)} errors"
        )
        status = "error" if errors else "success"
        return {"status": status, "error_count": len(errors), "match_count": matches}

    def rename_object(self, object_name: str, new_name: str) -> None:
        """Renames an object, with all in it.

        Args:
            object_name: Its name or path: ``"dense"`` or ``"layers/dense"``.
            new_name: The new name, which is no path.

        Raises:
            SavingError: There is no such object, there are several, or one of the new name.
        """
        old = self._found("rename_object", object_name)
        _check_name("rename_object", new_name)
        new = _joined(old.rpartition("/")[0], new_name)
        if new in self._nodes():
            raise SavingError(
                f"[rename_object] expected a free name, got {new_name!r}: {new!r} exists; rename or delete "
                "that first."
            )
        self._objects = {_moved(path, old, new): arrays for path, arrays in self._objects.items()}

    def delete_object(self, object_name: str) -> None:
        """Deletes an object, with all in it.

        Args:
            object_name: Its name or path.

        Raises:
            SavingError: There is no such object, or there are several.
        """
        gone = self._found("delete_object", object_name)
        self._objects = {
            path: arrays
            for path, arrays in self._objects.items()
            if path != gone and not path.startswith(gone + "/")
        }

    def add_object(self, object_path: str, weights: Mapping[str, Any]) -> None:
        """Adds an object.

        Args:
            object_path: Its path: ``"layers/dense_2"``; what is to hold it must exist.
            weights: Its arrays by name: ``{"0": kernel, "1": bias}``.

        Raises:
            SavingError: It exists, or what is to hold it does not.
        """
        path = object_path.strip("/")
        parent, _, name = path.rpartition("/")
        _check_name("add_object", name)
        nodes = self._nodes()
        if parent and parent not in nodes:
            raise SavingError(
                f"[add_object] expected an object {parent!r} to add {name!r} to, found none. "
                f"{nearest(parent, nodes)}"
            )
        if path in nodes:
            raise SavingError(
                f"[add_object] expected a free path, got {path!r}, which exists; change it by "
                "add_weights(), or delete it first."
            )
        self._objects[path] = _checked("add_object", weights)

    def add_weights(self, object_name: str, weights: Mapping[str, Any]) -> None:
        """Adds arrays to an object, or replaces those that it has.

        Args:
            object_name: Name or path of the object.
            weights: Arrays by name.

        Raises:
            SavingError: There is no such object, or there are several.
        """
        path = self._found("add_weights", object_name)
        added = _checked("add_weights", weights)
        self._objects[path] = {**self._objects.get(path, {}), **added}

    def delete_weight(self, object_name: str, weight_name: str) -> None:
        """Deletes an array of an object.

        Args:
            object_name: Name or path of the object.
            weight_name: Name of the array: ``"0"``.

        Raises:
            SavingError: There is no such object or array.
        """
        path = self._found("delete_weight", object_name)
        own = self._objects.get(path, {})
        if weight_name not in own:
            raise SavingError(
                f"[delete_weight] expected the name of an array of {path!r}, got {weight_name!r}; it has "
                f"{sorted(own)}."
            )
        self._objects[path] = {name: a for name, a in own.items() if name != weight_name}

    def save(self, filepath: str | os.PathLike[str]) -> None:
        """Writes the arrays, as they are now, to a file that `load_weights` reads.

        Args:
            filepath: Path that ends in ``.weights.h5``; an older file stays whole until the new one takes
                its place.

        Raises:
            SavingError: Another ending.
        """
        path = Path(os.fspath(filepath))
        if not path.name.endswith(_WEIGHTS):
            raise SavingError(
                f"[save] expected a file name that ends in {_WEIGHTS!r}, got {str(path)!r}."
            )
        with files.writing(path) as file, h5py.File(file, "w") as made:
            for object_path, arrays in self._objects.items():
                group = made.create_group(group_of(object_path))
                for name, array in arrays.items():
                    put(group, name, array)

    def resave_weights(self, filepath: str | os.PathLike[str]) -> None:
        """The same as `save`.

        Args:
            filepath: Path that ends in ``.weights.h5``.
        """
        self.save(filepath)

    def _nodes(self) -> list[str]:
        """Paths of all objects and of what holds them."""
        found = dict.fromkeys(self._objects)
        for path in self._objects:
            while "/" in path:
                path = path.rpartition("/")[0]
                found[path] = None
        return [path for path in found if path]

    def _found(self, where: str, name: str) -> str:
        """Path of the object that a name or path stands for."""
        nodes, wanted = self._nodes(), name.strip("/")
        whole = [path for path in nodes if path == wanted and "/" in name]
        matches = whole or [path for path in nodes if path.rpartition("/")[2] == name]
        if len(matches) > 1:
            raise SavingError(
                f"[{where}] expected the name of one object, got {name!r}, which {len(matches)} have; give "
                f"the path: {sorted(matches)[:5]}."
            )
        if not matches:
            raise SavingError(
                f"[{where}] expected the name or path of an object, got {name!r}. {nearest(name, nodes)} "
                "summary() prints them all."
            )
        return matches[0]


@contextmanager
def _weights_in(path: Path) -> Iterator[tuple[H5Reader, str]]:
    """Reader of a file's arrays, and what kind of file it is."""
    if path.name.endswith(_MODEL):
        with weights_of_archive(path) as reader:
            yield reader, "model"
        return
    if not path.name.endswith(_WEIGHTS):
        raise SavingError(
            f"[KerasFileEditor] expected a name that ends in '{_MODEL}' or '{_WEIGHTS}', got {str(path)!r}."
        )
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise MissingFileError(
            f"[KerasFileEditor] expected weights in {str(path)!r}, found no such file."
        ) from None
    with file, H5Reader(file, path) as reader:
        yield reader, "weights"


def _object_of(group: str, reader: H5Reader) -> str:
    owner, _, last = group.rpartition("/")
    if last != _VARS:
        raise damaged(reader.where, f"got arrays in {group!r}, where none belong")
    return owner


def _joined(parent: str, name: str) -> str:
    return f"{parent}/{name}" if parent else name


def _moved(path: str, old: str, new: str) -> str:
    return new + path[len(old) :] if path == old or path.startswith(old + "/") else path


def _check_name(where: str, name: Any) -> None:
    if not is_name(name) or name == _VARS:
        raise SavingError(
            f"[{where}] expected a name without slashes, other than {_VARS!r}, got {name!r}."
        )


def _checked(where: str, weights: Any) -> Arrays:
    """Arrays that a file can hold."""
    if not isinstance(weights, Mapping):
        raise SavingError(
            f"[{where}] expected a dict from names, such as '0', to arrays, got {type(weights).__name__}."
        )
    found = {}
    for name, value in weights.items():
        _check_name(where, name)
        found[name] = np.asarray(value)
        if found[name].dtype.kind not in "biufc" and found[name].dtype.name != "bfloat16":
            raise SavingError(
                f"[{where}] expected an array of numbers as {name!r}, got dtype {found[name].dtype}."
            )
    return found


def _one_sided(
    one: Mapping[str, Arrays], other: Mapping[str, Arrays], has: str, lacks: str
) -> Iterator[str]:
    """Messages about objects of `one` that `other` lacks."""
    for path in one.keys() - other.keys():
        shapes = {name: array.shape for name, array in one[path].items()}
        yield f"{path or 'the model itself'}: in {has}, not in {lacks}: {shapes}"


def _tree(parent: str, nodes: Iterable[str], objects: Mapping[str, Arrays]) -> list[str]:
    """Lines of the tree below an object."""
    entries: list[tuple[str, list[str]]] = [
        (f"{name}: shape={array.shape}, dtype={array.dtype.name}", [])
        for name, array in objects.get(parent, {}).items()
    ]
    for path in sorted(p for p in nodes if p.rpartition("/")[0] == parent):
        entries.append((path.rpartition("/")[2], _tree(path, nodes, objects)))
    lines = []
    for place, (head, below) in enumerate(entries):
        last = place == len(entries) - 1
        lines.append(("└─ " if last else "├─ ") + head)
        lines += [("   " if last else "│  ") + line for line in below]
    return lines
