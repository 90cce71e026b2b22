"""Spectra over time: short-time Fourier transform, mel scale."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.ops.signal.fft import irfft, rfft
from thalweg._src.ops.signal.framing import fit_length, frame, overlap_and_add
from thalweg._src.ops.signal.windows import hann_window, windowed


def _power_of_two(size: int) -> int:
    """Least power of two that is not smaller."""
    return 1 << max(0, int(size) - 1).bit_length()


def stft(
    signals: Any,
    frame_length: Any,
    frame_step: Any,
    fft_length: Any = None,
    window_fn: Callable[..., Any] | None = hann_window,
    pad_end: bool = False,
    name: str | None = None,
) -> Any:
    """Short-time Fourier transform: the spectra of overlapping frames of real signals.

    Args:
        signals: Tensor ``(..., samples)`` of dtype float32 or float64.
        frame_length: Samples of a frame.
        frame_step: Samples from the start of one frame to the next.
        fft_length: Size to which frames are padded; the next power of two when None.
        window_fn: Function ``(frame_length, dtype=...)`` that makes the window, or None for none.
        pad_end: Pad the end, so that every sample lies in a frame.
        name: Name of the node in a model's graph.

    Returns:
        Complex tensor ``(..., frames, fft_length // 2 + 1)``.

    Raises:
        ValueError: A size is under 1.
        TypeError: The signals are not float32 or float64.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.stft(tf.zeros((100,)), frame_length=20, frame_step=10).shape
        TensorShape([9, 17])

    Source: `tf.signal.stft`.
    """
    size = _power_of_two(freeze(frame_length)) if fft_length is None else fft_length
    frames = frame(signals, frame_length, frame_step, pad_end=pad_end)
    return rfft(windowed(frames, frame_length, window_fn), [size], name=name)


def inverse_stft(
    stfts: Any,
    frame_length: Any,
    frame_step: Any,
    fft_length: Any = None,
    window_fn: Callable[..., Any] | None = hann_window,
    name: str | None = None,
) -> Any:
    """Signals put together from the spectra of their frames.

    Args:
        stfts: Complex tensor ``(..., frames, fft_length // 2 + 1)``.
        frame_length: Samples of a frame.
        frame_step: Samples from the start of one frame to the next.
        fft_length: Size of the transform; the next power of two from `frame_length` when None.
        window_fn: Function that makes the window; `inverse_stft_window_fn` gives the one that undoes
            the window of `stft`. None for none.
        name: Name of the node in a model's graph.

    Returns:
        Real tensor ``(..., (frames - 1) * frame_step + frame_length)``.

    Raises:
        ValueError: A size is under 1, or the rank under 2.
        TypeError: The spectra are not complex.

    Example:
        >>> import thalweg as tf
        >>> spectra = tf.signal.stft(tf.ones((8,)), frame_length=4, frame_step=2)
        >>> window = tf.signal.inverse_stft_window_fn(2)
        >>> tf.signal.inverse_stft(spectra, 4, 2, window_fn=window).numpy()[2:6].round(3).tolist()
        [1.0, 1.0, 1.0, 1.0]

    Source: `tf.signal.inverse_stft`.
    """
    size = _power_of_two(freeze(frame_length)) if fft_length is None else fft_length
    frames = fit_length(irfft(stfts, [size]), size=frame_length)
    return overlap_and_add(windowed(frames, frame_length, window_fn), frame_step, name=name)


@op("inverse_window")
def _inverse_window(window: Any, *, frame_step: int) -> Any:
    """The window divided by the sum of squares of all windows that lie over each sample."""
    size = window.shape[-1]
    overlaps = -(-size // frame_step)
    square = jnp.pad(jnp.square(window), (0, overlaps * frame_step - size))
    total = jnp.sum(square.reshape(overlaps, frame_step), 0, dtype=window.dtype)
    return window / jnp.tile(total, overlaps)[:size]


def inverse_stft_window_fn(
    frame_step: Any,
    forward_window_fn: Callable[..., Any] = hann_window,
    name: str | None = None,
) -> Callable[..., Any]:
    """Function that makes the window with which `inverse_stft` undoes `stft`.

    Args:
        frame_step: Samples from the start of one frame to the next.
        forward_window_fn: Window function that was given to `stft`.
        name: Name of the node in a model's graph.

    Returns:
        Function ``(frame_length, dtype)`` that returns a tensor ``(frame_length,)``.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.inverse_stft_window_fn(2)(4, dtype=tf.float32).numpy().tolist()
        [0.0, 1.0, 1.0, 1.0]

    Source: `tf.signal.inverse_stft_window_fn`; Griffin and Lim (1984).
    """

    def inverse_window_fn(frame_length: Any, dtype: Any = dtypes.float32) -> Any:
        """Window that undoes the forward one."""
        window = forward_window_fn(frame_length, dtype=dtype)
        return _inverse_window(window, frame_step=frame_step, name=name)

    return inverse_window_fn


@op("mel_weights")
def _mel_weights(
    *, bins: int, spectrogram_bins: int, rate: float, lower: float, upper: float, dtype: Any
) -> Any:
    def mel(hertz: Any) -> Any:
        return 1127.0 * np.log1p(np.asarray(hertz) / 700.0)

    # The lowest bin, of frequency 0, takes part in none.
    place = mel(np.linspace(0.0, rate / 2, spectrogram_bins)[1:])[:, None]
    edges = np.linspace(mel(lower), mel(upper), bins + 2)
    left, middle, right = edges[:-2], edges[1:-1], edges[2:]
    rise, fall = (place - left) / (middle - left), (right - place) / (right - middle)
    weights = np.maximum(0, np.minimum(rise, fall))
    return jnp.asarray(np.pad(weights, [(1, 0), (0, 0)]), dtype.numpy_dtype)


def linear_to_mel_weight_matrix(
    num_mel_bins: Any = 20,
    num_spectrogram_bins: Any = 129,
    sample_rate: Any = 8000,
    lower_edge_hertz: Any = 125.0,
    upper_edge_hertz: Any = 3800.0,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Any:
    """Matrix that turns spectra over frequency into spectra over the mel scale.

    Args:
        num_mel_bins: Columns: overlapping triangles of equal width in mel.
        num_spectrogram_bins: Rows: frequencies from 0 to half the sample rate.
        sample_rate: Samples per second.
        lower_edge_hertz: Where the first triangle starts, in hertz.
        upper_edge_hertz: Where the last one ends, in hertz, at most half the sample rate.
        dtype: Floating dtype.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(num_spectrogram_bins, num_mel_bins)``, to multiply spectra by from the right.

    Raises:
        ValueError: A number or frequency is out of range.
        TypeError: `dtype` is not floating.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.linear_to_mel_weight_matrix(4, 9).shape
        TensorShape([9, 4])

    Source: `tf.signal.linear_to_mel_weight_matrix`: mel = 1127 ln(1 + hertz / 700).
    """
    wanted = dtypes.as_dtype(dtype)
    bins, rows, rate, lower, upper = map(
        freeze,
        (num_mel_bins, num_spectrogram_bins, sample_rate, lower_edge_hertz, upper_edge_hertz),
    )
    if not wanted.is_floating:
        raise DTypeError(
            f"[linear_to_mel_weight_matrix] expected a floating dtype, got {wanted.name}; weights lie "
            "between 0 and 1."
        )
    if bins < 1 or rows < 1 or rate <= 0 or not 0 <= lower < upper <= rate / 2:
        raise InvalidArgumentError(
            "[linear_to_mel_weight_matrix] expected at least one bin of each kind and 0 <= "
            "lower_edge_hertz < upper_edge_hertz <= sample_rate / 2, got "
            f"num_mel_bins={bins}, num_spectrogram_bins={rows}, sample_rate={rate}, "
            f"lower_edge_hertz={lower}, upper_edge_hertz={upper}."
        )
    return _mel_weights(
        bins=bins,
        spectrogram_bins=rows,
        rate=rate,
        lower=lower,
        upper=upper,
        dtype=wanted,
        name=name,
    )
