"""HDF5 files in the layout of Keras 2: lists of names as attributes say which array is whose.

The file itself, or its group ``model_weights``, has an attribute ``layer_names``; each layer is a group of
that name with an attribute ``weight_names``, which are paths of arrays in the group. Lists that are too long
for one attribute go on in ``layer_names0``, ``layer_names1``, ... A file of a whole model also has the
attributes ``model_config`` and ``training_config`` and a group ``optimizer_weights``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from thalweg._src.base.errors import SavingError
from thalweg._src.keras.archive.failures import damaged
from thalweg._src.keras.archive.h5_gate import Entry, H5Reader

MODEL_CONFIG = "model_config"
TRAINING_CONFIG = "training_config"
LAYER_NAMES = "layer_names"
WEIGHT_NAMES = "weight_names"
MODEL_WEIGHTS = "model_weights"
OWN_WEIGHTS = "top_level_model_weights"
OPTIMIZER_WEIGHTS = "optimizer_weights"
VERSION = "keras_version"
BACKEND = "backend"
# Versions before this one wrote configs and weights in another way.
_FIRST_VERSION = 2


@dataclass(frozen=True)
class StoredLayer:
    """Arrays of a layer, or of an optimizer, in the order in which they were stored.

    Attributes:
        name: Name of the layer.
        names: Name of each array, such as ``"dense/kernel:0"``.
        entries: The arrays.
    """

    name: str
    names: tuple[str, ...]
    entries: tuple[Entry, ...]


class LegacyReader:
    """What a file in the layout of Keras 2 holds.

    Args:
        reader: The file.

    Raises:
        SavingError: It has another layout, or was written by a version before 2.
    """

    def __init__(self, reader: H5Reader) -> None:
        self.reader = reader
        self.where = reader.where
        self.texts = reader.texts()
        self._root = _root(reader)
        if self._root is None:
            raise SavingError(
                f"[{str(self.where)!r}] expected a file in the layout of Keras 2, which lists its layers in "
                f"the attribute {LAYER_NAMES!r}, got another one; weights of other programs are read by "
                "their own loaders."
            )
        # Files of whole models say it at the top, files of weights beside the names.
        version = (reader.texts(self._root) | self.texts).get(VERSION, ["2"])
        self.version = version[0] if version else "2"
        if _major(self.version) < _FIRST_VERSION:
            raise SavingError(
                f"[{str(self.where)!r}] expected a file of Keras 2 or 3, got one of version "
                f"{self.version!r}, whose layers and weights are others; open it with Keras 2 and save it "
                "again."
            )

    @property
    def of_keras_2(self) -> bool:
        """Whether a version before 3 wrote the file."""
        return of_keras_2(self.version)

    @property
    def layers(self) -> list[StoredLayer]:
        """Layers in the order of the file."""
        names = _listed(self.reader.texts(self._root or ""), LAYER_NAMES) or []
        if len(set(names)) < len(names):
            raise damaged(self.where, "got one layer twice")
        return [self.group(name) for name in names]

    @property
    def own(self) -> StoredLayer | None:
        """Arrays of the model itself, beside those of its layers; None where nothing is said of them."""
        found = _listed(self.reader.texts(_joined(self._root, OWN_WEIGHTS)), WEIGHT_NAMES)
        return None if found is None else self.group(OWN_WEIGHTS)

    @property
    def optimizer(self) -> StoredLayer | None:
        """State of the optimizer; None where there is none."""
        found = _listed(self.reader.texts(OPTIMIZER_WEIGHTS), WEIGHT_NAMES)
        return None if not found else self._stored(OPTIMIZER_WEIGHTS, OPTIMIZER_WEIGHTS)

    def group(self, name: str) -> StoredLayer:
        """Arrays of the layer with this name."""
        return self._stored(name, _joined(self._root, name))

    def _stored(self, name: str, path: str) -> StoredLayer:
        names = _listed(self.reader.texts(path), WEIGHT_NAMES)
        if names is None:
            raise damaged(self.where, f"got no {WEIGHT_NAMES!r} for {name!r}")
        entries = [self._entry(_joined(path, part)) for part in names]
        return StoredLayer(name, tuple(names), tuple(entries))

    def _entry(self, path: str) -> Entry:
        group, _, name = path.rpartition("/")
        found = self.reader.groups.get(group, {}).get(name)
        if found is None:
            raise damaged(self.where, f"got no array {path!r}, which it lists")
        return found


def is_legacy(reader: H5Reader) -> bool:
    """Whether a file has the layout of Keras 2."""
    return _root(reader) is not None


def of_keras_2(version: str) -> bool:
    """Whether a version of Keras is one before 3."""
    return _major(version) < 3


def without_slash(name: str) -> str:
    """A layer's name as it may be: in Keras 2 it could have slashes, which separate layers in paths."""
    return name.replace("/", "_")


def _root(reader: H5Reader) -> str | None:
    """Path of the group with the layers."""
    for path in ("", MODEL_WEIGHTS):
        if _listed(reader.texts(path), LAYER_NAMES) is not None:
            return path
    return None


def _listed(texts: dict[str, list[str]], name: str) -> list[str] | None:
    """The list in an attribute, or in several with numbers; None where there is none."""
    if name in texts:
        return texts[name]
    return list(itertools.chain(*_pieces(texts, name))) if f"{name}0" in texts else None


def _pieces(texts: dict[str, list[str]], name: str) -> Iterator[list[str]]:
    for index in itertools.count():
        if f"{name}{index}" not in texts:
            return
        yield texts[f"{name}{index}"]


def _joined(group: str | None, name: str) -> str:
    """A path as HDF5 understands it: slashes at the ends and several in a row are one."""
    return "/".join(part for part in f"{group or ''}/{name}".split("/") if part)


def _major(version: str) -> int:
    first = version.split(".")[0]
    return int(first) if first.isdigit() else _FIRST_VERSION
