"""What networks are made of, in the conventions of Keras 2: convolutions, poolings, normalization, CTC."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras.base.settings import epsilon as fuzz
from thalweg._src.keras.base.settings import image_data_format
from thalweg._src.keras.ops import ctc, normalization, pooling
from thalweg._src.keras.ops.arithmetic import add
from thalweg._src.keras.ops.convolution import conv, depthwise_conv, separable_conv
from thalweg._src.keras.ops.exponential import log
from thalweg._src.keras.ops.padding import pad
from thalweg._src.keras.ops.shaping import expand_dims, reshape, squeeze
from thalweg._src.ops.casting import cast
from thalweg._src.ops.inspection import shape
from thalweg._src.ops.nn import convolution_transpose
from thalweg._src.random import dropout as dropping


def conv1d(
    x: Any,
    kernel: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Any:
    """Convolution of sequences.

    Args:
        x: Tensor ``(batch, time, channels)``, or channels second.
        kernel: Tensor ``(window, channels, outputs)``.
        strides: Steps between windows.
        padding: ``"valid"``, ``"same"``, or ``"causal"`` for windows that end at their step.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        dilation_rate: Steps between the elements of a window.

    Source: `tf.keras.backend.conv1d`.
    """
    if padding == "causal":
        before = dilation_rate * (tuple(kernel.shape)[0] - 1)
        first = (data_format or image_data_format()) == "channels_first"
        x = pad(x, [(0, 0), (0, 0), (before, 0)] if first else [(0, 0), (before, 0), (0, 0)])
        padding = "valid"
    return conv(x, kernel, strides, padding, data_format, dilation_rate)


def conv2d(
    x: Any,
    kernel: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = (1, 1),
) -> Any:
    """Convolution of images.

    Args:
        x: Tensor ``(batch, height, width, channels)``, or channels second.
        kernel: Tensor ``(height, width, channels, outputs)``.
        strides: Steps between windows.
        padding: ``"valid"`` or ``"same"``.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        dilation_rate: Steps between the elements of a window.

    Source: `tf.keras.backend.conv2d`.
    """
    return conv(x, kernel, strides, padding, data_format, dilation_rate)


def conv3d(
    x: Any,
    kernel: Any,
    strides: Any = (1, 1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = (1, 1, 1),
) -> Any:
    """Convolution of volumes.

    Args:
        x: Tensor ``(batch, depth, height, width, channels)``, or channels second.
        kernel: Tensor ``(depth, height, width, channels, outputs)``.
        strides: Steps between windows.
        padding: ``"valid"`` or ``"same"``.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        dilation_rate: Steps between the elements of a window.

    Source: `tf.keras.backend.conv3d`.
    """
    return conv(x, kernel, strides, padding, data_format, dilation_rate)


def conv2d_transpose(
    x: Any,
    kernel: Any,
    output_shape: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = (1, 1),
) -> Any:
    """Transposed convolution of images.

    Args:
        x: Tensor ``(batch, height, width, channels)``, or channels second.
        kernel: Tensor ``(height, width, outputs, channels)``.
        output_shape: Shape of the result; None for the number of images.
        strides: Steps between the places at which neighbouring inputs add.
        padding: ``"valid"`` or ``"same"``.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        dilation_rate: Steps between the elements of a kernel.

    Source: `tf.keras.backend.conv2d_transpose`.
    """
    sizes = list(output_shape)
    if sizes[0] is None:
        sizes[0] = shape(x)[0] if x.shape[0] is None else x.shape[0]
    layout = "NCHW" if (data_format or image_data_format()) == "channels_first" else "NHWC"
    return convolution_transpose.conv2d_transpose(
        x, kernel, sizes, strides, padding.upper(), layout, dilation_rate
    )


def depthwise_conv2d(
    x: Any,
    depthwise_kernel: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = (1, 1),
) -> Any:
    """Convolution of each channel by itself.

    Args:
        x: Tensor ``(batch, height, width, channels)``, or channels second.
        depthwise_kernel: Tensor ``(height, width, channels, multiplier)``.
        strides: Steps between windows.
        padding: ``"valid"`` or ``"same"``.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        dilation_rate: Steps between the elements of a window.

    Source: `tf.keras.backend.depthwise_conv2d`.
    """
    return depthwise_conv(x, depthwise_kernel, strides, padding, data_format, dilation_rate)


def separable_conv2d(
    x: Any,
    depthwise_kernel: Any,
    pointwise_kernel: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = (1, 1),
) -> Any:
    """Convolution of each channel by itself, then a mixture of the channels at each place.

    Args:
        x: Tensor ``(batch, height, width, channels)``, or channels second.
        depthwise_kernel: Tensor ``(height, width, channels, multiplier)``.
        pointwise_kernel: Tensor ``(1, 1, channels * multiplier, outputs)``.
        strides: Steps between windows.
        padding: ``"valid"`` or ``"same"``.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        dilation_rate: Steps between the elements of a window.

    Source: `tf.keras.backend.separable_conv2d`.
    """
    return separable_conv(
        x, depthwise_kernel, pointwise_kernel, strides, padding, data_format, dilation_rate
    )


def _pooled(
    where: str, x: Any, size: Any, strides: Any, padding: str, layout: str | None, mode: str
) -> Any:
    functions = {"max": pooling.max_pool, "avg": pooling.average_pool}
    if mode not in functions:
        raise InvalidArgumentError(f"[{where}] expected pool_mode 'max' or 'avg', got {mode!r}.")
    return functions[mode](x, size, strides, padding, layout)


def pool2d(
    x: Any,
    pool_size: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    pool_mode: str = "max",
) -> Any:
    """Largest or mean value of each window of images.

    Args:
        x: Tensor ``(batch, height, width, channels)``, or channels second.
        pool_size: Height and width of a window.
        strides: Steps between windows.
        padding: ``"valid"`` or ``"same"``.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        pool_mode: ``"max"`` or ``"avg"``.

    Source: `tf.keras.backend.pool2d`.
    """
    return _pooled("pool2d", x, pool_size, strides, padding, data_format, pool_mode)


def pool3d(
    x: Any,
    pool_size: Any,
    strides: Any = (1, 1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    pool_mode: str = "max",
) -> Any:
    """Largest or mean value of each window of volumes.

    Args:
        x: Tensor ``(batch, depth, height, width, channels)``, or channels second.
        pool_size: Depth, height and width of a window.
        strides: Steps between windows.
        padding: ``"valid"`` or ``"same"``.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        pool_mode: ``"max"`` or ``"avg"``.

    Source: `tf.keras.backend.pool3d`.
    """
    return _pooled("pool3d", x, pool_size, strides, padding, data_format, pool_mode)


def bias_add(x: Any, bias: Any, data_format: str | None = None) -> Any:
    """The tensor plus a bias for each channel, or for each place of a sample.

    Args:
        x: Tensor ``(batch, ..., channels)``, or channels second.
        bias: Tensor ``(channels,)``, or ``(..., channels)`` with one axis less than `x`.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Raises:
        ValueError: `bias` has another rank.

    Source: `tf.keras.backend.bias_add`.
    """
    rank, sizes = len(x.shape), tuple(bias.shape)
    if len(sizes) not in (1, rank - 1):
        raise ShapeError(
            f"[bias_add] expected a bias of rank 1 or {rank - 1} for x of shape {tuple(x.shape)}, got "
            f"shape {sizes}."
        )
    if (data_format or image_data_format()) == "channels_last" or rank < 3:
        return add(x, bias)
    spatial = sizes[:-1] or (1,) * (rank - 2)
    return add(x, reshape(bias, (1, sizes[-1], *spatial)))


def batch_normalization(
    x: Any, mean: Any, var: Any, beta: Any, gamma: Any, axis: int = -1, epsilon: float = 1e-3
) -> Any:
    """``(x - mean) / sqrt(var + epsilon) * gamma + beta``.

    Args:
        x: Tensor ``(batch, ..., channels)``.
        mean: Mean of each channel, with as many elements as there are channels.
        var: Variance, likewise.
        beta: Added at the end, likewise, or None.
        gamma: Factor, likewise, or None.
        axis: Axis of the channels.
        epsilon: Small number that keeps the root away from 0.

    Source: `tf.keras.backend.batch_normalization`.
    """
    vectors = [None if v is None else reshape(v, (-1,)) for v in (mean, var, beta, gamma)]
    return normalization.batch_normalization(
        x, vectors[0], vectors[1], axis, vectors[2], vectors[3], epsilon
    )


def dropout(x: Any, level: float, noise_shape: Any = None, seed: int | None = None) -> Any:
    """The tensor with a fraction of its elements 0, the others scaled so that the mean stays.

    Args:
        x: Tensor.
        level: Fraction to drop, in [0, 1).
        noise_shape: Shape of what is drawn, which broadcasts to that of `x`; None for that of `x`.
        seed: Number that names a stream of draws; the global stream when None.

    Source: `tf.keras.backend.dropout`.
    """
    return dropping.dropout(x, level, noise_shape, seed)


def ctc_batch_cost(y_true: Any, y_pred: Any, input_length: Any, label_length: Any) -> Any:
    """Loss of label sequences, summed over all their alignments with the frames.

    Args:
        y_true: Class numbers ``(batch, labels)``, padded with anything.
        y_pred: Probabilities ``(batch, frames, classes)``; the last class is the blank.
        input_length: Number of frames of each example, ``(batch, 1)``.
        label_length: Number of labels of each example, ``(batch, 1)``.

    Returns:
        Tensor ``(batch, 1)``.

    Source: `tf.keras.backend.ctc_batch_cost`.
    """
    blank = tuple(y_pred.shape)[-1] - 1
    lengths = [squeeze(length, -1) for length in (label_length, input_length)]
    cost = ctc.ctc_loss(y_true, log(add(y_pred, fuzz())), lengths[0], lengths[1], blank)
    return expand_dims(cost, 1)


def ctc_decode(
    y_pred: Any, input_length: Any, greedy: bool = True, beam_width: int = 100, top_paths: int = 1
) -> tuple[list[Any], Any]:
    """Likely label sequences of frames.

    Args:
        y_pred: Probabilities ``(batch, frames, classes)``; the last class is the blank.
        input_length: Number of frames of each example, ``(batch,)``.
        greedy: Whether to take the likeliest class of each frame; else the likeliest sequences are searched.
        beam_width: Number of sequences that the search keeps after each frame.
        top_paths: Number of sequences that the search returns.

    Returns:
        List of int64 tensors ``(batch, frames)``, filled up with -1; and ``(batch, paths)``: for one greedy
        path the negative log-probability, for a search log-probabilities.

    Source: `tf.keras.backend.ctc_decode`.
    """
    blank = tuple(y_pred.shape)[-1] - 1
    strategy = "greedy" if greedy else "beam_search"
    labels, scores = ctc.ctc_decode(
        log(add(y_pred, fuzz())), input_length, strategy, beam_width, top_paths, mask_index=blank
    )
    return [cast(labels[i], "int64") for i in range(1 if greedy else top_paths)], scores
