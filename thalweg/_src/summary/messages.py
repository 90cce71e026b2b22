"""The protocol-buffer messages of event files, encoded by hand.

Field numbers are those of TensorFlow's ``event.proto``, ``summary.proto`` and ``tensor.proto``. Fields are
written in the order of their numbers and left out when they have their default, as protocol buffers do,
so that the bytes are those that TensorFlow writes.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from thalweg._src.core import dtypes

_VARINT, _FIXED64, _BYTES = 0, 1, 2
FILE_VERSION = "brain.Event:2"


def varint(value: int) -> bytes:
    """Integer in groups of 7 bits, lowest first; negative ones in two's complement of 64 bits."""
    value &= (1 << 64) - 1
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*groups, value))


def _key(field: int, kind: int) -> bytes:
    return varint(field << 3 | kind)


def integer_field(field: int, value: int) -> bytes:
    """Field with an integer; nothing for 0."""
    return _key(field, _VARINT) + varint(value) if value else b""


def double_field(field: int, value: float) -> bytes:
    """Field with a float64; nothing for 0."""
    return _key(field, _FIXED64) + struct.pack("<d", value) if value else b""


def message_field(field: int, value: bytes) -> bytes:
    """Field with a message, text or bytes, also when it is empty."""
    return _key(field, _BYTES) + varint(len(value)) + value


def bytes_field(field: int, value: bytes | str) -> bytes:
    """Field with text or bytes; nothing when it is empty."""
    data = value.encode() if isinstance(value, str) else value
    return message_field(field, data) if data else b""


def shape_message(shape: Sequence[int]) -> bytes:
    """``TensorShapeProto``."""
    return b"".join(message_field(2, integer_field(1, size)) for size in shape)


def tensor_message(array: np.ndarray[Any, Any]) -> bytes:
    """``TensorProto`` of numbers, or of an object array of bytes and texts."""
    if array.dtype == object:
        kind = dtypes.string
        parts = (p.encode() if isinstance(p, str) else bytes(p) for p in array.reshape(-1).tolist())
        content = b"".join(message_field(8, part) for part in parts)
    else:
        kind = dtypes.as_dtype(array.dtype)
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        content = bytes_field(4, little.tobytes())
    shape = message_field(2, shape_message(array.shape))
    return integer_field(1, kind.as_datatype_enum) + shape + content


def metadata_message(plugin: str, content: bytes = b"", description: str | None = None) -> bytes:
    """``SummaryMetadata``: which plug-in of TensorBoard shows the value, and what it is about.

    Args:
        plugin: Name of the plug-in.
        content: What the plug-in wants to know.
        description: Text in Markdown, or None.
    """
    data = bytes_field(1, plugin) + bytes_field(2, content)
    return message_field(1, data) + bytes_field(3, description or "")


def summary_message(tag: str, tensor: bytes, metadata: bytes | None = None) -> bytes:
    """``Summary`` of one value.

    Args:
        tag: Name of the value.
        tensor: ``TensorProto``.
        metadata: ``SummaryMetadata``, or None.
    """
    about = b"" if metadata is None else message_field(9, metadata)
    return message_field(1, bytes_field(1, tag) + message_field(8, tensor) + about)


def event_message(
    wall_time: float, step: int = 0, summary: bytes | None = None, graph: bytes | None = None
) -> bytes:
    """``Event``.

    Args:
        wall_time: Seconds since 1970.
        step: Training step.
        summary: ``Summary``, or None.
        graph: ``GraphDef``, or None.
    """
    return b"".join(
        (
            double_field(1, wall_time),
            integer_field(2, step),
            b"" if graph is None else message_field(4, graph),
            b"" if summary is None else message_field(5, summary),
        )
    )


def version_message(wall_time: float, writer: str) -> bytes:
    """``Event`` that an event file begins with.

    Args:
        wall_time: Seconds since 1970.
        writer: Who writes the file.
    """
    source = message_field(10, bytes_field(1, writer))
    return double_field(1, wall_time) + bytes_field(3, FILE_VERSION) + source


def node_message(
    name: str, op: str, inputs: Sequence[str], attributes: Mapping[str, bytes]
) -> bytes:
    """``NodeDef``.

    Args:
        name: Name, in which slashes make groups.
        op: Kind of operation.
        inputs: Names of the nodes whose results it takes.
        attributes: ``AttrValue`` by name.
    """
    pairs = (
        message_field(5, bytes_field(1, key) + message_field(2, attributes[key]))
        for key in sorted(attributes)
    )
    taken = b"".join(message_field(3, name.encode()) for name in inputs)
    return bytes_field(1, name) + bytes_field(2, op) + taken + b"".join(pairs)


def shapes_attribute(shapes: Sequence[Sequence[int]]) -> bytes:
    """``AttrValue`` with a list of shapes."""
    listed = b"".join(message_field(7, shape_message(shape)) for shape in shapes)
    return message_field(1, listed)


def text_attribute(text: str) -> bytes:
    """``AttrValue`` with a text."""
    return message_field(2, text.encode())


def graph_message(nodes: Sequence[bytes]) -> bytes:
    """``GraphDef`` of ``NodeDef`` messages."""
    return b"".join(message_field(1, node) for node in nodes)
