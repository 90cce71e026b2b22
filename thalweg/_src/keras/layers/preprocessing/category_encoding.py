"""`CategoryEncoding`: integers as one hot, multi hot or counts."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.preprocessing.data_layer import DataLayer
from thalweg._src.keras.layers.preprocessing.encoding import current_mode, encoded, encoded_shape
from thalweg._src.ops.casting import cast

_MODES = ("one_hot", "multi_hot", "count")


class CategoryEncoding(DataLayer):
    """Encoding of integer categories.

    Args:
        num_tokens: Number of categories.
        output_mode: ``"multi_hot"``: which categories are there; ``"count"``: how often; ``"one_hot"``:
            each by itself.
        sparse: Whether to give a sparse tensor.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Integers ``(batch, n)`` from 0 to before `num_tokens`.
        count_weights: Tensor of the shape of `inputs`, for ``"count"``: added up instead of ones.

    Returns:
        Tensor ``(batch, num_tokens)`` of the compute dtype; with ``"one_hot"`` ``(batch, n, num_tokens)``,
        but without a last axis of size 1.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.CategoryEncoding(num_tokens=4, output_mode="multi_hot")
        >>> layer([[0, 1], [3, 3]]).numpy().tolist()
        [[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]]

    Source: `keras.layers.CategoryEncoding`. Categories that are too large have no place, instead of being an
    error.
    """

    def __init__(
        self,
        num_tokens: int | None = None,
        output_mode: str = "multi_hot",
        sparse: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if num_tokens is None or num_tokens < 1:
            raise ValueError(
                f"[CategoryEncoding {self.name!r}] expected num_tokens of 1 or more, got {num_tokens}."
            )
        if current_mode(output_mode) not in _MODES:
            raise ValueError(
                f"[CategoryEncoding {self.name!r}] expected output_mode to be one of {list(_MODES)}, got "
                f"{output_mode!r}."
            )
        self.num_tokens = num_tokens
        self.output_mode = current_mode(output_mode)
        self.sparse = sparse

    def call(self, inputs: Any, count_weights: Any = None) -> Any:
        """The encoded inputs."""
        if count_weights is not None and self.output_mode != "count":
            raise ValueError(
                f"[CategoryEncoding {self.name!r}] expected count_weights with output_mode='count' only, got "
                f"{self.output_mode!r}."
            )
        indices = cast(inputs, "int64")
        weights = None if count_weights is None else cast(count_weights, self.compute_dtype)
        return encoded(
            indices,
            self.num_tokens,
            self.output_mode,
            weights,
            self.compute_dtype,
            self.sparse,
        )

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Shape of the outputs."""
        return encoded_shape(tuple(input_shape), self.num_tokens, self.output_mode)
