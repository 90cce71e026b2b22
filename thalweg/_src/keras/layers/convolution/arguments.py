"""Arguments that convolutions and poolings share: sizes for each dimension, padding, output sizes."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import ShapeError


def sizes_of(where: str, name: str, value: Any, rank: int) -> tuple[int, ...]:
    """A size for each of `rank` dimensions.

    Args:
        where: Name of the layer, for messages.
        name: Name of the argument, for messages.
        value: Positive int, or as many of them as there are dimensions.
        rank: Number of dimensions.

    Raises:
        ValueError: Another number of sizes, or one that is not positive.
    """
    sizes = (value,) * rank if isinstance(value, int) else tuple(value)
    if len(sizes) != rank or not all(isinstance(s, int) and s > 0 for s in sizes):
        raise ValueError(
            f"[{where}] expected {name} as a positive int or {rank} of them, got {value!r}."
        )
    return sizes


def padding_of(where: str, padding: Any) -> str:
    """``"valid"`` or ``"same"``.

    Args:
        where: Name of the layer, for messages.
        padding: The same, in any case.

    Raises:
        ValueError: Another name.
    """
    chosen = str(padding).lower()
    if chosen not in ("valid", "same"):
        raise ValueError(f"[{where}] expected padding 'valid' or 'same', got {padding!r}.")
    return chosen


def image_sizes(
    where: str, shape: Any, data_format: str
) -> tuple[tuple[int | None, ...], int | None]:
    """Spatial sizes and channels of a shape ``(batch, ...)``.

    Args:
        where: Name of the layer, for messages.
        shape: Shape of the inputs.
        data_format: ``"channels_last"`` or ``"channels_first"``.

    Raises:
        ShapeError: The shape has not four sizes.
    """
    shape = tuple(shape)
    if len(shape) != 4:
        raise ShapeError(
            f"[{where}] expected inputs of shape (batch, height, width, channels), got {shape}; add a "
            "dimension with tf.expand_dims, or fold others with Reshape."
        )
    if data_format == "channels_last":
        return shape[1:3], shape[3]
    return shape[2:], shape[1]


def window_counts(
    where: str,
    sizes: tuple[int | None, ...],
    windows: tuple[int, ...],
    strides: tuple[int, ...],
    padding: str,
    dilations: tuple[int, ...] | None = None,
) -> tuple[int | None, ...]:
    """Number of windows along each dimension; None where the size is unknown.

    Args:
        where: Name of the layer, for messages.
        sizes: Sizes of the inputs.
        windows: Sizes of a window.
        strides: Steps between windows.
        padding: ``"valid"`` or ``"same"``.
        dilations: Steps between the elements of a window; 1 when None.

    Raises:
        ShapeError: A window is larger than the inputs.
    """
    counts: list[int | None] = []
    for size, window, stride, gap in zip(
        sizes, windows, strides, dilations or (1,) * len(sizes), strict=True
    ):
        if size is None:
            counts.append(None)
            continue
        reach = (window - 1) * gap + 1
        count = -(-size // stride) if padding == "same" else (size - reach) // stride + 1
        if count < 1:
            raise ShapeError(
                f"[{where}] expected inputs of at least the window's size {windows}, got spatial sizes "
                f"{sizes}: too many poolings or strides before it, or use padding='same'."
            )
        counts.append(count)
    return tuple(counts)


def image_shape(
    batch: int | None, sizes: tuple[int | None, ...], channels: int | None, data_format: str
) -> tuple[int | None, ...]:
    """Shape of images in a layout."""
    if data_format == "channels_last":
        return (batch, *sizes, channels)
    return (batch, channels, *sizes)


def op_format(data_format: str) -> str:
    """The name that ops have for a layout."""
    return "NHWC" if data_format == "channels_last" else "NCHW"
