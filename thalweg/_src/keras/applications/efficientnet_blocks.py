"""Blocks that EfficientNet and EfficientNetV2 share."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.applications.frame import Frame, channel_axis
from thalweg._src.keras.initializers.scaled import VarianceScaling
from thalweg._src.keras.layers.convolution.conv2d import Conv2D
from thalweg._src.keras.layers.core.activation import Activation
from thalweg._src.keras.layers.core.dense import Dense
from thalweg._src.keras.layers.merging.add import Add
from thalweg._src.keras.layers.merging.multiply import Multiply
from thalweg._src.keras.layers.normalization.batch_normalization import BatchNormalization
from thalweg._src.keras.layers.pooling.global_average_pooling2d import GlobalAveragePooling2D
from thalweg._src.keras.layers.regularization.dropout import Dropout
from thalweg._src.keras.layers.reshaping.reshape import Reshape

DROP_CONNECT = 0.2  # part of the samples that skip the last block in training; earlier ones less
SQUEEZE = 0.25  # features that weigh channels, in units of a block's input


def block_name(stage: int, block: int) -> str:
    """Name of a block: its stage and a letter."""
    return f"block{stage}{chr(ord('a') + block)}"


def squeeze_and_excite(x: Any, squeezed: int, name: str) -> Any:
    """Maps times weights of their channels, which two small layers make of the means of all maps.

    Source: Hu, Shen and Sun, "Squeeze-and-excitation networks", arXiv:1709.01507.
    """
    features = x.shape[channel_axis()]
    shape = (features, 1, 1) if channel_axis() == 1 else (1, 1, features)
    weights = GlobalAveragePooling2D(name=f"{name}_se_squeeze")(x)
    weights = Reshape(shape, name=f"{name}_se_reshape")(weights)
    for layer, filters, activation in (("reduce", squeezed, "silu"), ("expand", features, "sigmoid")):
        weights = Conv2D(
            filters,
            1,
            padding="same",
            activation=activation,
            kernel_initializer=convolution_initializer(),
            name=f"{name}_se_{layer}",
        )(weights)
    return Multiply(name=f"{name}_se_excite")([x, weights])


def added(shortcut: Any, residual: Any, drop_rate: float, name: str) -> Any:
    """Sum of a block's input and output; in training, some samples are without the output."""
    if drop_rate > 0:
        drop = Dropout(drop_rate, noise_shape=(None, 1, 1, 1), name=f"{name}_drop")
        residual = drop(residual)
    return Add(name=f"{name}_add")([residual, shortcut])


def convolution_initializer() -> VarianceScaling:
    """A new initializer for kernels: one that is used twice draws the same twice."""
    return VarianceScaling(2.0, "fan_out", "truncated_normal")


def convolution(
    x: Any, filters: int, kernel_size: int, stride: int, name: str, padding: str = "same"
) -> Any:
    """Convolution that a normalization follows, and so without bias."""
    layer = Conv2D(
        filters,
        kernel_size,
        strides=stride,
        padding=padding,
        use_bias=False,
        kernel_initializer=convolution_initializer(),
        name=name,
    )
    return layer(x)


def normalized(x: Any, name: str, momentum: float = 0.99) -> Any:
    """Batch normalization."""
    return BatchNormalization(axis=channel_axis(), momentum=momentum, name=name)(x)


def activated(x: Any, name: str) -> Any:
    """The activation that all of these networks use."""
    return Activation("silu", name=name)(x)


def head(x: Any, frame: Frame, dropout: float) -> Any:
    """End of the network, with dropout before the classifier."""
    if not frame.include_top:
        return frame.pooled(x, named=True)
    x = GlobalAveragePooling2D(name="avg_pool")(x)
    x = Dropout(dropout, name="top_dropout")(x)
    return Dense(
        frame.classes,
        frame.classifier_activation,
        kernel_initializer=VarianceScaling(1 / 3, "fan_out", "uniform"),
        name="predictions",
    )(x)
