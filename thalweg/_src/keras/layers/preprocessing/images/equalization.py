"""`Equalization`: values spread so that all are equally frequent."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.layers.preprocessing.images.value_layer import ValueLayer
from thalweg._src.keras.ops.comparison import clip
from thalweg._src.keras.ops.running import cumsum
from thalweg._src.ops.casting import cast
from thalweg._src.ops.counting import bincount
from thalweg._src.ops.creation import ones_like
from thalweg._src.ops.gather import gather
from thalweg._src.ops.reduction import reduce_min
from thalweg._src.ops.rounding import round
from thalweg._src.ops.selection import where as select
from thalweg._src.ops.shaping import reshape, transpose


class Equalization(ValueLayer):
    """Values of each channel of each image spread so that all are about equally frequent.

    Args:
        value_range: Least and largest value of pixels.
        bins: Number of classes of values that are told apart.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Images, or a dictionary; see `ImageLayer`.

    Raises:
        InvalidArgumentError: Arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Equalization()(tf.constant([[[1.0], [2.0], [200.0]]])).numpy().ravel().tolist()
        [0.0, 128.0, 255.0]

    Source: `keras.layers.Equalization`, as it is documented there: it works in training and outside, where
    version 3.15 lets images pass outside. A channel of one value stays as it is.
    """

    is_random = False

    def __init__(
        self,
        value_range: Any = (0, 255),
        bins: int = 256,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self._takes_values(value_range)
        if type(bins) is not int or bins < 2:
            raise InvalidArgumentError(f"[{self._where}] expected bins as an integer above 1, got {bins!r}.")
        self.bins = bins

    def _images(self, images: Any, transformation: Any) -> Any:
        count, height, width, channels = (int(n) for n in images.shape)
        shares = cast(clip(self._shares(images), 0, 1), "float32")
        lines = reshape(transpose(shares, [0, 3, 1, 2]), (count * channels, height * width))
        # Shares of 255 come out a hair below whole numbers.
        places = cast(lines * float(self.bins - 1) + 1e-3, "int32")
        limits = {"minlength": self.bins, "maxlength": self.bins}
        counts = bincount(places, **limits, dtype="float32", axis=-1)
        below = cumsum(counts, axis=-1)
        first = reduce_min(gather(below, places, axis=1, batch_dims=1), [1], keepdims=True)
        rest = float(height * width) - first
        flat = rest == 0.0
        rank = (gather(below, places, axis=1, batch_dims=1) - first) / select(flat, ones_like(rest), rest)
        spread = select(flat, lines, round(rank * 255.0) / 255.0)
        found = transpose(reshape(spread, (count, channels, height, width)), [0, 2, 3, 1])
        return cast(self._values(found), images.dtype)
