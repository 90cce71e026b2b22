"""Variables whose first value may come late: from a checkpoint that was restored before they existed.

While a checkpoint waits for Variables, each new one withholds its value until it is first read. By then
it has its place in a module, layer or optimizer, so that the checkpoint can tell which value is its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from thalweg._src.core import xla
from thalweg._src.core.recorders import state

# What waits for new Variables: called when one is read for the first time, or set as an attribute.
watchers: list[Callable[[], None]] = []
_lock = threading.RLock()


def postpone(variable: Any) -> None:
    """Withholds the value that a new Variable was created with until it is read."""
    variable.__dict__["_first"] = variable.__dict__.pop("_tensor")


def settle(variable: Any) -> None:
    """Gives a Variable the value that it was created with, if that is still withheld."""
    first = variable.__dict__.pop("_first", None)
    if first is not None:
        variable.__dict__.setdefault("_tensor", first)


def is_overtaken(variable: Any) -> bool:
    """True for a Variable that was assigned a value before the withheld one was read."""
    return "_first" in variable.__dict__ and "_tensor" in variable.__dict__


def tell_watchers() -> None:
    """Something was created or put into its place: whoever waits for Variables looks again."""
    with _lock, _outside_programs():
        for watcher in list(watchers):
            watcher()


class LateTensor:
    """Found in place of a Variable's tensor while that is withheld; hands it out."""

    def __get__(self, variable: Any, owner: Any = None) -> Any:
        if variable is None:
            return self
        handle = variable._handle
        if handle is not variable:
            return handle._tensor
        with _lock:
            settle(variable)
            if "_tensor" not in variable.__dict__:
                raise AttributeError(
                    f"{type(variable).__name__!r} object has no attribute '_tensor'"
                )
            tell_watchers()
        return variable.__dict__["_tensor"]


@contextmanager
def _outside_programs() -> Iterator[None]:
    """Values are put into Variables themselves, although a program that reads them is being traced."""
    scopes, state.scopes = state.scopes, []
    recorders, state.recorders = state.recorders, []
    try:
        with xla.outside_traces():
            yield
    finally:
        state.scopes, state.recorders = scopes, recorders
