"""`ModelCheckpoint`: saves the model from time to time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from thalweg._src.base.api_names import tells_older_arguments
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.base.naming import nearest
from thalweg._src.keras.archive.legacy_files import H5_ENDINGS
from thalweg._src.keras.archive.weights_safetensors import ENDING as SAFETENSORS
from thalweg._src.keras.callbacks.periodic import PeriodicSaver


class ModelCheckpoint(PeriodicSaver):
    """Saves the model, or its weights, after each epoch or each so many steps.

    Each file is written beside its name and renamed when it is whole: a program killed while it saves
    leaves the older file.

    Args:
        filepath: Path that ends in ``.keras`` or ``.h5``, or with `save_weights_only` in ``.weights.h5`` or
            ``.safetensors``; its folder is made. ``{epoch:02d}``, ``{batch}`` and names of the logs,
            ``{val_loss:.2f}``, are filled in.
        monitor: Name of the value that `save_best_only` watches.
        verbose: 1 to print when something is saved.
        save_best_only: Save only when the value is better than all before.
        save_weights_only: Save the weights and the optimizer's state without the model.
        mode: ``"min"``, ``"max"`` or ``"auto"``: which values are better.
        save_freq: ``"epoch"``, or a number of steps, which are counted through all epochs.
        initial_value_threshold: Value to be better than from the beginning, or None.

    Raises:
        ValueError: Another ending, or an unknown mode or `save_freq`.

    Example:
        >>> import tempfile
        >>> import thalweg as tf
        >>> model = tf.keras.Sequential([tf.keras.Input((2,)), tf.keras.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> folder = tempfile.mkdtemp()
        >>> checkpoint = tf.keras.callbacks.ModelCheckpoint(folder + "/{epoch:02d}.keras")
        >>> x, y = tf.ones((4, 2)), tf.ones((4, 1))
        >>> _ = model.fit(x, y, epochs=2, verbose=0, callbacks=[checkpoint])
        >>> import os
        >>> sorted(os.listdir(folder))
        ['01.keras', '02.keras']

    Source: `keras.callbacks.ModelCheckpoint`. With `BackupAndRestore` a run that is started again keeps the
    best value, and its count of steps.
    """

    @tells_older_arguments("keras.callbacks.ModelCheckpoint")
    def __init__(
        self,
        filepath: str | os.PathLike[str],
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: Any = "epoch",
        initial_value_threshold: float | None = None,
    ) -> None:
        super().__init__(monitor, verbose, save_best_only, mode, save_freq, initial_value_threshold)
        self.filepath = os.fspath(filepath)
        self.save_weights_only = save_weights_only
        weights = self.filepath.endswith((".weights.h5", SAFETENSORS))
        whole = self.filepath.endswith((".keras", *H5_ENDINGS)) and not weights
        if not (weights if save_weights_only else whole):
            ending = ".weights.h5" if save_weights_only else ".keras"
            raise InvalidArgumentError(
                f"[ModelCheckpoint] expected a filepath that ends in {ending!r} with "
                f"save_weights_only={save_weights_only}, got {self.filepath!r}."
            )

    def _target(self, epoch: int, batch: int | None, logs: dict[str, Any]) -> str:
        values = {"epoch": epoch + 1} | ({} if batch is None else {"batch": batch + 1}) | logs
        try:
            return self.filepath.format(**values)
        except KeyError as error:
            name = str(error.args[0])
            raise KeyError(
                f"[ModelCheckpoint] expected names of logs in filepath={self.filepath!r}, got {name!r}. "
                f"{nearest(name, values)}"
            ) from None

    def _save(self, target: str) -> None:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        if self.save_weights_only:
            self.model.save_weights(target, overwrite=True)
        else:
            self.model.save(target, overwrite=True)
