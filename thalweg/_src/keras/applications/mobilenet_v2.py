"""MobileNetV2: residuals between thin layers, through a wide one that is convolved by channel."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from thalweg._src.keras.applications import imagenet_utils
from thalweg._src.keras.applications.frame import Frame, channel_axis
from thalweg._src.keras.applications.mobilenet import (
    check_published_width,
    published_size,
    width_and_size,
)
from thalweg._src.keras.applications.published import PublishedWeights
from thalweg._src.keras.applications.scaling import padded_before_halving, rounded_width
from thalweg._src.keras.layers.activations.relu import ReLU
from thalweg._src.keras.layers.convolution.conv2d import Conv2D
from thalweg._src.keras.layers.convolution.depthwise_conv2d import DepthwiseConv2D
from thalweg._src.keras.layers.merging.add import Add
from thalweg._src.keras.layers.normalization.batch_normalization import BatchNormalization
from thalweg._src.keras.layers.pooling.global_average_pooling2d import GlobalAveragePooling2D
from thalweg._src.keras.models.functional import Functional

# Table 2 of the paper: expansion, features, number of blocks, and stride of the first.
STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
SIZES = (96, 128, 160, 192, 224)
ALPHAS = (0.35, 0.5, 0.75, 1.0, 1.3, 1.4)


def MobileNetV2(
    input_shape: Any = None,
    alpha: float = 1.0,
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str | None = None,
) -> Functional:
    """MobileNet version 2: 3,538,984 parameters, 2,257,984 without the classifier.

    Args:
        input_shape: Shape of an image, at least 32 x 32; ``(224, 224, 3)`` when None, of any height and
            width without the classifier.
        alpha: Width: factor for the number of features of all layers; the last keeps its 1280 where it
            would become thinner.
        include_top: Whether the network ends in its classifier.
        weights: ``"imagenet"`` for the published ones (see `keras.applications`): for alpha 0.35, 0.5, 0.75,
            1, 1.3 or 1.4, trained on images of 96, 128, 160, 192 or 224 pixels, the last where images have
            another size. None for fresh ones, or the path of a file that `Model.load_weights` reads.
        input_tensor: Symbolic tensor of images to begin with; a new input when None.
        pooling: What a network without classifier ends in: None for maps of 1280 features, ``"avg"`` or
            ``"max"`` for their mean or maximum over positions.
        classes: Number of classes.
        classifier_activation: Activation of the classifier; None for logits.
        name: Name of the model; made of `alpha` and the images' height when None.

    Returns:
        Model of images ``(batch, height, width, channels)`` that `preprocess_input` made, with outputs
        ``(batch, classes)``; without classifier ``(batch, height / 32, width / 32, 1280)``, rounded up,
        or ``(batch, 1280)``.

    Raises:
        ValueError: Arguments that do not fit together.
        DataUnavailableError: The published weights are neither in the cache nor reachable.

    Example:
        >>> MobileNetV2((64, 64, 3), alpha=0.35, include_top=False, weights=None).output_shape
        (None, 2, 2, 1280)

    Source: Sandler, Howard, Zhu, Zhmoginov and Chen, "MobileNetV2: inverted residuals and linear
    bottlenecks", arXiv:1801.04381; `keras.applications.MobileNetV2`, which warns where images have another
    size than those that the weights were trained on.
    """
    known = name or "mobilenetv2"
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, known
    )
    check_published_width(frame, alpha, ALPHAS)
    size = published_size(frame, SIZES)
    image = frame.image(default_size=size, min_size=32)
    x = _body(image, alpha)
    if include_top:
        x = frame.classified(GlobalAveragePooling2D()(x))
    else:
        x = frame.pooled(x, named=False)
    frame = replace(frame, name=name or width_and_size("mobilenetv2", alpha, frame, image, size))
    address = f"mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{float(alpha)}_{size}"
    return frame.model(image, x, PublishedWeights.at(address, None, None, "_no_top"))


def _body(image: Any, alpha: float) -> Any:
    stem = Conv2D(
        rounded_width(32 * alpha), 3, strides=2, padding="same", use_bias=False, name="Conv1"
    )
    x = _normalized(stem(image), "bn_Conv1")
    x = ReLU(6.0, name="Conv1_relu")(x)
    number = 0
    for expansion, features, blocks, stride in STAGES:
        for block in range(blocks):
            width = rounded_width(features * alpha)
            name = f"block_{number}_" if number else "expanded_conv_"
            x = inverted_residual(x, expansion, width, 1 if block else stride, name)
            number += 1
    x = Conv2D(rounded_width(1280 * max(1.0, alpha)), 1, use_bias=False, name="Conv_1")(x)
    return ReLU(6.0, name="out_relu")(_normalized(x, "Conv_1_bn"))


def inverted_residual(x: Any, expansion: int, filters: int, stride: int, name: str) -> Any:
    """Block that widens its input, convolves each channel and narrows again, without activation there."""
    shortcut, features = x, x.shape[channel_axis()]
    if expansion > 1:
        x = Conv2D(
            expansion * features, 1, padding="same", use_bias=False, name=f"{name}expand"
        )(x)
        x = ReLU(6.0, name=f"{name}expand_relu")(_normalized(x, f"{name}expand_BN"))
    if stride > 1:
        x = padded_before_halving(x, 3, f"{name}pad")
    padding = "same" if stride == 1 else "valid"
    x = DepthwiseConv2D(3, stride, padding, use_bias=False, name=f"{name}depthwise")(x)
    x = ReLU(6.0, name=f"{name}depthwise_relu")(_normalized(x, f"{name}depthwise_BN"))
    x = Conv2D(filters, 1, padding="same", use_bias=False, name=f"{name}project")(x)
    x = _normalized(x, f"{name}project_BN")
    return Add(name=f"{name}add")([shortcut, x]) if stride == 1 and features == filters else x


def _normalized(x: Any, name: str) -> Any:
    return BatchNormalization(axis=channel_axis(), momentum=0.999, name=name)(x)


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Images as MobileNetV2 was trained on: scaled to -1 to 1.

    Args:
        x: Images with red, green and blue in 0 to 255; see `imagenet_utils.preprocess_input`.
        data_format: Where the channels are; the default layout when None.

    Returns:
        Images like `x`, floating.

    Source: `keras.applications.mobilenet_v2.preprocess_input`.
    """
    return imagenet_utils.preprocess_input(x, data_format, mode="tf")
