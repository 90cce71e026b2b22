"""`UpSampling2D`: images enlarged by whole factors."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.keras.layers.reshaping.base import UpSampling
from thalweg._src.ops.casting import cast, saturate_cast
from thalweg._src.ops.image.resizing import resize
from thalweg._src.ops.rounding import round
from thalweg._src.ops.shaping import transpose

_KNOWN = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area")


class UpSampling2D(UpSampling):
    """Enlarges images by whole factors.

    Args:
        size: Factors of height and width; one int for both.
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, height, width)``; the default layout when None.
        interpolation: ``"nearest"``, which repeats rows and columns, ``"bilinear"``, ``"bicubic"``,
            ``"lanczos3"`` or ``"lanczos5"``. With whole factors ``"area"`` is the same as ``"nearest"``.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Images of shape ``(batch, height, width, channels)``.

    Returns:
        Tensor of shape ``(batch, height, width, channels)`` with sizes `size` times as large, in the dtype
        of the inputs: integers are rounded, and cut to what their dtype holds.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.UpSampling2D(2)(tf.ones((1, 6, 5, 3))).shape
        TensorShape([1, 12, 10, 3])

    Source: `keras.layers.UpSampling2D`.
    """

    rank = 2

    def __init__(
        self,
        size: Any = (2, 2),
        data_format: str | None = None,
        interpolation: str = "nearest",
        **kwargs: Any,
    ) -> None:
        super().__init__(size, data_format=data_format, **kwargs)
        self.interpolation = str(interpolation).lower()
        if self.interpolation not in _KNOWN:
            raise InvalidArgumentError(
                f"[UpSampling2D] expected interpolation to be one of {_KNOWN}, got {interpolation!r}."
            )

    def call(self, inputs: Any) -> Any:
        """The enlarged images."""
        if self.interpolation in ("nearest", "area"):
            return super().call(inputs)
        sizes = self._sizes(self.compute_output_shape(inputs.shape))
        floats = dtypes.as_dtype(inputs.dtype).is_floating
        images = inputs if floats else cast(inputs, dtypes.float32)
        if self.data_format == "channels_first":
            images = transpose(images, [0, 2, 3, 1])
        images = resize(images, sizes, self.interpolation)
        if self.data_format == "channels_first":
            images = transpose(images, [0, 3, 1, 2])
        return images if floats else saturate_cast(round(images), inputs.dtype)
