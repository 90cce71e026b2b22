"""Layers of the convolution family.

`golden=False`: TensorFlow on CPU has no channels-first or grouped convolution with gradients, and Keras
refuses strides with dilation; `tests/keras/layers/convolution` compares those with what is recorded.
"""

from __future__ import annotations

from tests.keras.layers.rows.spec import L, Row

ROWS = [
    Row("conv1d", L("Conv1D", 3, 2, activation="tanh"), ((2, 5, 2),)),
    Row(
        "conv1d-causal",
        L("Conv1D", 2, 3, padding="causal", dilation_rate=2, use_bias=False),
        ((2, 5, 2),),
    ),
    Row("conv1d-same", L("Conv1D", 2, 3, strides=2, padding="same"), ((2, 6, 2),)),
    Row(
        "conv1d-first",
        L("Conv1D", 2, 2, padding="causal", data_format="channels_first"),
        ((2, 2, 4),),
        golden=False,
    ),
    Row("conv2d", L("Conv2D", 3, (2, 3), padding="same", activation="tanh"), ((2, 3, 4, 2),)),
    Row("conv2d-strided", L("Conv2D", 2, 2, strides=(2, 1)), ((2, 5, 4, 1),)),
    Row("conv2d-dilated", L("Conv2D", 2, 2, dilation_rate=(1, 2), use_bias=False), ((2, 3, 4, 2),)),
    Row("conv2d-groups", L("Conv2D", 4, 2, groups=2), ((2, 3, 3, 4),), golden=False),
    Row(
        "conv2d-first",
        L("Conv2D", 2, 2, strides=2, dilation_rate=2, data_format="channels_first"),
        ((2, 2, 5, 4),),
        golden=False,
    ),
    Row("conv2d-adapted", L("Conv2D", 2, 2, lora_rank=1), ((2, 3, 3, 2),)),
    Row("conv3d", L("Conv3D", 2, (1, 2, 2)), ((2, 2, 3, 3, 2),)),
    Row("conv1d-transpose", L("Conv1DTranspose", 2, 3, strides=2), ((2, 3, 2),)),
    Row(
        "conv1d-transpose-same",
        L("Conv1DTranspose", 2, 3, strides=2, padding="same", activation="tanh"),
        ((2, 3, 2),),
    ),
    Row(
        "conv1d-transpose-extra",
        L("Conv1DTranspose", 2, 3, strides=2, padding="same", output_padding=1),
        ((2, 3, 2),),
    ),
    Row(
        "conv2d-transpose",
        L("Conv2DTranspose", 2, (2, 3), strides=(2, 3), output_padding=(1, 2)),
        ((2, 2, 3, 2),),
    ),
    Row(
        "conv2d-transpose-dilated",
        L("Conv2DTranspose", 2, 2, dilation_rate=2, padding="same", use_bias=False),
        ((2, 3, 3, 2),),
    ),
    Row(
        "conv2d-transpose-first",
        L("Conv2DTranspose", 1, 2, strides=2, data_format="channels_first"),
        ((2, 2, 2, 3),),
        golden=False,
    ),
    Row("conv3d-transpose", L("Conv3DTranspose", 1, 2, strides=(1, 2, 1)), ((2, 2, 2, 2, 2),)),
    Row("depthwise-conv1d", L("DepthwiseConv1D", 2, depth_multiplier=2), ((2, 4, 3),)),
    Row(
        "depthwise-conv1d-same",
        L("DepthwiseConv1D", 3, strides=2, padding="same", activation="tanh"),
        ((2, 5, 2),),
    ),
    Row("depthwise-conv2d", L("DepthwiseConv2D", (2, 3), padding="same"), ((2, 3, 4, 2),)),
    Row(
        "depthwise-conv2d-strided",
        L("DepthwiseConv2D", 2, strides=2, depth_multiplier=2, use_bias=False),
        ((2, 4, 4, 2),),
    ),
    Row(
        "depthwise-conv2d-first",
        L("DepthwiseConv2D", 2, dilation_rate=2, data_format="channels_first"),
        ((2, 2, 4, 3),),
        golden=False,
    ),
    Row("separable-conv1d", L("SeparableConv1D", 2, 2, depth_multiplier=2), ((2, 4, 3),)),
    Row(
        "separable-conv2d",
        L("SeparableConv2D", 3, 2, padding="same", activation="tanh"),
        ((2, 3, 3, 2),),
    ),
    Row(
        "separable-conv2d-first",
        L("SeparableConv2D", 2, 2, strides=2, data_format="channels_first"),
        ((2, 2, 4, 3),),
        golden=False,
    ),
]
