"""How alike tensors are: signal to noise, distances between points."""

from __future__ import annotations

import math
from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.ops import exponential, reduction
from thalweg._src.ops.distances import pairwise_distances
from thalweg._src.ops.elementwise import squared_difference


@operation
def psnr(x1: Any, x2: Any, max_val: Any) -> Any:
    """Peak signal-to-noise ratio in decibels.

    Args:
        x1: Tensor, such as an image; integers become floats.
        x2: Tensor of the same shape.
        max_val: Largest value there can be, such as 255.

    Returns:
        Scalar: ``10 log10(max_val² / mean((x1 - x2)²))``; infinite for equal tensors.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import thalweg as tf
        >>> round(float(tf.keras.ops.psnr([0.0, 1.0], [0.5, 1.5], 1.0)), 3)
        6.021

    Source: `keras.ops.psnr`.
    """
    one, two = promoted(x1, x2, least=float)
    if tuple(one.shape) != tuple(two.shape):
        raise ShapeError(
            f"[psnr] expected tensors of one shape, got {tuple(one.shape)} and {tuple(two.shape)}."
        )
    noise = reduction.reduce_mean(squared_difference(one, two))
    peak = exponential.log(tensor_of(max_val, one.dtype))
    return (20 * peak - 10 * exponential.log(noise)) / math.log(10)


@operation
def cdist(x: Any, y: Any) -> Any:
    """Euclidean distance between each pair of two sets of points.

    Args:
        x: Tensor ``(..., n, features)``; integers become floats.
        y: Tensor ``(..., m, features)``.

    Returns:
        Tensor ``(..., n, m)``. The gradient of a distance of 0 is 0.

    Raises:
        ShapeError: The points have different numbers of features.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.cdist([[0.0, 0.0]], [[3.0, 4.0], [0.0, 1.0]]).numpy().tolist()
        [[5.0, 1.0]]

    Source: `keras.ops.cdist`.
    """
    return pairwise_distances(*promoted(x, y, least=float))
