"""InceptionV3: convolutions of several sizes side by side, large ones taken apart into small ones."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.applications import imagenet_utils
from thalweg._src.keras.applications.frame import Frame, channel_axis
from thalweg._src.keras.applications.published import PublishedWeights
from thalweg._src.keras.layers.convolution.conv2d import Conv2D
from thalweg._src.keras.layers.core.activation import Activation
from thalweg._src.keras.layers.merging.concatenate import Concatenate
from thalweg._src.keras.layers.normalization.batch_normalization import BatchNormalization
from thalweg._src.keras.layers.pooling.average_pooling2d import AveragePooling2D
from thalweg._src.keras.layers.pooling.max_pooling2d import MaxPooling2D
from thalweg._src.keras.models.functional import Functional

# Features of what follows the pooling in the first three blocks, and inside the taken-apart 7 x 7
# convolutions of the next four.
POOLED_FILTERS = (32, 64, 64)
SEVEN_FILTERS = (128, 160, 160, 192)

_WEIGHTS = PublishedWeights.at(
    "inception_v3/inception_v3_weights_tf_dim_ordering_tf_kernels",
    "9a0d58056eeedaa3f26cb7ebd46da564",
    "bcbd6486424b2319ff4ef7d526e38f63",
)


def InceptionV3(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "inception_v3",
) -> Functional:
    """Inception version 3: 23,851,784 parameters, 21,802,784 without the classifier.

    Args:
        include_top: Whether the network ends in its classifier.
        weights: ``"imagenet"`` for the published ones (see `keras.applications`), None for fresh ones, or
            the path of a file that `Model.load_weights` reads.
        input_tensor: Symbolic tensor of images to begin with; a new input when None.
        input_shape: Shape of an image, at least 75 x 75; ``(299, 299, 3)`` when None, of any height and
            width without the classifier.
        pooling: What a network without classifier ends in: None for maps of 2048 features, ``"avg"`` or
            ``"max"`` for their mean or maximum over positions.
        classes: Number of classes.
        classifier_activation: Activation of the classifier; None for logits.
        name: Name of the model.

    Returns:
        Model of images ``(batch, height, width, channels)`` that `preprocess_input` made, with outputs
        ``(batch, classes)``; without classifier ``(batch, rows, columns, 2048)``, where 299 pixels
        become 8 rows, or ``(batch, 2048)``.

    Raises:
        ValueError: Arguments that do not fit together.
        DataUnavailableError: The published weights are neither in the cache nor reachable.

    Example:
        >>> InceptionV3(include_top=False, weights=None, input_shape=(75, 75, 3)).output_shape
        (None, 1, 1, 2048)

    Source: Szegedy, Vanhoucke, Ioffe, Shlens and Wojna, "Rethinking the Inception architecture for computer
    vision", arXiv:1512.00567; `keras.applications.InceptionV3`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    image = frame.image(default_size=299, min_size=75)
    x = stem(image)
    for number, filters in enumerate(POOLED_FILTERS):
        x = five_block(x, 64, filters, f"mixed{number}")
    x = _first_reduction(x)
    for number, filters in enumerate(SEVEN_FILTERS, 4):
        x = _seven_block(x, filters, f"mixed{number}")
    x = _second_reduction(x)
    for number in (0, 1):
        x = _wide_block(x, number)
    return frame.model(image, frame.head(x, named=False), _WEIGHTS)


def stem(image: Any) -> Any:
    """Plain convolutions that make maps of an eighth of the size."""
    x = convolved(image, 32, 3, strides=2, padding="valid")
    x = convolved(x, 32, 3, padding="valid")
    x = convolved(x, 64, 3)
    x = MaxPooling2D(3, strides=2)(x)
    x = convolved(x, 80, 1, padding="valid")
    x = convolved(x, 192, 3, padding="valid")
    return MaxPooling2D(3, strides=2)(x)


def five_block(x: Any, filters: int, pooled_filters: int, name: str) -> Any:
    """Figure 5 of the paper: convolutions of 1 x 1, 5 x 5, twice 3 x 3, and pooling."""
    return joined(
        [
            chain(x, (filters, 1)),
            chain(x, (48, 1), (64, 5)),
            chain(x, (64, 1), (96, 3), (96, 3)),
            pooled(x, pooled_filters),
        ],
        name,
    )


def _first_reduction(x: Any) -> Any:
    return joined(
        [
            halved(x, 384),
            halved(chain(x, (64, 1), (96, 3)), 96),
            MaxPooling2D(3, strides=2)(x),
        ],
        "mixed3",
    )


def _seven_block(x: Any, filters: int, name: str) -> Any:
    """Figure 6 of the paper: convolutions of 7 x 7, as ones of a row and of a column."""
    row, column = (filters, (1, 7)), (filters, (7, 1))
    return joined(
        [
            chain(x, (192, 1)),
            chain(x, (filters, 1), row, (192, (7, 1))),
            chain(x, (filters, 1), column, row, column, (192, (1, 7))),
            pooled(x, 192),
        ],
        name,
    )


def _second_reduction(x: Any) -> Any:
    return joined(
        [
            halved(chain(x, (192, 1)), 320),
            halved(chain(x, (192, 1), (192, (1, 7)), (192, (7, 1))), 192),
            MaxPooling2D(3, strides=2)(x),
        ],
        "mixed8",
    )


def _wide_block(x: Any, number: int) -> Any:
    """Figure 7 of the paper: rows and columns of 3 side by side, for many features."""
    single = chain(x, (320, 1))
    three = _row_and_column(chain(x, (384, 1)), f"mixed9_{number}")
    double = _row_and_column(chain(x, (448, 1), (384, 3)), None)
    return joined([single, three, double, pooled(x, 192)], f"mixed{9 + number}")


def _row_and_column(x: Any, name: str | None) -> Any:
    return joined([chain(x, (384, (1, 3))), chain(x, (384, (3, 1)))], name)


def chain(x: Any, *layers: tuple[int, int | tuple[int, int]]) -> Any:
    """Convolutions one after another.

    Args:
        x: Maps.
        *layers: Features and size of the kernel of each.
    """
    for filters, kernel_size in layers:
        x = convolved(x, filters, kernel_size)
    return x


def halved(x: Any, filters: int) -> Any:
    """Convolution to maps of half the size."""
    return convolved(x, filters, 3, strides=2, padding="valid")


def pooled(x: Any, filters: int) -> Any:
    """Means of neighbours, and a convolution of each pixel."""
    return convolved(AveragePooling2D(3, strides=1, padding="same")(x), filters, 1)


def joined(branches: list[Any], name: str | None) -> Any:
    """All maps of some branches."""
    return Concatenate(channel_axis(), name=name)(branches)


def convolved(
    x: Any,
    filters: int,
    kernel_size: int | tuple[int, int],
    strides: int = 1,
    padding: str = "same",
    name: str | None = None,
) -> Any:
    """Convolution, normalized and activated."""
    layer = Conv2D(
        filters, kernel_size, strides=strides, padding=padding, use_bias=False, name=name
    )
    x = BatchNormalization(axis=channel_axis(), scale=False, name=name and f"{name}_bn")(layer(x))
    return Activation("relu", name=name and f"{name}_ac")(x)


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Images as InceptionV3 was trained on: scaled to -1 to 1.

    Args:
        x: Images with red, green and blue in 0 to 255; see `imagenet_utils.preprocess_input`.
        data_format: Where the channels are; the default layout when None.

    Returns:
        Images like `x`, floating.

    Source: `keras.applications.inception_v3.preprocess_input`.
    """
    return imagenet_utils.preprocess_input(x, data_format, mode="tf")
