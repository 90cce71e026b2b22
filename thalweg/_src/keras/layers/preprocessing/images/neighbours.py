"""Sums over the neighbours of pixels: blurs."""

from __future__ import annotations

from typing import Any

from thalweg._src.ops.indexing import getitem
from thalweg._src.ops.reordering import pad


def weighted_neighbours(images: Any, weights: list[Any], axis: int) -> Any:
    """Sums of the pixels around each along one axis; 0 lies outside.

    Args:
        images: Tensor ``(batch, height, width, channels)``.
        weights: Weights of an odd number of neighbours, numbers or tensors ``(batch, 1, 1, 1)``.
        axis: 1 for those above and below, 2 for those beside.
    """
    reach, length = len(weights) // 2, int(images.shape[axis])
    margins = [[reach, reach] if a == axis else [0, 0] for a in range(4)]
    padded = pad(images, margins)
    before = (slice(None),) * axis
    parts = [getitem(padded, (*before, slice(n, n + length))) * w for n, w in enumerate(weights)]
    return sum(parts[1:], parts[0])
