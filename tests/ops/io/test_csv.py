"""Comma-separated values: Python's reader as a second opinion, and messages of errors."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf
from thalweg._src.ops.io.csv import fields_of

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=5)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(TEXT, min_size=2, max_size=4), delimiter=st.sampled_from(",;\t"))
def test_fields_are_those_of_pythons_reader(rows, delimiter):
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator="").writerow(rows)
    record = file.getvalue()
    assert [f.decode() for f in fields_of(record.encode(), delimiter.encode(), True)] == rows


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("1", "expected 2 fields, got 1 in record 1"),
        ("1,2,3", "expected 2 fields, got 3 in record 1"),
        ('1,"x', "a quote that is not closed, in record 1"),
        ('1,"x"y', "text behind the quotes of field 1, in record 1"),
        ('1,x"y', "inside field 1, which is not in quotes, in record 1"),
        ("x,2", r"\[decode_csv, field 0\] expected texts of numbers of dtype int32, got b'x'"),
        ("1,", "expected field 1 in every record, got none in record 1; give a value"),
    ],
)
def test_wrong_records_are_named(record, reason):
    defaults = [[0], tf.constant([], tf.float32)]
    with pytest.raises(tf.errors.InvalidArgumentError, match=reason):
        tf.io.decode_csv(["1,2", record], defaults)


@pytest.mark.parametrize(
    ("defaults", "more", "reason"),
    [
        ([[0, 1]], {}, "one value, or none, for field 0"),
        ([[True]], {}, "of dtypes .* got bool"),
        ([[0]], {"field_delim": ";;"}, "as one character"),
        ([[0]], {"select_cols": [0, 1]}, "1 ascending numbers"),
        ([[0], [0]], {"select_cols": [1, 0]}, "2 ascending numbers"),
    ],
)
def test_wrong_settings_are_named(defaults, more, reason):
    with pytest.raises(ValueError, match=reason):
        tf.io.decode_csv(["1"], defaults, **more)


def test_functions_read_lines_on_the_host():
    @tf.function
    def total(lines):
        one, other = tf.io.decode_csv(lines, [[0.0], [0.0]])
        return tf.reduce_sum(one * other)

    assert total(tf.constant(["1,2", "3,4"])).numpy() == 14.0
    assert total(tf.constant(["1,2", "3,"])).numpy() == 2.0
