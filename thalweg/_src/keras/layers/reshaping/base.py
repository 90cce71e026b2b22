"""What layers that move or repeat elements share: any dtype, and margins of one to three dimensions."""

from __future__ import annotations

from typing import Any, ClassVar

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.composite import Composite
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.keras.base.settings import data_format_of
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.ops.geometry import (
    Sizes,
    each,
    pairs_of,
    spatial_sizes,
    whole_shape,
)
from thalweg._src.ops.reordering import pad
from thalweg._src.ops.slicing import slice_
from thalweg._src.ops.tiling import repeat


class MovingLayer(Layer):
    """Base of layers without weights whose outputs have the dtype of the inputs."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.built = True

    @property
    def _where(self) -> str:
        return f"{type(self).__name__} {self.name!r}"

    def compute_output_spec(self, inputs: Any) -> Any:
        """Symbolic outputs, in the dtype of the inputs."""
        if isinstance(inputs, Composite):
            return self._inferred((inputs,), {})
        return KerasTensor(self.compute_output_shape(inputs.shape), inputs.dtype)


class SpatialLayer(MovingLayer):
    """Base of those that work on the spatial dimensions."""

    #: Number of spatial dimensions.
    rank: ClassVar[int]

    def __init__(self, **kwargs: Any) -> None:
        # No named argument: not all subclasses take it, and configs hold what is named.
        data_format = kwargs.pop("data_format", None)
        super().__init__(**kwargs)
        self.data_format = data_format_of(data_format, type(self).__name__)

    def _pairs(self, name: str, value: Any) -> Any:
        """Pairs of ints for each dimension; one pair alone where there is one dimension."""
        pairs = pairs_of(type(self).__name__, name, value, self.rank)
        return pairs[0] if self.rank == 1 else pairs

    def _each(self, pairs: Any) -> Any:
        return (pairs,) if self.rank == 1 else pairs

    def _whole(self, neutral: Any, parts: Any) -> list[Any]:
        """Something for each dimension of the inputs, `neutral` for batch and channels."""
        return list(whole_shape(neutral, parts, neutral, self.data_format))

    def _sizes(self, shape: Any) -> Sizes:
        return spatial_sizes(self._where, shape, self.rank, self.data_format)[0]

    def _shape_with(self, input_shape: Any, sizes: Any) -> Sizes:
        """The shape with other spatial sizes."""
        _, channels = spatial_sizes(self._where, input_shape, self.rank, self.data_format)
        return whole_shape(input_shape[0], sizes, channels, self.data_format)


class Cropping(SpatialLayer):
    """Base of croppings; see `Cropping2D` for the arguments."""

    def __init__(self, cropping: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cropping = self._pairs("cropping", cropping)

    def call(self, inputs: Any) -> Any:
        """The inputs without their margins."""
        begin = self._whole(0, [before for before, _ in self._each(self.cropping)])
        return slice_(inputs, begin, list(self.compute_output_shape(inputs.shape)))

    def compute_output_shape(self, input_shape: Any) -> Sizes:
        """Shape of the outputs for a shape of inputs."""
        sizes = self._sizes(input_shape)
        margins = [before + after for before, after in self._each(self.cropping)]
        left = [None if n is None else n - m for n, m in zip(sizes, margins)]
        if any(n is not None and n < 1 for n in left):
            raise ShapeError(
                f"[{self._where}] expected inputs larger than the cropping {self.cropping}, got spatial "
                f"sizes {sizes}, of which nothing would be left; crop less."
            )
        return self._shape_with(input_shape, left)


class ZeroPadding(SpatialLayer):
    """Base of paddings with zeros; see `ZeroPadding2D` for the arguments."""

    def __init__(self, padding: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.padding = self._pairs("padding", padding)

    def call(self, inputs: Any) -> Any:
        """The inputs with zeros around."""
        self._sizes(inputs.shape)  # refuses another rank
        return pad(inputs, self._whole((0, 0), self._each(self.padding)))

    def compute_output_shape(self, input_shape: Any) -> Sizes:
        """Shape of the outputs for a shape of inputs."""
        parts = zip(self._sizes(input_shape), self._each(self.padding))
        sizes = [None if n is None else n + before + after for n, (before, after) in parts]
        return self._shape_with(input_shape, sizes)


class UpSampling(SpatialLayer):
    """Base of enlargements by whole factors; see `UpSampling2D` for the arguments."""

    def __init__(self, size: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        factors = each(type(self).__name__, "size", size, self.rank)
        self.size: Any = factors[0] if self.rank == 1 else factors

    def call(self, inputs: Any) -> Any:
        """The inputs with every element repeated."""
        self._sizes(inputs.shape)  # refuses another rank
        for axis, factor in enumerate(self._whole(1, self._each(self.size))):
            inputs = inputs if factor == 1 else repeat(inputs, factor, axis)
        return inputs

    def compute_output_shape(self, input_shape: Any) -> Sizes:
        """Shape of the outputs for a shape of inputs."""
        parts = zip(self._sizes(input_shape), self._each(self.size))
        return self._shape_with(input_shape, [None if n is None else n * f for n, f in parts])
