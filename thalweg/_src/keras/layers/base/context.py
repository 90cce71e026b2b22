"""Call context: what nested layer calls know of the outermost one."""

from __future__ import annotations

import threading
from typing import Any


class CallContext(threading.local):
    """Per-thread state of running layer calls.

    Attributes:
        depth: Number of layer calls that are running.
        training: The outermost call's ``training``, or None.
    """

    def __init__(self) -> None:
        self.depth = 0
        self.training: Any = None


context = CallContext()
