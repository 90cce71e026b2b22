"""The kinds of summaries: scalars, histograms, images, text and sound."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import (
    DTypeError,
    InvalidArgumentError,
    ShapeError,
    UnimplementedError,
)
from thalweg._src.base.wire import integer_field
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.io.tensor_proto import tensor_message
from thalweg._src.summary import media, messages
from thalweg._src.summary.recording import record, summary_scope

_BUCKETS = 30
_MAX_OUTPUTS = 3
# `Encoding.WAV` in the audio plug-in's message, as its field 2.
_WAV = integer_field(2, 11)


def scalar(name: str, data: Any, step: Any = None, description: str | None = None) -> Any:
    """Writes a number to the default writer.

    Args:
        name: Name; the open name scopes come in front.
        data: Real scalar, written as float32.
        step: Integer, or integer tensor or Variable; the default step when None.
        description: Text in Markdown, or None.

    Returns:
        bool tensor: whether it is written; False without a default writer.

    Raises:
        ValueError: `data` is no scalar, or there is no step.
        TypeError: `data` is no number.

    Source: `tf.summary.scalar`.
    """
    value = _numeric("summary.scalar", data)
    _check_rank("summary.scalar", value, 0)
    metadata = messages.metadata_message("scalars", description=description)
    with summary_scope(name, "scalar_summary") as (tag, _):
        return record(
            "summary.scalar",
            [value],
            lambda array: _message(tag, array.astype(np.float32), metadata),
            step,
        )


def histogram(
    name: str,
    data: Any,
    step: Any = None,
    buckets: Any = None,
    description: str | None = None,
) -> Any:
    """Writes how values are distributed to the default writer.

    Args:
        name: Name; the open name scopes come in front.
        data: Real numbers of any shape. NaN and infinities are not counted.
        step: Integer, or integer tensor or Variable; the default step when None.
        buckets: Number of equal intervals between the smallest and the largest value; 30 when None.
        description: Text in Markdown, or None.

    Returns:
        bool tensor: whether it is written; False without a default writer.

    Raises:
        ValueError: There is no step.
        TypeError: `data` holds no real numbers.

    Source: `tf.summary.histogram`. TensorFlow writes NaN for all buckets when one value is not finite.
    """
    value = _numeric("summary.histogram", data)
    count = _BUCKETS if buckets is None else max(0, int_of("summary.histogram", "buckets", buckets))
    metadata = messages.metadata_message("histograms", description=description)
    with summary_scope(name, "histogram_summary") as (tag, _):
        return record(
            "summary.histogram",
            [value],
            lambda array: _message(tag, buckets_of(array, count), metadata),
            step,
        )


def buckets_of(data: np.ndarray[Any, Any], count: int) -> np.ndarray[Any, Any]:
    """Left edge, right edge and number of values of equal intervals.

    Args:
        data: Real numbers; those that are not finite are not counted.
        count: Number of intervals.

    Returns:
        float64 of shape ``(count, 3)``: zeros when there is no value. When all values are the same, all
        edges are that value and the last interval holds all.

    Source: TensorBoard's histogram plug-in, version 3 of its data.
    """
    values = data.reshape(-1).astype(np.float64)
    values = values[np.isfinite(values)]
    table = np.zeros((count, 3))
    if not values.size or not count:
        return table
    low, high = values.min(), values.max()
    if low == high:
        table[:, :2] = low
        table[-1, 2] = values.size
        return table
    if high / 2 - low / 2 > np.finfo(np.float64).max / 2:
        # The distance between the largest float64 values would overflow.
        return buckets_of(values / 2, count) * [2, 2, 1]
    width = max((high - low) / count, np.finfo(np.float64).tiny)
    places = np.floor((values - low) / width).astype(np.int64)
    edges = np.linspace(low, high, count + 1)
    table[:, 0], table[:, 1] = edges[:-1], edges[1:]
    table[:, 2] = np.bincount(np.minimum(places, count - 1), minlength=count)
    return table


def image(
    name: str,
    data: Any,
    step: Any = None,
    max_outputs: Any = _MAX_OUTPUTS,
    description: str | None = None,
) -> Any:
    """Writes images to the default writer.

    Args:
        name: Name; the open name scopes come in front.
        data: Images of shape ``(images, height, width, channels)`` with 1 to 4 channels (grey, grey and
            alpha, RGB, RGB and alpha): uint8, floats from 0 to 1, or integers from 0 to their maximum.
        step: Integer, or integer tensor or Variable; the default step when None.
        max_outputs: At most this many images are written.
        description: Text in Markdown, or None.

    Returns:
        bool tensor: whether they are written; False without a default writer.

    Raises:
        ValueError: Another shape or dtype, a negative `max_outputs`, or there is no step.

    Source: `tf.summary.image`.
    """
    where = "summary.image"
    value = _numeric(where, data)
    _check_rank(where, value, 4)
    channels = value.array.shape[3]
    if channels not in (1, 2, 3, 4) or value.dtype is dtypes.bool:
        raise ShapeError(
            f"[{where}] expected numbers with 1 to 4 channels in the last dimension, got shape {value.shape} "
            f"and dtype {value.dtype.name}; cast or slice them."
        )
    most = _most(where, max_outputs)
    metadata = messages.metadata_message("images", description=description)

    def encode(array: np.ndarray[Any, Any]) -> bytes:
        size = [str(array.shape[2]), str(array.shape[1])]
        return _message(
            tag, _texts([*size, *map(media.png, media.as_uint8(array[:most]))]), metadata
        )

    with summary_scope(name, "image_summary") as (tag, _):
        return record(where, [value], encode, step)


def text(name: str, data: Any, step: Any = None, description: str | None = None) -> Any:
    """Writes text to the default writer.

    Args:
        name: Name; the open name scopes come in front.
        data: Text in Markdown: a string, or strings of any shape; a matrix is shown as a table.
        step: Integer, or integer tensor or Variable; the default step when None.
        description: Text in Markdown, or None.

    Returns:
        bool tensor: whether it is written; False without a default writer.

    Raises:
        TypeError: `data` is no text.
        ValueError: There is no step.

    Source: `tf.summary.text`.
    """
    value = _tensor("summary.text", data)
    if value.dtype is not dtypes.string:
        raise DTypeError(
            f"[summary.text] expected strings, got dtype {value.dtype.name} and shape {value.shape}; format "
            "numbers as text."
        )
    metadata = messages.metadata_message("text", description=description)
    with summary_scope(name, "text_summary") as (tag, _):
        return record("summary.text", [value], lambda array: _message(tag, array, metadata), step)


def audio(
    name: str,
    data: Any,
    sample_rate: Any,
    step: Any = None,
    max_outputs: Any = _MAX_OUTPUTS,
    encoding: str | None = None,
    description: str | None = None,
) -> Any:
    """Writes sound to the default writer.

    Args:
        name: Name; the open name scopes come in front.
        data: Clips of shape ``(clips, time, channels)``: floats from -1 to 1.
        sample_rate: Samples per second, an integer.
        step: Integer, or integer tensor or Variable; the default step when None.
        max_outputs: At most this many clips are written.
        encoding: None or ``"wav"``: 16 bits a sample.
        description: Text in Markdown, or None.

    Returns:
        bool tensor: whether they are written; False without a default writer.

    Raises:
        ValueError: Another shape or encoding, a negative `max_outputs`, or there is no step.
        TypeError: `data` holds no floats.

    Source: `tf.summary.audio`.
    """
    where = "summary.audio"
    value = _numeric(where, data)
    _check_rank(where, value, 3)
    if not value.dtype.is_floating:
        raise DTypeError(
            f"[{where}] expected floats from -1 to 1, got dtype {value.dtype.name}; divide integers by their "
            "largest value."
        )
    if encoding not in (None, "wav"):
        raise InvalidArgumentError(f"[{where}] expected encoding 'wav' or None, got {encoding!r}.")
    most, rate = _most(where, max_outputs), int_of(where, "sample_rate", sample_rate)
    metadata = messages.metadata_message("audio", _WAV, description)

    def encode(array: np.ndarray[Any, Any]) -> bytes:
        # A label stands beside each clip; TensorFlow leaves them empty.
        pairs = [part for clip in array[:most] for part in (media.wav(clip, rate), b"")]
        return _message(tag, _texts(pairs).reshape(-1, 2), metadata)

    with summary_scope(name, "audio_summary") as (tag, _):
        return record(where, [value], encode, step)


def _message(tag: str, array: np.ndarray[Any, Any], metadata: bytes) -> bytes:
    return messages.summary_message(tag, tensor_message(array), metadata)


def _texts(parts: list[Any]) -> np.ndarray[Any, Any]:
    found = np.empty(len(parts), object)
    found[:] = parts
    return found


def _tensor(where: str, data: Any) -> Tensor:
    value = convert_to_tensor(data)
    if isinstance(value, KerasTensor):
        raise UnimplementedError(
            f"[{where}] expected a tensor with a value, got a symbolic one; write summaries in a layer's "
            "call, or in a callback."
        )
    return value


def _numeric(where: str, data: Any) -> Tensor:
    value = _tensor(where, data)
    if value.dtype is dtypes.string or value.dtype.is_complex:
        raise DTypeError(
            f"[{where}] expected real numbers, got dtype {value.dtype.name} and shape {value.shape}; use "
            "tf.summary.text for text, and tf.math.real or tf.abs for complex numbers."
        )
    return value


def _check_rank(where: str, value: Tensor, rank: int) -> None:
    if value.ndim != rank:
        raise ShapeError(
            f"[{where}] expected data of rank {rank}, got shape {value.shape}; reshape it."
        )


def _most(where: str, max_outputs: Any) -> int:
    most = int_of(where, "max_outputs", max_outputs)
    if most < 0:
        raise InvalidArgumentError(f"[{where}] expected max_outputs of 0 or more, got {most}.")
    return most
