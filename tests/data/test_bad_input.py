"""What is wrong with the input is said, with the file and the place."""

from __future__ import annotations

import gzip
import os
import sqlite3

import pytest

import thalweg as tf
from tests.data.sample_files import RECORDS, path

Dataset = tf.data.Dataset


def read(dataset):
    return [element for element in dataset]  # noqa: C416  an error on the way is what tests look for


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(tf.errors.NotFoundError, match=r"missing\.txt.*No such file"):
        read(tf.data.TextLineDataset(tmp_path / "missing.txt"))


def test_a_folder_in_place_of_a_file(tmp_path):
    with pytest.raises(tf.errors.FailedPreconditionError, match="Is a directory"):
        read(tf.data.TextLineDataset(str(tmp_path)))


def test_no_file_matches():
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"No files matched pattern: .*\*\.png"):
        Dataset.list_files(path("*.png"))
    with pytest.raises(tf.errors.InvalidArgumentError, match="none"):
        Dataset.list_files([])


def test_paths_that_are_no_strings():
    with pytest.raises(TypeError, match="paths as strings, got int32"):
        tf.data.TextLineDataset(3)
    with pytest.raises(TypeError, match="data set of paths"):
        tf.data.TextLineDataset(Dataset.range(2))


def test_compression_of_an_unknown_kind_and_of_another_kind():
    with pytest.raises(tf.errors.InvalidArgumentError, match="'BZIP2'"):
        tf.data.TextLineDataset(path("a.txt"), compression_type="BZIP2")
    with pytest.raises(tf.errors.DataLossError, match=r"a\.txt.*check compression_type"):
        read(tf.data.TextLineDataset(path("a.txt"), compression_type="GZIP"))


def test_a_compressed_file_that_is_torn(tmp_path):
    packed = gzip.compress(b"line\n" * 1000)
    (tmp_path / "torn.gz").write_bytes(packed[:-9])
    with pytest.raises(tf.errors.DataLossError, match=r"torn\.gz.*ends in the middle"):
        read(tf.data.TextLineDataset(tmp_path / "torn.gz", compression_type="GZIP"))


def test_a_few_compressed_bytes_that_stand_for_many(tmp_path):
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(b"\n" * (8 << 20)))
    dataset = tf.data.TextLineDataset(tmp_path / "bomb.gz", "GZIP", buffer_size=1024)
    assert read(dataset.take(3)) == [b"", b"", b""]


def test_a_file_that_changes_while_it_is_read(tmp_path):
    file = tmp_path / "lines.txt"
    file.write_bytes(b"0123456789\n" * 100)
    iterator = iter(tf.data.TextLineDataset(file, buffer_size=50))
    next(iterator)
    with file.open("ab") as more:
        more.write(b"new\n")
    with pytest.raises(tf.errors.DataLossError, match=r"lines\.txt.*was changed while it was read"):
        list(iterator)


def test_a_file_that_is_rewritten_with_the_same_length(tmp_path):
    file = tmp_path / "lines.txt"
    file.write_bytes(b"0123456789\n" * 100)
    iterator = iter(tf.data.TextLineDataset(file, buffer_size=50, num_parallel_reads=1).prefetch(1))
    next(iterator)
    with file.open("r+b") as same:
        same.write(b"abcdefghij")
    os.utime(file, ns=(1, 1))
    with pytest.raises(tf.errors.DataLossError, match="was changed"):
        list(iterator)


def test_records_of_a_length_that_does_not_fit():
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"records of 5 bytes.*c\.log.*16 bytes"):
        read(tf.data.FixedLengthRecordDataset(path("c.log"), 5))
    with pytest.raises(tf.errors.InvalidArgumentError, match="header of 20"):
        read(tf.data.FixedLengthRecordDataset(path("c.log"), 5, header_bytes=20))
    with pytest.raises(tf.errors.InvalidArgumentError, match="record_bytes of at least 1"):
        tf.data.FixedLengthRecordDataset(path("c.log"), 0)


def test_ragged_elements_where_tensors_are_wanted():
    dataset = Dataset.from_tensor_slices(tf.ragged.constant([[1], [2, 3]]))
    with pytest.raises(TypeError, match=r"padded_batch.*RaggedTensorSpec.*to_tensor"):
        dataset.padded_batch(2)


