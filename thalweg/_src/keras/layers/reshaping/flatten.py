"""`Flatten`: one row for each sample."""

from __future__ import annotations

import math
from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.ops.shaping import reshape, transpose


class Flatten(Layer):
    """Lays out each sample as one row.

    Args:
        data_format: ``"channels_last"`` or ``"channels_first"`` (channels are moved to the end first);
            ``"channels_last"`` when None.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of shape ``(batch, ...)``.

    Returns:
        Tensor of shape ``(batch, product of the other sizes)``.

    Source: `keras.layers.Flatten`.
    """

    def __init__(self, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if data_format not in (None, "channels_last", "channels_first"):
            raise ValueError(
                f"[Flatten] expected data_format 'channels_last' or 'channels_first', got {data_format!r}."
            )
        self.data_format = data_format or "channels_last"
        self.built = True

    def call(self, inputs: Any) -> Any:
        """Rows for the inputs."""
        rank = len(inputs.shape)
        if rank == 0:
            raise ShapeError("[Flatten] expected inputs of shape (batch, ...), got a scalar.")
        if self.data_format == "channels_first" and rank > 2:
            inputs = transpose(inputs, [0, *range(2, rank), 1])
        return reshape(inputs, [inputs.shape[0], math.prod(inputs.shape[1:])])
