"""`SpectralNormalization`: keeps the largest singular value of a layer's kernel at 1."""

from __future__ import annotations

from typing import Any

from thalweg._src.autodiff.stop import stop_gradient
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.initializers import TruncatedNormal
from thalweg._src.keras.layers.core.wrapper import Wrapper
from thalweg._src.ops.contraction import matmul
from thalweg._src.ops.elementwise import divide
from thalweg._src.ops.linalg import l2_normalize
from thalweg._src.ops.shaping import reshape
from thalweg._src.variables.variable import Variable


class SpectralNormalization(Wrapper):
    """Divides the kernel of a layer by its largest singular value, at each call in training.

    The singular value is followed by power iterations, a few at each call.

    Args:
        layer: Layer with a weight `kernel` or `embeddings`.
        power_iterations: Iterations at each call in training.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: What the inner layer takes.
        training: Whether to divide the kernel.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.SpectralNormalization(tf.keras.layers.Dense(3), power_iterations=20)
        >>> y = layer(tf.ones((2, 4)), training=True)
        >>> bool(abs(tf.linalg.svd(layer.kernel, compute_uv=False)[0] - 1.0) < 1e-3)
        True

    Source: Miyato et al., "Spectral normalization for generative adversarial networks" (2018);
    `keras.layers.SpectralNormalization`: the kernel itself is replaced, no gradient goes through the
    singular value.
    """

    kernel: Any

    def __init__(self, layer: Any, power_iterations: int = 1, **kwargs: Any) -> None:
        super().__init__(layer, **kwargs)
        if not isinstance(power_iterations, int) or power_iterations < 1:
            raise InvalidArgumentError(
                f"[SpectralNormalization {self.name!r}] expected power_iterations as a positive int, got "
                f"{power_iterations!r}."
            )
        self.power_iterations = power_iterations

    def build(self, input_shape: Any = None) -> None:
        """Builds the inner layer and creates the vector of the iterations."""
        super().build(input_shape)
        found = getattr(self.layer, "kernel", None)
        self.kernel = getattr(self.layer, "embeddings", None) if found is None else found
        if not isinstance(self.kernel, Variable):
            raise InvalidArgumentError(
                f"[SpectralNormalization {self.name!r}] expected a layer with a weight kernel or embeddings, "
                f"got {type(self.layer).__name__} {self.layer.name!r}."
            )
        self.vector_u = self.add_weight(
            (1, self.kernel.shape[-1]),
            TruncatedNormal(stddev=0.02),
            trainable=False,
            autocast=False,
            name="vector_u",
        )

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Outputs of the inner layer, with its kernel divided first in training."""
        if training:
            vector, kernel = self.normalized_weights()
            self.vector_u.assign(vector)
            self.kernel.assign(kernel)
        return self.layer(inputs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Shape of the inner layer's outputs."""
        return self.layer.compute_output_shape(input_shape)

    def normalized_weights(self) -> tuple[Any, Any]:
        """The next vector of the iterations, and the kernel divided by its largest singular value."""
        rows = reshape(stop_gradient(self._whole_kernel()), (-1, self.kernel.shape[-1]))
        vector_u = self.vector_u.value
        for _ in range(self.power_iterations):
            vector_v = l2_normalize(matmul(vector_u, rows, transpose_b=True))
            vector_u = l2_normalize(matmul(vector_v, rows))
        largest = matmul(matmul(vector_v, rows), vector_u, transpose_b=True)
        return vector_u, reshape(divide(rows, largest), self.kernel.shape)

    def _whole_kernel(self) -> Any:
        """The kernel in its own dtype, where the layer computes in a narrower one, too."""
        return Variable._read_tensor(self.kernel)
