"""What the ops of strings share."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.ops.strings.blocks import array_of, character_starts, joined, one_text, splits_of


def test_zero_bytes_stay():
    assert array_of([b"a\0", b"\0\0"]).tolist() == [b"a\0", b"\0\0"]
    assert tf.strings.join([["a\0"], ["\0"]]).numpy().tolist() == [b"a\0\0"]


def test_splits_and_starts():
    data, splits = joined([b"a\xc3\xa9", b"", b"b"])
    assert (data, splits.tolist()) == (b"a\xc3\xa9b", [0, 3, 3, 4])
    assert character_starts(data).tolist() == [True, True, False, True]
    assert splits_of([]).tolist() == [0]


def test_texts_as_arguments():
    assert one_text("op", "sep", "é") == b"\xc3\xa9"
    with pytest.raises(TypeError, match=r"\[op\] expected sep as a text, got 1 of type int"):
        one_text("op", "sep", 1)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("lower", ()),
        ("length", ()),
        ("strip", ()),
        ("substr", (0, 1)),
        ("regex_replace", ("a", "b")),
        ("regex_full_match", ("a",)),
        ("to_number", ()),
        ("to_hash_bucket_fast", (3,)),
        ("unicode_transcode", ("UTF-8", "UTF-8")),
        ("reduce_join", ()),
    ],
)
def test_numbers_are_refused(name, arguments):
    with pytest.raises(TypeError, match=r"expected strings, got int32 of shape \(2,\); write"):
        getattr(tf.strings, name)(tf.constant([1, 2]), *arguments)


def test_models_are_drawn_with_texts():
    text = KerasTensor((None,), "string")
    s = tf.strings
    drawn = {
        s.lower(text): "string",
        s.substr(text, 1, 1): "string",
        s.to_number(text, tf.int64): "int64",
        s.length(text): "int32",
        s.regex_replace(text, "a", "b"): "string",
        s.join(["<", text, ">"]): "string",
        s.to_hash_bucket_fast(text, 3): "int64",
        tf.add(text, "!"): "string",
    }
    for symbol, dtype in drawn.items():
        assert (symbol.shape, symbol.dtype) == ((None,), dtype)
    assert s.reduce_join(text).shape == ()


def test_models_read_numbers_from_texts():
    text = tf.keras.Input((), dtype="string")
    number = tf.strings.to_number(tf.strings.substr(text, 1, 2))
    model = tf.keras.Model(text, number * 2.0)
    np.testing.assert_array_equal(model(tf.constant(["a12", "b34"])), [24.0, 68.0])


def test_compiled_functions_take_texts_apart_on_the_host():
    @tf.function
    def double(text):
        return tf.strings.to_number(tf.strings.substr(text, 1, 2)) * 2.0

    np.testing.assert_array_equal(double(tf.constant(["a12", "b34"])), [24.0, 68.0])
    with pytest.raises(tf.errors.InvalidArgumentError, match="expected texts of numbers"):
        double(tf.constant(["a12", "bxx"]))
