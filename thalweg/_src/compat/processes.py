"""Processes that `multiprocessing` starts afresh run the user's program again, and need its names before."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import spawn
from typing import Any

_KEY = "thalweg.compat"
_prepare = spawn.get_preparation_data
_call: tuple[Callable[..., Any], tuple[Any, ...]] | None = None


class _WhenRead:
    """Makes a call where it is unpickled."""

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self._call = function, arguments

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self._call


def hand_on(function: Callable[..., Any], *arguments: Any) -> None:
    """Processes that are started from now on call `function` before they load the user's program."""
    global _call
    _call = function, arguments
    spawn.get_preparation_data = _preparation_data


def stop_handing_on() -> None:
    """Processes start as they did before `hand_on`."""
    global _call
    _call = None
    if spawn.get_preparation_data is _preparation_data:
        spawn.get_preparation_data = _prepare


def _preparation_data(name: str) -> dict[str, Any]:
    data: dict[str, Any] = _prepare(name)
    if _call is not None:
        data[_KEY] = _WhenRead(*_call)
    return data
