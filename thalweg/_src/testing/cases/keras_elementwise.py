"""Rows of the ops that only the elementwise functions of `keras.ops` have."""

from __future__ import annotations

import numpy as np

from thalweg._src.testing.rows import Row

_LINEAR = "piecewise linear: its second derivative is 0"


def _one(name, low=-2.0, high=2.0, **options):
    return Row(
        f"keras.ops.{name}",
        lambda m: (m.distinct(m.n, 4, low=low, high=high),),
        reference=getattr(np, name),
        **options,
    )


def _two(name, **options):
    return Row(
        f"keras.ops.{name}",
        lambda m: (m.distinct(m.n, 4), m.distinct(4, low=-1.97)),
        reference=getattr(np, name),
        **options,
    )


ROWS = [
    _one("cbrt", low=0.1, gradient=(0,)),
    _one("exp2", gradient=(0,)),
    _one("log2", low=0.1, gradient=(0,)),
    _one("log10", low=0.1, gradient=(0,)),
    _one("sinc", gradient=(0,)),
    _one("trunc"),
    _one("signbit"),
    _one("nan_to_num", gradient=(0,), second_order=False, note=_LINEAR),
    Row("keras.ops.round", lambda m: (m(m.n, 4), 1), reference=np.round),
    _two("hypot", gradient=(0, 1)),
    _two("heaviside"),
    _two("logaddexp", gradient=(0, 1)),
    _two("logaddexp2", gradient=(0, 1)),
    _two("fmax", gradient=(0, 1), second_order=False, note=_LINEAR),
    _two("fmin", gradient=(0, 1), second_order=False, note=_LINEAR),
    _two("isclose"),
    Row("keras.ops.gcd", lambda m: (m.ints(m.n, 4), m.ints(4)), reference=np.gcd),
    Row("keras.ops.lcm", lambda m: (m.ints(m.n, 4), m.ints(4)), reference=np.lcm),
    Row(
        "keras.ops.ldexp",
        lambda m: (m(m.n, 4), m.ints(4)),
        reference=np.ldexp,
        gradient=(0,),
        second_order=False,
        note=_LINEAR,
    ),
]
