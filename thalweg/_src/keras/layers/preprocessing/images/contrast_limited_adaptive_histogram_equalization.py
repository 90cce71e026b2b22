"""`ContrastLimitedAdaptiveHistogramEqualization`: values spread by those of their neighbourhood."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.layers.preprocessing.images.value_layer import ValueLayer
from thalweg._src.keras.ops.comparison import clip
from thalweg._src.keras.ops.running import cumsum
from thalweg._src.ops.casting import cast
from thalweg._src.ops.clipping import maximum, minimum
from thalweg._src.ops.counting import bincount
from thalweg._src.ops.gather import gather
from thalweg._src.ops.reduction import reduce_sum
from thalweg._src.ops.shaping import reshape, transpose

_BINS = 256


class ContrastLimitedAdaptiveHistogramEqualization(ValueLayer):
    """Values of each channel of each image spread so that those near each other are all about as frequent.

    The image is cut into tiles. Each has a curve of its own, steep where values are frequent, and a pixel
    takes a mixture of the curves of the four tiles around it.

    Args:
        value_range: Least and largest value of pixels.
        clip_limit: Steepness at most: how often a value may occur, as a multiple of the average; what lies
            above is spread over all values. 0 for no limit.
        tile_grid_size: Number of tiles from top to bottom and from left to right.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Images, or a dictionary; see `ImageLayer`. They keep their dtype.

    Raises:
        InvalidArgumentError: Arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> kind = tf.keras.layers.ContrastLimitedAdaptiveHistogramEqualization
        >>> kind(clip_limit=0, tile_grid_size=(1, 1))(tf.constant([[[1.0], [2.0], [200.0]]])).numpy().ravel()
        array([ 85., 170., 255.], dtype=float32)

    Source: Zuiderveld 1994, "Contrast limited adaptive histogram equalization";
    `keras.layers.ContrastLimitedAdaptiveHistogramEqualization`: 256 values are told apart, and images whose
    sides are no multiples of the grid's are continued by their mirror images.
    """

    keeps_dtype = True
    is_random = False

    def __init__(
        self,
        value_range: Any = (0, 255),
        clip_limit: float = 4.0,
        tile_grid_size: Any = (8, 8),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self._takes_values(value_range)
        if not isinstance(clip_limit, (int, float)) or clip_limit < 0:
            raise InvalidArgumentError(
                f"[{self._where}] expected clip_limit as a number of 0 or more, got {clip_limit!r}."
            )
        if not isinstance(tile_grid_size, (list, tuple)) or len(tile_grid_size) != 2:
            raise InvalidArgumentError(
                f"[{self._where}] expected tile_grid_size as two integers, got {tile_grid_size!r}; write "
                "(8, 8)."
            )
        self.clip_limit = clip_limit
        self.tile_grid_size = self._sizes(*tile_grid_size)

    def _images(self, images: Any, transformation: Any) -> Any:
        count, height, width, channels = (int(n) for n in images.shape)
        shares = clip(self._shares(cast(images, "float32")), 0, 1)
        planes = reshape(transpose(shares, [0, 3, 1, 2]), (count * channels, height, width))
        # Shares of 255 come out a hair below whole numbers.
        places = cast(planes * float(_BINS - 1) + 1e-3, "int32")
        rows, columns = (
            _Tiles(size, number) for size, number in zip((height, width), self.tile_grid_size, strict=True)
        )
        curves = self._curves(places, rows, columns)
        found: Any = 0.0
        for row, row_share in rows.neighbours():
            for column, column_share in columns.neighbours():
                tiles = row[:, None] * columns.number + column[None, :]
                values = gather(
                    curves, reshape(places + tiles * _BINS, (-1, height * width)), axis=1, batch_dims=1
                )
                weights = row_share[:, None] * column_share[None, :]
                found = reshape(values, (-1, height, width)) * weights + found
        found = reshape(found, (count, channels, height, width))
        return cast(self._values(transpose(found, [0, 2, 3, 1])), images.dtype)

    def _curves(self, places: Any, rows: _Tiles, columns: _Tiles) -> Any:
        """Share of the range that each value becomes in each tile: ``(planes, tiles * 256)``."""
        planes = int(places.shape[0])
        whole = gather(gather(places, rows.pixels, axis=1), columns.pixels, axis=2)
        cut = reshape(whole, (planes, rows.number, rows.length, columns.number, columns.length))
        area, tiles = rows.length * columns.length, rows.number * columns.number
        lines = reshape(transpose(cut, [0, 1, 3, 2, 4]), (planes * tiles, area))
        counts = bincount(lines, minlength=_BINS, maxlength=_BINS, dtype="float32", axis=-1)
        if self.clip_limit:
            kept = minimum(counts, self.clip_limit * area / _BINS)
            counts = kept + reduce_sum(counts - kept, [1], keepdims=True) / _BINS
        below = cumsum(counts, axis=-1)
        first = below[:, :1]
        # Where all pixels have the least value, nothing lies above it.
        return reshape((below - first) / maximum(below[:, -1:] - first, 1e-7), (planes, tiles * _BINS))


class _Tiles:
    """Tiles along one side of an image.

    Args:
        size: Pixels of the side.
        number: Number of tiles.
    """

    def __init__(self, size: int, number: int) -> None:
        self.size, self.number = size, number
        #: Pixels of a tile.
        self.length = -(-size // number)
        #: Pixel at each place of all tiles; those behind the end are a mirror image.
        self.pixels = np.pad(
            np.arange(size, dtype="int32"), (0, self.length * number - size), mode="symmetric"
        )

    def neighbours(self) -> list[tuple[Any, Any]]:
        """For each pixel the tile before and the one behind it ``(size,)``, and their shares of it."""
        place = np.arange(self.size, dtype="float32") / np.float32(self.length) - np.float32(0.5)
        before = np.floor(place)
        share = place - before
        tiles = [np.clip(tile, 0, self.number - 1).astype("int32") for tile in (before, before + 1)]
        return [(tiles[0], 1 - share), (tiles[1], share)]
