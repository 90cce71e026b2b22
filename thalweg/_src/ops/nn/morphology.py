"""Greyscale dilation and erosion: convolution with maximum and sum in place of sum and product."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.elementwise import negative
from thalweg._src.ops.nn.conv_kernels import is_empty, padded, shifts, tap
from thalweg._src.ops.nn.windows import Window, channels_last, check_padding, spatial, window
from thalweg._src.ops.reordering import reverse
from thalweg._src.ops.support import REAL, needs


def _lowest(dtype: Any) -> Any:
    return np.iinfo(dtype).min if dtype.kind in "iu" else -np.inf


def _geometry(
    input: Any, filters: Any, strides: Any, padding: Any, dilations: Any, where: str
) -> Window:
    if input.ndim != 4 or filters.ndim != 3 or filters.shape[-1] != input.shape[-1]:
        raise ShapeError(
            f"[{where}] expected an input (batch, height, width, channels) and filters (height, width, "
            f"channels), got shapes {tuple(input.shape)} and {tuple(filters.shape)}."
        )
    return window(
        filters.shape[:2],
        spatial(where, "strides", strides, 2, True),
        spatial(where, "dilations", dilations, 2, True),
        check_padding(where, padding, 2, True),
        input.shape[1:3],
    )


@op("dilation2d", inputs=("input", "filters"))
def _dilation2d(
    input: Any, filters: Any, *, strides: Any, padding: Any, dilations: Any, where: str
) -> Any:
    """Largest of the sums of input and filter in each window; the first one takes the gradient."""
    needs(where, REAL, input)
    geometry = _geometry(input, filters, strides, padding, dilations, where)
    out = geometry.output_sizes(input.shape[1:3])
    shape = (input.shape[0], *out, input.shape[-1])
    if is_empty(shape):
        return jnp.zeros(shape, input.dtype)
    xp = padded(input, geometry, _lowest(input.dtype))
    best = None
    for at in shifts(geometry):
        seen = tap(xp, at, geometry, out)
        if input.dtype.kind == "f":
            seen = seen + filters[at]
        else:  # the lowest integer must not wrap around
            seen = jnp.where(seen == _lowest(input.dtype), seen, seen + filters[at])
        best = seen if best is None else jnp.where((best >= seen) | (best != best), best, seen)
    return best


def _check_format(where: str, data_format: Any) -> None:
    if not channels_last(where, data_format, 2):
        raise InvalidArgumentError(
            f"[{where}] expected data_format 'NHWC', got {data_format!r}; transpose the input first."
        )


def dilation2d(
    input: Any,
    filters: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilations: Any,
    name: str | None = None,
) -> Any:
    """Greyscale dilation: the largest of ``input + filters`` in each window, channel by channel.

    Args:
        input: Tensor ``(batch, height, width, channels)`` of a real dtype.
        filters: Tensor ``(window height, window width, channels)`` of the same dtype.
        strides: Steps between windows: a list of 4, or an int or 2.
        padding: ``"VALID"`` or ``"SAME"``; padding is never the largest.
        data_format: ``"NHWC"``.
        dilations: Steps between the elements of a window: a list of 4, or an int or 2.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, rows, columns, channels)``. The gradient goes to the first of equal maxima.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> x = tf.reshape([1.0, 2.0, 3.0, 4.0], (1, 2, 2, 1))
        >>> tf.nn.dilation2d(x, tf.zeros((2, 2, 1)), [1] * 4, "VALID", "NHWC", [1] * 4).numpy().item()
        4.0

    Source: Serra, "Image analysis and mathematical morphology" (1982); `tf.nn.dilation2d`.
    """
    _check_format("dilation2d", data_format)
    return _dilation2d(
        input,
        filters,
        strides=strides,
        padding=padding,
        dilations=dilations,
        where="dilation2d",
        name=name,
    )


def erosion2d(
    value: Any,
    filters: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilations: Any,
    name: str | None = None,
) -> Any:
    """Greyscale erosion: the smallest of ``value - filters turned by half`` in each window.

    It is the dual of dilation: ``-dilation2d(-value, reverse(filters))``.

    Args:
        value: Tensor ``(batch, height, width, channels)`` of a real dtype.
        filters: Tensor ``(window height, window width, channels)`` of the same dtype.
        strides: Steps between windows: a list of 4, or an int or 2.
        padding: ``"VALID"`` or ``"SAME"``; padding is never the smallest.
        data_format: ``"NHWC"``.
        dilations: Steps between the elements of a window: a list of 4, or an int or 2.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, rows, columns, channels)``.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> x = tf.reshape([1.0, 2.0, 3.0, 4.0], (1, 2, 2, 1))
        >>> tf.nn.erosion2d(x, tf.zeros((2, 2, 1)), [1] * 4, "VALID", "NHWC", [1] * 4).numpy().item()
        1.0

    Source: Serra, "Image analysis and mathematical morphology" (1982); `tf.nn.erosion2d`.
    """
    _check_format("erosion2d", data_format)
    turned = reverse(filters, [0, 1])
    found = _dilation2d(
        negative(value),
        turned,
        strides=strides,
        padding=padding,
        dilations=dilations,
        where="erosion2d",
    )
    return negative(found, name=name)
