"""Writers of event files, and which of them, at which step, summaries go to."""

from __future__ import annotations

import itertools
import os
import socket
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from thalweg._src.base.errors import FailedPreconditionError, UnimplementedError
from thalweg._src.base.record_framing import frame
from thalweg._src.core import xla
from thalweg._src.function.callbacks import numpy_function
from thalweg._src.summary import messages

_WRITER = "thalweg"
_SUFFIX = ".v2"
_MAX_QUEUE = 10
_FLUSH_MILLIS = 120_000
_numbers = itertools.count()


class _Settings(threading.local):
    """What summaries of this thread go by.

    Attributes:
        writer: Where they go, or None.
        step: Their step when they name none, or None.
        recording: Whether they are recorded: a bool, a tensor, or a function that gives one.
    """

    def __init__(self) -> None:
        self.writer: SummaryWriter | None = None
        self.step: Any = None
        self.recording: Any = True


settings = _Settings()


class SummaryWriter:
    """Where summaries go: a file made by `create_file_writer`, or nowhere (`create_noop_writer`).

    Source: `tf.summary.SummaryWriter`.
    """

    def as_default(self, step: Any = None) -> Any:
        """Context in which summaries go to this writer; it is flushed at the end.

        Args:
            step: Step of the summaries inside that name none; as it was before when None.

        Returns:
            Context manager that gives the writer.

        Raises:
            RuntimeError: The writer is closed.
        """
        self._check_open()
        return self._as_default(step)

    @contextmanager
    def _as_default(self, step: Any) -> Iterator[SummaryWriter]:
        writer, old_step = settings.writer, settings.step
        settings.writer = self
        if step is not None:
            settings.step = step
        try:
            yield self
            self.flush()
        finally:
            settings.writer = writer
            if step is not None:
                settings.step = old_step

    def set_as_default(self, step: Any = None) -> None:
        """Sends summaries of this thread to this writer from now on.

        Args:
            step: Step of the summaries that name none; as it was when None.

        Raises:
            RuntimeError: The writer is closed.
        """
        self._check_open()
        settings.writer = self
        if step is not None:
            settings.step = step

    def init(self) -> None:
        """Nothing more is to be done before writing.

        Raises:
            RuntimeError: The writer is closed.
        """
        self._check_open()

    def flush(self) -> None:
        """Hands everything written so far to the file; inside a compiled function, when it runs."""

    def close(self) -> None:
        """Flushes, and closes the file; it may be called again."""

    def add(self, event: Callable[[float], bytes]) -> None:
        """Writes an event, given as a function of the time in seconds since 1970."""

    def _check_open(self) -> None:
        """Raises when nothing can be written any more."""


class NoopWriter(SummaryWriter):
    """Writer that drops everything."""


class FileWriter(SummaryWriter):
    """Writer of one event file; arguments as for `create_file_writer`."""

    def __init__(
        self,
        logdir: str | os.PathLike[str],
        max_queue: int | None = None,
        flush_millis: int | None = None,
        filename_suffix: str | None = None,
    ) -> None:
        folder = Path(os.fspath(logdir))
        folder.mkdir(parents=True, exist_ok=True)
        now = time.time()
        stem = f"events.out.tfevents.{int(now)}.{socket.gethostname()}.{os.getpid()}"
        suffix = _SUFFIX if filename_suffix is None else filename_suffix
        self._path = folder / f"{stem}.{next(_numbers)}{suffix}"
        self._limit = _MAX_QUEUE if max_queue is None else int(max_queue)
        self._interval = (_FLUSH_MILLIS if flush_millis is None else int(flush_millis)) / 1000.0
        self._queue: list[bytes] = []
        self._lock = threading.RLock()
        self._flushed = time.monotonic()
        file = self._path.open("wb")
        file.write(frame(messages.version_message(float(int(now)), _WRITER)))
        file.flush()
        # What is in the queue reaches the file also when nobody closes the writer.
        self._end = weakref.finalize(self, _end, file, self._queue, self._lock)
        self._file = file

    @property
    def path(self) -> Path:
        """Path of the event file."""
        return self._path

    @property
    def closed(self) -> bool:
        """Whether the writer has been closed."""
        return not self._end.alive

    def _check_open(self) -> None:
        if self.closed:
            raise FailedPreconditionError(
                f"[SummaryWriter {str(self._path)!r}] expected an open writer, got one that is closed; "
                "create another."
            )

    def add(self, event: Callable[[float], bytes]) -> None:
        """Queues an event; flushes when the queue is full or the last flush is long ago."""
        with self._lock:
            self._check_open()
            self._queue.append(frame(event(time.time())))
            late = time.monotonic() - self._flushed > self._interval
            if late or len(self._queue) > self._limit:
                self._flush()

    def flush(self) -> None:
        """Hands everything written so far to the file; inside a compiled function, when it runs."""
        if xla.tracing():
            numpy_function(self._flush, [], [])
        else:
            self._flush()

    def _flush(self) -> None:
        with self._lock:
            if not self.closed:
                _empty(self._file, self._queue)
                self._flushed = time.monotonic()

    def close(self) -> None:
        """Flushes, and closes the file; it may be called again."""
        self._end()


