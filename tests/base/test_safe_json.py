"""JSON texts that nobody vouches for."""

from __future__ import annotations

import pytest

from thalweg._src.base import safe_json


@pytest.mark.parametrize("text", ['{"a": [1, 2.5, null, {"b": "c,[{"}]}', b'{"a": NaN}', "3"])
def test_values_are_given(text: str | bytes) -> None:
    assert safe_json.parsed(text) is not None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, "in each other"), ('{"a":' * 100_000, "in each other"),
        ('{"a": 1, "b": 2, "a": 3}', "a key occurs twice"), ("[1,", "."), (b"\xff", "."),
        ("1" * 10_000, "digits"), ("[" + "[]," * 2_000_000 + "0]", "about 4000001 values"),
    ],
    ids=["lists", "dicts", "twice", "cut", "bytes", "digits", "many"],
)  # fmt: skip
def test_others_are_refused(text: str | bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        safe_json.parsed(text)
