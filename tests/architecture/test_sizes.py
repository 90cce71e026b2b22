"""Files and functions stay short enough to read."""

from __future__ import annotations

from tests.architecture import checks, rules
from tests.architecture.source_tree import REPOSITORY, SourceTree


def test_files_and_functions_are_not_too_long() -> None:
    assert checks.size_faults(SourceTree(REPOSITORY)) == []


def test_files_excused_from_the_limit_exist() -> None:
    assert [name for name in rules.TABLE_FILES if not (REPOSITORY / name).is_file()] == []
