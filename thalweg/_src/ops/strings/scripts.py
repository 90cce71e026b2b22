"""Scripts of writing: which one each code point belongs to."""

from __future__ import annotations

import functools
import pathlib
from typing import Any

import numpy as np

_FILE = pathlib.Path(__file__).with_suffix(".txt")
_POINTS = 0x110000
# ICU's number for code points that have no script.
_UNKNOWN = 103


@functools.cache
def _scripts() -> dict[str, tuple[int, list[tuple[int, int]]]]:
    """Number and ranges of each script."""
    found = {}
    for line in _FILE.read_text("ascii").splitlines():
        if not line.startswith("#"):
            name, number, *spans = line.split()
            ends = [tuple(int(end, 16) for end in span.split("-")) for span in spans]
            found[name] = int(number), [(e[0], e[-1]) for e in ends]
    return found


def script_ranges(name: str) -> list[tuple[int, int]] | None:
    """Ranges of code points of a script, such as ``Greek``; None for no such name."""
    found = _scripts().get(name)
    return None if found is None else found[1]


@functools.cache
def _numbers() -> Any:
    """Number of the script of every code point."""
    numbers = np.full(_POINTS, _UNKNOWN, np.uint8)
    for number, ranges in _scripts().values():
        for first, last in ranges:
            numbers[first : last + 1] = number
    return numbers


def script_numbers(points: Any) -> Any:
    """Number of the script of each code point, int32; -1 for what is no code point.

    Source: ICU's ``UScriptCode``.
    """
    inside = (points >= 0) & (points < _POINTS)
    return np.where(inside, _numbers()[np.where(inside, points, 0)].astype(np.int32), np.int32(-1))
