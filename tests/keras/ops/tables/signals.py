"""Segments, largest elements, Fourier transforms, distances, views of complex numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.keras.ops.rows import Call, call

_FLOATS = (("float16",), ("bfloat16",), ("float32",), ("float64",))
_DEVICE = "the number of segments is not known to a program"


def segment(kind: str, label: str = "", **options: Any) -> Call:
    """Row of a reduction over segments in any order, of which number 1 is empty."""

    def args(m: Any) -> tuple[Any, ...]:
        return m.distinct(4, m.n), np.array([0, 2, 0, 3], np.int32)

    return call(f"segment_{kind}", args, label=label, **options)


_PAIRS = (("float32", "int32"), ("float16", "int32"), ("int32", "int64"), ("float64", "int32"))
KINDS = ("sum", "prod", "max", "min")

SEGMENTS = [
    *(segment(k, kwargs={"num_segments": 5}, gradient=(0,) if k in ("sum", "prod") else (),
              dtypes=_PAIRS) for k in KINDS),
    *(segment(k, "fewest", kwargs={"num_segments": 4}, via=lambda f, x, i, **o: f(x, i, **o)[2:],
              gradient=(0,), symbolic=False, note="a part of the result is a call of its own")
      for k in ("max", "min")),
    *(segment(k, "counted", traced=False, symbolic=False, note=_DEVICE) for k in ("max", "min")),
    *(call(f"segment_{k}", lambda m: (m.distinct(4, 2), np.array([0, 0, 2, 3], np.int32)), label="sorted",
           kwargs={"sorted": True}, traced=False, symbolic=False, note=_DEVICE) for k in KINDS),
]  # fmt: skip

LEADING = [
    call("top_k", lambda m: (m.distinct(m.n, 5), 2), gradient=(0,),
         dtypes=(*_FLOATS, ("int32",), ("uint8",))),
    call("top_k", lambda m: (np.tile(np.array([3, 1, 3, 2], np.int32), (m.n, 1)), 3), label="equal",
         kwargs={"sorted": True}),
    call("in_top_k", lambda m: (m.ints(m.n, low=0, high=4), m.distinct(m.n, 4), 2),
         dtypes=(("int32", "float32"), ("int64", "float32"))),
    call("in_top_k", lambda m: (np.array([5, 0], np.int32), np.array([[1, 1, 0], [1, 1, 0]], m.dtype), 1),
         label="equal"),
    call("logsumexp", lambda m: (m(m.n, 4),), gradient=(0,), dtypes=_FLOATS,
         reference=lambda x: np.log(np.exp(x).sum())),
    call("logsumexp", lambda m: (m(m.n, 4, 2),), label="axes", kwargs={"axis": (1, 2), "keepdims": True},
         gradient=(0,)),
    call("logsumexp", lambda m: (np.tile(np.array([-np.inf, 1000.0], m.dtype), (m.n, 2)),), label="large",
         kwargs={"axis": 1}),
]  # fmt: skip


def _complex(function: Any) -> Any:
    """NumPy's transform of a pair, as a pair."""

    def call_(x: Any) -> Any:
        found = function(np.asarray(x[0]) + 1j * np.asarray(x[1]))
        return [found.real, found.imag]

    return call_


def pair(name: str, shape: tuple[int, ...], label: str = "", **options: Any) -> Call:
    """Row of a function of a pair of real and imaginary parts."""
    return call(name, lambda m: ([m(m.n, *shape), m(m.n, *shape)],), label=label, rtol=1e-4, **options)


def _waves(name: str, label: str = "", **options: Any) -> Call:
    return call(name, lambda m: (m(m.n, 16), 6, 2, 8), label=label, rtol=1e-4, **options)


def _spectra(label: str = "", center: bool = True, **options: Any) -> Call:
    frames = 9 if center else 5
    kwargs = {"center": center, **options.pop("kwargs", {})}
    return call("istft", lambda m: ([m(m.n, frames, 5), m(m.n, frames, 5)], 6, 2, 8), label=label, rtol=1e-4,
                kwargs=kwargs, **options)  # fmt: skip


_TWO = (("float32", "float32"), ("float64", "float64"))

SPECTRA = [
    pair("fft", (5,), reference=_complex(np.fft.fft), dtypes=_TWO),
    pair("fft2", (4, 3), reference=_complex(np.fft.fft2)),
    pair("ifft2", (4, 3), reference=_complex(np.fft.ifft2)),
    call("rfft", lambda m: (m(m.n, 5),), rtol=1e-4, gradient=(0,),
         dtypes=(("float32",), ("float64",), ("int32",)),
         reference=lambda x: [np.fft.rfft(x).real, np.fft.rfft(x).imag]),
    call("rfft", lambda m: (m(m.n, 5),), label="padded", rtol=1e-4, kwargs={"fft_length": 8}),
    call("rfft", lambda m: (m(m.n, 5),), label="cut", rtol=1e-4, kwargs={"fft_length": 3}),
    pair("irfft", (4,), reference=lambda x: np.fft.irfft(x[0] + 1j * x[1]), dtypes=_TWO),
    pair("irfft", (4,), "odd", kwargs={"fft_length": 5}),
    call("extract_sequences", lambda m: (m(m.n, 9), 4, 2), gradient=(0,),
         dtypes=(*_FLOATS, ("int32",), ("int64",))),
    call("extract_sequences", lambda m: (m(m.n, 3), 4, 2), label="short"),
    _waves("stft", gradient=(0,), dtypes=(("float32",), ("float64",))),
    _waves("stft", "hamming", kwargs={"window": "hamming", "center": False}),
    _waves("stft", "bare", kwargs={"window": None}),
    call("stft", lambda m: (m(m.n, 16), 6, 2, 8, m(6, low=0.5)), label="weights", rtol=1e-4),
    _spectra(dtypes=_TWO),
    _spectra("length", kwargs={"length": 13}),
    _spectra("start", center=False, kwargs={"window": "hamming"}),
    _spectra("bare", kwargs={"window": None}, differs="the overlap is divided out without a window too"),
]  # fmt: skip

POINTS = [
    call("cdist", lambda m: (m(m.n, 3, 2), m(m.n, 4, 2)), gradient=(0, 1), rtol=1e-4,
         dtypes=(("float32",) * 2, ("float16",) * 2, ("float64",) * 2),
         reference=lambda x, y: np.linalg.norm(x[:, :, None] - y[:, None], axis=-1)),
    call("cdist", lambda m: (m(3, 2) + np.asarray(500, m.dtype), m(4, 2) + np.asarray(500, m.dtype)),
         label="far", rtol=1e-4),
    call("view_as_complex", lambda m: (m(m.n, 3, 2),), dtypes=_FLOATS, gradient=(0,),
         reference=lambda x: x[..., 0] + 1j * x[..., 1],
         differs_in=(("float64", "float64 keeps its width"),)),
    call("view_as_real", lambda m: (m.complex(m.n, 3),), gradient=(0,),
         reference=lambda x: np.stack([x.real, x.imag], -1)),
    call("view_as_real", lambda m: (m(m.n, 3),), label="real"),
]  # fmt: skip

ROWS = [*SEGMENTS, *LEADING, *SPECTRA, *POINTS]
