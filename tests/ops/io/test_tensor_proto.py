"""Tensors as messages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf
from thalweg._src.base.wire import MalformedError, integer_field, message_field
from thalweg._src.core import dtypes
from thalweg._src.ops.io.tensor_proto import shape_message, tensor_of

KINDS = [d for d in dtypes.ALL if d.name != "float8_e4m3b11fnuz"]


@pytest.mark.parametrize("dtype", KINDS, ids=lambda d: d.name)
def test_tensors_come_back(dtype):
    value = tf.constant(["a", "é\0"]) if dtype is tf.string else tf.cast([[0, 1], [2, 3]], dtype)
    back = tf.io.parse_tensor(tf.io.serialize_tensor(value), dtype)
    assert back.dtype == dtype
    np.testing.assert_array_equal(back.numpy(), value.numpy())


@pytest.mark.parametrize("shape", [(), (0,), (2, 0), (1, 1, 1)])
def test_shapes_come_back(shape):
    message = tf.io.serialize_tensor(tf.zeros(shape))
    assert tf.io.parse_tensor(message, tf.float32).shape == shape


def proto(dtype, shape, rest):
    return integer_field(1, dtype.as_datatype_enum) + message_field(2, shape_message(shape)) + rest


@pytest.mark.parametrize(
    ("dtype", "rest", "wanted"),
    [
        (tf.float32, message_field(5, np.array([1, 2], "<f4").tobytes()), [1.0, 2.0]),
        (tf.float32, message_field(5, np.array([1.5], "<f4").tobytes()), [1.5, 1.5]),
        (tf.float64, message_field(6, np.array([1, 2], "<f8").tobytes()), [1.0, 2.0]),
        (tf.int32, b"\x38\x07\x38\x08", [7, 8]),
        (tf.int8, message_field(7, b"\x07\x08"), [7, 8]),
        (tf.int64, message_field(10, b"\x07" + b"\xff" * 9 + b"\x01"), [7, -1]),
        (tf.bool, message_field(11, b"\x01\x00"), [True, False]),
        (tf.float16, message_field(13, b"\x80\x78\x80\x80\x01"), [1.0, 2.0]),
        (tf.uint64, message_field(17, b"\x01" + b"\xff" * 9 + b"\x01"), [1, 2**64 - 1]),
        (tf.string, message_field(4, b"\x01\x02a\xc3\xa9"), [b"a", b"\xc3\xa9"]),
        (tf.complex64, message_field(9, np.array([1, 2, 3, 4], "<f4").tobytes()), [1 + 2j, 3 + 4j]),
    ],
    ids=lambda v: v.name if isinstance(v, tf.DType) else None,
)
def test_listed_values_are_read(dtype, rest, wanted):
    array = tensor_of(proto(dtype, (2,), rest))
    assert array.dtype == dtype.numpy_dtype
    assert array.tolist() == wanted


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff", "an integer that ends"),
        (proto(tf.float32, (2,), message_field(4, b"abc")), "8 bytes for shape"),
        (proto(tf.float32, (1 << 40,), message_field(5, b"abcd")), "values for shape"),
        (proto(tf.float32, (1 << 62, 1 << 62), b""), "values for shape"),
        (proto(tf.string, (2,), b""), "values for shape"),
        (proto(tf.string, (2,), message_field(4, b"\x01\x05a")), "2 texts in 3 bytes"),
        (proto(tf.string, (1 << 40,), message_field(4, b"\0\0")), "an integer that ends"),
        (proto(tf.float32, (1,), message_field(5, b"abc")), "values of 4 bytes"),
        (proto(tf.float32, (1,), message_field(7, b"\x01")), "no integers for dtype float32"),
        (proto(tf.complex64, (1,), message_field(9, b"abcd")), "pairs of numbers"),
        (proto(tf.int32, (-1,), b""), "sizes of 0 or more"),
        (integer_field(1, 99), "the number of a dtype, got 99"),
        (b"", "the number of a dtype, got 0"),
        (integer_field(1, 1) + message_field(2, b"\x18\x01"), "known rank"),
    ],
    ids=range(14),
)
def test_damaged_messages_are_refused(data, reason):
    with pytest.raises(MalformedError, match=reason):
        tensor_of(data)
    with pytest.raises(tf.errors.InvalidArgumentError, match="a TensorProto message"):
        tf.io.parse_tensor(data, tf.float32)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=30))
def test_any_bytes_are_read_or_refused(data):
    try:
        found = tensor_of(data)
    except MalformedError:
        return
    assert found.nbytes <= 8 << 24


def test_wrong_use_is_explained():
    message = tf.io.serialize_tensor([1.0])
    with pytest.raises(TypeError, match="a tensor of dtype int32, got float32"):
        tf.io.parse_tensor(message, tf.int32)
    with pytest.raises(TypeError, match="as a single string"):
        tf.io.parse_tensor([message], tf.float32)
