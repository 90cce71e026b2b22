"""Windows as columns or channels, and back: `unfold`, `fold`, `space_to_depth`, `depth_to_space`."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.keras.ops.geometry import op_format
from thalweg._src.ops import blocks
from thalweg._src.ops.nn import patches


@operation
def unfold(x: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Any:
    """The elements of each window of an image as a column.

    Args:
        x: Tensor ``(batch, channels, height, width)``.
        kernel_size: Height and width of a window; one int for both.
        dilation: Steps between the elements of a window, likewise.
        padding: Zeros around the image, likewise.
        stride: Steps between windows, likewise.

    Returns:
        Tensor ``(batch, channels * window elements, windows)``.

    Raises:
        ShapeError: The rank is not 4, or a window is larger than the image.

    Example:
        >>> import thalweg as tf
        >>> x = tf.reshape(tf.range(4.0), (1, 1, 2, 2))
        >>> tf.keras.ops.unfold(x, (1, 2)).numpy().tolist()
        [[[0.0, 2.0], [1.0, 3.0]]]

    Source: `keras.ops.unfold`; `torch.nn.Unfold`.
    """
    return patches.unfold(
        tensor_of(x), size=kernel_size, dilation=dilation, padding=padding, stride=stride
    )


@operation
def fold(
    x: Any,
    output_size: Any,
    kernel_size: Any,
    dilation: Any = 1,
    padding: Any = 0,
    stride: Any = 1,
) -> Any:
    """Image of which the columns are the windows; elements of several windows are added.

    Args:
        x: Tensor ``(batch, channels * window elements, windows)``.
        output_size: Height and width of the image; one int for both.
        kernel_size: Height and width of a window, likewise.
        dilation: Steps between the elements of a window, likewise.
        padding: Zeros that were around the image, likewise.
        stride: Steps between windows, likewise.

    Returns:
        Tensor ``(batch, channels, height, width)``.

    Raises:
        ShapeError: The columns are not the windows of such an image.

    Source: `keras.ops.fold`; `torch.nn.Fold`.
    """
    return patches.fold(
        tensor_of(x),
        output_size=output_size,
        size=kernel_size,
        dilation=dilation,
        padding=padding,
        stride=stride,
    )


@operation
def space_to_depth(x: Any, block_size: int, data_format: str | None = "channels_last") -> Any:
    """Blocks of an image as channels.

    Args:
        x: Tensor ``(batch, height, width, channels)``, or channels second.
        block_size: Height and width of a block; both sizes of the image must be its multiples.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor ``(batch, rows, columns, block_size² * channels)``.

    Raises:
        ValueError: The sizes are no multiples.

    Source: `keras.ops.space_to_depth`.
    """
    return blocks.space_to_depth(tensor_of(x), block_size, op_format("space_to_depth", data_format, 2))


@operation
def depth_to_space(x: Any, block_size: int, data_format: str | None = "channels_last") -> Any:
    """Channels as blocks of a larger image: the inverse of `space_to_depth`.

    Args:
        x: Tensor ``(batch, height, width, block_size² * channels)``, or channels second.
        block_size: Height and width of a block.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor ``(batch, height * block_size, width * block_size, channels)``.

    Raises:
        ValueError: The number of channels is no multiple.

    Source: `keras.ops.depth_to_space`.
    """
    return blocks.depth_to_space(tensor_of(x), block_size, op_format("depth_to_space", data_format, 2))
