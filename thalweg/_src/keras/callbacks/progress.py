"""The progress bar of `fit`, `evaluate` and `predict`."""

from __future__ import annotations

import math
import sys
import time
from typing import Any, TextIO

import numpy as np

from thalweg._src.base.log import get_logger
from thalweg._src.keras.base.settings import settings
from thalweg._src.keras.callbacks.base import Callback

# A terminal needs no more than this; a notebook's browser suffers from more.
_REDRAW_SECONDS = 0.1


class ProgressBar:
    """One line that grows from ``0/steps`` to ``steps/steps`` with times and metrics.

    Args:
        steps: Number of steps, or None when unknown.
        verbose: 1 for a bar, 2 for one line at the end, 0 for nothing.
        stream: Where to write; ``sys.stdout`` when None.
        width: Characters of the bar.
        interval: Seconds between two drawings.
        unit: What a step is called.

    Without interactive logging the last line goes to the logger, and no other is drawn.
    """

    def __init__(
        self,
        steps: int | None,
        verbose: int,
        stream: TextIO | None = None,
        width: int = 20,
        interval: float = _REDRAW_SECONDS,
        unit: str = "step",
    ) -> None:
        self._steps = steps
        self._verbose = verbose
        self._bar_width = width
        self._interval = interval
        self._unit = unit
        self._stream = stream or sys.stdout
        self._began = time.perf_counter()
        self._drawn = 0.0
        self._width = 0

    def update(self, done: int, values: dict[str, Any], final: bool = False) -> None:
        """Redraws, unless that happened a moment ago.

        Args:
            done: Steps that have run.
            values: Numbers to show.
            final: The run is over: draw in any case and end the line.
        """
        now = time.perf_counter()
        if not self._verbose or not final and (self._verbose == 2 or now - self._drawn < self._interval):
            return
        self._drawn = now
        live = self._verbose == 1 and settings.interactive_logging and _is_live(self._stream)
        if not live and not final:
            return
        line = self._line(done, values, now - self._began, final)
        if not settings.interactive_logging:
            get_logger().info(line)
            return
        padding = " " * max(0, self._width - len(line))
        self._width = len(line)
        start = "\r" if live else ""
        self._stream.write(f"{start}{line}{padding}" + ("\n" if final else ""))
        self._stream.flush()

    def _line(self, done: int, values: dict[str, Any], seconds: float, final: bool) -> str:
        total = self._steps if self._steps is not None else "?"
        count = f"{done}/{total}"
        per_step = seconds / max(done, 1)
        if self._verbose == 2:
            head = f"{count} - {seconds:.0f}s - {duration(per_step)}/{self._unit}"
        else:
            if self._steps:
                filled = min(int(self._bar_width * done / self._steps), self._bar_width)
                bar = "━" * filled + "─" * (self._bar_width - filled)
            else:
                bar = "━" * self._bar_width
            left = None if final or not self._steps else per_step * (self._steps - done)
            clock = f"{seconds:.0f}s" if left is None else f"{left:.0f}s"
            head = f"{count} {bar} {clock} {duration(per_step)}/{self._unit}"
        return " - ".join([head, *(f"{name}: {number(value)}" for name, value in values.items())])


def say(line: str) -> None:
    """Prints a line; without interactive logging it goes to the logger."""
    if settings.interactive_logging:
        print(line, flush=True)
    else:
        get_logger().info(line)


def duration(seconds: float) -> str:
    """Time with a fitting unit: ``2ms``, ``665us``, ``1s``."""
    if seconds >= 1:
        return f"{seconds:.0f}s"
    return f"{seconds * 1e3:.0f}ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f}us"


def number(value: Any) -> str:
    """Metric with four digits, in scientific form when it is small."""
    if np.ndim(value):
        return "[" + " ".join(number(part) for part in np.ravel(value)) + "]"
    scalar = float(value)
    return f"{scalar:.4f}" if abs(scalar) > 1e-3 or math.isnan(scalar) else f"{scalar:.4e}"


def _is_live(stream: TextIO) -> bool:
    """True where a line can be drawn over: a terminal or a notebook."""
    return stream.isatty() or "ipykernel" in sys.modules


class ProgbarLogger(Callback):
    """Shows progress on the standard output.

    Source: `keras.callbacks.ProgbarLogger`. Redraws at most ten times a second; where output is no
    terminal it writes one line at the end of each epoch.
    """

    batch_cadence = sys.maxsize

    def __init__(self) -> None:
        super().__init__()
        self._bar: ProgressBar | None = None
        self._done = 0
        self._training = False

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """From now on evaluation is validation: its numbers join the epoch's line."""
        self._training = True

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Evaluation stands for itself again."""
        self._training = False

    def close(self) -> None:
        """Ends a line that an error or Ctrl-C left open."""
        self._training = False
        self._finish(None)

    def _start(self) -> None:
        self._bar = ProgressBar(self.params.get("steps"), int(self.params.get("verbose", 1)))
        self._done = 0

    def _advance(self, batch: int, logs: dict[str, Any] | None) -> None:
        self._done = batch + 1
        if self._bar is not None:
            self._bar.update(self._done, logs or {})

    def _finish(self, logs: dict[str, Any] | None) -> None:
        if self._bar is not None:
            self._bar.update(self._done, logs or {}, final=True)
        self._bar = None

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Starts a line."""
        if self.params.get("verbose") and self.params.get("epochs", 1) > 0:
            say(f"Epoch {epoch + 1}/{self.params['epochs']}")
        self._start()

    def on_resume(self, epoch: int) -> None:
        """Starts a line in the middle of an epoch."""
        self.on_epoch_begin(epoch)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Moves the bar."""
        self._advance(batch, logs)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Ends the line."""
        self._finish(logs)

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Starts a line, unless this is validation."""
        if not self._training:
            self._start()

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Moves the bar, unless this is validation."""
        if not self._training:
            self._advance(batch, logs)

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Ends the line, unless this is validation."""
        if not self._training:
            self._finish(logs)

    def on_predict_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Starts a line."""
        self._start()

    def on_predict_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Moves the bar."""
        self._advance(batch, None)

    def on_predict_end(self, logs: dict[str, Any] | None = None) -> None:
        """Ends the line."""
        self._finish(None)
