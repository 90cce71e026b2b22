"""`STFTSpectrogram`: signals as spectra over time, by kernels that may be trained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.keras.base.settings import data_format_of, epsilon
from thalweg._src.keras.layers.base.input_spec import InputSpec
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.preprocessing.images.factors import need_one_of
from thalweg._src.ops.clipping import maximum
from thalweg._src.ops.contraction import matmul
from thalweg._src.ops.exponential import log, sqrt
from thalweg._src.ops.joining import concat
from thalweg._src.ops.reordering import pad
from thalweg._src.ops.shaping import reshape, transpose
from thalweg._src.ops.signal.framing import frame
from thalweg._src.ops.trigonometric import atan2

_MODES = ("log", "magnitude", "psd", "real", "imag", "angle", "stft")
_SCALINGS: dict[str, Callable[[Any], Any]] = {
    "density": lambda window: np.sqrt(np.sum(np.square(window))),
    "spectrum": np.sum,
}
_WINDOWS: dict[str, Callable[[int], Any]] = {
    "bartlett": np.bartlett,
    "blackman": np.blackman,
    "hamming": np.hamming,
    "hann": np.hanning,
}


class STFTSpectrogram(Layer):
    """Spectra of overlapping frames of signals, by kernels that start as a Fourier transform.

    Args:
        mode: What comes out: ``"log"`` of the magnitude, ``"magnitude"``, ``"psd"`` (power), ``"real"``,
            ``"imag"``, ``"angle"`` in radians, or ``"stft"`` for real and imaginary parts one after another.
        frame_length: Samples of a frame.
        frame_step: Samples from the start of one frame to the next, `frame_length` at most; half of it when
            None.
        fft_length: Size of the transform, `frame_length` at least; the next power of two when None.
        window: ``"hann"``, ``"hamming"``, ``"blackman"``, ``"bartlett"``, weights ``(frame_length,)``, or
            None for none.
        periodic: Whether a window by name is that of an endless row of frames, else one that is symmetric.
        scaling: ``"density"`` divides the window by the root of the sum of its squares, ``"spectrum"`` by its
            sum, None by nothing.
        padding: ``"valid"`` for whole frames only, ``"same"`` for ``ceil(samples / frame_step)`` frames with
            zeros around.
        expand_dims: Whether frequencies have a dimension of their own, as in images.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        **kwargs: See `Layer`; ``trainable=False`` keeps the kernels as they are.

    Call arguments:
        inputs: Floating tensor ``(batch, samples, channels)``, or ``(batch, channels, samples)`` with
            channels first.

    Returns:
        Tensor ``(batch, frames, channels * bins)``, with `expand_dims` ``(batch, frames, bins, channels)``;
        with channels first ``(batch, channels * bins, frames)``, ``(batch, channels, frames, bins)``. There
        are ``fft_length // 2 + 1`` bins, twice as many of ``"stft"``.

    Raises:
        InvalidArgumentError: Arguments do not fit.
        ShapeError: A window of another shape; signals too short for a frame with padding ``"valid"``.
        DTypeError: Signals of integers.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.STFTSpectrogram(frame_length=256, frame_step=128, fft_length=512)
        >>> layer(tf.zeros((3, 16000, 1))).shape
        TensorShape([3, 124, 257])

    Source: `keras.layers.STFTSpectrogram`, which gives signals that are too short back as they came. Power is
    doubled in all bins but the first and the last one, of odd `fft_length`, too. Magnitudes are at least the
    root of `keras.config.epsilon()`.
    """

    def __init__(
        self,
        mode: str = "log",
        frame_length: int = 256,
        frame_step: int | None = None,
        fft_length: int | None = None,
        window: Any = "hann",
        periodic: bool = False,
        scaling: str | None = "density",
        padding: str = "valid",
        expand_dims: bool = False,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.mode = need_one_of(self._where, "mode", mode, _MODES)
        self.frame_length, self.frame_step, self.fft_length = frame_length, frame_step, fft_length
        self._check_sizes()
        if isinstance(window, str):
            need_one_of(self._where, "window", window, _WINDOWS)
        self.window = window
        self.periodic = periodic
        self.scaling = need_one_of(self._where, "scaling", scaling, (*_SCALINGS, None))
        self.padding = need_one_of(self._where, "padding", padding, ("valid", "same"))
        self.expand_dims = expand_dims
        self.data_format = data_format_of(data_format, self._where)
        self.input_spec = InputSpec(ndim=3)
        self._window_weights()

    @property
    def _where(self) -> str:
        return f"STFTSpectrogram {self.name!r}"

    @property
    def _step(self) -> int:
        return self.frame_length // 2 if self.frame_step is None else self.frame_step

    @property
    def _size(self) -> int:
        """Size of the transform."""
        if self.fft_length is not None:
            return self.fft_length
        return 1 << (self.frame_length - 1).bit_length()

    def _check_sizes(self) -> None:
        sizes = {
            "frame_length": self.frame_length,
            "frame_step": self.frame_step,
            "fft_length": self.fft_length,
        }
        for what, size in sizes.items():
            wrong = type(size) is not int or size < 1
            if wrong and (size is not None or what == "frame_length"):
                raise InvalidArgumentError(
                    f"[{self._where}] expected {what} as a positive integer, got {size!r}."
                )
        if not 0 < self._step <= self.frame_length <= self._size:
            raise InvalidArgumentError(
                f"[{self._where}] expected 0 < frame_step <= frame_length <= fft_length, got {self._step}, "
                f"{self.frame_length} and {self._size}."
            )

    def _window_weights(self) -> Any:
        """Weight of each sample of a frame, in float64."""
        length = self.frame_length
        if self.window is None:
            return np.ones(length)
        if isinstance(self.window, str):
            # A periodic window lacks the last weight of a symmetric one, which repeats the first.
            weights = _WINDOWS[self.window](length + self.periodic)[:length]
        else:
            weights = np.asarray(self.window, "float64")
        if weights.shape != (length,):
            raise ShapeError(
                f"[{self._where}] expected a window of shape ({length},), one weight for each sample of a "
                f"frame, got {weights.shape}."
            )
        return weights if self.scaling is None else weights / _SCALINGS[self.scaling](weights)

    def build(self, input_shape: Any) -> None:
        """Creates the kernels, those of a Fourier transform."""
        del input_shape
        bins = self._size // 2 + 1
        turns = np.outer(np.arange(self.frame_length), np.arange(bins)) % self._size
        angles = turns * (2 * np.pi / self._size)
        weights = self._window_weights()[:, None]
        if self.mode != "imag":
            self.real_kernel = self._kernel("real_kernel", weights * np.cos(angles))
        if self.mode != "real":
            self.imag_kernel = self._kernel("imag_kernel", weights * -np.sin(angles))

    def _kernel(self, name: str, value: Any) -> Any:
        def initializer(shape: Any, dtype: Any) -> Any:
            return np.reshape(value, shape).astype(dtype)

        return self.add_weight((len(value), 1, value.shape[1]), initializer, name=name)

    def call(self, inputs: Any) -> Any:
        """The spectra."""
        if not inputs.dtype.is_floating:
            raise DTypeError(
                f"[{self._where}] expected floating signals, got {inputs.dtype.name}; divide integers by "
                "their largest value."
            )
        signals = inputs if self.data_format == "channels_first" else transpose(inputs, [0, 2, 1])
        return self._laid_out(self._spectra(self._frames(signals)))

    def _frames(self, signals: Any) -> Any:
        """Frames ``(batch, channels, frames, frame_length)`` of signals ``(batch, channels, samples)``."""
        samples = int(signals.shape[-1])
        count = self._count(samples)
        if self.padding == "same":
            missing = max(0, (count - 1) * self._step + self.frame_length - samples)
            signals = pad(signals, [[0, 0], [0, 0], [missing // 2, missing - missing // 2]])
        return frame(signals, self.frame_length, self._step)

    def _count(self, samples: int) -> int:
        """Number of frames of a signal."""
        if self.padding == "same":
            return -(-samples // self._step)
        if samples < self.frame_length:
            raise ShapeError(
                f"[{self._where}] expected signals of at least frame_length={self.frame_length} samples, got "
                f"{samples}; use padding='same' or shorter frames."
            )
        return 1 + (samples - self.frame_length) // self._step

    def _spectra(self, frames: Any) -> Any:
        """What `mode` says of frames: ``(batch, channels, frames, bins)``."""
        if self.mode == "real":
            return _transformed(frames, self.real_kernel)
        if self.mode == "imag":
            return _transformed(frames, self.imag_kernel)
        real, imaginary = _transformed(frames, self.real_kernel), _transformed(frames, self.imag_kernel)
        if self.mode == "stft":
            return concat([real, imaginary], axis=-1)
        if self.mode == "angle":
            return atan2(imaginary, real)
        power = real * real + imaginary * imaginary
        if self.mode == "psd":
            # The bins between stand for negative frequencies, too.
            sides = np.full(int(power.shape[-1]), 2.0)
            sides[[0, -1]] = 1.0
            return power * sides
        magnitude = sqrt(maximum(power, epsilon()))
        return log(magnitude) if self.mode == "log" else magnitude

    def _laid_out(self, spectra: Any) -> Any:
        """Spectra ``(batch, channels, frames, bins)`` in the shape that was asked for."""
        last = self.data_format == "channels_last"
        if self.expand_dims:
            return transpose(spectra, [0, 2, 3, 1]) if last else spectra
        channels, frames, bins = (int(n) for n in spectra.shape[1:])
        if last:
            return reshape(transpose(spectra, [0, 2, 1, 3]), (-1, frames, channels * bins))
        return reshape(transpose(spectra, [0, 1, 3, 2]), (-1, channels * bins, frames))

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Shape of the outputs.

        Args:
            input_shape: Shape of the inputs.
        """
        last = self.data_format == "channels_last"
        batch, samples, channels = input_shape if last else (input_shape[0], *input_shape[:0:-1])
        frames = None if samples is None else self._count(samples)
        bins = (self._size // 2 + 1) * (2 if self.mode == "stft" else 1)
        if self.expand_dims:
            return (batch, frames, bins, channels) if last else (batch, channels, frames, bins)
        together = None if channels is None else channels * bins
        return (batch, frames, together) if last else (batch, together, frames)


def _transformed(frames: Any, kernel: Any) -> Any:
    """Frames ``(..., length)`` times a kernel ``(length, 1, bins)``."""
    return matmul(frames, reshape(kernel, (int(kernel.shape[0]), int(kernel.shape[2]))))
