"""ResNet: layers learn what to add to their input, so that depth no longer hurts."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.applications import imagenet_utils
from thalweg._src.keras.applications.frame import Frame, channel_axis
from thalweg._src.keras.applications.published import PublishedWeights
from thalweg._src.keras.layers.convolution.conv2d import Conv2D
from thalweg._src.keras.layers.core.activation import Activation
from thalweg._src.keras.layers.merging.add import Add
from thalweg._src.keras.layers.normalization.batch_normalization import BatchNormalization
from thalweg._src.keras.layers.pooling.max_pooling2d import MaxPooling2D
from thalweg._src.keras.layers.reshaping.zero_padding2d import ZeroPadding2D
from thalweg._src.keras.models.functional import Functional

# Table 1 of the paper: blocks in each of the stages conv2 to conv5, by the number of layers.
BLOCKS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
FILTERS = (64, 128, 256, 512)
EXPANSION = 4
EPSILON = 1.001e-5

_WEIGHTS = {
    50: PublishedWeights.at(
        "resnet/resnet50_weights_tf_dim_ordering_tf_kernels",
        "2cb95161c43110f7111970584f804107",
        "4d473c1dd8becc155b73f8504c6f6626",
    ),
    101: PublishedWeights.at(
        "resnet/resnet101_weights_tf_dim_ordering_tf_kernels",
        "f1aeb4b969a6efcfb50fad2f0c20cfc5",
        "88cf7a10940856eca736dc7b7e228a21",
    ),
    152: PublishedWeights.at(
        "resnet/resnet152_weights_tf_dim_ordering_tf_kernels",
        "100835be76be38e30d865e96f2aaae62",
        "ee4c566cf9a93f14d82f913c2dc6dd0c",
    ),
}


def ResNet50(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "resnet50",
) -> Functional:
    """ResNet with 50 layers of weights: 25,636,712 parameters, 23,587,712 without the classifier.

    Args:
        include_top: Whether the network ends in its classifier.
        weights: ``"imagenet"`` for the published ones (see `keras.applications`), None for fresh ones, or
            the path of a file that `Model.load_weights` reads.
        input_tensor: Symbolic tensor of images to begin with; a new input when None.
        input_shape: Shape of an image, at least 32 x 32; ``(224, 224, 3)`` when None, of any height and
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
        >>> ResNet50(include_top=False, weights=None, pooling="avg").output_shape
        (None, 2048)

    Source: He, Zhang, Ren and Sun, "Deep residual learning for image recognition", arXiv:1512.03385;
    `keras.applications.ResNet50`. As there, a stage halves its maps in the first 1 x 1 convolution, and
    convolutions have biases.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _resnet(frame, 50)


def ResNet101(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "resnet101",
) -> Functional:
    """ResNet with 101 layers of weights: 44,707,176 parameters, 42,658,176 without the classifier.

    Arguments, result and errors are those of `ResNet50`.

    Source: He, Zhang, Ren and Sun, arXiv:1512.03385; `keras.applications.ResNet101`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _resnet(frame, 101)


def ResNet152(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "resnet152",
) -> Functional:
    """ResNet with 152 layers of weights: 60,419,944 parameters, 58,370,944 without the classifier.

    Arguments, result and errors are those of `ResNet50`.

    Source: He, Zhang, Ren and Sun, arXiv:1512.03385; `keras.applications.ResNet152`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _resnet(frame, 152)


def _resnet(frame: Frame, depth: int) -> Functional:
    image = frame.image(default_size=224, min_size=32)
    x = ZeroPadding2D(3, name="conv1_pad")(image)
    x = Conv2D(64, 7, strides=2, name="conv1_conv")(x)
    x = normalized(x, "conv1", "relu")
    x = ZeroPadding2D(1, name="pool1_pad")(x)
    x = MaxPooling2D(3, strides=2, name="pool1_pool")(x)
    for stage, (filters, blocks) in enumerate(zip(FILTERS, BLOCKS[depth], strict=True), 2):
        x = projection_block(x, filters, 1 if stage == 2 else 2, f"conv{stage}_block1")
        for block in range(2, blocks + 1):
            x = identity_block(x, filters, f"conv{stage}_block{block}")
    return frame.model(image, frame.head(x), _WEIGHTS[depth])


def identity_block(x: Any, filters: int, name: str) -> Any:
    """Residual block whose shortcut is the input itself."""
    return _added(x, bottleneck(x, filters, 1, name), name)


def projection_block(x: Any, filters: int, stride: int, name: str) -> Any:
    """Residual block whose shortcut is a 1 x 1 convolution, where the shape of the maps changes."""
    shortcut = Conv2D(EXPANSION * filters, 1, strides=stride, name=f"{name}_0_conv")(x)
    shortcut = normalized(shortcut, f"{name}_0")
    return _added(shortcut, bottleneck(x, filters, stride, name), name)


def bottleneck(x: Any, filters: int, stride: int, name: str) -> Any:
    """Residual: 1 x 1 convolutions reduce and restore the features around one of 3 x 3."""
    x = Conv2D(filters, 1, strides=stride, name=f"{name}_1_conv")(x)
    x = normalized(x, f"{name}_1", "relu")
    x = Conv2D(filters, 3, padding="same", name=f"{name}_2_conv")(x)
    x = normalized(x, f"{name}_2", "relu")
    x = Conv2D(EXPANSION * filters, 1, name=f"{name}_3_conv")(x)
    return normalized(x, f"{name}_3")


def normalized(x: Any, name: str, activation: str | None = None) -> Any:
    """Batch normalization, and an activation if one is named."""
    x = BatchNormalization(axis=channel_axis(), epsilon=EPSILON, name=f"{name}_bn")(x)
    return Activation(activation, name=f"{name}_{activation}")(x) if activation else x


def _added(shortcut: Any, residual: Any, name: str) -> Any:
    return Activation("relu", name=f"{name}_out")(Add(name=f"{name}_add")([shortcut, residual]))


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Images as ResNet was trained on: blue, green, red, less the mean color of ImageNet.

    Args:
        x: Images with red, green and blue in 0 to 255; see `imagenet_utils.preprocess_input`.
        data_format: Where the channels are; the default layout when None.

    Returns:
        Images like `x`, floating.

    Source: `keras.applications.resnet.preprocess_input`.
    """
    return imagenet_utils.preprocess_input(x, data_format, mode="caffe")
