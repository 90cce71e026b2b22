"""Checksums and framing of record files."""

from __future__ import annotations

import io

import numpy as np
import pytest

from tests.summary import decoder
from thalweg._src.base.errors import DataLossError
from thalweg._src.base.record_framing import crc32c, frame, masked_crc32c, records


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", 0),
        (b"123456789", 0xE3069283),
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
    ],
    ids=["empty", "digits", "zeros", "ones", "ascending"],
)
def test_checksums_are_those_of_rfc_3720(data, expected):
    assert crc32c(data) == expected


@pytest.mark.parametrize("size", [63, 64, 1023, 1024, 1025, 1027, 1028, 5000, 10_007])
def test_long_data_is_summed_as_short_data_is(size):
    data = np.random.RandomState(size).bytes(size)
    assert crc32c(data) == decoder.crc32c(data)


def test_records_are_framed(tmp_path):
    path = tmp_path / "records"
    path.write_bytes(frame(b"one") + frame(b"") + frame(b"x" * 5000))
    assert decoder.records(path) == [b"one", b"", b"x" * 5000]
    assert frame(b"ab")[:8] == b"\2" + bytes(7)
    assert len(frame(b"ab")) == 18
    assert masked_crc32c(b"123456789") == 0xC78AB0E5


GOOD = frame(b"one") + frame(b"x" * 100)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (GOOD[:-1], "a whole record at byte 19"),
        (GOOD[:19] + GOOD[19:24], "a whole record at byte 19"),
        (GOOD[:13] + b"X" + GOOD[14:], "the record at byte 0 .* wrong checksum of its contents"),
        (b"\xff" + GOOD[1:], "a length with a wrong checksum"),
        (b"\x89PNG" + bytes(40), "a length with a wrong checksum"),
    ],
    ids=["payload", "head", "contents", "length", "other"],
)
def test_damaged_records_are_refused(data, reason):
    with pytest.raises(DataLossError, match=reason):
        list(records(io.BytesIO(data), "a file"))


def test_a_length_alone_asks_for_no_memory():
    length = (1 << 60).to_bytes(8, "little")
    data = length + masked_crc32c(length).to_bytes(4, "little") + b"few"
    with pytest.raises(DataLossError, match="a whole record at byte 0"):
        list(records(io.BytesIO(data), "a file"))


def test_records_come_one_by_one():
    found = records(io.BytesIO(GOOD + b"damaged"), "a file")
    assert [next(found), next(found)] == [b"one", b"x" * 100]
    assert list(records(io.BytesIO(), "an empty file")) == []
