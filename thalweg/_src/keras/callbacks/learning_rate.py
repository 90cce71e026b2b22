"""Callbacks that change the learning rate: by a schedule of epochs, or when a value gets no better."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from thalweg._src.keras.callbacks.base import Callback
from thalweg._src.keras.callbacks.monitor import MonitorCallback
from thalweg._src.keras.callbacks.progress import say


def _rate_of(model: Any, where: str) -> float:
    """The optimizer's learning rate as a number.

    Raises:
        ValueError: It is a schedule, which a callback cannot set.
    """
    optimizer = model.optimizer
    if not hasattr(optimizer, "learning_rate"):
        raise ValueError(f"[{where}] expected an optimizer with a learning_rate, got {optimizer!r}.")
    if getattr(optimizer, "_schedule", None) is not None:
        raise ValueError(
            f"[{where}] expected an optimizer with a number as learning_rate, got a schedule, which decides "
            "the rate alone; pass a number to the optimizer."
        )
    return float(optimizer.learning_rate)


class LearningRateScheduler(Callback):
    """Sets the learning rate at the beginning of each epoch.

    Args:
        schedule: Function of the epoch (from 0) and the present rate that gives the new rate; one of the
            epoch alone does, too.
        verbose: 1 to print the rate.

    Example:
        >>> import thalweg as tf
        >>> halve = tf.keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5)

    Source: `keras.callbacks.LearningRateScheduler`.
    """

    def __init__(self, schedule: Callable[..., float], verbose: int = 0) -> None:
        super().__init__()
        self.schedule = schedule
        self.verbose = verbose

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Sets the rate of the epoch."""
        rate = _rate_of(self.model, "LearningRateScheduler")
        try:
            inspect.signature(self.schedule).bind(epoch, rate)
            takes_rate = True
        except TypeError:
            takes_rate = False
        except ValueError:  # a callable without a signature
            takes_rate = True
        rate = self.schedule(epoch, rate) if takes_rate else self.schedule(epoch)
        if not isinstance(rate, (int, float)) and getattr(rate, "shape", None) != ():
            raise TypeError(
                f"[LearningRateScheduler] expected a number from the schedule for epoch {epoch}, got "
                f"{rate!r}."
            )
        self.model.optimizer.learning_rate = float(rate)
        if self.verbose > 0:
            say(f"Epoch {epoch + 1}: LearningRateScheduler setting learning rate to {float(rate)}.")

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Puts the rate into the logs."""
        if logs is not None:
            logs["learning_rate"] = float(self.model.optimizer.learning_rate)


class ReduceLROnPlateau(MonitorCallback):
    """Lowers the learning rate when a value has not become better for some epochs.

    Args:
        monitor: Name of the value.
        factor: The new rate is the old one times this, below 1.
        patience: Epochs without a better value before the rate is lowered.
        verbose: 1 to print the new rate.
        mode: ``"min"``, ``"max"`` or ``"auto"``: which values are better.
        min_delta: Least change that counts as better.
        cooldown: Epochs to wait after a change before values are watched again.
        min_lr: Least rate.
        **kwargs: ``epsilon``, the older name of `min_delta`.

    Raises:
        ValueError: `factor` is 1 or more.

    Source: `keras.callbacks.ReduceLROnPlateau`.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
        **kwargs: Any,
    ) -> None:
        min_delta = kwargs.pop("epsilon", min_delta)
        if kwargs:
            raise TypeError(f"[ReduceLROnPlateau] got unknown arguments {sorted(kwargs)}.")
        super().__init__(monitor, mode, min_delta=min_delta)
        if factor >= 1.0:
            raise ValueError(f"[ReduceLROnPlateau] expected factor below 1, got {factor}.")
        self.factor = factor
        self.patience = patience
        self.verbose = verbose
        self.cooldown = cooldown
        self.min_lr = min_lr
        self.cooldown_counter = 0
        self.wait = 0

    def in_cooldown(self) -> bool:
        """Whether values are not watched, shortly after a change."""
        return self.cooldown_counter > 0

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Forgets earlier runs."""
        self.best, self.cooldown_counter, self.wait = None, 0, 0

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Looks at the value, and puts the rate into the logs."""
        rate = _rate_of(self.model, "ReduceLROnPlateau")
        if logs is not None:
            logs["learning_rate"] = rate
        value = self.monitored(logs)
        if value is None:
            return
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.wait = 0
        if self.is_better(value, self.best):
            self.best, self.wait = value, 0
        elif self.cooldown_counter <= 0:
            self.wait += 1
            if self.wait >= self.patience and rate > self.min_lr:
                lower = max(rate * self.factor, self.min_lr)
                self.model.optimizer.learning_rate = lower
                if self.verbose > 0:
                    say(f"Epoch {epoch + 1}: ReduceLROnPlateau reducing learning rate to {lower}.")
                self.cooldown_counter, self.wait = self.cooldown, 0

    def get_state(self) -> dict[str, Any]:
        """What an interrupted run needs to go on."""
        mine = {"cooldown_counter": self.cooldown_counter, "wait": self.wait}
        return super().get_state() | mine

    def set_state(self, state: dict[str, Any]) -> None:
        """Goes on from what `get_state` told."""
        super().set_state(state)
        self.cooldown_counter, self.wait = state["cooldown_counter"], state["wait"]
