"""Bytes, text, sizes and paths for programs that run on several versions of TensorFlow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from thalweg import compat


@pytest.mark.parametrize(
    ("function", "value", "encoding", "expected"),
    [
        (compat.as_bytes, "é", "utf-8", b"\xc3\xa9"),
        (compat.as_bytes, "é", "latin-1", b"\xe9"),
        (compat.as_bytes, bytearray(b"a"), "utf-8", b"a"),
        (compat.as_text, b"\xe9", "latin-1", "é"),
        (compat.as_str, "a", "utf-8", "a"),
        (compat.as_str_any, b"\xc3\xa9", "utf-8", "é"),
        (compat.as_str_any, 3, "utf-8", "3"),
    ],
)
def test_strings_of_both_kinds(function: Any, value: Any, encoding: str, expected: Any) -> None:
    assert function(value, encoding=encoding) == expected


@pytest.mark.parametrize("function", [compat.as_bytes, compat.as_text])
def test_what_is_no_string_is_refused(function: Any) -> None:
    with pytest.raises(TypeError, match="expected str or bytes, got 3"):
        function(3)


def test_paths_and_sizes() -> None:
    assert compat.path_to_str(Path("a") / "b") == str(Path("a") / "b")
    assert compat.path_to_str(3) == 3
    assert [compat.dimension_value(size) for size in (3, None)] == [3, None]
