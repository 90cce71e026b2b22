"""tf.io.gfile: files and folders of this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from thalweg._src.base.errors import (
    AlreadyExistsError,
    FailedPreconditionError,
    InvalidArgumentError,
    NotFoundError,
    UnimplementedError,
)
from thalweg._src.base.file_errors import explained
from thalweg._src.base.file_patterns import matching

_LOCAL = "file://"


@dataclass(frozen=True)
class FileStatistics:
    """What the file system says of a path.

    Attributes:
        length: Bytes.
        mtime_nsec: When it was changed last, in nanoseconds since 1970.
        is_directory: Whether it is a folder.
    """

    length: int
    mtime_nsec: int
    is_directory: bool


def local_path(where: str, path: Any) -> str:
    """A path of this machine as text.

    Raises:
        UnimplementedError: It names another file system.
    """
    text = os.fsdecode(path)
    if text.startswith(_LOCAL):
        return text[len(_LOCAL) :]
    scheme, found, _ = text.partition("://")
    if found and scheme.isalnum():
        raise UnimplementedError(
            f"[{where}] expected a path of this machine, got one of the file system {scheme!r}: {text!r}; "
            "copy the file here first."
        )
    return text


def _done(where: str, path: str, action: Callable[[], Any]) -> Any:
    try:
        return action()
    except OSError as error:
        raise explained(where, path, error) from None


def _same_kind(path: Any, names: list[str]) -> list[Any]:
    """Names as bytes where the path was given as bytes."""
    return [os.fsencode(n) for n in names] if isinstance(path, bytes) else list(names)


# --- Asking -------------------------------------------------------------------------------------------


def exists(path: Any) -> bool:
    """True when there is a file or folder at a path.

    Args:
        path: Path: a text, bytes or `pathlib.Path`.

    Source: `tf.io.gfile.exists`.
    """
    return os.path.exists(local_path("gfile.exists", path))


def isdir(path: Any) -> bool:
    """True when there is a folder at a path.

    Args:
        path: Path.

    Source: `tf.io.gfile.isdir`.
    """
    return os.path.isdir(local_path("gfile.isdir", path))


def stat(path: Any) -> FileStatistics:
    """Size and age of a file.

    Args:
        path: Path.

    Returns:
        Object with ``length``, ``mtime_nsec`` and ``is_directory``.

    Raises:
        NotFoundError: There is nothing.

    Source: `tf.io.gfile.stat`.
    """
    text = local_path("gfile.stat", path)
    found = _done("gfile.stat", text, lambda: os.stat(text))
    return FileStatistics(found.st_size, found.st_mtime_ns, os.path.isdir(text))


def listdir(path: Any) -> list[Any]:
    """Names of what is in a folder, hidden ones included, in no order.

    Args:
        path: Path of the folder.

    Raises:
        NotFoundError: There is no such folder.

    Source: `tf.io.gfile.listdir`.
    """
    text = local_path("gfile.listdir", path)
    if not os.path.isdir(text):
        raise NotFoundError(f"[gfile.listdir] expected a folder, got {text!r}, which is none.")
    return _same_kind(path, _done("gfile.listdir", text, lambda: os.listdir(text)))


def glob(pattern: Any) -> list[Any]:
    """Paths that match patterns; see `tf.io.matching_files`.

    Args:
        pattern: Pattern, or a list of patterns.

    Source: `tf.io.gfile.glob`.
    """
    patterns = pattern if isinstance(pattern, (list, tuple)) else [pattern]
    return [
        path for p in patterns for path in _same_kind(p, [*matching(local_path("gfile.glob", p))])
    ]


def walk(top: Any, topdown: bool = True, onerror: Any = None) -> Iterator[tuple[Any, Any, Any]]:
    """Folders below a folder, with the names of their folders and files.

    Args:
        top: Path of the folder.
        topdown: Give a folder before those in it; else after them.
        onerror: Called with the error of a folder that cannot be listed; None passes over it.

    Returns:
        Iterator of triples (path, names of folders, names of files).

    Source: `tf.io.gfile.walk`.
    """
    text = local_path("gfile.walk", top)

    def told(error: OSError) -> None:
        if onerror is not None:
            onerror(explained("gfile.walk", text, error))

    for folder, folders, files in os.walk(text, topdown=topdown, onerror=told):
        (name,) = _same_kind(top, [folder])
        yield name, _same_kind(top, folders), _same_kind(top, files)


def join(path: Any, *paths: Any) -> Any:
    """Paths put together.

    Args:
        path: First part.
        paths: Further parts; an absolute one replaces what is before it.

    Source: `tf.io.gfile.join`.
    """
    return os.path.join(path, *paths)


def get_registered_schemes() -> list[str]:
    """Kinds of file systems that paths may name: this machine's, with or without ``file://``.

    Source: `tf.io.gfile.get_registered_schemes`.
    """
    return ["", "file"]


# --- Changing -----------------------------------------------------------------------------------------


def mkdir(path: Any) -> None:
    """Makes a folder; one that is there stays.

    Args:
        path: Path of the folder, whose parent must exist.

    Raises:
        NotFoundError: The parent does not exist.

    Source: `tf.io.gfile.mkdir`.
    """
    _make_folder("gfile.mkdir", path, os.mkdir)


def makedirs(path: Any) -> None:
    """Makes a folder and those above it; what is there stays.

    Args:
        path: Path of the folder.

    Raises:
        FailedPreconditionError: A file stands in the way.

    Source: `tf.io.gfile.makedirs`.
    """
    _make_folder("gfile.makedirs", path, os.makedirs)


def _make_folder(where: str, path: Any, make: Callable[[str], None]) -> None:
    text = local_path(where, path)
    if os.path.isdir(text):
        return
    if os.path.exists(text):
        raise FailedPreconditionError(f"[{where}] expected a new folder, got the file {text!r}.")
    _done(where, text, lambda: make(text))


def remove(path: Any) -> None:
    """Removes a file.

    Args:
        path: Path of the file.

    Raises:
        NotFoundError: There is no such file.
        FailedPreconditionError: It is a folder; see `rmtree`.

    Source: `tf.io.gfile.remove`.
    """
    text = local_path("gfile.remove", path)
    if os.path.isdir(text):
        raise FailedPreconditionError(
            f"[gfile.remove] expected a file, got the folder {text!r}; use tf.io.gfile.rmtree."
        )
    _done("gfile.remove", text, lambda: os.remove(text))


def rmtree(path: Any) -> None:
    """Removes a folder with all that is in it, or a file.

    Args:
        path: Path. A link is removed, not what it points to.

    Raises:
        NotFoundError: There is nothing.

    Source: `tf.io.gfile.rmtree`.
    """
    text = local_path("gfile.rmtree", path)
    is_folder = os.path.isdir(text) and not os.path.islink(text)
    _done("gfile.rmtree", text, lambda: shutil.rmtree(text) if is_folder else os.remove(text))


def copy(src: Any, dst: Any, overwrite: bool = False) -> None:
    """Copies a file.

    Args:
        src: Path of the file.
        dst: Path of the copy.
        overwrite: Replace a file that is there.

    Raises:
        AlreadyExistsError: There is one, and `overwrite` is False.
        NotFoundError: There is no file to copy, or no folder to copy it to.

    Source: `tf.io.gfile.copy`.
    """
    source, target = _pair("gfile.copy", src, dst, overwrite)
    if os.path.isdir(source):
        raise InvalidArgumentError(f"[gfile.copy] expected a file, got the folder {source!r}.")
    _done("gfile.copy", source, lambda: shutil.copyfile(source, target))


def rename(src: Any, dst: Any, overwrite: bool = False) -> None:
    """Renames or moves a file or folder.

    Args:
        src: Its path.
        dst: Its new path.
        overwrite: Replace a file that is there.

    Raises:
        AlreadyExistsError: There is one, and `overwrite` is False.
        NotFoundError: There is nothing to rename.

    Source: `tf.io.gfile.rename`.
    """
    source, target = _pair("gfile.rename", src, dst, overwrite)
    _done("gfile.rename", source, lambda: os.replace(source, target))


def _pair(where: str, src: Any, dst: Any, overwrite: bool) -> tuple[str, str]:
    source, target = local_path(where, src), local_path(where, dst)
    if not overwrite and os.path.lexists(target):
        raise AlreadyExistsError(
            f"[{where}] expected a new path, got {target!r}, which exists; replace it with overwrite=True."
        )
    return source, target
