"""Rooms import downwards only, without cycles, and nothing lies around unused."""

from __future__ import annotations

import pytest

from tests.architecture import checks, rules
from tests.architecture.source_tree import REPOSITORY, SourceTree


@pytest.fixture(scope="module")
def tree() -> SourceTree:
    return SourceTree(REPOSITORY)


def test_rooms_import_lower_storeys_only(tree: SourceTree) -> None:
    assert checks.storey_faults(tree, "thalweg._src", rules.ROOMS) == []


def test_keras_rooms_import_lower_storeys_only(tree: SourceTree) -> None:
    assert checks.storey_faults(tree, "thalweg._src.keras", rules.KERAS_ROOMS) == []


def test_no_part_imports_the_door(tree: SourceTree) -> None:
    assert checks.door_import_faults(tree) == []


def test_no_import_cycles(tree: SourceTree) -> None:
    assert checks.cycles(tree) == []


def test_no_star_or_relative_imports(tree: SourceTree) -> None:
    assert checks.star_imports(tree) == []


def test_only_tests_import_the_test_room(tree: SourceTree) -> None:
    assert checks.test_room_faults(tree) == []


def test_every_module_is_reachable(tree: SourceTree) -> None:
    assert checks.unreachable(tree) == []
