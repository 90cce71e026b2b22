"""`RMSNormalization`: each sample has a mean square of 1 along some axes."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.normalization.base_normalization import (
    axis_argument,
    places_in_values,
    places_of,
    sizes_at,
)
from thalweg._src.ops.nn.layer_normalization import layer_normalize


class RMSNormalization(Layer):
    """Divides by the root of the mean square along some axes, and multiplies by a learned scale.

    ``inputs / sqrt(mean(inputs ** 2) + epsilon) * scale``.

    Args:
        axis: Axis or axes of the features.
        epsilon: Small number added to the mean square, which keeps its root away from 0.
        **kwargs: See `Layer`.

    Call arguments:
        x: Tensor of shape ``(batch, ..., features)``; integers are cast to the compute dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.RMSNormalization()(tf.constant([[1.0, 7.0]])).numpy().round(2)
        array([[0.2, 1.4]], dtype=float32)

    Source: Zhang and Sennrich, "Root mean square layer normalization" (2019);
    `keras.layers.RMSNormalization`. Masks are passed on, and `axis` need not be the last one.
    """

    works_on_values = True

    def __init__(self, axis: Any = -1, epsilon: float = 1e-6, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis_argument(f"RMSNormalization {self.name!r}", axis)
        self.epsilon = epsilon
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Creates `scale`."""
        where = f"RMSNormalization {self.name!r}"
        self._places = places_of(where, self.axis, input_shape)
        self._rank = len(input_shape)
        sizes = sizes_at(where, self._places, input_shape)
        self.scale = self.add_weight(sizes, "ones", name="scale", autocast=False)

    def _axes_of(self, inputs: Any) -> tuple[int, ...]:
        """Axes of the features in inputs, which may be the values of ragged ones."""
        where = f"RMSNormalization {self.name!r}"
        return places_in_values(where, self._places, self._rank, inputs)

    def call(self, x: Any) -> Any:
        """The inputs, normalized."""
        x = self._floating(x)
        return layer_normalize(
            x, self.scale, axes=self._axes_of(x), epsilon=self.epsilon, centered=False
        )

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Shape of the outputs: that of the inputs."""
        return tuple(input_shape)
