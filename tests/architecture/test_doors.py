"""The public door holds names and nothing else, and every name is there and documented."""

from __future__ import annotations

import importlib
import types
from typing import Any

import pytest

from tests.architecture import checks
from tests.architecture.source_tree import REPOSITORY, Module, SourceTree

DOORS = list(SourceTree(REPOSITORY).doors())
each_door = pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)


def documented(value: Any) -> bool:
    """True for a function, class or module with a first docstring line, and for any other value."""
    if not isinstance(value, type | types.FunctionType | types.ModuleType):
        return True
    doc = value.__dict__.get("__doc__") if isinstance(value, type) else value.__doc__
    return bool(doc and doc.strip().splitlines()[0].strip())


@each_door
def test_door_has_no_logic(door: Module) -> None:
    assert checks.door_form_faults(door) == []


@each_door
def test_door_names_exist_and_are_documented(door: Module) -> None:
    loaded = importlib.import_module(door.name)
    missing = [name for name in getattr(loaded, "__all__", []) if not hasattr(loaded, name)]
    public = {name: value for name, value in vars(loaded).items() if not name.startswith("_")}
    silent = [name for name, value in public.items() if not documented(value)]
    assert (missing, silent) == ([], [])


def test_documented_sees_inherited_and_missing_docstrings() -> None:
    class Parent:
        """First line."""

    class Child(Parent):
        pass

    assert documented(Parent)
    assert documented(3)
    assert not documented(Child)
    assert not documented(lambda x: x)
