"""Autograph: Python's control flow on tensors becomes program control flow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def convert(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` with its ``if``, ``while`` and ``for`` statements made to work on tensors."""
    return function
