"""`History`: the record that `fit` returns."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.callbacks.base import Callback


class History(Callback):
    """Metrics of each epoch.

    Attributes:
        history: Lists of values by metric name, validation's with the prefix ``val_``.
        epoch: Numbers of the epochs, from 0.

    Source: `keras.callbacks.History`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.history: dict[str, list[float]] = {}
        self.epoch: list[int] = []

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Starts the list of epochs anew; earlier values stay."""
        self.epoch = []
        self.model.history = self

    def get_state(self) -> dict[str, Any]:
        """What an interrupted run needs to go on."""
        return {"history": {k: list(v) for k, v in self.history.items()}, "epoch": list(self.epoch)}

    def set_state(self, state: dict[str, Any]) -> None:
        """Goes on from what `get_state` told."""
        self.history, self.epoch = state["history"], list(state["epoch"])

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Takes in an epoch."""
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
        self.model.history = self
