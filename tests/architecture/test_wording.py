"""The project speaks of itself only: no issue numbers, no paths of somebody's machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.source_tree import REPOSITORY

FOLDERS = ("thalweg", "tests", "benchmarks", "examples", "docs", ".ci")
TOP_FILES = ("README.md", "CHANGELOG.md", "NOTICE", "Makefile", "pyproject.toml", ".gitignore")
SUFFIXES = {".py", ".md", ".toml", ".json", ".txt", ".sh", ".ipynb", ""}
THIS_FOLDER = Path(__file__).parent

FORBIDDEN = {
    "an issue number": re.compile(
        r"\b(?:issue|pull request|PR|GH)s?[ /-]?#?\d+|\b(?:issues|pull)/\d+|\b[A-Za-z][\w-]*#\d+"
    ),
    "a path of one machine": re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/"),
}


def wording_faults(text: str) -> list[str]:
    """One line for each forbidden mention in `text`."""
    return [
        f"{number}: {what}: {match.group()}"
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in FORBIDDEN.items()
        for match in pattern.finditer(line)
    ]


def own_files() -> list[Path]:
    found = [REPOSITORY / name for name in TOP_FILES]
    for folder in FOLDERS:
        found += sorted((REPOSITORY / folder).rglob("*"))
    return [
        path
        for path in found
        if path.is_file() and path.suffix in SUFFIXES and THIS_FOLDER not in path.parents
    ]


def test_own_files_speak_of_the_project_only() -> None:
    faults = []
    for path in own_files():
        text = path.read_text("utf-8")
        faults += [f"{path.relative_to(REPOSITORY)}:{fault}" for fault in wording_faults(text)]
    assert faults == []


@pytest.mark.parametrize(
    "text",
    ["see issue #12", "in jax#123", "by PR 7", "GH-31", "x/issues/9", "cd /work/main", "/root/x"],
)
def test_forbidden_wording_is_found(text: str) -> None:
    assert len(wording_faults(text)) == 1


@pytest.mark.parametrize(
    "text",
    ["color='#1f77b4'", "# 12 rows", "~/.keras/datasets", "home/cat", "C#", "&#39;", "issue it"],
)
def test_ordinary_wording_passes(text: str) -> None:
    assert wording_faults(text) == []
