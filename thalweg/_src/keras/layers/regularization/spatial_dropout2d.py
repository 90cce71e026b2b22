"""`SpatialDropout2D`: drops whole channels of images in training."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.regularization.base_spatial_dropout import BaseSpatialDropout


class SpatialDropout2D(BaseSpatialDropout):
    """Sets whole channels of images to zero in training, and scales the others up.

    Neighbours in space are alike: dropping single values of them would only make learning slower.

    Args:
        rate: Fraction of the channels to drop, in [0, 1].
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        seed: Integer that decides what is dropped; None for one from the global generator.
        name: Name.
        dtype: Dtype or `DTypePolicy`; the global policy when None.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Floating tensor of shape ``(batch, height, width, channels)``.
        training: Whether to drop; nothing is dropped otherwise.

    Example:
        >>> import thalweg as tf
        >>> y = tf.keras.layers.SpatialDropout2D(0.5)(tf.ones((1, 2, 2, 4)), training=True).numpy()
        >>> bool((y == y[:, :1, :1]).all())
        True

    Source: Tompson et al., "Efficient object localization using convolutional networks" (2014);
    `keras.layers.SpatialDropout2D`.
    """

    _rank = 2

    def __init__(
        self,
        rate: float,
        data_format: str | None = None,
        seed: int | None = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(rate, seed, name=name, dtype=dtype, **kwargs)
        self._set_format(data_format)
