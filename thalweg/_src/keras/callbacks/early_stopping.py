"""`EarlyStopping`: ends training when a value gets no better."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.keras.callbacks.monitor import MonitorCallback
from thalweg._src.keras.callbacks.progress import say


class EarlyStopping(MonitorCallback):
    """Ends training when a value has not become better for some epochs.

    Args:
        monitor: Name of the value, such as ``"val_loss"``.
        min_delta: Least change that counts as better.
        patience: Epochs without a better value before training ends.
        verbose: 1 to print when training ends.
        mode: ``"min"``, ``"max"`` or ``"auto"``: which values are better.
        baseline: Value to be better than, or None.
        restore_best_weights: Give the model the weights of the best epoch at the end.
        start_from_epoch: Epochs to wait before values are watched.

    Attributes:
        best: Best value so far.
        best_epoch: Its epoch, from 0.
        stopped_epoch: Epoch after which training ended; 0 when it did not.
        wait: Epochs since the best value.

    Example:
        >>> import thalweg as tf
        >>> stop = tf.keras.callbacks.EarlyStopping(monitor="val_accuracy", patience=2)

    Source: `keras.callbacks.EarlyStopping`.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        super().__init__(monitor, mode, min_delta=min_delta)
        self.patience = patience
        self.verbose = verbose
        self.baseline = baseline
        self.restore_best_weights = restore_best_weights
        self.start_from_epoch = start_from_epoch
        self.best_weights: list[Any] | None = None
        self.best_epoch = 0
        self.wait = 0
        self.stopped_epoch = 0

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Forgets earlier runs."""
        self.best, self.best_weights = None, None
        self.best_epoch = self.wait = self.stopped_epoch = 0

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Looks at the value."""
        value = self.monitored(logs)
        if value is None or epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self.best_weights is None:
            self.best_weights = self.model.get_weights()
            self.best_epoch = epoch
        self.wait += 1
        if self.is_better(value, self.best):
            self.best, self.best_epoch = value, epoch
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            if self.baseline is None or self.is_better(value, self.baseline):
                self.wait = 0
            return
        if self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Restores the best weights."""
        if self.stopped_epoch > 0 and self.verbose > 0:
            say(f"Epoch {self.stopped_epoch + 1}: early stopping")
        if self.restore_best_weights and self.best_weights is not None:
            if self.verbose > 0:
                say(f"Restoring model weights from the end of the best epoch: {self.best_epoch + 1}.")
            self.model.set_weights(self.best_weights)

    def get_state(self) -> dict[str, Any]:
        """What an interrupted run needs to go on."""
        weights = None if self.best_weights is None else [np.asarray(w) for w in self.best_weights]
        return super().get_state() | {
            "best_epoch": self.best_epoch,
            "wait": self.wait,
            "stopped_epoch": self.stopped_epoch,
            "best_weights": weights,
        }

    def set_state(self, state: dict[str, Any]) -> None:
        """Goes on from what `get_state` told."""
        super().set_state(state)
        self.best_epoch, self.wait = state["best_epoch"], state["wait"]
        self.stopped_epoch, self.best_weights = state["stopped_epoch"], state["best_weights"]
