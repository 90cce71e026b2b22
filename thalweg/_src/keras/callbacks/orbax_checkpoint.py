"""`OrbaxCheckpoint`: checkpoints of the model, written while training goes on."""

from __future__ import annotations

import logging
import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from thalweg._src.core import xla
from thalweg._src.keras.archive.checkpoints import captured, written
from thalweg._src.keras.callbacks.periodic import PeriodicSaver

_log = logging.getLogger("thalweg")


class OrbaxCheckpoint(PeriodicSaver):
    """Saves checkpoints of the model into a folder, in a thread of its own, and deletes old ones.

    `keras.saving.load_model` and `Model.load_weights` read the folder, its newest whole checkpoint, or one
    that is named, ``folder/checkpoint-3``. A program killed at any moment leaves the older checkpoints whole.

    Args:
        directory: Folder of the checkpoints; it is made.
        monitor: Name of the value that `save_best_only` watches.
        verbose: 1 to print when something is saved.
        save_best_only: Save only when the value is better than all before.
        mode: ``"min"``, ``"max"`` or ``"auto"``: which values are better.
        save_freq: ``"epoch"``, or a number of steps, which are counted through all epochs.
        initial_value_threshold: Value to be better than from the beginning, or None.
        max_to_keep: How many checkpoints stay; all when None.
        save_on_background: Write while training goes on; the values are those of the moment of saving.
        save_weights_only: Save the weights and the optimizer's state without the model.

    Raises:
        ValueError: An unknown mode or `save_freq`.

    Example:
        >>> import thalweg as tf
        >>> checkpoint = tf.keras.callbacks.OrbaxCheckpoint("checkpoints", max_to_keep=3)

    Source: `keras.callbacks.OrbaxCheckpoint`. The files are those of `tf.train.Checkpoint` here (arrays in
    the layout of safetensors, with a checksum): Orbax is not needed, and its checkpoints are not read.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        mode: str = "auto",
        save_freq: Any = "epoch",
        initial_value_threshold: float | None = None,
        max_to_keep: int | None = 1,
        save_on_background: bool = True,
        save_weights_only: bool = False,
    ) -> None:
        super().__init__(monitor, verbose, save_best_only, mode, save_freq, initial_value_threshold)
        self.directory = os.fspath(directory)
        self.max_to_keep = max_to_keep
        self.save_on_background = save_on_background
        self.save_weights_only = save_weights_only
        self._writer = ThreadPoolExecutor(1, "checkpoint")
        self._pending: Future[Any] | None = None

    def is_multihost_enabled(self) -> bool:
        """Whether several processes train together."""
        return bool(xla.jax.process_count() > 1)

    def is_primary_host(self) -> bool:
        """Whether this process is the one that writes."""
        return bool(xla.jax.process_index() == 0)

    def _target(self, epoch: int, batch: int | None, logs: dict[str, Any]) -> str:
        return self.directory

    def _save(self, target: str) -> None:
        if not self.is_primary_host():
            return
        self.wait_until_finished()
        arrays, state = captured(self.model, self.save_weights_only)
        self._pending = self._writer.submit(
            written, Path(target), arrays, state, self.max_to_keep
        )
        if not self.save_on_background:
            self.wait_until_finished()

    def wait_until_finished(self) -> None:
        """Waits until the last checkpoint is on the disk.

        Raises:
            OSError: It could not be written.
        """
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.result()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Waits until the last checkpoint is on the disk."""
        self.wait_until_finished()

    def close(self) -> None:
        """Waits for the last checkpoint, also of a run that ended with an error, which stays the one told."""
        try:
            self.wait_until_finished()
        except Exception:
            _log.exception("[OrbaxCheckpoint] the last checkpoint could not be written")
