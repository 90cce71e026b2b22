"""Where a file begins, and the messages of which the header of each object consists.

Source: HDF5 File Format Specification, version 3: II.A (superblock), IV.A.1 (object headers).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from thalweg._src.keras.archive.hdf5.blocks import NOWHERE, Blocks

SIGNATURE = b"\x89HDF\r\n\x1a\n"

NOTHING, SPACE, LINKS, KIND, OLD_FILL, FILL, LINK, ELSEWHERE, LAYOUT = range(9)
GROUP, FILTERS, ATTRIBUTE, COMMENT, OLD_TIME, _, CONTINUED, TABLE, TIME = range(10, 19)
ATTRIBUTES, REFERENCES = 21, 22
_HARMLESS = {OLD_FILL, FILL, GROUP, COMMENT, OLD_TIME, TIME, ATTRIBUTES, REFERENCES}
_KNOWN = {SPACE, LINKS, KIND, LINK, ELSEWHERE, LAYOUT, FILTERS, ATTRIBUTE, TABLE} | _HARMLESS

_SHARED = 2
_TIMES, _LIMITS, _NUMBERED = 0x20, 0x10, 0x04
_MAX_BLOCKS = 10_000


@dataclass(frozen=True)
class Message:
    """One message of an object's header.

    Attributes:
        kind: What it is about.
        flags: Whether its body lies elsewhere, for one.
        body: Its bytes.
    """

    kind: int
    flags: int
    body: bytes


def root_of(blocks: Blocks) -> int:
    """Address of the header of the root group.

    Raises:
        SavingError: The file is no HDF5 file, is shorter than it was, or begins elsewhere than at its
            first byte, so that it could be two things at once.
    """
    start = blocks.at(0, min(blocks.size, 96))
    if start[:8] != SIGNATURE:
        raise blocks.refusal("one that does not start as HDF5 files do")
    version = start[8]
    place = {0: 24, 1: 28, 2: 12, 3: 12}.get(version)
    if place is None or len(start) < 96:
        raise blocks.refusal(f"version {version} of HDF5 in {blocks.size} bytes")
    if (start[13:15] if version < 2 else start[9:11]) != b"\x08\x08":
        raise blocks.newer("addresses of other sizes than 8 bytes")
    base, second, end, fourth = struct.unpack_from("<4Q", start, place)
    if base != 0 or end > blocks.size:
        raise blocks.refusal(f"{blocks.size} bytes of a file from {base} to {end}")
    if version >= 2:
        if second != NOWHERE:
            raise blocks.newer("an extension of the first block")
        return int(fourth)
    if fourth != NOWHERE:
        raise blocks.newer("a file of several parts")
    return int(struct.unpack_from("<Q", start, place + 40)[0])


def messages_of(blocks: Blocks, address: int) -> list[Message]:
    """Messages of an object's header.

    Args:
        blocks: The file.
        address: Place of the header.

    Raises:
        SavingError: It is damaged, or holds what is not known here.
    """
    head = blocks.at(address, 16)
    if head[:4] == b"OHDR":
        parts, layout = _modern(blocks, address, head)
    elif head[0] == 1:
        parts, layout = [(address + 16, struct.unpack_from("<I", head, 8)[0])], "<HHB3x"
    else:
        raise blocks.refusal(f"no header of an object at {address}")
    found = []
    for part in parts:
        for message in _parsed(blocks.at(*part), layout):
            if message.kind == CONTINUED:
                parts.append(_continued(blocks, message.body, modern=layout[1] == "B"))
                if len(parts) > _MAX_BLOCKS:
                    raise blocks.refusal(f"a header of more than {_MAX_BLOCKS} parts")
            elif message.kind != NOTHING:
                if message.kind not in _KNOWN:
                    raise blocks.newer(f"a message of kind {message.kind} at {address}")
                if message.flags & _SHARED and message.kind != ATTRIBUTE:
                    raise blocks.newer(f"a message that several objects share at {address}")
                found.append(message)
    return found


def _modern(blocks: Blocks, address: int, head: bytes) -> tuple[list[tuple[int, int]], str]:
    """Place and length of the messages of a header of version 2, and how each begins."""
    flags = head[5]
    if head[4] != 2:
        raise blocks.newer(f"a header of version {head[4]}")
    place = 6 + 16 * bool(flags & _TIMES) + 4 * bool(flags & _LIMITS)
    width = 1 << (flags & 3)
    length = int.from_bytes(blocks.at(address + place, width), "little")
    return [(address + place + width, length)], "<BHB2x" if flags & _NUMBERED else "<BHB"


def _continued(blocks: Blocks, body: bytes, modern: bool) -> tuple[int, int]:
    place, length = struct.unpack("<QQ", body[:16])
    # In newer headers a signature stands before the messages, and a checksum after them.
    if modern and blocks.at(place, 4) != b"OCHK":
        raise blocks.refusal(f"no part of a header at {place}")
    return (place + 4, length - 8) if modern else (place, length)


def _parsed(block: bytes, layout: str) -> Iterator[Message]:
    head = struct.Struct(layout)
    place = 0
    while place + head.size <= len(block):
        kind, length, flags = head.unpack_from(block, place)
        place += head.size
        yield Message(kind, flags, block[place : place + length])
        place += length
