"""MobileNetV3: the blocks of MobileNetV2, found by search, that also weigh their channels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.applications.frame import IMAGENET, Frame, channel_axis
from thalweg._src.keras.applications.published import PublishedWeights
from thalweg._src.keras.applications.scaling import padded_before_halving, rounded_width
from thalweg._src.keras.layers.activations.relu import ReLU
from thalweg._src.keras.layers.convolution.conv2d import Conv2D
from thalweg._src.keras.layers.convolution.depthwise_conv2d import DepthwiseConv2D
from thalweg._src.keras.layers.core.activation import Activation
from thalweg._src.keras.layers.merging.add import Add
from thalweg._src.keras.layers.merging.multiply import Multiply
from thalweg._src.keras.layers.normalization.batch_normalization import BatchNormalization
from thalweg._src.keras.layers.pooling.global_average_pooling2d import GlobalAveragePooling2D
from thalweg._src.keras.layers.preprocessing.rescaling import Rescaling
from thalweg._src.keras.layers.regularization.dropout import Dropout
from thalweg._src.keras.layers.reshaping.flatten import Flatten
from thalweg._src.keras.models.functional import Functional

RELU, HARD_SWISH = "relu", "hard_silu"


@dataclass(frozen=True)
class Block:
    """One line of the paper's tables.

    Attributes:
        expansion: Features in the middle, in units of those of the input.
        filters: Features of the output.
        kernel_size: Height and width of the convolution by channel.
        stride: Its stride.
        squeezes: Whether channels are weighed by what the mean of all says.
        activation: `RELU` or `HARD_SWISH`.
    """

    expansion: float
    filters: int
    kernel_size: int
    stride: int
    squeezes: bool
    activation: str

    def minimalistic(self) -> Block:
        """The block without what small devices compute slowly."""
        return replace(self, kernel_size=3, squeezes=False, activation=RELU)


@dataclass(frozen=True)
class Design:
    """A network.

    Attributes:
        blocks: Its blocks.
        last_features: Features before the classifier.
        kind: Its name in addresses of files.
        digests: Digests of files with and without classifier, by width and whether it is minimalistic.
    """

    blocks: tuple[Block, ...]
    last_features: int
    kind: str
    digests: dict[tuple[float, bool], tuple[str, str]]


# Table 2 of the paper.
SMALL = Design(
    (
        Block(1, 16, 3, 2, True, RELU),
        Block(72 / 16, 24, 3, 2, False, RELU),
        Block(88 / 24, 24, 3, 1, False, RELU),
        Block(4, 40, 5, 2, True, HARD_SWISH),
        Block(6, 40, 5, 1, True, HARD_SWISH),
        Block(6, 40, 5, 1, True, HARD_SWISH),
        Block(3, 48, 5, 1, True, HARD_SWISH),
        Block(3, 48, 5, 1, True, HARD_SWISH),
        Block(6, 96, 5, 2, True, HARD_SWISH),
        Block(6, 96, 5, 1, True, HARD_SWISH),
        Block(6, 96, 5, 1, True, HARD_SWISH),
    ),
    1024,
    "small",
    {
        (0.75, False): ("cb65d4e5be93758266aa0a7f2c6708b7", "ebdb5cc8e0b497cd13a7c275d475c819"),
        (1.0, False): ("8768d4c2e7dee89b9d02b2d03d65d862", "d3e8ec802a04aa4fc771ee12a9a9b836"),
        (1.0, True): ("99cd97fb2fcdad2bf028eb838de69e37", "cde8136e733e811080d9fcd8a252f7e4"),
    },
)
# Table 1 of the paper.
LARGE = Design(
    (
        Block(1, 16, 3, 1, False, RELU),
        Block(4, 24, 3, 2, False, RELU),
        Block(3, 24, 3, 1, False, RELU),
        Block(3, 40, 5, 2, True, RELU),
        Block(3, 40, 5, 1, True, RELU),
        Block(3, 40, 5, 1, True, RELU),
        Block(6, 80, 3, 2, False, HARD_SWISH),
        Block(2.5, 80, 3, 1, False, HARD_SWISH),
        Block(2.3, 80, 3, 1, False, HARD_SWISH),
        Block(2.3, 80, 3, 1, False, HARD_SWISH),
        Block(6, 112, 3, 1, True, HARD_SWISH),
        Block(6, 112, 3, 1, True, HARD_SWISH),
        Block(6, 160, 5, 2, True, HARD_SWISH),
        Block(6, 160, 5, 1, True, HARD_SWISH),
        Block(6, 160, 5, 1, True, HARD_SWISH),
    ),
    1280,
    "large",
    {
        (0.75, False): ("765b44a33ad4005b3ac83185abf1d0eb", "40af19a13ebea4e2ee0c676887f69a2e"),
        (1.0, False): ("59e551e166be033d707958cf9e29a6a7", "07fb09a5933dd0c8eaafa16978110389"),
        (1.0, True): ("675e7b876c45c57e9e63e6d90a36599c", "ec5221f64a2f6d1ef965a614bdae7973"),
    },
)


def MobileNetV3Small(
    input_shape: Any = None,
    alpha: float = 1.0,
    minimalistic: bool = False,
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    classes: int = 1000,
    pooling: str | None = None,
    dropout_rate: float = 0.2,
    classifier_activation: Any = "softmax",
    include_preprocessing: bool = True,
    name: str = "MobileNetV3Small",
) -> Functional:
    """MobileNet version 3, small: 2,554,968 parameters, 939,120 without the classifier.

    Args:
        input_shape: Shape of an image, at least 32 x 32; three channels of any height and width when None.
        alpha: Width: factor for the number of features of the blocks, and of the last layer above 1.
        minimalistic: Whether to use kernels of 3 x 3 only, and neither weighed channels nor hard swish,
            which some devices compute slowly.
        include_top: Whether the network ends in its classifier.
        weights: ``"imagenet"`` for the published ones (see `keras.applications`): for alpha 0.75 or 1, 1 if
            minimalistic. None for fresh ones, or the path of a file that `Model.load_weights` reads.
        input_tensor: Symbolic tensor of images to begin with; a new input when None.
        classes: Number of classes.
        pooling: What a network without classifier ends in: None for maps of ``576 * alpha`` features,
            ``"avg"`` or ``"max"`` for their mean or maximum over positions.
        dropout_rate: Fraction of the features that training drops before the classifier.
        classifier_activation: Activation of the classifier; None for logits.
        include_preprocessing: Whether the network scales images in 0 to 255 itself; else it takes them in
            -1 to 1.
        name: Name of the model.

    Returns:
        Model of images ``(batch, height, width, channels)`` with outputs ``(batch, classes)``; without
        classifier ``(batch, height / 32, width / 32, 576 * alpha)``, rounded up, or ``(batch, 576 * alpha)``.

    Raises:
        ValueError: Arguments that do not fit together.
        DataUnavailableError: The published weights are neither in the cache nor reachable.

    Example:
        >>> MobileNetV3Small((64, 64, 3), include_top=False, weights=None).output_shape
        (None, 2, 2, 576)

    Source: Howard et al., "Searching for MobileNetV3", arXiv:1905.02244;
    `keras.applications.MobileNetV3Small`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _mobilenet_v3(frame, SMALL, alpha, minimalistic, dropout_rate, include_preprocessing)


