"""`LayerNormalization`: each sample has mean 0 and variance 1 along some axes."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.normalization.base_normalization import (
    BaseNormalization,
    places_in_values,
    places_of,
    sizes_at,
)
from thalweg._src.ops.casting import cast
from thalweg._src.ops.elementwise import add, multiply
from thalweg._src.ops.exponential import rsqrt
from thalweg._src.ops.nn.layer_normalization import layer_normalize
from thalweg._src.ops.nn.moments import moments
from thalweg._src.ops.shaping import reshape


class LayerNormalization(BaseNormalization):
    """Takes off the mean along some axes and divides by the standard deviation, for each sample.

    ``(inputs - mean) / sqrt(variance + epsilon) * gamma + beta``, the same in training and inference.

    Args:
        axis: Axis or axes of the features: statistics are taken along them, and `gamma` and `beta` have
            their sizes.
        epsilon: Small number added to the variance, which keeps its root away from 0.
        center: Whether `beta` is added.
        scale: Whether to multiply by `gamma`.
        beta_initializer: Initializer of `beta`.
        gamma_initializer: Initializer of `gamma`.
        beta_regularizer: Function of `beta` whose result is added to the loss.
        gamma_regularizer: Likewise for `gamma`.
        beta_constraint: Function applied to `beta` after each update.
        gamma_constraint: Likewise for `gamma`.
        rms_scaling: An older form: divide by the standard deviation and multiply by `gamma`, but take
            off no mean and add no `beta`. `RMSNormalization` is what is usually wanted.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of shape ``(batch, ..., features)``; integers are cast to the compute dtype.

    Example:
        >>> import thalweg as tf
        >>> y = tf.keras.layers.LayerNormalization()(tf.constant([[1.0, 3.0], [10.0, 30.0]]))
        >>> y.numpy().round(2).tolist()
        [[-1.0, 1.0], [-1.0, 1.0]]

    Source: Ba et al., "Layer normalization" (2016); `keras.layers.LayerNormalization`.
    """

    works_on_values = True

    def __init__(
        self,
        axis: Any = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        rms_scaling: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            axis,
            epsilon,
            center,
            scale,
            beta_initializer,
            gamma_initializer,
            beta_regularizer,
            gamma_regularizer,
            beta_constraint,
            gamma_constraint,
            **kwargs,
        )
        self.rms_scaling = rms_scaling

    def build(self, input_shape: Any) -> None:
        """Creates `gamma` and `beta`."""
        where = f"LayerNormalization {self.name!r}"
        self._places = places_of(where, self.axis, input_shape)
        self._rank = len(input_shape)
        sizes = sizes_at(where, self._places, input_shape)
        older = self.rms_scaling
        self._add_gamma_and_beta(sizes, self.scale or older, self.center and not older)

    def _axes_of(self, inputs: Any) -> tuple[int, ...]:
        """Axes of the features in inputs, which may be the values of ragged ones."""
        where = f"LayerNormalization {self.name!r}"
        return places_in_values(where, self._places, self._rank, inputs)

    def call(self, inputs: Any) -> Any:
        """The inputs, normalized."""
        inputs = self._floating(inputs)
        if self.rms_scaling:
            return self._divided(inputs)
        return layer_normalize(
            inputs, self.gamma, self.beta, axes=self._axes_of(inputs), epsilon=self.epsilon, centered=True
        )

    def _divided(self, inputs: Any) -> Any:
        """The inputs divided by their standard deviation, times `gamma`."""
        gamma = self.gamma.value
        wide = cast(inputs, gamma.dtype)
        axes = self._axes_of(inputs)
        _, variance = moments(wide, axes, keepdims=True)
        rank = len(inputs.shape)
        shape = [inputs.shape[a] if a in axes else 1 for a in range(rank)]
        factor = multiply(rsqrt(add(variance, self.epsilon)), reshape(gamma, shape))
        return cast(multiply(wide, factor), inputs.dtype)
