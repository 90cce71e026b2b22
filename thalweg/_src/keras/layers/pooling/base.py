"""What poolings share: of windows, of whole images, and into a given number of windows."""

from __future__ import annotations

from typing import Any, ClassVar

from thalweg._src.core import dtypes
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.keras.base.settings import data_format_of
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.ops.geometry import (
    Sizes,
    each,
    op_format,
    padding_of,
    spatial_sizes,
    whole_shape,
    window_counts,
)
from thalweg._src.ops.casting import cast
from thalweg._src.ops.nn.adaptive_pooling import adaptive_pool
from thalweg._src.ops.nn.average_pooling import avg_pool
from thalweg._src.ops.nn.max_pooling import max_pool
from thalweg._src.ops.reduction import reduce_max, reduce_mean


def widened(inputs: Any) -> Any:
    """Floats in float32 where sums in half precision would overflow."""
    return cast(inputs, dtypes.float32) if dtypes.as_dtype(inputs.dtype).size < 4 else inputs


class PoolingLayer(Layer):
    """Base of poolings over `rank` dimensions: layout and dtype."""

    #: Number of spatial dimensions.
    rank: ClassVar[int]
    #: Whether values are averaged; else the largest is taken.
    averages: ClassVar[bool]

    def __init__(self, data_format: str | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = data_format_of(data_format, type(self).__name__)
        self._layout = op_format(type(self).__name__, data_format, self.rank)
        self.built = True

    @property
    def _where(self) -> str:
        return f"{type(self).__name__} {self.name!r}"

    def _split(self, shape: Any) -> tuple[Sizes, int | None]:
        """Spatial sizes and channels of a shape."""
        return spatial_sizes(self._where, shape, self.rank, self.data_format)

    def _ready(self, inputs: Any) -> Any:
        """The inputs in the dtype of the outputs: integers have means that are no integers."""
        return self._floating(inputs) if self.averages else inputs

    def compute_output_spec(self, inputs: Any) -> KerasTensor:
        """Symbolic outputs: integers stay integers where the largest is taken."""
        whole = not dtypes.as_dtype(inputs.dtype).is_floating
        dtype = self.compute_dtype if self.averages and whole else inputs.dtype
        return KerasTensor(self.compute_output_shape(inputs.shape), dtype)


class WindowPooling(PoolingLayer):
    """Base of poolings of windows; see `MaxPooling2D` for the arguments."""

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: str,
        data_format: str | None,
        name: str | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format, name=name, **kwargs)
        where, rank = type(self).__name__, self.rank
        self.pool_size = each(where, "pool_size", pool_size, rank)
        self.strides = self.pool_size if strides is None else each(where, "strides", strides, rank)
        self.padding = padding_of(where, padding)

    def call(self, inputs: Any) -> Any:
        """Largest value or mean of each window."""
        self.compute_output_shape(inputs.shape)  # refuses inputs smaller than a window
        pool = avg_pool if self.averages else max_pool
        return pool(
            self._ready(inputs), self.pool_size, self.strides, self.padding.upper(), self._layout
        )

    def compute_output_shape(self, input_shape: Any) -> Sizes:
        """Shape of the outputs for a shape of inputs."""
        sizes, channels = self._split(input_shape)
        counts = window_counts(self._where, sizes, self.pool_size, self.strides, self.padding)
        return whole_shape(input_shape[0], counts, channels, self.data_format)


class GlobalPooling(PoolingLayer):
    """Base of poolings of all that there is of a channel; see `GlobalMaxPooling2D` for the arguments."""

    def __init__(self, data_format: str | None, keepdims: bool, **kwargs: Any) -> None:
        super().__init__(data_format, **kwargs)
        self.keepdims = keepdims

    def call(self, inputs: Any) -> Any:
        """Largest value or mean of each channel."""
        self._split(inputs.shape)  # refuses another rank
        first = 1 if self.data_format == "channels_last" else 2
        axes = tuple(range(first, first + self.rank))
        if not self.averages:
            return reduce_max(inputs, axis=axes, keepdims=self.keepdims)
        inputs = self._ready(inputs)
        return cast(reduce_mean(widened(inputs), axes, self.keepdims), inputs.dtype)

    def compute_output_shape(self, input_shape: Any) -> Sizes:
        """Shape of the outputs for a shape of inputs."""
        _, channels = self._split(input_shape)
        kept = (1,) * self.rank if self.keepdims else ()
        return whole_shape(input_shape[0], kept, channels, self.data_format)


class AdaptivePooling(PoolingLayer):
    """Base of poolings into a given number of windows; see `AdaptiveMaxPooling2D` for the arguments."""

    def __init__(self, output_size: Any, data_format: str | None, **kwargs: Any) -> None:
        super().__init__(data_format, **kwargs)
        self.output_size = each(type(self).__name__, "output_size", output_size, self.rank)

    def call(self, inputs: Any) -> Any:
        """Largest value or mean of each of the windows."""
        self._split(inputs.shape)  # refuses another rank
        return adaptive_pool(
            self._ready(inputs),
            output_size=self.output_size,
            data_format=self._layout,
            kind="mean" if self.averages else "max",
            where=self._where,
        )

    def compute_output_shape(self, input_shape: Any) -> Sizes:
        """Shape of the outputs for a shape of inputs."""
        _, channels = self._split(input_shape)
        return whole_shape(input_shape[0], self.output_size, channels, self.data_format)
