"""Whether converted code runs, and how the functions given to it are converted as well.

`cond`, `map_fn` and their relatives call functions of the user on behalf of converted code. Conversion
itself lives above them; it is bound here when it is loaded.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


class Hooks:
    """What lives a level higher; bound by ``autograph.py``."""

    convert: Callable[[Callable[..., Any]], Callable[..., Any]] = staticmethod(lambda f: f)


class _Active(threading.local):
    def __init__(self) -> None:
        self.depth = 0


active = _Active()


def as_converted(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` as a part of the code that calls: converted inside converted code, else as it is."""
    return Hooks.convert(function) if active.depth and callable(function) else function
