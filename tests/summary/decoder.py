"""A reader of event files of its own, which shares no code with the writer."""

from __future__ import annotations

import struct


def crc32c(data):
    """CRC-32C, bit by bit."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17 & 0xFFFFFFFF) + 0xA282EAD8) & 0xFFFFFFFF


def records(path):
    """Payloads of the records in a file; their checksums are verified."""
    data = path.read_bytes()
    found = []
    while data:
        (length,) = struct.unpack_from("<Q", data)
        length_check, payload = struct.unpack_from("<I", data, 8)[0], data[12 : 12 + length]
        (payload_check,) = struct.unpack_from("<I", data, 12 + length)
        assert (length_check, payload_check) == (masked(data[:8]), masked(payload))
        found.append(payload)
        data = data[16 + length :]
    return found


def fields(message):
    """Values of a message by field number, each a list: ints, bytes, or 8 or 4 raw bytes."""
    found, at = {}, 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(message):
        key = varint()
        number, kind = key >> 3, key & 7
        if kind == 0:
            value = varint()
        else:
            size = {1: 8, 5: 4}.get(kind)
            size = varint() if size is None else size
            value, at = message[at : at + size], at + size
        found.setdefault(number, []).append(value)
    assert at == len(message)
    return found


def wall_time(event):
    return struct.unpack("<d", fields(event)[1][0])[0]


def step(event):
    """Step of an event, a signed integer."""
    value = fields(event).get(2, [0])[0]
    return value - (1 << 64) if value >> 63 else value


def value_of(event):
    """Tag, plug-in and tensor (dtype's number, shape, bytes or list of texts) of an event's summary."""
    value = fields(fields(fields(event)[5][0])[1][0])
    tensor = fields(value[8][0])
    plugin = fields(fields(value[9][0])[1][0]) if 9 in value else {}
    sizes = fields(tensor[2][0]).get(2, [])
    shape = tuple(fields(size).get(1, [0])[0] for size in sizes)
    content = tensor.get(8, []) if tensor[1] == [7] else tensor.get(4, [b""])[0]
    return value[1][0].decode(), plugin.get(1, [b""])[0].decode(), (tensor[1][0], shape, content)


def scalars(path):
    """(step, tag, value) of the scalars in a file."""
    found = []
    for event in records(path)[1:]:
        tag, plugin, (_, _, content) = value_of(event)
        if plugin == "scalars":
            found.append((step(event), tag, struct.unpack("<f", content)[0]))
    return found
