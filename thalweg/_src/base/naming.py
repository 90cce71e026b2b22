"""Names: unique ones, snake case, and the nearest known one to a misspelt name."""

from __future__ import annotations

import difflib
import re
import threading
from collections import defaultdict
from collections.abc import Iterable


def snake_case(name: str) -> str:
    """Name in snake case: ``Conv2DTranspose`` gives ``conv2d_transpose``.

    Source: Keras' rule for automatic layer names.
    """
    name = re.sub(r"\W+", "", name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def camel_case(name: str) -> str:
    """Name in camel case: ``reduce_sum`` gives ``ReduceSum``."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


class UniqueNames:
    """Hands out ``base``, ``base_1``, ``base_2``, ... in order; safe under threads."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = defaultdict(int)
        self._lock = threading.Lock()

    def make(self, base: str) -> str:
        """Next unused name that starts with `base`."""
        with self._lock:
            count = self._counts[base]
            self._counts[base] += 1
        return base if count == 0 else f"{base}_{count}"

    def reset(self) -> None:
        """Forget all names given so far."""
        with self._lock:
            self._counts.clear()


def nearest(name: str, known: Iterable[str]) -> str:
    """Hint sentence that suggests the known name nearest to `name`, or lists a few.

    Args:
        name: What the user wrote.
        known: The names that exist.

    Returns:
        A sentence that ends with a full stop.

    Example:
        >>> nearest("adma", ["adam", "sgd"])
        "Did you mean 'adam'?"
    """
    names = sorted(set(known))
    match = difflib.get_close_matches(str(name), names, n=1, cutoff=0.5)
    if match:
        return f"Did you mean {match[0]!r}?"
    shown = ", ".join(repr(n) for n in names[:12])
    return f"Known names: {shown}{', ...' if len(names) > 12 else ''}."
