"""Rows of tf.signal."""

from __future__ import annotations

import dataclasses

import numpy as np
import scipy.fft
import scipy.signal

import thalweg as tf
from thalweg._src.testing.rows import Row


def _narrow(function):
    """A NumPy transform that keeps the width of its input."""

    def call(x, *args, **kwargs):
        out = function(x, *args, **kwargs)
        wide = x.dtype in (np.float64, np.complex128)
        kind = "complex" if np.iscomplexobj(out) else "float"
        return out.astype(kind + str((64 if wide else 32) * (1 + (kind == "complex"))))

    return call


def _fft(name, make, reference, label="", **options):
    return Row(
        f"signal.{name}",
        make,
        options,
        _narrow(reference),
        (0,),
        label=label,
    )


def _lengths(function, axes):
    return lambda x, fft_length=None: function(x, s=fft_length, axes=axes)


def _named(function):
    return lambda x, fft_length=None, axes=None, norm=None: function(
        x, s=fft_length, axes=axes, norm=norm
    )


def _frame(x, length, step, pad_end=False, pad_value=0, axis=-1):
    x = np.moveaxis(x, axis, -1)
    starts = range(0, x.shape[-1] if pad_end else x.shape[-1] - length + 1, step)
    pads = [(0, 0)] * (x.ndim - 1) + [(0, length)]
    x = np.pad(x, pads, constant_values=pad_value)
    out = np.stack([x[..., s : s + length] for s in starts], -2)
    place = axis % x.ndim
    return np.moveaxis(out, (-2, -1), (place, place + 1))


def _overlap_and_add(x, step):
    count, length = x.shape[-2:]
    out = np.zeros((*x.shape[:-2], (count - 1) * step + length), x.dtype)
    for i in range(count):
        out[..., i * step : i * step + length] += x[..., i, :]
    return out


def _stft(x, length, step):
    window = scipy.signal.get_window("hann", length)
    return np.fft.rfft(_frame(x, length, step) * window, 1 << (length - 1).bit_length())


def _dct(function):
    def call(x, type=2, n=None, norm=None):
        return function(x, type=type, n=n, axis=-1, norm=norm)

    return call


def _inverse(x, type=2, norm=None):
    """SciPy's inverse is scaled; the unscaled one is the transform of the inverse type."""
    return scipy.fft.dct(x, type={1: 1, 2: 3, 3: 2, 4: 4}[type], norm=norm)


def _mdct(x, length):
    half = length // 2
    window = np.sin(np.pi / 2 * np.sin(np.pi * (np.arange(length) + 0.5) / length) ** 2)
    n, k = np.arange(length), np.arange(half)
    waves = np.cos(np.pi / half * (n[:, None] + 0.5 + half / 2) * (k + 0.5))
    return 2 * (_frame(x, length, half) * window) @ waves


def _window(name, reference, **options):
    def narrow(length, **settings):
        return reference(length, **settings).astype(np.float32)

    return Row(f"signal.{name}_window", lambda m: (6,), options, narrow)


