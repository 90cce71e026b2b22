"""Arrays: their shapes and dtypes, and where their bytes are.

Source: HDF5 File Format Specification, version 3: IV.A.2.b, d, i and l (dataspace, datatype, data layout and
filter pipeline messages), III.A.1 (trees of version 1).
"""

from __future__ import annotations

import itertools
import math
import struct
import zlib
from dataclasses import dataclass
from typing import Any, Literal

import ml_dtypes
import numpy as np

from thalweg._src.keras.archive.hdf5 import headers
from thalweg._src.keras.archive.hdf5.blocks import MAX_RATIO, NOWHERE, Blocks
from thalweg._src.keras.archive.hdf5.groups import leaves
from thalweg._src.keras.archive.hdf5.headers import Message

Array = np.ndarray[Any, Any]

_MAX_RANK = 32  # HDF5's
# Files of Keras hold these two bytes as opaque ones, with the name in an attribute: that is not read, as
# there is one such dtype of two bytes.
BFLOAT16 = np.dtype(ml_dtypes.bfloat16)

_INTEGER, _FLOAT, _OPAQUE, _RECORD, _NAMED_NUMBERS = 0, 1, 5, 6, 8
_KINDS = ("integer", "float", "time", "text", "bits", "bytes", "record", "reference", "numbers with names",
          "list", "array", "complex")  # fmt: skip
# Size in bytes and, of exponent and mantissa, places and sizes in bits; and the exponent's bias.
_FLOATS = {
    (2, 10, 5, 0, 10, 15): np.dtype("f2"), (4, 23, 8, 0, 23, 127): np.dtype("f4"),
    (8, 52, 11, 0, 52, 1023): np.dtype("f8"), (2, 7, 8, 0, 7, 127): BFLOAT16,
}  # fmt: skip
# Names and values of the numbers that stand for bools, with and without bytes between them.
_BOOL = (b"FALSE\0\0\0TRUE\0\0\0\0\0\1", b"FALSE\0TRUE\0\0\1")
_COMPACT, _CONTIGUOUS, _CHUNKED, _VIRTUAL = range(4)
_DEFLATE, _SHUFFLE, _FLETCHER = 1, 2, 3


@dataclass(frozen=True)
class Chunk:
    """A part of an array.

    Attributes:
        start: Its first element's place in the array.
        address: Its first byte in the file.
        length: Its bytes in the file.
        skipped: Filters that it did not pass, as bits.
    """

    start: tuple[int, ...]
    address: int
    length: int
    skipped: int


