"""Tracking: which Variables and layers are attributes of a layer, also inside lists and dicts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from thalweg._src.variables.variable import Variable


def variables_in(value: Any) -> Iterator[Variable]:
    """Variables in a value, and in lists, tuples and dicts."""
    if isinstance(value, Variable):
        yield value
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from variables_in(part)
    elif isinstance(value, dict):
        for part in value.values():
            yield from variables_in(part)


def instances_in(value: Any, kind: type) -> Iterator[Any]:
    """Objects of a class in a value, and in lists, tuples and dicts."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from instances_in(part, kind)
    elif isinstance(value, dict):
        for part in value.values():
            yield from instances_in(part, kind)


def unique(items: Iterator[Any]) -> list[Any]:
    """The items without repetitions (by identity), in order."""
    return list({id(item): item for item in items}.values())
