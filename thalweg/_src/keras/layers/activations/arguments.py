"""Arguments that layers of activations share."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError


def not_negative(where: str, what: str, value: Any) -> float:
    """A number of 0 or more.

    Raises:
        InvalidArgumentError: It is something else.
    """
    if not isinstance(value, (int, float)) or not value >= 0:
        raise InvalidArgumentError(
            f"[{where}] expected {what} as a number of 0 or more, got {value!r}."
        )
    return value
