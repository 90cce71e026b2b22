"""Models in checkpoints: the arrays of a `.weights.h5` file, and the config, in `thalweg.train`'s files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from thalweg._src.base.errors import SavingError
from thalweg._src.checkpoint import files, storage
from thalweg._src.checkpoint.tensors_file import TensorsFile
from thalweg._src.keras.archive.failures import MissingFileError, only_saving_errors
from thalweg._src.keras.archive.keras_archive import built_model, config_of
from thalweg._src.keras.archive.loading import load_into
from thalweg._src.keras.archive.walk import parts_of
from thalweg._src.keras.archive.weights_h5 import arrays_of, group_of
from thalweg._src.keras.archive.weights_safetensors import TensorsSource

_CONFIG = "keras_config"


def captured(model: Any, weights_only: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Arrays by name and state that `written` takes; later steps of training do not change them.

    Args:
        model: The model.
        weights_only: Whether to leave the config out.
    """
    arrays = {
        f"{group_of(part.path)}/{name}": array
        for part in parts_of(model)
        for name, array in arrays_of(part).items()
    }
    return arrays, ({} if weights_only else {_CONFIG: config_of(model)})


def written(folder: Path, arrays: Any, state: Any, max_to_keep: int | None) -> Path:
    """Writes the next checkpoint of a folder and deletes old ones; its folder and name."""
    return storage.write(folder, arrays, state, max_to_keep)


def is_checkpoint(path: Path) -> bool:
    """Whether a path is a checkpoint's, or a folder's that holds some."""
    return files.index_path(path).exists() or bool(path.is_dir() and files.indexes(path))


def _source(file: TensorsFile, where: object) -> TensorsSource:
    def place(name: str) -> tuple[str, str]:
        group, _, key = name.rpartition("/")
        return group, key

    return TensorsSource(file, where, place)


def _opened(path: Path) -> TensorsFile:
    """The arrays of a checkpoint, or of the newest whole one in a folder."""
    prefix = path
    if path.is_dir() and not files.index_path(path).exists():
        newest = storage.latest(path)
        if newest is None:
            raise MissingFileError(
                f"[{str(path)!r}] expected a checkpoint in the folder, found no whole one."
            )
        prefix = newest.prefix
    return storage.open_checkpoint(prefix)


def load_weights_of_checkpoint(path: Path, model: Any, skip_mismatch: bool) -> None:
    """Gives a model the arrays of a checkpoint; see `load_into`."""
    with only_saving_errors(path, "loading weights"), _opened(path) as file:
        load_into(model, _source(file, path), skip_mismatch)


def read_checkpoint(
    path: Path, custom_objects: Any, compile: bool, safe_mode: bool | None = True
) -> Any:
    """Model of a checkpoint, with its weights; see `read_archive`.

    Raises:
        SavingError: The checkpoint is damaged, or holds weights only.
    """
    with only_saving_errors(path, "opening the model"), _opened(path) as file:
        config = file.state.get(_CONFIG)
        if not isinstance(config, dict):
            raise SavingError(
                f"[{str(path)!r}] expected a checkpoint with a model, got one of weights alone; make the "
                "model and call its load_weights()."
            )
        source = _source(file, path)
        model = built_model(config, source.nbytes, custom_objects, compile, safe_mode)
        load_into(model, source)
    return model
