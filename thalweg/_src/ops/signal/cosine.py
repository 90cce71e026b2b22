"""Cosine transforms: of a signal, of overlapping frames, of mel spectra."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.ops.elementwise import multiply
from thalweg._src.ops.signal.fft import need_signal
from thalweg._src.ops.signal.framing import frame, overlap_and_add
from thalweg._src.ops.signal.windows import vorbis_window, windowed
from thalweg._src.ops.support import axis_of

_INVERSE_TYPE = {1: 1, 2: 3, 3: 2, 4: 4}


def _turns(size: int, numerators: Any, denominator: int, dtype: Any) -> Any:
    """``exp(-i pi numerators / denominator)``, padded with nothing, in the complex dtype."""
    values = np.exp(-1j * math.pi * np.asarray(numerators) / denominator)
    return jnp.asarray(values, np.result_type(dtype, np.complex64))


def _cosine_transform(x: Any, kind: int, norm: str | None) -> Any:
    """Cosine transform of the given type over the last axis."""
    size = x.shape[-1]
    count = np.arange(size)
    if kind == 1:
        return jnp.fft.rfft(jnp.concatenate([x, x[..., -2:0:-1]], -1)).real
    if kind == 2:
        spectrum = jnp.fft.rfft(x, n=2 * size)[..., :size]
        out = 2 * (spectrum * _turns(size, count, 2 * size, x.dtype)).real
        return out * _ortho_weights(size, x.dtype) if norm else out
    if kind == 3:
        x = (
            x * (_ortho_weights(size, x.dtype) * np.array([2.0] + [1.0] * (size - 1), x.dtype))
            if norm
            else x
        )
        spectrum = x * jnp.conj(_turns(size, count, 2 * size, x.dtype))
        return jnp.fft.irfft(spectrum, n=2 * size)[..., :size] * (2 * size)
    turned = x * _turns(size, count, 2 * size, x.dtype)
    spectrum = jnp.fft.fft(turned, n=2 * size)[..., :size]
    out = 2 * (spectrum * _turns(size, 2 * count + 1, 4 * size, x.dtype)).real
    return out * np.asarray(math.sqrt(0.5 / size), x.dtype) if norm else out


def _ortho_weights(size: int, dtype: Any) -> Any:
    """Factors that make a transform of type 2 orthonormal."""
    weights = np.full(size, math.sqrt(0.5 / size))
    weights[:1] = 0.5 / math.sqrt(size)
    return np.asarray(weights, dtype)


def _dct(where: str, x: Any, kind: int, n: Any, axis: Any, norm: Any, inverse: bool) -> Any:
    need_signal(where, x, 1)
    if kind not in _INVERSE_TYPE:
        raise InvalidArgumentError(f"[{where}] expected type 1, 2, 3 or 4, got {kind!r}.")
    if norm not in (None, "ortho") or (norm and kind == 1):
        raise InvalidArgumentError(
            f"[{where}] expected norm None, or 'ortho' for types 2, 3 and 4, got {norm!r} for type "
            f"{kind}; scale the result yourself."
        )
    if n is not None and n < 1:
        raise InvalidArgumentError(f"[{where}] expected n as a size of at least 1, got {n!r}.")
    axis = axis_of(where, axis, x.ndim)
    x = jnp.moveaxis(x, axis, -1)
    if n is not None:
        x = x[..., :n]
        x = jnp.pad(x, [(0, 0)] * (x.ndim - 1) + [(0, n - x.shape[-1])])
    if x.shape[-1] < 1 + (kind == 1):
        raise ShapeError(
            f"[{where}] expected at least {1 + (kind == 1)} samples for type {kind}, got "
            f"{x.shape[-1]} of a tensor of dtype {x.dtype}; give more of them, or n."
        )
    out = _cosine_transform(x, _INVERSE_TYPE[kind] if inverse else kind, norm)
    return jnp.moveaxis(out, -1, axis)


@op("dct", inputs=("input",))
def dct(input: Any, type: int = 2, n: Any = None, axis: Any = -1, norm: str | None = None) -> Any:
    """Discrete cosine transform.

    Args:
        input: Tensor ``(..., samples)`` of dtype float32 or float64.
        type: 1, 2, 3 or 4.
        n: Size to which the axis is cropped or padded with zeros first.
        axis: Axis of the samples.
        norm: ``"ortho"`` for an orthonormal transform (not type 1), None for none.

    Returns:
        Tensor of the same dtype.

    Raises:
        ValueError: `type`, `n` or `norm` is unknown, or there are too few samples.
        TypeError: The input is not float32 or float64.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.dct([1.0, 1.0]).numpy().round(3).tolist()
        [4.0, 0.0]

    Source: `tf.signal.dct`, which takes the last axis only; `scipy.fft.dct`.
    """
    return _dct("dct", input, type, n, axis, norm, False)


@op("idct", inputs=("input",))
def idct(input: Any, type: int = 2, n: Any = None, axis: Any = -1, norm: str | None = None) -> Any:
    """Inverse of `dct`, up to a factor: twice the size without `norm` (twice the size less 1 for type 1).

    Args:
        input: Tensor ``(..., samples)`` of dtype float32 or float64.
        type: Type of the transform to undo: 1, 2, 3 or 4.
        n: Size to which the axis is cropped or padded with zeros first.
        axis: Axis of the samples.
        norm: ``"ortho"`` for an orthonormal transform (not type 1), None for none.

    Returns:
        Tensor of the same dtype.

    Raises:
        ValueError: `type`, `n` or `norm` is unknown, or there are too few samples.
        TypeError: The input is not float32 or float64.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.idct(tf.signal.dct([3.0, 5.0], norm="ortho"), norm="ortho").numpy().round(3)
        array([3., 5.], dtype=float32)

    Source: `tf.signal.idct`.
    """
    return _dct("idct", input, type, n, axis, norm, True)


@op("fold_quarters")
def _fold(frames: Any) -> Any:
    a, b, c, d = jnp.split(frames, 4, axis=-1)
    return jnp.concatenate([-c[..., ::-1] - d, a - b[..., ::-1]], -1)


@op("unfold_quarters")
def _unfold(half: Any) -> Any:
    one, two = jnp.split(half, 2, axis=-1)
    return jnp.concatenate([two, -two[..., ::-1], -one[..., ::-1], -one], -1)


def mdct(
    signals: Any,
    frame_length: Any,
    window_fn: Callable[..., Any] | None = vorbis_window,
    pad_end: bool = False,
    norm: str | None = None,
    name: str | None = None,
) -> Any:
    """Modified discrete cosine transform: cosine spectra of frames that overlap by half.

    Args:
        signals: Tensor ``(..., samples)`` of dtype float32 or float64.
        frame_length: Samples of a frame, a multiple of 4.
        window_fn: Function ``(frame_length, dtype=...)`` that makes the window; the squares of its
            halves must add up to 1. None for a constant window of that kind.
        pad_end: Pad the end, so that every sample lies in a frame.
        norm: ``"ortho"`` for an orthonormal transform, None for none.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(..., frames, frame_length // 2)``.

    Raises:
        ValueError: The frame length is no multiple of 4, or `norm` is unknown.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.mdct(tf.zeros((16,)), frame_length=8).shape
        TensorShape([3, 4])

    Source: `tf.signal.mdct`.
    """
    length = freeze(frame_length)
    if length % 4:
        raise InvalidArgumentError(
            f"[mdct] expected frame_length as a multiple of 4, got {length}; pad the frames."
        )
    frames = frame(signals, length, length // 2, pad_end=pad_end)
    frames = _tapered(frames, length, window_fn)
    return dct(_fold(frames), type=4, norm=norm, name=name)


def inverse_mdct(
    mdcts: Any,
    window_fn: Callable[..., Any] | None = vorbis_window,
    norm: str | None = None,
    name: str | None = None,
) -> Any:
    """Inverse of `mdct`: signals put together from the cosine spectra of their frames.

    Args:
        mdcts: Tensor ``(..., frames, frame_length // 2)``, result of `mdct`.
        window_fn: Window function that was given to `mdct`.
        norm: Norm that was given to `mdct`.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(..., (frames + 1) * frame_length // 2)``; the first and the last half frame, which
        only one frame covers, are not restored.

    Raises:
        ValueError: `norm` is unknown.

    Example:
        >>> import thalweg as tf
        >>> spectra = tf.signal.mdct(tf.ones((16,)), frame_length=8)
        >>> tf.signal.inverse_mdct(spectra).numpy()[4:12].round(3).tolist()
        [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]

    Source: `tf.signal.inverse_mdct`.
    """
    tensor = convert_to_tensor(mdcts)
    half = tensor.shape[-1]
    if half is None:
        raise ShapeError(
            "[inverse_mdct] expected a known last size, got None; give it in Input(shape=...)."
        )
    folded = idct(tensor, type=4, norm=norm)
    if norm is None:
        folded = multiply(folded, 0.5 / half)
    frames = _tapered(_unfold(folded), 2 * half, window_fn)
    return overlap_and_add(frames, half, name=name)


def _tapered(frames: Any, length: int, window_fn: Callable[..., Any] | None) -> Any:
    """Frames times the window, or times the constant whose square is one half."""
    if window_fn is None:
        return multiply(frames, math.sqrt(0.5))
    return windowed(frames, length, window_fn)


@op("mfccs_from_log_mel_spectrograms")
def mfccs_from_log_mel_spectrograms(log_mel_spectrograms: Any) -> Any:
    """Mel-frequency cepstral coefficients of logarithmic mel spectra.

    Args:
        log_mel_spectrograms: Tensor ``(..., mel bins)`` of dtype float32 or float64.

    Returns:
        Tensor like it: cosine transform of type 2, divided by the root of twice the bins.

    Raises:
        ValueError: There are no bins.
        TypeError: The input is not float32 or float64.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.mfccs_from_log_mel_spectrograms([[1.0, 1.0]]).numpy().round(3).tolist()
        [[2.0, 0.0]]

    Source: `tf.signal.mfccs_from_log_mel_spectrograms`.
    """
    x = log_mel_spectrograms
    out = _dct("mfccs_from_log_mel_spectrograms", x, 2, None, -1, None, False)
    return out * np.asarray(math.sqrt(0.5 / x.shape[-1]), x.dtype)
