"""Rows of ops/nn/convolution.py, convolution_transpose.py, depthwise.py and morphology.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.testing import windows
from thalweg._src.testing.rows import Row


def _conv(
    x: Any,
    w: Any,
    strides: Any = None,
    padding: Any = "VALID",
    data_format: Any = None,
    dilations: Any = None,
) -> Any:
    if data_format is not None and data_format.startswith("NC"):
        return np.moveaxis(
            windows.convolve(np.moveaxis(x, 1, -1), w, strides, padding, dilations), -1, 1
        )
    return windows.convolve(x, w, strides, padding, dilations)


def _transposed(
    x: Any,
    w: Any,
    shape: Any,
    strides: Any,
    padding: Any = "SAME",
    data_format: Any = None,
    dilations: Any = None,
) -> Any:
    if data_format is not None and data_format.startswith("NC"):
        inner = [shape[0], *shape[2:], shape[1]]
        return np.moveaxis(
            windows.transposed(np.moveaxis(x, 1, -1), w, inner, strides, padding, dilations), -1, 1
        )
    return windows.transposed(x, w, shape, strides, padding, dilations)


def _depthwise(
    x: Any, w: Any, strides: Any, padding: Any, data_format: Any = None, dilations: Any = None
) -> Any:
    if data_format == "NCHW":
        return np.moveaxis(
            windows.depthwise(np.moveaxis(x, 1, -1), w, strides, padding, dilations), -1, 1
        )
    return windows.depthwise(x, w, strides, padding, dilations)


def _separable(x: Any, w: Any, p: Any, strides: Any, padding: Any) -> Any:
    return windows.convolve(windows.depthwise(x, w, strides, padding), p)


def _dilation(x: Any, w: Any, strides: Any, padding: Any, data_format: Any, dilations: Any) -> Any:
    return windows.morphology(x, w, strides, padding, dilations)


def _erosion(x: Any, w: Any, strides: Any, padding: Any, data_format: Any, dilations: Any) -> Any:
    return -windows.morphology(-x, w[::-1, ::-1], strides, padding, dilations)


def _gradient_to_input(sizes: Any, w: Any, g: Any, strides: Any, padding: Any) -> Any:
    out = np.zeros(sizes, g.dtype)
    for i in np.ndindex(*sizes):
        one = np.zeros(sizes, g.dtype)
        one[i] = 1
        out[i] = np.sum(windows.depthwise(one, w, strides, padding) * g)
    return out


def _gradient_to_filter(x: Any, sizes: Any, g: Any, strides: Any, padding: Any) -> Any:
    out = np.zeros(sizes, g.dtype)
    for i in np.ndindex(*sizes):
        one = np.zeros(sizes, g.dtype)
        one[i] = 1
        out[i] = np.sum(windows.depthwise(x, one, strides, padding) * g)
    return out


CONVOLUTION = [
    Row(
        "nn.conv1d",
        lambda m: (m(m.n, 6, 2), m(3, 2, 3), 2, "SAME"),
        reference=_conv,
        gradient=(0, 1),
    ),
    Row(
        "nn.conv1d",
        lambda m: (m(m.n, 2, 6), m(2, 2, 1), 1, "VALID", "NCW", 3),
        reference=_conv,
        gradient=(0, 1),
        label="dilated_channels_first",
    ),
    Row(
        "nn.conv2d",
        lambda m: (m(m.n, 5, 4, 2), m(3, 2, 2, 3), 1, "SAME"),
        reference=_conv,
        gradient=(0, 1),
    ),
    Row(
        "nn.conv2d",
        lambda m: (m(m.n, 5, 6, 1), m(3, 3, 1, 2), [1, 2, 3, 1], "VALID"),
        reference=_conv,
        gradient=(0, 1),
        label="strided",
    ),
    Row(
        "nn.conv2d",
        lambda m: (m(m.n, 4, 4, 3), m(1, 1, 3, 2), 2, "VALID"),
        reference=_conv,
        gradient=(0, 1),
        label="pointwise",
    ),
    Row(
        "nn.conv2d",
        lambda m: (m(m.n, 4, 3, 4), m(2, 2, 2, 4), 1, [[0, 0], [2, 1], [0, 1], [0, 0]]),
        reference=_conv,
        gradient=(0, 1),
        label="groups_explicit_padding",
    ),
    Row(
        "nn.conv2d",
        lambda m: (m(m.n, 2, 5, 5), m(3, 3, 2, 2), 1, "SAME", "NCHW", [2, 1]),
        reference=_conv,
        gradient=(0, 1),
        label="channels_first",
    ),
    Row(
        "nn.conv2d",
        lambda m: (m.ints(m.n, 4, 4, 2), m.ints(3, 3, 2, 2), 1, "SAME"),
        reference=_conv,
        label="integers",
    ),
    Row(
        "nn.conv3d",
        lambda m: (m(m.n, 3, 4, 3, 1), m(2, 2, 3, 1, 2), [1] * 5, "SAME"),
        reference=_conv,
        gradient=(0, 1),
    ),
    Row("nn.convolution", lambda m: (m(m.n, 5, 1), m(2, 1, 2)), {"dilations": 2}, reference=_conv),
    Row(
        "nn.atrous_conv2d",
        lambda m: (m(m.n, 5, 5, 1), m(2, 2, 1, 2), 2, "SAME"),
        reference=lambda x, w, rate, padding: windows.convolve(x, w, None, padding, rate),
    ),
    Row("nn.bias_add", lambda m: (m(m.n, 4, 3), m(3)), reference=np.add, gradient=(0, 1)),
    Row(
        "nn.bias_add",
        lambda m: (m(m.n, 3, 2, 2), m(3)),
        {"data_format": "NCHW"},
        reference=lambda x, b, data_format: x + b[:, None, None],
        gradient=(0, 1),
        label="channels_first",
    ),
]

TRANSPOSED = [
    Row(
        "nn.conv1d_transpose",
        lambda m: (m(m.n, 3, 2), m(3, 1, 2), [7], 2, "VALID"),
        reference=_transposed,
        gradient=(0, 1),
    ),
    Row(
        "nn.conv2d_transpose",
        lambda m: (m(m.n, 3, 2, 2), m(3, 3, 1, 2), [6, 4], 2),
        reference=_transposed,
        gradient=(0, 1),
    ),
    Row(
        "nn.conv2d_transpose",
        lambda m: (m(m.n, 2, 2, 3), m(2, 2, 1, 2), [m.n, 1, 4, 6], 2, "SAME", "NCHW"),
        reference=_transposed,
        label="channels_first",
        symbolic=False,
        note="The batch size is part of output_shape.",
    ),
    Row(
        "nn.conv3d_transpose",
        lambda m: (m(m.n, 2, 1, 2, 1), m(2, 2, 2, 2, 1), [4, 2, 4], 2),
        reference=_transposed,
        gradient=(0, 1),
    ),
    Row("nn.conv_transpose", lambda m: (m(m.n, 3, 1), m(2, 1, 1), [6], 2), reference=_transposed),
    Row(
        "nn.atrous_conv2d_transpose",
        lambda m: (m(m.n, 3, 3, 1), m(2, 2, 1, 1), [5, 5], 2, "VALID"),
        reference=lambda x, w, shape, rate, padding: windows.transposed(
            x, w, shape, 1, padding, rate
        ),
    ),
]

DEPTHWISE = [
    Row(
        "nn.depthwise_conv2d",
        lambda m: (m(m.n, 4, 5, 2), m(3, 3, 2, 1), [1, 1, 1, 1], "SAME"),
        reference=_depthwise,
        gradient=(0, 1),
    ),
    Row(
        "nn.depthwise_conv2d",
        lambda m: (m(m.n, 10, 3, 2), m(2, 3, 2, 2), [1, 2, 1, 1], "SAME"),
        reference=_depthwise,
        gradient=(0, 1),
        label="strided_multiplier",
    ),
    Row(
        "nn.depthwise_conv2d",
        lambda m: (m(m.n, 2, 5, 4), m(2, 2, 2, 1), 1, "VALID", "NCHW", [2, 1]),
        reference=_depthwise,
        gradient=(0, 1),
        label="dilated_channels_first",
    ),
    Row(
        "nn.separable_conv2d",
        lambda m: (m(m.n, 4, 4, 2), m(2, 2, 2, 2), m(1, 1, 4, 3), [1, 1, 1, 1], "SAME"),
        reference=_separable,
        gradient=(0, 1, 2),
    ),
    Row(
        "nn.depthwise_conv2d_backprop_input",
        lambda m: ([2, 3, 3, 2], m(2, 2, 2, 1), m(2, 3, 3, 2), [1, 1, 1, 1], "SAME"),
        reference=_gradient_to_input,
        gradient=(1, 2),
    ),
    Row(
        "nn.depthwise_conv2d_backprop_filter",
        lambda m: (m(2, 3, 4, 2), [2, 2, 2, 1], m(2, 2, 3, 2), [1, 1, 1, 1], "VALID"),
        reference=_gradient_to_filter,
        gradient=(0, 2),
    ),
]

MORPHOLOGY = [
    Row(
        "nn.dilation2d",
        lambda m: (m(m.n, 4, 4, 2), m(2, 3, 2), [1, 2, 1, 1], "SAME", "NHWC", [1, 1, 1, 1]),
        reference=_dilation,
        gradient=(0, 1),
        second_order=False,
        note="Piecewise linear.",
    ),
    Row(
        "nn.erosion2d",
        lambda m: (m(m.n, 4, 5, 1), m(2, 2, 1), [1, 1, 1, 1], "VALID", "NHWC", [1, 1, 2, 1]),
        reference=_erosion,
        gradient=(0, 1),
        second_order=False,
        note="Piecewise linear.",
    ),
]

ROWS = [*CONVOLUTION, *TRANSPOSED, *DEPTHWISE, *MORPHOLOGY]
