"""Fourier transforms over the last one, two or three axes."""

from __future__ import annotations

from typing import Any

from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.core.opdef import op
from thalweg._src.ops.matrices import need_rank
from thalweg._src.ops.support import axis_of

REAL = ("float32", "float64")
COMPLEX = ("complex64", "complex128")


def need_signal(where: str, x: Any, rank: int, wanted: tuple[str, ...] = REAL) -> None:
    """Refuses arrays of another dtype than the transform takes, or of too low a rank.

    Raises:
        DTypeError: The dtype is none of the wanted ones.
        ShapeError: The rank is too low.
    """
    if str(x.dtype) not in wanted:
        raise DTypeError(
            f"[{where}] expected dtype {' or '.join(wanted)}, got {x.dtype} of shape "
            f"{tuple(x.shape)}; cast it with tf.cast(x, tf.{wanted[0]})."
        )
    need_rank(where, x, rank=rank)


def lengths_of(where: str, fft_length: Any, count: int) -> tuple[int, ...] | None:
    """Sizes of the transform along its axes; None to keep those of the input."""
    if fft_length is None:
        return None
    given = (fft_length,) if isinstance(fft_length, int) else tuple(fft_length)
    if len(given) != count or any(n < 0 for n in given):
        raise InvalidArgumentError(
            f"[{where}] expected fft_length of {count} sizes of at least 0, got {fft_length!r}; give "
            "one size for each axis of the transform."
        )
    return given


def last_axes(count: int) -> tuple[int, ...]:
    """The last `count` axes."""
    return tuple(range(-count, 0))


def _complex_transform(where: str, x: Any, count: int, transform: Any) -> Any:
    need_signal(where, x, count, COMPLEX)
    return transform(x, axes=last_axes(count)) if x.size else x


@op("fft", inputs=("input",))
def fft(input: Any) -> Any:
    """Discrete Fourier transform over the last axis.

    Args:
        input: Tensor ``(..., n)`` of dtype complex64 or complex128.

    Returns:
        Tensor like `input`: value k is the sum over j of ``input[j] * exp(-2 pi i j k / n)``.

    Raises:
        TypeError: The input is not complex.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.fft([1 + 0j, 0, 0, 0]).numpy().real.tolist()
        [1.0, 1.0, 1.0, 1.0]

    Source: `tf.signal.fft`.
    """
    return _complex_transform("fft", input, 1, jnp.fft.fftn)


@op("fft2d", inputs=("input",))
def fft2d(input: Any) -> Any:
    """Discrete Fourier transform over the last two axes.

    Args:
        input: Tensor ``(..., m, n)`` of dtype complex64 or complex128.

    Returns:
        Tensor like `input`.

    Raises:
        TypeError: The input is not complex.

    Source: `tf.signal.fft2d`.
    """
    return _complex_transform("fft2d", input, 2, jnp.fft.fftn)


@op("fft3d", inputs=("input",))
def fft3d(input: Any) -> Any:
    """Discrete Fourier transform over the last three axes.

    Args:
        input: Tensor ``(..., l, m, n)`` of dtype complex64 or complex128.

    Returns:
        Tensor like `input`.

    Raises:
        TypeError: The input is not complex.

    Source: `tf.signal.fft3d`.
    """
    return _complex_transform("fft3d", input, 3, jnp.fft.fftn)


@op("ifft", inputs=("input",))
def ifft(input: Any) -> Any:
    """Inverse of `fft`, over the last axis.

    Args:
        input: Tensor ``(..., n)`` of dtype complex64 or complex128.

    Returns:
        Tensor like `input`.

    Raises:
        TypeError: The input is not complex.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.ifft([1 + 0j, 1, 1, 1]).numpy().real.tolist()
        [1.0, 0.0, 0.0, 0.0]

    Source: `tf.signal.ifft`.
    """
    return _complex_transform("ifft", input, 1, jnp.fft.ifftn)


@op("ifft2d", inputs=("input",))
def ifft2d(input: Any) -> Any:
    """Inverse of `fft2d`, over the last two axes.

    Args:
        input: Tensor ``(..., m, n)`` of dtype complex64 or complex128.

    Returns:
        Tensor like `input`.

    Raises:
        TypeError: The input is not complex.

    Source: `tf.signal.ifft2d`.
    """
    return _complex_transform("ifft2d", input, 2, jnp.fft.ifftn)


@op("ifft3d", inputs=("input",))
def ifft3d(input: Any) -> Any:
    """Inverse of `fft3d`, over the last three axes.

    Args:
        input: Tensor ``(..., l, m, n)`` of dtype complex64 or complex128.

    Returns:
        Tensor like `input`.

    Raises:
        TypeError: The input is not complex.

    Source: `tf.signal.ifft3d`.
    """
    return _complex_transform("ifft3d", input, 3, jnp.fft.ifftn)


@op("rfft", inputs=("input_tensor",))
def rfft(input_tensor: Any, fft_length: Any = None) -> Any:
    """Fourier transform of real values over the last axis, without its redundant half.

    Args:
        input_tensor: Tensor ``(..., n)`` of dtype float32 or float64.
        fft_length: List of one size to which the axis is cropped or padded with zeros first.

    Returns:
        Complex tensor ``(..., n // 2 + 1)``.

    Raises:
        TypeError: The input is not float32 or float64.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.rfft([1.0, 1.0, 1.0, 1.0]).numpy().tolist()
        [(4+0j), 0j, 0j]

    Source: `tf.signal.rfft`.
    """
    return _of_real("rfft", input_tensor, fft_length, 1)


