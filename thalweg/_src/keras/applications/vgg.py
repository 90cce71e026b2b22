"""VGG: nothing but 3 x 3 convolutions, and depth."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.applications import imagenet_utils
from thalweg._src.keras.applications.frame import Frame
from thalweg._src.keras.applications.published import PublishedWeights
from thalweg._src.keras.layers.convolution.conv2d import Conv2D
from thalweg._src.keras.layers.core.dense import Dense
from thalweg._src.keras.layers.pooling.max_pooling2d import MaxPooling2D
from thalweg._src.keras.layers.reshaping.flatten import Flatten
from thalweg._src.keras.models.functional import Functional

# Columns D and E of the paper's table 1: convolutions in each of the five blocks.
CONFIGURATION_D = (2, 2, 3, 3, 3)
CONFIGURATION_E = (2, 2, 4, 4, 4)
FILTERS = (64, 128, 256, 512, 512)

_VGG16_WEIGHTS = PublishedWeights.at(
    "vgg16/vgg16_weights_tf_dim_ordering_tf_kernels",
    "64373286793e3c8b2b4e3219cbf3544b",
    "6d6bbae143d832006294945121d1f1fc",
)
_VGG19_WEIGHTS = PublishedWeights.at(
    "vgg19/vgg19_weights_tf_dim_ordering_tf_kernels",
    "cbe5617147190e668d6c5d5026f83318",
    "253f8cb515780f3b799900260a226db6",
)


def VGG16(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "vgg16",
) -> Functional:
    """VGG with 16 layers of weights: 138,357,544 parameters, 14,714,688 without the classifier.

    Args:
        include_top: Whether the network ends in its classifier: two layers of 4096 units, and `classes`.
        weights: ``"imagenet"`` for the published ones (see `keras.applications`), None for fresh ones, or
            the path of a file that `Model.load_weights` reads.
        input_tensor: Symbolic tensor of images to begin with; a new input when None.
        input_shape: Shape of an image, at least 32 x 32; ``(224, 224, 3)`` when None, of any height and
            width without the classifier.
        pooling: What a network without classifier ends in: None for maps of 512 features, ``"avg"`` or
            ``"max"`` for their mean or maximum over positions.
        classes: Number of classes.
        classifier_activation: Activation of the classifier; None for logits.
        name: Name of the model.

    Returns:
        Model of images ``(batch, height, width, channels)`` that `preprocess_input` made, with outputs
        ``(batch, classes)``; without classifier ``(batch, height / 32, width / 32, 512)`` or
        ``(batch, 512)``.

    Raises:
        ValueError: Arguments that do not fit together.
        DataUnavailableError: The published weights are neither in the cache nor reachable.

    Example:
        >>> VGG16(include_top=False, weights=None, input_shape=(64, 64, 3)).output_shape
        (None, 2, 2, 512)

    Source: Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition",
    arXiv:1409.1556, configuration D; `keras.applications.VGG16`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _vgg(frame, CONFIGURATION_D, _VGG16_WEIGHTS)


def VGG19(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "vgg19",
) -> Functional:
    """VGG with 19 layers of weights: 143,667,240 parameters, 20,024,384 without the classifier.

    Arguments, result and errors are those of `VGG16`.

    Source: Simonyan and Zisserman, arXiv:1409.1556, configuration E; `keras.applications.VGG19`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _vgg(frame, CONFIGURATION_E, _VGG19_WEIGHTS)


def _vgg(frame: Frame, convolutions: tuple[int, ...], published: PublishedWeights) -> Functional:
    image = frame.image(default_size=224, min_size=32)
    x = image
    for number, (filters, count) in enumerate(zip(FILTERS, convolutions, strict=True), 1):
        x = convolution_block(x, filters, count, f"block{number}")
    if not frame.include_top:
        return frame.model(image, frame.pooled(x, named=False), published)
    x = Flatten(name="flatten")(x)
    x = Dense(4096, "relu", name="fc1")(x)
    x = Dense(4096, "relu", name="fc2")(x)
    return frame.model(image, frame.classified(x), published)


def convolution_block(x: Any, filters: int, count: int, name: str) -> Any:
    """Some 3 x 3 convolutions at one size of maps, then half that size."""
    for number in range(1, count + 1):
        x = Conv2D(filters, 3, padding="same", activation="relu", name=f"{name}_conv{number}")(x)
    return MaxPooling2D(2, name=f"{name}_pool")(x)


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Images as VGG was trained on: blue, green, red, less the mean color of ImageNet.

    Args:
        x: Images with red, green and blue in 0 to 255; see `imagenet_utils.preprocess_input`.
        data_format: Where the channels are; the default layout when None.

    Returns:
        Images like `x`, floating.

    Source: `keras.applications.vgg16.preprocess_input`.
    """
    return imagenet_utils.preprocess_input(x, data_format, mode="caffe")
