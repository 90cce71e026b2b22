"""EfficientNet: one small network, made wider, deeper and finer at once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from thalweg._src.keras.applications.efficientnet_blocks import (
    DROP_CONNECT,
    SQUEEZE,
    activated,
    added,
    block_name,
    convolution,
    convolution_initializer,
    head,
    normalized,
    squeeze_and_excite,
)
from thalweg._src.keras.applications.frame import IMAGENET, Frame, channel_axis
from thalweg._src.keras.applications.published import PublishedFile, PublishedWeights
from thalweg._src.keras.applications.scaling import padded_before_halving, rounded_width
from thalweg._src.keras.layers.convolution.depthwise_conv2d import DepthwiseConv2D
from thalweg._src.keras.layers.preprocessing.normalization import Normalization
from thalweg._src.keras.layers.preprocessing.rescaling import Rescaling
from thalweg._src.keras.models.functional import Functional

_DEVIATION = (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class Stage:
    """Some blocks of one kind: a line of the paper's table 1.

    Attributes:
        kernel_size: Height and width of the convolutions by channel.
        blocks: How many.
        filters: Features of their outputs.
        expansion: Features in the middle, in units of those of the input.
        stride: Stride of the first.
    """

    kernel_size: int
    blocks: int
    filters: int
    expansion: int
    stride: int


STAGES = (
    Stage(3, 1, 16, 1, 1),
    Stage(3, 2, 24, 6, 2),
    Stage(5, 2, 40, 6, 2),
    Stage(3, 3, 80, 6, 2),
    Stage(5, 3, 112, 6, 1),
    Stage(5, 4, 192, 6, 2),
    Stage(3, 1, 320, 6, 1),
)


@dataclass(frozen=True)
class Scale:
    """How far a network is scaled up, and its weights.

    Attributes:
        width: Factor for features.
        depth: Factor for blocks.
        size: Height and width of images.
        dropout: Fraction of the features that training drops before the classifier.
        digests: Digests of the files with and without classifier.
    """

    width: float
    depth: float
    size: int
    dropout: float
    digests: tuple[str, str]


SCALES = (
    Scale(
        1.0, 1.0, 224, 0.2, ("902e53a9f72be733fc0bcb005b3ebbac", "50bc09e76180e00e4465e1a485ddc09d")
    ),
    Scale(
        1.0, 1.1, 240, 0.2, ("1d254153d4ab51201f1646940f018540", "74c4e6b3e1f6a1eea24c589628592432")
    ),
    Scale(
        1.1, 1.2, 260, 0.3, ("b15cce36ff4dcbd00b6dd88e7857a6ad", "111f8e2ac8aa800a7a99e3239f7bfb39")
    ),
    Scale(
        1.2, 1.4, 300, 0.3, ("ffd1fdc53d0ce67064dc6a9c7960ede0", "af6d107764bb5b1abb91932881670226")
    ),
    Scale(
        1.4, 1.8, 380, 0.4, ("18c95ad55216b8f92d7e70b3a046e2fc", "ebc24e6d6c33eaebbd558eafbeedf1ba")
    ),
    Scale(
        1.6, 2.2, 456, 0.4, ("ace28f2a6363774853a83a0b21b9421a", "38879255a25d3c92d5e44e04ae6cec6f")
    ),
    Scale(
        1.8, 2.6, 528, 0.5, ("165f6e37dce68623721b423839de8be5", "9ecce42647a20130c1f39a5d4cb75743")
    ),
    Scale(
        2.0, 3.1, 600, 0.5, ("8c03f828fec3ef71311cd463b6759d99", "cbcfe4450ddf6f3ad90b1b398090fe4a")
    ),
)


def EfficientNetB0(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "efficientnetb0",
) -> Functional:
    """EfficientNet B0: 5,330,571 parameters, 4,049,571 without the classifier.

    Args:
        include_top: Whether the network ends in its classifier.
        weights: ``"imagenet"`` for the published ones (see `keras.applications`), None for fresh ones, or
            the path of a file that `Model.load_weights` reads.
        input_tensor: Symbolic tensor of images to begin with; a new input when None.
        input_shape: Shape of an image, at least 32 x 32; ``(224, 224, 3)`` when None, of any height and
            width without the classifier.
        pooling: What a network without classifier ends in: None for maps of 1280 features, ``"avg"`` or
            ``"max"`` for their mean or maximum over positions.
        classes: Number of classes.
        classifier_activation: Activation of the classifier; None for logits.
        name: Name of the model.

    Returns:
        Model of images ``(batch, height, width, channels)`` in 0 to 255, which it scales itself, with outputs
        ``(batch, classes)``; without classifier ``(batch, height / 32, width / 32, 1280)``, rounded up,
        or ``(batch, 1280)``.

    Raises:
        ValueError: Arguments that do not fit together.
        DataUnavailableError: The published weights are neither in the cache nor reachable.

    Example:
        >>> EfficientNetB0(include_top=False, weights=None, input_shape=(64, 64, 3)).output_shape
        (None, 2, 2, 1280)

    Source: Tan and Le, "EfficientNet: rethinking model scaling for convolutional neural networks",
    arXiv:1905.11946; `keras.applications.EfficientNetB0`. As there, a fresh network normalizes images by
    weights, which its layer ``normalization`` can adapt to data, and one that begins with
    ``weights="imagenet"`` has a further `Rescaling` after that, which its weights were trained with.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _efficientnet(frame, 0)


