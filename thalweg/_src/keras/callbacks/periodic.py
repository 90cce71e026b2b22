"""`PeriodicSaver`: what callbacks that save a model from time to time share."""

from __future__ import annotations

import math
import sys
from typing import Any

from thalweg._src.keras.callbacks.monitor import MonitorCallback


class PeriodicSaver(MonitorCallback):
    """Saves after each epoch or each so many steps, always or when a value has become better.

    Args:
        monitor: Name of the value, such as ``"val_loss"``.
        verbose: 1 to print when something is saved.
        save_best_only: Save only when the value is better than all before.
        mode: ``"min"``, ``"max"`` or ``"auto"``: which values are better.
        save_freq: ``"epoch"``, or a number of steps.
        initial_value_threshold: Value to be better than from the beginning, or None.

    Raises:
        ValueError: `save_freq` is neither.
    """

    def __init__(
        self,
        monitor: str,
        verbose: int,
        save_best_only: bool,
        mode: str,
        save_freq: Any,
        initial_value_threshold: float | None,
    ) -> None:
        super().__init__(monitor, mode, initial_value_threshold)
        if save_freq != "epoch" and (not isinstance(save_freq, int) or save_freq < 1):
            raise ValueError(
                f"[{type(self).__name__}] expected save_freq 'epoch' or a positive int, got {save_freq!r}."
            )
        self.verbose = verbose
        self.save_best_only = save_best_only
        self.save_freq = save_freq
        self.batch_cadence = sys.maxsize if save_freq == "epoch" else 1
        # Steps since something was saved, and steps of this epoch that were counted.
        self._steps = 0
        self._seen = 0
        self._epoch = 0

    def set_params(self, params: dict[str, Any]) -> None:
        """Finds out how many steps may run at once so that none at which to save is passed."""
        super().set_params(params)
        if self.save_freq != "epoch":
            self.batch_cadence = math.gcd(self.save_freq, params.get("steps") or 1)

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Counts the steps of the epoch."""
        self._epoch = epoch
        self._seen = 0

    def on_resume(self, epoch: int) -> None:
        """Counts the steps of the epoch from where it goes on."""
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Saves every `save_freq` steps; they are counted through all epochs."""
        self._steps += batch + 1 - self._seen
        self._seen = batch + 1
        if self.save_freq != "epoch" and self._steps >= self.save_freq:
            self._steps = 0
            self._save_if_better(self._epoch, batch, logs or {})

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Saves after each epoch."""
        if self.save_freq == "epoch":
            self._save_if_better(epoch, None, logs or {})

    def _save_if_better(self, epoch: int, batch: int | None, logs: dict[str, Any]) -> None:
        if not self.save_best_only:
            self._save_and_tell(epoch, batch, logs, "")
            return
        value = self.monitored(logs)
        if value is None:
            return
        if self.is_better(value, self.best):
            before = "None" if self.best is None else f"{self.best:.5f}"
            self.best = value
            reason = f"{self.monitor} improved from {before} to {value:.5f}, "
            self._save_and_tell(epoch, batch, logs, reason)
        elif self.verbose > 0:
            best = "None" if self.best is None else f"{self.best:.5f}"
            print(f"\nEpoch {epoch + 1}: {self.monitor} did not improve from {best}")

    def _save_and_tell(
        self, epoch: int, batch: int | None, logs: dict[str, Any], reason: str
    ) -> None:
        target = self._target(epoch, batch, logs)
        if self.verbose > 0:
            print(f"\nEpoch {epoch + 1}: {reason}saving model to {target}")
        self._save(target)
        if self.verbose > 0:
            print(f"\nEpoch {epoch + 1}: finished saving model to {target}")

    def _target(self, epoch: int, batch: int | None, logs: dict[str, Any]) -> str:
        """Path to save to; for subclasses."""
        raise NotImplementedError

    def _save(self, target: str) -> None:
        """Saves the model; for subclasses."""
        raise NotImplementedError

    def get_state(self) -> dict[str, Any]:
        """What an interrupted run needs to go on."""
        return super().get_state() | {"steps": self._steps, "seen": self._seen}

    def set_state(self, state: dict[str, Any]) -> None:
        """Goes on from what `get_state` told."""
        super().set_state(state)
        self._steps, self._seen = state["steps"], state["seen"]
