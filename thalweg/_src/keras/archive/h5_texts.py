"""Texts that HDF5 files keep as attributes, taken from the file's bytes.

HDF5's own library takes as much memory for a text as the file says it needs, and that is 4 GiB for 16 bytes
of the file. Here lengths are compared with what is stored before anything is read, which needs the few
structures that lead there: object headers, their attribute messages and global heaps.

Source: HDF5 File Format Specification, version 3: IV.A.1 (headers), IV.A.2.m (attributes), III.E (heaps).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from typing import BinaryIO

from thalweg._src.base.errors import SavingError
from thalweg._src.keras.archive.failures import damaged

_ATTRIBUTE, _CONTINUED, _MANY_ATTRIBUTES = 0x0C, 0x10, 0x15
_SHARED = 2
_NOWHERE = (1 << 64) - 1
_FIXED, _OF_ANY_LENGTH = 3, 9
_MAX_BLOCKS = 10_000


class TextReader:
    """Texts in the attributes of a file's groups.

    Args:
        file: The file, open for reading bytes.
        where: Its name, for messages.

    Raises:
        SavingError: A file with other sizes of addresses than HDF5 uses by default.
    """

    def __init__(self, file: BinaryIO, where: object) -> None:
        self._file = file
        self._where = where
        self._size = file.seek(0, 2)
        self._left = self._size
        self._heaps: dict[int, dict[int, tuple[int, int]]] = {}
        start = self._at(0, 16)
        if (start[13:15] if start[8] < 2 else start[9:11]) != b"\x08\x08":
            raise self._refusal("addresses of other sizes than 8 bytes")

    def _refusal(self, what: str) -> SavingError:
        return damaged(self._where, f"got {what}")

    def _at(self, place: int, length: int) -> bytes:
        if length < 0 or place + length > self._size:
            raise self._refusal(f"a structure of {length} bytes at {place} of {self._size}")
        self._file.seek(place)
        return self._file.read(length)

    def of(self, address: int) -> dict[str, list[str]]:
        """Texts of one object by the names of its attributes; a single text is a list of one.

        Attributes without texts are left out, empty ones are empty lists.

        Args:
            address: Place of the object's header.

        Raises:
            SavingError: The header is damaged, or longer than what is stored.
        """
        found = {}
        for body in self._attributes(address):
            name, texts = self._parsed(body)
            if texts is not None:
                found[name] = texts
        return found

    def _attributes(self, address: int) -> Iterator[bytes]:
        """Bodies of the attribute messages of an object's header."""
        head = self._at(address, 16)
        modern = head[:4] == b"OHDR"
        # Times, and the numbers that say when attributes move elsewhere, may stand first.
        width = 1 << (head[5] & 3)
        skipped = 6 + 16 * bool(head[5] & 0x20) + 4 * bool(head[5] & 0x10)
        if modern:
            length = int.from_bytes(self._at(address + skipped, width), "little")
            blocks = [(address + skipped + width, length)]
        else:
            blocks = [(address + 16, struct.unpack_from("<I", head, 8)[0])]
        layout = "<HHB3x" if not modern else "<BHB2x" if head[5] & 4 else "<BHB"
        for block in blocks:
            for kind, flags, body in self._messages(self._at(*block), layout):
                if kind == _CONTINUED:
                    place, length = struct.unpack("<QQ", body[:16])
                    further = (place + 4, length - 8) if modern else (place, length)
                    if further in blocks or len(blocks) > _MAX_BLOCKS:
                        raise self._refusal("a header that does not end")
                    blocks.append(further)
                elif kind == _MANY_ATTRIBUTES:
                    place = 4 if body[1] & 1 else 2
                    if int.from_bytes(body[place : place + 8], "little") != _NOWHERE:
                        raise self._refusal("attributes outside of a header, as Keras writes none")
                elif kind == _ATTRIBUTE and not flags & _SHARED:
                    yield body

    @staticmethod
    def _messages(block: bytes, layout: str) -> Iterator[tuple[int, int, bytes]]:
        place, head = 0, struct.calcsize(layout)
        while place + head <= len(block):
            kind, length, flags = struct.unpack_from(layout, block, place)
            place += head
            yield kind, flags, block[place : place + length]
            place += length

    def _parsed(self, body: bytes) -> tuple[str, list[str] | None]:
        version, flags, *sizes = struct.unpack_from("<BBHHH", body)
        place = 9 if version == 3 else 8
        parts = []
        for size in sizes:
            parts.append(body[place : place + size])
            place += -size % 8 + size if version == 1 else size
        name = parts[0].split(b"\0")[0].decode()
        if version not in (1, 2, 3) or (version > 1 and flags):
            raise self._refusal(f"an attribute {name!r} of an unknown kind")
        kind, size = parts[1][0] & 15, struct.unpack_from("<I", parts[1], 4)[0]
        count = self._count(parts[2])
        data = body[place : place + count * size]
        if len(data) < count * size:
            raise self._refusal(f"{len(data)} bytes for {count} parts of the attribute {name!r}")
        pieces = [data[i * size : (i + 1) * size] for i in range(count)] if size else []
        if kind == _FIXED:
            return name, [piece.split(b"\0")[0].decode() for piece in pieces]
        if kind == _OF_ANY_LENGTH and parts[1][1] & 15 == 1:
            return name, [self._on_heap(*struct.unpack("<IQI", piece)) for piece in pieces]
        return name, None if count else []

    def _count(self, space: bytes) -> int:
        """Number of elements that a dataspace message says."""
        version, rank = space[0], space[1]
        if version == 2 and space[3] == 2:
            return 0
        return math.prod(struct.unpack_from(f"<{rank}Q", space, 8 if version == 1 else 4))

    def _on_heap(self, length: int, address: int, index: int) -> str:
        if not length:
            return ""
        if address not in self._heaps:
            self._heaps[address] = self._heap(address)
        place, stored = self._heaps[address].get(index, (0, -1))
        self._left -= length
        if length != stored or self._left < 0:
            raise self._refusal(f"a text of {length} bytes where {max(stored, 0)} are stored")
        return self._at(place, length).decode()

    def _heap(self, address: int) -> dict[int, tuple[int, int]]:
        """Place and length of each object in a global heap."""
        signature, size = struct.unpack("<4s4xQ", self._at(address, 16))
        if signature != b"GCOL":
            raise self._refusal(f"no heap of texts at {address}")
        block = self._at(address, size)
        place, found = 16, {}
        while place + 16 <= size:
            index, length = struct.unpack_from("<H6xQ", block, place)
            if index == 0:
                break
            found[index] = (address + place + 16, length)
            place += 16 + length + -length % 8
        return found
