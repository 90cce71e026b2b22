"""Ctrl-C between steps instead of within one.

A program takes the Variables' buffers and gives new ones back. An interrupt in between would lose them;
inside `uninterrupted` it waits until the step is whole.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class _Guard:
    """The process's interrupt handler while a `fit` runs in the main thread."""

    def __init__(self) -> None:
        self.installed = False
        self.held = 0
        self.pending = False

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Raises now, or at the end of the step that runs."""
        del number, frame
        if self.held:
            self.pending = True
            return
        raise KeyboardInterrupt


_guard = _Guard()


@contextmanager
def interrupts_between_steps() -> Iterator[None]:
    """Within it, Ctrl-C stops the program after the step that runs.

    Only the main thread gets signals, and a handler of the user's is left alone.
    """
    usual = signal.default_int_handler
    if (
        _guard.installed
        or threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not usual
    ):
        yield
        return
    signal.signal(signal.SIGINT, _guard.handle)
    _guard.installed = True
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
        _guard.installed = False


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Within it, Ctrl-C waits, where `interrupts_between_steps` is in force."""
    if not _guard.installed or threading.current_thread() is not threading.main_thread():
        yield
        return
    _guard.held += 1
    try:
        yield
    finally:
        _guard.held -= 1
        if not _guard.held and _guard.pending:
            _guard.pending = False
            raise KeyboardInterrupt


