"""Checks inside compiled programs: how a failed one reaches the caller as the error it raised.

A program cannot raise. A check that fails calls back to the host, which raises there; XLA stops the
program and reports an error of its own, in whose place the door raises the kept one.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from typing import Any

from thalweg._src.base.errors import ThalwegError
from thalweg._src.core import xla

_kept: deque[Exception] = deque(maxlen=16)


def check(passed: Any, fail: Callable[..., ThalwegError], *arrays: Any) -> None:
    """Adds a check to the program that is being traced.

    Args:
        passed: Scalar bool array: True when all is well.
        fail: Called on the host with the values of `arrays` when it is not; returns the error.
        arrays: What `fail` needs.
    """
    lax = xla.jax.lax

    def report(good: Any, *values: Any) -> None:
        # Under vmap both branches run, so that the callback is told how the check went.
        if not good:
            error = fail(*values)
            _kept.append(error)
            raise error

    def failed(*values: Any) -> None:
        xla.jax.debug.callback(report, *values)

    fixed = [lax.stop_gradient(a) for a in arrays]
    # A callback costs 100 us even when all is well, a branch that is not taken nothing.
    lax.cond(passed, lambda *values: None, failed, passed, *fixed)


def keep(error: Exception) -> None:
    """Remembers what a callback is about to raise on the host, for `original`."""
    _kept.append(error)


def original(error: BaseException) -> BaseException:
    """The error that a check raised, given what XLA made of it; other errors as they are."""
    # The second call of a program passes a failed callback on as another error than the first.
    if not isinstance(error, (xla.jax.errors.JaxRuntimeError, ValueError)):
        return error
    text = str(error)
    names = ((kept, type(kept).__name__) for kept in reversed(_kept))
    return next((kept for kept, name in names if str(kept) in text and name in text), error)


class _Quiet(logging.Filter):
    """Drops JAX's own report of a failed callback: the caller gets the error."""

    def filter(self, record: logging.LogRecord) -> bool:
        raised = record.exc_info[1] if record.exc_info else None
        return not (isinstance(raised, ThalwegError) or any(raised is kept for kept in _kept))


for _name in ("jax._src.debugging", "jax._src.callback"):
    logging.getLogger(_name).addFilter(_Quiet())
