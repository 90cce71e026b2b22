"""`GroupQueryAttention`: multi-head attention in which several heads share keys and values."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras.base.serialization import enroll
from thalweg._src.keras.layers.attention.base_head_attention import BaseHeadAttention
from thalweg._src.keras.ops.geometry import positive


class GroupedQueryAttention(BaseHeadAttention):
    """`MultiHeadAttention` with fewer heads for keys and values than for queries.

    With as many it is multi-head attention, with one it is multi-query attention; in between it is nearly
    as good as the first and nearly as cheap as the second.

    Args:
        head_dim: Features of query, key and value in a head.
        num_query_heads: Number of heads of the query.
        num_key_value_heads: Number of heads of key and value; divides `num_query_heads`.
        dropout: Fraction of the weights dropped in training.
        use_bias: Whether the projections have biases.
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

    Call arguments: as of `MultiHeadAttention`, for tensors of rank 3.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.GroupQueryAttention(8, num_query_heads=4, num_key_value_heads=2)
        >>> layer(tf.ones((1, 4, 6)), tf.ones((1, 5, 6))).shape
        TensorShape([1, 4, 6])

    Source: Ainslie et al., "GQA: training generalized multi-query transformer models from multi-head
    checkpoints" (2023); `keras.layers.GroupQueryAttention`.
    """

    _stored_names = {
        f"{part}_dense": f"_{part}_dense" for part in ("query", "key", "value", "output", "gate")
    }

    def __init__(
        self,
        head_dim: int,
        num_query_heads: int,
        num_key_value_heads: int,
        dropout: float = 0.0,
        use_bias: bool = True,
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
        where = f"GroupQueryAttention {self.name!r}"
        positive(where, "head_dim", head_dim)
        positive(where, "num_query_heads", num_query_heads)
        positive(where, "num_key_value_heads", num_key_value_heads)
        if num_query_heads % num_key_value_heads:
            raise InvalidArgumentError(
                f"[GroupQueryAttention {self.name!r}] expected num_key_value_heads to divide "
                f"num_query_heads, got {num_key_value_heads} and {num_query_heads}."
            )
        self.head_dim = self._key_size = self._value_size = head_dim
        self.num_query_heads = self._heads = num_query_heads
        self.num_key_value_heads = self._key_heads = num_key_value_heads

    def _check_shapes(self, query_shape: Any, value_shape: Any, key_shape: Any) -> None:
        super()._check_shapes(query_shape, value_shape, key_shape)
        if len(query_shape) != 3:
            raise ShapeError(
                f"[GroupQueryAttention {self.name!r}] expected tensors of shape (batch, time, features), "
                f"got a query of shape {tuple(query_shape)}; MultiHeadAttention takes further axes."
            )


# The public name, under which files know it, differs from that of the class, which names its instances.
enroll("keras.layers", GroupedQueryAttention, name="GroupQueryAttention", written=True)