@dataclass(frozen=True)
class Entry:
    """One array of a file.

    Attributes:
        shape: Its shape.
        dtype: Its dtype.
        stored: Dtype of the bytes in the file.
        blocks: The file.
        data: Its bytes, or their address; None where they are in chunks, and where there are none.
        chunk_shape: Shape of a chunk.
        chunks: The chunks.
        filters: What chunks passed, in order.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    stored: np.dtype[Any]
    blocks: Blocks
    data: bytes | int | None = None
    chunk_shape: tuple[int, ...] = ()
    chunks: tuple[Chunk, ...] = ()
    filters: tuple[int, ...] = ()

    @property
    def nbytes(self) -> int:
        """Bytes that the array takes in memory."""
        return math.prod(self.shape) * self.stored.itemsize

    def value(self) -> Array:
        """The array itself.

        Raises:
            SavingError: Its bytes are damaged.
        """
        array = np.empty(self.shape, self.stored)
        if isinstance(self.data, bytes):
            array = np.frombuffer(self.data, self.stored).reshape(self.shape).copy()
        elif self.data is not None:
            self.blocks.fill(self.data, array)
        for chunk in self.chunks:
            ends = (min(a + n, size) for a, n, size in zip(chunk.start, self.chunk_shape, self.shape))
            place = tuple(slice(a, b) for a, b in zip(chunk.start, ends))
            array[place] = self._unpacked(chunk)[tuple(slice(s.stop - s.start) for s in place)]
        if self.dtype == bool and (array.view("u1") > 1).any():
            raise self.blocks.refusal("bytes other than 0 and 1 in an array of bools")
        return array.astype(self.dtype, copy=False)

    def _unpacked(self, chunk: Chunk) -> Array:
        packed = np.empty(chunk.length, "u1")
        self.blocks.fill(chunk.address, packed)
        data = packed.tobytes()
        wanted = math.prod(self.chunk_shape) * self.stored.itemsize
        for index, code in reversed(list(enumerate(self.filters))):
            if chunk.skipped >> index & 1:
                continue
            if code == _DEFLATE:
                # One byte more than wanted, so that what is too long is noticed.
                data = zlib.decompressobj().decompress(data, wanted + 5)
            elif code == _SHUFFLE:
                size = self.stored.itemsize
                data = np.frombuffer(data, "u1").reshape(size, -1).T.tobytes()
            elif code == _FLETCHER:
                data = self._checked(data)
        if len(data) != wanted:
            raise self.blocks.refusal(f"{len(data)} bytes for a chunk of {wanted}")
        return np.frombuffer(data, self.stored).reshape(self.chunk_shape)

    def _checked(self, data: bytes) -> bytes:
        """The data without the checksum of Fletcher at its end, which must be right."""
        data, end = data[:-4], data[-4:]
        words = np.frombuffer(data + b"\0" * (len(data) % 2), ">u2").astype("u8")
        weights = np.arange(len(words), 0, -1, dtype=np.uint64)
        sums = int(words.sum()), int((words * weights % 65535).sum())
        if [s % 65535 for s in sums] != [s % 65535 for s in struct.unpack("<HH", end)]:
            raise self.blocks.refusal("a chunk with another checksum than when it was written")
        return data


def array_of(blocks: Blocks, messages: list[Message]) -> Entry:
    """The array whose header has these messages.

    Args:
        blocks: The file.
        messages: The messages.

    Raises:
        SavingError: It is damaged or refused: has its data elsewhere, a dtype or filters that are not
            served, or a shape that its data does not fill.
    """
    bodies = {message.kind: message.body for message in messages}
    if headers.ELSEWHERE in bodies:
        raise blocks.refusal("data that lies in another file")
    layout = bodies[headers.LAYOUT]
    version, kind = layout[0], layout[1]
    if kind == _VIRTUAL:
        raise blocks.refusal("a virtual dataset")
    if version not in (3, 4) or (version == 4 and kind == _CHUNKED):
        raise blocks.newer(f"a layout of version {version}")
    filters = _filters(blocks, bodies[headers.FILTERS]) if headers.FILTERS in bodies else ()
    stored, dtype = _dtypes(blocks, bodies[headers.KIND])
    shape = _shape(blocks, bodies[headers.SPACE])
    entry = Entry(shape, dtype, stored, blocks, filters=filters)
    if kind == _CHUNKED:
        return _in_chunks(entry, layout)
    data: bytes | int | None
    if kind == _COMPACT:
        data = layout[4 : 4 + struct.unpack_from("<H", layout, 2)[0]]
        available = len(data)
    else:
        address, available = struct.unpack_from("<QQ", layout, 2)
        available = 0 if address == NOWHERE else available
        data = address if available else None
        blocks.claim(address if available else 0, available)
    if filters or available != entry.nbytes:
        raise _too_large(entry, available)
    return Entry(shape, dtype, stored, blocks, data)


def _too_large(entry: Entry, available: int) -> Exception:
    return entry.blocks.refusal(
        f"{available} bytes for an array of shape {entry.shape} and dtype {entry.dtype}"
    )


def _shape(blocks: Blocks, space: bytes) -> tuple[int, ...]:
    version, rank = space[0], space[1]
    if version not in (1, 2) or rank > _MAX_RANK:
        raise blocks.refusal(f"an array of {rank} dimensions, described in version {version}")
    if version == 2 and space[3] > 1:
        raise blocks.refusal("an array without a shape")
    return struct.unpack_from(f"<{rank}Q", space, 8 if version == 1 else 4)


def _dtypes(blocks: Blocks, kind: bytes) -> tuple[np.dtype[Any], np.dtype[Any]]:
    """Dtype of the stored bytes, and of the array."""
    code, flags, size = kind[0] & 15, kind[1], struct.unpack_from("<I", kind, 4)[0]
    order: Literal["<", ">"] = ">" if flags & 1 else "<"
    found: np.dtype[Any] | None = None
    if code == _INTEGER and size in (1, 2, 4, 8):
        if struct.unpack_from("<HH", kind, 8) == (0, 8 * size):
            found = np.dtype(f"{'i' if flags & 8 else 'u'}{size}")
    elif code == _FLOAT and not flags & 0x40:
        _, bits, *parts = struct.unpack_from("<HHBBBBI", kind, 8)
        found = _FLOATS.get((size, *parts)) if bits == 8 * size else None
    elif code == _OPAQUE and size == BFLOAT16.itemsize:
        found, order = BFLOAT16, "<"
    elif code == _NAMED_NUMBERS and size == 1 and kind[20:].startswith(_BOOL):
        found = np.dtype(bool)
    elif code == _RECORD and size in (8, 16):
        return _complex(blocks, kind, size)
    if found is None:
        name = _KINDS[code] if code < len(_KINDS) else f"number {code}"
        raise blocks.refusal(f"the dtype {name!r} of {size} bytes")
    if found == BFLOAT16 and order == ">":
        raise blocks.newer("bfloat16 with its bytes in reverse")
    return found.newbyteorder(order), found


def _complex(
    blocks: Blocks, kind: bytes, size: int
) -> tuple[np.dtype[Any], np.dtype[Any]]:
    """Dtypes of records of two numbers called r and i."""
    names = kind[8:10], kind[8 + (len(kind) - 8) // 2 :][:2]
    half = kind[len(kind) - 20 :]
    if kind[1] != 2 or names != (b"r\0", b"i\0"):
        raise blocks.refusal(f"the dtype 'record' of {size} bytes")
    part, _ = _dtypes(blocks, half)
    if part.kind != "f" or part.itemsize != size // 2:
        raise blocks.refusal(f"the dtype 'record' of {size} bytes")
    found = np.dtype(f"{part.byteorder}c{size}")
    return found, found.newbyteorder("=")


def _filters(blocks: Blocks, body: bytes) -> tuple[int, ...]:
    version, count = body[0], body[1]
    place = 8 if version == 1 else 2
    found = []
    for _ in range(count):
        code, second = struct.unpack_from("<HH", body, place)
        # Only filters of other makers have names in version 2.
        named = version == 1 or code >= 256
        name = second if named else 0
        values = struct.unpack_from("<H", body, place + (6 if named else 4))[0]
        place += (8 if named else 6) + name + 4 * values
        place += 4 * (values % 2) if version == 1 else 0
        found.append(code)
    if version not in (1, 2) or not {_DEFLATE, _SHUFFLE, _FLETCHER}.issuperset(found):
        raise blocks.refusal(f"filters {found}")
    if len(set(found)) < len(found):
        raise blocks.refusal(f"filters {found}, one of them twice")
    return tuple(found)


def _in_chunks(entry: Entry, layout: bytes) -> Entry:
    """The array with its chunks."""
    blocks, rank = entry.blocks, layout[2] - 1
    address = struct.unpack_from("<Q", layout, 3)[0]
    *chunk, width = struct.unpack_from(f"<{rank + 1}I", layout, 11)
    if rank != len(entry.shape) or width != entry.stored.itemsize or 0 in chunk:
        raise blocks.refusal(f"chunks of shape {chunk} for an array of shape {entry.shape}")
    if math.prod(chunk) * width > blocks.allowed:
        raise blocks.refusal(f"chunks of {math.prod(chunk) * width} bytes")
    key = struct.Struct(f"<II{rank + 1}Q")
    found: dict[tuple[int, ...], Chunk] = {}
    nodes = [] if address == NOWHERE else leaves(blocks, address, 1, key.size)
    for head, place in itertools.chain(*nodes):
        length, skipped, *start, _ = key.unpack(head)
        if any(s % n or s >= size for s, n, size in zip(start, chunk, entry.shape)):
            raise blocks.refusal(f"a chunk at {start} in an array of shape {entry.shape}")
        blocks.claim(place, length)
        found[tuple(start)] = Chunk(tuple(start), place, length, skipped)
    available = sum(piece.length for piece in found.values())
    wanted = math.prod(-(-size // n) for size, n in zip(entry.shape, chunk))
    allowed = MAX_RATIO * available if entry.filters else available
    if entry.nbytes > allowed or len(found) != wanted:
        raise _too_large(entry, available)
    chunks = tuple(found.values())
    return Entry(
        entry.shape, entry.dtype, entry.stored, blocks, None, tuple(chunk), chunks, entry.filters
    )
