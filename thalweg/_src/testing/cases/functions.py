"""Rows of functions of one number: exponential, trigonometric and special families."""

from __future__ import annotations

import numpy as np
import scipy.special as special

from thalweg._src.testing.rows import Row


def _unary(name, twin, low, high, **kwargs):
    kwargs.setdefault("gradient", (0,))
    return Row(name, lambda m: (m(m.n, 4, low=low, high=high),), reference=twin, **kwargs)


_ANY = (-2.0, 2.0)
_POSITIVE = (0.5, 3.0)
EXPONENTIAL = [
    _unary("exp", np.exp, *_ANY),
    Row("exp", lambda m: (m.complex(m.n),), reference=np.exp, label="complex"),
    _unary("math.expm1", np.expm1, *_ANY),
    _unary("math.log", np.log, *_POSITIVE),
    _unary("math.log1p", np.log1p, -0.5, 2.0),
    _unary("sqrt", np.sqrt, *_POSITIVE),
    _unary("math.rsqrt", lambda x: 1 / np.sqrt(x), *_POSITIVE),
    _unary("sigmoid", special.expit, *_ANY),
    _unary("math.softplus", lambda x: np.log1p(np.exp(x)), *_ANY),
    _unary("math.log_sigmoid", special.log_expit, *_ANY),
    _unary("math.softsign", lambda x: x / (1 + np.abs(x)), *_ANY),
]
TRIGONOMETRIC = [
    _unary("sin", np.sin, *_ANY),
    _unary("cos", np.cos, *_ANY),
    _unary("tan", np.tan, -1.0, 1.0),
    _unary("asin", np.arcsin, -0.9, 0.9),
    _unary("acos", np.arccos, -0.9, 0.9),
    _unary("atan", np.arctan, *_ANY),
    _unary("sinh", np.sinh, *_ANY),
    _unary("cosh", np.cosh, *_ANY),
    _unary("tanh", np.tanh, *_ANY),
    _unary("asinh", np.arcsinh, *_ANY),
    _unary("acosh", np.arccosh, 1.2, 4.0),
    _unary("atanh", np.arctanh, -0.9, 0.9),
    Row("sin", lambda m: (m.complex(m.n),), reference=np.sin, label="complex"),
    Row("atan2", lambda m: (m(m.n, 4), m(4, low=0.5)), reference=np.arctan2, gradient=(0, 1)),
]
GAMMA = [
    _unary("math.lgamma", special.gammaln, 0.5, 4.0),
    _unary("math.digamma", special.digamma, 0.5, 4.0),
    Row(
        "math.polygamma",
        lambda m: (np.array([1, 2, 3], m.dtype), m(m.n, 3, low=1.0)),
        reference=special.polygamma,
        gradient=(1,),
    ),
    Row(
        "math.zeta",
        lambda m: (m(m.n, low=1.5, high=4.0), m(m.n, low=0.5)),
        reference=special.zeta,
        gradient=(1,),
    ),
    Row(
        "math.lbeta",
        lambda m: (m(m.n, 3, low=0.5),),
        reference=lambda x: special.gammaln(x).sum(-1) - special.gammaln(x.sum(-1)),
        gradient=(0,),
    ),
    Row(
        "math.igamma",
        lambda m: (m(m.n, low=0.5, high=3.0), m(m.n, low=0.5)),
        reference=special.gammainc,
        gradient=(1,),
    ),
    Row(
        "math.igamma",
        lambda m: (m(m.n, low=0.5, high=3.0), m(m.n, low=0.5)),
        gradient=(0,),
        second_order=False,
        label="a",
        note="JAX has no second derivative for a",
    ),
    Row(
        "math.igammac",
        lambda m: (m(m.n, low=0.5, high=3.0), m(m.n, low=0.5)),
        reference=special.gammaincc,
        gradient=(1,),
    ),
    Row(
        "math.betainc",
        lambda m: (m(m.n, low=0.5), m(m.n, low=0.5), m(m.n, low=0.1, high=0.9)),
        reference=special.betainc,
        gradient=(2,),
    ),
]
ERROR = [
    _unary("math.erf", special.erf, *_ANY),
    _unary("math.erfc", special.erfc, *_ANY),
    _unary("math.erfinv", special.erfinv, -0.9, 0.9),
    _unary("math.erfcinv", special.erfcinv, 0.1, 1.9),
    _unary("math.ndtri", special.ndtri, 0.05, 0.95),
]
INTEGRALS = [
    _unary("math.special.dawsn", special.dawsn, *_ANY),
    _unary("math.special.expint", special.expi, 0.5, 3.0),
    _unary("math.special.fresnel_cos", lambda x: special.fresnel(x)[1], *_ANY),
    _unary("math.special.fresnel_sin", lambda x: special.fresnel(x)[0], *_ANY),
    _unary("math.special.spence", special.spence, 0.2, 3.0),
]
BESSEL = [
    *(
        _unary(f"math.special.bessel_{name}", getattr(special, name), 0.5, 4.0)
        for name in ("i0", "i0e", "i1", "i1e", "k0", "k0e", "k1", "k1e")
    ),
    *(
        # From one side of 8 to the other, where the two forms meet.
        _unary(f"math.special.bessel_{name}", getattr(special, name), 6.5, 9.5, rtol=5e-5)
        for name in ("j0", "j1", "y0", "y1")
    ),
]
ROWS = EXPONENTIAL + TRIGONOMETRIC + GAMMA + ERROR + INTEGRALS + BESSEL
