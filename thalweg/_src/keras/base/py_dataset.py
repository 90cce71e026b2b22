"""`PyDataset`: batches that Python code makes by their number, on threads or in processes of their own.

A `Loader` makes the batches of one dataset for any order of indices. Its threads or processes live until
it is closed. Processes start clean (``spawn``) and get the dataset as a file, written again only when the
dataset has changed since: a fork of a process that runs XLA's threads may hang.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import pathlib
import pickle
import tempfile
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import xla

_DEFAULTS = {"workers": 1, "use_multiprocessing": False, "max_queue_size": 10}


class PyDataset:
    """Base class of datasets whose batches are made by Python code.

    A subclass defines `__getitem__`, which returns one batch, and `__len__` or `num_batches`.

    Args:
        workers: Threads or processes that make batches ahead. 1 without `use_multiprocessing` makes each
            batch when it is asked for, on the thread that asks.
        use_multiprocessing: Processes instead of threads. They start clean, so that a program needs
            ``if __name__ == "__main__":`` around what it runs, and the dataset must be picklable.
        max_queue_size: How many batches may be ready or in the making ahead of the one that is used.

    Example:
        >>> import numpy as np
        >>> import thalweg as tf
        >>> class Squares(tf.keras.utils.PyDataset):
        ...     def __len__(self):
        ...         return 2
        ...     def __getitem__(self, index):
        ...         x = np.arange(3.0) + 3 * index
        ...         return x, x**2
        >>> [y.tolist() for x, y in Squares(workers=2)]
        [[0.0, 1.0, 4.0], [9.0, 16.0, 25.0]]

    Source: `keras.utils.PyDataset`. Iterating uses the workers, as `fit` does.
    """

    def __init__(
        self, workers: int = 1, use_multiprocessing: bool = False, max_queue_size: int = 10
    ) -> None:
        self.workers = workers
        self.use_multiprocessing = use_multiprocessing
        self.max_queue_size = max_queue_size

    def _setting(self, name: str) -> Any:
        """A setting; its default, with a warning, where a subclass forgot to call `__init__`."""
        found = self.__dict__.get(f"_{name}")
        if found is None:
            warnings.warn(
                f"[{type(self).__name__}] expected super().__init__(**kwargs) in the constructor of a "
                "PyDataset; workers, use_multiprocessing and max_queue_size have their defaults.",
                UserWarning,
                stacklevel=3,
            )
            for key, value in _DEFAULTS.items():
                self.__dict__.setdefault(f"_{key}", value)
            found = _DEFAULTS[name]
        return found

    @property
    def workers(self) -> int:
        """Threads or processes that make batches ahead."""
        return int(self._setting("workers"))

    @workers.setter
    def workers(self, value: int) -> None:
        self._workers = _count(value, 0, f"{type(self).__name__}.workers")

    @property
    def use_multiprocessing(self) -> bool:
        """Whether workers are processes instead of threads."""
        return bool(self._setting("use_multiprocessing"))

    @use_multiprocessing.setter
    def use_multiprocessing(self, value: bool) -> None:
        self._use_multiprocessing = bool(value)

    @property
    def max_queue_size(self) -> int:
        """How many batches may be ready or in the making ahead."""
        return int(self._setting("max_queue_size"))

    @max_queue_size.setter
    def max_queue_size(self, value: int) -> None:
        self._max_queue_size = _count(value, 1, f"{type(self).__name__}.max_queue_size")

    def __getitem__(self, index: int) -> Any:
        """The batch with this number: ``x``, ``(x, y)`` or ``(x, y, sample_weight)``.

        Args:
            index: From 0 to `num_batches` - 1.
        """
        raise NotImplementedError(
            f"[{type(self).__name__}] expected a method __getitem__(self, index) that returns one batch."
        )

    @property
    def num_batches(self) -> int | None:
        """Number of batches; None for a dataset without end. It is ``len(self)`` where that is defined."""
        if hasattr(self, "__len__"):
            return len(self)
        raise NotImplementedError(
            f"[{type(self).__name__}] expected a method __len__(self) or a property num_batches; define one "
            "of them."
        )

    def on_epoch_begin(self) -> None:
        """Called by `fit` before each epoch."""

    def on_epoch_end(self) -> None:
        """Called by `fit` after each epoch, for instance to shuffle."""

    def __iter__(self) -> Iterator[Any]:
        return iterate(self, all_indices(self))


def _count(value: Any, least: int, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InvalidArgumentError(
            f"[{where}] expected an integer of {least} or more, got {value!r}."
        )
    return value


def all_indices(dataset: PyDataset) -> Iterable[int]:
    """The numbers of all batches in order, without end where the dataset has none."""
    count = dataset.num_batches
    return itertools.count() if count is None else range(count)


def iterate(dataset: PyDataset, indices: Iterable[int]) -> Iterator[Any]:
    """Batches of a dataset in the given order, made by its workers.

    Args:
        dataset: The dataset.
        indices: Numbers of batches, in the order in which they are wanted; may be endless.

    Returns:
        Iterator of batches. Closing it, or leaving it to be collected, stops the workers.
    """
    with Loader(dataset) as loader:
        yield from loader.iterate(indices)


class Loader:
    """Makes the batches of a dataset on its workers, as long as it is open.

    Args:
        dataset: The dataset; its settings are read now.

    Use it as a context manager, or call `close`.
    """

    def __init__(self, dataset: PyDataset) -> None:
        self._dataset = dataset
        self._ahead = max(dataset.max_queue_size, 1)
        self._executor: Executor | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._stored: bytes | None = None
        self._version = 0
        workers = dataset.workers
        if dataset.use_multiprocessing and workers:
            self._folder = tempfile.TemporaryDirectory(prefix="py-dataset-")
            self._executor = ProcessPoolExecutor(workers, get_context("spawn"), _start_worker)
        elif workers > 1:
            self._executor = ThreadPoolExecutor(workers, f"{type(dataset).__name__}-worker")

    def __enter__(self) -> Loader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def iterate(self, indices: Iterable[int]) -> Iterator[Any]:
        """Batches in the given order.

        Args:
            indices: Numbers of batches; may be endless.

        Raises:
            Exception: What `__getitem__` raised, with the traceback of the worker.
        """
        if self._executor is None:
            for index in indices:
                yield self._dataset[index]
            return
        make, upcoming = self._maker(), iter(indices)
        pending: deque[Future[Any]] = deque()
        try:
            for index in itertools.islice(upcoming, self._ahead):
                pending.append(self._executor.submit(make, index))
            while pending:
                batch = pending.popleft().result()
                for index in itertools.islice(upcoming, 1):
                    pending.append(self._executor.submit(make, index))
                yield batch
        except BrokenProcessPool as error:
            error.add_note(
                f"[{type(self._dataset).__name__}] a worker process died: check that the program guards what "
                'it runs with `if __name__ == "__main__":`, and that memory suffices for all workers.'
            )
            raise
        finally:
            for future in pending:
                future.cancel()

    def _maker(self) -> Callable[[int], Any]:
        """Function from an index to a batch that the workers can call."""
        if self._folder is None:
            return self._dataset.__getitem__
        try:
            stored = pickle.dumps(self._dataset, pickle.HIGHEST_PROTOCOL)
        except Exception as error:
            name = type(self._dataset).__name__
            error.add_note(
                f"[{name}] use_multiprocessing=True sends the dataset to other processes: define the class "
                "in a module, hold nothing that pickle refuses, or use threads."
            )
            raise
        digest = hashlib.blake2b(stored).digest()
        if digest != self._stored:
            self._version += 1
            self._path(self._version).write_bytes(stored)
            # A worker may still be at a batch of the version before.
            self._path(self._version - 2).unlink(missing_ok=True)
            self._stored = digest
        return functools.partial(_make, str(self._path(self._version)))

    def _path(self, version: int) -> pathlib.Path:
        assert self._folder is not None
        return pathlib.Path(self._folder.name, str(version))

    def close(self) -> None:
        """Stops the workers once they have finished what they are at."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


class _Worker:
    """What a process keeps: the dataset that it read last, and from where."""

    path = ""
    dataset: Any = None


def _start_worker() -> None:
    """Leaves the accelerator to the process that trains."""
    xla.jax.config.update("jax_platforms", "cpu")


def _make(path: str, index: int) -> Any:
    """A batch of the dataset stored at `path`, in a process of its own."""
    if _Worker.path != path:
        with open(path, "rb") as file:
            _Worker.dataset = pickle.load(file)
        _Worker.path = path
    return _Worker.dataset[index]
