"""`TimeDistributed`: one layer for every step of sequences."""

from __future__ import annotations

from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.errors import ShapeError
from thalweg._src.keras.layers.base.calling import is_shape
from thalweg._src.keras.layers.base.signature import signature_of
from thalweg._src.keras.layers.core.wrapper import Wrapper
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.reduction import reduce_any
from thalweg._src.ops.shaping import reshape


class TimeDistributed(Wrapper):
    """Applies a layer to every step of sequences, with the same weights.

    Args:
        layer: The layer.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor ``(batch, time, ...)`` of rank 3 or more, or a structure of them.
        training: Handed on to the layer.
        mask: Boolean tensor ``(batch, time)``, which is passed on, or ``(batch, time, ...)``, of which
            the layer gets its part where it takes a mask.

    Returns:
        Tensor ``(batch, time, ...)`` of the layer's outputs.

    Raises:
        ValueError: `layer` is no layer, or inputs have no time.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.TimeDistributed(tf.keras.layers.Dense(4))
        >>> layer(tf.ones((2, 5, 3))).shape
        TensorShape([2, 5, 4])

    Source: `keras.layers.TimeDistributed`. The layer is called once, on all steps as one batch: a
    `BatchNormalization` inside normalises over all steps together.
    """

    def __init__(self, layer: Any, **kwargs: Any) -> None:
        super().__init__(layer, **kwargs)
        self.supports_masking = True

    def build(self, input_shape: Any = None) -> None:
        """Builds the inner layer for one step."""
        if not self.layer.built:
            self.layer.build(_step_shapes(input_shape))

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """The layer's outputs for all steps."""
        if isinstance(inputs, RaggedTensor):
            return inputs.with_flat_values(self.layer(inputs._flat, training=training))
        leaves = nest.flatten(inputs)
        shapes = [tuple(leaf.shape) for leaf in leaves]
        if any(len(shape) < 3 for shape in shapes) or len({shape[1] for shape in shapes}) > 1:
            raise ShapeError(
                f"[{type(self).__name__} {self.name!r}] expected inputs (batch, time, ...) of rank 3 or more "
                f"and one length, got shapes {shapes}."
            )
        further = {}
        inner = self._inner_mask(mask)
        if inner is not None and "mask" in signature_of(type(self.layer).call).names:
            further["mask"] = inner
        outputs = self.layer(nest.map_structure(_folded, inputs), training=training, **further)
        time = shapes[0][1]
        return nest.map_structure(lambda output: _unfolded(output, time), outputs)

    def _inner_mask(self, mask: Any) -> Any:
        """What of a mask concerns the layer: all beyond the steps."""
        masks = [m for m in nest.flatten(mask) if m is not None]
        if not masks or len(masks[0].shape) < 3:
            return None
        return _folded(masks[0]) if len(masks) == 1 else nest.map_structure(_folded, mask)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The mask of the steps, with what the layer keeps of the rest."""
        found = next((m for m in nest.flatten(mask) if m is not None), None)
        inner = self._inner_mask(mask)
        if found is None or inner is None:
            return found
        kept = None
        if self.layer.supports_masking:
            kept = self.layer.compute_mask(nest.map_structure(_folded, inputs), inner)
        if kept is None or nest.is_nested(kept):
            return reduce_any(found, list(range(2, len(found.shape))))
        return _unfolded(kept, found.shape[1])


def _folded(value: Any) -> Any:
    """Steps as further samples: ``(batch * time, ...)``; None stays None."""
    if value is None:
        return None
    return reshape(value, (-1, *value.shape[2:]))


def _unfolded(value: Any, time: int) -> Any:
    return reshape(value, (-1, time, *value.shape[1:]))


def _step_shapes(shape: Any) -> Any:
    """Shape of one step, or the structure of them."""
    if is_shape(shape):
        return (shape[0], *shape[2:])
    if isinstance(shape, dict):
        return {key: _step_shapes(part) for key, part in shape.items()}
    return type(shape)([_step_shapes(part) for part in shape])
