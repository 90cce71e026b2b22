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
        lambda: names_of(Dataset.list_files(path("[a-e]*.*"), seed=2)),
        members=[b"a.txt", b"b.txt", b"c.log", b"d.gz", b"e.zlib", b"empty.txt"],
        cardinality=6,
    ),
    Row("records", lambda: tf.data.TFRecordDataset(path("g.tfrecord")), [b"one", b"three"]),
    Row(
        "records_gzip",
        lambda: tf.data.TFRecordDataset(paths("h.tfrecord", "h.tfrecord"), "GZIP", buffer_size=1),
        [b"one", b"three"] * 2,
    ),
    Row(
        "records_in_turns",
        lambda: tf.data.TFRecordDataset(paths("g.tfrecord", "g.tfrecord"), num_parallel_reads=2),
        [b"one", b"one", b"three", b"three"],
    ),
    Row(
        "csv",
        lambda: tf.data.experimental.CsvDataset(path("i.csv"), [[5], [0.5], ["q"]], header=True),
        [(1, 2.5, b"x"), (2, 0.5, b"y, z"), (5, 4.5, b"q")],
    ),
    Row(
        "csv_some_columns",
        lambda: tf.data.experimental.CsvDataset(
            paths("i.csv", "j.csv"), [[0], [b""]], header=True, exclude_cols=[1]
        ),
        [(1, b"x"), (2, b"y, z"), (0, b""), (9, b"w")],
    ),
    Row(
        "csv_selected_columns",
        lambda: tf.data.experimental.CsvDataset(
            path("i.csv"), [[0.0], tf.constant([""])], header=True, select_cols=[1, 2]
        ),
        [(2.5, b"x"), (0.0, b"y, z"), (4.5, b"")],
    ),
    Row(
        "csv_dialect",
        lambda: tf.data.experimental.CsvDataset(
            path("k.csv"),
            [tf.string, [b"n"], tf.constant([b"d"])],
            field_delim=";",
            na_value="NA",
        ),
        [(b"3", b"1 5", b"d"), (b"4;", b"n", b"x")],
    ),
    Row(
        "csv_shuffled",
        lambda: tf.data.experimental.CsvDataset(
            paths("i.csv", "j.csv"), [[7]], header=True, select_cols=[0]
        ).shuffle(4, seed=1),
        members=[(1,), (2,), (7,), (9,)],
    ),
    Row(
        "csv_batches",
        lambda: tf.data.experimental.make_csv_dataset(
            paths("[i-j].csv"), 3, shuffle=False, num_epochs=1, label_name="a"
        ),
        [
            ({"b": [2.5, 0.0, 4.5], "c": [b"x", b"y, z", b""]}, [1, 2, 0]),
            ({"b": [9.0], "c": [b"w"]}, [9]),
        ],
    ),
    Row(
        "csv_batches_of_chosen_columns",
        lambda: tf.data.experimental.make_csv_dataset(
            paths("i.csv", "j.csv"),
            3,
            shuffle=False,
            num_epochs=1,
            select_columns=["c", "a"],
            column_defaults=[[4], [b"no"]],
            num_parallel_reads=2,
        ),
        [{"a": [1, 9, 2], "c": [b"x", b"w", b"y, z"]}, {"a": [4], "c": [b"no"]}],
    ),
    Row(
        "csv_batches_without_names",
        lambda: tf.data.experimental.make_csv_dataset(
            path("k.csv"),
            1,
            column_names=["u", "v", "w"],
            header=False,
            field_delim=";",
            na_value="NA",
            shuffle=False,
            num_epochs=2,
        ),
        [
            {"u": [b"3"], "v": [b"1 5"], "w": [b""]},
            {"u": [b"4;"], "v": [b""], "w": [b"x"]},
        ]
        * 2,
    ),
    Row(
        "csv_batches_without_wrong_rows",
        lambda: tf.data.experimental.make_csv_dataset(
            path("i.csv"),
            4,
            column_names=["u", "v", "w"],
            header=False,
            column_defaults=[[0], [0.0], [b""]],
            shuffle=False,
            num_epochs=1,
            ignore_errors=True,
        ),
        [{"u": [1, 2, 0], "v": [2.5, 0.0, 4.5], "w": [b"x", b"y, z", b""]}],
    ),
    Row(
        "csv_batches_without_end",
        lambda: (
            tf.data.experimental.make_csv_dataset(path("i.csv"), 2, shuffle=False)
            .map(lambda row: row["a"])
            .take(2)
        ),
        [[1, 2], [0, 1]],
        cardinality=2,
    ),
    Row(
        "csv_batches_shuffled",
        lambda: tf.data.experimental.make_csv_dataset(
            path("i.csv"), 4, shuffle_seed=3, num_epochs=1
        ),
    ),
]
