"""Whole models as HDF5 files in the layout of Keras 2, for programs that read no other."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from thalweg._src.base.errors import SavingError
from thalweg._src.base.lazy import LazyModule
from thalweg._src.checkpoint import files
from thalweg._src.keras.archive.hdf5.arrays import BFLOAT16
from thalweg._src.keras.archive.keras_archive import assets_of, config_of
from thalweg._src.keras.archive.legacy_h5 import (
    BACKEND,
    LAYER_NAMES,
    MODEL_CONFIG,
    MODEL_WEIGHTS,
    OPTIMIZER_WEIGHTS,
    OWN_WEIGHTS,
    TRAINING_CONFIG,
    VERSION,
    WEIGHT_NAMES,
)
from thalweg._src.keras.archive.legacy_training import training_config
from thalweg._src.keras.archive.weights_h5 import put
from thalweg._src.keras.base.version import version

h5py = LazyModule("h5py")

# An attribute must fit into its object's header; longer lists are divided.
_MAX_ATTRIBUTE_BYTES = 64512
_ENGINE = "jax"


def write_h5(path: Path, model: Any, include_optimizer: bool) -> None:
    """Writes a model with its weights; an older file stays whole until the new one takes its place.

    Args:
        path: Path of the file.
        model: The model.
        include_optimizer: Whether to write what `compile` was told and the optimizer's state.

    Raises:
        SavingError: The model cannot be written as data, two of its layers have one name, or a layer keeps
            files, such as a vocabulary that it has learned.
    """
    _refuse_assets(model)
    warnings.warn(
        f"[save] {path.name!r} is written as HDF5, a format that Keras keeps for older programs; save the "
        "model under a name that ends in '.keras' where you can.",
        stacklevel=4,
    )
    config = config_of(model)
    told = config.pop("compile_config", None)
    with files.writing(path) as file, h5py.File(file, "w") as made:
        _note_writer(made)
        made.attrs[MODEL_CONFIG] = json.dumps(config)
        _write_layers(made.create_group(MODEL_WEIGHTS), model)
        if include_optimizer and told:
            made.attrs[TRAINING_CONFIG] = json.dumps(training_config(told))
            if model.optimizer.built:
                _write_arrays(made.create_group(OPTIMIZER_WEIGHTS), model.optimizer.variables)


def _refuse_assets(model: Any) -> None:
    for name, _ in assets_of(model):
        raise SavingError(
            f"[save] expected a model whose layers keep no files, as HDF5 files have no place for them, got "
            f"{name!r}; save the model as `.keras`."
        )


def _note_writer(group: Any) -> None:
    group.attrs[BACKEND] = _ENGINE
    group.attrs[VERSION] = version()


def _write_layers(group: Any, model: Any) -> None:
    _note_writer(group)
    names = [layer.name for layer in model.layers]
    if len(set(names)) < len(names):
        raise SavingError(
            f"[save] expected layers of different names for an HDF5 file, got {names}; name them, or save "
            "the model as `.keras`."
        )
    _write_names(group, LAYER_NAMES, names)
    for layer in model.layers:
        variables = [*layer.trainable_weights, *layer.non_trainable_weights]
        _write_arrays(group.create_group(layer.name), variables)
    own = model._stored_variables()
    _write_arrays(group.create_group(OWN_WEIGHTS), own)


def _write_arrays(group: Any, variables: Iterable[Any]) -> None:
    names: list[str] = []
    for variable in variables:
        name = str(getattr(variable, "path", variable.name))
        if name in names:
            name = f"{name}_{len(names)}"
        names.append(name)
        array = variable.numpy()
        # HDF5 has no bfloat16, and readers of this layout know no other form of it.
        put(group, name, array.astype("float32") if array.dtype == BFLOAT16 else array)
    _write_names(group, WEIGHT_NAMES, names)


def _write_names(group: Any, attribute: str, names: Sequence[str]) -> None:
    """A list of names as one attribute, or as several with numbers."""
    data = np.array([name.encode() for name in names]) if names else np.zeros(0)
    pieces = math.ceil(data.nbytes / _MAX_ATTRIBUTE_BYTES)
    if pieces <= 1:
        group.attrs[attribute] = data
        return
    for index, piece in enumerate(np.array_split(data, pieces)):
        group.attrs[f"{attribute}{index}"] = piece
