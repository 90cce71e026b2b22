"""Steps about time: prefetch."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

from thalweg._src.data.node import AUTOTUNE, Cursor, Node, Run, SimpleCursor

# Elements made beforehand where the program leaves the number to us.
_USUAL = 2
_END = object()


class Prefetch(Node):
    """The same elements, made beforehand in a thread.

    Args:
        input: The elements.
        size: How many may wait; `AUTOTUNE` leaves it to us.
    """

    name = "prefetch"

    def __init__(self, input: Node, size: int) -> None:
        super().__init__(input)
        self._size = _USUAL if size == AUTOTUNE else size

    def open(self, run: Run) -> Cursor:
        """Cursor with a thread, which starts at the first element."""
        cursor = self.inputs[0].open(run)
        if not run.threads or not self._size:
            return cursor
        ahead = _PrefetchCursor(cursor, self._size)
        if run.workers.at_once:
            ahead.begin()
        return ahead

    def settings(self) -> dict[str, Any]:
        """Its buffer."""
        return {"buffer_size": self._size}


class Ahead:
    """Makes things beforehand in a thread, which starts when the first one is taken.

    Args:
        make: Gives the next one; None at the end.
        size: How many may wait.
    """

    def __init__(self, make: Callable[[], Any], size: int) -> None:
        self._make = make
        self._size = size
        # Its own bound would cost several times as much as handing over.
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._room = threading.Event()
        self._full = False
        self._stopped = False
        self._thread: threading.Thread | None = None
        self._ended = False

    @property
    def started(self) -> bool:
        """Whether the thread runs or ran."""
        return self._thread is not None

    def start(self) -> None:
        """Starts the thread."""
        self._thread = threading.Thread(target=self._work, name="thalweg-ahead", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while not self._stopped:
            try:
                item = self._make()
            except BaseException as error:
                item = _Failure(error)
            self._wait_for_room()
            self._queue.put(_END if item is None else item)
            if item is None:
                return

    def _wait_for_room(self) -> None:
        while self._queue.qsize() >= self._size and not self._stopped:
            self._room.clear()
            self._full = True
            # Some may have been taken before `_full` was seen.
            if self._queue.qsize() >= self._size and not self._stopped:
                self._room.wait()
            self._full = False

    def next(self) -> Any:
        """The next one; None at the end. What the thread met with is raised here."""
        if self._ended:
            return None
        if self._thread is None:
            self.start()
        item = self._queue.get()
        if self._full:
            self._room.set()
        if item is _END:
            self._ended = True
            return None
        if isinstance(item, _Failure):
            raise item.error
        return item

    def close(self) -> None:
        """Ends the thread."""
        self._stopped = True
        self._room.set()
        if self._thread is not None:
            self._thread.join()


class _PrefetchCursor(SimpleCursor):
    def __init__(self, input: Cursor, size: int) -> None:
        super().__init__(input)
        self._ahead = Ahead(input.row, size)

    def begin(self) -> None:
        """Starts the thread."""
        self._ahead.start()

    def row(self) -> list[Any] | None:
        return self._ahead.next()  # type: ignore[no-any-return]

    def skip(self, count: int) -> int:
        if not self._ahead.started:
            return self.input.skip(count)
        return Cursor.skip(self, count)

    def close(self) -> None:
        self._ahead.close()
        super().close()


class _Failure:
    def __init__(self, error: BaseException) -> None:
        self.error = error
