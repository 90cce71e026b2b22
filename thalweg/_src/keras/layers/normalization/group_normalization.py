"""`GroupNormalization`: each sample has mean 0 and variance 1 in each group of its channels."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras.layers.base.input_spec import InputSpec
from thalweg._src.keras.layers.normalization.base_normalization import (
    BaseNormalization,
    places_of,
    sizes_at,
)
from thalweg._src.ops.nn.group_normalization import group_normalize


class GroupNormalization(BaseNormalization):
    """Splits the channels into groups and normalizes each sample's groups by their own statistics.

    What a sample becomes does not depend on its batch, the same in training and inference. One group is
    layer normalization over all but the batch; a group for each channel is instance normalization.

    Args:
        groups: Number of groups, which divides that of the channels; -1 for a group for each channel.
        axis: Axis of the channels.
        epsilon: Small number added to the variance, which keeps its root away from 0.
        center: Whether `beta` is added.
        scale: Whether to multiply by `gamma`.
        beta_initializer: Initializer of `beta`, of shape ``(channels,)``.
        gamma_initializer: Initializer of `gamma`, likewise.
        beta_regularizer: Function of `beta` whose result is added to the loss.
        gamma_regularizer: Likewise for `gamma`.
        beta_constraint: Function applied to `beta` after each update.
        gamma_constraint: Likewise for `gamma`.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of shape ``(batch, ..., channels)``; integers are cast to the compute dtype.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.GroupNormalization(groups=2)
        >>> layer(tf.constant([[1.0, 3.0, 10.0, 30.0]])).numpy().round(2).tolist()
        [[-1.0, 1.0, -1.0, 1.0]]

    Source: Wu and He, "Group normalization" (2018); `keras.layers.GroupNormalization`.
    """

    def __init__(
        self,
        groups: int = 32,
        axis: int = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
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
        where = f"GroupNormalization {self.name!r}"
        if not isinstance(groups, int) or (groups < 1 and groups != -1):
            raise InvalidArgumentError(
                f"[{where}] expected groups as a positive int, or -1 for a group for each channel, got "
                f"{groups!r}."
            )
        if isinstance(self.axis, list):
            raise InvalidArgumentError(
                f"[{where}] expected axis as an int, that of the channels, got {self.axis}."
            )
        self.groups = groups

    def build(self, input_shape: Any) -> None:
        """Creates `gamma` and `beta`."""
        where = f"GroupNormalization {self.name!r}"
        places = places_of(where, self.axis, input_shape)
        (channels,) = sizes_at(where, places, input_shape)
        groups = channels if self.groups == -1 else self.groups
        if places == (0,) or channels % groups:
            raise ShapeError(
                f"[{where}] expected channels after the batch that {groups} groups divide, got {channels} "
                f"along axis {self.axis} of shape {tuple(input_shape)}."
            )
        self._group_count = groups
        self.input_spec = InputSpec(ndim=len(input_shape), axes={places[0]: channels})
        self._add_gamma_and_beta((channels,), self.scale, self.center)

    def call(self, inputs: Any) -> Any:
        """The inputs, normalized."""
        return group_normalize(
            self._floating(inputs),
            self.gamma,
            self.beta,
            groups=self._group_count,
            axis=self.axis,
            epsilon=self.epsilon,
        )
