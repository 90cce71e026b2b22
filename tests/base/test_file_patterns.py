"""Names of files by patterns."""

from __future__ import annotations

import os

import pytest

from thalweg._src.base.file_patterns import matching

NAMES = ("a.txt", "b.txt", "c.csv", ".hidden", "[x].txt", "sub/d.txt", "sub/deep/e.txt")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.txt", ["[x].txt", "a.txt", "b.txt"]),
        ("?.txt", ["a.txt", "b.txt"]),
        ("[ab].txt", ["a.txt", "b.txt"]),
        ("[!a].txt", ["b.txt"]),
        ("[^a].*", ["b.txt", "c.csv"]),
        ("*/d.txt", ["sub/d.txt"]),
        ("sub/*/e*", ["sub/deep/e.txt"]),
        (r"\[x\].txt", ["[x].txt"]),
        (".*", [".hidden"]),
        ("a.txt", ["a.txt"]),
        ("a.txt/*", []),
        ("nothing*", []),
        ("[a.txt", []),
    ],
)
def test_patterns(pattern, found, tmp_path):
    for name in NAMES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    matched = matching(f"{tmp_path}/{pattern}")
    assert sorted(os.path.relpath(path, tmp_path) for path in matched) == found


def test_patterns_of_the_working_folder(tmp_path, monkeypatch):
    (tmp_path / "here").touch()
    monkeypatch.chdir(tmp_path)
    assert list(matching("h*")) == ["here"]
