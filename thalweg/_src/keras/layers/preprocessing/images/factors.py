"""Ranges that random layers draw from, and other arguments that they share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.random.distributions import uniform


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def range_of(
    where: str, what: str, value: Any, least: float, most: float, mirrored: bool = False
) -> tuple[float, float]:
    """Lower and upper end of a range.

    Args:
        where: Layer, for messages.
        what: Name of the argument.
        value: Two numbers in any order, or one number `n` for the range from the least possible one, or 0,
            to `n`.
        least: Smallest number allowed.
        most: Largest number allowed.
        mirrored: Whether one number `n` means the range from `-n` to `n`.

    Raises:
        InvalidArgumentError: It is something else.
    """
    pair = (value, value) if _is_number(value) else value
    fits = isinstance(pair, (list, tuple)) and len(pair) == 2 and all(map(_is_number, pair))
    if not fits or any(not least <= n <= most for n in pair):
        raise InvalidArgumentError(
            f"[{where}] expected {what} as a number or two numbers in [{least}, {most}], got {value!r}."
        )
    if not _is_number(value):
        low, high = sorted(pair)
        return low, high
    return (-abs(value), abs(value)) if mirrored else (max(least, 0), value)


def value_range_of(where: str, value: Any) -> tuple[float, float]:
    """Least and largest value of pixels.

    Raises:
        InvalidArgumentError: They are no two numbers in order.
    """
    pair = tuple(value) if isinstance(value, Iterable) else ()
    if len(pair) != 2 or not all(map(_is_number, pair)) or pair[0] >= pair[1]:
        raise InvalidArgumentError(
            f"[{where}] expected value_range as two numbers, the lower first, got {value!r}; write (0, 255)."
        )
    return pair[0], pair[1]


def need_one_of(where: str, what: str, value: Any, known: Iterable[Any]) -> Any:
    """The value, if it is known.

    Raises:
        InvalidArgumentError: It is not.
    """
    if value not in tuple(known):
        raise InvalidArgumentError(f"[{where}] expected {what} to be one of {tuple(known)}, got {value!r}.")
    return value


def positive(where: str, what: str, value: Any) -> float:
    """The value, if it is a number above 0.

    Raises:
        InvalidArgumentError: It is not.
    """
    if not _is_number(value) or value <= 0:
        raise InvalidArgumentError(f"[{where}] expected {what} as a number above 0, got {value!r}.")
    return value  # type: ignore[no-any-return]


def drawn_between(count: int, bounds: tuple[Any, Any], seed: Any, more: tuple[int, ...] = ()) -> Any:
    """A float32 number of a range for each image: ``(count, *more)``."""
    low, high = (float(b) for b in bounds)
    return uniform((count, *more), low, high, "float32", seed=seed)
