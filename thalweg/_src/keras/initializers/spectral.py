"""`STFT`: kernels of convolutions that compute short-time Fourier transforms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.dtypes import as_dtype
from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.initializers.base import Initializer


class STFT(Initializer):
    """Windowed cosines, or sines, of evenly spaced frequencies from 0 to half the sampling rate.

    Args:
        side: ``"real"`` for the transform's real part, ``"imag"`` for its imaginary part.
        window: Name of a window of `scipy.signal.windows` (with its parameters as a tuple, where it has
            any), its values, or None for a rectangular one.
        scaling: ``"density"`` divides the window by the root of its sum of squares, ``"spectrum"`` by its
            sum, None by nothing.
        periodic: Leave out the last value of a window that is one longer.

    Example:
        >>> import thalweg as tf
        >>> kernel = tf.keras.initializers.STFT(window=None)((4, 1, 3))
        >>> (kernel[:, 0, 1].numpy().round(3) + 0.0).tolist()
        [1.0, 0.0, -1.0, 0.0]

    Source: `keras.initializers.STFT`.
    """

    def __init__(
        self,
        side: str = "real",
        window: Any = "hann",
        scaling: str | None = "density",
        periodic: bool = False,
    ) -> None:
        if side not in ("real", "imag"):
            raise InvalidArgumentError(f"[STFT] expected side 'real' or 'imag', got {side!r}.")
        if scaling not in ("density", "spectrum", None):
            raise InvalidArgumentError(
                f"[STFT] expected scaling 'density', 'spectrum' or None, got {scaling!r}."
            )
        self.side, self.window, self.scaling, self.periodic = side, window, scaling, periodic

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """Kernel of shape ``(frame_length, 1, frequencies)``."""
        if len(shape) != 3 or shape[1] != 1:
            raise ShapeError(
                f"[STFT] expected a shape (frame_length, 1, frequencies), got {tuple(shape)}."
            )
        length, _, count = shape
        # Transforms of a real signal of `2 * (count - 1)` values have `count` different frequencies.
        turns = np.outer(np.arange(length), np.arange(count)) / max(2 * (count - 1), 1)
        waves = np.cos(2 * np.pi * turns) if self.side == "real" else -np.sin(2 * np.pi * turns)
        kernel = self._weights(length)[:, None] * waves
        wanted = as_dtype(dtype or floatx()).numpy_dtype
        return convert_to_tensor(kernel[:, None, :].astype(wanted))

    def _weights(self, length: int) -> Any:
        """The window's values, scaled."""
        if self.window is None:
            return np.ones(length, np.float64)
        window = self._window(length)
        if self.scaling == "density":
            return window / math.sqrt(float(np.sum(window**2)))
        return window / np.sum(window) if self.scaling == "spectrum" else window

    def _window(self, length: int) -> Any:
        named = isinstance(self.window, str) or (
            isinstance(self.window, (list, tuple)) and isinstance(self.window[0], str)
        )
        if named:
            # It comes with jax; it is slow to import, and few programs need it.
            from scipy.signal import windows

            name = self.window if isinstance(self.window, str) else tuple(self.window)
            return windows.get_window(name, length, self.periodic)
        window = np.asarray(self.window, np.float64)
        if window.shape != (length,):
            raise ShapeError(
                f"[STFT] expected a window of shape ({length},), got {tuple(window.shape)}."
            )
        return window
