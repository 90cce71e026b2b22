"""Rows of the elementwise families: arithmetic, guarded, clipping, rounding, complex, comparisons, bits."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import scipy.special

from thalweg._src.testing.rows import Row

_FLAT = "piecewise constant: its derivative is 0"
_LINEAR = "piecewise linear: its second derivative is 0"


def _truediv(x, y):
    return np.divide(x, y, dtype=np.float64 if x.dtype.itemsize > 2 else np.float32)


def _unless(zero, value):
    return np.where(zero, 0, value)


def _quiet(function):
    def run(*args, **kwargs):
        with np.errstate(all="ignore"):
            return function(*args, **kwargs)

    return run


def _clip_by_norm(t, clip_norm, axes=None):
    norm = np.sqrt(np.sum(t * t, axis=axes, keepdims=True))
    return t * clip_norm / np.maximum(norm, clip_norm)


def _clip_all(t_list, clip_norm, use_norm=None):
    norm = np.sqrt(sum(np.sum(np.square(t)) for t in t_list)) if use_norm is None else use_norm
    return [*(t * clip_norm / np.maximum(norm, clip_norm) for t in t_list), norm]


def _logical(name, function):
    return Row(name, lambda m: (m.bools(m.n, 4), m.bools(4)), reference=function)


def _integers(name, function, **kwargs):
    return Row(
        f"bitwise.{name}",
        lambda m: (m.ints(m.n, 4), m.ints(4, low=0)),
        reference=function,
        **kwargs,
    )


ARITHMETIC = [
    Row("add", lambda m: (m(m.n, 4), m(4)), reference=np.add, gradient=(0, 1)),
    Row("subtract", lambda m: (m(m.n, 4), m(m.n, 1)), reference=np.subtract, gradient=(0, 1)),
    Row("multiply", lambda m: (m(m.n, 4), m(m.n, 4)), reference=np.multiply, gradient=(0, 1)),
    Row(
        "multiply",
        lambda m: (m.complex(m.n), m.complex(1)),
        reference=np.multiply,
        gradient=(0, 1),
        second_order=False,
        note="the contract's second order is for real numbers",
        label="complex",
    ),
    Row("square", lambda m: (m(m.n, 4),), reference=np.square, gradient=(0,)),
    Row("divide", lambda m: (m(m.n, 3), m(3, low=1.0)), reference=np.divide, gradient=(0, 1)),
    Row(
        "math.truediv",
        lambda m: (m.ints(m.n), m.ints(1, low=1)),
        reference=_truediv,
        wide=True,
        label="int32",
    ),
    Row(
        "math.truediv",
        lambda m: (m.ints(m.n, dtype="int16"), m.ints(1, low=1, dtype="int16")),
        reference=_truediv,
        label="int16",
    ),
    Row("realdiv", lambda m: (m(m.n), m(1, low=1.0)), reference=np.divide, gradient=(0, 1)),
    Row("math.floordiv", lambda m: (m(m.n, 4), m(4, low=0.5)), reference=np.floor_divide),
    Row(
        "math.floordiv",
        lambda m: (m.ints(m.n, 4), np.int32([-3, -1, 2, 3])),
        reference=np.floor_divide,
        label="int32",
    ),
    Row(
        "math.floormod",
        lambda m: (m(m.n, 4), m(4, low=0.5)),
        reference=np.mod,
        gradient=(0, 1),
        second_order=False,
        note=_LINEAR,
    ),
    Row(
        "math.mod",
        lambda m: (m.ints(m.n, 4), np.int32([-3, -1, 2, 3])),
        reference=np.mod,
        label="int32",
    ),
    Row("truncatediv", lambda m: (m(m.n), m(1)), reference=lambda x, y: np.trunc(x / y)),
    Row(
        "truncatediv",
        lambda m: (m.ints(m.n, 3), np.int32([-3, -1, 2])),
        reference=lambda x, y: np.trunc(x / y).astype(np.int32),
        label="int32",
    ),
    Row(
        "truncatemod",
        lambda m: (m.distinct(m.n, 4), m(1, low=0.5)),
        reference=np.fmod,
        gradient=(0,),
        second_order=False,
        note=_LINEAR,
    ),
    Row("pow", lambda m: (m(m.n, 3, low=0.5), m(3)), reference=np.power, gradient=(0, 1)),
    Row("pow", lambda m: (m.ints(m.n), m.ints(1, low=0)), reference=np.power, label="int32"),
    Row(
        "pow",
        lambda m: (m.complex(m.n), m.complex(1)),
        reference=np.power,
        gradient=(0, 1),
        second_order=False,
        note="the contract's second order is for real numbers",
        label="complex",
    ),
    Row("pow", lambda m: (m(m.n), 3), reference=np.power, gradient=(0,), label="cube"),
    Row(
        "pow",
        lambda m: (m(m.n), 2),
        reference=np.power,
        gradient=(0,),
        label="square",
    ),
    Row("negative", lambda m: (m(m.n),), reference=np.negative, gradient=(0,)),
    Row(
        "abs",
        lambda m: (m.distinct(m.n, 4),),
        reference=np.abs,
        gradient=(0,),
        second_order=False,
        note=_LINEAR,
    ),
    Row(
        "abs",
        lambda m: (m.complex(m.n),),
        reference=np.abs,
        gradient=(0,),
        second_order=False,
        note="the contract's second order is for real numbers",
        label="complex",
    ),
    Row("sign", lambda m: (np.append(m(m.n), 0).astype(m.dtype),), reference=np.sign),
    Row("sign", lambda m: (m.complex(m.n),), reference=lambda x: x / np.abs(x), label="complex"),
    Row("math.reciprocal", lambda m: (m(m.n, low=0.5),), reference=lambda x: 1 / x, gradient=(0,)),
    Row(
        "math.squared_difference",
        lambda m: (m(m.n, 4), m(4)),
        reference=lambda x, y: (x - y) ** 2,
        gradient=(0, 1),
    ),
    Row("scalar_mul", lambda m: (2.5, m(m.n)), reference=np.multiply, gradient=(1,)),
    Row("add_n", lambda m: ([m(m.n), m(m.n), m(m.n)],), reference=sum),
    Row("math.accumulate_n", lambda m: ([m.ints(m.n), m.ints(m.n)],), reference=sum),
    Row(
        "math.polyval",
        lambda m: ([m(1), m(1), m(1)], m(m.n)),
        reference=np.polyval,
        gradient=(1,),
    ),
]
GUARDED = [
    Row(
        "math.divide_no_nan",
        lambda m: (m(m.n), np.append(m(m.n - 1, low=1.0), 0).astype(m.dtype)),
        reference=_quiet(lambda x, y: _unless(y == 0, x / np.where(y == 0, 1, y))),
        gradient=(0,),
    ),
    Row(
        "math.multiply_no_nan",
        lambda m: (
            np.append(m(m.n - 1), np.nan).astype(m.dtype),
            np.append(m(m.n - 1), 0).astype(m.dtype),
        ),
        reference=lambda x, y: _unless(y == 0, np.where(y == 0, 1, x) * y),
    ),
    Row("math.multiply_no_nan", lambda m: (m(m.n), m(1)), gradient=(0, 1), label="smooth"),
    Row(
        "math.reciprocal_no_nan",
        lambda m: (np.append(m(m.n, low=1.0), 0).astype(m.dtype),),
        reference=lambda x: _unless(x == 0, 1 / np.where(x == 0, 1, x)),
    ),
    Row("math.reciprocal_no_nan", lambda m: (m(m.n, low=1.0),), gradient=(0,), label="smooth"),
    Row(
        "math.xlogy",
        lambda m: (m(m.n, 4), m(4, low=0.5)),
        reference=scipy.special.xlogy,
        gradient=(0, 1),
    ),
    Row(
        "math.xlog1py",
        lambda m: (m(m.n, 4), m(4, low=-0.5)),
        reference=scipy.special.xlog1py,
        gradient=(0, 1),
    ),
    Row(
        "math.xdivy",
        lambda m: (m(m.n, 4), m(4, low=0.5)),
        reference=np.divide,
        gradient=(0, 1),
    ),
]
CLIPPING = [
    Row(
        "maximum",
        lambda m: (m.distinct(m.n, 4), np.zeros(4, m.dtype)),
        reference=np.maximum,
        gradient=(0, 1),
        second_order=False,
        note=_LINEAR,
    ),
    Row("maximum", lambda m: (m.ints(m.n), m.ints(1)), reference=np.maximum, label="int32"),
    Row(
        "minimum",
        lambda m: (m.distinct(m.n, 4), np.zeros(4, m.dtype)),
        reference=np.minimum,
        gradient=(0, 1),
        second_order=False,
        note=_LINEAR,
    ),
    Row(
        "clip_by_value",
        lambda m: (m.distinct(m.n, 4), -0.6, 0.7),
        reference=np.clip,
        gradient=(0,),
        second_order=False,
        note=_LINEAR,
    ),
    Row("clip_by_value", lambda m: (m.ints(m.n), -1, 3), reference=np.clip, label="int32"),
    Row("clip_by_norm", lambda m: (m(m.n, 4), 1.0), reference=_clip_by_norm, gradient=(0,)),
    Row(
        "clip_by_norm",
        lambda m: (m(m.n, 4), 1.0),
        {"axes": 1},
        reference=_clip_by_norm,
        gradient=(0,),
        label="axes",
    ),
    Row(
        "linalg.global_norm",
        lambda m: ([m(m.n), m(2, 2)],),
        reference=lambda t: np.sqrt(sum(np.sum(x * x) for x in t)),
    ),
    Row("clip_by_global_norm", lambda m: ([m(m.n), m(2, 2)], 0.5), reference=_clip_all),
    Row(
        "clip_by_global_norm",
        lambda m: ([m(m.n)], 0.5),
        {"use_norm": 2.0},
        reference=_clip_all,
        label="use_norm",
    ),
]
ROUNDING = [
    *(
        Row(
            name,
            lambda m: (np.append(m(m.n), [0.5, 1.5, -2.5]).astype(m.dtype),),
            reference=twin,
            note=_FLAT,
        )
        for name, twin in [
            ("math.ceil", np.ceil),
            ("floor", np.floor),
            ("round", np.rint),
            ("math.rint", np.rint),
        ]
    ),
    Row("round", lambda m: (m.ints(m.n),), reference=lambda x: x, label="int32"),
    Row(
        "math.nextafter",
        lambda m: (m(m.n), m(m.n)),
        reference=np.nextafter,
        gradient=(0,),
        second_order=False,
        note=_LINEAR,
    ),
    *(
        Row(
            f"math.{twin.__name__.replace('is', 'is_', 1)}",
            lambda m: (np.append(m(m.n), [np.nan, np.inf, -np.inf]).astype(m.dtype),),
            reference=twin,
        )
        for twin in (np.isnan, np.isinf, np.isfinite)
    ),
]
COMPLEX = [
    Row(
        "complex",
        lambda m: (m(m.n, 2), m(2)),
        reference=lambda x, y: x + 1j * y,
        gradient=(0, 1),
        second_order=False,
        note=_LINEAR,
    ),
    *(
        Row(
            f"math.{name}",
            lambda m: (m.complex(m.n, 2),),
            reference=twin,
            gradient=(0,),
            second_order=False,
            note="the contract's second order is for real numbers",
        )
        for name, twin in [
            ("real", np.real),
            ("imag", np.imag),
            ("conj", np.conj),
            ("angle", np.angle),
        ]
    ),
    *(
        Row(f"math.{name}", lambda m: (m(m.n),), reference=twin, label="real")
        for name, twin in [
            ("real", np.real),
            ("imag", np.imag),
            ("conj", np.conj),
            ("angle", np.angle),
        ]
    ),
]
COMPARISONS = [
    *(
        Row(
            name,
            lambda m: (m.ints(m.n, 4, low=0, high=3), m.ints(4, low=0, high=3)),
            reference=twin,
        )
        for name, twin in [
            ("less", np.less),
            ("less_equal", np.less_equal),
            ("greater", np.greater),
            ("greater_equal", np.greater_equal),
            ("equal", np.equal),
            ("not_equal", np.not_equal),
        ]
    ),
    Row("less", lambda m: (m(m.n), 0.5), reference=np.less, label="scalar"),
    Row("equal", lambda m: (m.complex(m.n), m.complex(m.n)), reference=np.equal, label="complex"),
    _logical("logical_and", np.logical_and),
    _logical("logical_or", np.logical_or),
    _logical("math.logical_xor", np.logical_xor),
    Row("logical_not", lambda m: (m.bools(m.n),), reference=np.logical_not),
]
BITS = [
    _logical("Tensor.__and__", np.logical_and),
    _logical("Tensor.__or__", np.logical_or),
    _logical("Tensor.__xor__", np.logical_xor),
    Row("Tensor.__invert__", lambda m: (m.bools(m.n),), reference=np.logical_not),
    Row("Tensor.__invert__", lambda m: (m.ints(m.n),), reference=np.invert, label="int32"),
    _integers("bitwise_and", np.bitwise_and),
    _integers("bitwise_or", np.bitwise_or),
    _integers("bitwise_xor", np.bitwise_xor),
    _integers("left_shift", np.left_shift),
    _integers("right_shift", np.right_shift),
    Row("bitwise.invert", lambda m: (m.ints(m.n, dtype="int8"),), reference=np.invert),
]
CASTS = [
    Row(
        "cast",
        lambda m: (m(m.n, 2), "int32"),
        reference=lambda x, dtype: np.trunc(x).astype(dtype),
    ),
    Row(
        "cast",
        lambda m: (m.complex(m.n), "float32"),
        reference=lambda x, dtype: x.real.astype(dtype),
        label="real",
    ),
    Row(
        "cast",
        lambda m: (m(m.n), "bfloat16"),
        reference=lambda x, dtype: x.astype(ml_dtypes.bfloat16),
        label="bfloat16",
    ),
    Row("cast", lambda m: (m.ints(m.n), "bool"), reference=lambda x, dtype: x != 0, label="bool"),
    Row(
        "saturate_cast",
        lambda m: (m(m.n, 4, low=-300.0, high=600.0), "uint8"),
        reference=lambda x, dtype: np.clip(x, 0, 255).astype(dtype),
    ),
    Row(
        "saturate_cast",
        lambda m: (m.ints(m.n, 4, low=-300, high=300), "int8"),
        reference=lambda x, dtype: np.clip(x, -128, 127).astype(dtype),
        label="int8",
    ),
    Row("bitcast", lambda m: (m.ints(m.n), "float32"), reference=lambda x, dtype: x.view(dtype)),
    Row(
        "bitcast",
        lambda m: (m.ints(m.n), "uint8"),
        reference=lambda x, dtype: x[:, None].view(dtype),
        label="narrower",
    ),
    Row(
        "bitcast",
        lambda m: (m.ints(m.n, 2, dtype="int16"), "int32"),
        reference=lambda x, dtype: x.view(dtype)[:, 0],
        label="wider",
    ),
]
ROWS = ARITHMETIC + GUARDED + CLIPPING + ROUNDING + COMPLEX + COMPARISONS + BITS + CASTS
