"""`GlobalAveragePooling1D`: the mean of a whole sequence, channel by channel."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.pooling.base import GlobalPooling, widened
from thalweg._src.ops.casting import cast
from thalweg._src.ops.creation import ones_like
from thalweg._src.ops.elementwise import multiply
from thalweg._src.ops.guarded import divide_no_nan
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.reduction import reduce_sum
from thalweg._src.ops.shaping import expand_dims


class GlobalAveragePooling1D(GlobalPooling):
    """The mean of a whole sequence, channel by channel; of the steps that count, where there is a mask.

    Args:
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, steps)``; the default layout when None.
        keepdims: Whether the dimension of steps stays, with a size of 1.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Sequences of shape ``(batch, steps, channels)``, ragged ones too.
        mask: Bool tensor ``(batch, steps)``: which steps count. The mask of the inputs when None.

    Returns:
        Tensor of shape ``(batch, channels)``; the mean of integers is in the compute dtype. It has no
        mask.

    Example:
        >>> import thalweg as tf
        >>> x, mask = tf.constant([[[1.0], [3.0], [8.0]]]), tf.constant([[True, True, False]])
        >>> tf.keras.layers.GlobalAveragePooling1D()(x, mask=mask).numpy().tolist()
        [[2.0]]

    Source: `keras.layers.GlobalAveragePooling1D`. The mean of no steps is 0; in Keras it is NaN, which
    makes the weights NaN.
    """

    rank = 1
    averages = True

    def __init__(
        self, data_format: str | None = None, keepdims: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(data_format, keepdims, **kwargs)
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """Mean of each channel."""
        if mask is None and isinstance(inputs, RaggedTensor):
            mask = inputs.with_values(ones_like(inputs._values[:, 0], "bool"))
        if mask is None:
            return super().call(inputs)
        self._split(inputs.shape)  # refuses another rank
        inputs = self._ready(inputs)
        axis, rest = (1, 2) if self.data_format == "channels_last" else (2, 1)
        wide = widened(inputs)
        counted = cast(expand_dims(mask, rest), wide.dtype)
        total = reduce_sum(multiply(wide, counted), axis, self.keepdims)
        count = reduce_sum(counted, axis, self.keepdims)
        return cast(divide_no_nan(total, count), inputs.dtype)

    def compute_output_spec(self, inputs: Any, mask: Any = None) -> Any:
        """Symbolic outputs."""
        del mask
        return super().compute_output_spec(inputs)

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        """No mask: there are no steps any more."""
        del inputs, mask
