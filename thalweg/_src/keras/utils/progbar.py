"""`Progbar`: a progress bar for loops of one's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.callbacks.progress import ProgressBar


class Progbar:
    """Progress bar with metrics.

    Args:
        target: Number of steps; None when unknown.
        width: Characters of the bar.
        verbose: 1 for a bar, 2 for one line at the end, 0 for nothing.
        interval: Least seconds between two drawings; in notebooks it is at least half a second.
        stateful_metrics: Names of metrics that are shown as they come; all others are averaged over the
            steps.
        stateless_metrics: Names of metrics that are averaged over the steps; all others are shown as they
            come, as are all metrics when neither is given.
        unit_name: What a step is called.

    Raises:
        ValueError: Both lists of metrics are given.

    Example:
        >>> import thalweg as tf
        >>> bar = tf.keras.utils.Progbar(2, verbose=0)
        >>> bar.add(1, [("loss", 0.5)])
        >>> bar.update(2, [("loss", 0.25)])

    Source: `keras.utils.Progbar`. Where output is no terminal, one line is written at the end, and one every
    half minute where the work takes longer than a minute.
    """

    def __init__(
        self,
        target: int | None,
        width: int = 20,
        verbose: int = 1,
        interval: float = 0.05,
        stateful_metrics: Iterable[str] | None = None,
        stateless_metrics: Iterable[str] | None = None,
        unit_name: str = "step",
    ) -> None:
        if stateful_metrics is not None and stateless_metrics is not None:
            raise InvalidArgumentError(
                "[Progbar] expected stateful_metrics or stateless_metrics, got both; all metrics that the "
                "one does not name are of the other kind."
            )
        self.target = target
        self.width = width
        self.verbose = verbose
        self.interval = interval
        self.stateful_metrics = None if stateful_metrics is None else set(stateful_metrics)
        self.stateless_metrics = set(stateless_metrics or ())
        self.unit_name = unit_name
        self._done = 0
        self._values: dict[str, Any] = {}
        self._weights: dict[str, int] = {}
        self._bar = ProgressBar(target, verbose, width=width, interval=interval, unit=unit_name)

    def _is_averaged(self, name: str) -> bool:
        if self.stateful_metrics is not None:
            return name not in self.stateful_metrics
        return name in self.stateless_metrics

    def update(
        self,
        current: int,
        values: Iterable[tuple[str, Any]] | None = None,
        finalize: bool | None = None,
    ) -> None:
        """Shows how far the work is.

        Args:
            current: Steps that are done.
            values: Names and values of metrics.
            finalize: Whether this is the last update; when None, whether `current` reaches the target.
        """
        steps = max(current - self._done, 1)
        for name, value in values or ():
            if self._is_averaged(name):
                weight = self._weights.get(name, 0)
                self._weights[name] = weight + steps
                mean = self._values.get(name, 0.0)
                value = mean + (value - mean) * (steps / (weight + steps))
            self._values[name] = value
        self._done = current
        final = self.target is not None and current >= self.target if finalize is None else finalize
        self._bar.update(current, self._values, final=final)

    def add(self, n: int, values: Iterable[tuple[str, Any]] | None = None) -> None:
        """Shows that `n` further steps are done.

        Args:
            n: Steps since the last update.
            values: Names and values of metrics.
        """
        self.update(self._done + n, values)
