"""The wire format of protocol buffers, and bytes that are no message."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.summary import decoder
from thalweg._src.base.wire import (
    BYTES,
    FIXED64,
    VARINT,
    MalformedError,
    bytes_field,
    double_field,
    fields,
    integer_field,
    message_field,
    packed_varints,
    read_varint,
    signed,
    unpacked_varints,
    varint,
)

INT64 = st.integers(-(2**63), 2**63 - 1)


@settings(max_examples=100, deadline=None)
@given(values=st.lists(INT64 | st.integers(-200, 200), max_size=40))
def test_integers_there_and_back(values):
    array = np.array(values, np.int64)
    packed = packed_varints(array)
    assert packed == b"".join(map(varint, values))
    assert unpacked_varints(packed).tolist() == values
    at, found = 0, []
    while at < len(packed):
        value, at = read_varint(packed, at)
        found.append(signed(value))
    assert found == values


def test_fields_there_and_back():
    message = (
        integer_field(1, 300) + double_field(2, 0.5) + bytes_field(3, "é") + message_field(4, b"")
    )
    found = [(n, k, v if k == VARINT else bytes(v)) for n, k, v in fields(message)]
    half = b"\0\0\0\0\0\0\xe0\x3f"
    assert found == [(1, VARINT, 300), (2, FIXED64, half), (3, BYTES, b"\xc3\xa9"), (4, BYTES, b"")]
    assert decoder.fields(message) == {1: [300], 2: [half], 3: [b"\xc3\xa9"], 4: [b""]}
    assert integer_field(1, 0) + double_field(2, 0.0) + bytes_field(3, "") == b""


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x08", "an integer that ends"),
        (b"\x08" + b"\xff" * 11, "an integer that ends"),
        (b"\x00\x01", "the number of a field, got 0"),
        (b"\x0b", "a known kind, got 3"),
        (b"\x0a\x05ab", "5 bytes for field 1 at byte 0, got 2"),
        (b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "9223372036854775807 bytes for field 1"),
        (b"\x09abc", "8 bytes for field 1"),
    ],
    ids=lambda v: v if isinstance(v, str) else v.hex()[:12],
)
def test_torn_messages_are_refused(data, reason):
    with pytest.raises(MalformedError, match=reason):
        list(fields(data))


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(MalformedError):
        assert sum(len(v) if k == BYTES else 1 for _, k, v in fields(data)) <= len(data)


def test_torn_lists_are_refused():
    with pytest.raises(MalformedError, match="breaks off"):
        unpacked_varints(b"\x01\x80")
    with pytest.raises(MalformedError, match="64 bits"):
        unpacked_varints(b"\x80" * 10 + b"\x01")