def _empty(file: BinaryIO, queue: list[bytes]) -> None:
    file.write(b"".join(queue))
    file.flush()
    queue.clear()


def _end(file: BinaryIO, queue: list[bytes], lock: threading.RLock) -> None:
    with lock:
        _empty(file, queue)
        file.close()


def create_file_writer(
    logdir: str | os.PathLike[str],
    max_queue: int | None = None,
    flush_millis: int | None = None,
    filename_suffix: str | None = None,
    name: str | None = None,
    experimental_trackable: bool = False,
    experimental_mesh: Any = None,
) -> SummaryWriter:
    """Writer of a new event file, for TensorBoard.

    Args:
        logdir: Folder for the file; it is made.
        max_queue: Most summaries that wait in memory; 10 when None.
        flush_millis: Longest time, in milliseconds, between writing to the file; 120,000 when None. It is
            looked at when a summary comes.
        filename_suffix: End of the file's name; ``".v2"`` when None.
        name: Has no effect: there is no graph to name the writer in.
        experimental_trackable: Has no effect: a writer has no state to save.
        experimental_mesh: Must be None: every process writes its own file.

    Returns:
        `SummaryWriter`.

    Raises:
        OSError: The file cannot be made.

    Example:
        >>> import tempfile
        >>> import thalweg as tf
        >>> writer = tf.summary.create_file_writer(tempfile.mkdtemp())
        >>> with writer.as_default():
        ...     written = tf.summary.scalar("loss", 0.5, step=1)
        >>> bool(written)
        True
        >>> writer.close()

    Source: `tf.summary.create_file_writer`.
    """
    if experimental_mesh is not None:
        raise UnimplementedError(
            f"[summary.create_file_writer] expected experimental_mesh=None, got {experimental_mesh!r}; leave "
            "it out."
        )
    return FileWriter(logdir, max_queue, flush_millis, filename_suffix)


def create_noop_writer() -> SummaryWriter:
    """Writer that drops everything: for code that should write nothing now.

    Source: `tf.summary.create_noop_writer`.
    """
    return NoopWriter()


def flush(writer: SummaryWriter | None = None, name: str | None = None) -> None:
    """Hands to the file what a writer holds back.

    Args:
        writer: The writer; the default one when None.
        name: Has no effect, as for `create_file_writer`.

    Source: `tf.summary.flush`.
    """
    chosen = settings.writer if writer is None else writer
    if chosen is not None:
        chosen.flush()


def set_step(step: Any) -> None:
    """Sets the step of this thread's summaries that name none.

    Args:
        step: Integer, or an integer Variable, whose value counts when a summary is written; None for none.
            In a compiled function only a Variable moves on; a number is that of the trace.

    Source: `tf.summary.experimental.set_step`.
    """
    settings.step = step


def get_step() -> Any:
    """The step of this thread's summaries that name none: what `set_step` or `as_default` was given.

    Source: `tf.summary.experimental.get_step`.
    """
    return settings.step


@contextmanager
def record_if(condition: Any) -> Iterator[None]:
    """Context in which summaries are written only if a condition holds.

    Args:
        condition: Bool, bool tensor, or a function of no arguments that is asked at each summary.

    Example:
        >>> import thalweg as tf
        >>> with tf.summary.record_if(False):
        ...     bool(tf.summary.scalar("loss", 1.0, step=0))
        False

    Source: `tf.summary.record_if`.
    """
    old, settings.recording = settings.recording, condition
    try:
        yield
    finally:
        settings.recording = old
