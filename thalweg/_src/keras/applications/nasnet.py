"""NASNet: two cells that a search found, stacked again and again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras.applications import imagenet_utils
from thalweg._src.keras.applications.frame import Frame, channel_axis
from thalweg._src.keras.applications.published import ORIGIN, PublishedFile, PublishedWeights
from thalweg._src.keras.applications.scaling import padded_before_halving
from thalweg._src.keras.layers.convolution.conv2d import Conv2D
from thalweg._src.keras.layers.convolution.separable_conv2d import SeparableConv2D
from thalweg._src.keras.layers.core.activation import Activation
from thalweg._src.keras.layers.merging.add import Add
from thalweg._src.keras.layers.merging.concatenate import Concatenate
from thalweg._src.keras.layers.normalization.batch_normalization import BatchNormalization
from thalweg._src.keras.layers.pooling.average_pooling2d import AveragePooling2D
from thalweg._src.keras.layers.pooling.global_average_pooling2d import GlobalAveragePooling2D
from thalweg._src.keras.layers.pooling.max_pooling2d import MaxPooling2D
from thalweg._src.keras.layers.reshaping.cropping2d import Cropping2D
from thalweg._src.keras.layers.reshaping.zero_padding2d import ZeroPadding2D
from thalweg._src.keras.models.functional import Functional


@dataclass(frozen=True)
class Design:
    """A network.

    Attributes:
        size: Height and width of images.
        cells: Normal cells in each of the three stages.
        filters: Features of each branch in the first stage; each later one has twice as many.
        stem: Features of the first convolution.
        skips: Whether the cell after a reduction sees what the reduction saw second, not first.
        weights: Published weights.
    """

    size: int
    cells: int
    filters: int
    stem: int
    skips: bool
    weights: PublishedWeights


def _published(kind: str, with_top: str, without_top: str) -> PublishedWeights:
    address = f"{ORIGIN}nasnet/NASNet-{kind}"
    return PublishedWeights(
        PublishedFile(f"{address}.h5", with_top, f"nasnet_{kind}.h5"),
        PublishedFile(f"{address}-no-top.h5", without_top, f"nasnet_{kind}_no_top.h5"),
    )


# "N @ F" of the paper's table 2, where F counts the features of the last stage: 6 x 4 x 44 = 1056.
MOBILE = Design(
    224,
    4,
    44,
    32,
    False,
    _published(
        "mobile", "020fb642bf7360b370c678b08e0adf61", "1ed92395b5b598bdda52abe5c0dbfd63"
    ),
)
LARGE = Design(
    331,
    6,
    168,
    96,
    True,
    _published("large", "11577c9a518f0070763c2b964a382f17", "d81d89dc07e6e56530c4e77faddd61b5"),
)


def NASNetMobile(
    input_shape: Any = None,
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "nasnet_mobile",
) -> Functional:
    """NASNet-A (4 @ 1056): 5,326,716 parameters, 4,269,716 without the classifier.

    Args:
        input_shape: Shape of an image, at least 32 x 32; ``(224, 224, 3)`` when None.
        include_top: Whether the network ends in its classifier.
        weights: ``"imagenet"`` for the published ones (see `keras.applications`), None for fresh ones, or
            the path of a file that `Model.load_weights` reads.
        input_tensor: Symbolic tensor of images to begin with; a new input when None.
        pooling: What a network without classifier ends in: None for maps of 1056 features, ``"avg"`` or
            ``"max"`` for their mean or maximum over positions.
        classes: Number of classes.
        classifier_activation: Activation of the classifier; None for logits.
        name: Name of the model.

    Returns:
        Model of images ``(batch, height, width, channels)`` that `preprocess_input` made, with outputs
        ``(batch, classes)``; without classifier ``(batch, rows, columns, 1056)``, where 224 pixels
        become 7 rows, or ``(batch, 1056)``.

    Raises:
        ValueError: Arguments that do not fit together, or images of unknown size.
        DataUnavailableError: The published weights are neither in the cache nor reachable.

    Example:
        >>> NASNetMobile((64, 64, 3), include_top=False, weights=None).output_shape
        (None, 2, 2, 1056)

    Source: Zoph, Vasudevan, Shlens and Le, "Learning transferable architectures for scalable image
    recognition", arXiv:1707.07012; `keras.applications.NASNetMobile`. Images of unknown size are refused,
    since paddings depend on it; Keras draws a network for them that cannot run.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _nasnet(frame, MOBILE)