def test_elements_that_are_larger_than_a_sparse_batch():
    dataset = Dataset.from_tensors([1, 2, 3]).sparse_batch(1, [2])
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"fit into \[2\].*\[3\]"):
        read(dataset)
    with pytest.raises(TypeError, match="single component"):
        Dataset.from_tensors((1, 2)).sparse_batch(1, [])


def test_elements_of_different_shapes_in_a_batch():
    dataset = Dataset.from_generator(lambda: iter([[1], [1, 2]]), tf.int32).batch(2)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"element 1 of the batch.*ragged_batch"):
        read(dataset)


def test_generators_that_yield_something_else():
    spec = tf.TensorSpec([None], tf.int32)
    with pytest.raises(TypeError, match=r"element 1.*output_signature"):
        read(Dataset.from_generator(lambda: iter([([1], [2]), [1]]), output_signature=(spec, spec)))
    with pytest.raises(TypeError, match=r"shape .*as element 0"):
        read(Dataset.from_generator(lambda: iter([[[1]]]), output_signature=spec))
    with pytest.raises((TypeError, ValueError)) as caught:
        read(Dataset.from_generator(lambda: iter([[1], ["one"]]), output_signature=spec))
    assert "element 1" in "".join(caught.value.__notes__)
    ragged = tf.RaggedTensorSpec([2, None], tf.int32)
    with pytest.raises(TypeError, match=r"RaggedTensorSpec.*as element 0"):
        read(Dataset.from_generator(lambda: iter([[[1], [2, 3]]]), output_signature=ragged))
    with pytest.raises(TypeError, match="expected output_signature"):
        Dataset.from_generator(lambda: iter([1]))


def test_parts_with_different_numbers_of_rows():
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"same number of rows, got \[2, 3\]"):
        Dataset.from_tensor_slices(([1, 2], [1, 2, 3]))
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"common first size"):
        read(Dataset.from_tensors(([1, 2], [1, 2, 3])).unbatch())


def csv_of(tmp_path, text, defaults, **settings):
    (tmp_path / "table.csv").write_text(text)
    return tf.data.experimental.CsvDataset(tmp_path / "table.csv", defaults, **settings)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,2\nx,4\n", r"Field 0 in record 1 of .*table\.csv' is not a valid int32: 'x'"),
        ("1,2\n1.5,4\n", "not a valid int32: '1.5'"),
        ("1,2\n99999999999,4\n", "not a valid int32: '99999999999'"),
        ("1,2\n3,\n", "Field 1 in record 1 .* is required but missing"),
        ("1,2\n3\n", "expected 2 fields, got 1 in record 1"),
        ("1,2\n3,4,5\n", "expected 2 fields, got 3 in record 1"),
        ('1,"2', "line 1 of .*unexpected end of data"),
    ],
    ids=["word", "fraction", "too_large", "missing", "short", "long", "open_quote"],
)
def test_rows_of_separated_values_that_are_wrong(tmp_path, text, message):
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        read(csv_of(tmp_path, text, [tf.int32, tf.int32]))


def test_columns_that_contradict_each_other(tmp_path):
    with pytest.raises(tf.errors.InvalidArgumentError, match="record_defaults for the columns"):
        csv_of(tmp_path, "1,2", [[0]], select_cols=[0, 1])
    with pytest.raises(tf.errors.InvalidArgumentError, match="record_defaults for the columns"):
        csv_of(tmp_path, "1,2", [[0]], select_cols=[0], exclude_cols=[1])
    with pytest.raises(TypeError, match="int32, int64, float32, float64 or string, got bool"):
        csv_of(tmp_path, "1,2", [tf.bool, tf.bool])
    with pytest.raises(tf.errors.InvalidArgumentError, match="Can't read header"):
        read(csv_of(tmp_path, "", [tf.int32], header=True))


