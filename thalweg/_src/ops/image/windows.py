"""Windows of images: patches side by side."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.door import freeze
from thalweg._src.ops.arguments import sizes_of
from thalweg._src.ops.indices import tensor_of
from thalweg._src.ops.nn import patches


def extract_patches(
    images: Any, sizes: Any, strides: Any, rates: Any, padding: str, name: str | None = None
) -> Any:
    """The pixels of each window of images side by side, in the place of the channels.

    Args:
        images: Real tensor ``(batch, height, width, channels)``.
        sizes: Size of a window as ``[1, rows, columns, 1]``.
        strides: Steps between windows, likewise.
        rates: Steps between the pixels of a window, likewise.
        padding: ``"VALID"``: windows lie inside; ``"SAME"``: zeros around.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, windows down, windows across, rows * columns * channels)``; the channels of a pixel
        lie together.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> x = tf.reshape(tf.range(16), (1, 4, 4, 1))
        >>> tf.image.extract_patches(x, [1, 2, 2, 1], [1, 2, 2, 1], [1, 1, 1, 1], "VALID").numpy()[0, 0, 0]
        array([0, 1, 4, 5], dtype=int32)

    Source: `tf.image.extract_patches`.
    """
    each = (_spatial(n, v) for n, v in (("sizes", sizes), ("strides", strides), ("rates", rates)))
    size, steps, gaps = each
    return patches.extract_patches(
        tensor_of(images), size=size, strides=steps, dilations=gaps, padding=padding, name=name
    )


def _spatial(what: str, value: Any) -> tuple[int, ...]:
    """The two middle ones of four numbers."""
    found = freeze(value)
    numbers = sizes_of("extract_patches", what, found) if isinstance(found, tuple) else ()
    if len(numbers) != 4 or numbers[0] != 1 or numbers[3] != 1 or min(numbers) < 1:
        raise InvalidArgumentError(
            f"[extract_patches] expected {what} as [1, rows, columns, 1], got {value!r}."
        )
    return numbers[1:3]
