"""Folders of elements: one file for each shard, and an index that says which there are.

A folder holds ``dataset.json`` and the files ``<run>-<number>.rows`` that it names by run and number (see
`rows_file`). The index is written last and replaced as a whole, so that a folder holds the old elements
or the new ones; no path is ever read from a file.
"""

from __future__ import annotations

import json
import os
import re
import time
import uuid
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, NotFoundError
from thalweg._src.base.safe_json import parsed
from thalweg._src.data.blocks import Block
from thalweg._src.data.caching import Filling, Kept, plan_of_file
from thalweg._src.data.mapping import ElementFunction
from thalweg._src.data.nesting import DatasetSpec, Interleave
from thalweg._src.data.node import Cursor, Node, Run
from thalweg._src.data.rows_file import RowsFile, RowsWriter
from thalweg._src.data.sources import Gather, Range, RowCursor, Table
from thalweg._src.data.spec_texts import check_stored_spec, spec_of_json, spec_to_json
from thalweg._src.data.stored_blocks import damaged

INDEX = "dataset.json"
_VERSION = 1
_RUN = re.compile(r"[0-9a-f]{32}")
_ROWS = 1024
_MAX_INDEX = 1 << 24
_WAIT_SECONDS = 0.2


def stored_compression(kind: Any, where: str) -> str:
    """How elements are compressed in a file.

    Raises:
        InvalidArgumentError: Another kind than "GZIP", "ZLIB", "NONE" or "AUTO", which is none.
    """
    found = {None: "", "": "", "NONE": "", "AUTO": "", "GZIP": "GZIP", "ZLIB": "ZLIB"}.get(kind)
    if found is None:
        raise InvalidArgumentError(f"[{where}] expected compression None or 'GZIP', got {kind!r}.")
    return found


