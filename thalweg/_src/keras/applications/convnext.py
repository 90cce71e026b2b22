"""ConvNeXt: a convolutional network drawn as a vision transformer is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.applications.frame import Frame, channel_axis
from thalweg._src.keras.applications.published import PublishedWeights
from thalweg._src.keras.layers.convolution.conv2d import Conv2D
from thalweg._src.keras.layers.core.activation import Activation
from thalweg._src.keras.layers.core.dense import Dense
from thalweg._src.keras.layers.core.layer_scale import LayerScale
from thalweg._src.keras.layers.normalization.layer_normalization import LayerNormalization
from thalweg._src.keras.layers.pooling.global_average_pooling2d import GlobalAveragePooling2D
from thalweg._src.keras.layers.preprocessing.normalization import Normalization
from thalweg._src.keras.models.functional import Functional
from thalweg._src.keras.models.sequential import Sequential

EPSILON = 1e-6
EXPANSION = 4
FIRST_SCALE = 1e-6  # where the factors of residuals begin
# Of ImageNet's colors in 0 to 1, red first.
_MEAN = (0.485, 0.456, 0.406)
_DEVIATION = (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class Design:
    """A network.

    Attributes:
        blocks: Blocks in each of the four stages.
        features: Features in the first stage; each later one has twice as many.
        digests: Digests of the files with and without classifier.
    """

    blocks: tuple[int, int, int, int]
    features: int
    digests: tuple[str, str]


DESIGNS = {
    "tiny": Design(
        (3, 3, 9, 3),
        96,
        (
            "8ae6e78ce2933352b1ef4008e6dd2f17bc40771563877d156bc6426c7cf503ff",
            "d547c096cabd03329d7be5562c5e14798aa39ed24b474157cef5e85ab9e49ef1",
        ),
    ),
    "small": Design(
        (3, 3, 27, 3),
        96,
        (
            "ce1277d8f1ee5a0ef0e171469089c18f5233860ceaf9b168049cb9263fd7483c",
            "6fc8009faa2f00c1c1dfce59feea9b0745eb260a7dd11bee65c8e20843da6eab",
        ),
    ),
    "base": Design(
        (3, 3, 27, 3),
        128,
        (
            "52cbb006d3dadd03f6e095a8ca1aca47aecdd75acb4bc74bce1f5c695d0086e6",
            "40a20c5548a5e9202f69735ecc06c990e6b7c9d2de39f0361e27baeb24cb7c45",
        ),
    ),
    "large": Design(
        (3, 3, 27, 3),
        192,
        (
            "070c5ed9ed289581e477741d3b34beffa920db8cf590899d6d2c67fba2a198a6",
            "96f02b6f0753d4f543261bc9d09bed650f24dd6bc02ddde3066135b63d23a1cd",
        ),
    ),
    "xlarge": Design(
        (3, 3, 27, 3),
        256,
        (
            "c1f5ccab661354fc3a79a10fa99af82f0fbf10ec65cb894a3ae0815f17a889ee",
            "de3f8a54174130e0cecdc71583354753d557fcf1f4487331558e2a16ba0cfe05",
        ),
    ),
}


def ConvNeXtTiny(
    include_top: bool = True,
    include_preprocessing: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "convnext_tiny",
) -> Functional:
    """ConvNeXt Tiny: 28,589,128 parameters, 27,820,128 without the classifier.

    Args:
        include_top: Whether the network ends in its classifier.
        include_preprocessing: Whether the network normalizes images in 0 to 255 itself, by the mean and
            deviation of ImageNet's colors; those of other than 3 channels never.
        weights: ``"imagenet"`` for the published ones (see `keras.applications`), None for fresh ones, or
            the path of a file that `Model.load_weights` reads.
        input_tensor: Symbolic tensor of images to begin with; a new input when None.
        input_shape: Shape of an image, at least 32 x 32; ``(224, 224, 3)`` when None, of any height and
            width without the classifier.
        pooling: What a network without classifier ends in: None for normalized maps of 768 features,
            ``"avg"`` or ``"max"`` for their mean or maximum over positions, normalized.
        classes: Number of classes.
        classifier_activation: Activation of the classifier; None for logits.
        name: Name of the model, and beginning of the names of its layers.

    Returns:
        Model of images ``(batch, height, width, channels)`` with outputs ``(batch, classes)``; without
        classifier ``(batch, height / 32, width / 32, 768)`` or ``(batch, 768)``.

    Raises:
        ValueError: Arguments that do not fit together.
        DataUnavailableError: The published weights are neither in the cache nor reachable.

    Example:
        >>> ConvNeXtTiny(include_top=False, weights=None, input_shape=(64, 64, 3)).output_shape
        (None, 2, 2, 768)

    Source: Liu, Mao, Wu, Feichtenhofer, Darrell and Xie, "A ConvNet for the 2020s", arXiv:2201.03545;
    `keras.applications.ConvNeXtTiny`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _convnext(frame, "tiny", include_preprocessing)


