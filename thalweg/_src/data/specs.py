"""Structures of specs, compared."""

from __future__ import annotations

from typing import Any

from thalweg._src.base import nest


def same_structure(first: Any, second: Any) -> bool:
    """True when two structures differ in their leaves at most."""
    try:
        nest.assert_same_structure(first, second)
    except (TypeError, ValueError):
        return False
    return True


def compatible(first: Any, second: Any) -> bool:
    """True when a value can be of both structures of specs."""
    if not same_structure(first, second):
        return False
    pairs = zip(nest.flatten(first), nest.flatten(second), strict=True)
    return all(mine.is_compatible_with(theirs) for mine, theirs in pairs)
