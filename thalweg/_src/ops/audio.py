"""Sounds read from WAV files and written to them: the ops of `tf.audio`."""

from __future__ import annotations

import struct
from typing import Any, NamedTuple

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.support import FLOAT, needs

_HINT = "Decode files before the compiled program, or in Dataset.map."
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
# Bytes of the part `fmt `, and where the extensible one names the true encoding.
_FORMAT_SIZE, _ENCODING_AT = 16, 24
_LARGEST = 1 << 15


class DecodeWav(NamedTuple):
    """Result of `decode_wav`: the samples ``(samples, channels)``, and how many there are a second."""

    audio: Any
    sample_rate: Any


def read_wav(where: str, contents: bytes) -> tuple[Any, int]:
    """Samples of a WAV file, float32 ``(samples, channels)``, and how many there are a second.

    Args:
        where: Name of the function, for messages.
        contents: The bytes of the file.

    Raises:
        InvalidArgumentError: It is no such file, or damaged, or its encoding is none of those known.
    """
    if contents[:4] != b"RIFF" or contents[8:12] != b"WAVE":
        raise InvalidArgumentError(
            f"[{where}] expected a WAV file, got {len(contents)} bytes that begin with {contents[:12]!r}."
        )
    parts = _parts(where, contents)
    header = parts.get(b"fmt ", b"")
    if len(header) < _FORMAT_SIZE or b"data" not in parts:
        raise _damaged(where, f"its parts are {[name.decode('latin-1') for name in parts]}")
    encoding, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", header)
    if encoding == _EXTENSIBLE and len(header) >= _ENCODING_AT + 2:
        (encoding,) = struct.unpack_from("<H", header, _ENCODING_AT)
    if (encoding, bits) not in _READERS or not channels or not rate:
        raise InvalidArgumentError(
            f"[{where}] expected samples of 8, 16, 24 or 32 bits, or floats of 32 or 64, got a WAV file with "
            f"encoding {encoding}, {bits} bits, {channels} channels and {rate} samples a second; save it as "
            "16-bit PCM."
        )
    width = channels * bits // 8
    data = parts[b"data"]
    whole = data[: len(data) // width * width]
    return _READERS[encoding, bits](whole).reshape(-1, channels), rate


def _parts(where: str, contents: bytes) -> dict[bytes, bytes]:
    """Parts of a file by name, up to the samples."""
    found: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= len(contents) and b"data" not in found:
        name, size = struct.unpack_from("<4sI", contents, at)
        at += 8
        if at + size > len(contents):
            raise _damaged(where, f"{at + size - len(contents)} of its bytes are missing")
        found[name] = contents[at : at + size]
        at += size + size % 2
    return found


def _damaged(where: str, why: str) -> InvalidArgumentError:
    return InvalidArgumentError(f"[{where}] expected a whole WAV file, got a damaged one: {why}.")


def _scaled(data: bytes, kind: str, bits: int) -> Any:
    """Integers as floats in [-1, 1)."""
    return np.frombuffer(data, kind).astype(np.float32) / np.float32(1 << (bits - 1))


def _from_bytes(data: bytes) -> Any:
    return (np.frombuffer(data, np.uint8).astype(np.float32) - np.float32(128)) / np.float32(128)


def _from_three_bytes(data: bytes) -> Any:
    wide = np.zeros((len(data) // 3, 4), np.uint8)
    wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
    return _scaled(wide.tobytes(), "<i4", 32)


_READERS = {
    (_PCM, 8): _from_bytes,
    (_PCM, 16): lambda data: _scaled(data, "<i2", 16),
    (_PCM, 24): _from_three_bytes,
    (_PCM, 32): lambda data: _scaled(data, "<i4", 32),
    (_FLOAT, 32): lambda data: np.frombuffer(data, "<f4").astype(np.float32),
    (_FLOAT, 64): lambda data: np.frombuffer(data, "<f8").astype(np.float32),
}


def with_length(audio: Any, length: int) -> Any:
    """The first samples; zeros after the end where there are fewer."""
    audio = audio[:length]
    return np.pad(audio, [(0, length - len(audio)), (0, 0)])


@op(
    "decode_wav", inputs=("contents",), result=DecodeWav, on_host=True, dynamic=True, hint=_HINT
)
def decode_wav(contents: Any, desired_channels: int = -1, desired_samples: int = -1) -> Any:
    """Samples of a WAV file.

    Args:
        contents: The bytes of the file, a scalar string.
        desired_channels: Channels to return: the first ones, or, where the file has fewer, its last one
            several times. -1 for those of the file.
        desired_samples: Samples to return: the first ones, or zeros after the end. -1 for those of the file.

    Returns:
        Named tuple: `audio`, float32 ``(samples, channels)`` in [-1, 1), and `sample_rate`, int32, samples a
        second.

    Raises:
        InvalidArgumentError: The file is damaged, cut off or in another encoding, or a number is negative.

    Example:
        >>> import thalweg as tf
        >>> contents = tf.audio.encode_wav([[0.5], [-0.25]], 8000)
        >>> audio, rate = tf.audio.decode_wav(contents)
        >>> audio.numpy().ravel().tolist(), int(rate)
        ([0.5, -0.25], 8000)

    Source: `tf.audio.decode_wav`, which reads 16-bit PCM only; here also 8, 24 and 32 bits, floats, and files
    with parts that say other things.
    """
    where = "decode_wav"
    if contents.shape != ():
        raise ShapeError(
            f"[{where}] expected contents as a scalar string, the bytes of one file, got shape "
            f"{tuple(contents.shape)}; decode files one by one."
        )
    if min(desired_channels, desired_samples) < -1:
        raise InvalidArgumentError(
            f"[{where}] expected desired_channels and desired_samples of 0 or more, or -1, got "
            f"{desired_channels} and {desired_samples}."
        )
    audio, rate = read_wav(where, contents.item())
    if desired_channels >= 0:
        audio = audio[:, np.minimum(np.arange(desired_channels), audio.shape[1] - 1)]
    if desired_samples >= 0:
        audio = with_length(audio, desired_samples)
    return audio, np.array(rate, np.int32)


@op("encode_wav", inputs=("audio", "sample_rate"), matched=(), on_host=True, hint=_HINT)
def encode_wav(audio: Any, sample_rate: Any) -> Any:
    """A WAV file of 16-bit samples.

    Args:
        audio: Floats ``(samples, channels)`` in [-1, 1]; others are cut off there.
        sample_rate: Samples a second, an integer scalar.

    Returns:
        Scalar string, the bytes of the file.

    Raises:
        ValueError: The shape or rate does not fit.

    Source: `tf.audio.encode_wav`; the bytes are the same.
    """
    where = "encode_wav"
    needs(where, FLOAT, audio)
    if audio.ndim != 2 or not 0 < audio.shape[1] < 1 << 16:
        raise ShapeError(f"[{where}] expected audio of shape (samples, channels), got {audio.shape}.")
    rate = int(sample_rate)
    if not 0 < rate < 1 << 32:
        raise InvalidArgumentError(f"[{where}] expected a sample_rate of 1 or more, got {rate}.")
    samples = np.clip(audio.astype(np.float32) * _LARGEST, -_LARGEST, _LARGEST - 1)
    # Halves go away from 0.
    data = np.trunc(samples + np.copysign(np.float32(0.5), samples)).astype("<i2").tobytes()
    width = 2 * audio.shape[1]
    header = struct.pack("<HHIIHH", _PCM, audio.shape[1], rate, rate * width, width, 16)
    parts = [(b"fmt ", header), (b"data", data)]
    body = b"WAVE" + b"".join(n + struct.pack("<I", len(part)) + part for n, part in parts)
    return np.array(b"RIFF" + struct.pack("<I", len(body)) + body, object)