def ConvNeXtSmall(
    include_top: bool = True,
    include_preprocessing: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "convnext_small",
) -> Functional:
    """ConvNeXt Small: 50,223,688 parameters, 49,454,688 without the classifier.

    Arguments, result and errors are those of `ConvNeXtTiny`, with maps of 768 features.

    Source: Liu et al., arXiv:2201.03545; `keras.applications.ConvNeXtSmall`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _convnext(frame, "small", include_preprocessing)


def ConvNeXtBase(
    include_top: bool = True,
    include_preprocessing: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "convnext_base",
) -> Functional:
    """ConvNeXt Base: 88,591,464 parameters, 87,566,464 without the classifier.

    Arguments, result and errors are those of `ConvNeXtTiny`, with maps of 1024 features.

    Source: Liu et al., arXiv:2201.03545; `keras.applications.ConvNeXtBase`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _convnext(frame, "base", include_preprocessing)


def ConvNeXtLarge(
    include_top: bool = True,
    include_preprocessing: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "convnext_large",
) -> Functional:
    """ConvNeXt Large: 197,767,336 parameters, 196,230,336 without the classifier.

    Arguments, result and errors are those of `ConvNeXtTiny`, with maps of 1536 features.

    Source: Liu et al., arXiv:2201.03545; `keras.applications.ConvNeXtLarge`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _convnext(frame, "large", include_preprocessing)


def ConvNeXtXLarge(
    include_top: bool = True,
    include_preprocessing: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "convnext_xlarge",
) -> Functional:
    """ConvNeXt XLarge: 350,196,968 parameters, 348,147,968 without the classifier.

    Arguments, result and errors are those of `ConvNeXtTiny`, with maps of 2048 features.

    Source: Liu et al., arXiv:2201.03545; `keras.applications.ConvNeXtXLarge`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _convnext(frame, "xlarge", include_preprocessing)


def _convnext(frame: Frame, kind: str, include_preprocessing: bool) -> Functional:
    design, name = DESIGNS[kind], frame.name
    if channel_axis() == 1:
        raise InvalidArgumentError(
            f"[{name}] expected the default layout 'channels_last', got 'channels_first': dense layers and "
            "normalizations work on the last axis; call keras.config.set_image_data_format('channels_last')."
        )
    image = x = frame.image(default_size=224, min_size=32)
    if include_preprocessing and image.shape[-1] == len(_MEAN):
        x = _normalized(image, f"{name}_prestem_normalization")
    for stage, blocks in enumerate(design.blocks):
        features = design.features * 2**stage
        x = _patches(x, features, name) if stage == 0 else _merged(x, features, stage - 1, name)
        for block in range(blocks):
            x = residual_block(x, features, f"{name}_stage_{stage}_block_{block}")
    published = PublishedWeights.at(f"convnext/convnext_{kind}", *design.digests)
    return frame.model(image, _head(x, frame), published)


def _normalized(image: Any, name: str) -> Any:
    """Images in 0 to 255 with mean 0 and variance 1."""
    mean = [255 * value for value in _MEAN]
    variance = [(255 * value) ** 2 for value in _DEVIATION]
    return Normalization(mean=mean, variance=variance, name=name)(image)


def _patches(x: Any, features: int, name: str) -> Any:
    """Maps of squares of 4 x 4 pixels, normalized."""
    layers = [
        Conv2D(features, 4, strides=4, name=f"{name}_stem_conv"),
        LayerNormalization(epsilon=EPSILON, name=f"{name}_stem_layernorm"),
    ]
    return Sequential(layers, name=f"{name}_stem")(x)


def _merged(x: Any, features: int, number: int, name: str) -> Any:
    """Maps of squares of 2 x 2 positions, normalized before."""
    layers = [
        LayerNormalization(epsilon=EPSILON, name=f"{name}_downsampling_layernorm_{number}"),
        Conv2D(features, 2, strides=2, name=f"{name}_downsampling_conv_{number}"),
    ]
    return Sequential(layers, name=f"{name}_downsampling_block_{number}")(x)


def residual_block(x: Any, features: int, name: str) -> Any:
    """Block that mixes positions by wide kernels of each channel, then channels by a dense network."""
    shortcut = x
    x = Conv2D(features, 7, padding="same", groups=features, name=f"{name}_depthwise_conv")(x)
    x = LayerNormalization(epsilon=EPSILON, name=f"{name}_layernorm")(x)
    x = Dense(EXPANSION * features, name=f"{name}_pointwise_conv_1")(x)
    x = Activation("gelu", name=f"{name}_gelu")(x)
    x = Dense(features, name=f"{name}_pointwise_conv_2")(x)
    x = LayerScale(FIRST_SCALE, features, name=f"{name}_layer_scale")(x)
    # Where networks in training would skip some blocks, published ones have a layer that does nothing.
    return shortcut + Activation("linear", name=f"{name}_identity")(x)


def _head(x: Any, frame: Frame) -> Any:
    if not frame.include_top:
        return LayerNormalization(epsilon=EPSILON)(frame.pooled(x, named=False))
    name = f"{frame.name}_head"
    x = GlobalAveragePooling2D(name=f"{name}_gap")(x)
    x = LayerNormalization(epsilon=EPSILON, name=f"{name}_layernorm")(x)
    return Dense(frame.classes, frame.classifier_activation, name=f"{name}_dense")(x)


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """The images as they are: ConvNeXt normalizes them itself.

    Args:
        x: Images with red, green and blue in 0 to 255, ``(..., height, width, 3)``.
        data_format: Has nothing to say here; other networks' functions have it.

    Returns:
        `x` itself.

    Source: `keras.applications.convnext.preprocess_input`.
    """
    del data_format
    return x
