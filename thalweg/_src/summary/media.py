"""Images and sound as files in bytes: PNG and WAV."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes

# Colour types of PNG by number of channels: grey, grey and alpha, RGB, RGB and alpha.
_COLOR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
_MAX_8_BIT = 255
_FLOATS = frozenset(d.numpy_dtype for d in dtypes.ALL if d.is_floating)
_SAMPLE_BYTES = 2


def png(image: np.ndarray[Any, Any]) -> bytes:
    """An image as PNG file.

    Args:
        image: uint8 of shape ``(height, width, channels)`` with 1 to 4 channels: grey, grey and alpha, RGB,
            RGB and alpha.

    Source: PNG specification, third edition.
    """
    height, width, channels = image.shape
    header = struct.pack(">IIBBBBB", width, height, 8, _COLOR_TYPES[channels], 0, 0, 0)
    rows = image.reshape(height, width * channels)
    # Each row begins with its filter; 0 is none.
    pixels = np.concatenate([np.zeros((height, 1), np.uint8), rows], axis=1).tobytes()
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(pixels)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def as_uint8(images: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Intensities from 0 to 255.

    Args:
        images: uint8 as it is; floats from 0 to 1, cut off outside; other integers from 0 to their maximum.

    Raises:
        ValueError: Neither floats nor integers.

    Source: `tf.image.convert_image_dtype` with ``saturate=True``.
    """
    kind = images.dtype
    if kind == np.uint8:
        return images
    if np.issubdtype(kind, np.integer):
        top = np.iinfo(kind).max
        if top > _MAX_8_BIT:
            scaled = images // ((top + 1) // (_MAX_8_BIT + 1))
            return np.clip(scaled, 0, _MAX_8_BIT).astype(np.uint8)
        return np.clip(images, 0, None).astype(np.uint8) * np.uint8((_MAX_8_BIT + 1) // (top + 1))
    if kind not in _FLOATS:
        raise InvalidArgumentError(
            f"[summary.image] expected floats or integers, got dtype {kind}; cast it with tf.cast."
        )
    scaled = images.astype(np.float32) * np.float32(_MAX_8_BIT + 0.5)
    return np.nan_to_num(np.clip(scaled, 0, _MAX_8_BIT)).astype(np.uint8)


def wav(clip: np.ndarray[Any, Any], sample_rate: int) -> bytes:
    """Sound as WAV file with 16-bit samples.

    Args:
        clip: Floats of shape ``(time, channels)`` from -1 to 1, cut off outside.
        sample_rate: Samples per second.

    Source: RIFF/WAVE; `tf.audio.encode_wav`.
    """
    scaled = np.nan_to_num(clip.astype(np.float32)) * np.float32(32768)
    # Halves are rounded away from zero, as TensorFlow does.
    rounded = np.trunc(scaled + np.copysign(np.float32(0.5), scaled))
    data = np.clip(rounded, -32768, 32767).astype("<i2").tobytes()
    channels = clip.shape[1]
    block = channels * _SAMPLE_BYTES
    form = struct.pack("<HHIIHH", 1, channels, sample_rate, sample_rate * block, block, 16)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form
    chunks += b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks
