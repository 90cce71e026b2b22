"""`AdditiveAttention`: attention whose scores are sums of tanh, feature by feature."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.attention.attention import Attention
from thalweg._src.ops.elementwise import add, multiply
from thalweg._src.ops.reduction import reduce_sum
from thalweg._src.ops.shaping import expand_dims
from thalweg._src.ops.trigonometric import tanh


class AdditiveAttention(Attention):
    """`Attention` with the scores ``sum(scale * tanh(query + key))``.

    Args:
        use_scale: Whether each feature has a learned scale.
        dropout: Fraction of the weights dropped in training.
        **kwargs: ``seed``, that of the dropout; see `Layer` for others.

    Call arguments: as of `Attention`.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.AdditiveAttention()
        >>> layer([tf.ones((1, 3, 4)), tf.ones((1, 5, 4))]).shape
        TensorShape([1, 3, 4])

    Source: Bahdanau et al., "Neural machine translation by jointly learning to align and translate" (2015);
    `keras.layers.AdditiveAttention`.
    """

    def __init__(self, use_scale: bool = True, dropout: float = 0.0, **kwargs: Any) -> None:
        super().__init__(use_scale=use_scale, dropout=dropout, **kwargs)

    def build(self, input_shape: Any) -> None:
        """Creates the scale of each feature."""
        self._check(input_shape)
        if self.use_scale:
            self.scale = self.add_weight((input_shape[0][-1],), "glorot_uniform", name="scale")

    def _calculate_scores(self, query: Any, key: Any) -> Any:
        terms = tanh(add(expand_dims(query, -2), expand_dims(key, -3)))
        return reduce_sum(terms if self.scale is None else multiply(terms, self.scale), -1)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer."""
        config = super().get_config()
        config.pop("score_mode", None)
        return config
