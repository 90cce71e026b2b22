"""`Attention`: means of values, weighted by how well their keys fit a query."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras.layers.attention.attending import causal_mask, seen, weights_of
from thalweg._src.keras.layers.base.calling import is_shape
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.random.noise import dropout
from thalweg._src.keras.random.seed_generator import SeedGenerator
from thalweg._src.ops.casting import cast
from thalweg._src.ops.contraction import matmul
from thalweg._src.ops.elementwise import add, multiply
from thalweg._src.ops.reduction import reduce_sum
from thalweg._src.ops.shaping import expand_dims
from thalweg._src.ops.trigonometric import tanh


class Attention(Layer):
    """Each target of a query looks at all keys and takes the mean of the values that fit.

    A target's output is the mean of the values, weighted by the softmax of the scores of their keys: the
    products ``query . key``, or ``sum(tanh(query + key))``. `MultiHeadAttention` projects first and
    usually learns more.

    Args:
        use_scale: Whether a learned number scales the scores.
        score_mode: ``"dot"`` for products, ``"concat"`` for the tanh of sums times a learned number.
        dropout: Fraction of the weights dropped in training.
        seed: Seed of the dropout.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: ``[query, value]`` or ``[query, value, key]`` of shapes ``(batch, target, features)``,
            ``(batch, source, outputs)`` and ``(batch, source, features)``; the value is its own key.
        mask: Masks ``[query_mask, value_mask]`` of shapes ``(batch, target)`` and ``(batch, source)``, or
            None in their places: the outputs of masked targets are 0, and masked values are not seen.
        training: Whether to drop.
        return_attention_scores: Whether to return the weights too.
        use_causal_mask: Whether each target sees only sources up to its own number.

    Returns:
        Tensor of shape ``(batch, target, outputs)``; with `return_attention_scores` a pair of it and the
        weights ``(batch, target, source)``. A target that sees nothing takes the mean of all values.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.Attention()
        >>> layer([tf.zeros((1, 1, 2)), tf.constant([[[1.0, 5.0], [3.0, 7.0]]])]).numpy().tolist()
        [[[2.0, 6.0]]]

    Source: Luong et al., "Effective approaches to attention-based neural machine translation" (2015);
    `keras.layers.Attention`.
    """

    def __init__(
        self,
        use_scale: bool = False,
        score_mode: str = "dot",
        dropout: float = 0.0,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        where = f"{type(self).__name__} {self.name!r}"
        if score_mode not in ("dot", "concat"):
            raise InvalidArgumentError(
                f"[{where}] expected score_mode 'dot' or 'concat', got {score_mode!r}."
            )
        if not 0 <= dropout <= 1:
            raise InvalidArgumentError(f"[{where}] expected dropout in [0, 1], got {dropout!r}.")
        self.use_scale = use_scale
        self.score_mode = score_mode
        self.dropout = dropout
        self.seed = seed
        self.supports_masking = True
        self.seed_generator = SeedGenerator(seed) if dropout else None
        self.scale: Any = None
        self.concat_score_weight: Any = None

    def build(self, input_shape: Any) -> None:
        """Creates the numbers that scale the scores."""
        self._check(input_shape)
        if self.use_scale:
            self.scale = self.add_weight((), "ones", name="scale")
        if self.score_mode == "concat":
            self.concat_score_weight = self.add_weight((), "ones", name="concat_score_weight")

    def call(
        self,
        inputs: Any,
        mask: Any = None,
        training: bool = False,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
    ) -> Any:
        """What each target finds among the values."""
        self._check(inputs)
        query, value = inputs[:2]
        key = inputs[2] if len(inputs) > 2 else value
        query_mask, value_mask = self._masks(mask)
        scores = self._calculate_scores(query, key)
        hidden = None if value_mask is None else expand_dims(cast(value_mask, "bool"), -2)
        order = causal_mask(*scores.shape[1:]) if use_causal_mask else None
        weights = weights_of(scores, seen(hidden, order))
        kept = weights
        if training and self.dropout:
            kept = dropout(weights, self.dropout, seed=self.seed_generator)
        outputs = matmul(kept, value)
        if query_mask is not None:
            outputs = multiply(outputs, cast(expand_dims(query_mask, -1), outputs.dtype))
        return (outputs, weights) if return_attention_scores else outputs

    def _calculate_scores(self, query: Any, key: Any) -> Any:
        """Scores ``(batch, target, source)`` of keys for queries."""
        if self.score_mode == "dot":
            scores = matmul(query, key, transpose_b=True)
            return scores if self.scale is None else multiply(scores, self.scale)
        sums = add(expand_dims(query, -2), expand_dims(key, -3))
        if self.scale is not None:
            sums = multiply(sums, self.scale)
        return multiply(reduce_sum(tanh(sums), -1), self.concat_score_weight)

    def _check(self, inputs: Any) -> None:
        """Refuses anything but two or three tensors, or their shapes."""
        some = isinstance(inputs, (list, tuple)) and not is_shape(inputs)
        if not some or len(inputs) not in (2, 3):
            raise ShapeError(
                f"[{type(self).__name__} {self.name!r}] expected inputs as [query, value] or [query, value, "
                f"key], got {_described(inputs)}."
            )

    def _masks(self, mask: Any) -> tuple[Any, Any]:
        if mask is None:
            return None, None
        if not isinstance(mask, (list, tuple)) or len(mask) < 2:
            raise ShapeError(
                f"[{type(self).__name__} {self.name!r}] expected mask as [query_mask, value_mask] with None "
                f"for no mask, got {_described(mask)}."
            )
        return mask[0], mask[1]

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Masks of the outputs, which is that of the query, and of the weights, which have none."""
        del inputs
        query_mask = self._masks(mask)[0]
        return None if query_mask is None else [query_mask, None]


def _described(value: Any) -> str:
    if isinstance(value, (list, tuple)) and not is_shape(value):
        return f"{len(value)} of them"
    return f"one of shape {tuple(getattr(value, 'shape', value))}"
