"""tf.signal: Fourier transforms, windows, spectra over time."""

from thalweg._src.ops.signal.cosine import dct as dct
from thalweg._src.ops.signal.cosine import idct as idct
from thalweg._src.ops.signal.cosine import inverse_mdct as inverse_mdct
from thalweg._src.ops.signal.cosine import mdct as mdct
from thalweg._src.ops.signal.cosine import (
    mfccs_from_log_mel_spectrograms as mfccs_from_log_mel_spectrograms,
)
from thalweg._src.ops.signal.fft import fft as fft
from thalweg._src.ops.signal.fft import fft2d as fft2d
from thalweg._src.ops.signal.fft import fft3d as fft3d
from thalweg._src.ops.signal.fft import fftshift as fftshift
from thalweg._src.ops.signal.fft import ifft as ifft
from thalweg._src.ops.signal.fft import ifft2d as ifft2d
from thalweg._src.ops.signal.fft import ifft3d as ifft3d
from thalweg._src.ops.signal.fft import ifftshift as ifftshift
from thalweg._src.ops.signal.fft import irfft as irfft
from thalweg._src.ops.signal.fft import irfft2d as irfft2d
from thalweg._src.ops.signal.fft import irfft3d as irfft3d
from thalweg._src.ops.signal.fft import rfft as rfft
from thalweg._src.ops.signal.fft import rfft2d as rfft2d
from thalweg._src.ops.signal.fft import rfft3d as rfft3d
from thalweg._src.ops.signal.fftn import fftnd as fftnd
from thalweg._src.ops.signal.fftn import ifftnd as ifftnd
from thalweg._src.ops.signal.fftn import irfftnd as irfftnd
from thalweg._src.ops.signal.fftn import rfftnd as rfftnd
from thalweg._src.ops.signal.framing import frame as frame
from thalweg._src.ops.signal.framing import overlap_and_add as overlap_and_add
from thalweg._src.ops.signal.spectral import inverse_stft as inverse_stft
from thalweg._src.ops.signal.spectral import inverse_stft_window_fn as inverse_stft_window_fn
from thalweg._src.ops.signal.spectral import (
    linear_to_mel_weight_matrix as linear_to_mel_weight_matrix,
)
from thalweg._src.ops.signal.spectral import stft as stft
from thalweg._src.ops.signal.windows import hamming_window as hamming_window
from thalweg._src.ops.signal.windows import hann_window as hann_window
from thalweg._src.ops.signal.windows import (
    kaiser_bessel_derived_window as kaiser_bessel_derived_window,
)
from thalweg._src.ops.signal.windows import kaiser_window as kaiser_window
from thalweg._src.ops.signal.windows import vorbis_window as vorbis_window
