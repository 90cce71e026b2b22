"""`ReversibleEmbedding`: from numbers to vectors at the bottom of a model, and back at its top."""

from __future__ import annotations

from typing import Any

from thalweg._src.core import dtypes
from thalweg._src.keras.base.drawing import infer
from thalweg._src.keras.layers.core.embedding import Embedding
from thalweg._src.ops.casting import cast
from thalweg._src.ops.contraction import tensordot
from thalweg._src.ops.elementwise import divide, multiply
from thalweg._src.ops.shaping import transpose
from thalweg._src.ops.trigonometric import tanh


class ReversibleEmbedding(Embedding):
    """`Embedding` that also turns vectors back into a score for each number of the vocabulary.

    Args:
        input_dim: Size of the vocabulary.
        output_dim: Size of a vector.
        tie_weights: Whether the way back uses the table itself, transposed, or weights of its own.
        embeddings_initializer: Initializer of the table, and of the weights of the way back.
        embeddings_regularizer: Function of the table whose result is added to the loss.
        embeddings_constraint: Function applied to the table after each update.
        mask_zero: Whether number 0 stands for "nothing here".
        reverse_dtype: Dtype in which the way back is computed; the compute dtype when None.
        logit_soft_cap: Scores are squashed into ``[-cap, cap]`` by ``tanh(x / cap) * cap``; not when None.
        **kwargs: See `Embedding`.

    Call arguments:
        inputs: Integers of shape ``(batch, ...)``, or vectors of shape ``(batch, ..., output_dim)``.
        reverse: Whether to turn vectors into scores of shape ``(batch, ..., input_dim)``.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.ReversibleEmbedding(10, 4)
        >>> vectors = layer(tf.constant([[3, 1]]))
        >>> layer(vectors, reverse=True).shape
        TensorShape([1, 2, 10])

    Source: `keras.layers.ReversibleEmbedding`; Press and Wolf, "Using the output embedding to improve
    language models" (2017).
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        tie_weights: bool = True,
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None,
        embeddings_constraint: Any = None,
        mask_zero: bool = False,
        reverse_dtype: Any = None,
        logit_soft_cap: float | None = None,
        **kwargs: Any,
    ) -> None:
        start = kwargs.pop("weights", None)
        super().__init__(
            input_dim,
            output_dim,
            embeddings_initializer=embeddings_initializer,
            embeddings_regularizer=embeddings_regularizer,
            embeddings_constraint=embeddings_constraint,
            mask_zero=mask_zero,
            **kwargs,
        )
        self.tie_weights = tie_weights
        self.reverse_dtype = reverse_dtype
        self.logit_soft_cap = logit_soft_cap
        self._start_with(start)

    def build(self, input_shape: Any = None) -> None:
        """Creates the table, and the weights of the way back where they are not tied."""
        super().build(input_shape)
        if not self.tie_weights:
            self.reverse_embeddings = self.add_weight(
                (self.output_dim, self.input_dim),
                self.embeddings_initializer,
                name="reverse_embeddings",
            )

    def call(self, inputs: Any, reverse: bool = False) -> Any:
        """Vectors for numbers, or scores for vectors."""
        if not reverse:
            return super().call(inputs)
        kernel = transpose(self.embeddings) if self.tie_weights else self.reverse_embeddings.value
        if self.reverse_dtype is not None:
            inputs, kernel = cast(inputs, self.reverse_dtype), cast(kernel, self.reverse_dtype)
        scores = tensordot(inputs, kernel, 1)
        cap = self.logit_soft_cap
        return scores if cap is None else multiply(tanh(divide(scores, cap)), cap)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Mask of numbers, False where they are 0; on the way back that of the vectors."""
        numbers = dtypes.as_dtype(inputs.dtype).is_integer
        return super().compute_mask(inputs, mask) if numbers else mask

    def compute_output_shape(
        self, input_shape: Any, reverse: bool = False
    ) -> tuple[int | None, ...]:
        """Shape of the vectors for a shape of numbers, or of the scores for one of vectors."""
        if reverse:
            return (*input_shape[:-1], self.input_dim)
        return super().compute_output_shape(input_shape)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Symbolic outputs for symbolic inputs, without adding to a graph."""
        return infer(self.call, args, kwargs, self.name)
