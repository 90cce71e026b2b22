"""What networks that come in many sizes share: rounded widths, and padding before strides of 2."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.applications.frame import channel_axis
from thalweg._src.keras.layers.reshaping.zero_padding2d import ZeroPadding2D


def nearest_multiple(features: float) -> int:
    """The multiple of 8 nearest to a number of features: vector units like those."""
    return max(8, int(features + 4) // 8 * 8)


def rounded_width(features: float) -> int:
    """The multiple of 8 nearest to a number of features, but not less than nine tenths of it.

    Source: Howard et al., arXiv:1704.04861, as in the authors' programs for MobileNet and EfficientNet.
    """
    width = nearest_multiple(features)
    return width if width >= 0.9 * features else width + 8


def padded_before_halving(x: Any, kernel_size: int, name: str) -> Any:
    """Zeros around maps such that a convolution of stride 2 without padding rounds half their size up.

    Kernels are centered on the first pixel of maps of odd size, and beside it on those of even or unknown
    size.
    """
    shape = x.shape[2:] if channel_axis() == 1 else x.shape[1:-1]
    after = kernel_size // 2
    before = [after - 1 if side is None or side % 2 == 0 else after for side in shape]
    return ZeroPadding2D([(first, after) for first in before], name=name)(x)
