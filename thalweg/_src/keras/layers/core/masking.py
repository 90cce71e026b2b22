"""`Masking`: marks steps that hold a certain value in all features as absent."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.ops.casting import cast
from thalweg._src.ops.comparison import not_equal
from thalweg._src.ops.creation import zeros_like
from thalweg._src.ops.reduction import reduce_any
from thalweg._src.ops.selection import where


class Masking(Layer):
    """Masks the steps whose features all equal a value; their features become 0.

    Layers that follow leave out masked steps where they can; losses do not count them.

    Args:
        mask_value: The value.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of shape ``(batch, time, features)``, or of any rank above 1.

    Example:
        >>> import thalweg as tf
        >>> steps = tf.constant([[[1.0, 2.0], [-1.0, -1.0]]])
        >>> tf.keras.layers.Masking(-1.0)(steps).numpy().tolist()
        [[[1.0, 2.0], [0.0, 0.0]]]

    Source: `keras.layers.Masking`.
    """

    def __init__(self, mask_value: Any = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mask_value = mask_value
        self.supports_masking = True
        self.built = True

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Mask of shape ``(batch, time)``: True where a feature differs from the value."""
        del mask
        return self._present(inputs, keepdims=False)

    def call(self, inputs: Any) -> Any:
        """The inputs, with masked steps set to 0."""
        return where(self._present(inputs, keepdims=True), inputs, zeros_like(inputs))

    def _present(self, inputs: Any, keepdims: bool) -> Any:
        return reduce_any(
            not_equal(inputs, cast(self.mask_value, inputs.dtype)), -1, keepdims=keepdims
        )
