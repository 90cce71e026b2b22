"""Bytes as something else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf
from thalweg._src.core.symbolic import KerasTensor

io = tf.io


@settings(max_examples=50, deadline=None)
@given(data=st.binary(max_size=20), pad=st.booleans())
def test_base64_comes_back(data, pad):
    text = io.encode_base64(data, pad=pad)
    assert (b"=" in text.numpy()) == (pad and len(data) % 3 > 0)
    assert io.decode_base64(text).numpy() == data


def test_the_other_alphabet_is_refused():
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"got b'ab\+/'; the alphabet with"):
        io.decode_base64("ab+/")


def test_raw_numbers_keep_what_is_known_of_their_shape():
    text = KerasTensor((None,), "string")
    fixed = io.decode_raw(text, tf.int16, fixed_length=8)
    assert (fixed.shape, fixed.dtype) == ((None, 4), "int16")
    with pytest.raises(NotImplementedError, match="depends on values"):
        io.decode_raw(text, tf.int16)


def test_raw_numbers_in_both_orders():
    for dtype in (tf.bfloat16, tf.complex64, tf.int64):
        value = tf.cast([1, 2], dtype).numpy()
        for order, little in (("<", True), (">", False)):
            if dtype is tf.bfloat16:
                data = value.view(np.uint16).astype(f"{order}u2").tobytes()
            else:
                data = value.astype(value.dtype.newbyteorder(order)).tobytes()
            found = io.decode_raw(data, dtype, little_endian=little).numpy()
            np.testing.assert_array_equal(found, value)


def test_wrong_lengths_are_named():
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"got lengths \[2, 3\]; state fixed_length"
    ):
        io.decode_raw(["ab", "abc"], tf.uint8)
    with pytest.raises(tf.errors.InvalidArgumentError, match="positive multiple of the 2 bytes"):
        io.decode_raw(["ab"], tf.int16, fixed_length=3)
    with pytest.raises(TypeError, match="out_type among"):
        io.decode_raw(["ab"], tf.string)


def test_damaged_compression_is_named():
    with pytest.raises(tf.errors.DataLossError, match="compressed by ZLIB, got b'no zip"):
        io.decode_compressed("no zip data", "ZLIB")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Expecting value"),
        ("[]", "an object for Example"),
        ('{"feature": 1}', "one of .* in Example, got 'feature'"),
        ('{"features": {"feature": {"a": {"int64List": {"value": [1.5]}}}}}', "integers, got 1.5"),
        ('{"features": {"feature": {"a": {"int64List": {"value": [true]}}}}}', "numbers, got True"),
        ('{"features": {"feature": {"a": {"int64List": {"value": 1}}}}}', "a list for value"),
        ('{"features": {"feature": {"a": {"bytesList": {"value": ["?"]}}}}}', "texts in base64"),
        ("[" * 100_000, "at flat index 1"),
    ],
    ids=range(8),
)
def test_wrong_json_is_named(text, reason):
    with pytest.raises(tf.errors.InvalidArgumentError, match=reason):
        io.decode_json_example(["{}", text])


def test_files_are_matched(tmp_path):
    for name in ("a1", "a2", "b"):
        (tmp_path / name).touch()
    found = io.matching_files([f"{tmp_path}/b", f"{tmp_path}/a*"]).numpy().tolist()
    assert found == [f"{tmp_path}/{n}".encode() for n in ("a1", "a2", "b")]
    assert io.matching_files(f"{tmp_path}/x*").shape == (0,)
