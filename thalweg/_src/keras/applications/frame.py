"""What stands around the body of every network here: its input, its classifier, its weights."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.keras import activations
from thalweg._src.keras.applications.published import PublishedWeights
from thalweg._src.keras.base.settings import image_data_format
from thalweg._src.keras.layers.core.dense import Dense
from thalweg._src.keras.layers.core.input_layer import Input
from thalweg._src.keras.layers.pooling.global_average_pooling2d import GlobalAveragePooling2D
from thalweg._src.keras.layers.pooling.global_max_pooling2d import GlobalMaxPooling2D
from thalweg._src.keras.models.functional import Functional
from thalweg._src.keras.utils.sources import get_source_inputs

IMAGENET = "imagenet"
IMAGENET_CLASSES = 1000

_POOLINGS = {"avg": GlobalAveragePooling2D, "max": GlobalMaxPooling2D}


def channel_axis() -> int:
    """Axis of the channels in a batch of images, as the default layout says."""
    return 1 if image_data_format() == "channels_first" else -1


@dataclass(frozen=True)
class Frame:
    """Arguments that all networks share, and what follows from them.

    Attributes:
        include_top: Whether the network ends in its classifier.
        weights: None for fresh ones, ``"imagenet"`` for the published ones, or the path of a file.
        input_tensor: Symbolic tensor of images that the network begins with; a new input when None.
        input_shape: Shape of an image, with its channels; None for the network's own.
        pooling: What a network without classifier ends in: None for its maps of features, ``"avg"`` or
            ``"max"`` for their mean or maximum over positions.
        classes: Number of classes.
        classifier_activation: Activation of the classifier; None for logits.
        name: Name of the model.
    """

    include_top: bool
    weights: Any
    input_tensor: Any
    input_shape: Any
    pooling: str | None
    classes: int
    classifier_activation: Any
    name: str

    def __post_init__(self) -> None:
        if self.pooling is not None and self.pooling not in _POOLINGS:
            raise InvalidArgumentError(
                f"[{self.name}] expected pooling None, 'avg' or 'max', got {self.pooling!r}."
            )
        if self.weights == IMAGENET:
            self._check_published_top()
        elif self.weights is not None and not Path(os.fspath(self.weights)).exists():
            raise InvalidArgumentError(
                f"[{self.name}] expected weights None, 'imagenet' or the path of a file, got "
                f"{self.weights!r}, where no file is."
            )

    def _check_published_top(self) -> None:
        if self.include_top and self.classes != IMAGENET_CLASSES:
            raise InvalidArgumentError(
                f"[{self.name}] expected classes={IMAGENET_CLASSES} with weights='imagenet', got classes="
                f"{self.classes}; pass include_top=False and put your own classifier on top."
            )
        activation = activations.get(self.classifier_activation)
        if self.include_top and activation not in (activations.linear, activations.softmax):
            raise InvalidArgumentError(
                f"[{self.name}] expected classifier_activation 'softmax' or None with weights='imagenet', "
                f"got {self.classifier_activation!r}."
            )

    def image(self, default_size: int, min_size: int) -> KerasTensor:
        """Symbolic images that the network begins with, ``(batch, height, width, channels)``.

        Args:
            default_size: Height and width for which the network was published.
            min_size: Smallest height and width that leave something after all strides.
        """
        if self.input_tensor is None:
            return Input(self._image_shape(default_size, min_size))
        if not isinstance(self.input_tensor, KerasTensor):
            raise InvalidArgumentError(
                f"[{self.name}] expected a symbolic tensor as input_tensor, got "
                f"{type(self.input_tensor).__name__}; begin with keras.Input and call the model on data."
            )
        given = tuple(self.input_tensor.shape)[1:]
        wanted = given if self.input_shape is None else tuple(self.input_shape)
        if len(wanted) != len(given) or any(
            None not in (a, b) and a != b for a, b in zip(given, wanted, strict=True)
        ):
            raise ShapeError(
                f"[{self.name}] expected input_shape to agree with input_tensor, got {wanted} and {given}; "
                "leave input_shape out."
            )
        return self.input_tensor

    def _image_shape(self, default_size: int, min_size: int) -> tuple[int | None, ...]:
        """Shape of an image: the given one where the network can take it, else the network's own."""
        size = default_size if self.include_top else None
        if self.input_shape is None:
            return _shaped(size, size, 3)
        shape = tuple(self.input_shape)
        if len(shape) != 3:
            raise ShapeError(f"[{self.name}] expected an input_shape of three sizes, got {shape}.")
        first = channel_axis() == 1
        channels, sides = (shape[0], shape[1:]) if first else (shape[-1], shape[:-1])
        if self.weights == IMAGENET and channels != 3:
            raise ShapeError(
                f"[{self.name}] expected images of 3 channels with weights='imagenet', got input_shape="
                f"{shape}; pass weights=None for others."
            )
        if self.weights == IMAGENET and self.include_top and sides != (size, size):
            raise ShapeError(
                f"[{self.name}] expected input_shape={_shaped(size, size, 3)} with the published classifier, "
                f"got {shape}; pass include_top=False for other sizes."
            )
        if self.include_top and None in sides:
            raise ShapeError(
                f"[{self.name}] expected sizes in input_shape for a classifier, got {shape}; name them, or "
                "pass include_top=False."
            )
        if any(side is not None and side < min_size for side in sides):
            raise ShapeError(
                f"[{self.name}] expected images of at least {min_size} x {min_size} pixels, got input_shape="
                f"{shape}; enlarge them."
            )
        return shape

    def head(self, x: Any, named: bool = True) -> Any:
        """End of a network: mean over positions and classifier, or what `pooling` says.

        Args:
            x: Maps of features, ``(batch, height, width, channels)``.
            named: Whether the last layer without classifier has a name of its own.
        """
        if not self.include_top:
            return self.pooled(x, named)
        return self.classified(GlobalAveragePooling2D(name="avg_pool")(x))

    def classified(self, x: Any) -> Any:
        """Scores of the classes for features ``(batch, features)``."""
        return Dense(self.classes, self.classifier_activation, name="predictions")(x)

    def pooled(self, x: Any, named: bool) -> Any:
        """Maps of features, or their mean or maximum over positions."""
        if self.pooling is None:
            return x
        name = f"{self.pooling}_pool" if named else None
        return _POOLINGS[self.pooling](name=name)(x)

    def model(self, image: KerasTensor, outputs: Any, published: PublishedWeights) -> Functional:
        """The model from the images to the outputs, with its weights.

        Args:
            image: What `image` gave.
            outputs: Symbolic outputs.
            published: Where the weights for ``"imagenet"`` lie.
        """
        sources = get_source_inputs(image)
        model = Functional(sources[0] if len(sources) == 1 else sources, outputs, name=self.name)
        if self.weights == IMAGENET:
            file = published.with_top if self.include_top else published.without_top
            model.load_weights(file.fetched())
        elif self.weights is not None:
            model.load_weights(self.weights)
        return model


def _shaped(height: int | None, width: int | None, channels: int) -> tuple[int | None, ...]:
    """Shape of an image in the default layout."""
    if channel_axis() == 1:
        return (channels, height, width)
    return (height, width, channels)
