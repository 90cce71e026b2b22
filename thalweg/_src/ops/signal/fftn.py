"""Fourier transforms over any axes."""

from __future__ import annotations

from typing import Any

from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.opdef import op
from thalweg._src.ops.signal.fft import COMPLEX, last_axes, lengths_of, need_signal
from thalweg._src.ops.support import axis_of

_NORMS = (None, "backward", "ortho", "forward")


def _settings(where: str, x: Any, fft_length: Any, axes: Any, norm: Any) -> dict[str, Any]:
    """Keywords for NumPy's functions over several axes, checked."""
    if norm not in _NORMS:
        raise InvalidArgumentError(
            f"[{where}] expected norm as one of {_NORMS}, got {norm!r}; ortho divides both directions "
            "by the root of the size."
        )
    if axes is None:
        count = x.ndim if fft_length is None or isinstance(fft_length, int) else len(fft_length)
        axes = last_axes(count)
    else:
        given = (axes,) if isinstance(axes, int) else axes
        axes = tuple(axis_of(where, axis, x.ndim) for axis in given)
    return {"s": lengths_of(where, fft_length, len(axes)), "axes": axes, "norm": norm}


@op("fftnd", inputs=("input_tensor",))
def fftnd(input_tensor: Any, fft_length: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """Discrete Fourier transform over any axes.

    Args:
        input_tensor: Tensor of dtype complex64 or complex128.
        fft_length: Sizes to which the axes are cropped or padded with zeros first.
        axes: Axes; all when None, or the last ones if `fft_length` has fewer sizes.
        norm: ``"backward"`` divides the inverse by the size, ``"forward"`` this direction, ``"ortho"``
            both by its root. None is ``"backward"``.

    Returns:
        Complex tensor.

    Raises:
        ValueError: An axis is out of range, or the numbers of axes and sizes differ.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.fftnd([[1 + 0j, 1], [0, 0]], axes=[0]).numpy().real.tolist()
        [[1.0, 1.0], [1.0, 1.0]]

    Source: `tf.signal.fftnd`, which has no CPU kernel there; `numpy.fft.fftn`.
    """
    need_signal("fftnd", input_tensor, 1, COMPLEX)
    return jnp.fft.fftn(input_tensor, **_settings("fftnd", input_tensor, fft_length, axes, norm))


@op("ifftnd", inputs=("input_tensor",))
def ifftnd(input_tensor: Any, fft_length: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """Inverse of `fftnd`.

    Args:
        input_tensor: Tensor of dtype complex64 or complex128.
        fft_length: Sizes to which the axes are cropped or padded with zeros first.
        axes: Axes; all when None, or the last ones if `fft_length` has fewer sizes.
        norm: Which direction is divided by the size, see `fftnd`.

    Returns:
        Complex tensor.

    Raises:
        ValueError: An axis is out of range, or the numbers of axes and sizes differ.

    Source: `tf.signal.ifftnd`; `numpy.fft.ifftn`.
    """
    need_signal("ifftnd", input_tensor, 1, COMPLEX)
    return jnp.fft.ifftn(input_tensor, **_settings("ifftnd", input_tensor, fft_length, axes, norm))


@op("rfftnd", inputs=("input_tensor",))
def rfftnd(input_tensor: Any, fft_length: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """Fourier transform of real values over any axes, without its redundant half.

    Args:
        input_tensor: Tensor of dtype float32 or float64.
        fft_length: Sizes to which the axes are cropped or padded with zeros first.
        axes: Axes; all when None, or the last ones if `fft_length` has fewer sizes. The last of them
            is halved.
        norm: Which direction is divided by the size, see `fftnd`.

    Returns:
        Complex tensor, of size ``n // 2 + 1`` along the last of the axes.

    Raises:
        ValueError: An axis is out of range, or the numbers of axes and sizes differ.

    Source: `tf.signal.rfftnd`; `numpy.fft.rfftn`.
    """
    need_signal("rfftnd", input_tensor, 1)
    return jnp.fft.rfftn(input_tensor, **_settings("rfftnd", input_tensor, fft_length, axes, norm))


@op("irfftnd", inputs=("input_tensor",))
def irfftnd(input_tensor: Any, fft_length: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """Inverse of `rfftnd`.

    Args:
        input_tensor: Tensor of dtype complex64 or complex128.
        fft_length: Sizes of the result along the axes; ``2 * (size - 1)`` for the last when None.
        axes: Axes; all when None, or the last ones if `fft_length` has fewer sizes.
        norm: Which direction is divided by the size, see `fftnd`.

    Returns:
        Real tensor.

    Raises:
        ValueError: An axis is out of range, or the numbers of axes and sizes differ.

    Source: `tf.signal.irfftnd`; `numpy.fft.irfftn`.
    """
    need_signal("irfftnd", input_tensor, 1, COMPLEX)
    settings = _settings("irfftnd", input_tensor, fft_length, axes, norm)
    return jnp.fft.irfftn(input_tensor, **settings)
