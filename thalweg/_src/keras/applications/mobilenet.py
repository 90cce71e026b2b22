"""MobileNet: convolutions taken apart into one of each channel and one of each pixel, for small devices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.applications import imagenet_utils
from thalweg._src.keras.applications.frame import IMAGENET, Frame, channel_axis
from thalweg._src.keras.applications.published import PublishedWeights
from thalweg._src.keras.layers.activations.relu import ReLU
from thalweg._src.keras.layers.convolution.conv2d import Conv2D
from thalweg._src.keras.layers.convolution.depthwise_conv2d import DepthwiseConv2D
from thalweg._src.keras.layers.core.activation import Activation
from thalweg._src.keras.layers.normalization.batch_normalization import BatchNormalization
from thalweg._src.keras.layers.pooling.global_average_pooling2d import GlobalAveragePooling2D
from thalweg._src.keras.layers.regularization.dropout import Dropout
from thalweg._src.keras.layers.reshaping.reshape import Reshape
from thalweg._src.keras.layers.reshaping.zero_padding2d import ZeroPadding2D
from thalweg._src.keras.models.functional import Functional

# Table 1 of the paper: features of each pointwise convolution, and the stride before it.
BLOCKS = (
    (64, 1),
    (128, 2),
    (128, 1),
    (256, 2),
    (256, 1),
    (512, 2),
    (512, 1),
    (512, 1),
    (512, 1),
    (512, 1),
    (512, 1),
    (1024, 2),
    (1024, 1),
)
DEFAULT_SIZE = 224
SIZES = (128, 160, 192, 224)
# Published widths, and how addresses of files spell them.
ALPHAS = {0.25: "2_5", 0.5: "5_0", 0.75: "7_5", 1.0: "1_0"}


def MobileNet(
    input_shape: Any = None,
    alpha: float = 1.0,
    depth_multiplier: int = 1,
    dropout: float = 0.001,
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str | None = None,
) -> Functional:
    """MobileNet: 4,253,864 parameters, 3,228,864 without the classifier.

    Args:
        input_shape: Shape of an image, at least 32 x 32; ``(224, 224, 3)`` when None, of any height and
            width without the classifier.
        alpha: Width: factor for the number of features of all layers.
        depth_multiplier: Maps that each channel gives in the convolutions by channel.
        dropout: Fraction of the features that training drops before the classifier.
        include_top: Whether the network ends in its classifier.
        weights: ``"imagenet"`` for the published ones (see `keras.applications`): for alpha 0.25, 0.5, 0.75
            or 1, trained on images of 128, 160, 192 or 224 pixels, the last where images have another size.
            None for fresh ones, or the path of a file that `Model.load_weights` reads.
        input_tensor: Symbolic tensor of images to begin with; a new input when None.
        pooling: What a network without classifier ends in: None for maps of ``1024 * alpha`` features,
            ``"avg"`` or ``"max"`` for their mean or maximum over positions.
        classes: Number of classes.
        classifier_activation: Activation of the classifier; None for logits.
        name: Name of the model; made of `alpha` and the images' height when None.

    Returns:
        Model of images ``(batch, height, width, channels)`` that `preprocess_input` made, with outputs
        ``(batch, classes)``; without classifier ``(batch, height / 32, width / 32, 1024 * alpha)`` or
        ``(batch, 1024 * alpha)``.

    Raises:
        ValueError: Arguments that do not fit together.
        DataUnavailableError: The published weights are neither in the cache nor reachable.

    Example:
        >>> MobileNet((64, 64, 3), alpha=0.25, include_top=False, weights=None).output_shape
        (None, 2, 2, 256)

    Source: Howard et al., "MobileNets: efficient convolutional neural networks for mobile vision
    applications", arXiv:1704.04861; `keras.applications.MobileNet`, which warns where images have another
    size than those that the weights were trained on.
    """
    known = name or "mobilenet"
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, known
    )
    check_published_width(frame, alpha, tuple(ALPHAS))
    if weights == IMAGENET and depth_multiplier != 1:
        raise InvalidArgumentError(
            f"[{frame.name}] expected depth_multiplier=1 with weights='imagenet', got {depth_multiplier}."
        )
    size = published_size(frame, SIZES)
    image = frame.image(default_size=size, min_size=32)
    x = _conv_block(image, int(32 * alpha))
    for number, (filters, stride) in enumerate(BLOCKS, 1):
        x = separable_block(x, int(filters * alpha), stride, depth_multiplier, number)
    x = _head(x, frame, dropout)
    frame = replace(frame, name=name or width_and_size("mobilenet", alpha, frame, image, size))
    spelled = ALPHAS.get(alpha, "")
    published = PublishedWeights.at(f"mobilenet/mobilenet_{spelled}_{size}_tf", None, None, "_no_top")
    return frame.model(image, x, published)


def check_published_width(frame: Frame, alpha: float, published: tuple[float, ...]) -> None:
    """Raises `InvalidArgumentError` where there are no weights of this width, but shall be."""
    if frame.weights == IMAGENET and alpha not in published:
        raise InvalidArgumentError(
            f"[{frame.name}] expected alpha in {published} with weights='imagenet', got {alpha}; pass "
            "weights=None for other widths."
        )


def published_size(frame: Frame, sizes: tuple[int, ...]) -> int:
    """Size of images that the weights to be taken were trained on."""
    sides = _sides(frame)
    return next((size for size in sizes if sides == (size, size)), DEFAULT_SIZE)


def width_and_size(kind: str, alpha: float, frame: Frame, image: Any, size: int) -> str:
    """Name of a network after its width and the height of its images, or of those that it was trained on."""
    height = image.shape[2 if channel_axis() == 1 else 1]
    return f"{kind}_{alpha:.2f}_{size if frame.weights == IMAGENET else height}"


def _sides(frame: Frame) -> tuple[int | None, ...]:
    """Height and width of images where they are given."""
    shape = frame.input_shape
    if shape is None:
        shape = (None,) * 3 if frame.input_tensor is None else frame.input_tensor.shape[1:]
    return tuple(shape[1:] if channel_axis() == 1 else shape[:-1])


def _conv_block(x: Any, filters: int) -> Any:
    x = Conv2D(filters, 3, strides=2, padding="same", use_bias=False, name="conv1")(x)
    return _activated(x, "conv1")


def separable_block(x: Any, filters: int, stride: int, depth_multiplier: int, number: int) -> Any:
    """A convolution of each channel by itself, and one of all channels of each pixel."""
    if stride > 1:
        x = ZeroPadding2D(((0, 1), (0, 1)), name=f"conv_pad_{number}")(x)
    padding = "same" if stride == 1 else "valid"
    depthwise = DepthwiseConv2D(
        3, stride, padding, depth_multiplier, use_bias=False, name=f"conv_dw_{number}"
    )
    x = _activated(depthwise(x), f"conv_dw_{number}")
    x = Conv2D(filters, 1, padding="same", use_bias=False, name=f"conv_pw_{number}")(x)
    return _activated(x, f"conv_pw_{number}")


def _activated(x: Any, name: str) -> Any:
    x = BatchNormalization(axis=channel_axis(), name=f"{name}_bn")(x)
    return ReLU(6.0, name=f"{name}_relu")(x)


def _head(x: Any, frame: Frame, dropout: float) -> Any:
    """The classifier is a convolution of the mean over positions."""
    if not frame.include_top:
        return frame.pooled(x, named=False)
    x = GlobalAveragePooling2D(keepdims=True)(x)
    x = Dropout(dropout, name="dropout")(x)
    x = Conv2D(frame.classes, 1, padding="same", name="conv_preds")(x)
    x = Reshape((frame.classes,), name="reshape_2")(x)
    return Activation(frame.classifier_activation, name="predictions")(x)


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Images as MobileNet was trained on: scaled to -1 to 1.

    Args:
        x: Images with red, green and blue in 0 to 255; see `imagenet_utils.preprocess_input`.
        data_format: Where the channels are; the default layout when None.

    Returns:
        Images like `x`, floating.

    Source: `keras.applications.mobilenet.preprocess_input`.
    """
    return imagenet_utils.preprocess_input(x, data_format, mode="tf")
