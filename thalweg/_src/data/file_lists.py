"""Names of the files that match patterns."""

from __future__ import annotations

import os
from collections.abc import Sequence

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.base.file_patterns import matching


def matching_files(patterns: Sequence[bytes], where: str) -> list[bytes]:
    """Paths that match patterns, sorted.

    Args:
        patterns: ``*`` stands for any characters but separators, ``?`` for one, ``[abc]`` and ``[!abc]`` for
            one of these and one of all others, a backslash takes the next character as it is.
        where: Name for messages.

    Raises:
        InvalidArgumentError: None matches.

    Source: `tf.io.matching_files`; as there, ``*`` matches names that begin with a dot, too.
    """
    found = sorted(path for pattern in patterns for path in matching(os.fsdecode(pattern)))
    if not found:
        shown = ", ".join(os.fsdecode(p) for p in patterns)
        raise InvalidArgumentError(
            f"[{where}] expected files, got none: No files matched pattern: {shown}. Check the path "
            f"(this program runs in {os.getcwd()!r})."
        )
    return [os.fsencode(path) for path in found]
