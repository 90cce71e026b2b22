"""`Softmax`: inputs as probabilities."""

from __future__ import annotations

from typing import Any

from thalweg._src.core import dtypes
from thalweg._src.keras.activations import softmax
from thalweg._src.keras.base.notes import remember_logits
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.normalization.base_normalization import axis_argument, places_of
from thalweg._src.ops.casting import cast
from thalweg._src.ops.creation import zeros_like
from thalweg._src.ops.selection import where
from thalweg._src.ops.shaping import reshape

# Logit of what is masked: finite, so that a row in which all is masked is no NaN on the way.
_HIDDEN = -1e30


class Softmax(Layer):
    """Positive values that sum to 1 along an axis: ``exp(inputs) / sum(exp(inputs))``.

    Args:
        axis: Axis along which they sum to 1, or several taken together.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor; integers are cast to the compute dtype.
        mask: Boolean tensor, False where the output is to be 0; its shape is that of the first dimensions
            of the inputs, such as ``(batch, time)``, or broadcasts to that of the inputs. Outputs are all
            0 where nothing is left.

    Example:
        >>> import thalweg as tf
        >>> mask = tf.constant([[True, True, False]])
        >>> tf.keras.layers.Softmax()(tf.constant([[1.0, 1.0, 9.0]]), mask=mask).numpy().tolist()
        [[0.5, 0.5, 0.0]]

    Source: `keras.layers.Softmax`, where a mask always belongs to the last dimensions.
    """

    def __init__(self, axis: Any = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis_argument(f"Softmax {self.name!r}", axis)
        self.supports_masking = True
        self.built = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """Probabilities of the inputs."""
        inputs = self._floating(inputs)
        places = places_of(f"Softmax {self.name!r}", self.axis, inputs.shape)
        axis: Any = places[0] if len(places) == 1 else places
        wide = inputs if dtypes.as_dtype(inputs.dtype).size > 2 else cast(inputs, "float32")
        if mask is None:
            outputs = cast(softmax(wide, axis), inputs.dtype)
            return remember_logits(outputs, inputs, axis) if len(places) == 1 else outputs
        mask = _aligned(cast(mask, "bool"), tuple(inputs.shape))
        outputs = softmax(where(mask, wide, cast(_HIDDEN, wide.dtype)), axis)
        return cast(where(mask, outputs, zeros_like(outputs)), inputs.dtype)


def _aligned(mask: Any, shape: tuple[int, ...]) -> Any:
    """A mask of the first dimensions in a shape that broadcasts; others as they are."""
    rank = len(mask.shape)
    if 1 < rank < len(shape) and tuple(mask.shape) == shape[:rank]:
        return reshape(mask, (*shape[:rank], *[1] * (len(shape) - rank)))
    return mask
