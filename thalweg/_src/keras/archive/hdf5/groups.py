"""The members of a group.

Source: HDF5 File Format Specification, version 3: III.A.1 (trees of version 1), III.B (symbol table nodes),
III.D (local heaps), IV.A.2.c, g and r (link info, link and symbol table messages).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from thalweg._src.base.errors import SavingError
from thalweg._src.keras.archive.hdf5 import headers
from thalweg._src.keras.archive.hdf5.blocks import NOWHERE, Blocks
from thalweg._src.keras.archive.hdf5.headers import Message

_SOFT_ENTRY = 2
_HARD = 0


def is_group(messages: list[Message]) -> bool:
    """Whether messages are those of a group."""
    return any(m.kind in (headers.TABLE, headers.LINKS) for m in messages)


def members(blocks: Blocks, messages: list[Message]) -> Iterator[tuple[str, int]]:
    """Names of the objects in a group, and the addresses of their headers.

    Args:
        blocks: The file.
        messages: Messages of the group.

    Raises:
        SavingError: The group is damaged, or holds a link that leads elsewhere.
    """
    for message in messages:
        if message.kind == headers.TABLE:
            tree, heap = struct.unpack("<QQ", message.body[:16])
            yield from _in_table(blocks, tree, heap)
        elif message.kind == headers.LINK:
            yield _linked(blocks, message.body)
        elif message.kind == headers.LINKS:
            place = 10 if message.body[1] & 1 else 2
            if struct.unpack_from("<Q", message.body, place)[0] != NOWHERE:
                raise blocks.newer("a group whose members stand outside of its header")


def _in_table(blocks: Blocks, tree: int, heap: int) -> Iterator[tuple[str, int]]:
    signature, size, names_at = struct.unpack("<4s4xQ8xQ", blocks.at(heap, 32))
    if signature != b"HEAP":
        raise blocks.refusal(f"no names at {heap}")
    names = blocks.at(names_at, size)
    for node in leaves(blocks, tree, 0, 8):
        for _, address in node:
            yield from _in_node(blocks, address, names)


def leaves(
    blocks: Blocks, tree: int, kind: int, key_size: int
) -> Iterator[list[tuple[bytes, int]]]:
    """Nodes of the lowest level of a tree, each as a list of keys and addresses.

    Args:
        blocks: The file.
        tree: Address of the tree.
        kind: 0 for members of groups, 1 for chunks of arrays.
        key_size: Bytes of a key.

    Raises:
        SavingError: The tree is damaged.
    """
    waiting: list[tuple[int, int | None]] = [(tree, None)]
    while waiting:
        address, wanted = waiting.pop()
        signature, found, level, count = struct.unpack("<4sBBH", blocks.at(address, 24)[:8])
        if signature != b"TREE" or found != kind or level != (level if wanted is None else wanted):
            raise blocks.refusal(f"no node of a tree at {address}")
        body = blocks.at(address + 24, count * (key_size + 8))
        pairs = [
            (body[p : p + key_size], int.from_bytes(body[p + key_size : p + key_size + 8], "little"))
            for p in range(0, len(body), key_size + 8)
        ]
        if level == 0:
            yield pairs
        else:
            waiting += [(child, level - 1) for _, child in reversed(pairs)]


def _in_node(blocks: Blocks, address: int, names: bytes) -> Iterator[tuple[str, int]]:
    signature, version, count = struct.unpack("<4sBxH", blocks.at(address, 8))
    if signature != b"SNOD" or version != 1:
        raise blocks.refusal(f"no members of a group at {address}")
    for at, header, cached in struct.iter_unpack("<QQI20x", blocks.at(address + 8, 40 * count)):
        name = names[at : names.find(b"\0", at)].decode()
        if cached == _SOFT_ENTRY:
            raise _link(blocks, name)
        yield name, header


def _linked(blocks: Blocks, body: bytes) -> tuple[str, int]:
    """Name and address in a link message."""
    version, flags = body[0], body[1]
    place, kind = 2, _HARD
    if flags & 8:
        kind, place = body[2], 3
    place += 8 * bool(flags & 4) + bool(flags & 16)
    width = 1 << (flags & 3)
    length = int.from_bytes(body[place : place + width], "little")
    place += width
    name = body[place : place + length].decode()
    if version != 1 or kind != _HARD:
        raise _link(blocks, name)
    return name, struct.unpack_from("<Q", body, place + length)[0]


def _link(blocks: Blocks, name: str) -> SavingError:
    return blocks.refusal(f"a link to elsewhere at {name!r}, which is not followed")
