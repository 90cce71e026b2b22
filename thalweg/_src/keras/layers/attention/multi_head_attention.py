"""`MultiHeadAttention`: several attentions side by side, each with its own view of the features."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.layers.attention.base_head_attention import BaseHeadAttention
from thalweg._src.keras.ops.geometry import positive


class MultiHeadAttention(BaseHeadAttention):
    """Each target of a query looks at all keys and takes the mean of the values that fit.

    Query, key and value are projected to `num_heads` heads. In each, a target's output is the mean of
    the values, weighted by ``softmax(query . key / sqrt(key_dim))``; a last projection joins the heads.

    Args:
        num_heads: Number of heads.
        key_dim: Features of query and key in a head.
        value_dim: Features of a value in a head; `key_dim` when None.
        dropout: Fraction of the weights dropped in training.
        use_bias: Whether the projections have biases.
        output_shape: Sizes of the features of the output; those of the query when None.
        attention_axes: Axes along which attention looks; all between batch and features when None.
        sliding_window: Each target sees sources fewer than so many steps away; all when None.
        flash_attention: Must be None or False: there is no such kernel.
        kernel_initializer: Initializer of the projections' kernels.
        bias_initializer: Initializer of the projections' biases.
        kernel_regularizer: Function of each kernel whose result is added to the loss.
        bias_regularizer: Likewise for the biases.
        activity_regularizer: Likewise for the outputs of each projection.
        kernel_constraint: Function applied to each kernel after each update.
        bias_constraint: Likewise for the biases.
        use_gate: Whether what the heads found is multiplied by a sigmoid of a projection of the query.
        seed: Seed of the dropout.
        **kwargs: See `Layer`.

    Call arguments:
        query: Tensor of shape ``(batch, target, features)``.
        value: Tensor of shape ``(batch, source, value features)``.
        key: Tensor of shape ``(batch, source, key features)``; `value` when None.
        query_mask: Mask of shape ``(batch, target)``: that of the output.
        value_mask: Mask of shape ``(batch, source)``, False where there is nothing to see.
        key_mask: Likewise.
        attention_mask: Mask of shape ``(batch, target, source)``, False where a target must not look;
            with a further dimension for heads after the batch, if wanted.
        return_attention_scores: Whether to return the weights too.
        training: Whether to drop.
        use_causal_mask: Whether each target sees only sources up to its own number.

    Returns:
        Tensor of shape ``(batch, target, features)``; with `return_attention_scores` a pair of it and the
        weights ``(batch, heads, target, source)``. A target that sees nothing finds zeros.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.MultiHeadAttention(num_heads=2, key_dim=3)
        >>> y, scores = layer(tf.ones((1, 4, 8)), tf.ones((1, 5, 8)), return_attention_scores=True)
        >>> y.shape, scores.shape
        (TensorShape([1, 4, 8]), TensorShape([1, 2, 4, 5]))

    Source: Vaswani et al., "Attention is all you need" (2017); `keras.layers.MultiHeadAttention`, where a
    target that sees nothing finds the mean of all values, unless the weights are asked for.
    """

    def __init__(
        self,
        num_heads: int,
        key_dim: int,
        value_dim: int | None = None,
        dropout: float = 0.0,
        use_bias: bool = True,
        output_shape: Any = None,
        attention_axes: Any = None,
        sliding_window: int | None = None,
        flash_attention: bool | None = None,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        use_gate: bool = False,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            dropout,
            use_bias,
            sliding_window,
            flash_attention,
            kernel_initializer,
            bias_initializer,
            kernel_regularizer,
            bias_regularizer,
            activity_regularizer,
            kernel_constraint,
            bias_constraint,
            use_gate,
            seed,
            **kwargs,
        )
        value_dim = key_dim if value_dim is None else value_dim
        for what, size in (
            ("num_heads", num_heads),
            ("key_dim", key_dim),
            ("value_dim", value_dim),
        ):
            positive(f"{type(self).__name__} {self.name!r}", what, size)
        self._heads = self._key_heads = num_heads
        self._key_size, self._value_size = key_dim, value_dim
        self.output_shape = _sizes(
            f"MultiHeadAttention {self.name!r}", "output_shape", output_shape
        )
        self._output_sizes = self.output_shape
        self._axes = _sizes(f"MultiHeadAttention {self.name!r}", "attention_axes", attention_axes)

    @property
    def num_heads(self) -> int:
        """Number of heads."""
        return self._heads

    @property
    def key_dim(self) -> int:
        """Features of query and key in a head."""
        return self._key_size

    @property
    def value_dim(self) -> int:
        """Features of a value in a head."""
        return self._value_size

    @property
    def attention_axes(self) -> tuple[int, ...] | None:
        """Axes along which attention looks; once built, all between batch and features for None."""
        return self._axes


def _sizes(where: str, what: str, given: Any) -> tuple[int, ...] | None:
    """An int or some as a tuple; None stays."""
    if given is None:
        return None
    found = tuple(given) if isinstance(given, (list, tuple)) else (given,)
    if not found or any(not isinstance(n, int) for n in found):
        raise InvalidArgumentError(
            f"[{where}] expected {what} as an int, some ints or None, got {given!r}."
        )
    return found
