"""EfficientNetV2: found by search for short training: early blocks convolve all channels at once."""

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
from thalweg._src.keras.applications.frame import Frame, channel_axis
from thalweg._src.keras.applications.published import PublishedWeights
from thalweg._src.keras.applications.scaling import nearest_multiple
from thalweg._src.keras.layers.convolution.depthwise_conv2d import DepthwiseConv2D
from thalweg._src.keras.layers.preprocessing.normalization import Normalization
from thalweg._src.keras.layers.preprocessing.rescaling import Rescaling
from thalweg._src.keras.models.functional import Functional

MOMENTUM = 0.9
DROPOUT = 0.2
_MEAN = (0.485, 0.456, 0.406)
_DEVIATION = (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class Stage:
    """Some blocks of one kind: a line of the paper's table 4.

    Attributes:
        blocks: How many.
        filters: Features of their outputs.
        expansion: Features in the middle, in units of those of the input.
        stride: Stride of the first.
        fused: Whether one convolution stands for the one that widens and the one by channel; such blocks
            weigh no channels.
    """

    blocks: int
    filters: int
    expansion: int
    stride: int
    fused: bool


@dataclass(frozen=True)
class Design:
    """A network.

    Attributes:
        stages: Its blocks.
        stem: Features of the first convolution.
        size: Height and width of images.
        digests: Digests of the files with and without classifier.
        width: Factor for features.
        depth: Factor for blocks.
        standardizes: Whether it takes off the mean color of ImageNet; else it scales to -1 to 1.
    """

    stages: tuple[Stage, ...]
    stem: int
    size: int
    digests: tuple[str, str]
    width: float = 1.0
    depth: float = 1.0
    standardizes: bool = False


_BASE = (
    Stage(1, 16, 1, 1, True),
    Stage(2, 32, 4, 2, True),
    Stage(2, 48, 4, 2, True),
    Stage(3, 96, 4, 2, False),
    Stage(5, 112, 6, 1, False),
    Stage(8, 192, 6, 2, False),
)
_SMALL = (
    Stage(2, 24, 1, 1, True),
    Stage(4, 48, 4, 2, True),
    Stage(4, 64, 4, 2, True),
    Stage(6, 128, 4, 2, False),
    Stage(9, 160, 6, 1, False),
    Stage(15, 256, 6, 2, False),
)
_MEDIUM = (
    Stage(3, 24, 1, 1, True),
    Stage(5, 48, 4, 2, True),
    Stage(5, 80, 4, 2, True),
    Stage(7, 160, 4, 2, False),
    Stage(14, 176, 6, 1, False),
    Stage(18, 304, 6, 2, False),
    Stage(5, 512, 6, 1, False),
)
_LARGE = (
    Stage(4, 32, 1, 1, True),
    Stage(7, 64, 4, 2, True),
    Stage(7, 96, 4, 2, True),
    Stage(10, 192, 4, 2, False),
    Stage(19, 224, 6, 1, False),
    Stage(25, 384, 6, 2, False),
    Stage(7, 640, 6, 1, False),
)

DESIGNS = {
    "b0": Design(
        _BASE,
        32,
        224,
        ("21ecbf6da12460d5c40bb2f29ceb2188", "893217f2bb855e2983157299931e43ff"),
        width=1.0,
        depth=1.0,
        standardizes=True,
    ),
    "b1": Design(
        _BASE,
        32,
        240,
        ("069f0534ff22adf035c89e2d9547a9dc", "0e80663031ca32d657f9caa404b6ec37"),
        width=1.0,
        depth=1.1,
        standardizes=True,
    ),
    "b2": Design(
        _BASE,
        32,
        260,
        ("424e49f28180edbde1e94797771950a7", "1dfe2e7a5d45b6632553a8961ea609eb"),
        width=1.1,
        depth=1.2,
        standardizes=True,
    ),
    "b3": Design(
        _BASE,
        32,
        300,
        ("1f1fc43bd98a6e4fd8fdfd551e02c7a0", "f6abf7b5849ac99a89b50dd3fd532856"),
        width=1.2,
        depth=1.4,
        standardizes=True,
    ),
    "s": Design(
        _SMALL,
        24,
        384,
        ("e1d88a8495beba45748fedd0cecbe016", "af0682fb74e8c54910f2d4393339c070"),
    ),
    "m": Design(
        _MEDIUM,
        24,
        480,
        ("a3bf6aa3276309f4fc6a34aa114c95cd", "1b8dc055df72dde80d614482840fe342"),
    ),
    "l": Design(
        _LARGE,
        32,
        480,
        ("27e6d408b53c7ebc868fefa357689935", "b0b66b5c863aef5b46e8608fe1711615"),
    ),
}


def EfficientNetV2B0(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    include_preprocessing: bool = True,
    name: str = "efficientnetv2-b0",
) -> Functional:
    """EfficientNet version 2 B0: 7,200,312 parameters, 5,919,312 without the classifier.

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
        include_preprocessing: Whether the network scales images in 0 to 255 itself: to the mean and
            deviation of ImageNet's colors, to -1 to 1 where images have not 3 channels. Else it takes them
            so.
        name: Name of the model.

    Returns:
        Model of images ``(batch, height, width, channels)`` with outputs ``(batch, classes)``; without
        classifier ``(batch, height / 32, width / 32, 1280)``, rounded up, or ``(batch, 1280)``.

    Raises:
        ValueError: Arguments that do not fit together.
        DataUnavailableError: The published weights are neither in the cache nor reachable.

    Example:
        >>> EfficientNetV2B0(include_top=False, weights=None, input_shape=(64, 64, 3)).output_shape
        (None, 2, 2, 1280)

    Source: Tan and Le, "EfficientNetV2: smaller models and faster training", arXiv:2104.00298;
    `keras.applications.EfficientNetV2B0`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _efficientnet_v2(frame, "b0", include_preprocessing)


def EfficientNetV2B1(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    include_preprocessing: bool = True,
    name: str = "efficientnetv2-b1",
) -> Functional:
    """EfficientNet version 2 B1: 8,212,124 parameters, 6,931,124 without the classifier.

    Arguments, result and errors are those of `EfficientNetV2B0`, with images of 240 x 240 pixels
    and maps of 1280 features.

    Source: Tan and Le, arXiv:2104.00298; `keras.applications.EfficientNetV2B1`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _efficientnet_v2(frame, "b1", include_preprocessing)


def EfficientNetV2B2(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    include_preprocessing: bool = True,
    name: str = "efficientnetv2-b2",
) -> Functional:
    """EfficientNet version 2 B2: 10,178,374 parameters, 8,769,374 without the classifier.

    Arguments, result and errors are those of `EfficientNetV2B0`, with images of 260 x 260 pixels
    and maps of 1408 features.

    Source: Tan and Le, arXiv:2104.00298; `keras.applications.EfficientNetV2B2`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _efficientnet_v2(frame, "b2", include_preprocessing)


def EfficientNetV2B3(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    include_preprocessing: bool = True,
    name: str = "efficientnetv2-b3",
) -> Functional:
    """EfficientNet version 2 B3: 14,467,622 parameters, 12,930,622 without the classifier.

    Arguments, result and errors are those of `EfficientNetV2B0`, with images of 300 x 300 pixels
    and maps of 1536 features.

    Source: Tan and Le, arXiv:2104.00298; `keras.applications.EfficientNetV2B3`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _efficientnet_v2(frame, "b3", include_preprocessing)


def EfficientNetV2S(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    include_preprocessing: bool = True,
    name: str = "efficientnetv2-s",
) -> Functional:
    """EfficientNet version 2 S: 21,612,360 parameters, 20,331,360 without the classifier.

    Arguments, result and errors are those of `EfficientNetV2B0`, with images of 384 x 384 pixels, which
    are scaled to -1 to 1, and maps of 1280 features.

    Source: Tan and Le, arXiv:2104.00298; `keras.applications.EfficientNetV2S`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _efficientnet_v2(frame, "s", include_preprocessing)


def EfficientNetV2M(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    include_preprocessing: bool = True,
    name: str = "efficientnetv2-m",
) -> Functional:
    """EfficientNet version 2 M: 54,431,388 parameters, 53,150,388 without the classifier.

    Arguments, result and errors are those of `EfficientNetV2B0`, with images of 480 x 480 pixels, which
    are scaled to -1 to 1, and maps of 1280 features.

    Source: Tan and Le, arXiv:2104.00298; `keras.applications.EfficientNetV2M`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _efficientnet_v2(frame, "m", include_preprocessing)


def EfficientNetV2L(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    include_preprocessing: bool = True,
    name: str = "efficientnetv2-l",
) -> Functional:
    """EfficientNet version 2 L: 119,027,848 parameters, 117,746,848 without the classifier.

    Arguments, result and errors are those of `EfficientNetV2B0`, with images of 480 x 480 pixels, which
    are scaled to -1 to 1, and maps of 1280 features.

    Source: Tan and Le, arXiv:2104.00298; `keras.applications.EfficientNetV2L`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _efficientnet_v2(frame, "l", include_preprocessing)


def _efficientnet_v2(frame: Frame, kind: str, include_preprocessing: bool) -> Functional:
    design = DESIGNS[kind]
    image = frame.image(default_size=design.size, min_size=32)
    x = _prepared(image, design.standardizes) if include_preprocessing else image
    x = convolution(x, nearest_multiple(design.stem * design.width), 3, 2, "stem_conv")
    x = activated(normalized(x, "stem_bn", MOMENTUM), "stem_activation")
    # Counted before the network is made deeper: the last blocks of such drop more than `DROP_CONNECT`.
    total = sum(stage.blocks for stage in design.stages)
    done = 0
    for number, stage in enumerate(design.stages, 1):
        for block in range(math.ceil(design.depth * stage.blocks)):
            x = residual_block(
                x,
                stage,
                nearest_multiple(stage.filters * design.width),
                1 if block else stage.stride,
                DROP_CONNECT * done / total,
                block_name(number, block),
            )
            done += 1
    x = convolution(x, nearest_multiple(1280 * design.width), 1, 1, "top_conv")
    x = activated(normalized(x, "top_bn", MOMENTUM), "top_activation")
    published = PublishedWeights.at(f"efficientnet_v2/efficientnetv2-{kind}", *design.digests)
    return frame.model(image, head(x, frame, DROPOUT), published)


def _prepared(image: Any, standardizes: bool) -> Any:
    """Images of mean 0 and variance 1, or in -1 to 1."""
    if not standardizes or image.shape[channel_axis()] != len(_MEAN):
        return Rescaling(1 / 128, offset=-1)(image)
    variance = [deviation**2 for deviation in _DEVIATION]
    return Normalization(axis=channel_axis(), mean=_MEAN, variance=variance)(Rescaling(1 / 255)(image))


def residual_block(
    x: Any, stage: Stage, filters: int, stride: int, drop_rate: float, name: str
) -> Any:
    """Block around which its input passes unchanged, where the output has its shape."""
    shortcut, features = x, x.shape[channel_axis()]
    block = fused_block if stage.fused else mobile_block
    x = block(x, stage.expansion, filters, stride, name)
    return added(shortcut, x, drop_rate, name) if stride == 1 and features == filters else x


def fused_block(x: Any, expansion: int, filters: int, stride: int, name: str) -> Any:
    """One convolution of all channels, and one of each pixel that narrows again."""
    if expansion == 1:
        x = convolution(x, filters, 3, stride, f"{name}_project_conv")
        x = normalized(x, f"{name}_project_bn", MOMENTUM)
        return activated(x, f"{name}_project_activation")
    x = convolution(x, expansion * x.shape[channel_axis()], 3, stride, f"{name}_expand_conv")
    x = activated(normalized(x, f"{name}_expand_bn", MOMENTUM), f"{name}_expand_activation")
    x = convolution(x, filters, 1, 1, f"{name}_project_conv")
    return normalized(x, f"{name}_project_bn", MOMENTUM)


def mobile_block(x: Any, expansion: int, filters: int, stride: int, name: str) -> Any:
    """Convolutions that widen, go by channel and narrow again; channels are weighed."""
    features = x.shape[channel_axis()]
    x = convolution(x, expansion * features, 1, 1, f"{name}_expand_conv")
    x = activated(normalized(x, f"{name}_expand_bn", MOMENTUM), f"{name}_expand_activation")
    x = DepthwiseConv2D(
        3,
        stride,
        "same",
        use_bias=False,
        depthwise_initializer=convolution_initializer(),
        name=f"{name}_dwconv2",
    )(x)
    x = activated(normalized(x, f"{name}_bn", MOMENTUM), f"{name}_activation")
    x = squeeze_and_excite(x, max(1, int(features * SQUEEZE)), name)
    x = convolution(x, filters, 1, 1, f"{name}_project_conv")
    return normalized(x, f"{name}_project_bn", MOMENTUM)


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """The images as they are: EfficientNetV2 scales them itself.

    Args:
        x: Images with red, green and blue in 0 to 255, ``(..., height, width, 3)``.
        data_format: Has nothing to say here; other networks' functions have it.

    Returns:
        `x` itself.

    Source: `keras.applications.efficientnet_v2.preprocess_input`.
    """
    del data_format
    return x
