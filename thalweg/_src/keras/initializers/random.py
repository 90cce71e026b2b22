"""Initializers that draw each value, or a whole matrix, from a distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.dtypes import as_dtype
from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.initializers.base import RandomInitializer


class RandomNormal(RandomInitializer):
    """Normally distributed values.

    Args:
        mean: Mean.
        stddev: Standard deviation.
        seed: Seed, `SeedGenerator`, or None for the global generator.

    Source: `keras.initializers.RandomNormal`.
    """

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: Any = None) -> None:
        super().__init__(seed)
        self.mean, self.stddev = mean, stddev

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """Draws values of `shape`."""
        return self._normal(shape, self.mean, self.stddev, dtype)


class RandomUniform(RandomInitializer):
    """Uniformly distributed values.

    Args:
        minval: Lower bound.
        maxval: Upper bound.
        seed: Seed, `SeedGenerator`, or None for the global generator.

    Source: `keras.initializers.RandomUniform`.
    """

    def __init__(self, minval: float = -0.05, maxval: float = 0.05, seed: Any = None) -> None:
        super().__init__(seed)
        self.minval, self.maxval = minval, maxval

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """Draws values of `shape`."""
        return self._uniform(shape, self.minval, self.maxval, dtype)


class TruncatedNormal(RandomInitializer):
    """Normally distributed values; those beyond two standard deviations are drawn again.

    Args:
        mean: Mean.
        stddev: Standard deviation before the cut.
        seed: Seed, `SeedGenerator`, or None for the global generator.

    Source: `keras.initializers.TruncatedNormal`.
    """

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: Any = None) -> None:
        super().__init__(seed)
        self.mean, self.stddev = mean, stddev

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """Draws values of `shape`."""
        return self._truncated(shape, self.mean, self.stddev, dtype)


class Orthogonal(RandomInitializer):
    """Matrix with orthonormal rows or columns, times a gain.

    Args:
        gain: Factor.
        seed: Seed, `SeedGenerator`, or None for the global generator.

    Source: Saxe et al. 2014, "Exact solutions to the nonlinear dynamics of learning in deep linear
    neural networks".
    """

    def __init__(self, gain: float = 1.0, seed: Any = None) -> None:
        super().__init__(seed)
        self.gain = gain

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """Draws a matrix; leading sizes of `shape` are taken together."""
        if len(shape) < 2:
            raise ValueError(
                f"[Orthogonal] expected a shape of at least two sizes, got {tuple(shape)}."
            )
        rows, columns = math.prod(shape[:-1]), shape[-1]
        draw = self._normal((max(rows, columns), min(rows, columns)), 0.0, 1.0, "float64").numpy()
        q, r = np.linalg.qr(draw)
        q = q * np.sign(np.diag(r))
        matrix = q if rows >= columns else q.T
        wanted = as_dtype(dtype or floatx()).numpy_dtype
        return convert_to_tensor((self.gain * matrix).reshape(tuple(shape)).astype(wanted))
