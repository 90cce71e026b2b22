"""Files of a checkpoint: which there are, and how they come into being whole.

A checkpoint ``folder/name`` is two files:

- ``name.<16 digits of its SHA-256>.safetensors``: the arrays and the state (see `tensors_file`);
- ``name.index``: a few lines of JSON with the size and SHA-256 of the former, written last.

Both are written under a temporary name, flushed to the disk and renamed. A new version of the same
checkpoint has another digest, hence another name, so that until the index is replaced the old one stays
whole; a process killed at any moment leaves the old checkpoint or the new one. The name of the arrays'
file is computed from the digest: no path is ever read from a file.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from thalweg._src.base.errors import DataLossError, NotFoundError, UnimplementedError
from thalweg._src.base.log import get_logger
from thalweg._src.checkpoint.tensors_file import damaged

FORMAT = "thalweg checkpoint"
INDEX = ".index"
_ARRAYS = ".safetensors"
_MAX_INDEX_BYTES = 1 << 16
_DIGITS = 16


@dataclass(frozen=True)
class Index:
    """What the index file of a checkpoint says.

    Attributes:
        prefix: Folder and name of the checkpoint.
        size: Bytes in the file of arrays.
        sha256: SHA-256 of that file, in hexadecimal.
        sequence: Higher than those of all checkpoints that were in the folder before.
        time: When it was written, in seconds since 1970.
        kept: Whether the rule that deletes old checkpoints passes it by.
    """

    prefix: Path
    size: int
    sha256: str
    sequence: int
    time: float
    kept: bool = False

    @property
    def arrays_path(self) -> Path:
        """Path of the file of arrays."""
        return arrays_path(self.prefix, self.sha256)


def arrays_path(prefix: Path, sha256: str) -> Path:
    """Path of the file of arrays whose bytes have this digest."""
    return prefix.with_name(f"{prefix.name}.{sha256[:_DIGITS]}{_ARRAYS}")


def index_path(prefix: Path) -> Path:
    """Path of the index file."""
    return prefix.with_name(prefix.name + INDEX)


def _digest(fields: dict[str, Any]) -> str:
    """Digest of an index's fields, which is one of its fields itself."""
    rest = {key: value for key, value in fields.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def write_index(index: Index) -> None:
    """Writes, or replaces, the index file of a checkpoint."""
    fields = dataclasses.asdict(index)
    del fields["prefix"]
    fields = {"format": FORMAT, "version": 1, **fields}
    fields["checksum"] = _digest(fields)
    text = json.dumps(fields, indent=1) + "\n"
    replace(index_path(index.prefix), [text.encode()])


def read_index(prefix: Path) -> Index:
    """The index of a checkpoint.

    Raises:
        LookupError: `NotFoundError`: there is no such checkpoint.
        OSError: `DataLossError`: its index is damaged.
        NotImplementedError: It is a checkpoint of TensorFlow.
    """
    path = index_path(prefix)
    try:
        with path.open("rb") as file:
            text = file.read(_MAX_INDEX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFoundError(
            f"[checkpoint {str(prefix)!r}] expected a checkpoint, found no file {path.name!r}; "
            "tf.train.latest_checkpoint(folder) names the newest one."
        ) from None
    if not text.lstrip().startswith(b"{") and _is_foreign(prefix):
        raise UnimplementedError(
            f"[checkpoint {str(prefix)!r}] expected a checkpoint of thalweg, got one in TensorFlow's binary "
            "format; load it with TensorFlow and save its weights as .weights.h5 or .npz."
        )
    return _parsed(prefix, text)


def _is_foreign(prefix: Path) -> bool:
    return any(p.name.startswith(f"{prefix.name}.data-0") for p in prefix.parent.iterdir())


def _parsed(prefix: Path, text: bytes) -> Index:
    path = index_path(prefix)
    try:
        fields = json.loads(text)
        good = isinstance(fields, dict) and fields.get("checksum") == _digest(fields)
    except (ValueError, TypeError, RecursionError):
        good = False
    if not good:
        raise damaged(path, f"got {len(text)} bytes that are no index or were changed")
    size, sha256, sequence = fields.get("size"), fields.get("sha256"), fields.get("sequence")
    time, kept = fields.get("time"), fields.get("kept")
    if fields.get("format") != FORMAT or fields.get("version") != 1:
        raise damaged(path, f"got {fields.get('format')!r} version {fields.get('version')!r}")
    good = (
        type(size) is int
        and type(sequence) is int
        and type(time) is float
        and type(kept) is bool
        and isinstance(sha256, str)
        and re.fullmatch("[0-9a-f]{64}", sha256) is not None
    )
    if not good:
        raise damaged(path, "got fields of other types")
    return Index(prefix, size, sha256, sequence, time, kept)


def indexes(folder: Path, name: str | None = None, log: bool = False) -> list[Index]:
    """Indexes of the checkpoints in a folder, oldest first; damaged ones are left out.

    Args:
        folder: The folder; it need not exist.
        name: Only checkpoints ``name-<number>``.
        log: Whether to log a warning about damaged ones.
    """
    pattern = re.compile(".+" if name is None else rf"{re.escape(name)}-\d+")
    found = []
    try:
        files = [entry.name for entry in os.scandir(folder)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    for file in files:
        stem = file.removesuffix(INDEX)
        if stem == file or not pattern.fullmatch(stem):
            continue
        try:
            index = read_index(folder / stem)
            _check_size(index)
        except (DataLossError, NotFoundError, UnimplementedError) as error:
            if log:
                get_logger().warning("Skipped: %s", error)
            continue
        found.append(index)
    return sorted(found, key=lambda i: (i.sequence, i.time, i.prefix.name))


def _check_size(index: Index) -> None:
    """Looks whether the file of arrays is there, as far as that is cheap."""
    try:
        size = index.arrays_path.stat().st_size
    except FileNotFoundError:
        raise damaged(index.prefix, "found its index but not its arrays") from None
    if size != index.size:
        raise damaged(index.prefix, f"got {size} bytes of arrays instead of {index.size}")


def delete(index: Index) -> None:
    """Deletes a checkpoint, its index first."""
    index_path(index.prefix).unlink(missing_ok=True)
    index.arrays_path.unlink(missing_ok=True)


def delete_leftovers(index: Index) -> None:
    """Deletes arrays of earlier versions of a checkpoint, and what writers that were killed left."""
    name = re.escape(index.prefix.name)
    pattern = re.compile(rf"{name}\.[0-9a-f]{{{_DIGITS}}}{re.escape(_ARRAYS)}")
    for entry in os.scandir(index.prefix.parent):
        if pattern.fullmatch(entry.name) and entry.name != index.arrays_path.name:
            Path(entry.path).unlink(missing_ok=True)


def replace(path: Path, pieces: Iterable[Any]) -> None:
    """Writes a file that is whole as soon as it bears its name.

    Args:
        path: Its path; an older file there stays whole until the new one takes its place.
        pieces: Its bytes.
    """
    temporary = write_temporary(path, pieces)
    rename(temporary, path)


@contextlib.contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """A file to write and read, which takes its name when the block ends without an error.

    Args:
        path: Its path; an older file there stays whole until the new one takes its place.
    """
    with _temporary_file(path) as (temporary, file):
        yield file
    rename(temporary, path)


def write_temporary(path: Path, pieces: Iterable[Any]) -> Path:
    """Writes a file under a temporary name beside `path`, down to the disk.

    The name is the same each time, so that what a killed writer left is replaced and does not pile up.
    """
    with _temporary_file(path) as (temporary, file):
        for piece in pieces:
            file.write(piece)
    return temporary


@contextlib.contextmanager
def _temporary_file(path: Path) -> Iterator[tuple[Path, BinaryIO]]:
    temporary = path.with_name(f".{path.name}.part")
    temporary.unlink(missing_ok=True)
    # Exclusive creation follows no link that somebody put there.
    handle = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield temporary, file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def rename(temporary: Path, path: Path) -> None:
    """Gives a written file its name, and makes that last through a power cut."""
    os.replace(temporary, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        # Some network file systems cannot flush a folder; the file is whole all the same.
        with contextlib.suppress(OSError):
            os.fsync(folder)
    finally:
        os.close(folder)