ROWS = [
    _fft("fft", lambda m: (m.complex(m.n, 4),), np.fft.fft),
    _fft("ifft", lambda m: (m.complex(m.n, 5),), np.fft.ifft),
    _fft("fft2d", lambda m: (m.complex(m.n, 2, 3),), np.fft.fft2),
    _fft("ifft2d", lambda m: (m.complex(m.n, 2, 3),), np.fft.ifft2),
    _fft("fft3d", lambda m: (m.complex(m.n, 2, 3, 2),), _lengths(np.fft.fftn, (-3, -2, -1))),
    _fft("ifft3d", lambda m: (m.complex(m.n, 2, 3, 2),), _lengths(np.fft.ifftn, (-3, -2, -1))),
    _fft("rfft", lambda m: (m(m.n, 5),), _lengths(np.fft.rfftn, (-1,))),
    _fft("rfft", lambda m: (m(m.n, 5),), _lengths(np.fft.rfftn, (-1,)), "padded", fft_length=[8]),
    _fft("rfft", lambda m: (m(m.n, 5),), _lengths(np.fft.rfftn, (-1,)), "cut", fft_length=[3]),
    _fft("rfft2d", lambda m: (m(m.n, 2, 4),), _lengths(np.fft.rfftn, (-2, -1)), fft_length=[3, 2]),
    _fft("rfft3d", lambda m: (m(m.n, 2, 2, 4),), _lengths(np.fft.rfftn, (-3, -2, -1))),
    _fft("irfft", lambda m: (m.complex(m.n, 4),), _lengths(np.fft.irfftn, (-1,))),
    _fft(
        "irfft",
        lambda m: (m.complex(m.n, 4),),
        _lengths(np.fft.irfftn, (-1,)),
        "odd",
        fft_length=[5],
    ),
    _fft("irfft2d", lambda m: (m.complex(m.n, 2, 3),), _lengths(np.fft.irfftn, (-2, -1))),
    _fft("irfft3d", lambda m: (m.complex(m.n, 2, 2, 3),), _lengths(np.fft.irfftn, (-3, -2, -1))),
    _fft(
        "fftnd", lambda m: (m.complex(2, m.n, 3),), _named(np.fft.fftn), axes=[0, 2], norm="ortho"
    ),
    _fft(
        "ifftnd", lambda m: (m.complex(2, 3),), _named(np.fft.ifftn), fft_length=[2, 4], axes=[0, 1]
    ),
    _fft("rfftnd", lambda m: (m(m.n, 2, 4),), _named(np.fft.rfftn), axes=[2, 1], norm="forward"),
    _fft("irfftnd", lambda m: (m.complex(m.n, 2, 3),), _named(np.fft.irfftn), axes=[1, 2]),
    Row("signal.fftshift", lambda m: (m(m.n, 5),), {"axes": 1}, np.fft.fftshift, (0,)),
    Row("signal.ifftshift", lambda m: (m(5, 4),), {}, np.fft.ifftshift, (0,)),
    _window("hann", lambda n: scipy.signal.get_window("hann", n)),
    _window(
        "hamming",
        lambda n, periodic: scipy.signal.get_window("hamming", n, fftbins=periodic),
        periodic=False,
    ),
    _window("kaiser", np.kaiser, beta=4.0),
    _window(
        "kaiser_bessel_derived",
        lambda n, beta: scipy.signal.windows.kaiser_bessel_derived(n, beta=beta),
        beta=12.0,
    ),
    _window("vorbis", lambda n: np.sin(np.pi / 2 * np.sin(np.pi / n * (np.arange(n) + 0.5)) ** 2)),
    Row(
        "signal.frame",
        lambda m: (m(m.n, 9, 2), 4, 3),
        {"pad_end": True, "pad_value": 0.5, "axis": 1},
        _frame,
        (0,),
    ),
    Row("signal.frame", lambda m: (m(m.n, 20), 18, 1), {}, _frame, (0,), label="many"),
    Row("signal.overlap_and_add", lambda m: (m(m.n, 3, 5), 2), {}, _overlap_and_add, (0,)),
    Row(
        "signal.overlap_and_add",
        lambda m: (m(m.n, 2, 18), 1),
        {},
        _overlap_and_add,
        (0,),
        label="many",
    ),
    Row("signal.stft", lambda m: (m(m.n, 13), 6, 3), {}, _narrow(_stft), (0,)),
    Row(
        "signal.inverse_stft",
        lambda m: (m(m.n, 8), 4, 2),
        {},
        lambda x, length, step: x[:, 2:6],
        (0,),
        via=lambda function, x, length, step: function(
            tf.signal.stft(x, length, step),
            length,
            step,
            window_fn=tf.signal.inverse_stft_window_fn(step),
        )[:, 2:6],
    ),
    *(
        Row(
            "signal.dct",
            lambda m: (m(m.n, 5),),
            {"type": kind, **options},
            _dct(scipy.fft.dct),
            (0,),
            label=f"type{kind}{''.join(options)}",
        )
        for kind, options in (
            (1, {"n": 4}),
            (2, {}),
            (2, {"norm": "ortho"}),
            (3, {"norm": "ortho"}),
            (4, {"n": 6}),
        )
    ),
    Row("signal.idct", lambda m: (m(m.n, 4),), {}, _inverse, (0,)),
    Row(
        "signal.idct",
        lambda m: (m(m.n, 4),),
        {"type": 4, "norm": "ortho"},
        _inverse,
        (0,),
        label="type4",
    ),
    Row("signal.mdct", lambda m: (m(m.n, 12), 8), {}, _mdct, (0,)),
    Row(
        "signal.inverse_mdct",
        lambda m: (m(m.n, 16),),
        {"norm": "ortho"},
        lambda x, norm: x[:, 4:12],
        (0,),
        via=lambda function, x, norm: function(tf.signal.mdct(x, 8, norm=norm), norm=norm)[:, 4:12],
    ),
    Row(
        "signal.linear_to_mel_weight_matrix",
        lambda m: (4, 9),
        note="values of TensorFlow: tests/ops/test_signal.py",
    ),
    Row(
        "signal.mfccs_from_log_mel_spectrograms",
        lambda m: (m(m.n, 4),),
        {},
        lambda x: scipy.fft.dct(x) / np.sqrt(8.0),
        (0,),
    ),
]

# All of these are linear, so that a second derivative is 0: one of each kind is enough.
_TWICE = ("signal.fft", "signal.rfft", "signal.irfft", "signal.frame", "signal.dct-type4n")
ROWS = [
    row
    if row.id in _TWICE
    else dataclasses.replace(row, second_order=False, note=row.note or "linear")
    for row in ROWS
]
