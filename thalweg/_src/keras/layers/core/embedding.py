"""`Embedding`: a vector for each number of a vocabulary."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.keras import constraints, initializers, regularizers
from thalweg._src.keras.layers.core.adapted_layer import AdaptedLayer
from thalweg._src.ops.casting import cast
from thalweg._src.ops.comparison import not_equal
from thalweg._src.ops.contraction import tensordot
from thalweg._src.ops.elementwise import add, multiply
from thalweg._src.ops.gather import gather


class Embedding(AdaptedLayer):
    """Turns numbers of words (or of anything counted) into vectors that are learned.

    Args:
        input_dim: Size of the vocabulary: numbers are from 0 to ``input_dim - 1``.
        output_dim: Size of a vector.
        embeddings_initializer: Initializer of the table, of shape ``(input_dim, output_dim)``.
        embeddings_regularizer: Function of the table whose result is added to the loss.
        embeddings_constraint: Function applied to the table after each update.
        mask_zero: Whether number 0 stands for "nothing here": it is masked from here on.
        weights: The table's values to start with, an array or a list of one; the layer is built at once.
        lora_rank: Rank of a trainable product that is added to the table, which is frozen; none when
            None. See `enable_lora`.
        lora_alpha: The product is scaled by ``lora_alpha / lora_rank``.
        quantization_config: Must be None: weights are not quantized.
        **kwargs: See `Layer`. ``input_length``, the number of words of a sample, declares the shape of
            the inputs where the layer is the first of a `Sequential`.

    Call arguments:
        inputs: Integers of any shape ``(batch, ...)``, ragged ones too; floats are cut to integers.

    Returns:
        Tensor of shape ``(batch, ..., output_dim)``.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.Embedding(10, 4, mask_zero=True)
        >>> layer(tf.constant([[3, 1, 0]])).shape
        TensorShape([1, 3, 4])
        >>> layer.compute_mask(tf.constant([[3, 1, 0]])).numpy().tolist()
        [[True, True, False]]

    Source: `keras.layers.Embedding`. Numbers out of range are refused, negative ones too; inside a
    compiled program their vectors are zeros.
    """

    _adapted = "embeddings"

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None,
        embeddings_constraint: Any = None,
        mask_zero: bool = False,
        weights: Any = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        quantization_config: Any = None,
        **kwargs: Any,
    ) -> None:
        length = kwargs.pop("input_length", None)
        if length is not None:
            kwargs["input_shape"] = (
                tuple(length) if isinstance(length, (list, tuple)) else (length,)
            )
        super().__init__(lora_rank, lora_alpha, quantization_config, **kwargs)
        for what, size in (("input_dim", input_dim), ("output_dim", output_dim)):
            if not isinstance(size, int) or size < 1:
                raise InvalidArgumentError(
                    f"[Embedding {self.name!r}] expected {what} as a positive int, got {size!r}."
                )
        self.input_dim = input_dim
        self.output_dim = output_dim
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self.mask_zero = mask_zero
        self.supports_masking = mask_zero
        self._start_with(weights)

    def _start_with(self, weights: Any) -> None:
        """Takes values to start with, where there are any."""
        if weights is not None:
            self.build()
            self.set_weights(list(weights) if isinstance(weights, (list, tuple)) else [weights])

    @property
    def embeddings(self) -> Any:
        """Table of shape ``(input_dim, output_dim)``, with what adaptation adds."""
        return self._merged()

    def build(self, input_shape: Any = None) -> None:
        """Creates the table."""
        del input_shape
        self._embeddings = self.add_weight(
            (self.input_dim, self.output_dim),
            self.embeddings_initializer,
            regularizer=self.embeddings_regularizer,
            constraint=self.embeddings_constraint,
            name="embeddings",
        )
        self._finish_build()

    def call(self, inputs: Any) -> Any:
        """Vectors for the numbers."""
        numbers = inputs if dtypes.as_dtype(inputs.dtype).is_integer else cast(inputs, "int32")
        vectors = gather(self._embeddings.value, numbers)
        if not self.lora_enabled:
            return vectors
        # Only the rows at hand: the whole product would be as large as the table.
        first, second = (weight.value for weight in self._thin)
        added = tensordot(gather(first, numbers), second, 1)
        return add(vectors, multiply(added, self._scale))

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Mask of the shape of the inputs, False where they are 0; None without `mask_zero`."""
        del mask
        return not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Shape of the vectors for a shape of inputs."""
        return (*input_shape, self.output_dim)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer; values of weights are not among them."""
        config = super().get_config()
        del config["weights"]
        return config
