"""Writing and reading of whole checkpoints: ``write``, ``read``, and the numbered ones of a folder."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from thalweg._src.base.errors import DataLossError, InvalidArgumentError
from thalweg._src.base.log import get_logger
from thalweg._src.checkpoint import files, tensors_file
from thalweg._src.checkpoint.files import Index
from thalweg._src.checkpoint.tensors_file import TensorsFile, damaged

Arrays = dict[str, np.ndarray[Any, Any]]
_NAME = "checkpoint"


def write_as(
    prefix: str | os.PathLike[str],
    arrays: Mapping[str, Any],
    state: Mapping[str, Any] | None = None,
) -> Index:
    """Writes one checkpoint; one of the same name is replaced and stays whole until then.

    Args:
        prefix: Folder and name, such as ``"runs/3/ckpt-1"``; the folder is made.
        arrays: NumPy or JAX arrays by name, of any dtype but strings and objects.
        state: What else to keep: anything JSON can hold.

    Returns:
        The new index.

    Raises:
        TypeError: An array's dtype has no place in a file.
        ValueError: A name or a state that cannot be written.
        OSError: The disk is full, or may not be written.
    """
    path = _path(prefix)
    storable = {name: tensors_file.storable(name, value) for name, value in arrays.items()}
    pieces = list(tensors_file.encode(storable, {} if state is None else state))
    path.parent.mkdir(parents=True, exist_ok=True)
    total = hashlib.sha256()

    def counted() -> Iterator[Any]:
        for piece in pieces:
            total.update(piece)
            yield piece

    temporary = files.write_temporary(path.with_name(f"{path.name}.arrays"), counted())
    index = Index(
        path, sum(map(len, pieces)), total.hexdigest(), _next_sequence(path.parent), time.time()
    )
    files.rename(temporary, index.arrays_path)
    files.write_index(index)
    files.delete_leftovers(index)
    return index


def _path(prefix: str | os.PathLike[str]) -> Path:
    text = os.fspath(prefix)
    path = Path(text)
    if not isinstance(text, str) or text.endswith(os.sep) or path.name in ("", ".."):
        raise InvalidArgumentError(
            f"[checkpoint] expected a folder and a name, got {text!r}; such as 'folder/ckpt'."
        )
    return path


def _next_sequence(folder: Path) -> int:
    return max((index.sequence for index in files.indexes(folder)), default=0) + 1


def open_checkpoint(prefix: str | os.PathLike[str]) -> TensorsFile:
    """The arrays' file of a checkpoint, open, with its checksum verified.

    Raises:
        LookupError: `NotFoundError`: there is no such checkpoint.
        OSError: `DataLossError`: it is damaged.
    """
    index = files.read_index(Path(prefix))
    try:
        file = index.arrays_path.open("rb")
    except FileNotFoundError:
        raise damaged(prefix, "found its index but not its arrays") from None
    try:
        if (size := os.fstat(file.fileno()).st_size) != index.size:
            raise damaged(prefix, f"got {size} bytes of arrays instead of {index.size}")
        found = TensorsFile(file, prefix)
        if found.sha256() != index.sha256:
            raise damaged(prefix, "got arrays with another checksum than when they were written")
    except BaseException:
        file.close()
        raise
    return found


def read(prefix: str | os.PathLike[str]) -> tuple[Arrays, dict[str, Any]]:
    """Arrays by name, and state, of one checkpoint.

    Args:
        prefix: Folder and name, as for `write_as`.

    Raises:
        LookupError: `NotFoundError`: there is no such checkpoint.
        OSError: `DataLossError`: it is damaged.
    """
    with open_checkpoint(prefix) as file:
        return {name: file.read(name) for name in file.entries}, file.state


def write(
    folder: str | os.PathLike[str],
    arrays: Mapping[str, Any],
    state: Mapping[str, Any] | None = None,
    max_to_keep: int | None = 2,
) -> Path:
    """Writes the next checkpoint of a folder, then deletes old ones.

    Args:
        folder: The folder; it is made.
        arrays: See `write_as`.
        state: See `write_as`.
        max_to_keep: How many stay, the new one included; all when None.

    Returns:
        Folder and name of the new checkpoint.

    Raises:
        See `write_as`. The checkpoints that were there are then as they were.
    """
    if max_to_keep is not None and max_to_keep < 1:
        raise InvalidArgumentError(
            f"[checkpoint] expected max_to_keep of 1 or more, or None, got {max_to_keep}."
        )
    home = Path(folder)
    index = write_as(home / f"{_NAME}-{_next_sequence(home)}", arrays, state)
    if max_to_keep is not None:
        for old in files.indexes(home, _NAME)[:-max_to_keep]:
            files.delete(old)
    return index.prefix


def read_latest(folder: str | os.PathLike[str]) -> tuple[Arrays, dict[str, Any]] | None:
    """Arrays by name, and state, of the newest whole checkpoint in a folder.

    Damaged checkpoints are logged and passed by.

    Args:
        folder: The folder.

    Returns:
        The pair; None when there is no whole checkpoint, or no such folder.
    """
    for index in reversed(files.indexes(Path(folder), log=True)):
        try:
            return read(index.prefix)
        except DataLossError as error:
            get_logger().warning("Skipped: %s", error)
    return None


def latest(folder: str | os.PathLike[str]) -> Index | None:
    """Index of the newest whole checkpoint in a folder; its files are read once to be sure."""
    for index in reversed(files.indexes(Path(folder), log=True)):
        try:
            open_checkpoint(index.prefix).close()
        except DataLossError as error:
            get_logger().warning("Skipped: %s", error)
            continue
        return index
    return None
