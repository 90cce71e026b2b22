"""InceptionResNetV2: Inception's branches as residuals, scaled down so that many of them stay stable."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.applications import imagenet_utils
from thalweg._src.keras.applications.frame import Frame, channel_axis
from thalweg._src.keras.applications.inception_v3 import (
    chain,
    convolved,
    five_block,
    halved,
    joined,
    stem,
)
from thalweg._src.keras.applications.published import PublishedWeights
from thalweg._src.keras.layers.convolution.conv2d import Conv2D
from thalweg._src.keras.layers.core.activation import Activation
from thalweg._src.keras.layers.merging.custom_scale_layer import CustomScaleLayer
from thalweg._src.keras.layers.pooling.max_pooling2d import MaxPooling2D
from thalweg._src.keras.models.functional import Functional

_WEIGHTS = PublishedWeights.at(
    "inception_resnet_v2/inception_resnet_v2_weights_tf_dim_ordering_tf_kernels",
    "e693bd0210a403b3192acc6073ad2e96",
    "d19885ff4a710c122648d3b5c3b684e4",
)


def InceptionResNetV2(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "inception_resnet_v2",
) -> Functional:
    """Inception-ResNet version 2: 55,873,736 parameters, 54,336,736 without the classifier.

    Args:
        include_top: Whether the network ends in its classifier.
        weights: ``"imagenet"`` for the published ones (see `keras.applications`), None for fresh ones, or
            the path of a file that `Model.load_weights` reads.
        input_tensor: Symbolic tensor of images to begin with; a new input when None.
        input_shape: Shape of an image, at least 75 x 75; ``(299, 299, 3)`` when None, of any height and
            width without the classifier.
        pooling: What a network without classifier ends in: None for maps of 1536 features, ``"avg"`` or
            ``"max"`` for their mean or maximum over positions.
        classes: Number of classes.
        classifier_activation: Activation of the classifier; None for logits.
        name: Name of the model.

    Returns:
        Model of images ``(batch, height, width, channels)`` that `preprocess_input` made, with outputs
        ``(batch, classes)``; without classifier ``(batch, rows, columns, 1536)``, where 299 pixels
        become 8 rows, or ``(batch, 1536)``.

    Raises:
        ValueError: Arguments that do not fit together.
        DataUnavailableError: The published weights are neither in the cache nor reachable.

    Example:
        >>> InceptionResNetV2(include_top=False, weights=None, input_shape=(75, 75, 3)).output_shape
        (None, 1, 1, 1536)

    Source: Szegedy, Ioffe, Vanhoucke and Alemi, "Inception-v4, Inception-ResNet and the impact of residual
    connections on learning", arXiv:1602.07261; `keras.applications.InceptionResNetV2`, whose widths are
    those of the authors' program.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    image = frame.image(default_size=299, min_size=75)
    x = five_block(stem(image), 96, 64, "mixed_5b")
    for number in range(1, 11):
        x = _block35(x, f"block35_{number}")
    x = _first_reduction(x)
    for number in range(1, 21):
        x = _block17(x, f"block17_{number}")
    x = _second_reduction(x)
    for number in range(1, 10):
        x = _block8(x, 0.2, f"block8_{number}")
        x = Activation("relu", name=f"block8_{number}_ac")(x)
    x = _block8(x, 1.0, "block8_10")
    x = convolved(x, 1536, 1, name="conv_7b")
    return frame.model(image, frame.head(x, named=False), _WEIGHTS)


def _block35(x: Any, name: str) -> Any:
    """Residual block for maps of 35 x 35."""
    branches = [
        chain(x, (32, 1)),
        chain(x, (32, 1), (32, 3)),
        chain(x, (32, 1), (48, 3), (64, 3)),
    ]
    return Activation("relu", name=f"{name}_ac")(residual(x, branches, 0.17, name))


def _first_reduction(x: Any) -> Any:
    branches = [
        halved(x, 384),
        halved(chain(x, (256, 1), (256, 3)), 384),
        MaxPooling2D(3, strides=2)(x),
    ]
    return joined(branches, "mixed_6a")


def _block17(x: Any, name: str) -> Any:
    """Residual block for maps of 17 x 17."""
    branches = [chain(x, (192, 1)), chain(x, (128, 1), (160, (1, 7)), (192, (7, 1)))]
    return Activation("relu", name=f"{name}_ac")(residual(x, branches, 0.1, name))


def _second_reduction(x: Any) -> Any:
    branches = [
        halved(chain(x, (256, 1)), 384),
        halved(chain(x, (256, 1)), 288),
        halved(chain(x, (256, 1), (288, 3)), 320),
        MaxPooling2D(3, strides=2)(x),
    ]
    return joined(branches, "mixed_7a")


def _block8(x: Any, scale: float, name: str) -> Any:
    """Residual block for maps of 8 x 8, without its activation."""
    branches = [chain(x, (192, 1)), chain(x, (192, 1), (224, (1, 3)), (256, (3, 1)))]
    return residual(x, branches, scale, name)


def residual(x: Any, branches: list[Any], scale: float, name: str) -> Any:
    """Maps plus a part of what branches say, brought to as many features."""
    mixed = joined(branches, f"{name}_mixed")
    up = Conv2D(x.shape[channel_axis()], 1, padding="same", name=f"{name}_conv")(mixed)
    return CustomScaleLayer(scale)([x, up])


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Images as InceptionResNetV2 was trained on: scaled to -1 to 1.

    Args:
        x: Images with red, green and blue in 0 to 255; see `imagenet_utils.preprocess_input`.
        data_format: Where the channels are; the default layout when None.

    Returns:
        Images like `x`, floating.

    Source: `keras.applications.inception_resnet_v2.preprocess_input`.
    """
    return imagenet_utils.preprocess_input(x, data_format, mode="tf")