class ShardsWriter:
    """Writes elements to a folder.

    Args:
        folder: The folder.
        spec: Structure of specs of the elements.
        compression: "", "GZIP" or "ZLIB".
        shard_of: Gives the number of an element's shard, of its leaf values and number; one shard when None.
        where: Name for messages.
    """

    def __init__(
        self,
        folder: Path,
        spec: Any,
        compression: str,
        shard_of: Callable[[list[Any], int], int] | None,
        where: str,
    ) -> None:
        self._folder = folder
        self._spec = spec
        self._compression = compression
        self._shard_of = shard_of
        self._where = where
        self._run = uuid.uuid4().hex
        self._writers: dict[int, RowsWriter] = {}
        self._count = 0

    def _writer(self, number: int) -> RowsWriter:
        if number not in self._writers:
            path = _path(self._folder, self._run, number)
            self._writers[number] = RowsWriter(path, self._spec, self._compression, self._where)
        return self._writers[number]

    def add(self, block: Block) -> None:
        """Adds elements."""
        if self._shard_of is None:
            self._writer(0).add(block)
        else:
            numbers = np.array([self._shard_of(block.row(i), self._count + i) for i in range(block.size)])
            for number in dict.fromkeys(numbers.tolist()):
                self._writer(number).add(block.take(np.flatnonzero(numbers == number)))
        self._count += block.size

    def finish(self) -> None:
        """Makes the folder hold these elements instead of others."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for writer in self._writers.values():
            writer.finish()
        old = _read_index(self._folder, self._where)
        spec = spec_to_json(self._spec, self._where)
        content = {"version": _VERSION, "spec": spec, "run": self._run, "shards": sorted(self._writers)}
        index = {**content, "checksum": _checksum(content)}
        partial = self._folder / f".{INDEX}.{self._run}.partial"
        partial.write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")
        partial.replace(self._folder / INDEX)
        if old is not None:
            for number in old["shards"]:
                _path(self._folder, old["run"], number).unlink(missing_ok=True)
        self._writers = {}

    def abandon(self) -> None:
        """Deletes what was written, if it was not finished."""
        for writer in self._writers.values():
            writer.abandon()
        self._writers = {}


def _path(folder: Path, run: str, number: int) -> Path:
    return folder / f"{run}-{number}.rows"


def _checksum(content: dict[str, Any]) -> int:
    return zlib.crc32(json.dumps(content, sort_keys=True).encode())


def _read_index(folder: Path, where: str) -> dict[str, Any] | None:
    """The index of a folder; None where there is none."""
    path = folder / INDEX
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > _MAX_INDEX:
                raise damaged(f"{where} {str(path)!r}", "a very large index")
            text = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        found: dict[str, Any] = parsed(text)
        total = found.pop("checksum")
        numbers = found["shards"]
        valid = found["version"] == _VERSION and _RUN.fullmatch(found["run"]) and total == _checksum(found)
        if not valid or not all(type(n) is int and abs(n) < 1 << 63 for n in numbers):
            raise ValueError("it was changed")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise damaged(f"{where} {str(path)!r}", f"a damaged index ({error})") from None
    return found


class Stored:
    """The elements in a folder.

    Args:
        folder: The folder.
        where: Name for messages.

    Attributes:
        spec: Structure of specs of an element.
        files: Files of the shards.

    Raises:
        NotFoundError: The folder holds none.
        DataLossError: Its files are damaged.
    """

    def __init__(self, folder: Path, where: str) -> None:
        index = _read_index(folder, where)
        if index is None:
            raise NotFoundError(f"[{where}] expected saved elements in {str(folder)!r}, got none.")
        try:
            self.spec = spec_of_json(index["spec"])
        except (TypeError, ValueError) as error:
            raise damaged(f"{where} {str(folder)!r}", f"an index whose spec says: {error}") from None
        self.files = [RowsFile(_path(folder, index["run"], n), where) for n in index["shards"]]

    def check(self, spec: Any, compression: str | None, where: str) -> None:
        """Raises unless the elements are of a spec.

        Raises:
            InvalidArgumentError: They are others, or compressed in another way.
        """
        check_stored_spec(self.spec, spec, where)
        for file in self.files:
            file.check(spec, compression)

    def plan(self, spec: Any) -> Node:
        """Plan of the elements: of several shards in turns."""
        if len(self.files) > 1:
            return _InTurns(Shards(self.files, spec, _plan_itself), spec)
        if not self.files:
            return Gather(Table([], 0, spec), Range(0, 0))
        return plan_of_file(self.files[0], spec)


def wait_for(folder: Path) -> None:
    """Returns when a folder holds elements."""
    while not (folder / INDEX).exists():
        time.sleep(_WAIT_SECONDS)


def _plan_itself(node: Node) -> Any:
    return node


class Shards(Node):
    """Data sets of the elements of files.

    Args:
        files: The files.
        spec: Spec of their elements.
        wrap: Makes a data set of a plan.
    """

    name = "shards"

    def __init__(self, files: Sequence[RowsFile], spec: Any, wrap: Callable[[Node], Any]) -> None:
        super().__init__()
        self._files = files
        self._inner = spec
        self._wrap = wrap

    @property
    def spec(self) -> Any:
        """A data set."""
        return DatasetSpec(self._inner)

    @property
    def cardinality(self) -> int:
        """Number of files."""
        return len(self._files)

    @property
    def rows(self) -> int:
        """Number of elements in all files."""
        return sum(file.length for file in self._files)

    def open(self, run: Run) -> Cursor:
        """Cursor before the first data set."""
        return RowCursor(iter([[self._wrap(plan_of_file(file, self._inner))] for file in self._files]))


class _InTurns(Interleave):
    """The elements of shards, one of each in turn."""

    def __init__(self, shards: Shards, spec: Any) -> None:
        where = "Dataset.load"
        count = shards.cardinality
        super().__init__(shards, _plan_itself, lambda node, _: node, count, 1, False, where)
        self._spec = spec

    @property
    def cardinality(self) -> int:
        """All elements."""
        return self.inputs[0].rows  # type: ignore[attr-defined, no-any-return]


def shard_function(function: Callable[..., Any] | None, node: Node, where: str) -> Any:
    """Function of leaf values and number of an element that gives its shard; None for one shard."""
    if function is None:
        return None
    computed = ElementFunction(function, node, where, (0,))

    def shard_of(row: list[Any], index: int) -> int:
        (found,) = computed.of_one(row, 0, index)
        if np.shape(found) != () or np.asarray(found).dtype.kind not in "iu":
            raise InvalidArgumentError(
                f"[{where}] expected shard_func to return an integer, got {np.asarray(found).dtype} of shape "
                f"{np.shape(found)}."
            )
        return int(found)

    return shard_of


def save(cursor: Cursor, writer: ShardsWriter) -> None:
    """Writes all elements that a cursor gives, and closes it."""
    try:
        while (block := cursor.next(_ROWS)) is not None:
            writer.add(block)
        writer.finish()
    finally:
        writer.abandon()
        cursor.close()


class Snapshot(Kept):
    """The same elements, kept in a folder.

    Args:
        input: The elements.
        folder: The folder.
        compression: "", "GZIP" or "ZLIB".
        shard: Function of an element that returns the number of its shard; one shard when None.
        read: Makes the plan of what is stored, for elements of a spec.
    """

    name = "snapshot"

    def __init__(
        self,
        input: Node,
        folder: Path,
        compression: str,
        shard: Callable[..., Any] | None,
        read: Callable[[Stored, Any], Node],
    ) -> None:
        super().__init__(input)
        self._folder = folder
        self._compression = compression
        self._shard_of = shard_function(shard, input, "Dataset.snapshot")
        self._read = read
        # Shared by all plans that this step is part of.
        self._memory: list[Node] = []

    def kept(self) -> Node | None:
        """Plan of the folder's elements."""
        if not self._memory and (self._folder / INDEX).exists():
            stored = Stored(self._folder, "Dataset.snapshot")
            stored.check(self.spec, None, "Dataset.snapshot")
            self._memory.append(self._read(stored, self.spec))
        return self._memory[0] if self._memory else None

    def filling(self) -> Filling:
        """Takes the elements of a pass."""
        return ShardsWriter(
            self._folder, self.spec, self._compression, self._shard_of, "Dataset.snapshot"
        )

    def settings(self) -> dict[str, Any]:
        """The folder."""
        return {"path": str(self._folder)}
