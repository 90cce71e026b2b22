"""Tables as sources: memory maps, Arrow, Parquet, data bases."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest

import thalweg as tf

Dataset = tf.data.Dataset


def plain(dataset):
    def leaf(value):
        found = value.to_list() if isinstance(value, tf.RaggedTensor) else value.numpy()
        return found.tolist() if hasattr(found, "tolist") else found

    return [tf.nest.map_structure(leaf, row) for row in dataset]


def test_memory_maps_stay_on_the_disk(tmp_path):
    np.save(tmp_path / "rows.npy", np.arange(40, dtype=np.float32).reshape(20, 2))
    rows = np.load(tmp_path / "rows.npy", mmap_mode="r")
    dataset = Dataset.from_tensor_slices((rows, np.arange(20)))
    assert np.shares_memory(dataset._node.table.columns[0], rows)
    for row, number in dataset.shuffle(20, seed=1).repeat(2):
        assert row.numpy().tolist() == [2 * int(number), 2 * int(number) + 1]
    assert next(iter(dataset.batch(3)))[0].shape == (3, 2)


def table():
    arrow = pytest.importorskip("pyarrow")
    return arrow.table(
        {
            "bool": [True, False, True],
            "float": arrow.array([1.5, None, 2.0], arrow.float32()),
            "int": arrow.array([1, 2, 3], arrow.int32()),
            "list": [[1, 2], [], [3]],
            "nested": [[[1], [2, 3]], [], [[]]],
            "pair": arrow.array([[1, 2], [3, 4], [5, 6]], arrow.list_(arrow.int64(), 2)),
            "text": ["x", "é", ""],
            "word": arrow.array(["u", "v", "u"]).dictionary_encode(),
        }
    )


SPEC = {
    "bool": tf.TensorSpec((), tf.bool),
    "float": tf.TensorSpec((), tf.float32),
    "int": tf.TensorSpec((), tf.int32),
    "list": tf.RaggedTensorSpec([None], tf.int64, 0),
    "nested": tf.RaggedTensorSpec([None, None], tf.int64, 1),
    "pair": tf.TensorSpec([2], tf.int64),
    "text": tf.TensorSpec((), tf.string),
    "word": tf.TensorSpec((), tf.string),
}
LAST = {
    "bool": True,
    "float": 2.0,
    "int": 3,
    "list": [3],
    "nested": [[]],
    "pair": [5, 6],
    "text": b"",
    "word": b"u",
}


def test_tables_of_arrow_are_dicts_of_columns():
    dataset = Dataset.from_tensor_slices(table())
    assert dataset.element_spec == SPEC
    rows = plain(dataset)
    assert rows[2] == LAST
    assert rows[1]["text"] == "é".encode()
    assert np.isnan(rows[1]["float"])
    (batch,) = dataset.batch(3)
    assert batch["list"].to_list() == [[1, 2], [], [3]]
    assert batch["nested"].to_list() == [[[1], [2, 3]], [], [[]]]


def test_rows_of_parquet_files(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(table(), tmp_path / "a.parquet")
    parquet.write_table(table().slice(2), tmp_path / "b.parquet")
    both = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    dataset = tf.data.experimental.ParquetDataset(both)
    assert dataset.element_spec == SPEC
    assert plain(dataset.skip(2)) == [LAST, LAST]
    chosen = tf.data.experimental.ParquetDataset(both, columns=["word", "int"], num_parallel_reads=2)
    assert [(row["int"], row["word"]) for row in plain(chosen)] == [
        (1, b"u"),
        (3, b"u"),
        (2, b"v"),
        (3, b"u"),
    ]


def test_rows_that_a_query_finds(tmp_path):
    base = sqlite3.connect(tmp_path / "base?#.db")
    base.execute("create table items (number int, name text, size real)")
    base.executemany("insert into items values (?, ?, ?)", [(1, "x", 1.5), (2, None, None)])
    base.commit()
    base.close()
    dataset = tf.data.experimental.SqlDataset(
        "sqlite",
        str(tmp_path / "base?#.db"),
        "select * from items order by number",
        (tf.int64, tf.string, tf.float64),
    )
    assert plain(dataset) == [(1, b"x", 1.5), (2, b"", 0.0)]
    assert plain(dataset.skip(1)) == [(2, b"", 0.0)]
