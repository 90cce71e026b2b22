"""JSON texts that nobody vouches for."""

from __future__ import annotations

import json
from typing import Any

# An empty list or dict takes about 100 bytes of memory and 3 of the text.
MAX_VALUES = 4_000_000


def parsed(text: bytes | str) -> Any:
    """The value of a JSON text; it takes memory in proportion to the text, and some 400 MB at most.

    Args:
        text: The text, whose length the caller has bounded.

    Raises:
        ValueError: It is no JSON, holds a key twice, more than 4 million values, or too many in each other.
    """
    data = text.encode() if isinstance(text, str) else text
    values = sum(data.count(mark) for mark in (b"[", b"{", b","))
    if values > MAX_VALUES:
        raise ValueError(f"it has about {values} values, more than {MAX_VALUES}")
    try:
        return json.loads(text, object_pairs_hook=_without_repetitions)
    except RecursionError:
        raise ValueError("it has too many values in each other") from None


def _without_repetitions(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key occurs twice")
    return found
