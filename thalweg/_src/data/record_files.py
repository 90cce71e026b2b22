"""Sources that read files from beginning to end: lines, records of fixed length."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.base.record_framing import records
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.data.blocks import Block
from thalweg._src.data.file_streams import opened
from thalweg._src.data.nesting import Interleave
from thalweg._src.data.node import AUTOTUNE, UNKNOWN, BlocksCursor, Cursor, Node, Run
from thalweg._src.data.plan import Plan, positive
from thalweg._src.data.sources import Gather, Range, Table
from thalweg._src.data.waiting import Ahead

# Reads one file: blocks, and errors in place of elements that cannot be made.
Reader = Callable[[str], Iterator[Block | Exception]]
# Records that are in one block at most.
_MOST_RECORDS = 256
# Blocks of a file that are read beforehand where a thread does so.
_AHEAD = 2


class _BlocksAhead:
    """Blocks that a thread reads beforehand."""

    def __init__(self, blocks: Iterator[Block | Exception]) -> None:
        self._blocks = blocks
        self._ahead = Ahead(lambda: next(blocks, None), _AHEAD)

    def __iter__(self) -> _BlocksAhead:
        return self

    def __next__(self) -> Block | Exception:
        block = self._ahead.next()
        if block is None:
            raise StopIteration
        return block  # type: ignore[no-any-return]

    def close(self) -> None:
        """Ends the thread and closes the file."""
        self._ahead.close()
        self._blocks.close()  # type: ignore[attr-defined]


class _File(Node):
    """What is in one file."""

    name = "file"
    waits = True
    at_hand = True

    def __init__(self, path: str, reader: Reader, spec: Any, ahead: bool) -> None:
        super().__init__()
        self._path = path
        self._reader = reader
        self._spec = spec
        self._ahead = ahead

    @property
    def spec(self) -> Any:
        """What the reader gives."""
        return self._spec

    @property
    def cardinality(self) -> int:
        """Unknown before it is read."""
        return UNKNOWN

    def open(self, run: Run) -> Cursor:
        """Cursor at the file's beginning."""
        blocks = self._reader(self._path)
        return BlocksCursor(_BlocksAhead(blocks) if self._ahead and run.threads else blocks)


class ReadFiles(Interleave):
    """What is in files: one after the other, or some in turns.

    Args:
        files: Node of their paths, scalar strings.
        name: Name of the step.
        reader: Reads one file.
        spec: Structure of specs of what it gives.
        parallel: Files that are open at once and take turns, each read ahead in a thread; `AUTOTUNE` to
            read ahead one after the other; None to read when asked.
    """

    waits = True
    at_hand = True

    def __init__(self, files: Node, name: str, reader: Reader, spec: Any, parallel: int | None) -> None:
        self.name = name
        cycle = 1 if parallel in (None, AUTOTUNE) else positive(parallel, name, "num_parallel_reads")
        super().__init__(files, reader, _plan, cycle, 1, parallel is not None, name)
        self._reader = reader
        self._spec = spec

    @property
    def cardinality(self) -> int:
        """Unknown before they are read."""
        return UNKNOWN

    def inner(self, row: list[Any], index: int) -> Node:
        """Plan of one file."""
        return _File(os.fsdecode(row[0].item()), self._reader, self._spec, self._parallel)

    def settings(self) -> dict[str, Any]:
        """How many files at once."""
        return {"files": self._cycle_length, "threads": self._parallel}


def _plan(node: Node, where: str) -> Node:
    return node


def files_node(filenames: Any, where: str) -> Node:
    """Node of paths.

    Args:
        filenames: A path, list or tensor of paths, or data set of them.
        where: Name for messages.

    Raises:
        TypeError: They are no strings.
    """
    if isinstance(filenames, Plan):
        spec = filenames.element_spec
        if not isinstance(spec, TensorSpec) or spec.dtype is not dtypes.string or spec.shape.rank:
            raise DTypeError(f"[{where}] expected a data set of paths as scalar strings, got one of {spec}.")
        return filenames._node
    return strings_node(paths_of(filenames, where))


def strings_node(strings: np.ndarray[Any, Any]) -> Node:
    """Node of scalar strings.

    Args:
        strings: Array of bytes, of shape ``(n,)``.
    """
    return Gather(Table([strings], len(strings), TensorSpec((), dtypes.string)), Range(0, len(strings)))


def paths_of(filenames: Any, where: str) -> np.ndarray[Any, Any]:
    """Paths, or patterns for them, as an array of bytes of shape ``(n,)``.

    Args:
        filenames: A path, or list or tensor of paths.
        where: Name for messages.

    Raises:
        TypeError: They are no strings.
    """
    given = nest.map_structure(lambda v: os.fspath(v) if isinstance(v, os.PathLike) else v, filenames)
    if isinstance(given, (list, tuple)) and not given:
        return np.empty(0, object)
    tensor = convert_to_tensor(given)
    if tensor.dtype is not dtypes.string:
        raise DTypeError(f"[{where}] expected paths as strings, got {tensor.dtype.name}.")
    found: np.ndarray[Any, Any] = np.asarray(tensor.array, object).reshape(-1)
    return found


def of_strings(strings: list[bytes]) -> Block:
    """Block of scalar strings."""
    column = np.empty(len(strings), object)
    column[:] = strings
    return Block([column], len(strings))


def lines_of(compression: str, buffer_size: int) -> Reader:
    """Reader of lines, without their ends; carriage returns are left out wherever they are."""

    def read(path: str) -> Iterator[Block]:
        rest = b""
        with opened(path, compression, buffer_size) as file:
            while piece := file.read(buffer_size):
                *lines, rest = (rest + piece.replace(b"\r", b"")).split(b"\n")
                if lines:
                    yield of_strings(lines)
        if rest:
            yield of_strings([rest])

    return read


def fixed_records_of(size: int, header: int, footer: int, compression: str, buffer_size: int) -> Reader:
    """Reader of records of `size` bytes, after `header` bytes and before the last `footer` bytes."""
    most = max(size, buffer_size // size * size)

    def read(path: str) -> Iterator[Block]:
        with opened(path, compression, buffer_size) as file:
            length = len(file.read(header))
            rest = b""
            while piece := file.read(most):
                length += len(piece)
                rest += piece
                whole = max(0, (len(rest) - footer) // size * size)
                if whole:
                    yield of_strings([rest[at : at + size] for at in range(0, whole, size)])
                rest = rest[whole:]
        if len(rest) != footer or length < header:
            raise InvalidArgumentError(
                f"[FixedLengthRecordDataset] expected whole records of {size} bytes after a header of "
                f"{header} and before a footer of {footer}, got {path!r} of {length} bytes."
            )

    return read


def framed_records_of(compression: str, buffer_size: int) -> Reader:
    """Reader of TFRecord files."""

    def read(path: str) -> Iterator[Block]:
        waiting, held = [], 0
        with opened(path, compression, buffer_size) as file:
            for record in records(file, path):
                waiting.append(record)
                held += len(record)
                if held >= buffer_size or len(waiting) == _MOST_RECORDS:
                    yield of_strings(waiting)
                    waiting, held = [], 0
        if waiting:
            yield of_strings(waiting)

    return read
