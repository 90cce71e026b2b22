"""Every summary is, byte for byte, what TensorFlow 2.21 writes; images hold the same pixels."""

from __future__ import annotations

import json
import pathlib
import struct
import zlib

import numpy as np
import pytest

import thalweg as tf
from tests.summary import cases, decoder
from thalweg._src.summary import writer as writers

EVENTS = json.loads((pathlib.Path(__file__).parent / "events.json").read_text(encoding="utf-8"))[
    "events"
]


def written(case, now, folder, monkeypatch):
    """The event that a case writes at a time."""
    monkeypatch.setattr(writers.time, "time", lambda: now)
    with tf.summary.create_file_writer(folder).as_default():
        assert bool(case(tf, np)) is True
    (path,) = folder.iterdir()
    _, event = decoder.records(path)
    return event


@pytest.mark.parametrize("name", cases.EXACT)
def test_bytes_are_tensorflows(name, tmp_path, monkeypatch):
    expected = bytes.fromhex(EVENTS[f"EXACT {name}"])
    found = written(cases.EXACT[name], decoder.wall_time(expected), tmp_path, monkeypatch)
    assert found == expected


@pytest.mark.parametrize("name", cases.IMAGES)
def test_pixels_are_tensorflows(name, tmp_path, monkeypatch):
    expected = bytes.fromhex(EVENTS[f"IMAGES {name}"])
    found = written(cases.IMAGES[name], decoder.wall_time(expected), tmp_path, monkeypatch)
    assert decoder.step(found) == decoder.step(expected)
    *head, (dtype, shape, (width, height, *files)) = decoder.value_of(found)
    *its_head, (its_dtype, its_shape, (its_width, its_height, *its_files)) = decoder.value_of(
        expected
    )
    assert (head, dtype, shape, width, height) == (
        its_head,
        its_dtype,
        its_shape,
        its_width,
        its_height,
    )
    for file, its_file in zip(files, its_files, strict=True):
        np.testing.assert_array_equal(pixels(file), pixels(its_file))


def pixels(png):
    """Pixels of an 8-bit PNG file; its checksums are verified."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", png, at + 8 + length)[0] == zlib.crc32(kind + data)
        chunks[kind] = chunks.get(kind, b"") + data
        at += 12 + length
    width, height, depth, color, *_ = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    channels = {0: 1, 4: 2, 2: 3, 6: 4}[color]
    assert depth == 8
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, -1)
    rows = np.zeros((height + 1, width + 1, channels), np.int64)
    for y in range(height):
        line = lines[y, 1:].reshape(width, channels)
        for x in range(width):
            left, up, corner = rows[y + 1, x], rows[y, x + 1], rows[y, x]
            guess = {0: 0, 1: left, 2: up, 3: (left + up) // 2}.get(int(lines[y, 0]))
            if guess is None:
                guess = paeth(left, up, corner)
            rows[y + 1, x + 1] = (line[x].astype(int) + guess) % 256
    return rows[1:, 1:]


def paeth(left, up, corner):
    """Predictor of filter 4: whichever is nearest to their combination."""
    target = left + up - corner
    far = [np.abs(target - c) for c in (left, up, corner)]
    first = np.where((far[0] <= far[1]) & (far[0] <= far[2]), left, corner)
    return np.where(
        (far[0] <= far[1]) & (far[0] <= far[2]), first, np.where(far[1] <= far[2], up, corner)
    )
