"""`CheckpointManager`: numbered checkpoints in a folder, of which old ones are deleted."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from thalweg._src.base.errors import DataLossError, InvalidArgumentError, UnimplementedError
from thalweg._src.base.log import get_logger
from thalweg._src.checkpoint import files
from thalweg._src.checkpoint.checkpoint import Checkpoint
from thalweg._src.checkpoint.options import CheckpointOptions

_SECONDS_IN_AN_HOUR = 3600.0


class CheckpointManager:
    """Saves checkpoints under running numbers, and deletes old ones.

    Args:
        checkpoint: The `Checkpoint` to save and restore.
        directory: Folder for the files.
        max_to_keep: How many checkpoints stay; all when None.
        keep_checkpoint_every_n_hours: Besides these, one that is at least so many hours younger than the
            last one kept in this way stays for ever; None for none.
        checkpoint_name: Name before the number.
        step_counter: Integer Variable that counts steps, for `checkpoint_interval`.
        checkpoint_interval: `save` does nothing until so many steps after the last checkpoint, or None.
        init_fn: Function that `restore_or_initialize` calls when there is no checkpoint.
        last_checkpoint_step: Step of the last checkpoint, where a run goes on.

    Raises:
        ValueError: `max_to_keep` below 1, or an interval without a counter.

    Example:
        >>> import tempfile
        >>> import thalweg as tf
        >>> step = tf.Variable(0)
        >>> manager = tf.train.CheckpointManager(
        ...     tf.train.Checkpoint(step=step), tempfile.mkdtemp(), max_to_keep=2
        ... )
        >>> for _ in range(3):
        ...     path = manager.save()
        >>> len(manager.checkpoints)
        2

    Source: `tf.train.CheckpointManager`. The folder itself is the record of what there is, so that files
    deleted by hand are not missed; checkpoints of the same name that are there already count.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        directory: str | os.PathLike[str],
        max_to_keep: int | None,
        keep_checkpoint_every_n_hours: float | None = None,
        checkpoint_name: str = "ckpt",
        step_counter: Any = None,
        checkpoint_interval: int | None = None,
        init_fn: Callable[[], Any] | None = None,
        last_checkpoint_step: int | None = None,
    ) -> None:
        if max_to_keep is not None and max_to_keep < 1:
            raise InvalidArgumentError(
                f"[CheckpointManager] expected max_to_keep of 1 or more, or None, got {max_to_keep}."
            )
        if max_to_keep is None and keep_checkpoint_every_n_hours is not None:
            raise UnimplementedError(
                "[CheckpointManager] expected keep_checkpoint_every_n_hours only with a max_to_keep, got "
                "max_to_keep=None, which keeps all; leave it out."
            )
        if checkpoint_interval is not None and step_counter is None:
            raise InvalidArgumentError(
                f"[CheckpointManager] expected step_counter with checkpoint_interval={checkpoint_interval}, "
                "got None; pass the Variable that counts steps."
            )
        self._checkpoint = checkpoint
        self._directory = os.fspath(directory)
        self._name = checkpoint_name
        self._max_to_keep = max_to_keep
        self._keep_hours = keep_checkpoint_every_n_hours
        self._step_counter = step_counter
        self._interval = checkpoint_interval
        self._init_fn = init_fn
        self._last_step = last_checkpoint_step
        self._last_kept = self._time_of_last_kept()

    @property
    def directory(self) -> str:
        """Folder of the files."""
        return self._directory

    @property
    def checkpoint(self) -> Checkpoint:
        """The `Checkpoint`."""
        return self._checkpoint

    @property
    def checkpoint_interval(self) -> int | None:
        """Steps between checkpoints, or None."""
        return self._interval

    @property
    def checkpoints(self) -> list[str]:
        """Paths of the checkpoints, oldest first, without those kept for ever."""
        return [str(index.prefix) for index in self._managed()]

    @property
    def latest_checkpoint(self) -> str | None:
        """Path of the newest checkpoint, or None."""
        paths = self.checkpoints
        return paths[-1] if paths else None

    def save(
        self,
        checkpoint_number: Any = None,
        check_interval: bool = True,
        options: CheckpointOptions | None = None,
    ) -> str | None:
        """Saves a checkpoint and deletes the oldest ones.

        Args:
            checkpoint_number: Number for its name; the count of saves when None.
            check_interval: Whether to keep to `checkpoint_interval`.
            options: See `CheckpointOptions`.

        Returns:
            Path of the checkpoint; None when the interval is not over.
        """
        step = None if self._step_counter is None else int(self._step_counter)
        if check_interval and self._interval is not None and self._last_step is not None:
            assert step is not None
            if step < self._last_step + self._interval:
                return None
        number = None if checkpoint_number is None else int(checkpoint_number)
        path = self._checkpoint._save(Path(self._directory) / self._name, number, options)
        self._last_step = step
        self._delete_old()
        return path

    def restore_or_initialize(self) -> str | None:
        """Restores the newest whole checkpoint; without one, calls `init_fn`.

        Damaged checkpoints are logged and passed by.

        Returns:
            Path of the restored checkpoint, or None.
        """
        restored = None
        for path in reversed(self.checkpoints):
            try:
                self._checkpoint.restore(path)
            except DataLossError as error:
                get_logger().warning("Skipped: %s", error)
                continue
            restored = path
            break
        if restored is None and self._init_fn is not None:
            self._init_fn()
        if self._step_counter is not None and (restored or self._init_fn is not None):
            self._last_step = int(self._step_counter)
        return restored

    def sync(self) -> None:
        """Waits until a checkpoint that a thread writes is on the disk, and deletes the oldest ones."""
        self._checkpoint.sync()
        self._delete_old()

    def _managed(self) -> list[files.Index]:
        found = files.indexes(Path(self._directory), self._name)
        return [index for index in found if not index.kept]

    def _time_of_last_kept(self) -> float:
        found = files.indexes(Path(self._directory), self._name)
        kept = [index.time for index in found if index.kept]
        return max(kept) if kept else min([time.time(), *(index.time for index in found)])

    def _delete_old(self) -> None:
        managed = self._managed()
        for index in managed[: -self._max_to_keep] if self._max_to_keep is not None else ():
            hours = self._keep_hours
            if hours is not None and index.time - self._last_kept >= hours * _SECONDS_IN_AN_HOUR:
                files.write_index(dataclasses.replace(index, kept=True))
                self._last_kept = index.time
            else:
                files.delete(index)
