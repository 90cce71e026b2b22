"""`PReLU`: `LeakyReLU` with learned slopes."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras import constraints, initializers, regularizers
from thalweg._src.keras.layers.base.input_spec import InputSpec
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.ops.elementwise import multiply, negative, subtract
from thalweg._src.ops.nn.activations import relu


class PReLU(Layer):
    """The inputs where they are positive, else `alpha` times them, where `alpha` is learned.

    Args:
        alpha_initializer: Initializer of the slopes.
        alpha_regularizer: Function of the slopes whose result is added to the loss.
        alpha_constraint: Function applied to the slopes after each update.
        shared_axes: Axes along which the slopes are the same, such as ``[1, 2]`` for one a channel.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of shape ``(batch, ...)``; integers are cast to the compute dtype.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.PReLU("ones", shared_axes=[1, 2])
        >>> layer(tf.constant([[[-2.0], [3.0]]])).numpy().tolist()
        [[[-2.0], [3.0]]]

    Source: He et al., "Delving deep into rectifiers" (2015); `keras.layers.PReLU`.
    """

    def __init__(
        self,
        alpha_initializer: Any = "Zeros",
        alpha_regularizer: Any = None,
        alpha_constraint: Any = None,
        shared_axes: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.alpha_initializer = initializers.get(alpha_initializer)
        self.alpha_regularizer = regularizers.get(alpha_regularizer)
        self.alpha_constraint = constraints.get(alpha_constraint)
        if isinstance(shared_axes, int):
            shared_axes = [shared_axes]
        self.shared_axes = None if shared_axes is None else list(shared_axes)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Creates the slopes."""
        rank = len(input_shape)
        shared = [
            a % rank for a in self.shared_axes or () if isinstance(a, int) and -rank <= a < rank
        ]
        if len(shared) != len(self.shared_axes or ()) or 0 in shared:
            raise InvalidArgumentError(
                f"[PReLU {self.name!r}] expected shared_axes behind the batch of inputs of shape "
                f"{tuple(input_shape)}, got {self.shared_axes}."
            )
        sizes = [1 if a in shared else input_shape[a] for a in range(1, rank)]
        if None in sizes:
            raise ShapeError(
                f"[PReLU {self.name!r}] expected known sizes behind the batch, got shape "
                f"{tuple(input_shape)}; give them in Input(shape=...), or share axis "
                f"{sizes.index(None) + 1}."
            )
        self.input_spec = InputSpec(
            ndim=rank, axes={a: input_shape[a] for a in range(1, rank) if a not in shared}
        )
        self.alpha = self.add_weight(
            sizes,
            self.alpha_initializer,
            regularizer=self.alpha_regularizer,
            constraint=self.alpha_constraint,
            name="alpha",
        )

    def call(self, inputs: Any) -> Any:
        """The function of the inputs."""
        inputs = self._floating(inputs)
        return subtract(relu(inputs), multiply(relu(negative(inputs)), self.alpha))
