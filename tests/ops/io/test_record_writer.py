"""Files of records that are written."""

from __future__ import annotations

import gzip
import io
import zlib

import pytest

import thalweg as tf
from thalweg._src.base.record_framing import records


def read(path, kind=""):
    whole = {"": bytes, "GZIP": gzip.decompress, "ZLIB": zlib.decompress}[kind](path.read_bytes())
    return list(records(io.BytesIO(whole), str(path)))


RECORDS = [b"one", b"", bytes(range(256)) * 20]


@pytest.mark.parametrize(
    "options",
    [
        None,
        "",
        "GZIP",
        "ZLIB",
        tf.io.TFRecordOptions("GZIP", compression_level=9, mem_level=9, output_buffer_size=7),
        tf.io.TFRecordOptions("ZLIB", window_bits=10, input_buffer_size=1000),
        tf.io.TFRecordOptions("ZLIB", compression_strategy=zlib.Z_FILTERED, compression_method=8),
    ],
    ids=["none", "empty", "gzip", "zlib", "gzip-options", "zlib-window", "zlib-strategy"],
)
def test_records_come_back(options, tmp_path):
    path = tmp_path / "records"
    with tf.io.TFRecordWriter(str(path), options) as writer:
        for record in RECORDS:
            writer.write(record)
        writer.write("é")
        writer.write(tf.constant("tensor"))
    kind = tf.io.TFRecordOptions.get_compression_type_string(options)
    assert read(path, kind) == [*RECORDS, "é".encode(), b"tensor"]


def test_bytes_are_those_of_tensorflow(tmp_path):
    path = tmp_path / "records"
    with tf.io.TFRecordWriter(str(path)) as writer:
        writer.write(b"one")
        writer.write(b"")
    assert path.read_bytes() == (
        b"\x03\x00\x00\x00\x00\x00\x00\x00\xb0\x99I\x0eone\x01@U\x08"
        b"\x00\x00\x00\x00\x00\x00\x00\x00)\x03\x98\x07\xd8\xea\x82\xa2"
    )


def test_flushed_records_can_be_read(tmp_path):
    path = tmp_path / "records"
    plain, packed = (tf.io.TFRecordWriter(str(path) + kind, kind) for kind in ("", "ZLIB"))
    for writer in (plain, packed):
        writer.write(b"one")
        writer.flush()
    assert read(path) == [b"one"]
    assert zlib.decompressobj().decompress((tmp_path / "recordsZLIB").read_bytes())[12:15] == b"one"
    for writer in (plain, packed):
        writer.close()
        writer.close()


def test_levels_matter(tmp_path):
    sizes = []
    for level in (0, 9):
        options = tf.io.TFRecordOptions("GZIP", compression_level=level)
        with tf.io.TFRecordWriter(str(tmp_path / "x"), options) as writer:
            writer.write(b"a" * 1000)
        sizes.append((tmp_path / "x").stat().st_size)
    assert sizes[0] > 1000 > sizes[1]


def test_wrong_use_is_explained(tmp_path):
    writer = tf.io.TFRecordWriter(str(tmp_path / "x"))
    with pytest.raises(TypeError, match="expected a record of bytes, got int; serialise it"):
        writer.write(5)
    writer.close()
    with pytest.raises(tf.errors.FailedPreconditionError, match="got a closed one"):
        writer.write(b"x")
    with pytest.raises(tf.errors.NotFoundError, match="could not use"):
        tf.io.TFRecordWriter(str(tmp_path / "no" / "x"))
    with pytest.raises(ValueError, match="compression_type among"):
        tf.io.TFRecordOptions("BZIP")
