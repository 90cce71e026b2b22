"""Arrow's kernels for large blocks of texts, where the library is installed.

Only regular expressions go this way: Arrow's engine is RE2 itself, several times as fast as Python's. For
all else the way into Arrow's memory and back costs as much as the work.
"""

from __future__ import annotations

import functools
import importlib.util
from types import ModuleType
from typing import Any

# Texts from which on Arrow pays.
ENOUGH = 64


@functools.cache
def _compute() -> ModuleType | None:
    """Arrow's functions; None where Arrow is not installed."""
    if importlib.util.find_spec("pyarrow") is None:
        return None
    return importlib.import_module("pyarrow.compute")


def pays(texts: list[bytes]) -> bool:
    """True where Arrow is installed and the block is large enough for it."""
    return len(texts) >= ENOUGH and _compute() is not None


def _texts(texts: list[bytes]) -> Any:
    """Arrow's array of the texts, which it takes for UTF-8 without a look: RE2 passes over what is not."""
    arrow = importlib.import_module("pyarrow")
    return arrow.array(texts, arrow.large_binary()).view(arrow.large_string())


def replaced(texts: list[bytes], pattern: bytes, rewrite: bytes) -> list[bytes]:
    """Texts with all matches of a pattern replaced.

    Arrow can replace the first match only, too, but then fails where that is empty.
    """
    arrow = importlib.import_module("pyarrow")
    found = _compute().replace_substring_regex(  # type: ignore[union-attr]
        _texts(texts),
        pattern=pattern.decode(),
        replacement=rewrite,
    )
    return found.view(arrow.large_binary()).to_numpy(zero_copy_only=False).tolist()


def matched(texts: list[bytes], pattern: bytes) -> Any:
    """Bool array, True for each text that a pattern matches as a whole."""
    found = _compute().match_substring_regex(  # type: ignore[union-attr]
        _texts(texts), pattern=rf"\A(?:{pattern.decode()})\z"
    )
    return found.to_numpy(zero_copy_only=False)
