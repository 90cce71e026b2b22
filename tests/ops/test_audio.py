"""WAV files of many encodings, and damaged ones."""

from __future__ import annotations

import struct

import numpy as np
import pytest

import thalweg as tf
from tests.golden.files import wav

decode = tf.audio.decode_wav
WAVE = np.array([0, 0.5, -0.25, -1], np.float32)
EXTENSION = struct.pack("<HHIH14x", 22, 24, 4, 1)


def extensible(file: bytes) -> bytes:
    """The file with a longer description of its encoding."""
    at, header = 20, file[20:36]
    longer = struct.pack("<H", 0xFFFE) + header[2:] + EXTENSION
    return file[:16] + struct.pack("<I", len(longer)) + longer + file[at + 16 :]


def three_bytes(values):
    return b"".join(int(v * (1 << 23)).to_bytes(3, "little", signed=True) for v in values)


FILES = {
    "8 bits": wav((WAVE * 128 + 128).astype(np.uint8).tobytes(), bits=8),
    "16 bits": wav((WAVE * 32768).astype("<i2").tobytes()),
    "24 bits": wav(three_bytes(WAVE), bits=24),
    "32 bits": wav((WAVE * 2.0**31).astype("<i4").tobytes(), bits=32),
    "floats": wav(WAVE.astype("<f4").tobytes(), bits=32, encoding=3),
    "doubles": wav(WAVE.astype("<f8").tobytes(), bits=64, encoding=3),
    "extensible": extensible(wav(three_bytes(WAVE), bits=24)),
    "other parts": wav((WAVE * 32768).astype("<i2").tobytes(), between=b"LIST\x03\0\0\0abc\0"),
    "half a sample": wav((WAVE * 32768).astype("<i2").tobytes() + b"x"),
}


@pytest.mark.parametrize("contents", FILES.values(), ids=FILES)
def test_encodings(contents):
    audio, rate = decode(contents)
    assert audio.numpy()[:, 0].tolist() == WAVE.tolist()
    assert (int(rate), rate.dtype) == (8000, tf.int32)


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (wav(bytes(8))[:-3], "damaged one: 3 of its bytes are missing"),
        (b"RIFF\x04\0\0\0WAVE", r"its parts are \[\]"),
        (b"RIFF\x04\0\0\0WAVEdata\0\0\0\0", r"its parts are \['data'\]"),
        (wav(bytes(8), encoding=85), "encoding 85, 16 bits"),
        (wav(bytes(8), bits=12), "12 bits"),
        (wav(b"", channels=0), "0 channels"),
        (b"RIFF", "a WAV file, got 4 bytes that begin with b'RIFF'"),
    ],
    ids=["cut", "nothing", "no format", "encoding", "bits", "channels", "short"],
)
def test_files_that_cannot_be_read(contents, message):
    with pytest.raises(tf.errors.InvalidArgumentError, match=rf"\[decode_wav\] .*{message}"):
        decode(contents)


def test_sizes_in_a_file_allocate_nothing():
    header = wav(b"")[:-4] + struct.pack("<I", 0xFFFFFFFF)
    with pytest.raises(tf.errors.InvalidArgumentError, match="of its bytes are missing"):
        decode(header)


def test_in_data_sets_and_functions():
    dataset = tf.data.Dataset.from_tensor_slices([FILES["16 bits"], FILES["floats"]])
    found = list(dataset.map(lambda c: decode(c, desired_samples=2).audio))
    assert [f.numpy()[:, 0].tolist() for f in found] == [[0, 0.5]] * 2
