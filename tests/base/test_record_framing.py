"""Checksums and framing of record files."""

from __future__ import annotations

import numpy as np
import pytest

from tests.summary import decoder
from thalweg._src.base.record_framing import crc32c, frame, masked_crc32c


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


@pytest.mark.parametrize("size", [4095, 4096, 4097, 5000, 8191, 10_007])
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
