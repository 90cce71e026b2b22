"""Files of elements, which can be taken by number.

::

    8 bytes     mark
    chunks      blocks of elements, each as `stored_blocks` writes it, perhaps compressed
    footer      JSON: the elements' spec, and for each chunk its place, sizes, rows and checksum
    24 bytes    length of the footer (8) and its checksum (8), little-endian; the mark

A file without a footer is not finished. Writers write under another name and rename the file when it is.
Reading trusts nothing: all places are checked against the file's size before anything is read, and each
chunk against its checksum before it is decoded.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import threading
import uuid
import zlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.base.file_errors import explained
from thalweg._src.base.safe_json import parsed
from thalweg._src.data.blocks import Block, joined, spec_of, value_at
from thalweg._src.data.spec_texts import check_stored_spec, spec_of_json, spec_to_json
from thalweg._src.data.stored_blocks import damaged, decoded, encoded

_MARK = b"thwgrows"
_VERSION = 1
_END = 24
# A chunk is written when it has so many bytes or rows.
_CHUNK_BYTES = 1 << 20
_CHUNK_ROWS = 4096
_MAX_FOOTER = 1 << 28
# No deflated byte stands for more than 1032.
_MOST_INFLATED = 1032
# Bytes of memory that chunks take which were read.
_KEPT = 1 << 28
COMPRESSIONS = ("", "GZIP", "ZLIB")


class RowsWriter:
    """Writes a file of elements.

    Args:
        path: Where it will be, once it is finished.
        spec: Structure of specs of the elements.
        compression: "", "GZIP" or "ZLIB".
        where: Name for messages.
    """

    def __init__(self, path: Path, spec: Any, compression: str, where: str) -> None:
        self._path = path
        self._spec = spec_to_json(spec, where)
        self._compression = compression
        self._where = where
        self._waiting: list[Block] = []
        self._held = self._rows = 0
        self._chunks: list[list[int]] = []
        self._partial = path.with_name(f".{path.name}.{uuid.uuid4().hex}.partial")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._partial.open("xb")
        except OSError as error:
            raise explained(where, str(path), error) from None
        self._file.write(_MARK)

    def add(self, block: Block) -> None:
        """Adds elements."""
        for start in range(0, block.size, _CHUNK_ROWS):
            part = block.part(start, start + _CHUNK_ROWS)
            self._waiting.append(part)
            self._rows += part.size
            self._held += sum(map(_bytes_of, part.columns))
            if self._held >= _CHUNK_BYTES or self._rows >= _CHUNK_ROWS:
                self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        data = encoded(joined(self._waiting), self._where)
        kept = zlib.compress(data, 1) if self._compression else data
        self._file.write(kept)
        # Arrays lie at multiples of their sizes.
        self._file.write(b"\0" * (-len(kept) % 8))
        self._chunks.append([len(kept), len(data), self._rows, zlib.crc32(kept)])
        self._waiting, self._held, self._rows = [], 0, 0

    def finish(self) -> None:
        """Writes what is left, and gives the file its name."""
        self._flush()
        footer = {"version": _VERSION, "spec": self._spec, "chunks": self._chunks}
        text = json.dumps(footer | {"compression": self._compression}, separators=(",", ":")).encode()
        self._file.write(text)
        self._file.write(len(text).to_bytes(8, "little") + zlib.crc32(text).to_bytes(8, "little"))
        self._file.write(_MARK)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._partial.replace(self._path)

    def abandon(self) -> None:
        """Deletes what was written, if it was not finished."""
        self._file.close()
        with contextlib.suppress(FileNotFoundError):
            self._partial.unlink()


def _bytes_of(column: Any) -> int:
    if isinstance(column, np.ndarray) and column.dtype == object:
        return sum(map(len, column.reshape(-1).tolist()))
    if hasattr(column, "nbytes"):
        return int(column.nbytes)
    if type(column) is list:
        return sum(map(_bytes_of, column))
    return sum(_bytes_of(part.numpy()) for part in column._flatten_composite())


@dataclass(frozen=True)
class _Chunk:
    """Place and sizes of a chunk."""

    start: int
    size: int
    raw: int
    rows: int
    checksum: int


class RowsFile:
    """The elements of a file by number.

    Args:
        path: The file.
        where: Name for messages.

    Attributes:
        spec: Structure of specs of an element.
        length: Number of elements.

    Raises:
        NotFoundError: There is no such file.
        DataLossError: It is torn, damaged, or none of ours.
    """

    def __init__(self, path: Path, where: str) -> None:
        self._where = f"{where} {str(path)!r}"
        try:
            with path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                if size < len(_MARK) + _END:
                    raise damaged(self._where, f"{size} bytes")
                # Renamed when it is whole, and never written to again.
                self._data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except OSError as error:
            raise explained(where, str(path), error) from None
        self._read_footer()
        # Blocks, and the bytes of memory that each takes.
        self._kept: OrderedDict[int, tuple[Block, int]] = OrderedDict()
        self._lock = threading.Lock()
        self._held = 0

    def _read_footer(self) -> None:
        data = self._data
        if data[: len(_MARK)] != _MARK or data[-len(_MARK) :] != _MARK:
            raise damaged(self._where, "one without the marks at its beginning and end")
        length = int.from_bytes(data[-_END:-16], "little")
        if length > min(_MAX_FOOTER, len(data) - _END - len(_MARK)):
            raise damaged(self._where, f"a footer of {length} bytes")
        text = bytes(data[-_END - length : -_END])
        if zlib.crc32(text) != int.from_bytes(data[-16:-8], "little"):
            raise damaged(self._where, "a footer with a wrong checksum")
        try:
            footer = parsed(text)
            if footer["version"] != _VERSION or footer["compression"] not in COMPRESSIONS:
                raise ValueError(f"version {footer['version']!r}, {footer['compression']!r}")
            self.spec = spec_of_json(footer["spec"])
            self.compression: str = footer["compression"]
            self._chunks = list(self._places(footer["chunks"], len(data) - _END - length))
        except (KeyError, TypeError, ValueError) as error:
            raise damaged(self._where, f"a footer that says: {error}") from None
        self._starts = np.cumsum([0, *(chunk.rows for chunk in self._chunks)], dtype=np.int64)
        self.length = int(self._starts[-1])
        self._specs = nest.flatten(self.spec)

    def _places(self, chunks: Any, end: int) -> Iterator[_Chunk]:
        """The chunks, which must lie one after the other."""
        start = len(_MARK)
        for size, raw, rows, checksum in chunks:
            numbers = (size, raw, rows, checksum)
            most = size * _MOST_INFLATED if self.compression else size
            if not all(type(n) is int and n >= 0 for n in numbers) or not rows or raw > most:
                raise ValueError(f"a chunk of {numbers}")
            yield _Chunk(start, size, raw, rows, checksum)
            start += size + -size % 8
        if start != end:
            raise ValueError(f"chunks end at {start}, not at {end}")

    def _block(self, number: int) -> Block:
        """The elements of a chunk."""
        with self._lock:
            if number in self._kept:
                self._kept.move_to_end(number)
                return self._kept[number][0]
            return self._decoded(number)

    def _decoded(self, number: int) -> Block:
        chunk = self._chunks[number]
        data = self._data[chunk.start : chunk.start + chunk.size]
        if zlib.crc32(data) != chunk.checksum:
            first = self._starts[number]
            raise damaged(self._where, f"elements from number {first} on with a wrong checksum")
        block = decoded(self._inflated(data, chunk), self._where)
        if block.size != chunk.rows or not self._fits(block):
            raise damaged(self._where, f"other elements than {self.spec}")
        self._keep(number, block, chunk)
        return block

    def _inflated(self, data: memoryview, chunk: _Chunk) -> memoryview:
        if not self.compression:
            return data
        inflate = zlib.decompressobj()
        try:
            raw = inflate.decompress(data, chunk.raw)
        except zlib.error as error:
            raise damaged(self._where, f"elements that are no compressed ones ({error})") from None
        if len(raw) != chunk.raw or inflate.unconsumed_tail:
            raise damaged(self._where, "elements of another size when decompressed")
        return memoryview(raw)

    def _fits(self, block: Block) -> bool:
        """Whether a block's columns are of the file's spec, as far as their first row shows."""
        if len(block.columns) != len(self._specs):
            return False
        pairs = zip(block.columns, self._specs, strict=True)
        return all(spec.is_compatible_with(spec_of(value_at(column, 0))) for column, spec in pairs)

    def _keep(self, number: int, block: Block, chunk: _Chunk) -> None:
        """Remembers a block: views of the file without limit, what takes memory as long as it is little."""
        views = all(isinstance(c, np.ndarray) and c.dtype != object for c in block.columns)
        cost = 0 if views and not self.compression else chunk.raw
        self._kept[number] = (block, cost)
        self._held += cost
        while self._held > _KEPT and len(self._kept) > 1:
            _, (_, least) = self._kept.popitem(last=False)
            self._held -= least

    def take(self, indices: np.ndarray[Any, Any]) -> Block:
        """The elements of these numbers."""
        numbers = np.searchsorted(self._starts, indices, side="right") - 1
        if numbers[0] == numbers[-1] and (numbers == numbers[0]).all():
            first = int(numbers[0])
            return self._block(first).take(indices - self._starts[first])
        order = np.argsort(numbers, kind="stable")
        present, begins = np.unique(numbers[order], return_index=True)
        parts: Sequence[Any] = np.split(indices[order], begins[1:])
        blocks = [
            self._block(number).take(part - self._starts[number])
            for number, part in zip(present.tolist(), parts, strict=True)
        ]
        found = joined(blocks)
        if (np.diff(numbers) >= 0).all():
            return found
        inverse = np.empty_like(order)
        inverse[order] = np.arange(len(order))
        return found.take(inverse)

    def check(self, spec: Any, compression: str | None = None) -> None:
        """Raises unless the file holds elements of a spec.

        Raises:
            InvalidArgumentError: It holds others, or is compressed in another way.
        """
        check_stored_spec(self.spec, spec, self._where)
        if compression not in (None, self.compression):
            raise InvalidArgumentError(
                f"[{self._where}] expected compression {compression!r}, got a file with {self.compression!r}."
            )

    def _identity(self) -> list[Any]:
        return [self.spec, [chunk.checksum for chunk in self._chunks]]

    def __repr__(self) -> str:
        return f"<{self.length} rows of {self.spec} in {self._where}>"

