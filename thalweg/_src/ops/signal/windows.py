"""Windows: curves by which the samples of a frame are weighted before a transform."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.ops.elementwise import multiply


@op("window")
def _window(*, kind: str, length: int, setting: float, dtype: Any) -> Any:
    wanted = dtypes.as_dtype(dtype)
    if not wanted.is_floating:
        raise DTypeError(
            f"[{kind}_window] expected a floating dtype, got {wanted.name}; windows lie between 0 and 1."
        )
    if not isinstance(length, int) or length < 0:
        raise InvalidArgumentError(
            f"[{kind}_window] expected window_length as a number of at least 0, got {length!r}."
        )
    # In float64 on the host: the values depend on settings only.
    return jnp.asarray(_KINDS[kind](length, setting), wanted.numpy_dtype)


def _raised_cosine(middle: float, length: int, periodic: float) -> Any:
    even = 1 - length % 2
    steps = length - 1 + int(periodic) * even
    if not steps:
        return np.ones(length)
    return middle - (1 - middle) * np.cos(2 * math.pi * np.arange(length) / steps)


def _kaiser(length: int, beta: float) -> Any:
    if length < 2:
        return np.ones(length)
    place = np.linspace(-1, 1, length)
    return np.i0(beta * np.sqrt(np.clip(1 - place**2, 0, None))) / np.i0(beta)


def _kaiser_bessel_derived(length: int, beta: float) -> Any:
    half = length // 2
    total = np.cumsum(_kaiser(half + 1, beta))
    rise = np.sqrt(total[:half] / total[-1])
    return np.concatenate([rise, rise[::-1]])


def _vorbis(length: int, _: float) -> Any:
    place = (np.arange(length) + 0.5) / max(length, 1)
    return np.sin(math.pi / 2 * np.sin(math.pi * place) ** 2)


_KINDS: dict[str, Any] = {
    "hann": lambda length, periodic: _raised_cosine(0.5, length, periodic),
    "hamming": lambda length, periodic: _raised_cosine(0.54, length, periodic),
    "kaiser": _kaiser,
    "kaiser_bessel_derived": _kaiser_bessel_derived,
    "vorbis": _vorbis,
}


def hann_window(
    window_length: Any,
    periodic: bool = True,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Any:
    """Hann window: ``0.5 - 0.5 cos``, from 0 to 1 and back.

    Args:
        window_length: Number of samples.
        periodic: Leave out the last sample of the period, as repeated frames need. Has no effect on
            odd lengths.
        dtype: Floating dtype.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(window_length,)``.

    Raises:
        ValueError: The length is negative.
        TypeError: `dtype` is not floating.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.hann_window(4).numpy().tolist()
        [0.0, 0.5, 1.0, 0.5]

    Source: `tf.signal.hann_window`.
    """
    return _window(
        kind="hann", length=window_length, setting=float(periodic), dtype=dtype, name=name
    )


def hamming_window(
    window_length: Any,
    periodic: bool = True,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Any:
    """Hamming window: ``0.54 - 0.46 cos``, from 0.08 to 1 and back.

    Args:
        window_length: Number of samples.
        periodic: Leave out the last sample of the period, as repeated frames need. Has no effect on
            odd lengths.
        dtype: Floating dtype.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(window_length,)``.

    Raises:
        ValueError: The length is negative.
        TypeError: `dtype` is not floating.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.hamming_window(4).numpy().round(2)
        array([0.08, 0.54, 1.  , 0.54], dtype=float32)

    Source: `tf.signal.hamming_window`.
    """
    return _window(
        kind="hamming", length=window_length, setting=float(periodic), dtype=dtype, name=name
    )


def kaiser_window(
    window_length: Any, beta: Any = 12.0, dtype: Any = dtypes.float32, name: str | None = None
) -> Any:
    """Kaiser window: as much energy as possible in the main lobe.

    Args:
        window_length: Number of samples.
        beta: Shape, 0 or more; larger is narrower with lower side lobes.
        dtype: Floating dtype.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(window_length,)``, symmetric, 1 in the middle.

    Raises:
        ValueError: The length is negative.
        TypeError: `dtype` is not floating.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.kaiser_window(3, beta=0.0).numpy().tolist()
        [1.0, 1.0, 1.0]

    Source: `tf.signal.kaiser_window`.
    """
    return _window(kind="kaiser", length=window_length, setting=beta, dtype=dtype, name=name)


def kaiser_bessel_derived_window(
    window_length: Any, beta: Any = 12.0, dtype: Any = dtypes.float32, name: str | None = None
) -> Any:
    """Kaiser-Bessel derived window, whose halves have squares that add up to 1.

    Args:
        window_length: Number of samples; an odd number is made even by leaving one out.
        beta: Shape, see `kaiser_window`.
        dtype: Floating dtype.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(window_length // 2 * 2,)``.

    Raises:
        ValueError: The length is negative.
        TypeError: `dtype` is not floating.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.kaiser_bessel_derived_window(2).numpy().round(3)
        array([0.707, 0.707], dtype=float32)

    Source: `tf.signal.kaiser_bessel_derived_window`.
    """
    return _window(
        kind="kaiser_bessel_derived", length=window_length, setting=beta, dtype=dtype, name=name
    )


def vorbis_window(window_length: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Any:
    """Vorbis power-complementary window, whose halves have squares that add up to 1.

    Args:
        window_length: Number of samples.
        dtype: Floating dtype.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(window_length,)``.

    Raises:
        ValueError: The length is negative.
        TypeError: `dtype` is not floating.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.vorbis_window(2).numpy().round(3)
        array([0.707, 0.707], dtype=float32)

    Source: `tf.signal.vorbis_window`; the Vorbis I specification.
    """
    return _window(kind="vorbis", length=window_length, setting=0.0, dtype=dtype, name=name)


def windowed(frames: Any, frame_length: Any, window_fn: Callable[..., Any] | None) -> Any:
    """Frames weighted by the window that `window_fn` makes, or as they are for None."""
    if window_fn is None:
        return frames
    return multiply(frames, window_fn(frame_length, dtype=dtypes.as_dtype(frames.dtype)))