def EfficientNetB1(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "efficientnetb1",
) -> Functional:
    """EfficientNet B1: 7,856,239 parameters, 6,575,239 without the classifier.

    Arguments, result and errors are those of `EfficientNetB0`, with images of 240 x 240 pixels and
    maps of 1280 features.

    Source: Tan and Le, arXiv:1905.11946; `keras.applications.EfficientNetB1`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _efficientnet(frame, 1)


def EfficientNetB2(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "efficientnetb2",
) -> Functional:
    """EfficientNet B2: 9,177,569 parameters, 7,768,569 without the classifier.

    Arguments, result and errors are those of `EfficientNetB0`, with images of 260 x 260 pixels and
    maps of 1408 features.

    Source: Tan and Le, arXiv:1905.11946; `keras.applications.EfficientNetB2`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _efficientnet(frame, 2)


def EfficientNetB3(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "efficientnetb3",
) -> Functional:
    """EfficientNet B3: 12,320,535 parameters, 10,783,535 without the classifier.

    Arguments, result and errors are those of `EfficientNetB0`, with images of 300 x 300 pixels and
    maps of 1536 features.

    Source: Tan and Le, arXiv:1905.11946; `keras.applications.EfficientNetB3`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _efficientnet(frame, 3)


def EfficientNetB4(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "efficientnetb4",
) -> Functional:
    """EfficientNet B4: 19,466,823 parameters, 17,673,823 without the classifier.

    Arguments, result and errors are those of `EfficientNetB0`, with images of 380 x 380 pixels and
    maps of 1792 features.

    Source: Tan and Le, arXiv:1905.11946; `keras.applications.EfficientNetB4`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _efficientnet(frame, 4)


def EfficientNetB5(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "efficientnetb5",
) -> Functional:
    """EfficientNet B5: 30,562,527 parameters, 28,513,527 without the classifier.

    Arguments, result and errors are those of `EfficientNetB0`, with images of 456 x 456 pixels and
    maps of 2048 features.

    Source: Tan and Le, arXiv:1905.11946; `keras.applications.EfficientNetB5`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _efficientnet(frame, 5)


def EfficientNetB6(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "efficientnetb6",
) -> Functional:
    """EfficientNet B6: 43,265,143 parameters, 40,960,143 without the classifier.

    Arguments, result and errors are those of `EfficientNetB0`, with images of 528 x 528 pixels and
    maps of 2304 features.

    Source: Tan and Le, arXiv:1905.11946; `keras.applications.EfficientNetB6`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _efficientnet(frame, 6)


