"""`match_filenames_once` keeps what it found."""

from __future__ import annotations

from pathlib import Path

import thalweg as tf


def test_files_that_come_later_do_not_show(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "c.csv"):
        (tmp_path / name).touch()
    texts = tf.io.match_filenames_once(f"{tmp_path}/*.txt", name="files")
    several = tf.io.match_filenames_once([f"{tmp_path}/*.csv", f"{tmp_path}/*.txt"])
    (tmp_path / "d.txt").touch()
    assert [Path(p.decode()).name for p in texts.numpy()] == ["a.txt", "b.txt"]
    assert [Path(p.decode()).name for p in several.numpy()] == ["a.txt", "b.txt", "c.csv"]
    assert isinstance(texts, tf.Variable)
    assert not texts.trainable
    assert texts.dtype == tf.string
    assert tf.io.match_filenames_once(f"{tmp_path}/none*").shape == (0,)
