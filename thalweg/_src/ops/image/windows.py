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
    where = "extract_patches"
    size, steps, gaps = (
        _spatial(where, n, v, 2) for n, v in (("sizes", sizes), ("strides", strides), ("rates", rates))
    )
    return patches.extract_patches(
        tensor_of(images), size=size, strides=steps, dilations=gaps, padding=padding, name=name
    )


def extract_volume_patches(
    input: Any, ksizes: Any, strides: Any, padding: str, name: str | None = None
) -> Any:
    """The elements of each block of volumes side by side, in the place of the channels.

    Args:
        input: Real tensor ``(batch, planes, rows, columns, channels)``.
        ksizes: Size of a block as ``[1, planes, rows, columns, 1]``.
        strides: Steps between blocks, likewise.
        padding: ``"VALID"``: blocks lie inside; ``"SAME"``: zeros around.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, blocks down three dimensions, elements of a block * channels)``.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Source: `tf.extract_volume_patches`.
    """
    where = "extract_volume_patches"
    size, steps = (_spatial(where, n, v, 3) for n, v in (("ksizes", ksizes), ("strides", strides)))
    return patches.extract_patches(
        tensor_of(input),
        size=size,
        strides=steps,
        dilations=(1, 1, 1),
        padding=padding,
        where=where,
        name=name,
    )


def _spatial(where: str, what: str, value: Any, rank: int) -> tuple[int, ...]:
    """The numbers of a list without those of batch and channels, which are 1."""
    found = freeze(value)
    numbers = sizes_of(where, what, found) if isinstance(found, tuple) else ()
    if len(numbers) != rank + 2 or numbers[0] != 1 or numbers[-1] != 1 or min(numbers) < 1:
        form = {2: "[1, rows, columns, 1]", 3: "[1, planes, rows, columns, 1]"}[rank]
        raise InvalidArgumentError(f"[{where}] expected {what} as {form}, got {value!r}.")
    return numbers[1:-1]
