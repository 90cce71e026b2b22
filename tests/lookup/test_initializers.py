"""Tables of files: what is wrong with them is said."""

from __future__ import annotations

import pytest

import thalweg as tf

lookup = tf.lookup
LINE, WHOLE = lookup.TextFileIndex.LINE_NUMBER, lookup.TextFileIndex.WHOLE_LINE


def read(path, key=tf.string, key_index=0, value=tf.int64, value_index=1, **more):
    default = "?" if value is tf.string else tf.cast(-1, value)
    reader = lookup.TextFileInitializer(path, key, key_index, value, value_index, **more)
    return lookup.StaticHashTable(reader, default)


def test_columns_and_lines(tmp_path):
    path = tmp_path / "words"
    path.write_bytes(b"a,1,0.5\r\nb,2,1.5")
    assert read(path, delimiter=",").lookup(["b", "c"]).numpy().tolist() == [2, -1]
    halves = read(path, value=tf.float32, value_index=2, delimiter=",")
    assert halves.lookup("b").numpy() == 1.5
    lines = read(tf.constant(str(path)), tf.int64, LINE, tf.string, WHOLE, value_index_offset=3)
    assert lines.lookup(tf.constant([3, 4, 5], tf.int64)).numpy().tolist() == [
        b"a,1,0.5",
        b"b,2,1.5",
        b"?",
    ]


@pytest.mark.parametrize(
    ("text", "settings", "reason"),
    [
        (b"a 1\nb", {}, "at least 2 columns in line 0"),
        (b"a\tx", {}, "expected texts of numbers of dtype int64, got b'x'"),
        (b"a\t1\n\nb\t2", {}, "an empty one at line 1"),
        (b"", {}, "expected some lines"),
        (b"a\t1", {"vocab_size": 2}, "expected 2 lines .* got 1"),
        (b"a\t1", {"vocab_size": 0}, "vocab_size of 1 or more"),
        (b"a\t1", {"key_index": -3}, "key_index of -2 or more"),
        (b"a\t1", {"key_index": LINE}, "dtype int64 for numbers of lines"),
        (b"a\t1", {"value": tf.float32, "value_index": WHOLE}, "string or int64 for whole lines"),
        (b"a\t1\na\t2", {}, "one value for each key, got 1 and 2"),
    ],
    ids=range(10),
)
def test_wrong_files_are_explained(text, settings, reason, tmp_path):
    (tmp_path / "words").write_bytes(text)
    with pytest.raises((ValueError, tf.errors.FailedPreconditionError), match=reason):
        read(tmp_path / "words", **settings)


def test_missing_files_are_named(tmp_path):
    with pytest.raises(tf.errors.NotFoundError, match="could not use .*nowhere"):
        read(tmp_path / "nowhere")