def MobileNetV3Large(
    input_shape: Any = None,
    alpha: float = 1.0,
    minimalistic: bool = False,
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    classes: int = 1000,
    pooling: str | None = None,
    dropout_rate: float = 0.2,
    classifier_activation: Any = "softmax",
    include_preprocessing: bool = True,
    name: str = "MobileNetV3Large",
) -> Functional:
    """MobileNet version 3, large: 5,507,432 parameters, 2,996,352 without the classifier.

    Arguments, result and errors are those of `MobileNetV3Small`, with maps of ``960 * alpha`` features.

    Source: Howard et al., arXiv:1905.02244; `keras.applications.MobileNetV3Large`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _mobilenet_v3(frame, LARGE, alpha, minimalistic, dropout_rate, include_preprocessing)


def _mobilenet_v3(
    frame: Frame,
    design: Design,
    alpha: float,
    minimalistic: bool,
    dropout_rate: float,
    include_preprocessing: bool,
) -> Functional:
    published = _published(frame, design, alpha, minimalistic)
    # The classifier is a convolution of the mean over positions: it, too, takes images of any size.
    image = replace(frame, include_top=False).image(default_size=224, min_size=32)
    x = Rescaling(1 / 127.5, offset=-1.0)(image) if include_preprocessing else image
    activation = RELU if minimalistic else HARD_SWISH
    x = Conv2D(16, 3, strides=2, padding="same", use_bias=False, name="conv")(x)
    x = _activated(_normalized(x, "conv_bn"), activation)
    for number, block in enumerate(design.blocks):
        name = f"expanded_conv_{number}_" if number else "expanded_conv_"
        x = inverted_residual(x, block.minimalistic() if minimalistic else block, alpha, name)
    features = rounded_width(6 * x.shape[channel_axis()])
    x = Conv2D(features, 1, padding="same", use_bias=False, name="conv_1")(x)
    x = _activated(_normalized(x, "conv_1_bn"), activation)
    if not frame.include_top:
        return frame.model(image, frame.pooled(x, named=True), published)
    x = GlobalAveragePooling2D(keepdims=True)(x)
    last = rounded_width(alpha * design.last_features) if alpha > 1 else design.last_features
    x = _activated(Conv2D(last, 1, padding="same", name="conv_2")(x), activation)
    if dropout_rate > 0:
        x = Dropout(dropout_rate)(x)
    x = Conv2D(frame.classes, 1, padding="same", name="logits")(x)
    x = Activation(frame.classifier_activation, name="predictions")(Flatten()(x))
    return frame.model(image, x, published)


def _published(frame: Frame, design: Design, alpha: float, minimalistic: bool) -> PublishedWeights:
    with_top, without_top = design.digests.get((alpha, minimalistic), (None, None))
    if with_top is None and frame.weights == IMAGENET:
        raise InvalidArgumentError(
            f"[{frame.name}] expected alpha=1, or 0.75 without minimalistic, with weights='imagenet', "
            f"got alpha={alpha} and minimalistic={minimalistic}; pass weights=None for other widths."
        )
    kind = f"{design.kind}_minimalistic" if minimalistic else design.kind
    address = f"mobilenet_v3/weights_mobilenet_v3_{kind}_224_{float(alpha)}_float"
    return PublishedWeights.at(address, with_top, without_top, "_no_top_v2")


def inverted_residual(x: Any, block: Block, alpha: float, name: str) -> Any:
    """Block that widens its input, convolves and weighs each channel, and narrows again."""
    shortcut, features = x, x.shape[channel_axis()]
    if block.expansion > 1:
        width = rounded_width(features * block.expansion)
        x = Conv2D(width, 1, padding="same", use_bias=False, name=f"{name}expand")(x)
        x = _activated(_normalized(x, f"{name}expand_bn"), block.activation)
    if block.stride > 1:
        x = padded_before_halving(x, block.kernel_size, f"{name}depthwise_pad")
    padding = "same" if block.stride == 1 else "valid"
    x = DepthwiseConv2D(
        block.kernel_size, block.stride, padding, use_bias=False, name=f"{name}depthwise"
    )(x)
    x = _activated(_normalized(x, f"{name}depthwise_bn"), block.activation)
    if block.squeezes:
        x = squeeze_and_excite(x, f"{name}squeeze_excite_")
    filters = rounded_width(block.filters * alpha)
    x = Conv2D(filters, 1, padding="same", use_bias=False, name=f"{name}project")(x)
    x = _normalized(x, f"{name}project_bn")
    return Add(name=f"{name}add")([shortcut, x]) if block.stride == 1 and features == filters else x


def squeeze_and_excite(x: Any, name: str) -> Any:
    """Maps times weights of their channels, which two small layers make of the means of all maps.

    Source: Hu, Shen and Sun, "Squeeze-and-excitation networks", arXiv:1709.01507.
    """
    features = x.shape[channel_axis()]
    squeezed = rounded_width(features / 4)
    weights = GlobalAveragePooling2D(keepdims=True, name=f"{name}avg_pool")(x)
    weights = Conv2D(squeezed, 1, padding="same", name=f"{name}conv")(weights)
    weights = ReLU(name=f"{name}relu")(weights)
    weights = Conv2D(features, 1, padding="same", name=f"{name}conv_1")(weights)
    weights = ReLU(6.0)(weights + 3.0) * (1 / 6)
    return Multiply(name=f"{name}mul")([x, weights])


def _normalized(x: Any, name: str) -> Any:
    return BatchNormalization(axis=channel_axis(), momentum=0.999, name=name)(x)


def _activated(x: Any, activation: str) -> Any:
    return ReLU()(x) if activation == RELU else Activation(activation)(x)


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """The images as they are: MobileNetV3 scales them itself.

    Args:
        x: Images with red, green and blue in 0 to 255, ``(..., height, width, 3)``.
        data_format: Has nothing to say here; other networks' functions have it.

    Returns:
        `x` itself.

    Source: `keras.applications.mobilenet_v3.preprocess_input`.
    """
    del data_format
    return x
