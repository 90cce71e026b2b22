"""Whole files."""

from __future__ import annotations

import pytest

import thalweg as tf


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "new" / "folder" / "contents.bin"
    assert tf.io.write_file(str(path), b"a\x00b") is None
    assert path.read_bytes() == b"a\x00b"
    found = tf.io.read_file(tf.constant(str(path)))
    assert found.dtype == tf.string
    assert found.shape == ()
    assert found.numpy() == b"a\x00b"
    tf.io.write_file(tf.constant(str(path)), tf.constant("ü"))
    assert path.read_bytes() == "ü".encode()


def test_missing_files_and_folders(tmp_path):
    with pytest.raises(tf.errors.NotFoundError, match=r"\[read_file\].*none"):
        tf.io.read_file(str(tmp_path / "none"))
    with pytest.raises(tf.errors.FailedPreconditionError, match=r"\[read_file\]"):
        tf.io.read_file(str(tmp_path))
    with pytest.raises(tf.errors.FailedPreconditionError, match=r"\[write_file\]"):
        tf.io.write_file(str(tmp_path), "x")


def test_arguments_are_single_strings(tmp_path):
    for names in (["a", "b"], 3):
        with pytest.raises(ValueError, match=r"\[read_file\] expected filename"):
            tf.io.read_file(names)
    with pytest.raises(ValueError, match=r"\[write_file\] expected contents"):
        tf.io.write_file(str(tmp_path / "x"), tf.constant([1, 2]))
