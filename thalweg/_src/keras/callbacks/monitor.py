"""`MonitorCallback`: what callbacks that watch one value share."""

from __future__ import annotations

import logging
import math
from typing import Any

from thalweg._src.base.naming import nearest
from thalweg._src.keras.callbacks.base import Callback

_log = logging.getLogger("thalweg")
# A larger value is better for metrics whose name has one of these in it.
_LARGER_IS_BETTER = (
    "acc", "auc", "precision", "recall", "f1", "fbeta", "iou", "dice", "r2", "similarity", "specificity",
    "sensitivity", "positives_at", "correlation",
)  # fmt: skip


class MonitorCallback(Callback):
    """Watches a value of the logs.

    Args:
        monitor: Name of the value, such as ``"val_loss"``.
        mode: ``"min"`` or ``"max"``: which values are better; ``"auto"`` tells from the name.
        initial_value_threshold: Best value so far, or None.
        min_delta: Least change that counts as better.

    Attributes:
        best: Best value so far; None before the first.

    Raises:
        ValueError: An unknown mode.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        mode: str = "auto",
        initial_value_threshold: float | None = None,
        min_delta: float = 0.0,
    ) -> None:
        super().__init__()
        if mode not in ("auto", "min", "max"):
            raise ValueError(
                f"[{type(self).__name__}] expected mode 'auto', 'min' or 'max', got {mode!r}."
            )
        self.monitor = monitor
        self.mode = mode
        self.best = initial_value_threshold
        self.min_delta = abs(float(min_delta))

    @property
    def larger_is_better(self) -> bool:
        """Whether larger values are better."""
        if self.mode != "auto":
            return self.mode == "max"
        name = self.monitor.removeprefix("val_").lower()
        return any(part in name for part in _LARGER_IS_BETTER) and "loss" not in name

    def monitored(self, logs: dict[str, Any] | None) -> float | None:
        """The watched value; None, with a warning, where the logs lack it."""
        values = logs or {}
        if self.monitor in values:
            return float(values[self.monitor])
        _log.warning(
            "[%s] expected %r among the logs %s. %s",
            type(self).__name__,
            self.monitor,
            sorted(values),
            nearest(self.monitor, values) if values else "Pass validation data for a val_ metric.",
        )
        return None

    def get_monitor_value(self, logs: dict[str, Any] | None) -> float | None:
        """The watched value, under Keras' name for `monitored`."""
        return self.monitored(logs)

    def is_better(self, value: float, than: float | None) -> bool:
        """Whether a value is better than another by more than `min_delta`."""
        if math.isnan(value):
            return False
        if than is None:
            return True
        return value > than + self.min_delta if self.larger_is_better else value < than - self.min_delta

    def get_state(self) -> dict[str, Any]:
        """What an interrupted run needs to go on."""
        return {"best": self.best}

    def set_state(self, state: dict[str, Any]) -> None:
        """Goes on from what `get_state` told."""
        self.best = state["best"]
