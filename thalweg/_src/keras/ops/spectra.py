"""Fourier transforms, over whole signals and over short pieces of them.

Complex numbers come and go as pairs ``(real, imaginary)`` of tensors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.ops import complex_numbers
from thalweg._src.ops.creation import ones
from thalweg._src.ops.indexing import getitem
from thalweg._src.ops.reordering import pad
from thalweg._src.ops.signal import fft as transforms
from thalweg._src.ops.signal import framing, spectral, windows


def _joined(where: str, x: Any) -> Any:
    """Complex tensor of a pair."""
    if not isinstance(x, (list, tuple)) or len(x) != 2:
        raise InvalidArgumentError(
            f"[{where}] expected x as a pair (real, imaginary) of tensors, got {type(x).__name__}; give "
            "zeros_like(real) as the imaginary part of real numbers."
        )
    real, imaginary = promoted(*x, least="float32")
    if tuple(real.shape) != tuple(imaginary.shape):
        raise ShapeError(
            f"[{where}] expected real and imaginary part of one shape, got {tuple(real.shape)} and "
            f"{tuple(imaginary.shape)}."
        )
    return complex_numbers.complex(real, imaginary)


def _parted(z: Any) -> tuple[Any, Any]:
    """Real and imaginary part of a complex tensor."""
    return complex_numbers.real(z), complex_numbers.imag(z)


@operation
def fft(x: Any) -> Any:
    """Discrete Fourier transform over the last axis.

    Args:
        x: Pair ``(real, imaginary)`` of tensors ``(..., n)``.

    Returns:
        Pair of tensors of the same shape: value k is the sum over j of ``x[j] exp(-2 pi i j k / n)``.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import thalweg as tf
        >>> real, imaginary = tf.keras.ops.fft(([1.0, 0.0], [0.0, 0.0]))
        >>> real.numpy().tolist()
        [1.0, 1.0]

    Source: `keras.ops.fft`.
    """
    return _parted(transforms.fft(_joined("fft", x)))


@operation
def fft2(x: Any) -> Any:
    """Discrete Fourier transform over the last two axes.

    Args:
        x: Pair ``(real, imaginary)`` of tensors ``(..., m, n)``.

    Returns:
        Pair of tensors of the same shape.

    Source: `keras.ops.fft2`.
    """
    return _parted(transforms.fft2d(_joined("fft2", x)))


@operation
def ifft2(x: Any) -> Any:
    """Inverse of `fft2`.

    Args:
        x: Pair ``(real, imaginary)`` of tensors ``(..., m, n)``.

    Returns:
        Pair of tensors of the same shape.

    Source: `keras.ops.ifft2`.
    """
    return _parted(transforms.ifft2d(_joined("ifft2", x)))


def _size(fft_length: Any) -> list[int] | None:
    return None if fft_length is None else [int(fft_length)]


@operation
def rfft(x: Any, fft_length: int | None = None) -> Any:
    """Fourier transform of real values over the last axis, without its redundant half.

    Args:
        x: Real tensor ``(..., n)``.
        fft_length: Size to which the axis is cut, or padded with zeros; its own when None.

    Returns:
        Pair ``(real, imaginary)`` of tensors ``(..., fft_length // 2 + 1)``.

    Source: `keras.ops.rfft`.
    """
    (x,) = promoted(x, least="float32")
    return _parted(transforms.rfft(x, _size(fft_length)))


@operation
def irfft(x: Any, fft_length: int | None = None) -> Any:
    """Inverse of `rfft`.

    Args:
        x: Pair ``(real, imaginary)`` of tensors ``(..., n)``.
        fft_length: Size of the result along the last axis; ``2 (n - 1)`` when None.

    Returns:
        Real tensor ``(..., fft_length)``.

    Source: `keras.ops.irfft`.
    """
    return transforms.irfft(_joined("irfft", x), _size(fft_length))


@operation
def extract_sequences(x: Any, sequence_length: int, sequence_stride: int) -> Any:
    """Overlapping pieces of signals.

    Args:
        x: Tensor ``(..., samples)``.
        sequence_length: Samples of a piece.
        sequence_stride: Samples from the start of one piece to the next.

    Returns:
        Tensor ``(..., pieces, sequence_length)``; only whole pieces.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.extract_sequences([1, 2, 3, 4], 2, 1).numpy().tolist()
        [[1, 2], [2, 3], [3, 4]]

    Source: `keras.ops.extract_sequences`.
    """
    return framing.frame(tensor_of(x), sequence_length, sequence_stride)


_WINDOWS: dict[str, Callable[..., Any]] = {
    "hann": windows.hann_window,
    "hamming": windows.hamming_window,
}


def _window(where: str, window: Any, length: int, fft_length: int, dtype: Any) -> Any:
    """The window, with zeros on both sides up to the size of the transform."""
    if fft_length < length:
        raise InvalidArgumentError(
            f"[{where}] expected fft_length of at least sequence_length={length}, got {fft_length}."
        )
    if window is None:
        return ones((fft_length,), dtype)
    if isinstance(window, str):
        if window not in _WINDOWS:
            raise InvalidArgumentError(
                f"[{where}] expected window to be one of {sorted(_WINDOWS)}, a tensor or None, got "
                f"{window!r}."
            )
        window = _WINDOWS[window](length, periodic=True, dtype=dtype)
    window = tensor_of(window, dtype)
    if tuple(window.shape) != (length,):
        raise ShapeError(
            f"[{where}] expected a window of shape ({length},), one weight for each sample of a sequence, "
            f"got {tuple(window.shape)}."
        )
    before = (fft_length - length) // 2
    return pad(window, [[before, fft_length - length - before]])


@operation
def stft(
    x: Any,
    sequence_length: int,
    sequence_stride: int,
    fft_length: int,
    window: Any = "hann",
    center: bool = True,
) -> Any:
    """Short-time Fourier transform: the spectra of overlapping sequences of real signals.

    Args:
        x: Real tensor ``(..., samples)``.
        sequence_length: Samples of a sequence.
        sequence_stride: Samples from the start of one sequence to the next.
        fft_length: Size of the transform, at least `sequence_length`.
        window: ``"hann"``, ``"hamming"``, weights ``(sequence_length,)``, or None for none.
        center: Whether the first sequence has the first sample in its middle, behind a mirror image of the
            signal; else at its start.

    Returns:
        Pair ``(real, imaginary)`` of tensors ``(..., sequences, fft_length // 2 + 1)``.

    Raises:
        InvalidArgumentError: Sizes or the window do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.stft(tf.zeros((2, 16)), 4, 2, 6)[0].shape
        TensorShape([2, 9, 4])

    Source: `keras.ops.stft`.
    """
    (x,) = promoted(x, least="float32")
    weights = _window("stft", window, sequence_length, fft_length, x.dtype)
    if center:
        around = [[0, 0]] * (len(x.shape) - 1) + [[fft_length // 2, fft_length // 2]]
        x = pad(x, around, mode="REFLECT")
    frames = framing.frame(x, fft_length, sequence_stride)
    return _parted(transforms.rfft(frames * weights, [fft_length]))


@operation
def istft(
    x: Any,
    sequence_length: int,
    sequence_stride: int,
    fft_length: int,
    length: int | None = None,
    window: Any = "hann",
    center: bool = True,
) -> Any:
    """Inverse of `stft`: signals put together from the spectra of their sequences.

    Args:
        x: Pair ``(real, imaginary)`` of tensors ``(..., sequences, fft_length // 2 + 1)``.
        sequence_length: As given to `stft`.
        sequence_stride: As given to `stft`.
        fft_length: As given to `stft`.
        length: Number of samples wanted; as many as are known when None.
        window: As given to `stft`.
        center: As given to `stft`.

    Returns:
        Real tensor ``(..., samples)``.

    Raises:
        InvalidArgumentError: Sizes or the window do not fit.

    Source: Griffin and Lim 1984; `keras.ops.istft`. With ``window=None`` the overlap is divided out here
    too, so that the signal comes back as it was.
    """
    spectra = _joined("istft", x)
    dtype = "float64" if spectra.dtype.name == "complex128" else "float32"
    weights = _window("istft", window, sequence_length, fft_length, dtype)
    inverse = spectral.inverse_stft_window_fn(sequence_stride, lambda size, dtype: weights)
    signal = spectral.inverse_stft(spectra, fft_length, sequence_stride, fft_length, inverse)
    start = fft_length // 2 if center else 0
    samples = int(signal.shape[-1])
    stop = samples - start if length is None else min(start + length, samples)
    return getitem(signal, (..., np.s_[start:stop]))
