"""Numbers in texts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf


@settings(max_examples=60, deadline=None)
@given(value=st.floats(width=32, allow_nan=False))
def test_singles_come_back(value):
    text = repr(float(value))
    assert tf.strings.to_number(text).numpy() == np.float32(value)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("16777217", 16777216.0),
        ("16777217.0000000000000000001", 16777218.0),
        ("16777218.9999999999999999999", 16777218.0),
        ("16777219", 16777220.0),
        ("-16777217.0000000000000000001", -16777218.0),
    ],
)
def test_rounding_to_singles_looks_at_the_text(text, wanted):
    assert tf.strings.to_number(text).numpy() == wanted


def test_wrong_numbers_are_named():
    with pytest.raises(
        tf.errors.InvalidArgumentError,
        match=r"\[string_to_number\] expected texts of numbers of dtype int32, got b'x' at flat index 1",
    ):
        tf.strings.to_number(["1", "x"], tf.int32)


def test_placeholders_are_counted():
    with pytest.raises(
        ValueError, match=r"one placeholder '{}' for each of 2 inputs, got 1 of them"
    ):
        tf.strings.format("{}", (tf.constant(1), tf.constant(2)))
    with pytest.raises(ValueError, match="got 0 of them"):
        tf.strings.format("x", [1], placeholder="")
