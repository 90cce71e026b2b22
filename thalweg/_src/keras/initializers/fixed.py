"""Initializers without chance: zeros, ones, given values, the identity."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.dtypes import as_dtype
from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.initializers.base import Initializer
from thalweg._src.ops import creation


class Zeros(Initializer):
    """Zeros. Source: `keras.initializers.Zeros`."""

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """Zeros of `shape`."""
        return creation.zeros(shape, dtype or floatx())


class Ones(Initializer):
    """Ones. Source: `keras.initializers.Ones`."""

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """Ones of `shape`."""
        return creation.ones(shape, dtype or floatx())


class Constant(Initializer):
    """One value everywhere, or given values.

    Args:
        value: Number, or an array of the weight's shape.

    Source: `keras.initializers.Constant`.
    """

    def __init__(self, value: Any = 0.0) -> None:
        self.value = value

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """The value in `shape`."""
        wanted = as_dtype(dtype or floatx()).numpy_dtype
        return convert_to_tensor(np.broadcast_to(np.asarray(self.value, wanted), tuple(shape)))


class Identity(Initializer):
    """Identity matrix times a gain.

    Args:
        gain: Factor.

    Source: `keras.initializers.Identity`.
    """

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """The matrix; `shape` must have two sizes."""
        if len(shape) != 2:
            raise ValueError(f"[Identity] expected a shape of two sizes, got {tuple(shape)}.")
        wanted = as_dtype(dtype or floatx()).numpy_dtype
        return convert_to_tensor((self.gain * np.eye(*shape)).astype(wanted))
