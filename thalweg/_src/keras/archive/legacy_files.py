"""HDF5 files by path: weights in the layout of Keras 2 or of Keras 3, and whole models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from thalweg._src.base.errors import SavingError
from thalweg._src.base.safe_json import parsed
from thalweg._src.keras.archive.failures import MissingFileError, damaged, only_saving_errors
from thalweg._src.keras.archive.h5_gate import H5Reader
from thalweg._src.keras.archive.keras_archive import built_model
from thalweg._src.keras.archive.legacy_config import upgraded
from thalweg._src.keras.archive.legacy_h5 import (
    MODEL_CONFIG,
    TRAINING_CONFIG,
    LegacyReader,
    is_legacy,
)
from thalweg._src.keras.archive.legacy_optimizer import restore_optimizer
from thalweg._src.keras.archive.legacy_training import compile_config
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


def read_h5(path: Path, custom_objects: Any, compile: bool, safe_mode: bool | None) -> Any:
    """Model of an HDF5 file, with its weights.

    Args:
        path: The file.
        custom_objects: Classes and functions by name.
        compile: Whether to compile it as it was, with the optimizer's state.
        safe_mode: Only False lets code in the file run.

    Raises:
        SavingError: The file is damaged or refused, holds weights only, or names what is not known here.
    """
    with _opened(path) as reader, only_saving_errors(path, "opening the model"):
        file = LegacyReader(reader) if is_legacy(reader) else None
        if file is None or MODEL_CONFIG not in file.texts:
            raise SavingError(
                f"[load_model] expected a file with a model, got {str(path)!r} with weights alone; make the "
                "model and call its load_weights()."
            )
        config = upgraded(_json(file, MODEL_CONFIG), file.of_keras_2)
        if not isinstance(config, dict) or "class_name" not in config:
            raise damaged(path, "got a config that describes no model")
        told = _json(file, TRAINING_CONFIG) if TRAINING_CONFIG in file.texts else None
        if compile and told:
            config["compile_config"] = compile_config(told, file.of_keras_2, _output_names(config))
        model = built_model(config, reader.nbytes, custom_objects, compile, safe_mode)
        mapped = load_legacy(model, file)
        state = file.optimizer
        optimizer = getattr(model, "optimizer", None)
        if state is not None and optimizer is not None and optimizer.built:
            restore_optimizer(optimizer, state, [m.variable for m in mapped])
    return model


def _json(file: LegacyReader, name: str) -> Any:
    text = file.texts[name]
    with only_saving_errors(file.where, f"reading {name!r}"):
        return parsed(text[0] if text else "")


def _output_names(config: Any) -> list[str]:
    """Names of the layers that give a graph's outputs, longest first."""
    found: set[str] = set()

    def note(value: Any) -> None:
        if isinstance(value, list) and len(value) == 3 and isinstance(value[0], str):
            found.add(value[0])
        elif isinstance(value, (list, dict)):
            for part in value.values() if isinstance(value, dict) else value:
                note(part)

    settings = config.get("config")
    note(settings.get("output_layers", []) if isinstance(settings, dict) else [])
    return sorted(found, key=len, reverse=True)
