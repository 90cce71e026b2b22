"""The protocol-buffer messages of event files, encoded by hand.

Field numbers are those of TensorFlow's ``event.proto`` and ``summary.proto``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from thalweg._src.base.wire import bytes_field, double_field, integer_field, message_field
from thalweg._src.ops.io.tensor_proto import shape_message

FILE_VERSION = "brain.Event:2"


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
