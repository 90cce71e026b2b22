"""`UnitNormalization`: each sample has Euclidean norm 1 along some axes."""

from __future__ import annotations

from typing import Any

from thalweg._src.core import dtypes
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.normalization.base_normalization import axis_argument, places_of
from thalweg._src.ops.casting import cast
from thalweg._src.ops.linalg import l2_normalize


class UnitNormalization(Layer):
    """Divides by the Euclidean norm along some axes; zeros stay.

    Args:
        axis: Axis or axes along which the norm becomes 1.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of shape ``(batch, ..., features)``; integers are cast to the compute dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.UnitNormalization()(tf.constant([[3.0, 4.0]])).numpy().round(2)
        array([[0.6, 0.8]], dtype=float32)

    Source: `keras.layers.UnitNormalization`.
    """

    def __init__(self, axis: Any = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis_argument(f"UnitNormalization {self.name!r}", axis)
        self.supports_masking = True
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The inputs, normalized."""
        inputs = self._floating(inputs)
        places = places_of(f"UnitNormalization {self.name!r}", self.axis, inputs.shape)
        # Squares of half precision overflow or vanish; wider ones do not.
        wide = inputs if dtypes.as_dtype(inputs.dtype).size > 2 else cast(inputs, "float32")
        return cast(l2_normalize(wide, list(places)), inputs.dtype)

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Shape of the outputs: that of the inputs."""
        return tuple(input_shape)
