"""Window functions: weights that fall off towards both ends of a signal.

The number of points decides the shape, so that it must be known; the weights are made on the host in
float64 and rounded once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.base.errors import ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import from_host
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.base.policy import floatx
from thalweg._src.ops.support import known_value


def _scalar(where: str, what: str, value: Any) -> Any:
    found = known_value(where, what, value, "give a number")
    if found.ndim:
        raise ShapeError(
            f"[{where}] expected {what} as a number, got shape {found.shape}; take one element."
        )
    return found.item()


def _window(where: str, function: Callable[..., Any], x: Any, *settings: Any) -> Any:
    count = int(_scalar(where, "x", x))
    wanted = dtypes.as_dtype(floatx()).numpy_dtype
    return from_host(np.asarray(function(count, *settings)).astype(wanted))


@operation
def bartlett(x: Any) -> Any:
    """Bartlett's window, a triangle from 0 to 1 and back.

    Args:
        x: Number of points; 0 and less give none.

    Returns:
        Tensor of shape ``(x,)`` in ``floatx()``.

    Raises:
        TypeError: `x` is symbolic, or its value is not known while a program is compiled.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.bartlett(5).numpy().tolist()
        [0.0, 0.5, 1.0, 0.5, 0.0]

    Source: `keras.ops.bartlett`.
    """
    return _window("bartlett", np.bartlett, x)


@operation
def blackman(x: Any) -> Any:
    """Blackman's window, a sum of three cosines that is nearly 0 at its ends.

    Args:
        x: Number of points; 0 and less give none.

    Returns:
        Tensor of shape ``(x,)`` in ``floatx()``.

    Raises:
        TypeError: `x` is symbolic, or its value is not known while a program is compiled.

    Source: `keras.ops.blackman`.
    """
    return _window("blackman", np.blackman, x)


@operation
def hamming(x: Any) -> Any:
    """Hamming's window, a raised cosine of 0.08 at its ends.

    Args:
        x: Number of points; 0 and less give none.

    Returns:
        Tensor of shape ``(x,)`` in ``floatx()``.

    Raises:
        TypeError: `x` is symbolic, or its value is not known while a program is compiled.

    Source: `keras.ops.hamming`.
    """
    return _window("hamming", np.hamming, x)


@operation
def hanning(x: Any) -> Any:
    """Hann's window, a raised cosine of 0 at its ends.

    Args:
        x: Number of points; 0 and less give none.

    Returns:
        Tensor of shape ``(x,)`` in ``floatx()``.

    Raises:
        TypeError: `x` is symbolic, or its value is not known while a program is compiled.

    Source: `keras.ops.hanning`.
    """
    return _window("hanning", np.hanning, x)


@operation
def kaiser(x: Any, beta: Any) -> Any:
    """Kaiser's window, made of Bessel functions.

    Args:
        x: Number of points; 0 and less give none.
        beta: Shape: 0 is a rectangle, 5 resembles `hamming`, 6 `hanning`, 8.6 `blackman`.

    Returns:
        Tensor of shape ``(x,)`` in ``floatx()``.

    Raises:
        TypeError: An argument is symbolic, or its value is not known while a program is compiled.

    Source: `keras.ops.kaiser`.
    """
    return _window("kaiser", np.kaiser, x, _scalar("kaiser", "beta", beta))
