"""The progress bar of `fit`, `evaluate` and `predict`."""

from __future__ import annotations

import enum
import os
import shutil
import sys
import time
from collections.abc import Callable
from typing import Any, TextIO

from thalweg._src.base.log import get_logger
from thalweg._src.keras.base.settings import settings
from thalweg._src.keras.callbacks.base import Callback
from thalweg._src.keras.callbacks.progress_text import (
    bar,
    clock,
    columns_of,
    duration,
    fitted,
    number,
    wrapped,
)

# A terminal needs no more than ten drawings a second; a notebook keeps and sends each one.
_TERMINAL_SECONDS, _NOTEBOOK_SECONDS = 0.1, 0.5
# Files get a line when a run takes longer than the first, and then one each time that the second passes.
_LONG_SECONDS, _LOG_SECONDS = 60.0, 30.0
_PLAIN = str.maketrans({"━": "=", "─": ".", "…": "~"})


class Medium(enum.Enum):
    """What a stream leads to."""

    TERMINAL = "a line can be drawn over"
    NOTEBOOK = "a line can be drawn over, at some cost"
    FILE = "what is written stays"


def medium_of(stream: TextIO) -> Medium:
    """What a stream leads to: a terminal, a notebook, or a file or pipe."""
    if type(stream).__module__.partition(".")[0] == "ipykernel":
        return Medium.NOTEBOOK
    is_terminal = getattr(stream, "isatty", bool)()
    return Medium.TERMINAL if is_terminal and os.environ.get("TERM") != "dumb" else Medium.FILE


class ProgressBar:
    """One line that grows from ``0/steps`` to ``steps/steps`` with times and metrics.

    On a terminal and in a notebook the line is drawn anew as the work goes on. Into a file goes one line
    at the end, and where the work takes longer than a minute, one every half minute.
    Without interactive logging the last line goes to the logger, and no other is drawn.

    Args:
        steps: Number of steps, or None when unknown.
        verbose: 1 for a bar, 2 for one line at the end, 0 for nothing.
        stream: Where to write; ``sys.stdout`` when None.
        width: Characters of the bar.
        interval: Least seconds between two drawings; None for what suits the stream.
        unit: What a step is called.
        now: Function that tells the time in seconds.
    """

    # The bar whose line is open: not ended, so that other output would join it.
    _open: ProgressBar | None = None

    def __init__(
        self,
        steps: int | None,
        verbose: int,
        stream: TextIO | None = None,
        width: int = 20,
        interval: float | None = None,
        unit: str = "step",
        now: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._steps = steps
        self._verbose = verbose
        self._bar_width = width
        self._unit = unit
        self._stream = stream or sys.stdout
        self._medium = medium_of(self._stream)
        least = _NOTEBOOK_SECONDS if self._medium is Medium.NOTEBOOK else 0.0
        self._interval = max(_TERMINAL_SECONDS if interval is None else interval, least)
        self._now = now
        self._began = now()
        self._written = float("-inf") if self._is_live else self._began + _LONG_SECONDS - _LOG_SECONDS
        # Time and steps at the first update: the first steps of a run hold the time to compile.
        self._first: tuple[float, int] | None = None
        self._columns = 0

    @property
    def _is_live(self) -> bool:
        return self._verbose == 1 and self._medium is not Medium.FILE

    def update(self, done: int, values: dict[str, Any], final: bool = False) -> None:
        """Writes how far the work is, unless that happened a moment ago.

        Args:
            done: Steps that have run.
            values: Numbers to show.
            final: The work is over: write in any case and end the line.
        """
        if not self._verbose:
            return
        now = self._now()
        if self._first is None and done:
            self._first = (now, done)
        if not final and (self._verbose == 2 or not settings.interactive_logging):
            return
        if not final and now - self._written < (self._interval if self._is_live else _LOG_SECONDS):
            return
        self._written = now
        head, after = self._head(done, now, final)
        facts = [f"{name}: {number(value)}" for name, value in values.items()]
        if not settings.interactive_logging:
            get_logger().info(self._line(done, head, after, facts))
        elif self._is_live:
            self._draw(done, head, after, facts, final)
        else:
            self._write(self._line(done, head, after, facts) + "\n")

    def clear(self) -> None:
        """Takes an open line away, so that other output starts on an empty one."""
        if self._columns:
            self._write("\r" + " " * self._columns + "\r")
            self._columns = 0
        ProgressBar._open = None

    def _head(self, done: int, now: float, final: bool) -> tuple[str, str]:
        """What stands before the bar and right behind it."""
        total = "?" if self._steps is None else str(self._steps)
        count = f"{done}/{total}" if final else f"{done:>{len(total)}}/{total}"
        seconds = now - self._began
        per_step = seconds / max(done, 1)
        if self._first is not None and done > self._first[1]:
            per_step = (now - self._first[0]) / (done - self._first[1])
        left = None if final or not self._steps else per_step * (self._steps - done)
        told = f"{seconds:.0f}s" if left is None else clock(left)
        if self._verbose == 2:
            return f"{count} - {told} - {duration(per_step)}/{self._unit}", ""
        return count, f"{told} {duration(per_step)}/{self._unit}"

    def _line(self, done: int, head: str, after: str, facts: list[str]) -> str:
        if self._verbose != 2:
            head = f"{head} {bar(done, self._steps, self._bar_width)} {after}"
        return " - ".join([head, *facts])

    def _draw(self, done: int, head: str, after: str, facts: list[str], final: bool) -> None:
        """Draws the line over the one that is there."""
        line = self._line(done, head, after, facts)
        lines = [line]
        if self._medium is Medium.TERMINAL:
            # A line that fills the last column would be broken, and its parts could not be drawn over.
            room = shutil.get_terminal_size().columns - 1
            if final:
                lines = wrapped(line, room)
            elif columns_of(line) > room:
                width, end = fitted(head, self._bar_width, after, facts, room)
                lines = [f"{head} {bar(done, self._steps, width)} {end}"[:room]]
        lines[0] += " " * (self._columns - columns_of(lines[0]))
        self._columns = 0 if final else columns_of(lines[0].rstrip())
        ProgressBar._open = None if final else self
        self._write("\r" + "\n".join(lines) + "\n" * final)

    def _write(self, text: str) -> None:
        try:
            text.encode(getattr(self._stream, "encoding", None) or "utf-8")
        except (LookupError, UnicodeEncodeError):
            text = text.translate(_PLAIN).encode("ascii", "backslashreplace").decode()
        self._stream.write(text)
        self._stream.flush()


def say(line: str) -> None:
    """Prints a line, an open progress bar's line being taken away first; or hands it to the logger."""
    if not settings.interactive_logging:
        get_logger().info(line)
        return
    if ProgressBar._open is not None:
        ProgressBar._open.clear()
    print(line, flush=True)


class ProgbarLogger(Callback):
    """Shows progress on the standard output.

    Source: `keras.callbacks.ProgbarLogger`. Here it redraws at most ten times a second, in notebooks twice,
    and keeps to the width of the terminal. Where output is a file it writes one line at the end of each
    epoch, and in epochs of more than a minute one every half minute.
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
