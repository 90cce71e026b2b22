"""`MelSpectrogram`: signals as pictures of time and pitch."""

from __future__ import annotations

import math
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras.layers.preprocessing.data_layer import DataLayer
from thalweg._src.keras.ops.spectra import stft
from thalweg._src.ops.casting import cast
from thalweg._src.ops.clipping import maximum
from thalweg._src.ops.contraction import matmul
from thalweg._src.ops.elementwise import pow
from thalweg._src.ops.exponential import log
from thalweg._src.ops.reduction import reduce_max
from thalweg._src.ops.shaping import transpose
from thalweg._src.ops.signal import spectral


class MelSpectrogram(DataLayer):
    """Loudness of signals by time and pitch, pitch on the mel scale.

    Args:
        fft_length: Size of the Fourier transform in samples.
        sequence_stride: Samples from one spectrum to the next.
        sequence_length: Samples of a spectrum; `fft_length` when None.
        window: ``"hann"``, ``"hamming"``, weights ``(sequence_length,)``, or None for none.
        sampling_rate: Samples a second.
        num_mel_bins: Number of pitches.
        min_freq: Lowest frequency in hertz.
        max_freq: Highest frequency in hertz; half the sampling rate when None.
        power_to_db: Whether results are in decibels.
        top_db: Decibels below the loudest value where results are cut off.
        mag_exp: Exponent of the magnitudes: 1 for magnitudes, 2 for power.
        min_power: Least power that is told apart.
        ref_power: Power of 0 decibels.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Signals ``(..., samples)`` of more than half of `fft_length` samples.

    Returns:
        Tensor ``(..., num_mel_bins, times)``.

    Raises:
        ShapeError: A single number.
        InvalidArgumentError: Arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.MelSpectrogram()(tf.zeros((2, 16000))).shape
        TensorShape([2, 128, 32])

    Source: `keras.layers.MelSpectrogram`.
    """

    def __init__(
        self,
        fft_length: int = 2048,
        sequence_stride: int = 512,
        sequence_length: int | None = None,
        window: Any = "hann",
        sampling_rate: int = 16000,
        num_mel_bins: int = 128,
        min_freq: float = 20.0,
        max_freq: float | None = None,
        power_to_db: bool = True,
        top_db: float = 80.0,
        mag_exp: float = 2.0,
        min_power: float = 1e-10,
        ref_power: float = 1.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**({"autocast": True} | kwargs))
        self.fft_length = fft_length
        self.sequence_stride = sequence_stride
        self.sequence_length = sequence_length or fft_length
        self.window = window
        self.sampling_rate = sampling_rate
        self.num_mel_bins = num_mel_bins
        self.min_freq = min_freq
        self.max_freq = sampling_rate / 2 if max_freq is None else max_freq
        self.power_to_db = power_to_db
        self.top_db = top_db
        self.mag_exp = mag_exp
        self.min_power = min_power
        self.ref_power = ref_power
        if min_power <= 0 or ref_power <= 0:
            raise InvalidArgumentError(
                f"[MelSpectrogram {self.name!r}] expected min_power and ref_power above 0, got {min_power} "
                f"and {ref_power}."
            )
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The pictures."""
        if not len(inputs.shape):
            raise ShapeError(f"[MelSpectrogram {self.name!r}] expected signals (..., samples), got a number.")
        signals = cast(inputs, self.compute_dtype)
        # Fourier transforms know no half floats.
        wide = cast(signals, "float32") if signals.dtype.size < 4 else signals
        real, imaginary = stft(
            wide, self.sequence_length, self.sequence_stride, self.fft_length, self.window
        )
        magnitudes = pow(real * real + imaginary * imaginary, self.mag_exp / 2)
        weights = self.linear_to_mel_weight_matrix(
            self.num_mel_bins,
            self.fft_length // 2 + 1,
            self.sampling_rate,
            self.min_freq,
            self.max_freq,
            wide.dtype,
        )
        mel = matmul(magnitudes, weights)
        mel = transpose(mel, [*range(len(mel.shape) - 2), len(mel.shape) - 1, len(mel.shape) - 2])
        return cast(self._decibels(mel) if self.power_to_db else mel, signals.dtype)

    def _decibels(self, powers: Any) -> Any:
        reference = 10 * math.log10(max(self.min_power, self.ref_power))
        found = log(maximum(powers, self.min_power)) * (10 / math.log(10)) - reference
        return maximum(found, reduce_max(found) - self.top_db)

    def linear_to_mel_weight_matrix(
        self,
        num_mel_bins: int = 20,
        num_spectrogram_bins: int = 129,
        sampling_rate: int = 8000,
        lower_edge_hertz: float = 125.0,
        upper_edge_hertz: float = 3800.0,
        dtype: Any = "float32",
    ) -> Any:
        """Matrix from spectra over frequency to spectra over the mel scale.

        Args:
            num_mel_bins: Columns.
            num_spectrogram_bins: Rows: frequencies from 0 to half the sampling rate.
            sampling_rate: Samples a second.
            lower_edge_hertz: Where the first triangle starts, in hertz.
            upper_edge_hertz: Where the last one ends.
            dtype: Floating dtype.
        """
        return spectral.linear_to_mel_weight_matrix(
            num_mel_bins, num_spectrogram_bins, sampling_rate, lower_edge_hertz, upper_edge_hertz, dtype
        )
