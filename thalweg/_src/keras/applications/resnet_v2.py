"""ResNet version 2: normalization and activation come first, so that shortcuts are never touched."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.applications import imagenet_utils
from thalweg._src.keras.applications.frame import Frame
from thalweg._src.keras.applications.published import PublishedWeights
from thalweg._src.keras.applications.resnet import BLOCKS, EXPANSION, FILTERS, normalized
from thalweg._src.keras.layers.convolution.conv2d import Conv2D
from thalweg._src.keras.layers.merging.add import Add
from thalweg._src.keras.layers.pooling.max_pooling2d import MaxPooling2D
from thalweg._src.keras.layers.reshaping.zero_padding2d import ZeroPadding2D
from thalweg._src.keras.models.functional import Functional

_WEIGHTS = {
    50: PublishedWeights.at(
        "resnet/resnet50v2_weights_tf_dim_ordering_tf_kernels",
        "3ef43a0b657b3be2300d5770ece849e0",
        "fac2f116257151a9d068a22e544a4917",
    ),
    101: PublishedWeights.at(
        "resnet/resnet101v2_weights_tf_dim_ordering_tf_kernels",
        "6343647c601c52e1368623803854d971",
        "c0ed64b8031c3730f411d2eb4eea35b5",
    ),
    152: PublishedWeights.at(
        "resnet/resnet152v2_weights_tf_dim_ordering_tf_kernels",
        "a49b44d1979771252814e80f8ec446f9",
        "ed17cf2e0169df9d443503ef94b23b33",
    ),
}


def ResNet50V2(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "resnet50v2",
) -> Functional:
    """ResNet version 2 with 50 layers: 25,613,800 parameters, 23,564,800 without the classifier.

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
        >>> ResNet50V2(include_top=False, weights=None, input_shape=(64, 64, 3)).output_shape
        (None, 2, 2, 2048)

    Source: He, Zhang, Ren and Sun, "Identity mappings in deep residual networks", arXiv:1603.05027;
    `keras.applications.ResNet50V2`. As there, a stage halves its maps in its last block.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _resnet_v2(frame, 50)


def ResNet101V2(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "resnet101v2",
) -> Functional:
    """ResNet version 2 with 101 layers: 44,675,560 parameters, 42,626,560 without the classifier.

    Arguments, result and errors are those of `ResNet50V2`.

    Source: He, Zhang, Ren and Sun, arXiv:1603.05027; `keras.applications.ResNet101V2`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _resnet_v2(frame, 101)


def ResNet152V2(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "resnet152v2",
) -> Functional:
    """ResNet version 2 with 152 layers: 60,380,648 parameters, 58,331,648 without the classifier.

    Arguments, result and errors are those of `ResNet50V2`.

    Source: He, Zhang, Ren and Sun, arXiv:1603.05027; `keras.applications.ResNet152V2`.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _resnet_v2(frame, 152)


def _resnet_v2(frame: Frame, depth: int) -> Functional:
    image = frame.image(default_size=224, min_size=32)
    x = ZeroPadding2D(3, name="conv1_pad")(image)
    x = Conv2D(64, 7, strides=2, name="conv1_conv")(x)
    x = ZeroPadding2D(1, name="pool1_pad")(x)
    x = MaxPooling2D(3, strides=2, name="pool1_pool")(x)
    for stage, (filters, blocks) in enumerate(zip(FILTERS, BLOCKS[depth], strict=True), 2):
        x = projection_block(x, filters, f"conv{stage}_block1")
        for block in range(2, blocks):
            x = identity_block(x, filters, 1, f"conv{stage}_block{block}")
        x = identity_block(x, filters, 1 if stage == 5 else 2, f"conv{stage}_block{blocks}")
    x = normalized(x, "post", "relu")
    return frame.model(image, frame.head(x), _WEIGHTS[depth])


def identity_block(x: Any, filters: int, stride: int, name: str) -> Any:
    """Residual block whose shortcut is the input itself, or every other pixel of it."""
    activated = normalized(x, f"{name}_preact", "relu")
    shortcut = MaxPooling2D(1, strides=stride)(x) if stride > 1 else x
    return Add(name=f"{name}_out")([shortcut, bottleneck(activated, filters, stride, name)])


def projection_block(x: Any, filters: int, name: str) -> Any:
    """Residual block whose shortcut is a 1 x 1 convolution, where the number of features changes."""
    activated = normalized(x, f"{name}_preact", "relu")
    shortcut = Conv2D(EXPANSION * filters, 1, name=f"{name}_0_conv")(activated)
    return Add(name=f"{name}_out")([shortcut, bottleneck(activated, filters, 1, name)])


def bottleneck(x: Any, filters: int, stride: int, name: str) -> Any:
    """Residual: 1 x 1 convolutions reduce and restore the features around one of 3 x 3."""
    x = Conv2D(filters, 1, use_bias=False, name=f"{name}_1_conv")(x)
    x = normalized(x, f"{name}_1", "relu")
    x = ZeroPadding2D(1, name=f"{name}_2_pad")(x)
    x = Conv2D(filters, 3, strides=stride, use_bias=False, name=f"{name}_2_conv")(x)
    x = normalized(x, f"{name}_2", "relu")
    return Conv2D(EXPANSION * filters, 1, name=f"{name}_3_conv")(x)


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Images as ResNet version 2 was trained on: scaled to -1 to 1.

    Args:
        x: Images with red, green and blue in 0 to 255; see `imagenet_utils.preprocess_input`.
        data_format: Where the channels are; the default layout when None.

    Returns:
        Images like `x`, floating.

    Source: `keras.applications.resnet_v2.preprocess_input`.
    """
    return imagenet_utils.preprocess_input(x, data_format, mode="tf")