def EfficientNetB7(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "efficientnetb7",
) -> Functional:
    """EfficientNet B7: 66,658,687 parameters, 64,097,687 without the classifier.

    Arguments, result and errors are those of `EfficientNetB0`, with images of 600 x 600 pixels and
    maps of 2560 features.

    Source: Tan and Le, arXiv:1905.11946; `keras.applications.EfficientNetB7`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _efficientnet(frame, 7)


def _efficientnet(frame: Frame, number: int) -> Functional:
    scale = SCALES[number]
    image = frame.image(default_size=scale.size, min_size=32)
    x = _prepared(image, frame)
    x = padded_before_halving(x, 3, "stem_conv_pad")
    x = convolution(x, rounded_width(32 * scale.width), 3, 2, "stem_conv", padding="valid")
    x = activated(normalized(x, "stem_bn"), "stem_activation")
    repeats = [math.ceil(scale.depth * stage.blocks) for stage in STAGES]
    done = 0
    for number_of_stage, (stage, blocks) in enumerate(zip(STAGES, repeats, strict=True), 1):
        for block in range(blocks):
            x = mobile_block(
                x,
                stage,
                rounded_width(stage.filters * scale.width),
                1 if block else stage.stride,
                DROP_CONNECT * done / sum(repeats),
                block_name(number_of_stage, block),
            )
            done += 1
    x = convolution(x, rounded_width(1280 * scale.width), 1, 1, "top_conv")
    x = activated(normalized(x, "top_bn"), "top_activation")
    return frame.model(image, head(x, frame, scale.dropout), _published(number))


def _published(number: int) -> PublishedWeights:
    address = f"https://storage.googleapis.com/keras-applications/efficientnetb{number}"
    with_top, without_top = SCALES[number].digests
    return PublishedWeights(
        PublishedFile(f"{address}.h5", with_top), PublishedFile(f"{address}_notop.h5", without_top)
    )


def _prepared(image: Any, frame: Frame) -> Any:
    """Images of mean 0 and variance 1."""
    x = Normalization(axis=channel_axis())(Rescaling(1 / 255)(image))
    if frame.weights == IMAGENET:
        # The published weights expect the mean taken off, and a division by the root of the deviation
        # on top of the one by the deviation.
        x = Rescaling([1 / math.sqrt(deviation) for deviation in _DEVIATION])(x)
    return x


def mobile_block(
    x: Any, stage: Stage, filters: int, stride: int, drop_rate: float, name: str
) -> Any:
    """Residual block that widens its input, convolves and weighs each channel, and narrows again."""
    shortcut, features = x, x.shape[channel_axis()]
    if stage.expansion > 1:
        x = convolution(x, stage.expansion * features, 1, 1, f"{name}_expand_conv")
        x = activated(normalized(x, f"{name}_expand_bn"), f"{name}_expand_activation")
    if stride > 1:
        x = padded_before_halving(x, stage.kernel_size, f"{name}_dwconv_pad")
    x = DepthwiseConv2D(
        stage.kernel_size,
        stride,
        "same" if stride == 1 else "valid",
        use_bias=False,
        depthwise_initializer=convolution_initializer(),
        name=f"{name}_dwconv",
    )(x)
    x = activated(normalized(x, f"{name}_bn"), f"{name}_activation")
    x = squeeze_and_excite(x, max(1, int(features * SQUEEZE)), name)
    x = normalized(convolution(x, filters, 1, 1, f"{name}_project_conv"), f"{name}_project_bn")
    return added(shortcut, x, drop_rate, name) if stride == 1 and features == filters else x


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """The images as they are: EfficientNet scales them itself.

    Args:
        x: Images with red, green and blue in 0 to 255, ``(..., height, width, 3)``.
        data_format: Has nothing to say here; other networks' functions have it.

    Returns:
        `x` itself.

    Source: `keras.applications.efficientnet.preprocess_input`.
    """
    del data_format
    return x
