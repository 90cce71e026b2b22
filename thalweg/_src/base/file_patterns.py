"""Names of files by patterns."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

_SPECIAL = frozenset("*?[\\")


def matching(pattern: str) -> Iterator[str]:
    """Paths that match a pattern, folder by folder.

    Args:
        pattern: ``*`` stands for any characters but separators, ``?`` for one, ``[abc]`` and ``[!abc]`` for
            one of these and one of all others, a backslash takes the next character as it is.

    Source: `tf.io.matching_files`; as there, ``*`` matches names that begin with a dot, too.
    """
    head, *parts = pattern.split("/")
    found = [head] if not _SPECIAL & set(head) else list(_children("", head))
    for part in parts:
        if _SPECIAL & set(part):
            found = [path for folder in found for path in _children(f"{folder}/", part)]
        else:
            found = [f"{folder}/{part}" for folder in found]
    return (path for path in found if os.path.lexists(path))


def _children(folder: str, pattern: str) -> Iterator[str]:
    expression = re.compile(_expression(pattern), re.DOTALL)
    try:
        names = os.listdir(folder or ".")
    except (FileNotFoundError, NotADirectoryError):
        return
    for name in names:
        if expression.fullmatch(name):
            yield folder + name


def _expression(pattern: str) -> str:
    """A pattern of one name as a regular expression."""
    found, place = [], 0
    while place < len(pattern):
        char = pattern[place]
        place += 1
        if char == "*":
            found.append(".*")
        elif char == "?":
            found.append(".")
        elif char == "\\" and place < len(pattern):
            found.append(re.escape(pattern[place]))
            place += 1
        elif char == "[" and (end := pattern.find("]", place + 2)) > 0:
            negated = pattern[place] in "!^"
            members = pattern[place + negated : end].replace("\\", "\\\\").replace("[", "\\[")
            found.append(f"[{'^' if negated else ''}{members}]")
            place = end + 1
        else:
            found.append(re.escape(char))
    return "".join(found)