def test_tables_with_wrong_names():
    make = tf.data.experimental.make_csv_dataset
    with pytest.raises(ValueError, match=r"label_name among .*'a', 'b', 'c'.*got 'z'"):
        make(path("i.csv"), 2, label_name="z")
    with pytest.raises(ValueError, match="select_columns among"):
        make(path("i.csv"), 2, select_columns=["z"])
    with pytest.raises(ValueError, match="same column names"):
        make([path("i.csv"), path("k.csv")], 2)
    with pytest.raises(ValueError, match="duplicate column names"):
        make(path("i.csv"), 2, column_names=["a", "a", "b"])
    with pytest.raises(ValueError, match="Neither is provided"):
        make(path("i.csv"), 2, header=False)
    with pytest.raises(ValueError, match="column_defaults for 3 columns, got 1"):
        make(path("i.csv"), 2, column_defaults=[tf.int32])


def test_errors_that_are_ignored_are_counted(tmp_path):
    dataset = csv_of(tmp_path, "1,2\nx,4\n5\n7,8\n", [tf.int32, tf.int32]).ignore_errors()
    assert [int(a) for a, _ in dataset] == [1, 7]
    assert "skipped=2" in dataset.explain()


def test_records_that_are_torn_or_damaged(tmp_path):
    whole = RECORDS
    (tmp_path / "torn").write_bytes(whole[:-3])
    with pytest.raises(tf.errors.DataLossError, match=r"record at byte 19 of .*torn.*end of the file"):
        read(tf.data.TFRecordDataset(tmp_path / "torn"))
    (tmp_path / "damaged").write_bytes(whole[:32] + b"X" + whole[33:])
    with pytest.raises(tf.errors.DataLossError, match=r"record at byte 19 of .*damaged.*checksum"):
        read(tf.data.TFRecordDataset(tmp_path / "damaged", num_parallel_reads=tf.data.AUTOTUNE))
    (tmp_path / "length").write_bytes(b"\xff" * 7 + whole[7:])
    with pytest.raises(tf.errors.DataLossError, match=r"record at byte 0 of .*length"):
        read(tf.data.TFRecordDataset(tmp_path / "length"))


def test_tables_that_tensors_do_not_hold(tmp_path):
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"1 rows without one in column 'a'"):
        Dataset.from_tensor_slices(arrow.table({"a": [1, None]}))
    parquet.write_table(arrow.table({"a": [1], "t": arrow.array([0], "timestamp[ms]")}), tmp_path / "t")
    with pytest.raises(TypeError, match=r"timestamp\[ms\] as column 't'"):
        tf.data.experimental.ParquetDataset(tmp_path / "t")
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"columns among \['a', 't'\]"):
        tf.data.experimental.ParquetDataset(tmp_path / "t", columns=["z"])
    with pytest.raises(tf.errors.NotFoundError):
        tf.data.experimental.ParquetDataset(tmp_path / "missing")
    with pytest.raises(tf.errors.DataLossError, match="expected a Parquet file"):
        tf.data.experimental.ParquetDataset(path("a.txt"))
    parquet.write_table(arrow.table({"b": [1]}), tmp_path / "u")
    with pytest.raises(tf.errors.InvalidArgumentError, match="same columns"):
        read(tf.data.experimental.ParquetDataset([tmp_path / "t", tmp_path / "u"], columns=["a"]))


def test_queries_that_fail(tmp_path):
    sql = tf.data.experimental.SqlDataset
    with pytest.raises(tf.errors.InvalidArgumentError, match="driver_name 'sqlite'"):
        sql("postgres", "base", "select 1", tf.int32)
    with pytest.raises(tf.errors.NotFoundError, match="missing"):
        read(sql("sqlite", str(tmp_path / "missing"), "select 1", tf.int32))
    sqlite3.connect(tmp_path / "base").execute("create table t(a)").connection.close()
    with pytest.raises(tf.errors.InvalidArgumentError, match="no such column"):
        read(sql("sqlite", str(tmp_path / "base"), "select z from t", tf.int32))
    with pytest.raises(tf.errors.InvalidArgumentError, match="readonly"):
        read(sql("sqlite", str(tmp_path / "base"), "insert into t values (1)", tf.int32))
    with pytest.raises(tf.errors.InvalidArgumentError, match="2 columns, got 1"):
        read(sql("sqlite", str(tmp_path / "base"), "select 1, 2", tf.int32))
    with pytest.raises(tf.errors.InvalidArgumentError, match="values of int32"):
        read(sql("sqlite", str(tmp_path / "base"), "select 'x'", tf.int32))
