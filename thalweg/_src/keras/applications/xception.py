"""Xception: Inception taken to its extreme, where each channel is convolved by itself."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.applications import imagenet_utils
from thalweg._src.keras.applications.frame import Frame, channel_axis
from thalweg._src.keras.applications.published import PublishedWeights
from thalweg._src.keras.layers.convolution.conv2d import Conv2D
from thalweg._src.keras.layers.convolution.separable_conv2d import SeparableConv2D
from thalweg._src.keras.layers.core.activation import Activation
from thalweg._src.keras.layers.merging.add import Add
from thalweg._src.keras.layers.normalization.batch_normalization import BatchNormalization
from thalweg._src.keras.layers.pooling.max_pooling2d import MaxPooling2D
from thalweg._src.keras.models.functional import Functional

MIDDLE_FILTERS = 728
MIDDLE_BLOCKS = range(5, 13)

_WEIGHTS = PublishedWeights.at(
    "xception/xception_weights_tf_dim_ordering_tf_kernels",
    "0a58e3b7378bc2990ea3b43d5981f1f6",
    "b0042744bf5b25fce3cb969f33bebb97",
)


def Xception(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "xception",
) -> Functional:
    """Xception: 22,910,480 parameters, 20,861,480 without the classifier.

    Args:
        include_top: Whether the network ends in its classifier.
        weights: ``"imagenet"`` for the published ones (see `keras.applications`), None for fresh ones, or
            the path of a file that `Model.load_weights` reads.
        input_tensor: Symbolic tensor of images to begin with; a new input when None.
        input_shape: Shape of an image, at least 71 x 71; ``(299, 299, 3)`` when None, of any height and
            width without the classifier.
        pooling: What a network without classifier ends in: None for maps of 2048 features, ``"avg"`` or
            ``"max"`` for their mean or maximum over positions.
        classes: Number of classes.
        classifier_activation: Activation of the classifier; None for logits.
        name: Name of the model.

    Returns:
        Model of images ``(batch, height, width, channels)`` that `preprocess_input` made, with outputs
        ``(batch, classes)``; without classifier ``(batch, height / 32, width / 32, 2048)``, rounded up,
        or ``(batch, 2048)``.

    Raises:
        ValueError: Arguments that do not fit together.
        DataUnavailableError: The published weights are neither in the cache nor reachable.

    Example:
        >>> Xception(include_top=False, weights=None, input_shape=(96, 96, 3)).output_shape
        (None, 3, 3, 2048)

    Source: Chollet, "Xception: deep learning with depthwise separable convolutions", arXiv:1610.02357,
    figure 5; `keras.applications.Xception`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _xception(frame)


def _xception(frame: Frame) -> Functional:
    image = frame.image(default_size=299, min_size=71)
    x = middle_flow(entry_flow(image))
    x = exit_flow(x)
    return frame.model(image, frame.head(x, named=False), _WEIGHTS)


def entry_flow(x: Any) -> Any:
    """Two plain convolutions, and blocks that halve the maps while features grow."""
    x = Conv2D(32, 3, strides=2, use_bias=False, name="block1_conv1")(x)
    x = _activated(_normalized(x, "block1_conv1"), "block1_conv1")
    x = Conv2D(64, 3, use_bias=False, name="block1_conv2")(x)
    x = _activated(_normalized(x, "block1_conv2"), "block1_conv2")
    x = halving_block(x, (128, 128), "block2", begins_activated=True)
    x = halving_block(x, (256, 256), "block3")
    return halving_block(x, (MIDDLE_FILTERS, MIDDLE_FILTERS), "block4")


def middle_flow(x: Any) -> Any:
    """The same residual block of three separable convolutions, eight times."""
    for number in MIDDLE_BLOCKS:
        residual = x
        for layer in (1, 2, 3):
            name = f"block{number}_sepconv{layer}"
            residual = separable(_activated(residual, name), MIDDLE_FILTERS, name)
        x = Add()([residual, x])
    return x


def exit_flow(x: Any) -> Any:
    """A last halving block, and two separable convolutions with many features."""
    x = halving_block(x, (MIDDLE_FILTERS, 1024), "block13")
    for layer, filters in ((1, 1536), (2, 2048)):
        name = f"block14_sepconv{layer}"
        x = _activated(separable(x, filters, name), name)
    return x


def halving_block(
    x: Any, filters: tuple[int, int], name: str, begins_activated: bool = False
) -> Any:
    """Two separable convolutions and pooling, beside a 1 x 1 convolution of stride 2."""
    shortcut = Conv2D(filters[-1], 1, strides=2, padding="same", use_bias=False)(x)
    shortcut = BatchNormalization(axis=channel_axis())(shortcut)
    for layer, count in enumerate(filters, 1):
        if layer > 1 or not begins_activated:
            x = _activated(x, f"{name}_sepconv{layer}")
        x = separable(x, count, f"{name}_sepconv{layer}")
    x = MaxPooling2D(3, strides=2, padding="same", name=f"{name}_pool")(x)
    return Add()([x, shortcut])


def separable(x: Any, filters: int, name: str) -> Any:
    """Separable 3 x 3 convolution, normalized."""
    x = SeparableConv2D(filters, 3, padding="same", use_bias=False, name=name)(x)
    return _normalized(x, name)


def _normalized(x: Any, name: str) -> Any:
    return BatchNormalization(axis=channel_axis(), name=f"{name}_bn")(x)


def _activated(x: Any, name: str) -> Any:
    return Activation("relu", name=f"{name}_act")(x)


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Images as Xception was trained on: scaled to -1 to 1.

    Args:
        x: Images with red, green and blue in 0 to 255; see `imagenet_utils.preprocess_input`.
        data_format: Where the channels are; the default layout when None.

    Returns:
        Images like `x`, floating.

    Source: `keras.applications.xception.preprocess_input`.
    """
    return imagenet_utils.preprocess_input(x, data_format, mode="tf")
