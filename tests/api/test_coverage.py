"""What there is of Keras' and TensorFlow's API never falls, and every missing name has its reason."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from types import ModuleType

import pytest

from tests.api import scorer
from thalweg._src.base.api_names import api_names, canonical, door_path

# In percent, rounded down; raised when more has come.
NAMES = {"keras": 99, "tensorflow": 87}
PARAMETERS = {"keras": 99, "tensorflow": 99}

each_list = pytest.mark.parametrize("root", scorer.LISTS)


@pytest.fixture(scope="module")
def scores() -> dict[str, scorer.Score]:
    return {root: scorer.score(root) for root in scorer.LISTS}


@each_list
def test_names_and_parameters_do_not_become_fewer(
    scores: dict[str, scorer.Score], root: str
) -> None:
    assert scores[root].names_share >= NAMES[root]
    assert scores[root].parameters_share >= PARAMETERS[root]


@each_list
def test_every_missing_name_has_a_reason(scores: dict[str, scorer.Score], root: str) -> None:
    assert scorer.unexplained(scores[root]) == []


@each_list
def test_every_missing_parameter_has_a_reason(scores: dict[str, scorer.Score], root: str) -> None:
    lacking = scores[root].lacking
    assert [
        f"{path}: {name}"
        for path, names in lacking.items()
        for name in names
        if not scorer.excused(path, name)
    ] == []


def test_parameters_with_a_reason_are_missing(scores: dict[str, scorer.Score]) -> None:
    lacking = {path: names for found in scores.values() for path, names in found.lacking.items()}
    stale = [
        f"{pattern}: {name}"
        for callables in api_names().parameters.values()
        for pattern, names in callables.items()
        for name in names
        if not any(name in lacking[path] for path in lacking if fnmatchcase(path, pattern))
    ]
    assert stale == []


def test_names_with_a_reason_are_missing() -> None:
    names = [*api_names().spellings, *(name for row in api_names().absent for name in row.names)]
    assert [name for name in names if "*" not in name and exists(name)] == []


def test_second_names_lead_to_modules() -> None:
    for target in api_names().aliases.values():
        assert isinstance(importlib.import_module(door_path(target)), ModuleType)


def test_doors_of_names_in_the_table_tell_their_reasons() -> None:
    silent = {door.__name__ for door, name in doors_and_names() if not hasattr(door, "__getattr__")}
    assert silent == set()


def exists(name: str) -> bool:
    root, _, path = name.partition(".")
    module = importlib.import_module(door_path(root))
    return scorer.resolve(module, path, "") is not scorer.MISSING


def doors_and_names() -> Iterator[tuple[ModuleType, str]]:
    """Names of the table that stand directly in a module that is there."""
    table = api_names()
    absent = [name for row in table.absent for name in row.names]
    for name in [*table.aliases, *table.spellings, *absent]:
        parent, _, last = name.rpartition(".")
        if "*" in parent:
            continue
        root, _, path = parent.partition(".")
        module = importlib.import_module(door_path(root))
        door = scorer.resolve(module, path, "") if path else module
        if isinstance(door, ModuleType) and canonical(door.__name__) == parent:
            yield door, last