def NASNetLarge(
    input_shape: Any = None,
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "nasnet_large",
) -> Functional:
    """NASNet-A (6 @ 4032): 88,949,818 parameters, 84,916,818 without the classifier.

    Arguments, result and errors are those of `NASNetMobile`, with images of 331 x 331 pixels and maps of
    4032 features.

    Source: Zoph, Vasudevan, Shlens and Le, arXiv:1707.07012; `keras.applications.NASNetLarge`, which
    without classifier leaves the size of images open where none is given.
    """
    frame = Frame(
        include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
    )
    return _nasnet(frame, LARGE)


def _nasnet(frame: Frame, design: Design) -> Functional:
    image = _image(frame, design.size)
    stem = Conv2D(
        design.stem, 3, strides=2, use_bias=False, kernel_initializer="he_normal", name="stem_conv1"
    )
    x = normalized(stem(image), "stem_bn1")
    x, previous = reduction_cell(x, None, design.filters // 4, "stem_1"), x
    x, previous = reduction_cell(x, previous, design.filters // 2, "stem_2"), x
    for stage in range(3):
        filters = design.filters * 2**stage
        first = stage * design.cells
        if stage:
            reduced = reduction_cell(x, previous, filters, f"reduce_{first}")
            x, previous = reduced, previous if design.skips else x
            first += 1
        for cell in range(first, first + design.cells):
            x, previous = normal_cell(x, previous, filters, str(cell)), x
    x = Activation("relu")(x)
    if frame.include_top:
        x = frame.classified(GlobalAveragePooling2D()(x))
    else:
        x = frame.pooled(x, named=False)
    return frame.model(image, x, design.weights)


def _image(frame: Frame, size: int) -> Any:
    """Images of known size, that of the published network where none is given."""
    if frame.input_tensor is None and frame.input_shape is None:
        shape = (3, size, size) if channel_axis() == 1 else (size, size, 3)
        frame = replace(frame, input_shape=shape)
    image = frame.image(default_size=size, min_size=32)
    if None in image.shape[1:]:
        raise ShapeError(
            f"[{frame.name}] expected images of known height and width, got shape {tuple(image.shape)}; "
            "name them in input_shape."
        )
    return image


def normal_cell(x: Any, previous: Any, filters: int, name: str) -> Any:
    """Figure 4 of the paper, left: maps of the same size.

    Args:
        x: Maps of the cell before.
        previous: Maps of the one before that.
        filters: Features of each branch.
        name: End of the names of layers.
    """
    p = fitted(previous, x, filters, name)
    h = squeezed(x, filters, "normal", name)
    branches = [
        p,
        added(
            separable(h, filters, 5, 1, f"normal_left1_{name}"),
            separable(p, filters, 3, 1, f"normal_right1_{name}"),
            f"normal_add_1_{name}",
        ),
        added(
            separable(p, filters, 5, 1, f"normal_left2_{name}"),
            separable(p, filters, 3, 1, f"normal_right2_{name}"),
            f"normal_add_2_{name}",
        ),
        added(averaged(h, f"normal_left3_{name}"), p, f"normal_add_3_{name}"),
        added(
            averaged(p, f"normal_left4_{name}"),
            averaged(p, f"normal_right4_{name}"),
            f"normal_add_4_{name}",
        ),
        added(separable(h, filters, 3, 1, f"normal_left5_{name}"), h, f"normal_add_5_{name}"),
    ]
    return Concatenate(channel_axis(), name=f"normal_concat_{name}")(branches)


def reduction_cell(x: Any, previous: Any, filters: int, name: str) -> Any:
    """Figure 4 of the paper, right: maps of half the size; arguments are those of `normal_cell`."""
    p = x if previous is None else fitted(previous, x, filters, name)
    h = squeezed(x, filters, "reduction", name)
    padded = padded_before_halving(h, 3, f"reduction_pad_1_{name}")
    first = added(
        separable(h, filters, 5, 2, f"reduction_left1_{name}"),
        separable(p, filters, 7, 2, f"reduction_right1_{name}"),
        f"reduction_add_1_{name}",
    )
    second = added(
        MaxPooling2D(3, strides=2, name=f"reduction_left2_{name}")(padded),
        separable(p, filters, 7, 2, f"reduction_right2_{name}"),
        f"reduction_add_2_{name}",
    )
    third = added(
        AveragePooling2D(3, strides=2, name=f"reduction_left3_{name}")(padded),
        separable(p, filters, 5, 2, f"reduction_right3_{name}"),
        f"reduction_add3_{name}",
    )
    fourth = added(second, averaged(first, f"reduction_left4_{name}"), None)
    fifth = added(
        separable(first, filters, 3, 1, f"reduction_left4_{name}"),
        MaxPooling2D(3, strides=2, name=f"reduction_right5_{name}")(padded),
        f"reduction_add4_{name}",
    )
    branches = [second, third, fourth, fifth]
    return Concatenate(channel_axis(), name=f"reduction_concat_{name}")(branches)


def fitted(previous: Any, x: Any, filters: int, name: str) -> Any:
    """Maps of the cell before the last, in the size of `x` and with as many features as branches have."""
    if previous.shape[2] != x.shape[2]:
        return _halved(previous, filters, name)
    if previous.shape[channel_axis()] == filters:
        return previous
    p = Activation("relu")(previous)
    p = pointwise(p, filters, f"adjust_conv_projection_{name}")
    return normalized(p, f"adjust_bn_{name}")


def _halved(x: Any, filters: int, name: str) -> Any:
    """Every other pixel, and its lower right neighbour."""
    x = Activation("relu", name=f"adjust_relu_1_{name}")(x)
    shifted = Cropping2D(((1, 0), (1, 0)))(ZeroPadding2D(((0, 1), (0, 1)))(x))
    halves = []
    for half, maps in ((1, x), (2, shifted)):
        maps = AveragePooling2D(1, strides=2, name=f"adjust_avg_pool_{half}_{name}")(maps)
        halves.append(pointwise(maps, filters // 2, f"adjust_conv_{half}_{name}"))
    return normalized(Concatenate(channel_axis())(halves), f"adjust_bn_{name}")


def squeezed(x: Any, filters: int, kind: str, name: str) -> Any:
    """Maps with as many features as branches have."""
    x = pointwise(Activation("relu")(x), filters, f"{kind}_conv_1_{name}")
    return normalized(x, f"{kind}_bn_1_{name}")


def separable(x: Any, filters: int, kernel_size: int, stride: int, name: str) -> Any:
    """Two separable convolutions, normalized, the first with the stride."""
    x = Activation("relu")(x)
    if stride > 1:
        x = padded_before_halving(x, kernel_size, f"separable_conv_1_pad_{name}")
    for number, step in ((1, stride), (2, 1)):
        if number > 1:
            x = Activation("relu")(x)
        x = SeparableConv2D(
            filters,
            kernel_size,
            strides=step,
            padding="same" if step == 1 else "valid",
            use_bias=False,
            name=f"separable_conv_{number}_{name}",
        )(x)
        x = normalized(x, f"separable_conv_{number}_bn_{name}")
    return x


def averaged(x: Any, name: str) -> Any:
    """Means of neighbours."""
    return AveragePooling2D(3, strides=1, padding="same", name=name)(x)


def added(x: Any, y: Any, name: str | None) -> Any:
    """Sum of two branches."""
    return Add(name=name)([x, y])


def pointwise(x: Any, filters: int, name: str) -> Any:
    """Convolution of each pixel."""
    layer = Conv2D(
        filters, 1, padding="same", use_bias=False, kernel_initializer="he_normal", name=name
    )
    return layer(x)


def normalized(x: Any, name: str) -> Any:
    """Batch normalization."""
    return BatchNormalization(axis=channel_axis(), momentum=0.9997, name=name)(x)


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Images as NASNet was trained on: scaled to -1 to 1.

    Args:
        x: Images with red, green and blue in 0 to 255; see `imagenet_utils.preprocess_input`.
        data_format: Where the channels are; the default layout when None.

    Returns:
        Images like `x`, floating.

    Source: `keras.applications.nasnet.preprocess_input`.
    """
    return imagenet_utils.preprocess_input(x, data_format, mode="tf")
