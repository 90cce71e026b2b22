"""Looking at checkpoints: which is the newest, and what is in one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from thalweg._src.base.errors import NotFoundError, UnimplementedError
from thalweg._src.base.naming import nearest
from thalweg._src.checkpoint import files, storage
from thalweg._src.core.dtypes import DType

# What TensorFlow puts after a Variable's path; programs may spell it out.
_TENSORFLOW_SUFFIX = "/.ATTRIBUTES/VARIABLE_VALUE"
_POLL_SECONDS = 1.0


def latest_checkpoint(
    checkpoint_dir: str | os.PathLike[str], latest_filename: str | None = None
) -> str | None:
    """Path of the newest whole checkpoint in a folder.

    Damaged checkpoints are logged and passed by; the files of the one returned are read once to be sure.

    Args:
        checkpoint_dir: The folder.
        latest_filename: Must be None: the folder itself is the record of what there is.

    Returns:
        Folder and name for `tf.train.Checkpoint.restore`; None when there is none.

    Source: `tf.train.latest_checkpoint`.
    """
    _check_no_state_file("latest_checkpoint", latest_filename)
    index = storage.latest(checkpoint_dir)
    return None if index is None else str(index.prefix)


def _check_no_state_file(where: str, latest_filename: str | None) -> None:
    if latest_filename not in (None, "checkpoint"):
        raise UnimplementedError(
            f"[train.{where}] expected latest_filename=None, got {latest_filename!r}: there is no file that "
            "lists checkpoints; pass the folder alone."
        )


@dataclass
class CheckpointState:
    """Which checkpoints a folder holds.

    Attributes:
        model_checkpoint_path: The newest.
        all_model_checkpoint_paths: All, oldest first.
        all_model_checkpoint_timestamps: When they were written, in seconds since 1970.
        last_preserved_timestamp: That of the newest one kept for ever; 0 without one.

    Source: the message of this name in TensorFlow.
    """

    model_checkpoint_path: str
    all_model_checkpoint_paths: list[str] = field(default_factory=list)
    all_model_checkpoint_timestamps: list[float] = field(default_factory=list)
    last_preserved_timestamp: float = 0.0


def get_checkpoint_state(
    checkpoint_dir: str | os.PathLike[str], latest_filename: str | None = None
) -> CheckpointState | None:
    """Which checkpoints a folder holds.

    Args:
        checkpoint_dir: The folder.
        latest_filename: Must be None, as for `latest_checkpoint`.

    Returns:
        `CheckpointState`; None when there is no checkpoint.

    Source: `tf.train.get_checkpoint_state`. Checkpoints are looked at as far as that is cheap.
    """
    _check_no_state_file("get_checkpoint_state", latest_filename)
    found = files.indexes(Path(checkpoint_dir))
    managed = [index for index in found if not index.kept]
    if not managed:
        return None
    paths = [str(index.prefix) for index in managed]
    kept = max((index.time for index in found if index.kept), default=0.0)
    return CheckpointState(paths[-1], paths, [index.time for index in managed], kept)


class CheckpointReader:
    """The arrays of one checkpoint by name; made by `tf.train.load_checkpoint`.

    Names are those under which objects held the Variables, joined by slashes, such as ``"net/w"``;
    TensorFlow's spelling with ``/.ATTRIBUTES/VARIABLE_VALUE`` behind is understood too.

    Args:
        prefix: Folder and name of the checkpoint.

    Source: what `tf.train.load_checkpoint` returns in TensorFlow.
    """

    def __init__(self, prefix: str | os.PathLike[str]) -> None:
        self._prefix = prefix
        with storage.open_checkpoint(prefix) as file:
            self._entries = file.entries

    def has_tensor(self, tensor_str: str) -> bool:
        """True when there is an array of this name."""
        return _plain(tensor_str) in self._entries

    def get_tensor(self, tensor_str: str) -> Any:
        """The NumPy array of this name, or NumPy scalar.

        Raises:
            LookupError: `NotFoundError`: there is none.
        """
        name = _plain(tensor_str)
        if name not in self._entries:
            raise NotFoundError(
                f"[checkpoint {str(self._prefix)!r}] expected the name of an array, got {tensor_str!r}. "
                f"{nearest(name, self._entries)}"
            )
        with storage.open_checkpoint(self._prefix) as file:
            array: np.ndarray[Any, Any] = file.read(name)
        return array[()] if array.ndim == 0 else array

    def get_variable_to_shape_map(self) -> dict[str, list[int]]:
        """Shapes by name."""
        return {name: list(entry.shape) for name, entry in sorted(self._entries.items())}

    def get_variable_to_dtype_map(self) -> dict[str, DType]:
        """Dtypes by name."""
        return {name: entry.dtype for name, entry in sorted(self._entries.items())}

    def debug_string(self) -> bytes:
        """A line for each array: name, dtype and shape."""
        lines = (
            f"{name} ({entry.dtype.name}) {list(entry.shape)}\n"
            for name, entry in sorted(self._entries.items())
        )
        return "".join(lines).encode()


def _plain(name: str) -> str:
    return name.removesuffix(_TENSORFLOW_SUFFIX)


def load_checkpoint(ckpt_dir_or_file: str | os.PathLike[str]) -> CheckpointReader:
    """Reader of a checkpoint's arrays.

    Args:
        ckpt_dir_or_file: Folder and name of a checkpoint, or a folder, whose newest one is meant.

    Returns:
        `CheckpointReader`.

    Raises:
        LookupError: `NotFoundError`: there is no checkpoint.
        OSError: `DataLossError`: it is damaged.

    Source: `tf.train.load_checkpoint`.
    """
    path: str | os.PathLike[str] | None = ckpt_dir_or_file
    if Path(ckpt_dir_or_file).is_dir():
        path = latest_checkpoint(ckpt_dir_or_file)
    if path is None:
        raise NotFoundError(
            f"[train.load_checkpoint] expected a folder with a checkpoint, found none in "
            f"{str(ckpt_dir_or_file)!r}; pass the folder that checkpoints are saved to."
        )
    return CheckpointReader(path)


def list_variables(ckpt_dir_or_file: str | os.PathLike[str]) -> list[tuple[str, list[int]]]:
    """Names and shapes of a checkpoint's arrays, sorted by name.

    Args:
        ckpt_dir_or_file: See `load_checkpoint`.

    Returns:
        List of pairs of a name and a list of sizes.

    Example:
        >>> import tempfile
        >>> import thalweg as tf
        >>> folder = tempfile.mkdtemp()
        >>> net = {"w": tf.Variable([1.0, 2.0])}
        >>> tf.train.list_variables(tf.train.Checkpoint(net=net).write(f"{folder}/once"))
        [('net/w', [2])]

    Source: `tf.train.list_variables`. Names are ``net/w``, not ``net/w/.ATTRIBUTES/VARIABLE_VALUE``.
    """
    return sorted(load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map().items())


def load_variable(ckpt_dir_or_file: str | os.PathLike[str], name: str) -> Any:
    """One array of a checkpoint.

    Args:
        ckpt_dir_or_file: See `load_checkpoint`.
        name: Its name, as `list_variables` gives it.

    Returns:
        NumPy array, or NumPy scalar.

    Raises:
        LookupError: `NotFoundError`: there is no such checkpoint, or array in it.

    Source: `tf.train.load_variable`.
    """
    return load_checkpoint(ckpt_dir_or_file).get_tensor(name)


def checkpoints_iterator(
    checkpoint_dir: str | os.PathLike[str],
    min_interval_secs: float = 0,
    timeout: float | None = None,
    timeout_fn: Callable[[], bool] | None = None,
) -> Iterator[str]:
    """Paths of the newest checkpoints in a folder, as they come.

    Args:
        checkpoint_dir: The folder.
        min_interval_secs: Seconds at least between two paths.
        timeout: Seconds to wait for a new checkpoint; for ever when None.
        timeout_fn: Asked when the time is over: True ends the iteration, False waits again. Without it the
            iteration ends.

    Returns:
        Iterator of paths. Each is the newest when it is asked for; ones in between are left out.

    Source: `tf.train.checkpoints_iterator`.
    """
    last: tuple[str, int] | None = None
    while True:
        index = _wait_for_new(checkpoint_dir, last, timeout)
        if index is None:
            if timeout_fn is None or timeout_fn():
                return
            continue
        last = (str(index.prefix), index.sequence)
        start = time.monotonic()
        yield str(index.prefix)
        time.sleep(max(0.0, start + min_interval_secs - time.monotonic()))


def _wait_for_new(
    folder: str | os.PathLike[str], last: tuple[str, int] | None, timeout: float | None
) -> files.Index | None:
    end = None if timeout is None else time.monotonic() + timeout
    while True:
        found = files.indexes(Path(folder))
        if found and (str(found[-1].prefix), found[-1].sequence) != last:
            index = storage.latest(folder)
            if index is not None and (str(index.prefix), index.sequence) != last:
                return index
        left = _POLL_SECONDS if end is None else min(_POLL_SECONDS, end - time.monotonic())
        if left <= 0:
            return None
        time.sleep(left)
