"""Texts of progress: numbers, times, and lines that fit a width."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np

_BETWEEN = " - "
_INDENT = "    "
_LEAST_BAR = 5


def duration(seconds: float) -> str:
    """Time with a fitting unit: ``2ms``, ``665us``, ``1s``."""
    if seconds >= 1:
        return f"{seconds:.0f}s"
    return f"{seconds * 1e3:.0f}ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f}us"


def clock(seconds: float) -> str:
    """Time still to go: ``8s``, ``1:05``, ``2:00:10``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole}s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def number(value: Any) -> str:
    """Metric with four digits, in scientific form when it is small."""
    if np.ndim(value):
        return "[" + " ".join(number(part) for part in np.ravel(value)) + "]"
    scalar = float(value)
    return f"{scalar:.4f}" if abs(scalar) > 1e-3 or math.isnan(scalar) else f"{scalar:.4e}"


def bar(done: int, steps: int | None, width: int) -> str:
    """Bar of `width` characters, full when the number of steps is unknown."""
    filled = width if not steps else min(width * done // steps, width)
    return "━" * filled + "─" * (width - filled)


def columns_of(text: str) -> int:
    """Columns that a text takes in a terminal, where letters of some scripts take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def fitted(before: str, bar_width: int, after: str, facts: Sequence[str], room: int) -> tuple[int, str]:
    """Width of the bar and the end of a line that is to fit some columns.

    Facts that do not fit are left out, the last ones first, once the bar is as short as it may be.

    Args:
        before: What stands before the bar.
        bar_width: Width of the bar where there is room.
        after: What stands behind it.
        facts: Texts like ``loss: 0.5``.
        room: Columns that there are.
    """
    fixed = columns_of(before) + columns_of(after) + 2
    shown = list(facts)
    while True:
        cut = [] if len(shown) == len(facts) else ["…"]
        end = _BETWEEN.join([after, *shown, *cut])
        left = room - (fixed - columns_of(after)) - columns_of(end)
        if left >= min(_LEAST_BAR, bar_width) or not shown:
            return max(0, min(bar_width, left)), end
        shown.pop()


def wrapped(line: str, room: int) -> list[str]:
    """The line, or several where it has more columns than there are: cut between facts, and indented."""
    lines: list[str] = []
    for part in line.split(_BETWEEN):
        longer = f"{lines[-1]}{_BETWEEN}{part}" if lines else part
        if not lines:
            lines.append(part)
        elif columns_of(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(_INDENT + part)
    return lines
