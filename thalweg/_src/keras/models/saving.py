"""Saving and loading of models and their weights."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import Any

from thalweg._src.base.errors import AlreadyExistsError, SavingError
from thalweg._src.checkpoint import files
from thalweg._src.keras.archive.checkpoints import (
    is_checkpoint,
    load_weights_of_checkpoint,
    read_checkpoint,
)
from thalweg._src.keras.archive.failures import only_saving_errors
from thalweg._src.keras.archive.keras_archive import (
    load_weights_of_archive,
    read_archive,
    write_archive,
    write_folder,
)
from thalweg._src.keras.archive.legacy_files import H5_ENDINGS, load_weights_of_h5, read_h5
from thalweg._src.keras.archive.legacy_write import write_h5
from thalweg._src.keras.archive.loading import load_into
from thalweg._src.keras.archive.shards import INDEX_ENDING, ShardReader, write_shards
from thalweg._src.keras.archive.weights_h5 import write_weights
from thalweg._src.keras.archive.weights_safetensors import ENDING as SAFETENSORS
from thalweg._src.keras.archive.weights_safetensors import load_safetensors, write_safetensors
from thalweg._src.keras.models.building import Buildable

_MODEL = ".keras"
_WEIGHTS = ".weights.h5"


class Saving(Buildable):
    """Methods of models that write and read files."""

    def save(
        self,
        filepath: str | os.PathLike[str],
        overwrite: bool = True,
        zipped: bool | None = None,
        **kwargs: Any,
    ) -> None:
        """Saves the model with its weights, what `compile` was told, and the optimizer's state.

        Args:
            filepath: Path that ends in ``.keras``, or in ``.h5`` for older programs; of a folder with
                ``zipped=False``.
            overwrite: Replace an older file; else ask at the terminal, and refuse where there is none.
            zipped: False for a folder with the file's members.
            **kwargs: ``save_format``, ``"keras"`` or ``"h5"``, which older programs pass; for ``.h5`` also
                ``include_optimizer``: whether to write what `compile` was told and the optimizer's state.

        Raises:
            SavingError: Another ending, or a layer that cannot be written as data.

        Example:
            >>> import tempfile
            >>> import thalweg as tf
            >>> model = tf.keras.Sequential([tf.keras.Input((3,)), tf.keras.layers.Dense(1)])
            >>> path = tempfile.mkdtemp() + "/model.keras"
            >>> model.save(path)
            >>> tf.keras.models.load_model(path).count_params()
            4

        Source: `keras.Model.save`. An older file stays whole until the new one takes its place. Lambdas are
        written as Python code, as in Keras, with a warning: such a file opens with ``safe_mode=False`` and
        the same version of Python only. Those that `compile` was told are left out.
        """
        save_model(self, filepath, overwrite, zipped, **kwargs)

    def save_weights(
        self, filepath: str | os.PathLike[str], overwrite: bool = True, max_shard_size: float | None = None
    ) -> None:
        """Saves the weights and the optimizer's state.

        Args:
            filepath: Path that ends in ``.weights.h5``, or in ``.safetensors`` for a file that other
                libraries read, too; in ``.weights.json`` with `max_shard_size`.
            overwrite: Replace an older file; else ask at the terminal, and refuse where there is none.
            max_shard_size: Write several files of at most so many GiB and an index.

        Raises:
            SavingError: Another ending, or a model without weights yet.

        Source: `keras.Model.save_weights`, which knows no ``.safetensors``. There the kernel of the first
        dense layer is called ``layers/dense/kernel``.
        """
        save_weights(self, filepath, overwrite, max_shard_size)

    def load_weights(
        self, filepath: str | os.PathLike[str], skip_mismatch: bool = False, **kwargs: Any
    ) -> None:
        """Takes the weights, and the optimizer's state where it fits, from a file.

        Args:
            filepath: Path of a ``.weights.h5``, ``.safetensors``, ``.weights.json``, ``.keras`` or ``.h5``
                file, or of checkpoints of `OrbaxCheckpoint`.
            skip_mismatch: Take what fits and warn of the rest.
            **kwargs: ``by_name=True`` finds the layers of a ``.h5`` file of Keras 2 by their names only, and
                leaves out those that only one side has.

        Raises:
            SavingError: The file is missing or damaged, or does not fit; the model is as before.

        Source: `keras.Model.load_weights`, which also takes files with more layers than the model has:
            here only ``skip_mismatch=True`` does.
        """
        load_weights(self, filepath, skip_mismatch, **kwargs)


def save_model(
    model: Any,
    filepath: str | os.PathLike[str],
    overwrite: bool = True,
    zipped: bool | None = None,
    **kwargs: Any,
) -> None:
    """Saves a model; see `Model.save`.

    Args:
        model: The model.
        filepath: Path that ends in ``.keras``, or in ``.h5`` for older programs; of a folder with
            ``zipped=False``.
        overwrite: Replace an older file.
        zipped: False for a folder with the file's members.
        **kwargs: ``save_format``, and for ``.h5`` ``include_optimizer``; see `Model.save`.

    Source: `keras.saving.save_model`.
    """
    path = Path(os.fspath(filepath))
    legacy = path.name.endswith(H5_ENDINGS) and not path.name.endswith(_WEIGHTS)
    save_format = kwargs.pop("save_format", None)
    include_optimizer = bool(kwargs.pop("include_optimizer", True)) if legacy else True
    if kwargs or save_format not in ((None, "h5") if legacy else (None, "keras")):
        unknown = {**kwargs} | ({} if save_format is None else {"save_format": save_format})
        raise SavingError(f"[save] got the unknown arguments {unknown}; the name's ending says the format.")
    folder = zipped is False
    if (legacy and zipped is not None) or (not legacy and path.name.endswith(_MODEL) == folder):
        raise SavingError(
            f"[save] expected a file name that ends in {_MODEL!r}, or another with zipped=False, got "
            f"{str(path)!r} with zipped={zipped}. Weights alone are written by save_weights(), other formats "
            "by export()."
        )
    _check_overwriting(path, overwrite)
    if not getattr(model, "built", True):
        warnings.warn(
            f"[save] the model {model.name!r} is not built and has no weights to save yet; call it on data "
            "first.",
            stacklevel=3,
        )
    if legacy:
        write_h5(path, model, include_optimizer)
        return
    (write_folder if folder else write_archive)(path, model)


def load_model(
    filepath: str | os.PathLike[str],
    custom_objects: Any = None,
    compile: bool = True,
    safe_mode: bool = True,
) -> Any:
    """The model in a file, with its weights.

    Opening a file runs no code from it unless you ask for that, reads and writes no other file, and takes
    memory in proportion to its size, whatever the file says.

    Args:
        filepath: Path of a ``.keras`` file, of a ``.h5`` file of Keras 2 or 3, of a folder that `save` wrote
            with ``zipped=False``, or of checkpoints of `OrbaxCheckpoint`: their folder, or one of them.
        custom_objects: Classes and functions by name, which the file may name.
        compile: Compile the model as it was, and take the optimizer's state.
        safe_mode: False, and nothing else, lets Python code in the file run: the lambdas of `Lambda` layers,
            which can then do whatever the program can. Never for files of people you do not trust.

    Returns:
        The model.

    Raises:
        SavingError: The file is missing, damaged or refused, or names what is not known here; the message
            says which.

    Source: `keras.saving.load_model`.
    """
    path = Path(os.fspath(filepath))
    if is_checkpoint(path):
        return read_checkpoint(path, custom_objects, compile, safe_mode)
    if path.name.endswith(H5_ENDINGS):
        return read_h5(path, custom_objects, compile, safe_mode)
    if not path.name.endswith(_MODEL) and not path.is_dir():
        raise SavingError(
            f"[load_model] expected the name of a `.keras` or `.h5` file, got {str(path)!r}; weights alone "
            "are read by model.load_weights()."
        )
    return read_archive(path, custom_objects, compile, safe_mode)


def save_weights(
    model: Any,
    filepath: str | os.PathLike[str],
    overwrite: bool = True,
    max_shard_size: float | None = None,
    **kwargs: Any,
) -> None:
    """Saves the weights of a model; see `Model.save_weights`.

    Args:
        model: The model.
        filepath: Path that ends in ``.weights.h5`` or ``.safetensors``; in ``.weights.json`` with
            `max_shard_size`.
        overwrite: Replace an older file.
        max_shard_size: Write several files of at most so many GiB and an index.
        **kwargs: None are known.

    Source: `keras.saving.save_weights`.
    """
    _refuse_unknown("save_weights", kwargs)
    path = Path(os.fspath(filepath))
    if max_shard_size is not None and path.name.endswith(_WEIGHTS):
        path = path.with_name(path.name.removesuffix(_WEIGHTS) + INDEX_ENDING)
        warnings.warn(f"[save_weights] the index of several files is written as {path.name!r}.", stacklevel=3)
    endings = (_WEIGHTS, SAFETENSORS) if max_shard_size is None else (INDEX_ENDING,)
    if not path.name.endswith(endings):
        raise SavingError(
            f"[save_weights] expected a file name that ends in {' or '.join(map(repr, endings))}, got "
            f"{str(path)!r}."
        )
    if max_shard_size is not None and not max_shard_size > 0:
        raise SavingError(f"[save_weights] expected max_shard_size above 0 GiB, got {max_shard_size}.")
    if not getattr(model, "built", True):
        raise SavingError(
            f"[save_weights] expected a model with weights, got {model.name!r}, which is not built; call it "
            "on data, or build it, first."
        )
    _check_overwriting(path, overwrite)
    if max_shard_size is not None:
        write_shards(path, model, float(max_shard_size))
        return
    write = write_safetensors if path.name.endswith(SAFETENSORS) else write_weights
    with files.writing(path) as file:
        write(file, model)


def load_weights(
    model: Any, filepath: str | os.PathLike[str], skip_mismatch: bool = False, **kwargs: Any
) -> None:
    """Gives a model the weights in a file; see `Model.load_weights`.

    Args:
        model: The model.
        filepath: Path of a ``.weights.h5``, ``.safetensors``, ``.weights.json``, ``.keras`` or ``.h5`` file.
        skip_mismatch: Take what fits and warn of the rest.
        **kwargs: ``by_name=True`` finds the layers of a ``.h5`` file of Keras 2 by their names only, and
            leaves out those that only one side has.

    Source: `keras.saving.load_weights`.
    """
    by_name = bool(kwargs.pop("by_name", False))
    _refuse_unknown("load_weights", kwargs)
    path = Path(os.fspath(filepath))
    if path.name.endswith(H5_ENDINGS) and not is_checkpoint(path):
        load_weights_of_h5(path, model, by_name, skip_mismatch)
        return
    if by_name:
        raise SavingError(
            f"[load_weights] expected by_name=False, got True for {str(path)!r}: only `.h5` files of Keras 2 "
            "know layers by their names; skip_mismatch=True takes what fits."
        )
    if is_checkpoint(path):
        load_weights_of_checkpoint(path, model, skip_mismatch)
        return
    if path.name.endswith(_MODEL) or path.is_dir():
        load_weights_of_archive(path, model, skip_mismatch)
        return
    if path.name.endswith(SAFETENSORS):
        load_safetensors(path, model, skip_mismatch)
        return
    if path.name.endswith(INDEX_ENDING):
        with ShardReader(path) as shards, only_saving_errors(path, "loading weights"):
            load_into(model, shards, skip_mismatch)
        return
    raise SavingError(
        f"[load_weights] expected a name that ends in '{_WEIGHTS}', '{SAFETENSORS}', '{INDEX_ENDING}', "
        f"'{_MODEL}' or '.h5', got {str(path)!r}."
    )


def _refuse_unknown(where: str, kwargs: dict[str, Any]) -> None:
    if kwargs:
        raise TypeError(f"[{where}] got unknown arguments {sorted(kwargs)}.")


def _check_overwriting(path: Path, overwrite: bool) -> None:
    if overwrite or not path.exists():
        return
    asked = sys.stdin is not None and sys.stdin.isatty()
    if asked and input(f"{path} exists already. Replace it? [y/n] ").strip().lower() in ("y", "yes"):
        return
    raise AlreadyExistsError(
        f"[save] expected a free name with overwrite=False, got {str(path)!r}, which exists; choose another."
    )
