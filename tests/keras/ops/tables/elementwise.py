"""Functions that give one value for each value, with broadcasting."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tests.keras.ops.rows import EACH, EACH_AND_COMPLEX, PAIRS, PAIRS_AND_NUMBERS, Call, call

_erf, _erfc = np.vectorize(math.erf), np.vectorize(math.erfc)


def one(name: str, low: float = -2.0, high: float = 2.0, **options: Any) -> Call:
    """Row of a function of one tensor."""
    options.setdefault("dtypes", EACH)
    return call(name, lambda m: (m.distinct(m.n, 4, low=low, high=high),), **options)


def two(name: str, low: float = -2.0, high: float = 2.0, **options: Any) -> Call:
    """Row of a function of two tensors that broadcast."""
    options.setdefault("dtypes", PAIRS_AND_NUMBERS)

    def args(m: Any) -> tuple[Any, ...]:
        return m.distinct(m.n, 4, low=low, high=high), m.distinct(4, low=low + 0.03, high=high)

    return call(name, args, **options)


def whole(name: str, low: int = -5, high: int = 6, least: int = 1, **options: Any) -> Call:
    """Row of a function of two integer tensors that broadcast; the second is `least` or more."""
    options.setdefault("dtypes", PAIRS_AND_NUMBERS)
    options.setdefault("symbolic", True)
    return call(
        name, lambda m: (m.ints(m.n, 4, low=low, high=high), m.ints(4, low=least, high=6)), **options
    )


def bits(name: str, **options: Any) -> Call:
    """Row of a bitwise function."""
    return whole(name, low=0, high=100, least=0, **options)


def special(*values: float) -> Any:
    """Arguments: values such as NaN, repeated over the batch."""
    return lambda m: (np.tile(np.array(values, m.dtype), (m.n, 1)),)


def _smooth(name: str, **options: Any) -> Call:
    return one(name, reference=getattr(np, name), gradient=(0,), **options)


def weak(*combinations: str) -> tuple[tuple[str, str], ...]:
    """For `differs_in`: a Python number that weighs as much as an array in Keras on TensorFlow."""
    return tuple((c, "numbers take the array's dtype, as in other functions") for c in combinations)


_WEAK = weak("uint8 int", "float16 float")
_INF, _NAN = float("inf"), float("nan")

ARITHMETIC = [
    two("add", reference=np.add, gradient=(0, 1)),
    whole("add", label="int"),
    call("add", lambda m: (m(m.n, 4), 2), label="number", reference=np.add),
    call("add", lambda m: ([[1.0, 2.0]], m(m.n, 2)), label="list", reference=np.add),
    two("subtract", reference=np.subtract, gradient=(0, 1)),
    two("multiply", reference=np.multiply, gradient=(0, 1)),
    two("divide", low=0.5, reference=np.divide, gradient=(0, 1)),
    whole("divide", label="int"),
    two("true_divide", low=0.5, reference=np.true_divide),
    call("divide_no_nan", lambda m: (m(m.n, 4), np.array([0.0, 1.0, 2.0, 0.0], m.dtype)),
         dtypes=PAIRS_AND_NUMBERS, gradient=(0,)),
    two("floor_divide", low=0.5, reference=np.floor_divide),
    whole("floor_divide", label="int", reference=np.floor_divide),
    two("mod", low=0.5, differs_in=_WEAK, reference=np.mod, gradient=(0,)),
    whole("mod", label="int", low=-20, high=20, differs_in=_WEAK, reference=np.mod),
    two("fmod", low=-3.0, differs_in=_WEAK, reference=np.fmod, gradient=(0,)),
    whole("fmod", label="int", low=-20, high=20, differs_in=_WEAK, reference=np.fmod),
    two("power", low=0.5, reference=np.power, gradient=(0, 1)),
    call("power", lambda m: (m(m.n, 4), 2), label="number"),
    whole("power", label="int", reference=np.power),
    one("negative", reference=np.negative, gradient=(0,)),
    one("square", reference=np.square, gradient=(0,)),
    one("sqrt", low=0.1, reference=np.sqrt, gradient=(0,)),
    one("cbrt", low=0.1, reference=np.cbrt, gradient=(0,)),
    call("cbrt", special(-8.0, 0.0, 27.0), label="signs", reference=np.cbrt),
    one("rsqrt", low=0.1, reference=lambda x: 1 / np.sqrt(x), gradient=(0,)),
    one("reciprocal", low=0.5, reference=np.reciprocal, gradient=(0,)),
    one("absolute", dtypes=EACH_AND_COMPLEX, reference=np.absolute, gradient=(0,)),
    call("absolute", lambda m: (m.complex(m.n, 4),), label="complex", reference=np.abs),
    one("abs", reference=np.absolute),
    one("fabs", reference=np.fabs),
    one("sign", reference=np.sign),
    call("sign", special(-2.0, 0.0, 3.0), label="zero", reference=np.sign),
    one("copy", dtypes=EACH_AND_COMPLEX, reference=np.copy, gradient=(0,)),
    whole("gcd", differs_in=weak("uint8 int"), low=-12, high=12, least=0, reference=np.gcd),
    whole("lcm", differs_in=weak("uint8 int"), low=-12, high=12, least=0, reference=np.lcm),
    two("hypot", differs_in=weak("float16 float"), reference=np.hypot, gradient=(0, 1)),
    call("hypot", lambda m: (np.tile(np.array([3e30, 0.0, _INF], m.dtype), (m.n, 1)),
                             np.array([4e30, 0.0, _NAN], m.dtype)), label="large",
         reference=np.hypot, differs="Keras on TensorFlow gives NaN for (inf, NaN), NumPy and C give inf"),
    two("heaviside", differs_in=weak("float16 float"), reference=np.heaviside),
    call("heaviside", lambda m: (np.tile(np.array([-1.0, 0.0, 2.0], m.dtype), (m.n, 1)), 0.5),
         label="zero", reference=np.heaviside),
    call("ldexp", lambda m: (m(m.n, 4), m.ints(4)), reference=np.ldexp, gradient=(0,),
         dtypes=(("float32", "int32"), ("float16", "int32"), ("float32", "uint8"), ("bfloat16", "int32"),
                 ("int32", "int32"), ("bool", "int32"), ("float32", "int64"), ("float32", "float32"))),
    two("nextafter", differs_in=weak("float16 float"), reference=np.nextafter),
]  # fmt: skip

EXPONENTIAL = [
    *(_smooth(name) for name in ("exp", "exp2", "expm1")),
    *(_smooth(name, low=0.1) for name in ("log", "log2", "log10")),
    _smooth("log1p", low=-0.9),
    call("log", special(0.0, -1.0, _INF), label="edges"),
    two("logaddexp", differs_in=weak("float16 float"), reference=np.logaddexp, gradient=(0, 1)),
    two("logaddexp2", differs_in=weak("float16 float"), reference=np.logaddexp2, gradient=(0, 1)),
    call("logaddexp", lambda m: (np.tile(np.array([-_INF, 1000.0, _INF], m.dtype), (m.n, 1)),
                                 np.array([-_INF, 999.0, _INF], m.dtype)), label="large"),
    call("logaddexp2", lambda m: (np.tile(np.array([-_INF, 1000.0, _INF], m.dtype), (m.n, 1)),
                                  np.array([-_INF, 999.0, _INF], m.dtype)), label="large"),
]  # fmt: skip

TRIGONOMETRIC = [
    *(_smooth(name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan", "arcsinh")),
    *(_smooth(name, low=-0.9, high=0.9) for name in ("arcsin", "arccos", "arctanh")),
    _smooth("arccosh", low=1.1),
    two("arctan2", differs_in=weak("float16 float"), reference=np.arctan2, gradient=(0, 1)),
    _smooth("deg2rad", low=-180.0, high=180.0),
    _smooth("rad2deg"),
    _smooth("sinc"),
    call("sinc", special(0.0, 1.0, 0.5), label="zero", reference=np.sinc, gradient=(0,)),
]

COMPARISON = [
    *(two(name, reference=getattr(np, name)) for name in (
        "equal", "not_equal", "less", "less_equal", "greater", "greater_equal")),
    *(whole(name, label="int", reference=getattr(np, name)) for name in ("equal", "less")),
    *(two(name, reference=getattr(np, name), gradient=(0, 1)) for name in (
        "maximum", "minimum", "fmax", "fmin")),
    call("fmax", lambda m: (np.tile(np.array([_NAN, 1.0, _NAN], m.dtype), (m.n, 1)),
                            np.array([2.0, _NAN, _NAN], m.dtype)), label="nan", reference=np.fmax),
    call("fmin", lambda m: (np.tile(np.array([_NAN, 1.0, _NAN], m.dtype), (m.n, 1)),
                            np.array([2.0, _NAN, _NAN], m.dtype)), label="nan", reference=np.fmin),
    two("isclose", reference=np.isclose),
    call("isclose", lambda m: (np.tile(np.array([1.0, _NAN, _INF, 1.0], m.dtype), (m.n, 1)),
                               np.array([1.0000001, _NAN, _INF, 1.1], m.dtype)),
         kwargs={"rtol": 1e-3, "atol": 0.2, "equal_nan": True}, label="nan", reference=np.isclose,
         differs="in Keras on TensorFlow infinities are close to nothing"),
    call("clip", lambda m: (m.distinct(m.n, 4), -0.6, 0.7), label="numbers", dtypes=EACH,
         reference=np.clip, gradient=(0,)),
    call("clip", lambda m: (m.ints(m.n, 4), -1, 2), label="int", reference=np.clip),
    call("clip", lambda m: (m(m.n, 4), m(4, low=-1.0, high=0.0), 1.0), label="tensor", reference=np.clip),
]  # fmt: skip

LOGIC = [
    *(call(name, lambda m: (m.bools(m.n, 4), m.bools(4)), dtypes=PAIRS_AND_NUMBERS,
           reference=getattr(np, name)) for name in ("logical_and", "logical_or", "logical_xor")),
    call("logical_not", lambda m: (m.bools(m.n, 4),), dtypes=EACH, reference=np.logical_not),
    call("logical_and", lambda m: (m.ints(m.n, 4, low=0, high=2), m(4)), label="numbers"),
    *(call(name, special(1.0, _NAN, _INF, -_INF), dtypes=EACH, reference=getattr(np, name)) for name in (
        "isfinite", "isinf", "isnan", "isneginf", "isposinf")),
    one("isreal", dtypes=EACH_AND_COMPLEX, reference=np.isreal),
    call("isreal", lambda m: (np.tile(np.array([1, 1j, 2 + 1j, 0], "complex64"), (m.n, 1)),),
         label="complex", reference=np.isreal),
    call("signbit", special(-1.0, -0.0, 0.0, 2.0), dtypes=EACH, reference=np.signbit),
    call("signbit", lambda m: (m.ints(m.n, 4),), label="int", reference=np.signbit),
    call("where", lambda m: (m.bools(m.n, 4), m(m.n, 4), m(4)), reference=np.where, gradient=(1, 2),
         dtypes=tuple(("bool", *(pair)) for pair in PAIRS_AND_NUMBERS)),
    call("where", lambda m: (m.ints(m.n, 4, low=0, high=2), m(4), 1.5), label="int"),
    call("where", lambda m: (m.bools(m.n, 4),), label="places", symbolic=False, traced=False),
    call("select", lambda m: ([m.bools(m.n, 4), m.bools(m.n, 4)], [m(m.n, 4), m(m.n, 4)]),
         reference=np.select,
         dtypes=tuple(("bool", "bool", *pair) for pair in PAIRS),
         differs_in=tuple((f"bool bool {pair}", "NumPy's promotion there, Keras' own here") for pair in (
             "bool bool", "int32 float16", "int32 float32", "int64 float16", "int64 float32"))),
    call("select", lambda m: ([m.bools(m.n, 4), m.bools(m.n, 4)], [m(m.n, 4), 3.0], -1.0),
         label="default", reference=np.select),
]  # fmt: skip

BITWISE = [
    *(bits(name, reference=getattr(np, name), differs_in=weak("uint8 int")) for name in (
        "bitwise_and", "bitwise_or", "bitwise_xor")),
    *(bits(name, reference=getattr(np, name)) for name in (
        "left_shift", "right_shift", "bitwise_left_shift", "bitwise_right_shift")),
    *(call(name, lambda m: (m.ints(m.n, 4),), dtypes=EACH, reference=np.invert) for name in (
        "bitwise_invert", "bitwise_not")),
]  # fmt: skip

ROUNDING = [
    *(one(name, reference=getattr(np, name)) for name in ("ceil", "floor", "round", "trunc")),
    call("round", special(0.5, 1.5, -2.5), label="halves", reference=np.round),
    call("round", lambda m: (m(m.n, 4),), kwargs={"decimals": 2}, label="decimals", dtypes=EACH,
         reference=np.round),
    call("round", lambda m: (m.ints(m.n, 4, low=-100, high=100),), kwargs={"decimals": -1}, label="tens",
         reference=np.round),
    call("nan_to_num", special(1.0, _NAN, _INF, -_INF), dtypes=EACH_AND_COMPLEX, reference=np.nan_to_num),
    call("nan_to_num", special(1.0, _NAN, _INF, -_INF), kwargs={"nan": 5.0, "posinf": 6.0, "neginf": -7.0},
         label="numbers", reference=np.nan_to_num, gradient=()),
]  # fmt: skip

COMPLEX = [
    *(call(name, lambda m: (m.complex(m.n, 4),), dtypes=EACH_AND_COMPLEX, reference=getattr(np, name),
           gradient=(0,) if name in ("real", "imag") else ())
      for name in ("real", "imag", "conj", "conjugate", "angle")),
    *(one(name, dtypes=(), label="float", reference=getattr(np, name))
      for name in ("real", "imag", "conj", "angle")),
]  # fmt: skip

SPECIAL = [
    one("erf", reference=_erf, gradient=(0,)),
    one("erfc", reference=_erfc, gradient=(0,)),
    one("erfinv", low=-0.9, high=0.9, gradient=(0,)),
    one("i0", reference=np.i0, gradient=(0,)),
]

ROWS = [
    *ARITHMETIC,
    *EXPONENTIAL,
    *TRIGONOMETRIC,
    *COMPARISON,
    *LOGIC,
    *BITWISE,
    *ROUNDING,
    *COMPLEX,
    *SPECIAL,
]
