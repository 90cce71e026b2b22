"""DenseNet: every layer sees the outputs of all layers before it."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.applications import imagenet_utils
from thalweg._src.keras.applications.frame import Frame, channel_axis
from thalweg._src.keras.applications.published import PublishedWeights
from thalweg._src.keras.applications.resnet import EPSILON, normalized
from thalweg._src.keras.layers.convolution.conv2d import Conv2D
from thalweg._src.keras.layers.core.activation import Activation
from thalweg._src.keras.layers.merging.concatenate import Concatenate
from thalweg._src.keras.layers.normalization.batch_normalization import BatchNormalization
from thalweg._src.keras.layers.pooling.average_pooling2d import AveragePooling2D
from thalweg._src.keras.layers.pooling.max_pooling2d import MaxPooling2D
from thalweg._src.keras.layers.reshaping.zero_padding2d import ZeroPadding2D
from thalweg._src.keras.models.functional import Functional

# Table 1 of the paper: layers in each of the four dense blocks, by the number of all layers.
BLOCKS = {121: (6, 12, 24, 16), 169: (6, 12, 32, 32), 201: (6, 12, 48, 32)}
GROWTH_RATE = 32
BOTTLENECK = 4  # features of the 1 x 1 convolution in units of the growth rate
COMPRESSION = 0.5

_WEIGHTS = {
    121: PublishedWeights.at(
        "densenet/densenet121_weights_tf_dim_ordering_tf_kernels",
        "9d60b8095a5708f2dcce2bca79d332c7",
        "30ee3e1110167f948a6b9946edeeb738",
    ),
    169: PublishedWeights.at(
        "densenet/densenet169_weights_tf_dim_ordering_tf_kernels",
        "d699b8f76981ab1b30698df4c175e90b",
        "b8c4d4c20dd625c148057b9ff1c1176b",
    ),
    201: PublishedWeights.at(
        "densenet/densenet201_weights_tf_dim_ordering_tf_kernels",
        "1ceb130c1ea1b78c3bf6114dbdfd8807",
        "c13680b51ded0fb44dff2d8f86ac8bb1",
    ),
}


def DenseNet121(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "densenet121",
) -> Functional:
    """DenseNet with 121 layers of weights: 8,062,504 parameters, 7,037,504 without the classifier.

    Args:
        include_top: Whether the network ends in its classifier.
        weights: ``"imagenet"`` for the published ones (see `keras.applications`), None for fresh ones, or
            the path of a file that `Model.load_weights` reads.
        input_tensor: Symbolic tensor of images to begin with; a new input when None.
        input_shape: Shape of an image, at least 32 x 32; ``(224, 224, 3)`` when None, of any height and
            width without the classifier.
        pooling: What a network without classifier ends in: None for maps of 1024 features, ``"avg"`` or
            ``"max"`` for their mean or maximum over positions.
        classes: Number of classes.
        classifier_activation: Activation of the classifier; None for logits.
        name: Name of the model.

    Returns:
        Model of images ``(batch, height, width, channels)`` that `preprocess_input` made, with outputs
        ``(batch, classes)``; without classifier ``(batch, height / 32, width / 32, 1024)``,
        or ``(batch, 1024)``.

    Raises:
        ValueError: Arguments that do not fit together.
        DataUnavailableError: The published weights are neither in the cache nor reachable.

    Example:
        >>> DenseNet121(include_top=False, weights=None, input_shape=(64, 64, 3)).output_shape
        (None, 2, 2, 1024)

    Source: Huang, Liu, van der Maaten and Weinberger, "Densely connected convolutional networks",
    arXiv:1608.06993, with bottlenecks and compression; `keras.applications.DenseNet121`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _densenet(frame, 121)


def DenseNet169(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "densenet169",
) -> Functional:
    """DenseNet with 169 layers of weights: 14,307,880 parameters, 12,642,880 without the classifier.

    Arguments, result and errors are those of `DenseNet121`, with maps of 1664 features.

    Source: Huang, Liu, van der Maaten and Weinberger, arXiv:1608.06993;
    `keras.applications.DenseNet169`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _densenet(frame, 169)


def DenseNet201(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "densenet201",
) -> Functional:
    """DenseNet with 201 layers of weights: 20,242,984 parameters, 18,321,984 without the classifier.

    Arguments, result and errors are those of `DenseNet121`, with maps of 1920 features.

    Source: Huang, Liu, van der Maaten and Weinberger, arXiv:1608.06993;
    `keras.applications.DenseNet201`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _densenet(frame, 201)


def _densenet(frame: Frame, depth: int) -> Functional:
    image = frame.image(default_size=224, min_size=32)
    x = ZeroPadding2D(3)(image)
    x = Conv2D(64, 7, strides=2, use_bias=False, name="conv1_conv")(x)
    x = normalized(x, "conv1", "relu")
    x = ZeroPadding2D(1)(x)
    x = MaxPooling2D(3, strides=2, name="pool1")(x)
    for stage, layers in enumerate(BLOCKS[depth], 2):
        if stage > 2:
            x = transition(x, f"pool{stage - 1}")
        x = dense_block(x, layers, f"conv{stage}")
    x = BatchNormalization(axis=channel_axis(), epsilon=EPSILON, name="bn")(x)
    x = Activation("relu", name="relu")(x)
    return frame.model(image, frame.head(x), _WEIGHTS[depth])


def dense_block(x: Any, layers: int, name: str) -> Any:
    """Layers that each append a few maps to all that came before."""
    for layer in range(1, layers + 1):
        new = composite_function(x, f"{name}_block{layer}")
        x = Concatenate(channel_axis(), name=f"{name}_block{layer}_concat")([x, new])
    return x


def composite_function(x: Any, name: str) -> Any:
    """The maps that a layer appends: a bottleneck of 1 x 1 before a convolution of 3 x 3."""
    x = normalized(x, f"{name}_0", "relu")
    x = Conv2D(BOTTLENECK * GROWTH_RATE, 1, use_bias=False, name=f"{name}_1_conv")(x)
    x = normalized(x, f"{name}_1", "relu")
    return Conv2D(GROWTH_RATE, 3, padding="same", use_bias=False, name=f"{name}_2_conv")(x)


def transition(x: Any, name: str) -> Any:
    """Fewer maps of half the size, between dense blocks."""
    filters = int(x.shape[channel_axis()] * COMPRESSION)
    x = normalized(x, name, "relu")
    x = Conv2D(filters, 1, use_bias=False, name=f"{name}_conv")(x)
    return AveragePooling2D(2, name=f"{name}_pool")(x)


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Images as DenseNet was trained on: less the mean color of ImageNet, by its standard deviation.

    Args:
        x: Images with red, green and blue in 0 to 255; see `imagenet_utils.preprocess_input`.
        data_format: Where the channels are; the default layout when None.

    Returns:
        Images like `x`, floating.

    Source: `keras.applications.densenet.preprocess_input`.
    """
    return imagenet_utils.preprocess_input(x, data_format, mode="torch")
