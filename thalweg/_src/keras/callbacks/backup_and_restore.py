"""`BackupAndRestore`: a run that is killed goes on where it was, as if nothing had happened."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np

from thalweg._src.base.errors import DataLossError
from thalweg._src.checkpoint import storage
from thalweg._src.keras.base.seeds import random_state, restore_random_state
from thalweg._src.keras.callbacks.base import Callback

_FORMAT = 1


class BackupAndRestore(Callback):
    """Saves the whole state of a run, and goes on from it when the program is started again.

    The state is that of the weights, the optimizer, the metrics, all random generators, the other
    callbacks, and the place in the epoch and in the data. On a CPU the finished run equals the
    uninterrupted one to the bit: for arrays, `PyDataset`s and loaders with ``state_dict``; an iterable is
    run on to its place, and so is a generator, with a warning.

    A backup is written beside the old one and renamed when it is whole, so that a program killed at any
    moment finds one or the other. When training ends, the folder is removed.

    Args:
        backup_dir: Folder for the backups, of this run alone.
        save_freq: ``"epoch"``, or a number of steps between backups.
        double_checkpoint: Keep the last two backups instead of one.
        delete_checkpoint: Remove the folder when training ends.

    Raises:
        ValueError: `save_freq` is neither.

    Example:
        >>> import thalweg as tf
        >>> backup = tf.keras.callbacks.BackupAndRestore("backup")

    Source: `keras.callbacks.BackupAndRestore`, which restores weights and optimizer at the beginning of an
    epoch only.
    """

    runs_last = True

    def __init__(
        self,
        backup_dir: str | os.PathLike[str],
        save_freq: Any = "epoch",
        double_checkpoint: bool = False,
        delete_checkpoint: bool = True,
    ) -> None:
        super().__init__()
        if not backup_dir:
            raise ValueError("[BackupAndRestore] expected a folder as backup_dir, got an empty name.")
        if save_freq != "epoch" and (not isinstance(save_freq, int) or save_freq < 1):
            raise ValueError(
                f"[BackupAndRestore] expected save_freq 'epoch' or a positive int, got {save_freq!r}."
            )
        self.backup_dir = Path(backup_dir)
        self.save_freq = save_freq
        self.double_checkpoint = double_checkpoint
        self.delete_checkpoint = delete_checkpoint
        self._steps = 0
        self._seen = 0
        # Steps are only counted here: `fit` need not stop at each of them.
        self.batch_cadence = sys.maxsize if save_freq == "epoch" else save_freq

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Goes on from the last backup, where there is one."""
        self._steps = self._seen = 0
        found = storage.read_latest(self.backup_dir)
        if found is not None:
            self._restore(*found)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Backs up every `save_freq` steps."""
        self._steps += batch + 1 - self._seen
        self._seen = batch + 1
        if self.save_freq != "epoch" and self._steps >= self.save_freq:
            self._steps = 0
            self._back_up(epoch_ended=False)

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Counts the steps of the epoch."""
        self._seen = 0

    def on_resume(self, epoch: int) -> None:
        """Counts the steps of the epoch from where it goes on."""
        self._seen = self.model._fitting.step

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Backs up."""
        if self.save_freq == "epoch":
            self._back_up(epoch_ended=True)

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Removes the backups."""
        if self.delete_checkpoint:
            shutil.rmtree(self.backup_dir, ignore_errors=True)

    def _others(self) -> list[Any]:
        return [c for c in self.model._fitting.callbacks.callbacks if c is not self]

    def _back_up(self, epoch_ended: bool) -> None:
        arrays: dict[str, np.ndarray[Any, Any]] = {}
        for index, variable in enumerate(self.model._training_state()):
            arrays[f"variables/{index}"] = variable.numpy()
        state = {
            "format": _FORMAT,
            "names": [_name_of(v) for v in self.model._training_state()],
            "run": self.model._fitting.state(epoch_ended),
            "random": random_state(),
            "callbacks": [[type(c).__name__, _state_of(c)] for c in self._others()],
            "steps": self._steps,
        }
        plain = _without_arrays(state, arrays)
        storage.write(self.backup_dir, arrays, plain, 2 if self.double_checkpoint else 1)

    def _restore(self, arrays: dict[str, Any], plain: dict[str, Any]) -> None:
        state = _with_arrays(plain, arrays)
        variables, others = self.model._training_state(), self._others()
        self._check(state, arrays, variables, others)
        for index, variable in enumerate(variables):
            variable.assign(arrays[f"variables/{index}"])
        for callback, (_, kept) in zip(others, state["callbacks"], strict=True):
            if hasattr(callback, "set_state"):
                callback.set_state(kept)
        self.model._fitting.restore(state["run"])
        # Last: finding the place in the data draws from the generators.
        restore_random_state(state["random"])
        self._steps = state["steps"]

    def _check(self, state: Any, arrays: Any, variables: list[Any], others: list[Any]) -> None:
        """Refuses a backup of another program, before anything is changed."""
        found: list[Any] = []
        wanted: list[Any] = []
        if state.get("format") == _FORMAT:
            found = [
                [arrays[f"variables/{i}"].shape for i in range(len(state["names"]))],
                [name for name, _ in state["callbacks"]],
            ]
            wanted = [[tuple(v.shape) for v in variables], [type(c).__name__ for c in others]]
        if not found or found != wanted:
            raise DataLossError(
                f"[BackupAndRestore] expected a backup of this very run in {str(self.backup_dir)!r}, got one "
                "of another model, optimizer or list of callbacks; remove the folder or name another."
            )


def _name_of(variable: Any) -> str:
    return str(getattr(variable, "path", variable.name))


def _state_of(callback: Any) -> dict[str, Any]:
    get_state = getattr(callback, "get_state", None)
    return {} if get_state is None else get_state()


def _without_arrays(value: Any, arrays: dict[str, np.ndarray[Any, Any]]) -> Any:
    """The value with each array moved to `arrays` and its name in its place."""
    if isinstance(value, np.ndarray):
        name = f"state/{len(arrays)}"
        arrays[name] = value
        return {"__array__": name}
    if isinstance(value, dict):
        return {str(key): _without_arrays(part, arrays) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_arrays(part, arrays) for part in value]
    return value.item() if isinstance(value, np.generic) else value


def _with_arrays(value: Any, arrays: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        if set(value) == {"__array__"}:
            return arrays[value["__array__"]]
        return {key: _with_arrays(part, arrays) for key, part in value.items()}
    if isinstance(value, list):
        return [_with_arrays(part, arrays) for part in value]
    return value
