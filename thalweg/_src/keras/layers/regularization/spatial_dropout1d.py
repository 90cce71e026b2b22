"""`SpatialDropout1D`: drops whole features of a sequence in training."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.regularization.base_spatial_dropout import BaseSpatialDropout


class SpatialDropout1D(BaseSpatialDropout):
    """Sets whole features to zero in training, at all times of a sequence, and scales the others up.

    Neighbours in time are alike: dropping single values of them would only make learning slower.

    Args:
        rate: Fraction of the features to drop, in [0, 1].
        seed: Integer that decides what is dropped; None for one from the global generator.
        name: Name.
        dtype: Dtype or `DTypePolicy`; the global policy when None.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Floating tensor of shape ``(batch, time, features)``.
        training: Whether to drop; nothing is dropped otherwise.

    Example:
        >>> import thalweg as tf
        >>> y = tf.keras.layers.SpatialDropout1D(0.5)(tf.ones((1, 3, 4)), training=True).numpy()
        >>> bool((y == y[:, :1]).all())
        True

    Source: Tompson et al., "Efficient object localization using convolutional networks" (2014);
    `keras.layers.SpatialDropout1D`.
    """

    def __init__(
        self,
        rate: float,
        seed: int | None = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(rate, seed, name=name, dtype=dtype, **kwargs)
