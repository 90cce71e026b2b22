"""Texts that files keep as attributes of their objects.

HDF5's own library takes as much memory for a text as the file says it needs, and that is 4 GiB for 16 bytes
of the file. Here lengths are compared with what is stored before anything is read.

Source: HDF5 File Format Specification, version 3: IV.A.2.m and v (attributes), III.E (global heaps).
"""

from __future__ import annotations

import math
import struct

from thalweg._src.keras.archive.hdf5 import headers
from thalweg._src.keras.archive.hdf5.blocks import NOWHERE, Blocks
from thalweg._src.keras.archive.hdf5.headers import Message

_SHARED = 2
_FIXED, _OF_ANY_LENGTH = 3, 9


class Texts:
    """Texts in the attributes of a file's objects.

    Args:
        blocks: The file.
    """

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._heaps: dict[int, dict[int, tuple[int, int]]] = {}

    def of(self, messages: list[Message]) -> dict[str, list[str]]:
        """Texts of one object by the names of its attributes; a single text is a list of one.

        Attributes without texts are left out, empty ones are empty lists.

        Args:
            messages: Messages of the object.

        Raises:
            SavingError: An attribute is damaged, or longer than what is stored.
        """
        found = {}
        for message in messages:
            if message.kind == headers.ATTRIBUTES:
                place = 4 if message.body[1] & 1 else 2
                if struct.unpack_from("<Q", message.body, place)[0] != NOWHERE:
                    raise self._blocks.newer("attributes outside of a header")
            elif message.kind == headers.ATTRIBUTE and not message.flags & _SHARED:
                name, texts = self._parsed(message.body)
                if texts is not None:
                    found[name] = texts
        return found

    def _parsed(self, body: bytes) -> tuple[str, list[str] | None]:
        version, flags, *sizes = struct.unpack_from("<BBHHH", body)
        place = 9 if version == 3 else 8
        parts = []
        for size in sizes:
            parts.append(body[place : place + size])
            place += -size % 8 + size if version == 1 else size
        name = parts[0].split(b"\0")[0].decode()
        if version not in (1, 2, 3) or (version > 1 and flags):
            raise self._blocks.refusal(f"an attribute {name!r} of an unknown kind")
        kind, size = parts[1][0] & 15, struct.unpack_from("<I", parts[1], 4)[0]
        count = _count(parts[2])
        data = body[place : place + count * size]
        if len(data) < count * size:
            raise self._blocks.refusal(
                f"{len(data)} bytes for {count} parts of the attribute {name!r}"
            )
        pieces = [data[i * size : (i + 1) * size] for i in range(count)] if size else []
        if kind == _FIXED:
            return name, [piece.split(b"\0")[0].decode() for piece in pieces]
        if kind == _OF_ANY_LENGTH and parts[1][1] & 15 == 1:
            return name, [self._on_heap(*struct.unpack("<IQI", piece)) for piece in pieces]
        return name, None if count else []

    def _on_heap(self, length: int, address: int, index: int) -> str:
        if not length:
            return ""
        if address not in self._heaps:
            self._heaps[address] = self._heap(address)
        place, stored = self._heaps[address].get(index, (0, -1))
        if length != stored:
            raise self._blocks.refusal(
                f"a text of {length} bytes where {max(stored, 0)} are stored"
            )
        return self._blocks.at(place, length).decode()

    def _heap(self, address: int) -> dict[int, tuple[int, int]]:
        """Place and length of each object in a global heap."""
        signature, size = struct.unpack("<4s4xQ", self._blocks.at(address, 16))
        if signature != b"GCOL":
            raise self._blocks.refusal(f"no heap of texts at {address}")
        block = self._blocks.at(address, size)
        place, found = 16, {}
        while place + 16 <= size:
            index, length = struct.unpack_from("<H6xQ", block, place)
            if index == 0:
                break
            found[index] = (address + place + 16, length)
            place += 16 + length + -length % 8
        return found


def _count(space: bytes) -> int:
    """Number of elements that a dataspace message says."""
    version, rank = space[0], space[1]
    if version == 2 and space[3] == 2:
        return 0
    return math.prod(struct.unpack_from(f"<{rank}Q", space, 8 if version == 1 else 4))
