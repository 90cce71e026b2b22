"""Call context: what nested layer calls know of the outermost one."""

from __future__ import annotations

import itertools
import threading
from typing import Any

_rounds = itertools.count(1)


class CallContext(threading.local):
    """Per-thread state of running layer calls.

    Attributes:
        depth: Number of layer calls that are running.
        training: The outermost call's ``training``, or None.
        round: Number of the latest outermost call, which no other call in any thread has.
    """

    def __init__(self) -> None:
        self.depth = 0
        self.training: Any = None
        self.round = 0

    def begin_round(self) -> None:
        """Numbers a new outermost call."""
        self.round = next(_rounds)


context = CallContext()
