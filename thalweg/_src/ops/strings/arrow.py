"""Arrow's kernels for large blocks of texts, where the library is installed.

Only regular expressions go this way: Arrow's engine is RE2 itself, several times as fast as Python's. For
all else the way into Arrow's memory and back costs as much as the work.
"""

from __future__ import annotations

import functools
import importlib.util
import re
from types import ModuleType
from typing import Any

_GROUP = re.compile(rb"\\([0-9\\])")
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
    return len(texts) >= ENOUGH and is_there()


def is_there() -> bool:
    """True where Arrow is installed."""
    return _compute() is not None


def _texts(texts: list[bytes]) -> Any:
    """Arrow's array of the texts, which it takes for UTF-8 without a look: RE2 passes over what is not."""
    arrow = importlib.import_module("pyarrow")
    return arrow.array(texts, arrow.large_binary()).view(arrow.large_string())


def replaced(texts: list[bytes], pattern: bytes, rewrite: bytes, once: bool = False) -> list[bytes]:
    """Texts with all matches of a pattern, or with the first one replaced.

    Arrow fails where the first match is empty. So it is searched for as one of the pattern behind what comes
    before it, which has two groups more.
    """
    arrow = importlib.import_module("pyarrow")
    if once:
        pattern = rb"\A(\C*?)(" + pattern + rb")"
        rewrite = rb"\1" + _GROUP.sub(_later, rewrite)
    found = _compute().replace_substring_regex(  # type: ignore[union-attr]
        _texts(texts),
        pattern=pattern.decode(),
        replacement=rewrite,
    )
    return found.view(arrow.large_binary()).to_numpy(zero_copy_only=False).tolist()


def has_room(rewrite: bytes) -> bool:
    """Whether a rewrite leaves the last two groups free, which replacing the first match only takes."""
    return not {b"8", b"9"} & {mark[1] for mark in _GROUP.finditer(rewrite)}


def _later(mark: re.Match[bytes]) -> bytes:
    """Mark of a group two later; a backslash stays one."""
    return mark[0] if mark[1] == b"\\" else b"\\%d" % (int(mark[1]) + 2)


def matched(texts: list[bytes], pattern: bytes) -> Any:
    """Bool array, True for each text that a pattern matches as a whole."""
    found = _compute().match_substring_regex(  # type: ignore[union-attr]
        _texts(texts), pattern=rf"\A(?:{pattern.decode()})\z"
    )
    return found.to_numpy(zero_copy_only=False)