def _of_real(where: str, x: Any, fft_length: Any, count: int) -> Any:
    need_signal(where, x, count)
    return jnp.fft.rfftn(x, s=lengths_of(where, fft_length, count), axes=last_axes(count))


def _to_real(where: str, x: Any, fft_length: Any, count: int) -> Any:
    need_signal(where, x, count, COMPLEX)
    return jnp.fft.irfftn(x, s=lengths_of(where, fft_length, count), axes=last_axes(count))


@op("rfft2d", inputs=("input_tensor",))
def rfft2d(input_tensor: Any, fft_length: Any = None) -> Any:
    """Fourier transform of real values over the last two axes, without its redundant half.

    Args:
        input_tensor: Tensor ``(..., m, n)`` of dtype float32 or float64.
        fft_length: List of two sizes to which the axes are cropped or padded with zeros first.

    Returns:
        Complex tensor ``(..., m, n // 2 + 1)``.

    Raises:
        TypeError: The input is not float32 or float64.

    Source: `tf.signal.rfft2d`.
    """
    return _of_real("rfft2d", input_tensor, fft_length, 2)


@op("rfft3d", inputs=("input_tensor",))
def rfft3d(input_tensor: Any, fft_length: Any = None) -> Any:
    """Fourier transform of real values over the last three axes, without its redundant half.

    Args:
        input_tensor: Tensor ``(..., l, m, n)`` of dtype float32 or float64.
        fft_length: List of three sizes to which the axes are cropped or padded with zeros first.

    Returns:
        Complex tensor ``(..., l, m, n // 2 + 1)``.

    Raises:
        TypeError: The input is not float32 or float64.

    Source: `tf.signal.rfft3d`.
    """
    return _of_real("rfft3d", input_tensor, fft_length, 3)


@op("irfft", inputs=("input_tensor",))
def irfft(input_tensor: Any, fft_length: Any = None) -> Any:
    """Inverse of `rfft`, over the last axis.

    Args:
        input_tensor: Tensor ``(..., n // 2 + 1)`` of dtype complex64 or complex128.
        fft_length: List of the size n of the result; ``2 * (size - 1)`` when None.

    Returns:
        Real tensor ``(..., n)``.

    Raises:
        TypeError: The input is not complex.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.irfft([4 + 0j, 0, 0]).numpy().tolist()
        [1.0, 1.0, 1.0, 1.0]

    Source: `tf.signal.irfft`.
    """
    return _to_real("irfft", input_tensor, fft_length, 1)


@op("irfft2d", inputs=("input_tensor",))
def irfft2d(input_tensor: Any, fft_length: Any = None) -> Any:
    """Inverse of `rfft2d`, over the last two axes.

    Args:
        input_tensor: Tensor ``(..., m, n // 2 + 1)`` of dtype complex64 or complex128.
        fft_length: List of the sizes m and n of the result.

    Returns:
        Real tensor ``(..., m, n)``.

    Raises:
        TypeError: The input is not complex.

    Source: `tf.signal.irfft2d`.
    """
    return _to_real("irfft2d", input_tensor, fft_length, 2)


@op("irfft3d", inputs=("input_tensor",))
def irfft3d(input_tensor: Any, fft_length: Any = None) -> Any:
    """Inverse of `rfft3d`, over the last three axes.

    Args:
        input_tensor: Tensor ``(..., l, m, n // 2 + 1)`` of dtype complex64 or complex128.
        fft_length: List of the sizes l, m and n of the result.

    Returns:
        Real tensor ``(..., l, m, n)``.

    Raises:
        TypeError: The input is not complex.

    Source: `tf.signal.irfft3d`.
    """
    return _to_real("irfft3d", input_tensor, fft_length, 3)


def _shift_axes(where: str, x: Any, axes: Any) -> tuple[int, ...]:
    given = range(x.ndim) if axes is None else (axes,) if isinstance(axes, int) else axes
    return tuple(axis_of(where, axis, x.ndim) for axis in given)


@op("fftshift")
def fftshift(x: Any, axes: Any = None) -> Any:
    """Spectrum with the frequency 0 in the middle.

    Args:
        x: Tensor.
        axes: Axis or axes to turn; all when None.

    Returns:
        Tensor like `x`, rolled by half the size.

    Raises:
        ValueError: An axis is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.fftshift([0, 1, 2, -2, -1]).numpy().tolist()
        [-2, -1, 0, 1, 2]

    Source: `tf.signal.fftshift`.
    """
    chosen = _shift_axes("fftshift", x, axes)
    return jnp.roll(x, tuple(x.shape[axis] // 2 for axis in chosen), chosen)


@op("ifftshift")
def ifftshift(x: Any, axes: Any = None) -> Any:
    """Inverse of `fftshift`.

    Args:
        x: Tensor.
        axes: Axis or axes to turn; all when None.

    Returns:
        Tensor like `x`.

    Raises:
        ValueError: An axis is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.ifftshift([-2, -1, 0, 1, 2]).numpy().tolist()
        [0, 1, 2, -2, -1]

    Source: `tf.signal.ifftshift`.
    """
    chosen = _shift_axes("ifftshift", x, axes)
    return jnp.roll(x, tuple(-(x.shape[axis] // 2) for axis in chosen), chosen)
