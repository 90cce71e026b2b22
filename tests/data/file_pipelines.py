"""Pipelines that read files."""

from __future__ import annotations

import thalweg as tf
from tests.data.row import Row
from tests.data.sample_files import path, paths

Dataset = tf.data.Dataset
LINES = [b"one", b"two", b"", b"last"]


def names_of(dataset):
    """File names of paths."""
    return dataset.map(lambda p: tf.strings.split(p, "/")[-1])


FILE_ROWS = [
    Row("lines", lambda: tf.data.TextLineDataset(path("a.txt")), LINES),
    Row(
        "lines_of_files",
        lambda: tf.data.TextLineDataset(paths("a.txt", "empty.txt", "b.txt"), buffer_size=2),
        [*LINES, b"x", b"y", b"z"],
    ),
    Row(
        "lines_in_turns",
        lambda: tf.data.TextLineDataset(paths("a.txt", "b.txt"), num_parallel_reads=2),
        [b"one", b"x", b"two", b"y", b"", b"z", b"last"],
    ),
    Row(
        "lines_ahead",
        lambda: tf.data.TextLineDataset(
            paths("b.txt", "a.txt"), num_parallel_reads=tf.data.AUTOTUNE
        ),
        [b"x", b"y", b"z", *LINES],
    ),
    Row(
        "lines_of_dataset",
        lambda: tf.data.TextLineDataset(Dataset.from_tensor_slices(paths("b.txt", "a.txt"))),
        [b"x", b"y", b"z", *LINES],
    ),
    Row("lines_of_none", lambda: tf.data.TextLineDataset([]), []),
    Row(
        "lines_gzip",
        lambda: tf.data.TextLineDataset(path("d.gz"), compression_type="GZIP", buffer_size=3),
        [*LINES, b"more"],
    ),
    Row(
        "lines_zlib",
        lambda: tf.data.TextLineDataset(path("e.zlib"), compression_type="ZLIB"),
        LINES,
    ),
    Row(
        "lines_interleaved",
        lambda: Dataset.from_tensor_slices(paths("a.txt", "b.txt")).interleave(
            tf.data.TextLineDataset, cycle_length=2, block_length=2
        ),
        [b"one", b"two", b"x", b"y", b"", b"last", b"z"],
    ),
    Row(
        "lines_shuffled",
        lambda: tf.data.TextLineDataset(paths("a.txt", "b.txt")).shuffle(7, seed=1),
        members=[*LINES, b"x", b"y", b"z"],
    ),
    Row(
        "fixed_records",
        lambda: tf.data.FixedLengthRecordDataset(path("c.log"), 4),
        [b"0123", b"4567", b"89ab", b"cdef"],
    ),
    Row(
        "fixed_records_inside",
        lambda: tf.data.FixedLengthRecordDataset(
            paths("c.log", "c.log"), 5, header_bytes=2, footer_bytes=4, buffer_size=1
        ),
        [b"23456", b"789ab"] * 2,
    ),
    Row(
        "fixed_records_gzip",
        lambda: tf.data.FixedLengthRecordDataset(path("d.gz"), 6, 1, compression_type="GZIP"),
        [b"ne\r\ntw", b"o\n\nlas", b"t\nmore"],
    ),
    Row(
        "list_files",
        lambda: names_of(Dataset.list_files(paths("[a-b].txt", "?.log"), shuffle=False)),
        [b"a.txt", b"b.txt", b"c.log"],
        cardinality=3,
    ),
    Row(
        "list_files_deep",
        lambda: names_of(Dataset.list_files(path("*/*.txt"), shuffle=False)),
        [b"f.txt"],
        cardinality=1,
    ),
    Row(
        "list_files_shuffled",
        lambda: names_of(Dataset.list_files(path("*"), seed=2)),
        members=[b"a.txt", b"b.txt", b"c.log", b"d.gz", b"e.zlib", b"empty.txt", b"sub"],
        cardinality=7,
    ),
]
